//! What it is for, and what the exporter knows, suspects or has been told of it.

use catchall_law::{Domain, Value, read_value};
use catchall_model::{Flag, Given, Transfer};

use super::Filling;
use super::key::Key;
use super::shown;

impl Filling<'_> {
    pub(super) fn uses(&mut self, path: &str, words: Option<&[String]>) -> Option<Vec<u32>> {
        let fact = self.fact(Key::EndUseUses)?;
        let given = Given::List(words?.iter().cloned().map(Given::Text).collect());
        match read_value(&self.law.vocabulary, fact, &given) {
            Ok(Value::Set { sure, .. }) => Some(sure),
            Ok(_) => None,
            Err(error) => {
                self.error(path, &shown(&given), error);
                None
            }
        }
    }

    /// The uses that a notice names, where each of its words is one; `None` when it is prose.
    fn told_of(&self, text: &str) -> Option<Vec<u32>> {
        let fact = self.fact(Key::EndUseUses)?;
        let words = text
            .split([',', ';'])
            .map(|word| Given::Text(word.trim().to_owned()));
        match read_value(&self.law.vocabulary, fact, &Given::List(words.collect())) {
            Ok(Value::Set { sure, .. }) => Some(sure),
            _ => None,
        }
    }

    /// Whether uses are stated, each of them ordinary, and nothing is said of what the exporter knows or suspects, nor a red flag open. Who speaks of
    /// knowledge and leaves the notice out has not answered.
    fn nothing_to_warn_of(&self, transfer: &Transfer) -> bool {
        let vocabulary = &self.law.vocabulary;
        let ordinary = || {
            let fact = self.fact(Key::EndUseUses)?;
            let Domain::Words(list) = vocabulary.get(fact).domain else {
                return None;
            };
            let Value::Set { sure, more: false } = self.facts.get(fact)? else {
                return None;
            };
            let words = &vocabulary.lists[list].words;
            let mut uses = sure
                .iter()
                .map(|place| words.get(usize::try_from(*place).ok()?));
            let all = uses.all(|word| word.is_some_and(|word| word.ordinary));
            (!sure.is_empty()).then_some(all)
        };
        let said = &transfer.knowledge;
        let silent = said.exporter_knows.is_none() && said.grounds_to_suspect.is_none();
        let mut flags = said.red_flags.iter().flatten();
        silent && flags.all(|flag| flag.resolved_by.is_some()) && ordinary() == Some(true)
    }

    pub(super) fn knowledge(&mut self, transfer: &Transfer) {
        let uses = self.uses("end_use.uses", transfer.end_use.uses.as_deref());
        let knows = self.uses(
            "knowledge.exporter_knows",
            transfer.knowledge.exporter_knows.as_deref(),
        );
        let suspects = self.uses(
            "knowledge.grounds_to_suspect",
            transfer.knowledge.grounds_to_suspect.as_deref(),
        );
        // What the exporter knows it is for is what it is for, until somebody states the uses.
        let heard = knows.as_ref().filter(|knows| !knows.is_empty());
        if let Some(sure) = uses.as_ref().or(heard).cloned() {
            self.set(Key::EndUseUses, Value::Set { sure, more: false });
            if uses.is_none() {
                let source = "read from what the exporter knows";
                self.evidence.push(("end_use.uses".into(), source.into()));
            }
        }
        let join = |a: &Option<Vec<u32>>, b: &Option<Vec<u32>>| -> Option<Vec<u32>> {
            if a.is_none() && b.is_none() {
                return None;
            }
            let mut all: Vec<u32> = a.iter().chain(b).flatten().copied().collect();
            all.sort_unstable();
            all.dedup();
            Some(all)
        };
        // Who states a use knows of it; who states the uses and nothing else knows of nothing else.
        let known = join(&knows, &uses);
        if let Some(sure) = known.clone() {
            self.set(Key::ExporterKnows, Value::Set { sure, more: false });
            if knows.is_none() {
                let source = "read from the stated end use";
                self.evidence.push(("exporter.knows".into(), source.into()));
            }
        }
        // Whom an authority has told has grounds to suspect, and of what was perhaps not said.
        let told = transfer.knowledge.informed_by_authority.as_ref();
        let told = told.filter(|told| told.is);
        let told_of = told.and_then(|told| self.told_of(told.of.as_deref()?));
        if let Some(sure) = join(&join(&suspects, &known), &told_of) {
            let more = suspects.is_none() && told.is_some() && told_of.is_none();
            self.set(Key::ExporterSuspects, Value::Set { sure, more });
            if suspects.is_none() {
                let source = "read from what the exporter knows";
                self.evidence
                    .push(("exporter.suspects".into(), source.into()));
            }
        }
        if let Some(informed) = &transfer.knowledge.informed_by_authority {
            self.set(Key::ExporterInformed, Value::YesNo(informed.is));
            if let Some(by) = &informed.by {
                let when = informed
                    .date
                    .map_or(String::new(), |day| format!(", {day}"));
                let source = format!("told by {by}{when}");
                self.evidence
                    .push(("exporter.informed".into(), source.into()));
            }
        } else if self.nothing_to_warn_of(transfer) {
            // Of an ordinary use no authority warns; of any other the exporter is asked.
            self.set(Key::ExporterInformed, Value::YesNo(false));
            let source = "read from the ordinary use: nobody says that an authority gave notice";
            self.evidence
                .push(("exporter.informed".into(), source.into()));
        }
        for flag in transfer.knowledge.red_flags.iter().flatten() {
            self.flags.push(Flag {
                flag: flag.flag.clone(),
                question: flag.resolved_by.as_ref().map_or_else(
                    || "Which fact on file resolves this red flag?".to_owned(),
                    |fact| format!("resolved by: {fact}"),
                ),
                evidence: "knowledge.red_flags".to_owned(),
                open: flag.resolved_by.is_none(),
            });
        }
    }
}
