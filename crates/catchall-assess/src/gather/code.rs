//! Numbers that are claimed for an item: entries of control lists, and headings of the tariff.

use catchall_law::{Claim, claimed_code, fold_word};
use catchall_model::Flag;

use super::{Filling, TARIFF};

impl Filling<'_> {
    pub(super) fn code(&mut self, list: &str, code: &str, path: &str) {
        let list_word = fold_word(list);
        if list.trim() == "*" || list.trim().is_empty() {
            match claimed_code(code) {
                None => self.facts.claims.push(Claim {
                    list: None,
                    code: None,
                }),
                Some(code) => {
                    // A code without its list counts for every list that holds it.
                    let holds = |entry: &catchall_law::Entry| {
                        let (entry, code) = (entry.code.to_lowercase(), code.to_lowercase());
                        entry == code
                            || entry.starts_with(&format!("{code}."))
                            || code.starts_with(&format!("{entry}."))
                    };
                    let lists: Vec<usize> = (0..self.law.lists.len())
                        .filter(|list| self.law.lists[*list].entries.iter().any(holds))
                        .collect();
                    if lists.is_empty() {
                        self.flags.push(Flag {
                            flag: format!("the code `{code}` is in no list of the packs, and no list was named with it"),
                            question: "Which list is the code from?".to_owned(),
                            evidence: path.to_owned(),
                            open: true,
                        });
                    }
                    self.facts
                        .claims
                        .extend(lists.into_iter().map(|list| Claim {
                            list: Some(list),
                            code: Some(code.clone()),
                        }));
                }
            }
            return;
        }
        // A name may stand for several lists: `eu` for the common list and for the national ones beside it.
        let named = (0..self.law.lists.len()).filter(|place| {
            let list = &self.law.lists[*place];
            fold_word(&list.id) == list_word || list.accepts.contains(&list_word)
        });
        let named: Vec<usize> = named.collect();
        let code_of = claimed_code(code);
        for place in &named {
            // That the common list has no number for an item says nothing of a national one beside it.
            if code_of.is_some() || !self.law.lists[*place].shared.contains(&list_word) {
                self.facts.claims.push(Claim {
                    list: Some(*place),
                    code: code_of.clone(),
                });
            }
        }
        if named.is_empty() {
            self.flags.push(Flag {
                flag: format!(
                    "no pack holds the list `{list}`, so that its code `{code}` was not used"
                ),
                question: format!(
                    "Which of the lists held does the code correspond to: {}?",
                    self.law
                        .lists
                        .iter()
                        .map(|list| list.id.as_str())
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
                evidence: path.to_owned(),
                open: true,
            });
        }
    }

    /// A number that stands in the description of an item whose number nobody states: to read it as a claim would be a guess, to pass it over a hole.
    pub(super) fn number_in_words(&mut self, description: &str, path: &str) {
        if !description.contains(|each: char| each.is_ascii_digit()) {
            return;
        }
        let words = description.split(|each: char| !(each.is_alphanumeric() || each == '.'));
        let numbers = words
            .map(|word| word.trim_matches('.'))
            .filter(|word| self.known.is_number(self.law, &word.to_lowercase()));
        let mut named: Vec<&str> = numbers.collect();
        named.dedup();
        for number in named {
            self.flags.push(Flag {
                flag: format!("the description names {number}, the number of an entry of a control list, and no number is stated for the item"),
                question: format!("Is {number} the item's number? State it under `codes` with its list, or state there which it is, or `none`."),
                evidence: path.to_owned(),
                open: true,
            });
        }
    }

    /// A heading of the Harmonised System, for lists that go by such headings: chapter, heading and subheading as steps of a path.
    pub(super) fn tariff(&mut self, heading: &str) {
        let digits: Vec<char> = heading.chars().filter(char::is_ascii_digit).collect();
        let steps: Vec<String> = digits
            .chunks_exact(2)
            .map(|pair| pair.iter().collect())
            .collect();
        if steps.is_empty() {
            return;
        }
        let lists = self.law.lists.iter().enumerate();
        let claims = lists
            .filter(|(_, list)| list.accepts.iter().any(|name| name == TARIFF))
            .map(|(place, _)| Claim {
                list: Some(place),
                code: Some(steps.join(".")),
            });
        self.facts.claims.extend(claims);
    }
}
