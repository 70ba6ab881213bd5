//! Finding names: every name of the gazetteers in a text, in one pass from word to word.
//!
//! A name begins where a word begins, so that only words that open some name are looked at: a filter of bits turns most others away at
//! the price of one look. Of the names that begin at a place the longest counts; what it covers is not looked at again. Knows
//! no meaning of a name. To grow: a kind of name is a row in [`Kind`] and a list in [`Hits`].

use super::words::Table;
use super::{DataError, Found, Name};

/// What a row stands for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Meaning {
    /// A party, a place, an outlet.
    Name(Name),
    /// A term of technology.
    Term(u16),
    /// An instrument.
    Act(u16),
}

impl Meaning {
    /// Kinds are looked for each by itself: a name may stand within a term.
    fn kind(self) -> usize {
        match self {
            Meaning::Name(_) => 0,
            Meaning::Term(_) => 1,
            Meaning::Act(_) => 2,
        }
    }
}

/// How a spelling asks for capitals.
#[derive(Clone, Copy, Debug)]
pub struct Spelling {
    /// A short name in capitals: the words must be the same.
    exact: bool,
    /// It begins with a capital.
    pub capital: bool,
    /// Its last word does.
    last: bool,
    /// It has more than one word.
    phrase: bool,
    /// Four letters or less, all capitals.
    pub initials: bool,
}

impl Spelling {
    fn of(name: &str) -> Spelling {
        let first = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
        let capitals = name.chars().filter(|piece| piece.is_uppercase()).count();
        let letters = name.chars().filter(|piece| piece.is_alphabetic()).count();
        Spelling {
            exact: letters <= 5 && capitals * 2 >= letters && capitals > 1,
            capital: first(name),
            last: name.rsplit(' ').next().is_some_and(first),
            phrase: name.contains(' '),
            initials: name.len() <= 4 && name.chars().all(char::is_uppercase),
        }
    }

    /// Short names in capitals must be spelled so; others must begin with a capital where the spelling does.
    fn agrees(self, words: &str, name: &str) -> bool {
        if self.exact {
            return words == name;
        }
        let first = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
        if self.phrase && self.capital {
            // `Missile Technology Control regime`: the noun that ends a long name may be small.
            let mut from_last = words.rsplit(' ').map(first);
            let (last, before) = (from_last.next(), from_last.next());
            let long = words.matches(' ').count() > 1 && before == Some(true);
            return first(words) && (!self.last || last == Some(true) || long);
        }
        !self.capital || first(words)
    }
}

/// A name as it is looked for.
struct Row {
    /// What stands behind the opening word, up to four bytes, and which of them count.
    tail: (u32, u32),
    meaning: Meaning,
    /// In small letters.
    lower: String,
    /// As the data spell it.
    name: String,
    spelling: Spelling,
}

/// All names, by the word that opens them.
pub(super) struct Finder {
    /// Rows of one opening word stand together, the longest first.
    rows: Vec<Row>,
    /// First row of an opening word, and the row behind its last.
    openers: Table<(u32, u32)>,
    /// A bit for every opening word.
    filter: Vec<u64>,
}

/// What was found on a page, by kind, in order.
#[derive(Debug, Default)]
pub struct Hits {
    /// Names of every kind.
    pub names: Vec<Found<Name>>,
    /// Terms of technology with how the data spell them.
    pub terms: Vec<(Found<u16>, Spelling)>,
    /// Names of instruments.
    pub acts: Vec<Found<u16>>,
}

/// Bits of the filter.
const BITS: usize = 1 << 16;

/// The bit of a word: its first two letters, its last one, and whether its length is odd.
#[inline]
fn bit(word: &[u8]) -> usize {
    let at = |place: usize| usize::from(word.get(place).copied().unwrap_or_default() & 31);
    at(0) | at(1) << 5 | at(word.len().saturating_sub(1)) << 10 | (word.len() & 1) << 15
}

