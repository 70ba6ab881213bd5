//! An entry as it is kept: exact bytes, and the hash over them.
//!
//! The encoding is fixed for ever and documented in `docs/ledger.md`; `tests/golden/` holds it. A later need gets a second version with
//! another first line, never a change of this one. What a reader is shown is in `entry.rs`.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest, Sha256};

use crate::{Actor, LedgerError, Receipt, Timestamp};

/// The first bytes of every encoding: what it is, and which version.
const MARK: &[u8] = b"catchall.entry/1";

/// A SHA-256 hash; written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// What stands before the first entry.
    pub const ZERO: Hash = Hash([0; 32]);

    /// From its bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> Hash {
        Hash(bytes)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The hash of these bytes.
    pub fn of(bytes: &[u8]) -> Hash {
        Hash(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Hash {
    type Err = LedgerError;

    fn from_str(text: &str) -> Result<Hash, LedgerError> {
        from_hex(text).map(Hash).ok_or_else(|| LedgerError::Hash {
            found: text.chars().take(80).collect(),
        })
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Lower-case hexadecimal digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

/// The bytes of lower-case hexadecimal digits, when there are exactly enough. Capitals are refused: one value has one spelling.
pub(crate) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let digit = |digit: u8| match digit {
            b'0'..=b'9' => Some(digit - b'0'),
            b'a'..=b'f' => Some(digit - b'a' + 10),
            _ => None,
        };
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

/// The name of a subject's key: 16 random bytes, so that the chain says nothing of whose it was once the key is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct KeyId(pub(crate) [u8; 16]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

/// What an entry says, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// JSON text, exactly as it was first written.
    Open(String),
    /// Nonce, ciphertext and tag, under the key of this name.
    Sealed { key: KeyId, bytes: Vec<u8> },
}

/// An entry as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub number: u64,
    pub stream: String,
    pub kind: String,
    pub actor: Actor,
    pub at: Timestamp,
    pub key: Option<String>,
    pub content: Content,
    pub previous: Hash,
    pub hash: Hash,
}

impl Record {
    /// The hash that these fields should have.
    pub fn digest(&self) -> Hash {
        let mut into = Digester(Sha256::new());
        into.raw(MARK);
        into.raw(&self.number.to_be_bytes());
        into.raw(&self.at.as_millisecond().to_be_bytes());
        into.raw(self.previous.as_bytes());
        into.text(&self.stream);
        into.text(&self.kind);
        into.text(&self.actor.name);
        into.option(self.actor.team.as_deref());
        into.length(self.actor.roles.len());
        for role in &self.actor.roles {
            into.text(role);
        }
        into.option(self.key.as_deref());
        match &self.content {
            Content::Open(text) => {
                into.raw(&[0]);
                into.text(text);
            }
            Content::Sealed { key, bytes } => {
                into.raw(&[1]);
                into.raw(&key.0);
                into.length(bytes.len());
                into.raw(bytes);
            }
        }
        Hash(into.0.finalize().into())
    }

    /// That it is kept, and where.
    pub fn receipt(&self) -> Receipt {
        Receipt {
            number: self.number,
            hash: self.hash,
        }
    }
}

/// Fields into a hash, each with its length before it, so that no two entries have the same bytes.
struct Digester(Sha256);

impl Digester {
    fn raw(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn length(&mut self, length: usize) {
        self.raw(&(length as u64).to_be_bytes());
    }

    fn text(&mut self, text: &str) {
        self.length(text.len());
        self.raw(text.as_bytes());
    }

    fn option(&mut self, text: Option<&str>) {
        match text {
            None => self.raw(&[0]),
            Some(text) => {
                self.raw(&[1]);
                self.text(text);
            }
        }
    }
}
