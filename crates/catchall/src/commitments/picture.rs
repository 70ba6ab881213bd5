//! The lanes and the matrix as a picture: one SVG document that needs nothing but itself.
//!
//! Above each bar what was said, below it what was done, the bar is the standing on each day, with its word; numbers lead to the
//! list under the lane, which says everything in text. Colour is never the only sign: bars carry words, marks have shapes.

mod cuts;

use catchall_model::{ActKind, Day, Standing};

use super::document::{ActRow, Commitment};
use super::lane::{letter, span, words};
use crate::explain::markup::Markup;
use crate::explain::measure::{Face, units, wrap};

pub(super) const STYLE: &str = include_str!("picture.css");

/// Width of the picture, of the labels before the lanes, and of the margin behind them.
const WIDE: f64 = 1200.0;
const LEFT: f64 = 250.0;
const RIGHT: f64 = 20.0;
/// Heights: of a row of marks, of the bar, of a line of text.
const MARK: f64 = 24.0;
const BAR: f64 = 24.0;
const LINE: f64 = 17.0;

/// The whole document.
pub fn picture(all: &[Commitment]) -> String {
    let mut made = Markup::new();
    let mut body = Markup::new();
    let mut y = 14.0;
    for each in all {
        y = Lane::of(each).draw(&mut body, y);
    }
    if all.len() > 1 {
        y = grid(all, &mut body, y);
    }
    made.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 ")
        .number(WIDE)
        .raw(" ")
        .number(y + 10.0)
        .raw("\" width=\"")
        .number(WIDE)
        .raw("\" height=\"")
        .number(y + 10.0)
        .raw("\" role=\"img\" aria-labelledby=\"title desc\">\n<title id=\"title\">What was undertaken and what was done</title>\n<desc id=\"desc\">");
    for each in all {
        made.letters(&said(each)).raw("\n");
    }
    made.raw("</desc>\n<style>\n")
        .raw(STYLE)
        .raw("</style>\n<rect class=\"p\" width=\"100%\" height=\"100%\"/>\n");
    made.add(body);
    made.raw("</svg>\n");
    made.finish()
}

/// A lane in words, for who does not see it.
fn said(made: &Commitment) -> String {
    let mut text = format!("{}. ", made.title);
    for row in &made.history {
        text.push_str(&format!(
            "{} from {} to {}. ",
            words(row.standing),
            row.from,
            row.to
        ));
    }
    text
}

struct Lane<'a> {
    made: &'a Commitment,
    first: Day,
    last: Day,
    above: Vec<Placed<'a>>,
    below: Vec<Placed<'a>>,
}

/// An act's mark: its number, where it stands, and in which row.
pub(crate) struct Placed<'a> {
    pub(crate) number: usize,
    pub(crate) act: &'a ActRow,
    pub(crate) x: f64,
    pub(crate) row: usize,
}

/// The marks of one side, numbered from `first` on, so far apart that none covers another; and how many rows they take.
pub(crate) fn placed<'a>(
    acts: &'a [ActRow],
    first: usize,
    side: &str,
    apart: f64,
    x: impl Fn(Day) -> f64,
) -> (Vec<Placed<'a>>, usize) {
    let mut ends: Vec<f64> = Vec::new();
    let of_side = (first..).zip(acts).filter(|(_, act)| act.side == side);
    let found = of_side
        .map(|(number, act)| {
            let x = x(act.first);
            let row = free_row(&mut ends, x, apart);
            Placed {
                number,
                act,
                x,
                row,
            }
        })
        .collect();
    (found, ends.len())
}

