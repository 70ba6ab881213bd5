//! Where a value of a JSON text ends, without reading what it says.
//!
//! A walk over strings, escapes and brackets finds the end of one element of a list in one pass and in
//! flat memory. It is not a check of the syntax: what is wrong inside an element is found where the
//! element is decoded. What is wrong with its outline (a bracket that closes another kind, a string that
//! does not end on its line) is found here, since the walk would otherwise run on through good elements.

use memchr::memchr3;

/// What stands at the start of the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    /// A value of this many bytes.
    Value(usize),
    /// The bytes end before the value does.
    Unfinished,
    /// No value: why, and how far on that was clear.
    Broken(Outline, usize),
}

/// What is wrong with the outline of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outline {
    /// A string goes over the end of its line.
    String,
    /// This closing bracket has no opening one of its kind.
    Bracket(u8),
    /// The file ends inside the value.
    End,
}

/// Finds the end of the value that starts the bytes, behind any space. `last` says that nothing follows.
pub(crate) fn find(bytes: &[u8], last: bool) -> Element {
    match bytes.first() {
        None => Element::Unfinished,
        Some(b'{' | b'[') => nested(bytes, last),
        Some(b'"') => match string(bytes, 0) {
            Text::Ends(end) => Element::Value(end),
            Text::Breaks(at) => Element::Broken(Outline::String, at),
            Text::Unfinished if last => Element::Broken(Outline::End, bytes.len()),
            Text::Unfinished => Element::Unfinished,
        },
        Some(close @ (b'}' | b']')) => Element::Broken(Outline::Bracket(*close), 0),
        Some(_) => {
            let rest = bytes.get(1..).unwrap_or_default();
            let end = rest.iter().position(|byte| ends_bare(*byte));
            match end {
                Some(end) => Element::Value(end + 1),
                None if last => Element::Value(bytes.len()),
                None => Element::Unfinished,
            }
        }
    }
}

/// Whether a value without quotes and brackets ends before this byte.
fn ends_bare(byte: u8) -> bool {
    matches!(
        byte,
        b',' | b']' | b'}' | b'{' | b'[' | b'"' | b' ' | b'\t' | b'\r' | b'\n'
    )
}

/// A walk to the end of a value that is too long to be kept.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Skip {
    begun: bool,
    /// Neither text nor brackets: it ends before the next of those, a comma or a space.
    bare: bool,
    depth: usize,
    in_text: bool,
    escaped: bool,
}

impl Skip {
    /// Walks over more of the value; the place behind its end, once that is in these bytes.
    pub(crate) fn over(&mut self, bytes: &[u8]) -> Option<usize> {
        for (at, byte) in bytes.iter().enumerate() {
            if !self.begun {
                self.begun = true;
                self.bare = !matches!(byte, b'{' | b'[' | b'"');
            }
            if self.bare {
                if ends_bare(*byte) {
                    return Some(at);
                }
                continue;
            }
            if self.in_text {
                match byte {
                    _ if self.escaped => self.escaped = false,
                    b'\\' => self.escaped = true,
                    b'"' => self.in_text = false,
                    _ => {}
                }
            } else {
                match byte {
                    b'"' => self.in_text = true,
                    b'{' | b'[' => self.depth += 1,
                    b'}' | b']' => self.depth = self.depth.saturating_sub(1),
                    _ => {}
                }
            }
            if self.depth == 0 && !self.in_text {
                return Some(at + 1);
            }
        }
        None
    }
}

/// Whether brackets lie deeper than `most`.
pub(crate) fn deeper_than(text: &[u8], most: usize) -> bool {
    let (mut depth, mut at) = (0usize, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                if depth > most {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'"' => {
                match string(text, at) {
                    Text::Ends(end) => at = end,
                    _ => return false,
                }
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    false
}

fn nested(bytes: &[u8], last: bool) -> Element {
    let mut open: Vec<u8> = Vec::with_capacity(16);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => match string(bytes, at) {
                Text::Ends(end) => {
                    at = end;
                    continue;
                }
                Text::Breaks(place) => return Element::Broken(Outline::String, place),
                Text::Unfinished => break,
            },
            b'{' => open.push(b'}'),
            b'[' => open.push(b']'),
            b'}' | b']' => {
                if open.pop() != Some(*byte) {
                    return Element::Broken(Outline::Bracket(*byte), at);
                }
                if open.is_empty() {
                    return Element::Value(at + 1);
                }
            }
            _ => {}
        }
        at += 1;
    }
    if last {
        Element::Broken(Outline::End, bytes.len())
    } else {
        Element::Unfinished
    }
}

enum Text {
    Ends(usize),
    Breaks(usize),
    Unfinished,
}

/// The end of the string whose opening quote stands at `at`.
fn string(bytes: &[u8], at: usize) -> Text {
    let mut from = at + 1;
    loop {
        let rest = bytes.get(from..).unwrap_or_default();
        let Some(place) = memchr3(b'"', b'\\', b'\n', rest) else {
            return Text::Unfinished;
        };
        from += place;
        match bytes.get(from) {
            Some(b'"') => return Text::Ends(from + 1),
            Some(b'\n') => return Text::Breaks(from),
            _ => from += 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_ends_where_its_brackets_close() {
        for (text, end) in [
            (r#"{"a":"}]\"","b":[{}]},{"#, 21),
            ("[[],[]] ", 7),
            ("12.5e3,", 6),
            (r#""a,b","#, 5),
            ("null]", 4),
        ] {
            assert_eq!(find(text.as_bytes(), false), Element::Value(end), "{text}");
        }
        assert_eq!(find(b"tru", false), Element::Unfinished);
        assert_eq!(find(b"true", true), Element::Value(4));
        assert_eq!(find(br#"{"a":"\"#, false), Element::Unfinished);
    }

    #[test]
    fn an_outline_that_is_wrong_is_told_at_once() {
        assert_eq!(
            find(b"{\"a\":[1}", false),
            Element::Broken(Outline::Bracket(b'}'), 7)
        );
        assert_eq!(
            find(b"{\"a\":\"x\n\"}", false),
            Element::Broken(Outline::String, 7)
        );
        assert_eq!(find(b"{\"a\":1", true), Element::Broken(Outline::End, 6));
        assert_eq!(find(b"]", true), Element::Broken(Outline::Bracket(b']'), 0));
    }

    #[test]
    fn depth_is_counted_outside_strings() {
        assert!(deeper_than(b"[[[1]]]", 2));
        assert!(!deeper_than(b"[[[1]]]", 3));
        assert!(!deeper_than(br#"["[[[[","\"[["]"#, 1));
    }
}
