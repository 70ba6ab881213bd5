//! Files to law, in three passes, collecting everything that is wrong on the way.

mod commitments;
mod sanctions;

use std::collections::BTreeMap;
use std::str::FromStr;

use catchall_model::{Country, Day, Effect, Force, Given, Places, Unit};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use super::markdown::{Block, blocks};
use super::raw::{
    RawCase, RawCoverage, RawEditions, RawEntry, RawFactWords, RawListFile, RawNexus, RawOwners,
    RawPack, RawParties, RawProvision, RawSet, RawVersion, RawVocabulary, RawWord,
};
use super::samples;
use super::{
    Carrier, Case, ControlList, Coverage, CoverageState, DatedSet, Dispute, Edition, Entry, Expect,
    FollowingFact, Instrument, Law, ListedParty, NexusRule, OwnershipFact, PackFile, Provision,
    Sample, ShareCount, Version, fold_name,
};
use crate::diagnostic::{At, Diagnostic, Severity, Source, nearest, suggestion};
use crate::facts::{FACTS, FactType};
use crate::language::{Cond, ListNames, Names, parse_condition};
use crate::period::Period;
use crate::state::{
    Claim, Facts, Reach, Value, ValueError, claimed_code, day_error, read_value, read_word,
};
use crate::vocabulary::{Domain, Fact, FactId, Kind, Vocabulary, Word, WordList, fold_word};

/// The blocks of an article.
const BLOCKS: [&str; 8] = [
    "provision",
    "sanction",
    "case",
    "set",
    "parties",
    "undertaking",
    "act",
    "standing",
];

/// Files to law; where it is to answer only, without cases and samples. On failure everything that is wrong, in order of place.
pub(crate) fn load(
    files: &[PackFile],
    places: &Places,
    answering: bool,
) -> Result<Law, Vec<Diagnostic>> {
    let mut loader = Loader {
        law: Law {
            vocabulary: Vocabulary::with_places(places),
            ..Law::default()
        },
        problems: Vec::new(),
        waiting: Waiting::default(),
        sanctions: Vec::new(),
        answering,
    };
    let mut ordered: Vec<&PackFile> = files.iter().collect();
    ordered.sort_by(|a, b| a.path.cmp(&b.path));
    let mut digest = Sha256::new();
    for file in &ordered {
        digest.update(file.path.as_bytes());
        digest.update([0]);
        digest.update(u64::try_from(file.text.len()).unwrap_or(0).to_le_bytes());
        digest.update(file.text.as_bytes());
    }
    loader.law.digest = digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    loader.law.sources = ordered
        .iter()
        .map(|file| Source::new(&file.path, &file.text))
        .collect();

    let sources = loader.law.sources.clone();
    loader.vocabulary(&sources);
    let (articles, lists) = loader.names(&sources);
    loader.owner_sets();
    loader.follows();
    loader.commitments();
    loader.conditions(articles, lists);

    loader
        .problems
        .sort_by(|a, b| a.at.cmp(&b.at).then_with(|| a.code.cmp(b.code)));
    loader.problems.dedup();
    if loader
        .problems
        .iter()
        .any(|problem| problem.severity == Severity::Error)
    {
        return Err(loader.problems);
    }
    loader.law.warnings = loader.problems;
    Ok(loader.law)
}

struct Loader {
    /// Only what answers need: cases and samples, which show that the law is right, are left out.
    answering: bool,
    law: Law,
    problems: Vec<Diagnostic>,
    waiting: Waiting,
    /// Provisions on suppliers, by place, until they are set apart.
    sanctions: Vec<(usize, sanctions::Terms)>,
}

/// What the second pass saw and the third resolves.
#[derive(Default)]
struct Waiting {
    /// Lists that ownership names, with their places.
    owner_sets: Vec<(String, At)>,
    /// Facts that follow from others.
    follows: Vec<Following>,
    coverage: Vec<(usize, Source, RawCoverage)>,
    nexus: Vec<(Source, RawNexus)>,
    country_sets: BTreeMap<String, usize>,
    party_sets: BTreeMap<String, usize>,
    commitments: commitments::Commitments,
}

/// A fact that follows from another, waiting for the words.
struct Following {
    fact: FactId,
    value: bool,
    from: (String, At),
    among: Vec<(String, At)>,
}

/// A provision's block with what follows it, waiting for names.
struct RawArticle {
    instrument: usize,
    source: Source,
    base: usize,
    prose: String,
    raw: RawProvision,
    cases: Vec<(RawCase, usize, usize)>,
    /// Whether it speaks of suppliers, and not of a transfer that may go ahead or not.
    sanction: bool,
}

struct RawControlList {
    list: usize,
    source: Source,
    entries: Vec<RawEntry>,
}

impl Loader {
    fn problem(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// Reads TOML; what is wrong with its form is a problem with its place.
    fn toml<T: for<'a> Deserialize<'a>>(
        &mut self,
        source: &Source,
        text: &str,
        base: usize,
    ) -> Option<T> {
        match toml::from_str(text) {
            Ok(read) => Some(read),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                let (message, help) = toml_words(error.message());
                let at = source.at(base + span.start, base + span.end);
                self.problem(Diagnostic::error("toml", at, message, help));
                None
            }
        }
    }

    // ---- first pass: the vocabulary -------------------------------------------------------------

