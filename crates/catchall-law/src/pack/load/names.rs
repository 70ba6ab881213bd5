//! The second pass: instruments and articles, and whatever has a name that another file may use.
//!
//! What a block says is kept as it stands; conditions are read when every name is known (`provisions.rs`).

use std::collections::BTreeMap;
use std::str::FromStr;

use catchall_model::Force;
use toml::Spanned;

use super::super::markdown::blocks;
use super::super::raw::{RawCase, RawListFile, RawPack, RawProvision};
use super::super::{Instrument, samples};
use super::text::spot;
use super::{BLOCKS, Loader, RawArticle, RawControlList};
use crate::diagnostic::{Diagnostic, Source, nearest, suggestion};
use crate::period::Period;

impl Loader {
    pub(super) fn names(&mut self, sources: &[Source]) -> (Vec<RawArticle>, Vec<RawControlList>) {
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

    pub(super) fn word<T: FromStr<Err = catchall_model::ParseWordError>>(
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
                // As much text as all the rest; answers need none of it.
                "case" if self.answering => {}
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

    pub(super) fn confidence(
        &mut self,
        source: &Source,
        base: usize,
        text: Option<&Spanned<String>>,
    ) -> bool {
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

    pub(super) fn period(
        &mut self,
        source: &Source,
        base: usize,
        text: &Spanned<String>,
    ) -> Period {
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
}
