//! Statements: who says what, found by verbs and nouns of speech, with the speaker sought to the left and to the right.
//!
//! A statement is a sentence with a speaker and a kind; two speakers or two kinds in one sentence are two statements. Negation,
//! hedges and relaying stay with it. What the words mean for a transfer is none of this file's business.

mod around;
mod content;
mod kind;
mod noun;
mod passive;
mod subject;
mod turns;
mod verb;
mod when;

use crate::Work;
use crate::dates::Value;
use crate::gazetteer::Frame;
use crate::gazetteer::words::Class;
use crate::parties::Parties;
use crate::reading::{Citation, Statement};
use crate::tokens::Stretch;
use content::push;
pub(crate) use content::side;
use noun::{according, both, given, noun};
use subject::Subject;
use verb::verb;

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
        if !ground.work.parts.is_body(sentence.at.from) || sentence.at.to - sentence.at.from < 3 {
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
    relay(ground, &mut told);
    told
}

#[inline]
fn lower<'a>(ground: &Ground<'a>, at: usize) -> &'a str {
    ground.work.tokens.text(&ground.work.page.lower, at)
}

#[inline]
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
        if ground.work.tokens.mark(at) == b'"' {
            quoted = !quoted;
        }
        if quoted || ground.work.apparatus.holds(at) {
            continue;
        }
        let cue = match class(ground, at) {
            Class::Verb(index, form) => given(ground, sentence, at, &found, memory)
                .or_else(|| verb(ground, sentence, at, index, form, &found, memory))
                .or_else(|| both(ground, sentence, at, memory)),
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
        let turned = || {
            own.kind != cue.kind
                && (own.at + 1..cue.at).any(|at| matches!(lower(ground, at), "but" | ";"))
        };
        // `said that she had suspended exports`: told as words, and not once more as a deed.
        let recounted = cue.frame == Frame::Act
            && own.frame != Frame::Act
            && own.at < cue.at
            && !(own.at + 1..cue.at).any(|at| matches!(lower(ground, at), "and" | "but" | ";"));
        own.subject.same(&cue.subject)
            && (own.kind == cue.kind || recounted || cue.frame == Frame::Clause && !turned())
    }) {
        return false;
    }
    if cue.subject == Subject::unattributed() {
        return false;
    }
    // `denied that ..., and a spokesman called it`: behind ", and" another main clause begins.
    let parted = (last.at + 1..cue.at)
        .rev()
        .find(|at| {
            lower(ground, *at) == ","
                && matches!(
                    lower(ground, at + 1),
                    "and" | "but" | "while" | "whereas" | "although" | "though"
                )
        })
        .map_or(last.at + 1, |at| at + 2);
    let parted = if cue.frame == Frame::Clause {
        parted
    } else {
        last.at + 1
    };
    let within = (parted..cue.at).any(|at| class(ground, at) == Class::That);
    if !within {
        return true;
    }
    match cue.frame {
        Frame::Open => true,
        Frame::Act => cue.subject.person(ground.parties),
        Frame::Clause => false,
    }
}

/// Two speakers in one sentence, the second within what the first says: the first relays.
fn relay(ground: &Ground<'_>, told: &mut [Told]) {
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
            let parted = || {
                (first.cue..second.cue)
                    .any(|at| matches!(lower(ground, at), ";" | "while" | "whereas"))
            };
            if follows
                && !parted()
                && first.record.kind != "conceded"
                && second.record.kind != "conceded"
            {
                second.record.relayed_by = Some(first.record.id.clone());
            }
        }
    }
}
