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

mod figures;
mod force;
mod weighed;

use catchall_model::{ActKind, Day, InForceOn, Standing};

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

impl PartyAnswer {
    /// Before anything is weighed.
    fn open(party: &str) -> PartyAnswer {
        PartyAnswer {
            party: party.to_owned(),
            standing: Standing::Open,
            in_force: InForceOn::Yes,
            possible: Vec::new(),
            because: Vec::new(),
            missing: Vec::new(),
        }
    }
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
        let mut made = PartyAnswer::open(self.party);
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
        let settled = matches!(
            made.standing,
            Standing::Kept | Standing::Breached | Standing::Withdrawn | Standing::Repudiated
        );
        if self.undertaking.due == Due::NotPublished && !settled {
            made.missing.push(
                "By which day was it to be done? The time frame was not published.".to_owned(),
            );
        }
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
}

fn show(when: When) -> String {
    if when.first == when.last {
        when.first.to_string()
    } else {
        format!("between {} and {}", when.first, when.last)
    }
}
