//! Who speaks: the noun phrase to the left of a verb of speech, or to its right; pronouns go back to who spoke last.

mod unlisted;

pub(crate) use unlisted::{bound, label, plain, plain_right};

use super::{Ground, class, lower};
use crate::gazetteer::words::{Class, Form};
use crate::parties::Parties;
use crate::reading::Speaker;
use crate::tokens::{Shape, Stretch};

/// A speaker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Subject {
    /// Its party, if it is one.
    entity: Option<usize>,
    /// The words that name it.
    name: Option<String>,
    /// Role in words.
    role: Option<String>,
    /// Country, where the words tell it.
    country: Option<String>,
    /// `named`, `office` and so on.
    anonymity: &'static str,
    /// Whether it is an outlet.
    pub(crate) outlet: bool,
    many: bool,
}

impl Subject {
    pub(crate) fn unattributed() -> Subject {
        Subject {
            anonymity: "unattributed",
            ..Subject::default()
        }
    }

    pub(crate) fn same(&self, other: &Subject) -> bool {
        match (self.entity, other.entity) {
            (Some(a), Some(b)) => a == b && self.name == other.name,
            _ => self.name == other.name,
        }
    }

    pub(crate) fn person(&self, parties: &Parties) -> bool {
        self.entity
            .is_some_and(|entity| parties.entities[entity].kind == "person")
            && self.anonymity == "named"
    }

    pub(crate) fn anonymous(&self) -> bool {
        matches!(self.anonymity, "anonymous" | "unattributed")
    }

    /// Whether it is somebody in particular.
    pub(crate) fn definite(&self) -> bool {
        self.entity.is_some() || self.country.is_some() || self.anonymity == "office"
    }

    /// Whether its name ends in one of these words.
    pub(crate) fn ends_in(&self, words: &[&str]) -> bool {
        self.name.as_deref().is_some_and(|name| {
            let name = name.to_lowercase();
            words.iter().any(|word| name.ends_with(word))
        })
    }

    pub(crate) fn plural(&self) -> bool {
        self.many
    }

    pub(crate) fn country(&self, ground: &Ground<'_>) -> Option<String> {
        self.country.clone().or_else(|| {
            self.entity
                .and_then(|entity| ground.parties.entities[entity].country.clone())
        })
    }

    pub(crate) fn speaker(&self, ground: &Ground<'_>) -> Speaker {
        let entity = self.entity.map(|entity| &ground.parties.entities[entity]);
        Speaker {
            name: self
                .name
                .clone()
                .or_else(|| entity.map(|entity| entity.name.clone())),
            role: self
                .role
                .clone()
                .or_else(|| entity.and_then(|entity| entity.role.clone()))
                .or_else(|| entity.map(|entity| entity.kind.to_owned())),
            country: self.country(ground),
            party: entity.map(|entity| entity.id.clone()),
            anonymity: self.anonymity,
        }
    }
}

/// Who spoke and who was spoken of, for pronouns.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    paragraph: usize,
    speaker: Option<Subject>,
    person: Option<Subject>,
    body: Option<Subject>,
    many: Option<Subject>,
    /// The last few people with an office, for "the minister".
    offices: Vec<Subject>,
    /// Whose turn it is in a transcript, and the token behind the label.
    turn: Option<Subject>,
    turns: bool,
}

impl Memory {
    pub(crate) fn enter(&mut self, paragraph: usize) {
        if paragraph > self.paragraph + 1 {
            *self = Memory {
                turns: self.turns,
                turn: self.turn.take(),
                ..Memory::default()
            };
        }
        self.paragraph = paragraph;
    }

    /// A transcript names its speakers before a colon; whose turn it is, if anybody's that can be told.
    pub(crate) fn take_turn(&mut self, turn: Option<Subject>) {
        self.turns = true;
        self.turn = turn;
    }

    /// Whose turn it is.
    pub(crate) fn turn(&self) -> Option<&Subject> {
        self.turn.as_ref()
    }

    pub(crate) fn spoke(&mut self, subject: &Subject) {
        if subject.anonymity == "unattributed" {
            return;
        }
        self.speaker = Some(subject.clone());
        if subject.entity.is_some() && subject.anonymity == "named" && !subject.outlet {
            self.offices.retain(|own| own.entity != subject.entity);
            self.offices.push(subject.clone());
            if self.offices.len() > 6 {
                self.offices.remove(0);
            }
        }
        if subject.many {
            self.many = Some(subject.clone());
        } else if subject.anonymity == "named" && !subject.outlet
            || subject.anonymity == "anonymous"
        {
            self.person = Some(subject.clone());
        } else {
            self.body = Some(subject.clone());
        }
    }

