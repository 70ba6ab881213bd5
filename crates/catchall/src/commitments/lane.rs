//! Lanes for a terminal: what was said above the line, what was done below it, the standing between them, cut-offs as rules.

use std::fmt::Write as _;

use catchall_model::{Day, Standing};

use super::document::{ActRow, Commitment};
use crate::explain::measure::{cut, lines};

/// The letter of a standing on a lane's line.
pub(super) fn letter(standing: Standing) -> char {
    match standing {
        Standing::Kept => 'K',
        Standing::ClaimedKept => 'c',
        Standing::Open => '.',
        Standing::NotKnown => '?',
        Standing::Overdue => 'o',
        Standing::Contested => 'x',
        Standing::Breached => 'B',
        Standing::Withdrawn => 'W',
        Standing::Repudiated => 'R',
    }
}

/// A standing in words.
pub(super) fn words(standing: Standing) -> String {
    standing.word().replace('_', " ")
}

/// The head of the table of standings.
pub fn summary_head(width: usize) -> String {
    let rule = "-".repeat(width);
    format!(
        "{:<13} {:<10} UNDERTAKING, AND WHY\n{rule}\n",
        "STANDING", "DUE"
    )
}

/// One undertaking in the table.
pub fn summary_row(made: &Commitment, width: usize) -> String {
    let mut out = String::new();
    let due = made.due.as_deref().unwrap_or("");
    let words = format!("{}: {}. {}", made.undertaking, made.title, made.summary);
    let narrow = width < 70;
    let room = if narrow { width - 2 } else { width - 25 };
    let mut lines = lines(&words, room).into_iter();
    let head = format!("{:<13} {:<10}", made.standing.word(), cut(due, 10));
    if narrow {
        let _ = writeln!(out, "{}", head.trim_end());
    } else {
        let first = lines.next().unwrap_or_default();
        let _ = writeln!(out, "{head} {first}");
    }
    let indent = if narrow { 2 } else { 25 };
    for line in lines {
        let _ = writeln!(out, "{}{line}", " ".repeat(indent));
    }
    out
}

/// One lane of `width` columns.
pub fn lane(made: &Commitment, width: usize) -> String {
    let width = width.clamp(40, 160);
    let mut out = String::new();
    let _ = writeln!(out, "{}", cut(&made.title, width));
    let whose = format!(
        "{} to {}; {}",
        made.by.join(", "),
        made.to.join(", "),
        made.cite
    );
    for line in lines(&whose, width - 2) {
        let _ = writeln!(out, "  {line}");
    }
    for line in lines(&made.summary, width - 2) {
        let _ = writeln!(out, "  {line}");
    }
    out.push('\n');
    if let Some(axis) = Axis::of(made, width - 8) {
        axis.draw(made, &mut out);
    }
    acts(made, width, &mut out);
    missing(made, width, &mut out);
    out
}

fn acts(made: &Commitment, width: usize, out: &mut String) {
    for (number, act) in (1..).zip(&made.acts) {
        let later = if act.later {
            " (later than the day asked)"
        } else {
            ""
        };
        let told = if act.one_side {
            format!(", told by {}", act.said_by.join(", "))
        } else {
            String::new()
        };
        let who = if act.who.is_empty() {
            &act.name
        } else {
            &act.who
        };
        let shows = act.shows.map_or(String::new(), |shows| {
            format!(" [{}]", shows.word().replace('_', " "))
        });
        let source = if act.cite.is_empty() {
            &act.source
        } else {
            &act.cite
        };
        let text = format!(
            "{} {} ({}{told}): {who}: {}{shows}{later} <{source}>",
            act.date, act.kind, act.side, act.what
        );
        for (place, line) in lines(&text, width - 6).into_iter().enumerate() {
            let head = if place == 0 {
                format!("{number:>4}")
            } else {
                "    ".to_owned()
            };
            let _ = writeln!(out, "{head}  {line}");
        }
    }
}

fn missing(made: &Commitment, width: usize, out: &mut String) {
    for party in &made.parties {
        for question in &party.missing {
            for (place, line) in lines(&format!("ask: {question}"), width - 6)
                .into_iter()
                .enumerate()
            {
                let pad = if place == 0 { "   ?" } else { "    " };
                let _ = writeln!(out, "{pad}  {line}");
            }
        }
    }
}

/// Days to columns.
pub(super) struct Axis {
    first: Day,
    last: Day,
    columns: usize,
}