    fn vocabulary(&mut self, sources: &[Source]) {
        let mut raws = Vec::new();
        for source in sources {
            let ours = source.file.starts_with("vocabulary/") && source.file.ends_with(".toml");
            if !ours && !source.file.ends_with("/vocabulary.toml") {
                continue;
            }
            if let Some(raw) = self.toml::<RawVocabulary>(source, &source.text, 0) {
                raws.push((source, raw));
            }
        }
        for (source, raw) in &raws {
            for words in &raw.words {
                let name = words.name.get_ref();
                if self
                    .law
                    .vocabulary
                    .lists
                    .iter()
                    .any(|list| list.name == *name)
                {
                    let at = spot(source, 0, &words.name);
                    self.problem(Diagnostic::error(
                        "duplicate",
                        at,
                        format!("the word list `{name}` stands twice"),
                        "keep one of them, or name them apart",
                    ));
                    continue;
                }
                self.law.vocabulary.lists.push(word_list(
                    name,
                    &words.values,
                    spot(source, 0, &words.name),
                ));
            }
        }
        self.kinds(&raws);
        self.core_facts();
        for (source, raw) in &raws {
            for property in &raw.property {
                let key = format!("item.{}", property.name.get_ref());
                let own = property.values.as_deref();
                let row = FactText {
                    key: &key,
                    question: property.question.as_deref(),
                    ask: &property.ask,
                    evidence: &property.evidence,
                    cost: property.cost,
                    also: &property.also,
                };
                let kind = match (property.kind.get_ref().as_str(), own) {
                    ("word", Some(values)) => Ok((
                        self.own_words(&key, values, spot(source, 0, &property.name)),
                        false,
                        Unit::NONE,
                    )),
                    ("words", Some(values)) => Ok((
                        self.own_words(&key, values, spot(source, 0, &property.name)),
                        true,
                        Unit::NONE,
                    )),
                    ("word" | "words", None) => {
                        Err("a word property lists its words under `values`".to_owned())
                    }
                    (name, _) => self.fact_type(name, &property.unit, None),
                };
                self.fact(
                    spot(source, 0, &property.name),
                    spot(source, 0, &property.kind),
                    &row,
                    kind,
                );
            }
            for fact in &raw.fact {
                let key = fact.key.get_ref().clone();
                let row = FactText {
                    key: &key,
                    question: fact.question.as_deref(),
                    ask: &fact.ask,
                    evidence: &fact.evidence,
                    cost: fact.cost,
                    also: &fact.also,
                };
                let name = fact.kind.get_ref().as_str();
                let kind = match (name, &fact.values) {
                    ("word" | "words", Some(RawFactWords::Own(values))) => Ok((
                        self.own_words(&key, values, spot(source, 0, &fact.key)),
                        name == "words",
                        Unit::NONE,
                    )),
                    ("word" | "words", Some(RawFactWords::Named(list))) => {
                        self.fact_type(name, &fact.unit, Some(list))
                    }
                    ("word" | "words", None) => Err(
                        "a fact of words names its list, or lists its words, under `values`"
                            .to_owned(),
                    ),
                    (name, _) => self.fact_type(name, &fact.unit, None),
                };
                self.fact(
                    spot(source, 0, &fact.key),
                    spot(source, 0, &fact.kind),
                    &row,
                    kind,
                );
                if let (Some(owners), Some(fact)) = (&fact.owners, self.law.vocabulary.fact(&key)) {
                    self.ownership(source, fact, owners);
                }
                if let Some(id) = self.law.vocabulary.fact(&key) {
                    if let Some(currency) = &fact.line_value {
                        self.law.line_values.push((id, currency.clone()));
                    }
                    let rows = fact.follows.iter();
                    self.waiting.follows.extend(rows.map(|row| {
                        Following {
                            fact: id,
                            value: row.value,
                            from: (row.from.get_ref().clone(), spot(source, 0, &row.from)),
                            among: row
                                .among
                                .iter()
                                .map(|word| (word.get_ref().clone(), spot(source, 0, word)))
                                .collect(),
                        }
                    }));
                }
            }
        }
    }

    fn ownership(&mut self, source: &Source, fact: FactId, owners: &RawOwners) {
        let count = match owners.count.get_ref().as_str() {
            "sum" => ShareCount::Sum,
            "largest" => ShareCount::Largest,
            "unknown" => ShareCount::Unknown,
            "stated" => ShareCount::Stated,
            other => {
                let at = spot(source, 0, &owners.count);
                return self.problem(Diagnostic::error(
                    "owners",
                    at,
                    format!("`{other}` is no way to count shares"),
                    "write `sum`, `largest`, `stated` or `unknown`",
                ));
            }
        };
        let listed_in: Vec<String> = owners
            .listed_in
            .iter()
            .map(|list| list.get_ref().clone())
            .collect();
        self.waiting
            .owner_sets
            .extend(owners.listed_in.iter().map(|list| {
                let at = spot(source, 0, list);
                (list.get_ref().clone(), at)
            }));
        self.law.ownership.push(OwnershipFact {
            fact,
            listed_in,
            count,
        });
    }

    /// Facts that follow from others: both must be held, and every value one of the other's.
    fn follows(&mut self) {
        for row in std::mem::take(&mut self.waiting.follows) {
            let vocabulary = &self.law.vocabulary;
            let (name, at) = row.from;
            let Some(from) = vocabulary.fact(&name) else {
                let keys = vocabulary.facts.iter().map(|fact| fact.key.as_str());
                let near = suggestion(nearest(&name, keys));
                self.problem(Diagnostic::error(
                    "follows",
                    at,
                    format!("no fact is called `{name}`{near}"),
                    "name the kind of the item, or a fact of one word",
                ));
                continue;
            };
            let mut among = Vec::new();
            let mut wrong = Vec::new();
            for (word, at) in row.among {
                match read_word(vocabulary, from, &word) {
                    Ok(Value::One(place)) => match vocabulary.get(from).domain {
                        Domain::Kinds => {
                            let kind = usize::try_from(place).unwrap_or(usize::MAX);
                            let end = vocabulary.kinds.get(kind).map_or(place, |kind| kind.end);
                            among.extend(place..end);
                        }
                        _ => among.push(place),
                    },
                    Ok(Value::OneOf(places)) => among.extend(places),
                    Ok(_) => wrong.push((
                        at,
                        format!("`{name}` does not have one value"),
                        "name the kind of the item, or a fact of one word".to_owned(),
                    )),
                    Err(error) => wrong.push((at, error.problem, error.cure)),
                }
            }
            for (at, problem, cure) in wrong {
                self.problem(Diagnostic::error("follows", at, problem, cure));
            }
            among.sort_unstable();
            among.dedup();
            self.law.follows.push(FollowingFact {
                fact: row.fact,
                value: row.value,
                from,
                among,
            });
        }
    }

