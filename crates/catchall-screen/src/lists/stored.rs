//! Stored: a list as it lies in a folder, one line for the list and one for each record.
//!
//! JSON Lines, so that a person can read and compare it. The first line carries the digest of all that follows, so that
//! a list that was cut or edited does not load. Same list, same bytes. The words of a line are a public face: a field
//! may be added, none may change its meaning.

use std::borrow::Cow;

use catchall_model::{Country, Day};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::input::hex;
use super::{Head, ListFile, PartHeld};
use crate::{BirthDate, Days, Identifier, ListedName, Listing, NameKind, PartyKind};

const SCHEMA: &str = "catchall.list/1";

/// Why a stored list does not load.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListFileError {
    /// Not a stored list.
    #[error("line 1 is no head of a stored list ({why}); import the list again")]
    Head {
        /// Why not.
        why: String,
    },
    /// Cut, or edited.
    #[error(
        "the records do not match the digest in line 1: the file was cut or edited; import the list again"
    )]
    Digest,
    /// A record that cannot be read.
    #[error("line {line}: {why}; import the list again")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What is wrong.
        why: String,
    },
}

#[derive(Serialize, Deserialize)]
struct HeadLine<'a> {
    schema: Cow<'a, str>,
    list: Cow<'a, str>,
    format: Cow<'a, str>,
    title: Cow<'a, str>,
    source: Cow<'a, str>,
    day: Cow<'a, str>,
    imported: Cow<'a, str>,
    /// Records that the newest copy holds.
    held: usize,
    /// Lines that follow.
    lines: usize,
    parts: Cow<'a, [PartHeld]>,
    /// SHA-256 of all that follows this line.
    sha256: String,
}

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    kind: PartyKind,
    #[serde(borrow)]
    names: Vec<NameLine<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    identifiers: Vec<IdentifierLine<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    births: Vec<BirthLine<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    birth_places: Vec<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    countries: Vec<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    addresses: Vec<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    programmes: Vec<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    measures: Vec<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    citation: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    remarks: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    valid: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    seen: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct NameLine<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    kind: NameKind,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    given: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    family: Option<Cow<'a, str>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    valid: Option<Cow<'a, str>>,
    /// Left out where it is the record's own.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    seen: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct IdentifierLine<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    value: Cow<'a, str>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    country: Option<Cow<'a, str>>,
}

#[derive(Serialize, Deserialize)]
struct BirthLine<'a> {
    #[serde(borrow)]
    on: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    circa: bool,
}

/// The list as bytes.
pub fn write(file: &ListFile) -> Vec<u8> {
    let mut body = Vec::new();
    for listing in &file.listings {
        // A record is made of texts and numbers only, so that writing it cannot fail.
        if serde_json::to_writer(&mut body, &line(listing)).is_ok() {
            body.push(b'\n');
        }
    }
    let head = &file.head;
    let line = HeadLine {
        schema: SCHEMA.into(),
        list: head.list.as_str().into(),
        format: head.format.as_str().into(),
        title: head.title.as_str().into(),
        source: head.source.as_str().into(),
        day: head.day.to_string().into(),
        imported: head.imported.to_string().into(),
        held: file.count(),
        lines: file.listings.len(),
        parts: Cow::Borrowed(&head.parts),
        sha256: hex(&Sha256::digest(&body)),
    };
    let mut bytes = serde_json::to_vec(&line).unwrap_or_default();
    bytes.push(b'\n');
    bytes.append(&mut body);
    bytes
}

/// The list from its bytes.
///
/// # Errors
/// When the bytes are no stored list, or were cut or edited.
pub fn read(bytes: &[u8]) -> Result<ListFile, ListFileError> {
    let (first, body) = bytes.split_at(end_of_line(bytes));
    let (head, line) = head_of(first)?;
    if hex(&Sha256::digest(body)) != line.sha256 {
        return Err(ListFileError::Digest);
    }
    let mut listings = Vec::with_capacity(line.lines.min(body.len() / 32));
    for (at, text) in body.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let problem = |why: String| ListFileError::Line { line: at + 2, why };
        let line: Line<'_> =
            serde_json::from_slice(text).map_err(|error| problem(error.to_string()))?;
        listings.push(listing(line, &head.list).map_err(problem)?);
    }
    Ok(ListFile { head, listings })
}

/// The list as a whole, and how many records it holds, without its records. The first line of the file is enough.
///
/// # Errors
/// When the first line is no head of a stored list.
pub fn read_head(bytes: &[u8]) -> Result<(Head, usize), ListFileError> {
    let (head, line) = head_of(&bytes[..end_of_line(bytes)])?;
    Ok((head, line.held))
}

fn end_of_line(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .map_or(bytes.len(), |at| at + 1)
}

fn head_of(first: &[u8]) -> Result<(Head, HeadLine<'_>), ListFileError> {
    let problem = |why: String| ListFileError::Head { why };
    let line: HeadLine<'_> =
        serde_json::from_slice(first).map_err(|error| problem(error.to_string()))?;
    if line.schema != SCHEMA {
        return Err(problem(format!(
            "its schema is `{}`, not `{SCHEMA}`",
            line.schema
        )));
    }
    let day = |text: &str| Day::parse(text).map_err(|error| problem(error.to_string()));
    let head = Head {
        list: line.list.to_string(),
        format: line.format.to_string(),
        title: line.title.to_string(),
        source: line.source.to_string(),
        day: day(&line.day)?,
        imported: day(&line.imported)?,
        parts: line.parts.to_vec(),
    };
    Ok((head, line))
}

