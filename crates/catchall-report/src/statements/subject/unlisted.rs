//! Speakers that no list knows: the plain words beside a verb of speech, the label of a turn, a side at the head of its sentence.
//!
//! The lists come first; what is here is asked where they are silent. To grow: a form is a function here.

use super::{Subject, candidate, date_ending, governed, named};
use crate::gazetteer::words::Class;
use crate::statements::{Ground, class, lower};
use crate::tokens::{Shape, Stretch};

/// Where a quotation of one or two words opens that stands between an auxiliary and its verb.
pub(super) fn quoted_adverb(ground: &Ground<'_>, sentence: Stretch, close: usize) -> Option<usize> {
    let open = (close.saturating_sub(3).max(sentence.from + 1)..close)
        .rev()
        .find(|at| lower(ground, *at) == "\"")?;
    matches!(
        class(ground, open - 1),
        Class::Have | Class::Be | Class::Adverb
    )
    .then_some(open)
}

/// The plain words that end before a token, where no list knows them: `the shipper`, `a jury`, `Windward Analytics`.
pub(crate) fn plain(ground: &Ground<'_>, sentence: Stretch, at: usize) -> Option<Subject> {
    let mut from = at;
    let mut head = at;
    while from > sentence.from && at - from < 9 {
        let before = from - 1;
        let token = ground.work.tokens.all[before];
        let word = lower(ground, before);
        if ground.work.apparatus.holds(before) || date_ending(ground, from, sentence).is_some() {
            break;
        }
        let joins = matches!(word, "of" | "for" | "at" | "in" | "on") && from < at;
        let noun = token.shape == Shape::Word
            && (matches!(token.class, Class::None | Class::Noun(_))
                || (token.capital && matches!(token.class, Class::Verb(..))))
            || word == "'s"
            || (word == "-" && !token.spaced);
        if joins {
            head = before;
        } else if token.class == Class::Article || matches!(word, "whose") {
            from = before;
            break;
        } else if !noun {
            break;
        }
        from = before;
    }
    // `In interview he said`: what hangs on a preposition that opens the clause speaks not.
    let opens = matches!(lower(ground, from), "of" | "for" | "at" | "in" | "on");
    if from >= head || opens {
        return None;
    }
    let governed = from > sentence.from && class(ground, from - 1) == Class::Preposition;
    let article = class(ground, from) == Class::Article;
    let indefinite = matches!(lower(ground, from), "a" | "an");
    let first = from + usize::from(article);
    let last = head.checked_sub(1).filter(|last| *last >= first)?;
    let token = ground.work.tokens.all[last];
    let word = lower(ground, last);
    let speaks = token.shape == Shape::Word
        && word.len() > 2
        && (first..head).all(|place| {
            let (words, tokens) = (ground.work.words, &ground.work.tokens);
            !tokens.is(words, place, "grammar", "unspeaking")
                && ground.work.tokens.calendar(place).is_none()
        })
        && (article || token.capital || word.ends_with('s') || lower(ground, from + 1) == "'s");
    if !speaks || (governed && !matches!(lower(ground, from - 1), "after" | "before" | "since")) {
        return None;
    }
    let (low, high) = ground.work.tokens.bytes(Stretch {
        from: first,
        to: head,
    });
    let name = ground.work.page.folded.get(low..high)?.to_owned();
    let country = (first..at).find_map(|place| ground.parties.demonym(place).map(str::to_owned));
    Some(Subject {
        name: Some(name),
        country,
        role: Some(word.to_owned()),
        anonymity: if token.capital {
            "collective"
        } else if indefinite || word.ends_with('s') {
            "anonymous"
        } else {
            "office"
        },
        many: word.ends_with('s') && !token.capital,
        ..Subject::default()
    })
}

