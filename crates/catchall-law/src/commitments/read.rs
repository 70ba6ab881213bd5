//! Fields to undertakings and acts: one reader for packs and for a user's file.
//!
//! A field that is left out is not known; a field that nobody knows, and a value that is none of its field's, is a [`Fault`]
//! with what would be right. Places in a file are the caller's matter.

use std::collections::BTreeMap;

use catchall_model::{
    ActKind, Country, Day, Force, Given, Number, ParseWordError, Shows, Span, UndertakingSort,
};

use super::{Act, Ceiling, Due, Leave, Undertaking, When};
use crate::diagnostic::{nearest, suggestion};
use crate::period::Period;

/// What stands in a record, by field.
pub type Fields = BTreeMap<String, Given>;

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field; empty for the record as a whole.
    pub field: String,
    /// What is wrong.
    pub problem: String,
    /// What would be right.
    pub cure: String,
}

/// The fields of an undertaking.
pub const UNDERTAKING_FIELDS: &[&str] = &[
    "id",
    "title",
    "by",
    "to",
    "what",
    "sort",
    "cite",
    "source",
    "confidence",
    "force",
    "from",
    "until",
    "due",
    "measured",
    "ceiling",
    "ceiling_of",
    "ceiling_unit",
    "leave",
    "notice_months",
    "needs",
    "link",
    "asks",
    "note",
    "recorded",
];

/// The fields of an act.
pub const ACT_FIELDS: &[&str] = &[
    "id",
    "date",
    "by",
    "who",
    "kind",
    "shows",
    "what",
    "bears_on",
    "about",
    "said_by",
    "effective",
    "until",
    "value",
    "of",
    "cite",
    "source",
    "confidence",
    "recorded",
];

/// Reads an undertaking.
///
/// # Errors
/// Everything that is wrong with it, in the order of its fields.
pub fn read_undertaking(fields: &Fields) -> Result<Undertaking, Vec<Fault>> {
    let mut read = Reader::new(fields, UNDERTAKING_FIELDS);
    let sort = read.word::<UndertakingSort>("sort");
    let most = read.number("ceiling");
    let made = Undertaking {
        id: read.need("id", "an id, as in `pact-7/no-new-sales`"),
        title: read.need("title", "a short title"),
        instrument: None,
        by: read.parties("by"),
        to: read.parties("to"),
        what: read.need("what", "what was undertaken, in your own words"),
        sort: sort.unwrap_or(UndertakingSort::Abstain),
        cite: read.need("cite", "instrument, article and paragraph"),
        source: read.text("source"),
        read: read.confidence(),
        force: read.word("force").unwrap_or(Force::Statement),
        in_effect: true,
        from: read.when("from").unwrap_or(Span {
            first: Day::MIN,
            last: Day::MIN,
        }),
        until: read.when("until").unwrap_or(Span {
            first: Day::MAX,
            last: Day::MAX,
        }),
        due: read.due(),
        measured: read.text("measured"),
        ceiling: most.map(|most| Ceiling {
            most,
            of: String::new(),
            unit: String::new(),
        }),
        leave: None,
        needs: read.texts("needs"),
        link: read.text("link"),
        asks: read.texts("asks"),
        note: read.text("note"),
        recorded: read.day("recorded"),
        at: None,
    };
    let mut made = read.rest(made);
    made.in_effect = made.force.has_effect();
    if made.by.is_empty() {
        read.fault("by", "nobody is bound", "write who: `by = [\"RU\"]`");
    }
    if sort.is_none() && !fields.contains_key("sort") {
        read.fault(
            "sort",
            "it does not say what sort of thing was undertaken",
            "write `do`, `abstain` or `ceiling`",
        );
    }
    if !fields.contains_key("from") {
        read.fault(
            "from",
            "it does not say since when",
            "write `from = \"1995-06-30\"`; a month or a year where the day is not known",
        );
    }
    if (made.sort == UndertakingSort::Ceiling) != made.ceiling.is_some() {
        read.fault(
            "ceiling",
            "a figure belongs to a ceiling, and a ceiling needs one",
            "write `sort = \"ceiling\"` with `ceiling = \"6000\"` and `ceiling_of`",
        );
    }
    read.done(made)
}

