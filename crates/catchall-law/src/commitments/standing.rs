//! Standing: how an undertaking stands on a day, by rules that are few and written down here.
//!
//! What is recorded is sorted by who says it. For somebody who is bound:
//!
//! | what | counts as |
//! | --- | --- |
//! | a deed or a check that shows it broken, plain to all or told by the bound side itself | breach |
//! | the bound side's own words that it was broken | breach: an admission against one's interest |
//! | a deed told by others alone, a report or a statement of others that it was broken | allegation |
//! | a denial by the bound side | denial: it is kept beside what it answers, with full rank |
//! | a check that shows it kept; a deed that shows it kept, plain to all or told by another side | performance |
//! | words of any side that it is kept; a deed that only the bound side tells | claim |
//! | an order, a promise, an intention, another reading | words: they move nothing |
//!
//! Then, in this order, the first that fits:
//!
//! 1. It was left, and the leaving has taken effect: `withdrawn` under a right to leave or once a condition has failed, else `repudiated`.
//! 2. It never came into force: `not_known`, with what would have to be asked.
//! 3. The bound side holds that it is not bound: `contested`. It was declared to stand still:
//!    `contested` where another side rejects that, else `not_known`.
//! 4. An undertaking on which it depends has ended: `not_known`, unless a breach or performance is shown.
//! 5. A breach that nobody closed: `breached`; `contested` where a denial answers it. For something to be done, and for a ceiling,
//!    performance after the breach cures it.
//! 6. An allegation that nobody closed and no later check answers: `contested` where the bound side denies it or claims to keep,
//!    else `not_known`.
//! 7. Performance: `kept`. A claim: `claimed_kept`. The day has passed: `overdue`; for a ceiling `not_known`, for want of a figure.
//!    It has ended and nothing is shown: `not_known`. Else `open`.
//!
//! Only rule 7's performance gives `kept`, and no words are performance: declared policy is never evidence of it. An act counts
//! from its day on, a correction or a retraction too, so what is added later changes no earlier day. Where a day is known only as
//! lying between two others the rules are asked twice, with the earliest and with the latest day; where the answers differ the
//! standing is `not_known`, and both are told.

use catchall_model::{ActKind, Day, InForceOn, Shows, Standing, UndertakingSort};

use super::{Act, Due, Record, Undertaking, When};

/// How an undertaking stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Of all who are bound, the gravest.
    pub standing: Standing,
    /// Whether it binds.
    pub in_force: InForceOn,
    /// Of each who is bound, in the order of the undertaking.
    pub parties: Vec<PartyAnswer>,
}

/// How it stands with one who is bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyAnswer {
    /// Who.
    pub party: String,
    /// How it stands.
    pub standing: Standing,
    /// Whether it binds.
    pub in_force: InForceOn,
    /// What it may be, where the record does not settle it.
    pub possible: Vec<Standing>,
    /// Why.
    pub because: Vec<Reason>,
    /// What to ask.
    pub missing: Vec<String>,
}

/// Why something stands so: a rule, with the act that it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The rule, by its number above; 0 for what is noted and moves nothing.
    pub rule: u8,
    /// The act.
    pub act: Option<String>,
    /// In words.
    pub words: String,
}

impl Record {
    /// How an undertaking stands at the end of a day, as recorded by a day.
    ///
    /// Acts after that day, and acts recorded later, change nothing.
    pub fn standing(
        &self,
        undertaking: &Undertaking,
        on: Day,
        known_by: Option<Day>,
        places: &dyn Fn(&str) -> String,
    ) -> Answer {
        let mut path = Vec::new();
        self.answer(undertaking, on, known_by, places, &mut path)
    }

