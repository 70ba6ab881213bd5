//! What is given, and whether it was given, is to be or is denied.

use crate::gazetteer::words::Class;
use crate::statements::{Ground, Told};
use crate::things::Thing;
use crate::tokens::Stretch;
use crate::undertakings::{lower, phrase};

/// Technology named in a stretch.
pub(super) fn things(
    ground: &Ground<'_>,
    technology: &[Thing],
    at: Stretch,
) -> (Vec<String>, String) {
    let (from, to) = ground.work.tokens.bytes(at);
    let mut found: Vec<(usize, String, String)> = Vec::new();
    for thing in technology {
        let first = thing.at.partition_point(|own| own.0 < from);
        if let Some(own) = thing.at.get(first).filter(|own| own.1 <= to) {
            found.push((
                own.0,
                thing.id.clone(),
                ground
                    .work
                    .page
                    .folded
                    .get(own.0..own.1)
                    .unwrap_or_default()
                    .to_owned(),
            ));
        }
    }
    found.sort();
    let what = found
        .iter()
        .map(|(.., words)| words.clone())
        .collect::<Vec<_>>()
        .join(", ");
    (found.into_iter().map(|(_, id, _)| id).collect(), what)
}

/// `880 kilograms of the steel`, `shipped them`: the thing named before, in the same paragraph, that the words take up.
pub(super) fn taken_up(
    ground: &Ground<'_>,
    technology: &[Thing],
    reach: Stretch,
) -> Option<(String, String)> {
    let noun = (reach.from + 1..reach.to).find_map(|at| {
        let before = lower(ground, at - 1);
        matches!(before, "the" | "these" | "those" | "such").then(|| lower(ground, at))
    });
    let pronoun =
        (reach.from + 1..(reach.from + 3).min(reach.to)).any(|at| lower(ground, at) == "them");
    if noun.is_none() && !pronoun {
        return None;
    }
    let low = paragraph_before(ground, reach.from)?;
    let (high, _) = ground.work.tokens.bytes(reach);
    let stem = |word: &str| word.trim_end_matches('s').to_owned();
    technology
        .iter()
        .flat_map(|thing| {
            let first = thing.at.partition_point(|at| at.0 < low);
            thing
                .at
                .iter()
                .skip(first)
                .take_while(|at| at.1 <= high)
                .map(move |at| (thing, *at))
        })
        .filter(|(_, at)| {
            let text = ground.work.page.lower.get(at.0..at.1).unwrap_or_default();
            let last = text.rsplit([' ', '-']).next().unwrap_or(text);
            pronoun && noun.is_none() || noun.is_some_and(|noun| stem(noun) == stem(last))
        })
        .max_by_key(|(_, at)| at.0)
        .map(|(thing, at)| {
            let words = ground.work.page.folded.get(at.0..at.1).unwrap_or_default();
            (thing.id.clone(), words.to_owned())
        })
}

/// `3,000 tubes`, `a single tank`: a plain noun that ends the name of a thing told of earlier on the page.
pub(super) fn of_that_noun(
    ground: &Ground<'_>,
    technology: &[Thing],
    reach: Stretch,
) -> Option<(String, String)> {
    let tokens = &ground.work.tokens;
    let stem = |word: &str| word.trim_end_matches('s').to_owned();
    let nouns: Vec<usize> = (reach.from..reach.to)
        .filter(|at| {
            let token = &tokens.all[*at];
            let (word, before) = (lower(ground, *at), at.checked_sub(1));
            let one = before.is_some_and(|own| {
                matches!(
                    lower(ground, own),
                    "a" | "an" | "single" | "one" | "first" | "another"
                )
            });
            token.class == Class::None
                && !token.capital
                && token.shape == crate::tokens::Shape::Word
                && word.len() > 3
                && (one || word.ends_with('s'))
        })
        .collect();
    let high = tokens.bytes(reach).0;
    nouns.into_iter().find_map(|noun| {
        let own = stem(lower(ground, noun));
        technology
            .iter()
            .filter_map(|thing| {
                let next = thing.at.partition_point(|at| at.0 < high);
                let last = thing.at.get(next.checked_sub(1)?)?;
                let text = ground.work.page.lower.get(last.0..last.1)?;
                let head = text.rsplit([' ', '-']).next()?;
                (stem(head) == own).then_some((last.0, thing))
            })
            .max_by_key(|(at, _)| *at)
            .map(|(_, thing)| (thing.id.clone(), lower(ground, noun).to_owned()))
    })
}

