//! Clashes: pairs of statements that the text sets against each other, offered to a person to look at.
//!
//! Nothing is decided: a denial stands beside what it answers, an undertaking beside what goes against it. To grow: words by which
//! a text sets two accounts apart are lists in `data/reports/cues.toml`; a kind of pair is a function here and a row in
//! [`contradictions`].

mod across;
mod ends;

use crate::answers::{self, Ties};
use crate::gazetteer::words::Class;
use crate::reading::{Contradiction, TransferRecord};
use crate::statements::{Ground, Told};
use crate::things::Thing;
use crate::undertakings::{agreement, lower, phrase};

/// Pairs to look at: a denial against what it answers, a concession against the claim beside it, an account against another.
pub(crate) fn contradictions(
    ground: &Ground<'_>,
    told: &[Told],
    technology: &[Thing],
    transfers: &[TransferRecord],
) -> Vec<Contradiction> {
    let mut pairs = Pairs::default();
    let ties = Ties::of(ground, told, technology, transfers);
    for (index, own) in told.iter().enumerate() {
        let denying = own.record.kind == "denied" || retorts(ground, told, index);
        let claim = answers::answered(ground, &ties, index, denying)
            .filter(|claim| !denied_again(told, index, *claim));
        if let Some(other) = claim.and_then(|place| told.get(place)) {
            pairs.add(own, other, "denial", "one denies what the other says");
        }
        if own.record.kind == "denied"
            && let Some(first) = claim
            && let Some(other) =
                answers::answered_too(ground, &ties, index, first).and_then(|place| told.get(place))
        {
            pairs.add(own, other, "denial", "one denies what the other says");
        }
        if claim.is_none()
            && let Some(other) = answers::other_account(ground, &ties, index)
        {
            let note = "a charge, and the account of the party charged";
            pairs.add(&told[other], own, "inconsistent_account", note);
        }
        if let Some(other) = answers::other_number(ground, &ties, index) {
            let note = "two numbers for one thing";
            pairs.add(&told[other], own, "inconsistent_account", note);
        }
        if let Some(promise) = answers::against_promise(ground, &ties, index) {
            let note = "an undertaking, and what goes against it";
            pairs.add(&told[promise], own, "policy_vs_commitment", note);
        }
        standing(ground, told, index, &mut pairs);
    }
    ends::of_transfers(told, transfers, &mut pairs);
    pairs.found
}

/// Pairs that the words of the second set against the first.
fn standing(ground: &Ground<'_>, told: &[Told], index: usize, pairs: &mut Pairs) {
    let Some(own) = told.get(index) else { return };
    if let Some(before) = contrasted(ground, told, index) {
        let note = "two accounts that the text sets against each other";
        pairs.add(before, own, "inconsistent_account", note);
    }
    if let Some(before) = across::against(ground, told, index) {
        let note = "two accounts of one thing, side by side";
        pairs.add(before, own, "inconsistent_account", note);
    }
    if let Some(before) = despite(ground, told, index) {
        let note = "what was said, and what another says in spite of it";
        pairs.add(before, own, "inconsistent_account", note);
    }
    if let Some(leaving) = left_and_kept(ground, told, index) {
        let note = "an undertaking left, and obligations said to be kept";
        pairs.add(leaving, own, "policy_vs_commitment", note);
    }
    if let Some(before) = unsaid(ground, told, index) {
        let note = "one side, then and now";
        pairs.add(before, own, "inconsistent_account", note);
    }
    if let Some(promise) = defied(ground, told, index) {
        let note = "an undertaking, and what goes against it";
        pairs.add(promise, own, "policy_vs_commitment", note);
    }
    if let Some(promise) = ends::unmet(ground, told, index) {
        let note = "an undertaking, and the word that it was not met";
        pairs.add(promise, own, "policy_vs_commitment", note);
    }
    if own.record.kind == "conceded" {
        conceded(ground, told, index, pairs);
    }
    if let Some(before) = ends::parted(ground, told, index) {
        let note = "two sides, set apart in one sentence";
        pairs.add(before, own, "position_conflict", note);
    }
    if let Some(before) = ends::found_otherwise(ground, told, index) {
        let note = "what one side insists on, and what another found";
        pairs.add(before, own, "inconsistent_account", note);
    }
}

