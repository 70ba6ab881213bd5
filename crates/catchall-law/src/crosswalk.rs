//! Crosswalk: the numbers that one thing bears on several lists, side by side.
//!
//! Data in `packs/crosswalk/`: what an entry is to entries of other lists (`same`, `narrower`, `wider`, `overlaps`). A number that
//! stands beside another proves nothing of scope: it says where to look. No answer of the law rests on it, so it is read when
//! somebody asks, not at every start. To add a list: a file there; `catchall law check` holds every code against the lists.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use crate::diagnostic::{At, Diagnostic, Source, nearest};
use crate::pack::Law;

/// The folder of the packs that holds it.
pub(crate) const FOLDER: &str = "crosswalk";

/// What another entry is to this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// They cover the same.
    Same,
    /// The other is a part of this one.
    Narrower,
    /// The other is this one and more.
    Wider,
    /// They share some things, or nobody has compared their scope.
    Overlaps,
}

impl Relation {
    const ALL: [Relation; 4] = [
        Relation::Same,
        Relation::Narrower,
        Relation::Wider,
        Relation::Overlaps,
    ];

    /// The word of the packs.
    pub fn word(self) -> &'static str {
        match self {
            Relation::Same => "same",
            Relation::Narrower => "narrower",
            Relation::Wider => "wider",
            Relation::Overlaps => "overlaps",
        }
    }

    fn seen_from_there(self) -> Relation {
        match self {
            Relation::Narrower => Relation::Wider,
            Relation::Wider => Relation::Narrower,
            even => even,
        }
    }
}

/// An entry of another list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Neighbour {
    /// The list; empty for one that is not held, which `code` then names in words.
    pub list: String,
    /// The code of the entry there.
    pub code: String,
    /// What it is to the entry asked for.
    pub relation: Relation,
    /// The code of the row that says so, where it is a heading above the one asked for.
    pub by: String,
    /// What the row adds.
    pub note: String,
    /// Where the row comes from.
    pub source: String,
}

/// The rows, by list and code.
#[derive(Clone, Debug, Default)]
pub struct Crosswalk {
    rows: BTreeMap<String, BTreeMap<String, Vec<Neighbour>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    crosswalk: Head,
    #[serde(default)]
    row: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    from: Spanned<String>,
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    code: Spanned<String>,
    to: Vec<There>,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    note: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct There {
    list: Spanned<String>,
    code: Spanned<String>,
    relation: Spanned<String>,
    #[serde(default)]
    note: String,
}

impl Crosswalk {
    /// Reads the rows of the packs. What is faulty is left out here; `check` says it.
    pub fn of(law: &Law) -> Crosswalk {
        read(law, &mut Vec::new())
    }

    /// What stands beside an entry, in order of list and code: by its own row, and where there is none, by the row of the nearest
    /// heading above it, named in `by`. Empty means that no row speaks of it, not that no other list covers the item.
    pub fn beside(&self, list: &str, code: &str) -> Vec<Neighbour> {
        let Some(rows) = self.rows.get(list) else {
            return Vec::new();
        };
        let mut heading = code;
        loop {
            if let Some(found) = rows.get(heading) {
                let by = if heading == code { "" } else { heading };
                let named = |own: &Neighbour| Neighbour {
                    by: by.to_owned(),
                    ..own.clone()
                };
                return found.iter().map(named).collect();
            }
            match heading.rfind('.') {
                Some(at) => heading = &heading[..at],
                None => return Vec::new(),
            }
        }
    }

    /// The lists that bear a code of these letters, in order.
    pub fn lists_with(&self, code: &str) -> Vec<&str> {
        let lists = self.rows.iter();
        lists
            .filter(|(list, _)| !self.beside(list, code).is_empty())
            .map(|(list, _)| list.as_str())
            .collect()
    }

