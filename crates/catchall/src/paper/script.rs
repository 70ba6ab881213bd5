//! Scripts: text as the letters that stand on a line: Arabic letters joined, lines broken, right-to-left parts turned round.
//!
//! What the font has no letter for is written as its code points, `[U+5317 U+4EAC]`, and never left out. To add letters that join: a row of
//! [`JOINS`].

use unicode_bidi::{BidiInfo, Level};
use unicode_normalization::UnicodeNormalization as _;

use super::font::Font;

/// Letters that join: the letter, its first shape, and how many it has: alone, at the end; of four also at the beginning and between.
#[rustfmt::skip]
const JOINS: &[(char, u32, u32)] = &[
    ('\u{0621}', 0xFE80, 1), ('\u{0622}', 0xFE81, 2), ('\u{0623}', 0xFE83, 2), ('\u{0624}', 0xFE85, 2), ('\u{0625}', 0xFE87, 2),
    ('\u{0626}', 0xFE89, 4), ('\u{0627}', 0xFE8D, 2), ('\u{0628}', 0xFE8F, 4), ('\u{0629}', 0xFE93, 2), ('\u{062A}', 0xFE95, 4),
    ('\u{062B}', 0xFE99, 4), ('\u{062C}', 0xFE9D, 4), ('\u{062D}', 0xFEA1, 4), ('\u{062E}', 0xFEA5, 4), ('\u{062F}', 0xFEA9, 2),
    ('\u{0630}', 0xFEAB, 2), ('\u{0631}', 0xFEAD, 2), ('\u{0632}', 0xFEAF, 2), ('\u{0633}', 0xFEB1, 4), ('\u{0634}', 0xFEB5, 4),
    ('\u{0635}', 0xFEB9, 4), ('\u{0636}', 0xFEBD, 4), ('\u{0637}', 0xFEC1, 4), ('\u{0638}', 0xFEC5, 4), ('\u{0639}', 0xFEC9, 4),
    ('\u{063A}', 0xFECD, 4), ('\u{0641}', 0xFED1, 4), ('\u{0642}', 0xFED5, 4), ('\u{0643}', 0xFED9, 4), ('\u{0644}', 0xFEDD, 4),
    ('\u{0645}', 0xFEE1, 4), ('\u{0646}', 0xFEE5, 4), ('\u{0647}', 0xFEE9, 4), ('\u{0648}', 0xFEED, 2), ('\u{0649}', 0xFEEF, 2),
    ('\u{064A}', 0xFEF1, 4), ('\u{0679}', 0xFB66, 4), ('\u{067E}', 0xFB56, 4), ('\u{0686}', 0xFB7A, 4), ('\u{0688}', 0xFB88, 2),
    ('\u{0691}', 0xFB8C, 2), ('\u{0698}', 0xFB8A, 2), ('\u{06A4}', 0xFB6A, 4), ('\u{06A9}', 0xFB8E, 4), ('\u{06AF}', 0xFB92, 4),
    ('\u{06BA}', 0xFB9E, 2), ('\u{06BE}', 0xFBAA, 4), ('\u{06CC}', 0xFBFC, 4),
];
/// Lam and an alef become one: the alef, and its shape alone; the one at the end of a word follows it.
const LAM_ALEF: &[(char, u32)] = &[
    ('\u{0622}', 0xFEF5),
    ('\u{0623}', 0xFEF7),
    ('\u{0625}', 0xFEF9),
    ('\u{0627}', 0xFEFB),
];
const LAM: char = '\u{0644}';

/// A line, in the order in which it stands on the page from left to right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Its letters, all of which the font has.
    pub(super) letters: Vec<char>,
    /// Whether it begins at the right.
    pub(super) from_right: bool,
}

/// Letters that stand for a shape, as they were written.
pub(super) fn written(shape: char) -> Vec<char> {
    let code = u32::from(shape);
    let ligature = LAM_ALEF
        .iter()
        .find(|(_, first)| (*first..*first + 2).contains(&code));
    if let Some((alef, _)) = ligature {
        return vec![LAM, *alef];
    }
    let row = JOINS
        .iter()
        .find(|(_, first, count)| (*first..*first + *count).contains(&code));
    vec![row.map_or(shape, |(letter, ..)| *letter)]
}

