//! Duties with a last day that no word of promising tells: `is to report by June 1`, `must hand it over within ten days`.
//!
//! Begins at the last day, and asks which verb of duty it belongs to and who is its subject: a state, a body or a firm that the text
//! names, or the side of who says `it`. A day without such a subject binds nobody. To grow: a form of duty in [`verb_of_duty`].

use std::collections::{BTreeSet, HashMap};

use super::{clause, deadline, lower};
use crate::gazetteer::words::Class;
use crate::parties::Entity;
use crate::reading::{Commitment, Span};
use crate::record::span;
use crate::statements::{Ground, Told};
use crate::tokens::Stretch;
use crate::transfers::subject_of;

/// Adds what is owed by a day and not yet told as an undertaking of the same sentence.
pub(super) fn duties(ground: &Ground<'_>, told: &[Told], found: &mut Vec<Commitment>) {
    let sides = Sides::of(ground);
    let mut known: BTreeSet<(Span, String)> = found
        .iter()
        .filter_map(|own| Some((own.at, own.deadline.clone()?)))
        .collect();
    let days = ground.work.dates.iter().zip(ground.values);
    for (date, value) in days {
        if !date.deadline
            || value.is_none()
            || !ground.work.parts.is_body(date.from)
            || ground.work.apparatus.holds(date.from)
        {
            continue;
        }
        let Some(index) = ground.work.tokens.sentence_of(date.from) else {
            continue;
        };
        let sentence = ground.work.tokens.sentences[index].at;
        let own = speaker(told, index, date.from);
        let part = clause(ground, sentence, date.from);
        let Some(who) = bound(ground, &sides, part, date.from, own) else {
            continue;
        };
        let Some(last) = deadline(
            ground,
            Stretch {
                from: date.from,
                to: date.to,
            },
        ) else {
            continue;
        };
        let place = own.map_or_else(|| span(ground.work, sentence), |own| own.record.at);
        // One sentence may tell its day once as a promise, and here again.
        if !known.insert((place, last.clone())) {
            continue;
        }
        found.push(Commitment {
            id: String::new(),
            country: sides.country(ground, &who),
            who,
            to: None,
            what: own
                .map(|own| own.record.content.clone())
                .unwrap_or_default(),
            made: own.and_then(|own| own.record.said.clone()),
            deadline: Some(last),
            status: "open",
            statement: own.map(|own| own.record.id.clone()),
            at: place,
        });
    }
}

/// The statement of a sentence that covers a token: the last one whose cue stands before it, else the first.
fn speaker(told: &[Told], sentence: usize, at: usize) -> Option<&Told> {
    let first = told.partition_point(|own| own.sentence < sentence);
    let here = || {
        told.iter()
            .skip(first)
            .take_while(|own| own.sentence == sentence)
    };
    here()
        .filter(|own| own.cue < at)
        .last()
        .or_else(|| here().next())
}

/// Who is bound by a duty that has its last day at a token.
fn bound(
    ground: &Ground<'_>,
    sides: &Sides<'_>,
    part: Stretch,
    day: usize,
    own: Option<&Told>,
) -> Option<String> {
    let verb = (part.from..day)
        .rev()
        .take(24)
        .take_while(|at| lower(ground, *at) != ":")
        .find(|at| verb_of_duty(ground, *at))?;
    let lead = Stretch {
        from: verb.saturating_sub(10).max(part.from),
        to: verb,
    };
    let hangs =
        (lead.from..lead.to).any(|at| matches!(lower(ground, at), "if" | "unless" | "whether"));
    let owned = lower(ground, verb) == "unless";
    if hangs && !owned {
        return None;
    }
    let name = if owned {
        let place = verb + 1 + usize::from(lower(ground, verb + 1) == "the");
        let mention = ground.parties.at(place)?;
        crate::transfers::party_name(ground, mention.entity)
    } else if made(ground, verb) {
        spokesman(ground, verb, own)?
    } else {
        subject_of(ground, part, verb, own)
            .or_else(|| the_firm(ground, verb))
            .or_else(|| {
                let firm = verb > part.from && firm_word(ground, verb - 1);
                spokesman(ground, verb, own).filter(|_| !firm)
            })?
    };
    // A person binds nobody but himself, and people are no side.
    let side = sides.named(&name).is_none_or(|entity| {
        matches!(
            entity.kind,
            "state" | "government" | "agency" | "company" | "institute" | "organisation" | "group"
        )
    });
    side.then_some(name)
}

