//! Statements: who says what, found by verbs and nouns of speech, with the speaker sought to the left and to the right.
//!
//! A statement is a sentence with a speaker and a kind; two speakers or two kinds in one sentence are two statements. Negation,
//! hedges and relaying stay with it. What the words mean for a transfer is none of this file's business.

mod subject;
mod turns;
mod when;

use crate::Work;
use crate::dates::Value;
use crate::gazetteer::words::{Class, Form};
use crate::gazetteer::{Frame, finite};
use crate::parties::Parties;
use crate::reading::{Citation, Statement};
use crate::record::span;
use crate::tokens::{Shape, Stretch};
use subject::Subject;

/// What the layers before found.
pub(crate) struct Ground<'a> {
    /// The page and its dates.
    pub(crate) work: &'a Work<'a>,
    /// Its parties.
    pub(crate) parties: &'a Parties,
    /// Values of the dates.
    pub(crate) values: &'a [Option<Value>],
    /// Citations, in the order of the apparatus.
    pub(crate) citations: &'a [Citation],
    /// By citation: index in the apparatus.
    pub(crate) cited: &'a [usize],
}

/// A statement with its tokens.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// The record.
    pub(crate) record: Statement,
    /// Its sentence.
    pub(crate) sentence: usize,
    /// The cue.
    pub(crate) cue: usize,
    /// What is said.
    pub(crate) content: Stretch,
}

/// Where a statement was found, before it becomes a record.
struct Cue {
    at: usize,
    kind: &'static str,
    frame: Frame,
    lemma: String,
    subject: Subject,
    negated: bool,
}

/// All statements of the page.
pub(crate) fn read(ground: &Ground<'_>) -> Vec<Told> {
    let mut told: Vec<Told> = Vec::new();
    let mut memory = subject::Memory::default();
    let scopes = when::Scopes::of(ground);
    let transcript = turns::turns(ground);
    for index in 0..ground.work.tokens.sentences.len() {
        let sentence = ground.work.tokens.sentences[index];
        if !ground.work.parts.is_body(sentence.at.from) || sentence.at.to - sentence.at.from < 4 {
            continue;
        }
        memory.enter(sentence.paragraph);
        let paragraph = ground.work.tokens.paragraphs[sentence.paragraph];
        if transcript
            && sentence.at.from == paragraph.from
            && let Some((turn, _)) = subject::label(ground, paragraph)
        {
            memory.take_turn(turn);
        }
        let first = told.len();
        for cue in cues(ground, sentence.at, &mut memory) {
            push(ground, &scopes, index, &cue, first, &mut told);
            memory.spoke(&cue.subject);
        }
        if told.len() == first {
            turns::quotation(ground, &scopes, index, &memory, &mut told);
        }
        if told.len() == first {
            turns::own_words(ground, &scopes, index, &memory, &mut told);
        }
        if told.len() == first {
            turns::intends(ground, &scopes, index, &mut told);
        }
        memory.leave(ground, sentence.at);
    }
    for (number, statement) in told.iter_mut().enumerate() {
        statement.record.id = format!("s{}", number + 1);
    }
    relay(&mut told);
    told
}

fn lower<'a>(ground: &Ground<'a>, at: usize) -> &'a str {
    ground.work.tokens.text(&ground.work.page.lower, at)
}

fn class(ground: &Ground<'_>, at: usize) -> Class {
    ground
        .work
        .tokens
        .all
        .get(at)
        .map_or(Class::None, |token| token.class)
}

/// The cues of a sentence with their speakers.
fn cues(ground: &Ground<'_>, sentence: Stretch, memory: &mut subject::Memory) -> Vec<Cue> {
    let mut found: Vec<Cue> = Vec::new();
    if let Some(cue) = according(ground, sentence, memory) {
        found.push(cue);
    }
    let mut quoted = false;
    for at in sentence.from..sentence.to {
        if lower(ground, at) == "\"" {
            quoted = !quoted;
        }
        if quoted || ground.work.apparatus.holds(at) {
            continue;
        }
        let cue = match class(ground, at) {
            Class::Verb(index, form) => given(ground, sentence, at, &found, memory)
                .or_else(|| verb(ground, sentence, at, index, form, &found, memory)),
            Class::Noun(index) => given(ground, sentence, at, &found, memory)
                .or_else(|| noun(ground, sentence, at, index, memory)),
            _ => given(ground, sentence, at, &found, memory),
        };
        if let Some(cue) = cue
            && admitted(ground, &found, &cue)
        {
            found.push(cue);
        }
    }
    found
}