    /// Every list that ownership names must be one.
    fn owner_sets(&mut self) {
        for (list, at) in std::mem::take(&mut self.waiting.owner_sets) {
            if self.waiting.party_sets.contains_key(&list) {
                continue;
            }
            let known = self.waiting.party_sets.keys().map(String::as_str);
            let near = suggestion(nearest(&list, known));
            self.problem(Diagnostic::error(
                "owners",
                at,
                format!("no pack holds the list of parties `{list}`{near}"),
                "name a list of a `toml parties` block",
            ));
        }
    }

    fn own_words(&mut self, key: &str, values: &[RawWord], at: At) -> Domain {
        self.law.vocabulary.lists.push(word_list(key, values, at));
        Domain::Words(self.law.vocabulary.lists.len() - 1)
    }

    fn fact_type(
        &self,
        name: &str,
        unit: &str,
        list: Option<&str>,
    ) -> Result<(Domain, bool, Unit), String> {
        let vocabulary = &self.law.vocabulary;
        let place = |list: Option<&str>| {
            let list = list.unwrap_or_default();
            vocabulary
                .lists
                .iter()
                .position(|each| each.name == list)
                .ok_or_else(|| {
                    let near =
                        nearest(list, vocabulary.lists.iter().map(|list| list.name.as_str()));
                    format!("no word list `{list}`{}", suggestion(near))
                })
        };
        Ok(match name {
            "yes_no" => (Domain::YesNo, false, Unit::NONE),
            "word" => (Domain::Words(place(list)?), false, Unit::NONE),
            "words" => (Domain::Words(place(list)?), true, Unit::NONE),
            "country" => (Domain::Countries, false, Unit::NONE),
            "countries" => (Domain::Countries, true, Unit::NONE),
            "date" => (Domain::Date, false, Unit::NONE),
            "quantity" => {
                let unit = Unit::find(unit).ok_or_else(|| {
                    let near = Unit::nearest(unit).map(Unit::name);
                    format!("unknown unit `{unit}`{}", suggestion(near))
                })?;
                (Domain::Quantity(unit.dimension()), false, unit)
            }
            other => {
                let all = [
                    "yes_no",
                    "word",
                    "words",
                    "country",
                    "countries",
                    "quantity",
                    "date",
                ];
                return Err(format!(
                    "unknown type `{other}`{}",
                    suggestion(nearest(other, all))
                ));
            }
        })
    }

    fn core_facts(&mut self) {
        for row in FACTS {
            // A list that no pack holds yet still gives a fact, with no words: the tests of small packs need that.
            if let FactType::Word(name) | FactType::Words(name) = row.kind
                && !self
                    .law
                    .vocabulary
                    .lists
                    .iter()
                    .any(|list| list.name == name)
            {
                self.law.vocabulary.lists.push(WordList {
                    name: name.to_owned(),
                    words: Vec::new(),
                    at: None,
                });
                self.law.vocabulary.by_word.push(BTreeMap::new());
            }
        }
        self.law.vocabulary.by_word.clear();
        for row in FACTS {
            let Some((domain, many, unit)) = self.law.vocabulary.domain(row.kind) else {
                continue;
            };
            let fact = Fact {
                key: row.key.to_owned(),
                domain,
                many,
                unit,
                question: row.question.to_owned(),
                ask: row.ask.to_owned(),
                evidence: row.evidence.to_owned(),
                cost: row.cost,
                also: Vec::new(),
                at: None,
            };
            self.push_fact(fact);
        }
    }

    fn push_fact(&mut self, fact: Fact) {
        let id = FactId(u16::try_from(self.law.vocabulary.facts.len()).unwrap_or(u16::MAX));
        self.law.vocabulary.by_key.insert(fact.key.clone(), id);
        self.law.vocabulary.facts.push(fact);
    }

    fn fact(
        &mut self,
        at: At,
        type_at: At,
        row: &FactText,
        kind: Result<(Domain, bool, Unit), String>,
    ) {
        let (domain, many, unit) = match kind {
            Ok(kind) => kind,
            Err(problem) => {
                let help = match problem.as_str() {
                    unit if unit.starts_with("unknown unit") => {
                        "`catchall law vocabulary --units` lists every unit"
                    }
                    list if list.starts_with("no word list") => {
                        "name a list of words.toml, or write the words themselves in a list"
                    }
                    words if words.contains("`values`") => "write `values = [\"...\", \"...\"]`",
                    _ => {
                        "types are yes_no, word, words, country, countries, quantity (with a unit), date"
                    }
                };
                return self.problem(Diagnostic::error("fact-type", type_at, problem, help));
            }
        };
        if self.law.vocabulary.by_key.contains_key(row.key) {
            return self.problem(Diagnostic::error(
                "duplicate",
                at,
                format!("the fact `{}` stands twice", row.key),
                "keep one of them, or name them apart",
            ));
        }
        if [
            "item.range",
            "item.payload",
            "item.max_range",
            "item.max_payload",
            "item.listed",
            "item.codes",
        ]
        .contains(&row.key)
        {
            let help = "range and payload feed the curve (`item can deliver ...`), codes are claims (`item is listed in ...`): ask those instead";
            return self.problem(Diagnostic::error(
                "reserved-fact",
                at,
                format!("`{}` has a meaning of its own", row.key),
                help,
            ));
        }
        let question = row.question.unwrap_or_default().trim().to_owned();
        if question.is_empty() {
            let help = "write `question = \"...\"`: the words in which somebody who lacks the fact is asked for it";
            self.problem(Diagnostic::error(
                "no-question",
                at.clone(),
                format!("the fact `{}` has no question text", row.key),
                help,
            ));
        }
        let cost = row.cost.unwrap_or(3);
        if !(1..=5).contains(&cost) {
            self.problem(Diagnostic::error(
                "cost",
                at.clone(),
                format!("`cost = {cost}` is beyond the scale"),
                "write 1 (look at the order) to 5 (a study)",
            ));
        }
        self.push_fact(Fact {
            key: row.key.to_owned(),
            domain,
            many,
            unit,
            question,
            ask: row.ask.to_owned(),
            evidence: row.evidence.to_owned(),
            cost,
            also: row.also.to_vec(),
            at: Some(at),
        });
    }

