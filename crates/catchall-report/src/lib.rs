//! Reads reports: press digests, agency copy, bulletins, mails, and says who said what of whom, when, through which outlet, with
//! the words it stands on.
//!
//! The door is [`read`]: bytes in, a [`Reading`] out. A statement is a claim until a person accepts it; to be mentioned is
//! no accusation. Knows no transfer and no law; touches no disk, no network and no clock.
//!
//! To grow: a name or a cue is a row in `data/reports/`; a format is a file in `format/`; a layer of the reading is a file here.

mod answers;
pub mod apparatus;
pub mod dates;
pub mod format;
pub mod gazetteer;
pub mod graph;
pub mod page;
pub mod parties;
pub mod publication;
pub mod reading;
pub mod scan;
pub mod segment;
pub mod things;
pub mod tokens;

mod clashes;
mod lapse;
mod record;
mod statements;
mod transfers;
mod undertakings;
mod ways;

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};

use gazetteer::{DataError, Gazetteers, Name};
pub use reading::Reading;

/// What the caller knows of the document.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// The document's name; goes into the reading.
    pub doc_id: String,
    /// The day of publication, where the caller knows it.
    pub published: Option<Date>,
}

/// Why nothing could be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file has no reader.
    #[error(transparent)]
    Format(#[from] format::FormatError),
    /// The program's own data are broken.
    #[error("{0}")]
    Data(&'static DataError),
}

/// Everything found on a page before it becomes records.
pub struct Work<'a> {
    /// The page.
    pub page: page::Page,
    /// Tokens, paragraphs, sentences.
    pub tokens: tokens::Tokens,
    /// The gazetteers.
    pub words: &'a Gazetteers,
    /// Dates found.
    pub dates: Vec<dates::Found>,
    /// How many dates begin, and how many end, before a token.
    dated: [tokens::Steps; 2],
    /// Names found.
    pub names: Vec<gazetteer::Found<Name>>,
    /// Terms of technology found, with how the data spell them.
    pub terms: Vec<(gazetteer::Found<u16>, gazetteer::Spelling)>,
    /// Names of instruments found.
    pub acts: Vec<gazetteer::Found<u16>>,
    /// Parts of the page.
    pub parts: segment::Parts,
    /// The apparatus.
    pub apparatus: apparatus::Apparatus,
    /// The publication solved.
    pub solved: publication::Solved,
}

impl Work<'_> {
    /// How many dates begin before a token.
    pub(crate) fn dates_from(&self, token: usize) -> usize {
        let [from, _] = &self.dated;
        from.below(token, |index| self.dates.get(index).map(|date| date.from))
    }

    /// How many dates end before a token, or at its beginning where they reach up to it.
    pub(crate) fn dates_to(&self, token: usize) -> usize {
        let [_, to] = &self.dated;
        to.below(token, |index| self.dates.get(index).map(|date| date.to))
    }
}

/// Reads one document.
///
/// `media_type` is `text/plain`, `text/html`, `message/rfc822` or `application/pdf`. The same bytes give the same reading to the byte. What could
/// not be read is listed in [`Reading::unread`]; an empty list of statements means that none were found, not that nothing was said.
///
/// # Errors
/// [`ReadError`] when the media type has no reader.
///
/// # Source
/// The schema is described in `docs/reading.md`; the names and cues in `data/reports/`.
pub fn read(bytes: &[u8], media_type: &str, context: &Context) -> Result<Reading, ReadError> {
    read_within(bytes, media_type, context, BUDGET)
}

/// The bytes of a document that [`read`] takes: some five thousand pages of print. What lies behind is listed in
/// [`Reading::unread`], so that one line of a hundred megabytes takes no more memory than this.
pub const BUDGET: usize = 16 << 20;

/// Reads one document up to `most` bytes of it, or of the text of a PDF.
///
/// # Errors
/// As [`read`].
pub fn read_within(
    bytes: &[u8],
    media_type: &str,
    context: &Context,
    most: usize,
) -> Result<Reading, ReadError> {
    let words = Gazetteers::built_in().map_err(ReadError::Data)?;
    let opened = format::open(bytes, media_type, most)?;
    let told = context
        .published
        .map(|day| (day, "the day was given with the file"))
        .or(opened
            .day
            .map(|day| (day, "the day stands in the mail's header")));
    let unread = opened.unread;
    let offsets = opened.offsets;
    let work = work(opened.page, words, told);
    let mut reading = record::records(&work);
    reading.doc_id.clone_from(&context.doc_id);
    reading.sha256 = hex(&Sha256::digest(bytes));
    reading.offsets = offsets;
    for (what, from, to) in unread {
        reading.unread.push(reading::Unread {
            what,
            at: reading::Span {
                span: [from, to],
                bytes: [from, to],
            },
        });
    }
    Ok(reading)
}

fn work<'a>(
    mut page: page::Page,
    words: &'a Gazetteers,
    told: Option<(Date, &'static str)>,
) -> Work<'a> {
    page.restore(words);
    let mut tokens = tokens::cut(&page.folded, &page.lower, words);
    tokens.cut_sentences(&page.folded, &page.lower, words);
    let dates = dates::find(&page, &tokens, words);
    let hits = words.find(&page.folded, &page.lower);
    let names = hits.names;
    let parts = segment::parts(&page, &tokens, words, &dates);
    let apparatus = apparatus::read(&page, &tokens, words, &dates, &names, &parts);
    let solved = publication::solve(publication::Clues {
        page: &page,
        tokens: &tokens,
        words,
        dates: &dates,
        names: &names,
        parts: &parts,
        apparatus: &apparatus,
        told,
    });
    let dated = [
        tokens::Steps::of(dates.iter().map(|date| date.from)),
        tokens::Steps::of(dates.iter().map(|date| date.to)),
    ];
    Work {
        dated,
        page,
        tokens,
        words,
        dates,
        names,
        terms: hits.terms,
        acts: hits.acts,
        parts,
        apparatus,
        solved,
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