/// A cue within what another says is only taken when it is plainly somebody else's.
fn admitted(ground: &Ground<'_>, found: &[Cue], cue: &Cue) -> bool {
    let Some(last) = found.last() else {
        return true;
    };
    if found.iter().any(|own| {
        own.subject.same(&cue.subject) && (own.kind == cue.kind || cue.frame == Frame::Clause)
    }) {
        return false;
    }
    if cue.subject == Subject::unattributed() {
        return false;
    }
    let within = (last.at + 1..cue.at).any(|at| class(ground, at) == Class::That);
    if !within {
        return true;
    }
    match cue.frame {
        Frame::Open => true,
        Frame::Act => cue.subject.person(ground.parties),
        Frame::Clause => false,
    }
}

/// `According to X, Y ...`: X speaks, unless Y is told to have spoken; then X relays.
fn according(ground: &Ground<'_>, sentence: Stretch, memory: &mut subject::Memory) -> Option<Cue> {
    let at = (sentence.from..sentence.to).find(|at| {
        (lower(ground, *at) == "according" && lower(ground, at + 1) == "to")
            || (matches!(lower(ground, *at), "quoting" | "citing")
                && lower(ground, at.saturating_sub(1)) == ",")
    })?;
    if ground.work.apparatus.holds(at) {
        return None;
    }
    let from = at + 1 + usize::from(lower(ground, at) == "according");
    let subject = subject::right(ground, from, sentence, memory).or_else(|| {
        (lower(ground, at) == "according")
            .then(|| subject::plain_right(ground, from, sentence))
            .flatten()
    })?;
    Some(Cue {
        at,
        kind: "said",
        frame: Frame::Open,
        lemma: "according to".to_owned(),
        subject,
        negated: false,
    })
}

