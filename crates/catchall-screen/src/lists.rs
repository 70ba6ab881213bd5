//! Lists: publishers' files to listings, and the history of a list from import to import.
//!
//! Bytes come in, listings and rejects go out; one file a publisher. An import that looks wrong as a whole (empty, cut
//! off, shrunk, of another form) is a [`Refusal`] and the stored list stays as it is; a single record that looks wrong is
//! a reject and the others go on. Knows no folder, no network, no clock: days and the lookup of places are handed in.
//!
//! To add a publisher: one file in `lists/`, one row in [`formats`], a small sample in `data/lists/`.

mod au_dfat;
mod bis_dpl;
mod bis_entity;
mod ca_sema;
mod ch_seco;
mod dates;
mod entry;
mod eu_fsf;
mod formats;
mod ftm;
mod headed;
mod history;
mod input;
mod json;
mod ofac_advanced;
mod ofac_csv;
mod ofac_labels;
mod ofac_xml;
mod plain;
mod rows;
mod stored;
mod uk;
mod un;
mod us_csl;
mod xml;

use std::collections::BTreeMap;
use std::io::BufRead;

use catchall_model::{Country, Day, Reject};
use serde::Serialize;

use crate::Listing;
pub use formats::{Detected, Format, PartRow, detect, formats};
pub use history::{Change, Diff, FieldChange, Named, diff, undo, undone};
pub use input::{LARGEST_FILE, LARGEST_RECORD};
pub use stored::{ListFileError, read, read_head, write};

/// Finds the place that a name or code stands for, as the list of places knows it.
pub type Countries<'a> = &'a dyn Fn(&str) -> Option<Country>;

/// By how much a list may shrink from one import to the next before it is refused, in hundredths.
pub const LARGEST_SHRINK: usize = 5;

/// One file of what is imported.
pub struct Part<'a> {
    /// Its name; where a format has several files, the name tells which one this is.
    pub name: &'a str,
    /// Its bytes.
    pub from: &'a mut dyn BufRead,
}

/// What to import.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The form of the files.
    pub format: &'static Format,
    /// The list's id, where it is not the format's own.
    pub list: Option<&'a str>,
    /// Where the files came from, in the importer's words: an address, a mirror, a person.
    pub source: &'a str,
    /// A person has looked at a list that shrank, or that goes back in time, and takes it all the same.
    pub accept_shrink: bool,
}

/// A file that was read, by name, size and digest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, serde::Deserialize)]
pub struct PartHeld {
    /// Its name.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// What is known of a stored list as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The list's id.
    pub list: String,
    /// The format it was last imported from.
    pub format: String,
    /// The list's title.
    pub title: String,
    /// Where the files came from.
    pub source: String,
    /// The day of the list.
    pub day: Day,
    /// The day of the import.
    pub imported: Day,
    /// The files of the last import.
    pub parts: Vec<PartHeld>,
}

/// A list as it is stored: the records that it holds, and those it once held.
#[derive(Clone, Debug, PartialEq)]
pub struct ListFile {
    /// The list as a whole.
    pub head: Head,
    /// By key. A record that is still held has no `seen.to`; at most one record of a key is still held.
    pub listings: Vec<Listing>,
}

impl ListFile {
    /// The records that the newest copy holds.
    pub fn held(&self) -> impl Iterator<Item = &Listing> {
        self.listings
            .iter()
            .filter(|listing| listing.seen.to.is_none())
    }

    /// How many records the newest copy holds.
    pub fn count(&self) -> usize {
        self.held().count()
    }
}

/// An import that went through.
#[derive(Clone, Debug)]
pub struct Import {
    /// The list, with its history, to be stored in place of the old one.
    pub file: ListFile,
    /// Records that could not be taken; the first thousand.
    pub rejects: Vec<Reject>,
    /// What changed against the list before.
    pub diff: Diff,
    /// The import in figures.
    pub summary: Summary,
}

