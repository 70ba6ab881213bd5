//! Proofs: that one entry stands in a signed checkpoint, shown without any other entry.

use ct_merkle::InclusionProof;
use ct_merkle::RootHash;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use serde::Serialize;
use sha2::Sha256;

use crate::checkpoint::{Checkpoint, PublicKey};
use crate::record::to_hex;
use crate::{Hash, Ledger, LedgerError, Timestamp};

/// That entry `number` has the hash `hash` in the tree of a signed checkpoint: RFC 6962, 2.1.1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The entry's number.
    pub number: u64,
    /// The entry's hash, the leaf.
    pub hash: Hash,
    /// The hashes of the audit path, from the leaf upwards.
    pub path: Vec<Hash>,
    /// How many entries the checkpoint is over.
    pub size: u64,
    /// Its root.
    pub root: Hash,
    /// When it was signed.
    pub at: Timestamp,
    /// By which key.
    pub key: PublicKey,
    /// The signature, in hexadecimal digits.
    pub signature: String,
}

impl Proof {
    /// Whether the path leads from the hash to the root. The checkpoint's signature is another question.
    pub fn holds(&self) -> bool {
        let Some(place) = self.number.checked_sub(1) else {
            return false;
        };
        let bytes = self.path.iter().flat_map(|hash| *hash.as_bytes()).collect();
        let Ok(proof) = InclusionProof::<Sha256>::try_from_bytes(bytes) else {
            return false;
        };
        let root = RootHash::<Sha256>::new((*self.root.as_bytes()).into(), self.size);
        root.verify_inclusion(self.hash.as_bytes(), place, &proof)
            .is_ok()
    }
}

impl Ledger {
    /// Proves that an entry stands in the last checkpoint that reaches it. Reads the hashes of all entries of that checkpoint.
    ///
    /// # Errors
    /// [`LedgerError::NoCheckpoint`] when no checkpoint reaches it; and what the store says.
    pub fn prove(&self, number: u64) -> Result<Proof, LedgerError> {
        self.read(|session| {
            let checkpoints = session.checkpoints()?;
            let reaches = |one: &&Checkpoint| (1..=one.size).contains(&number);
            let Some(last) = checkpoints.iter().rev().find(reaches) else {
                return Err(LedgerError::NoCheckpoint { number });
            };
            let mut tree = MemoryBackedTree::<Sha256, [u8; 32]>::new();
            let mut hash = Hash::ZERO;
            while tree.len() < last.size {
                let room = usize::try_from(last.size - tree.len()).unwrap_or(usize::MAX);
                let page = session.hashes(tree.len(), room.min(10_000))?;
                if page.is_empty() {
                    return Err(LedgerError::NoCheckpoint { number });
                }
                for leaf in page {
                    tree.push(*leaf.as_bytes());
                    if tree.len() == number {
                        hash = leaf;
                    }
                }
            }
            let place = usize::try_from(number - 1).unwrap_or(usize::MAX);
            let proof = tree.prove_inclusion(place);
            let (path, _) = proof.as_bytes().as_chunks::<32>();
            Ok(Proof {
                number,
                hash,
                path: path.iter().copied().map(Hash::from_bytes).collect(),
                size: last.size,
                root: last.root,
                at: last.at,
                key: last.key,
                signature: to_hex(&last.signature),
            })
        })
    }
}
