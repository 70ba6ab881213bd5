//! The labels of OFAC's lists: what `Tax ID No.` or `DOB` says, wherever it stands.
//!
//! The same words come as prefixes of remarks in the CSV files, as types in the XML files and in the screening list, so
//! they are read in one place. To add a label: one row in [`LABELS`]. What no row knows stays a remark.

use super::dates::{self, Order};
use super::entry::{Entry, Reading, tidy};
use crate::NameKind;

/// What the text after a label is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// An official number of this kind.
    Number(&'static str),
    /// A date of birth or founding.
    Birth,
    /// A place of birth.
    BirthPlace,
    /// A country of nationality, flag or registration.
    Country,
    /// The day on which the party was listed.
    Listed,
    /// What the listing brings with it.
    Measure,
    /// A name that needs a second agreement.
    Weak,
    /// A name borne before.
    Former,
}

use Use::{Birth, BirthPlace, Country, Former, Listed, Measure, Number, Weak};

/// Labels, each without `alt.` before it and colon or dash after it.
const LABELS: &[(&str, Use)] = &[
    ("DOB", Birth),
    ("Organization Established Date", Birth),
    ("POB", BirthPlace),
    ("nationality", Country),
    ("citizen", Country),
    ("Nationality of Registration", Country),
    ("Vessel Flag", Country),
    ("a.k.a.", Weak),
    ("f.k.a.", Former),
    ("Secondary sanctions risk", Measure),
    ("Additional Sanctions Information", Measure),
    ("Transactions Prohibited For Persons", Measure),
    ("Executive Order 13662 Directive Determination", Measure),
    ("Executive Order 13846 information", Measure),
    ("Executive Order 14014 Directive Information", Measure),
    ("Executive Order 14024 Directive Information", Measure),
    ("Executive Order 14059 information", Measure),
    ("CAATSA Section 235 Information", Measure),
    ("IFCA Determination", Measure),
    ("Listing Date", Listed),
    ("Passport", Number("passport")),
    ("Diplomatic Passport", Number("passport")),
    ("Stateless Person Passport", Number("passport")),
    ("Passport Booklet", Number("passport")),
    ("National ID No.", Number("national_id")),
    ("National ID", Number("national_id")),
    ("National Foreign ID Number", Number("national_id")),
    ("Identification Number", Number("national_id")),
    ("Turkish Identification Number", Number("national_id")),
    ("Kenyan ID No.", Number("national_id")),
    ("Personal ID Card", Number("national_id")),
    ("Cedula No.", Number("national_id")),
    ("Cedula de Ciudadania", Number("national_id")),
    ("Cedula de Residencia", Number("national_id")),
    ("Cedula de Identidad", Number("national_id")),
    ("C.U.R.P.", Number("national_id")),
    ("C.U.I.", Number("national_id")),
    ("C.U.I.P.", Number("national_id")),
    ("D.N.I.", Number("national_id")),
    ("D.P.I.", Number("national_id")),
    ("I.F.E.", Number("national_id")),
    ("LE Number", Number("national_id")),
    ("Numero de Identidad", Number("national_id")),
    ("Credencial electoral", Number("national_id")),
    ("Electoral Registry No.", Number("national_id")),
    ("Residency Number", Number("national_id")),
    ("Refugee ID Card", Number("national_id")),
    ("Birth Certificate Number", Number("birth_certificate")),
    ("SSN", Number("national_id")),
    ("Travel Document Number", Number("travel_document")),
    ("Driver's License No.", Number("driving_licence")),
    ("Tax ID No.", Number("tax")),
    ("US FEIN", Number("tax")),
    ("Italian Fiscal Code", Number("tax")),
    ("R.F.C.", Number("tax")),
    ("RFC", Number("tax")),
    ("NIT #", Number("tax")),
    ("NIT", Number("tax")),
    ("RUC #", Number("tax")),
    ("RUC", Number("tax")),
    ("RIF #", Number("tax")),
    ("RIF", Number("tax")),
    ("RTN", Number("tax")),
    ("C.U.I.T.", Number("tax")),
    ("C.R. No.", Number("registration")),
    ("V.A.T. Number", Number("tax")),
    ("Registration Number", Number("registration")),
    ("Registration ID", Number("registration")),
    ("Business Registration Number", Number("registration")),
    ("Business Registration Document #", Number("registration")),
    ("Business Number", Number("registration")),
    ("Public Registration Number", Number("registration")),
    ("Company Number", Number("registration")),
    ("UK Company Number", Number("registration")),
    ("Enterprise Number", Number("registration")),
    ("Commercial Registry Number", Number("registration")),
    ("Chamber of Commerce Number", Number("registration")),
    (
        "Certificate of Incorporation Number",
        Number("registration"),
    ),
    ("Central Registration System Number", Number("registration")),
    ("Economic Register Number (CBLS)", Number("registration")),
    ("Folio Mercantil No.", Number("registration")),
    ("Matricula Mercantil No", Number("registration")),
    ("Government Gazette Number", Number("okpo")),
    ("Unified Social Credit Code (USCC)", Number("uscc")),
    (
        "United Social Credit Code Certificate (USCCC)",
        Number("uscc"),
    ),
    ("Trade License No.", Number("licence")),
    ("License", Number("licence")),
    ("Legal Entity Number", Number("lei")),
    ("D-U-N-S Number", Number("duns")),
    ("SWIFT/BIC", Number("swift")),
    ("BIK (RU)", Number("bik")),
    ("ISIN", Number("isin")),
    ("Equity Ticker", Number("ticker")),
    ("Chinese Commercial Code", Number("chinese_commercial_code")),
    ("Digital Currency Address", Number("crypto")),
    ("Vessel Registration Identification IMO", Number("imo")),
    (
        "Vessel Registration Identification",
        Number("vessel_registration"),
    ),
    ("Vessel Call Sign", Number("call_sign")),
    ("Other Vessel Call Sign", Number("call_sign")),
    ("Identification Number IMO", Number("imo_company")),
    ("Company Number IMO", Number("imo_company")),
    ("MMSI", Number("mmsi")),
    ("Aircraft Tail Number", Number("tail_number")),
    ("Previous Aircraft Tail Number", Number("tail_number")),
    ("Aircraft Manufacturer's Serial Number (MSN)", Number("msn")),
    (
        "Aircraft Construction Number (also called L/N or S/N or F/N)",
        Number("msn"),
    ),
    ("Aircraft Mode S Transponder Code", Number("mode_s")),
    ("Website", Number("website")),
    ("Email Address", Number("email")),
    ("Phone Number", Number("phone")),
];

