//! `catchall lists`: publishers' lists into the folder of lists, what lies there, and what changed.
//!
//! Opens files, passes them to the room, writes what comes back. Whether a list can be trusted is decided there; a list
//! that was refused leaves the stored one as it was.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use catchall_model::Day;
use catchall_screen::lists::{self, Diff, Format, Import, ListFile, Part, Request};
use catchall_screen::{Days, Listing, NameKind};
use serde_json::{Value, json};

use super::assess::day;
use super::{Common, Stop, code};
use crate::load;

/// What to do with lists.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Read a publisher's files and carry the stored list on.
    Import(ImportArgs),
    /// The lists that are stored: their day, their age, how many records.
    Status {
        #[arg(long, value_enum, default_value = "text")]
        format: Shown,
    },
    /// Show records of a stored list.
    Show {
        /// The list's id, as `status` shows it.
        list: String,
        /// Only records whose key or one of whose names holds this text.
        text: Option<String>,
        /// Only what was in force on this day, as far as the publisher says.
        #[arg(long, value_name = "DATE", value_parser = day)]
        on: Option<Day>,
        /// Records that the list holds no longer, too.
        #[arg(long)]
        gone: bool,
        #[arg(long, value_enum, default_value = "text")]
        format: Shown,
    },
    /// What changed from one stored list to another: list ids, or paths of stored lists.
    Diff {
        old: String,
        new: String,
        #[arg(long, value_enum, default_value = "text")]
        format: Shown,
    },
    /// The forms of list that can be read.
    Formats,
}

