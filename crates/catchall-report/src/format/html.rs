//! HTML: the text between the tags, with block tags as line ends and entities as their characters.
//!
//! No tree is built: tags are skipped as they come, in one pass, so that broken markup costs nothing but its own text.

use super::{Opened, decoded};
use crate::page::{Mapped, Page};

/// Opens a page.
pub(super) fn open(bytes: &[u8]) -> Opened {
    let (text, unread) = decoded(bytes);
    let plain = strip(&text);
    Opened {
        page: Page::new(text, plain),
        offsets: "stored",
        unread,
        ..Opened::default()
    }
}

/// The text without its tags.
fn strip(text: &str) -> Mapped {
    let mut out = Mapped::default();
    let mut at = 0;
    let mut copied = 0;
    let bytes = text.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'<' if bytes.get(at + 1).is_some_and(|next| {
                next.is_ascii_alphabetic() || matches!(next, b'/' | b'!' | b'?')
            }) =>
            {
                out.copy(text.get(copied..at).unwrap_or_default(), copied);
                let end = tag_end(text, at);
                if block(text.get(at..end).unwrap_or_default()) {
                    out.replace("\n\n", at, end - at);
                }
                at = end;
                copied = end;
            }
            b'\n' | b'\r' => {
                out.copy(text.get(copied..at).unwrap_or_default(), copied);
                out.copy(" ", at);
                at += 1;
                copied = at;
            }
            b'&' => {
                if let Some((character, length)) = entity(text.get(at..).unwrap_or_default()) {
                    out.copy(text.get(copied..at).unwrap_or_default(), copied);
                    let mut buffer = [0; 4];
                    out.replace(character.encode_utf8(&mut buffer), at, length);
                    at += length;
                    copied = at;
                } else {
                    at += 1;
                }
            }
            _ => at += 1,
        }
    }
    out.copy(text.get(copied..).unwrap_or_default(), copied);
    out
}

/// The byte behind the tag; behind the whole element for scripts, styles and comments.
fn tag_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    if rest.starts_with("<!--") {
        return rest.find("-->").map_or(text.len(), |end| at + end + 3);
    }
    let close = rest.find('>').map_or(text.len(), |end| at + end + 1);
    for name in ["script", "style"] {
        if rest
            .get(1..=name.len())
            .is_some_and(|own| own.eq_ignore_ascii_case(name))
        {
            let behind = text.get(close..).unwrap_or_default();
            let end = [
                format!("</{name}"),
                format!("</{}", name.to_ascii_uppercase()),
            ]
            .iter()
            .filter_map(|tag| behind.find(tag.as_str()))
            .min();
            return end.map_or(text.len(), |end| {
                let tail = text.get(close + end..).unwrap_or_default();
                tail.find('>')
                    .map_or(text.len(), |last| close + end + last + 1)
            });
        }
    }
    close
}

/// Whether the tag ends a line.
fn block(tag: &str) -> bool {
    let name: String = tag
        .trim_start_matches(['<', '/'])
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    matches!(
        name.as_str(),
        "p" | "br"
            | "div"
            | "li"
            | "tr"
            | "td"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "table"
            | "title"
            | "blockquote"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "ul"
            | "ol"
            | "hr"
            | "body"
            | "head"
            | "nav"
            | "pre"
    )
}

/// The character of an entity and its length in bytes.
fn entity(rest: &str) -> Option<(char, usize)> {
    let end = rest
        .as_bytes()
        .iter()
        .take(12)
        .position(|byte| *byte == b';')?;
    let name = rest.get(1..end)?;
    let character = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "rsquo" => '’',
        "lsquo" => '‘',
        "rdquo" => '”',
        "ldquo" => '“',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "laquo" => '«',
        "raquo" => '»',
        "copy" => '©',
        "eacute" => 'é',
        "shy" => '\u{ad}',
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((character, end + 1))
}
