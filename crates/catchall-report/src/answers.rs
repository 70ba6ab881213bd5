//! What answers what: the claim that a denial is about, the word of a party that was accused, a number set against another, a
//! promise beside what goes against it.
//!
//! Each function looks at statements a few sentences apart and weighs what ties them together: who is spoken of, what thing, which
//! side. It decides nothing; it says which two to look at. To grow: words are lists in `data/reports/cues.toml`, a tie is a line in
//! [`weight`].

mod against;

use std::cell::OnceCell;

use crate::reading::TransferRecord;
use crate::statements::{Ground, Told};
use crate::things::Thing;
use crate::tokens::Stretch;
use crate::undertakings::{lower, state_name};

pub(crate) use against::{against_promise, other_number};

/// How far an answer looks for what it answers, in sentences.
const NEAR: usize = 4;
/// What a denial and a claim must weigh together.
const ENOUGH: i32 = 4;
/// What a second claim must weigh.
const FURTHER: i32 = 8;
/// What words that only begin with a negation must weigh with the claim they answer.
const PLENTY: i32 = 10;

/// Statements, with the parties and things of their sentences found once they are asked for.
pub(crate) struct Ties<'t> {
    pub(crate) told: &'t [Told],
    ground: &'t Ground<'t>,
    /// Where things stand, in order: bytes and the thing.
    places: Vec<(usize, usize, usize)>,
    parties: Vec<OnceCell<Vec<usize>>>,
    things: Vec<OnceCell<Vec<usize>>>,
    /// By statement: the two ends of the transfers that it tells.
    ends: Vec<Vec<&'t str>>,
}

impl<'t> Ties<'t> {
    pub(crate) fn of(
        ground: &'t Ground<'t>,
        told: &'t [Told],
        technology: &'t [Thing],
        transfers: &'t [TransferRecord],
    ) -> Ties<'t> {
        let mut ends: Vec<Vec<&str>> = vec![Vec::new(); told.len()];
        for transfer in transfers {
            for id in &transfer.statements {
                let number = id.strip_prefix('s').and_then(|own| own.parse().ok());
                let place = number.and_then(|own: usize| own.checked_sub(1));
                if let Some(own) = place.and_then(|place| ends.get_mut(place)) {
                    own.extend([transfer.from.as_str(), transfer.to.as_str()]);
                }
            }
        }
        Ties {
            ends,
            told,
            ground,
            places: places(technology),
            parties: vec![OnceCell::new(); told.len()],
            things: vec![OnceCell::new(); told.len()],
        }
    }

    fn sentence(&self, own: usize) -> Stretch {
        self.ground.work.tokens.sentences[self.told[own].sentence].at
    }

    fn parties(&self, own: usize) -> &[usize] {
        self.parties[own].get_or_init(|| {
            self.ground
                .parties
                .within(self.sentence(own))
                .map(|mention| mention.entity)
                .collect()
        })
    }

    fn things(&self, own: usize) -> &[usize] {
        self.things[own].get_or_init(|| {
            let (from, to) = self.ground.work.tokens.bytes(self.sentence(own));
            let first = self.places.partition_point(|place| place.0 < from);
            self.places
                .iter()
                .skip(first)
                .take_while(|place| place.0 < to)
                .filter(|place| place.1 <= to)
                .map(|place| place.2)
                .collect()
        })
    }

    fn share_party(&self, a: usize, b: usize) -> bool {
        let other = self.parties(b);
        self.parties(a).iter().any(|own| other.contains(own))
    }

    /// Whether a claim tells of a transfer of which the other speaker's side is an end.
    fn of_his_side(&self, claim: usize, own: usize) -> bool {
        let speaker = &self.told[own].record.speaker;
        let state = speaker
            .country
            .as_deref()
            .and_then(|code| state_name(self.ground, code));
        let party = speaker
            .party
            .as_deref()
            .and_then(|id| self.ground.parties.by_id(id));
        self.ends[claim].iter().any(|end| {
            state.as_deref() == Some(*end) || party.is_some_and(|party| party.name == **end)
        })
    }

    pub(crate) fn share_thing(&self, a: usize, b: usize) -> bool {
        let other = self.things(b);
        self.things(a).iter().any(|own| other.contains(own))
    }
}