/// Reads an act. Where `id` is left out the caller gives one.
///
/// # Errors
/// Everything that is wrong with it, in the order of its fields.
pub fn read_act(fields: &Fields, default_id: &str) -> Result<Act, Vec<Fault>> {
    let mut read = Reader::new(fields, ACT_FIELDS);
    let id = read.text("id");
    let made = Act {
        id: if id.is_empty() {
            default_id.to_owned()
        } else {
            id
        },
        date: read.when("date").unwrap_or(Span {
            first: Day::MIN,
            last: Day::MAX,
        }),
        by: read.party("by"),
        who: read.text("who"),
        kind: read.word("kind").unwrap_or(ActKind::Statement),
        shows: read.word::<Shows>("shows"),
        what: read.need("what", "what happened, in your own words"),
        bears_on: read.texts("bears_on"),
        about: read.parties("about"),
        said_by: read.parties("said_by"),
        effective: read.when("effective"),
        until: read.when("until"),
        value: read.number("value"),
        of: read.texts("of"),
        cite: read.text("cite"),
        source: read.text("source"),
        read: read.confidence(),
        recorded: read.day("recorded"),
        at: None,
    };
    for (field, cure) in [
        ("date", "write the day: `date = \"2000-03-14\"`"),
        ("by", "write who acted or spoke: a state's code, or a name"),
        ("kind", "write what it is: statement, denial, delivery, ..."),
        ("bears_on", "write the undertakings that it bears on"),
    ] {
        let empty = match field {
            "by" => made.by.is_empty(),
            "bears_on" => made.bears_on.is_empty(),
            other => !fields.contains_key(other),
        };
        if empty && !read.found(field) {
            read.fault(field, &format!("`{field}` is missing here"), cure);
        }
    }
    if matches!(made.kind, ActKind::Correction | ActKind::Retraction) && made.of.is_empty() {
        read.fault(
            "of",
            "it does not say which act it corrects or takes back",
            "write `of = [\"ID OF THE ACT\"]`",
        );
    }
    read.done(made)
}

