//! History: the stretches of days over which a standing stays the same, for a lane and for "since when".

use catchall_model::{Day, InForceOn, Standing};

use super::{Act, Due, Record, Undertaking, When};

/// Days over which everything stays the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The first of them.
    pub first: Day,
    /// The last of them.
    pub last: Day,
    /// How it stands.
    pub standing: Standing,
    /// Whether it binds.
    pub in_force: InForceOn,
}

impl Record {
    /// How an undertaking stood from its first day to `last`, for one who is bound or for all; neighbours differ.
    pub fn history(
        &self,
        undertaking: &Undertaking,
        party: Option<&str>,
        last: Day,
        known_by: Option<Day>,
    ) -> Vec<Stretch> {
        let mut found: Vec<Stretch> = Vec::new();
        let days = self.turning_days(undertaking, last);
        for (place, day) in days.iter().enumerate() {
            let answer = self.standing(undertaking, *day, known_by, &str::to_owned);
            let own =
                party.and_then(|party| answer.parties.iter().find(|each| each.party == party));
            let (standing, in_force) = own.map_or((answer.standing, answer.in_force), |own| {
                (own.standing, own.in_force)
            });
            let end = days.get(place + 1).map_or(last, |next| next.previous());
            match found.last_mut() {
                Some(before) if before.standing == standing && before.in_force == in_force => {
                    before.last = end;
                }
                _ => found.push(Stretch {
                    first: *day,
                    last: end,
                    standing,
                    in_force,
                }),
            }
        }
        found
    }

    /// The first day and every later one on which something can change, up to `last`.
    fn turning_days(&self, undertaking: &Undertaking, last: Day) -> Vec<Day> {
        let mut days = Vec::new();
        let start = undertaking.from.first;
        self.gather_days(undertaking, &mut days, &mut Vec::new());
        days.push(start);
        days.retain(|day| *day >= start && *day <= last);
        days.sort_unstable();
        days.dedup();
        days
    }

    fn gather_days<'a>(
        &'a self,
        undertaking: &'a Undertaking,
        days: &mut Vec<Day>,
        seen: &mut Vec<&'a str>,
    ) {
        if seen.contains(&undertaking.id.as_str()) {
            return;
        }
        seen.push(&undertaking.id);
        let mut both = |when: When| {
            days.extend([when.first, when.last, when.first.next(), when.last.next()]);
        };
        both(undertaking.from);
        both(undertaking.until);
        if let Due::By(due) = undertaking.due {
            both(due);
        }
        let notice = undertaking
            .leave
            .as_ref()
            .map_or(0, |leave| leave.notice_months);
        for act in self.acts_of(undertaking) {
            let Act {
                date,
                effective,
                until,
                ..
            } = act;
            both(*date);
            effective.map(&mut both);
            until.map(&mut both);
            both(When {
                first: date.first.plus_months(notice),
                last: date.last.plus_months(notice),
            });
        }
        for need in &undertaking.needs {
            if let Some(other) = self.undertaking(need) {
                self.gather_days(other, days, seen);
            }
        }
    }
}
