//! The third pass: provisions with their versions, once every name is known.

use std::collections::BTreeMap;

use catchall_model::{Country, Day, Effect, Force};
use toml::Spanned;

use super::super::raw::{RawProvision, RawVersion};
use super::super::{Coverage, CoverageState, Dispute, NexusRule, Provision, Version};
use super::text::spot;
use super::{Loader, RawArticle, RawControlList};
use crate::diagnostic::{At, Diagnostic, Source, nearest, suggestion};
use crate::language::{Cond, ListNames, Names, parse_condition};
use crate::state::day_error;
use crate::vocabulary::Domain;

impl Loader {
    pub(super) fn conditions(&mut self, articles: Vec<RawArticle>, lists: Vec<RawControlList>) {
        let mut list_names: Vec<ListNames> = self
            .law
            .lists
            .iter()
            .map(|list| ListNames {
                id: list.id.clone(),
                ..ListNames::default()
            })
            .collect();
        let mut seen: BTreeMap<(usize, String), At> = BTreeMap::new();
        for raw in &lists {
            let names = &mut list_names[raw.list];
            for entry in &raw.entries {
                names.tags.extend(entry.tags.iter().cloned());
                let at = spot(&raw.source, 0, &entry.code);
                let known = seen
                    .entry((raw.list, entry.code.get_ref().clone()))
                    .or_insert_with(|| at.clone());
                if !names.codes.insert(entry.code.get_ref().clone()) {
                    let first = known.clone();
                    self.problems.push(Diagnostic::error("duplicate", at, format!("the entry `{}` stands twice", entry.code.get_ref()), format!("keep one; editions of one entry go into its `in_force`; the first stands at {first}")));
                }
            }
        }
        let waiting = std::mem::take(&mut self.waiting);
        let vocabulary = std::mem::take(&mut self.law.vocabulary);
        let names = Names {
            vocabulary: &vocabulary,
            country_sets: &waiting.country_sets,
            party_sets: &waiting.party_sets,
            lists: &list_names,
        };
        for raw in lists {
            for entry in raw.entries {
                if let Some(entry) = self.entry(&raw.source, entry, &names) {
                    self.law.lists[raw.list].entries.push(entry);
                }
            }
        }
        for (instrument, source, row) in waiting.coverage {
            let state = match row.state.get_ref().as_str() {
                "modelled" => CoverageState::Modelled,
                "partial" => CoverageState::Partial,
                "pointer" => CoverageState::Pointer,
                other => {
                    self.problem(Diagnostic::error(
                        "unknown-word",
                        spot(&source, 0, &row.state),
                        format!("`{other}` is no state of coverage"),
                        "write `modelled`, `partial` or `pointer`",
                    ));
                    continue;
                }
            };
            let scope = row
                .scope
                .as_ref()
                .filter(|scope| !scope.get_ref().trim().is_empty());
            let scope = scope.and_then(|scope| self.condition(&source, 0, scope, &names));
            let at = spot(&source, 0, &row.part);
            self.law.instruments[instrument].coverage.push(Coverage {
                part: row.part.into_inner(),
                state,
                note: row.note,
                scope,
                at,
            });
        }
        for (source, row) in waiting.nexus {
            let at = spot(&source, 0, &row.jurisdiction);
            if let Some(first) = self
                .law
                .nexus
                .iter()
                .find(|each| each.jurisdiction == *row.jurisdiction.get_ref())
                .map(|each| each.at.clone())
            {
                let help = format!(
                    "a jurisdiction says once when it reaches a transfer; the first stands at {first}"
                );
                self.problem(Diagnostic::error(
                    "duplicate",
                    at,
                    format!("a second nexus for `{}`", row.jurisdiction.get_ref()),
                    help,
                ));
                continue;
            }
            if let Some(when) = self.condition(&source, 0, &row.when, &names) {
                self.law.nexus.push(NexusRule {
                    jurisdiction: row.jurisdiction.into_inner(),
                    cite: row.cite,
                    when,
                    at,
                });
            }
        }
        self.law
            .nexus
            .sort_by(|a, b| a.jurisdiction.cmp(&b.jurisdiction));
        for instrument in &self.law.instruments {
            if !self
                .law
                .nexus
                .iter()
                .any(|nexus| nexus.jurisdiction == instrument.jurisdiction)
                && articles.iter().any(|article| {
                    !article.sanction
                        && self.law.instruments[article.instrument].id == instrument.id
                })
                && instrument.in_effect
            {
                let message = format!(
                    "no pack says when the law of `{}` reaches a transfer",
                    instrument.jurisdiction
                );
                self.problems.push(Diagnostic::error("no-nexus", instrument.at.clone(), message, "add a [[nexus]] with `jurisdiction` and `when` to one pack of this jurisdiction"));
            }
        }
        let mut targets: Vec<(usize, Source, usize, Spanned<String>)> = Vec::new();
        let mut labels: Vec<(String, At)> = Vec::new();
        for article in articles {
            self.provision(article, &names, &mut targets, &mut labels);
        }
        self.law.vocabulary = vocabulary;
        self.idle_groups(labels, &targets);
        self.link(targets);
        self.set_sanctions_apart();
        // An entry that asks for itself in the end would be evaluated for ever.
        self.problems.extend(crate::check::graph::check(&self.law));
    }

