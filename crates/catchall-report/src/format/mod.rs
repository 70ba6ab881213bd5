//! From bytes to a page: one file a format, one row each in [`open`].
//!
//! To add a format: a file here that gives a [`Mapped`] text, a row in [`open`], a sample in the tests.

mod html;
mod mail;

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
    #[error("no reader for media type `{0}`; text/plain, text/html and message/rfc822 are read")]
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

/// Opens a file.
///
/// # Errors
/// [`FormatError`] when the media type has no reader.
pub fn open(bytes: &[u8], media_type: &str) -> Result<Opened, FormatError> {
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