fn verb(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    index: u16,
    form: Form,
    found: &[Cue],
    memory: &mut subject::Memory,
) -> Option<Cue> {
    let verb = ground.work.words.verbs.get(usize::from(index))?;
    let token = ground.work.tokens.all[at];
    if token.capital && at > sentence.from && lower(ground, at - 1) != "\"" {
        return None;
    }
    let before = if at > sentence.from { at - 1 } else { at };
    // `arms claims`, `the report`: nouns of the same form.
    if matches!(form, Form::Base | Form::Third | Form::Ing) && noun_like(ground, sentence, at) {
        return None;
    }
    if ground.parties.at(at).is_some() || ground.parties.outlet(at).is_some() {
        return None;
    }
    let speech = speech_follows(ground, sentence, at)
        || matches!(verb.lemma.as_str(), "count" | "number" | "let" | "put")
        || (verb.lemma == "speak"
            && lower(ground, at + 1) == "of"
            && (at + 2..(at + 6).min(sentence.to))
                .any(|place| ground.work.tokens.all[place].shape == Shape::Number));
    if verb.frame == Frame::Clause && !stance(&verb.lemma) && !speech {
        return None;
    }
    if verb.lemma == "stipulate" {
        // An agreement that stipulates binds whom it names.
        return by_clause(ground, sentence, at, memory).map(|subject| Cue {
            at,
            kind: verb.kind,
            frame: verb.frame,
            lemma: verb.lemma.clone(),
            subject,
            negated: false,
        });
    }
    let (mut subject, walk) = subject::left(
        ground,
        sentence,
        at,
        found.last().map(|cue| (cue.at, &cue.subject)),
        memory,
    );
    let passive = walk.passive;
    if passive && !walk.quoted {
        return passive_cue(ground, sentence, at, verb.kind, &verb.lemma, memory);
    }
    if subject.is_none() && verb.frame != Frame::Act && inverted(ground, sentence, at) {
        subject = subject::right(ground, at + 1, sentence, memory);
    }
    let court = verb.lemma == "hear";
    if subject.is_none()
        && !passive
        && matches!(form, Form::Past | Form::Third | Form::Base)
        && (speaks_for_itself(&verb.lemma) || court)
        && (speech || verb.frame == Frame::Open)
    {
        subject = subject::plain(ground, sentence, walk.end);
    }
    if court
        && !subject.as_ref().is_some_and(|own| {
            own.ends_in(&[
                "court",
                "jury",
                "tribunal",
                "inquiry",
                "committee",
                "panel",
                "hearing",
            ])
        })
    {
        return None;
    }
    if verb.lemma == "let" && !(lower(ground, at + 1) == "it" && lower(ground, at + 3) == "known") {
        return None;
    }
    // `put the amount at two tons`; who asks not to be named says nothing by it.
    let at_number = verb.lemma != "put"
        || (at + 1..(at + 10).min(sentence.to)).any(|place| {
            lower(ground, place) == "at"
                && (place + 1..(place + 5).min(sentence.to)).any(|behind| {
                    ground.work.tokens.all[behind].shape == Shape::Number
                        || ground
                            .work
                            .tokens
                            .is(ground.work.words, behind, "grammar", "numerals")
                        || ground
                            .work
                            .tokens
                            .is(ground.work.words, behind, "grammar", "measure")
                })
        });
    if !at_number || (verb.lemma == "ask" && lower(ground, at + 1) == "not") {
        return None;
    }
    let measures = matches!(verb.lemma.as_str(), "count" | "number");
    if measures
        && !(at + 1..(at + 4).min(sentence.to))
            .any(|place| ground.work.tokens.all[place].shape == Shape::Number)
    {
        return None;
    }
    if form == Form::Ing && subject.is_none() {
        return None;
    }
    if !finite(form) && form != Form::Ing && form != Form::Participle {
        return None;
    }
    if form == Form::Ing
        && !walk.auxiliary
        && lower(ground, before) != "as"
        && !(matches!(lower(ground, before), "," | "—")
            && verb.frame == Frame::Open
            && verb.lemma == "say")
    {
        return None;
    }
    if (verb.lemma == "decline" && form == Form::Ing)
        || (verb.lemma == "refuse"
            && matches!(
                lower(ground, at + 2),
                "comment" | "say" | "discuss" | "name" | "confirm" | "give" | "identify"
            ))
    {
        return None;
    }
    if verb.frame == Frame::Act && supposed(ground, sentence, at, verb.kind) {
        return None;
    }
    let subject = subject?;
    let relays = subject.outlet
        && matches!(verb.lemma.as_str(), "quote" | "cite")
        && (at + 2..(at + 12).min(sentence.to)).any(|place| lower(ground, place) == "as");
    let subject = if relays {
        subject::right(ground, at + 1, sentence, memory).unwrap_or(subject)
    } else {
        subject
    };
    let outlet = subject.outlet;
    let kind = if relays && !outlet {
        "said"
    } else if outlet && verb.kind == "said" {
        "reported"
    } else {
        verb.kind
    };
    if verb.frame == Frame::Act
        && (outlet
            || (subject.anonymous() && verb.lemma != "decide")
            || !(subject.definite() || (verb.lemma == "agree" && subject.plural())))
    {
        return None;
    }
    if verb.frame == Frame::Clause
        && stance(&verb.lemma)
        && !speech
        && (form == Form::Ing || !subject.definite() && !subject.plural())
    {
        return None;
    }
    if verb.frame == Frame::Act
        && verb.lemma == "agree"
        && (!matches!(lower(ground, at + 1), "to" | "not") || lower(ground, at + 2) == "no")
    {
        return None;
    }
    Some(Cue {
        at,
        kind,
        frame: verb.frame,
        lemma: verb.lemma.clone(),
        subject,
        negated: walk.negated,
    })
}

/// Verbs whose subject speaks whoever it is: nothing but people and bodies says, denies or insists.
fn speaks_for_itself(lemma: &str) -> bool {
    matches!(
        lemma,
        "say"
            | "tell"
            | "deny"
            | "admit"
            | "concede"
            | "claim"
            | "insist"
            | "maintain"
            | "argue"
            | "allege"
            | "reply"
            | "announce"
            | "state"
            | "inform"
            | "testify"
            | "warn"
            | "add"
            | "confirm"
            | "acknowledge"
            | "complain"
            | "contend"
            | "assert"
            | "reject"
            | "dismiss"
            | "dispute"
            | "promise"
            | "pledge"
            | "report"
            | "assure"
            | "respond"
            | "answer"
            | "explain"
            | "accuse"
            | "declare"
            | "plead"
            | "disagree"
            | "write"
            | "let"
    )
}