/// Text as lines of at most this width, in thousandths of the size. Gives whether letters had to be written as code points, too.
pub(super) fn lines(font: &Font, text: &str, most: u32) -> (Vec<Line>, bool) {
    let mut all = Vec::new();
    let mut spelt = false;
    for paragraph in text.split('\n') {
        let clean: Vec<char> = paragraph
            .nfc()
            .filter(|c| !matches!(c, '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{feff}' | '\u{ad}'))
            .map(|c| if c.is_control() || c == '\u{a0}' { ' ' } else { c })
            .collect();
        let (shown, some) = in_font(font, &joined(&clean));
        spelt |= some;
        ordered(font, &shown, most, &mut all);
    }
    (all, spelt)
}

fn row(letter: char) -> Option<(u32, u32)> {
    let found = JOINS.iter().find(|(own, ..)| *own == letter)?;
    Some((found.1, found.2))
}

/// Marks above and below, which join nothing and part nothing.
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{064B}'..='\u{065F}' | '\u{0670}' | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}')
}

/// Whether a letter joins the one behind it.
fn joins_on(letter: char) -> bool {
    matches!(letter, '\u{0640}' | '\u{200d}') || row(letter).is_some_and(|(_, count)| count == 4)
}

/// Whether a letter joins the one before it.
fn joins_back(letter: char) -> bool {
    matches!(letter, '\u{0640}' | '\u{200d}') || row(letter).is_some_and(|(_, count)| count > 1)
}

/// Each letter in the shape that its neighbours ask for.
fn joined(text: &[char]) -> Vec<char> {
    let mut shapes = Vec::with_capacity(text.len());
    let mut skip = false;
    for (place, letter) in text.iter().enumerate() {
        if std::mem::take(&mut skip) || matches!(letter, '\u{200c}' | '\u{200d}') {
            continue;
        }
        let Some((first, count)) = row(*letter) else {
            shapes.push(*letter);
            continue;
        };
        let before = text[..place].iter().rev().find(|c| !is_mark(**c));
        let behind = text[place + 1..].iter().find(|c| !is_mark(**c));
        let back = count > 1 && before.is_some_and(|c| joins_on(*c));
        let on = count == 4 && behind.is_some_and(|c| joins_back(*c));
        let next = text.get(place + 1);
        let one = LAM_ALEF
            .iter()
            .find(|(alef, _)| *letter == LAM && Some(alef) == next);
        let code = match (one, back, on) {
            (Some((_, alone)), back, _) => {
                skip = true;
                alone + u32::from(back)
            }
            (None, true, true) => first + 3,
            (None, false, true) => first + 2,
            (None, true, false) => first + 1,
            (None, false, false) => first,
        };
        shapes.push(char::from_u32(code).unwrap_or(*letter));
    }
    shapes
}

/// What the font has, and code points for what it has not.
fn in_font(font: &Font, letters: &[char]) -> (String, bool) {
    let mut shown = String::with_capacity(letters.len() * 2);
    let mut spelling = false;
    let mut some = false;
    for letter in letters {
        let has = font.glyph(*letter).is_some();
        match (spelling, has) {
            (false, true) => shown.push(*letter),
            (true, true) => {
                shown.push(']');
                shown.push(*letter);
            }
            (_, false) => {
                shown.push_str(if spelling { " " } else { "[" });
                shown.push_str(&format!("U+{:04X}", u32::from(*letter)));
                some = true;
            }
        }
        spelling = !has;
    }
    if spelling {
        shown.push(']');
    }
    (shown, some)
}

/// Breaks a paragraph into lines, and puts each into the order of the page.
fn ordered(font: &Font, shown: &str, most: u32, all: &mut Vec<Line>) {
    let bidi = BidiInfo::new(shown, None);
    let Some(paragraph) = bidi.paragraphs.first() else {
        all.push(Line {
            letters: Vec::new(),
            from_right: false,
        });
        return;
    };
    for (start, end) in broken(font, shown, most) {
        let (levels, runs) = bidi.visual_runs(paragraph, start..end);
        let mut letters = Vec::new();
        for run in runs {
            let text = &shown[run.clone()];
            if levels.get(run.start).is_some_and(Level::is_rtl) {
                letters.extend(text.chars().rev().map(mirrored));
            } else {
                letters.extend(text.chars());
            }
        }
        all.push(Line {
            letters,
            from_right: paragraph.level.is_rtl(),
        });
    }
}

