//! Complaints: what is wrong with one cell or field, before it is known which record it stands in, and
//! what the checks share that more than one reader makes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use catchall_model::{Country, DateError, Day, Places, Reject};

use super::nearest::nearest;

/// No more complaints than this are made of one record: enough to repair it, and a record of a million
/// faults does not fill the memory.
pub(crate) const MOST: usize = 20;

/// So many names of places that do not exist are remembered with their nearest real ones.
const REMEMBERED: usize = 4096;

/// What is wrong, and what would have been right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// In words.
    pub(crate) problem: String,
    /// In words.
    pub(crate) cure: String,
}

impl Fault {
    pub(crate) fn new(problem: impl Into<String>, cure: impl Into<String>) -> Fault {
        Fault {
            problem: problem.into(),
            cure: cure.into(),
        }
    }

    /// At this column or field, where this stood.
    pub(crate) fn at(self, column: impl Into<String>, cell: &str) -> Complaint {
        Complaint {
            column: Some(column.into()),
            cell: Some(show(cell, 80)),
            fault: self,
        }
    }

    /// With the whole record.
    pub(crate) fn of_all(self) -> Complaint {
        Complaint {
            column: None,
            cell: None,
            fault: self,
        }
    }
}

/// A fault and its place within the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Complaint {
    /// Column name or field path.
    pub(crate) column: Option<String>,
    /// What stood there, fit to be shown.
    pub(crate) cell: Option<String>,
    /// What is wrong.
    pub(crate) fault: Fault,
}

/// Which record of which file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    /// The file.
    pub(crate) file: &'a str,
    /// From 1.
    pub(crate) row: u64,
    /// From 1, where the format has lines.
    pub(crate) line: Option<u64>,
}

impl Record<'_> {
    /// The complaint as the public form of it.
    pub(crate) fn reject(&self, id: Option<&str>, complaint: Complaint) -> Reject {
        Reject {
            file: self.file.to_owned(),
            row: self.row,
            line: self.line,
            id: id.filter(|id| !id.is_empty()).map(|id| show(id, 80)),
            column: complaint.column,
            cell: complaint.cell,
            problem: complaint.fault.problem,
            cure: complaint.fault.cure,
        }
    }
}

/// A text as a message may show it: cut, and with what cannot be seen, or changes how its neighbours are
/// seen, written out.
pub(crate) fn show(text: &str, most: usize) -> String {
    let mut shown = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == most {
            shown.push('…');
            break;
        }
        if c.is_control() || is_invisible(c) {
            shown.push_str(&format!("\\u{{{:04x}}}", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Characters without a shape, or which turn the direction of writing.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}')
}

/// The checks that need the list of places.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) places: Arc<Places>,
    /// Names that are none, with their nearest: the same slip tends to stand in a million rows.
    missed: Mutex<BTreeMap<String, Option<String>>>,
}

impl Known {
    pub(crate) fn new(places: Arc<Places>) -> Known {
        Known {
            places,
            missed: Mutex::default(),
        }
    }

    /// The country or territory of this name or code.
    pub(crate) fn country(&self, text: &str) -> Result<Country, Fault> {
        self.places.find(text).ok_or_else(|| {
            let cure = match self.nearest_place(text) {
                Some(near) => format!("the nearest is {near}"),
                None => {
                    "write an ISO 3166-1 code such as `IR` or a name such as `Iran`, or leave it out when not known"
                        .to_owned()
                }
            };
            Fault::new(format!("`{}` is no country or territory that is known here", show(text, 40)), cure)
        })
    }

    fn nearest_place(&self, text: &str) -> Option<String> {
        if text.chars().nth(60).is_some() || text.chars().nth(2).is_none() {
            return None;
        }
        let mut missed = self.missed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = missed.get(text) {
            return known.clone();
        }
        let lower = text.to_lowercase();
        let near = nearest(
            &lower,
            self.places
                .spellings()
                .map(|(name, _)| name)
                .filter(|name| name.chars().nth(2).is_some()),
        )
        .and_then(|name| self.places.find(name))
        .map(|country| format!("`{}` ({country})", self.places.name(&country)));
        if missed.len() < REMEMBERED {
            missed.insert(text.to_owned(), near.clone());
        }
        near
    }
}

/// A day, as the contract writes it.
pub(crate) fn day(text: &str) -> Result<Day, Fault> {
    Day::parse(text).map_err(|error| match error {
        DateError::Form { .. } => Fault::new(
            format!("`{}` is not a day", show(text, 40)),
            "write it as year-month-day, for example `1998-03-25`",
        ),
        DateError::NoSuchDay { found, why } => Fault::new(
            format!("`{}` is not in the calendar", show(&found, 40)),
            why,
        ),
    })
}

/// A day of `dates`: one day, or what is known of it, `1995-06-01..1995-07-15`, `1995-06` or `1995`, as the law's facts read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// That day.
    Day(Day),
    /// Some day between two.
    Between(String),
}

