//! Clock: how many working days a case has used, and when it stood still.
//!
//! A day counts when somebody works on it, when it lies before the day that is asked about, and when no request that
//! stops the clock was open at its beginning. So a request that is asked and answered on one day costs nothing.
//! Days are handed in; nothing here asks what day it is.

use catchall_model::Day;
use serde::Serialize;

use super::calendar::Calendar;

/// One stretch of a case's time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stretch {
    /// First day.
    pub from: Day,
    /// The day on which the next stretch begins, or that was asked about.
    pub to: Day,
    /// Working days that count.
    pub counts: u32,
    /// Numbers of the requests for which the clock stood still; empty while it ran.
    pub waiting_for: Vec<u32>,
}

/// A stop of the clock: from the day on which a request went out to the day of its answer, if there was one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The request.
    pub request: u32,
    /// When it went out.
    pub from: Day,
    /// When it was answered or closed.
    pub to: Option<Day>,
}

/// A clock read on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reading {
    /// Working days used.
    pub used: u32,
    /// Working days that it should take.
    pub target: u32,
    /// Whether it stands still.
    pub paused: bool,
    /// Whether more was used than it should take.
    pub late: bool,
    /// The stretches, in order.
    pub stretches: Vec<Stretch>,
}

/// Reads the clock of a case that was opened on `opened`, was closed on `closed` if it was, on the day `on`.
pub fn read(
    opened: Day,
    closed: Option<Day>,
    pauses: &[Pause],
    target: u32,
    on: Day,
    calendar: &Calendar,
) -> Reading {
    let end = closed.map_or(on, |closed| closed.min(on));
    let mut edges: Vec<Day> = vec![opened, end];
    for pause in pauses {
        edges.push(pause.from);
        edges.extend(pause.to);
    }
    edges.retain(|day| (opened..=end.max(opened)).contains(day));
    edges.sort_unstable();
    edges.dedup();
    let mut stretches: Vec<Stretch> = Vec::new();
    for pair in edges.windows(2) {
        let [from, to] = *pair else { continue };
        let waiting_for: Vec<u32> = pauses
            .iter()
            .filter(|pause| pause.from <= from && pause.to.is_none_or(|answered| answered > from))
            .map(|pause| pause.request)
            .collect();
        let counts = if waiting_for.is_empty() {
            calendar.between(from, to)
        } else {
            0
        };
        match stretches.last_mut() {
            Some(last) if last.waiting_for == waiting_for => {
                last.to = to;
                last.counts += counts;
            }
            _ => stretches.push(Stretch {
                from,
                to,
                counts,
                waiting_for,
            }),
        }
    }
    let used = stretches.iter().map(|stretch| stretch.counts).sum();
    let paused = closed.is_none() && pauses.iter().any(|pause| pause.to.is_none());
    Reading {
        used,
        target,
        paused,
        late: used > target,
        stretches,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn weekdays() -> Calendar {
        Calendar::read("weekly = [\"saturday\", \"sunday\"]").unwrap()
    }

    fn pause(request: u32, from: &str, to: Option<&str>) -> Pause {
        Pause {
            request,
            from: day(from),
            to: to.map(day),
        }
    }

    #[test]
    fn the_case_of_the_drawing_has_used_four_days_of_five() {
        let pauses = [
            pause(1, "2026-11-11", Some("2026-11-16")),
            pause(2, "2026-11-17", Some("2026-11-19")),
        ];
        let reading = read(
            day("2026-11-09"),
            None,
            &pauses,
            5,
            day("2026-11-20"),
            &weekdays(),
        );
        assert_eq!(
            (reading.used, reading.paused, reading.late),
            (4, false, false)
        );
        let told: Vec<(String, u32, bool)> = reading
            .stretches
            .iter()
            .map(|each| {
                (
                    each.from.to_string(),
                    each.counts,
                    each.waiting_for.is_empty(),
                )
            })
            .collect();
        let expected = [
            ("2026-11-09", 2, true),
            ("2026-11-11", 0, false),
            ("2026-11-16", 1, true),
            ("2026-11-17", 0, false),
            ("2026-11-19", 1, true),
        ];
        assert_eq!(
            told,
            expected.map(|(from, counts, runs)| (from.to_owned(), counts, runs))
        );
    }

    #[test]
    fn two_requests_at_once_stop_the_clock_until_the_later_answer() {
        let pauses = [
            pause(1, "2026-11-10", Some("2026-11-12")),
            pause(2, "2026-11-11", Some("2026-11-17")),
        ];
        let reading = read(
            day("2026-11-09"),
            None,
            &pauses,
            2,
            day("2026-11-20"),
            &weekdays(),
        );
        assert_eq!(
            (reading.used, reading.late),
            (4, true),
            "9, 17, 18 and 19 November"
        );
    }

    #[test]
    fn an_open_request_stops_the_clock_for_good_and_a_closed_case_stays_where_it_was() {
        let open = [pause(1, "2026-11-10", None)];
        let reading = read(
            day("2026-11-09"),
            None,
            &open,
            10,
            day("2027-11-20"),
            &weekdays(),
        );
        assert_eq!((reading.used, reading.paused), (1, true));
        let closed = read(
            day("2026-11-09"),
            Some(day("2026-11-12")),
            &[],
            10,
            day("2027-11-20"),
            &weekdays(),
        );
        assert_eq!((closed.used, closed.paused), (3, false));
        let first = read(
            day("2026-11-09"),
            None,
            &[],
            10,
            day("2026-11-09"),
            &weekdays(),
        );
        assert_eq!((first.used, first.stretches.len()), (0, 0));
        let before = read(
            day("2026-11-09"),
            None,
            &[],
            10,
            day("2026-11-01"),
            &weekdays(),
        );
        assert_eq!(before.used, 0);
    }
}