/// Where things stand, in the order of the page.
fn places(technology: &[Thing]) -> Vec<(usize, usize, usize)> {
    let mut places: Vec<(usize, usize, usize)> = technology
        .iter()
        .enumerate()
        .flat_map(|(index, thing)| thing.at.iter().map(move |at| (at.0, at.1, index)))
        .collect();
    places.sort_unstable();
    places
}

/// Whether what one says speaks of the other: of itself, of its country, or of a body that its name tells.
fn speaks_of(ground: &Ground<'_>, claim: &Told, own: &Told) -> i32 {
    let party = own.record.speaker.party.as_deref();
    let country = own.record.speaker.country.as_deref();
    let name = OnceCell::new();
    let name = || {
        name.get_or_init(|| {
            own.record
                .speaker
                .name
                .as_deref()
                .unwrap_or("")
                .to_lowercase()
        })
    };
    let sentence = ground.work.tokens.sentences[claim.sentence].at;
    // What stands before the cue is the speaker, unless what is said stands there.
    let at = if claim.content.to <= claim.cue {
        claim.content
    } else {
        Stretch {
            from: (claim.cue + 1).min(sentence.to),
            to: sentence.to,
        }
    };
    let named = ground.parties.within(at).any(|mention| {
        let entity = &ground.parties.entities[mention.entity];
        Some(entity.id.as_str()) == party && entity.kind != "state"
            || (entity.kind != "state"
                && entity.kind != "government"
                && entity.name.len() > 3
                && name().contains(&entity.name.to_lowercase()))
    });
    if named {
        return 4;
    }
    let abroad = country.is_some() && claim.record.speaker.country.as_deref() != country;
    let of_country = abroad
        && (at.from..at.to).any(|place| {
            ground.parties.demonym(place) == country
                || ground.parties.at(place).is_some_and(|mention| {
                    ground.parties.entities[mention.entity].country.as_deref() == country
                })
        });
    if of_country { 3 } else { 0 }
}

/// People who answer for another: `its lawyers`, `the owner's manager`, whose own name tells no side.
fn answers_for(own: &Told) -> bool {
    own.record.speaker.country.is_none()
        && own.record.speaker.role.as_deref().is_some_and(|role| {
            matches!(
                role,
                "lawyer"
                    | "lawyers"
                    | "attorney"
                    | "attorneys"
                    | "counsel"
                    | "owner"
                    | "owners"
                    | "director"
                    | "manager"
                    | "chairman"
                    | "spokesman"
                    | "spokeswoman"
                    | "company"
                    | "firm"
                    | "president"
                    | "defence"
                    | "defense"
                    | "exporter"
                    | "manufacturer"
                    | "shipper"
                    | "broker"
                    | "master"
                    | "captain"
            )
        })
}

fn charged(ground: &Ground<'_>, own: &Told) -> bool {
    (own.content.from..own.content.to).any(|at| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "cue", "charge")
    })
}

fn same_paragraph(ground: &Ground<'_>, own: &Told, other: &Told) -> bool {
    let paragraph = |told: &Told| ground.work.tokens.sentences[told.sentence].paragraph;
    paragraph(own) == paragraph(other)
}

/// Verbs that answer whoever spoke last.
fn retort(own: &Told) -> bool {
    matches!(
        own.record.cue.as_str(),
        "disagree"
            | "counter"
            | "retort"
            | "rebut"
            | "contradict"
            | "reply"
            | "answer"
            | "respond"
            | "plead"
    )
}

/// `denied charges that`, `called the reports untrue`: the denial says that somebody made them.
fn of_charges(ground: &Ground<'_>, own: &Told) -> bool {
    (own.cue + 1..own.cue + 7).any(|at| {
        matches!(
            lower(ground, at),
            "charge"
                | "charges"
                | "report"
                | "reports"
                | "allegation"
                | "allegations"
                | "accusation"
                | "accusations"
                | "claim"
                | "claims"
                | "suggestion"
                | "suggestions"
                | "article"
                | "finding"
                | "findings"
                | "story"
        )
    })
}

