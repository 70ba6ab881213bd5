//! The objects of a PDF after ISO 32000-1, section 7: values, streams, and where each object lies.
//!
//! Objects are found by looking for `n g obj` from end to end and not by the table of places, so that a file with a broken
//! table is read too. Knows nothing of pages or letters. Reads the filters Flate, ASCIIHex and ASCII85; to add one: a row in
//! [`File::decoded`].

mod lexer;
mod places;

pub(super) use lexer::Lexer;
use lexer::{digit, halves};
use places::places;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::Read as _;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Number(f64),
    Name(String),
    Text(Vec<u8>),
    List(Vec<Value>),
    Map(BTreeMap<String, Value>),
    Ref(u32),
    /// A word outside of the others: an operator, `obj`, `stream`, `true`.
    Word(String),
}

impl Value {
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn name(&self) -> Option<&str> {
        match self {
            Value::Name(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn map(&self) -> Option<&BTreeMap<String, Value>> {
        match self {
            Value::Map(map) => Some(map),
            _ => None,
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.map()?.get(key)
    }
}

/// Bytes that all streams of a file together may unpack to.
const UNPACKED: usize = 256 << 20;

/// A file as its objects.
pub(super) struct File<'a> {
    bytes: &'a [u8],
    /// Number of an object to the byte behind its `obj`; of two with one number the later counts.
    places: BTreeMap<u32, usize>,
    /// Objects that lie in streams of objects.
    packed: BTreeMap<u32, Value>,
    /// What may still be unpacked.
    left: Cell<usize>,
    /// The root of the pages, and whether the file is encrypted.
    pub(super) root: Option<Value>,
    pub(super) encrypted: bool,
}

impl<'a> File<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> File<'a> {
        let mut file = File {
            bytes,
            places: places(bytes),
            packed: BTreeMap::new(),
            left: Cell::new(UNPACKED),
            root: None,
            encrypted: false,
        };
        let trailers = positions(bytes, b"trailer")
            .filter_map(|at| Lexer::new(bytes, at + 7).next())
            .collect::<Vec<_>>();
        for trailer in &trailers {
            file.note_trailer(trailer);
        }
        let numbers: Vec<u32> = file.places.keys().copied().collect();
        let mut streams = Vec::new();
        for number in numbers {
            let value = file.object(number);
            match value.get("Type").and_then(Value::name) {
                Some("ObjStm") => streams.push((number, value)),
                Some("XRef") => file.note_trailer(&value),
                Some("Catalog") if file.root.is_none() => file.root = Some(value),
                _ => {}
            }
        }
        if !file.encrypted {
            for (number, value) in streams {
                file.unpack(number, &value);
            }
        }
        if file.root.is_none() {
            let catalog =
                |value: &&Value| value.get("Type").and_then(Value::name) == Some("Catalog");
            file.root = file.packed.values().find(catalog).cloned();
        }
        file
    }

    fn note_trailer(&mut self, trailer: &Value) {
        self.encrypted |= trailer
            .get("Encrypt")
            .is_some_and(|value| *value != Value::Null);
    }

    fn unpack(&mut self, number: u32, value: &Value) {
        let whole = |key: &str| {
            let number = self.resolved(value.get(key)?).number()?;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a cast of a float saturates; what is out of reach finds nothing"
            )]
            Some(number as usize)
        };
        let (Some(count), Some(first), Ok(inner)) =
            (whole("N"), whole("First"), self.stream(number, value))
        else {
            return;
        };
        let mut head = Lexer::new(&inner, 0);
        for _ in 0..count.min(100_000) {
            let (Some(Value::Number(own)), Some(Value::Number(offset))) =
                (head.next(), head.next())
            else {
                break;
            };
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a cast of a float saturates; what is out of reach finds nothing"
            )]
            let (own, offset) = (own as u32, offset as usize);
            if self.places.contains_key(&own) {
                continue;
            }
            if let Some(value) = Lexer::new(&inner, first.saturating_add(offset)).next() {
                self.packed.insert(own, value);
            }
        }
    }

    /// An object by its number; null where there is none.
    pub(super) fn object(&self, number: u32) -> Value {
        match self.places.get(&number) {
            Some(at) => Lexer::new(self.bytes, *at).next().unwrap_or(Value::Null),
            None => self.packed.get(&number).cloned().unwrap_or(Value::Null),
        }
    }

    /// The value itself, where it is a reference.
    pub(super) fn resolved(&self, value: &Value) -> Value {
        let mut value = value.clone();
        for _ in 0..8 {
            match value {
                Value::Ref(number) => value = self.object(number),
                other => return other,
            }
        }
        Value::Null
    }

    /// The value of a key, resolved.
    pub(super) fn field(&self, value: &Value, key: &str) -> Value {
        value.get(key).map_or(Value::Null, |own| self.resolved(own))
    }

    /// The unpacked bytes of a stream, or what stands against it.
    pub(super) fn stream(&self, number: u32, value: &Value) -> Result<Vec<u8>, String> {
        let raw = self
            .raw(number, value)
            .ok_or_else(|| "a stream without an end".to_owned())?;
        let filters = match self.field(value, "Filter") {
            Value::Name(name) => vec![name],
            Value::List(list) => list
                .iter()
                .filter_map(|own| self.resolved(own).name().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        };
        let mut bytes = raw.to_vec();
        for filter in filters {
            bytes = self.decoded(&filter, &bytes)?;
        }
        Ok(bytes)
    }

    fn decoded(&self, filter: &str, bytes: &[u8]) -> Result<Vec<u8>, String> {
        match filter {
            "FlateDecode" | "Fl" => {
                let most = self.left.get();
                let mut out = Vec::new();
                // What was unpacked before a fault is kept: a cut file still has its first lines.
                let _ = flate2::read::ZlibDecoder::new(bytes)
                    .take(u64::try_from(most).unwrap_or(u64::MAX))
                    .read_to_end(&mut out);
                self.left.set(most - out.len().min(most));
                if out.is_empty() && !bytes.is_empty() {
                    return Err("a stream that does not unpack".to_owned());
                }
                Ok(out)
            }
            "ASCIIHexDecode" | "AHx" => {
                let digits: Vec<u8> = bytes
                    .iter()
                    .take_while(|byte| **byte != b'>')
                    .filter_map(|byte| digit(*byte))
                    .collect();
                Ok(halves(&digits))
            }
            "ASCII85Decode" | "A85" => Ok(ascii85(bytes)),
            other => Err(format!("the filter `{other}`")),
        }
    }

    fn raw(&self, number: u32, value: &Value) -> Option<&'a [u8]> {
        let mut lexer = Lexer::new(self.bytes, *self.places.get(&number)?);
        lexer.next()?;
        if lexer.next()? != Value::Word("stream".to_owned()) {
            return None;
        }
        let mut from = lexer.at;
        from += usize::from(self.bytes.get(from) == Some(&b'\r'));
        from += usize::from(self.bytes.get(from) == Some(&b'\n'));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast of a float saturates; what is out of reach finds nothing"
        )]
        let told = self
            .field(value, "Length")
            .number()
            .map(|length| from.saturating_add(length as usize));
        let ends = |to: &usize| {
            let mut behind = Lexer::new(self.bytes, *to);
            behind.skip_blank();
            self.bytes
                .get(behind.at..)
                .is_some_and(|rest| rest.starts_with(b"endstream"))
        };
        let to = match told.filter(|to| *to <= self.bytes.len()).filter(ends) {
            Some(to) => to,
            None => from + find(self.bytes.get(from..)?, b"endstream")?,
        };
        self.bytes.get(from..to)
    }
}

