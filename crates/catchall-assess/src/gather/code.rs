//! Numbers that are claimed for an item: entries of control lists, and headings of the tariff.

use catchall_law::{Claim, ControlList, claimed_code, fold_word};
use catchall_model::Flag;

use super::{Filling, TARIFF};

impl Filling<'_> {
    pub(super) fn code(&mut self, list: &str, code: &str, path: &str) {
        let list_word = fold_word(list);
        if list.trim() == "*" || list.trim().is_empty() {
            return self.code_without_list(code, path);
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
        if let Some(code) = &code_of {
            self.slip(&named, code, path);
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

    /// A code without its list counts for every list that holds it.
    fn code_without_list(&mut self, code: &str, path: &str) {
        let Some(code) = claimed_code(code) else {
            return self.facts.claims.push(Claim {
                list: None,
                code: None,
            });
        };
        let lists: Vec<usize> = (0..self.law.lists.len())
            .filter(|list| bearing(&self.law.lists[*list], &code) != Bearing::Nowhere)
            .collect();
        self.slip(&lists, &code, path);
        if lists.is_empty() {
            self.flags.push(Flag {
                flag: format!(
                    "the code `{code}` is in no list of the packs, and no list was named with it"
                ),
                question: "Which list is the code from?".to_owned(),
                evidence: path.to_owned(),
                open: true,
            });
        }
        let claims = lists.into_iter().map(|list| Claim {
            list: Some(list),
            code: Some(code.clone()),
        });
        self.facts.claims.extend(claims);
    }

    /// Says so where none of the lists that a code is claimed for holds it: it may be a slip, and the nearest numbers show which.
    fn slip(&mut self, named: &[usize], code: &str, path: &str) {
        let lists = named.iter().map(|place| &self.law.lists[*place]);
        let lists: Vec<&ControlList> = lists.filter(|list| !list.selects).collect();
        let held = lists.iter().map(|list| (bearing(list, code), *list));
        let Some((best, list)) = held.min_by_key(|(bearing, _)| *bearing) else {
            return;
        };
        let near = nearest_codes(list, code);
        let near = match near.as_slice() {
            [] => String::new(),
            several => format!("; the nearest are {}", several.join(", ")),
        };
        let (flag, open) = match best {
            Bearing::Held => return,
            Bearing::Below(heading) => (
                format!(
                    "the packs hold {} {heading} and no paragraph {code} of it, and took the code for that entry{near}",
                    list.cite
                ),
                list.complete || has_rows_below(list, heading),
            ),
            Bearing::Nowhere => (
                format!(
                    "no entry of {} that the packs hold bears the code {code}{near}",
                    list.cite
                ),
                true,
            ),
        };
        self.flags.push(Flag {
            flag,
            question: "Is the code written right, and which entry does it stand for?".to_owned(),
            evidence: path.to_owned(),
            open,
        });
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

/// How a list holds a code; the better comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Bearing<'a> {
    /// An entry bears it, or it is a heading of some.
    Held,
    /// It lies below this entry, and the list has no row for it.
    Below(&'a str),
    /// No entry is like it.
    Nowhere,
}

fn bearing<'a>(list: &'a ControlList, code: &str) -> Bearing<'a> {
    let below = |one: &str, other: &str| {
        one.as_bytes().get(other.len()) == Some(&b'.')
            && one[..other.len()].eq_ignore_ascii_case(other)
    };
    let mut found: Option<&str> = None;
    for own in list.entries.iter().map(|entry| entry.code.as_str()) {
        if own.eq_ignore_ascii_case(code) || below(own, code) {
            return Bearing::Held;
        }
        if below(code, own) && found.is_none_or(|known| known.len() < own.len()) {
            found = Some(own);
        }
    }
    found.map_or(Bearing::Nowhere, Bearing::Below)
}

/// Whether a list has rows for paragraphs of an entry, so that one without a row is told apart from them.
fn has_rows_below(list: &ControlList, heading: &str) -> bool {
    let rows = list.entries.iter();
    rows.filter_map(|entry| entry.code.strip_prefix(heading))
        .any(|rest| rest.starts_with('.'))
}

/// How many codes are named beside one that no entry bears.
const NEAREST: usize = 3;

/// The codes of a list that begin most like a code, in the order of the list.
fn nearest_codes<'a>(list: &'a ControlList, code: &str) -> Vec<&'a str> {
    let alike = |own: &str| {
        let pairs = own.chars().zip(code.chars());
        pairs
            .take_while(|(own, code)| own.eq_ignore_ascii_case(code))
            .count()
    };
    let most = list.entries.iter().map(|entry| alike(&entry.code)).max();
    let most = most.filter(|most| *most > 0);
    let nearest = list.entries.iter().map(|entry| entry.code.as_str());
    let mut nearest: Vec<&str> = nearest.filter(|own| Some(alike(own)) == most).collect();
    nearest.dedup();
    // What is as long as the code is likelier meant than what lies far below it.
    nearest.sort_by_key(|own| own.len().abs_diff(code.len()));
    nearest.truncate(NEAREST);
    nearest
}