    /// The subject of a sentence without a statement may be taken up by the next.
    pub(crate) fn leave(&mut self, ground: &Ground<'_>, sentence: Stretch) {
        let first = (sentence.from..(sentence.from + 9).min(sentence.to)).find_map(|at| {
            candidate(ground, sentence, at).filter(|found| !governed(ground, sentence, found.from))
        });
        let Some(found) = first else { return };
        if lower(ground, found.to) == "'s" {
            return;
        }
        let person = found
            .subject
            .entity
            .is_some_and(|entity| ground.parties.entities[entity].kind == "person");
        if person {
            self.person = Some(found.subject);
        } else if found.subject.many {
            self.many = Some(found.subject);
        } else {
            self.body = Some(found.subject);
        }
    }

    pub(crate) fn last_speaker(&self) -> Option<Subject> {
        self.speaker.clone()
    }

    /// "the same officials", "the officials": those who spoke last, where the role is the same.
    fn taken_up(&self, ground: &Ground<'_>, subject: Subject) -> Subject {
        if subject.entity.is_some() || subject.country.is_some() || subject.outlet {
            return subject;
        }
        let bare = subject
            .name
            .as_deref()
            .is_some_and(|name| Some(name) == subject.role.as_deref());
        let held = |own: &Subject| {
            let entity = own.entity.map(|entity| &ground.parties.entities[entity])?;
            let role = entity.role.as_deref()?.to_lowercase();
            let said = subject.role.as_deref()?;
            role.ends_with(said).then_some(())
        };
        let known = [&self.many, &self.person, &self.speaker]
            .into_iter()
            .flatten()
            .chain(self.offices.iter().rev())
            .find(|own| {
                (own.role.is_some() && own.role == subject.role && own.country(ground).is_some())
                    || held(own).is_some()
            });
        match known {
            Some(own) if bare => own.clone(),
            _ => self.at_home(ground, subject),
        }
    }

    /// `the government`, in a text of one country: that of who spoke last.
    fn at_home(&self, ground: &Ground<'_>, mut subject: Subject) -> Subject {
        let bare = subject
            .name
            .as_deref()
            .is_some_and(|name| Some(name) == subject.role.as_deref());
        let domestic = subject
            .role
            .as_deref()
            .is_some_and(|role| matches!(role, "government" | "cabinet" | "parliament" | "regime"));
        if bare && domestic {
            subject.country = self
                .speaker
                .as_ref()
                .and_then(|speaker| speaker.country(ground));
        }
        subject
    }

    fn pronoun(&self, word: &str) -> Option<Subject> {
        match word {
            "he" | "she" | "он" | "она" => self
                .person
                .clone()
                .or_else(|| self.speaker.clone().filter(|own| !own.many && !own.outlet)),
            "they" | "они" => self.many.clone().or_else(|| {
                self.speaker
                    .clone()
                    .filter(|own| own.many || own.anonymity != "named")
            }),
            "it" => self.body.clone().or_else(|| {
                self.speaker
                    .clone()
                    .filter(|own| own.anonymity != "named" || own.outlet)
            }),
            "i" | "we" => self.turn.clone(),
            _ => None,
        }
    }
}

/// What stands between the verb and its subject.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Walk {
    /// A form of `be` before a participle.
    pub(crate) passive: bool,
    /// `was quoted as saying`.
    pub(crate) quoted: bool,
    /// A negation.
    pub(crate) negated: bool,
    /// An auxiliary.
    pub(crate) auxiliary: bool,
    /// The token behind the subject.
    pub(crate) end: usize,
}

/// A noun phrase that can speak.
struct Candidate {
    from: usize,
    to: usize,
    subject: Subject,
}

