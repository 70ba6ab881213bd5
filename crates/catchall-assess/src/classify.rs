//! Classify: from what is said of an item to the control list entries that it may fall under.
//!
//! Words and tariff headings only suggest a kind and find entries; the packs' tests decide, each shown. Not a determination:
//! the code that a person takes from here enters a transfer as a claim with its reasons.

use std::collections::{BTreeMap, HashMap};

use catchall_law::{EntryAnswer, FactId, Facts, Law, TestRef, Tri, Value, fold_name};
use catchall_model::{
    CLASSIFICATION_SCHEMA, Candidate, Classification, Day, Elsewhere, Flag, KindGuess, Measurement,
    Transfer,
};

use crate::gather::{self, Gathered};
use crate::{Assessor, FieldError, Room};

/// The most kinds that words may suggest.
const MOST_KINDS: usize = 3;
/// The most entries that words alone bring in, for one list.
const MOST_BY_TEXT: usize = 3;
/// The most candidates without a test that is met or open, for one list.
const MOST_MISSED: usize = 5;

/// Where the words of kinds and of entries stand.
#[derive(Debug, Default)]
pub(crate) struct Words {
    /// Phrases of kinds by their rarest word: all words of a phrase, and the kind.
    phrases: HashMap<String, Vec<(Vec<String>, u32)>>,
    /// Entries by the words of their titles.
    titles: HashMap<String, Vec<(usize, usize)>>,
    /// In how many phrases and titles a word stands.
    often: HashMap<String, u32>,
    /// Kinds by tariff heading.
    headings: BTreeMap<String, Vec<u32>>,
}

/// Words that say nothing of what an item is.
fn telling(word: &str) -> bool {
    let empty = [
        "a", "an", "and", "any", "as", "at", "by", "for", "from", "in", "into", "is", "its", "not",
        "of", "on", "or", "other", "per", "such", "than", "that", "the", "their", "to", "type",
        "use", "used", "with",
    ];
    !word.is_empty() && !empty.contains(&word)
}

/// The words of a text, plural and case folded.
fn words(text: &str) -> Vec<String> {
    let folded = fold_name(text);
    let mut found: Vec<String> = Vec::new();
    for word in folded.split(' ').filter(|word| telling(word)) {
        let stem = match word {
            word if word.len() > 4 && word.ends_with("ies") => {
                format!("{}y", &word[..word.len() - 3])
            }
            word if word.len() > 3
                && word.ends_with('s')
                && !word.ends_with("ss")
                && !word.ends_with("us") =>
            {
                word[..word.len() - 1].to_owned()
            }
            word => word.to_owned(),
        };
        if !found.contains(&stem) {
            found.push(stem);
        }
    }
    found
}

impl Words {
    pub fn of(law: &Law) -> Words {
        let mut known = Words::default();
        let mut phrases: Vec<(Vec<String>, u32)> = Vec::new();
        for (place, kind) in (0u32..).zip(&law.vocabulary.kinds) {
            let spoken = kind.word.replace('-', " ");
            let all = [spoken.as_str(), kind.label.as_str()];
            for phrase in all.into_iter().chain(kind.also.iter().map(String::as_str)) {
                let phrase = words(phrase);
                if !phrase.is_empty() && !phrases.contains(&(phrase.clone(), place)) {
                    phrases.push((phrase, place));
                }
            }
            for heading in &kind.hs {
                let digits = digits(heading);
                known.headings.entry(digits).or_default().push(place);
            }
        }
        for word in phrases.iter().flat_map(|(phrase, _)| phrase) {
            *known.often.entry(word.clone()).or_default() += 1;
        }
        for (list, own) in law.lists.iter().enumerate() {
            for (entry, own) in own.entries.iter().enumerate() {
                for word in words(&own.title) {
                    *known.often.entry(word.clone()).or_default() += 1;
                    known.titles.entry(word).or_default().push((list, entry));
                }
            }
        }
        for (phrase, kind) in phrases {
            let rarest = phrase
                .iter()
                .min_by_key(|word| (known.often.get(*word), *word));
            if let Some(rarest) = rarest.cloned() {
                known
                    .phrases
                    .entry(rarest)
                    .or_default()
                    .push((phrase, kind));
            }
        }
        known
    }