/// A deed that is only supposed: `would lift the ban once Ruritania agreed to ...`.
fn supposed(ground: &Ground<'_>, sentence: Stretch, at: usize, kind: &str) -> bool {
    let unreal = kind == "ordered"
        && at > sentence.from
        && matches!(
            lower(ground, at - 1),
            "would" | "could" | "might" | "may" | "should"
        );
    let condition = (at.saturating_sub(5).max(sentence.from)..at)
        .rev()
        .take_while(|place| !matches!(lower(ground, *place), "," | ";" | "\""))
        .any(|place| {
            matches!(
                lower(ground, place),
                "once" | "if" | "unless" | "whether" | "until"
            )
        });
    unreal || condition
}

/// `signed into law by President X`, `were accused of ...`.
fn passive_cue(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    kind: &'static str,
    lemma: &str,
    memory: &mut subject::Memory,
) -> Option<Cue> {
    let by = (at + 1..(at + 9).min(sentence.to)).find(|place| lower(ground, *place) == "by");
    let subject = by.and_then(|by| subject::right(ground, by + 1, sentence, memory));
    let frame = Frame::Open;
    match (subject, kind) {
        (Some(subject), _) if subject.definite() || subject.plural() => Some(Cue {
            at,
            kind,
            frame,
            lemma: lemma.to_owned(),
            subject,
            negated: false,
        }),
        (_, "alleged")
            if matches!(
                lemma,
                "accuse" | "charge" | "allege" | "suspect" | "blame" | "implicate"
            ) && lower(ground, at + 1) != "d" =>
        {
            Some(Cue {
                at,
                kind,
                frame,
                lemma: lemma.to_owned(),
                subject: Subject::unattributed(),
                negated: false,
            })
        }
        _ => None,
    }
}

/// `X has given Y an undertaking to ...`: the giver of a word of promise is bound.
fn given(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    found: &[Cue],
    memory: &subject::Memory,
) -> Option<Cue> {
    let words = ground.work.words;
    let word = lower(ground, at);
    if !words.is("commitment", "word", word) {
        return None;
    }
    let binds = matches!(lower(ground, at + 1), "to" | "not" | "that")
        || class(ground, at + 1) == Class::That;
    let giving = (at.saturating_sub(8).max(sentence.from)..at)
        .rev()
        .find(|place| {
            ground
                .work
                .tokens
                .is(ground.work.words, *place, "commitment", "giving")
        })?;
    if !binds || giving == sentence.from {
        return None;
    }
    let previous = found.last().map(|cue| (cue.at, &cue.subject));
    let (subject, walk) = subject::left(ground, sentence, giving, previous, memory);
    if walk.passive {
        return None;
    }
    Some(Cue {
        at,
        kind: "promised",
        frame: Frame::Open,
        lemma: word.to_owned(),
        subject: subject?,
        negated: walk.negated,
    })
}

/// `Moscow's repudiation of`, `allegations by X that`, `X's denial`.
fn noun(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    index: u16,
    memory: &mut subject::Memory,
) -> Option<Cue> {
    let (word, kind) = ground.work.words.nouns.get(usize::from(index))?;
    let strong = matches!(*kind, "denied" | "promised")
        || matches!(
            word.as_str(),
            "repudiation"
                | "renunciation"
                | "accusation"
                | "accusations"
                | "allegation"
                | "allegations"
                | "threat"
                | "admission"
                | "assertion"
                | "assertions"
                | "contention"
        );
    if !strong {
        return None;
    }
    let genitive = (sentence.from.max(at.saturating_sub(5))..at)
        .rev()
        .find(|place| matches!(lower(ground, *place), "'s" | "'"));
    let possessor = genitive.and_then(|place| subject::possessor(ground, place));
    let by = matches!(lower(ground, at + 1), "by" | "from")
        .then(|| subject::right(ground, at + 2, sentence, memory))
        .flatten();
    let that = class(ground, at + 1) == Class::That;
    let promised = (*kind == "promised")
        .then(|| by_clause(ground, sentence, at, memory))
        .flatten();
    let subject = match possessor.or(by).or(promised) {
        Some(subject) => subject,
        None if that && *kind == "alleged" => Subject::unattributed(),
        None => return None,
    };
    Some(Cue {
        at,
        kind,
        frame: Frame::Open,
        lemma: word.clone(),
        subject,
        negated: false,
    })
}

/// `assurances that X would ...`: X gives them, also where an aside stands between.
fn by_clause(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    memory: &subject::Memory,
) -> Option<Subject> {
    let that =
        (at + 1..(at + 30).min(sentence.to)).find(|place| class(ground, *place) == Class::That)?;
    let near = that == at + 1 || matches!(lower(ground, that - 1), "—" | "," | "\"");
    let will = (that + 2..(that + 7).min(sentence.to))
        .any(|place| matches!(lower(ground, place), "would" | "will"));
    (near && will)
        .then(|| subject::right(ground, that + 1, sentence, memory))
        .flatten()
}