impl<'a> Lane<'a> {
    fn of(made: &'a Commitment) -> Lane<'a> {
        let (first, last) = span(made).unwrap_or((made.asked.on, made.asked.on));
        let mut lane = Lane {
            made,
            first,
            last,
            above: Vec::new(),
            below: Vec::new(),
        };
        lane.above = lane.side("said");
        lane.below = lane.side("done");
        lane
    }

    fn x(&self, day: Day) -> f64 {
        let number = |days: i64| f64::from(i32::try_from(days).unwrap_or(i32::MAX));
        let whole = number((self.last.number() - self.first.number()).max(1));
        let part = number(day.number() - self.first.number()).clamp(0.0, whole);
        LEFT + (WIDE - LEFT - RIGHT - 20.0) * part / whole + 10.0
    }

    fn side(&self, side: &str) -> Vec<Placed<'a>> {
        placed(&self.made.acts, 1, side, 26.0, |day| self.x(day)).0
    }

    fn draw(&self, made: &mut Markup, top: f64) -> f64 {
        let rows = |marks: &[Placed]| {
            let most = marks.iter().map(|mark| mark.row + 1).max().unwrap_or(0);
            f64::from(u32::try_from(most).unwrap_or(0)) * MARK
        };
        let mut y = self.label(made, top);
        let (above, below) = (rows(&self.above), rows(&self.below));
        let bar = y + above + 6.0;
        let foot = bar + BAR + below + 6.0;
        self.days(made, y - 4.0, bar, foot);
        for mark in &self.above {
            let row = f64::from(u32::try_from(mark.row).unwrap_or(0));
            self.mark(made, mark, bar - 6.0 - MARK * (row + 1.0), true);
        }
        for mark in &self.below {
            let row = f64::from(u32::try_from(mark.row).unwrap_or(0));
            self.mark(made, mark, bar + BAR + 4.0 + MARK * row, false);
        }
        self.bar(made, bar);
        text(
            made,
            8.0,
            bar + 16.0,
            "t b",
            words(self.made.standing).as_str(),
        );
        if above > 0.0 {
            text(made, LEFT - 8.0, bar - 12.0, "t x m end", "said");
        }
        if below > 0.0 {
            text(made, LEFT - 8.0, bar + BAR + 18.0, "t x m end", "done");
        }
        y = foot + cuts::height(&self.cuts()) + 14.0;
        text(made, LEFT + 10.0, y, "t x m", &self.first.to_string());
        text(
            made,
            WIDE - RIGHT - 10.0,
            y,
            "t x m end",
            &self.last.to_string(),
        );
        y += LINE;
        self.list(made, y)
    }

    fn label(&self, made: &mut Markup, top: f64) -> f64 {
        line(made, 0.0, top, WIDE, top, "rule");
        let mut y = top + LINE + 2.0;
        text(
            made,
            8.0,
            y,
            "t b",
            &format!("{} ({})", self.made.title, self.made.undertaking),
        );
        y += LINE;
        let whose = format!(
            "{} to {}. {}{}",
            self.made.by.join(", "),
            self.made.to.join(", "),
            self.made.cite,
            if self.made.confidence == "recalled" {
                " (recalled)"
            } else {
                ""
            }
        );
        for row in wrap(&whose, WIDE - 30.0, 11.0, Face::Plain, 2) {
            text(made, 8.0, y, "t x m", &row);
            y += 15.0;
        }
        for row in wrap(&self.made.summary, WIDE - 30.0, 13.0, Face::Plain, 3) {
            text(made, 8.0, y, "t", &row);
            y += LINE;
        }
        y + 2.0
    }

    /// What lies behind the day asked, and the days that matter as rules, each with its words in a row of its own where they would meet.
    fn days(&self, made: &mut Markup, top: f64, bar: f64, foot: f64) {
        let on = self.made.asked.on;
        let cuts = self.cuts();
        if on < self.last {
            let x = self.x(on);
            made.raw("<rect class=\"shade\" x=\"")
                .number(x)
                .raw("\" y=\"")
                .number(top)
                .raw("\" width=\"")
                .number(WIDE - RIGHT - x)
                .raw("\" height=\"")
                .number(foot + cuts::height(&cuts) - top)
                .raw("\"/>\n");
        }
        for cut in &cuts {
            let y = foot + cuts::ROW * (f64::from(cut.row) + 1.0);
            let from = if cut.asked { top } else { bar - 4.0 };
            let class = if cut.asked { "asof" } else { "cut" };
            line(made, cut.x, from, cut.x, y, class);
            text(made, cut.x - 4.0, y, "t x end", &cut.words);
        }
    }

