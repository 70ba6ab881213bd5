//! Lanes: undertakings on one line of time. What was said stands above each bar, what was done below it; the bar is the standing on
//! each day; cut-offs are rules; what lies behind the day asked stands on a shade and counts for nothing.
//!
//! A picture only: everything in it stands in the tables of the screen too, by the same numbers. To add a mark: a shape in [`mark`] and
//! its word in [`keyline`].

use catchall_model::{ActKind, Day, Standing};
use maud::{Markup, html};

use super::marks;
use super::strip::figure;
use crate::commitments::Commitment;
use crate::commitments::picture::{Placed, placed};
use crate::explain::measure::{Face, units, wrap};
use crate::explain::words::{Mood, Status};

const WIDE: f64 = 1300.0;
const LEFT: f64 = 252.0;
const RIGHT: f64 = 12.0;
/// Heights: of the line of years, of a row of marks, of the bar.
const HEAD: f64 = 38.0;
const ROW: f64 = 24.0;
const BAR: f64 = 22.0;

/// A standing as a status: shape, word, colour.
pub(crate) fn status(standing: Standing) -> Status {
    let (mark, mood) = match standing {
        Standing::Kept => ("k-kept", Mood::Go),
        Standing::ClaimedKept => ("k-claimed", Mood::Go),
        Standing::Open => ("k-open", Mood::Plain),
        Standing::Overdue => ("k-overdue", Mood::Need),
        Standing::Contested => ("k-contested", Mood::Refer),
        Standing::Breached => ("k-breached", Mood::Stop),
        Standing::Withdrawn => ("k-withdrawn", Mood::Need),
        Standing::Repudiated => ("k-repudiated", Mood::Stop),
        Standing::NotKnown => ("m-nk", Mood::Unknown),
    };
    Status {
        words: standing.word().replace('_', " "),
        mood,
        mark,
    }
}

/// Classes of a bar: ground and edge.
fn ground(mood: Mood) -> &'static str {
    match mood {
        Mood::Go => "s-go e-go w15",
        Mood::Need => "s-need e-need w15",
        Mood::Stop => "s-stop e-stop w15",
        Mood::Refer => "s-refer e-refer w15",
        Mood::Unknown => "s-unk e-unk w15 dash",
        _ => "s-surf e-edge w15",
    }
}

fn ink(mood: Mood) -> &'static str {
    match mood {
        Mood::Go => "f-go",
        Mood::Need => "f-need",
        Mood::Stop => "f-stop",
        Mood::Refer => "f-refer",
        Mood::Unknown => "f-unk",
        _ => "f-ink2",
    }
}

/// What the marks mean.
pub(crate) fn keyline(seen: &[Standing]) -> Markup {
    html! {
        ul.keyline {
            li { svg viewBox="0 0 24 24" aria-hidden="true" { path.s-surf.e-accent.w2 d="M3 3h18v14h-8l-4 4v-4H3z" {} } "said" }
            li { svg viewBox="0 0 24 24" aria-hidden="true" { path.s-stop.e-stop.w2.dash d="M3 3h18v14h-8l-4 4v-4H3z" {} } "denied, left" }
            li { svg viewBox="0 0 24 24" aria-hidden="true" { rect.f-ink2 x="3" y="3" width="18" height="18" {} } "done" }
            li { svg viewBox="0 0 24 24" aria-hidden="true" { rect.s-surf.e-ink.w2.dash x="3" y="3" width="18" height="18" {} } "reported by one side" }
            li { svg viewBox="0 0 24 24" aria-hidden="true" { path.e-ink.w3 d="M12 2v20" {} } "cut-off" }
            li { "bar: standing on each day " @for each in seen { (marks::status(&status(*each))) } }
        }
    }
}

/// Days to places.
struct Axis {
    first: Day,
    last: Day,
}

fn float(number: i64) -> f64 {
    f64::from(i32::try_from(number).unwrap_or(i32::MAX))
}

impl Axis {
    /// From the first day of any to the last; a year at least.
    fn of(all: &[Commitment]) -> Option<Axis> {
        let days = |made: &Commitment| {
            let first = made.history.first()?.from;
            let last = made.history.last()?.to;
            let early = made.acts.iter().map(|act| act.first).min();
            Some((early.map_or(first, |early| early.min(first)), last))
        };
        let spans: Vec<(Day, Day)> = all.iter().filter_map(days).collect();
        let first = spans.iter().map(|span| span.0).min()?;
        let last = spans.iter().map(|span| span.1).max()?;
        Some(Axis {
            first,
            last: last.max(first.plus_months(12)),
        })
    }

    fn x(&self, day: Day) -> f64 {
        let whole = float((self.last.number() - self.first.number()).max(1));
        let part = float(day.number() - self.first.number()).clamp(0.0, whole);
        LEFT + 12.0 + (WIDE - LEFT - RIGHT - 24.0) * part / whole
    }