impl Axis {
    /// From the undertaking's first day to the last of its history.
    fn of(made: &Commitment, columns: usize) -> Option<Axis> {
        let (first, last) = span(made)?;
        Some(Axis {
            first,
            last,
            columns,
        })
    }

    fn column(&self, day: Day) -> usize {
        let whole = (self.last.number() - self.first.number()).max(1);
        let part = (day.number() - self.first.number()).clamp(0, whole);
        let columns = i64::try_from(self.columns.saturating_sub(1)).unwrap_or(0);
        usize::try_from(part * columns / whole).unwrap_or(0)
    }

    fn draw(&self, made: &Commitment, out: &mut String) {
        let mut bar = vec![' '; self.columns];
        for row in &made.history {
            let (from, to) = (self.column(row.from), self.column(row.to));
            for cell in bar.iter_mut().take(to + 1).skip(from) {
                *cell = letter(row.standing);
            }
        }
        let due = made.due.as_deref().and_then(|due| Day::parse(due).ok());
        if let Some(due) = due.filter(|due| *due >= self.first && *due <= self.last)
            && let Some(cell) = bar.get_mut(self.column(due))
        {
            *cell = '|';
        }
        self.marks(made, "said", out);
        let _ = writeln!(out, "        {}", bar.iter().collect::<String>());
        self.marks(made, "done", out);
        let dates = format!(
            "{}{}{}",
            self.first,
            " ".repeat(self.columns.saturating_sub(20)),
            self.last
        );
        let _ = writeln!(out, "        {dates}");
        let mut key: Vec<String> = Vec::new();
        for row in &made.history {
            let word = format!("{} {}", letter(row.standing), words(row.standing));
            if !key.contains(&word) {
                key.push(word);
            }
        }
        if due.is_some() {
            key.push("| due".to_owned());
        }
        let _ = writeln!(out, "        {}\n", key.join("   "));
    }

    /// Numbers of acts above their days; those that fall together stand in further lines.
    fn marks(&self, made: &Commitment, side: &str, out: &mut String) {
        let mut lines: Vec<Vec<char>> = Vec::new();
        for (number, act) in (1usize..).zip(&made.acts) {
            if act.side != side {
                continue;
            }
            let text: Vec<char> = number.to_string().chars().collect();
            let at = self
                .column(act.first)
                .min(self.columns.saturating_sub(text.len()));
            let free = |line: &Vec<char>| {
                let from = at.saturating_sub(1);
                line.iter()
                    .skip(from)
                    .take(text.len() + 2)
                    .all(|cell| *cell == ' ')
            };
            let place = lines.iter().position(free).unwrap_or_else(|| {
                lines.push(vec![' '; self.columns]);
                lines.len() - 1
            });
            if let Some(line) = lines.get_mut(place) {
                for (offset, digit) in text.iter().enumerate() {
                    if let Some(cell) = line.get_mut(at + offset) {
                        *cell = *digit;
                    }
                }
            }
        }
        if side == "said" {
            lines.reverse();
        }
        for (place, line) in lines.iter().enumerate() {
            let label = if place == 0 { side } else { "" };
            let text: String = line.iter().collect();
            let _ = writeln!(out, "  {label:<5} {}", text.trim_end());
        }
    }
}

/// The days that a lane shows.
pub(super) fn span(made: &Commitment) -> Option<(Day, Day)> {
    let first = made.history.first()?.from;
    let last = made.history.last()?.to;
    let early = made.acts.iter().map(|act: &ActRow| act.first).min();
    Some((early.map_or(first, |early| early.min(first)), last))
}

/// States against undertakings.
pub fn matrix(all: &[Commitment], width: usize) -> String {
    let mut states: Vec<(&str, &str)> = all
        .iter()
        .flat_map(|made| &made.parties)
        .map(|party| (party.party.as_str(), party.name.as_str()))
        .collect();
    states.sort_unstable();
    states.dedup();
    let mut out = String::new();
    for (code, name) in states {
        let _ = writeln!(out, "{name}");
        for made in all {
            let Some(own) = made.parties.iter().find(|party| party.party == code) else {
                continue;
            };
            let text = format!("{}: {}", made.undertaking, made.title);
            let _ = writeln!(
                out,
                "  {:<13} {}",
                own.standing.word(),
                cut(&text, width.saturating_sub(16).max(20))
            );
        }
    }
    out
}
