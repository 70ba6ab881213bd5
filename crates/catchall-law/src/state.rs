//! The state of knowledge of one transfer: for each fact what is known of its value.
//!
//! A fact that nobody stated is not there at all: that is what "not known" is. Values may be exact, or
//! leave room: a range, several words, a set that may hold more.

use catchall_model::{
    Amount, AmountError, Country, DateError, Day, Dimension, Given, Number, Quantity,
};

use crate::diagnostic::nearest;
use crate::language::code_within;
use crate::vocabulary::{Domain, FactId, Vocabulary, fold_word};

/// What is known of one fact's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// True or false.
    YesNo(bool),
    /// One word, kind or country.
    One(u32),
    /// One of these words, kinds or countries, ascending.
    OneOf(Vec<u32>),
    /// Any number of words, countries or listed parties.
    Set {
        /// Surely in it, ascending.
        sure: Vec<u32>,
        /// Whether more may be in it.
        more: bool,
    },
    /// A figure in base units, or a day, between these, both included.
    Between(Number, Number),
    /// A figure in one of these spans, ascending.
    Spans(Vec<(Number, Number)>),
    /// The payload-range curve.
    Curve(Curve),
}

/// What is known of how far something carries how much: points on its limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Payload between, and greatest range with it between; in base units.
    pub points: Vec<[Number; 4]>,
}

impl Curve {
    /// Whether it reaches `range` with `payload`: more payload never means more range.
    pub fn delivers(&self, payload: Number, range: Number) -> Option<bool> {
        let reaches =
            |[least, _, shortest, _]: &[Number; 4]| *least >= payload && *shortest >= range;
        let fails = |[_, most, _, farthest]: &[Number; 4]| *most <= payload && *farthest < range;
        if self.points.iter().any(reaches) {
            Some(true)
        } else if self.points.iter().any(fails) {
            Some(false)
        } else {
            None
        }
    }
}

/// A code that somebody claims for the item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The list, by place; `None` for every list.
    pub list: Option<usize>,
    /// The code; `None` says that the item is on no entry.
    pub code: Option<String>,
}

/// Everything known of one transfer, ready to be evaluated.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    index: Vec<u16>,
    values: Vec<(FactId, Value)>,
    /// Codes claimed for the item.
    pub claims: Vec<Claim>,
    /// Jurisdictions put in (`true`) or left out (`false`) by hand.
    pub by_hand: Vec<(String, bool)>,
}

/// Why a stated value cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{problem}; {cure}")]
pub struct ValueError {
    /// What is wrong.
    pub problem: String,
    /// What would be right.
    pub cure: String,
}

impl ValueError {
    pub(crate) fn new(problem: impl Into<String>, cure: impl Into<String>) -> ValueError {
        ValueError {
            problem: problem.into(),
            cure: cure.into(),
        }
    }
}

impl Facts {
    /// Nothing known, with room for as many facts as a vocabulary has, some twenty of them stated.
    pub fn with_room(vocabulary: &Vocabulary) -> Facts {
        Facts {
            index: vec![0; vocabulary.facts.len()],
            values: Vec::with_capacity(24),
            ..Facts::default()
        }
    }

    /// What is known of a fact; `None` when nothing is.
    pub fn get(&self, fact: FactId) -> Option<&Value> {
        match self.index.get(usize::from(fact.0)) {
            Some(0) | None => None,
            Some(place) => self
                .values
                .get(usize::from(*place) - 1)
                .map(|(_, value)| value),
        }
    }

    /// States a fact; a later statement replaces an earlier one.
    pub fn set(&mut self, fact: FactId, value: Value) {
        let place = usize::from(fact.0);
        if self.index.len() <= place {
            self.index.resize(place + 1, 0);
        }
        if self.index[place] == 0 {
            self.values.push((fact, value));
            self.index[place] = u16::try_from(self.values.len()).unwrap_or(u16::MAX);
        } else {
            self.values[usize::from(self.index[place]) - 1].1 = value;
        }
    }

    /// Forgets a fact.
    pub fn unset(&mut self, fact: FactId) {
        if let Some(place) = self.index.get_mut(usize::from(fact.0)) {
            *place = 0;
        }
    }

