//! Mail after RFC 5322: the headers, and the body decoded from quoted-printable or base64; of several parts the first plain one.
//!
//! Quoted-printable keeps offsets in the file as stored; base64 hides the text, so that offsets count in the decoded body.

use jiff::civil::Date;

use super::{Opened, decoded};
use crate::page::{Mapped, Page};

/// Opens a message.
pub(super) fn open(bytes: &[u8]) -> Opened {
    let (text, unread) = decoded(bytes);
    let (headers, body) = split(&text, 0);
    let mut part = Part {
        from: body,
        to: text.len(),
        encoding: field(&headers, "content-transfer-encoding"),
        kind: field(&headers, "content-type"),
    };
    if let Some(inner) = part
        .kind
        .as_deref()
        .and_then(boundary)
        .and_then(|edge| first_plain(&text, body, &edge))
    {
        part = inner;
    }
    let day = field(&headers, "date").as_deref().and_then(mail_day);
    let title = field(&headers, "subject");
    let encoding = part.encoding.unwrap_or_default().to_ascii_lowercase();
    let content = text.get(part.from..part.to).unwrap_or_default();
    if encoding.trim() == "base64" {
        let (body, mut faults) = decoded(&base64(content));
        faults.extend(unread);
        let mut plain = Mapped::default();
        plain.copy(&body, 0);
        return Opened {
            page: Page::new(body, plain),
            offsets: "decoded",
            day,
            title,
            unread: faults,
        };
    }
    let plain = if encoding.trim() == "quoted-printable" {
        quoted_printable(content, part.from)
    } else {
        let mut plain = Mapped::default();
        plain.copy(content, part.from);
        plain
    };
    Opened {
        page: Page::new(text, plain),
        offsets: "stored",
        day,
        title,
        unread,
    }
}

struct Part {
    from: usize,
    to: usize,
    encoding: Option<String>,
    kind: Option<String>,
}

/// Header fields, unfolded, and the first byte of the body.
fn split(text: &str, from: usize) -> (Vec<(String, String)>, usize) {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut at = from;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let line = rest.get(..length).unwrap_or_default();
        at += length;
        let bare = line.trim_end();
        if bare.is_empty() {
            break;
        }
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(bare.trim_start());
            }
        } else if let Some((name, value)) = bare.split_once(':') {
            fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        } else {
            // No header: all of it is body.
            return (fields, at - length);
        }
    }
    (fields, at)
}

fn field(fields: &[(String, String)], name: &str) -> Option<String> {
    fields
        .iter()
        .find(|(own, _)| own == name)
        .map(|(_, value)| value.clone())
}

fn boundary(kind: &str) -> Option<String> {
    let lower = kind.to_ascii_lowercase();
    if !lower.starts_with("multipart/") {
        return None;
    }
    let from = lower.find("boundary=")? + "boundary=".len();
    let value = kind.get(from..)?.trim_start_matches('"');
    let end = value.find(['"', ';']).unwrap_or(value.len());
    value.get(..end).map(|edge| format!("--{}", edge.trim()))
}

/// The first part that is plain text.
fn first_plain(text: &str, from: usize, edge: &str) -> Option<Part> {
    let mut at = from + text.get(from..)?.find(edge)? + edge.len();
    loop {
        let begin = at + text.get(at..)?.find('\n')? + 1;
        let (fields, body) = split(text, begin);
        let end = text
            .get(body..)?
            .find(edge)
            .map_or(text.len(), |end| body + end);
        let kind = field(&fields, "content-type");
        if kind
            .as_deref()
            .is_none_or(|kind| kind.to_ascii_lowercase().starts_with("text/plain"))
        {
            return Some(Part {
                from: body,
                to: end,
                encoding: field(&fields, "content-transfer-encoding"),
                kind,
            });
        }
        if end >= text.len() {
            return None;
        }
        at = end + edge.len();
    }
}

/// `Mon, 20 Mar 2000 09:15:00 +0300`: the day as written, in its own zone.
fn mail_day(value: &str) -> Option<Date> {
    let words: Vec<&str> = value
        .split([' ', ','])
        .filter(|word| !word.is_empty())
        .collect();
    let place = words
        .iter()
        .position(|word| word.len() <= 2 && word.parse::<i8>().is_ok())?;
    let day: i8 = words.get(place)?.parse().ok()?;
    let name = words.get(place + 1)?.get(..3)?.to_ascii_lowercase();
    let months = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let month = months.iter().zip(1_i8..).find(|(own, _)| **own == name)?.1;
    let year: i16 = words.get(place + 2)?.parse().ok()?;
    let year = match year {
        short @ 0..50 => 2000 + short,
        short @ 50..100 => 1900 + short,
        long => long,
    };
    Date::new(year, month, day).ok()
}

fn quoted_printable(content: &str, from: usize) -> Mapped {
    let mut out = Mapped::default();
    let bytes = content.as_bytes();
    let (mut at, mut copied) = (0, 0);
    while at < bytes.len() {
        if bytes[at] != b'=' {
            at += 1;
            continue;
        }
        out.copy(content.get(copied..at).unwrap_or_default(), from + copied);
        let soft = content.get(at + 1..).map_or(0, |rest| {
            if rest.starts_with("\r\n") {
                2
            } else {
                usize::from(rest.starts_with('\n'))
            }
        });
        if soft > 0 {
            at += 1 + soft;
            copied = at;
            continue;
        }
        // A run of escapes is one character or more of UTF-8.
        let start = at;
        let mut run = Vec::new();
        while let Some(byte) = escape(bytes, at) {
            run.push(byte);
            at += 3;
        }
        if run.is_empty() {
            at += 1;
            copied = start;
            continue;
        }
        let (text, _) = decoded(&run);
        out.replace(&text, from + start, at - start);
        copied = at;
    }
    out.copy(content.get(copied..).unwrap_or_default(), from + copied);
    out
}

fn escape(bytes: &[u8], at: usize) -> Option<u8> {
    if bytes.get(at) != Some(&b'=') {
        return None;
    }
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let (high, low) = (digit(bytes.get(at + 1)?)?, digit(bytes.get(at + 2)?)?);
    u8::try_from(high * 16 + low).ok()
}

/// Base64 with anything that is not of its alphabet left out.
fn base64(content: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len() * 3 / 4);
    let (mut held, mut bits) = (0_u32, 0_u32);
    for byte in content.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        held = (held << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((held >> bits) & 0xFF).unwrap_or_default());
        }
    }
    out
}
