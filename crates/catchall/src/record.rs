//! Record: a determination as it stands in the ledger, and found again by its id.
//!
//! The body holds the transfer as it was given and the document to the byte, so that a replay can be compared. Not the ledger's
//! format (that is `docs/ledger.md`) and not a case (`catchall_ledger::case`).

use anyhow::{Result, anyhow};
use catchall_ledger::{Actor, Ask, Draft, Entry, Hash, Ledger, LedgerError, Timestamp};
use serde_json::{Value, json};

/// The kind of entry of a determination.
pub const KIND: &str = "determined";

/// A determination that is to be recorded.
#[derive(Clone, Debug)]
pub struct Determined {
    /// The transfer as it was given, JSON.
    pub transfer: String,
    /// The document, to the byte.
    pub document: String,
    /// The law as it stood on this day, where the caller chose it.
    pub as_of: Option<String>,
    /// The law as recorded by this day, where the caller chose it.
    pub known_by: Option<String>,
}

/// What the start of an idempotent key of a determination is.
fn key(id: &str) -> String {
    format!("determined/{id}")
}

impl Determined {
    /// The draft of its entry. Recording the same determination again for the same team gives the first receipt.
    ///
    /// # Errors
    /// When one of the two texts is no JSON.
    pub fn draft(&self, actor: Actor, at: Timestamp) -> Result<Draft> {
        let transfer: Value = serde_json::from_str(&self.transfer)?;
        let document: Value = serde_json::from_str(&self.document)?;
        let word = |field: &str| {
            document
                .get(field)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .ok_or_else(|| anyhow!("the document has no `{field}`"))
        };
        let (id, name) = (word("id")?, word("transfer")?);
        let body = json!({
            "id": id,
            "outcome": word("outcome")?,
            "as_of": self.as_of,
            "known_by": self.known_by,
            "basis": document.get("basis"),
            "transfer": transfer,
            "determination": self.document,
        });
        let stream = format!("transfer/{}", cut(&name));
        // Two transfers may have one document, where they differ in what no provision asks; and two teams may ask the same,
        // each for itself: what one recorded the other must not read, and must find its own.
        let mut told_apart = body.to_string();
        if let Some(team) = &actor.team {
            told_apart.push('\n');
            told_apart.push_str(team);
        }
        let own = format!("{}/{}", key(&id), Hash::of(told_apart.as_bytes()));
        Ok(Draft::new(stream, KIND, actor, at, body).with_key(own))
    }
}

/// A name that a stream may carry: a caller's key may be anything.
fn cut(name: &str) -> String {
    name.chars()
        .filter(|letter| !letter.is_control())
        .take(200)
        .collect()
}

/// The entries of a determination, the first recorded first: one for each team, and for each transfer that it answers.
///
/// # Errors
/// What the ledger says.
pub fn find(ledger: &Ledger, id: &str) -> Result<Vec<Entry>, LedgerError> {
    let mut found = ledger.keyed(&format!("{}/", key(id)), Ask::MOST)?;
    found.sort_by_key(|entry| entry.number);
    Ok(found)
}
