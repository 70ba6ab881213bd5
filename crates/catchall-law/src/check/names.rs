//! Names: letters of another alphabet that look like Latin ones, inside ids, keys, codes and words.
//!
//! `item.kind` with a Cyrillic `е` looks right and is another word. Names that are wholly Cyrillic or Greek are
//! what they seem; party names and other spellings may be.

use crate::diagnostic::{At, Diagnostic};
use crate::pack::Law;

/// Looks at every name that the packs define.
pub(super) fn check(law: &Law) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut strict = |what: &str, name: &str, at: &At| {
        if let Some(found_there) = lookalike(name) {
            found.push(problem(what, name, found_there, at));
        }
    };
    for instrument in &law.instruments {
        strict("id", &instrument.id, &instrument.at);
        strict("jurisdiction", &instrument.jurisdiction, &instrument.at);
    }
    for nexus in &law.nexus {
        strict("jurisdiction", &nexus.jurisdiction, &nexus.at);
    }
    for provision in &law.provisions {
        strict("id", &provision.id, &provision.at);
        for group in &provision.groups {
            strict("group", group, &provision.at);
        }
    }
    for list in &law.lists {
        strict("id", &list.id, &list.at);
        for name in &list.accepts {
            strict("name", name, &list.at);
        }
        for entry in &list.entries {
            strict("code", &entry.code, &entry.at);
            for tag in &entry.tags {
                strict("label", tag, &entry.at);
            }
        }
    }
    for set in &law.sets {
        strict("id", &set.id, &set.at);
    }
    let mut words_at = None;
    for fact in &law.vocabulary.facts {
        if let Some(at) = &fact.at {
            strict("key", &fact.key, at);
            words_at.get_or_insert_with(|| at.clone());
        }
    }
    for kind in &law.vocabulary.kinds {
        strict("kind", &kind.word, &kind.at);
    }
    for list in &law.vocabulary.lists {
        for word in &list.words {
            if let Some(at) = list.at.as_ref().or(words_at.as_ref()) {
                strict("word", &word.word, at);
            }
        }
    }
    for party in &law.parties {
        for name in std::iter::once(&party.name).chain(&party.aliases) {
            let mixed = name.split(|c: char| !c.is_alphabetic()).find_map(|word| {
                lookalike(word).filter(|_| word.chars().any(|c| c.is_ascii_alphabetic()))
            });
            if let Some(there) = mixed {
                found.push(problem(
                    "party's name",
                    name,
                    there,
                    &law.sets[party.set].at,
                ));
            }
        }
    }
    found
}

fn problem(
    what: &str,
    name: &str,
    (letter, latin, alphabet): (char, char, &str),
    at: &At,
) -> Diagnostic {
    let message = format!(
        "the {what} `{name}` holds `{letter}`, a {alphabet} letter (U+{:04X}) that looks like `{latin}`",
        u32::from(letter)
    );
    Diagnostic::error(
        "lookalike",
        at.clone(),
        message,
        format!("write the Latin `{latin}`: nobody could type this name"),
    )
}

/// The first letter of a text that is not Latin but looks so: itself, the Latin one, its alphabet.
pub(crate) fn lookalike(text: &str) -> Option<(char, char, &'static str)> {
    const CYRILLIC: &str = "АаВвЕеКкМмНнОоРрСсТтУуХхІіЈјЅѕҮүһԁԛԝӏ";
    const CYRILLIC_LATIN: &str = "AaBbEeKkMmHhOoPpCcTtYyXxIiJjSsYyhdqwl";
    const GREEK: &str = "ΑαΒΕεΖΗΙιΚκΜΝνΟοΡρΤτΥυΧχ";
    const GREEK_LATIN: &str = "AaBEeZHIiKkMNvOoPpTtYuXx";
    // All of them lie beyond ASCII.
    text.chars()
        .filter(|letter| !letter.is_ascii())
        .find_map(|letter| {
            let twin = |from: &str, to: &str| {
                from.chars()
                    .zip(to.chars())
                    .find(|(own, _)| *own == letter)
                    .map(|(_, latin)| latin)
            };
            let cyrillic = twin(CYRILLIC, CYRILLIC_LATIN).map(|latin| (letter, latin, "Cyrillic"));
            cyrillic.or_else(|| twin(GREEK, GREEK_LATIN).map(|latin| (letter, latin, "Greek")))
        })
}
