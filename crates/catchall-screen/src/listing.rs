//! Listings: one entry of one publisher's list, as that publisher states it.
//!
//! Nothing is merged here: two lists that name the same party give two listings, and that they are the same
//! party is a separate, dated assertion. Every listing and every name keeps when it was in force by law
//! (`valid`) and when our copies of the list held it (`seen`).

use catchall_model::{Country, Day};
use serde::{Deserialize, Serialize};

/// What kind of party is listed.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// A human being.
    Person,
    /// A company, a state body, an institute, a group.
    Organisation,
    /// A ship.
    Vessel,
    /// An aircraft.
    Aircraft,
    /// The publisher does not say.
    #[default]
    Unknown,
}

/// Days in the record's own terms: from the first to the last, both inside; `None` is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub to: Option<Day>,
}

impl Days {
    /// Whether the day lies inside; an open end lies nowhere in the way.
    pub fn hold(self, on: Day) -> bool {
        self.from.is_none_or(|from| from <= on) && self.to.is_none_or(|to| on <= to)
    }
}

/// How a name is meant by the publisher.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    /// The main name.
    #[default]
    Primary,
    /// An alias that the publisher stands by.
    Strong,
    /// An alias that the publisher calls weak or of low quality: needs a second agreement.
    Weak,
    /// A name borne before.
    Former,
    /// The name in its own script.
    Original,
}

/// One name of a listed party.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListedName {
    /// As printed by the publisher.
    pub text: String,
    /// How it is meant.
    pub kind: NameKind,
    /// Given and family name, where the publisher keeps them apart.
    pub given: Option<String>,
    /// Family name, where the publisher keeps it apart.
    pub family: Option<String>,
    /// When the publisher's law held it.
    pub valid: Days,
    /// When our copies of the list held it.
    pub seen: Days,
}

/// An official number or other identifier.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identifier {
    /// `passport`, `national_id`, `tax`, `registration`, `imo`, `mmsi`, `tail_number`, `swift`, `lei`, `crypto`, ...
    pub kind: String,
    /// As printed.
    pub value: String,
    /// Who issued it.
    pub country: Option<Country>,
}

/// A date of birth or founding: exact, a year, or a span; `circa` where the publisher is not sure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BirthDate {
    /// First day that it may be.
    pub from: Day,
    /// Last day that it may be.
    pub to: Day,
    /// The publisher says `circa`.
    pub circa: bool,
}

/// One entry of one list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Listing {
    /// The list: `ofac-sdn`, `ofac-cons`, `us-csl`, `bis-dpl`, `bis-entity`, `un`, `eu-fsf`, `uk`, `ca-sema`, ...
    pub list: String,
    /// The publisher's own key.
    pub source_id: String,
    /// What kind of party.
    pub kind: PartyKind,
    /// All names, the primary one first.
    pub names: Vec<ListedName>,
    /// Official numbers.
    pub identifiers: Vec<Identifier>,
    /// Birth, or founding.
    pub births: Vec<BirthDate>,
    /// Places of birth, as printed.
    pub birth_places: Vec<String>,
    /// Nationalities, flags, countries of address or registration.
    pub countries: Vec<Country>,
    /// Addresses, as printed.
    pub addresses: Vec<String>,
    /// Sanctions programmes, or parts of the list.
    pub programmes: Vec<String>,
    /// The licence policy, or the measures, as facts in few words.
    pub measures: Vec<String>,
    /// Act and page: `63 FR 40363`.
    pub citation: Option<String>,
    /// Remarks that are not read otherwise.
    pub remarks: Option<String>,
    /// When the law held it on the list.
    pub valid: Days,
    /// When our copies of the list held it.
    pub seen: Days,
}

impl Days {
    /// The last day on which it counts: the law's; where the law says none, the last day on which a copy of ours held it. A list that says no day of
    /// delisting drops the entry, and what a newer copy does not hold is not listed.
    pub(crate) fn until(self, seen: Days) -> Option<Day> {
        self.to.or(seen.to)
    }
}

impl Listing {
    /// Whether it is in force on a day.
    pub fn stands(&self, on: Day) -> bool {
        let to = self.valid.until(self.seen);
        self.valid.from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to)
    }

    /// Whether it stands on both days or on neither, and each of its names too.
    pub(crate) fn steady(&self, (one, other): (Day, Day)) -> bool {
        let counts = |name: &ListedName, on: Day| {
            let to = name.valid.until(name.seen);
            name.valid.from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to)
        };
        self.stands(one) == self.stands(other)
            && self
                .names
                .iter()
                .all(|name| counts(name, one) == counts(name, other))
    }

    /// The entry as it stands on a day, with the names that count then; `None` where it is not in force. When our copies held it is left out: what is
    /// equal here gives the same hits.
    pub fn on(&self, on: Day) -> Option<Listing> {
        if !self.stands(on) {
            return None;
        }
        let mut own = Listing {
            seen: Days::default(),
            ..self.clone()
        };
        own.names.retain_mut(|name| {
            let to = name.valid.until(name.seen);
            let stands =
                name.valid.from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to);
            name.seen = Days::default();
            name.valid = Days::default();
            stands
        });
        Some(own)
    }
}
