//! Checkpoints: a signed statement of what the first so many entries are.
//!
//! A checkpoint holds the root of the RFC 6962 Merkle tree over the hashes of entries 1 to `size`, and an Ed25519 signature. Whoever holds one
//! can tell later that none of these entries was changed, left out or put in, by whoever holds the store. [`Frontier`] computes roots as
//! entries come, in little memory; proofs of single entries need the whole tree, and use `ct-merkle`.

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};

use crate::record::{from_hex, to_hex};
use crate::{Hash, LedgerError, Timestamp};

/// The first bytes of what is signed: what it is, and which version.
const MARK: &[u8] = b"catchall.checkpoint/1";

/// A public key that verifies checkpoints; written as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// From its bytes.
    pub fn from_bytes(bytes: [u8; 32]) -> PublicKey {
        PublicKey(bytes)
    }

    /// Its bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether this key's owner signed these bytes.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        VerifyingKey::from_bytes(&self.0).is_ok_and(|key| {
            key.verify_strict(message, &Signature::from_bytes(signature))
                .is_ok()
        })
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&to_hex(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::str::FromStr for PublicKey {
    type Err = LedgerError;

    fn from_str(text: &str) -> Result<PublicKey, LedgerError> {
        from_hex(text.trim())
            .map(PublicKey)
            .ok_or_else(|| LedgerError::Hash {
                found: text.chars().take(80).collect(),
            })
    }
}

impl serde::Serialize for PublicKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A signed statement of what the first `size` entries are.
#[derive(Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// How many entries it is over.
    pub size: u64,
    /// The root of the Merkle tree over their hashes.
    pub root: Hash,
    /// When it was made.
    pub at: Timestamp,
    /// Whose signature it is.
    pub key: PublicKey,
    /// The Ed25519 signature.
    pub signature: [u8; 64],
    /// Where the tree goes on; not signed, and believed only when it gives `root`.
    pub(crate) frontier: Frontier,
}

impl fmt::Debug for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "checkpoint of {} entries, root {}", self.size, self.root)
    }
}

impl Checkpoint {
    /// Signs what the frontier stands for.
    pub(crate) fn sign(frontier: Frontier, at: Timestamp, key: &Signer) -> Checkpoint {
        let mut made = Checkpoint {
            size: frontier.size,
            root: frontier.root(),
            at,
            key: key.public(),
            signature: [0; 64],
            frontier,
        };
        made.signature = key.sign(&made.message());
        made
    }

    /// Whether the signature is its key's, over these fields. Whose key it is, and whether the root is right, is for the caller to know.
    pub fn is_signed(&self) -> bool {
        self.key.verifies(&self.message(), &self.signature)
    }

    /// What is signed.
    fn message(&self) -> Vec<u8> {
        [
            MARK,
            &self.size.to_be_bytes(),
            &self.at.as_millisecond().to_be_bytes(),
            self.root.as_bytes(),
            self.key.as_bytes(),
        ]
        .concat()
    }
}

/// The right edge of an RFC 6962 tree: all that is needed to go on, and to say its root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Frontier {
    /// How many leaves.
    pub size: u64,
    /// Roots of the full subtrees, the greatest first; one for each bit of `size` that is set.
    peaks: Vec<Hash>,
}

impl Frontier {
    /// Adds the hash of the next entry as a leaf.
    pub fn push(&mut self, leaf: &Hash) {
        let mut node = hashed(&[&[0], leaf.as_bytes()]);
        let mut carried = self.size;
        while carried & 1 == 1 {
            if let Some(left) = self.peaks.pop() {
                node = hashed(&[&[1], left.as_bytes(), node.as_bytes()]);
            }
            carried >>= 1;
        }
        self.peaks.push(node);
        self.size += 1;
    }

    /// The root: of no leaves, the hash of nothing.
    pub fn root(&self) -> Hash {
        let mut peaks = self.peaks.iter().rev();
        let Some(last) = peaks.next() else {
            return Hash::of(&[]);
        };
        peaks.fold(*last, |right, left| {
            hashed(&[&[1], left.as_bytes(), right.as_bytes()])
        })
    }

    /// For a store: the peaks one after another.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.peaks
            .iter()
            .flat_map(|peak| *peak.as_bytes())
            .collect()
    }

    /// Back from a store; `None` when the count of peaks is not that of `size`.
    pub fn from_bytes(size: u64, bytes: &[u8]) -> Option<Frontier> {
        let (peaks, rest) = bytes.as_chunks::<32>();
        (rest.is_empty() && peaks.len() == size.count_ones() as usize).then(|| Frontier {
            size,
            peaks: peaks.iter().copied().map(Hash::from_bytes).collect(),
        })
    }
}

fn hashed(parts: &[&[u8]]) -> Hash {
    let mut into = Sha256::new();
    for part in parts {
        into.update(part);
    }
    Hash::from_bytes(into.finalize().into())
}

/// The key that signs checkpoints.
pub(crate) struct Signer(SigningKey);

impl Signer {
    /// A new key from the system's randomness.
    pub fn new() -> Result<Signer, LedgerError> {
        Ok(Signer(SigningKey::from_bytes(&crate::seal::random()?)))
    }

    /// From its secret.
    pub fn from_secret(secret: &[u8; 32]) -> Signer {
        Signer(SigningKey::from_bytes(secret))
    }

    /// Its secret, to be kept.
    pub fn secret(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// What verifies its signatures.
    pub fn public(&self) -> PublicKey {
        PublicKey(self.0.verifying_key().to_bytes())
    }

    /// Signs these bytes; the same bytes give the same signature.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ct_merkle::mem_backed_tree::MemoryBackedTree;

    #[test]
    fn the_root_of_every_size_is_that_of_the_whole_tree() {
        let mut tree = MemoryBackedTree::<Sha256, [u8; 32]>::new();
        let mut frontier = Frontier::default();
        assert_eq!(
            frontier.root().to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        for number in 0..300u64 {
            let leaf = Hash::of(&number.to_be_bytes());
            tree.push(*leaf.as_bytes());
            frontier.push(&leaf);
            assert_eq!(frontier.root().as_bytes()[..], tree.root().as_bytes()[..]);
            let back = Frontier::from_bytes(number + 1, &frontier.to_bytes());
            assert_eq!(back, Some(frontier.clone()));
        }
        assert_eq!(Frontier::from_bytes(7, &frontier.to_bytes()[..64]), None);
    }

    #[test]
    fn a_changed_checkpoint_is_not_signed() {
        let signer = Signer::new().unwrap();
        let mut frontier = Frontier::default();
        frontier.push(&Hash::of(b"one"));
        let at = Timestamp::from_millisecond(0).unwrap();
        let made = Checkpoint::sign(frontier, at, &signer);
        assert!(made.is_signed());
        let more = Checkpoint {
            size: 2,
            ..made.clone()
        };
        assert!(!more.is_signed());
        let other = Checkpoint {
            root: Hash::ZERO,
            ..made
        };
        assert!(!other.is_signed());
    }
}
