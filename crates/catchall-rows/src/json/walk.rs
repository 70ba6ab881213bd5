//! What every part of the JSON form is read with: the path one is on, the complaints made so far, and a
//! check for each type of field.
//!
//! A check that fails notes a complaint and gives `None`: so one pass finds all that is wrong.

use std::borrow::Cow;
use std::fmt::Write;

use catchall_model::{Country, Day, Given};
use serde_json::value::RawValue;

use super::value::{self, Fields, Value};
use crate::complaint::{Complaint, Fault, Known, MOST, When, day, key, name, show, when};
use crate::nearest::nearest;
use crate::words::{self, ROLES};

/// Deeper lists of values than this mean nothing: a curve is a list of pairs.
const DEEPEST_VALUE: usize = 4;

/// One walk over one record.
pub(crate) struct Walk<'w> {
    pub(crate) places: &'w Known,
    pub(crate) complaints: Vec<Complaint>,
    path: String,
}

impl<'w> Walk<'w> {
    pub(crate) fn new(known: &'w Known) -> Walk<'w> {
        Walk {
            places: known,
            complaints: Vec::new(),
            path: String::new(),
        }
    }

    /// Notes what is wrong here.
    pub(crate) fn complain(&mut self, found: &str, fault: Fault) {
        if self.complaints.len() < MOST {
            let complaint = if self.path.is_empty() {
                Complaint {
                    column: None,
                    ..fault.at("", found)
                }
            } else {
                fault.at(show(&self.path, 200), found)
            };
            self.complaints.push(complaint);
        }
    }

    /// Does something one field further in.
    pub(crate) fn within<T>(&mut self, field: &str, walk: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        if !self.path.is_empty() {
            self.path.push('.');
        }
        self.path.push_str(field);
        let outcome = walk(self);
        self.path.truncate(length);
        outcome
    }

    fn within_element<T>(&mut self, place: usize, walk: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        // Writing to a text cannot fail.
        let _ = write!(self.path, "[{place}]");
        let outcome = walk(self);
        self.path.truncate(length);
        outcome
    }

    fn note<T>(&mut self, found: &str, outcome: Result<T, Fault>) -> Option<T> {
        outcome.map_err(|fault| self.complain(found, fault)).ok()
    }

    fn wrong(&mut self, found: Value<'_>, wanted: &str, cure: impl Into<String>) {
        let problem = format!("{wanted} is needed here, and {} stands here", found.kind());
        self.complain(found.written(), Fault::new(problem, cure));
    }

    /// The fields of an object that are known and not null, each by its place in `known`; complains of the
    /// others.
    pub(crate) fn fields<'a>(
        &mut self,
        raw: &'a RawValue,
        known: &[&str],
    ) -> Vec<(usize, &'a RawValue)> {
        let pairs = self.pairs(raw);
        self.known(pairs, known)
    }

