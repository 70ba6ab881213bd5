//! The whole ledger as text: a signed header, then every entry in order, each checkpoint behind the entry that it reaches to.

use crate::checkpoint::Frontier;
use crate::entry::Ask;
use crate::ledger::frontier;
use crate::line::{Header, Line};
use crate::{Hash, Ledger, LedgerError, Timestamp};

/// Entries that are read at a time.
const PAGE: usize = 500;

impl Ledger {
    /// Writes the export, line by line, each with its end; gives the number of entries.
    ///
    /// Whoever has the file and the public key can verify it without the store: [`crate::verify`]. Sealed bodies stay sealed. Entries that are
    /// appended meanwhile are left out.
    ///
    /// # Errors
    /// [`LedgerError::SigningKey`] when there is no key to sign with; what the store says; what `write` returns.
    pub fn export<E: From<LedgerError>>(
        &self,
        at: Timestamp,
        mut write: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<u64, E> {
        let signer = self.signer()?;
        let (tree, head, checkpoints) = self.read(|session| {
            let tree: Frontier = frontier(session, u64::MAX, signer.public())?;
            Ok((tree, session.head()?, session.checkpoints()?))
        })?;
        let mut keys = Vec::new();
        for key in checkpoints.iter().map(|one| one.key) {
            if key != signer.public() && !keys.contains(&key) {
                keys.push(key);
            }
        }
        keys.push(signer.public());
        let header = Header {
            program: concat!("catchall ", env!("CARGO_PKG_VERSION")).to_owned(),
            at,
            entries: tree.size,
            head: head.map_or(Hash::ZERO, |head| head.hash),
            root: tree.root(),
            keys,
            signature: [0; 64],
        };
        let mut put = |line: Line| {
            let mut text = line.text();
            text.push('\n');
            write(text.as_bytes())
        };
        put(Line::Header(header.sign(&signer)))?;
        let mut checkpoints = checkpoints
            .into_iter()
            .filter(|one| one.size <= tree.size)
            .peekable();
        let mut number = 0;
        loop {
            while let Some(one) = checkpoints.next_if(|one| one.size <= number) {
                put(Line::Checkpoint(one))?;
            }
            if number == tree.size {
                return Ok(number);
            }
            let ask = Ask::all().after(number).before(tree.size + 1).limit(PAGE);
            let page = self.read(|session| session.page(&ask))?;
            if page.is_empty() {
                let why = format!("entry {} is missing", number + 1);
                return Err(E::from(self.failed("export it", &why)));
            }
            for record in page {
                // What was taken out of the store is for `verify` to tell, so numbers are followed as they come.
                number = record.number;
                put(Line::Entry(record))?;
                while let Some(one) = checkpoints.next_if(|one| one.size <= number) {
                    put(Line::Checkpoint(one))?;
                }
            }
        }
    }
}