    /// The facts stated, in the order of the vocabulary.
    pub fn stated(&self) -> impl Iterator<Item = (FactId, &Value)> {
        (0u16..).zip(&self.index).filter_map(|(fact, place)| {
            let place = usize::from(*place).checked_sub(1)?;
            Some((FactId(fact), &self.values[place].1))
        })
    }

    /// Forgets everything, keeping the memory.
    pub fn clear(&mut self) {
        self.index.fill(0);
        self.values.clear();
        self.claims.clear();
        self.by_hand.clear();
    }

    /// The claim that counts for a list, if any: whether it is on the list at all, and under which code.
    pub fn claim(&self, list: usize) -> Option<Option<&str>> {
        let own = self.claims.iter().find(|claim| claim.list == Some(list));
        own.or_else(|| self.claims.iter().find(|claim| claim.list.is_none()))
            .map(|claim| claim.code.as_deref())
    }
}

/// How a claimed code stands to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClaimFit {
    /// The claim is the entry, or lies below it.
    Within,
    /// The claim names a heading above the entry.
    Above,
    /// They are apart.
    Apart,
}

pub(crate) fn claim_fit(claim: &str, entry: &str) -> ClaimFit {
    if code_within(claim, entry) {
        ClaimFit::Within
    } else if code_within(entry, claim) {
        ClaimFit::Above
    } else {
        ClaimFit::Apart
    }
}

/// Reads a stated value for a fact.
///
/// # Errors
/// When the value is none of the fact's: says what was found and what would be right.
pub fn read_value(
    vocabulary: &Vocabulary,
    fact: FactId,
    given: &Given,
) -> Result<Value, ValueError> {
    let known = vocabulary.get(fact);
    match known.domain {
        Domain::YesNo => match given {
            Given::YesNo(yes) => Ok(Value::YesNo(*yes)),
            Given::Text(text) => match text.trim().to_lowercase().as_str() {
                "yes" | "true" | "y" => Ok(Value::YesNo(true)),
                "no" | "false" | "n" => Ok(Value::YesNo(false)),
                _ => Err(ValueError::new(
                    format!("`{}` is neither yes nor no", short(text)),
                    "write `yes` or `no`, or leave it out when it is not known",
                )),
            },
            other => Err(ValueError::new(
                format!("{} is neither yes nor no", show(other)),
                "write `true` or `false`",
            )),
        },
        Domain::Words(_) | Domain::Kinds | Domain::Countries => words(vocabulary, fact, given),
        Domain::Quantity(dimension) => {
            let amount = |given: &Given| match given {
                Given::Text(text) | Given::Number(text) => {
                    read_amount(text, dimension, known.unit.name())
                }
                other => Err(ValueError::new(
                    format!("{} is no amount", show(other)),
                    format!(
                        "write {}, as in `{}`",
                        dimension.with_article(),
                        example(known.unit.name())
                    ),
                )),
            };
            let amount = match given {
                Given::List(several) => {
                    let amounts: Vec<Amount> =
                        several.iter().map(amount).collect::<Result<_, _>>()?;
                    Amount::any_of(&amounts).ok_or_else(|| {
                        ValueError::new(
                            "an empty list is no amount",
                            "leave it out when it is not known",
                        )
                    })?
                }
                other => amount(other)?,
            };
            Ok(match amount.spans.as_slice() {
                [(low, high)] => Value::Between(*low, *high),
                _ => Value::Spans(amount.spans),
            })
        }
        Domain::Date => match given {
            Given::Text(text) => day_span(text).map(|(first, last)| Value::Between(first, last)),
            other => Err(ValueError::new(
                format!("{} is no day", show(other)),
                "write year-month-day, as in `1998-03-25`",
            )),
        },
        Domain::Curve => curve_points(given).map(|points| Value::Curve(Curve { points })),
        Domain::Parties => Err(ValueError::new(
            "parties are stated by name and role",
            "use the `parties` of the transfer",
        )),
    }
}

/// Reads one word for a fact, as [`read_value`] does for a text.
///
/// # Errors
/// As [`read_value`].
pub fn read_word(vocabulary: &Vocabulary, fact: FactId, text: &str) -> Result<Value, ValueError> {
    let known = vocabulary.get(fact);
    if let (Domain::Words(list), false) = (known.domain, known.many)
        && let Some(place) = vocabulary.word(list, text)
    {
        return Ok(Value::One(place));
    }
    read_value(vocabulary, fact, &Given::Text(text.to_owned()))
}

