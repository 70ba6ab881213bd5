//! Answers: what a person has said of a possible match, and whether it still holds.
//!
//! An [`Answer`] is a dated statement of one person about one party and one listing: the same, or not. It names the attributes that it rests on, with a
//! digest of each on both sides, and it expires. It holds while those attributes are as they were and its time has not run out; then the match is open
//! again, and says why. So nobody is asked the same twice, and nothing is silenced for ever.
//!
//! Where answers are kept is not known here: the caller hands them in, in the order in which they were given, with the day on which it asks.
//! To add an attribute: a row in [`Attribute::ALL`], its text for a party and for a listing in [`Marks`].

use crate::listing::{BirthDate, Identifier, Listing, NameKind, PartyKind};
use crate::query::Query;
use crate::words::words_of;
use catchall_model::Day;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The schema of a line.
const SCHEMA: &str = "catchall.answer/1";

/// The longest that an answer may hold, in months.
pub const LONGEST: i32 = 36;

/// What a person says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Says {
    /// The party is the listed one.
    Same,
    /// It is somebody else.
    NotSame,
    /// An earlier answer is taken back: the question is open again.
    Open,
}

/// What an answer may rest on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    /// All names.
    Name,
    /// Person, organisation, vessel, aircraft.
    Kind,
    /// Birth, or founding.
    Birth,
    /// Nationalities, flags, countries of address.
    Country,
    /// Official numbers.
    Identifier,
    /// Places of birth and addresses.
    Place,
}

impl Attribute {
    /// All of them, in order.
    pub const ALL: [Attribute; 6] = [
        Attribute::Name,
        Attribute::Kind,
        Attribute::Birth,
        Attribute::Country,
        Attribute::Identifier,
        Attribute::Place,
    ];

    /// Its word in documents.
    pub fn word(self) -> &'static str {
        match self {
            Attribute::Name => "name",
            Attribute::Kind => "kind",
            Attribute::Birth => "birth",
            Attribute::Country => "country",
            Attribute::Identifier => "identifier",
            Attribute::Place => "place",
        }
    }
}

/// Digests of the attributes of one side; an attribute of which nothing is said has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Marks(BTreeMap<Attribute, String>);

/// What one person has said of one possible match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// `catchall.answer/1`.
    schema: String,
    /// The same, not the same, or open again.
    pub says: Says,
    /// The list.
    pub list: String,
    /// The publisher's key; empty where the list has none.
    pub source_id: String,
    /// The listing's main name.
    pub listed: String,
    /// The party's main name, as it was asked for.
    pub party: String,
    /// The only party, by the caller's key, of which it is said; of every party so described where left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_for: Option<String>,
    /// Who says so.
    pub by: String,
    /// On which day.
    #[serde(with = "day_text")]
    pub at: Day,
    /// The last day on which it holds.
    #[serde(with = "day_text")]
    pub until: Day,
    /// Why.
    pub why: String,
    /// What it rests on.
    pub rests_on: Vec<Attribute>,
    /// These of the party.
    pub party_marks: Marks,
    /// These of the listing.
    pub listing_marks: Marks,
}

/// Why an answer cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// Nobody says so.
    #[error("an answer needs the name of the person who gives it")]
    Nameless,
    /// No reason.
    #[error("an answer needs a reason, in a few words")]
    Unfounded,
    /// It would hold too long, or not at all.
    #[error(
        "an answer of {at} may hold until {most} at most, and not end before its day; `{until}` was asked for"
    )]
    Until {
        /// The day it is given.
        at: Day,
        /// The day asked for.
        until: Day,
        /// The last day that may be asked for.
        most: Day,
    },
    /// The party is only a name.
    #[error(
        "of `{party}` nothing is known but the name, which many may bear: say more of it (country, birth, identifier, address), or give the answer for one party by its key"
    )]
    NameOnly {
        /// The party's name.
        party: String,
    },
    /// A line that is no answer.
    #[error("not an answer of `{SCHEMA}`: {why}")]
    Line {
        /// Why not.
        why: String,
    },
}

/// What a person gives beside the two parties.
#[derive(Clone, Debug)]
pub struct Given<'a> {
    /// The same, not the same, or open again.
    pub says: Says,
    /// Who says so.
    pub by: &'a str,
    /// On which day.
    pub at: Day,
    /// The last day on which it shall hold; a year where left out.
    pub until: Option<Day>,
    /// Why.
    pub why: &'a str,
    /// Only for the party with this key.
    pub only_for: Option<&'a str>,
    /// What it rests on, beside the name; everything where empty.
    pub rests_on: &'a [Attribute],
}

/// Whether an answer still holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Holds,
    /// Its time has run out.
    Expired,
    /// These attributes of the listing are not what they were.
    ListingChanged(Vec<Attribute>),
    /// These attributes of the party are not what they were, or it is another party of that name.
    PartyChanged(Vec<Attribute>),
}

/// Answers in the order in which they were given, ready to be asked.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    all: Vec<Answer>,
    by_listing: BTreeMap<(String, String), Vec<usize>>,
    today: Option<Day>,
}

