//! Names compared across documents: whole names, with case, marks and the spellings of one sound evened out. A part of a name is
//! never enough, and a state is no name for its firms.

use crate::gazetteer::Gazetteers;
use crate::parties::sound;
use crate::reading::{Party, Reading};

/// The name as it is compared: two names are the same where this is.
#[must_use]
pub fn key(name: &str) -> String {
    name.replace('\'', " ")
        .split(|piece: char| !piece.is_alphanumeric() && piece != '.')
        .map(|word| word.replace('.', ""))
        .filter(|word| !word.is_empty() && !word.eq_ignore_ascii_case("the") && word != "s")
        .map(|word| {
            if word.chars().all(|piece| piece.is_ascii_digit()) {
                word
            } else {
                sound(&word)
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether two names are the same name.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    let (a, b) = (key(a), key(b));
    !a.is_empty() && a == b
}

/// The party of the document that bears the name, by its name or a spelling.
pub(super) fn party<'r>(reading: &'r Reading, name: &str) -> Option<&'r Party> {
    let wanted = key(name);
    if wanted.is_empty() {
        return None;
    }
    let bears = |party: &&Party| key(&party.name) == wanted;
    let spelled = |party: &&Party| party.aliases.iter().any(|alias| key(alias) == wanted);
    reading
        .parties
        .iter()
        .find(bears)
        .or_else(|| reading.parties.iter().find(spelled))
}

/// The usual name of the state that the words name, else the words.
pub(super) fn state_or(words: &Gazetteers, name: &str) -> String {
    let wanted = key(name);
    words
        .states
        .iter()
        .find(|state| {
            state.code.eq_ignore_ascii_case(name)
                || state.names.iter().any(|own| key(own) == wanted)
        })
        .and_then(|state| state.names.first().cloned())
        .unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_match_and_parts_do_not() {
        assert!(same("Igor Sergeev", "Igor Sergeyev"));
        assert!(same("The Balkan Foundry", "balkan foundry"));
        assert!(!same("Balkan Foundry", "Foundry"));
        assert!(!same("", ""));
    }
}