fn firm_word(ground: &Ground<'_>, at: usize) -> bool {
    let (words, tokens) = (ground.work.words, &ground.work.tokens);
    tokens.is(words, at, "commitment", "firm")
}

/// `the company has until the end of May`: the firm named last before it.
fn the_firm(ground: &Ground<'_>, verb: usize) -> Option<String> {
    let low = verb.saturating_sub(80);
    let noun = verb.checked_sub(1).filter(|at| firm_word(ground, *at))?;
    let article = lower(ground, noun.checked_sub(1)?) == "the";
    let mention = (low..noun)
        .rev()
        .filter_map(|at| ground.parties.at(at))
        .find(|mention| ground.parties.entities[mention.entity].kind == "company")?;
    article.then(|| ground.parties.entities[mention.entity].name.clone())
}

/// `the last of the engines meant for Graustark will be shipped`: what is to be done to a thing binds who says it, and not who gets it.
fn made(ground: &Ground<'_>, verb: usize) -> bool {
    let modal = ground.work.tokens.all[verb].class == Class::Modal;
    let be = verb + 1 + usize::from(!modal);
    modal
        && lower(ground, be) == "be"
        && ground
            .work
            .tokens
            .is(ground.work.words, be + 1, "cue", "give")
}

/// `the first sets are to arrive by March, said the ministry`: whose doing it is tells its day.
fn spokesman(ground: &Ground<'_>, verb: usize, own: Option<&Told>) -> Option<String> {
    let record = &own
        .filter(|own| own.content.from <= verb && verb < own.content.to)?
        .record;
    // A firm answers for itself.
    let firm = record
        .speaker
        .party
        .as_deref()
        .and_then(|id| ground.parties.by_id(id))
        .filter(|entity| matches!(entity.kind, "company" | "institute"));
    if let Some(firm) = firm {
        return Some(firm.name.clone());
    }
    let code = record.speaker.country.as_deref()?;
    let speaks = matches!(record.kind, "said" | "conceded" | "promised")
        && record.speaker.anonymity != "unattributed"
        && record.speaker.role.as_deref() != Some("press");
    let lead = crate::statements::side(ground, own?.content);
    (speaks && lead.is_none_or(|lead| lead == code))
        .then(|| super::state_name(ground, code))
        .flatten()
}

/// `has given a written undertaking to admit no students`, `the certificate obliges Graustark not to re-export`: undertakings without a day
/// that stand within what another tells.
pub(super) fn given(ground: &Ground<'_>, told: &[Told], found: &mut Vec<Commitment>) {
    let is = |at: usize, list: &str| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "commitment", list)
    };
    let words = ground.work.words;
    let verbs = words.mask("commitment", &["giving", "obliging", "winning"]);
    let sides = Sides::of(ground);
    let mut known: BTreeSet<(Span, String)> = found
        .iter()
        .flat_map(|own| sides_of(own.at, &own.who, own.country.as_deref()))
        .collect();
    for (index, sentence) in ground.work.tokens.sentences.iter().enumerate() {
        let at = sentence.at;
        if !ground.work.parts.is_body(at.from) {
            continue;
        }
        for verb in at.from..at.to {
            let terms = by_terms(ground, at, verb)
                .or_else(|| is(verb, "word").then(|| national(ground, verb)).flatten());
            if terms.is_none() && !ground.work.tokens.any(ground.work.words, verb, verbs) {
                continue;
            }
            let (obliges, won) = (is(verb, "obliging"), is(verb, "winning"));
            let own = speaker(told, index, verb);
            let who = if terms.is_some() {
                terms
            } else if obliges {
                obliged(ground, at, verb).or_else(|| own_side(ground, verb, own))
            } else if won {
                won_from(ground, at, verb)
            } else {
                let noun = (verb + 1..(verb + 6).min(at.to)).find(|own| is(*own, "word"));
                let leads = noun
                    .is_some_and(|noun| matches!(lower(ground, noun + 1), "to" | "not" | "that"));
                leads.then(|| subject_of(ground, at, verb, own)).flatten()
            };
            let Some(who) = who else { continue };
            let code = sides.country(ground, &who);
            let place = own.map_or_else(|| span(ground.work, at), |own| own.record.at);
            let whole = span(ground.work, at);
            let again = [place, whole].iter().any(|at| {
                known.contains(&(*at, who.clone()))
                    || code
                        .as_ref()
                        .is_some_and(|code| known.contains(&(*at, code.clone())))
            });
            if again || code.is_none() {
                continue;
            }
            known.extend(sides_of(place, &who, code.as_deref()));
            found.push(Commitment {
                id: String::new(),
                who,
                country: code,
                to: None,
                what: own
                    .map(|own| own.record.content.clone())
                    .unwrap_or_default(),
                made: None,
                deadline: deadline(ground, clause(ground, at, verb)),
                status: "open",
                statement: own.map(|own| own.record.id.clone()),
                at: place,
            });
        }
    }
}