/// An import in figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Records held now.
    pub held: usize,
    /// Names of these, of any kind.
    pub names: usize,
    /// Records that could not be taken.
    pub rejected: usize,
    /// Records of the file that are of no party.
    pub skipped: usize,
    /// Where the day of the list was found: `file`, `name` or `import`.
    pub day_from: &'static str,
    /// Names of places that the lookup does not know, with how often each stood there.
    pub unknown_places: BTreeMap<String, usize>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// Why an import was refused as a whole. The list that is stored stays.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A file that the format cannot do without.
    #[error("`{format}` needs the file `{part}`, which is not there")]
    MissingPart {
        /// The format.
        format: &'static str,
        /// The part.
        part: &'static str,
    },
    /// A file that the format has no place for.
    #[error("`{file}` is no file of `{format}`, or another file has its place; it takes {wanted}")]
    StrayPart {
        /// The file.
        file: String,
        /// The format.
        format: &'static str,
        /// What the format takes.
        wanted: String,
    },
    /// The bytes stopped coming.
    #[error("`{file}` cannot be read: {why}")]
    Unreadable {
        /// The file.
        file: String,
        /// Why.
        why: String,
    },
    /// Not a text that is read.
    #[error("`{file}` is {found}; save it as plain text in UTF-8")]
    Encoding {
        /// The file.
        file: String,
        /// What it is.
        found: String,
    },
    /// Over a limit.
    #[error("`{file}`: {what} is over the limit of {limit}")]
    TooLarge {
        /// The file.
        file: String,
        /// What is too large.
        what: &'static str,
        /// The limit: bytes, or records.
        limit: u64,
    },
    /// A document type, with which a small file can become a large one.
    #[error("`{file}` declares a document type; no list needs one, so the file is not trusted")]
    Doctype {
        /// The file.
        file: String,
    },
    /// Of another form.
    #[error(
        "`{file}` begins with {found}, not with {wanted}; is it another list or an error page?"
    )]
    Form {
        /// The file.
        file: String,
        /// What stands there.
        found: String,
        /// What should.
        wanted: String,
    },
    /// Damaged.
    #[error("`{file}` is damaged near byte {at}: {why}")]
    Broken {
        /// The file.
        file: String,
        /// Where, in bytes.
        at: u64,
        /// How.
        why: String,
    },
    /// Cut off.
    #[error("`{file}` is cut off: {why}; fetch it again")]
    Truncated {
        /// The file.
        file: String,
        /// How it shows.
        why: String,
    },
    /// Nothing in it.
    #[error("the list is empty: {rejected} records were rejected and none was taken")]
    Empty {
        /// Records rejected.
        rejected: usize,
    },
    /// Too much of it cannot be used.
    #[error(
        "{rejected} of {records} records could not be taken, more than 5 %; the first: {first}"
    )]
    TooManyRejects {
        /// Records rejected.
        rejected: usize,
        /// Records in all.
        records: usize,
        /// The first fault.
        first: String,
    },
    /// Fewer records than the list before.
    #[error(
        "the list shrank from {before} to {after} records, by more than 5 %; look at it, then accept it by hand"
    )]
    Shrunk {
        /// Records before.
        before: usize,
        /// Records now.
        after: usize,
    },
    /// Older than the list that is stored.
    #[error("this copy is of {day}, the stored one of {stored}; an older copy would undo changes")]
    Older {
        /// The day of this copy.
        day: Day,
        /// The day of the stored list.
        stored: Day,
    },
    /// Another list than the one stored.
    #[error("this is the list `{found}`, the stored one is `{stored}`")]
    OtherList {
        /// The list.
        found: String,
        /// The stored one.
        stored: String,
    },
    /// Changes, and nothing that they change.
    #[error(
        "the file holds changes only, and there is no stored list to change; import the whole list first"
    )]
    ChangesOfNothing,
}

