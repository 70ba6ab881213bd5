//! Diagnostics: what is wrong with a pack, where, what was found and what would be right.
//!
//! The library says it in data; the roof draws it with the source beside it.

use std::fmt;
use std::sync::Arc;

/// A place in a pack's file, in bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct At {
    /// Path of the file, as the roof gave it.
    pub file: Arc<str>,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
    /// Line of the first byte, from 1.
    pub line: usize,
    /// Column of the first byte in characters, from 1.
    pub column: usize,
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// How grave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The pack cannot be used.
    Error,
    /// The pack can be used; somebody should look.
    Warning,
}

/// One thing to say about a pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How grave.
    pub severity: Severity,
    /// A short name that stays the same: `unknown-fact`.
    pub code: &'static str,
    /// Where.
    pub at: At,
    /// What is wrong, in one line.
    pub message: String,
    /// What stands there, as a label under the source.
    pub label: String,
    /// What would be right.
    pub help: String,
    /// A case that shows it, where there is one.
    pub witness: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grave = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{}: {grave}[{}]: {}", self.at, self.code, self.message)?;
        if !self.label.is_empty() {
            write!(f, "; {}", self.label)?;
        }
        if !self.help.is_empty() {
            write!(f, "; {}", self.help)?;
        }
        if let Some(witness) = &self.witness {
            write!(f, "; for example: {witness}")?;
        }
        Ok(())
    }
}

/// Text fit to be shown: what a file holds of control characters is written out, line ends stay.
fn visible(text: String) -> String {
    if !text.chars().any(|c| c.is_control() && c != '\n') {
        return text;
    }
    text.chars()
        .flat_map(|c| {
            let written = c.is_control() && c != '\n';
            let escaped = written.then(|| c.escape_default());
            escaped.into_iter().flatten().chain((!written).then_some(c))
        })
        .collect()
}

impl Diagnostic {
    /// An error.
    pub fn error(
        code: &'static str,
        at: At,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            severity: Severity::Error,
            code,
            at,
            message: visible(message.into()),
            label: String::new(),
            help: visible(help.into()),
            witness: None,
        }
    }

    /// A warning.
    pub fn warning(
        code: &'static str,
        at: At,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, at, message, help)
        }
    }

    /// The same with a case that shows it.
    pub fn shown_by(self, witness: impl Into<String>) -> Diagnostic {
        Diagnostic {
            witness: Some(witness.into()),
            ..self
        }
    }

    /// The same with a label under the source.
    pub fn labelled(self, label: impl Into<String>) -> Diagnostic {
        Diagnostic {
            label: visible(label.into()),
            ..self
        }
    }
}

/// One file's text with its line starts, to turn byte offsets into places.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path, as the roof gave it.
    pub file: Arc<str>,
    /// The whole text.
    pub text: Arc<str>,
    lines: Arc<[usize]>,
}

impl Source {
    /// Takes a file's path and text.
    pub fn new(file: &str, text: &str) -> Source {
        let lines = std::iter::once(0)
            .chain(
                text.bytes()
                    .enumerate()
                    .filter(|(_, b)| *b == b'\n')
                    .map(|(at, _)| at + 1),
            )
            .collect();
        Source {
            file: file.into(),
            text: text.into(),
            lines,
        }
    }

    /// The place of these bytes.
    pub fn at(&self, start: usize, end: usize) -> At {
        let start = start.min(self.text.len());
        let line = self.lines.partition_point(|begin| *begin <= start);
        let begin = self.lines[line.saturating_sub(1)];
        let column = self
            .text
            .get(begin..start)
            .map_or(1, |before| before.chars().count() + 1);
        At {
            file: self.file.clone(),
            start,
            end: end.clamp(start, self.text.len()),
            line,
            column,
        }
    }
}

/// The candidate nearest to `word`, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let limit = (word.chars().count() / 3).max(2);
    among
        .into_iter()
        .map(|each| (distance(&word, &each.to_lowercase()), each))
        .filter(|(far, each)| {
            *far <= limit || (word.len() > 3 && each.to_lowercase().contains(&word))
        })
        .min_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.cmp(b.1)))
        .map(|(_, each)| each)
}

/// Edits (insert, delete, replace, swap neighbours) between two words.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let same = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (row[j - 1] + 1)
                .min(rows[i - 1][j] + 1)
                .min(rows[i - 1][j - 1] + same);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// "; the nearest is `x`", or nothing.
pub fn suggestion(near: Option<&str>) -> String {
    near.map_or(String::new(), |word| format!("; the nearest is `{word}`"))
}