impl Answer {
    /// Takes an answer of a person.
    ///
    /// # Errors
    /// [`AnswerError`] when nobody or no reason is named, when it would hold too long, or when a bare name would be answered for everybody who bears it.
    pub fn give(
        given: &Given<'_>,
        party: &Query,
        listing: &Listing,
    ) -> Result<Answer, AnswerError> {
        let (by, why) = (given.by.trim(), given.why.trim());
        if by.is_empty() {
            return Err(AnswerError::Nameless);
        }
        if why.is_empty() {
            return Err(AnswerError::Unfounded);
        }
        let most = given.at.plus_months(LONGEST);
        let until = given.until.unwrap_or_else(|| given.at.plus_months(12));
        if until > most || until < given.at {
            let at = given.at;
            return Err(AnswerError::Until { at, until, most });
        }
        let mut rests_on: Vec<Attribute> = match given.rests_on {
            [] => Attribute::ALL.to_vec(),
            some => [&[Attribute::Name], some].concat(),
        };
        rests_on.sort_unstable();
        rests_on.dedup();
        let (ours, theirs) = (Marks::of_party(party), Marks::of_listing(listing));
        let shown = party.names.first().cloned().unwrap_or_default();
        let told = rests_on
            .iter()
            .any(|on| !matches!(on, Attribute::Name | Attribute::Kind) && ours.0.contains_key(on));
        if given.only_for.is_none() && !told && given.says != Says::Open {
            return Err(AnswerError::NameOnly { party: shown });
        }
        Ok(Answer {
            schema: SCHEMA.to_owned(),
            says: given.says,
            list: listing.list.clone(),
            source_id: listing.source_id.clone(),
            listed: main_name(listing),
            party: shown,
            only_for: given.only_for.map(str::to_owned),
            by: by.to_owned(),
            at: given.at,
            until,
            why: why.to_owned(),
            party_marks: ours.only(&rests_on),
            listing_marks: theirs.only(&rests_on),
            rests_on,
        })
    }

    /// Reads one line of JSON.
    ///
    /// # Errors
    /// [`AnswerError::Line`] says why it is no answer.
    pub fn read(line: &str) -> Result<Answer, AnswerError> {
        let answer: Answer = serde_json::from_str(line).map_err(|error| AnswerError::Line {
            why: error.to_string(),
        })?;
        if answer.schema != SCHEMA {
            let why = format!("its schema is `{}`", answer.schema);
            return Err(AnswerError::Line { why });
        }
        Ok(answer)
    }

    /// The answer as one line of JSON, without its end.
    pub fn line(&self) -> String {
        // An answer is made of texts only, so that writing it cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Digest of the line: what a document names it by.
    pub fn id(&self) -> String {
        digest(&self.line())
    }

    /// What of the party is not what it was.
    fn party_changed(&self, party: &Marks) -> Vec<Attribute> {
        self.party_marks.differs(party, &self.rests_on)
    }
}

impl Answers {
    /// Answers in the order in which they were given, as they stand on a day.
    pub fn of(all: Vec<Answer>, today: Day) -> Answers {
        let mut by_listing: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (at, answer) in all.iter().enumerate() {
            let key = (answer.list.clone(), answer.source_id.clone());
            by_listing.entry(key).or_default().push(at);
        }
        Answers {
            all,
            by_listing,
            today: Some(today),
        }
    }

    /// Whether nobody has said anything.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// How many there are, taken back and expired ones too.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Digest of all of them and of the day on which they are read: what an answer of ours rests on.
    pub fn digest(&self) -> String {
        let lines: Vec<String> = self.all.iter().map(Answer::line).collect();
        let day = self.today.map_or_else(String::new, |day| day.to_string());
        digest(&format!("{day}\n{}", lines.join("\n")))
    }

    /// What was last said of this party and this listing, and whether it holds; `None` where nothing was said, or it was taken back.
    ///
    /// Of several answers the last one counts that was given of a party just so described. Where there is none, one that was given of the party by its
    /// key, or of a party of that name, is shown for what it was: it holds no longer.
    pub fn about(
        &self,
        party: &Query,
        key: &str,
        listing: &Listing,
    ) -> Option<(&Answer, Standing)> {
        let of = (listing.list.clone(), listing.source_id.clone());
        let given = self.by_listing.get(&of)?;
        let name = main_name(listing);
        let ours = Marks::of_party(party);
        let mine = |answer: &&Answer| {
            let named = !answer.source_id.is_empty() || answer.listed == name;
            named && answer.only_for.as_deref().is_none_or(|only| only == key)
        };
        let all = || given.iter().filter_map(|at| self.all.get(*at)).filter(mine);
        if let Some(answer) = all().rfind(|answer| answer.party_changed(&ours).is_empty()) {
            return (answer.says != Says::Open).then(|| (answer, self.standing(answer, listing)));
        }
        let known = |answer: &&Answer| {
            answer.only_for.is_some()
                || answer.party_marks.0.get(&Attribute::Name) == ours.0.get(&Attribute::Name)
        };
        let answer = all().rfind(known).filter(|a| a.says != Says::Open)?;
        Some((answer, Standing::PartyChanged(answer.party_changed(&ours))))
    }