    fn put(&mut self, list: &str, code: &str, neighbour: Neighbour) {
        let row = self.rows.entry(list.to_owned()).or_default();
        let row = row.entry(code.to_owned()).or_default();
        // Two files may say the same of a pair; what somebody compared comes before `overlaps`.
        let same = |own: &&mut Neighbour| own.list == neighbour.list && own.code == neighbour.code;
        match row.iter_mut().find(same) {
            Some(own) if own.relation == Relation::Overlaps => *own = neighbour,
            Some(_) => {}
            None => {
                row.push(neighbour);
                row.sort();
            }
        }
    }
}

/// Which codes of the lists that carry others as a whole may lead to an entry there.
#[derive(Clone, Debug, Default)]
pub struct Carriers {
    /// By the list that is carried and the one that carries it, by place.
    pairs: BTreeMap<(usize, usize), Carried>,
}

#[derive(Clone, Debug, Default)]
struct Carried {
    /// Every code that the carrying list holds.
    held: BTreeSet<String>,
    /// Those that bear the label.
    labelled: BTreeSet<String>,
}

impl Carriers {
    /// As the packs have it.
    pub fn of(law: &Law) -> Carriers {
        let mut all = Carriers::default();
        for (place, list) in law.lists.iter().enumerate() {
            for carrier in &list.carried_by {
                let other = law.lists.iter().position(|own| own.id == carrier.list);
                let Some(other) = other else { continue };
                let labelled = |tag: &String| {
                    let rest = tag.strip_prefix(carrier.label.as_str());
                    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
                };
                let carried = all.pairs.entry((place, other)).or_default();
                for entry in &law.lists[other].entries {
                    carried.held.insert(entry.code.clone());
                    if entry.tags.iter().any(labelled) {
                        carried.labelled.insert(entry.code.clone());
                    }
                }
            }
        }
        all
    }

    /// Whether a code on another list says that an item is on no entry of this one: the other carries all of this one, and neither
    /// a label of the code nor a row of the crosswalk leads here. `None`, on no entry there, says so at once; a code that the
    /// other list does not hold says nothing. The crosswalk is asked for last, since reading it takes time.
    pub fn rule_out<'a>(
        &self,
        law: &Law,
        (list, other): (usize, usize),
        code: Option<&str>,
        crosswalk: impl FnOnce() -> &'a Crosswalk,
    ) -> bool {
        let Some(carried) = self.pairs.get(&(list, other)) else {
            return false;
        };
        let Some(code) = code else {
            return true;
        };
        if !touches(&carried.held, code) || touches(&carried.labelled, code) {
            return false;
        }
        let (own, other) = (&law.lists[list].id, &law.lists[other].id);
        let leads = |beside: Vec<Neighbour>| beside.iter().any(|each| each.list == *own);
        let walk = crosswalk();
        let rows = walk.rows.get(other);
        let first = format!("{code}.");
        let mut below = rows
            .into_iter()
            .flat_map(|rows| rows.range(first.clone()..))
            .take_while(|(below, _)| below.starts_with(&first));
        !leads(walk.beside(other, code)) && !below.any(|(_, row)| leads(row.clone()))
    }
}

/// Whether a set holds a code, one above it or one below it.
fn touches(codes: &BTreeSet<String>, code: &str) -> bool {
    let mut above = code;
    loop {
        if codes.contains(above) {
            return true;
        }
        match above.rfind('.') {
            Some(at) => above = &above[..at],
            None => break,
        }
    }
    let first = format!("{code}.");
    codes
        .range(first.clone()..)
        .next()
        .is_some_and(|below| below.starts_with(&first))
}

/// Whether one code is the other or lies below it.
fn within(code: &str, above: &str) -> bool {
    code.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Every row that names what the packs do not hold, and every carrying list that is not held.
pub(crate) fn check(law: &Law) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    read(law, &mut problems);
    for carrier in law.lists.iter().flat_map(|list| &list.carried_by) {
        let ids = law.lists.iter().map(|own| own.id.as_str());
        if ids.clone().all(|id| id != carrier.list) {
            let help = match nearest(&carrier.list, ids) {
                Some(near) => format!("the nearest is `{near}`"),
                None => "name a list of the packs".to_owned(),
            };
            let message = format!("no pack holds the list `{}`", carrier.list);
            problems.push(Diagnostic::error(
                "carried-by",
                carrier.at.clone(),
                message,
                help,
            ));
        }
    }
    problems
}

fn read(law: &Law, problems: &mut Vec<Diagnostic>) -> Crosswalk {
    let mut all = Crosswalk::default();
    let ours = |source: &&Source| {
        let inside = source.file.strip_prefix(FOLDER);
        inside.is_some_and(|rest| rest.starts_with('/') && rest.ends_with(".toml"))
    };
    for source in law.sources.iter().filter(ours) {
        match toml::from_str::<File>(&source.text) {
            Ok(file) => rows(law, source, &file, &mut all, problems),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                problems.push(Diagnostic::error(
                    "crosswalk-form",
                    source.at(span.start, span.end),
                    format!("this crosswalk cannot be read: {}", error.message()),
                    "write `[crosswalk]` with `from` and `source`, then rows with `code` and `to = [{ list, code, relation }]`",
                ));
            }
        }
    }
    all
}