fn line(listing: &Listing) -> Line<'_> {
    Line {
        id: listing.source_id.as_str().into(),
        kind: listing.kind,
        names: listing
            .names
            .iter()
            .map(|name| NameLine {
                text: name.text.as_str().into(),
                kind: name.kind,
                given: name.given.as_deref().map(Cow::from),
                family: name.family.as_deref().map(Cow::from),
                valid: span(name.valid),
                seen: (name.seen != listing.seen).then(|| in_words(name.seen)),
            })
            .collect(),
        identifiers: listing
            .identifiers
            .iter()
            .map(|identifier| IdentifierLine {
                kind: identifier.kind.as_str().into(),
                value: identifier.value.as_str().into(),
                country: identifier.country.map(|c| c.code().to_owned().into()),
            })
            .collect(),
        births: listing
            .births
            .iter()
            .map(|birth| BirthLine {
                on: if birth.from == birth.to {
                    birth.from.to_string().into()
                } else {
                    format!("{}/{}", birth.from, birth.to).into()
                },
                circa: birth.circa,
            })
            .collect(),
        birth_places: borrowed(&listing.birth_places),
        countries: listing
            .countries
            .iter()
            .map(|country| Cow::from(country.code()))
            .collect(),
        addresses: borrowed(&listing.addresses),
        programmes: borrowed(&listing.programmes),
        measures: borrowed(&listing.measures),
        citation: listing.citation.as_deref().map(Cow::from),
        remarks: listing.remarks.as_deref().map(Cow::from),
        valid: span(listing.valid),
        seen: span(listing.seen),
    }
}

fn borrowed(texts: &[String]) -> Vec<Cow<'_, str>> {
    texts.iter().map(|text| Cow::from(text.as_str())).collect()
}

/// `2021-08-18/..`; nothing where both ends are open.
fn span(days: Days) -> Option<Cow<'static, str>> {
    (days != Days::default()).then(|| in_words(days))
}

fn in_words(days: Days) -> Cow<'static, str> {
    let words = |day: Option<Day>| day.map_or("..".to_owned(), |day| day.to_string());
    format!("{}/{}", words(days.from), words(days.to)).into()
}

fn days(text: Option<&str>) -> Result<Days, String> {
    let Some(text) = text else {
        return Ok(Days::default());
    };
    let (from, to) = text
        .split_once('/')
        .ok_or_else(|| format!("`{text}` is no span of days, such as `2021-08-18/..`"))?;
    let day = |text: &str| match text {
        ".." => Ok(None),
        text => Day::parse(text)
            .map(Some)
            .map_err(|error| error.to_string()),
    };
    Ok(Days {
        from: day(from)?,
        to: day(to)?,
    })
}

fn listing(line: Line<'_>, list: &str) -> Result<Listing, String> {
    let seen = days(line.seen.as_deref())?;
    let mut names = Vec::with_capacity(line.names.len());
    for name in line.names {
        names.push(ListedName {
            text: name.text.into_owned(),
            kind: name.kind,
            given: name.given.map(Cow::into_owned),
            family: name.family.map(Cow::into_owned),
            valid: days(name.valid.as_deref())?,
            seen: match name.seen {
                Some(own) => days(Some(&own))?,
                None => seen,
            },
        });
    }
    let country =
        |code: &str| Country::from_code(code).ok_or_else(|| format!("`{code}` is no country code"));
    let mut identifiers = Vec::with_capacity(line.identifiers.len());
    for identifier in line.identifiers {
        identifiers.push(Identifier {
            kind: identifier.kind.into_owned(),
            value: identifier.value.into_owned(),
            country: identifier.country.as_deref().map(country).transpose()?,
        });
    }
    let mut births = Vec::with_capacity(line.births.len());
    for birth in &line.births {
        let (from, to) = birth.on.split_once('/').unwrap_or((&birth.on, &birth.on));
        let day = |text: &str| Day::parse(text).map_err(|error| error.to_string());
        births.push(BirthDate {
            from: day(from)?,
            to: day(to)?,
            circa: birth.circa,
        });
    }
    let owned = |texts: Vec<Cow<'_, str>>| texts.into_iter().map(Cow::into_owned).collect();
    Ok(Listing {
        list: list.to_owned(),
        source_id: line.id.into_owned(),
        kind: line.kind,
        names,
        identifiers,
        births,
        birth_places: owned(line.birth_places),
        countries: line
            .countries
            .iter()
            .map(|code| country(code))
            .collect::<Result<_, _>>()?,
        addresses: owned(line.addresses),
        programmes: owned(line.programmes),
        measures: owned(line.measures),
        citation: line.citation.map(Cow::into_owned),
        remarks: line.remarks.map(Cow::into_owned),
        valid: days(line.valid.as_deref())?,
        seen,
    })
}