/// A day, or `1998-03-01..1998-03-31` for a day between two; a month or a year, as in `1998-03` and `1998`, is some day of it.
fn day_span(text: &str) -> Result<(Number, Number), ValueError> {
    let number = |day: Day| Number::from_grid(i128::from(day.number()));
    let days = |text: &str| {
        Day::span(text)
            .map(|(first, last)| (number(first), number(last)))
            .map_err(|error| day_error(&error))
    };
    let Some((first, last)) = text.split_once("..") else {
        return days(text);
    };
    let ((first, _), (_, last)) = (days(first)?, days(last)?);
    if last < first {
        return Err(ValueError::new(
            format!("`{}` ends before it begins", short(text)),
            "write the earlier day first",
        ));
    }
    Ok((first, last))
}

fn words(vocabulary: &Vocabulary, fact: FactId, given: &Given) -> Result<Value, ValueError> {
    let known = vocabulary.get(fact);
    let place = |text: &str| -> Result<u32, ValueError> {
        let found = match known.domain {
            Domain::Words(list) => vocabulary.word(list, text),
            Domain::Kinds => vocabulary.kind(text),
            _ => Country::from_code(text.trim()).and_then(|country| vocabulary.country(country)),
        };
        found.ok_or_else(|| {
            let all = (0..vocabulary.size(known.domain))
                .map(|place| vocabulary.name(known.domain, place));
            let (what, near) = match known.domain {
                Domain::Countries => ("country code", vocabulary.country_like(text)),
                Domain::Kinds => ("kind of item", nearest(&fold_word(text), all)),
                _ => ("word of this fact", nearest(&fold_word(text), all)),
            };
            let cure = match (near, known.domain) {
                (Some(near), _) => format!("the nearest known is `{near}`"),
                (None, Domain::Countries) => "write two capital letters, as in `IR`".to_owned(),
                (None, _) => "`catchall law vocabulary` lists the words of each fact".to_owned(),
            };
            ValueError::new(format!("`{}` is no {what}", short(text)), cure)
        })
    };
    let texts: Vec<&str> = match given {
        Given::Text(text) => vec![text.as_str()],
        Given::List(several) => several
            .iter()
            .map(|each| match each {
                Given::Text(text) => Ok(text.as_str()),
                other => Err(ValueError::new(
                    format!("{} is no word", show(other)),
                    "write words",
                )),
            })
            .collect::<Result<_, _>>()?,
        other => {
            return Err(ValueError::new(
                format!("{} is no word of `{}`", show(other), known.key),
                "write a word, or several in a list",
            ));
        }
    };
    if known.many {
        let none = texts.len() == 1 && texts[0].trim().eq_ignore_ascii_case("none");
        let mut sure: Vec<u32> = if none {
            Vec::new()
        } else {
            texts
                .iter()
                .map(|text| place(text))
                .collect::<Result<_, _>>()?
        };
        sure.sort_unstable();
        sure.dedup();
        return Ok(Value::Set { sure, more: false });
    }
    let mut members: Vec<u32> = Vec::new();
    for text in &texts {
        let place = place(text)?;
        match known.domain {
            // A kind stands for everything below it: `stainless-steel` may be any stainless steel.
            Domain::Kinds => members.extend(place..vocabulary.kinds[place as usize].end),
            _ => members.push(place),
        }
    }
    members.sort_unstable();
    members.dedup();
    match members.as_slice() {
        [] => Err(ValueError::new(
            "an empty list is no word",
            "leave it out when it is not known",
        )),
        [one] => Ok(Value::One(*one)),
        _ => Ok(Value::OneOf(members)),
    }
}