/// Where lines begin and end: behind a space, or within a word that is longer than a line.
fn broken(font: &Font, shown: &str, most: u32) -> Vec<(usize, usize)> {
    let mut lines = Vec::new();
    let (mut start, mut wide, mut space) = (0, 0, None);
    for (at, letter) in shown.char_indices() {
        let own = font.width(letter);
        if wide + own > most && at > start && letter != ' ' {
            let cut = space.filter(|cut| *cut > start).unwrap_or(at);
            lines.push((start, cut));
            start = cut;
            wide = shown[start..at].chars().map(|c| font.width(c)).sum();
            space = None;
        }
        wide += own;
        if letter == ' ' {
            space = Some(at + 1);
        }
    }
    lines.push((start, shown.len()));
    lines
}

/// Brackets look the other way where text runs to the left.
fn mirrored(letter: char) -> char {
    const PAIRS: &[(char, char)] = &[
        ('(', ')'),
        ('[', ']'),
        ('{', '}'),
        ('<', '>'),
        ('«', '»'),
        ('‹', '›'),
    ];
    for (left, right) in PAIRS {
        if letter == *left {
            return *right;
        }
        if letter == *right {
            return *left;
        }
    }
    letter
}

#[cfg(test)]
mod tests {
    use super::super::font::FILE;
    use super::*;

    fn set(text: &str, most: u32) -> Vec<String> {
        let font = Font::read(FILE).unwrap();
        let (lines, _) = lines(&font, text, most);
        lines
            .iter()
            .map(|line| line.letters.iter().collect())
            .collect()
    }

    #[test]
    fn arabic_letters_join_and_run_to_the_left() {
        // "salam", with lam and alef as one; alone, and in a sentence with figures.
        assert_eq!(set("سلام", 9000), ["\u{fee1}\u{fefc}\u{feb3}"]);
        assert_eq!(
            set("شركة 25 (دبي)", 90_000),
            ["(\u{fef2}\u{fe91}\u{fea9}) 25 \u{fe94}\u{fedb}\u{feae}\u{feb7}"]
        );
        // A half-space parts letters of one word, and is not shown.
        assert_eq!(set("می\u{200c}شود", 9000)[0].chars().count(), 5);
        let font = Font::read(FILE).unwrap();
        let (mixed, _) = lines(&font, "Ahmad (احمد) 7", 90_000);
        assert!(!mixed[0].from_right);
        let text: String = mixed[0].letters.iter().collect();
        assert!(
            text.starts_with("Ahmad (") && text.ends_with(") 7"),
            "{text}"
        );
        let back: String = text.chars().rev().flat_map(written).collect();
        assert!(back.contains("احمد"), "{back}");
        assert_eq!(written('\u{fefc}'), ['ل', 'ا']);
    }

    #[test]
    fn every_shape_of_the_table_is_in_the_font() {
        let font = Font::read(FILE).unwrap();
        for (letter, first, count) in JOINS {
            for code in *first..*first + *count {
                let shape = char::from_u32(code).unwrap();
                assert!(font.glyph(shape).is_some(), "{letter} {code:04X}");
                assert_eq!(written(shape), [*letter]);
            }
        }
        for (_, first) in LAM_ALEF {
            assert!(font.glyph(char::from_u32(first + 1).unwrap()).is_some());
        }
    }

    #[test]
    fn what_the_font_has_not_is_written_as_code_points_and_never_left_out() {
        assert_eq!(set("AB 北京 C", 90_000), ["AB [U+5317 U+4EAC] C"]);
        assert_eq!(set("🛩", 90_000), ["[U+1F6E9]"]);
        // An accent that stands apart is joined to its letter.
        assert_eq!(set("e\u{301}", 9000), ["é"]);
        assert_eq!(set("a\tb\u{7}c", 9000), ["a b c"]);
        let font = Font::read(FILE).unwrap();
        assert!(lines(&font, "北", 9000).1 && !lines(&font, "Ж", 9000).1);
    }

    #[test]
    fn lines_break_behind_words_and_within_one_that_is_too_long() {
        let text = "valves and seals for a pump of the harbour";
        for most in [3000, 5000, 9000] {
            let lines = set(text, most);
            assert_eq!(lines.concat(), text, "{most}");
            assert!(lines.len() > 2);
        }
        let hash = "0123456789abcdef".repeat(8);
        let lines = set(&hash, 9000);
        assert!(lines.len() > 5);
        assert_eq!(lines.concat(), hash);
        assert_eq!(set("", 9000), [""]);
        assert_eq!(set("a\n\nb", 9000), ["a", "", "b"]);
    }
}