    fn answer<'a>(
        &'a self,
        undertaking: &'a Undertaking,
        on: Day,
        known_by: Option<Day>,
        places: &dyn Fn(&str) -> String,
        path: &mut Vec<&'a str>,
    ) -> Answer {
        path.push(&undertaking.id);
        let mut failed = Vec::new();
        for need in &undertaking.needs {
            if let Some(other) = self.undertaking(need)
                && !path.contains(&other.id.as_str())
            {
                let other_answer = self.answer(other, on, known_by, places, path);
                let gone = matches!(
                    other_answer.standing,
                    Standing::Withdrawn | Standing::Repudiated
                ) || other_answer.in_force == InForceOn::Ended;
                if gone {
                    failed.push(other);
                }
            }
        }
        path.pop();
        let mut acts: Vec<&Act> = self
            .acts_of(undertaking)
            .filter(|act| known(act.recorded, known_by))
            .collect();
        acts.dedup();
        let parties: Vec<PartyAnswer> = undertaking
            .by
            .iter()
            .map(|party| {
                let asked = |early| {
                    let view = View {
                        undertaking,
                        party,
                        on,
                        early,
                        failed: &failed,
                        places,
                    };
                    view.answer(&acts)
                };
                join(asked(false), asked(true))
            })
            .collect();
        let standing = parties.iter().map(|each| each.standing).max();
        let in_force = common(parties.iter().map(|each| each.in_force));
        Answer {
            standing: standing.unwrap_or(Standing::NotKnown),
            in_force,
            parties,
        }
    }
}

fn known(recorded: Option<Day>, known_by: Option<Day>) -> bool {
    match (recorded, known_by) {
        (Some(recorded), Some(known_by)) => recorded <= known_by,
        _ => true,
    }
}

/// One word where all say the same; for the end of one, the end of the whole.
fn common(all: impl Iterator<Item = InForceOn>) -> InForceOn {
    let mut found: Vec<InForceOn> = all.collect();
    found.sort();
    found.dedup();
    match found.as_slice() {
        [one] => *one,
        several if several.contains(&InForceOn::Yes) => InForceOn::Yes,
        _ => InForceOn::NotKnown,
    }
}

/// The answers with the latest and with the earliest days, as one.
fn join(late: PartyAnswer, early: PartyAnswer) -> PartyAnswer {
    if late.standing == early.standing {
        let in_force = if late.in_force == early.in_force {
            late.in_force
        } else {
            InForceOn::NotKnown
        };
        return PartyAnswer { in_force, ..late };
    }
    let mut possible = vec![late.standing, early.standing];
    possible.extend(&late.possible);
    possible.extend(&early.possible);
    possible.retain(|each| *each != Standing::NotKnown);
    possible.sort();
    possible.dedup();
    let mut because = late.because;
    because.extend(early.because);
    because.dedup();
    let mut missing = late.missing;
    missing.extend(early.missing);
    missing.push("On which day exactly? Only the days between which it lies are recorded, and they lie on both sides of the day asked.".to_owned());
    missing.dedup();
    PartyAnswer {
        party: late.party,
        standing: Standing::NotKnown,
        in_force: if late.in_force == early.in_force {
            late.in_force
        } else {
            InForceOn::NotKnown
        },
        possible,
        because,
        missing,
    }
}

/// What an act counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Count {
    Breach,
    Allegation,
    Denial,
    Performance,
    Claim,
    Words,
}

/// One question: this undertaking, this party, this day, with days read as late or as early as they can be.
struct View<'a> {
    undertaking: &'a Undertaking,
    party: &'a str,
    on: Day,
    early: bool,
    failed: &'a [&'a Undertaking],
    places: &'a dyn Fn(&str) -> String,
}

