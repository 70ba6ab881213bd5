//! Strip: the same transfer under the law of every day: where its answer turns, as a picture and a table.
//!
//! [`turning_days`] takes from the law every day on which something begins, ends or is compared with; between two of them the
//! answer to the same facts cannot change, so one question on each is enough. Only the act's own day is moved: other days of the
//! transfer (a contract's, a delivery's) stay as they are. Tests that put two days together may turn on a day that is not here.

use std::collections::BTreeSet;

use maud::{Markup, html};

use catchall_assess::{Assessor, Detail, Room};
use catchall_law::{Cond, Domain, Law, Period, TestKind};
use catchall_model::{Day, Outcome, Transfer};

use super::marks;
use crate::explain::words::{self, Mood};

/// A run of days with one answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// Its first day.
    pub(crate) first: Day,
    /// Its last day.
    pub(crate) last: Day,
    /// The answer.
    pub(crate) outcome: Outcome,
    /// The provisions that decide, by id.
    pub(crate) deciding: Vec<String>,
}

/// Every day on which the law may turn, from the one to the other.
pub(crate) fn turning_days(law: &Law, from: Day, to: Day) -> Vec<Day> {
    let mut days = BTreeSet::from([from]);
    for provision in &law.provisions {
        for version in &provision.versions {
            period(&version.in_force, &mut days);
            for dispute in &version.disputed {
                period(&dispute.interval, &mut days);
            }
            condition(law, &version.when, &mut days);
        }
    }
    for rule in &law.nexus {
        condition(law, &rule.when, &mut days);
    }
    for set in &law.sets {
        for (_, held) in &set.members {
            period(held, &mut days);
        }
    }
    for entry in law.lists.iter().flat_map(|list| &list.entries) {
        for edition in &entry.editions {
            period(&edition.period, &mut days);
        }
        if let Some(when) = &entry.when {
            condition(law, when, &mut days);
        }
    }
    days.into_iter()
        .filter(|day| from <= *day && *day <= to)
        .collect()
}

fn period(period: &Period, days: &mut BTreeSet<Day>) {
    for span in period.sure.iter().chain(&period.possible) {
        days.insert(span.first);
        if span.last < Day::MAX {
            days.insert(span.last.next());
        }
    }
}

fn condition(law: &Law, cond: &Cond, days: &mut BTreeSet<Day>) {
    match cond {
        Cond::Always => {}
        Cond::Not(inner) => condition(law, inner, days),
        Cond::All(all) | Cond::Any(all) | Cond::AtLeast(_, all) => {
            for each in all {
                condition(law, each, days);
            }
        }
        Cond::Test(test) => {
            if let TestKind::Between(fact, low, high) = &test.kind
                && law.vocabulary.get(*fact).domain == Domain::Date
            {
                let mut put = |grid: i128| {
                    if let Ok(number) = i64::try_from(grid)
                        && (Day::MIN.number()..Day::MAX.number()).contains(&number)
                    {
                        days.insert(Day::from_number(number));
                    }
                };
                put(low.grid());
                put(high.grid().saturating_add(1));
            }
        }
    }
}

/// The answers of all days from the one to the other, in runs. Empty when the transfer cannot be assessed.
pub(crate) fn stretches(
    transfer: &Transfer,
    from: Day,
    to: Day,
    assessor: &Assessor,
    room: &mut Room,
) -> Vec<Stretch> {
    let days = turning_days(assessor.law(), from, to);
    let mut runs: Vec<Stretch> = Vec::new();
    let mut asked = transfer.clone();
    for (place, day) in days.iter().enumerate() {
        asked.date = Some(*day);
        let Ok(made) = assessor.assess(&asked, Detail::Brief, room) else {
            return Vec::new();
        };
        let last = days.get(place + 1).map_or(to, |next| next.previous());
        let strictest = made
            .jurisdictions
            .iter()
            .find(|each| each.outcome == made.outcome);
        let deciding = strictest
            .map(|each| each.deciding.clone())
            .unwrap_or_default();
        match runs.last_mut() {
            Some(run) if run.outcome == made.outcome && run.deciding == deciding => run.last = last,
            _ => runs.push(Stretch {
                first: *day,
                last,
                outcome: made.outcome,
                deciding,
            }),
        }
    }
    runs
}

/// Neighbours with one answer as one, whatever decides it: for the picture.
fn by_outcome(runs: &[Stretch]) -> Vec<Stretch> {
    let mut joined: Vec<Stretch> = Vec::new();
    for run in runs {
        match joined.last_mut() {
            Some(before) if before.outcome == run.outcome => before.last = run.last,
            _ => joined.push(run.clone()),
        }
    }
    joined
}

const LEFT: f64 = 20.0;
const WIDTH: f64 = 960.0;