    /// The day asked, the day by which it was due and those from which an end counts, in their order, placed so that no rule runs
    /// through another's words.
    fn cuts(&self) -> Vec<cuts::Cut> {
        let mut days: Vec<(Day, String, bool)> = Vec::new();
        let on = self.made.asked.on;
        if on < self.last {
            days.push((on, format!("as of {on}"), true));
        }
        let day = |text: &Option<String>| text.as_deref().and_then(|day| Day::parse(day).ok());
        days.extend(day(&self.made.due).map(|due| (due, format!("due {due}"), false)));
        days.extend(
            self.made
                .acts
                .iter()
                .filter_map(|act| day(&act.effective))
                .map(|day| (day, format!("effective {day}"), false)),
        );
        days.retain(|(day, _, _)| *day >= self.first && *day <= self.last);
        cuts::placed(days, |day| self.x(day))
    }

    fn bar(&self, made: &mut Markup, y: f64) {
        for row in &self.made.history {
            let (from, to) = (self.x(row.from), self.x(row.to.next()).min(WIDE - RIGHT));
            let wide = (to - from).max(3.0);
            made.raw("<rect class=\"")
                .raw(class(row.standing))
                .raw("\" stroke-width=\"1.5\" rx=\"3\" x=\"")
                .number(from)
                .raw("\" y=\"")
                .number(y)
                .raw("\" width=\"")
                .number(wide)
                .raw("\" height=\"")
                .number(BAR)
                .raw("\"><title>")
                .letters(&format!(
                    "{} from {} to {}",
                    words(row.standing),
                    row.from,
                    row.to
                ))
                .raw("</title></rect>\n");
            let word = words(row.standing);
            if units(&word, 11.0, Face::Bold) + 8.0 < wide {
                text(made, from + 5.0, y + 16.0, "t x b", &word);
            } else if wide > 14.0 {
                text(
                    made,
                    from + 4.0,
                    y + 16.0,
                    "t x b",
                    &letter(row.standing).to_string(),
                );
            }
        }
    }

    fn mark(&self, made: &mut Markup, mark: &Placed, y: f64, said: bool) {
        let shape = match mark.act.kind {
            ActKind::Denial | ActKind::Withdrawal | ActKind::Repudiation | ActKind::Suspension => {
                "deny"
            }
            _ if said => "say",
            _ if mark.act.one_side => "one",
            _ => "did",
        };
        made.raw("<rect class=\"")
            .raw(shape)
            .raw(if said { "\" rx=\"7\" x=\"" } else { "\" x=\"" })
            .number(mark.x - 10.0)
            .raw("\" y=\"")
            .number(y)
            .raw("\" width=\"20\" height=\"18\"><title>")
            .letters(&format!("{}: {}", mark.act.date, mark.act.what))
            .raw("</title></rect>\n");
        let ink = if shape == "did" {
            "t x b mid inv"
        } else {
            "t x b mid"
        };
        text(made, mark.x, y + 13.0, ink, &mark.number.to_string());
    }

