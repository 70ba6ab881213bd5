//! The noun phrase or pronoun that ends at a place and can speak.

use super::candidate::{candidate, named};
use super::phrase::{governed, phrase};
use super::{Memory, Subject};
use crate::gazetteer::words::Class;
use crate::statements::{Ground, class, lower};
use crate::tokens::Stretch;

/// The subject whose words end before a token.
pub(crate) fn ending(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    memory: &Memory,
) -> Option<Subject> {
    let last = at.checked_sub(1).filter(|last| *last >= sentence.from)?;
    match lower(ground, last) {
        "who" | "which" | "that" => {
            let mut before = last;
            while before > sentence.from && matches!(lower(ground, before - 1), "," | "—" | ")") {
                before -= 1;
            }
            // `a report in a Ruritanian newsletter which alleged`: the paper, though it hangs on another noun.
            return phrase(ground, sentence, before)
                .or_else(|| candidate_ending(ground, sentence, before).filter(|own| own.outlet));
        }
        "them" if last > sentence.from + 1 && lower(ground, last - 1) == "of" => {
            let count = lower(ground, last - 2);
            let some = matches!(count, "one" | "some" | "most" | "several" | "two" | "many");
            return memory.one_of_them(count == "one").filter(|_| some);
        }
        word @ ("i" | "we") => return memory.pronoun(word),
        word @ ("he" | "she" | "they" | "it" | "он" | "она" | "они") => {
            return within(ground, sentence, last, word).or_else(|| memory.pronoun(word));
        }
        _ => {}
    }
    if let Some(owner) = paper_of(ground, sentence, last, memory) {
        return Some(owner);
    }
    the_firm(ground, sentence, last)
        .or_else(|| the_people(ground, sentence, last))
        .or_else(|| of_person(ground, sentence, last))
        .or_else(|| phrase(ground, sentence, at))
        .or_else(|| insider(ground, sentence, at))
}

/// `the panel's report notes`, `the ministry's statement insisted`: whose paper it is.
fn paper_of(
    ground: &Ground<'_>,
    sentence: Stretch,
    last: usize,
    memory: &Memory,
) -> Option<Subject> {
    let paper = matches!(
        lower(ground, last),
        "statement"
            | "report"
            | "letter"
            | "note"
            | "reply"
            | "filing"
            | "memorandum"
            | "communique"
    );
    let mark = last
        .checked_sub(1)
        .filter(|mark| *mark > sentence.from && paper)?;
    // What a party owns is found with the role of its paper.
    if !matches!(lower(ground, mark), "'s" | "'") || ground.parties.at(mark - 1).is_some() {
        return None;
    }
    let owner = phrase(ground, sentence, mark)
        .map(|subject| memory.taken_up(ground, subject))
        .or_else(|| super::plain(ground, sentence, mark))?;
    (!owner.outlet).then_some(owner)
}