/// How strongly a denial and a claim hang together.
fn weight(ground: &Ground<'_>, ties: &Ties<'_>, own: usize, other: usize) -> i32 {
    let (denial, claim) = (&ties.told[own], &ties.told[other]);
    let apart = i32::try_from(claim.sentence.abs_diff(denial.sentence)).unwrap_or(9);
    let spoken = speaks_of(ground, claim, denial);
    let back = speaks_of(ground, denial, claim);
    let told_before = other < own;
    let sides = (
        denial.record.speaker.country.as_deref(),
        claim.record.speaker.country.as_deref(),
    );
    let one_side = matches!(sides, (Some(a), Some(b)) if a == b) && spoken < 4 && back < 4;
    let kind = match claim.record.kind {
        "alleged" => 3,
        "reported" => 2,
        "conceded" => 2 * i32::from(charged(ground, claim)),
        "said" => {
            2 * i32::from(charged(ground, claim))
                + i32::from(
                    ground
                        .work
                        .words
                        .is("grammar", "claiming", claim.record.cue.as_str()),
                )
        }
        "promised" if no_such(ground, denial) => 3,
        _ => -2,
    };
    spoken
        + i32::from(back >= 3) * 2
        + kind
        + i32::from(told_before)
        + i32::from(ties.share_party(own, other))
        + i32::from(ties.share_thing(own, other))
        + i32::from(ties.of_his_side(other, own))
        + i32::from(same_paragraph(ground, denial, claim))
        + i32::from(answers_for(denial) && told_before && apart <= 1) * 2
        - (apart - 1).max(0)
        - i32::from(one_side) * 3
        + i32::from(
            told_before && (apart <= 1 && retort(denial) || apart <= 2 && no_such(ground, denial)),
        ) * 4
        + i32::from(of_charges(ground, denial)) * 2
        // `U.S. officials dispute this`.
        + i32::from(
            told_before
                && apart <= 1
                && denial.record.kind == "denied"
                && matches!(lower(ground, denial.cue + 1), "this" | "that" | "it")
                && !matches!(lower(ground, denial.cue + 2), "the" | "a" | "it" | "any"),
        ) * 4
        - i32::from(!told_before && apart > 1 && !of_charges(ground, denial))
        - i32::from(!told_before && claim.record.kind == "said")
}

/// The claim that a denial answers: the one that weighs most, of those near it.
pub(crate) fn answered(
    ground: &Ground<'_>,
    ties: &Ties<'_>,
    own: usize,
    denying: bool,
) -> Option<usize> {
    heaviest(ground, ties, own, denying, None, 0).or_else(|| {
        (ties.told.get(own)?.record.kind == "denied")
            .then(|| neighbour(ground, ties, own))
            .flatten()
    })
}

/// A second claim, of another speaker, that the same denial answers no less plainly.
pub(crate) fn answered_too(
    ground: &Ground<'_>,
    ties: &Ties<'_>,
    own: usize,
    first: usize,
) -> Option<usize> {
    let more = FURTHER - ENOUGH;
    let second = heaviest(ground, ties, own, true, Some(first), more)?;
    let other = ties.told.get(second)?;
    let plain = matches!(other.record.kind, "alleged" | "reported")
        && same_paragraph(ground, ties.told.get(own)?, other);
    plain.then_some(second)
}