/// A word after an article, an adjective or a preposition is a noun here.
fn noun_like(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    if at == sentence.from {
        return true;
    }
    let before = at - 1;
    matches!(class(ground, before), Class::Article | Class::Preposition)
        && lower(ground, before) != "to"
        && lower(ground, before) != "that"
        && !matches!(
            lower(ground, before),
            "many"
                | "some"
                | "others"
                | "most"
                | "few"
                | "all"
                | "both"
                | "these"
                | "those"
                | "several"
        )
        && !(class(ground, at) != Class::None
            && matches!(class(ground, at), Class::Verb(_, Form::Ing)))
        || lower(ground, before) == "'s"
        || lower(ground, before) == "-"
        || (ground.parties.demonym(before).is_some() && !lower(ground, before).ends_with('s'))
        || lower(ground, at + 1) == "'s"
}

/// Verbs that take a stand without a clause.
fn stance(lemma: &str) -> bool {
    matches!(
        lemma,
        "view"
            | "see"
            | "regard"
            | "consider"
            | "want"
            | "favor"
            | "favour"
            | "oppose"
            | "support"
            | "express"
            | "call"
            | "list"
            | "expect"
            | "outline"
            | "complain"
            | "question"
            | "describe"
            | "request"
            | "acknowledge"
            | "signal"
    )
}

/// Whether words said follow the verb, or stand before it and close with a comma or a quotation mark.
fn speech_follows(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    // `claimed over the weekend that`: what tells when stands between.
    let mut from = at + 1;
    let first = ground.work.dates.partition_point(|date| date.from < from);
    if let Some(date) = ground
        .work
        .dates
        .get(first)
        .filter(|date| date.from <= from + 1 && date.to < sentence.to)
    {
        from = date.to;
        if class(ground, from) == Class::That {
            return true;
        }
    }
    let limit = (from + 8).min(sentence.to);
    for place in from..limit {
        match class(ground, place) {
            Class::That => return true,
            Class::Pronoun
                if place <= at + 2 && !matches!(lower(ground, place), "who" | "which") =>
            {
                return true;
            }
            Class::Preposition if place == from && lower(ground, place) != "to" => break,
            Class::Subordinate
                if matches!(lower(ground, place), "whether" | "how" | "why" | "as") =>
            {
                return true;
            }
            _ => {}
        }
        if matches!(lower(ground, place), "\"" | ":") {
            return true;
        }
        if matches!(lower(ground, place), "." | ";") {
            break;
        }
        if place > at + 1 && matches!(class(ground, place), Class::Be | Class::Have | Class::Modal)
        {
            return true;
        }
    }
    inverted(ground, sentence, at) && sentence.to < at + 12 && at > sentence.from + 6
}

/// `..., X said` and `..." said X`: words said before the speaker.
fn inverted(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    if at <= sentence.from {
        return false;
    }
    // `..., a court heard yesterday.`
    let first = ground.work.dates.partition_point(|date| date.from <= at);
    let behind = ground
        .work
        .dates
        .get(first)
        .filter(|date| date.from <= at + 2)
        .map_or(at + 1, |date| date.to);
    let ends = matches!(lower(ground, at + 1), ".") || lower(ground, behind) == ".";
    matches!(lower(ground, at - 1), "," | "\"" | "—")
        || (sentence.from..at).rev().take(14).any(|place| {
            matches!(lower(ground, place), "," | "\"") && place > sentence.from + 3 && ends
        })
}

