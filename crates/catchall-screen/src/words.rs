//! Words: a printed text cut into words, each in one spelling for what its script writes in several ways.
//!
//! Knows scripts and marks, and nothing of what a word means.
//!
//! To add a script: its letters in [`script_of`].

use crate::lookalike::{settled, unseen};
use crate::name::Script;
use unicode_normalization::UnicodeNormalization;

/// A word of the text with what stood around it.
#[derive(Clone, Debug)]
pub(crate) struct Raw {
    pub(crate) shown: String,
    pub(crate) key: String,
    pub(crate) script: Script,
    pub(crate) aside: bool,
    pub(crate) after_comma: bool,
    pub(crate) lower: bool,
    /// How it was printed, where it is read otherwise.
    pub(crate) printed: Option<String>,
    /// How many letters wide the gap before it was.
    pub(crate) gap: usize,
}

/// One spelling for what a script writes in several ways; no accents, no case.
pub(crate) fn fold(word: &str) -> String {
    if word.is_ascii() {
        return word.to_ascii_lowercase();
    }
    let mut key = String::with_capacity(word.len());
    for letter in word.nfkc().flat_map(char::to_lowercase) {
        match letter {
            'ی' | 'ى' | 'ې' | 'ۍ' => key.push('ي'),
            'ک' | 'ڪ' => key.push('ك'),
            'أ' | 'إ' | 'آ' | 'ٱ' => key.push('ا'),
            'ة' | 'ۀ' | 'ہ' | 'ھ' => key.push('ه'),
            'ё' => key.push('е'),
            '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' => {}
            '\u{670}' | '\u{640}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => {}
            '\u{feff}' | '\u{ad}' => {}
            unseen if crate::lookalike::unseen(unseen) => {}
            latin
                if ('\u{c0}'..='\u{24f}').contains(&latin)
                    || ('\u{1e00}'..='\u{1eff}').contains(&latin) =>
            {
                key.push_str(&any_ascii::any_ascii_char(latin).to_ascii_lowercase());
            }
            'ə' => key.push('a'),
            other => key.push(other),
        }
    }
    key
}

/// The folded words of a phrase, as the tables hold them.
pub(crate) fn words_of(phrase: &str) -> Vec<String> {
    raws(phrase).into_iter().map(|raw| raw.key).collect()
}

/// The script of a letter; `None` for what is no letter.
pub(crate) fn script_of(letter: char) -> Option<Script> {
    Some(match letter {
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Greek,
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        '\u{531}'..='\u{58f}' => Script::Armenian,
        '\u{590}'..='\u{5ff}' => Script::Hebrew,
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{8a0}'..='\u{8ff}' => Script::Arabic,
        '\u{fb50}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}' => Script::Arabic,
        '\u{10a0}'..='\u{10ff}' | '\u{1c90}'..='\u{1cbf}' => Script::Georgian,
        '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => Script::Hangul,
        '\u{3040}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' => Script::Kana,
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '々' | '〇' => Script::Han,
        other if other.is_alphanumeric() => Script::Latin,
        _ => return None,
    })
}

pub(crate) fn joins(letter: char) -> bool {
    quotes(letter)
        || matches!(letter, '\u{200c}' | '\u{200d}')
        || ('\u{300}'..='\u{36f}').contains(&letter)
        || ('\u{64b}'..='\u{65f}').contains(&letter)
        || matches!(letter, '\u{640}' | '\u{670}' | '\u{ad}')
}

/// Cuts a text into words.
pub(crate) fn raws(text: &str) -> Vec<Raw> {
    let mut found: Vec<Raw> = Vec::new();
    let (mut word, mut printed, mut script) = (String::new(), String::new(), Script::Latin);
    let (mut depth, mut comma, mut gap) = (0u32, false, 0);
    let clean: String = if text.is_ascii() {
        text.to_owned()
    } else {
        text.nfkc().filter(|letter| !unseen(*letter)).collect()
    };
    let settled = if clean.is_ascii() {
        None
    } else {
        settled(&clean)
    };
    let read = settled.as_deref().unwrap_or(&clean);
    for (letter, seen) in read.chars().zip(clean.chars()).chain([(' ', ' ')]) {
        if joins(letter) {
            if !word.is_empty() && !quotes(letter) {
                word.push(letter);
                printed.push(seen);
            }
            continue;
        }
        let next = script_of(letter);
        let digit_run = |w: &str| w.ends_with(|c: char| c.is_ascii_digit());
        let breaks = next.is_none_or(|next| {
            next != script && (unspaced(script) || !letter.is_ascii_digit()) && !digit_run(&word)
        });
        if breaks && !word.is_empty() {
            let key = fold(&word);
            if !key.is_empty() {
                let lower = word.chars().next().is_some_and(char::is_lowercase);
                let otherwise = printed != word;
                found.push(Raw {
                    key,
                    shown: std::mem::take(&mut word),
                    script,
                    aside: depth > 0,
                    after_comma: comma,
                    lower,
                    printed: otherwise.then(|| printed.clone()),
                    gap,
                });
                (comma, gap) = (false, 0);
            }
            word.clear();
            printed.clear();
        }
        if let Some(next) = next {
            if word.is_empty() {
                script = next;
            }
            word.push(letter);
            printed.push(seen);
        } else {
            gap += 1;
        }
        match letter {
            '(' | '[' | '（' => depth += 1,
            ')' | ']' | '）' => depth = depth.saturating_sub(1),
            ',' | '،' | '，' => comma = true,
            _ => {}
        }
    }
    crate::spaced::together(found)
}

/// A mark that stands in a word and is not written down.
fn quotes(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' | '′'
    )
}

pub(crate) fn unspaced(script: Script) -> bool {
    matches!(script, Script::Han | Script::Hangul | Script::Kana)
}
