//! What is not known: the facts that matter, what settles the case, what to ask first, and the readings of a dispute.

use catchall_law::{FactId, Facts, Open, RuleAnswer, Tri, Value};
use catchall_model::{DecidingSet, Effect, Missing, Question, Reading, SettledBy};

use crate::Assessor;

/// Both readings of what is disputed, each with the answer that follows.
pub(super) fn readings_of(
    assessor: &Assessor,
    rules: &[&RuleAnswer],
    facts: &Facts,
    with: Effect,
    without: Effect,
) -> Vec<Reading> {
    let law = &assessor.law;
    let mut held: Vec<String> = Vec::new();
    for answer in rules.iter().filter(|answer| answer.applies == Tri::Open) {
        let (provision, version) = assessor.program.rule(answer.rule);
        for dispute in &law.provisions[provision].versions[version].disputed {
            let by: Vec<&str> = dispute
                .by
                .iter()
                .map(|place| law.vocabulary.country_names[*place as usize].as_str())
                .collect();
            let from = law.vocabulary.fact("from").and_then(|fact| facts.get(fact));
            if dispute
                .by
                .iter()
                .any(|place| from == Some(&Value::One(*place)))
            {
                held.push(format!("{}: {}", by.join(", "), dispute.reading));
            }
        }
    }
    held.dedup();
    let other = if held.is_empty() {
        "the law as held here does not fix the day".to_owned()
    } else {
        held.join("; ")
    };
    vec![
        Reading {
            held_by: "the text as it stands".to_owned(),
            outcome: with.into(),
        },
        Reading {
            held_by: other,
            outcome: without.into(),
        },
    ]
}

pub(crate) fn question(assessor: &Assessor, fact: FactId) -> Question {
    let known = assessor.law.vocabulary.get(fact);
    Question {
        fact: known.key.clone(),
        question: known.question.clone(),
        ask: known.ask.clone(),
        evidence: known.evidence.clone(),
    }
}

pub(super) fn missing(assessor: &Assessor, open: &Open) -> Missing {
    if open.least == open.most {
        return Missing {
            exact: true,
            ..Missing::default()
        };
    }
    let mut essential: Vec<FactId> = open.essential.clone();
    // The one to ask first leads; the others follow by how hard they are to find out.
    essential.sort_by_key(|fact| {
        (
            Some(*fact) != open.next,
            assessor.law.vocabulary.get(*fact).cost,
            *fact,
        )
    });
    Missing {
        essential: essential
            .iter()
            .map(|fact| question(assessor, *fact))
            .collect(),
        deciding: open
            .deciding
            .iter()
            .map(|set| DecidingSet {
                given: set
                    .answers
                    .iter()
                    .map(|(fact, is)| SettledBy {
                        fact: assessor.law.vocabulary.get(*fact).key.clone(),
                        is: is.0.clone(),
                    })
                    .collect(),
                outcome: set.outcome.into(),
            })
            .collect(),
        next: open.next.map(|fact| question(assessor, fact)),
        figures_follow: open.figures_follow,
        exact: open.exact,
    }
}
