//! Attributes: what dates, countries, places and numbers of two parties say of one another.
//!
//! Each agrees, disagrees, nearly agrees, or is not known on one side; not known is never taken for either. What each is worth is data
//! (`[facts]` in `data/names/weights.toml`).
//!
//! To add an attribute: a field of the question, a function here, rows in `[facts]`.

use crate::listing::{BirthDate, Identifier, Listing};
use crate::query::Query;
use crate::score::Weights;
use crate::tables::Names;
use catchall_model::Day;

/// One reason for or against a hit, readable in ten seconds.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Reason {
    /// `name`, `birth`, `country`, `identifier`, `place`, `legal_form`.
    pub about: &'static str,
    /// In words.
    pub says: String,
    /// What it adds to the log-odds, in hundredths.
    pub weight: i32,
}

/// What attributes say, with the reasons.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) log_odds: f32,
    pub(crate) agreed: bool,
    pub(crate) identified: bool,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) unknown: Vec<&'static str>,
}

impl Told {
    fn add(&mut self, about: &'static str, says: String, weight: f32) {
        self.log_odds += weight;
        self.agreed |= weight > 0.0;
        self.reasons.push(Reason {
            about,
            says,
            weight: (weight * 100.0).round() as i32,
        });
    }
}

/// What a party tells of itself beside names and numbers, a bit each.
pub(crate) mod told {
    /// Birth, or founding.
    pub(crate) const BIRTH: u8 = 1;
    /// Countries.
    pub(crate) const COUNTRY: u8 = 2;
    /// Places of birth and addresses.
    pub(crate) const PLACE: u8 = 4;

    /// The bits of a listing.
    pub(crate) fn of(listing: &crate::listing::Listing) -> u8 {
        let places = !listing.birth_places.is_empty() || !listing.addresses.is_empty();
        u8::from(!listing.births.is_empty()) * BIRTH
            + u8::from(!listing.countries.is_empty()) * COUNTRY
            + u8::from(places) * PLACE
    }
}

/// The log-odds of names below which attributes cannot lift a hit to the review band.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Floor {
    under: [f32; 8],
}

impl Floor {
    /// For a question that tells these attributes.
    pub(crate) fn of(asked: u8, names: &Names) -> Floor {
        let weights = &names.weights;
        // Scores are rounded to thousandths before they are held against the band.
        let review = names.thresholds.least() - 0.0006;
        let review = (review / (1.0 - review)).ln();
        let most = |told: u8| {
            let worth = |bit: u8, fact: &str| match told & asked & bit {
                0 => 0.0,
                _ => weights.fact(fact),
            };
            worth(told::BIRTH, "birth_same")
                + worth(told::COUNTRY, "country_same")
                + worth(told::PLACE, "place_same")
        };
        let mut under = [0.0; 8];
        for (told, slot) in (0u8..).zip(&mut under) {
            *slot = review - most(told);
        }
        Floor { under }
    }

    /// For a listing that tells these.
    pub(crate) fn under(&self, told: u8) -> f32 {
        self.under[usize::from(told & 7)]
    }

    /// For any listing.
    pub(crate) fn least(&self) -> f32 {
        self.under[7]
    }
}

/// The bits of a question.
pub(crate) fn asked(query: &Query) -> u8 {
    u8::from(query.born.is_some()) * told::BIRTH
        + u8::from(!query.countries.is_empty()) * told::COUNTRY
        + u8::from(!query.places.is_empty()) * told::PLACE
}

/// Compares all attributes.
pub(crate) fn compare(query: &Query, listing: &Listing, weights: &Weights) -> Told {
    let mut told = Told::default();
    identifiers(query, listing, weights, &mut told);
    births(query, listing, weights, &mut told);
    countries(query, listing, weights, &mut told);
    places(query, listing, weights, &mut told);
    told
}