fn rows(
    law: &Law,
    source: &Source,
    file: &File,
    all: &mut Crosswalk,
    problems: &mut Vec<Diagnostic>,
) {
    let from = file.crosswalk.from.get_ref();
    if !known_list(law, source, &file.crosswalk.from, problems) {
        return;
    }
    for row in &file.row {
        let code = row.code.get_ref();
        if !known_code(law, source, from, &row.code, problems) {
            continue;
        }
        for there in &row.to {
            let list = there.list.get_ref();
            let relation = relation(source, &there.relation, problems);
            let (Some(relation), true) = (
                relation,
                known_list(law, source, &there.list, problems)
                    && known_code(law, source, list, &there.code, problems),
            ) else {
                continue;
            };
            let note = if there.note.is_empty() {
                &row.note
            } else {
                &there.note
            };
            let beside = |list: &str, code: &str, relation| Neighbour {
                list: list.to_owned(),
                code: code.to_owned(),
                relation,
                by: String::new(),
                note: note.clone(),
                source: file.crosswalk.source.clone(),
            };
            let other = there.code.get_ref();
            all.put(from, code, beside(list, other, relation));
            all.put(list, other, beside(from, code, relation.seen_from_there()));
        }
        for words in &row.also {
            let named = Neighbour {
                list: String::new(),
                code: words.clone(),
                relation: Relation::Overlaps,
                by: String::new(),
                note: row.note.clone(),
                source: file.crosswalk.source.clone(),
            };
            all.put(from, code, named);
        }
    }
}

fn place<T>(source: &Source, at: &Spanned<T>) -> At {
    source.at(at.span().start, at.span().end)
}

fn known_list(
    law: &Law,
    source: &Source,
    list: &Spanned<String>,
    problems: &mut Vec<Diagnostic>,
) -> bool {
    let ids = law.lists.iter().map(|own| own.id.as_str());
    if ids.clone().any(|id| id == list.get_ref()) {
        return true;
    }
    let help = match nearest(list.get_ref(), ids) {
        Some(near) => format!("the nearest is `{near}`"),
        None => "name a list of the packs; `catchall law coverage` shows them".to_owned(),
    };
    let message = format!("no pack holds the list `{}`", list.get_ref());
    problems.push(Diagnostic::error(
        "crosswalk-list",
        place(source, list),
        message,
        help,
    ));
    false
}

fn known_code(
    law: &Law,
    source: &Source,
    list: &str,
    code: &Spanned<String>,
    problems: &mut Vec<Diagnostic>,
) -> bool {
    let own = law.lists.iter().find(|own| own.id == list);
    let entries = own.map_or(&[][..], |own| &own.entries);
    let wanted = code.get_ref();
    if entries.iter().any(|entry| within(&entry.code, wanted)) {
        return true;
    }
    let help = match nearest(wanted, entries.iter().map(|entry| entry.code.as_str())) {
        Some(near) => format!("the nearest is `{near}`"),
        None => "name an entry of that list, or a heading of one".to_owned(),
    };
    let message = format!("the list `{list}` has no entry `{wanted}`, nor one below it");
    problems.push(Diagnostic::error(
        "crosswalk-code",
        place(source, code),
        message,
        help,
    ));
    false
}

fn relation(
    source: &Source,
    word: &Spanned<String>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Relation> {
    let found = Relation::ALL
        .into_iter()
        .find(|each| each.word() == word.get_ref());
    if found.is_none() {
        problems.push(Diagnostic::error(
            "crosswalk-relation",
            place(source, word),
            format!("`{}` is no relation between entries", word.get_ref()),
            "write `same`, `narrower`, `wider` or `overlaps`: what the other entry is to this one",
        ));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk() -> Crosswalk {
        let mut all = Crosswalk::default();
        let beside = |list: &str, code: &str, relation| Neighbour {
            list: list.to_owned(),
            code: code.to_owned(),
            relation,
            by: String::new(),
            note: String::new(),
            source: String::new(),
        };
        all.put("a", "1", beside("b", "1X", Relation::Overlaps));
        all.put("a", "1", beside("b", "1X", Relation::Wider));
        all.put("a", "1", beside("b", "1X", Relation::Overlaps));
        all
    }

    #[test]
    fn what_was_compared_comes_before_overlaps() {
        let found = walk().beside("a", "1");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].relation, Relation::Wider);
    }

    #[test]
    fn a_paragraph_is_answered_by_its_heading_which_is_named() {
        let found = walk().beside("a", "1.b.2");
        assert_eq!(found[0].by, "1");
        assert!(walk().beside("a", "12").is_empty());
        assert!(walk().beside("c", "1").is_empty());
    }
}
