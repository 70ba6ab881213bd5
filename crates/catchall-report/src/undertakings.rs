//! Undertakings: what is promised, ordered of one's own side, or agreed, and by when.
//!
//! Follows from the statements, and never says more than they do. Declared policy is no performance. To grow: a word of promising
//! is a row in `data/reports/cues.toml`. Transfers are told in `transfers.rs`, clashes in `clashes.rs`.

mod duty;

use crate::dates::Value;
use crate::reading::Commitment;
use crate::record::span;
use crate::statements::{Ground, Told};
use crate::tokens::Stretch;
use crate::transfers::party_name;

#[inline]
pub(crate) fn lower<'a>(ground: &Ground<'a>, at: usize) -> &'a str {
    ground.work.tokens.text(&ground.work.page.lower, at)
}

pub(crate) fn phrase(ground: &Ground<'_>, group: &str, list: &str, at: Stretch) -> bool {
    let (from, to) = ground.work.tokens.bytes(at);
    let text = ground.work.page.lower.get(from..to).unwrap_or_default();
    ground.work.words.phrases(group, list).within(text)
}

/// The state of a country, by its usual name.
pub(crate) fn state_name(ground: &Ground<'_>, code: &str) -> Option<String> {
    ground
        .work
        .words
        .state(code)
        .and_then(|state| state.names.first().cloned())
}

/// Undertakings: statements of kind promised, orders to one's own side, and agreements told as background.
pub(crate) fn commitments(ground: &Ground<'_>, told: &[Told]) -> Vec<Commitment> {
    let mut found: Vec<Commitment> = Vec::new();
    let firms = firms(ground);
    for own in told {
        let record = &own.record;
        let order = record.kind == "ordered"
            && record.act == "concrete_action"
            && tightens(ground, own.content);
        let leaves = record.kind == "said"
            && record.act == "concrete_action"
            && agreement(ground, own.content);
        let breaks = matches!(record.cue.as_str(), "repudiation" | "renunciation");
        let pledges = pledges(ground, own);
        let tasked = tasked(ground, own);
        let sentence = ground.work.tokens.sentences[own.sentence].at;
        // `would lift the measures once Ruritania agreed`: what hangs on a condition and has no day binds nobody yet.
        if record.kind == "promised"
            && conditional(ground, own)
            && deadline(ground, sentence).is_none()
        {
            continue;
        }
        if !(record.kind == "promised" || order || leaves || breaks || pledges || tasked.is_some())
        {
            continue;
        }
        // A legislator who will introduce a bill, or urge the government, binds nobody.
        let alone = record.speaker.role.as_deref().is_some_and(|role| {
            role.split(' ').any(|word| {
                ground
                    .work
                    .words
                    .is("commitment", "lone_voices", &word.to_lowercase())
            })
        });
        let nobody = record.speaker.name.as_deref().is_none_or(|name| {
            ground
                .work
                .words
                .is("commitment", "nobodies", &name.to_lowercase())
        });
        if record.kind == "promised" && (alone || nobody && record.speaker.country.is_none()) {
            continue;
        }
        // One leaving is told once, however often it comes up again.
        let again = (leaves || breaks)
            && found.iter().any(|before| {
                before.status == "repudiated" && before.country == record.speaker.country
            });
        if again {
            continue;
        }
        let country = record.speaker.country.clone().or_else(|| {
            // `the two sides agreed to meet in Harbourtown`: where they meet binds nobody.
            let joint = record.speaker.name.as_deref().is_some_and(|name| {
                [
                    "sides",
                    "countries",
                    "parties",
                    "leaders",
                    "governments",
                    "presidents",
                    "ministers",
                ]
                .iter()
                .any(|word| name.ends_with(word))
            });
            crate::statements::side(ground, own.content)
                .filter(|_| !joint)
                .map(str::to_owned)
        });
        let who = tasked
            .or_else(|| {
                let party = record.speaker.party.as_deref()?;
                firms.get(party).map(|name| (*name).to_owned())
            })
            .or_else(|| country.as_deref().and_then(|code| state_name(ground, code)))
            .or_else(|| record.speaker.name.clone());
        let Some(who) = who else { continue };
        let status = status(ground, own, leaves || breaks);
        found.push(Commitment {
            id: format!("k{}", found.len() + 1),
            who,
            country: country.clone(),
            to: other(ground, own.content, country.as_deref()),
            what: record.content.clone(),
            made: if leaves || breaks {
                None
            } else {
                record.said.clone()
            },
            deadline: deadline(ground, clause(ground, sentence, own.cue))
                .or_else(|| deadline(ground, sentence))
                .or_else(|| due(ground, own)),
            status,
            statement: Some(record.id.clone()),
            at: record.at,
        });
    }
    relayed(ground, told, &mut found);
    background(ground, told, &mut found);
    duty::duties(ground, told, &mut found);
    duty::given(ground, told, &mut found);
    for (number, own) in found.iter_mut().enumerate() {
        own.id = format!("k{}", number + 1);
    }
    found
}