/// The subject to the left of a verb.
pub(crate) fn left(
    ground: &Ground<'_>,
    sentence: Stretch,
    cue: usize,
    previous: Option<(usize, &Subject)>,
    memory: &Memory,
) -> (Option<Subject>, Walk) {
    let mut walk = Walk::default();
    let participle = matches!(
        class(ground, cue),
        Class::Verb(_, Form::Past | Form::Participle)
    );
    let ing = matches!(class(ground, cue), Class::Verb(_, Form::Ing));
    let mut at = cue;
    let mut steps = 0;
    while at > sentence.from && steps < 60 {
        steps += 1;
        let before = at - 1;
        let word = lower(ground, before);
        if let Some(date) = date_ending(ground, at, sentence) {
            at = date;
            if at > sentence.from
                && matches!(
                    lower(ground, at - 1),
                    "on" | "in" | "late" | "early" | "since" | "at" | "over" | "during" | "for"
                )
            {
                at -= 1;
            }
            continue;
        }
        match class(ground, before) {
            Class::Adverb => at = before,
            Class::Negation => {
                walk.negated = true;
                at = before;
            }
            Class::Be => {
                walk.auxiliary = true;
                walk.passive |= participle;
                at = before;
            }
            Class::Have | Class::Do | Class::Modal => {
                walk.auxiliary = true;
                at = before;
            }
            Class::Conjunction if matches!(word, "and" | "but" | "or" | "yet") => {
                return (
                    previous
                        .filter(|(own, _)| *own < cue)
                        .map(|(_, subject)| subject.clone())
                        .or_else(|| main(ground, sentence, before, memory)),
                    walk,
                );
            }
            Class::Preposition if word == "to" => match infinitive(ground, sentence, before) {
                Some(next) => {
                    walk.auxiliary = true;
                    at = next;
                }
                None => return (None, walk),
            },
            _ if word == "as" && ing => {
                let verb = before.checked_sub(1).filter(|verb| {
                    matches!(
                        lower(ground, *verb),
                        "quoted" | "cited" | "reported" | "described"
                    )
                });
                let Some(verb) = verb else {
                    return (None, walk);
                };
                walk.quoted = true;
                walk.auxiliary = true;
                at = verb;
                // `was quoted as saying`: the auxiliaries before are skipped in turn.
                continue;
            }
            _ if word == "," && bearer(ground, sentence, before).is_some() => {
                return (bearer(ground, sentence, before), walk);
            }
            _ if word == "," || word == "—" || word == ")" => {
                if word == "," && ing && !walk.quoted && !walk.auxiliary {
                    return (
                        previous
                            .map(|(_, subject)| subject.clone())
                            .or_else(|| main(ground, sentence, before, memory)),
                        walk,
                    );
                }
                match parenthesis(ground, sentence, before) {
                    Some(open) => at = open,
                    None => return (None, walk),
                }
            }
            _ if small_adverb(ground, before) => at = before,
            // `has "categorically" denied`.
            _ if word == "\"" && unlisted::quoted_adverb(ground, sentence, before).is_some() => {
                at = unlisted::quoted_adverb(ground, sentence, before).unwrap_or(before);
            }
            // `have for years claimed`.
            _ if span_of_time(ground, before).is_some_and(|from| from > sentence.from) => {
                at = span_of_time(ground, before).unwrap_or(before);
            }
            // `Granite Works Inc. rejected`: the point belongs to the name.
            _ if word == "."
                && !ground.work.tokens.all[before].spaced
                && before > sentence.from
                && ground.work.words.abbreviation(lower(ground, before - 1)) =>
            {
                at = before;
            }
            _ => break,
        }
    }
    walk.end = at;
    (
        ending(ground, sentence, at, memory).map(|subject| memory.taken_up(ground, subject)),
        walk,
    )
}

/// `the defence minister, A. Name, said`: the name between commas bears the office before it.
fn bearer(ground: &Ground<'_>, sentence: Stretch, close: usize) -> Option<Subject> {
    let mention = ground.parties.at(close.checked_sub(1)?)?;
    let kind = ground.parties.entities[mention.entity].kind;
    let open = mention.at.from.checked_sub(1)?;
    // `the shipper, Long River Trading, said`: so does a firm behind what it does.
    let firm = matches!(kind, "company" | "institute")
        && open > sentence.from
        && (ground
            .work
            .tokens
            .is(ground.work.words, open - 1, "body", "firm")
            || role_word(ground, open - 1).is_some());
    let person = kind == "person" || firm;
    (person && mention.at.to == close && open > sentence.from && lower(ground, open) == ",")
        .then(|| named(ground, mention.entity))
}

/// `for years`, `for many months`, `to date` before a verb: where it begins.
fn span_of_time(ground: &Ground<'_>, last: usize) -> Option<usize> {
    let before = last.checked_sub(1).map_or("", |at| lower(ground, at));
    if matches!(
        (before, lower(ground, last)),
        ("to", "date") | ("so" | "thus", "far")
    ) {
        return Some(last - 1);
    }
    if !matches!(
        lower(ground, last),
        "years" | "months" | "weeks" | "decades" | "days" | "time"
    ) {
        return None;
    }
    (last.saturating_sub(3)..last)
        .rev()
        .find(|at| matches!(lower(ground, *at), "for" | "over"))
}

/// A word in -ly that no list knows is an adverb.
fn small_adverb(ground: &Ground<'_>, at: usize) -> bool {
    let word = lower(ground, at);
    word.len() > 5
        && word.ends_with("ly")
        && !ground.work.tokens.all[at].capital
        && !matches!(
            word,
            "family" | "supply" | "assembly" | "monopoly" | "ally" | "reply"
        )
}

/// Whether the sentence opens with a date that ends before a token.
fn opens_with_date(ground: &Ground<'_>, at: usize, sentence: Stretch) -> bool {
    let index = ground.work.dates.partition_point(|date| date.to < at);
    ground
        .work
        .dates
        .get(index)
        .is_some_and(|date| date.to == at && date.from <= sentence.from + 1)
}

