//! The small words of grammar and the cues of speech, as one table from word to class.
//!
//! The words themselves stand in `data/reports/cues.toml`; this file only knows which classes the grammar tells apart.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// What kind of word a token is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Class {
    /// Any word.
    #[default]
    None,
    /// `the`, `its`, `many`.
    Article,
    /// `he`, `they`, `who`.
    Pronoun,
    /// `is`, `was`.
    Be,
    /// `has`, `had`.
    Have,
    /// `does`, `did`.
    Do,
    /// `will`, `may`.
    Modal,
    /// `not`, `never`.
    Negation,
    /// `also`, `bluntly`.
    Adverb,
    /// `of`, `in`.
    Preposition,
    /// `and`, `but`.
    Conjunction,
    /// `while`, `if`.
    Subordinate,
    /// `that`.
    That,
    /// A verb of speech: index of its lemma and its form.
    Verb(u16, Form),
    /// A noun of speech: index.
    Noun(u16),
}

/// Form of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `say`.
    Base,
    /// `says`.
    Third,
    /// `said`, as past tense or participle.
    Past,
    /// `known`, where it differs from the past.
    Participle,
    /// `saying`.
    Ing,
}

/// A hash that is quick on short words; not for words chosen by an enemy of the table, which is fixed.
#[derive(Default)]
pub struct Quick(u64);

impl Hasher for Quick {
    #[inline]
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((head, tail)) = rest.split_first_chunk::<8>() {
            self.add(u64::from_le_bytes(*head));
            rest = tail;
        }
        // What is left is less than eight bytes: two overlapping halves, or at most three bytes, with the length.
        let left = rest.len() as u64;
        let value = match (rest.first_chunk::<4>(), rest.last_chunk::<4>()) {
            (Some(head), Some(tail)) => {
                u64::from(u32::from_le_bytes(*head)) | u64::from(u32::from_le_bytes(*tail)) << 32
            }
            _ => match rest {
                [] => return,
                [one] => u64::from(*one),
                [one, .., last] => {
                    let middle = rest.get(left as usize / 2).copied().unwrap_or_default();
                    u64::from(*one) | u64::from(middle) << 8 | u64::from(*last) << 16
                }
            },
        };
        self.add(value ^ left << 56);
    }

    /// The mark behind a text: no text here is the beginning of another's bytes.
    #[inline]
    fn write_u8(&mut self, _: u8) {}
}

impl Quick {
    #[inline]
    fn add(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

/// A table of words.
pub type Table<V> = HashMap<String, V, BuildHasherDefault<Quick>>;

/// The forms of a lemma: `say/says/said/said/saying`, or regular from `deny`.
#[must_use]
pub fn inflect(entry: &str) -> Vec<(String, Form)> {
    let parts: Vec<&str> = entry.split('/').collect();
    if let [base, third, past, participle, ing] = parts.as_slice() {
        let mut forms = vec![
            ((*base).to_owned(), Form::Base),
            ((*third).to_owned(), Form::Third),
            ((*past).to_owned(), Form::Past),
            ((*ing).to_owned(), Form::Ing),
        ];
        if participle != past {
            forms.push(((*participle).to_owned(), Form::Participle));
        }
        return forms;
    }
    let stem = entry.strip_suffix('e').unwrap_or(entry);
    let sibilant = ["s", "sh", "ch", "x", "z"]
        .iter()
        .any(|end| entry.ends_with(end));
    let third = if sibilant {
        format!("{entry}es")
    } else {
        format!("{entry}s")
    };
    let ing = if entry.ends_with("ee") {
        format!("{entry}ing")
    } else {
        format!("{stem}ing")
    };
    vec![
        (entry.to_owned(), Form::Base),
        (third, Form::Third),
        (format!("{stem}ed"), Form::Past),
        (ing, Form::Ing),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_and_irregular_verbs_have_their_forms() {
        let forms = |entry: &str| -> Vec<String> {
            inflect(entry).into_iter().map(|(form, _)| form).collect()
        };
        assert_eq!(forms("agree"), ["agree", "agrees", "agreed", "agreeing"]);
        assert_eq!(
            forms("dismiss"),
            ["dismiss", "dismisses", "dismissed", "dismissing"]
        );
        assert_eq!(
            forms("see/sees/saw/seen/seeing"),
            ["see", "sees", "saw", "seeing", "seen"]
        );
    }
}