    /// First days of years, not closer than their words are wide.
    fn years(&self) -> Vec<(f64, String)> {
        let year = |day: Day| {
            let text = day.to_string();
            text.get(..4).unwrap_or_default().parse::<i64>().ok()
        };
        let (Some(from), Some(to)) = (year(self.first), year(self.last)) else {
            return Vec::new();
        };
        let step = [1, 2, 5, 10, 20, 50]
            .into_iter()
            .find(|step| (to - from) / step <= 18)
            .unwrap_or(100);
        (from..=to)
            .filter(|year| year % step == 0)
            .filter_map(|year| {
                let day = Day::parse(&format!("{year:04}-01-01")).ok()?;
                (day >= self.first && day <= self.last).then(|| (self.x(day), year.to_string()))
            })
            .collect()
    }
}

fn rows(count: usize) -> f64 {
    ROW * f64::from(u32::try_from(count).unwrap_or(0))
}

/// The letter of a lane.
pub(crate) fn letter(place: usize) -> String {
    let letters = ('A'..='Z').nth(place % 26).unwrap_or('A');
    if place < 26 {
        letters.to_string()
    } else {
        format!("{letters}{}", place / 26 + 1)
    }
}

/// The picture of all lanes, one below the other. Numbers of acts run on from lane to lane.
pub(crate) fn picture(all: &[Commitment]) -> Markup {
    let Some(axis) = Axis::of(all) else {
        return html! {};
    };
    let mut y = HEAD;
    let mut numbers = 1;
    let mut lanes = Vec::new();
    for (place, made) in all.iter().enumerate() {
        let (markup, tall) = lane(made, place, numbers, &axis, y);
        lanes.push(markup);
        y += tall;
        numbers += made.acts.len();
    }
    let on = all.first().map(|made| made.asked.on);
    let past = on.filter(|on| *on < axis.last);
    let label = past.map(|on| format!("as of {}", marks::day(on)));
    let words = "What was undertaken and what was done";
    html! {
        svg.draw viewBox={ "0 0 " (figure(WIDE)) " " (figure(y + 26.0)) } role="img" aria-labelledby="lanes-t lanes-d" {
            title #lanes-t { (words) }
            desc #lanes-d { @for (place, made) in all.iter().enumerate() { (letter(place)) ": " (marks::plain(&told(made))) " " } }
            @if let Some(on) = past {
                @let x = axis.x(on);
                rect.s-sunk x=(figure(x)) y="10" width=(figure(WIDE - RIGHT - x)) height=(figure(y - 10.0)) {}
            }
            @for (x, year) in axis.years() {
                path.e-rule.w1 d={ "M" (figure(x)) " 28V" (figure(y)) } {}
                text.b.ink2 x=(figure(x + 4.0)) y="24" { (year) }
            }
            @for lane in &lanes { (lane) }
            path.e-rule.w1 d={ "M0 " (figure(y)) "H" (figure(WIDE)) } {}
            @if let (Some(on), Some(label)) = (past, label) {
                @let x = axis.x(on);
                @let wide = units(&label, 12.0, Face::Bold) + 14.0;
                @let left = (x - wide / 2.0).clamp(0.0, WIDE - wide);
                path.e-accent.w2.dash d={ "M" (figure(x)) " 10V" (figure(y)) } {}
                rect.f-accent x=(figure(left)) y=(figure(y + 2.0)) width=(figure(wide)) height="20" rx="3" {}
                text.t-xs.b.mid.acc-ink x=(figure(left + wide / 2.0)) y=(figure(y + 16.0)) { (label) }
            }
        }
    }
}

/// A lane in words.
fn told(made: &Commitment) -> String {
    let runs: Vec<String> = made
        .history
        .iter()
        .map(|row| {
            format!(
                "{} from {} to {}",
                row.standing.word().replace('_', " "),
                row.from,
                row.to
            )
        })
        .collect();
    format!("{}: {}.", made.title, runs.join(", "))
}

