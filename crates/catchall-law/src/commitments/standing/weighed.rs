//! What the acts come to: a breach shown or alleged, a condition that failed, performance shown or only claimed.

use catchall_model::{ActKind, Day, Standing, UndertakingSort};

use super::super::{Act, Due};
use super::figures::Count;
use super::{PartyAnswer, Reason, View, show};

impl View<'_> {
    /// Rules 4 to 7.
    pub(super) fn weigh(&self, acts: &[Act], end: Option<(Day, &Act)>, made: &mut PartyAnswer) {
        let end = end.map_or(self.day(self.undertaking.until), |(from, _)| {
            from.previous().min(self.day(self.undertaking.until))
        });
        let of = |wanted: Count| -> Vec<&Act> {
            acts.iter()
                .filter(|act| self.count(act, end) == Some(wanted))
                .collect()
        };
        let live = |mut found: Vec<&'_ Act>| {
            found.retain(|act| !self.closed(act, acts));
            found.iter().map(|act| (*act).clone()).collect::<Vec<Act>>()
        };
        let breaches = live(of(Count::Breach));
        let allegations = live(of(Count::Allegation));
        let denials = of(Count::Denial);
        let performed = of(Count::Performance);
        let claims = of(Count::Claim);
        let shown = performed.iter().map(|act| self.day(act.date)).max();
        let cures = self.undertaking.sort != UndertakingSort::Abstain;
        let uncured: Vec<&Act> = breaches
            .iter()
            .filter(|act| !(cures && shown.is_some_and(|day| day > self.day(act.date))))
            .collect();
        if self.breached(&uncured, &denials, made) {
            return;
        }
        if performed.is_empty() && !self.failed.is_empty() {
            return self.condition_failed(made);
        }
        let unanswered: Vec<&Act> = allegations
            .iter()
            .filter(|act| shown.is_none_or(|day| day < self.day(act.date)))
            .collect();
        if self.alleged(&unanswered, &denials, &claims, made) {
            return;
        }
        self.shown(&performed, &claims, end, made);
    }

    /// Rule 5.
    fn breached(&self, breaches: &[&Act], denials: &[&Act], made: &mut PartyAnswer) -> bool {
        let Some(first) = breaches.first() else {
            return false;
        };
        let answered = |act: &Act| denials.iter().any(|denial| denial.of.contains(&act.id));
        made.standing = if breaches.iter().all(|act| answered(act)) {
            Standing::Contested
        } else {
            Standing::Breached
        };
        let first = breaches.iter().find(|act| !answered(act)).unwrap_or(first);
        made.because.push(Reason {
            rule: 5,
            act: Some(first.id.clone()),
            words: format!("{}: {}", show(first.date), first.what),
        });
        made.because.extend(
            denials
                .iter()
                .filter(|denial| breaches.iter().any(|act| denial.of.contains(&act.id)))
                .map(|denial| Reason {
                    rule: 5,
                    act: Some(denial.id.clone()),
                    words: format!("{} denies it: {}", self.name(), denial.what),
                }),
        );
        true
    }

    /// Rule 4.
    fn condition_failed(&self, made: &mut PartyAnswer) {
        made.standing = Standing::NotKnown;
        for other in self.failed {
            made.because.push(Reason {
                rule: 4,
                act: None,
                words: format!(
                    "it depends on `{}` ({}), which no longer binds",
                    other.id, other.title
                ),
            });
        }
        made.missing.push(format!(
            "Does {} still hold itself bound, now that what it depends on has ended?",
            self.name()
        ));
    }

    /// Rule 6.
    fn alleged(
        &self,
        allegations: &[&Act],
        denials: &[&Act],
        claims: &[&Act],
        made: &mut PartyAnswer,
    ) -> bool {
        let Some(latest) = allegations.last() else {
            return false;
        };
        // Something to be done that is overdue anyway is not less so for being alleged to be.
        if self.undertaking.sort == UndertakingSort::Do
            && denials.is_empty()
            && claims.is_empty()
            && matches!(self.undertaking.due, Due::By(due) if self.day(due) < self.on)
        {
            return false;
        }
        let own_claims = claims
            .iter()
            .filter(|act| act.tellers().iter().any(|each| each == self.party));
        let contrary: Vec<&&Act> = denials.iter().chain(own_claims).collect();
        made.because.push(Reason {
            rule: 6,
            act: Some(latest.id.clone()),
            words: format!(
                "{} says that it was broken: {}",
                latest
                    .tellers()
                    .iter()
                    .map(|each| (self.places)(each))
                    .collect::<Vec<_>>()
                    .join(", "),
                latest.what
            ),
        });
        if contrary.is_empty() {
            made.standing = Standing::NotKnown;
            made.missing.push(format!(
                "What does {} answer, and does anything but one side's word show it?",
                self.name()
            ));
        } else {
            made.standing = Standing::Contested;
            made.because.extend(contrary.last().map(|act| Reason {
                rule: 6,
                act: Some(act.id.clone()),
                words: format!("{} says otherwise: {}", self.name(), act.what),
            }));
        }
        true
    }

    /// Rule 7.
    fn shown(&self, performed: &[&Act], claims: &[&Act], end: Day, made: &mut PartyAnswer) {
        let passed = match self.undertaking.due {
            Due::By(due) => self.day(due) < self.on,
            Due::None | Due::NotPublished => false,
        };
        let mut reason = |act: Option<&&Act>, words: String| {
            made.because.push(Reason {
                rule: 7,
                act: act.map(|act| act.id.clone()),
                words,
            });
        };
        if let Some(act) = performed.last() {
            made.standing = Standing::Kept;
            return reason(Some(act), format!("{}: {}", show(act.date), act.what));
        }
        if let Some(act) = claims.last() {
            made.standing = Standing::ClaimedKept;
            return reason(
                Some(act),
                format!(
                    "{}: {}; words alone show no performance",
                    show(act.date),
                    act.what.trim_end_matches('.')
                ),
            );
        }
        match (self.undertaking.sort, passed) {
            (UndertakingSort::Do, true) => {
                made.standing = Standing::Overdue;
                if let Due::By(due) = self.undertaking.due {
                    reason(
                        None,
                        format!(
                            "it was due {}{}, and nothing that is recorded shows it done",
                            if due.first == due.last { "by " } else { "" },
                            show(due)
                        ),
                    );
                }
            }
            (UndertakingSort::Ceiling, true) => {
                made.standing = Standing::NotKnown;
                let of = self
                    .undertaking
                    .ceiling
                    .as_ref()
                    .map_or("", |ceiling| ceiling.of.as_str());
                reason(
                    None,
                    "the day has passed, and no figure is recorded".to_owned(),
                );
                made.missing.push(format!(
                    "How many {of} did {} have then, and who counted?",
                    self.name()
                ));
            }
            _ if end < self.on => {
                made.standing = Standing::NotKnown;
                reason(
                    None,
                    format!(
                        "it ended on {end}, and nothing that is recorded shows whether it was kept"
                    ),
                );
                made.missing.push(format!(
                    "Was it kept by {} to its end, and who has shown that?",
                    self.name()
                ));
            }
            _ => {
                made.standing = Standing::Open;
                let words = if self.undertaking.due == Due::NotPublished {
                    "by when it was due was not published, and nothing that is recorded speaks for or against it"
                } else {
                    "nothing is due yet, and nothing that is recorded speaks for or against it"
                };
                reason(None, words.to_owned());
            }
        }
    }

    /// Whether a finding or an allegation was closed by the day, by the side that told it or by another that is not bound.
    fn closed(&self, act: &Act, acts: &[Act]) -> bool {
        acts.iter().any(|each| {
            each.kind == ActKind::Relief
                && each.by != self.party
                && self.day(each.date) >= self.day(act.date)
                && each.effective.is_none_or(|from| self.reached(from))
                && (each.of.contains(&act.id)
                    || each.of.is_empty() && act.tellers().contains(&each.by))
        })
    }
}
