//! A row or record that could not be taken, and what would have been right.

use serde::Serialize;

/// One thing wrong with one record. The record is not assessed; the good ones go on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// File name, or `-` for standard input.
    pub file: String,
    /// Number of the record, from 1, the header not counted.
    pub row: u64,
    /// Line of the file on which it starts, from 1, where the format has lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The caller's key, where it could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Column name, or field path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What stood there, cut at 80 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What would have been right.
    pub cure: String,
}
