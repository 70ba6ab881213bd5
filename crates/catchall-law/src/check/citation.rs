//! Citation: what was read says where, as an address or a named document.

use crate::diagnostic::Diagnostic;
use crate::pack::Law;

/// Looks at the source of everything that is marked `read`.
pub(super) fn check(law: &Law) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut look = |what: String, source: &str, at: &crate::diagnostic::At| {
        if !names_a_document(source) {
            let said = if source.trim().is_empty() {
                "names no source".to_owned()
            } else {
                format!("gives `{}` as its source", source.trim())
            };
            let help = "write an address, or a document that somebody can find: its title with a date, volume or number; else mark it `recalled`";
            found.push(Diagnostic::warning(
                "vague-source",
                at.clone(),
                format!("{what} is marked `read`, but {said}"),
                help,
            ));
        }
    };
    for provision in law.provisions.iter().filter(|provision| provision.read) {
        look(
            format!("`{}`", provision.id),
            &provision.source,
            &provision.at,
        );
    }
    for entry in law.lists.iter().flat_map(|list| &list.entries) {
        if entry.editions.iter().any(|edition| edition.read) {
            look(
                format!("the entry `{}`", entry.code),
                &entry.source,
                &entry.at,
            );
        }
    }
    for set in law.sets.iter().filter(|set| set.read) {
        look(format!("the set `{}`", set.id), &set.source, &set.at);
    }
    found
}

/// An address, or at least two words with a capital letter and a number.
fn names_a_document(source: &str) -> bool {
    let address = source
        .split_once("://")
        .is_some_and(|(scheme, rest)| !scheme.is_empty() && rest.contains('.'));
    let words = source.split_whitespace().count() >= 2;
    let capital = source.chars().any(char::is_uppercase);
    let number = source.bytes().any(|b| b.is_ascii_digit());
    address || (words && capital && number)
}

#[cfg(test)]
mod tests {
    use super::names_a_document;

    #[test]
    fn an_address_or_a_titled_document_is_a_source() {
        for good in [
            "https://www.ecfr.gov/current/title-15",
            "Arms Control Today, January 1998",
            "63 FR 40363",
            "Annex handbook 2017, see https://mtcr.info",
        ] {
            assert!(names_a_document(good), "{good}");
        }
        for vague in [
            "",
            "the internet",
            "http://",
            "Wikipedia",
            "read it in 1998",
        ] {
            assert!(!names_a_document(vague), "{vague}");
        }
    }
}