/// "X will be delivered by May", said on record by an office or for a state that speaks of its own: a day is set, and somebody is bound.
fn pledges(ground: &Ground<'_>, own: &Told) -> bool {
    let record = &own.record;
    let open = matches!(record.speaker.anonymity, "named" | "office" | "collective")
        && record.kind == "said"
        && record.act == "assertion";
    if !open {
        return false;
    }
    let head = Stretch {
        from: own.content.from,
        to: (own.content.from + 14).min(own.content.to),
    };
    let wills = (head.from..head.to).any(|at| {
        matches!(lower(ground, at), "will" | "shall" | "would")
            || (matches!(lower(ground, at), "is" | "are") && lower(ground, at + 1) == "to")
    });
    if !wills || !dates_in(ground, own.content).any(|(date, _)| date.deadline) {
        return false;
    }
    let lead = crate::statements::side(ground, own.content);
    lead.is_none() || lead == record.speaker.country.as_deref() || record.speaker.country.is_none()
}

/// A promise that hangs on a condition: `once`, `if`, `unless`.
fn conditional(ground: &Ground<'_>, own: &Told) -> bool {
    let modal = (own.content.from..own.content.to.min(own.content.from + 12))
        .any(|at| lower(ground, at) == "would");
    modal
        && (own.content.from..own.content.to)
            .any(|at| matches!(lower(ground, at), "once" | "if" | "unless" | "provided"))
}

/// `instructed the Ministry of Machines to submit a list within 30 days`: who is ordered to do something by a day.
fn tasked(ground: &Ground<'_>, own: &Told) -> Option<String> {
    let orders = own.record.kind == "ordered"
        && matches!(
            own.record.cue.as_str(),
            "order" | "instruct" | "direct" | "require" | "set a term"
        );
    let term = own.record.cue == "set a term";
    let sentence = ground.work.tokens.sentences[own.sentence].at;
    if !orders {
        return None;
    }
    deadline(ground, sentence)?;
    let at = Stretch {
        from: own.cue + 1,
        to: (own.cue + 6).min(sentence.to),
    };
    // `ordered the government to draw up a list`: the speaker's own.
    let own_side = (at.from..at.to).take(2).any(|place| {
        ground
            .work
            .tokens
            .is(ground.work.words, place, "commitment", "side")
            && (place + 1..place + 3).any(|to| lower(ground, to) == "to")
    });
    if own_side && ground.parties.within(at).next().is_none() {
        let code = own.record.speaker.country.as_deref()?;
        return state_name(ground, code);
    }
    let mention = ground.parties.within(at).next()?;
    let entity = &ground.parties.entities[mention.entity];
    let told = term || (mention.at.to..(mention.at.to + 2)).any(|at| lower(ground, at) == "to");
    (told
        && matches!(
            entity.kind,
            "agency" | "government" | "company" | "institute" | "state"
        ))
    .then(|| entity.name.clone())
}