/// Reads a publisher's files and carries the stored list on.
///
/// The day of the list is what the file says, else the day in the file's name, else `today`. Records and names keep
/// when our copies held them (`seen`); what the law says (`valid`) comes from the publisher alone. Same bytes, same
/// list before and same days: same result.
///
/// # Errors
/// When the files as a whole cannot be trusted; `previous` then stays what it was.
pub fn import(
    request: &Request<'_>,
    parts: Vec<Part<'_>>,
    previous: Option<&ListFile>,
    today: Day,
    countries: Countries<'_>,
) -> Result<Import, Refusal> {
    let list = request.list.unwrap_or(request.format.list);
    if let Some(previous) = previous.filter(|previous| previous.head.list != list) {
        return Err(Refusal::OtherList {
            found: list.to_owned(),
            stored: previous.head.list.clone(),
        });
    }
    let mut reading = entry::Reading::new(list, countries);
    let mut inputs = formats::assign(request.format, parts)?;
    (request.format.read)(&mut inputs, &mut reading)?;
    let mut held = Vec::new();
    for input in inputs.into_iter().flatten() {
        let (part, western) = input.close()?;
        if western {
            reading.note(format!(
                "`{}` is not all UTF-8; the cells that are not were read as Windows-1252",
                part.file
            ));
        }
        held.push(part);
    }
    let (day, day_from) = day_of(&reading, &held, today);
    check(request, &reading, previous, day)?;
    let head = Head {
        list: list.to_owned(),
        format: request.format.id.to_owned(),
        title: request.format.title.to_owned(),
        source: request.source.to_owned(),
        day,
        imported: today,
        parts: held,
    };
    let mut summary = Summary {
        rejected: reading.rejected,
        skipped: reading.skipped,
        day_from,
        unknown_places: std::mem::take(&mut reading.unknown_places),
        notes: std::mem::take(&mut reading.notes),
        ..Summary::default()
    };
    let rejects = std::mem::take(&mut reading.rejects);
    let file = history::carry_on(head, reading, previous);
    summary.held = file.count();
    summary.names = file
        .held()
        .map(|listing| {
            let held = |name: &&crate::ListedName| name.seen.to.is_none();
            listing.names.iter().filter(held).count()
        })
        .sum();
    let nothing = ListFile {
        head: file.head.clone(),
        listings: Vec::new(),
    };
    let diff = diff(previous.unwrap_or(&nothing), &file);
    Ok(Import {
        file,
        rejects,
        diff,
        summary,
    })
}

/// The day of the list, and where it was found.
fn day_of(reading: &entry::Reading<'_>, parts: &[PartHeld], today: Day) -> (Day, &'static str) {
    if let Some(day) = reading.day.filter(|day| *day <= today) {
        return (day, "file");
    }
    let named = parts
        .iter()
        .filter_map(|part| day_in_name(&part.file))
        .find(|day| *day <= today);
    named.map_or((today, "import"), |day| (day, "name"))
}

/// The day in a name such as `sdn_2024-05-03.csv`.
fn day_in_name(name: &str) -> Option<Day> {
    (0..name.len())
        .filter_map(|at| name.get(at..at + 10))
        .find_map(|text| Day::parse(text).ok())
}

/// Whether the import as a whole can be trusted.
fn check(
    request: &Request<'_>,
    reading: &entry::Reading<'_>,
    previous: Option<&ListFile>,
    day: Day,
) -> Result<(), Refusal> {
    let taken = reading.listings.len();
    let file = reading
        .rejects
        .first()
        .map_or(String::new(), |reject| reject.file.clone());
    if reading.is_delta && previous.is_none() {
        return Err(Refusal::ChangesOfNothing);
    }
    if taken == 0 && reading.deleted.is_empty() {
        return Err(Refusal::Empty {
            rejected: reading.rejected,
        });
    }
    let records = taken + reading.rejected + reading.deleted.len();
    // A handful of bad rows in a small list is not a sign of another form.
    if reading.rejected > 3 && reading.rejected * 100 > records * LARGEST_SHRINK {
        let first = reading.rejects.first();
        return Err(Refusal::TooManyRejects {
            rejected: reading.rejected,
            records,
            first: first.map_or(String::new(), |reject| {
                format!("{file} record {}: {}", reject.row, reject.problem)
            }),
        });
    }
    if let Some(declared) = reading.declared
        && taken + reading.rejected < declared
    {
        return Err(Refusal::Truncated {
            file: request.format.id.to_owned(),
            why: format!(
                "it says that it has {declared} records, and has {}",
                taken + reading.rejected
            ),
        });
    }
    let Some(previous) = previous else {
        return Ok(());
    };
    if request.accept_shrink {
        return Ok(());
    }
    if day < previous.head.day {
        return Err(Refusal::Older {
            day,
            stored: previous.head.day,
        });
    }
    let before = previous.count();
    let after = if reading.is_delta {
        let gone = previous
            .held()
            .filter(|held| reading.deleted.contains(&held.source_id));
        before - gone.count()
    } else {
        taken
    };
    if after * 100 < before * (100 - LARGEST_SHRINK) {
        return Err(Refusal::Shrunk { before, after });
    }
    Ok(())
}
