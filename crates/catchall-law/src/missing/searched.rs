//! The exact answer one question at a time, where a diagram of all of it would be too large.
//!
//! Completions are searched for: one for the strongest outcome, one for the weakest, and for each unknown two that
//! differ in it alone and in their outcome. A question that costs too much stays open, and the answer says that it is
//! not exact.

use catchall_model::Effect;

use super::cells::{Cells, Variable};
use super::diagram::Roots;
use super::formula::Formulas;
use super::witness::{Found, Search};
use super::{Case, Deciding, Depth, MOST_SETS, Open, Words, sorted};
use crate::vocabulary::FactId;

/// Most decisions of a first look for one variable, of a search for one, and of all searches of a question.
const FIRST_LOOK: usize = 64;
const MOST_DECISIONS: (usize, usize) = (1_000, 12_000);
/// The most facts that are looked at for an answer that settles everything at once.
const MOST_LOOKED_AT: usize = 16;
/// The same, one question at a time, where a diagram would be too large.
pub(super) fn from_search(
    formulas: &Formulas,
    variables: &[Variable],
    roots: &Roots,
    case: Case,
) -> Open {
    let Case {
        effects,
        sure,
        words,
        depth,
    } = case;
    let mut search = Search::new(formulas, variables, roots, effects, sure);
    let mut left = MOST_DECISIONS.1;
    let mut exact = true;
    let mut ask =
        |search: &mut Search, most: usize, question: &mut dyn FnMut(&mut Search) -> Found| {
            let given = left.min(most);
            search.budget = given;
            let found = question(search);
            left -= given - search.budget;
            found
        };
    // The strongest effect that can come out, and the weakest: no stronger root than its own holds.
    let mut most = sure;
    for (root, effect) in roots.iter().zip(effects) {
        match ask(&mut search, MOST_DECISIONS.0, &mut |search| {
            search.can(&[(*root, true)])
        }) {
            Found::No => continue,
            Found::Yes => {}
            Found::Unclear => exact = false,
        }
        most = *effect;
        break;
    }
    let mut least = most;
    for count in (0..=effects.len()).rev() {
        let wanted: Vec<(u32, bool)> = roots[..count].iter().map(|root| (*root, false)).collect();
        let weakest = effects.get(count).copied().unwrap_or(sure);
        match ask(&mut search, MOST_DECISIONS.0, &mut |search| {
            search.can(&wanted)
        }) {
            Found::No => continue,
            Found::Yes => {}
            Found::Unclear => exact = false,
        }
        least = least.min(weakest);
        break;
    }
    // A short look at each first: what one search shows of others leaves few that need a long one.
    let mut found = vec![Found::Unclear; variables.len()];
    let mut seen: Vec<FactId> = Vec::new();
    for most in [FIRST_LOOK, MOST_DECISIONS.0] {
        for (place, variable) in (0u32..).zip(variables) {
            let known = variable.fact().is_some_and(|fact| seen.contains(&fact));
            if known || found[place as usize] != Found::Unclear {
                continue;
            }
            let answer = ask(&mut search, most, &mut |search| search.turns_on(place));
            found[place as usize] = answer;
            if answer == Found::Yes {
                seen.extend(&variable.facts);
            }
        }
    }
    let mut turning: Vec<u32> = Vec::new();
    let mut essential: Vec<FactId> = Vec::new();
    let mut reading = false;
    for (place, variable) in (0u32..).zip(variables) {
        if variable
            .fact()
            .is_some_and(|fact| essential.contains(&fact))
        {
            continue;
        }
        match found[place as usize] {
            Found::No => continue,
            Found::Yes => exact &= variable.exact,
            Found::Unclear => exact = false,
        }
        turning.push(place);
        essential.extend(&variable.facts);
        reading |= variable.cells == Cells::Reading;
    }
    let mut readings = None;
    if let (true, [place]) = (reading, turning.as_slice())
        && exact
    {
        readings = search.complete(*place, 1).zip(search.complete(*place, 0));
    }
    let (mut deciding, mut next) = (Vec::new(), None);
    if depth == Depth::Questions && !essential.is_empty() {
        deciding = settling(&mut search, &turning, variables, words);
        let rank = |place: &u32| {
            let fact = variables[*place as usize].fact()?;
            Some((
                words.vocabulary.get(fact).cost,
                std::cmp::Reverse(search.weight(*place)),
                *place,
                fact,
            ))
        };
        next = turning.iter().filter_map(rank).min().map(|(.., fact)| fact);
    }
    Open {
        least,
        most,
        figures_follow: turning
            .iter()
            .any(|place| match &variables[*place as usize].cells {
                Cells::Items(kinds) => kinds.iter().any(|(_, cells)| cells.len() > 1),
                _ => false,
            }),
        essential: sorted(essential),
        reading,
        readings,
        deciding,
        next,
        exact,
    }
}

/// Single answers that settle everything.
fn settling(
    search: &mut Search,
    turning: &[u32],
    variables: &[Variable],
    words: Words,
) -> Vec<Deciding> {
    let mut found = Vec::new();
    let asked = turning
        .iter()
        .filter(|place| variables[**place as usize].cells != Cells::Reading)
        .take(MOST_LOOKED_AT);
    for place in asked {
        let variable = &variables[*place as usize];
        let mut by_outcome: Vec<(Effect, Vec<usize>)> = Vec::new();
        for (answer, cells) in variable.answers().iter().enumerate() {
            let mut outcomes = cells.iter().map(|cell| search.look(*place, *cell));
            let Some(Some(outcome)) = outcomes.next() else {
                continue;
            };
            if !outcomes.all(|each| each == Some(outcome)) {
                continue;
            }
            match by_outcome.iter_mut().find(|(each, _)| *each == outcome) {
                Some((_, answers)) => answers.push(answer),
                None => by_outcome.push((outcome, vec![answer])),
            }
        }
        for (outcome, cells) in by_outcome {
            found.push(Deciding {
                answers: variable.answer(&cells, words).into_iter().collect(),
                outcome,
            });
        }
    }
    found.truncate(MOST_SETS);
    found
}