    fn standing(&self, answer: &Answer, listing: &Listing) -> Standing {
        let theirs = Marks::of_listing(listing);
        let changed = answer.listing_marks.differs(&theirs, &answer.rests_on);
        match () {
            () if self.today.is_some_and(|today| today > answer.until) => Standing::Expired,
            () if !changed.is_empty() => Standing::ListingChanged(changed),
            () => Standing::Holds,
        }
    }
}

impl Standing {
    /// Whether the answer counts.
    pub fn holds(&self) -> bool {
        *self == Standing::Holds
    }

    /// Why it does not, in words; `None` where it holds.
    pub fn lapse(&self) -> Option<String> {
        let list = |changed: &[Attribute]| {
            let words: Vec<&str> = changed.iter().map(|each| each.word()).collect();
            words.join(", ")
        };
        match self {
            Standing::Holds => None,
            Standing::Expired => Some("its time has run out".to_owned()),
            Standing::ListingChanged(changed) => {
                Some(format!("the listing has changed: {}", list(changed)))
            }
            Standing::PartyChanged(changed) => Some(format!(
                "the party has changed, or is another: {}",
                list(changed)
            )),
        }
    }
}

impl Marks {
    /// Of a party.
    pub fn of_party(party: &Query) -> Marks {
        let names = party.names.iter().map(|name| words(name)).collect();
        let births: Vec<BirthDate> = party.born.into_iter().collect();
        let places = party.places.iter().map(|place| words(place)).collect();
        let countries: Vec<&str> = party.countries.iter().map(|c| c.code()).collect();
        Marks::of(
            [names, births_of(&births), places],
            party.kind,
            &countries,
            &party.identifiers,
        )
    }

    /// Of a listing, with the names that its newest copy holds.
    pub fn of_listing(listing: &Listing) -> Marks {
        let held = listing.names.iter().filter(|name| name.seen.to.is_none());
        let names = held.map(|name| {
            let weak = if name.kind == NameKind::Weak { "?" } else { "" };
            format!("{weak}{}", words(&name.text))
        });
        let places = listing.birth_places.iter().chain(&listing.addresses);
        let countries: Vec<&str> = listing.countries.iter().map(|c| c.code()).collect();
        Marks::of(
            [
                names.collect(),
                births_of(&listing.births),
                places.map(|place| words(place)).collect(),
            ],
            listing.kind,
            &countries,
            &listing.identifiers,
        )
    }

    fn of(
        [names, births, places]: [Vec<String>; 3],
        kind: PartyKind,
        countries: &[&str],
        identifiers: &[Identifier],
    ) -> Marks {
        let kind = match kind {
            PartyKind::Unknown => Vec::new(),
            known => vec![format!("{known:?}")],
        };
        let countries = countries.iter().map(|code| (*code).to_owned()).collect();
        let bare = |value: &str| -> String {
            let kept = value.chars().filter(|c| c.is_alphanumeric());
            kept.flat_map(char::to_uppercase).collect()
        };
        let numbers = identifiers
            .iter()
            .map(|id| format!("{} {}", id.kind, bare(&id.value)))
            .collect();
        let all = [names, kind, births, countries, numbers, places];
        let marks = Attribute::ALL.into_iter().zip(all);
        Marks(
            marks
                .filter(|(_, texts)| !texts.is_empty())
                .map(|(attribute, mut texts)| {
                    // The order in which they are printed says nothing.
                    texts.sort_unstable();
                    texts.dedup();
                    (attribute, digest(&texts.join("\n")))
                })
                .collect(),
        )
    }

    fn only(&self, attributes: &[Attribute]) -> Marks {
        let kept = self.0.iter().filter(|(own, _)| attributes.contains(own));
        Marks(kept.map(|(own, mark)| (*own, mark.clone())).collect())
    }

    fn differs(&self, other: &Marks, attributes: &[Attribute]) -> Vec<Attribute> {
        let differs = attributes
            .iter()
            .filter(|own| self.0.get(own) != other.0.get(own));
        differs.copied().collect()
    }
}

fn main_name(listing: &Listing) -> String {
    listing
        .names
        .first()
        .map_or_else(String::new, |name| name.text.clone())
}

/// A text without case, accents and marks: what a retyped name keeps.
fn words(text: &str) -> String {
    words_of(text).join(" ")
}

fn births_of(births: &[BirthDate]) -> Vec<String> {
    let text = |birth: &BirthDate| format!("{}/{}/{}", birth.from, birth.to, birth.circa);
    births.iter().map(text).collect()
}

/// The first 128 bits of SHA-256, in hexadecimal.
fn digest(text: &str) -> String {
    let whole = Sha256::digest(text.as_bytes());
    whole.iter().take(16).map(|b| format!("{b:02x}")).collect()
}

mod day_text {
    use catchall_model::Day;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(day: &Day, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(day)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
        Day::parse(&String::deserialize(from)?).map_err(D::Error::custom)
    }
}