/// Reads a day of `dates`.
pub(crate) fn when(text: &str) -> Result<When, Fault> {
    let looks = text.contains("..") || matches!(text.trim().len(), 4 | 7);
    if !looks {
        return day(text).map(When::Day);
    }
    let (first, last) = text.split_once("..").unwrap_or((text, text));
    match (Day::span(first), Day::span(last)) {
        (Ok((first, _)), Ok((_, last))) if first <= last => {
            Ok(When::Between(format!("{first}..{last}")))
        }
        (Ok(_), Ok(_)) => Err(Fault::new(
            format!("`{}` ends before it begins", show(text, 40)),
            "write the earlier day first",
        )),
        _ => Err(Fault::new(
            format!("`{}` is no day and no span of days", show(text, 40)),
            "write it as year-month-day, for example `1998-03-25`, or as `1998-03-01..1998-03-31` where the day is not known",
        )),
    }
}

/// A code, number or other key must be made of characters that can be seen, since it is compared by them.
pub(crate) fn key(text: &str) -> Result<(), Fault> {
    if text
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':'))
    {
        return Ok(());
    }
    if let Some(hidden) = text.chars().find(|c| c.is_control() || is_invisible(*c)) {
        return Err(Fault::new(
            format!(
                "`{}` holds the invisible character U+{:04X}",
                show(text, 40),
                u32::from(hidden)
            ),
            "write it anew, without that character",
        ));
    }
    if is_spreadsheet_number(text) {
        return Err(Fault::new(
            format!(
                "`{}` is what a spreadsheet makes of a code such as `5E002`",
                show(text, 40)
            ),
            "give the column the format text and write the code again",
        ));
    }
    Ok(())
}

/// Checks a quantity or value, which stays text: it cannot be less than nothing.
pub(crate) fn amount(text: &str) -> Result<(), Fault> {
    let figure = text.trim_start().strip_prefix(['-', '\u{2212}']);
    let negative = figure.is_some_and(|rest| {
        rest.trim_start()
            .trim_start_matches('.')
            .starts_with(|c: char| c.is_ascii_digit())
    });
    if negative {
        return Err(Fault::new(
            format!("`{}` is less than nothing", show(text, 40)),
            "write how much goes out, as in `22 t`; what comes back is a transfer of its own",
        ));
    }
    Ok(())
}

/// A name must name somebody.
pub(crate) fn name(text: &str) -> Result<(), Fault> {
    const NOT_KNOWN: &[&str] = &[
        "-",
        "--",
        "?",
        "n/a",
        "n.a.",
        "null",
        "tbd",
        "unknown",
        "not known",
    ];
    if NOT_KNOWN.iter().any(|word| word.eq_ignore_ascii_case(text)) {
        return Err(Fault::new(
            format!("`{}` is not a name", show(text, 40)),
            "leave it out when nobody knows, and write `none` when there is nobody",
        ));
    }
    Ok(())
}

/// What a spreadsheet leaves in a cell whose formula went wrong, or which was too narrow.
#[inline]
pub(crate) fn formula_error(text: &str) -> Option<Fault> {
    if text.as_bytes().first() == Some(&b'#') {
        after_a_hash(text)
    } else {
        None
    }
}

fn after_a_hash(text: &str) -> Option<Fault> {
    const ERRORS: &[&str] = &[
        "#REF!",
        "#N/A",
        "#VALUE!",
        "#NAME?",
        "#DIV/0!",
        "#NUM!",
        "#NULL!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#FIELD!",
        "#BLOCKED!",
        "#UNKNOWN!",
        "#CONNECT!",
    ];
    let is_error = ERRORS.iter().any(|error| error.eq_ignore_ascii_case(text));
    if is_error {
        return Some(Fault::new(
            format!("`{}` is the error of a formula", show(text, 40)),
            "repair the formula, or write the value itself; leave the cell empty when it is not known",
        ));
    }
    (text.len() > 2 && text.bytes().all(|byte| byte == b'#')).then(|| {
        Fault::new(
            format!(
                "`{}` is what a spreadsheet shows where a column is too narrow",
                show(text, 40)
            ),
            "widen the column and save the file again",
        )
    })
}

/// `5.00E+02`: figures, a point perhaps, an E with its sign, figures. A code has no sign there.
fn is_spreadsheet_number(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else {
        return false;
    };
    let figures = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, "0"));
    figures(whole) && figures(fraction) && exponent.strip_prefix(['+', '-']).is_some_and(figures)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_survives_and_what_a_spreadsheet_made_of_it_does_not() {
        for code in ["5E002", "3A001.b.2", "9.A.4", "ML4", "1E001", "5E+", "none"] {
            assert_eq!(key(code), Ok(()), "{code}");
        }
        for damaged in ["5.00E+02", "5E+02", "1,00E-12"] {
            assert!(key(damaged).is_err(), "{damaged}");
        }
        assert!(key("5A002\u{200b}").unwrap_err().problem.contains("U+200B"));
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(show("a\u{202e}b\u{0}", 80), "a\\u{202e}b\\u{0000}");
        assert_eq!(show("abc", 2), "ab…");
        assert_eq!(show("تهران", 80), "تهران");
    }
}