fn identifiers(query: &Query, listing: &Listing, weights: &Weights, told: &mut Told) {
    if query.identifiers.is_empty() || listing.identifiers.is_empty() {
        if !listing.identifiers.is_empty() {
            told.unknown.push("identifier");
        }
        return;
    }
    let (mut differs, mut comparable) = (None, false);
    for ours in &query.identifiers {
        for theirs in &listing.identifiers {
            let same_kind =
                ours.kind == theirs.kind || ours.kind.is_empty() || theirs.kind.is_empty();
            let equal = crate::block::identifier_key(&ours.value)
                == crate::block::identifier_key(&theirs.value);
            if equal && (same_kind || ours.value.len() >= 8) {
                let sound =
                    check_digits(&ours.kind, &ours.value) != Some(false) && ours.value.len() >= 5;
                let fact = if sound {
                    "identifier_same"
                } else {
                    "identifier_doubtful"
                };
                told.identified |= sound && same_kind;
                told.add(
                    "identifier",
                    format!("{} `{}` is the same", shown(&theirs.kind), theirs.value),
                    weights.fact(fact),
                );
                return;
            }
            if ours.kind == theirs.kind && one_only(&ours.kind) && ours.country == theirs.country {
                comparable = true;
                differs = Some((ours, theirs));
            }
        }
    }
    match differs {
        Some((ours, theirs)) if comparable => told.add(
            "identifier",
            format!(
                "{} `{}` is not `{}`",
                shown(&ours.kind),
                ours.value,
                theirs.value
            ),
            weights.fact("identifier_differs"),
        ),
        _ => told.unknown.push("identifier"),
    }
}

fn shown(kind: &str) -> &str {
    if kind.is_empty() { "identifier" } else { kind }
}

/// Kinds of which a party has one.
fn one_only(kind: &str) -> bool {
    matches!(kind, "imo" | "lei" | "tax" | "registration" | "national_id")
}

/// Whether the check digits of an identifier hold; `None` for a kind that has none we know.
///
/// IMO numbers: the sum of the first six figures times 7 to 2 ends in the seventh (IMO resolution A.1117). LEI: ISO 7064 mod 97-10 (ISO 17442).
/// Russian INN of ten figures: weights 2 4 10 3 5 9 4 6 8, mod 11, mod 10.
pub fn check_digits(kind: &str, value: &str) -> Option<bool> {
    let bare: Vec<u32> = value
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .filter_map(|c| c.to_digit(36))
        .collect();
    match kind {
        "imo" => {
            let figures: Vec<u32> = value.chars().filter_map(|c| c.to_digit(10)).collect();
            let sum: u32 = figures
                .iter()
                .take(6)
                .zip((2..=7).rev())
                .map(|(f, w)| f * w)
                .sum();
            Some(figures.len() == 7 && figures.last() == Some(&(sum % 10)))
        }
        "lei" => {
            let rest = bare.iter().fold(0u32, |rest, v| {
                if *v >= 10 {
                    (rest * 100 + v) % 97
                } else {
                    (rest * 10 + v) % 97
                }
            });
            Some(bare.len() == 20 && rest == 1)
        }
        "inn" if bare.len() == 10 => {
            let sum: u32 = bare
                .iter()
                .zip([2, 4, 10, 3, 5, 9, 4, 6, 8])
                .map(|(f, w)| f * w)
                .sum();
            Some(bare.last() == Some(&(sum % 11 % 10)))
        }
        _ => None,
    }
}