/// Who denies the same thing twice clashes once.
fn denied_again(told: &[Told], index: usize, claim: usize) -> bool {
    let (Some(own), Some(other)) = (told.get(index), told.get(claim)) else {
        return false;
    };
    let low = index.saturating_sub(14);
    told.iter().take(index).skip(low).any(|before| {
        before.record.kind == "denied"
            && before.record.speaker.name == own.record.speaker.name
            && before.sentence.abs_diff(own.sentence) <= NEAR
            && before.record.id != other.record.id
    })
}

/// Clashes found so far; a pair is told once. Both stand near each other, so that only the last few need be looked at.
#[derive(Default)]
struct Pairs {
    found: Vec<Contradiction>,
}

impl Pairs {
    fn add(&mut self, a: &Told, b: &Told, kind: &'static str, note: &str) {
        let (a, b) = (a.record.id.clone(), b.record.id.clone());
        let known = self
            .found
            .iter()
            .rev()
            .take(64)
            .any(|own| (own.a == a && own.b == b) || (own.a == b && own.b == a));
        if !known {
            self.found.push(Contradiction {
                a,
                b,
                kind,
                note: note.to_owned(),
            });
        }
    }
}

/// How far a denial looks for what it answers, in sentences.
const NEAR: usize = 4;

/// `had made no such bargain`: what was told just before is gainsaid.
fn no_such(ground: &Ground<'_>, own: &Told) -> bool {
    (own.cue..own.content.to.min(own.cue + 24))
        .any(|at| lower(ground, at) == "no" && lower(ground, at + 1) == "such")
}

/// Whether what is said begins by denying.
fn negative(ground: &Ground<'_>, own: &Told) -> bool {
    (own.content.from..own.content.to.min(own.content.from + 14)).any(|at| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "cue", "negative")
    })
}

/// `Despite the assurances, Ruritania voiced concern`: set against the last word of the other side.
fn despite<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    let at = ground.work.tokens.sentences[own.sentence].at;
    let opens = matches!(lower(ground, at.from), "despite" | "notwithstanding")
        && (at.from + 1..(at.from + 6).min(at.to)).any(|place| {
            let (words, tokens) = (ground.work.words, &ground.work.tokens);
            tokens.is(words, place, "grammar", "spoken")
        });
    let first = index
        .checked_sub(1)
        .and_then(|before| told.get(before))
        .is_none_or(|before| before.sentence != own.sentence);
    if !opens || !first || own.record.speaker.country.is_none() {
        return None;
    }
    told.iter().take(index).rev().take(4).find(|other| {
        own.sentence - other.sentence <= NEAR
            && other.record.speaker.country.is_some()
            && other.record.speaker.country != own.record.speaker.country
            && matches!(other.record.kind, "said" | "denied" | "promised")
    })
}

/// A side that leaves an agreement and says that it keeps what it owes.
fn left_and_kept<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    let country = own.record.speaker.country.as_deref()?;
    if own.record.kind != "promised" {
        return None;
    }
    let kept = (own.content.from..own.content.to.min(own.content.from + 12)).any(|at| {
        let (words, tokens) = (ground.work.words, &ground.work.tokens);
        tokens.is(words, at, "grammar", "owed")
    });
    if !kept {
        return None;
    }
    told.iter().take(index).rev().take(12).find(|other| {
        other.record.speaker.country.as_deref() == Some(country)
            && other.record.act == "concrete_action"
            && other.record.kind == "said"
            && agreement(ground, other.content)
    })
}

/// `X replied: "No licence has been granted."` right behind a charge: a denial in all but the word.
fn retorts(ground: &Ground<'_>, told: &[Told], index: usize) -> bool {
    let (Some(own), Some(before)) = (
        told.get(index),
        index.checked_sub(1).and_then(|place| told.get(place)),
    ) else {
        return false;
    };
    if matches!(own.record.kind, "said" | "reported")
        && own.sentence == before.sentence + 1
        && no_such(ground, own)
    {
        return true;
    }
    own.record.kind == "said"
        && before.record.kind == "alleged"
        && own.sentence.abs_diff(before.sentence) <= 1
        && negative(ground, own)
        && ground
            .work
            .words
            .is("grammar", "retort", own.record.cue.as_str())
}

