//! The kind of a statement, settled by its verb and by the words that follow.

mod further;

use super::content::sentence_end;
use super::{Cue, Ground, class, lower, subject};
use crate::gazetteer::Frame;
use crate::gazetteer::words::Class;
use crate::tokens::Stretch;

/// What was found of the words said.
#[derive(Clone, Copy)]
struct Told {
    /// Of what is to come.
    future: bool,
    /// With a no in it.
    none: bool,
    /// Of the speaker's own side.
    own: bool,
    /// Of another side than the speaker's.
    other: bool,
    /// In praise, in hope, or of what is to end.
    mild: bool,
}

/// The kind, from the cue and from what is said.
pub(super) fn settle(ground: &Ground<'_>, cue: &Cue, content: Stretch) -> &'static str {
    if cue.lemma == "hear" {
        return "reported";
    }
    if cue.lemma == "plead" {
        match lower(ground, cue.at + 1) {
            "not" | "innocent" => return "denied",
            "guilty" => return "conceded",
            _ => {}
        }
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
            // `the administration would raise it`: the speaker's own.
            || (lower(ground, at) == "the"
                && own.is_some()
                && matches!(
                    lower(ground, at + 1),
                    "administration" | "government" | "cabinet" | "ministry" | "company" | "firm"
                )
                && matches!(class(ground, at + 2), Class::Modal))
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
            .is_some_and(|lead| own.is_none_or(|own| own == lead))
        || (ours && subject::first_country(ground, head).is_none());
    let has = |list: &str, at: Stretch| {
        (at.from..at.to).any(|place| ground.work.tokens.is(ground.work.words, place, "cue", list))
    };
    let before = content.to <= cue.at;
    let future = !before
        && ((head.from..head.to).any(|at| {
            // `that the last of the engines meant for Graustark will be shipped`.
            matches!(lower(ground, at), "will" | "shall")
                && !(head.from..at).any(|own| {
                    matches!(
                        class(ground, own),
                        Class::Be
                            | Class::Have
                            | Class::Do
                            | Class::Modal
                            | Class::Subordinate
                            | Class::That
                            | Class::Pronoun
                    )
                })
        }) || (head.from..head.to.min(head.from + 9)).any(|at| {
            matches!(lower(ground, at), "will" | "shall" | "'ll" | "won't")
                || (lower(ground, at) == "would" && cue.kind == "said")
                || (matches!(lower(ground, at), "is" | "are")
                    && lower(ground, at + 1) == "to"
                    && at > head.from)
        }));
    // `"We shall ratify it this year," said the minister.`
    let own_will = before
        && cue.kind == "said"
        && (head.from..head.to.min(head.from + 6)).any(|at| {
            matches!(lower(ground, at), "we" | "i")
                && (at + 1..at + 4)
                    .any(|place| matches!(lower(ground, place), "will" | "shall" | "'ll"))
        });
    if own_will && !refuses(ground, head) {
        return "promised";
    }
    // `had continued to supply`.
    let goes_on = (content.from..content.to).any(|at| {
        matches!(
            lower(ground, at),
            "continued" | "continues" | "continue" | "continuing"
        ) && lower(ground, at + 1) == "to"
            && ["give", "help"].iter().any(|list| {
                ground
                    .work
                    .tokens
                    .is(ground.work.words, at + 2, "cue", list)
            })
    });
    let charged = goes_on || has("charge", content);
    // `called the report "a fairy tale"`: what a charge is called, or words that put it down.
    let naming = matches!(
        cue.lemma.as_str(),
        "call" | "describe" | "branded" | "denounce" | "termed" | "dubbed" | "labelled" | "labeled"
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
    let negative = cue.lemma != "confirm"
        && ((head.from..head.to).any(|at| {
            lower(ground, at) == "nothing"
                && !(head.from..at).any(|own| matches!(lower(ground, own), "should" | "if"))
                && !(at + 1..at + 6).any(|own| {
                    matches!(
                        lower(ground, own),
                        "decided"
                            | "agreed"
                            | "changed"
                            | "settled"
                            | "signed"
                            | "final"
                            | "new"
                            | "fixed"
                            | "yet"
                    )
                })
        }) || (putdown && (naming || !charged || is)));
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
            || (head.from..content.to.min(content.from + 26)).any(|at| {
                matches!(
                    lower(ground, at),
                    "will" | "would" | "shall" | "'ll" | "won't"
                ) || (lower(ground, at) == "to" && at < head.to)
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
    // `There is no truth in these reports`, `No such promise had been made`: whoever says it.
    let untrue = (head.from..head.to.min(head.from + 8)).any(|at| {
        matches!(lower(ground, at), "no" | "little")
            && matches!(
                lower(ground, at + 1),
                "truth" | "substance" | "foundation" | "basis" | "grounds" | "merit"
            )
    }) || (head.from..head.to.min(head.from + 2))
        .any(|at| lower(ground, at) == "no" && lower(ground, at + 1) == "such");
    if untrue && !future {
        return "denied";
    }
    // `"We have not delivered and will not deliver missiles"`: what was not done, whatever is to come.
    let never_did = (head.from..head.to.min(head.from + 5)).any(|at| {
        matches!(lower(ground, at), "have" | "has" | "had" | "did" | "do")
            && matches!(lower(ground, at + 1), "not" | "never" | "n't")
            && !(head.from..at).any(|own| class(ground, own) == Class::Modal)
    });
    if never_did && first_person && has("charge", head) {
        return "denied";
    }
    // `said that no howitzers had been delivered`: whoever says it.
    let not_one = (head.from..head.to.min(head.from + 2)).any(|at| {
        lower(ground, at) == "not"
            && (lower(ground, at + 1) == "one"
                || (lower(ground, at + 1) == "a" && lower(ground, at + 2) == "single"))
    });
    if not_one && !before && !future {
        return "denied";
    }
    // `had been assured by its neighbour that no weapons would be sold`: another's word, told and not denied.
    let assured = (head.from..head.to.min(head.from + 6)).any(|at| {
        matches!(class(ground, at), Class::Be)
            && matches!(
                lower(ground, at + 1),
                "assured" | "promised" | "told" | "informed" | "given"
            )
    });
    let none = none && !assured;
    let begins = (head.from..head.to.min(head.from + 2))
        .any(|at| matches!(lower(ground, at), "no" | "none" | "nothing" | "never"))
        && charged
        && !before;
    if negative || ((none && charged || no_such) && ours && !future) || (begins && !future) {
        return "denied";
    }
    // `said it had no knowledge of`, `says it was never told`.
    let unaware = (head.from..head.to).any(|at| {
        matches!(lower(ground, at), "no" | "never" | "not")
            && (at + 1..at + 3).any(|place| {
                matches!(
                    lower(ground, place),
                    "knowledge"
                        | "trace"
                        | "informed"
                        | "aware"
                        | "told"
                        | "information"
                        | "record"
                )
            })
    });
    // `repeated that it sells no missiles`, `said it had not furnished any`.
    let gives_none = first_person
        && (head.from..head.to).any(|at| {
            let gives = ["give", "help"]
                .iter()
                .any(|list| ground.work.tokens.is(ground.work.words, at, "cue", list));
            gives
                && !ground.work.tokens.is(
                    ground.work.words,
                    at.saturating_sub(1),
                    "grammar",
                    "modal",
                )
                && (at.saturating_sub(3).max(head.from)..(at + 3).min(head.to)).any(|own| {
                    matches!(
                        lower(ground, own),
                        "no" | "not" | "never" | "nothing" | "n't"
                    )
                })
        })
        && !assured;
    if gives_none && !future && !before {
        return "denied";
    }
    if unaware && ours && !before {
        return "denied";
    }
    // `confirmed that it had carried the crates`: a side that owns to what it did.
    if cue.lemma == "confirm" && first_person && !future {
        return "conceded";
    }
    // A firm's people answer for it.
    let answers = matches!(
        cue.lemma.as_str(),
        "insist" | "maintain" | "claim" | "counter"
    ) && defends(ground, cue)
        && !future;
    if answers {
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
    // `quoted officials as warning that Ruritania would have`: nobody's own.
    let leads =
        leads && (first_person || own.is_some() || !matches!(cue.lemma.as_str(), "quote" | "cite"));
    let offers = cue.lemma == "offer" && lower(ground, cue.at + 1) == "to";
    // An offer binds nobody before it is taken up.
    if offers {
        return "said";
    }
    // `Our position remains that any launch would violate`: in a turn, only what we shall do.
    let ours_to_do = cue.lemma != "turn"
        || (head.from..head.to.min(head.from + 9)).any(|at| {
            matches!(lower(ground, at), "will" | "shall" | "'ll" | "would")
                && (at.saturating_sub(3).max(head.from)..at).any(|own| {
                    matches!(lower(ground, own), "we" | "i") || ground.parties.at(own).is_some()
                })
        });
    // `would regard any delay as a breach`: a view, and nothing undertaken.
    let views = cue.kind == "said"
        && (head.from..head.to.min(head.from + 9))
            .find(|at| matches!(lower(ground, *at), "will" | "would" | "shall"))
            .is_some_and(|at| {
                ground
                    .work
                    .tokens
                    .is(ground.work.words, at + 1, "commitment", "viewing")
                    && !matches!(lower(ground, at + 2), "no" | "neither" | "nobody")
            });
    if leads && future && ours_to_do && !views && !praise && !refuses(ground, head) {
        return "promised";
    }
    // `that it was not assisting any state`: told of another, and no charge.
    let cleared = !goes_on
        && (content.from..content.to)
            .find(|at| {
                ground
                    .work
                    .tokens
                    .is(ground.work.words, *at, "cue", "charge")
            })
            .is_some_and(|at| {
                (at.saturating_sub(4).max(content.from)..at)
                    .any(|own| class(ground, own) == Class::Negation || lower(ground, own) == "no")
            });
    let better = cleared
        || (content.from..content.to).any(|at| {
            matches!(
                lower(ground, at),
                "stop"
                    | "stem"
                    | "halt"
                    | "progress"
                    | "prevent"
                    | "halting"
                    | "curb"
                    | "refrain"
                    | "refraining"
                    | "cease"
                    | "pledge"
                    | "stopping"
                    | "ending"
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
    if !better && !praise && !future && !before && accuses(ground, cue, content) {
        return "alleged";
    }
    // `claims that the sale was arranged by Ruritanian services`, `had evidence of two shipments to Graustark`.
    let proof = (head.from..head.to.min(head.from + 6)).any(|at| {
        ground
            .work
            .tokens
            .is(ground.work.words, at, "grammar", "proof")
    });
    let claims = cue.lemma == "claim"
        && (cue.at + 1..(cue.at + 8)).any(|at| class(ground, at) == Class::That);
    let of_another = side.is_some() && side != own;
    if (proof || claims && of_another) && !better && !future && !before && !none {
        return "alleged";
    }
    if !future && cue.lemma != "confirm" && answers_no(ground, cue, content) {
        return "denied";
    }
    if !future && !before && !none && prosecutes(ground, cue) {
        return "alleged";
    }
    let told = Told {
        future,
        none,
        own: ours,
        other: of_another && own.is_some(),
        mild: better || praise,
    };
    further::kind(ground, cue, content, told)
}

/// `replied that no licence had been needed`, `says that it has no record of any such promise`: an answer with a no in it.
fn answers_no(ground: &Ground<'_>, cue: &Cue, content: Stretch) -> bool {
    let answers = matches!(
        cue.lemma.as_str(),
        "reply" | "answer" | "counter" | "insist" | "maintain" | "respond" | "retort"
    );
    (content.from..content.to.min(content.from + 24)).any(|at| {
        let no = class(ground, at) == Class::Negation
            || matches!(
                lower(ground, at),
                "no" | "none" | "nothing" | "never" | "neither"
            );
        let unknown = lower(ground, at) == "no"
            && matches!(lower(ground, at + 1), "record" | "trace" | "knowledge")
            || matches!(lower(ground, at), "knew" | "knows" | "know")
                && lower(ground, at + 1) == "nothing";
        (answers && no && lower(ground, at + 1) != "longer") || (unknown && at < content.from + 8)
    })
}

/// Whether the speaker brings charges by office.
fn prosecutes(ground: &Ground<'_>, cue: &Cue) -> bool {
    let speaker = cue.subject.speaker(ground);
    let name = speaker.name.as_deref().unwrap_or_default().to_lowercase();
    let role = speaker.role.as_deref().unwrap_or_default().to_lowercase();
    name.contains("prosecut") || role.contains("prosecut")
}

/// Whether the speaker answers for another or for his firm: a lawyer, an owner.
fn defends(ground: &Ground<'_>, cue: &Cue) -> bool {
    let speaker = cue.subject.speaker(ground);
    let role = speaker.role.as_deref().unwrap_or_default().to_lowercase();
    [
        "lawyer",
        "counsel",
        "attorney",
        "solicitor",
        "owner",
        "managing director",
    ]
    .iter()
    .any(|word| role.contains(word))
}

/// `told the panel that Lahr Chemie sold valves to Graustark`: a deed of giving told of a firm or a side that is not the speaker's.
fn accuses(ground: &Ground<'_>, cue: &Cue, content: Stretch) -> bool {
    (content.from..content.to.min(content.from + 16)).any(|at| {
        let word = lower(ground, at);
        let deed = ground.work.tokens.is(ground.work.words, at, "cue", "give")
            && (word.ends_with("ed")
                || matches!(word, "sold" | "sent" | "gave" | "flown" | "flew"));
        let to_come = (at.saturating_sub(3).max(content.from)..at)
            .any(|own| class(ground, own) == Class::Modal);
        if !deed || to_come || at == content.from {
            return false;
        }
        let low = at.saturating_sub(7).max(content.from);
        let own = cue.subject.country(ground);
        let speaker = cue.subject.speaker(ground).party;
        // `were delivered to rebels by the Graustark army`.
        let passive = class(ground, at - 1) == Class::Be;
        let agent = passive
            .then(|| {
                (at + 1..(at + 14).min(content.to)).find(|place| lower(ground, *place) == "by")
            })
            .flatten();
        let doer = agent.map_or(Stretch { from: low, to: at }, |by| Stretch {
            from: by + 1,
            to: (by + 5).min(content.to),
        });
        if passive && agent.is_none() {
            return false;
        }
        ground.parties.within(doer).last().is_some_and(|mention| {
            let entity = &ground.parties.entities[mention.entity];
            let other = Some(&entity.id) != speaker.as_ref()
                && (entity.country.is_none()
                    || entity.country.as_deref() != own
                    || entity.kind == "company");
            other
                && matches!(
                    entity.kind,
                    "company" | "state" | "institute" | "person" | "group"
                )
        })
    })
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
                .tokens
                .is(ground.work.words, verb, "commitment", "refused")
    })
}
