//! Report: figures beside their bars, as plain text and as JSON.

use serde_json::{Value, json};

/// What a figure must stay under, or reach.
#[derive(Clone, Copy, Debug)]
pub enum Bar {
    AtMost(f64),
    AtLeast(f64),
}

/// One figure.
pub struct Figure {
    id: String,
    label: String,
    value: f64,
    unit: &'static str,
    bar: Option<Bar>,
    note: String,
}

/// One part of the report.
pub struct Section {
    title: String,
    lines: Vec<Line>,
}

enum Line {
    Figure(Figure),
    Words(String),
}

/// Everything measured.
pub struct Report {
    head: Vec<(&'static str, String)>,
    sections: Vec<Section>,
    json: bool,
}

impl Report {
    pub fn new(json: bool, head: Vec<(&'static str, String)>) -> Report {
        if !json {
            println!("Catchall, measured");
            for (key, value) in &head {
                println!("  {key:<10} {value}");
            }
        }
        Report {
            head,
            sections: Vec::new(),
            json,
        }
    }

    /// Begins a part.
    pub fn section(&mut self, title: impl Into<String>) {
        let title = title.into();
        if !self.json {
            println!("\n{title}");
            println!("  {:<52} {:>14} {:>16}", "", "figure", "bar");
        }
        self.sections.push(Section {
            title,
            lines: Vec::new(),
        });
    }

    pub fn figure(
        &mut self,
        id: impl Into<String>,
        label: impl Into<String>,
        value: f64,
        unit: &'static str,
        bar: Option<Bar>,
        note: impl Into<String>,
    ) {
        let figure = Figure {
            id: id.into(),
            label: label.into(),
            value,
            unit,
            bar,
            note: note.into(),
        };
        if !self.json {
            let shown = format!("{} {}", number(figure.value), figure.unit);
            let bar = match figure.bar {
                None => String::new(),
                Some(Bar::AtMost(limit)) => format!("<= {} {}", number(limit), figure.unit),
                Some(Bar::AtLeast(limit)) => format!(">= {} {}", number(limit), figure.unit),
            };
            let verdict = match figure.met() {
                None => "",
                Some(true) => "met",
                Some(false) => "not met",
            };
            let line = format!(
                "  {:<52} {shown:>14} {bar:>16} {verdict:<8} {}",
                figure.label, figure.note
            );
            println!("{}", line.trim_end());
        }
        self.push(Line::Figure(figure));
    }

    pub fn words(&mut self, words: impl Into<String>) {
        let words = words.into();
        if !self.json {
            println!("  {words}");
        }
        self.push(Line::Words(words));
    }

    fn push(&mut self, line: Line) {
        if let Some(section) = self.sections.last_mut() {
            section.lines.push(line);
        }
    }

    /// Ends the report: counts of bars in text, everything in JSON.
    pub fn end(&self, foot: &[(&'static str, String)]) {
        let figures = || {
            self.sections
                .iter()
                .flat_map(|section| &section.lines)
                .filter_map(|line| match line {
                    Line::Figure(figure) => Some(figure),
                    Line::Words(_) => None,
                })
        };
        let met = figures()
            .filter(|figure| figure.met() == Some(true))
            .count();
        let missed: Vec<&Figure> = figures()
            .filter(|figure| figure.met() == Some(false))
            .collect();
        if !self.json {
            println!(
                "\n{met} bars met, {} not met{}",
                missed.len(),
                if missed.is_empty() { "" } else { ":" }
            );
            for figure in missed {
                println!("  {}", figure.id);
            }
            for (key, value) in foot {
                println!("  {key:<10} {value}");
            }
            return;
        }
        let object = |rows: &[(&'static str, String)]| {
            Value::Object(
                rows.iter()
                    .map(|(key, value)| ((*key).to_owned(), json!(value)))
                    .collect(),
            )
        };
        let sections: Vec<Value> = self.sections.iter().map(Section::json).collect();
        println!(
            "{}",
            json!({ "head": object(&self.head), "sections": sections, "met": met, "not_met": missed.iter().map(|figure| &figure.id).collect::<Vec<_>>(), "foot": object(foot) })
        );
    }
}

impl Section {
    fn json(&self) -> Value {
        let lines: Vec<Value> = self
            .lines
            .iter()
            .map(|line| match line {
                Line::Words(words) => json!({ "words": words }),
                Line::Figure(figure) => {
                    let bar = figure.bar.map(|bar| match bar {
                        Bar::AtMost(limit) => json!({ "at_most": limit }),
                        Bar::AtLeast(limit) => json!({ "at_least": limit }),
                    });
                    json!({ "id": figure.id, "label": figure.label, "value": figure.value, "unit": figure.unit, "bar": bar, "met": figure.met(), "note": figure.note })
                }
            })
            .collect();
        json!({ "title": self.title, "lines": lines })
    }
}

impl Figure {
    fn met(&self) -> Option<bool> {
        self.bar.map(|bar| match bar {
            Bar::AtMost(limit) => self.value <= limit,
            Bar::AtLeast(limit) => self.value >= limit,
        })
    }
}

/// A figure with three digits that say something, thousands apart.
pub fn number(value: f64) -> String {
    if value.abs() < 10.0 && value.fract() != 0.0 {
        return format!("{value:.2}");
    }
    if value.abs() < 100.0 && value.fract() != 0.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{:.0}", value.abs());
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    if value < 0.0 {
        format!("-{shown}")
    } else {
        shown
    }
}