/// The claim right beside a denial that nothing else ties to one: of another side, in the same paragraph.
fn neighbour(ground: &Ground<'_>, ties: &Ties<'_>, own: usize) -> Option<usize> {
    let denial = ties.told.get(own)?;
    let places = [own.checked_sub(1), own.checked_add(1)];
    places.into_iter().flatten().find(|place| {
        let Some(claim) = ties.told.get(*place) else {
            return false;
        };
        let sides = (
            denial.record.speaker.country.as_deref(),
            claim.record.speaker.country.as_deref(),
        );
        let apart = match sides {
            (Some(a), Some(b)) => a != b,
            _ => denial.record.speaker.name != claim.record.speaker.name,
        };
        let accuses = matches!(claim.record.kind, "alleged" | "reported")
            || claim.record.kind == "said" && charged(ground, claim);
        apart
            && accuses
            && claim.sentence.abs_diff(denial.sentence) == 1
            && same_paragraph(ground, denial, claim)
    })
}

/// The claim that weighs most, of those that weigh enough.
fn heaviest(
    ground: &Ground<'_>,
    ties: &Ties<'_>,
    own: usize,
    denying: bool,
    but: Option<usize>,
    more: i32,
) -> Option<usize> {
    let denial = ties.told.get(own)?;
    let same = |place: usize| {
        but.and_then(|but| ties.told.get(but)).is_some_and(|first| {
            place == but.unwrap_or(usize::MAX)
                || ties
                    .told
                    .get(place)
                    .is_some_and(|own| own.record.speaker.name == first.record.speaker.name)
        })
    };
    let gainsays = matches!(denial.record.kind, "said" | "reported")
        && (denial.content.from..denial.content.to.min(denial.content.from + 5)).any(|at| {
            matches!(
                lower(ground, at),
                "no" | "not" | "never" | "nothing" | "neither"
            )
        });
    if !denying && !gainsays {
        return None;
    }
    let least = more + if denying { ENOUGH } else { PLENTY };
    let low = own.saturating_sub(14);
    ties.told
        .iter()
        .enumerate()
        .skip(low)
        .take(28)
        // A denial answers what was told just before or behind it; what is further off, only where it is a charge.
        .filter(|(place, claim)| {
            let far = own.abs_diff(*place);
            far < 2 || far == 2 && claim.record.kind != "said"
        })
        .filter(|(place, claim)| {
            *place != own
                && !same(*place)
                && claim.sentence.abs_diff(denial.sentence) <= NEAR
                && (matches!(
                    claim.record.kind,
                    "alleged" | "reported" | "said" | "conceded"
                ) || (claim.record.kind == "promised"
                    && *place + 1 == own
                    && no_such(ground, denial)))
                && claim.record.speaker.name != denial.record.speaker.name
                && !object(denial, claim)
                && !(claim.sentence == denial.sentence && claim.record.kind == "reported")
                && (matches!(claim.record.kind, "alleged" | "conceded") || !denies(ground, claim))
        })
        .map(|(place, claim)| {
            let apart = claim.sentence.abs_diff(denial.sentence);
            (weight(ground, ties, own, place), apart, place)
        })
        // Right behind what another side says, a denial answers it.
        .filter(|(weight, apart, place)| {
            let claim = &ties.told[*place];
            // A denial of charges answers one that charges, or that speaks of who denies.
            let charge = claim.record.kind != "said"
                || charged(ground, claim)
                || speaks_of(ground, claim, denial) >= 3;
            if denial.record.kind == "denied" && of_charges(ground, denial) && !charge {
                return false;
            }
            // Words that only begin with a "no" answer what speaks of who says them.
            if !denying && speaks_of(ground, claim, denial) < 3 {
                return false;
            }
            let lean = matches!(claim.record.kind, "said" | "conceded");
            let tied = claim.record.kind != "said"
                || charged(ground, claim)
                || ties.share_party(own, *place)
                || ties.share_thing(own, *place);
            let right_behind = denying && *place < own && *apart <= 1 && tied;
            *weight >= least + i32::from(lean) - i32::from(right_behind)
        })
        .max_by_key(|(weight, apart, place)| {
            (
                *weight,
                std::cmp::Reverse(*apart),
                std::cmp::Reverse(*place),
            )
        })
        .map(|(.., place)| place)
}