#[derive(Debug, clap::Args)]
struct ImportArgs {
    /// The files of one list; compressed ones (`.gz`) too.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The form of the files, where names and content do not tell; `catchall lists formats` names them.
    #[arg(long, value_name = "ID")]
    form: Option<String>,
    /// The list's id, where it is not the form's own.
    #[arg(long, value_name = "ID")]
    list: Option<String>,
    /// Where the files came from.
    #[arg(long, value_name = "TEXT", default_value = "")]
    source: String,
    /// The day of the import; today otherwise.
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<Day>,
    /// Take a list that shrank by more than 5 %, or that is older than the stored one.
    #[arg(long)]
    accept_shrink: bool,
    /// Say what would change, and store nothing.
    #[arg(long)]
    dry_run: bool,
    /// Write rejected records to this file, as JSON Lines.
    #[arg(long, value_name = "FILE", env = "CATCHALL_REJECTS")]
    rejects: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Shown {
    /// For people.
    Text,
    /// For programs.
    Json,
}

pub(crate) fn run(common: &Common, args: &Args) -> Result<u8, Stop> {
    let folder = load::lists_folder(common.lists.as_deref());
    match &args.verb {
        Verb::Import(args) => import(common, &folder, args),
        Verb::Status { format } => status(&folder, *format),
        Verb::Show {
            list,
            text,
            on,
            gone,
            format,
        } => {
            let file = stored(&folder, list)?;
            let wanted = |one: &&Listing| {
                (*gone || one.seen.to.is_none())
                    && on.is_none_or(|on| one.valid.hold(on))
                    && text.as_deref().is_none_or(|text| holds(one, text))
            };
            show(file.listings.iter().filter(wanted), *format)
        }
        Verb::Diff { old, new, format } => {
            let (old, new) = (stored(&folder, old)?, stored(&folder, new)?);
            told(&lists::diff(&old, &new), *format)?;
            Ok(0)
        }
        Verb::Formats => {
            let mut out = std::io::stdout().lock();
            for format in lists::formats() {
                let parts: Vec<&str> = format.parts.iter().map(|part| part.name).collect();
                writeln!(
                    out,
                    "{:<22} {} ({})",
                    format.id,
                    format.title,
                    parts.join(", ")
                )?;
            }
            Ok(0)
        }
    }
}

fn import(common: &Common, folder: &Path, args: &ImportArgs) -> Result<u8, Stop> {
    let mut files = Vec::new();
    for path in &args.files {
        files.push((name_of(path), open(path)?));
    }
    let format = form(args, &mut files)?;
    let list = args.list.as_deref().unwrap_or(format.list);
    let target = folder.join(format!("{list}.jsonl"));
    let previous = match target.exists() {
        true => Some(stored(folder, list)?),
        false => None,
    };
    let request = Request {
        format,
        list: args.list.as_deref(),
        source: &args.source,
        accept_shrink: args.accept_shrink,
    };
    let parts = files
        .iter_mut()
        .map(|(name, from)| Part {
            name,
            from: from.as_mut(),
        })
        .collect();
    let places = load::load(common.packs.as_deref())?.places;
    let today = args.on.unwrap_or_else(load::today);
    let done = lists::import(&request, parts, previous.as_ref(), today, &|text| {
        places.find(text)
    })
    .map_err(|refusal| {
        let kept = if previous.is_some() {
            "; the stored list stays as it was"
        } else {
            ""
        };
        anyhow!("refused: {refusal}{kept}")
    })?;
    if args.dry_run {
        told(&done.diff, Shown::Text)?;
    } else {
        if let Some(previous) = &previous {
            keep_past(folder, previous, &done.file)?;
        }
        put(folder, &target, &lists::write(&done.file))?;
        // The index is made now, so that the next screening need not wait for it.
        load::imported(Some(folder), None)?;
    }
    if let Some(path) = &args.rejects {
        let mut file =
            File::create(path).with_context(|| format!("cannot write `{}`", path.display()))?;
        for reject in &done.rejects {
            writeln!(file, "{}", serde_json::to_string(reject)?)?;
        }
    }
    if !common.quiet {
        talk(&done, &target, args.dry_run);
    }
    Ok(if done.summary.rejected > 0 {
        code::REJECTED
    } else {
        0
    })
}

/// What a person should know of an import.
fn talk(done: &Import, target: &Path, dry_run: bool) {
    let (summary, diff) = (&done.summary, &done.diff);
    crate::talk::say!(
        "{} of {}: {} records, {} names; {} added, {} removed, {} changed; {} rejected",
        done.file.head.list,
        done.file.head.day,
        summary.held,
        summary.names,
        diff.added.len(),
        diff.removed.len(),
        diff.changed.len(),
        summary.rejected
    );
    for reject in done.rejects.iter().take(10) {
        let line = reject
            .line
            .map_or(String::new(), |line| format!(" line {line}"));
        crate::talk::say!(
            "  {}{line} record {}: {}; {}",
            reject.file,
            reject.row,
            reject.problem,
            reject.cure
        );
    }
    if summary.rejected > 10 {
        crate::talk::say!(
            "  and {} more; `--rejects FILE` keeps them",
            summary.rejected - 10
        );
    }
    for note in &summary.notes {
        crate::talk::say!("  note: {note}");
    }
    if !summary.unknown_places.is_empty() {
        let names: Vec<&str> = summary
            .unknown_places
            .keys()
            .take(8)
            .map(String::as_str)
            .collect();
        crate::talk::say!(
            "  places that are not known ({}): {}",
            summary.unknown_places.len(),
            names.join("; ")
        );
    }
    if !dry_run {
        crate::talk::say!("  stored in {}", target.display());
    }
}

fn status(folder: &Path, format: Shown) -> Result<u8, Stop> {
    let mut rows = Vec::new();
    for path in load::lists_in(folder)? {
        let mut line = Vec::new();
        let file =
            File::open(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
        BufReader::new(file).read_until(b'\n', &mut line)?;
        let (head, held) =
            lists::read_head(&line).with_context(|| format!("`{}`", path.display()))?;
        let age = load::today().number() - head.day.number();
        rows.push(json!({
            "list": head.list, "title": head.title, "day": head.day, "age_days": age, "held": held,
            "imported": head.imported, "format": head.format, "source": head.source, "parts": head.parts,
        }));
    }
    let mut out = std::io::stdout().lock();
    match format {
        Shown::Json => writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?,
        Shown::Text if rows.is_empty() => {
            writeln!(
                out,
                "no lists in {}; `catchall lists import FILE` brings one",
                folder.display()
            )?;
        }
        Shown::Text => {
            writeln!(
                out,
                "{:<12} {:<10} {:>8} {:>8}  TITLE",
                "LIST", "DAY", "AGE", "RECORDS"
            )?;
            for row in &rows {
                let text = |field: &str| {
                    row.get(field)
                        .and_then(Value::as_str)
                        .unwrap_or("")
                        .to_owned()
                };
                let age = format!("{} d", row["age_days"]);
                writeln!(
                    out,
                    "{:<12} {:<10} {age:>8} {:>8}  {}",
                    text("list"),
                    text("day"),
                    row["held"].to_string(),
                    text("title")
                )?;
            }
        }
    }
    Ok(0)
}

fn show<'l>(records: impl Iterator<Item = &'l Listing>, format: Shown) -> Result<u8, Stop> {
    let mut out = std::io::stdout().lock();
    let mut found = false;
    for record in records {
        found = true;
        match format {
            Shown::Json => writeln!(out, "{}", document(record))?,
            Shown::Text => write!(out, "{}", text_of(record))?,
        }
    }
    if !found && format == Shown::Text {
        writeln!(out, "no record of this list matches")?;
    }
    Ok(0)
}

fn document(record: &Listing) -> Value {
    let names: Vec<Value> = record
        .names
        .iter()
        .map(|name| json!({"text": name.text, "kind": name.kind, "seen": span(name.seen)}))
        .collect();
    let numbers: Vec<Value> = record
        .identifiers
        .iter()
        .map(
            |number| json!({"kind": number.kind, "value": number.value, "country": number.country}),
        )
        .collect();
    let births: Vec<Value> = record
        .births
        .iter()
        .map(|birth| json!({"from": birth.from, "to": birth.to, "circa": birth.circa}))
        .collect();
    json!({
        "list": record.list, "source_id": record.source_id, "type": record.kind, "names": names,
        "identifiers": numbers, "births": births, "birth_places": record.birth_places,
        "countries": record.countries, "addresses": record.addresses, "programmes": record.programmes,
        "measures": record.measures, "citation": record.citation, "remarks": record.remarks,
        "valid": span(record.valid), "seen": span(record.seen),
    })
}

fn text_of(record: &Listing) -> String {
    let mut text = String::new();
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            text.push_str(&format!("  {label:<12} {value}\n"));
        }
    };
    for name in record.names.iter().skip(1) {
        let label = match name.kind {
            NameKind::Weak => "weak alias",
            NameKind::Former => "formerly",
            NameKind::Original => "in script",
            NameKind::Primary | NameKind::Strong => "alias",
        };
        let gone = name
            .seen
            .to
            .map_or(String::new(), |to| format!(" (until {to})"));
        line(label, &format!("{}{gone}", name.text));
    }
    for number in &record.identifiers {
        line(&number.kind, &number.value);
    }
    for birth in &record.births {
        let circa = if birth.circa { "circa " } else { "" };
        let days = match birth.from == birth.to {
            true => birth.from.to_string(),
            false => format!("{} to {}", birth.from, birth.to),
        };
        line("born", &format!("{circa}{days}"));
    }
    for (label, all) in [
        ("born in", &record.birth_places),
        ("address", &record.addresses),
        ("programme", &record.programmes),
        ("measure", &record.measures),
    ] {
        for one in all {
            line(label, one);
        }
    }
    let countries: Vec<&str> = record
        .countries
        .iter()
        .map(|country| country.code())
        .collect();
    line("countries", &countries.join(", "));
    line("citation", record.citation.as_deref().unwrap_or(""));
    line("in force", &span(record.valid));
    line("seen", &span(record.seen));
    let name = record.names.first().map_or("", |name| name.text.as_str());
    format!("{} {}  {name}\n{text}", record.list, record.source_id)
}

