//! Words: how the document's own words are put for people, and which mark and mood go with each.
//!
//! A word of a later version, which stands in no table here, is shown as it is with its underscores
//! opened, in the plain mood; nothing is dropped because it is not known.

use std::str::FromStr;

use catchall_model::{Day, Effect};

/// What a status comes to for the reader; a colour follows from it, but never alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    /// May go ahead.
    Go,
    /// Something must be done first.
    Need,
    /// Stop.
    Stop,
    /// A person judges.
    Refer,
    /// Nobody has said.
    Unknown,
    /// No status.
    Plain,
}

impl Mood {
    /// The class that carries it on a page and in a picture.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Mood::Go => "is-go",
            Mood::Need => "is-need",
            Mood::Stop => "is-stop",
            Mood::Refer => "is-refer",
            Mood::Unknown => "is-unk",
            Mood::Plain => "is-plain",
        }
    }
}

/// A status in words, with its mood and the name of its mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) words: String,
    pub(crate) mood: Mood,
    pub(crate) mark: &'static str,
}

impl Status {
    fn new(words: &str, mood: Mood, mark: &'static str) -> Status {
        Status {
            words: words.to_owned(),
            mood,
            mark,
        }
    }
}

/// An outcome or an effect.
pub(crate) fn outcome(word: &str) -> Status {
    match word {
        "no_licence_required" => Status::new("no licence required", Mood::Go, "o-none"),
        "covered_by_licence" => Status::new("covered by licence", Mood::Go, "o-covered"),
        "notify" => Status::new("notify", Mood::Need, "o-notify"),
        "licence_required" => Status::new("licence required", Mood::Need, "o-licence"),
        "presumption_of_denial" => Status::new("presumption of denial", Mood::Stop, "o-presume"),
        "prohibited" => Status::new("prohibited", Mood::Stop, "o-prohibited"),
        "not_known" => Status::new("not known", Mood::Unknown, "o-nk"),
        "refer" => Status::new("refer", Mood::Refer, "o-refer"),
        "not_screened" => Status::new("not screened", Mood::Stop, "o-notscreened"),
        "" => Status::new("no outcome stated", Mood::Unknown, "m-nk"),
        other => Status::new(&opened(other), Mood::Plain, "i-law"),
    }
}

/// Whether a provision or an exception applies.
pub(crate) fn verdict(word: &str) -> Status {
    match word {
        "applies" => Status::new("applies", Mood::Plain, "m-true"),
        "does_not_apply" => Status::new("does not apply", Mood::Plain, "m-false"),
        "not_known" => Status::new("not known", Mood::Unknown, "m-nk"),
        "" => Status::new("verdict not stated", Mood::Unknown, "m-nk"),
        other => Status::new(&opened(other), Mood::Plain, "i-law"),
    }
}

/// How a test came out.
pub(crate) fn answer(word: &str) -> Status {
    match word {
        "pass" => Status::new("pass", Mood::Plain, "m-true"),
        "fail" => Status::new("fail", Mood::Plain, "m-false"),
        "not_known" | "" => Status::new("not known", Mood::Unknown, "m-nk"),
        other => Status::new(&opened(other), Mood::Plain, "i-law"),
    }
}

/// The force of a source.
pub(crate) fn force(word: &str) -> String {
    match word {
        "un_measure" => "UN measure".to_owned(),
        other => opened(other),
    }
}

/// The place of an effect on the scale, from 0; `None` for what does not stand on it.
pub(crate) fn level(word: &str) -> Option<usize> {
    Effect::from_str(word).ok().map(Effect::level)
}

/// A word of the contract with its underscores opened.
pub(crate) fn opened(word: &str) -> String {
    word.replace('_', " ")
}

/// With a capital at the front.
pub(crate) fn capital(words: &str) -> String {
    let mut rest = words.chars();
    rest.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(rest).collect()
    })
}

/// Short names are abbreviations and stand in capitals: `ru`, `eu`.
pub(crate) fn jurisdiction(id: &str) -> String {
    if id.is_empty() {
        return "jurisdiction not stated".to_owned();
    }
    let short = id.chars().count() <= 5 && id.chars().all(|each| each.is_ascii_lowercase());
    if short {
        id.to_uppercase()
    } else {
        id.to_owned()
    }
}

/// An interval in words: `1998-01-22/..` is `from 1998-01-22 on`. What is none is left as it stands.
pub(crate) fn interval(text: &str) -> String {
    let mut parts = text.split(", suspended ");
    let main = parts.next().map_or_else(String::new, span);
    parts.fold(main, |so_far, gap| {
        format!("{so_far}; suspended {}", span(gap))
    })
}

fn span(text: &str) -> String {
    let Some((start, end)) = text.split_once('/') else {
        return text.to_owned();
    };
    match (start.trim(), end.trim()) {
        ("..", "..") => "at all times".to_owned(),
        (start, "..") => format!("from {} on", edge(start)),
        ("..", end) => format!("until {}", edge(end)),
        (start, end) => format!("{} to {}", edge(start), edge(end)),
    }
}

/// A day of which only the bounds are known stands as `[1994-05-10..1994-05-11]`.
fn edge(text: &str) -> String {
    let inner = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match inner.and_then(|inner| inner.split_once("..")) {
        Some((first, last)) => format!("a day between {first} and {last}"),
        None => text.to_owned(),
    }
}

/// A day as prose has it: `25 March 1998`; what is no day is left as it stands.
pub(crate) fn day(text: &str) -> String {
    Day::parse(text).map_or_else(|_| text.to_owned(), Day::in_prose)
}

/// A digest by its first twelve places; anything else whole.
pub(crate) fn digest(text: &str) -> String {
    let hex = text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    match text.get(..12) {
        Some(head) if hex => format!("{head}…"),
        _ => text.to_owned(),
    }
}

/// `1 test`, `2 tests`.
pub(crate) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// Text of the document made safe to show: one line, no control character that a terminal would obey, no
/// direction mark that would reach beyond its own words.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|each| match each {
            '\n' | '\r' | '\t' | '\u{2028}' | '\u{2029}' => Some(' '),
            '\u{061C}'
            | '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' => None,
            '\u{E0000}'..='\u{E0FFF}' => None,
            each if each.is_control() || matches!(u32::from(each) & 0xFFFF, 0xFFFE | 0xFFFF) => {
                Some('\u{FFFD}')
            }
            each => Some(each),
        })
        .collect()
}

/// An effect in words.
pub(crate) fn effect_words(word: &str) -> String {
    outcome(word).words
}