/// The byte where the paragraph before that of a token begins, or its own where it is the first.
fn paragraph_before(ground: &Ground<'_>, at: usize) -> Option<usize> {
    let tokens = &ground.work.tokens;
    let paragraph = tokens.paragraph_of(at).saturating_sub(1);
    let from = tokens.paragraphs.get(paragraph)?.from;
    let first = Stretch { from, to: from + 1 };
    Some(tokens.bytes(first).0)
}

/// `sold the goods`, `shipped a machine`: the particular thing that was told of last, in this paragraph or the one before.
pub(super) fn spoken_of(
    ground: &Ground<'_>,
    technology: &[Thing],
    reach: Stretch,
) -> Option<(String, String)> {
    let words = ground.work.words;
    let noun =
        (reach.from..reach.to).find(|at| ground.work.tokens.is(words, *at, "grammar", "goods"))?;
    let low = paragraph_before(ground, noun)?;
    let (high, end) = ground.work.tokens.bytes(Stretch {
        from: noun,
        to: noun + 1,
    });
    let thing = technology
        .iter()
        .filter(|thing| {
            !words.is("grammar", "tech_broad", &thing.id)
                && !words.is("grammar", "tech_always", &thing.id)
        })
        .filter_map(|thing| {
            let next = thing.at.partition_point(|at| at.0 < high);
            let last = thing.at.get(next.checked_sub(1)?)?;
            (last.0 >= low).then_some((last.0, thing))
        })
        .max_by_key(|(at, _)| *at)?;
    let text = ground.work.page.folded.get(high..end).unwrap_or_default();
    Some((thing.1.id.clone(), text.to_owned()))
}

/// The phrase before a clause that tells of its noun: `the missiles (that) it has ordered`, `missiles (which) Ruritania supplied`.
pub(super) fn head_before(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Stretch> {
    let tokens = &ground.work.tokens;
    let mut subject = super::loose::before_auxiliaries(ground, sentence, at).checked_sub(1)?;
    if subject <= sentence.from {
        return None;
    }
    // `flew aircraft bought from Ruritania`: the participle stands right behind its noun.
    let reduced = subject + 1 == at
        && tokens.all[subject].class == Class::None
        && !tokens.all[subject].capital
        && tokens.all[subject].shape == crate::tokens::Shape::Word
        && ground.parties.at(subject).is_none();
    if reduced {
        return Some(Stretch {
            from: at.saturating_sub(4).max(sentence.from),
            to: at,
        });
    }
    match ground.parties.at(subject) {
        Some(own) => subject = own.at.from,
        None if matches!(
            lower(ground, subject),
            "it" | "they" | "we" | "which" | "that"
        ) => {}
        None => return None,
    }
    let mut last = subject.checked_sub(1)?;
    while last > sentence.from && matches!(lower(ground, last), "that" | "which" | "the" | ",") {
        last -= 1;
    }
    // A noun that a verb of speech follows is none of these.
    let noun = tokens.all[last].class == Class::None
        && tokens.all[last].shape == crate::tokens::Shape::Word
        && last > sentence.from;
    noun.then_some(Stretch {
        from: last.saturating_sub(7).max(sentence.from),
        to: last + 1,
    })
}

/// What stands behind the receiver, up to the end of the clause.
pub(super) fn rest(ground: &Ground<'_>, sentence: Stretch, reach: Stretch) -> Option<Stretch> {
    let to = (reach.to..(reach.to + 14).min(sentence.to))
        .find(|at| {
            matches!(
                lower(ground, *at),
                "," | ";" | ":" | "(" | "and" | "in" | "for" | "by"
            ) || matches!(
                ground.work.tokens.all[*at].class,
                Class::That | Class::Subordinate | Class::Be | Class::Have | Class::Modal
            )
        })
        .unwrap_or_else(|| (reach.to + 14).min(sentence.to));
    (to > reach.to).then_some(Stretch { from: reach.to, to })
}

/// `forty-five engines`: a plain noun of hardware where no list of technology names the thing, and the words for it.
pub(super) fn hardware(ground: &Ground<'_>, reach: Stretch) -> Option<String> {
    let words = ground.work.words;
    let noun = (reach.from..reach.to)
        .find(|at| ground.work.tokens.is(words, *at, "grammar", "hardware"))?;
    let (from, to) = ground.work.tokens.bytes(Stretch {
        from: noun,
        to: noun + 1,
    });
    ground.work.page.folded.get(from..to).map(str::to_owned)
}

/// `supplied Graustark with a list of the missiles`, `gave it money to destroy them`: paper, money or help to be rid of a thing.
pub(super) fn on_paper(ground: &Ground<'_>, reach: Stretch, sentence: Stretch) -> bool {
    let is = |at: usize, list: &str| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "grammar", list)
    };
    let first = reach.from.max(sentence.from);
    let last = reach.to.min(sentence.to);
    (first..last).any(|at| {
        let paper = is(at, "papers")
            && matches!(
                lower(ground, at + 1),
                "of" | "on"
                    | "about"
                    | "concerning"
                    | "that"
                    | "to"
                    | "for"
                    | "regarding"
                    | "protesting"
                    | "asking"
                    | "demanding"
                    | "listing"
                    | "naming"
                    | "against"
            );
        // `sights worth $640 million to Graustark`: a price.
        let priced = paper
            && (at.saturating_sub(5).max(first)..at).any(|own| {
                matches!(
                    lower(ground, own),
                    "worth" | "valued" | "costing" | "for" | "at"
                )
            });
        let paper = paper && !priced;
        let rid = lower(ground, at) == "to" && is(at + 1, "rid");
        paper || rid
    })
}