/// `obtained from Graustark a promise that`, `won a pledge from Graustark to`: who gave it.
fn won_from(ground: &Ground<'_>, sentence: Stretch, verb: usize) -> Option<String> {
    let end = (verb + 12).min(sentence.to);
    let noun = (verb + 1..end).find(|at| {
        let (words, tokens) = (ground.work.words, &ground.work.tokens);
        tokens.is(words, *at, "commitment", "word")
    })?;
    let from = (verb + 1..(noun + 3).min(end)).find(|at| lower(ground, *at) == "from")?;
    let place = from + 1 + usize::from(lower(ground, from + 1) == "the");
    let mention = ground.parties.at(place)?;
    let entity = ground.parties.entities.get(mention.entity)?;
    // A man in office gives his state's word.
    let state = (entity.kind == "person")
        .then(|| super::state_name(ground, entity.country.as_deref()?))
        .flatten();
    Some(state.unwrap_or_else(|| crate::transfers::party_name(ground, mention.entity)))
}

/// `settled for a Russian undertaking not to sign`: whose word it is.
fn national(ground: &Ground<'_>, noun: usize) -> Option<String> {
    let binds = matches!(lower(ground, noun + 1), "to" | "not" | "that");
    let code = (noun.saturating_sub(3)..noun)
        .rev()
        .take_while(|at| ground.work.tokens.all[*at].class == Class::None)
        .find_map(|at| ground.parties.demonym(at))?;
    binds.then(|| super::state_name(ground, code)).flatten()
}

/// `an agreement was reached under which Kyiv will forgo the contract`, `under the accord, Russia is to withdraw`: whom its terms bind.
fn by_terms(ground: &Ground<'_>, sentence: Stretch, verb: usize) -> Option<String> {
    let word = lower(ground, verb);
    let duty = matches!(word, "will" | "would" | "shall" | "must")
        || matches!(word, "is" | "are" | "was" | "were") && lower(ground, verb + 1) == "to"
        || matches!(word, "agreed" | "undertook" | "pledged") && lower(ground, verb + 1) == "to";
    if !duty || verb <= sentence.from + 3 {
        return None;
    }
    let mention = (verb.saturating_sub(4).max(sentence.from)..verb)
        .rev()
        .find_map(|at| ground.parties.at(at))
        .filter(|mention| mention.at.to == verb)?;
    let from = mention.at.from.saturating_sub(usize::from(
        lower(ground, mention.at.from.checked_sub(1)?) == "the",
    ));
    let is = |at: usize| {
        let (words, tokens) = (ground.work.words, &ground.work.tokens);
        tokens.is(words, at, "commitment", "noun")
    };
    let before = |back: usize| from.checked_sub(back).map_or("", |at| lower(ground, at));
    // `under which`, `whereby`, and the paper before it.
    let relative =
        (before(1) == "which" && matches!(before(2), "under" | "by")) || before(1) == "whereby";
    let bound = relative
        && (sentence.from..from)
            .rev()
            .take(16)
            .any(|at| is(at) && lower(ground, at) != "agreed");
    // `Under the accord, Russia will`: it opens the sentence.
    let opens = matches!(lower(ground, sentence.from), "under" | "by")
        && (sentence.from + 1..sentence.from + 7).any(|at| at < from && is(at))
        && before(1) == ",";
    let entity = ground.parties.entities.get(mention.entity)?;
    let side = matches!(
        entity.kind,
        "state" | "government" | "agency" | "company" | "institute"
    );
    ((bound || opens) && side).then(|| crate::transfers::party_name(ground, mention.entity))
}

