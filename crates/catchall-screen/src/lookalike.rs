//! Lookalike: letters of one script that stand in a word of another because they look the same.
//!
//! A word whose letters are of several scripts is read in one of them where every foreign letter has a likeness there; else it is left as it stands.
//! Likenesses are those of Unicode's table of confusables (UTS 39) for Latin, Cyrillic, Greek, Armenian and Cherokee, and the small letters that a person
//! takes for one another in print. Knows nothing of names.
//!
//! To add a likeness: a row in [`LIKENESS`], the Latin letter first.

use crate::name::Script;
use crate::words::{joins, script_of};

/// A Latin letter, what looks like it in Cyrillic and in Greek (a space: nothing), and what looks like it elsewhere.
const LIKENESS: [(char, char, char, &str); 49] = [
    ('A', 'А', 'Α', "Ꭺ"),
    ('B', 'В', 'Β', "Ᏼ"),
    ('C', 'С', 'Ϲ', "Ꮯ"),
    ('D', ' ', ' ', "Ꭰ"),
    ('E', 'Е', 'Ε', "Ꭼ"),
    ('G', 'Ԍ', ' ', "Ꮐ"),
    ('H', 'Н', 'Η', "Ꮋ"),
    ('I', 'І', 'Ι', "Ӏ"),
    ('J', 'Ј', ' ', "Ꭻ"),
    ('K', 'К', 'Κ', "Ꮶ"),
    ('L', ' ', ' ', "Ꮮ"),
    ('M', 'М', 'Μ', "Ꮇ"),
    ('N', ' ', 'Ν', ""),
    ('O', 'О', 'Ο', "Օ"),
    ('P', 'Р', 'Ρ', "Ꮲ"),
    ('Q', 'Ԛ', ' ', ""),
    ('S', 'Ѕ', ' ', "ՏᏚ"),
    ('T', 'Т', 'Τ', "Ꭲ"),
    ('U', ' ', ' ', "Ս"),
    ('V', 'Ѵ', ' ', "Ꮩ"),
    ('W', 'Ԝ', ' ', "Ꮃ"),
    ('X', 'Х', 'Χ', ""),
    ('Y', 'У', 'Υ', "Ү"),
    ('Z', ' ', 'Ζ', "Ꮓ"),
    ('a', 'а', 'α', ""),
    ('b', 'в', 'β', ""),
    ('c', 'с', 'ϲ', ""),
    ('d', 'ԁ', ' ', ""),
    ('e', 'е', 'ε', ""),
    ('g', ' ', ' ', "ց"),
    ('h', 'н', ' ', "һհ"),
    ('i', 'і', 'ι', "ӏ"),
    ('j', 'ј', 'ϳ', ""),
    ('k', 'к', 'κ', ""),
    ('m', 'м', ' ', ""),
    ('n', 'п', 'η', "ո"),
    ('o', 'о', 'ο', "օσ"),
    ('p', 'р', 'ρ', ""),
    ('q', 'ԛ', ' ', "զ"),
    ('r', 'г', ' ', ""),
    ('s', 'ѕ', ' ', ""),
    ('t', 'т', 'τ', ""),
    ('u', 'и', 'υ', "ս"),
    ('v', 'ѵ', 'ν', ""),
    ('w', 'ԝ', 'ω', ""),
    ('x', 'х', 'χ', ""),
    ('y', 'у', 'γ', "ү"),
    ('ı', 'і', 'ι', ""),
    ('ɑ', 'а', 'α', ""),
];

/// How many letters in a row are a word of their own beside one of another script.
const WORD: usize = 3;

/// Marks that are not seen and part no words: joiners, isolates, marks of direction, selectors of a form.
pub(crate) fn unseen(letter: char) -> bool {
    matches!(letter,
        '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
        | '\u{206a}'..='\u{206f}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{e0000}'..='\u{e01ef}')
}

/// The text with every word of several scripts in one of them, letter for letter; `None` where there is no such word.
pub(crate) fn settled(text: &str) -> Option<String> {
    let letters: Vec<char> = text.chars().collect();
    let mut read: Option<Vec<char>> = None;
    let mut from = 0;
    while from < letters.len() {
        if confusable(letters[from]).is_none() {
            from += 1;
            continue;
        }
        let long = letters[from..]
            .iter()
            .take_while(|l| confusable(**l).is_some() || joins(**l));
        let to = from + long.count();
        if let Some(word) = in_one_script(&letters[from..to]) {
            read.get_or_insert_with(|| letters.clone())[from..to].copy_from_slice(&word);
        }
        from = to;
    }
    read.map(|letters| letters.into_iter().collect())
}

