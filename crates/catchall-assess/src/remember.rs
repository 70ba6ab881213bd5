//! Remember: answers already worked out, by what the law sees of a transfer.
//!
//! An order book asks the same question again and again: the same valve, the same country, another day of the same month.
//! Two transfers that the law cannot tell apart ([`catchall_law::Sight`]) have the same answer, so it is worked out once.
//! Nothing is ever remembered by a digest alone: keys are compared whole. What is remembered is bounded, and forgotten
//! all at once when it is full; the answers are the same with and without it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Answers by key, at most so many.
#[derive(Debug)]
pub(crate) struct Remembered<T, const MOST: usize> {
    by_key: HashMap<Box<[u64]>, T, BuildHasherDefault<Mix>>,
}

impl<T, const MOST: usize> Default for Remembered<T, MOST> {
    fn default() -> Self {
        Remembered {
            by_key: HashMap::default(),
        }
    }
}

impl<T: Clone, const MOST: usize> Remembered<T, MOST> {
    pub fn get(&self, key: &[u64]) -> Option<T> {
        self.by_key.get(key).cloned()
    }

    pub fn put(&mut self, key: &[u64], answer: T) {
        if self.by_key.len() >= MOST {
            self.by_key.clear();
        }
        self.by_key.insert(key.into(), answer);
    }

    pub fn clear(&mut self) {
        self.by_key.clear();
    }
}

/// Mixes the words of a key; its keys come from us, so it need not stand up to an attacker: a clash costs a comparison.
#[derive(Default)]
pub(crate) struct Mix(u64);

impl Hasher for Mix {
    fn finish(&self) -> u64 {
        // The table chooses by the upper and by the lower bits.
        (self.0 ^ (self.0 >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    fn write(&mut self, bytes: &[u8]) {
        for eight in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..eight.len()].copy_from_slice(eight);
            self.write_u64(u64::from_le_bytes(word));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}