fn lane(made: &Commitment, place: usize, numbers: usize, axis: &Axis, top: f64) -> (Markup, f64) {
    let (above, over) = placed(&made.acts, numbers, "said", 24.0, |day| axis.x(day));
    let (below, under) = placed(&made.acts, numbers, "done", 24.0, |day| axis.x(day));
    let title = wrap(&made.title, LEFT - 72.0, 13.0, Face::Bold, 4);
    let whose = format!("{} to {}", made.by.join(", "), made.to.join(", "));
    let bar = top + 14.0 + rows(over).max(8.0);
    let text_tall = 26.0 + 16.0 * f64::from(u32::try_from(title.len()).unwrap_or(0)) + 18.0;
    let tall = (bar - top + BAR + rows(under) + 14.0).max(text_tall);
    let made_of = html! {
        path.e-rule.w1 d={ "M0 " (figure(top)) "H" (figure(WIDE)) } {}
        circle.none.e-ink.w15 cx="16" cy=(figure(top + 20.0)) r="11" {}
        text.b.mid x="16" y=(figure(top + 24.5)) { (letter(place)) }
        @for (row, line) in (0_u32..).zip(&title) { text.b x="36" y=(figure(top + 24.0 + 16.0 * f64::from(row))) { (marks::plain(line)) } }
        text.t-xs.mut x="36" y=(figure(top + 26.0 + 16.0 * f64::from(u32::try_from(title.len()).unwrap_or(0)))) { (marks::plain(wrap(&whose, LEFT - 44.0, 12.0, Face::Plain, 1).first().map_or("", String::as_str))) }
        @if over > 0 { text.t-xs.mut.end x=(figure(LEFT)) y=(figure(bar - 10.0)) { "said" } }
        @if under > 0 { text.t-xs.mut.end x=(figure(LEFT)) y=(figure(bar + BAR + 18.0)) { "done" } }
        @for (day, _) in cuts(made) { @if day >= axis.first && day <= axis.last {
            path.e-ink.w2 d={ "M" (figure(axis.x(day))) " " (figure(bar - 5.0)) "V" (figure(top + tall - 4.0)) } {}
        } }
        @for row in &made.history {
            @let (from, to) = (axis.x(row.from), axis.x(row.to.next()));
            @let (wide, status) = ((to - from).max(3.0), status(row.standing));
            @let word = crate::explain::words::capital(&status.words);
            rect class=(ground(status.mood)) x=(figure(from)) y=(figure(bar)) width=(figure(wide)) height=(figure(BAR)) rx="3" { title { (word) " from " (row.from) " to " (row.to) } }
            @if wide > 20.0 { use href={ "#" (status.mark) } x=(figure(from + 4.0)) y=(figure(bar + 3.5)) width="15" height="15" class=(status.mood.class()) {} }
            @if units(&word, 12.0, Face::Bold) + 28.0 < wide { text class={ "t-xs b " (ink(status.mood)) } x=(figure(from + 23.0)) y=(figure(bar + 15.5)) { (word) } }
        }
        @for each in &above {
            @let y = bar - 8.0 - ROW * f64::from(u32::try_from(each.row).unwrap_or(0));
            path.e-edge.w1 d={ "M" (figure(each.x)) " " (figure(bar)) "V" (figure(y)) } {}
            (mark(each, y - 16.0, true))
        }
        @for each in &below {
            @let y = bar + BAR + 6.0 + ROW * f64::from(u32::try_from(each.row).unwrap_or(0));
            path.e-edge.w1 d={ "M" (figure(each.x)) " " (figure(bar + BAR)) "V" (figure(y)) } {}
            (mark(each, y, false))
        }
        @for (day, words) in cuts(made) { @if day >= axis.first && day <= axis.last {
            @let x = axis.x(day);
            @let late = x > WIDE * 0.6;
            text class=(if late { "t-xs b end halo" } else { "t-xs b halo" }) x=(figure(if late { x - 5.0 } else { x + 5.0 })) y=(figure(top + tall - 6.0)) { (words) }
        } }
    };
    (made_of, tall)
}

/// Days that cut: by when it was due, and from when an end takes effect.
fn cuts(made: &Commitment) -> Vec<(Day, String)> {
    let mut cuts = Vec::new();
    if let Some(due) = made.due.as_deref().and_then(|due| Day::parse(due).ok()) {
        cuts.push((due, format!("due {due}")));
    }
    for act in &made.acts {
        let day = act.effective.as_deref();
        if let Some(day) = day.and_then(|day| Day::parse(day).ok()) {
            cuts.push((day, format!("effective {day}")));
        }
    }
    cuts.dedup();
    cuts
}

fn mark(each: &Placed<'_>, y: f64, said: bool) -> Markup {
    let left = matches!(
        each.act.kind,
        ActKind::Denial | ActKind::Withdrawal | ActKind::Repudiation | ActKind::Suspension
    );
    let (x, number) = (each.x, each.number.to_string());
    html! {
        @if said {
            path class=(if left { "s-stop e-stop w2 dash" } else { "s-surf e-accent w15" }) d={ "M" (figure(x - 11.0)) " " (figure(y)) "h22v14h-8l-4 4v-4h-10z" } { title { (each.act.date) ": " (marks::plain(&each.act.what)) } }
            text.t-xs.b.mid x=(figure(x)) y=(figure(y + 11.5)) { (number) }
        } @else {
            rect class=(if each.act.one_side { "s-surf e-ink w15 dash" } else { "f-ink2" }) x=(figure(x - 11.0)) y=(figure(y)) width="22" height="17" rx="1" { title { (each.act.date) ": " (marks::plain(&each.act.what)) } }
            text class=(if each.act.one_side { "t-xs b mid" } else { "t-xs b mid on-fill" }) x=(figure(x)) y=(figure(y + 12.5)) { (number) }
        }
    }
}
