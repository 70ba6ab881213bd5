//! Intake: a report into the ledger: read, cut down to what the house keeps, and recorded with its statements.
//!
//! The same bytes are read once: a second time gives what is there. A later release that reads better does not replace what people
//! have judged; whoever wants it read again records a correction.

use catchall_ledger::statement::Report;
use catchall_ledger::statement::event::Told;
use catchall_ledger::statement::rules::Read;
use catchall_report::{Context, Reading};

use super::Keep;

/// A file as it came in.
#[derive(Clone, Debug)]
pub struct Incoming<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its bytes.
    pub bytes: &'a [u8],
    /// `text/plain`, `text/html` or `message/rfc822`.
    pub media_type: &'a str,
    /// When it appeared, where that is known.
    pub published: Option<jiff::civil::Date>,
}

/// Reads a report.
///
/// # Errors
/// When it has no reader.
pub fn read(incoming: &Incoming<'_>) -> Result<Reading, catchall_report::ReadError> {
    let context = Context {
        doc_id: incoming.name.to_owned(),
        published: incoming.published,
    };
    catchall_report::read(incoming.bytes, incoming.media_type, &context)
}

/// What is recorded of a reading; `text` are the page's words, kept only where `keep` says so.
pub fn record(mut reading: Reading, text: Option<String>, keep: Keep) -> Read {
    let statements = reading
        .statements
        .iter()
        .map(|statement| {
            let about = statement.about.iter().filter_map(|id| {
                let found = reading.parties.iter().find(|party| party.id == *id);
                found.map(|party| party.name.clone())
            });
            let told = Told {
                speaker: statement.speaker.name.clone(),
                role: statement.speaker.role.clone(),
                country: statement.speaker.country.clone(),
                kind: statement.kind.to_owned(),
                content: if keep == Keep::Offsets {
                    String::new()
                } else {
                    statement.content.clone()
                },
                said: statement.said.clone(),
                hedged: statement.hedged,
                quote: statement.quote,
                about: about.collect(),
                span: statement.at.span,
                bytes: statement.at.bytes,
            };
            (statement.id.clone(), told)
        })
        .collect();
    if keep == Keep::Offsets {
        for statement in &mut reading.statements {
            statement.content.clear();
        }
        for commitment in &mut reading.commitments {
            commitment.what.clear();
        }
    }
    Read {
        name: reading.doc_id.clone(),
        sha256: reading.sha256.clone(),
        keeps: keep.word(),
        text: text.filter(|_| keep == Keep::Whole),
        reading: serde_json::to_value(&reading).unwrap_or_default(),
        statements,
    }
}

/// The id that a report has in the ledger.
pub fn id(reading: &Reading) -> String {
    Report::id_of(&reading.sha256)
}
