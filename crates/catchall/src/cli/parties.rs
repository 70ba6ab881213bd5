//! Parties from files: tables (CSV, Excel) and JSON, of the contract or of FollowTheMoney, for the verbs that screen.
//!
//! A record that cannot be read is a reject with its place, and the others go on. Nothing is screened here.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use catchall_model::{Places, Reject};

use crate::batch::{self, AskedParty, Decoder, Limits, Reader, TableOf};

/// The parties of one file, one after another.
pub(super) struct PartyFile {
    reader: Reader,
    decoder: Decoder,
}

impl PartyFile {
    /// Opens a file, or standard input for `-`; CSV, Excel, JSON and JSON Lines are told by name and content.
    pub(super) fn open(path: &Path, places: &Arc<Places>) -> Result<PartyFile> {
        let limits = Limits {
            table: TableOf::Parties,
            ..Limits::default()
        };
        let (reader, decoder) = batch::open(path, None, limits, places.clone())?;
        Ok(PartyFile { reader, decoder })
    }

    /// What a person should know of the file as a whole.
    pub(super) fn notes(&self) -> &[String] {
        self.reader.notes()
    }
}

impl Iterator for PartyFile {
    type Item = Result<AskedParty, Vec<Reject>>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(match self.reader.next_raw()? {
            Ok(raw) => self.decoder.party(&raw),
            Err(reject) => Err(vec![reject]),
        })
    }
}
