//! Transfers that the text tells as its own, in a sentence in which nobody speaks: `Ruritania delivered thirty tanks to Graustark in 1996`.
//!
//! Such a sentence has no statement, so that the record names none and nothing follows from it but the record. Only a plain verb of giving or
//! getting counts: a noun (`Ruritanian arms sales to Graustark`) is spoken of and not told. To grow: what keeps a sentence from telling
//! is a row in `data/reports/cues.toml` (`doubt`).

use crate::gazetteer::words::Class;
use crate::reading::{Span, Speaker, Statement};
use crate::statements::{Ground, Told};
use crate::tokens::Stretch;
use crate::undertakings::lower;

/// How long a sentence may be, in tokens, before it is a list and no sentence.
const LONG: usize = 90;

/// A place for each sentence of the body in which nobody speaks and a word of giving or getting stands.
pub(super) fn untold(ground: &Ground<'_>, told: &[Told]) -> Vec<Told> {
    let (words, tokens) = (ground.work.words, &ground.work.tokens);
    let moves = words.mask("cue", &["give", "take", "flow"])
        | words.mask(
            "grammar",
            &[
                "sources",
                "building",
                "working",
                "going",
                "way",
                "carrying",
                "contracts",
            ],
        );
    let mut spoken = told.iter().map(|own| own.sentence).peekable();
    let mut found = Vec::new();
    for (index, sentence) in tokens.sentences.iter().enumerate() {
        while spoken.next_if(|own| *own < index).is_some() {}
        let stretch = sentence.at;
        if spoken.peek() == Some(&index)
            || stretch.to - stretch.from > LONG
            || !(stretch.from..stretch.to).any(|at| tokens.any(words, at, moves))
            || !ground.work.parts.is_body(stretch.from)
            || !asserts(ground, stretch)
        {
            continue;
        }
        found.push(place(ground, index, stretch));
    }
    found
}

/// Whether a sentence says that something is so: no question, nothing that may be, nothing that was asked or looked into.
fn asserts(ground: &Ground<'_>, sentence: Stretch) -> bool {
    let (words, tokens) = (ground.work.words, &ground.work.tokens);
    (sentence.from..sentence.to).all(|at| {
        tokens.all[at].class != Class::Negation
            && !tokens.is(words, at, "grammar", "doubt")
            && lower(ground, at) != "?"
    })
}

/// A telling without a speaker.
fn place(ground: &Ground<'_>, sentence: usize, stretch: Stretch) -> Told {
    let (from, to) = ground.work.tokens.bytes(stretch);
    let at: Span = ground.work.page.span(from, to);
    Told {
        record: Statement {
            id: String::new(),
            speaker: Speaker {
                anonymity: "unattributed",
                ..Speaker::default()
            },
            kind: "reported",
            content: String::new(),
            said: None,
            cites: Vec::new(),
            outlets: Vec::new(),
            quote: false,
            hedged: false,
            act: "assertion",
            relayed_by: None,
            cue: String::new(),
            about: Vec::new(),
            at,
        },
        sentence,
        cue: stretch.from,
        content: stretch,
    }
}