impl Finder {
    /// Orders the names of a file of the data by their opening words.
    pub(super) fn new(names: Vec<(Meaning, String, &'static str)>) -> Result<Finder, DataError> {
        let mut rows: Vec<(String, Row)> = Vec::with_capacity(names.len());
        for (meaning, name, file) in names {
            let lower = name.to_lowercase();
            let opener = lower.get(..run(&lower, 0)).unwrap_or_default().to_owned();
            if opener.is_empty() {
                return Err(DataError {
                    file,
                    what: format!(
                        "`{name}` begins with a mark; a name begins with a letter or a digit"
                    ),
                });
            }
            let spelling = Spelling::of(&name);
            let rest = lower.as_bytes().get(opener.len()..).unwrap_or_default();
            let counted = u32::MAX
                .checked_shr(32 - 8 * u32::try_from(rest.len().min(4)).unwrap_or(4))
                .unwrap_or(0);
            let row = Row {
                tail: (four(rest), counted),
                meaning,
                lower,
                name,
                spelling,
            };
            rows.push((opener, row));
        }
        // Of two of one length the first of the data counts: the order holds.
        rows.sort_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| b.1.lower.len().cmp(&a.1.lower.len()))
        });
        let mut finder = Finder {
            rows: Vec::with_capacity(rows.len()),
            openers: Table::default(),
            filter: vec![0; BITS / 64],
        };
        for (opener, row) in rows {
            let place = u32::try_from(finder.rows.len()).unwrap_or(u32::MAX);
            let bit = bit(opener.as_bytes());
            if let Some(word) = finder.filter.get_mut(bit / 64) {
                *word |= 1 << (bit % 64);
            }
            finder.openers.entry(opener).or_insert((place, place)).1 = place + 1;
            finder.rows.push(row);
        }
        Ok(finder)
    }

    /// Every whole name in the text.
    pub(super) fn find(&self, folded: &str, lower: &str) -> Hits {
        let mut hits = Hits::default();
        let bytes = lower.as_bytes();
        let mut covered = [0_usize; 3];
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if byte.is_ascii() && !byte.is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let end = run(lower, at);
            if end == at {
                // A mark beyond ASCII.
                at += lower
                    .get(at..)
                    .and_then(|rest| rest.chars().next())
                    .map_or(1, char::len_utf8);
                continue;
            }
            if let Some(word) = bytes.get(at..end) {
                let bit = bit(word);
                let may = self
                    .filter
                    .get(bit / 64)
                    .is_some_and(|own| own >> (bit % 64) & 1 == 1);
                if may {
                    self.look(folded, lower, (at, end), &mut covered, &mut hits);
                }
            }
            at = end;
        }
        hits
    }

    /// The names that a word opens.
    fn look(
        &self,
        folded: &str,
        lower: &str,
        (from, end): (usize, usize),
        covered: &mut [usize; 3],
        hits: &mut Hits,
    ) {
        let opener = lower.get(from..end).unwrap_or_default();
        let Some((first, behind)) = self.openers.get(opener) else {
            return;
        };
        let rows = self.rows.get(*first as usize..*behind as usize);
        let next = four(lower.as_bytes().get(end..).unwrap_or_default());
        for row in rows.unwrap_or_default() {
            if (row.tail.0 ^ next) & row.tail.1 != 0 {
                continue;
            }
            let to = from + row.lower.len();
            let Some(until) = covered.get_mut(row.meaning.kind()) else {
                continue;
            };
            if from < *until || lower.get(from..to) != Some(row.lower.as_str()) {
                continue;
            }
            *until = to;
            let words = folded.get(from..to).unwrap_or_default();
            if !closes(lower, from, to) {
                continue;
            }
            let cased = row.spelling.agrees(words, &row.name);
            match row.meaning {
                Meaning::Name(what) if cased => hits.names.push(Found { from, to, what }),
                Meaning::Act(what) if cased => hits.acts.push(Found { from, to, what }),
                // Terms of technology weigh their capitals themselves.
                Meaning::Term(what) => hits.terms.push((Found { from, to, what }, row.spelling)),
                Meaning::Name(_) | Meaning::Act(_) => {}
            }
        }
    }
}

/// The first four bytes as one number, the first lowest.
#[inline]
fn four(bytes: &[u8]) -> u32 {
    match bytes.first_chunk::<4>() {
        Some(four) => u32::from_le_bytes(*four),
        None => bytes
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | u32::from(*byte)),
    }
}

/// Where the letters and digits that begin at a byte end.
#[inline]
fn run(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(byte) = bytes.get(at) {
        if byte.is_ascii_alphanumeric() {
            at += 1;
        } else if byte.is_ascii() {
            break;
        } else {
            match text.get(at..).and_then(|rest| rest.chars().next()) {
                Some(piece) if piece.is_alphanumeric() => at += piece.len_utf8(),
                _ => break,
            }
        }
    }
    at
}

/// Whether letters or digits do not run on behind the name.
fn closes(text: &str, from: usize, to: usize) -> bool {
    let last = text
        .get(from..to)
        .and_then(|words| words.chars().next_back());
    if last.is_some_and(|last| !last.is_alphanumeric()) {
        return true;
    }
    let after = text.get(to..).and_then(|tail| tail.chars().next());
    !after.is_some_and(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finder(names: &[&str]) -> Finder {
        let rows = names.iter().zip(0_u16..);
        Finder::new(
            rows.map(|(name, index)| (Meaning::Act(index), (*name).to_owned(), "test"))
                .collect(),
        )
        .unwrap()
    }

    fn found(finder: &Finder, text: &str) -> Vec<(u16, usize)> {
        let hits = finder.find(text, &text.to_lowercase());
        hits.acts.iter().map(|hit| (hit.what, hit.from)).collect()
    }

    #[test]
    fn the_longest_name_counts_and_only_whole_ones() {
        let finder = finder(&["North Sea", "North Sea Accord", "SEA", "Ü-Pakt"]);
        assert_eq!(
            found(&finder, "the North Sea Accord, the North Seas"),
            [(1, 4)]
        );
        assert_eq!(found(&finder, "(SEA) by sea"), [(2, 1)]);
        assert_eq!(found(&finder, "—Ü-Pakt"), [(3, 3)]);
        assert_eq!(found(&finder, "the north sea"), []);
    }

    #[test]
    fn a_name_that_begins_with_a_mark_is_refused() {
        assert!(Finder::new(vec![(Meaning::Act(0), "-X".to_owned(), "test")]).is_err());
    }
}