struct Reader<'a> {
    fields: &'a Fields,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    fn new(fields: &'a Fields, known: &[&str]) -> Reader<'a> {
        let strange = fields.keys().filter(|key| !known.contains(&key.as_str()));
        let faults = strange
            .map(|key| Fault {
                field: key.clone(),
                problem: format!(
                    "nothing called `{key}` may stand here{}",
                    suggestion(nearest(key, known.iter().copied()))
                ),
                cure: format!("fields are {}", known.join(", ")),
            })
            .collect();
        Reader { fields, faults }
    }

    fn fault(&mut self, field: &str, problem: &str, cure: &str) {
        self.faults.push(Fault {
            field: field.to_owned(),
            problem: problem.to_owned(),
            cure: cure.to_owned(),
        });
    }

    fn found(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.field == field)
    }

    fn done<T>(self, made: T) -> Result<T, Vec<Fault>> {
        if self.faults.is_empty() {
            Ok(made)
        } else {
            Err(self.faults)
        }
    }

    fn text(&mut self, field: &str) -> String {
        match self.fields.get(field) {
            None => String::new(),
            Some(Given::Text(text)) => text.trim().to_owned(),
            Some(Given::Number(number)) => number.clone(),
            Some(_) => {
                self.fault(
                    field,
                    &format!("`{field}` is one text"),
                    "write it in quotation marks",
                );
                String::new()
            }
        }
    }

    fn need(&mut self, field: &str, what: &str) -> String {
        let text = self.text(field);
        if text.is_empty() && !self.found(field) {
            let problem = format!("`{field}` is missing here");
            self.fault(field, &problem, &format!("write {what}"));
        }
        text
    }

    fn texts(&mut self, field: &str) -> Vec<String> {
        let mut all = match self.fields.get(field) {
            None => Vec::new(),
            Some(Given::Text(text)) => text
                .split(';')
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .map(str::to_owned)
                .collect(),
            Some(Given::List(several)) => several
                .iter()
                .filter_map(|each| match each {
                    Given::Text(text) if !text.trim().is_empty() => Some(text.trim().to_owned()),
                    _ => None,
                })
                .collect(),
            Some(_) => {
                self.fault(
                    field,
                    &format!("`{field}` is a list of texts"),
                    "write `[\"...\", \"...\"]`; in a cell, separate them by `;`",
                );
                Vec::new()
            }
        };
        let mut seen = Vec::new();
        all.retain(|each| {
            let new = !seen.contains(each);
            seen.push(each.clone());
            new
        });
        all
    }

    fn party(&mut self, field: &str) -> String {
        let text = self.text(field);
        self.state(field, &text);
        text
    }

    fn parties(&mut self, field: &str) -> Vec<String> {
        let all = self.texts(field);
        for each in &all {
            self.state(field, each);
        }
        all
    }

    /// Two letters are meant as a state's code, and then they must be written as one.
    fn state(&mut self, field: &str, text: &str) {
        let short = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphabetic());
        if short && Country::from_code(text).is_none() {
            self.fault(
                field,
                &format!("`{}` is no country code", shown(text)),
                "write two capital letters, as in `RU`, or a whole name",
            );
        }
    }

    fn word<T: std::str::FromStr<Err = ParseWordError>>(&mut self, field: &str) -> Option<T> {
        let text = self.text(field);
        if text.is_empty() {
            return None;
        }
        match text.parse() {
            Ok(word) => Some(word),
            Err(error) => {
                let near = suggestion(nearest(&text, error.expected.split(", ")));
                self.fault(
                    field,
                    &format!("`{}` is no {field}{near}", shown(&text)),
                    &format!("write one of {}", error.expected),
                );
                None
            }
        }
    }

    fn when(&mut self, field: &str) -> Option<When> {
        let text = self.text(field);
        if text.is_empty() {
            return None;
        }
        match when(&text) {
            Ok(span) => Some(span),
            Err(problem) => {
                self.fault(
                    field,
                    &problem,
                    "write `1998-01-22`, `2000-02`, `1995`, or `[2000-11-01..2000-11-24]` for a day between two",
                );
                None
            }
        }
    }

    fn day(&mut self, field: &str) -> Option<Day> {
        let text = self.text(field);
        if text.is_empty() {
            return None;
        }
        match Day::parse(&text) {
            Ok(day) => Some(day),
            Err(error) => {
                self.fault(field, &error.to_string(), "write it as in `2026-11-22`");
                None
            }
        }
    }

    fn due(&mut self) -> Due {
        if self.text("due") == "not published" {
            return Due::NotPublished;
        }
        self.when("due").map_or(Due::None, Due::By)
    }

    fn number(&mut self, field: &str) -> Option<Number> {
        let text = self.text(field);
        if text.is_empty() {
            return None;
        }
        match catchall_model::Quantity::parse(&text) {
            Ok(quantity) if quantity.unit == catchall_model::Unit::NONE => Some(quantity.amount),
            _ => {
                self.fault(
                    field,
                    &format!("`{}` is no plain number", shown(&text)),
                    "write the number alone, as in `6,000`; its unit stands in `ceiling_unit`",
                );
                None
            }
        }
    }

    fn confidence(&mut self) -> bool {
        match self.text("confidence").as_str() {
            "read" => true,
            "recalled" | "" => false,
            other => {
                let problem = format!("`{}` is no confidence", shown(other));
                self.fault("confidence", &problem, "write `read` or `recalled`");
                false
            }
        }
    }

    /// The fields that belong together.
    fn rest(&mut self, mut made: Undertaking) -> Undertaking {
        let (of, unit) = (self.text("ceiling_of"), self.text("ceiling_unit"));
        if let Some(ceiling) = &mut made.ceiling {
            if of.is_empty() {
                self.fault(
                    "ceiling_of",
                    "it does not say what is counted",
                    "write `ceiling_of = \"accountable warheads\"`",
                );
            }
            ceiling.of = of;
            ceiling.unit = unit;
        }
        let text = self.text("leave");
        let months = self.number("notice_months");
        if !text.is_empty() {
            made.leave = Some(Leave {
                text,
                notice_months: months.map_or(0, |months| {
                    i32::try_from(months.grid() / Number::ONE).unwrap_or(i32::MAX)
                }),
            });
        }
        made
    }
}

/// A day, or the days between which it lies.
pub(crate) fn when(text: &str) -> Result<When, String> {
    let period = Period::parse(&format!("{text}/{text}"))
        .map_err(|_| format!("`{}` is no day, month or year", shown(text)))?;
    let (first, last) = period.ends();
    if text.contains('/') || text.contains("..") && !text.starts_with('[') {
        return Err(format!("`{}` is no day, month or year", shown(text)));
    }
    Ok(Span { first, last })
}

/// What stood there, cut where it is long: a message is to be read.
fn shown(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