/// `The dealer, Hartung of Cologne, denied`, `his counterpart, A. Name, said`: a name that no list knows, between commas behind what it is.
pub(super) fn appositive(ground: &Ground<'_>, sentence: Stretch, close: usize) -> Option<Subject> {
    let low = close.saturating_sub(12).max(sentence.from + 1);
    let open = (low..close).rev().find(|at| lower(ground, *at) == ",")?;
    let capital = |at: usize| {
        let token = ground.work.tokens.all[at];
        token.shape == Shape::Word
            && token.capital
            && matches!(token.class, Class::None | Class::Noun(_) | Class::Verb(..))
    };
    // `Hartung of Cologne`: the place is no part of the name.
    let of = (open + 2..close).find(|at| {
        matches!(lower(ground, *at), "of" | "from") && capital(at - 1) && capital(at + 1)
    });
    let to = of.unwrap_or(close);
    let mut from = to;
    while from > open + 1
        && (capital(from - 1)
            || matches!(lower(ground, from - 1), "." | "-")
            // `Chung-ling`.
            || from >= open + 4
                && lower(ground, from - 2) == "-"
                && !ground.work.tokens.all[from - 1].spaced
                && capital(from - 3)
            || from < to
                && ground
                    .work
                    .tokens
                    .is(ground.work.words, from - 1, "cue", "particle"))
    {
        from -= 1;
    }
    let lead = from == open + 1
        || class(ground, open + 1) == Class::Article
            && to >= from + 2
            && (open + 1..from).all(|at| {
                ground.work.tokens.all[at].shape == Shape::Word
                    && matches!(
                        class(ground, at),
                        Class::Article
                            | Class::None
                            | Class::Noun(_)
                            | Class::Adverb
                            | Class::Verb(..)
                    )
            });
    let words = (from..to).filter(|at| capital(*at)).count();
    if !lead || from >= to || to - from > 8 || words == 0 {
        return None;
    }
    let known = (from..to).find_map(|at| ground.parties.at(at));
    let person = known.filter(|own| {
        matches!(
            ground.parties.entities[own.entity].kind,
            "person" | "company"
        )
    });
    if (known.is_some() && person.is_none())
        || (from..to).any(|at| {
            ground.work.tokens.calendar(at).is_some()
                || ground.parties.outlet(at).is_some()
                || ground.parties.demonym(at).is_some()
        })
    {
        return None;
    }
    // What it is stands before the comma, and is one person or one firm.
    let who =
        super::phrase::phrase(ground, sentence, open).or_else(|| plain(ground, sentence, open))?;
    let head = who.role.clone()?;
    let plain_head = !who.many
        && !who.outlet
        && who.name.is_some()
        && head.chars().all(char::is_lowercase)
        && !matches!(
            head.as_str(),
            "statement" | "report" | "government" | "administration"
        );
    if !plain_head {
        return None;
    }
    if let Some(own) = person {
        return Some(named(ground, own.entity));
    }
    let (low, high) = ground.work.tokens.bytes(Stretch { from, to });
    let firm = ground.work.words.is("commitment", "firm", &head);
    (words > 1 || firm).then(|| Subject {
        entity: None,
        name: ground.work.page.folded.get(low..high).map(str::to_owned),
        role: Some(head.clone()),
        country: who.country(ground).map(str::to_owned),
        anonymity: if firm { "collective" } else { "named" },
        ..Subject::default()
    })
}

/// `according to Windward Analytics`, `according to court papers`: the words behind, where no list knows them.
pub(crate) fn plain_right(ground: &Ground<'_>, from: usize, sentence: Stretch) -> Option<Subject> {
    let article = class(ground, from) == Class::Article;
    let first = from + usize::from(article);
    let word = |at: usize| {
        let token = ground.work.tokens.all[at];
        token.shape == Shape::Word
            && (matches!(token.class, Class::None | Class::Noun(_))
                || (token.capital && matches!(token.class, Class::Verb(..))))
            || matches!(lower(ground, at), "-" | "&" | "'s")
    };
    let mut to = first;
    while to < sentence.to && to < first + 6 && word(to) && !ground.work.apparatus.holds(to) {
        to += 1;
    }
    while to > first && matches!(lower(ground, to - 1), "-" | "&" | "'s") {
        to -= 1;
    }
    let plan = (first..to).any(|at| {
        matches!(
            lower(ground, at),
            "plan"
                | "plans"
                | "schedule"
                | "law"
                | "rule"
                | "rules"
                | "contract"
                | "agreement"
                | "terms"
                | "treaty"
                | "protocol"
                | "accord"
                | "pact"
                | "deal"
        )
    });
    if to <= first || plan {
        return None;
    }
    let capital = ground.work.tokens.all[first].capital;
    let (low, high) = ground.work.tokens.bytes(Stretch { from: first, to });
    Some(Subject {
        name: Some(ground.work.page.folded.get(low..high)?.to_owned()),
        anonymity: if capital { "collective" } else { "anonymous" },
        ..Subject::default()
    })
}