    fn list(&self, made: &mut Markup, top: f64) -> f64 {
        let mut y = top + 4.0;
        for (number, act) in (1..).zip(&self.made.acts) {
            let later = if act.later {
                " (later than the day asked)"
            } else {
                ""
            };
            let who = if act.who.is_empty() {
                &act.name
            } else {
                &act.who
            };
            let words = format!("{} {}, {who}: {}{later}", act.date, act.kind, act.what);
            text(
                made,
                LEFT - 8.0,
                y,
                "t x m end",
                &format!("{number} {}", act.side),
            );
            for row in wrap(&words, WIDE - LEFT - RIGHT, 11.0, Face::Plain, 3) {
                text(made, LEFT + 2.0, y, "t x", &row);
                y += 15.0;
            }
        }
        for question in self.made.parties.iter().flat_map(|party| &party.missing) {
            text(made, LEFT - 8.0, y, "t x b end", "ask");
            for row in wrap(question, WIDE - LEFT - RIGHT, 11.0, Face::Plain, 3) {
                text(made, LEFT + 2.0, y, "t x", &row);
                y += 15.0;
            }
        }
        y + 10.0
    }
}

/// States against undertakings.
fn grid(all: &[Commitment], made: &mut Markup, top: f64) -> f64 {
    let mut states: Vec<(&str, &str)> = all
        .iter()
        .flat_map(|each| &each.parties)
        .map(|party| (party.party.as_str(), party.name.as_str()))
        .collect();
    states.sort_unstable();
    states.dedup();
    line(made, 0.0, top, WIDE, top, "rule");
    let mut y = top + LINE + 4.0;
    text(made, 8.0, y, "t b", "State and undertaking");
    let names = 420.0;
    let count = f64::from(u32::try_from(states.len().max(1)).unwrap_or(1));
    let column = ((WIDE - names - RIGHT) / count).min(150.0);
    for (place, (_, name)) in (0u32..).zip(&states) {
        let x = names + column * f64::from(place);
        for row in wrap(name, column - 6.0, 11.0, Face::Bold, 1) {
            text(made, x, y, "t x b", &row);
        }
    }
    y += 8.0;
    for each in all {
        for row in wrap(&each.title, names - 20.0, 11.0, Face::Plain, 1) {
            text(made, 8.0, y + 15.0, "t x", &row);
        }
        for (place, (code, _)) in (0u32..).zip(&states) {
            let Some(own) = each.parties.iter().find(|party| party.party == **code) else {
                continue;
            };
            let x = names + column * f64::from(place);
            made.raw("<rect class=\"")
                .raw(class(own.standing))
                .raw("\" rx=\"3\" x=\"")
                .number(x)
                .raw("\" y=\"")
                .number(y + 2.0)
                .raw("\" width=\"")
                .number(column - 4.0)
                .raw("\" height=\"19\"/>\n");
            let word = words(own.standing);
            let fits = units(&word, 11.0, Face::Bold) + 8.0 < column;
            let word = if fits {
                word
            } else {
                letter(own.standing).to_string()
            };
            text(made, x + 5.0, y + 15.0, "t x b", &word);
        }
        y += 23.0;
    }
    y + 10.0
}

fn class(standing: Standing) -> &'static str {
    standing.word()
}

fn line(made: &mut Markup, x1: f64, y1: f64, x2: f64, y2: f64, class: &'static str) {
    made.raw("<path class=\"")
        .raw(class)
        .raw("\" d=\"M")
        .number(x1)
        .raw(" ")
        .number(y1)
        .raw("L")
        .number(x2)
        .raw(" ")
        .number(y2)
        .raw("\"/>\n");
}

fn text(made: &mut Markup, x: f64, y: f64, class: &'static str, words: &str) {
    made.raw("<text class=\"")
        .raw(class)
        .raw("\" x=\"")
        .number(x)
        .raw("\" y=\"")
        .number(y)
        .raw("\">")
        .letters(words)
        .raw("</text>\n");
}

/// The first row in which a mark at `x` keeps its distance from the last one there; `ends` holds where each row ends.
fn free_row(ends: &mut Vec<f64>, x: f64, apart: f64) -> usize {
    match ends.iter().position(|end| *end + apart <= x) {
        Some(row) => {
            ends[row] = x;
            row
        }
        None => {
            ends.push(x);
            ends.len() - 1
        }
    }
}
