//! Transfers in plain words, before any engine's own form, and a generator of them.
//!
//! Figures and days crowd about the thresholds of the measured law, so that equal answers say something.

use crate::random::Random;

/// One transfer. What is `None` is not known.
#[derive(Clone, Debug, Default)]
pub struct Plain {
    pub from: Option<&'static str>,
    pub to: Option<&'static str>,
    pub act: Option<&'static str>,
    pub kind: Option<&'static str>,
    pub uses: Option<Vec<&'static str>>,
    pub informed: Option<bool>,
    /// Kilometres.
    pub range: Option<i64>,
    /// Kilograms.
    pub payload: Option<i64>,
    /// Per cent.
    pub us_content: Option<i64>,
    pub date: Option<Date>,
}

/// A day, as we count it and as a whole number `yyyymmdd`.
#[derive(Clone, Copy, Debug)]
pub struct Date {
    pub day: catchall_model::Day,
    pub whole: i64,
}

impl Date {
    pub fn of(day: catchall_model::Day) -> Date {
        let whole = day.to_string().replace('-', "").parse().unwrap_or(0);
        Date { day, whole }
    }

    /// From `1998-01-22`.
    pub fn parse(text: &str) -> Date {
        Date::of(catchall_model::Day::parse(text).expect("a day of the program's own"))
    }
}

/// The kinds that transfers have: the leaves of `law/vocabulary.toml`.
pub const KINDS: [&str; 14] = [
    "ballistic-missile",
    "space-launch-vehicle",
    "sounding-rocket",
    "ring-laser-gyro",
    "mechanical-gyro",
    "accelerometer",
    "rocket-engine",
    "lathe",
    "flow-forming-machine",
    "maraging-steel",
    "stainless-steel",
    "computer",
    "pump",
    "medical-device",
];

/// Inner kinds and their leaves among [`KINDS`].
pub const PARENTS: [(&str, &str); 9] = [
    ("ballistic-missile", "rocket-system"),
    ("space-launch-vehicle", "rocket-system"),
    ("sounding-rocket", "rocket-system"),
    ("ring-laser-gyro", "gyro"),
    ("mechanical-gyro", "gyro"),
    ("lathe", "machine-tool"),
    ("flow-forming-machine", "machine-tool"),
    ("maraging-steel", "steel"),
    ("stainless-steel", "steel"),
];

const FROM: [&str; 10] = ["RU", "RU", "RU", "RU", "RU", "RU", "US", "US", "US", "DE"];
const TO: [&str; 16] = [
    "IR", "IR", "IR", "IQ", "SY", "LY", "KP", "IN", "IN", "PK", "AE", "CN", "DE", "KR", "BR", "FR",
];
const ACTS: [&str; 6] = [
    "export",
    "export",
    "export",
    "reexport",
    "transit",
    "brokering",
];
pub const USES: [&str; 7] = [
    "missile",
    "nuclear",
    "chemical",
    "biological",
    "military",
    "space_launch",
    "civil",
];
const RANGES: [i64; 7] = [80, 299, 300, 301, 320, 500, 1500];
const PAYLOADS: [i64; 6] = [100, 499, 500, 501, 800, 2000];
const CONTENTS: [i64; 8] = [0, 5, 9, 10, 11, 24, 25, 60];
const DAYS: [&str; 14] = [
    "1993-01-10",
    "1993-01-11",
    "1995-05-06",
    "1995-05-07",
    "1995-06-30",
    "1998-01-21",
    "1998-01-22",
    "1998-03-25",
    "1999-07-28",
    "1999-07-29",
    "2000-11-30",
    "2000-12-01",
    "2001-03-26",
    "2004-10-01",
];

/// A transfer with every fact known.
pub fn complete(random: &mut Random) -> Plain {
    let first = random.pick(&USES);
    let uses = match random.below(8) {
        0 => Vec::new(),
        1..4 => vec![first],
        4 => vec!["civil"],
        _ => {
            let mut both = vec![first, random.pick(&USES)];
            both.dedup();
            both
        }
    };
    let date = if random.chance(1, 2) {
        Date::parse(random.pick(&DAYS))
    } else {
        // Any day of 1992 to 2005.
        Date::of(catchall_model::Day::from_number(
            8035 + random.below(5114) as i64,
        ))
    };
    if random.chance(1, 25) {
        // Space cooperation and what breaks it: rare by chance, and the only way to the exception of an exception.
        let uses = if random.chance(1, 3) {
            vec!["space_launch", random.pick(&["missile", "military"])]
        } else {
            vec!["space_launch"]
        };
        let to = random.pick(&["DE", "FR", "BR", "KR", "IN"]);
        let kind = Some("space-launch-vehicle");
        return Plain {
            kind,
            to: Some(to),
            uses: Some(uses),
            from: Some("RU"),
            ..complete_but(random, date)
        };
    }
    Plain {
        uses: Some(uses),
        ..complete_but(random, date)
    }
}

/// Everything but the uses.
fn complete_but(random: &mut Random, date: Date) -> Plain {
    Plain {
        from: Some(random.pick(&FROM)),
        to: Some(random.pick(&TO)),
        act: Some(random.pick(&ACTS)),
        kind: Some(random.pick(&KINDS)),
        uses: None,
        informed: Some(random.chance(1, 10)),
        range: Some(random.pick(&RANGES)),
        payload: Some(random.pick(&PAYLOADS)),
        us_content: Some(random.pick(&CONTENTS)),
        date: Some(date),
    }
}

/// The same with each fact forgotten in `part` of 100 cases.
pub fn punched(whole: &Plain, part: usize, random: &mut Random) -> Plain {
    let mut left = whole.clone();
    let mut gone = || random.chance(part, 100);
    if gone() {
        left.from = None;
    }
    if gone() {
        left.to = None;
    }
    if gone() {
        left.act = None;
    }
    if gone() {
        left.kind = None;
    }
    if gone() {
        left.uses = None;
    }
    if gone() {
        left.informed = None;
    }
    if gone() {
        left.range = None;
    }
    if gone() {
        left.payload = None;
    }
    if gone() {
        left.us_content = None;
    }
    if gone() {
        left.date = None;
    }
    left
}

impl Plain {
    /// How many facts are not known.
    pub fn missing(&self) -> usize {
        let known = [
            self.from.is_some(),
            self.to.is_some(),
            self.act.is_some(),
            self.kind.is_some(),
            self.uses.is_some(),
            self.informed.is_some(),
            self.range.is_some(),
            self.payload.is_some(),
            self.us_content.is_some(),
            self.date.is_some(),
        ];
        known.iter().filter(|known| !**known).count()
    }
}