    /// The kinds whose words all stand in a text, the most telling phrase first, each with that phrase.
    fn kinds(&self, law: &Law, text: &[String]) -> Vec<(u32, String)> {
        let mut found: Vec<(usize, u32, String)> = Vec::new();
        for word in text {
            for (phrase, kind) in self.phrases.get(word).into_iter().flatten() {
                if phrase.iter().all(|word| text.contains(word)) {
                    found.push((phrase.len(), *kind, phrase.join(" ")));
                }
            }
        }
        found.sort_by(|a, b| (b.0, a.1, &a.2).cmp(&(a.0, b.1, &b.2)));
        let mut kept: Vec<(u32, String)> = Vec::new();
        let longest = found.first().map_or(0, |(length, ..)| *length);
        for (length, kind, phrase) in found {
            let end = law.vocabulary.kinds[kind as usize].end;
            // What lies below or above a kind that is already taken says nothing new, and weaker phrases say less.
            let known = kept.iter().any(|(other, _)| {
                let other_end = law.vocabulary.kinds[*other as usize].end;
                (kind..end).contains(other) || (*other..other_end).contains(&kind)
            });
            if !known && length == longest && kept.len() < MOST_KINDS {
                kept.push((kind, phrase));
            }
        }
        kept
    }

    /// The kinds of a tariff heading: of its longest beginning that is known.
    fn by_heading(&self, code: &str) -> Vec<u32> {
        let code = digits(code);
        let beginnings = (4..=code.len()).rev();
        beginnings
            .filter_map(|length| self.headings.get(&code[..length]))
            .next()
            .map_or(Vec::new(), Clone::clone)
    }

    /// Entries that share telling words with a text, the most telling first within each list.
    fn entries(&self, law: &Law, text: &[String]) -> Vec<((usize, usize), Vec<String>)> {
        let mut shared: BTreeMap<(usize, usize), (u64, Vec<String>)> = BTreeMap::new();
        for word in text {
            let often = u64::from(self.often.get(word).copied().unwrap_or(1).max(1));
            for entry in self.titles.get(word).into_iter().flatten() {
                let (weight, words) = shared.entry(*entry).or_default();
                *weight += 1_000_000 / often;
                words.push(word.clone());
            }
        }
        let mut ranked: Vec<((usize, usize), u64, Vec<String>)> = shared
            .into_iter()
            .filter(|(_, (_, words))| words.len() * 2 >= text.len().min(4))
            .map(|(entry, (weight, words))| (entry, weight, words))
            .collect();
        ranked.sort_by(|a, b| (a.0.0, b.1, a.0).cmp(&(b.0.0, a.1, b.0)));
        let mut kept = Vec::new();
        for list in 0..law.lists.len() {
            let own = ranked.iter().filter(|(entry, ..)| entry.0 == list);
            kept.extend(
                own.take(MOST_BY_TEXT)
                    .map(|(entry, _, words)| (*entry, words.clone())),
            );
        }
        kept
    }
}

fn digits(code: &str) -> String {
    code.chars().filter(char::is_ascii_digit).collect()
}

impl Assessor {
    /// The entries that the first line's item of a transfer may fall under, in the lists as they stood on a day; without one, in
    /// any edition.
    ///
    /// # Errors
    /// Every value that is none of its fact's, by field path.
    pub fn classify(
        &self,
        transfer: &Transfer,
        on: Option<Day>,
        room: &mut Room,
    ) -> Result<Classification, Vec<FieldError>> {
        let empty = catchall_model::Line::default();
        let line = transfer.lines.first().unwrap_or(&empty);
        let asked = gather::Asked {
            line,
            place: 0,
            recipient: gather::recipients(transfer).first().copied(),
            end_user: None,
        };
        let gathered = gather::gather(&self.law, &self.known, None, transfer, &asked, on)?;
        Ok(Classifying {
            assessor: self,
            words: self.words.get_or_init(|| Words::of(&self.law)),
            on,
            transfer,
            line,
            claims: gathered.facts.claims.clone(),
            gathered,
        }
        .all(room))
    }
}

struct Classifying<'a> {
    assessor: &'a Assessor,
    words: &'a Words,
    on: Option<Day>,
    transfer: &'a Transfer,
    line: &'a catchall_model::Line,
    gathered: Gathered,
    claims: Vec<catchall_law::Claim>,
}