/// Orders that bind one's own side: to tighten, to stop, to control.
fn tightens(ground: &Ground<'_>, at: Stretch) -> bool {
    (at.from..at.to.min(at.from + 12)).any(|place| {
        matches!(
            lower(ground, place),
            "tighten"
                | "strengthen"
                | "stop"
                | "halt"
                | "control"
                | "controls"
                | "ban"
                | "prevent"
                | "restrict"
                | "curb"
        )
    })
}

pub(crate) fn agreement(ground: &Ground<'_>, at: Stretch) -> bool {
    (at.from..at.to).any(|place| {
        ground
            .work
            .tokens
            .is(ground.work.words, place, "commitment", "noun")
    })
}

fn status(ground: &Ground<'_>, own: &Told, leaves: bool) -> &'static str {
    let sentence = ground.work.tokens.sentences[own.sentence].at;
    if leaves || phrase(ground, "commitment", "repudiated", sentence) && agreement(ground, sentence)
    {
        return "repudiated";
    }
    if phrase(ground, "commitment", "broken", sentence) {
        return "broken";
    }
    if phrase(ground, "commitment", "met", sentence) && own.record.kind != "promised" {
        return "met";
    }
    "open"
}

/// The other state that the undertaking names behind "with" or "to".
fn other(ground: &Ground<'_>, content: Stretch, own: Option<&str>) -> Option<String> {
    ground.parties.within(content).find_map(|mention| {
        let before = lower(ground, mention.at.from.checked_sub(1)?);
        let entity = &ground.parties.entities[mention.entity];
        let fits = before == "with" && entity.country.as_deref() != own && entity.kind == "state";
        fits.then(|| entity.name.clone())
    })
}

fn deadline(ground: &Ground<'_>, sentence: Stretch) -> Option<String> {
    dates_in(ground, sentence)
        .find(|(date, _)| date.deadline)
        .map(|(date, value)| match date.expr {
            // `by mid-July`: the fifteenth.
            _ if lower(ground, date.from) == "mid"
                && value
                    .from
                    .is_some_and(|from| from.month() == value.to.month()) =>
            {
                let day = value.to.to_string();
                day.get(..8)
                    .map_or_else(|| day.clone(), |month| format!("{month}15"))
            }
            // Three months from some day in September end some day in December.
            crate::dates::Expr::Within { .. } if value.from != Some(value.to) => value.iso(),
            _ => value.to.to_string(),
        })
}

/// Firms by their id: one that speaks for itself binds itself, and not its state.
fn firms<'a>(ground: &'a Ground<'_>) -> std::collections::BTreeMap<&'a str, &'a str> {
    ground
        .parties
        .entities
        .iter()
        .filter(|entity| entity.kind == "company")
        .map(|entity| (entity.id.as_str(), entity.name.as_str()))
        .collect()
}

/// The part of the sentence between semicolons in which the cue stands.
fn clause(ground: &Ground<'_>, sentence: Stretch, cue: usize) -> Stretch {
    let ends = |at: &usize| lower(ground, *at) == ";";
    Stretch {
        from: (sentence.from..cue)
            .rev()
            .find(ends)
            .map_or(sentence.from, |at| at + 1),
        to: (cue..sentence.to).find(ends).unwrap_or(sentence.to),
    }
}

/// The first day to come in what is undertaken, where no last day is named: `will publish it on Friday`, `in February`.
fn due(ground: &Ground<'_>, own: &Told) -> Option<String> {
    if !matches!(own.record.kind, "promised") {
        return None;
    }
    let today = ground.work.solved.day?;
    dates_in(ground, own.content)
        .filter(|(date, value)| {
            let head = date.from.checked_sub(1).map_or("", |at| lower(ground, at));
            value.to > today
                && !ground.work.apparatus.holds(date.from)
                && !matches!(head, "from" | "since" | "after" | "effective" | "starting")
        })
        // A month stays a month; of some days the last counts.
        .map(|(_, value)| {
            Some(value.iso())
                .filter(|own| !own.contains('/'))
                .unwrap_or_else(|| value.to.to_string())
        })
        .next()
}

