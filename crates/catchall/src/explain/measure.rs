//! Measure: how wide text is, in the columns of a terminal and in the units of a picture, and which of it runs
//! from right to left.
//!
//! Terminal columns are those of Unicode's own table. Widths in a picture are estimates, on the wide side: no font is at hand. Picture widths are those of DejaVu Sans, the widest of the system
//! fonts the picture names, so that text set in another stays inside its box.

use unicode_width::UnicodeWidthChar;

/// Columns of a character in a terminal: none for marks that combine, two for wide scripts.
pub(crate) fn columns_of(each: char) -> usize {
    each.width().unwrap_or(0)
}

/// Columns of a text in a terminal.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// A text cut to so many columns, its end an ellipsis; control characters as spaces, and from right to left set apart so that
/// it does not turn its neighbours round.
pub(crate) fn cut(text: &str, width: usize) -> String {
    let mut kept: String = text
        .chars()
        .map(|each| if each.is_control() { ' ' } else { each })
        .collect();
    if columns(&kept) > width {
        let mut left = width.saturating_sub(1);
        let fits = |each: &char| {
            let room = left.checked_sub(columns_of(*each));
            left = room.unwrap_or(left);
            room.is_some()
        };
        kept = kept.chars().take_while(fits).collect();
        kept.push('…');
    }
    if has_right_to_left(&kept) {
        format!("\u{2068}{kept}\u{2069}")
    } else {
        kept
    }
}

/// The words of a text in lines of so many columns; a longer word stands alone.
pub(crate) fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let wide = columns(word);
        if used > 0 && used + 1 + wide > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += wide;
        }
    }
    lines
}

/// Whether a character belongs to a script written from right to left.
fn right_to_left(each: char) -> bool {
    matches!(u32::from(each),
        0x0590..=0x08FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFE | 0x10800..=0x10FFF | 0x1E800..=0x1EFFF)
}

/// Whether any of it runs from right to left.
pub(crate) fn has_right_to_left(text: &str) -> bool {
    text.chars().any(right_to_left)
}

/// Cuts a text into stretches, each with whether it runs from right to left: the words of such a script and
/// all that stands between two of them. Joined, the stretches are the text.
pub(crate) fn stretches(text: &str) -> Vec<(bool, String)> {
    let mut found: Vec<(bool, String)> = Vec::new();
    for piece in text.split_inclusive(' ') {
        let (word, gap) = piece
            .strip_suffix(' ')
            .map_or((piece, ""), |word| (word, " "));
        let turned = has_right_to_left(word);
        match found.as_mut_slice() {
            // A plain stretch without a letter, between two that are turned, belongs to them.
            [.., (true, before), (false, between)]
                if turned && !between.chars().any(char::is_alphabetic) =>
            {
                before.push_str(between);
                before.push_str(word);
                found.pop();
            }
            [.., (last, before)] if *last == turned && !turned => before.push_str(word),
            _ => found.push((turned, word.to_owned())),
        }
        if !gap.is_empty() {
            match found.as_mut_slice() {
                [.., (false, before)] => before.push_str(gap),
                _ => found.push((false, gap.to_owned())),
            }
        }
    }
    found.retain(|(_, words)| !words.is_empty());
    found
}

/// A face of the picture's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Face {
    /// Plain.
    Plain,
    /// Bold.
    Bold,
    /// Of one width.
    Mono,
}

/// Width in units of the picture at a size of `size` units.
pub(crate) fn units(text: &str, size: f64, face: Face) -> f64 {
    text.chars().map(|each| em(each, face)).sum::<f64>() * size
}

fn em(each: char, face: Face) -> f64 {
    match columns_of(each) {
        0 => return 0.0,
        1 => {}
        _ => return 1.0,
    }
    if face == Face::Mono {
        return 0.61;
    }
    let plain = match each {
        ' ' | '.' | ',' | '\'' | '|' | 'i' | 'j' | 'l' | 'I' => 0.32,
        ':' | ';' | '/' | '-' | '(' | ')' | '[' | ']' | 'f' | 't' | 'r' | 'J' => 0.40,
        'm' | 'W' | 'M' | '—' | '…' | '%' => 0.98,
        'w' | '@' | '<' | '>' | '=' | '+' | '≥' | '≤' => 0.84,
        'A'..='Z' => 0.72,
        'a'..='z' | '0'..='9' => 0.63,
        _ => 0.66,
    };
    if face == Face::Bold {
        plain * 1.12
    } else {
        plain
    }
}

/// Wraps a text to `width` units, at spaces, else behind a joint of an identifier, else where it must.
/// At most `lines`; what is cut off ends in an ellipsis.
pub(crate) fn wrap(text: &str, width: f64, size: f64, face: Face, lines: usize) -> Vec<String> {
    let mut made: Vec<String> = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        for (place, piece) in pieces(word, width, size, face).into_iter().enumerate() {
            let Some(line) = made.last_mut() else { break };
            let gap = if line.is_empty() || place > 0 {
                ""
            } else {
                " "
            };
            if line.is_empty()
                || units(line, size, face) + units(gap, size, face) + units(&piece, size, face)
                    <= width
            {
                line.push_str(gap);
                line.push_str(&piece);
            } else {
                made.push(piece);
            }
        }
    }
    if made.len() > lines {
        made.truncate(lines);
        if let Some(last) = made.last_mut() {
            while units(last, size, face) + units("…", size, face) > width && last.pop().is_some()
            {
            }
            let kept = last.trim_end().len();
            last.truncate(kept);
            last.push('…');
        }
    }
    made.retain(|line| !line.is_empty());
    made
}

/// A word that is wider than a line, in pieces that are not.
fn pieces(word: &str, width: f64, size: f64, face: Face) -> Vec<String> {
    if units(word, size, face) <= width {
        return vec![word.to_owned()];
    }
    let mut made = vec![String::new()];
    for joint in word.split_inclusive(['/', '.', '_', '-', '=', '&', '?', ',']) {
        let fits = units(joint, size, face) <= width;
        for part in if fits {
            vec![joint.to_owned()]
        } else {
            joint.chars().map(String::from).collect()
        } {
            match made.last_mut() {
                Some(last) if units(last, size, face) + units(&part, size, face) <= width => {
                    last.push_str(&part)
                }
                _ => made.push(part),
            }
        }
    }
    made
}
