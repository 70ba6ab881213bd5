//! Secrets: made from the system's randomness, kept as digests, compared without telling where they differ.

use anyhow::{Result, anyhow};
use sha2::{Digest, Sha256};

/// A fresh secret of so many random bytes, in hexadecimal digits.
///
/// # Errors
/// When the system gives no randomness: then nobody is let in.
pub fn fresh(bytes: usize) -> Result<String> {
    let mut drawn = vec![0_u8; bytes];
    getrandom::fill(&mut drawn)
        .map_err(|error| anyhow!("the system gives no randomness: {error}"))?;
    Ok(hex(&drawn))
}

/// What is stored of a secret.
pub fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Bytes as hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Whether two texts are the same, in a time that depends on their lengths alone.
pub fn same(ours: &str, theirs: &str) -> bool {
    let differ = ours
        .bytes()
        .zip(theirs.bytes())
        .fold(0, |differ, (a, b)| differ | (a ^ b));
    ours.len() == theirs.len() && differ == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_are_compared_whole() {
        let (one, two) = (fresh(16).unwrap(), fresh(16).unwrap());
        assert_eq!(one.len(), 32);
        assert_ne!(one, two);
        assert!(same(&one, &one.clone()));
        assert!(!same(&one, &two));
        assert!(!same(&one, &one[..31]));
        assert!(!same("", "a"));
    }
}
