//! The apparatus: source brackets, sources in running text, and references to earlier issues.
//!
//! A bracket is read group by group: outlets and a day make a citation, `see` and a day a back-reference. An outlet need not be
//! in the gazetteer to be cited in a bracket; in running text it must be.

mod bracket;
mod citation;
mod reference;
mod running;

use crate::dates::Found;
use crate::gazetteer::{Gazetteers, Name};
use crate::page::Page;
use crate::segment::Parts;
use crate::tokens::{Stretch, Tokens};

/// A citation before its date is reckoned.
#[derive(Clone, Debug)]
pub struct Cited {
    /// Outlets as spelled.
    pub outlets: Vec<String>,
    /// Index of its date; none when the dateline's or the publication's holds.
    pub date: Option<usize>,
    /// Its tokens.
    pub at: Stretch,
    /// The bracket it stands in; its own tokens when in running text.
    pub bracket: Stretch,
    /// Whether it stands in running text.
    pub running: bool,
}

/// A back-reference before its date is reckoned.
#[derive(Clone, Debug)]
pub struct Referred {
    /// Title, if another than the publication's own is named.
    pub title: Option<String>,
    /// Index of its date; none when only a number is printed.
    pub date: Option<usize>,
    /// Volume and issue, where they are printed.
    pub number: (Option<u32>, Option<u32>),
    /// A year in force for a list, `from 1997:`.
    pub year: Option<i16>,
    /// Its tokens.
    pub at: Stretch,
}

/// All of the apparatus.
#[derive(Debug, Default)]
pub struct Apparatus {
    /// Citations in order.
    pub cited: Vec<Cited>,
    /// Back-references in order.
    pub referred: Vec<Referred>,
    /// Every bracket that holds apparatus.
    pub brackets: Vec<Stretch>,
    /// By token: whether a bracket holds it.
    held: Vec<bool>,
}

impl Apparatus {
    /// Whether a token stands in a bracket of sources.
    #[inline]
    #[must_use]
    pub fn holds(&self, token: usize) -> bool {
        self.held.get(token).copied().unwrap_or(false)
    }
}

struct Reader<'a> {
    page: &'a Page,
    tokens: &'a Tokens,
    words: &'a Gazetteers,
    dates: &'a [Found],
    names: &'a [crate::gazetteer::Found<Name>],
    title: Option<&'a str>,
}

/// A bracket may be so long, in tokens.
const LONGEST: usize = 140;

/// Reads the apparatus of the page.
#[must_use]
pub fn read(
    page: &Page,
    tokens: &Tokens,
    words: &Gazetteers,
    dates: &[Found],
    names: &[crate::gazetteer::Found<Name>],
    parts: &Parts,
) -> Apparatus {
    let reader = Reader {
        page,
        tokens,
        words,
        dates,
        names,
        title: parts.header.title.as_deref(),
    };
    let mut apparatus = Apparatus::default();
    for bracket in reader.brackets() {
        if parts.is_body(bracket.from) {
            reader.bracket(bracket, &mut apparatus);
        }
    }
    reader.lines(parts, &mut apparatus);
    reader.running(parts, &mut apparatus);
    apparatus
        .cited
        .sort_by_key(|cited| (cited.at.from, cited.at.to));
    apparatus.referred.sort_by_key(|referred| referred.at.from);
    let mut seen = std::collections::BTreeSet::new();
    apparatus
        .referred
        .retain(|own| own.date.is_none_or(|date| seen.insert(date)));
    apparatus.brackets.sort_by_key(|bracket| bracket.from);
    apparatus.held = vec![false; tokens.all.len()];
    for bracket in &apparatus.brackets {
        if let Some(held) = apparatus.held.get_mut(bracket.from..bracket.to) {
            held.fill(true);
        }
    }
    apparatus
}

impl Reader<'_> {
    #[inline]
    fn lower(&self, at: usize) -> &str {
        self.tokens.text(&self.page.lower, at)
    }

    fn text(&self, at: Stretch) -> &str {
        let (from, to) = self.tokens.bytes(at);
        self.page.folded.get(from..to).unwrap_or_default()
    }

    /// The outlet's name as spelled, without the marks of quotation around it.
    fn stored(&self, at: Stretch) -> String {
        let (from, to) = self.tokens.bytes(at);
        let stored = self.page.words(self.page.span(from, to));
        // Where only Latin letters stand, what was evened out is a scanner's slip or the end of a line.
        let words = if self.page.scanned() || stored.is_ascii() {
            self.page.folded.get(from..to).unwrap_or_default()
        } else {
            stored
        };
        words
            .trim_matches(|piece: char| matches!(piece, '"' | '«' | '»' | '“' | '”' | '„' | ' '))
            .to_owned()
    }

    fn dates_in(&self, at: Stretch) -> impl Iterator<Item = (usize, &Found)> {
        let first = self.dates.partition_point(|date| date.from < at.from);
        self.dates
            .iter()
            .enumerate()
            .skip(first)
            .take_while(move |(_, date)| date.from < at.to)
    }
}
