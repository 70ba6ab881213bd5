//! Samples: the items of an entry that show its test to be right, blanked out of a list's file where only answers are asked.
//!
//! They are half of what the files hold, and reading them takes as long as all the rest. Every other character keeps its
//! place, so that a message still points at its line and column. Nothing else is understood of a file here.

/// The keys of samples.
const KEYS: [&str; 3] = ["inside", "outside", "open"];

/// The same text with spaces where samples stood.
pub(super) fn blanked(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    let mut left = text;
    // Within a text of several lines, as conditions are, nothing is a key.
    let mut in_text: Option<&str> = None;
    while !left.is_empty() {
        let end = left.find('\n').map_or(left.len(), |at| at + 1);
        let (line, rest) = left.split_at(end);
        if in_text.is_none()
            && let Some(value) = value_of_sample(line)
            && let Some(length) = length(&left[value..])
        {
            let (sample, after) = left.split_at(value + length);
            made.extend(
                sample
                    .bytes()
                    .map(|byte| if byte == b'\n' { '\n' } else { ' ' }),
            );
            left = after;
            continue;
        }
        for quotes in ["'''", "\"\"\""] {
            let turned = line.matches(quotes).count() % 2 == 1;
            match in_text {
                None if turned => in_text = Some(quotes),
                Some(open) if open == quotes && turned => in_text = None,
                _ => {}
            }
        }
        made.push_str(line);
        left = rest;
    }
    made
}

/// Where the value of a sample begins, if a line is one.
fn value_of_sample(line: &str) -> Option<usize> {
    let key = KEYS.iter().find(|key| line.starts_with(**key))?;
    let rest = line[key.len()..].trim_start();
    let value = rest.strip_prefix('=')?;
    Some(line.len() - value.len())
}

/// How long a value in braces or brackets is; `None` where it does not end.
fn length(value: &str) -> Option<usize> {
    let (mut depth, mut quote, mut escaped, mut comment) = (0usize, None, false, false);
    for (at, letter) in value.char_indices() {
        if comment {
            comment = letter != '\n';
            continue;
        }
        match (quote, letter) {
            (Some('"'), '\\') => escaped = !escaped,
            (Some(open), letter) if open == letter && !escaped => quote = None,
            (Some(_), _) => escaped = false,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '#') => comment = true,
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + letter.len_utf8());
                }
            }
            (None, letter) if depth == 0 && !letter.is_whitespace() => return None,
            (None, _) => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"
[[entry]]
code = "1"
when = '''
all of:
  open = "not a key here"
open = [ "nor here"
'''
inside = [
  { item.kind = "gyro", item.note = "a ] in \" words" },   # a ] in a comment
]
outside = [{ item.kind = "é" }]
title = "t"
open = { item.kind = "gyro" }
openly = [1]
source = "x"
"#;

    #[test]
    fn samples_go_and_everything_else_keeps_its_place() {
        let made = blanked(FILE);
        assert_eq!(made.len(), FILE.len());
        assert_eq!(made.lines().count(), FILE.lines().count());
        for (before, after) in FILE.lines().zip(made.lines()) {
            let gone = after.trim().is_empty() && !before.trim().is_empty();
            assert!(
                gone || before == after || after.trim().starts_with('#'),
                "{after}"
            );
        }
        for kept in [
            "title = \"t\"",
            "openly = [1]",
            "not a key here",
            "nor here",
        ] {
            assert_eq!(made.find(kept), FILE.find(kept), "{kept}");
        }
        for gone in ["inside", "outside", "gyro", "é"] {
            assert_eq!(made.find(gone), None, "{gone}");
        }
    }

    #[test]
    fn what_does_not_end_is_left_for_the_reader_to_complain_of() {
        let text = "inside = [{ item.kind = \"gyro\" }\ncode = \"1\"\n";
        assert_eq!(blanked(text), text);
        assert_eq!(blanked("open = 3\n"), "open = 3\n");
    }
}