/// `a person familiar with the matter`, `two people close to the talks`: somebody told by what he knows.
fn insider(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Subject> {
    let low = at.saturating_sub(10).max(sentence.from);
    let head = (low..at)
        .rev()
        .take_while(|place| !matches!(lower(ground, *place), "," | ";" | "\"" | ":"))
        .find(|place| {
            matches!(
                lower(ground, *place),
                "person"
                    | "people"
                    | "persons"
                    | "individual"
                    | "individuals"
                    | "executive"
                    | "executives"
            )
        })?;
    let knows = matches!(
        lower(ground, head + 1),
        "familiar" | "close" | "briefed" | "involved" | "with" | "knowledgeable" | "aware"
    );
    if !knows || head + 2 >= at {
        return None;
    }
    let (from, to) = ground.work.tokens.bytes(Stretch { from: head, to: at });
    let word = lower(ground, head);
    Some(Subject {
        name: ground.work.page.folded.get(from..to).map(str::to_owned),
        role: Some(word.to_owned()),
        anonymity: "anonymous",
        many: word == "people" || word.ends_with('s'),
        ..Subject::default()
    })
}

/// `the Swiss have suspended`, `the Chinese insist`: a people is its state.
fn the_people(ground: &Ground<'_>, sentence: Stretch, last: usize) -> Option<Subject> {
    let the = last > sentence.from && lower(ground, last - 1) == "the";
    let alone = ground.parties.at(last).is_none();
    let word = lower(ground, last);
    let people =
        word.ends_with("ese") || word.ends_with("ish") || word.ends_with("ch") || word == "swiss";
    (the && alone && people)
        .then(|| super::nation(ground, last))
        .flatten()
}

/// `Prime Minister A. Name's office insisted`: what belongs to a person and speaks for him.
fn of_person(ground: &Ground<'_>, sentence: Stretch, last: usize) -> Option<Subject> {
    let mark = last.checked_sub(1).filter(|mark| *mark > sentence.from)?;
    let office = matches!(
        lower(ground, last),
        "office" | "aides" | "lawyers" | "advisers" | "secretariat" | "team" | "entourage"
    );
    if !office || !matches!(lower(ground, mark), "'s" | "'") {
        return None;
    }
    let mention = ground.parties.at(mark - 1)?;
    let entity = &ground.parties.entities[mention.entity];
    if entity.kind != "person" || mention.at.to != mark {
        return None;
    }
    let word = lower(ground, last);
    Some(Subject {
        name: Some(format!("{}'s {word}", entity.name)),
        role: Some(word.to_owned()),
        country: entity.country.clone(),
        anonymity: if word == "office" {
            "office"
        } else {
            "anonymous"
        },
        many: word.ends_with('s'),
        ..Subject::default()
    })
}

/// `The firm denies it`: the company or institute named last.
fn the_firm(ground: &Ground<'_>, sentence: Stretch, last: usize) -> Option<Subject> {
    let body = match lower(ground, last) {
        "firm" | "company" | "manufacturer" | "trader" | "bank" | "enterprise" | "carrier"
        | "airline" | "exporter" | "supplier" | "shipper" | "yard" | "shipyard" | "distributor"
        | "contractor" | "vendor" | "builder" => "company",
        "institute" | "university" | "laboratory" => "institute",
        _ => return None,
    };
    let points = last > sentence.from && lower(ground, last - 1) == "the";
    if !points || ground.parties.at(last).is_some() {
        return None;
    }
    let low = last.saturating_sub(90);
    let mention = (low..last)
        .rev()
        .filter_map(|at| ground.parties.at(at))
        .find(|mention| ground.parties.entities[mention.entity].kind == body)?;
    Some(named(ground, mention.entity))
}

/// The nearest phrase before a pronoun in its own sentence that it can take up.
pub(super) fn within(
    ground: &Ground<'_>,
    sentence: Stretch,
    pronoun: usize,
    word: &str,
) -> Option<Subject> {
    let mut at = sentence.from;
    let mut best = None;
    while at < pronoun {
        let Some(found) = candidate(ground, sentence, at) else {
            at += 1;
            continue;
        };
        at = found.to.max(at + 1);
        let kind = found
            .subject
            .entity
            .map_or("", |entity| ground.parties.entities[entity].kind);
        let fits = match word {
            "he" | "she" => {
                kind == "person" || (found.subject.anonymity == "anonymous" && !found.subject.many)
            }
            "they" => found.subject.many || kind == "legislature",
            _ => {
                matches!(
                    kind,
                    "state" | "government" | "agency" | "company" | "organisation" | "institute"
                ) && !found.subject.many
            }
        };
        let genitive = matches!(lower(ground, found.to), "'s" | "'");
        if fits && !genitive && !governed(ground, sentence, found.from) {
            best = Some(found.subject);
        }
    }
    best
}

/// The party that a genitive mark ends.
pub(crate) fn possessor(ground: &Ground<'_>, mark: usize) -> Option<Subject> {
    let mention = ground.parties.at(mark.checked_sub(1)?)?;
    Some(named(ground, mention.entity))
}

/// `assistant secretary of state A. Name said`: a name with its title, right before the verb.
pub(super) fn titled(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Subject> {
    let mention = ground.parties.at(at.checked_sub(1)?)?;
    let person = ground.parties.entities[mention.entity].kind == "person";
    let opens = mention.titled < mention.at.from && mention.titled >= sentence.from;
    let alone = mention.titled == sentence.from
        || !matches!(lower(ground, mention.titled - 1), "and" | "or" | "&");
    (person && opens && alone && mention.at.to == at && !governed(ground, sentence, mention.titled))
        .then(|| named(ground, mention.entity))
}

/// The first phrase of the sentence that can speak, for verbs without a subject of their own.
pub(super) fn main(
    ground: &Ground<'_>,
    sentence: Stretch,
    before: usize,
    memory: &Memory,
) -> Option<Subject> {
    let mut at = sentence.from;
    while at < before {
        if matches!(lower(ground, at), "he" | "she" | "they" | "it")
            && class(ground, at) == Class::Pronoun
        {
            return memory.pronoun(lower(ground, at));
        }
        if let Some(found) = candidate(ground, sentence, at) {
            let genitive = matches!(lower(ground, found.to), "'s" | "'");
            if !genitive && !governed(ground, sentence, found.from) {
                return Some(found.subject);
            }
            at = found.to.max(at + 1);
        } else {
            at += 1;
        }
    }
    None
}

pub(super) fn candidate_ending(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
) -> Option<Subject> {
    let low = at.saturating_sub(8).max(sentence.from);
    (low..at)
        .find_map(|place| candidate(ground, sentence, place).filter(|found| found.to == at))
        .map(|found| found.subject)
}
