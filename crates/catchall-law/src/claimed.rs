//! Claimed codes: what people write for the number of an entry, and the path that it stands for.
//!
//! Not here: what a claim means for a list (`state.rs`, `claim_fit`). To read one more way of writing: a label in [`without_label`], or a shape of path,
//! and a row in `tests/codes.rs`.

/// A code as people write it: `9a101.A` is `9A101.a` by the list's own spelling, `EAR99` and `none` are no entry. `NLR` and `n/a` are not among them:
/// the one is an answer and no classification, the other says nothing, and neither clears an item.
pub fn claimed_code(text: &str) -> Option<String> {
    const NONE: &[&str] = &[
        "none",
        "ear99",
        "no",
        "unlisted",
        "notlisted",
        "not-listed",
        "false",
    ];
    let path = as_path(text.trim());
    let bare: String = path
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let said = bare.to_lowercase().replace("ear-99", "ear99");
    (!NONE.contains(&said.as_str())).then_some(path)
}

/// A code as a path: `VIII(h)(1)` is `VIII.h.1` and `3A001b4` is `3A001.b.4`; a word that says what it is a code of goes, as in `USML VIII` or
/// `ECCN: 3A001`; `MTCR Item 9A4` is `9.A.4`.
fn as_path(code: &str) -> String {
    let code = without_label(code);
    if let Some(path) = dual_use_path(code).or_else(|| item_path(code)) {
        return path;
    }
    let steps = code
        .split(['(', ')'])
        .map(|step| step.trim().trim_matches('.'));
    let short =
        |step: &str| step.len() <= 5 && step.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !code.contains('(') || !steps.clone().skip(1).all(short) {
        return code.to_owned();
    }
    let steps: Vec<&str> = steps.filter(|step| !step.is_empty()).collect();
    steps.join(".")
}

/// The code without the words before it that say what it is a code of.
fn without_label(mut code: &str) -> &str {
    for word in ["usml", "eccn", "category", "annex i"] {
        if let (Some(start), Some(rest)) = (code.get(..word.len()), code.get(word.len()..))
            && start.eq_ignore_ascii_case(word)
            && rest.starts_with([' ', ':', ','])
        {
            code = rest.trim_start_matches([' ', ':', ',']);
        }
    }
    behind_words(code)
}

/// Behind a list's name, `Item`, `Category II` and the like stands the code itself, when it has the shape of one; a word that denies is no name.
fn behind_words(code: &str) -> &str {
    const DENIALS: &[&str] = &[
        "not", "no", "non", "none", "other", "except", "below", "outside", "exempt", "former",
        "formerly",
    ];
    let apart = [' ', ':', ','];
    let begins = |at: usize| {
        code[..at].ends_with(apart) && code[at..].starts_with(|c: char| c.is_ascii_digit())
    };
    let Some(at) = code.char_indices().map(|(at, _)| at).find(|at| begins(*at)) else {
        return code;
    };
    let (words, rest) = code.split_at(at);
    let names = words.split(apart).all(|word| {
        !word.bytes().any(|byte| byte.is_ascii_digit())
            && !DENIALS.contains(&word.to_lowercase().as_str())
    });
    let shaped = dual_use_path(rest).is_some() || item_path(rest).is_some();
    if names && shaped { rest } else { code }
}

/// The path of an item of a list that goes by item, letter and number, however its steps are set apart: `9A4`, `9-A-4` and `9.a.4` are `9.A.4`.
/// `None` when it is no such code.
fn item_path(code: &str) -> Option<String> {
    let bare = |letter: &char| !letter.is_whitespace();
    let mut steps: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    for letter in code.chars().filter(bare) {
        if !letter.is_ascii_alphanumeric() {
            // Behind the number a stroke joins paragraphs, as in `4.C.2.a-b`.
            let parts = ".()".contains(letter) || (letter == '-' && steps.len() < 3);
            if !parts {
                return None;
            }
            before = None;
            continue;
        }
        match (before, steps.last_mut()) {
            (Some(last), Some(step)) if last.is_alphabetic() == letter.is_alphabetic() => {
                step.push(letter);
            }
            _ => steps.push(letter.to_string()),
        }
        before = Some(letter);
    }
    let [item, group, number, ..] = steps.as_mut_slice() else {
        return None;
    };
    let digits = |step: &str, most: usize| {
        step.len() <= most && step.bytes().all(|byte| byte.is_ascii_digit())
    };
    let letter = group.len() == 1 && "ABCDEabcde".contains(group.as_str());
    if !(digits(item, 2) && letter && digits(number, 2)) {
        return None;
    }
    group.make_ascii_uppercase();
    Some(steps.join("."))
}

/// The path of a dual-use entry, however its steps are set apart: a digit, a letter and three digits, then letters and digits by turns.
/// `None` when it is no such code.
fn dual_use_path(code: &str) -> Option<String> {
    let bare: String = code
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let shape = [false, true, false, false, false];
    let letters = bare.bytes().take(shape.len());
    let fits = letters.zip(shape).filter(|(byte, letter)| match letter {
        true => byte.is_ascii_alphabetic(),
        false => byte.is_ascii_digit(),
    });
    if fits.count() < shape.len() {
        return None;
    }
    let (entry, rest) = bare.split_at(shape.len());
    let known = |byte: u8| byte.is_ascii_alphanumeric() || b".()".contains(&byte);
    if !rest.bytes().all(known) {
        return None;
    }
    // The letter of an entry is written large and those of its paragraphs small, whichever way somebody types them.
    let mut path = entry.to_uppercase();
    let mut before: Option<char> = None;
    for letter in rest.chars() {
        let new_step = before.is_none_or(|before| before.is_alphabetic() != letter.is_alphabetic());
        if !letter.is_alphanumeric() {
            before = None;
            continue;
        }
        if new_step {
            path.push('.');
        }
        path.push(letter.to_ascii_lowercase());
        before = Some(letter);
    }
    Some(path)
}