/// "X will deliver no more ...", told by a paper or by somebody else: the state or body that is said to will it is bound.
fn relayed(ground: &Ground<'_>, told: &[Told], found: &mut Vec<Commitment>) {
    for own in told {
        let record = &own.record;
        if record.kind != "reported" {
            continue;
        }
        let head = Stretch {
            from: own.content.from,
            to: (own.content.from + 3).min(own.content.to),
        };
        let Some(mention) = ground.parties.within(head).next() else {
            continue;
        };
        let entity = &ground.parties.entities[mention.entity];
        let wills = matches!(lower(ground, mention.at.to), "will" | "shall")
            || matches!(
                (
                    lower(ground, mention.at.to),
                    lower(ground, mention.at.to + 1)
                ),
                (
                    "has" | "had",
                    "agreed" | "promised" | "pledged" | "undertaken"
                ) | ("is" | "are", "to")
            );
        if !wills || !matches!(entity.kind, "state" | "government" | "agency") {
            continue;
        }
        let sentence = ground.work.tokens.sentences[own.sentence].at;
        found.push(Commitment {
            id: String::new(),
            who: party_name(ground, mention.entity),
            country: entity.country.clone(),
            to: other(ground, own.content, entity.country.as_deref()),
            what: record.content.clone(),
            made: None,
            deadline: deadline(ground, sentence),
            status: "open",
            statement: Some(record.id.clone()),
            at: record.at,
        });
    }
}

fn dates_in<'a>(
    ground: &'a Ground<'_>,
    at: Stretch,
) -> impl Iterator<Item = (&'a crate::dates::Found, Value)> {
    let first = ground.work.dates_from(at.from);
    ground
        .work
        .dates
        .iter()
        .zip(ground.values)
        .skip(first)
        .take_while(move |(date, _)| date.from < at.to)
        .filter_map(|(date, value)| value.map(|value| (date, value)))
}

/// "a 1995 agreement by which X agreed to halt ...": an undertaking told as background, without a statement of its own.
fn background(ground: &Ground<'_>, told: &[Told], found: &mut Vec<Commitment>) {
    let promised: std::collections::BTreeSet<usize> = told
        .iter()
        .filter(|own| own.record.kind == "promised")
        .map(|own| own.sentence)
        .collect();
    for (index, sentence) in ground.work.tokens.sentences.iter().enumerate() {
        let at = sentence.at;
        if !ground.work.parts.is_body(at.from) || promised.contains(&index) {
            continue;
        }
        let Some(verb) = (at.from..at.to).find(|place| {
            matches!(
                lower(ground, *place),
                "agreed" | "pledged" | "promised" | "undertook" | "committed"
            ) && lower(ground, place + 1) == "to"
        }) else {
            continue;
        };
        let Some(noun) = (at.from..verb).find(|place| {
            ground
                .work
                .tokens
                .is(ground.work.words, *place, "commitment", "noun")
        }) else {
            continue;
        };
        let binder = ground
            .parties
            .within(Stretch {
                from: noun,
                to: verb,
            })
            .filter(|mention| ground.parties.entities[mention.entity].kind == "state")
            .last();
        let Some(mention) = binder else { continue };
        let entity = &ground.parties.entities[mention.entity];
        let made = dates_in(
            ground,
            Stretch {
                from: at.from,
                to: noun + 3,
            },
        )
        .map(|(_, value)| value.iso())
        .last();
        let (from, to) = (verb + 2, at.to.min(verb + 14));
        let (first, last) = ground.work.tokens.bytes(Stretch { from, to });
        found.push(Commitment {
            id: String::new(),
            who: entity.name.clone(),
            country: entity.country.clone(),
            to: None,
            what: ground
                .work
                .page
                .folded
                .get(first..last)
                .unwrap_or_default()
                .trim_end_matches(['.', ' '])
                .to_owned(),
            made,
            deadline: deadline(ground, at),
            status: "unknown",
            statement: None,
            at: span(ground.work, at),
        });
    }
}
