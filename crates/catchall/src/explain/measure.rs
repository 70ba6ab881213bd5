//! Measure: how wide text is, in the columns of a terminal and in the units of a picture, and which of it runs
//! from right to left.
//!
//! Estimates, on the wide side: no font is at hand. Terminal columns follow the usual rule (none for marks
//! that combine, two for wide scripts). Picture widths are those of DejaVu Sans, the widest of the system
//! fonts the picture names, so that text set in another stays inside its box.

/// Columns of a character in a terminal.
pub(crate) fn columns_of(each: char) -> usize {
    if combines(each) {
        0
    } else if wide(each) {
        2
    } else {
        1
    }
}

/// Columns of a text in a terminal.
pub(crate) fn columns(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

fn combines(each: char) -> bool {
    matches!(u32::from(each),
        0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05BD | 0x05BF | 0x05C1..=0x05C2 | 0x05C4..=0x05C5 | 0x05C7
        | 0x0610..=0x061A | 0x064B..=0x065F | 0x0670 | 0x06D6..=0x06DC | 0x06DF..=0x06E4 | 0x06E7..=0x06E8
        | 0x06EA..=0x06ED | 0x0711 | 0x0730..=0x074A | 0x0900..=0x0902 | 0x093C | 0x0941..=0x0948 | 0x094D
        | 0x0E31 | 0x0E34..=0x0E3A | 0x0E47..=0x0E4E | 0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x200B..=0x200F
        | 0x202A..=0x202E | 0x2060..=0x206F | 0x20D0..=0x20FF | 0xFE00..=0xFE0F | 0xFE20..=0xFE2F | 0xFEFF)
}

fn wide(each: char) -> bool {
    matches!(u32::from(each),
        0x1100..=0x115F | 0x2E80..=0x303E | 0x3041..=0x33FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xA000..=0xA4CF
        | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1F64F | 0x1F900..=0x1F9FF | 0x20000..=0x3FFFD)
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
    if combines(each) {
        return 0.0;
    }
    if wide(each) {
        return 1.0;
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