/// The card: picture, words, table. `act` is the day of the act.
pub(crate) fn card(runs: &[Stretch], act: Option<Day>, today: Day) -> Markup {
    if runs.is_empty() {
        return html! {};
    }
    let joined = by_outcome(runs);
    html! {
        section.card aria-labelledby="h-strip" {
            header { h2 #h-strip { "The same transfer on other days" } p { (headline(&joined)) } }
            figure.pic.w64 {
                (marks::scroll("The same transfer on other days: picture", picture(&joined, act, today)))
                figcaption { "The same facts under the law of each day; only the day of the act is moved. Broken line: the day of the act. Hatched: not known, or a person must judge." }
            }
            (marks::as_table("The same transfer on other days", table(runs)))
        }
    }
}

fn headline(joined: &[Stretch]) -> String {
    match joined.len() {
        1 => "the answer is the same on every day".to_owned(),
        runs => format!(
            "the answer turns {}",
            marks::count(runs - 1, "time", "times")
        ),
    }
}

/// Days of the first turn that matters: two years before the answer first changes.
fn window(joined: &[Stretch], act: Option<Day>, today: Day) -> (Day, Day) {
    let years = |day: Day, by: i64| Day::from_number(day.number() + by * 365);
    let turn = joined.get(1).map_or(today, |run| run.first);
    let first = act.map_or(turn, |act| act.min(turn));
    let opening = joined.first().map_or(first, |run| run.first);
    let last = joined.last().map_or(today, |run| run.last);
    (years(first, -2).max(opening), last.max(first))
}

fn picture(joined: &[Stretch], act: Option<Day>, today: Day) -> Markup {
    let (from, to) = window(joined, act, today);
    let length = (to.number() - from.number()).max(1);
    #[expect(clippy::cast_precision_loss, reason = "days of a few centuries")]
    let at = |day: Day| {
        LEFT + WIDTH * ((day.number() - from.number()).clamp(0, length) as f64 / length as f64)
    };
    let shown: Vec<&Stretch> = joined.iter().filter(|run| run.last >= from).collect();
    html! {
        svg.draw viewBox="0 0 1000 128" role="img" aria-labelledby="st-t st-d" {
            title #st-t { "The answer by day" }
            desc #st-d { (description(&shown)) }
            @for run in &shown { (bar(run, at(run.first.max(from)), at(run.last.next()))) }
            path.e-edge.w15 d={ "M" (LEFT) " 84H" (LEFT + WIDTH) } {}
            @for (x, year) in ticks(from, to, &at) {
                path.e-edge.w15 d={ "M" (figure(x)) " 84v6" } {}
                text.t-xs.mid.ink2 x=(figure(x)) y="104" { (year) }
            }
            @if let Some(act) = act.filter(|act| from <= *act && *act <= to) {
                path.e-accent.w2.dash d={ "M" (figure(at(act))) " 12V90" } {}
                @let end = at(act) > LEFT + WIDTH - 120.0;
                text class=(if end { "t-s b end halo f-accent" } else { "t-s b halo f-accent" }) x=(figure(at(act) + if end { -6.0 } else { 6.0 })) y="124" { "the act, " (act) }
            }
        }
    }
}

fn description(shown: &[&Stretch]) -> String {
    let said: Vec<String> = shown
        .iter()
        .take(12)
        .map(|run| {
            format!(
                "from {} {}",
                run.first,
                words::outcome(run.outcome.word()).words
            )
        })
        .collect();
    format!("{}.", said.join(", "))
}

fn bar(run: &Stretch, from: f64, to: f64) -> Markup {
    let status = words::outcome(run.outcome.word());
    let wide = (to - from).max(1.5);
    let (ground, edge) = match status.mood {
        Mood::Go => ("s-go", "e-go"),
        Mood::Need => ("s-need", "e-need"),
        Mood::Stop => ("s-stop", "e-stop"),
        Mood::Refer => ("s-refer", "e-refer"),
        Mood::Unknown | Mood::Plain => ("s-unk", "e-unk"),
    };
    let hatch = match status.mood {
        Mood::Refer => Some("url(#h-refer)"),
        Mood::Unknown => Some("url(#h-unk)"),
        _ => None,
    };
    let letters = 7.2 * f64::from(u32::try_from(status.words.chars().count()).unwrap_or(u32::MAX));
    html! {
        rect class={ (ground) " " (edge) " w15" } x=(figure(from)) y="32" width=(figure(wide)) height="40" {}
        @if let Some(hatch) = hatch { rect class="none" x=(figure(from)) y="32" width=(figure(wide)) height="40" fill=(hatch) {} }
        @if wide > 22.0 {
            use class=(status.mood.class()) href={ "#" (status.mark) } x=(figure(from + 4.0)) y="43" width="18" height="18" {}
        }
        @if wide > letters + 34.0 { text.t-s.b.halo x=(figure(from + 27.0)) y="57" { (words::capital(&status.words)) } }
    }
}

/// At most some ten years along the axis.
fn ticks(from: Day, to: Day, at: &dyn Fn(Day) -> f64) -> Vec<(f64, i32)> {
    let year = |day: Day| {
        day.to_string()
            .get(..4)
            .and_then(|year| year.parse::<i32>().ok())
            .unwrap_or_default()
    };
    let (first, last) = (year(from), year(to));
    let step = [1, 2, 5, 10, 20, 50]
        .into_iter()
        .find(|step| (last - first) / step <= 12)
        .unwrap_or(100);
    (first + 1..=last)
        .filter(|year| year % step == 0)
        .filter_map(|year| Day::from_ymd(year, 1, 1).map(|day| (at(day), year)))
        .collect()
}

/// A length with at most one decimal.
pub(crate) fn figure(number: f64) -> String {
    let shown = format!("{number:.1}");
    shown.strip_suffix(".0").unwrap_or(&shown).to_owned()
}

fn table(runs: &[Stretch]) -> Markup {
    html! {
        table {
            caption { "The answer by day, and the provisions that decide it" }
            thead { tr { th scope="col" { "From" } th scope="col" { "To" } th scope="col" { "Answer" } th scope="col" { "Decided by" } } }
            tbody {
                @for run in runs {
                    tr {
                        th scope="row" { @if run.first <= Day::MIN.next() { "the beginning" } @else { (run.first) } }
                        td { (run.last) }
                        td { (marks::outcome(run.outcome.word())) }
                        td {
                            @for (place, id) in run.deciding.iter().enumerate() {
                                @if place > 0 { ", " }
                                a href={ "/law/provisions/" (id) "?as_of=" (run.first) } { code { (id) } }
                            }
                            @if run.deciding.is_empty() { span.muted { "no provision applies" } }
                        }
                    }
                }
            }
        }
    }
}