/// `MR. HALLAM:`, `Sir Denholm Pryce (Bromsworth):`, `QUESTION:`: the label of a turn; who speaks, and the token behind the colon.
pub(crate) fn label(ground: &Ground<'_>, paragraph: Stretch) -> Option<(Option<Subject>, usize)> {
    let limit = (paragraph.from + 10).min(paragraph.to);
    let colon = (paragraph.from + 1..limit).find(|at| lower(ground, *at) == ":")?;
    if colon + 2 >= paragraph.to {
        return None;
    }
    let mut depth = 0_usize;
    let plain = (paragraph.from..colon).all(|at| {
        let token = ground.work.tokens.all[at];
        match lower(ground, at) {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > 0
            || matches!(
                lower(ground, at),
                ")" | "." | "," | "-" | "'s" | "of" | "the" | "for"
            )
            || (token.shape == Shape::Word && token.capital)
    });
    if !plain {
        return None;
    }
    let mention = ground.parties.within(Stretch {
        from: paragraph.from,
        to: colon,
    });
    let person = mention
        .filter(|own| ground.parties.entities[own.entity].kind == "person")
        .last()
        .map(|own| named(ground, own.entity));
    Some((person, colon + 1))
}

/// `The contract obliges X to deliver by May`: whom it binds, and where it does so.
pub(crate) fn obliged(ground: &Ground<'_>, sentence: Stretch) -> Option<(Subject, usize)> {
    let verb = (sentence.from + 1..sentence.to.min(sentence.from + 12)).find(|at| {
        matches!(
            lower(ground, *at),
            "obliges" | "obliged" | "requires" | "required" | "binds" | "commits"
        )
    })?;
    let place = verb + 1 + usize::from(class(ground, verb + 1) == Class::Article);
    let mention = ground.parties.at(place)?;
    (lower(ground, mention.at.to) == "to" && lower(ground, mention.at.to + 1) != "be")
        .then(|| (named(ground, mention.entity), verb))
}

/// A state or a body at the head of its sentence that will do something: who, and where `will` stands.
pub(crate) fn bound(ground: &Ground<'_>, sentence: Stretch) -> Option<(Subject, usize)> {
    let will = (sentence.from + 1..(sentence.from + 14).min(sentence.to)).find(|at| {
        matches!(lower(ground, *at), "will" | "shall" | "must")
            || (matches!(
                lower(ground, *at),
                "intends" | "intend" | "plans" | "plan" | "aims"
            ) && lower(ground, at + 1) == "to")
            || (matches!(lower(ground, *at), "has" | "have") && lower(ground, at + 1) == "until")
            || (matches!(lower(ground, *at), "is" | "are")
                && (lower(ground, at + 1) == "to"
                    || (ground
                        .work
                        .tokens
                        .is(ground.work.words, at + 1, "commitment", "bound")
                        && lower(ground, at + 2) == "to")
                    || matches!(class(ground, at + 1), Class::None)
                        && lower(ground, at + 1).ends_with("ing")))
    })?;
    let mut verb = will + 1;
    while matches!(class(ground, verb), Class::Adverb)
        || lower(ground, verb) == "to"
        || ground
            .work
            .tokens
            .is(ground.work.words, verb, "commitment", "bound")
        || ground
            .work
            .tokens
            .is(ground.work.words, verb, "cue", "relay")
    {
        verb += 1;
    }
    if ground
        .work
        .tokens
        .is(ground.work.words, verb, "grammar", "idle")
    {
        return None;
    }
    let low = will.saturating_sub(8).max(sentence.from);
    let found = (low..will).find_map(|at| {
        candidate(ground, sentence, at).filter(|own| own.to == will && !own.subject.outlet)
    })?;
    // It opens its clause: what ends a list of others does not.
    let mut start = found.from;
    while start > sentence.from && class(ground, start - 1) == Class::Article {
        start -= 1;
    }
    let under = class(ground, sentence.from) == Class::Preposition
        && start < sentence.from + 7
        && (sentence.from..start).all(|at| {
            !matches!(class(ground, at), Class::Verb(..) | Class::Be | Class::Have)
                && ground.parties.at(at).is_none()
        });
    let opens = start == sentence.from
        || under
        || matches!(
            lower(ground, start - 1),
            "," | ";" | "—" | "but" | "while" | "though" | "." | "]" | ")"
        ) && (sentence.from..start).all(|at| {
            !ground.parties.at(at).is_some_and(|own| {
                ground.parties.entities[own.entity].kind == "state"
                    && lower(ground, own.at.to) == ","
            })
        });
    if !opens {
        return None;
    }
    let body = found.subject.entity.is_some_and(|entity| {
        matches!(
            ground.parties.entities[entity].kind,
            "state" | "government" | "agency" | "company" | "legislature" | "organisation"
        )
    });
    (body && !governed(ground, sentence, found.from)).then_some((found.subject, will))
}