/// Makes the record.
fn push(
    ground: &Ground<'_>,
    scopes: &when::Scopes,
    index: usize,
    cue: &Cue,
    first: usize,
    told: &mut Vec<Told>,
) {
    let sentence = ground.work.tokens.sentences[index].at;
    let content = content(ground, sentence, cue);
    let kind = settle(ground, cue, content);
    let mut speaker = cue.subject.speaker(ground);
    let repeated = told[first..]
        .iter()
        .any(|own| own.record.speaker == speaker && own.record.kind == kind);
    if repeated {
        return;
    }
    let end = trimmed(ground, sentence);
    // A bracket that stands before the sentence belongs to the one before.
    let mut start = sentence.from;
    while start + 1 < end && ground.work.apparatus.holds(start) {
        start += 1;
    }
    let at = Stretch {
        from: start,
        to: end,
    };
    let previous = told
        .last()
        .filter(|last| last.record.speaker.name == speaker.name);
    let said = when::said(
        ground,
        scopes,
        index,
        cue.at,
        &cue.lemma,
        previous.map(|last| (last.sentence, last.record.said.clone())),
    );
    let (cites, outlets) = scopes.cites(ground, index);
    // An unnamed paper is the one that the bracket names.
    if let ([only], true) = (
        outlets.as_slice(),
        cue.subject.outlet && speaker.anonymity == "anonymous",
    ) {
        speaker.name = Some(only.clone());
        speaker.anonymity = "named";
    }
    let quote = (sentence.from..end)
        .filter(|at| lower(ground, *at) == "\"")
        .count()
        >= 1;
    let hedged = (cue.at.saturating_sub(5).max(sentence.from)..(cue.at + 4).min(sentence.to))
        .any(|at| ground.work.tokens.is(ground.work.words, at, "cue", "relay"));
    told.push(Told {
        record: Statement {
            id: String::new(),
            speaker,
            kind,
            content: gist(ground, content),
            said,
            cites,
            outlets,
            quote,
            hedged,
            act: act(cue, kind),
            relayed_by: None,
            cue: cue.lemma.clone(),
            about: about(ground, sentence, cue, content),
            at: span(ground.work, at),
        },
        sentence: index,
        cue: cue.at,
        content,
    });
}

/// A bracket of sources behind the full stop belongs to the apparatus, not to the sentence.
fn trimmed(ground: &Ground<'_>, sentence: Stretch) -> usize {
    let mut end = sentence.to;
    if end > sentence.from + 2
        && matches!(lower(ground, end - 1), ")" | "]")
        && ground.work.apparatus.holds(end - 1)
    {
        let mut open = end - 1;
        while open > sentence.from && ground.work.apparatus.holds(open - 1) {
            open -= 1;
        }
        if matches!(lower(ground, open - 1), "." | "\"" | "?" | "!") {
            end = open;
        }
    }
    end
}

fn act(cue: &Cue, kind: &str) -> &'static str {
    match (cue.frame, kind) {
        (Frame::Act, "ordered" | "said") => "concrete_action",
        (_, "promised" | "ordered") => "declared_policy",
        (_, "conceded") => "assessment",
        _ => "assertion",
    }
}

/// What is said: behind the cue, or before it where the speaker comes last.
fn content(ground: &Ground<'_>, sentence: Stretch, cue: &Cue) -> Stretch {
    let mut from = cue.at + 1;
    if cue.lemma == "quotation" {
        return sentence;
    }
    let tail = sentence.to.saturating_sub(from);
    let said_before = tail < 8 && cue.at > sentence.from + 8;
    if said_before {
        return Stretch {
            from: sentence.from,
            to: cue.at,
        };
    }
    if let Some(that) =
        (from..(from + 8).min(sentence.to)).find(|at| class(ground, *at) == Class::That)
    {
        from = that + 1;
    }
    Stretch {
        from: from.min(sentence.to),
        to: sentence.to,
    }
}

