//! Facts stated by their own keys, and those that follow from others.

use catchall_law::{Claim, FactId, Ground, Value, ValueError, nearest, read_value};
use catchall_model::Given;

use super::{Filling, shown};

impl Filling<'_> {
    pub(super) fn further(&mut self, key: &str, given: &Given) {
        let path = || format!("facts.{key}");
        if key == "item.listed" {
            let no = match given {
                Given::YesNo(yes) => !yes,
                Given::Text(text) => matches!(text.to_lowercase().as_str(), "no" | "false"),
                _ => false,
            };
            if no {
                self.facts.claims.push(Claim {
                    list: None,
                    code: None,
                });
                return;
            }
            let only_no = ValueError {
                problem: "only that an item is not listed can be said here".to_owned(),
                cure: "state the code under `codes` instead".to_owned(),
            };
            return self.error(&path(), &shown(given), only_no);
        }
        // Figures were read with the item.
        if self.figure_beside(key).is_some() {
            return;
        }
        let vocabulary = &self.law.vocabulary;
        let Some(fact) = vocabulary.fact(key).or_else(|| self.by_other_name(key)) else {
            return self.unknown(key, &path(), given);
        };
        let figure = key.strip_prefix("item.");
        let figure = figure.filter(|name| self.known.properties.contains_key(*name));
        match (read_value(vocabulary, fact, given), figure) {
            (Ok(value), _) => self.facts.set(fact, value),
            // `item.form` is goods or software, and `tube` the form of a material.
            (Err(_), Some(name)) => self.property(name, given, path),
            (Err(error), None) => self.error(&path(), &shown(given), error),
        }
    }

    /// The one fact of this other name; figures of an item have theirs in [`Filling::property`].
    fn by_other_name(&self, key: &str) -> Option<FactId> {
        let vocabulary = &self.law.vocabulary;
        let mut named = vocabulary.facts.iter().filter(|fact| {
            !fact.key.starts_with("item.") && fact.also.iter().any(|also| also == key)
        });
        match (named.next(), named.next()) {
            (Some(one), None) => vocabulary.fact(&one.key),
            _ => None,
        }
    }

    fn unknown(&mut self, key: &str, path: &str, given: &Given) {
        let facts = self.law.vocabulary.facts.iter();
        let near = nearest(key, facts.map(|fact| fact.key.as_str()))
            .map_or(String::new(), |near| format!("; the nearest is `{near}`"));
        let unknown = ValueError {
            problem: format!("unknown fact `{key}`{near}"),
            cure: "`catchall law vocabulary` lists every fact".to_owned(),
        };
        self.error(path, &shown(given), unknown);
    }

    /// Facts that nobody stated and that the packs read from another.
    pub(super) fn follows(&mut self) {
        for row in &self.law.follows {
            if self.facts.get(row.fact).is_some() || !row.ground.holds(&self.facts) {
                continue;
            }
            self.facts.set(row.fact, Value::YesNo(row.value));
            let vocabulary = &self.law.vocabulary;
            let key = vocabulary.get(row.fact).key.clone();
            let from = match (&row.ground, row.ground.fact()) {
                (Ground::Claimed { list, .. }, _) => &self.law.lists[*list].id,
                (_, Some(from)) => &vocabulary.get(from).key,
                (_, None) => continue,
            };
            let source = format!("read from `{from}`");
            self.evidence.push((key.into(), source.into()));
        }
    }
}

/// A figure with its unit, for a fact that has the unit in its name and takes a bare number: `0.5 uF` for `capacitance_uf`.
pub(super) fn without_unit(key: &str, given: &Given) -> Option<Given> {
    let (Given::Text(text) | Given::Number(text)) = given else {
        return None;
    };
    let (figure, unit) = text.trim().rsplit_once(' ')?;
    let unit = unit.to_lowercase();
    let forms = [
        unit.replace('/', "_per_"),
        unit.replace('/', "_"),
        format!("{unit}s"),
    ];
    let named = |form: &String| {
        key.strip_suffix(form.as_str())
            .is_some_and(|rest| rest.ends_with('_'))
    };
    forms
        .iter()
        .any(named)
        .then(|| Given::Text(figure.to_owned()))
}
