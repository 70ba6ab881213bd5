//! Sealed: an index as one file, with its parts, its key and its checksum.
//!
//! Whatever a damaged file says, opening it gives an error. What lies in the parts is `index.rs`.

use crate::bytes::Reader;
use crate::index::ScreenIndex;
use crate::tables::Names;
use std::sync::Arc;

/// How a file begins. The figure is raised whenever the layout changes, or how names are read.
pub(crate) const MAGIC: &[u8; 8] = b"CATCHSC7";

pub(crate) const SECTIONS: usize = 15;

/// Where the checksum ends and what it covers begins.
pub(crate) const CHECKED: usize = 16;

/// Where the key ends and the lengths of the parts begin.
pub(crate) const LENGTHS: usize = CHECKED + 32;

/// Where the parts begin.
pub(crate) const HEADER: usize = LENGTHS + SECTIONS * 4;

/// Why a file is no index.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum IndexError {
    /// Another kind of file, or of another version.
    #[error(
        "not an index of lists of this version: it begins with `{found}`, not with `CATCHSC7`; build it again"
    )]
    Foreign {
        /// What it begins with.
        found: String,
    },
    /// A part lies outside the file.
    #[error(
        "the index is cut off: part {part} ends at byte {end}, and the file has {length}; build it again"
    )]
    CutOff {
        /// Which part.
        part: usize,
        /// Where it should end.
        end: u64,
        /// How long the file is.
        length: usize,
    },
    /// Bytes are not what was written.
    #[error("the index is damaged: its checksum does not hold; build it again")]
    Damaged,
}

/// The bytes of a sealed index that were found whole, before tables of names are at hand.
#[derive(Clone, Debug, Default)]
pub struct IndexFile {
    pub(crate) bytes: Arc<Vec<u8>>,
    pub(crate) parts: [(usize, usize); SECTIONS],
}

impl IndexFile {
    /// Looks whether the bytes are a sealed index.
    ///
    /// # Errors
    /// [`IndexError`] when the bytes are no index of this version, are cut off, or are not as they were written.
    pub fn open(bytes: Vec<u8>) -> Result<IndexFile, IndexError> {
        if bytes.get(..8) != Some(MAGIC.as_slice()) {
            let found = String::from_utf8_lossy(bytes.get(..8.min(bytes.len())).unwrap_or(&[]))
                .into_owned();
            return Err(IndexError::Foreign { found });
        }
        let parts = parts(&bytes)?;
        let sum = checksum(bytes.get(CHECKED..).unwrap_or(&[]));
        if bytes.get(8..CHECKED) != Some(sum.to_le_bytes().as_slice()) {
            return Err(IndexError::Damaged);
        }
        let bytes = Arc::new(bytes);
        Ok(IndexFile { bytes, parts })
    }

    /// Of what it is the index.
    pub fn key(&self) -> &[u8] {
        self.bytes.get(CHECKED..LENGTHS).unwrap_or(&[])
    }

    /// Ready to be asked, with the tables of names that it was built with.
    pub fn with(self, names: Arc<Names>) -> ScreenIndex {
        ScreenIndex {
            bytes: self.bytes,
            parts: self.parts,
            names,
        }
    }
}

impl From<ScreenIndex> for IndexFile {
    fn from(index: ScreenIndex) -> IndexFile {
        IndexFile {
            bytes: index.bytes,
            parts: index.parts,
        }
    }
}

/// Where each part lies.
pub(crate) fn parts(bytes: &[u8]) -> Result<[(usize, usize); SECTIONS], IndexError> {
    let mut parts = [(0, 0); SECTIONS];
    let mut reader = Reader { bytes, at: LENGTHS };
    let mut at = HEADER;
    for (part, slot) in parts.iter_mut().enumerate() {
        let length = reader.u32().unwrap_or(u32::MAX) as usize;
        let end = at as u64 + length as u64;
        if end > bytes.len() as u64 {
            return Err(IndexError::CutOff {
                part,
                end,
                length: bytes.len(),
            });
        }
        *slot = (at, at + length);
        at += length;
    }
    Ok(parts)
}

/// A checksum against faults of disks and hands, at the speed of memory; nobody hostile is kept out by it.
pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    let word = |eight: &[u8]| {
        let mut own = [0u8; 8];
        own[..eight.len()].copy_from_slice(eight);
        u64::from_le_bytes(own)
    };
    let mut lanes = [1u64, 2, 3, 4];
    let mut blocks = bytes.chunks_exact(32);
    for block in &mut blocks {
        for (lane, eight) in lanes.iter_mut().zip(block.chunks_exact(8)) {
            *lane = (*lane ^ word(eight)).wrapping_mul(STEP).rotate_left(29);
        }
    }
    let rest = blocks.remainder().chunks(8).map(word);
    lanes
        .into_iter()
        .chain(rest)
        .fold(bytes.len() as u64, |sum, own| {
            (sum ^ own).wrapping_mul(STEP).rotate_left(29)
        })
}