/// `dismissed the charges of Graustark officials that`: the charge is what the denial denies, and stands in its own words.
fn object(denial: &Told, claim: &Told) -> bool {
    if claim.sentence == denial.sentence && claim.record.speaker.name.is_none() {
        return true;
    }
    claim.sentence == denial.sentence
        && denial.record.kind == "denied"
        && denial.cue < claim.cue
        && claim.cue < denial.cue + 12
        && claim.record.kind == "alleged"
}

/// `had made no such bargain`: what was told just before is gainsaid.
fn no_such(ground: &Ground<'_>, own: &Told) -> bool {
    (own.cue..own.content.to.min(own.cue + 24)).any(|at| {
        lower(ground, at + 1) == "such"
            && (lower(ground, at) == "no"
                || (own.record.kind == "denied" && matches!(lower(ground, at), "of" | "any")))
    })
}

/// Whether what is said begins by denying.
fn denies(ground: &Ground<'_>, own: &Told) -> bool {
    (own.content.from..own.content.to.min(own.content.from + 14)).any(|at| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "cue", "negative")
    })
}

/// The charge right before, of which the accused gives another account: no denial in so many words.
pub(crate) fn other_account(ground: &Ground<'_>, ties: &Ties<'_>, own: usize) -> Option<usize> {
    let answer = ties.told.get(own)?;
    if let Some(before) = set_against(ground, ties, own) {
        return Some(before);
    }
    let retorts = matches!(answer.record.kind, "said" | "reported" | "promised")
        && ground
            .work
            .words
            .is("grammar", "retort", answer.record.cue.as_str());
    if !retorts {
        return None;
    }
    (own.saturating_sub(3)..own).rev().find(|other| {
        let claim = &ties.told[*other];
        let apart = answer.sentence - claim.sentence;
        let accuses = matches!(claim.record.kind, "alleged" | "reported")
            || (claim.record.kind == "said" && charged(ground, claim) && apart <= 1);
        let spoken = speaks_of(ground, claim, answer);
        let one_side = claim.record.speaker.country.is_some()
            && claim.record.speaker.country == answer.record.speaker.country
            && spoken < 4;
        let charges_back = matches!(answer.record.kind, "said")
            && charged(ground, answer)
            && !denies(ground, answer)
            && spoken < 4;
        if one_side || charges_back {
            return false;
        }
        accuses
            && apart <= 2
            && same_paragraph(ground, answer, claim)
            && claim.record.speaker.name != answer.record.speaker.name
            && (spoken >= 3
                && (denies(ground, answer)
                    || matches!(
                        answer.record.cue.as_str(),
                        "insist" | "maintain" | "claim" | "counter"
                    )
                    || spoken == 4)
                || (answers_for(answer) && apart <= 1))
    })
}

/// `countered that`, and `has for years described them as`: what one says right behind another, set against it by the verb.
fn set_against(ground: &Ground<'_>, ties: &Ties<'_>, own: usize) -> Option<usize> {
    let answer = ties.told.get(own)?;
    let other = own.checked_sub(1)?;
    let claim = ties.told.get(other)?;
    let apart = answer.sentence - claim.sentence;
    let near = apart <= 1
        && same_paragraph(ground, answer, claim)
        && answer.record.speaker.name != claim.record.speaker.name
        && claim.record.kind != "ordered";
    let counters = matches!(
        answer.record.cue.as_str(),
        "counter" | "retort" | "disagree"
    );
    let apart_sides = matches!(
        (answer.record.speaker.country.as_deref(), claim.record.speaker.country.as_deref()),
        (Some(a), Some(b)) if a != b
    );
    let renames = matches!(
        answer.record.cue.as_str(),
        "describe" | "call" | "regard" | "view" | "see" | "consider"
    ) && apart_sides
        && (answer.cue + 1..answer.cue + 3)
            .any(|at| matches!(lower(ground, at), "them" | "it" | "this" | "these"));
    // `The Russian side has replied that the contract predates the pledge`: right behind the charge of another side.
    let replies = apart_sides
        && matches!(
            answer.record.cue.as_str(),
            "reply" | "answer" | "respond" | "rejoin"
        )
        && claim.record.kind == "alleged";
    (near && (counters || renames || replies)).then_some(other)
}