/// Payload and range, in base units.
fn curve_points(given: &Given) -> Result<Vec<[Number; 4]>, ValueError> {
    let cure = "write points of payload and range, as in [[\"1000 kg\", \"250 km\"], [\"500 kg\", \"320 km\"]]";
    let Given::List(points) = given else {
        if let Given::Text(text) = given
            && let Some((payload, range)) = reach_in_words(text)
        {
            return Ok(vec![curve_point(
                &Given::Text(payload),
                &Given::Text(range),
            )?]);
        }
        return Err(ValueError::new(
            format!("{} is no curve", show(given)),
            cure,
        ));
    };
    // A single point may stand alone: ["500 kg", "320 km"].
    if let [Given::Text(_), Given::Text(_)] = points.as_slice() {
        return Ok(vec![curve_point(&points[0], &points[1])?]);
    }
    if points.is_empty() {
        return Err(ValueError::new("a curve without points", cure));
    }
    points
        .iter()
        .map(|point| match point {
            Given::List(pair) if pair.len() == 2 => curve_point(&pair[0], &pair[1]),
            other => Err(ValueError::new(
                format!("{} is no point of a curve", show(other)),
                cure,
            )),
        })
        .collect()
}

/// One point of a curve as people write it: `cannot lift 500 kg to 300 km at any setting`, `can carry 500 kg to 320 km`.
fn reach_in_words(text: &str) -> Option<(String, String)> {
    let text = text.trim().to_lowercase();
    let (can, rest) = match text
        .strip_prefix("cannot ")
        .or(text.strip_prefix("can not "))
    {
        Some(rest) => (false, rest),
        None => (true, text.strip_prefix("can ")?),
    };
    let (_verb, rest) = rest.split_once(' ')?;
    let (payload, range) = rest.split_once(" to ")?;
    let range: Vec<&str> = range.split_whitespace().take(2).collect();
    let bound = if can { "at least" } else { "less than" };
    Some((payload.to_owned(), format!("{bound} {}", range.join(" "))))
}

pub(crate) fn curve_point(payload: &Given, range: &Given) -> Result<[Number; 4], ValueError> {
    let (least, most) = ends(payload, "kg")?;
    let (shortest, farthest) = ends(range, "km")?;
    Ok([least, most, shortest, farthest])
}

/// The ends of an amount whose unit measures the same as `unit`.
fn ends(given: &Given, unit: &str) -> Result<(Number, Number), ValueError> {
    let quantity =
        Quantity::parse(&format!("1 {unit}")).map_err(|error| amount_error(&error, unit))?;
    match given {
        Given::Text(text) | Given::Number(text) => {
            read_amount(text, quantity.unit.dimension(), unit).map(|amount| amount.ends())
        }
        other => Err(ValueError::new(
            format!("{} is no amount", show(other)),
            format!("write for example `300 {unit}`"),
        )),
    }
}

/// The four figures under which people state a curve without drawing it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reach {
    /// Range at the payload below.
    pub range: Option<Given>,
    /// Payload of the range above.
    pub payload: Option<Given>,
    /// Greatest range with any payload.
    pub max_range: Option<Given>,
    /// Greatest payload at any range.
    pub max_payload: Option<Given>,
    /// The curve itself.
    pub delivers: Option<Given>,
}

impl Reach {
    /// Puts a figure in its place; `false` when the name is none of them.
    pub fn take(&mut self, name: &str, given: &Given) -> bool {
        let place = match name {
            "range" | "reported_range" => &mut self.range,
            "payload" | "payload_mass" => &mut self.payload,
            "max_range" | "maximum_range" => &mut self.max_range,
            "max_payload" | "maximum_payload" => &mut self.max_payload,
            "delivers" | "payload_range_curve" => &mut self.delivers,
            _ => return false,
        };
        *place = Some(given.clone());
        true
    }

    /// Whether a name is one of them.
    pub fn knows(name: &str) -> bool {
        Reach::default().take(name, &Given::YesNo(false))
    }

