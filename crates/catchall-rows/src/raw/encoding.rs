//! From the bytes of a text file to UTF-8, record by record: byte order marks and UTF-16.
//!
//! A piece that is not text in its encoding becomes bytes that are not UTF-8 either (half a UTF-16 pair
//! becomes its three-byte form), so that one check, made where a record is decoded, finds both kinds of
//! damage and rejects that record only.

use std::io::{self, Read};

/// Where a file's bytes come from.
pub(crate) type Stream = Box<dyn Read + Send>;

/// How a text file writes its characters, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// UTF-8 after a mark of so many bytes (0 or 3).
    Utf8 {
        /// Length of the byte order mark.
        mark: usize,
    },
    /// UTF-16, least significant byte first.
    Utf16Le,
    /// UTF-16, most significant byte first.
    Utf16Be,
    /// UTF-16 without a mark, which would be a guess.
    Utf16Unmarked,
    /// UTF-32, which nobody writes on purpose.
    Utf32,
}

/// The encoding that the beginning of a file shows.
pub(crate) fn of(head: &[u8]) -> Encoding {
    match head {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Encoding::Utf32,
        [0xFF, 0xFE, ..] => Encoding::Utf16Le,
        [0xFE, 0xFF, ..] => Encoding::Utf16Be,
        [0xEF, 0xBB, 0xBF, ..] => Encoding::Utf8 { mark: 3 },
        [first, 0, second, 0, ..] | [0, first, 0, second, ..] if *first != 0 && *second != 0 => {
            Encoding::Utf16Unmarked
        }
        _ => Encoding::Utf8 { mark: 0 },
    }
}

/// Bytes already read, followed by the rest of the stream.
pub(crate) fn after(head: Vec<u8>, rest: Stream) -> Stream {
    Box::new(io::Cursor::new(head).chain(rest))
}

/// UTF-16 in, UTF-8 out. Give it the bytes after the byte order mark.
pub(crate) struct Utf16 {
    from: Stream,
    big_endian: bool,
    /// Bytes read and not yet turned; odd while half a unit waits for the next read.
    read: Vec<u8>,
    /// The first half of a pair that waits for the second.
    high: Option<u16>,
    /// Bytes turned and not yet handed out, from `at`.
    turned: Vec<u8>,
    at: usize,
    done: bool,
}

impl Utf16 {
    pub(crate) fn new(from: Stream, big_endian: bool) -> Utf16 {
        Utf16 {
            from,
            big_endian,
            read: Vec::new(),
            high: None,
            turned: Vec::new(),
            at: 0,
            done: false,
        }
    }

    fn turn_more(&mut self) -> io::Result<()> {
        self.turned.clear();
        self.at = 0;
        let waiting = self.read.len();
        self.read.resize(waiting + 32 * 1024, 0);
        let got = self.from.read(&mut self.read[waiting..]);
        self.read.truncate(waiting + *got.as_ref().unwrap_or(&0));
        if got? == 0 {
            self.done = true;
            if let Some(high) = self.high.take() {
                push_half(&mut self.turned, high);
            }
            if !self.read.is_empty() {
                self.read.clear();
                // Half a unit at the very end: a byte that no UTF-8 text holds.
                self.turned.push(0xFF);
            }
            return Ok(());
        }
        let read = std::mem::take(&mut self.read);
        let mut units = read.chunks_exact(2);
        for unit in &mut units {
            let unit = [unit[0], unit[1]];
            self.push(if self.big_endian {
                u16::from_be_bytes(unit)
            } else {
                u16::from_le_bytes(unit)
            });
        }
        self.read = units.remainder().to_vec();
        Ok(())
    }

    fn push(&mut self, unit: u16) {
        if let Some(high) = self.high.take() {
            if (0xDC00..0xE000).contains(&unit) {
                let scalar =
                    0x1_0000 + ((u32::from(high) - 0xD800) << 10) + (u32::from(unit) - 0xDC00);
                push_char(&mut self.turned, scalar);
                return;
            }
            push_half(&mut self.turned, high);
        }
        match unit {
            0xD800..0xDC00 => self.high = Some(unit),
            0xDC00..0xE000 => push_half(&mut self.turned, unit),
            _ => push_char(&mut self.turned, u32::from(unit)),
        }
    }
}

fn push_char(turned: &mut Vec<u8>, scalar: u32) {
    let c = char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER);
    turned.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Half a pair, in the three bytes it would have if it were a character.
fn push_half(turned: &mut Vec<u8>, half: u16) {
    let low_bits = |shift: u16| (half >> shift & 0x3F) as u8 | 0x80;
    turned.extend_from_slice(&[0xED, low_bits(6), low_bits(0)]);
}

impl Read for Utf16 {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.at == self.turned.len() && !self.done {
            self.turn_more()?;
        }
        let ready = &self.turned[self.at..];
        let count = ready.len().min(out.len());
        out[..count].copy_from_slice(&ready[..count]);
        self.at += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turned(bytes: &[u8], big_endian: bool) -> Vec<u8> {
        let mut out = Vec::new();
        Utf16::new(Box::new(io::Cursor::new(bytes.to_vec())), big_endian)
            .read_to_end(&mut out)
            .unwrap();
        out
    }

    #[test]
    fn utf_16_becomes_the_same_text_in_utf_8() {
        let text = "id,to\r\n1,ایران 🚀\r\n";
        let units: Vec<u16> = text.encode_utf16().collect();
        let le: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let be: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        assert_eq!(turned(&le, false), text.as_bytes());
        assert_eq!(turned(&be, true), text.as_bytes());
    }

    #[test]
    fn what_is_no_text_in_utf_16_is_none_in_utf_8_either() {
        for broken in [
            &[0x00, 0xD8, b'a', 0][..],
            &[0x00, 0xDC],
            &[0x00, 0xD8],
            &[b'a', 0, b'b'],
        ] {
            assert!(
                std::str::from_utf8(&turned(broken, false)).is_err(),
                "{broken:?}"
            );
        }
        assert_eq!(turned(&[0x00, 0xD8, b'a', 0], false), b"\xED\xA0\x80a");
    }
}
