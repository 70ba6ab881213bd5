//! Input: the bytes of a publisher's file on their way in, counted, hashed and held to limits.
//!
//! Memory stays flat whatever comes: a file may have [`LARGEST_FILE`] bytes, one record [`LARGEST_RECORD`], and what goes
//! beyond is refused with a reason, not read to its end. Knows nothing of any format. To read a new encoding: one arm
//! in [`Input::open`].

use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use sha2::{Digest, Sha256};

use super::{PartHeld, Refusal};

/// The largest file that is read, in bytes: eight times the largest list known (125 MB).
pub const LARGEST_FILE: u64 = 1 << 30;
/// The largest single record, in bytes: more than a hundred times the largest known (69 KB).
pub const LARGEST_RECORD: u64 = 16 << 20;

/// One file, being read.
pub(super) struct Input<'a> {
    /// The file's name, for messages.
    pub(super) file: String,
    /// What is read from.
    pub(super) from: BufReader<Decoded<'a>>,
    meter: Rc<Meter>,
}

/// What has gone through, and what stopped it.
#[derive(Default)]
struct Meter {
    total: Cell<u64>,
    since: Cell<u64>,
    stopped: Cell<Option<Stop>>,
    decoded: Cell<bool>,
    hash: RefCell<Sha256>,
}

#[derive(Clone, Copy)]
enum Stop {
    File,
    Record,
}

impl<'a> Input<'a> {
    /// Opens a file: takes a byte order mark away, and refuses what is not text in a known encoding.
    pub(super) fn open(file: &str, from: &'a mut dyn BufRead) -> Result<Input<'a>, Refusal> {
        let start = from
            .fill_buf()
            .map_err(|error| Refusal::Unreadable {
                file: file.to_owned(),
                why: error.to_string(),
            })?
            .to_vec();
        let refuse = |found: &str| Refusal::Encoding {
            file: file.to_owned(),
            found: found.to_owned(),
        };
        if start.starts_with(&[0xff, 0xfe]) || start.starts_with(&[0xfe, 0xff]) {
            return Err(refuse("UTF-16"));
        }
        if start.starts_with(&[0x1f, 0x8b]) || start.starts_with(b"PK\x03\x04") {
            return Err(refuse("a compressed file"));
        }
        if start.iter().take(1024).any(|byte| *byte == 0) {
            return Err(refuse("a binary file"));
        }
        let western = match declared_encoding(&start) {
            None => false,
            Some(name) => match name.as_str() {
                "utf-8" | "utf8" | "us-ascii" | "ascii" => false,
                "iso-8859-1" | "latin1" | "windows-1252" | "cp1252" => true,
                _ => return Err(refuse(&name)),
            },
        };
        let meter = Rc::new(Meter::default());
        let metered = Metered {
            from,
            meter: Rc::clone(&meter),
        };
        let decoded = Decoded {
            from: metered,
            western,
            spare: Vec::new(),
        };
        let mut input = Input {
            file: file.to_owned(),
            from: BufReader::with_capacity(1 << 16, decoded),
            meter,
        };
        let marked = input
            .from
            .fill_buf()
            .map_err(|error| Refusal::Unreadable {
                file: file.to_owned(),
                why: error.to_string(),
            })?
            .starts_with(&[0xef, 0xbb, 0xbf]);
        if marked {
            input.from.consume(3);
        }
        Ok(input)
    }

    /// A record ended here: the next one may again have [`LARGEST_RECORD`] bytes.
    pub(super) fn mark(&self) {
        self.meter.since.set(0);
    }

    /// A handle that marks the ends of records while the reader itself is lent out.
    pub(super) fn marker(&self) -> impl Fn() + use<> {
        let meter = Rc::clone(&self.meter);
        move || meter.since.set(0)
    }

    /// Why reading failed: a limit, or what `error` says.
    pub(super) fn refusal(&self, error: &dyn std::fmt::Display) -> Refusal {
        let file = self.file.clone();
        match self.meter.stopped.get() {
            Some(Stop::File) => Refusal::TooLarge {
                file,
                what: "the file",
                limit: LARGEST_FILE,
            },
            Some(Stop::Record) => Refusal::TooLarge {
                file,
                what: "one record",
                limit: LARGEST_RECORD,
            },
            None => Refusal::Broken {
                file,
                at: self.meter.total.get(),
                why: error.to_string(),
            },
        }
    }

    /// A line that is no UTF-8 was read as Windows-1252.
    pub(super) fn read_as_western(&self) {
        self.meter.decoded.set(true);
    }

    /// Reads what is left, and gives name, size and digest.
    pub(super) fn close(mut self) -> Result<(PartHeld, bool), Refusal> {
        loop {
            self.mark();
            let length = match self.from.fill_buf() {
                Ok(rest) => rest.len(),
                Err(error) => return Err(self.refusal(&error)),
            };
            if length == 0 {
                break;
            }
            self.from.consume(length);
        }
        let held = PartHeld {
            file: self.file.clone(),
            bytes: self.meter.total.get(),
            sha256: hex(&self.meter.hash.borrow().clone().finalize()),
        };
        Ok((held, self.meter.decoded.get()))
    }
}

/// The encoding that an XML declaration names, in lower case.
fn declared_encoding(start: &[u8]) -> Option<String> {
    let start = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(start);
    if !start.starts_with(b"<?xml") {
        return None;
    }
    let head = String::from_utf8_lossy(&start[..start.len().min(200)]);
    let declaration = head.split("?>").next()?;
    let (_, after) = declaration.split_once("encoding")?;
    let value = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next()?;
    let name = value[quote.len_utf8()..].split(quote).next()?;
    Some(name.to_ascii_lowercase())
}

/// Bytes as they come, counted and hashed.
struct Metered<'a> {
    from: &'a mut dyn BufRead,
    meter: Rc<Meter>,
}

impl Read for Metered<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let got = self.from.read(into)?;
        let total = self.meter.total.get() + got as u64;
        let since = self.meter.since.get() + got as u64;
        self.meter.total.set(total);
        self.meter.since.set(since);
        self.meter.hash.borrow_mut().update(&into[..got]);
        let stop = match () {
            () if total > LARGEST_FILE => Stop::File,
            () if since > LARGEST_RECORD => Stop::Record,
            () => return Ok(got),
        };
        self.meter.stopped.set(Some(stop));
        Err(io::Error::other("over the limit"))
    }
}

/// The same bytes as UTF-8.
pub(super) struct Decoded<'a> {
    from: Metered<'a>,
    western: bool,
    spare: Vec<u8>,
}

impl Read for Decoded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if !self.western {
            return self.from.read(into);
        }
        if self.spare.is_empty() {
            let mut raw = [0; 8192];
            let got = self.from.read(&mut raw)?;
            self.spare = western(&raw[..got]).into_bytes();
        }
        let given = self.spare.len().min(into.len());
        into[..given].copy_from_slice(&self.spare[..given]);
        self.spare.drain(..given);
        Ok(given)
    }
}

/// What bytes 0x80 to 0x9f stand for in Windows-1252; those that it leaves open keep their number, as ISO 8859-1 has it.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// Windows-1252 as text: every byte has a reading, so nothing is lost.
pub(super) fn western(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|byte| match byte {
            0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
            _ => char::from(*byte),
        })
        .collect()
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