fn births(query: &Query, listing: &Listing, weights: &Weights, told: &mut Told) {
    let Some(ours) = &query.born else {
        if !listing.births.is_empty() {
            told.unknown.push("birth");
        }
        return;
    };
    let Some((fact, theirs)) = listing
        .births
        .iter()
        .map(|theirs| (birth(ours, theirs), theirs))
        .min_by_key(|(fact, _)| *fact)
    else {
        told.unknown.push("birth");
        return;
    };
    let (name, words) = match fact {
        Birth::Same => ("birth_same", "is the same day as"),
        Birth::Within => ("birth_within", "lies within"),
        Birth::Swapped => ("birth_swapped", "is, with day and month exchanged,"),
        Birth::Near => ("birth_near", "is near to"),
        Birth::Differs => ("birth_differs", "is far from"),
    };
    told.add(
        "birth",
        format!("born {} {words} {}", span(ours), span(theirs)),
        weights.fact(name),
    );
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Birth {
    Same,
    Within,
    Swapped,
    Near,
    Differs,
}

/// How two dates of birth stand to one another: a slip of one figure is near, not far.
fn birth(ours: &BirthDate, theirs: &BirthDate) -> Birth {
    let exact = ours.from == ours.to && theirs.from == theirs.to;
    if exact && ours.from == theirs.from {
        return Birth::Same;
    }
    if ours.from <= theirs.to && theirs.from <= ours.to {
        return Birth::Within;
    }
    let (a, b) = (figures(ours.from), figures(theirs.from));
    if exact && a[..4] == b[..4] && a[4..6] == b[6..] && a[6..] == b[4..6] {
        return Birth::Swapped;
    }
    let slack = if ours.circa || theirs.circa {
        3 * 366
    } else {
        366
    };
    let apart =
        (theirs.from.number() - ours.to.number()).max(ours.from.number() - theirs.to.number());
    let slips = a.iter().zip(&b).filter(|(x, y)| x != y).count();
    if apart <= slack || slips <= 1 || (exact && a[4..] == b[4..] && apart < 12 * 366) {
        Birth::Near
    } else {
        Birth::Differs
    }
}

fn figures(day: Day) -> Vec<u8> {
    day.to_string().bytes().filter(u8::is_ascii_digit).collect()
}

fn span(birth: &BirthDate) -> String {
    let circa = if birth.circa { "about " } else { "" };
    if birth.from == birth.to {
        format!("{circa}{}", birth.from)
    } else {
        format!("{circa}{}..{}", birth.from, birth.to)
    }
}

fn countries(query: &Query, listing: &Listing, weights: &Weights, told: &mut Told) {
    if query.countries.is_empty() || listing.countries.is_empty() {
        if !listing.countries.is_empty() {
            told.unknown.push("country");
        }
        return;
    }
    match query
        .countries
        .iter()
        .find(|c| listing.countries.contains(c))
    {
        Some(country) => told.add(
            "country",
            format!("both with {country}"),
            weights.fact("country_same"),
        ),
        None => {
            let list = |all: &[catchall_model::Country]| {
                all.iter()
                    .map(|c| c.code().to_owned())
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            let says = format!(
                "{} against {}",
                list(&query.countries),
                list(&listing.countries)
            );
            told.add("country", says, weights.fact("country_differs"));
        }
    }
}

fn places(query: &Query, listing: &Listing, weights: &Weights, told: &mut Told) {
    let theirs: Vec<String> = listing
        .birth_places
        .iter()
        .chain(&listing.addresses)
        .flat_map(|p| crate::words::words_of(p))
        .collect();
    if query.places.is_empty() || theirs.is_empty() {
        return;
    }
    let found = query
        .places
        .iter()
        .flat_map(|p| crate::words::words_of(p))
        .find(|word| word.chars().count() >= 4 && theirs.contains(word));
    if let Some(word) = found {
        told.add(
            "place",
            format!("both with `{word}`"),
            weights.fact("place_same"),
        );
    }
}

/// Puts the strongest first; what says the same stands in one order always.
pub(crate) fn order(reasons: &mut [Reason]) {
    reasons.sort_by(|a, b| {
        b.weight
            .abs()
            .cmp(&a.weight.abs())
            .then_with(|| a.says.cmp(&b.says))
    });
}

/// Only the identifiers of a question that can be looked up.
pub(crate) fn usable(identifiers: &[Identifier]) -> impl Iterator<Item = &Identifier> {
    identifiers
        .iter()
        .filter(|id| id.value.chars().filter(|c| c.is_alphanumeric()).count() >= 5)
}
