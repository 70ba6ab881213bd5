//! Phrases: whether a text holds one of a list, letters for letters, whatever stands around it.
//!
//! Four bytes tell most places of a text that no phrase begins there. Not for names, which are whole words: see `find.rs`.

/// A list of phrases, ready to be looked for.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    /// In small letters, by their first four bytes.
    all: Vec<(u32, String)>,
    /// A bit for the first four bytes of each.
    filter: Vec<u64>,
    /// Phrases of less than four bytes.
    short: Vec<String>,
}

/// Bits of the filter.
const BITS: u32 = 1 << 12;

#[inline]
fn bit(four: u32) -> usize {
    (four.wrapping_mul(0x9e37_79b1) / (u32::MAX / BITS + 1)) as usize
}

impl Phrases {
    pub(super) fn of<'a>(phrases: impl Iterator<Item = &'a String>) -> Phrases {
        let mut own = Phrases {
            filter: vec![0; BITS as usize / 64],
            ..Phrases::default()
        };
        for phrase in phrases {
            let Some(first) = phrase.as_bytes().first_chunk::<4>() else {
                own.short.push(phrase.clone());
                continue;
            };
            let four = u32::from_le_bytes(*first);
            if let Some(word) = own.filter.get_mut(bit(four) / 64) {
                *word |= 1 << (bit(four) % 64);
            }
            own.all.push((four, phrase.clone()));
        }
        own.all.sort();
        own.short.sort();
        own
    }

    /// Each phrase, in an order that never changes.
    pub fn each(&self) -> impl Iterator<Item = &str> {
        self.all
            .iter()
            .map(|(_, phrase)| phrase.as_str())
            .chain(self.short.iter().map(String::as_str))
    }

    /// Whether the text holds one of them.
    #[must_use]
    pub fn within(&self, text: &str) -> bool {
        if self
            .short
            .iter()
            .any(|phrase| text.contains(phrase.as_str()))
        {
            return true;
        }
        if self.all.is_empty() {
            return false;
        }
        let bytes = text.as_bytes();
        bytes.windows(4).enumerate().any(|(at, window)| {
            let [a, b, c, d] = window else { return false };
            let four = u32::from_le_bytes([*a, *b, *c, *d]);
            let bit = bit(four);
            let may = self
                .filter
                .get(bit / 64)
                .is_some_and(|own| own >> (bit % 64) & 1 == 1);
            may && self.begins(four, bytes.get(at..).unwrap_or_default())
        })
    }

    /// Whether the text begins with one of them.
    #[must_use]
    pub fn heads(&self, text: &str) -> bool {
        let bytes = text.as_bytes();
        let long = bytes
            .first_chunk::<4>()
            .is_some_and(|four| self.begins(u32::from_le_bytes(*four), bytes));
        long || self.short.iter().any(|own| text.starts_with(own.as_str()))
    }

    /// Whether one of them stands at the head of the bytes.
    fn begins(&self, four: u32, bytes: &[u8]) -> bool {
        let first = self.all.partition_point(|own| own.0 < four);
        self.all
            .iter()
            .skip(first)
            .take_while(|own| own.0 == four)
            .any(|own| bytes.starts_with(own.1.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_wherever_it_stands() {
        let own = ["in force".to_owned(), "ends".to_owned(), "up".to_owned()];
        let phrases = Phrases::of(own.iter());
        assert!(phrases.within("the law is in force today"));
        assert!(phrases.within("it depends"));
        assert!(phrases.within("put up"));
        assert!(!phrases.within("in forc"));
        assert!(!phrases.within(""));
    }
}