/// The kind, from the cue and from what is said.
fn settle(ground: &Ground<'_>, cue: &Cue, content: Stretch) -> &'static str {
    if cue.lemma == "hear" {
        return "reported";
    }
    if cue.lemma == "plead" && lower(ground, cue.at + 1) == "not" {
        return "denied";
    }
    if cue.negated && cue.kind == "denied" {
        return "conceded";
    }
    if cue.negated && matches!(cue.kind, "promised" | "conceded" | "ordered" | "alleged") {
        return "said";
    }
    if !matches!(cue.kind, "said" | "promised")
        || matches!(cue.frame, Frame::Act) && cue.kind == "said"
    {
        return cue.kind;
    }
    let head = Stretch {
        from: content.from,
        to: (content.from + 14).min(content.to),
    };
    let own = cue.subject.country(ground);
    let side = subject::first_country(ground, head);
    let first_person = (head.from..head.to.min(head.from + 6)).any(|at| {
        matches!(
            lower(ground, at),
            "we" | "i" | "it" | "they" | "he" | "she" | "our" | "there"
        ) || (matches!(lower(ground, at), "his" | "her" | "their" | "its")
            && ground
                .work
                .tokens
                .is(ground.work.words, at + 1, "commitment", "side"))
    });
    // `Ruritania, he said, shall not ...`: the side stands before the cue.
    let side = side.or_else(|| {
        let lead = Stretch {
            from: ground.work.tokens.sentences
                [ground.work.tokens.sentence_of(cue.at).unwrap_or_default()]
            .at
            .from,
            to: cue.at,
        };
        (lower(ground, lead.from + 1) == ",")
            .then(|| subject::first_country(ground, lead))
            .flatten()
    });
    // A minister without a country speaks for the one that he speaks of.
    let ours = first_person || (side.is_some() && (side == own || own.is_none()));
    let lead = Stretch {
        from: head.from,
        to: head.to.min(head.from + 6),
    };
    let leads = first_person
        || subject::first_country(ground, lead)
            .is_some_and(|lead| own.as_ref().is_none_or(|own| *own == lead))
        || (ours && subject::first_country(ground, head).is_none());
    let has = |list: &str, at: Stretch| {
        (at.from..at.to).any(|place| ground.work.tokens.is(ground.work.words, place, "cue", list))
    };
    let before = content.to <= cue.at;
    let future = !before
        && (head.from..head.to.min(head.from + 9)).any(|at| {
            matches!(lower(ground, at), "will" | "shall" | "'ll" | "won't")
                || (lower(ground, at) == "would" && cue.kind == "said")
                || (matches!(lower(ground, at), "is" | "are")
                    && lower(ground, at + 1) == "to"
                    && at > head.from)
        });
    let charged = has("charge", content);
    // `called the report "a fairy tale"`: what a charge is called, or words that put it down.
    let naming = matches!(
        cue.lemma.as_str(),
        "call" | "describe" | "brand" | "denounce" | "term" | "dub"
    );
    let behind = Stretch {
        from: if naming { cue.at + 1 } else { head.from },
        to: if naming {
            sentence_end(ground, cue.at).min(cue.at + 20)
        } else {
            head.to
        },
    };
    let putdown = (behind.from..behind.to).any(|at| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "grammar", "putdown")
    });
    let is = (head.from..head.to)
        .any(|at| matches!(lower(ground, at), "is" | "are" | "was" | "were" | "be"));
    let negative = (head.from..head.to).any(|at| lower(ground, at) == "nothing")
        || (putdown && (naming || !charged || is));
    let none = (head.from..head.to).any(|at| {
        matches!(
            lower(ground, at),
            "no" | "not" | "never" | "n't" | "neither"
        ) && !matches!(
            lower(ground, at + 1),
            "choice" | "doubt" | "longer" | "intention" | "comment" | "plans" | "only"
        )
    });
    if cue.kind == "promised" {
        // To assure of what was or is so is no promise.
        let binding = !matches!(cue.lemma.as_str(), "assure" | "swear" | "guarantee" | "vow")
            || (head.from..head.to).any(|at| {
                matches!(
                    lower(ground, at),
                    "will" | "would" | "shall" | "'ll" | "won't" | "to"
                )
            });
        if binding {
            return "promised";
        }
        return if none || negative { "denied" } else { "said" };
    }
    // `That is not accurate.`
    let gainsaid = (head.from..head.to.min(head.from + 6)).any(|at| {
        matches!(lower(ground, at), "that" | "this" | "it")
            && matches!(lower(ground, at + 1), "is" | "was" | "'s")
            && matches!(lower(ground, at + 2), "not" | "simply" | "n't")
            && (at + 3..at + 6).any(|place| {
                matches!(
                    lower(ground, place),
                    "true" | "accurate" | "correct" | "right" | "so" | "case"
                )
            })
    });
    if gainsaid {
        return "denied";
    }
    let no_such =
        (head.from..head.to).any(|at| lower(ground, at) == "no" && lower(ground, at + 1) == "such");
    // `said that no howitzers had been delivered`: whoever says it.
    let begins = (head.from..head.to.min(head.from + 2))
        .any(|at| matches!(lower(ground, at), "no" | "none" | "nothing" | "never"))
        && charged
        && !before;
    if negative || ((none && charged || no_such) && ours && !future) || (begins && !future) {
        return "denied";
    }
    let praise = matches!(
        cue.lemma.as_str(),
        "praise"
            | "welcome"
            | "hail"
            | "urge"
            | "applaud"
            | "call"
            | "want"
            | "express"
            | "warn"
            | "ask"
            | "demand"
            | "expect"
            | "propose"
            | "hope"
            | "threaten"
    );
    let offers = cue.lemma == "offer" && lower(ground, cue.at + 1) == "to";
    if (leads && future && !praise && !refuses(ground, head)) || offers {
        return "promised";
    }
    let better = (content.from..content.to).any(|at| {
        matches!(
            lower(ground, at),
            "stop" | "stem" | "halt" | "progress" | "prevent" | "halting" | "curb"
        )
    });
    if charged
        && !better
        && !ours
        && !praise
        && side.is_some()
        && own.is_some()
        && side != own
        && !future
    {
        return "alleged";
    }
    "said"
}