/// What is conceded against what was claimed beside it.
fn conceded(ground: &Ground<'_>, told: &[Told], index: usize, pairs: &mut Pairs) {
    let Some(own) = told.get(index) else { return };
    let same = told
        .iter()
        .skip(index.saturating_sub(4))
        .take(8)
        .find(|other| {
            other.record.id != own.record.id
                && other.sentence == own.sentence
                && other.record.kind == "said"
                && other.record.speaker.name != own.record.speaker.name
        });
    if let Some(other) = same {
        let note = "claimed and conceded in one sentence";
        pairs.add(other, own, "qualification", note);
        return;
    }
    let before = index
        .checked_sub(1)
        .and_then(|before| told.get(before))
        .filter(|other| {
            let one_side = other.record.speaker.country == own.record.speaker.country;
            // `Both have denied it. Korund conceded last week, however, that`.
            let owns_to_it = other.record.kind == "denied"
                && other.sentence + 1 == own.sentence
                && (own.cue..own.cue + 7).any(|at| lower(ground, at) == "however");
            other.sentence.abs_diff(own.sentence) <= NEAR
                && one_side
                && (other.record.kind == "said" && turns(ground, own) || owns_to_it)
        });
    if let Some(other) = before {
        let note = "a hope or a claim, and what is conceded since";
        pairs.add(other, own, "policy_vs_action", note);
    }
}

/// `As late as November it had insisted that ...`: what the same side said earlier, set against what it says now.
fn unsaid<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    let sentence = ground.work.tokens.sentences[own.sentence].at;
    let before = told.iter().take(index).rev().take(4).find(|other| {
        other.sentence < own.sentence
            && own.sentence - other.sentence <= 2
            && other.record.speaker.country.is_some()
            && other.record.speaker.country == own.record.speaker.country
    })?;
    let speaks = matches!(
        own.record.kind,
        "said" | "denied" | "promised" | "ordered" | "conceded"
    );
    if !speaks {
        return None;
    }
    let opens = (sentence.from..(sentence.from + 5).min(own.cue)).any(|at| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "grammar", "formerly")
    });
    let had = (own.cue.saturating_sub(3).max(sentence.from)..own.cue)
        .any(|at| lower(ground, at) == "had");
    let another = before.record.kind != own.record.kind
        || before.record.speaker.name != own.record.speaker.name;
    // What was undertaken and is now refused.
    let refused = own.record.kind == "promised"
        && matches!(before.record.kind, "said" | "denied")
        && had
        && (before.content.from..before.content.to.min(before.content.from + 9))
            .any(|at| ground.work.tokens.all[at].class == Class::Negation);
    // `He had said on May 15 that`: the same man, of another day.
    let other_day = had
        && before.record.speaker.name == own.record.speaker.name
        && own.record.said.is_some()
        && before.record.said.is_some()
        && own.record.said != before.record.said;
    // `had said as late as June 11`, `Only last week the minister told parliament`: another day, told as such.
    let lately = another
        && before.record.kind != "ordered"
        && own.record.said != before.record.said
        && phrase(ground, "grammar", "lately", sentence);
    ((opens && had && another) || refused || other_day || lately).then_some(before)
}

/// Both in one paragraph, a few sentences apart.
fn beside(ground: &Ground<'_>, own: &Told, other: &Told) -> bool {
    let paragraph = |told: &Told| ground.work.tokens.sentences[told.sentence].paragraph;
    paragraph(own) == paragraph(other) && own.sentence.abs_diff(other.sentence) <= 3
}