fn ascii85(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut group: Vec<u32> = Vec::with_capacity(5);
    let flush = |group: &mut Vec<u32>, out: &mut Vec<u8>| {
        let count = group.len();
        if count < 2 {
            group.clear();
            return;
        }
        group.resize(5, 84);
        let value = group
            .iter()
            .fold(0_u32, |sum, own| sum.wrapping_mul(85).wrapping_add(*own));
        out.extend(value.to_be_bytes().iter().take(count - 1));
        group.clear();
    };
    for byte in bytes {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => out.extend([0; 4]),
            b'!'..=b'u' => {
                group.push(u32::from(byte - b'!'));
                if group.len() == 5 {
                    flush(&mut group, &mut out);
                }
            }
            _ => {}
        }
    }
    flush(&mut group, &mut out);
    out
}

fn find(bytes: &[u8], word: &[u8]) -> Option<usize> {
    positions(bytes, word).next()
}

fn positions<'b>(bytes: &'b [u8], word: &'b [u8]) -> impl Iterator<Item = usize> + 'b {
    let first = word.first().copied().unwrap_or_default();
    bytes
        .iter()
        .enumerate()
        .filter(move |(at, byte)| {
            **byte == first && bytes.get(*at..).is_some_and(|rest| rest.starts_with(word))
        })
        .map(|(at, _)| at)
}