/// `the certificate obliges Graustark to`: whom an instrument binds.
fn obliged(ground: &Ground<'_>, sentence: Stretch, verb: usize) -> Option<String> {
    let place = verb + 1 + usize::from(lower(ground, verb + 1) == "the");
    let mention = ground.parties.at(place)?;
    let to = mention.at.to + usize::from(lower(ground, mention.at.to) == "not");
    let entity = ground.parties.entities.get(mention.entity)?;
    let low = verb.saturating_sub(14).max(sentence.from);
    let paper = (low..verb).any(|at| {
        let (words, tokens) = (ground.work.words, &ground.work.tokens);
        tokens.is(words, at, "grammar", "paper") || tokens.is(words, at, "commitment", "noun")
    });
    (paper && lower(ground, to) == "to" && entity.kind != "person")
        .then(|| crate::transfers::party_name(ground, mention.entity))
}

/// `signed a bill that obliges the government to report`: the speaker's own side.
fn own_side(ground: &Ground<'_>, verb: usize, own: Option<&Told>) -> Option<String> {
    let place = verb + 1 + usize::from(lower(ground, verb + 1) == "the");
    let (words, tokens) = (ground.work.words, &ground.work.tokens);
    let side = tokens.is(words, place, "commitment", "side") && lower(ground, place + 1) == "to";
    let record = &own.filter(|_| side)?.record;
    let orders = matches!(record.kind, "ordered" | "promised");
    let code = record.speaker.country.as_deref().filter(|_| orders)?;
    super::state_name(ground, code)
}

/// `must`, `will`, `is to`, `was due to`, `is obliged to`; `unless` with a side behind it.
fn verb_of_duty(ground: &Ground<'_>, at: usize) -> bool {
    let word = lower(ground, at);
    let next = lower(ground, at + 1);
    match ground.work.tokens.all[at].class {
        Class::Modal => matches!(word, "must" | "will" | "shall" | "would" | "should"),
        Class::Be => {
            next == "to"
                // `was given until April 15 to reply`.
                || (next == "given" && lower(ground, at + 2) == "until")
                || ground
                    .work
                    .tokens
                    .is(ground.work.words, at + 1, "commitment", "bound")
                    // `is required by the law to certify`.
                    && (lower(ground, at + 2) == "to"
                        || lower(ground, at + 2) == "by"
                            && (at + 3..at + 8).any(|to| lower(ground, to) == "to"))
        }
        Class::Have => {
            matches!(word, "has" | "have" | "had") && matches!(next, "to" | "until" | "till")
        }
        _ => word == "unless",
    }
}

/// An undertaking by where it stands, and by who is bound: his name and his country.
fn sides_of<'a>(
    at: Span,
    who: &'a str,
    code: Option<&'a str>,
) -> impl Iterator<Item = (Span, String)> + 'a {
    [Some(who), code]
        .into_iter()
        .flatten()
        .map(move |name| (at, name.to_owned()))
}

/// Parties by their names, noted once.
struct Sides<'a> {
    named: HashMap<&'a str, &'a Entity>,
}

impl<'a> Sides<'a> {
    fn of(ground: &Ground<'a>) -> Sides<'a> {
        let mut named = HashMap::new();
        for entity in &ground.parties.entities {
            named.entry(entity.name.as_str()).or_insert(entity);
        }
        Sides { named }
    }

    fn named(&self, name: &str) -> Option<&'a Entity> {
        self.named.get(name).copied()
    }

    /// The country of a party or a state by its name.
    fn country(&self, ground: &Ground<'_>, name: &str) -> Option<String> {
        let known = self.named(name).and_then(|entity| entity.country.clone());
        known.or_else(|| {
            let mut states = ground.work.words.states.iter();
            let state = states.find(|own| own.names.first().is_some_and(|own| own == name));
            state.map(|state| state.code.clone())
        })
    }
}