    fn kinds(&mut self, raws: &[(&Source, RawVocabulary)]) {
        let mut by_path: BTreeMap<Vec<String>, (&super::raw::RawKind, At)> = BTreeMap::new();
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

    // ---- second pass: what conditions may name ---------------------------------------------------

    fn names(&mut self, sources: &[Source]) -> (Vec<RawArticle>, Vec<RawControlList>) {
        self.word_index();
        self.words_twice();
        let mut articles = Vec::new();
        let mut lists = Vec::new();
        let mut list_files = Vec::new();
        let mut folders: BTreeMap<&str, Vec<&Source>> = BTreeMap::new();
        for source in sources {
            if let Some((folder, _)) = source.file.split_once('/')
                && folder != "vocabulary"
                && folder != crate::crosswalk::FOLDER
            {
                folders.entry(folder).or_default().push(source);
            }
        }
        for (folder, files) in folders {
            let Some(pack) = files
                .iter()
                .find(|source| *source.file == *format!("{folder}/pack.toml"))
            else {
                let at = files[0].at(0, 0);
                self.problem(Diagnostic::error(
                    "no-pack",
                    at,
                    format!("the folder `{folder}` has no pack.toml"),
                    "write one: docs/writing-a-pack.md, section 1",
                ));
                continue;
            };
            let Some(raw) = self.toml::<RawPack>(pack, &pack.text, 0) else {
                continue;
            };
            if raw.id.get_ref() != folder {
                let at = spot(pack, 0, &raw.id);
                self.problem(Diagnostic::error(
                    "pack-id",
                    at,
                    format!(
                        "the pack calls itself `{}` but lies in `{folder}`",
                        raw.id.get_ref()
                    ),
                    format!("write `id = \"{folder}\"`"),
                ));
            }
            let instrument = self.instrument(pack, raw);
            for source in &files {
                if source.file.ends_with(".md") {
                    self.article(source, folder, instrument, &mut articles);
                } else if source.file.contains("/list/") && source.file.ends_with(".toml") {
                    let bare = self.answering.then(|| samples::blanked(&source.text));
                    let text = bare.as_deref().unwrap_or(&source.text);
                    if let Some(raw) = self.toml::<RawListFile>(source, text, 0) {
                        list_files.push((raw.list.part, (*source).clone(), instrument, raw));
                    }
                } else if source.file.ends_with(".toml")
                    && source.file != pack.file
                    && !source.file.ends_with("/vocabulary.toml")
                {
                    let help =
                        "a pack holds pack.toml, vocabulary.toml, articles (*.md) and list/*.toml";
                    self.problem(Diagnostic::warning(
                        "stray-file",
                        source.at(0, 0),
                        "nothing reads this file",
                        help,
                    ));
                }
            }
        }
        // The file that carries a list's title comes before its other parts, whatever their names.
        list_files.sort_by_key(|(part, ..)| *part);
        for (_, source, instrument, raw) in list_files {
            self.list_file(&source, instrument, raw, &mut lists);
        }
        self.law.sets.iter_mut().for_each(|set| set.members.sort());
        (articles, lists)
    }

    /// Words that stand twice in a list, or stand for two.
    fn words_twice(&mut self) {
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

    fn word_index(&mut self) {
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

    fn instrument(&mut self, pack: &Source, raw: RawPack) -> usize {
        let force = self
            .word::<Force>(pack, 0, &raw.force, "force")
            .unwrap_or(Force::Statement);
        let in_effect = match raw.status.as_ref().map(|status| status.get_ref().as_str()) {
            None | Some("in_force") => force.has_effect(),
            Some("never_in_force") => false,
            Some(other) => {
                let at = raw
                    .status
                    .as_ref()
                    .map_or(pack.at(0, 0), |status| spot(pack, 0, status));
                self.problem(Diagnostic::error(
                    "unknown-word",
                    at,
                    format!("`{other}` is no status"),
                    "write `in_force` or `never_in_force`",
                ));
                false
            }
        };
        let place = self.law.instruments.len();
        self.law.instruments.push(Instrument {
            id: raw.id.get_ref().clone(),
            title: raw.title,
            jurisdiction: raw.jurisdiction,
            force,
            publisher: raw.publisher,
            address: raw.address,
            edition: raw.edition,
            in_effect,
            read: raw.read,
            recalled: raw.recalled,
            coverage: Vec::new(),
            at: pack.at(0, pack.text.find('\n').unwrap_or(0)),
        });
        // Conditions of coverage and nexus are read with all names at hand; their texts wait in these lists.
        self.waiting.coverage.extend(
            raw.coverage
                .into_iter()
                .map(|row| (place, pack.clone(), row)),
        );
        self.waiting
            .nexus
            .extend(raw.nexus.into_iter().map(|row| (pack.clone(), row)));
        place
    }

    fn word<T: FromStr<Err = catchall_model::ParseWordError>>(
        &mut self,
        source: &Source,
        base: usize,
        text: &Spanned<String>,
        what: &str,
    ) -> Option<T> {
        match text.get_ref().parse() {
            Ok(word) => Some(word),
            Err(error) => {
                let near = nearest(text.get_ref(), error.expected.split(", "));
                let message = format!("`{}` is no {what}{}", text.get_ref(), suggestion(near));
                self.problem(Diagnostic::error(
                    "unknown-word",
                    spot(source, base, text),
                    message,
                    format!("write one of {}", error.expected),
                ));
                None
            }
        }
    }

    fn article(
        &mut self,
        source: &Source,
        folder: &str,
        instrument: usize,
        articles: &mut Vec<RawArticle>,
    ) {
        let text = source.text.clone();
        let found = match blocks(&text) {
            Ok(found) => found,
            Err(fence) => {
                return self.problem(Diagnostic::error(
                    "open-fence",
                    source.at(fence, fence + 3),
                    "a block that nothing closes",
                    "close it with a line of ```",
                ));
            }
        };
        let first = articles.len();
        for block in found {
            match block.name {
                "provision" | "sanction" => {
                    if let Some(raw) = self.toml::<RawProvision>(source, block.text, block.start) {
                        let id = raw.id.get_ref();
                        if !id
                            .strip_prefix(folder)
                            .is_some_and(|rest| rest.starts_with('/') && rest.len() > 1)
                        {
                            let at = spot(source, block.start, &raw.id);
                            self.problem(Diagnostic::error(
                                "provision-id",
                                at,
                                format!("`{id}` does not begin with its pack"),
                                format!("write `{folder}/<name>`"),
                            ));
                        }
                        articles.push(RawArticle {
                            instrument,
                            source: source.clone(),
                            base: block.start,
                            prose: block.prose.to_owned(),
                            raw,
                            cases: Vec::new(),
                            sanction: block.name == "sanction",
                        });
                    }
                }
                "case" => {
                    let Some(raw) = self.toml::<RawCase>(source, block.text, block.start) else {
                        continue;
                    };
                    match articles[first..].last_mut() {
                        Some(article) => article.cases.push((raw, block.start, block.fence)),
                        None => {
                            let at = source.at(block.fence, block.start);
                            self.problem(Diagnostic::error(
                                "stray-case",
                                at,
                                "a case before any provision",
                                "put it below the provision it belongs to",
                            ));
                        }
                    }
                }
                "set" => self.country_set(source, &block),
                "parties" => self.party_list(source, &block),
                "undertaking" | "act" | "standing" => {
                    self.commitment(source, folder, instrument, &block);
                }
                other => {
                    let near = nearest(other, BLOCKS);
                    let at = source.at(block.fence, block.start);
                    self.problem(Diagnostic::error(
                        "unknown-block",
                        at,
                        format!("unknown block `{other}`{}", suggestion(near)),
                        format!("blocks are {}", BLOCKS.join(", ")),
                    ));
                }
            }
        }
    }

    fn confidence(&mut self, source: &Source, base: usize, text: Option<&Spanned<String>>) -> bool {
        match text.map(|text| text.get_ref().as_str()) {
            Some("read") => true,
            Some("recalled") => false,
            None => false,
            Some(other) => {
                let at = text.map_or(source.at(base, base), |text| spot(source, base, text));
                self.problem(Diagnostic::error(
                    "unknown-word",
                    at,
                    format!("`{other}` is no confidence"),
                    "write `read` or `recalled`",
                ));
                false
            }
        }
    }

    fn period(&mut self, source: &Source, base: usize, text: &Spanned<String>) -> Period {
        match Period::parse(text.get_ref()) {
            Ok(period) => period,
            Err(problem) => {
                self.problem(Diagnostic::error(
                    "interval",
                    spot(source, base, text),
                    problem,
                    "docs/writing-a-pack.md, section 5, shows how days are written",
                ));
                Period::always()
            }
        }
    }

    fn new_set(
        &mut self,
        at: At,
        id: &str,
        title: String,
        cite: Option<String>,
        from: String,
        read: bool,
    ) -> Option<usize> {
        if let Some(first) = self
            .law
            .sets
            .iter()
            .find(|set| set.id == id)
            .map(|set| set.at.clone())
        {
            self.problem(Diagnostic::error(
                "duplicate",
                at,
                format!("the set `{id}` stands twice"),
                format!("keep one of them; the first stands at {first}"),
            ));
            return None;
        }
        let cite = cite.unwrap_or_default();
        if cite.trim().is_empty() {
            self.problem(Diagnostic::error(
                "no-citation",
                at.clone(),
                format!("the set `{id}` has no citation"),
                "write `cite = \"...\"`: where its members are named",
            ));
        }
        self.law.sets.push(DatedSet {
            id: id.to_owned(),
            title,
            cite,
            source: from,
            read,
            members: Vec::new(),
            at,
        });
        Some(self.law.sets.len() - 1)
    }

    fn country_set(&mut self, source: &Source, block: &Block) {
        let Some(raw) = self.toml::<RawSet>(source, block.text, block.start) else {
            return;
        };
        let read = self.confidence(source, block.start, raw.confidence.as_ref());
        let at = spot(source, block.start, &raw.id);
        let Some(set) = self.new_set(at, raw.id.get_ref(), raw.title, raw.cite, raw.source, read)
        else {
            return;
        };
        for member in raw.members {
            let country = Country::from_code(member.country.get_ref())
                .and_then(|country| self.law.vocabulary.country(country));
            let Some(country) = country else {
                let near = self.law.vocabulary.country_like(member.country.get_ref());
                let message = format!(
                    "`{}` is no country code{}",
                    member.country.get_ref(),
                    suggestion(near)
                );
                let at = spot(source, block.start, &member.country);
                self.problem(Diagnostic::error(
                    "unknown-word",
                    at,
                    message,
                    "write two capital letters, as in `IR`",
                ));
                continue;
            };
            let period = member
                .interval
                .as_ref()
                .map_or_else(Period::always, |interval| {
                    self.period(source, block.start, interval)
                });
            self.law.sets[set].members.push((country, period));
        }
        self.waiting.country_sets.insert(raw.id.into_inner(), set);
    }

    fn party_list(&mut self, source: &Source, block: &Block) {
        let Some(raw) = self.toml::<RawParties>(source, block.text, block.start) else {
            return;
        };
        let read = self.confidence(source, block.start, raw.confidence.as_ref());
        let at = spot(source, block.start, &raw.id);
        let Some(set) = self.new_set(at, raw.id.get_ref(), raw.title, raw.cite, raw.source, read)
        else {
            return;
        };
        for party in raw.parties {
            let period = party
                .interval
                .as_ref()
                .map_or_else(Period::always, |interval| {
                    self.period(source, block.start, interval)
                });
            let name = party.name.get_ref().clone();
            let mut folded: Vec<String> = std::iter::once(&name)
                .chain(&party.aliases)
                .map(|name| fold_name(name))
                .collect();
            folded.sort();
            folded.dedup();
            if folded.iter().any(String::is_empty) {
                let at = spot(source, block.start, &party.name);
                self.problem(Diagnostic::error(
                    "empty-name",
                    at,
                    format!("`{name}` or one of its aliases has no letter"),
                    "write a name",
                ));
                continue;
            }
            let place = u32::try_from(self.law.parties.len()).unwrap_or(u32::MAX);
            self.law.sets[set].members.push((place, period.clone()));
            self.law.parties.push(ListedParty {
                set,
                name,
                aliases: party.aliases,
                folded,
                period,
                cite: party.cite,
                imported: Vec::new(),
            });
        }
        if !raw.imported.is_empty() {
            // One row for whoever the imported lists hold: which of them it is, screening says.
            let name = format!("a party of {}", raw.imported.join(" or "));
            let place = u32::try_from(self.law.parties.len()).unwrap_or(u32::MAX);
            self.law.sets[set].members.push((place, Period::always()));
            self.law.parties.push(ListedParty {
                set,
                folded: vec![fold_name(&name)],
                name,
                aliases: Vec::new(),
                period: Period::always(),
                cite: String::new(),
                imported: raw.imported,
            });
        }
        self.waiting.party_sets.insert(raw.id.into_inner(), set);
    }

    /// Lists that carry all of one: `LIST under LABEL`.
    fn carriers(&mut self, source: &Source, texts: &[Spanned<String>]) -> Vec<Carrier> {
        let mut found = Vec::new();
        for text in texts {
            let at = spot(source, 0, text);
            match text.get_ref().split_once(" under ") {
                Some((list, label)) if !list.trim().is_empty() && !label.trim().is_empty() => {
                    found.push(Carrier {
                        list: list.trim().to_owned(),
                        label: label.trim().to_owned(),
                        at,
                    });
                }
                _ => self.problem(Diagnostic::error(
                    "carried-by",
                    at,
                    format!("`{}` names no list and label", text.get_ref()),
                    "write the list and the label of the entries that carry this one, as in `us:ccl under MT`",
                )),
            }
        }
        found
    }

    fn list_file(
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
                self.law.lists.push(ControlList {
                    id,
                    title: raw.list.title,
                    cite: raw.list.cite,
                    complete: raw.list.complete.unwrap_or(false),
                    accepts: raw
                        .list
                        .accepts
                        .iter()
                        .map(|name| fold_word(name))
                        .collect(),
                    apart_from: raw.list.apart_from,
                    carried_by,
                    narrowed: raw.list.narrowed,
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
}

// ---- third pass: the conditions ------------------------------------------------------------------

impl Loader {
    fn conditions(&mut self, articles: Vec<RawArticle>, lists: Vec<RawControlList>) {
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

    fn condition(
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

    fn entry(&mut self, source: &Source, raw: RawEntry, names: &Names) -> Option<Entry> {
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

    fn case(
        &mut self,
        source: &Source,
        base: usize,
        fence: usize,
        raw: RawCase,
        names: &Names,
    ) -> Option<Case> {
        if self.answering {
            return None;
        }
        let at = source.at(fence, base.saturating_sub(1));
        let empty = toml::Table::new();
        let given = raw.given.as_ref().map_or(&empty, Spanned::get_ref);
        let given_at = raw
            .given
            .as_ref()
            .map_or(at.clone(), |given| spot(source, base, given));
        let mut facts = self.facts(&given_at, given, names)?;
        if let Some(on) = &raw.on
            && let Some(date) = names.vocabulary.fact("date")
        {
            match read_value(names.vocabulary, date, &Given::Text(on.get_ref().clone())) {
                Ok(value) => facts.set(date, value),
                Err(error) => {
                    self.problem(Diagnostic::error(
                        "date",
                        spot(source, base, on),
                        error.problem,
                        error.cure,
                    ));
                    return None;
                }
            }
        }
        let mut raw = raw;
        if let Some(outcome) = &mut raw.expect.outcome {
            sanctions::in_words_of_the_scale(outcome.get_mut());
        }
        for (text, words) in [
            (
                &raw.expect.verdict,
                "applies, does_not_apply, not_known, excepted, disputed",
            ),
            (
                &raw.expect.outcome,
                "no_licence_required, covered_by_licence, notify, licence_required, presumption_of_denial, prohibited, not_known, refer",
            ),
        ] {
            if let Some(text) = text
                && !words.split(", ").any(|word| word == text.get_ref())
            {
                let near = nearest(text.get_ref(), words.split(", "));
                let message = format!(
                    "`{}` cannot come out of a case{}",
                    text.get_ref(),
                    suggestion(near)
                );
                self.problem(Diagnostic::error(
                    "unknown-word",
                    spot(source, base, text),
                    message,
                    format!("write one of {words}"),
                ));
                return None;
            }
        }
        if raw.expect.verdict.is_none()
            && raw.expect.outcome.is_none()
            && raw.expect.essential.is_none()
        {
            self.problem(Diagnostic::error(
                "empty-case",
                at,
                format!("the case \"{}\" expects nothing", raw.name),
                "write `expect = { verdict = \"applies\" }` or an `outcome`",
            ));
            return None;
        }
        let mut essential = None;
        if let Some(keys) = &raw.expect.essential {
            let mut read = Vec::new();
            for key in keys {
                if names.vocabulary.fact(key.get_ref()).is_none() {
                    let near = nearest(
                        key.get_ref(),
                        names.vocabulary.facts.iter().map(|fact| fact.key.as_str()),
                    );
                    let message = format!("unknown fact `{}`{}", key.get_ref(), suggestion(near));
                    self.problem(Diagnostic::error(
                        "unknown-fact",
                        spot(source, base, key),
                        message,
                        "`catchall law vocabulary` lists every fact",
                    ));
                    return None;
                }
                read.push(key.get_ref().clone());
            }
            read.sort();
            essential = Some(read);
        }
        Some(Case {
            name: raw.name,
            facts,
            expect: Expect {
                verdict: raw.expect.verdict.map(Spanned::into_inner),
                outcome: raw.expect.outcome.map(Spanned::into_inner),
                essential,
            },
            at,
        })
    }

    /// The facts of a case or a sample: dotted keys, values as a transfer would state them.
    fn facts(&mut self, at: &At, table: &toml::Table, names: &Names) -> Option<Facts> {
        let mut rows = Vec::new();
        flatten(table, "", names.vocabulary, &mut rows);
        let mut facts = Facts::default();
        let mut reach = Reach::default();
        let mut good = true;
        for (key, value) in &rows {
            if let Err(error) = self.state(&mut facts, &mut reach, key, value, names) {
                let at = self.key_at(at, key);
                self.problem(Diagnostic::error(
                    "case-value",
                    at,
                    format!("`{key}`: {}", error.problem),
                    error.cure,
                ));
                good = false;
            }
        }
        match reach.curve() {
            Ok(Some(curve)) => {
                if let Some(fact) = names.vocabulary.fact("item.delivers") {
                    facts.set(fact, Value::Curve(curve));
                }
            }
            Ok(None) => {}
            Err((name, error)) => {
                let at = self.key_at(at, &format!("item.{name}"));
                self.problem(Diagnostic::error(
                    "case-value",
                    at,
                    format!("`item.{name}`: {}", error.problem),
                    error.cure,
                ));
                good = false;
            }
        }
        good.then_some(facts)
    }

    /// Where a key stands in a table of facts; the table itself where it is written in another way.
    fn key_at(&self, table: &At, key: &str) -> At {
        let Some(source) = self
            .law
            .sources
            .iter()
            .find(|source| source.file == table.file)
        else {
            return table.clone();
        };
        let text = source.text.get(table.start..table.end).unwrap_or_default();
        let last = key.rsplit('.').next().unwrap_or(key);
        let places = [key, last]
            .into_iter()
            .flat_map(|name| text.match_indices(name));
        let mut keys = places.filter(|(at, name)| {
            let before = text[..*at].chars().next_back();
            text[at + name.len()..].trim_start().starts_with('=')
                && !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
        });
        keys.next().map_or_else(
            || table.clone(),
            |(at, name)| source.at(table.start + at, table.start + at + name.len()),
        )
    }

    fn state(
        &self,
        facts: &mut Facts,
        reach: &mut Reach,
        key: &str,
        value: &toml::Value,
        names: &Names,
    ) -> Result<(), ValueError> {
        let given = given(value)?;
        if let Some(name) = key.strip_prefix("item.")
            && reach.take(name, &given)
        {
            return Ok(());
        }
        if key == "item.listed" {
            if given == Given::YesNo(false) {
                facts.claims.push(Claim {
                    list: None,
                    code: None,
                });
                return Ok(());
            }
            return Err(ValueError::new(
                "only `item.listed = false` is a claim",
                "state the code: `item.codes = { mtcr = \"9.A.4\" }`",
            ));
        }
        if let Some(list) = key.strip_prefix("item.codes.") {
            let Given::Text(code) = given else {
                return Err(ValueError::new("a code is a text", "write \"9.A.4\""));
            };
            let list = self
                .law
                .lists
                .iter()
                .position(|each| each.id == list || each.accepts.contains(&fold_word(list)));
            let Some(list) = list else {
                let all: Vec<&str> = self
                    .law
                    .lists
                    .iter()
                    .flat_map(|list| {
                        std::iter::once(list.id.as_str())
                            .chain(list.accepts.iter().map(String::as_str))
                    })
                    .collect();
                let cure = if all.is_empty() {
                    "no pack holds a control list".to_owned()
                } else {
                    format!("lists go by {}", all.join(", "))
                };
                return Err(ValueError::new("no list goes by that name", cure));
            };
            facts.claims.push(Claim {
                list: Some(list),
                code: claimed_code(&code),
            });
            return Ok(());
        }
        if key == "parties" {
            let texts = match &given {
                Given::Text(one) => vec![one.clone()],
                Given::List(several) => several
                    .iter()
                    .filter_map(|each| match each {
                        Given::Text(text) => Some(text.clone()),
                        _ => None,
                    })
                    .collect(),
                _ => {
                    return Err(ValueError::new(
                        "parties are names",
                        "write a list of names; [] says that there are none",
                    ));
                }
            };
            let Some(fact) = names.vocabulary.fact("parties") else {
                return Ok(());
            };
            let mut sure: Vec<u32> = Vec::new();
            for name in texts {
                let folded = fold_name(&name);
                sure.extend(
                    (0u32..)
                        .zip(&self.law.parties)
                        .filter(|(_, party)| party.folded.contains(&folded))
                        .map(|(place, _)| place),
                );
            }
            sure.sort_unstable();
            sure.dedup();
            facts.set(fact, Value::Set { sure, more: false });
            return Ok(());
        }
        let Some(fact) = names.vocabulary.fact(key) else {
            let near = nearest(
                key,
                names.vocabulary.facts.iter().map(|fact| fact.key.as_str()),
            );
            return Err(ValueError::new(
                format!("unknown fact{}", suggestion(near)),
                "`catchall law vocabulary` lists every fact",
            ));
        };
        let value = read_value(names.vocabulary, fact, &given)?;
        facts.set(fact, value);
        Ok(())
    }

    /// Groups that no exception names, each once.
    fn idle_groups(
        &mut self,
        labels: Vec<(String, At)>,
        targets: &[(usize, Source, usize, Spanned<String>)],
    ) {
        let mut told: Vec<String> = Vec::new();
        for (label, at) in labels {
            if !told.contains(&label)
                && !targets
                    .iter()
                    .any(|(.., target)| *target.get_ref() == label)
            {
                let message = format!("no exception names the group `{label}`");
                self.problem(Diagnostic::warning("unused-group", at, message, "a group is there to be excepted as a whole: name it in an `excepts`, or drop it"));
                told.push(label);
            }
        }
    }

    /// Exceptions to the provisions they name, and no circles among them.
    fn link(&mut self, targets: Vec<(usize, Source, usize, Spanned<String>)>) {
        for (place, source, base, target) in targets {
            let name = target.get_ref();
            let found: Vec<usize> = (0..self.law.provisions.len())
                .filter(|each| *each != place)
                .filter(|each| {
                    let provision = &self.law.provisions[*each];
                    provision.id == *name || provision.groups.contains(name)
                })
                .collect();
            if found.is_empty() {
                let ids = self.law.provisions.iter().map(|each| each.id.as_str());
                let groups = self
                    .law
                    .provisions
                    .iter()
                    .flat_map(|each| each.groups.iter().map(String::as_str));
                let message = format!(
                    "`{}` excepts `{name}`, which no pack defines{}",
                    self.law.provisions[place].id,
                    suggestion(nearest(name, ids.chain(groups)))
                );
                let at = spot(&source, base, &target);
                self.problem(Diagnostic::error(
                    "dangling-exception",
                    at,
                    message,
                    "name a provision by its id, or a group by its label",
                ));
                continue;
            }
            for each in found {
                if self.law.provisions[each].jurisdiction != self.law.provisions[place].jurisdiction
                {
                    let message = format!(
                        "`{}` is law of `{}`, but excepts `{}`, which is law of `{}`",
                        self.law.provisions[place].id,
                        self.law.provisions[place].jurisdiction,
                        self.law.provisions[each].id,
                        self.law.provisions[each].jurisdiction
                    );
                    let at = spot(&source, base, &target);
                    self.problem(Diagnostic::error(
                        "foreign-exception",
                        at,
                        message,
                        "an exception lifts requirements of its own jurisdiction only",
                    ));
                    continue;
                }
                let excepts = &mut self.law.provisions[place].excepts;
                if !excepts.contains(&each) {
                    excepts.push(each);
                    excepts.sort_unstable();
                }
            }
        }
        let count = self.law.provisions.len();
        let mut state = vec![0u8; count];
        for start in 0..count {
            let mut path = Vec::new();
            if let Some(circle) = self.circle(start, &mut state, &mut path) {
                let ids: Vec<&str> = circle
                    .iter()
                    .map(|place| self.law.provisions[*place].id.as_str())
                    .collect();
                let at = self.law.provisions[circle[0]].at.clone();
                let message = format!("exceptions run in a circle: {}", ids.join(" excepts "));
                self.problem(Diagnostic::error(
                    "exception-cycle",
                    at,
                    message,
                    "a provision cannot, in the end, except itself: drop one of these edges",
                ));
                break;
            }
        }
    }

    fn circle(&self, at: usize, state: &mut [u8], path: &mut Vec<usize>) -> Option<Vec<usize>> {
        match state[at] {
            2 => return None,
            1 => {
                let from = path.iter().position(|each| *each == at).unwrap_or(0);
                let mut circle = path[from..].to_vec();
                circle.push(at);
                return Some(circle);
            }
            _ => {}
        }
        state[at] = 1;
        path.push(at);
        for next in &self.law.provisions[at].excepts {
            if let Some(circle) = self.circle(*next, state, path) {
                return Some(circle);
            }
        }
        path.pop();
        state[at] = 2;
        None
    }
}

/// What a pack says of a fact besides its type.
struct FactText<'a> {
    key: &'a str,
    question: Option<&'a str>,
    ask: &'a str,
    evidence: &'a str,
    cost: Option<u8>,
    also: &'a [String],
}

fn word_list(name: &str, values: &[RawWord], at: At) -> WordList {
    let words = values.iter().map(|value| match value {
        RawWord::Plain(word) => Word {
            word: word.clone(),
            label: word.clone(),
            also: Vec::new(),
        },
        RawWord::Full { word, label, also } => Word {
            word: word.clone(),
            label: label.clone(),
            also: also.clone(),
        },
    });
    WordList {
        name: name.to_owned(),
        words: words.collect(),
        at: Some(at),
    }
}

/// What is wrong with a TOML text and what would be right, without the names of the program's own types.
fn toml_words(message: &str) -> (String, String) {
    let message = message.trim().replace('\n', "; ");
    let shapes = [
        (
            "RawEditions",
            "this is no interval, nor a list of editions",
            "write `in_force = \"START/END\"`, or `[{ interval = \"START/END\", confidence = \"read\" }, ...]`",
        ),
        (
            "RawSamples",
            "this is no item, nor a list of items",
            "write the item's facts in braces, as in `{ item.kind = \"gyro\" }`, or several such items in a list",
        ),
        (
            "RawFactWords",
            "this is no word list, nor the name of one",
            "write `values = \"use\"` for a list of words.toml, or the words themselves in a list",
        ),
        (
            "RawWord",
            "this is no word",
            "write a word in quotation marks, or `{ word = \"missile\", label = \"...\", also = [...] }`",
        ),
    ];
    if let Some((_, what, help)) = shapes
        .iter()
        .find(|(name, ..)| message.contains(&format!("untagged enum {name}")))
    {
        return ((*what).to_owned(), (*help).to_owned());
    }
    let docs = "docs/writing-a-pack.md shows what may stand here";
    if let Some((field, expected)) = message
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split_once("`, expected "))
    {
        let near = nearest(field, expected.split('`').skip(1).step_by(2));
        return (
            format!(
                "nothing called `{field}` may stand here{}",
                suggestion(near)
            ),
            docs.to_owned(),
        );
    }
    if let Some(field) = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'))
    {
        return (
            format!("`{field}` is missing here"),
            format!("write `{field} = ...`; {docs}"),
        );
    }
    (message, docs.to_owned())
}

/// The place of a value in a block that begins at `base`.
fn spot<T>(source: &Source, base: usize, value: &Spanned<T>) -> At {
    source.at(base + value.span().start, base + value.span().end)
}

/// Nested tables to dotted keys, stopping at a key that is a fact.
fn flatten(
    table: &toml::Table,
    prefix: &str,
    vocabulary: &Vocabulary,
    into: &mut Vec<(String, toml::Value)>,
) {
    for (key, value) in table {
        let key = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match value {
            toml::Value::Table(inner) if vocabulary.fact(&key).is_none() => {
                flatten(inner, &key, vocabulary, into)
            }
            other => into.push((key, other.clone())),
        }
    }
}

fn given(value: &toml::Value) -> Result<Given, ValueError> {
    Ok(match value {
        toml::Value::String(text) => Given::Text(text.clone()),
        toml::Value::Boolean(yes) => Given::YesNo(*yes),
        toml::Value::Integer(number) => Given::Number(number.to_string()),
        toml::Value::Float(number) => Given::Number(number.to_string()),
        toml::Value::Datetime(day) => Given::Text(day.to_string()),
        toml::Value::Array(several) => {
            Given::List(several.iter().map(given).collect::<Result<_, _>>()?)
        }
        toml::Value::Table(_) => {
            return Err(ValueError::new(
                "a table is no value",
                "write a value of the fact",
            ));
        }
    })
}
