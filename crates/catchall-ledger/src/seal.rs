//! Sealed bodies: encrypted under a key per subject, so that destroying the key erases what was said of the subject and nothing else.
//!
//! XChaCha20-Poly1305 with a random nonce; the stream, the kind and the key's name are authenticated with it, so that a sealed body cannot be
//! moved to another entry. The chain is over the sealed bytes and needs no key. Which keys exist is the store's business.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};

use crate::LedgerError;
use crate::record::{Content, KeyId};

/// Bytes of a nonce, which stand before the ciphertext.
const NONCE: usize = 24;

/// The key of one subject.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct SubjectKey {
    pub id: KeyId,
    pub subject: String,
    pub secret: [u8; 32],
}

impl SubjectKey {
    /// A new key from the system's randomness.
    pub fn new(subject: &str) -> Result<SubjectKey, LedgerError> {
        Ok(SubjectKey {
            id: KeyId(random()?),
            subject: subject.to_owned(),
            secret: random()?,
        })
    }

    /// Seals a body.
    pub fn seal(&self, stream: &str, kind: &str, text: &str) -> Result<Content, LedgerError> {
        let nonce: [u8; NONCE] = random()?;
        let about = about(stream, kind, self.id);
        let sealed = self
            .cipher()
            .encrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: text.as_bytes(),
                    aad: &about,
                },
            )
            .map_err(|_| LedgerError::Body {
                stream: stream.to_owned(),
                why: "it is too long to be sealed".to_owned(),
            })?;
        Ok(Content::Sealed {
            key: self.id,
            bytes: [&nonce[..], &sealed].concat(),
        })
    }

    /// Opens a sealed body; `None` when it was not sealed by this key for this stream and kind.
    pub fn open(&self, stream: &str, kind: &str, bytes: &[u8]) -> Option<String> {
        let (nonce, sealed) = bytes.split_at_checked(NONCE)?;
        let nonce: [u8; NONCE] = nonce.try_into().ok()?;
        let about = about(stream, kind, self.id);
        let text = self
            .cipher()
            .decrypt(
                &XNonce::from(nonce),
                Payload {
                    msg: sealed,
                    aad: &about,
                },
            )
            .ok()?;
        String::from_utf8(text).ok()
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&Key::from(self.secret))
    }
}

/// What is authenticated beside the body.
fn about(stream: &str, kind: &str, key: KeyId) -> Vec<u8> {
    [
        &(stream.len() as u64).to_be_bytes()[..],
        stream.as_bytes(),
        kind.as_bytes(),
        &key.0,
    ]
    .concat()
}

/// Bytes that nobody can foretell.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], LedgerError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| LedgerError::Store {
        place: "this machine".to_owned(),
        doing: "draw random bytes",
        why: error.to_string(),
    })?;
    Ok(bytes)
}