/// Where a date that ends before a token begins.
fn date_ending(ground: &Ground<'_>, at: usize, sentence: Stretch) -> Option<usize> {
    let index = ground.work.dates.partition_point(|date| date.to < at);
    ground
        .work
        .dates
        .get(index)
        .filter(|date| date.to == at && date.from > sentence.from)
        .map(|date| date.from)
}

/// `officials to claim`, `continued to insist`, `went on to say`: the token behind the subject.
fn infinitive(ground: &Ground<'_>, sentence: Stretch, to: usize) -> Option<usize> {
    let before = to
        .checked_sub(1)
        .filter(|before| *before >= sentence.from)?;
    if candidate(ground, sentence, before).is_some() {
        let lead = (sentence.from..before).rev().take(6).any(|at| {
            matches!(
                lower(ground, at),
                "led" | "prompted" | "caused" | "forced" | "allowed"
            )
        });
        return lead.then_some(to);
    }
    match lower(ground, before) {
        "continued" | "continues" | "continue" | "failed" | "refused" | "declined" | "moved"
        | "rushed" | "hastened" | "appeared" | "seemed" | "proceeded" | "began" => Some(before),
        "on" if lower(ground, before.checked_sub(1)?) == "went" => Some(before - 1),
        _ => None,
    }
}

/// The opening of a parenthesis between commas, dashes or brackets that closes here.
fn parenthesis(ground: &Ground<'_>, sentence: Stretch, close: usize) -> Option<usize> {
    let mark = lower(ground, close);
    let wanted = if mark == ")" { "(" } else { mark };
    let low = close.saturating_sub(36).max(sentence.from);
    let open = (low..close).rev().find(|at| lower(ground, *at) == wanted)?;
    // Commas of a list or behind an opening phrase are no parenthesis.
    let inner = open + 1;
    let relative = matches!(lower(ground, inner), "who" | "which" | "whose" | "where")
        || matches!(
            class(ground, inner),
            Class::Article
                | Class::Preposition
                | Class::Adverb
                | Class::Subordinate
                | Class::None
                | Class::Verb(_, Form::Ing | Form::Past)
        );
    (relative
        && open > sentence.from
        && (candidate_ending(ground, sentence, open).is_some()
            || matches!(class(ground, open - 1), Class::Pronoun | Class::None)))
    .then_some(open)
}

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
            return phrase(ground, sentence, before);
        }
        word @ ("i" | "we") => return memory.pronoun(word),
        word @ ("he" | "she" | "they" | "it" | "он" | "она" | "они") => {
            return within(ground, sentence, last, word).or_else(|| memory.pronoun(word));
        }
        _ => {}
    }
    the_firm(ground, sentence, last).or_else(|| phrase(ground, sentence, at))
}