impl Classifying<'_> {
    fn all(mut self, room: &mut Room) -> Classification {
        let law = &self.assessor.law;
        // What is claimed is what is being asked: it must not answer.
        self.gathered.facts.claims.clear();
        let description = self.line.item.description.clone().unwrap_or_default();
        let text = words(&description);
        let kinds = self.kinds(&text);
        let by_text = self.words.entries(law, &text);
        let also: Vec<(usize, usize)> = by_text.iter().map(|(entry, _)| *entry).collect();
        let facts = self.gathered.facts.clone();
        let answers =
            self.assessor
                .program
                .classify(law, &facts, self.on, &also, &mut room.scratch);
        let mut ranked: Vec<(usize, u8, std::cmp::Reverse<usize>, usize, Candidate)> = Vec::new();
        for answer in &answers {
            let none = Vec::new();
            let shared = by_text
                .iter()
                .find(|(entry, _)| *entry == (answer.list, answer.entry));
            let shared = shared.map_or(&none, |(_, words)| words);
            let candidate = self.candidate(answer, shared, &facts, room);
            let rank = match candidate.verdict {
                "meets" => 0,
                "not_known" => 1,
                "near_miss" => 2,
                "by_text" => 3,
                _ => 4,
            };
            let shared = std::cmp::Reverse(shared.len());
            ranked.push((answer.list, rank, shared, answer.entry, candidate));
        }
        ranked.sort_by_key(|row| (row.0, row.1, row.2, row.3));
        let mut missed: HashMap<usize, usize> = HashMap::new();
        ranked.retain(|(list, rank, ..)| {
            let count = missed.entry(*list).or_default();
            *count += usize::from(*rank > 1);
            *rank <= 1 || *count <= MOST_MISSED
        });
        let candidates: Vec<Candidate> = ranked.into_iter().map(|(.., each)| each).collect();
        let mut flags = std::mem::take(&mut self.gathered.flags);
        if kinds.is_empty() {
            flags.push(Flag {
                flag: "the kind of the item is not known, so that entries were found by their words alone".to_owned(),
                question: "Which kind of the vocabulary is it (`catchall law vocabulary --kinds`)?".to_owned(),
                evidence: "lines[0].item.kind".to_owned(),
                open: true,
            });
        }
        Classification {
            schema: CLASSIFICATION_SCHEMA,
            item: self.transfer.id.clone(),
            description,
            on: self.on,
            ask: self.ask(&candidates),
            kinds,
            candidates,
            flags,
            basis: self.assessor.basis.clone(),
        }
    }

    /// The kinds that the item is taken for; where none is stated, the facts take those that words or a heading suggest.
    fn kinds(&mut self, text: &[String]) -> Vec<KindGuess> {
        let vocabulary = &self.assessor.law.vocabulary;
        let guess = |kind: u32, from: &'static str, by: String| {
            let kind = &vocabulary.kinds[kind as usize];
            KindGuess {
                kind: kind.word.clone(),
                label: kind.label.clone(),
                from,
                by,
            }
        };
        let Some(fact) = vocabulary.fact("item.kind") else {
            return Vec::new();
        };
        match self.gathered.facts.get(fact) {
            Some(Value::One(kind)) => {
                return vec![guess(
                    *kind,
                    "stated",
                    self.line.item.kind.clone().unwrap_or_default(),
                )];
            }
            Some(Value::OneOf(kinds)) => {
                let first = kinds.first().copied().unwrap_or_default();
                return vec![guess(
                    first,
                    "stated",
                    self.line.item.kind.clone().unwrap_or_default(),
                )];
            }
            _ => {}
        }
        let mut found: Vec<(u32, &'static str, String)> = Vec::new();
        for (kind, phrase) in self.words.kinds(&self.assessor.law, text) {
            found.push((kind, "description", phrase));
        }
        if found.is_empty()
            && let Some(code) = &self.line.item.hs_code
        {
            for kind in self.words.by_heading(code) {
                found.push((kind, "hs_code", code.clone()));
            }
        }
        let mut below: Vec<u32> = found
            .iter()
            .flat_map(|(kind, ..)| *kind..vocabulary.kinds[*kind as usize].end)
            .collect();
        below.sort_unstable();
        below.dedup();
        match below.as_slice() {
            [] => {}
            [one] => self.gathered.facts.set(fact, Value::One(*one)),
            _ => self.gathered.facts.set(fact, Value::OneOf(below)),
        }
        found
            .into_iter()
            .map(|(kind, from, by)| guess(kind, from, by))
            .collect()
    }

    fn candidate(
        &self,
        answer: &EntryAnswer,
        shared: &[String],
        facts: &Facts,
        room: &mut Room,
    ) -> Candidate {
        let (law, program) = (&self.assessor.law, &self.assessor.program);
        let list = &law.lists[answer.list];
        let entry = &list.entries[answer.entry];
        let verdict = match answer.meets {
            None => "by_text",
            Some(Tri::Yes) => "meets",
            Some(Tri::Open) => "not_known",
            Some(Tri::No) if answer.only.is_some_and(|test| self.near(test, facts)) => "near_miss",
            Some(Tri::No) => "does_not_meet",
        };
        let open = match verdict {
            "not_known" => {
                program.open_entry(law, facts, answer.list, answer.entry, &mut room.scratch)
            }
            _ => None,
        };
        let missing: Vec<FactId> = open.map_or(Vec::new(), |open| open.essential);
        let mut editions = entry.editions.iter();
        let edition = match self.on {
            Some(on) => editions.find(|edition| edition.period.on(on) != catchall_law::Holds::No),
            None => editions.next_back(),
        };
        let date = law.vocabulary.fact("date");
        let code = entry.code.to_lowercase();
        let claimed = |claim: &catchall_law::Claim| {
            let own = claim
                .code
                .as_ref()
                .is_some_and(|claim| claim.to_lowercase() == code);
            own && claim.list.is_none_or(|list| list == answer.list)
        };
        Candidate {
            list: list.id.clone(),
            code: entry.code.clone(),
            title: entry.title.clone(),
            tags: entry.tags.clone(),
            verdict,
            claimed: self.claims.iter().any(claimed),
            tests: answer
                .tests
                .iter()
                .map(|test| {
                    let mut because = program.because(law, facts, *test);
                    because.entry = None;
                    because.evidence = self.gathered.source(&because.fact);
                    because
                })
                .collect(),
            missing: missing
                .iter()
                .filter(|fact| Some(**fact) != date)
                .map(|fact| law.vocabulary.get(*fact).key.clone())
                .collect(),
            words: shared.to_vec(),
            elsewhere: self.elsewhere(&list.id, &entry.code),
            note: edition.map_or_else(String::new, |edition| edition.note.clone()),
            source: entry.source.clone(),
            confidence: match edition {
                Some(edition) if edition.read => "read",
                _ => "recalled",
            },
        }
    }

    /// The numbers that an entry bears on other lists.
    fn elsewhere(&self, list: &str, code: &str) -> Vec<Elsewhere> {
        let beside = self.assessor.crosswalk().beside(list, code);
        let told = beside.into_iter().map(|neighbour| Elsewhere {
            list: neighbour.list,
            code: neighbour.code,
            relation: neighbour.relation.word(),
            by: neighbour.by,
        });
        told.collect()
    }

    /// Whether a figure lies within a tenth of the threshold that it misses.
    fn near(&self, test: TestRef, facts: &Facts) -> bool {
        let flip = self.assessor.program.flip(&self.assessor.law, facts, test);
        flip.is_some_and(|flip| !flip.date && flip.off_ppm <= 100_000)
    }

    /// What to measure, the fact on which most open entries turn first, cheap ones before dear ones.
    fn ask(&self, candidates: &[Candidate]) -> Vec<Measurement> {
        let vocabulary = &self.assessor.law.vocabulary;
        let mut by_fact: BTreeMap<FactId, Vec<String>> = BTreeMap::new();
        for candidate in candidates {
            for fact in candidate
                .missing
                .iter()
                .filter_map(|key| vocabulary.fact(key))
            {
                let entry = format!("{} {}", candidate.list, candidate.code);
                by_fact.entry(fact).or_default().push(entry);
            }
        }
        let mut asked: Vec<(FactId, Vec<String>)> = by_fact.into_iter().collect();
        asked.sort_by_key(|(fact, entries)| {
            (
                std::cmp::Reverse(entries.len()),
                vocabulary.get(*fact).cost,
                *fact,
            )
        });
        asked
            .into_iter()
            .map(|(fact, settles)| Measurement {
                question: crate::conclude::question(self.assessor, fact),
                settles,
            })
            .collect()
    }
}