    /// The curve that the figures draw; `None` when none was stated.
    ///
    /// # Errors
    /// When a figure is no mass or length; the name of the figure comes with it.
    pub fn curve(&self) -> Result<Option<Curve>, (&'static str, ValueError)> {
        let mut points = Vec::new();
        if let Some(given) = &self.delivers {
            points.extend(curve_points(given).map_err(|error| ("delivers", error))?);
        }
        let amount = |name: &'static str,
                      given: &Option<Given>,
                      unit: &str|
         -> Result<Option<(Number, Number)>, (&'static str, ValueError)> {
            given
                .as_ref()
                .map(|given| several(given, unit))
                .transpose()
                .map_err(|error| (name, error))
        };
        let range = amount("range", &self.range, "km")?;
        let payload = amount("payload", &self.payload, "kg")?;
        if let Some((shortest, farthest)) = range {
            let (least, most) = payload.unwrap_or((Number::ZERO, Number::MAX));
            points.push([least, most, shortest, farthest]);
            // `at most 150 km` with no payload to it is what it reaches at the most, with whatever on board.
            if payload.is_none() && shortest == Number::MIN {
                points.push([Number::ZERO, Number::ZERO, Number::ZERO, farthest]);
            }
        } else if let Some((least, most)) = payload {
            points.push([least, most, Number::ZERO, Number::MAX]);
        }
        if let Some((shortest, farthest)) = amount("max_range", &self.max_range, "km")? {
            points.push([
                Number::ZERO,
                Number::ZERO,
                Number::ZERO.max(Number::MIN),
                farthest,
            ]);
            points.push([Number::ZERO, Number::MAX, shortest, Number::MAX]);
        }
        if let Some((_, most)) = amount("max_payload", &self.max_payload, "kg")? {
            // Above its greatest payload it goes nowhere.
            points.push([most.up(), most.up(), Number::MIN, Number::ZERO.down()]);
        }
        Ok((!points.is_empty()).then_some(Curve { points }))
    }
}

fn several(given: &Given, unit: &str) -> Result<(Number, Number), ValueError> {
    match given {
        Given::List(each) if !each.is_empty() => {
            let mut low = Number::MAX;
            let mut high = Number::MIN;
            for one in each {
                let (first, last) = ends(one, unit)?;
                low = low.min(first);
                high = high.max(last);
            }
            Ok((low, high))
        }
        one => ends(one, unit),
    }
}

/// An amount of something, no less than there can be of it.
fn read_amount(text: &str, dimension: Dimension, unit: &str) -> Result<Amount, ValueError> {
    let amount = Amount::parse(text, dimension).map_err(|error| amount_error(&error, unit))?;
    let below = |end: Number| end < Number::ZERO && end > Number::MIN;
    // `at most 5 km` has no lower end, and is no figure below zero.
    let under = amount
        .spans
        .iter()
        .any(|(low, high)| below(*low) || below(*high));
    if dimension.has_floor() && under {
        return Err(ValueError::new(
            format!(
                "`{}` is less than {} can be",
                short(text),
                dimension.with_article()
            ),
            amount_cure(unit),
        ));
    }
    Ok(amount)
}

fn amount_cure(unit: &str) -> String {
    match unit {
        "" => "write for example `3`, `at least 3` or `2..4`".to_owned(),
        unit => format!("write for example `3 {unit}`, `at least 3 {unit}` or `2..4 {unit}`"),
    }
}

/// What is wrong with an amount, and one in the unit that is asked for.
fn amount_error(error: &AmountError, unit: &str) -> ValueError {
    let text = error.to_string();
    let cure = amount_cure(unit);
    match (error, text.split_once("; ")) {
        (AmountError::NoNumber { .. }, Some((problem, _))) => ValueError::new(problem, cure),
        (AmountError::Dimension { .. }, _) => {
            ValueError::new(text.split(", for example").next().unwrap_or(&text), cure)
        }
        (_, Some((problem, own))) => ValueError::new(problem, own),
        (_, None) => ValueError::new(text, cure),
    }
}

/// What is wrong with a day, and what would be right.
pub(crate) fn day_error(error: &DateError) -> ValueError {
    match error {
        DateError::Form { found } => ValueError::new(
            format!("`{found}` is not a day"),
            "write it as year-month-day, for example `1998-03-25`",
        ),
        DateError::NoSuchDay { found, why } => {
            ValueError::new(format!("`{found}` is not in the calendar"), why.clone())
        }
    }
}

fn example(unit: &str) -> String {
    if unit.is_empty() {
        "3".to_owned()
    } else {
        format!("3 {unit}")
    }
}

/// A given value in words, for a message.
pub(crate) fn show(given: &Given) -> String {
    match given {
        Given::YesNo(yes) => format!("`{yes}`"),
        Given::Number(text) | Given::Text(text) => format!("`{}`", short(text)),
        Given::List(several) => format!("a list of {}", several.len()),
    }
}

fn short(text: &str) -> String {
    if text.chars().count() > 60 {
        text.chars().take(59).chain(['…']).collect()
    } else {
        text.to_owned()
    }
}
