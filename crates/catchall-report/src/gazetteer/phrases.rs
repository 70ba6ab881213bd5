//! Phrases: whether a text holds one of a list, letters for letters, whatever stands around it.
//!
//! Two bytes tell most places of a text that no phrase begins there. Not for names, which are whole words: see `find.rs`.

/// A list of phrases, ready to be looked for.
#[derive(Clone, Debug, Default)]
pub struct Phrases {
    /// In small letters.
    all: Vec<String>,
    /// A bit for the first two bytes of each.
    filter: Vec<u64>,
    /// One of them has a single byte, or none.
    short: bool,
}

/// Bits of the filter.
const BITS: usize = 1 << 12;

#[inline]
fn bit(first: u8, second: u8) -> usize {
    (usize::from(first) << 6 ^ usize::from(second)) % BITS
}

impl Phrases {
    pub(super) fn of<'a>(phrases: impl Iterator<Item = &'a String>) -> Phrases {
        let mut own = Phrases {
            all: phrases.cloned().collect(),
            filter: vec![0; BITS / 64],
            short: false,
        };
        own.all.sort();
        for phrase in &own.all {
            match phrase.as_bytes() {
                [first, second, ..] => {
                    let bit = bit(*first, *second);
                    if let Some(word) = own.filter.get_mut(bit / 64) {
                        *word |= 1 << (bit % 64);
                    }
                }
                _ => own.short = true,
            }
        }
        own
    }

    /// Whether the text holds one of them.
    #[must_use]
    pub fn within(&self, text: &str) -> bool {
        if self.short {
            return self.all.iter().any(|phrase| text.contains(phrase.as_str()));
        }
        let bytes = text.as_bytes();
        bytes.windows(2).enumerate().any(|(at, pair)| {
            let [first, second] = pair else { return false };
            let bit = bit(*first, *second);
            let may = self
                .filter
                .get(bit / 64)
                .is_some_and(|own| own >> (bit % 64) & 1 == 1);
            may && bytes.get(at..).is_some_and(|rest| {
                self.all
                    .iter()
                    .any(|phrase| rest.starts_with(phrase.as_bytes()))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_found_wherever_it_stands() {
        let own = ["in force".to_owned(), "ends".to_owned()];
        let phrases = Phrases::of(own.iter());
        assert!(phrases.within("the law is in force today"));
        assert!(phrases.within("it depends"));
        assert!(!phrases.within("in forc"));
        assert!(!phrases.within(""));
    }
}
