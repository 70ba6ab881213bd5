//! A party of a transfer as a question to the lists.

use catchall_model::{Country, Party};
use catchall_screen::{BirthDate, Identifier, PartyKind, Query};

/// A party as an index is asked for it; `key` is the caller's own.
pub fn question_of(party: &Party, key: &str) -> Query {
    Query {
        party: key.to_owned(),
        ..query(party)
    }
}

/// A party as the index is asked for it.
pub(crate) fn query(party: &Party) -> Query {
    let countries: Vec<Country> = party
        .country
        .iter()
        .chain(party.nationalities.iter().flatten())
        .copied()
        .collect();
    let mut names: Vec<String> = party.name.iter().chain(&party.names).cloned().collect();
    let bare: Vec<String> = names
        .iter()
        .filter_map(|name| without_brackets(name))
        .collect();
    names.extend(bare);
    Query {
        party: names.first().cloned().unwrap_or_default(),
        names,
        kind: match party.kind.as_deref() {
            None | Some("other") => PartyKind::Unknown,
            Some("person") => PartyKind::Person,
            Some("vessel") => PartyKind::Vessel,
            Some("aircraft") => PartyKind::Aircraft,
            Some(_) => PartyKind::Organisation,
        },
        born: party.born.map(|born| BirthDate {
            from: born,
            to: born,
            circa: false,
        }),
        countries,
        identifiers: party
            .identifiers
            .iter()
            .map(|(kind, value)| Identifier {
                kind: kind.clone(),
                value: value.clone(),
                country: None,
            })
            .collect(),
        places: party.address.iter().cloned().collect(),
    }
}

/// A name without what stands in brackets, as people add a short form or a town: `Tula Instrument Design Bureau (KBP)`. It is asked
/// beside the whole name, and nothing is asked that was not written.
fn without_brackets(name: &str) -> Option<String> {
    let (before, rest) = name.split_once(['(', '[', '（'])?;
    let (_, after) = rest.split_once([')', ']', '）'])?;
    let bare = format!("{} {}", before.trim(), after.trim());
    let bare = bare.trim();
    // One short word would meet by chance.
    let told = bare.split_whitespace().count() > 1 || bare.chars().count() > 5;
    (told && bare != name).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::without_brackets;

    #[test]
    fn what_stands_in_brackets_is_left_out_beside_the_whole_name() {
        for (name, bare) in [
            (
                "Tula Instrument Design Bureau (KBP)",
                Some("Tula Instrument Design Bureau"),
            ),
            ("Zavod (Plant) No. 9", Some("Zavod No. 9")),
            ("(KBP)", None),
            ("Ace (Hong Kong)", None),
            ("Bureau (unclosed", None),
            ("Plain name", None),
        ] {
            assert_eq!(without_brackets(name).as_deref(), bare, "{name}");
        }
    }
}