impl View<'_> {
    fn day(&self, when: When) -> Day {
        if self.early { when.first } else { when.last }
    }

    fn reached(&self, when: When) -> bool {
        self.day(when) <= self.on
    }

    fn name(&self) -> String {
        (self.places)(self.party)
    }

    fn answer(&self, all: &[&Act]) -> PartyAnswer {
        let acts: Vec<Act> = self.corrected(all);
        let mut made = PartyAnswer {
            party: self.party.to_owned(),
            standing: Standing::Open,
            in_force: InForceOn::Yes,
            possible: Vec::new(),
            because: Vec::new(),
            missing: Vec::new(),
        };
        let end = self.end(&acts, &mut made);
        self.binds(end, &mut made);
        if self.left(&acts, end, &mut made) {
            return made;
        }
        if !self.undertaking.in_effect {
            made.standing = Standing::NotKnown;
            made.because.push(Reason {
                rule: 2,
                act: None,
                words: format!(
                    "it never came into force ({}), so nobody is bound by it",
                    self.undertaking.force.word().replace('_', " ")
                ),
            });
            made.missing.extend(self.undertaking.asks.iter().cloned());
            return made;
        }
        if !self.reached(self.undertaking.from) {
            made.because.push(Reason {
                rule: 7,
                act: None,
                words: format!("it has not begun on {}", self.on),
            });
            return made;
        }
        if self.stands_still(&acts, &mut made) {
            return made;
        }
        self.weigh(&acts, end, &mut made);
        made.missing.extend(
            self.undertaking
                .asks
                .iter()
                .filter(|_| made.standing == Standing::NotKnown)
                .cloned(),
        );
        made
    }

    /// The acts of the day, as corrected by then, without those taken back by then.
    fn corrected(&self, all: &[&Act]) -> Vec<Act> {
        let past: Vec<&Act> = all
            .iter()
            .copied()
            .filter(|act| self.reached(act.date))
            .collect();
        let told_by_same = |later: &Act, first: &Act| {
            later
                .tellers()
                .iter()
                .any(|teller| first.tellers().contains(teller))
        };
        let mut found = Vec::new();
        for act in &past {
            if matches!(act.kind, ActKind::Correction | ActKind::Retraction) {
                continue;
            }
            let mut act = (*act).clone();
            let mut gone = false;
            for later in &past {
                let ours = later.of.contains(&act.id) && told_by_same(later, &act);
                match later.kind {
                    ActKind::Retraction if ours => gone = true,
                    ActKind::Correction if ours => {
                        act.shows = later.shows.or(act.shows);
                        act.value = later.value.or(act.value);
                    }
                    _ => {}
                }
            }
            if !gone {
                found.push(act);
            }
        }
        found
    }

    /// The first day on which it is left, with the act: by the one asked about, or, where two are bound, by the other.
    fn end<'b>(&self, acts: &'b [Act], made: &mut PartyAnswer) -> Option<(Day, &'b Act)> {
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
    fn binds(&self, end: Option<(Day, &Act)>, made: &mut PartyAnswer) {
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
    fn left(&self, acts: &[Act], end: Option<(Day, &Act)>, made: &mut PartyAnswer) -> bool {
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
        let mut made = PartyAnswer {
            party: self.party.to_owned(),
            standing: Standing::Open,
            in_force: InForceOn::Yes,
            possible: Vec::new(),
            because: Vec::new(),
            missing: Vec::new(),
        };
        let past: Vec<&Act> = acts.iter().filter(|act| view.reached(act.date)).collect();
        let past = view.corrected(&past);
        view.weigh(&past, None, &mut made);
        made.standing
    }

    /// Rule 3.
    fn stands_still(&self, acts: &[Act], made: &mut PartyAnswer) -> bool {
        let not_bound = acts.iter().rev().find(|act| {
            act.by == self.party && act.kind.is_words() && act.shows == Some(Shows::NotBound)
        });
        if let Some(act) = not_bound {
            made.in_force = InForceOn::NotKnown;
            made.standing = Standing::Contested;
            made.because.push(Reason {
                rule: 3,
                act: Some(act.id.clone()),
                words: format!("{} holds that it is not bound: {}", self.name(), act.what),
            });
            return true;
        }
        let running = acts.iter().find(|act| {
            act.kind == ActKind::Suspension
                && act.by == self.party
                && act.effective.is_none_or(|from| self.reached(from))
                && act.until.is_none_or(|until| self.on <= self.day(until))
        });
        let Some(act) = running else {
            return false;
        };
        made.in_force = InForceOn::Suspended;
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
            words: format!("{} declared that performance stands still", self.name()),
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

    /// Rules 4 to 7.
    fn weigh(&self, acts: &[Act], end: Option<(Day, &Act)>, made: &mut PartyAnswer) {
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
                    act.what
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
                            "it was due by {}, and nothing that is recorded shows it done",
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
                reason(
                    None,
                    "nothing is due yet, and nothing that is recorded speaks for or against it"
                        .to_owned(),
                );
                if self.undertaking.due == Due::NotPublished {
                    made.missing.push(
                        "By which day was it to be done? The time frame was not published."
                            .to_owned(),
                    );
                }
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

    /// What an act counts as for the one asked about; `None` where it is not about them.
    fn count(&self, act: &Act, end: Day) -> Option<Count> {
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
        let shows = self.shows(act);
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
            let day = self.day(act.date);
            let within = self.day(self.undertaking.from) <= day && day <= end;
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

    /// What an act shows: what is said of it, else what its figure or its kind means for this sort of undertaking.
    fn shows(&self, act: &Act) -> Shows {
        if let Some(shows) = act.shows {
            return shows;
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

fn show(when: When) -> String {
    if when.first == when.last {
        when.first.to_string()
    } else {
        format!("between {} and {}", when.first, when.last)
    }
}
