//! Tables of columns with types, for analysts: Parquet.
//!
//! [`begin`] gives a [`Rows`] that takes one row after the other, as the JSON values that the other formats print, and turns each
//! into the type of its column. Knows nothing of determinations or entries. The writer itself stands behind the feature `parquet`,
//! since its crate takes as long to compile as much of the rest; without it `begin` says how to get it.
//!
//! To add a type of column: a row of [`Kind`], and one in `tables/parquet.rs`.

#[cfg(feature = "parquet")]
mod parquet;

use std::borrow::Cow;
use std::io::Write;

use anyhow::Result;
use serde_json::Value;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Words. Lists of words stand behind one another with `; ` between them, everything deeper as JSON.
    Text,
    /// Whole numbers.
    Whole,
    /// Yes or no.
    Flag,
    /// A day, from text of the form `2024-05-01`.
    Day,
    /// A moment in milliseconds, from text of the form `2024-05-01T08:00:00.000Z`.
    Time,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What its cells are.
    pub kind: Kind,
}

impl Column {
    /// A column of this name and kind.
    pub fn new(name: impl Into<String>, kind: Kind) -> Column {
        let name = name.into();
        Column { name, kind }
    }
}

/// A table that is being written.
pub trait Rows {
    /// Takes the next row: a value for each column, `null` for an empty cell.
    ///
    /// # Errors
    /// When a value is none of its column's kind, or the output cannot be written.
    fn row(&mut self, cells: &[Value]) -> Result<()>;

    /// Writes what is left, and the end. A table that was not ended is not readable, so half of one is never taken for the whole.
    ///
    /// # Errors
    /// When the output cannot be written.
    fn end(&mut self) -> Result<()>;
}

/// Begins a Parquet table.
///
/// # Errors
/// When this build has no writer of Parquet, or the output cannot be written.
#[cfg(feature = "parquet")]
pub fn begin<'a>(columns: Vec<Column>, out: impl Write + Send + 'a) -> Result<Box<dyn Rows + 'a>> {
    Ok(Box::new(parquet::Table::begin(columns, out)?))
}

/// Begins a Parquet table.
///
/// # Errors
/// Always: this build has no writer of Parquet, and the error says how to get one.
#[cfg(not(feature = "parquet"))]
pub fn begin<'a>(
    _columns: Vec<Column>,
    _out: impl Write + Send + 'a,
) -> Result<Box<dyn Rows + 'a>> {
    writable()?;
    anyhow::bail!("this build writes no Parquet")
}

/// Whether this build can write Parquet; asked before any work is done.
///
/// # Errors
/// When it cannot; the error says how to get a build that can.
pub fn writable() -> Result<()> {
    if cfg!(feature = "parquet") {
        return Ok(());
    }
    anyhow::bail!(
        "this build writes no Parquet; `cargo build --release --features team` makes one that does, and `csv` and `jsonl` hold the same"
    )
}

/// A value as words: text as it is, words of a list behind one another, everything deeper as JSON; none for `null`.
pub fn words(value: &Value) -> Option<Cow<'_, str>> {
    Some(match value {
        Value::Null => return None,
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(all) if all.iter().all(Value::is_string) => {
            let words: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
            Cow::Owned(words.join("; "))
        }
        other => Cow::Owned(other.to_string()),
    })
}