/// In which script a printed word of several is read; `None` where it is of one, or of several that do not look alike.
pub(crate) fn read_as(shown: &str) -> Option<Script> {
    shown.split_whitespace().find_map(|word| {
        let letters: Vec<char> = word.chars().collect();
        in_one_script(&letters)?.into_iter().find_map(confusable)
    })
}

/// The script of a letter that can be taken for one of another script. Cherokee counts as foreign to Latin though it has no table of its own.
fn confusable(letter: char) -> Option<Script> {
    if letter.is_ascii_alphabetic() {
        return Some(Script::Latin);
    }
    let script = script_of(letter).filter(|_| letter.is_alphabetic());
    script.filter(|script| {
        matches!(
            script,
            Script::Latin | Script::Cyrillic | Script::Greek | Script::Armenian
        )
    })
}

fn in_one_script(word: &[char]) -> Option<Vec<char>> {
    let scripts = || word.iter().filter_map(|letter| confusable(*letter));
    let count = |script: Script| {
        let own = |letter: &&char| confusable(**letter) == Some(script) && !foreign(**letter);
        word.iter().filter(own).count()
    };
    // In the script of most letters; of two that have as many, in the later of these.
    let script = [Script::Greek, Script::Cyrillic, Script::Latin]
        .into_iter()
        .max_by_key(|script| count(*script))?;
    let (own, all) = (count(script), scripts().count());
    if own == 0 || own == all {
        return None;
    }
    // Two words written as one, each in its script, are no word of several: `ОАОMorvent`.
    let seams = word
        .windows(2)
        .filter(|two| confusable(two[0]) != confusable(two[1]));
    if seams.count() == 1 && own.min(all - own) >= WORD {
        return None;
    }
    word.iter()
        .map(|letter| likeness(*letter, script))
        .collect()
}

/// A letter that is Latin for want of a table of its own and looks like a Latin letter.
fn foreign(letter: char) -> bool {
    ('\u{13a0}'..='\u{13ff}').contains(&letter)
}

/// The letter of a script that looks like this one; itself where it is of that script or no letter.
fn likeness(letter: char, script: Script) -> Option<char> {
    let own = confusable(letter);
    if own.is_none() || (own == Some(script) && !foreign(letter)) {
        return Some(letter);
    }
    let row = LIKENESS.iter().find(|(latin, cyrillic, greek, others)| {
        [*latin, *cyrillic, *greek].contains(&letter) || others.contains(letter)
    })?;
    let found = match script {
        Script::Cyrillic => row.1,
        Script::Greek => row.2,
        _ => row.0,
    };
    (found != ' ').then_some(found)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_word_of_several_scripts_is_read_in_one_where_all_its_letters_look_alike() {
        for (printed, read) in [
            ("Vіktоr", "Viktor"),
            ("ВоrіsоνMorvent", "BorisovMorvent"),
            ("Cергей", "Сергей"),
            ("Ꮩiktor Larin", "Viktor Larin"),
            ("Αthens Larin", "Athens Larin"),
        ] {
            assert_eq!(settled(printed).as_deref(), Some(read), "{printed}");
        }
        for left in [
            "Viktor",
            "Виктор",
            "НПОMorvent",
            "ОАОMorvent",
            "Виктор Larin",
            "Ωmega-Ж",
            "7Ж",
            "",
        ] {
            assert_eq!(settled(left), None, "{left}");
        }
    }

    #[test]
    fn every_likeness_is_a_letter_of_its_column() {
        for (latin, cyrillic, greek, others) in LIKENESS {
            assert_eq!(script_of(latin), Some(Script::Latin), "{latin}");
            assert!(
                cyrillic == ' ' || script_of(cyrillic) == Some(Script::Cyrillic),
                "{latin}"
            );
            assert!(
                greek == ' ' || script_of(greek) == Some(Script::Greek),
                "{latin}"
            );
            assert!(
                others.chars().all(|other| confusable(other).is_some()),
                "{latin}"
            );
        }
    }
}
