//! `catchall law`: the packs, checked, tested, shown, compared, and what they hold.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use anyhow::anyhow;
use catchall_law::{CoverageState, Domain, Holds, Law, Provision, Version, check as law_check};
use catchall_model::{Day, UNITS, Unit};
use serde_json::{Value, json};

use super::assess::day;
use super::{Common, Stop, diagnostics, publishing, review};
use crate::load::{self, Loaded};

/// What to do with the packs.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Check packs: every message with its place and what would be right.
    Check {
        /// Folder of packs, as with `--packs`.
        folder: Option<PathBuf>,
        /// Only what stands in files whose path holds this text, such as the folder of a pack, beside all the rest.
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
    },
    /// Run every case and sample, then every mutant of every condition.
    Test {
        /// Folder of packs, as with `--packs`.
        folder: Option<PathBuf>,
        /// Leave the mutation run out.
        #[arg(long)]
        no_mutation: bool,
        /// Only provisions and entries whose id holds this text.
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
    },
    /// Show provisions, as they stand on a day.
    Show {
        /// Only ids that hold this text.
        id: Option<String>,
        /// The day; every version otherwise.
        #[arg(long, value_name = "DATE", value_parser = day)]
        on: Option<Day>,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// What changed between two days: begun, ended, suspended, resumed.
    Diff {
        #[arg(value_parser = day)]
        from: Day,
        #[arg(value_parser = day)]
        to: Day,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// Every word a transfer may use: facts, kinds, properties, units, with question texts.
    Vocabulary {
        /// Only the kinds of items.
        #[arg(long)]
        kinds: bool,
        /// Only the properties of items.
        #[arg(long)]
        properties: bool,
        /// Only the units.
        #[arg(long)]
        units: bool,
        /// Only words that hold this text.
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// What a second reader should look at first, and why.
    Review {
        /// Only ids that hold this text.
        id: Option<String>,
        /// The day; today otherwise.
        #[arg(long, value_name = "DATE", value_parser = day)]
        on: Option<Day>,
        /// Also what nothing speaks for looking at.
        #[arg(long)]
        all: bool,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    /// The numbers that one thing bears on several lists.
    Crosswalk {
        /// A code: `9A101`, `9.A.4`.
        code: String,
        /// Its list; otherwise every list that has such a code.
        #[arg(long, value_name = "LIST")]
        list: Option<String>,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
    #[command(flatten)]
    Publishing(publishing::Verb),
    /// What is modelled of each instrument, in part, or only pointed to.
    Coverage {
        /// Only instruments whose id holds this text.
        id: Option<String>,
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Whether diagnostics on standard error may be coloured.
pub(super) fn colour() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

pub(crate) fn run(common: &Common, args: Args) -> Result<u8, Stop> {
    let mut out = std::io::stdout().lock();
    match args.verb {
        Verb::Publishing(verb) => publishing::run(common, &verb),
        Verb::Check { folder, only } => check(common, folder, only.as_deref()),
        Verb::Test {
            folder,
            no_mutation,
            only,
        } => test(common, folder, no_mutation, only.as_deref()),
        Verb::Show { id, on, format } => {
            let (_, law) = read(common, None)?;
            let shown = show(&law, id.as_deref(), on);
            if shown.is_empty() {
                return Err(Stop::usage(anyhow!(
                    "no provision matches; `catchall law show` lists all"
                )));
            }
            out.write_all(written(&shown, format, show_text).as_bytes())?;
            Ok(0)
        }
        Verb::Diff { from, to, format } => {
            if from > to {
                return Err(Stop::usage(anyhow!(
                    "{from} comes after {to}; write the earlier day first"
                )));
            }
            let (_, law) = read(common, None)?;
            let rows = diff(&law, from, to);
            if rows.is_empty() && format == Format::Text {
                writeln!(out, "nothing changed between {from} and {to}")?;
            }
            out.write_all(written(&rows, format, diff_text).as_bytes())?;
            Ok(0)
        }
        Verb::Vocabulary {
            kinds,
            properties,
            units,
            only,
            format,
        } => {
            let (_, law) = read(common, None)?;
            let all = !(kinds || properties || units);
            let document = vocabulary(
                &law,
                [all, all || kinds, all || properties, all || units],
                only.as_deref(),
            );
            let text = match format {
                Format::Json => serde_json::to_string_pretty(&document)? + "\n",
                Format::Text => vocabulary_text(&document),
            };
            out.write_all(text.as_bytes())?;
            Ok(0)
        }
        Verb::Review {
            id,
            on,
            all,
            format,
        } => {
            let (_, law) = read(common, None)?;
            let on = on.unwrap_or_else(load::today);
            let rows = review::rows(&law, on, id.as_deref(), !all);
            if rows.is_empty() && format == Format::Text {
                writeln!(out, "nothing to look at first; `--all` lists everything")?;
            }
            out.write_all(written(&rows, format, review::text).as_bytes())?;
            Ok(0)
        }
        Verb::Crosswalk { code, list, format } => {
            let (_, law) = read(common, None)?;
            let rows = review::crosswalk(&law, &code, list.as_deref());
            if rows.is_empty() && format == Format::Text {
                writeln!(
                    out,
                    "no crosswalk speaks of `{code}`; that is no proof that no other list covers it"
                )?;
            }
            out.write_all(written(&rows, format, review::crosswalk_text).as_bytes())?;
            Ok(0)
        }
        Verb::Coverage { id, format } => {
            let (_, law) = read(common, None)?;
            let rows = coverage(&law, id.as_deref());
            if rows.is_empty() {
                return Err(Stop::usage(anyhow!(
                    "no instrument matches; `catchall law coverage` lists all"
                )));
            }
            out.write_all(written(&rows, format, coverage_text).as_bytes())?;
            Ok(0)
        }
    }
}

fn written(rows: &[Value], format: Format, text: fn(&Value) -> String) -> String {
    match format {
        Format::Json => serde_json::to_string_pretty(rows).unwrap_or_default() + "\n",
        Format::Text => rows.iter().map(text).collect(),
    }
}

fn read(common: &Common, folder: Option<PathBuf>) -> Result<(Loaded, Law), Stop> {
    let folder = folder.or_else(|| common.packs.clone());
    let loaded = load::load(folder.as_deref()).map_err(Stop::usage)?;
    match load::law(&loaded) {
        Ok(law) => Ok((loaded, law)),
        Err(problems) => {
            eprint!("{}", diagnostics::draw(&problems, &loaded.files, colour()));
            Err(Stop::usage(anyhow!(
                "the packs of {} cannot be used: {}",
                loaded.from,
                diagnostics::count(&problems)
            )))
        }
    }
}

fn check(common: &Common, folder: Option<PathBuf>, only: Option<&str>) -> Result<u8, Stop> {
    let (loaded, law) = read(common, folder)?;
    if let Some(only) = only
        && !loaded.files.iter().any(|file| file.path.contains(only))
    {
        return Err(Stop::usage(anyhow!(
            "--only: no file of {} has `{only}` in its path",
            loaded.from
        )));
    }
    let report = law_check::check_only(&law, only);
    eprint!(
        "{}",
        diagnostics::draw(&report.diagnostics, &loaded.files, colour())
    );
    let entries: usize = law.lists.iter().map(|list| list.entries.len()).sum();
    println!(
        "{}: {} instruments, {} provisions, {entries} list entries: {}",
        loaded.from,
        law.instruments.len(),
        law.provisions.len(),
        diagnostics::count(&report.diagnostics)
    );
    if !common.quiet && !report.not_checked.is_empty() {
        println!(
            "{} questions that no check could answer, for a person:",
            report.not_checked.len()
        );
        for row in &report.not_checked {
            println!("  {}: {} ({})", row.at, row.what, row.why);
        }
    }
    Ok(if report.passes() {
        0
    } else {
        super::code::USAGE
    })
}

fn test(
    common: &Common,
    folder: Option<PathBuf>,
    no_mutation: bool,
    only: Option<&str>,
) -> Result<u8, Stop> {
    let (_, law) = read(common, folder)?;
    let tested = law_check::test(&law);
    println!(
        "{} cases of {} provisions, {} samples of {} list entries: {} failed",
        tested.cases,
        tested.provisions,
        tested.samples,
        tested.entries,
        tested.failures.len()
    );
    for failure in &tested.failures {
        println!("{failure}");
    }
    let mut survived = 0;
    if !no_mutation {
        let picked = |id: &str| only.is_none_or(|only| id.contains(only));
        let mutated = law_check::mutate(&law, Some(&picked));
        survived = mutated.survivors.len();
        println!(
            "{} mutants: {} killed, {} make no difference, {survived} survived, {} not decided",
            mutated.mutants,
            mutated.killed,
            mutated.equivalent,
            mutated.not_checked.len()
        );
        for survivor in &mutated.survivors {
            println!("{survivor}");
        }
        if !common.quiet {
            for row in &mutated.not_checked {
                println!("not decided: {}: {} ({})", row.at, row.what, row.why);
            }
        }
    }
    Ok(if tested.failures.is_empty() && survived == 0 {
        0
    } else {
        super::code::FAILURE
    })
}

fn standing(version: &Version, on: Day) -> &'static str {
    match version.in_force.on(on) {
        Holds::Yes => "in force",
        Holds::Open => "perhaps in force (the day is not known)",
        Holds::No => "not in force",
    }
}

pub(crate) fn show(law: &Law, id: Option<&str>, on: Option<Day>) -> Vec<Value> {
    law.provisions
        .iter()
        .filter(|provision| id.is_none_or(|id| provision.id.contains(id)))
        .filter_map(|provision| {
            let versions: Vec<Value> = provision
                .versions
                .iter()
                .filter(|version| on.is_none_or(|on| version.in_force.on(on) != Holds::No))
                .map(|version| version_row(law, provision, version, on))
                .collect();
            if versions.is_empty() {
                return None;
            }
            let excepts: Vec<&str> = provision.excepts.iter().map(|place| law.provisions[*place].id.as_str()).collect();
            Some(json!({
                "provision": provision.id, "title": provision.title, "cite": provision.cite, "source": provision.source,
                "jurisdiction": provision.jurisdiction, "force": provision.force, "catch_all": provision.catch_all,
                "confidence": if provision.read { "read" } else { "recalled" }, "has_effect": law.instruments[provision.instrument].in_effect,
                "excepts": excepts, "file": format!("{}:{}", provision.at.file, provision.at.line), "versions": versions,
            }))
        })
        .collect()
}

fn version_row(law: &Law, provision: &Provision, version: &Version, on: Option<Day>) -> Value {
    let source = law
        .sources
        .iter()
        .find(|source| source.file == version.at.file);
    let disputes: Vec<Value> = version
        .disputed
        .iter()
        .map(|dispute| {
            let by: Vec<&str> = dispute
                .by
                .iter()
                .map(|place| law.vocabulary.countries[*place as usize].code())
                .collect();
            json!({ "interval": dispute.interval.text, "by": by, "reading": dispute.reading })
        })
        .collect();
    json!({
        "in_force": version.in_force.text, "tested_on": law.vocabulary.get(version.tested_on).key, "effect": version.effect,
        "recorded": version.recorded, "superseded": version.superseded, "standing": on.map(|on| standing(version, on)),
        "note": version.note, "disputed": disputes, "when": source.map(|source| crate::desk::condition_text(source, provision)).unwrap_or_default(),
    })
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn show_text(row: &Value) -> String {
    let get = |key: &str| text_of(&row[key]);
    let mut text = format!(
        "{}\n  {}\n  {} ({}, {}; {})\n",
        get("provision"),
        get("title"),
        get("cite"),
        get("jurisdiction"),
        get("force"),
        get("confidence")
    );
    if row["has_effect"] == Value::Bool(false) {
        text.push_str("  no effect: never in force\n");
    }
    if let Some(excepts) = row["excepts"].as_array().filter(|all| !all.is_empty()) {
        let _ = writeln!(
            text,
            "  exception to: {}",
            excepts.iter().map(text_of).collect::<Vec<_>>().join(", ")
        );
    }
    for version in row["versions"].as_array().into_iter().flatten() {
        let get = |key: &str| text_of(&version[key]);
        let standing = if version["standing"].is_null() {
            String::new()
        } else {
            format!(" [{}]", get("standing"))
        };
        let _ = writeln!(
            text,
            "  {} {} tested on {}, recorded {}{standing}",
            get("in_force"),
            get("effect"),
            get("tested_on"),
            get("recorded")
        );
        for dispute in version["disputed"].as_array().into_iter().flatten() {
            let by: Vec<String> = dispute["by"]
                .as_array()
                .into_iter()
                .flatten()
                .map(text_of)
                .collect();
            let _ = writeln!(
                text,
                "    disputed {} by {}: {}",
                text_of(&dispute["interval"]),
                by.join(", "),
                text_of(&dispute["reading"])
            );
        }
        if !get("note").is_empty() {
            let _ = writeln!(text, "    {}", get("note"));
        }
        for line in get("when").lines() {
            let _ = writeln!(text, "    | {line}");
        }
    }
    let _ = writeln!(text, "  {}\n", get("file"));
    text
}

/// What changed between two days, by day.
pub(crate) fn diff(law: &Law, from: Day, to: Day) -> Vec<Value> {
    let mut rows = Vec::new();
    for provision in &law.provisions {
        for version in &provision.versions {
            // Every edge of the interval that lies after the first day, up to the last.
            let mut edges: Vec<(Day, &str)> = Vec::new();
            for span in &version.in_force.sure {
                edges.push((span.first, "begins"));
                if span.last < Day::MAX {
                    edges.push((span.last.next(), "ends"));
                }
            }
            for (day, what) in edges {
                if from < day && day <= to {
                    rows.push(json!({
                        "day": day, "change": what, "provision": provision.id, "title": provision.title, "cite": provision.cite,
                        "effect": version.effect, "has_effect": law.instruments[provision.instrument].in_effect, "note": version.note,
                    }));
                }
            }
        }
    }
    for set in &law.sets {
        for (member, period) in &set.members {
            let name = law
                .parties
                .get(*member as usize)
                .filter(|party| law.sets[party.set].id == set.id)
                .map(|party| party.name.as_str());
            let name = name.unwrap_or_else(|| {
                law.vocabulary
                    .countries
                    .get(*member as usize)
                    .map_or("?", catchall_model::Country::code)
            });
            for span in &period.sure {
                for (day, what) in [
                    (Some(span.first), "joins"),
                    ((span.last < Day::MAX).then(|| span.last.next()), "leaves"),
                ] {
                    if let Some(day) = day
                        && from < day
                        && day <= to
                    {
                        rows.push(json!({ "day": day, "change": what, "set": set.id, "member": name, "cite": set.cite }));
                    }
                }
            }
        }
    }
    for list in &law.lists {
        for entry in &list.entries {
            for edition in &entry.editions {
                for span in &edition.period.sure {
                    let whole = entry.editions.len() == 1;
                    if whole && from < span.first && span.first <= to {
                        rows.push(json!({ "day": span.first, "change": "joins", "list": list.id, "entry": entry.code, "title": entry.title }));
                    }
                }
            }
        }
    }
    rows.sort_by_key(|row| {
        (
            text_of(&row["day"]),
            text_of(&row["provision"]),
            text_of(&row["set"]),
            text_of(&row["entry"]),
        )
    });
    rows
}

fn diff_text(row: &Value) -> String {
    let get = |key: &str| text_of(&row[key]);
    if !row["provision"].is_null() {
        let none = if row["has_effect"] == Value::Bool(false) {
            " (no effect)"
        } else {
            ""
        };
        return format!(
            "{} {:<7} {} [{}{none}] {}\n",
            get("day"),
            get("change"),
            get("provision"),
            get("effect"),
            get("cite")
        );
    }
    if !row["set"].is_null() {
        return format!(
            "{} {:<7} {} of {}\n",
            get("day"),
            get("change"),
            get("member"),
            get("set")
        );
    }
    format!(
        "{} {:<7} entry {} of {}: {}\n",
        get("day"),
        get("change"),
        get("entry"),
        get("list"),
        get("title")
    )
}

pub(crate) fn vocabulary(
    law: &Law,
    [facts, kinds, properties, units]: [bool; 4],
    only: Option<&str>,
) -> Value {
    let words = &law.vocabulary;
    let fits = |texts: &[&str]| {
        only.is_none_or(|only| {
            texts
                .iter()
                .any(|text| text.to_lowercase().contains(&only.to_lowercase()))
        })
    };
    let mut document = serde_json::Map::new();
    let row = |fact: &catchall_law::Fact| {
        let (kind, values): (String, Vec<&str>) = match fact.domain {
            Domain::YesNo => ("yes or no".to_owned(), Vec::new()),
            Domain::Words(list) => {
                let many = if fact.many {
                    "any number of words"
                } else {
                    "one word"
                };
                (
                    many.to_owned(),
                    words.lists[list]
                        .words
                        .iter()
                        .map(|word| word.word.as_str())
                        .collect(),
                )
            }
            Domain::Kinds => ("a kind of item".to_owned(), Vec::new()),
            Domain::Countries => (
                if fact.many { "countries" } else { "country" }.to_owned(),
                Vec::new(),
            ),
            Domain::Quantity(dimension) if fact.unit == Unit::NONE => {
                (dimension.name().to_owned(), Vec::new())
            }
            Domain::Quantity(dimension) => (
                format!("{dimension}, as `1 {}`", fact.unit.name()),
                Vec::new(),
            ),
            Domain::Date => ("day".to_owned(), Vec::new()),
            Domain::Curve => ("curve of payload and range".to_owned(), Vec::new()),
            Domain::Parties => ("parties".to_owned(), Vec::new()),
        };
        json!({ "key": fact.key, "type": kind, "values": values, "question": fact.question, "ask": fact.ask, "evidence": fact.evidence, "also": fact.also })
    };
    let property = |fact: &&catchall_law::Fact| fact.key.starts_with("item.") && fact.at.is_some();
    if facts {
        let rows: Vec<Value> = words
            .facts
            .iter()
            .filter(|fact| !property(fact) && fits(&[&fact.key, &fact.question]))
            .map(row)
            .collect();
        document.insert("facts".to_owned(), Value::Array(rows));
    }
    if properties {
        let rows: Vec<Value> = words
            .facts
            .iter()
            .filter(|fact| property(fact) && fits(&[&fact.key, &fact.question]))
            .map(row)
            .collect();
        document.insert("properties".to_owned(), Value::Array(rows));
    }
    if kinds {
        let rows = words.kinds.iter().filter(|kind| {
            fits(&[&kind.path, &kind.label]) || kind.also.iter().any(|also| fits(&[also]))
        });
        let rows: Vec<Value> = rows.map(|kind| json!({ "word": kind.word, "path": kind.path, "label": kind.label, "also": kind.also })).collect();
        document.insert("kinds".to_owned(), Value::Array(rows));
    }
    if units {
        let rows = UNITS
            .iter()
            .filter(|unit| !unit.name.is_empty() && fits(&[unit.name]));
        let rows: Vec<Value> = rows
            .map(|unit| json!({ "unit": unit.name, "measures": catchall_model::DIMENSIONS.get(usize::from(unit.dimension)), "also": unit.also }))
            .collect();
        document.insert("units".to_owned(), Value::Array(rows));
    }
    Value::Object(document)
}

fn vocabulary_text(document: &Value) -> String {
    let mut text = String::new();
    for (part, title) in [
        ("facts", "FACTS"),
        ("properties", "PROPERTIES OF ITEMS"),
        ("kinds", "KINDS OF ITEMS"),
        ("units", "UNITS"),
    ] {
        let Some(rows) = document[part].as_array() else {
            continue;
        };
        let _ = writeln!(text, "{title} ({})", rows.len());
        for row in rows {
            let get = |key: &str| text_of(&row[key]);
            let also: Vec<String> = row["also"]
                .as_array()
                .into_iter()
                .flatten()
                .map(text_of)
                .collect();
            let also = if also.is_empty() {
                String::new()
            } else {
                format!(" (also {})", also.join(", "))
            };
            match part {
                "kinds" => {
                    let depth = get("path").matches('.').count();
                    let _ = writeln!(
                        text,
                        "  {}{}: {}{also}",
                        "  ".repeat(depth),
                        get("word"),
                        get("label")
                    );
                }
                "units" => {
                    let _ = writeln!(text, "  {:<10} {}{also}", get("unit"), get("measures"));
                }
                _ => {
                    let values: Vec<String> = row["values"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .map(text_of)
                        .collect();
                    let values = if values.is_empty() {
                        String::new()
                    } else {
                        format!(": {}", values.join(", "))
                    };
                    let _ = writeln!(
                        text,
                        "  {} ({}{values}){also}\n      {}",
                        get("key"),
                        get("type"),
                        get("question")
                    );
                }
            }
        }
        text.push('\n');
    }
    text
}

pub(crate) fn coverage(law: &Law, id: Option<&str>) -> Vec<Value> {
    law.instruments
        .iter()
        .enumerate()
        .filter(|(_, instrument)| id.is_none_or(|id| instrument.id.contains(id)))
        .map(|(place, instrument)| {
            let parts: Vec<Value> = instrument
                .coverage
                .iter()
                .map(|part| {
                    let state = match part.state {
                        CoverageState::Modelled => "modelled",
                        CoverageState::Partial => "partial",
                        CoverageState::Pointer => "pointer",
                    };
                    json!({ "part": part.part, "state": state, "note": part.note })
                })
                .collect();
            let own: Vec<&Provision> = law.provisions.iter().filter(|provision| provision.instrument == place).collect();
            let entries: usize = law.lists.iter().filter(|list| list.instrument == place).map(|list| list.entries.len()).sum();
            json!({
                "instrument": instrument.id, "title": instrument.title, "jurisdiction": instrument.jurisdiction, "force": instrument.force,
                "has_effect": instrument.in_effect, "edition": instrument.edition, "publisher": instrument.publisher, "address": instrument.address,
                "read": instrument.read, "recalled": instrument.recalled, "provisions": own.len(),
                "provisions_read": own.iter().filter(|provision| provision.read).count(), "entries": entries, "parts": parts,
            })
        })
        .collect()
}

fn coverage_text(row: &Value) -> String {
    let get = |key: &str| text_of(&row[key]);
    let none = if row["has_effect"] == Value::Bool(false) {
        ", no effect"
    } else {
        ""
    };
    let mut text = format!(
        "{}: {}\n  {}, {}{none}; edition {}; {} provisions ({} read), {} list entries\n",
        get("instrument"),
        get("title"),
        get("jurisdiction"),
        get("force"),
        get("edition"),
        get("provisions"),
        get("provisions_read"),
        get("entries")
    );
    for part in row["parts"].as_array().into_iter().flatten() {
        let note = text_of(&part["note"]);
        let note = if note.is_empty() {
            String::new()
        } else {
            format!(": {note}")
        };
        let _ = writeln!(
            text,
            "  {:<9} {}{note}",
            text_of(&part["state"]),
            text_of(&part["part"])
        );
    }
    let _ = writeln!(
        text,
        "  read: {}\n  recalled: {}\n",
        get("read"),
        get("recalled")
    );
    text
}
