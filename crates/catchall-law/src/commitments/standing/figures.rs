//! Acts against a ceiling: what a figure shows of the undertaking.

use catchall_model::{ActKind, Day, Shows, UndertakingSort};

use super::super::{Act, Due};
use super::View;

impl View<'_> {
    /// What an act counts as for the one asked about; `None` where it is not about them.
    pub(super) fn count(&self, act: &Act, end: Day) -> Option<Count> {
        let own = act.by == self.party;
        let about = if act.about.is_empty() {
            own || !self.undertaking.by.contains(&act.by)
        } else {
            act.about.iter().any(|each| each == self.party)
        };
        if !about {
            return None;
        }
        let told_by_us = act.tellers().iter().any(|each| each == self.party);
        let told_by_others = act.tellers().iter().any(|each| each != self.party);
        let plain = act.said_by.is_empty();
        let day = self.day(act.date);
        let within = self.day(self.undertaking.from) <= day && day <= end;
        let shows = self.shows(act, within);
        if act.kind == ActKind::Denial && told_by_us {
            return Some(Count::Denial);
        }
        if act.kind == ActKind::Verification {
            return Some(match shows {
                Shows::Kept => Count::Performance,
                Shows::Broken => Count::Breach,
                _ => Count::Words,
            });
        }
        if act.kind.is_deed() {
            return Some(match shows {
                Shows::Broken if !within => Count::Words,
                Shows::Broken if plain || told_by_us => Count::Breach,
                Shows::Broken => Count::Allegation,
                Shows::Kept if plain || told_by_others => Count::Performance,
                Shows::Kept => Count::Claim,
                _ => Count::Words,
            });
        }
        Some(match (act.kind, shows) {
            (ActKind::Order | ActKind::Made, _) => Count::Words,
            (_, Shows::Broken) if told_by_us => Count::Breach,
            (_, Shows::Broken) => Count::Allegation,
            (_, Shows::Kept) => Count::Claim,
            _ => Count::Words,
        })
    }

    /// What an act shows: what is said of it, else what its figure or its kind means for this sort of undertaking. A figure of a day
    /// on which nothing bound shows nothing.
    fn shows(&self, act: &Act, within: bool) -> Shows {
        if let Some(shows) = act.shows {
            return shows;
        }
        if act.value.is_some() && !within {
            return Shows::Nothing;
        }
        if let (Some(value), Some(ceiling)) = (act.value, &self.undertaking.ceiling) {
            let early =
                matches!(self.undertaking.due, Due::By(due) if self.day(act.date) < self.day(due));
            return match value <= ceiling.most {
                true => Shows::Kept,
                // Before the day the figure may still be higher.
                false if early => Shows::Step,
                false => Shows::Broken,
            };
        }
        if act.kind.is_deed() && self.undertaking.sort == UndertakingSort::Abstain {
            return Shows::Broken;
        }
        Shows::Nothing
    }
}

/// What an act counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Breach,
    Allegation,
    Denial,
    Performance,
    Claim,
    Words,
}