    /// Of these names and values, those that are known and not null; complains of the others.
    pub(crate) fn known<'a>(
        &mut self,
        pairs: Fields<'a>,
        known: &[&str],
    ) -> Vec<(usize, &'a RawValue)> {
        let mut fields: Vec<(usize, &RawValue)> = Vec::with_capacity(pairs.len());
        for (name, value) in pairs {
            let place = known.iter().position(|known| *known == name);
            match place {
                Some(place) if !matches!(Value::of(value), Value::Null) => {
                    fields.push((place, value))
                }
                Some(_) => {}
                None => {
                    let shown = show(&name, 60);
                    let fault = Fault::new(
                        format!("there is no field `{shown}` here"),
                        unknown_cure(&name, known, &self.path),
                    );
                    self.within(&shown, |walk| walk.complain(value.get(), fault));
                }
            }
        }
        fields
    }

    /// All names and values of an object, null included; complains of a name that stands twice.
    pub(crate) fn pairs<'a>(&mut self, raw: &'a RawValue) -> Fields<'a> {
        let value = Value::of(raw);
        if !matches!(value, Value::Object(_)) {
            self.wrong(value, "an object", "write `{ ... }` with fields");
            return Vec::new();
        }
        let pairs = value::object(raw);
        let pairs = self.note(raw.get(), pairs).unwrap_or_default();
        self.each_once(&pairs, raw.get());
        pairs
    }

    /// Complains of a name that stands twice.
    pub(crate) fn each_once(&mut self, pairs: &Fields<'_>, written: &str) {
        if let Some(twice) = first_twice(pairs) {
            let fault = Fault::new(
                format!(
                    "the field `{}` stands twice in this object",
                    show(twice, 60)
                ),
                "keep the one that is right",
            );
            let twice = show(twice, 60);
            self.within(&twice, |walk| walk.complain(written, fault));
        }
    }

    /// A text; an empty one says nothing.
    pub(crate) fn text(&mut self, raw: &RawValue, cure: &str) -> Option<String> {
        match Value::of(raw) {
            Value::Text(raw) => {
                let text = self.note(raw.get(), value::text(raw))?;
                let trimmed = text.trim();
                (!trimmed.is_empty()).then(|| trimmed.to_owned())
            }
            Value::Null => None,
            other => {
                self.wrong(other, "a text", cure);
                None
            }
        }
    }

    /// A text, or a number as written.
    pub(crate) fn text_or_number(&mut self, raw: &RawValue, cure: &str) -> Option<String> {
        match Value::of(raw) {
            Value::Number(text) => Some(text.to_owned()),
            _ => self.text(raw, cure),
        }
    }

    /// A text by which things are told apart.
    pub(crate) fn key(&mut self, raw: &RawValue, cure: &str) -> Option<String> {
        let text = self.text(raw, cure)?;
        self.note(&text, key(&text)).map(|()| text)
    }

    /// The name of somebody.
    pub(crate) fn name(&mut self, raw: &RawValue) -> Option<String> {
        let text = self.text(raw, "write the full name in `\"`")?;
        self.note(&text, name(&text)).map(|()| text)
    }

    /// Yes or no, in the words that a cell of a table says it with as well.
    pub(crate) fn yes_no(&mut self, raw: &RawValue) -> Option<bool> {
        let value = Value::of(raw);
        if let Value::YesNo(is) = value {
            return Some(is);
        }
        if matches!(value, Value::Text(_)) {
            let text = self.text(raw, "")?;
            let said = words::yes_no(&text);
            if said.is_some() {
                return said;
            }
        }
        if !matches!(value, Value::Null) {
            self.wrong(
                value,
                "true or false",
                "write `true` or `false`, or `null` when it is not known",
            );
        }
        None
    }

    pub(crate) fn day(&mut self, raw: &RawValue) -> Option<Day> {
        let text = self.text(raw, "write a day as `\"1998-03-25\"`")?;
        self.note(&text, day(&text))
    }

    /// A day, or a span of days where the day is not known.
    pub(crate) fn when(&mut self, raw: &RawValue) -> Option<When> {
        let text = self.text(raw, "write a day as `\"1998-03-25\"`")?;
        self.note(&text, when(&text))
    }

    pub(crate) fn country(&mut self, raw: &RawValue) -> Option<Country> {
        let text = self.text(raw, "write a country as `\"IR\"` or `\"Iran\"`")?;
        let places = self.places;
        self.note(&text, places.country(&text))
    }

    /// A word of a closed list of the contract, in whichever way of writing it that leaves no doubt.
    pub(crate) fn word(&mut self, raw: &RawValue, list: &'static [&'static str]) -> Option<String> {
        let value = Value::of(raw);
        if !matches!(value, Value::Text(_) | Value::Null) {
            self.wrong(
                value,
                "a text",
                format!("write one of `{}`", list.join("`, `")),
            );
            return None;
        }
        let text = self.text(raw, "")?;
        if let Some(word) = words::find(list, &text) {
            return Some(word.to_owned());
        }
        let cure = words::cure(list, &text);
        self.complain(
            &text,
            Fault::new(
                format!("`{}` is not one of the words for this", show(&text, 40)),
                cure,
            ),
        );
        None
    }

    /// A list, each element read by `each`. `"none"` is the empty list; an element that is wrong is left
    /// out, since the record is rejected for it anyway.
    pub(crate) fn list<T>(
        &mut self,
        raw: &RawValue,
        cure: &str,
        mut each: impl FnMut(&mut Self, &RawValue) -> Option<T>,
    ) -> Option<Vec<T>> {
        let elements = match Value::of(raw) {
            Value::List(raw) => {
                let elements = value::list(raw);
                self.note(raw.get(), elements)?
            }
            Value::Null => return None,
            Value::Text(text) if is_none(text) => return Some(Vec::new()),
            other => {
                self.wrong(other, "a list", cure);
                return None;
            }
        };
        if let [only] = elements[..]
            && is_none(only)
        {
            return Some(Vec::new());
        }
        let mut read = Vec::with_capacity(elements.len());
        for (place, element) in elements.into_iter().enumerate() {
            self.within_element(place, |walk| {
                if is_none(element) {
                    let cure = "write `none` alone, or take it out";
                    walk.complain(
                        element.get(),
                        Fault::new("the list says `none` and something else", cure),
                    );
                    return;
                }
                let before = walk.complaints.len();
                match each(walk, element) {
                    Some(value) => read.push(value),
                    None if walk.complaints.len() == before && before < MOST => {
                        let cure = "take it out; leave the whole list out when it is not known";
                        walk.complain(
                            element.get(),
                            Fault::new("nothing stands in this place of the list", cure),
                        );
                    }
                    None => {}
                }
            });
        }
        Some(read)
    }

    pub(crate) fn texts(&mut self, raw: &RawValue, cure: &str) -> Option<Vec<String>> {
        self.list(raw, cure, |walk, element| walk.text(element, cure))
    }

    pub(crate) fn countries(&mut self, raw: &RawValue) -> Option<Vec<Country>> {
        self.list(
            raw,
            "write countries as `[\"IR\", \"AE\"]`",
            |walk, element| walk.country(element),
        )
    }

    /// A value of a property or fact.
    pub(crate) fn given(&mut self, raw: &RawValue) -> Option<Given> {
        self.given_at(raw, 0)
    }

    fn given_at(&mut self, raw: &RawValue, depth: usize) -> Option<Given> {
        match Value::of(raw) {
            Value::Null => None,
            Value::YesNo(value) => Some(Given::YesNo(value)),
            Value::Number(text) => Some(Given::Number(text.to_owned())),
            Value::Text(_) => self.text(raw, "").map(Given::Text),
            Value::List(_) if depth >= DEEPEST_VALUE => {
                self.complain(
                    raw.get(),
                    Fault::new(
                        "lists lie in lists in lists here",
                        "write values, or pairs of values, in one list",
                    ),
                );
                None
            }
            // `"none"` is a word like any other here: what it means is for the vocabulary.
            Value::List(raw) => {
                let elements = value::list(raw);
                let elements = self.note(raw.get(), elements)?;
                let mut values = Vec::with_capacity(elements.len());
                for (place, element) in elements.into_iter().enumerate() {
                    let value = self.within_element(place, |walk| {
                        let before = walk.complaints.len();
                        let value = walk.given_at(element, depth + 1);
                        if value.is_none() && walk.complaints.len() == before {
                            let cure =
                                "take it out; leave the whole value out when it is not known";
                            walk.complain(
                                element.get(),
                                Fault::new("nothing stands in this place of the list", cure),
                            );
                        }
                        value
                    });
                    values.extend(value);
                }
                Some(Given::List(values))
            }
            other => {
                self.wrong(
                    other,
                    "a value",
                    "write a text such as `\"320 km\"`, a number, true or false, or a list of them; a key with a point is one name, as in `\"exporter.knows\"`",
                );
                None
            }
        }
    }

    /// Names and their values.
    pub(crate) fn named_values(&mut self, raw: &RawValue) -> Vec<(String, Given)> {
        let mut values = Vec::new();
        for (name, value) in self.pairs(raw) {
            let given = self.within(&name, |walk| walk.given(value));
            if let Some(given) = given {
                values.push((name.into_owned(), given));
            }
        }
        values
    }

    /// Names and their texts.
    pub(crate) fn named_texts(&mut self, raw: &RawValue, cure: &str) -> Vec<(String, String)> {
        let mut values = Vec::new();
        for (name, value) in self.pairs(raw) {
            let text = self.within(&name, |walk| walk.text(value, cure));
            if let Some(text) = text {
                values.push((name.into_owned(), text));
            }
        }
        values
    }
}