/// Where the sentence of a token ends.
fn sentence_end(ground: &Ground<'_>, at: usize) -> usize {
    ground
        .work
        .tokens
        .sentence_of(at)
        .map_or(at + 1, |own| ground.work.tokens.sentences[own].at.to)
}

/// `will not sign`, `would no longer observe`: to refuse is no promise.
fn refuses(ground: &Ground<'_>, head: Stretch) -> bool {
    (head.from..head.to.min(head.from + 9)).any(|at| {
        let negated = match lower(ground, at) {
            "will" | "would" | "shall" => {
                usize::from(matches!(lower(ground, at + 1), "not" | "never"))
                    + 2 * usize::from(
                        lower(ground, at + 1) == "no" && lower(ground, at + 2) == "longer",
                    )
            }
            "won't" | "'ll" => usize::from(lower(ground, at) == "won't"),
            _ => 0,
        };
        let verb = at + 1 + negated - usize::from(lower(ground, at) == "won't" && negated > 0);
        negated > 0
            && ground
                .work
                .words
                .is("commitment", "refused", lower(ground, verb))
    })
}

/// Whom the words are about: the object of the cue, or the subject of what is said.
fn about(ground: &Ground<'_>, sentence: Stretch, cue: &Cue, content: Stretch) -> Vec<String> {
    let behind = Stretch {
        from: cue.at + 1,
        to: (content.from.max(cue.at + 1) + 12).min(sentence.to),
    };
    let mut found: Vec<String> = Vec::new();
    let mut last: Option<usize> = None;
    for mention in ground.parties.within(behind) {
        let before = mention.titled.min(mention.at.from);
        let joined = last.is_some_and(|end| before <= end + 2 && lower(ground, end) == "and");
        let hangs = before > behind.from
            && matches!(class(ground, before - 1), Class::Preposition)
            && !matches!(lower(ground, before - 1), "of" | "against" | "by" | "on");
        if !hangs && (last.is_none() || joined) {
            found.push(ground.parties.entities[mention.entity].id.clone());
            last = Some(mention.at.to);
        }
    }
    found.dedup();
    found
}

/// The country that stands at the head of what is said.
pub(crate) fn side(ground: &Ground<'_>, content: Stretch) -> Option<String> {
    subject::first_country(
        ground,
        Stretch {
            from: content.from,
            to: (content.from + 6).min(content.to),
        },
    )
}

/// A few words of what is said, without its small words.
fn gist(ground: &Ground<'_>, content: Stretch) -> String {
    let mut kept: Vec<&str> = Vec::new();
    for at in content.from..content.to {
        if ground.work.apparatus.holds(at) {
            break;
        }
        let token = ground.work.tokens.all[at];
        let small = matches!(
            token.class,
            Class::Article
                | Class::That
                | Class::Adverb
                | Class::Be
                | Class::Have
                | Class::Do
                | Class::Pronoun
        );
        if token.shape != Shape::Mark && !small && !matches!(lower(ground, at), "'s" | "s") {
            kept.push(ground.work.tokens.text(&ground.work.page.folded, at));
        }
        if kept.len() >= 12 {
            break;
        }
    }
    kept.join(" ")
}

/// Two speakers in one sentence, the second within what the first says: the first relays.
fn relay(told: &mut [Told]) {
    for index in 1..told.len() {
        let (head, tail) = told.split_at_mut(index);
        let (Some(first), Some(second)) = (head.last(), tail.first_mut()) else {
            continue;
        };
        let within = first.sentence == second.sentence
            && first.content.from <= second.cue
            && first.record.speaker.name != second.record.speaker.name;
        if within && second.record.speaker.anonymity != "unattributed" {
            let follows = second.cue < first.content.to && first.cue < second.cue;
            if follows && first.record.kind != "conceded" && second.record.kind != "conceded" {
                second.record.relayed_by = Some(first.record.id.clone());
            }
        }
    }
}
