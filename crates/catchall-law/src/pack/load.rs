//! Files to law, in three passes, collecting everything that is wrong on the way.
//!
//! First the words (`facts`, `kinds`), then what has a name (`names`, `sets`, `lists`), then what is said with them (`provisions`, `cases`, `links`).
//! A new block of an article is a row of `BLOCKS`, a file here, and a faulty pack in `tests/bad/` for each of its messages.

mod cases;
mod commitments;
mod ended;
mod facts;
mod follows;
mod kinds;
mod links;
mod lists;
mod names;
mod provisions;
mod sanctions;
mod sets;
mod text;

use std::collections::BTreeMap;

use catchall_model::Places;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use self::text::toml_words;
use super::raw::{RawCase, RawCoverage, RawEntry, RawNexus, RawProvision};
use super::{Law, PackFile};
use crate::diagnostic::{At, Diagnostic, Severity, Source};
use crate::vocabulary::Vocabulary;

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
    loader.halves();
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
    /// Facts by which somebody says that a share is half or more: the place of the ownership, the fact.
    halves: Vec<(usize, String, At)>,
    /// Facts that follow from others.
    follows: Vec<follows::Following>,
    coverage: Vec<(usize, Source, RawCoverage)>,
    nexus: Vec<(Source, RawNexus)>,
    country_sets: BTreeMap<String, usize>,
    party_sets: BTreeMap<String, usize>,
    commitments: commitments::Commitments,
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
}
