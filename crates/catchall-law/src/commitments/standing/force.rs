//! Whether an undertaking binds on a day: its end, parties that left it, and what makes it stand still.

use catchall_model::{ActKind, Day, InForceOn, Shows, Standing};

use super::super::Act;
use super::{PartyAnswer, Reason, View};

impl View<'_> {
    /// The first day on which it is left, with the act: by the one asked about, or, where two are bound, by the other.
    pub(super) fn end<'b>(
        &self,
        acts: &'b [Act],
        made: &mut PartyAnswer,
    ) -> Option<(Day, &'b Act)> {
        let mut ends: Vec<(Day, &Act)> = Vec::new();
        for act in acts {
            let leaves = matches!(act.kind, ActKind::Withdrawal | ActKind::Repudiation);
            let own = act.by == self.party;
            let other = self.undertaking.by.len() == 2 && self.undertaking.by.contains(&act.by);
            if !leaves || !(own || other) {
                continue;
            }
            let notice = self
                .undertaking
                .leave
                .as_ref()
                .map_or(0, |leave| leave.notice_months);
            let from = match (act.effective, act.kind) {
                (Some(effective), _) => self.day(effective),
                (None, ActKind::Withdrawal) => self.day(act.date).plus_months(notice),
                (None, _) => self.day(act.date),
            };
            if from <= self.on {
                ends.push((from, act));
            } else {
                made.because.push(Reason {
                    rule: 0,
                    act: Some(act.id.clone()),
                    words: format!(
                        "{} gave notice; it takes effect on {from}, and notice given is not leaving done",
                        (self.places)(&act.by)
                    ),
                });
            }
        }
        // One's own leaving comes before the other's of the same day.
        ends.into_iter()
            .min_by_key(|(from, act)| (*from, act.by != self.party, act.id.clone()))
    }

    /// Whether it binds on the day.
    pub(super) fn binds(&self, end: Option<(Day, &Act)>, made: &mut PartyAnswer) {
        made.in_force = if !self.undertaking.in_effect {
            InForceOn::Never
        } else if !self.reached(self.undertaking.from) {
            InForceOn::NotYet
        } else if end.is_some() || self.day(self.undertaking.until) < self.on {
            InForceOn::Ended
        } else {
            InForceOn::Yes
        };
    }

    /// Rule 1.
    pub(super) fn left(
        &self,
        acts: &[Act],
        end: Option<(Day, &Act)>,
        made: &mut PartyAnswer,
    ) -> bool {
        let Some((from, act)) = end else {
            return false;
        };
        if act.by != self.party {
            made.because.push(Reason {
                rule: 0,
                act: Some(act.id.clone()),
                words: format!(
                    "it ended on {from}, when {} left it",
                    (self.places)(&act.by)
                ),
            });
            return false;
        }
        let right = match &self.undertaking.leave {
            _ if act.kind == ActKind::Repudiation => None,
            Some(leave) if self.day(act.date).plus_months(leave.notice_months) <= from => {
                Some(format!("under {}", leave.text))
            }
            Some(_) => None,
            None => self
                .failed
                .first()
                .map(|other| format!("after `{}`, on which it depends, had ended", other.id)),
        };
        made.standing = if right.is_some() {
            Standing::Withdrawn
        } else {
            Standing::Repudiated
        };
        let how = right.unwrap_or_else(|| match &self.undertaking.leave {
            Some(leave) if act.kind == ActKind::Withdrawal => {
                format!("with shorter notice than {} asks for", leave.text)
            }
            _ => "and no right to leave it is known".to_owned(),
        });
        made.because.push(Reason {
            rule: 1,
            act: Some(act.id.clone()),
            words: format!(
                "{} left it with effect on {from} ({}), {how}",
                self.name(),
                from.in_prose()
            ),
        });
        let before = self.before(acts, from);
        if matches!(
            before,
            Standing::Breached | Standing::Overdue | Standing::Contested
        ) {
            made.because.push(Reason {
                rule: 0,
                act: None,
                words: format!(
                    "on the day before it stood {}: leaving does not undo that",
                    before.word().replace('_', " ")
                ),
            });
        }
        true
    }

    /// How it stood on the day before it was left.
    fn before(&self, acts: &[Act], from: Day) -> Standing {
        let view = View {
            on: from.previous(),
            places: self.places,
            ..*self
        };
        let mut made = PartyAnswer::open(self.party);
        let past: Vec<&Act> = acts.iter().filter(|act| view.reached(act.date)).collect();
        let past = view.corrected(&past);
        view.weigh(&past, None, &mut made);
        made.standing
    }

    /// Rule 3.
    ///
    /// What was over by its own terms stands still no longer, and whoever says afterwards that they are not bound says what is so.
    pub(super) fn stands_still(&self, acts: &[Act], made: &mut PartyAnswer) -> bool {
        let over = made.in_force == InForceOn::Ended;
        let last = self.day(self.undertaking.until);
        let within = |act: &&Act| act.by == self.party && self.day(act.date) <= last;
        let not_bound = acts
            .iter()
            .rev()
            .filter(within)
            .find(|act| act.kind.is_words() && act.shows == Some(Shows::NotBound));
        if let Some(act) = not_bound {
            if !over {
                made.in_force = InForceOn::NotKnown;
            }
            made.standing = Standing::Contested;
            made.because.push(Reason {
                rule: 3,
                act: Some(act.id.clone()),
                words: format!("{} holds that it is not bound: {}", self.name(), act.what),
            });
            return true;
        }
        let running = acts.iter().filter(within).find(|act| {
            act.kind == ActKind::Suspension
                && act.effective.is_none_or(|from| self.reached(from))
                && act.until.is_none_or(|until| self.on <= self.day(until))
                && !acts.iter().any(|each| self.resumes(each, act))
        });
        let Some(act) = running else {
            return false;
        };
        if !over {
            made.in_force = InForceOn::Suspended;
        }
        let rejected = acts.iter().find(|each| {
            each.by != self.party
                && each.of.contains(&act.id)
                && matches!(each.kind, ActKind::Statement | ActKind::Denial)
        });
        made.standing = if rejected.is_some() {
            Standing::Contested
        } else {
            Standing::NotKnown
        };
        made.because.push(Reason {
            rule: 3,
            act: Some(act.id.clone()),
            words: match over {
                true => format!(
                    "{} declared that performance stands still, and it ended on {last} in that state",
                    self.name()
                ),
                false => format!("{} declared that performance stands still", self.name()),
            },
        });
        made.because.extend(rejected.map(|each| Reason {
            rule: 3,
            act: Some(each.id.clone()),
            words: format!("{} rejects that", (self.places)(&each.by)),
        }));
        if rejected.is_none() {
            made.missing.push(format!(
                "By what right does {} stop performing, and does the other side accept it?",
                self.name()
            ));
        }
        true
    }

    /// Whether who declared that performance stands still has gone back to it by the day.
    fn resumes(&self, act: &Act, suspension: &Act) -> bool {
        act.kind == ActKind::Relief
            && act.by == self.party
            && act.of.contains(&suspension.id)
            && act.effective.is_none_or(|from| self.reached(from))
    }
}