/// Takes a labelled text: `Tax ID No.`, `7744001497`, `Russia`. What no row knows becomes a remark.
pub(super) fn labelled(
    entry: &mut Entry,
    reading: &mut Reading<'_>,
    label: &str,
    value: &str,
    country: &str,
) {
    let bare = bare_label(label);
    // The kind of currency, or the directive, stands behind the label itself.
    let (found, rest) = match longest(&bare) {
        Some((found, row)) => (Some(row), bare[found..].trim()),
        None => (None, ""),
    };
    let value = tidy(&format!("{} {value}", currency(rest)));
    match found {
        Some(Measure) => apply(entry, reading, Measure, &format!("{bare}: {value}"), ""),
        Some(what) => apply(entry, reading, what, &value, country),
        None => match any_number(&format!("{bare} {value}")) {
            Some((kind, number)) => {
                let country = reading.country(country);
                entry.identifier(&kind, &number, country);
            }
            None => entry.remark_of(&bare, &value),
        },
    }
}

/// Whether a text is a label and nothing else.
pub(super) fn is_label(text: &str) -> bool {
    let bare = bare_label(text);
    longest(&bare).is_some_and(|(length, _)| {
        let rest = bare[length..].trim_start();
        rest.is_empty() || rest.starts_with(['(', '-', ':'])
    })
}

/// The remarks of a record: pieces parted by semicolons, each with or without a label.
pub(super) fn remarks(entry: &mut Entry, reading: &mut Reading<'_>, text: &str) {
    for piece in pieces(text) {
        let piece = piece.trim();
        let bare = piece
            .strip_prefix("alt. ")
            .unwrap_or(piece)
            .trim_end_matches('.')
            .trim();
        if bare.is_empty() {
            continue;
        }
        let Some((length, what)) = longest(bare) else {
            match any_number(bare) {
                Some((kind, number)) => {
                    let country = reading.country(in_brackets(bare));
                    entry.identifier(&kind, &number, country);
                }
                None => entry.remark(piece.trim_end_matches('.')),
            }
            continue;
        };
        let rest = bare[length..].trim_start_matches([':', '-', ' ']);
        match what {
            Number(_) => {
                let country = in_brackets(rest);
                apply(entry, reading, what, number_of(rest), country);
            }
            Listed => {
                let day = rest.rsplit_once("): ").map_or(rest, |(_, day)| day);
                apply(entry, reading, what, day, "");
                entry.remark(piece.trim_end_matches('.'));
            }
            Measure => {
                let measure = format!("{}: {rest}", &bare[..length]);
                apply(entry, reading, what, &measure, "");
            }
            _ => apply(entry, reading, what, rest, ""),
        }
    }
}

