//! What one provision says of another: exceptions, groups, and that they run in no circle.

use toml::Spanned;

use super::Loader;
use super::text::spot;
use crate::diagnostic::{At, Diagnostic, Source, nearest, suggestion};

impl Loader {
    /// Groups that no exception names, each once.
    pub(super) fn idle_groups(
        &mut self,
        labels: Vec<(String, At)>,
        targets: &[(usize, Source, usize, Spanned<String>)],
    ) {
        let mut told: Vec<String> = Vec::new();
        for (label, at) in labels {
            if !told.contains(&label)
                && !targets
                    .iter()
                    .any(|(.., target)| *target.get_ref() == label)
            {
                let message = format!("no exception names the group `{label}`");
                self.problem(Diagnostic::warning("unused-group", at, message, "a group is there to be excepted as a whole: name it in an `excepts`, or drop it"));
                told.push(label);
            }
        }
    }

    /// Exceptions to the provisions they name, and no circles among them.
    pub(super) fn link(&mut self, targets: Vec<(usize, Source, usize, Spanned<String>)>) {
        for (place, source, base, target) in targets {
            let name = target.get_ref();
            let found: Vec<usize> = (0..self.law.provisions.len())
                .filter(|each| *each != place)
                .filter(|each| {
                    let provision = &self.law.provisions[*each];
                    provision.id == *name || provision.groups.contains(name)
                })
                .collect();
            if found.is_empty() {
                let ids = self.law.provisions.iter().map(|each| each.id.as_str());
                let groups = self
                    .law
                    .provisions
                    .iter()
                    .flat_map(|each| each.groups.iter().map(String::as_str));
                let message = format!(
                    "`{}` excepts `{name}`, which no pack defines{}",
                    self.law.provisions[place].id,
                    suggestion(nearest(name, ids.chain(groups)))
                );
                let at = spot(&source, base, &target);
                self.problem(Diagnostic::error(
                    "dangling-exception",
                    at,
                    message,
                    "name a provision by its id, or a group by its label",
                ));
                continue;
            }
            for each in found {
                if self.law.provisions[each].jurisdiction != self.law.provisions[place].jurisdiction
                {
                    let message = format!(
                        "`{}` is law of `{}`, but excepts `{}`, which is law of `{}`",
                        self.law.provisions[place].id,
                        self.law.provisions[place].jurisdiction,
                        self.law.provisions[each].id,
                        self.law.provisions[each].jurisdiction
                    );
                    let at = spot(&source, base, &target);
                    self.problem(Diagnostic::error(
                        "foreign-exception",
                        at,
                        message,
                        "an exception lifts requirements of its own jurisdiction only",
                    ));
                    continue;
                }
                let excepts = &mut self.law.provisions[place].excepts;
                if !excepts.contains(&each) {
                    excepts.push(each);
                    excepts.sort_unstable();
                }
            }
        }
        let count = self.law.provisions.len();
        let mut state = vec![0u8; count];
        for start in 0..count {
            let mut path = Vec::new();
            if let Some(circle) = self.circle(start, &mut state, &mut path) {
                let ids: Vec<&str> = circle
                    .iter()
                    .map(|place| self.law.provisions[*place].id.as_str())
                    .collect();
                let at = self.law.provisions[circle[0]].at.clone();
                let message = format!("exceptions run in a circle: {}", ids.join(" excepts "));
                self.problem(Diagnostic::error(
                    "exception-cycle",
                    at,
                    message,
                    "a provision cannot, in the end, except itself: drop one of these edges",
                ));
                break;
            }
        }
    }

    fn circle(&self, at: usize, state: &mut [u8], path: &mut Vec<usize>) -> Option<Vec<usize>> {
        match state[at] {
            2 => return None,
            1 => {
                let from = path.iter().position(|each| *each == at).unwrap_or(0);
                let mut circle = path[from..].to_vec();
                circle.push(at);
                return Some(circle);
            }
            _ => {}
        }
        state[at] = 1;
        path.push(at);
        for next in &self.law.provisions[at].excepts {
            if let Some(circle) = self.circle(*next, state, path) {
                return Some(circle);
            }
        }
        path.pop();
        state[at] = 2;
        None
    }
}