/// What changed, for people or programs.
fn told(diff: &Diff, format: Shown) -> Result<(), Stop> {
    let mut out = std::io::stdout().lock();
    if format == Shown::Json {
        writeln!(out, "{}", serde_json::to_string_pretty(diff)?)?;
        return Ok(());
    }
    if diff.is_empty() {
        writeln!(out, "nothing changed")?;
    }
    for (mark, all) in [("+", &diff.added), ("-", &diff.removed)] {
        for one in all {
            writeln!(out, "{mark} {}  {}", one.source_id, one.name)?;
        }
    }
    for change in &diff.changed {
        writeln!(out, "~ {}  {}", change.source_id, change.name)?;
        for field in &change.fields {
            for gone in &field.removed {
                writeln!(out, "    {} - {gone}", field.field)?;
            }
            for new in &field.added {
                writeln!(out, "    {} + {new}", field.field)?;
            }
        }
    }
    Ok(())
}

fn holds(record: &Listing, text: &str) -> bool {
    let text = text.to_lowercase();
    record.source_id.to_lowercase().contains(&text)
        || record
            .names
            .iter()
            .any(|name| name.text.to_lowercase().contains(&text))
}

fn span(days: Days) -> String {
    let words = |day: Option<Day>| day.map_or("..".to_owned(), |day| day.to_string());
    format!("{}/{}", words(days.from), words(days.to))
}

