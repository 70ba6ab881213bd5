//! Kinds of item, and the index by which a person's word is found: no word may mean two things.

use std::collections::BTreeMap;

use toml::Spanned;

use super::super::raw::{RawKind, RawVocabulary};
use super::Loader;
use super::text::spot;
use crate::diagnostic::{At, Diagnostic, Source};
use crate::vocabulary::{Kind, fold_word};

impl Loader {
    pub(super) fn kinds(&mut self, raws: &[(&Source, RawVocabulary)]) {
        let mut by_path: BTreeMap<Vec<String>, (&RawKind, At)> = BTreeMap::new();
        let mut forms: BTreeMap<Vec<String>, Vec<u32>> = BTreeMap::new();
        for (source, raw) in raws {
            for kind in &raw.kind {
                let path: Vec<String> = kind.path.get_ref().split('.').map(str::to_owned).collect();
                let at = spot(source, 0, &kind.path);
                if let Some((_, first)) = by_path.get(&path) {
                    let help = format!("keep one of them; the first stands at {first}");
                    self.problem(Diagnostic::error(
                        "duplicate",
                        at,
                        format!("the kind `{}` stands twice", kind.path.get_ref()),
                        help,
                    ));
                    continue;
                }
                if !kind.form.is_empty() {
                    forms.insert(path.clone(), self.form_words(source, &kind.form));
                }
                by_path.insert(path, (kind, at));
            }
        }
        let paths: Vec<Vec<String>> = by_path.keys().cloned().collect();
        for path in &paths {
            if path.len() > 1 && !by_path.contains_key(&path[..path.len() - 1]) {
                let at = by_path[path].1.clone();
                let missing = path[..path.len() - 1].join(".");
                self.problem(Diagnostic::error(
                    "kind-parent",
                    at,
                    format!(
                        "the kind `{}` lies below `{missing}`, which no row defines",
                        path.join(".")
                    ),
                    "define it in a row of its own",
                ));
            }
        }
        // Paths in order of their segments stand in pre-order.
        let vocabulary = &mut self.law.vocabulary;
        let mut clashes = Vec::new();
        for path in &paths {
            let (raw, at) = &by_path[path];
            let word = path.last().cloned().unwrap_or_default();
            let place = u32::try_from(vocabulary.kinds.len()).unwrap_or(u32::MAX);
            let own = (1..=path.len())
                .rev()
                .find_map(|depth| forms.get(&path[..depth]));
            let below = paths.iter().filter(|each| each.starts_with(path)).count();
            if let Some(other) = vocabulary.by_kind.insert(fold_word(&word), place) {
                clashes.push((
                    at.clone(),
                    word.clone(),
                    vocabulary.kinds[other as usize].path.clone(),
                ));
            }
            vocabulary
                .by_kind
                .entry(fold_word(&path.join(".")))
                .or_insert(place);
            vocabulary.kinds.push(Kind {
                word,
                path: path.join("."),
                label: raw.label.clone(),
                also: raw.also.clone(),
                hs: raw.hs.clone(),
                forms: own.cloned().unwrap_or_default(),
                end: place + u32::try_from(below).unwrap_or(0),
                at: at.clone(),
            });
        }
        let mut taken = Vec::new();
        for (place, path) in (0u32..).zip(&paths) {
            for other in &by_path[path].0.also {
                match vocabulary.by_kind.get(&fold_word(other)) {
                    Some(first) if *first != place => taken.push((
                        by_path[path].1.clone(),
                        other.clone(),
                        vocabulary.kinds[*first as usize].path.clone(),
                    )),
                    _ => {
                        vocabulary.by_kind.insert(fold_word(other), place);
                    }
                }
            }
        }
        for (at, word, other) in clashes {
            self.problem(Diagnostic::error(
                "duplicate",
                at,
                format!("the word `{word}` leads to `{other}` already"),
                "the last word of a path is unique in the whole tree: name them apart",
            ));
        }
        for (at, word, other) in taken {
            self.problem(Diagnostic::error(
                "duplicate",
                at,
                format!("`{word}` leads to `{other}` already"),
                "a word leads to one kind: drop it here or there",
            ));
        }
    }

    /// The places of words for forms of items, each of which must be held.
    pub(super) fn form_words(&mut self, source: &Source, words: &[Spanned<String>]) -> Vec<u32> {
        let lists = &self.law.vocabulary.lists;
        let held: Vec<String> = lists
            .iter()
            .find(|list| list.name == "form")
            .map(|list| list.words.iter().map(|word| word.word.clone()).collect())
            .unwrap_or_default();
        let mut places = Vec::new();
        for word in words {
            match held.iter().position(|own| own == word.get_ref()) {
                Some(place) => places.extend(u32::try_from(place)),
                None => self.problem(Diagnostic::error(
                    "item-form",
                    spot(source, 0, word),
                    format!("`{}` is no form of an item", word.get_ref()),
                    format!("write one of {}", held.join(", ")),
                )),
            }
        }
        places.sort_unstable();
        places.dedup();
        places
    }

    /// Words that stand twice in a list, or stand for two.
    pub(super) fn words_twice(&mut self) {
        let mut found = Vec::new();
        for list in &self.law.vocabulary.lists {
            let Some(at) = &list.at else { continue };
            let mut seen: BTreeMap<String, &str> = BTreeMap::new();
            let own = list
                .words
                .iter()
                .map(|word| (word.word.as_str(), word.word.as_str()));
            let also = list.words.iter().flat_map(|word| {
                word.also
                    .iter()
                    .map(|other| (other.as_str(), word.word.as_str()))
            });
            for (said, word) in own.chain(also) {
                match seen.insert(fold_word(said), word) {
                    Some(first) if first == word && said == word => found.push((
                        at.clone(),
                        format!("the word `{word}` stands twice in `{}`", list.name),
                    )),
                    Some(first) if first != word => found.push((
                        at.clone(),
                        format!(
                            "`{said}` stands for both `{first}` and `{word}` in `{}`",
                            list.name
                        ),
                    )),
                    _ => {}
                }
            }
        }
        for (at, message) in found {
            self.problem(Diagnostic::error(
                "duplicate",
                at,
                message,
                "a word of a list leads to one meaning: drop it here or there",
            ));
        }
    }

    pub(super) fn word_index(&mut self) {
        let vocabulary = &mut self.law.vocabulary;
        vocabulary.by_word = vocabulary
            .lists
            .iter()
            .map(|list| {
                let mut index = BTreeMap::new();
                for (place, word) in (0u32..).zip(&list.words) {
                    index.insert(fold_word(&word.word), place);
                }
                for (place, word) in (0u32..).zip(&list.words) {
                    for other in &word.also {
                        index.entry(fold_word(other)).or_insert(place);
                    }
                }
                index
            })
            .collect();
    }
}