fn is_none(raw: &RawValue) -> bool {
    raw.get().eq_ignore_ascii_case("\"none\"")
}

fn first_twice<'p>(pairs: &'p [(Cow<'_, str>, &RawValue)]) -> Option<&'p str> {
    if pairs.len() < 16 {
        let twice = pairs.iter().enumerate().find(|(place, (name, _))| {
            pairs
                .iter()
                .take(*place)
                .any(|(earlier, _)| earlier == name)
        });
        return twice.map(|(_, (name, _))| name.as_ref());
    }
    let mut names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_ref()).collect();
    names.sort_unstable();
    names
        .windows(2)
        .find(|pair| pair.first() == pair.last())
        .and_then(|pair| pair.first().copied())
}

/// What to do about a field that is not known at this place.
fn unknown_cure(name: &str, known: &[&str], path: &str) -> String {
    if path.is_empty() && ROLES.contains(&name) {
        return format!(
            "name parties under `parties`: `{{\"role\": \"{name}\", \"name\": \"...\"}}`"
        );
    }
    if let Some(near) = nearest(name, known.iter().copied()) {
        return format!("the nearest is `{near}`");
    }
    match super::home_of(name) {
        None if path.ends_with(".item") => format!(
            "what is measured of an item is written under its `properties`: `\"properties\": {{\"{name}\": ...}}`; what stands here is one of `{}`",
            known.join("`, `")
        ),
        Some(home) => format!("`{name}` belongs under `{home}`"),
        None => format!("take it out, or write one of `{}`", known.join("`, `")),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use catchall_model::Places;

    use super::*;

    #[test]
    fn yes_and_no_are_read_in_the_words_of_a_table_too() {
        let known = Known::new(Arc::new(Places::default()));
        let read = |informed: &str| {
            let row = format!(r#"{{"knowledge":{{"informed_by_authority":{informed}}}}}"#);
            super::super::transfer(&known, row.as_bytes(), 1).0
        };
        for (written, is) in [
            ("true", Some(true)),
            (r#""yes""#, Some(true)),
            (r#"" Y ""#, Some(true)),
            (r#""No""#, Some(false)),
            (r#""false""#, Some(false)),
            (r#""""#, None),
        ] {
            let told = read(written).unwrap().knowledge.informed_by_authority;
            assert_eq!(told.map(|told| told.is), is, "{written}");
        }
        for written in [r#""perhaps""#, "1", "[true]"] {
            assert!(read(written).is_err(), "{written}");
        }
    }
}