/// The account before this one that its words of contrast set it against: another side, in the sentence before.
fn contrasted<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    if !matches!(own.record.kind, "said" | "alleged" | "reported") {
        return None;
    }
    let before = told
        .get(index.checked_sub(1)?)
        .filter(|before| !ends::one_body(before, own))?;
    let sentence = ground.work.tokens.sentences[own.sentence].at;
    let contrast = || {
        (sentence.from..(own.cue + 4).min(sentence.to)).any(|at| {
            ground
                .work
                .tokens
                .is(ground.work.words, at, "cue", "contrast")
        })
    };
    let varies = before.sentence < own.sentence
        && own.sentence - before.sentence <= 2
        && before.record.speaker.name != own.record.speaker.name
        && beside(ground, own, before)
        && (before.sentence + 1..=own.sentence).any(|index| {
            phrase(
                ground,
                "grammar",
                "variance",
                ground.work.tokens.sentences[index].at,
            )
        });
    if varies {
        return Some(before);
    }
    let sides = own.record.speaker.name != before.record.speaker.name
        && (own.record.speaker.country.is_none()
            || own.record.speaker.country != before.record.speaker.country);
    let tells = matches!(
        before.record.kind,
        "said" | "reported" | "alleged" | "conceded" | "denied"
    );
    (sides
        && tells
        && before.sentence + 1 == own.sentence
        && contrast()
        && (beside(ground, own, before)
            || (sentence.from..(own.cue + 1).min(sentence.to))
                .any(|at| lower(ground, at) == "however")))
    .then_some(before)
}

/// An undertaking of the same side before, against which this goes in so many words; or one that another at once says is not kept.
fn defied<'t>(ground: &Ground<'_>, told: &'t [Told], index: usize) -> Option<&'t Told> {
    let own = told.get(index)?;
    let sentence = ground.work.tokens.sentences[own.sentence].at;
    let promise = told
        .iter()
        .take(index)
        .rev()
        .take(8)
        .find(|other| other.record.kind == "promised" && other.sentence != own.sentence)?;
    let country = promise.record.speaker.country.as_deref()?;
    let same = own.record.speaker.country.as_deref() == Some(country);
    // Both must speak of some third party: a promise about one thing is not broken by another.
    if doubted(ground, promise, own) || undone(ground, promise, own) {
        return Some(promise);
    }
    let third = |told: &Told| -> Vec<usize> {
        let at = ground.work.tokens.sentences[told.sentence].at;
        ground
            .parties
            .within(at)
            .map(|mention| mention.entity)
            .filter(|entity| ground.parties.entities[*entity].country.as_deref() != Some(country))
            .collect()
    };
    if same {
        let about = third(promise);
        if !third(own).iter().any(|entity| about.contains(entity)) {
            return None;
        }
    }
    let charged = own.record.kind == "alleged"
        && !same
        && promise.sentence + 1 == own.sentence
        && turns(ground, own);
    let goes = same
        && matches!(own.record.kind, "said" | "denied" | "promised")
        && own.sentence - promise.sentence <= 8
        && phrase(ground, "commitment", "defies", sentence);
    (charged || goes).then_some(promise)
}

/// `said that promise was broken before the ink was dry`: another speaks of the undertaking, and ill.
fn doubted(ground: &Ground<'_>, promise: &Told, own: &Told) -> bool {
    let sentence = ground.work.tokens.sentences[own.sentence].at;
    let word = || {
        (sentence.from..sentence.to).any(|at| {
            let (words, tokens) = (ground.work.words, &ground.work.tokens);
            tokens.is(words, at, "commitment", "word")
        })
    };
    own.sentence - promise.sentence <= 2
        && promise.record.speaker.name != own.record.speaker.name
        && matches!(own.record.kind, "said" | "alleged" | "reported" | "denied")
        && word()
        && phrase(ground, "commitment", "doubted", sentence)
}

/// `Yet the plant's director said that talks go well`: the same side, at once, the other way.
fn undone(ground: &Ground<'_>, promise: &Told, own: &Told) -> bool {
    let country = promise.record.speaker.country.is_some()
        && promise.record.speaker.country == own.record.speaker.country;
    if !country || own.sentence != promise.sentence + 1 {
        return false;
    }
    let not = (promise.content.from..promise.content.to.min(promise.content.from + 9))
        .any(|at| ground.work.tokens.all[at].class == Class::Negation || lower(ground, at) == "no");
    not && turns(ground, own)
        && own.record.speaker.name != promise.record.speaker.name
        && matches!(own.record.kind, "said" | "conceded" | "reported")
}

/// Whether the sentence begins by turning against what was said.
fn turns(ground: &Ground<'_>, own: &Told) -> bool {
    let from = ground.work.tokens.sentences[own.sentence].at.from;
    (from..from + 4).any(|at| {
        matches!(
            lower(ground, at),
            "but" | "however" | "yet" | "still" | "nevertheless"
        )
    })
}