/// `had refused to supply`, `stopped selling`: what is refused or ended is not given.
pub(super) fn refused(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    let tokens = &ground.work.tokens;
    let to = usize::from(at > sentence.from && lower(ground, at - 1) == "to");
    let ing = to == 0 && lower(ground, at).ends_with("ing");
    if to == 0 && !ing {
        return maybe(ground, sentence, at);
    }
    // `bars Ruritania from selling`, `refrain from selling`.
    if ing && at > sentence.from + 1 && lower(ground, at - 1) == "from" {
        let kept = ground.parties.at(at - 2).is_some()
            || tokens.all[at - 2].class == Class::Pronoun
            || tokens.is(ground.work.words, at - 2, "grammar", "agents")
            || tokens.is(ground.work.words, at - 2, "commitment", "firm")
            || tokens.is(ground.work.words, at - 2, "commitment", "side");
        if kept {
            return true;
        }
    }
    (at.saturating_sub(2 + to).max(sentence.from)..at - to)
        .rev()
        .take_while(|place| {
            let place = place + 1;
            place == at - to
                || matches!(tokens.all[place].class, Class::Adverb | Class::Preposition)
        })
        .any(|place| tokens.is(ground.work.words, place, "grammar", "refusing"))
}

/// `could buy missiles if`: what depends on something has not been told.
fn maybe(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    at > sentence.from
        && matches!(lower(ground, at - 1), "could" | "might")
        && (sentence.from..sentence.to).any(|own| matches!(lower(ground, own), "if" | "unless"))
}

/// What became of it, as the words tell.
pub(super) fn transfer_status(
    ground: &Ground<'_>,
    sentence: Stretch,
    own: &Told,
    at: usize,
) -> &'static str {
    let has = |list: &str| {
        (sentence.from..sentence.to).any(|at| {
            // `on 15 May`: no "may".
            ground.work.tokens.is(ground.work.words, at, "status", list)
                && !(lower(ground, at) == "may" && ground.work.tokens.all[at].capital)
        })
    };
    let is = |at: usize, list: &str| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "grammar", list)
    };
    if own.record.kind == "denied" {
        // `rejected charges that`, `no evidence for reports that`: what is denied is another's charge.
        let charge = own.cue < at && (own.cue + 1..at).any(|place| is(place, "charges_told"));
        return if charge { "alleged" } else { "denied" };
    }
    // `customs stopped 3,000 tubes`.
    let guarded = (sentence.from..sentence.to).any(|at| is(at, "guards"))
        && (sentence.from..sentence.to).any(|at| is(at, "holding"));
    if has("intercepted") || guarded {
        return "intercepted";
    }
    if has("cancelled") || phrase(ground, "status", "cancelled", sentence) {
        return "cancelled";
    }
    if own.record.kind == "alleged" {
        return "alleged";
    }
    if matches!(own.record.kind, "promised" | "ordered") || has("planned") {
        return "planned";
    }
    if own.record.kind == "conceded" {
        return "completed";
    }
    if has("completed") {
        return "completed";
    }
    if own.record.kind == "said" {
        "declared"
    } else {
        "alleged"
    }
}