    pub(super) fn condition(
        &mut self,
        source: &Source,
        base: usize,
        text: &Spanned<String>,
        names: &Names,
    ) -> Option<Cond> {
        let start = base + text.span().start;
        let end = base + text.span().end;
        // The span covers the quotes: `'''` with the line end that TOML drops, or one quote.
        let literal = source.text.get(start..end).unwrap_or_default();
        let skip = ["'''\r\n", "'''\n", "\"\"\"\n", "'''", "\"\"\"", "'", "\""]
            .iter()
            .find(|open| literal.starts_with(**open))
            .map_or(0, |open| open.len());
        match parse_condition(text.get_ref(), source, start + skip, names) {
            Ok(condition) => Some(condition),
            Err(problem) => {
                self.problem(problem);
                None
            }
        }
    }

    fn provision(
        &mut self,
        article: RawArticle,
        names: &Names,
        targets: &mut Vec<(usize, Source, usize, Spanned<String>)>,
        labels: &mut Vec<(String, At)>,
    ) {
        let RawArticle {
            instrument,
            source,
            base,
            prose,
            raw,
            cases,
            sanction,
        } = article;
        let at = spot(&source, base, &raw.id);
        let id = raw.id.get_ref().clone();
        if let Some(first) = self
            .law
            .provisions
            .iter()
            .find(|each| each.id == id)
            .map(|each| each.at.clone())
        {
            return self.problem(Diagnostic::error(
                "duplicate",
                at,
                format!("the provision `{id}` stands twice"),
                format!("name them apart; the first stands at {first}"),
            ));
        }
        let cite = raw.cite.clone().unwrap_or_default();
        if cite.trim().is_empty() {
            self.problem(Diagnostic::error(
                "no-citation",
                at.clone(),
                format!("`{id}` has no citation"),
                "write `cite = \"...\"`: instrument, article and paragraph",
            ));
        }
        let effect = if sanction {
            self.sanction_effect(&source, base, &raw.effect)
        } else {
            self.word::<Effect>(&source, base, &raw.effect, "effect")
        }
        .unwrap_or(Effect::Prohibited);
        self.sanction_terms(&source, base, sanction, &raw, names);
        let own_force = raw
            .force
            .as_ref()
            .and_then(|force| self.word::<Force>(&source, base, force, "force"));
        let read = self.confidence(&source, base, raw.confidence.as_ref());
        if raw.confidence.is_none() {
            self.problem(Diagnostic::error(
                "no-confidence",
                at.clone(),
                format!("`{id}` does not say whether it was read"),
                "write `confidence = \"read\"` or `\"recalled\"`",
            ));
        }
        let near_ppm = match raw
            .near
            .as_ref()
            .map(|near| (near, catchall_model::Quantity::parse(near.get_ref())))
        {
            None => 100_000,
            Some((_, Ok(near))) if near.unit.name() == "%" => {
                near.amount.grid() * 10_000 / catchall_model::Number::ONE
            }
            Some((near, _)) => {
                self.problem(Diagnostic::error(
                    "near",
                    spot(&source, base, near),
                    format!("`{}` is no share", near.get_ref()),
                    "write a share, as in `near = \"10 %\"`",
                ));
                100_000
            }
        };
        let base_when = raw
            .when
            .as_ref()
            .map(|when| self.condition(&source, base, when, names));
        if raw.version.is_empty() {
            self.problem(Diagnostic::error(
                "no-version",
                at.clone(),
                format!("`{id}` has no version"),
                "add a [[version]] with in_force, tested_on and recorded",
            ));
        }
        let mut versions = Vec::new();
        for version in &raw.version {
            let place = spot(&source, base, version);
            if let Some(version) = self.version(
                &source,
                base,
                place,
                version.get_ref(),
                &raw,
                base_when.as_ref(),
                effect,
                names,
            ) {
                versions.push(version);
            }
        }
        let place = self.law.provisions.len();
        targets.extend(
            raw.excepts
                .iter()
                .map(|target| (place, source.clone(), base, target.clone())),
        );
        let mut read_cases = Vec::new();
        for (case, case_base, fence) in cases {
            read_cases.extend(self.case(&source, case_base, fence, case, names));
        }
        labels.extend(
            raw.group
                .iter()
                .map(|label| (label.get_ref().clone(), spot(&source, base, label))),
        );
        let groups = raw.group.into_iter().map(Spanned::into_inner).collect();
        let law = &self.law.instruments[instrument];
        self.law.provisions.push(Provision {
            id,
            title: raw.title,
            cite,
            source: raw.source.unwrap_or_else(|| law.address.clone()),
            instrument,
            // Each law on suppliers answers for itself.
            jurisdiction: if sanction {
                law.id.clone()
            } else {
                law.jurisdiction.clone()
            },
            force: own_force.unwrap_or(law.force),
            read,
            catch_all: raw.catch_all,
            groups,
            excepts: Vec::new(),
            near_ppm,
            versions,
            cases: read_cases,
            at,
            prose,
        });
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a version falls back on its provision for what it leaves out"
    )]
    fn version(
        &mut self,
        source: &Source,
        base: usize,
        at: At,
        raw: &RawVersion,
        provision: &RawProvision,
        base_when: Option<&Option<Cond>>,
        effect: Effect,
        names: &Names,
    ) -> Option<Version> {
        let Some(in_force) = &raw.in_force else {
            self.problem(Diagnostic::error(
                "no-date",
                at,
                format!(
                    "this version of `{}` does not say when it is in force",
                    provision.id.get_ref()
                ),
                "write `in_force = \"START/END\"`, with `..` where no end is known",
            ));
            return None;
        };
        let mut period = self.period(source, base, in_force);
        for gap in &raw.suspended {
            let gap = self.period(source, base, gap);
            period = period.without(&gap);
        }
        let tested_on = match &raw.tested_on {
            None => {
                self.problem(Diagnostic::error("no-tested-on", at, format!("this version of `{}` does not say which date of the transfer it is tested on", provision.id.get_ref()), "write `tested_on = \"date\"`, or contract.signed, licence.issued, delivery, departure"));
                return None;
            }
            Some(key) => match names
                .vocabulary
                .fact(key.get_ref())
                .filter(|fact| names.vocabulary.get(*fact).domain == Domain::Date)
            {
                Some(fact) => fact,
                None => {
                    let dates = names
                        .vocabulary
                        .facts
                        .iter()
                        .filter(|fact| fact.domain == Domain::Date)
                        .map(|fact| fact.key.as_str());
                    let message = format!(
                        "`{}` is no date of the transfer{}",
                        key.get_ref(),
                        suggestion(nearest(key.get_ref(), dates))
                    );
                    self.problem(Diagnostic::error(
                        "unknown-fact",
                        spot(source, base, key),
                        message,
                        "write date, contract.signed, licence.issued, delivery or departure",
                    ));
                    return None;
                }
            },
        };
        let day = |loader: &mut Loader, text: &Spanned<String>| match Day::parse(text.get_ref()) {
            Ok(day) => Some(day),
            Err(error) => {
                let error = day_error(&error);
                loader.problem(Diagnostic::error(
                    "date",
                    spot(source, base, text),
                    error.problem,
                    error.cure,
                ));
                None
            }
        };
        let Some(recorded) = &raw.recorded else {
            self.problem(Diagnostic::error(
                "no-recorded",
                at,
                format!(
                    "this version of `{}` does not say when it was recorded",
                    provision.id.get_ref()
                ),
                "write `recorded = \"YEAR-MONTH-DAY\"`: the day on which it was entered",
            ));
            return None;
        };
        let recorded = day(self, recorded)?;
        let superseded = match &raw.superseded {
            Some(text) => Some(day(self, text)?),
            None => None,
        };
        let when = match (&raw.when, base_when) {
            (Some(own), _) => self.condition(source, base, own, names)?,
            (None, Some(shared)) => shared.clone()?,
            (None, None) => {
                let message = format!("`{}` has no condition", provision.id.get_ref());
                self.problem(Diagnostic::error("no-condition", at, message, "write `when = ...` in the provision or in each version; `always` when it holds for every transfer"));
                return None;
            }
        };
        let effect = match &raw.effect {
            Some(own) => self.word::<Effect>(source, base, own, "effect")?,
            None => effect,
        };
        let mut disputed = Vec::new();
        for row in &raw.disputed {
            let interval = self.period(source, base, &row.interval);
            let mut by = Vec::new();
            for state in &row.by {
                match Country::from_code(state.get_ref())
                    .and_then(|country| names.vocabulary.country(country))
                {
                    Some(country) => by.push(country),
                    None => {
                        let near = suggestion(names.vocabulary.country_like(state.get_ref()));
                        let message = format!("`{}` is no country code{near}", state.get_ref());
                        self.problem(Diagnostic::error(
                            "unknown-word",
                            spot(source, base, state),
                            message,
                            "write two capital letters, as in `RU`",
                        ));
                    }
                }
            }
            by.sort_unstable();
            disputed.push(Dispute {
                interval,
                by,
                reading: row.reading.clone(),
            });
        }
        self.law.newest_recorded = self.law.newest_recorded.max(Some(recorded));
        self.law.oldest_recorded = Some(
            self.law
                .oldest_recorded
                .map_or(recorded, |oldest| oldest.min(recorded)),
        );
        Some(Version {
            in_force: period,
            tested_on,
            recorded,
            superseded,
            effect,
            when,
            note: raw.note.clone(),
            disputed,
            at,
        })
    }
}