fn apply(entry: &mut Entry, reading: &mut Reading<'_>, what: Use, value: &str, country: &str) {
    match what {
        Number("crypto") => entry.identifier("crypto", value, None),
        Number(kind) => {
            let value = match kind {
                "imo" | "imo_company" => value.trim_start_matches("IMO").trim(),
                _ => value,
            };
            let kind = if kind == "vessel_registration" && is_imo(value) {
                "imo"
            } else {
                kind
            };
            let country = reading.country(country);
            entry.identifier(kind, value.trim_start_matches("IMO "), country);
        }
        Birth => entry.births(value, Order::MonthFirst),
        BirthPlace => entry.birth_place(value.trim_end_matches('.')),
        Country => {
            let country = reading.country(value);
            entry.country(country);
        }
        Listed => entry.listed(dates::day(value, Order::MonthFirst)),
        Measure => entry.measure(value),
        Weak => super::ofac_csv::name(entry, entry.listing.kind, NameKind::Weak, quoted(value)),
        Former => super::ofac_csv::name(entry, entry.listing.kind, NameKind::Former, quoted(value)),
    }
}

fn is_imo(value: &str) -> bool {
    value.starts_with("IMO ")
}

/// `'BNC'` without its quotes.
fn quoted(text: &str) -> &str {
    let text = text.trim().trim_end_matches('.').trim();
    text.strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''))
        .unwrap_or(text)
}

/// Pieces parted by `; `, but not within the quotes of a name.
fn pieces(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let within = rest.trim_start();
        let named = ["a.k.a. '", "f.k.a. '"]
            .iter()
            .any(|start| within.starts_with(start));
        let from = if named {
            // The name ends with a quote before a semicolon, a full stop, or the end.
            rest.find("';").map_or(0, |at| at + 1)
        } else {
            0
        };
        match rest[from..].find(';') {
            Some(at) => {
                found.push(&rest[..from + at]);
                rest = &rest[from + at + 1..];
            }
            None => {
                found.push(rest);
                return found;
            }
        }
    }
}

fn bare_label(label: &str) -> String {
    let label = tidy(label);
    let label = label.strip_prefix("alt. ").unwrap_or(&label);
    label.trim_end_matches([':', '-', ' ']).to_owned()
}

/// The longest label that a text begins with, and where it ends.
fn longest(text: &str) -> Option<(usize, Use)> {
    let initial = text.bytes().next()?.to_ascii_lowercase();
    let fits = |label: &str| {
        label.as_bytes()[0].to_ascii_lowercase() == initial
            && text
                .get(..label.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(label))
            && text[label.len()..]
                .chars()
                .next()
                .is_none_or(|next| !next.is_alphanumeric())
    };
    LABELS
        .iter()
        .filter(|(label, _)| fits(label))
        .max_by_key(|(label, _)| label.len())
        .map(|(label, what)| (label.len(), *what))
}

/// `- XBT` of `Digital Currency Address - XBT`; nothing of brackets such as `(CMIC)`.
fn currency(rest: &str) -> &str {
    let rest = rest.trim_start_matches(['-', ' ']);
    if rest.starts_with('(') { "" } else { rest }
}

/// The number itself, without country, date of issue or expiry.
fn number_of(text: &str) -> &str {
    let end = [" (", " issued ", " expires ", ", issued", ", expires"]
        .iter()
        .filter_map(|stop| text.find(stop))
        .min();
    text[..end.unwrap_or(text.len())].trim()
}

/// What stands in the last brackets.
fn in_brackets(text: &str) -> &str {
    let inside = text
        .rsplit_once('(')
        .and_then(|(_, rest)| rest.split_once(')'));
    inside.map_or("", |(inside, _)| inside)
}

/// A number with a label that no row knows: its kind is the label in lower case.
fn any_number(text: &str) -> Option<(String, String)> {
    let head = number_of(text);
    let (label, number) = [" No. ", " Number ", " # ", " No.: "]
        .iter()
        .find_map(|mark| head.split_once(mark))?;
    let right = (3..=40).contains(&label.len())
        && (2..=40).contains(&number.len())
        && number.bytes().any(|byte| byte.is_ascii_digit())
        && number.split(' ').count() <= 3;
    if !right {
        return None;
    }
    let kind: Vec<String> = label
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    Some((kind.join("_"), number.to_owned()))
}