/// A stored list, by its id or its path.
fn stored(folder: &Path, list: &str) -> Result<ListFile, Stop> {
    let as_path = Path::new(list);
    let path = if as_path.is_file() {
        as_path.to_owned()
    } else {
        folder.join(format!("{list}.jsonl"))
    };
    if !path.is_file() {
        return Err(Stop::usage(anyhow!(
            "no list `{list}` in {}; `catchall lists status` shows what is there",
            folder.display()
        )));
    }
    let bytes =
        std::fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok(lists::read(&bytes).with_context(|| format!("`{}`", path.display()))?)
}

/// Puts aside what must be put back to come to the list as it was: `changes/LIST/NUMBER.jsonl`, for `catchall rescreen`.
fn keep_past(folder: &Path, old: &ListFile, new: &ListFile) -> Result<(), Stop> {
    let undo = lists::undo(old, new);
    if undo.listings.is_empty() && old.head.day == new.head.day {
        return Ok(());
    }
    let list = &new.head.list;
    let number = |path: &PathBuf| path.file_stem()?.to_str()?.parse::<u32>().ok();
    let kept = load::changes_of(folder, list)?;
    let next = kept
        .iter()
        .filter_map(number)
        .max()
        .map_or(1, |last| last + 1);
    let own = folder.join("changes").join(list);
    let target = own.join(format!("{next:06}.jsonl"));
    put(&own, &target, &lists::write(&undo))
}

/// Writes beside the old file and then takes its place, so that a list is never half there.
fn put(folder: &Path, target: &Path, bytes: &[u8]) -> Result<(), Stop> {
    std::fs::create_dir_all(folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    let beside = target.with_extension("jsonl.new");
    std::fs::write(&beside, bytes)
        .with_context(|| format!("cannot write `{}`", beside.display()))?;
    std::fs::rename(&beside, target)
        .with_context(|| format!("cannot write `{}`", target.display()))?;
    Ok(())
}

type Opened = (String, Box<dyn BufRead>);

/// Opens a file, unpacked where it is compressed.
fn open(path: &Path) -> Result<Box<dyn BufRead>, Stop> {
    let file = File::open(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut plain = BufReader::new(file);
    let packed = plain
        .fill_buf()
        .with_context(|| format!("cannot read `{}`", path.display()))?
        .starts_with(&[0x1f, 0x8b]);
    Ok(if packed {
        Box::new(BufReader::new(flate2::read::MultiGzDecoder::new(plain)))
    } else {
        Box::new(plain)
    })
}

/// The name of a file without its folder and without `.gz`.
fn name_of(path: &Path) -> String {
    let name = path
        .file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    name.strip_suffix(".gz").map_or(name.clone(), str::to_owned)
}

fn form(args: &ImportArgs, files: &mut [Opened]) -> Result<&'static Format, Stop> {
    if let Some(id) = &args.form {
        return lists::formats()
            .iter()
            .find(|format| format.id == id)
            .ok_or_else(|| {
                Stop::usage(anyhow!(
                    "no form `{id}`; `catchall lists formats` names them"
                ))
            });
    }
    let mut heads = Vec::new();
    for (name, from) in files {
        let head = from
            .fill_buf()
            .with_context(|| format!("cannot read `{name}`"))?;
        heads.push((name.clone(), head.to_vec()));
    }
    let heads: Vec<(&str, &[u8])> = heads
        .iter()
        .map(|(name, head)| (name.as_str(), head.as_slice()))
        .collect();
    let found = lists::detect(&heads).ok_or_else(|| {
        Stop::usage(anyhow!(
            "these files are of no form that is known, or of several; say which with `--form` (`catchall lists formats`)"
        ))
    })?;
    Ok(found.format)
}