/// `The firm denies it`: the company or institute named last.
fn the_firm(ground: &Ground<'_>, sentence: Stretch, last: usize) -> Option<Subject> {
    let body = match lower(ground, last) {
        "firm" | "company" | "manufacturer" | "trader" | "bank" | "enterprise" => "company",
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
fn within(ground: &Ground<'_>, sentence: Stretch, pronoun: usize, word: &str) -> Option<Subject> {
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
fn titled(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Subject> {
    let mention = ground.parties.at(at.checked_sub(1)?)?;
    let person = ground.parties.entities[mention.entity].kind == "person";
    let opens = mention.titled < mention.at.from && mention.titled >= sentence.from;
    let alone = mention.titled == sentence.from
        || !matches!(lower(ground, mention.titled - 1), "and" | "or" | "&");
    (person && opens && alone && mention.at.to == at && !governed(ground, sentence, mention.titled))
        .then(|| named(ground, mention.entity))
}

/// The head of the noun phrase, with what hangs on it, that ends before a token.
fn phrase(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Subject> {
    if let Some(subject) = titled(ground, sentence, at) {
        return Some(subject);
    }
    let low = at.saturating_sub(24).max(sentence.from);
    let mut from = at;
    while from > low {
        let before = from - 1;
        let word = lower(ground, before);
        let stop = matches!(
            word,
            "," | ";" | ":" | "\"" | "—" | "(" | ")" | "." | "?" | "!"
        ) || matches!(
            class(ground, before),
            Class::That
                | Class::Be
                | Class::Have
                | Class::Do
                | Class::Modal
                | Class::Subordinate
                | Class::Pronoun
        ) || (matches!(
            class(ground, before),
            Class::Verb(_, Form::Base | Form::Third | Form::Past)
        ) && candidate(ground, sentence, before).is_none()
            && !noun_here(ground, before)
            && ground.parties.at(before).is_none());
        if stop {
            break;
        }
        from = before;
    }
    let mut best: Option<Candidate> = None;
    let mut joint: Vec<Subject> = Vec::new();
    let mut place = from;
    while place < at {
        let Some(found) = candidate(ground, sentence, place) else {
            place += 1;
            continue;
        };
        let to = found.to;
        place = to.max(place + 1);
        // `after Ruritania pledged`: the preposition governs the clause and not its subject.
        let clause = to == at
            && found.from > sentence.from
            && matches!(
                lower(ground, found.from - 1),
                "after" | "before" | "since" | "until"
            );
        if matches!(lower(ground, to), "'s" | "'") && to < at
            || (governed(ground, sentence, found.from) && !clause)
        {
            continue;
        }
        match &best {
            Some(own) if lower(ground, own.to) == "and" && found.from <= own.to + 3 => {
                joint.push(found.subject.clone());
            }
            Some(own) if found.from > own.to + 1 => {}
            _ => best = Some(found),
        }
        if best.is_some() && class(ground, place) == Class::Preposition {
            // What hangs on the head is no subject of its own.
            break;
        }
    }
    let best = best?;
    let mut subject = best.subject;
    // The head must reach the verb: only its own prepositional phrases may stand between.
    let between = (best.to..at).all(|place| class(ground, place) != Class::Pronoun);
    if !between {
        return None;
    }
    if best.to < at && joint.is_empty() {
        let next = class(ground, best.to);
        let hangs = matches!(next, Class::Preposition | Class::Conjunction)
            || matches!(
                lower(ground, best.to),
                "-" | "himself" | "herself" | "itself"
            )
            || ground.work.tokens.all[best.to].shape == Shape::Number;
        if !hangs {
            return None;
        }
        if subject.entity.is_none() || subject.anonymity == "office" {
            attach(
                ground,
                &mut subject,
                Stretch {
                    from: best.to,
                    to: at,
                },
            );
        }
    }
    if let Some(other) = joint.first() {
        let names = [subject.name_in(ground), other.name_in(ground)];
        subject.name = Some(names.join(" and "));
        subject.many = true;
    }
    Some(subject)
}

impl Subject {
    fn name_in(&self, ground: &Ground<'_>) -> String {
        self.name
            .clone()
            .or_else(|| {
                self.entity
                    .map(|entity| ground.parties.entities[entity].name.clone())
            })
            .unwrap_or_default()
    }
}

/// A word that could be a verb but follows an article or an adjective.
fn noun_here(ground: &Ground<'_>, at: usize) -> bool {
    at > 0
        && (matches!(class(ground, at - 1), Class::Article | Class::Preposition)
            || matches!(lower(ground, at - 1), "'s" | "-"))
}

/// `a spokesman for the ministry`, `an official in Ruritania`: country and party from what hangs on the head.
fn attach(ground: &Ground<'_>, subject: &mut Subject, at: Stretch) {
    let Some(mention) = ground.parties.within(at).next() else {
        return;
    };
    let entity = &ground.parties.entities[mention.entity];
    if entity.kind == "person" {
        return;
    }
    subject.entity.get_or_insert(mention.entity);
    if subject.country.is_none() {
        subject.country.clone_from(&entity.country);
    }
    if let Some(name) = &mut subject.name
        && entity.kind != "state"
    {
        *name = format!("{} {name}", entity.name);
    }
}

/// Whether a noun phrase hangs on a preposition.
fn governed(ground: &Ground<'_>, sentence: Stretch, from: usize) -> bool {
    let mut at = from;
    while at > sentence.from {
        let before = at - 1;
        // `In 1996 Ruritania had ...`: a date in front governs nothing.
        if date_ending(ground, at, sentence).is_some() || opens_with_date(ground, at, sentence) {
            return false;
        }
        // `Under those understandings Ruritania agreed`: the preposition holds the noun and not the state behind it.
        if at == from
            && ground.work.tokens.all[from].capital
            && !ground.work.tokens.all[before].capital
            && ground
                .work
                .tokens
                .is(ground.work.words, before, "commitment", "noun")
        {
            return false;
        }
        match class(ground, before) {
            Class::Preposition => {
                return !matches!(lower(ground, before), "following" | "including");
            }
            Class::Article | Class::None => at = before,
            Class::Noun(_) => at = before,
            Class::Verb(_, Form::Past | Form::Participle | Form::Ing) if at == from => at = before,
            _ => return false,
        }
        if ground.work.tokens.all[before].shape == Shape::Mark
            && !matches!(lower(ground, before), "-" | "'s")
            || from - at > 8
        {
            return false;
        }
        if ground.parties.at(before).is_some()
            && !matches!(lower(ground, before + 1), "'s" | "'")
            && before + 1 < from
            && !ground.work.tokens.all[before + 1].capital
        {
            return false;
        }
    }
    false
}

/// The first phrase of the sentence that can speak, for verbs without a subject of their own.
fn main(ground: &Ground<'_>, sentence: Stretch, before: usize, memory: &Memory) -> Option<Subject> {
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

fn candidate_ending(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Subject> {
    let low = at.saturating_sub(8).max(sentence.from);
    (low..at)
        .find_map(|place| candidate(ground, sentence, place).filter(|found| found.to == at))
        .map(|found| found.subject)
}

/// The subject to the right: the first phrase that can speak.
pub(crate) fn right(
    ground: &Ground<'_>,
    from: usize,
    sentence: Stretch,
    memory: &Memory,
) -> Option<Subject> {
    let mut at = from;
    let end = (from + 12).min(sentence.to);
    while at < end {
        if matches!(lower(ground, at), "he" | "she" | "they" | "it") && at == from {
            return memory.pronoun(lower(ground, at));
        }
        if let Some(found) = candidate(ground, sentence, at) {
            if matches!(lower(ground, found.to), "'s" | "'") {
                at = found.to + 1;
                continue;
            }
            let mut subject = found.subject;
            // `the ministry's spokesman`, `said spokesman X`: a name behind the role is the speaker.
            let behind = found.to + usize::from(lower(ground, found.to) == ",");
            if subject.entity.is_none() {
                if let Some(mention) = ground
                    .parties
                    .at(behind)
                    .filter(|mention| ground.parties.entities[mention.entity].kind == "person")
                {
                    subject = named(ground, mention.entity);
                } else if class(ground, found.to) == Class::Preposition {
                    attach(
                        ground,
                        &mut subject,
                        Stretch {
                            from: found.to,
                            to: (found.to + 6).min(sentence.to),
                        },
                    );
                }
            }
            return Some(subject);
        }
        let goes_on = matches!(
            class(ground, at),
            Class::Article | Class::None | Class::Adverb | Class::Noun(_) | Class::Preposition
        ) && !matches!(lower(ground, at), "," | "." | ";" | "\"" | "to");
        if !goes_on {
            return None;
        }
        at += 1;
    }
    None
}

fn named(ground: &Ground<'_>, entity: usize) -> Subject {
    let kind = ground.parties.entities[entity].kind;
    Subject {
        entity: Some(entity),
        anonymity: match kind {
            "person" => "named",
            "agency" | "official" => "office",
            _ => "collective",
        },
        ..Subject::default()
    }
}

/// A phrase that can speak and begins at or holds this token.
fn candidate(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Candidate> {
    if matches!(
        class(ground, at),
        Class::Preposition
            | Class::Be
            | Class::Have
            | Class::Do
            | Class::Modal
            | Class::That
            | Class::Conjunction
            | Class::Subordinate
            | Class::Pronoun
            | Class::Negation
    ) || ground.work.apparatus.holds(at)
    {
        return None;
    }
    let mention = ground.parties.at(at).copied();
    let outlet = ground.parties.outlet(at);
    let mut to = mention
        .map(|own| own.at.to)
        .or(outlet.map(|(own, _)| own.to))
        .unwrap_or(at);
    let from = mention
        .map(|own| own.at.from)
        .or(outlet.map(|(own, _)| own.from))
        .unwrap_or(at);
    if mention.is_none()
        && outlet.is_none()
        && let Some(found) = unknown_paper(ground, sentence, at)
    {
        return Some(found);
    }
    // A role behind names its bearer: `Ruritanian Foreign Ministry spokesman`, `U.S. officials`, `Clinton administration officials`.
    let mut role_at = to;
    if mention.is_none() && outlet.is_none() {
        let token = ground.work.tokens.all.get(at)?;
        if token.shape != Shape::Word {
            return None;
        }
        role_at = at;
    }
    while role_at < sentence.to
        && role_at < to + 5
        && modifier(ground, role_at)
        && role_word(ground, role_at).is_none()
    {
        role_at += 1;
    }
    // `U.S. intelligence officials`: of two such words the last is the head.
    while role_word(ground, role_at).is_some()
        && role_at + 1 < sentence.to
        && modifier(ground, role_at)
        && role_word(ground, role_at + 1).is_some_and(|(_, many)| many)
    {
        role_at += 1;
    }
    let genitive = matches!(lower(ground, role_at), "'s" | "'");
    if let (Some((kind, many)), false) = (role_word(ground, role_at), genitive) {
        let person_behind = ground
            .parties
            .at(role_at + 1)
            .filter(|own| ground.parties.entities[own.entity].kind == "person");
        if let Some(person) = person_behind {
            return Some(Candidate {
                from,
                to: person.at.to,
                subject: named(ground, person.entity),
            });
        }
        if lower(ground, role_at + 1) == "," {
            let behind = ground
                .parties
                .at(role_at + 2)
                .filter(|own| ground.parties.entities[own.entity].kind == "person");
            if let Some(person) = behind.filter(|own| matches!(lower(ground, own.at.to), "," | "."))
            {
                return Some(Candidate {
                    from,
                    to: person.at.to + usize::from(lower(ground, person.at.to) == ","),
                    subject: named(ground, person.entity),
                });
            }
        }
        let person = mention.filter(|own| ground.parties.entities[own.entity].kind == "person");
        if person.is_none() {
            return role(
                ground,
                sentence,
                from,
                role_at,
                mention.map(|own| own.entity),
                outlet.is_some(),
                kind,
                many,
            );
        }
    }
    if let Some(mention) = mention {
        to = mention.at.to;
        return Some(Candidate {
            from: mention.titled.min(mention.at.from),
            to,
            subject: named(ground, mention.entity),
        });
    }
    let (_, index) = outlet?;
    let row = ground.work.words.outlets.get(usize::from(index))?;
    if ground
        .work
        .tokens
        .is(ground.work.words, to, "outlet", "tail")
    {
        to += 1;
    }
    Some(Candidate {
        from,
        to,
        subject: Subject {
            name: Some(
                ground
                    .work
                    .tokens
                    .text(&ground.work.page.folded, from)
                    .to_owned(),
            )
            .filter(|_| to == from + 1)
            .or_else(|| row.names.first().cloned()),
            role: Some(row.kind.clone()),
            country: (!row.country.is_empty()).then(|| row.country.clone()),
            anonymity: "named",
            outlet: true,
            ..Subject::default()
        },
    })
}

/// `The Harbour Gazette wrote`: capitalised words that end in the name of a kind of paper, known to no list, before a verb of speech.
fn unknown_paper(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Candidate> {
    let capital = |place: usize| {
        ground
            .work
            .tokens
            .all
            .get(place)
            .is_some_and(|token| token.shape == Shape::Word && token.capital)
    };
    let first = at > sentence.from && capital(at - 1) && class(ground, at - 1) != Class::Article;
    if !capital(at) || first {
        return None;
    }
    let mut to = at + 1;
    while to < sentence.to && to < at + 5 {
        let joined = lower(ground, to) == "-" && capital(to + 1);
        if !capital(to) && !joined {
            break;
        }
        to += 1 + usize::from(joined);
    }
    let called = at > sentence.from
        && matches!(
            lower(ground, at - 1),
            "daily"
                | "weekly"
                | "newspaper"
                | "paper"
                | "magazine"
                | "agency"
                | "tabloid"
                | "monthly"
        );
    let paper = called
        || ground
            .work
            .tokens
            .is(ground.work.words, to - 1, "outlet", "papers");
    let speaks = (to..(to + 2).min(sentence.to)).any(|place| {
        matches!(
            class(ground, place),
            Class::Verb(_, Form::Past | Form::Third)
        ) || class(ground, place) == Class::Have
            || lower(ground, place) == ","
    });
    if (to < at + 2 && !called) || !paper || !speaks {
        return None;
    }
    let (begin, end) = ground.work.tokens.bytes(Stretch { from: at, to });
    let name = ground.work.page.folded.get(begin..end)?.to_owned();
    Some(Candidate {
        from: at,
        to,
        subject: Subject {
            name: Some(name),
            role: Some("newspaper".to_owned()),
            anonymity: "named",
            outlet: true,
            ..Subject::default()
        },
    })
}

/// Words that may stand between a country and the role: `senior`, `Defense`, `government`.
fn modifier(ground: &Ground<'_>, at: usize) -> bool {
    let Some(token) = ground.work.tokens.all.get(at) else {
        return false;
    };
    (token.shape == Shape::Word && token.capital && matches!(token.class, Class::None))
        || ground.work.words.modifies(lower(ground, at))
        || ground.parties.demonym(at).is_some()
}

/// The anonymity that a role word brings, and whether it is many.
fn role_word(ground: &Ground<'_>, at: usize) -> Option<(&'static str, bool)> {
    let token = ground.work.tokens.all.get(at)?;
    if token.shape != Shape::Word {
        return None;
    }
    let word = lower(ground, at);
    let role = ground.work.words.role(word)?;
    let many = word.ends_with('s') && !word.ends_with("ss")
        || matches!(
            word,
            "many"
                | "few"
                | "most"
                | "both"
                | "police"
                | "spokesmen"
                | "congressmen"
                | "some"
                | "others"
        );
    Some((
        role,
        many && role != "office" || matches!(word, "authorities" | "leadership"),
    ))
}

#[expect(
    clippy::too_many_arguments,
    reason = "the parts of one noun phrase, found together by its only caller"
)]
fn role(
    ground: &Ground<'_>,
    sentence: Stretch,
    from: usize,
    at: usize,
    entity: Option<usize>,
    outlet: bool,
    kind: &'static str,
    many: bool,
) -> Option<Candidate> {
    // Modifiers to the left belong to the name: demonyms and bodies.
    let mut start = from;
    let mut owner = entity;
    while start > sentence.from && start + 6 > from {
        let before = start - 1;
        if let Some(mention) = ground.parties.at(before) {
            if ground.parties.entities[mention.entity].kind == "person" {
                break;
            }
            owner = owner.or(Some(mention.entity));
            start = mention.at.from;
        } else if modifier(ground, before) {
            start = before;
        } else if let Some(own) = over_plain_nouns(ground, sentence, start) {
            start = own;
        } else if lower(ground, before) == "'s"
            && ground.parties.at(before.saturating_sub(1)).is_some()
            && before > sentence.from
        {
            let mention = ground.parties.at(before - 1)?;
            owner = owner.or(Some(mention.entity));
            start = mention.at.from;
        } else {
            break;
        }
    }
    let word = lower(ground, at);
    let quantifier = matches!(
        word,
        "many" | "some" | "others" | "few" | "most" | "several" | "both"
    );
    if quantifier
        && !(matches!(class(ground, at + 1), Class::Verb(..) | Class::Preposition)
            || lower(ground, at + 1) == "in")
    {
        return None;
    }
    let statement = matches!(word, "statement" | "communique" | "report" | "reports");
    let country = (start..at)
        .find_map(|place| ground.parties.demonym(place).map(str::to_owned))
        .or_else(|| owner.and_then(|own| ground.parties.entities[own].country.clone()));
    if statement && owner.is_none() && country.is_none() {
        return None;
    }
    let text = |from: usize| {
        let (from, to) = ground.work.tokens.bytes(Stretch { from, to: at + 1 });
        ground
            .work
            .page
            .folded
            .get(from..to)
            .unwrap_or_default()
            .to_owned()
    };
    let administration = (start..at).any(|place| lower(ground, place) == "administration");
    let party = owner
        .or_else(|| {
            let own = |entity: &crate::parties::Entity| {
                entity.kind == "government"
                    && entity.name.to_lowercase().ends_with("administration")
            };
            ground
                .parties
                .entities
                .iter()
                .position(own)
                .filter(|_| administration)
        })
        .or_else(|| {
            let code = country.as_deref()?;
            ground
                .parties
                .entities
                .iter()
                .position(|own| own.kind == "government" && own.country.as_deref() == Some(code))
                .filter(|_| {
                    kind != "outlet"
                        && matches!(
                            word,
                            "officials"
                                | "official"
                                | "authorities"
                                | "government"
                                | "policy-makers"
                                | "leaders"
                        )
                })
        });
    // What only points or counts is no part of the name.
    let points = |place: usize| {
        matches!(
            lower(ground, place),
            "other"
                | "same"
                | "some"
                | "many"
                | "several"
                | "most"
                | "few"
                | "unnamed"
                | "the"
                | "a"
                | "an"
                | "these"
                | "those"
                | "-"
        )
    };
    let mut head = start;
    while head < at && points(head) {
        head += 1;
    }
    let name = if statement && owner.is_some() {
        None
    } else {
        Some(text(head))
    };
    let country =
        country.or_else(|| party.and_then(|own| ground.parties.entities[own].country.clone()));
    Some(Candidate {
        from: start,
        to: at + 1,
        subject: Subject {
            entity: party,
            name,
            role: Some(word.to_owned()),
            country,
            anonymity: match kind {
                "outlet" => "anonymous",
                other => other,
            },
            outlet: outlet || kind == "outlet",
            many,
        },
    })
}

/// `Seoul's unification ministry`, `the Croatian transport ministry`: one or two plain nouns stand between owner and role.
fn over_plain_nouns(ground: &Ground<'_>, sentence: Stretch, start: usize) -> Option<usize> {
    let mut at = start;
    while at > sentence.from && at + 2 > start {
        let token = ground.work.tokens.all.get(at - 1)?;
        if token.shape != Shape::Word || token.capital || token.class != Class::None {
            break;
        }
        at -= 1;
    }
    let before = at.checked_sub(1).filter(|own| *own >= sentence.from)?;
    let owned = lower(ground, before) == "'s"
        && before > sentence.from
        && ground.parties.at(before - 1).is_some();
    (at < start && (owned || ground.parties.demonym(before).is_some())).then_some(at)
}

/// The first country that a stretch speaks of.
pub(crate) fn first_country(ground: &Ground<'_>, at: Stretch) -> Option<String> {
    (at.from..at.to).find_map(|place| {
        ground
            .parties
            .demonym(place)
            .map(str::to_owned)
            .or_else(|| {
                let mention = ground.parties.at(place)?;
                ground.parties.entities[mention.entity].country.clone()
            })
    })
}
