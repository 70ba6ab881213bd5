//! From bytes to a page: one file a format, one row each in [`open`].
//!
//! To add a format: a file here that gives a [`Mapped`] text, a row in [`open`], a sample in the tests.

mod html;
mod mail;
mod pdf;

use crate::page::{Mapped, Page};

/// What a file of a media type gave.
#[derive(Debug, Default)]
pub struct Opened {
    /// The page.
    pub page: Page,
    /// `stored` or `decoded`.
    pub offsets: &'static str,
    /// A day that the format itself carries.
    pub day: Option<jiff::civil::Date>,
    /// The sender or title that the format itself carries.
    pub title: Option<String>,
    /// What could not be read: words, and the byte range.
    pub unread: Vec<(String, usize, usize)>,
}

/// Why a document could not be read at all.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum FormatError {
    /// No reader for the media type.
    #[error(
        "no reader for media type `{0}`; text/plain, text/html, message/rfc822 and application/pdf are read"
    )]
    MediaType(String),
    /// The bytes are no text.
    #[error("byte {at}: no UTF-8, found {found:#04x}; convert the file first")]
    Encoding {
        /// Where.
        at: usize,
        /// The byte.
        found: u8,
    },
}

/// Opens a file, and takes at most `most` bytes of it, or of the text of a PDF; what is left is listed as unread.
///
/// # Errors
/// [`FormatError`] when the media type has no reader.
pub fn open(bytes: &[u8], media_type: &str, most: usize) -> Result<Opened, FormatError> {
    if is_pdf(media_type) {
        return Ok(pdf::open(bytes, most));
    }
    let taken = cut(bytes, most);
    let mut opened = open_whole(taken, media_type)?;
    if taken.len() < bytes.len() {
        let what = format!(
            "{} bytes from byte {}: {}",
            bytes.len() - taken.len(),
            taken.len(),
            too_long(most)
        );
        opened.unread.push((what, taken.len(), bytes.len()));
    }
    Ok(opened)
}

fn is_pdf(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/pdf")
}

/// What is said of the part of a document beyond the budget.
pub(crate) fn too_long(most: usize) -> String {
    format!("a document is read up to {most} bytes; split the file")
}

/// The first bytes, up to a blank where one is near, and never within a character.
fn cut(bytes: &[u8], most: usize) -> &[u8] {
    let Some(head) = bytes.get(..most).filter(|_| bytes.len() > most) else {
        return bytes;
    };
    let near = head.len().saturating_sub(4096);
    let tail = head.get(near..).unwrap_or_default();
    let end = tail
        .iter()
        .rposition(|byte| *byte == b'\n')
        .or_else(|| tail.iter().rposition(u8::is_ascii_whitespace))
        .map(|place| near + place + 1)
        .or_else(|| head.iter().rposition(|byte| (*byte & 0xc0) != 0x80))
        .unwrap_or(head.len());
    head.get(..end).unwrap_or(head)
}

fn open_whole(bytes: &[u8], media_type: &str) -> Result<Opened, FormatError> {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    match essence.to_ascii_lowercase().as_str() {
        "text/plain" | "text/markdown" | "" => {
            let (text, unread) = decoded(bytes);
            let mut plain = Mapped::default();
            plain.copy(&text, 0);
            Ok(Opened {
                page: Page::new(text, plain),
                offsets: "stored",
                unread,
                ..Opened::default()
            })
        }
        "text/html" | "application/xhtml+xml" => Ok(html::open(bytes)),
        "message/rfc822" => Ok(mail::open(bytes)),
        _ => Err(FormatError::MediaType(media_type.to_owned())),
    }
}

/// Text of bytes: UTF-8, else Windows-1252 byte for byte where it is not.
///
/// A byte that is no UTF-8 becomes one character; spans then count in the decoded text, and the place is told.
pub(crate) fn decoded(bytes: &[u8]) -> (String, Vec<(String, usize, usize)>) {
    let mut text = String::with_capacity(bytes.len());
    let mut unread = Vec::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            let from = text.len();
            text.push(windows_1252(*byte));
            if unread.len() < 100 {
                unread.push((
                    format!("byte {byte:#04x} is no UTF-8; read as Windows-1252"),
                    from,
                    text.len(),
                ));
            }
        }
    }
    (text, unread)
}

/// The upper half of Windows-1252.
fn windows_1252(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x85 => '…',
        0x91 => '‘',
        0x92 => '’',
        0x93 => '“',
        0x94 => '”',
        0x96 => '–',
        0x97 => '—',
        other => char::from(other),
    }
}
