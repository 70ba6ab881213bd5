//! The lines of an export: one spelling for each header, entry and checkpoint, and how each is read back.
//!
//! A line is read, written again, and must come out the same byte for byte; so there is no byte of an export that may be changed unnoticed. The
//! form is fixed in `docs/ledger.md`.

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::checkpoint::{Checkpoint, Frontier, PublicKey, Signer};
use crate::record::{Content, KeyId, Record, from_hex, to_hex};
use crate::{Actor, Hash, Timestamp};

/// What the first line names itself.
pub(crate) const SCHEMA: &str = "catchall.ledger/1";
/// The first bytes of what the header's signature is over.
const MARK: &[u8] = b"catchall.export/1";

/// The first line: what the export holds, signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub program: String,
    pub at: Timestamp,
    pub entries: u64,
    pub head: Hash,
    pub root: Hash,
    /// Every key that signed something here; the last signed this line.
    pub keys: Vec<PublicKey>,
    pub signature: [u8; 64],
}

/// One line of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Header(Header),
    Entry(Record),
    Checkpoint(Checkpoint),
}

impl Header {
    pub fn sign(mut self, key: &Signer) -> Header {
        self.signature = key.sign(&self.message());
        self
    }

    pub fn is_signed(&self) -> bool {
        self.keys
            .last()
            .is_some_and(|key| key.verifies(&self.message(), &self.signature))
    }

    fn message(&self) -> Vec<u8> {
        [MARK, self.unsigned().as_bytes()].concat()
    }

    fn unsigned(&self) -> String {
        let keys: Vec<String> = self.keys.iter().map(|key| format!("\"{key}\"")).collect();
        format!(
            "{{\"ledger\":\"{SCHEMA}\",\"program\":{},\"at\":\"{}\",\"entries\":{},\"head\":\"{}\",\"root\":\"{}\",\"keys\":[{}]",
            quoted(&self.program),
            self.at,
            self.entries,
            self.head,
            self.root,
            keys.join(",")
        )
    }
}

/// Text as JSON. Every text is valid JSON, so nothing can fail.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl Line {
    /// The line without its end.
    pub fn text(&self) -> String {
        match self {
            Line::Header(header) => format!(
                "{},\"signature\":\"{}\"}}",
                header.unsigned(),
                to_hex(&header.signature)
            ),
            Line::Checkpoint(one) => format!(
                "{{\"checkpoint\":{},\"root\":\"{}\",\"at\":\"{}\",\"key\":\"{}\",\"signature\":\"{}\"}}",
                one.size,
                one.root,
                one.at,
                one.key,
                to_hex(&one.signature)
            ),
            Line::Entry(record) => entry_text(record),
        }
    }

    /// Reads a line.
    ///
    /// # Errors
    /// In words, what is wrong with it.
    pub fn read(text: &str) -> Result<Line, String> {
        let line = if text.starts_with("{\"entry\":") {
            Line::Entry(read_entry(text)?)
        } else if text.starts_with("{\"checkpoint\":") {
            Line::Checkpoint(read_checkpoint(text)?)
        } else if text.starts_with("{\"ledger\":") {
            Line::Header(read_header(text)?)
        } else {
            return Err("it begins as no line of an export does".to_owned());
        };
        if line.text() == text {
            Ok(line)
        } else {
            Err("it is not spelt as the ledger spells it".to_owned())
        }
    }
}

fn entry_text(record: &Record) -> String {
    let mut text = format!(
        "{{\"entry\":{},\"at\":\"{}\",\"stream\":{},\"kind\":{},\"actor\":{{\"name\":{}",
        record.number,
        record.at,
        quoted(&record.stream),
        quoted(&record.kind),
        quoted(&record.actor.name)
    );
    if let Some(team) = &record.actor.team {
        text.push_str(",\"team\":");
        text.push_str(&quoted(team));
    }
    if !record.actor.roles.is_empty() {
        let roles: Vec<String> = record.actor.roles.iter().map(|role| quoted(role)).collect();
        text.push_str(&format!(",\"roles\":[{}]", roles.join(",")));
    }
    text.push('}');
    if let Some(key) = &record.key {
        text.push_str(",\"key\":");
        text.push_str(&quoted(key));
    }
    match &record.content {
        Content::Open(body) => {
            text.push_str(",\"body\":");
            text.push_str(body);
        }
        Content::Sealed { key, bytes } => {
            text.push_str(&format!(",\"seal\":\"{key}\",\"sealed\":\""));
            text.push_str(&to_hex(bytes));
            text.push('"');
        }
    }
    text.push_str(&format!(
        ",\"previous\":\"{}\",\"hash\":\"{}\"}}",
        record.previous, record.hash
    ));
    text
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryLine<'a> {
    entry: u64,
    at: Timestamp,
    stream: String,
    kind: String,
    actor: Actor,
    key: Option<String>,
    #[serde(borrow, default, deserialize_with = "present")]
    body: Option<&'a RawValue>,
    seal: Option<String>,
    sealed: Option<String>,
    previous: Hash,
    hash: Hash,
}

/// What stands there, `null` too.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

fn read_entry(text: &str) -> Result<Record, String> {
    let line: EntryLine = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let content = match (line.body, line.seal, line.sealed) {
        (Some(body), None, None) => Content::Open(body.get().to_owned()),
        (None, Some(seal), Some(sealed)) => Content::Sealed {
            key: KeyId(from_hex(&seal).ok_or("`seal` has not 32 hexadecimal digits")?),
            bytes: bytes_of(&sealed).ok_or("`sealed` is not in hexadecimal digits")?,
        },
        _ => return Err("an entry has `body`, or `seal` and `sealed`".to_owned()),
    };
    Ok(Record {
        number: line.entry,
        stream: line.stream,
        kind: line.kind,
        actor: line.actor,
        at: line.at,
        key: line.key,
        content,
        previous: line.previous,
        hash: line.hash,
    })
}

fn bytes_of(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|pair| from_hex::<1>(std::str::from_utf8(pair).ok()?).map(|[byte]| byte))
        .collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckpointLine {
    checkpoint: u64,
    root: Hash,
    at: Timestamp,
    key: String,
    signature: String,
}

fn read_checkpoint(text: &str) -> Result<Checkpoint, String> {
    let line: CheckpointLine = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Ok(Checkpoint {
        size: line.checkpoint,
        root: line.root,
        at: line.at,
        key: key_of(&line.key)?,
        signature: from_hex(&line.signature).ok_or("`signature` has not 128 hexadecimal digits")?,
        frontier: Frontier::default(),
    })
}

fn key_of(text: &str) -> Result<PublicKey, String> {
    let key = from_hex(text).ok_or("a key has not 64 hexadecimal digits")?;
    Ok(PublicKey::from_bytes(key))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct HeaderLine {
    ledger: String,
    program: String,
    at: Timestamp,
    entries: u64,
    head: Hash,
    root: Hash,
    keys: Vec<String>,
    signature: String,
}

fn read_header(text: &str) -> Result<Header, String> {
    let line: HeaderLine = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if line.ledger != SCHEMA {
        return Err(format!(
            "it is of the form `{}`, and this program reads `{SCHEMA}`",
            line.ledger
        ));
    }
    Ok(Header {
        program: line.program,
        at: line.at,
        entries: line.entries,
        head: line.head,
        root: line.root,
        keys: line
            .keys
            .iter()
            .map(|key| key_of(key))
            .collect::<Result<_, _>>()?,
        signature: from_hex(&line.signature).ok_or("`signature` has not 128 hexadecimal digits")?,
    })
}
