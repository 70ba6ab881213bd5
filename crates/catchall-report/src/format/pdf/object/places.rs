//! Where objects begin, found by looking at the whole file; tables of places are not trusted.

use std::collections::BTreeMap;

use super::lexer::blank;
use super::positions;

/// Where each `n g obj` ends.
pub(super) fn places(bytes: &[u8]) -> BTreeMap<u32, usize> {
    let mut found = BTreeMap::new();
    for at in positions(bytes, b"obj") {
        let mut back = Back { bytes, at };
        let number = back
            .blanks(1)
            .and_then(|()| back.digits())
            .and_then(|_| back.blanks(1))
            .and_then(|()| back.digits());
        if let Some(number) = number {
            found.insert(number, at + 3);
        }
    }
    found
}

/// Reads from a place to the left.
struct Back<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Back<'_> {
    fn before(&self) -> Option<u8> {
        self.at
            .checked_sub(1)
            .and_then(|at| self.bytes.get(at))
            .copied()
    }

    fn blanks(&mut self, least: usize) -> Option<()> {
        let from = self.at;
        while self.before().is_some_and(blank) && self.at + 8 > from {
            self.at -= 1;
        }
        (from - self.at >= least).then_some(())
    }

    fn digits(&mut self) -> Option<u32> {
        let to = self.at;
        while self.before().is_some_and(|byte| byte.is_ascii_digit()) && self.at + 9 > to {
            self.at -= 1;
        }
        let text = self.bytes.get(self.at..to)?;
        std::str::from_utf8(text).ok()?.parse().ok()
    }
}
