//! Control lists and their entries, a file each.

use toml::Spanned;

use super::super::raw::{RawEditions, RawEntry, RawListFile};
use super::super::{CodeForm, ControlList, Edition, Entry, Sample};
use super::text::spot;
use super::{Loader, RawControlList};
use crate::diagnostic::{Diagnostic, Source};
use crate::language::Names;
use crate::period::Period;
use crate::vocabulary::fold_word;

impl Loader {
    pub(super) fn list_file(
        &mut self,
        source: &Source,
        instrument: usize,
        raw: RawListFile,
        lists: &mut Vec<RawControlList>,
    ) {
        let id = raw.list.id.get_ref().clone();
        let held = self.law.lists.iter().position(|list| list.id == id);
        let list = match (held, raw.list.part) {
            (Some(list), true) => list,
            (None, false) => {
                let carried_by = self.carriers(source, &raw.list.carried_by);
                let rows = raw.list.form.into_iter();
                let forms = rows
                    .map(|row| CodeForm {
                        forms: self.form_words(source, &row.is),
                        codes: row.codes,
                    })
                    .collect();
                self.law.lists.push(ControlList {
                    id,
                    title: raw.list.title,
                    cite: raw.list.cite,
                    complete: raw.list.complete.unwrap_or(false),
                    selects: raw.list.selects,
                    accepts: folded(raw.list.accepts.iter().chain(&raw.list.shared)),
                    shared: folded(raw.list.shared.iter()),
                    apart_from: raw.list.apart_from,
                    carried_by,
                    narrowed: raw.list.narrowed,
                    forms,
                    instrument,
                    entries: Vec::new(),
                    at: spot(source, 0, &raw.list.id),
                });
                self.law.lists.len() - 1
            }
            (Some(_), false) => {
                let at = spot(source, 0, &raw.list.id);
                let first = held.map_or(String::new(), |list| {
                    format!("; the first is {}", self.law.lists[list].at)
                });
                return self.problem(Diagnostic::error(
                    "duplicate",
                    at,
                    format!("the list `{id}` stands twice"),
                    format!("write `part = true` in every file of it but one{first}"),
                ));
            }
            (None, true) => {
                let at = spot(source, 0, &raw.list.id);
                return self.problem(Diagnostic::error(
                    "unknown-list",
                    at,
                    format!("a part of `{id}`, which no file begins"),
                    "one file of the list, without `part`, carries its title and citation",
                ));
            }
        };
        lists.push(RawControlList {
            list,
            source: source.clone(),
            entries: raw.entry,
        });
    }

    pub(super) fn entry(&mut self, source: &Source, raw: RawEntry, names: &Names) -> Option<Entry> {
        let at = spot(source, 0, &raw.code);
        let when = raw
            .when
            .as_ref()
            .map(|when| self.condition(source, 0, when, names));
        if let Some(None) = when {
            return None;
        }
        if raw.reserved && raw.when.is_some() {
            self.problem(Diagnostic::error(
                "reserved-entry",
                at.clone(),
                format!("`{}` is reserved, and yet has a test", raw.code.get_ref()),
                "drop `reserved` or `when`",
            ));
        }
        if raw.source.trim().is_empty() {
            self.problem(Diagnostic::error(
                "no-citation",
                at.clone(),
                format!("the entry `{}` has no source", raw.code.get_ref()),
                "write `source = \"...\"`: where its figures were read",
            ));
        }
        let read = self.confidence(source, 0, raw.confidence.as_ref());
        let mut editions = Vec::new();
        let rows = match raw.in_force.as_ref().map(Spanned::get_ref) {
            None => vec![("../..".to_owned(), None, String::new())],
            Some(RawEditions::One(interval)) => vec![(interval.clone(), None, String::new())],
            Some(RawEditions::Several(rows)) => rows
                .iter()
                .map(|row| {
                    (
                        row.interval.clone(),
                        row.confidence.clone(),
                        row.note.clone(),
                    )
                })
                .collect(),
        };
        if rows.is_empty() {
            self.problem(Diagnostic::error("no-date", at.clone(), format!("the entry `{}` has no edition", raw.code.get_ref()), "write `in_force = \"START/END\"`, or leave it out when it always stood on the list"));
        }
        for (interval, confidence, note) in rows {
            let place = raw
                .in_force
                .as_ref()
                .map_or(at.clone(), |editions| spot(source, 0, editions));
            if let Some(word) = confidence
                .as_deref()
                .filter(|word| !matches!(*word, "read" | "recalled"))
            {
                self.problem(Diagnostic::error(
                    "unknown-word",
                    place.clone(),
                    format!("`{word}` is no confidence"),
                    "write `read` or `recalled`",
                ));
            }
            match Period::parse(&interval) {
                Ok(period) => editions.push(Edition {
                    period,
                    read: confidence.as_deref().map_or(read, |word| word == "read"),
                    note: if note.is_empty() {
                        raw.note.clone()
                    } else {
                        note
                    },
                }),
                Err(problem) => self.problem(Diagnostic::error(
                    "interval",
                    place,
                    problem,
                    "docs/writing-a-pack.md, section 5, shows how days are written",
                )),
            }
        }
        let mut samples = Vec::new();
        for (tables, expect) in [
            (raw.inside, Some(true)),
            (raw.outside, Some(false)),
            (raw.open, None),
        ] {
            let Some(tables) = tables.filter(|_| !self.answering) else {
                continue;
            };
            let at = spot(source, 0, &tables);
            for table in tables.get_ref().tables() {
                if let Some(facts) = self.facts(&at, table, names) {
                    samples.push(Sample {
                        expect,
                        facts,
                        at: at.clone(),
                    });
                }
            }
        }
        Some(Entry {
            code: raw.code.into_inner(),
            title: raw.title,
            tags: raw.tags,
            when: when.flatten(),
            editions,
            source: raw.source,
            samples,
            at,
        })
    }
}

fn folded<'n>(names: impl Iterator<Item = &'n String>) -> Vec<String> {
    names.map(|name| fold_word(name)).collect()
}
