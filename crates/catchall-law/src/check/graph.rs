//! Graph: list entries whose tests ask, in the end, for themselves.
//!
//! Circles and loose ends among exceptions are found by the loader, and so is this: an entry that asked for itself
//! would be evaluated for ever, so a law with such a circle does not load. It stands here because it is a check, and runs
//! again over laws that were put together by hand.

use super::walk;
use crate::diagnostic::Diagnostic;
use crate::language::{TestKind, code_within};
use crate::pack::Law;

/// Looks for circles among the entries of all lists.
pub(crate) fn check(law: &Law) -> Vec<Diagnostic> {
    let nodes: Vec<(usize, usize)> = law
        .lists
        .iter()
        .enumerate()
        .flat_map(|(list, held)| (0..held.entries.len()).map(move |entry| (list, entry)))
        .collect();
    let edges: Vec<Vec<usize>> = nodes.iter().map(|node| asked(law, *node, &nodes)).collect();
    let mut state = vec![0u8; nodes.len()];
    let mut found = Vec::new();
    for start in 0..nodes.len() {
        let mut path = Vec::new();
        if let Some(circle) = circle(start, &edges, &mut state, &mut path) {
            let name = |node: &usize| {
                let (list, entry) = nodes[*node];
                format!(
                    "`{}/{}`",
                    law.lists[list].id, law.lists[list].entries[entry].code
                )
            };
            let (list, entry) = nodes[circle[0]];
            let at = law.lists[list].entries[entry].at.clone();
            let message = match circle.as_slice() {
                [one, _] => format!("the test of {} asks for itself", name(one)),
                several => format!(
                    "tests of entries run in a circle: {}",
                    several
                        .iter()
                        .map(name)
                        .collect::<Vec<_>>()
                        .join(" asks for ")
                ),
            };
            let help = "write out what the entry shares with the other, or ask for a code that does not lead back here";
            found.push(Diagnostic::error("entry-circle", at, message, help));
        }
    }
    found
}

/// The entries that an entry's test asks for.
fn asked(law: &Law, (list, entry): (usize, usize), nodes: &[(usize, usize)]) -> Vec<usize> {
    let mut found = Vec::new();
    let Some(condition) = &law.lists[list].entries[entry].when else {
        return found;
    };
    walk::tests(condition, &mut |test| {
        if let TestKind::Listed { list, within, tag } = &test.kind {
            let fits = |node: &(usize, usize)| {
                let entry = &law.lists[node.0].entries[node.1];
                node.0 == *list
                    && code_within(&entry.code, within)
                    && tag.as_ref().is_none_or(|tag| entry.tags.contains(tag))
            };
            found.extend((0..nodes.len()).filter(|place| fits(&nodes[*place])));
        }
    });
    found
}

fn circle(
    at: usize,
    edges: &[Vec<usize>],
    state: &mut [u8],
    path: &mut Vec<usize>,
) -> Option<Vec<usize>> {
    match state[at] {
        2 => return None,
        1 => {
            let from = path.iter().position(|each| *each == at).unwrap_or(0);
            let mut circle = path[from..].to_vec();
            circle.push(at);
            // Seen once is said once.
            for each in &circle {
                state[*each] = 2;
            }
            return Some(circle);
        }
        _ => {}
    }
    state[at] = 1;
    path.push(at);
    for next in &edges[at] {
        if let Some(circle) = circle(*next, edges, state, path) {
            return Some(circle);
        }
    }
    path.pop();
    state[at] = 2;
    None
}
