//! `catchall screen`: parties against the lists held. One hit a line; a party without a hit is not thereby cleared.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use catchall_assess::{AskedFor, Assessor, Room};
use catchall_model::{Day, Hit, Party, Places};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::{Common, Stop, assess, code};
use crate::load;

/// Parties that are screened together.
const CHUNK: usize = 16_384;
/// The columns of a table of parties, beside `identifier.<type>`.
const COLUMNS: [&str; 8] = [
    "id",
    "name",
    "names",
    "type",
    "country",
    "born",
    "address",
    "nationalities",
];

/// Whom to screen, and how to say it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Files of parties (CSV with `id, name, type, country, born, address, identifier.<type>`; JSON Lines of parties or of
    /// FollowTheMoney entities), or `-` for standard input.
    #[arg(value_name = "FILE", required_unless_present = "name")]
    files: Vec<PathBuf>,
    /// One party by its name.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The lists as they stood on this day; today otherwise.
    #[arg(long, value_name = "DATE", value_parser = assess::day, env = "CATCHALL_AS_OF")]
    as_of: Option<Day>,
    /// How to write hits.
    #[arg(long, value_enum, env = "CATCHALL_FORMAT")]
    format: Option<Format>,
    /// How many parties to screen at once; as many as there are cores otherwise.
    #[arg(long, value_name = "N")]
    workers: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    #[value(alias = "text")]
    Table,
    /// One JSON array of hits.
    Json,
    /// One hit a line.
    Jsonl,
}

/// A party to screen, with the caller's key.
struct Asked {
    key: String,
    party: Party,
}

/// What could not be read, and where.
type Rejected = String;

pub(crate) fn run(common: &Common, args: &Args) -> Result<u8, Stop> {
    let asked = AskedFor {
        as_of: args.as_of,
        known_by: None,
    };
    let (assessor, loaded) = assess::assessor(common, asked)?;
    let (held, problems) = assessor.lists();
    if !problems.is_empty() {
        problems
            .iter()
            .for_each(|problem| eprintln!("catchall: not screened: {problem}"));
        return Ok(code::NOT_SCREENED);
    }
    if held.is_empty() && !common.quiet {
        eprintln!(
            "catchall: no list has been imported (`catchall lists import`); only the lists in the packs are looked at"
        );
    }
    let mut run = Run {
        assessor: &assessor,
        on: args.as_of.unwrap_or_else(load::today),
        format: args.format.unwrap_or(if std::io::stdout().is_terminal() {
            Format::Table
        } else {
            Format::Jsonl
        }),
        workers: workers(args.workers),
        out: BufWriter::with_capacity(1 << 16, std::io::stdout().lock()),
        progress: progress(common.quiet),
        parties: 0,
        hits: 0,
        with_hits: 0,
        rejected: 0,
    };
    if let Some(name) = &args.name {
        let party = Party {
            name: Some(name.clone()),
            ..Party::default()
        };
        run.chunk(vec![Asked {
            key: name.clone(),
            party,
        }])?;
    }
    for file in &args.files {
        run.file(file, &loaded.places).map_err(Stop::usage)?;
    }
    run.end()?;
    if !common.quiet {
        eprintln!(
            "{} parties: {} with hits ({} hits){}",
            run.parties,
            run.with_hits,
            run.hits,
            if run.rejected > 0 {
                format!(", {} rejected", run.rejected)
            } else {
                String::new()
            }
        );
    }
    Ok(match (run.hits, run.rejected) {
        (0, 0) => 0,
        (0, _) => code::REJECTED,
        _ => code::HITS,
    })
}

fn workers(asked: Option<usize>) -> usize {
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    asked.unwrap_or_else(cores).clamp(1, 256)
}

fn progress(quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) =
        ProgressStyle::with_template("{spinner} {human_pos} parties, {per_sec}, {elapsed}")
    {
        bar.set_style(style);
    }
    bar
}

struct Run<'a, W: Write> {
    assessor: &'a Assessor,
    on: Day,
    format: Format,
    workers: usize,
    out: W,
    progress: ProgressBar,
    parties: u64,
    hits: u64,
    with_hits: u64,
    rejected: u64,
}

impl<W: Write> Run<'_, W> {
    fn file(&mut self, path: &Path, places: &Places) -> anyhow::Result<()> {
        let (name, from): (String, Box<dyn Read>) = if path.as_os_str() == "-" {
            ("standard input".to_owned(), Box::new(std::io::stdin()))
        } else {
            let opened =
                File::open(path).with_context(|| format!("cannot open `{}`", path.display()))?;
            (path.display().to_string(), Box::new(opened))
        };
        let mut from = BufReader::with_capacity(1 << 16, from);
        let start = from
            .fill_buf()
            .with_context(|| format!("cannot read {name}"))?;
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        let json = start.trim_ascii_start().starts_with(b"{");
        let mut rows: Box<dyn Iterator<Item = Result<Asked, Rejected>>> = if json {
            Box::new(json_lines(from, places))
        } else {
            Box::new(table(from, places).with_context(|| name.clone())?)
        };
        loop {
            let mut chunk = Vec::with_capacity(CHUNK);
            for row in rows.by_ref().take(CHUNK) {
                match row {
                    Ok(asked) => chunk.push(asked),
                    Err(why) => {
                        self.rejected += 1;
                        self.progress
                            .suspend(|| eprintln!("rejected: {name} {why}"));
                    }
                }
            }
            if chunk.is_empty() {
                return Ok(());
            }
            self.chunk(chunk)?;
        }
    }

    /// Screens some parties on all workers and writes their hits in order.
    fn chunk(&mut self, chunk: Vec<Asked>) -> anyhow::Result<()> {
        let share = chunk.len().div_ceil(self.workers);
        let (assessor, on) = (self.assessor, self.on);
        let done: Vec<Vec<Vec<Hit>>> = std::thread::scope(|scope| {
            let running: Vec<_> = chunk
                .chunks(share.max(1))
                .map(|part| {
                    scope.spawn(move || {
                        let mut room = Room::default();
                        let one = |asked: &Asked| one(assessor, asked, on, &mut room);
                        part.iter().map(one).collect::<Vec<_>>()
                    })
                })
                .collect();
            running
                .into_iter()
                .filter_map(|thread| thread.join().ok())
                .collect()
        });
        for hits in done.into_iter().flatten() {
            self.parties += 1;
            self.with_hits += u64::from(!hits.is_empty());
            for hit in hits {
                self.write(&hit)?;
            }
        }
        self.progress.inc(chunk.len() as u64);
        Ok(())
    }

    fn write(&mut self, hit: &Hit) -> anyhow::Result<()> {
        match self.format {
            Format::Table => self.out.write_all(text(hit).as_bytes())?,
            Format::Jsonl => {
                serde_json::to_writer(&mut self.out, hit)?;
                self.out.write_all(b"\n")?;
            }
            Format::Json => {
                self.out
                    .write_all(if self.hits == 0 { b"[\n" } else { b",\n" })?;
                serde_json::to_writer(&mut self.out, hit)?;
            }
        }
        self.hits += 1;
        Ok(())
    }

    fn end(&mut self) -> anyhow::Result<()> {
        if self.format == Format::Json {
            self.out
                .write_all(if self.hits == 0 { b"[]\n" } else { b"\n]\n" })?;
        }
        self.out.flush().context("cannot write the output")?;
        self.progress.finish_and_clear();
        Ok(())
    }
}

fn one(assessor: &Assessor, asked: &Asked, on: Day, room: &mut Room) -> Vec<Hit> {
    let mut hits = assessor.screen(&asked.party, on, room);
    for hit in &mut hits {
        hit.party.clone_from(&asked.key);
    }
    hits
}

/// A hit for a person, in a few lines.
fn text(hit: &Hit) -> String {
    let mut text = format!(
        "{}  {} in 1,000 ({})  {}\n    {} {}{}\n",
        hit.party,
        hit.score.0,
        hit.band,
        hit.listing.name,
        hit.listing.list,
        hit.listing.source_id,
        hit.listing
            .citation
            .as_ref()
            .map_or(String::new(), |cite| format!(", {cite}"))
    );
    let parts = hit.alignment.iter().map(|part| {
        match (&part.by, part.asked.as_str(), part.listed.as_str()) {
            (_, "", listed) => format!("[{listed}]"),
            (_, asked, "") => format!("({asked})"),
            (Some(by), asked, listed) => format!("{asked} = {listed} ({by})"),
            (None, asked, listed) => format!("{asked} / {listed}"),
        }
    });
    let _ = writeln!(text, "    {}", parts.collect::<Vec<_>>().join(", "));
    for (sign, reasons) in [('+', &hit.speaks_for), ('-', &hit.speaks_against)] {
        for reason in reasons {
            let _ = writeln!(text, "    {sign} {}", reason.says);
        }
    }
    if !hit.unknown.is_empty() {
        let _ = writeln!(text, "    ? {} could decide", hit.unknown.join(", "));
    }
    text
}

/// The rows of a table of parties.
fn table<'a>(
    from: impl Read + 'a,
    places: &'a Places,
) -> anyhow::Result<impl Iterator<Item = Result<Asked, Rejected>> + 'a> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(from);
    let header = rows
        .byte_headers()
        .context("cannot read the header")?
        .clone();
    let names: Vec<String> = header
        .iter()
        .map(|name| {
            String::from_utf8_lossy(name)
                .trim_start_matches('\u{feff}')
                .trim()
                .to_lowercase()
        })
        .collect();
    for (place, name) in names.iter().enumerate() {
        if !COLUMNS.contains(&name.as_str()) && !name.starts_with("identifier.") {
            let near = catchall_law::nearest(name, COLUMNS).map_or(String::new(), |near| {
                format!("; the nearest known is `{near}`")
            });
            return Err(anyhow!(
                "column {}: unknown column `{name}`{near}; known are {} and identifier.<type>",
                place + 1,
                COLUMNS.join(", ")
            ));
        }
    }
    if !names.iter().any(|name| name == "name") {
        return Err(anyhow!(
            "there is no column `name`; name the columns in the first row"
        ));
    }
    let mut number = 0_u64;
    Ok(rows.into_byte_records().map(move |row| {
        number += 1;
        let row = row.map_err(|error| format!("row {number}: {error}"))?;
        let mut party = Party::default();
        let mut key = String::new();
        for (name, cell) in names.iter().zip(row.iter()) {
            let cell = std::str::from_utf8(cell)
                .map_err(|_| {
                    format!("row {number}, `{name}`: the cell is not UTF-8; save the file as UTF-8")
                })?
                .trim();
            if cell.is_empty() {
                continue;
            }
            if name == "id" {
                key = cell.to_owned();
            } else {
                fill(&mut party, name, cell, places)
                    .map_err(|why| format!("row {number}, `{name}` = `{cell}`: {why}"))?;
            }
        }
        if row.len() > names.len() {
            return Err(format!(
                "row {number}: {} cells stand under {} columns; quote cells that hold a comma",
                row.len(),
                names.len()
            ));
        }
        asked(key, party, number)
    }))
}

fn asked(key: String, party: Party, number: u64) -> Result<Asked, Rejected> {
    if party.name.is_none() && party.identifiers.is_empty() {
        return Err(format!(
            "row {number}: neither a name nor an identifier; give one of them"
        ));
    }
    let key = if key.is_empty() {
        number.to_string()
    } else {
        key
    };
    Ok(Asked { key, party })
}

fn fill(party: &mut Party, name: &str, text: &str, places: &Places) -> Result<(), String> {
    let country = |text: &str| {
        places
            .find(text.trim())
            .ok_or_else(|| "no known country; write its code, as in `IR`, or its name".to_owned())
    };
    match name {
        "name" => party.name = Some(text.to_owned()),
        "names" => party.names = text.split(';').map(|each| each.trim().to_owned()).collect(),
        "type" => party.kind = Some(text.to_lowercase()),
        "country" => party.country = Some(country(text)?),
        "nationalities" => {
            party.nationalities = Some(text.split(';').map(country).collect::<Result<_, _>>()?)
        }
        "born" => party.born = Some(Day::parse(text).map_err(|error| error.to_string())?),
        "address" => party.address = Some(text.to_owned()),
        other => {
            let kind = other.strip_prefix("identifier.").unwrap_or(other);
            party.identifiers.push((kind.to_owned(), text.to_owned()));
        }
    }
    Ok(())
}

/// The lines of a file of parties, or of FollowTheMoney entities.
fn json_lines<'a>(
    from: impl BufRead + 'a,
    places: &'a Places,
) -> impl Iterator<Item = Result<Asked, Rejected>> + 'a {
    let mut number = 0_u64;
    from.split(b'\n').filter_map(move |line| {
        number += 1;
        let line = match line {
            Ok(line) => line,
            Err(error) => return Some(Err(format!("line {number}: {error}"))),
        };
        if line.trim_ascii().is_empty() {
            return None;
        }
        let read = serde_json::from_slice::<Value>(&line)
            .map_err(|error| format!("line {number}: {error}"));
        Some(read.and_then(|value| party_of(&value, number, places)))
    })
}

fn party_of(value: &Value, number: u64, places: &Places) -> Result<Asked, Rejected> {
    let key = value.get("id").map_or(String::new(), |id| {
        id.as_str().map_or_else(|| id.to_string(), str::to_owned)
    });
    let mut party = Party::default();
    if let Some(properties) = value.get("properties").and_then(Value::as_object) {
        let of = |name: &str| -> Vec<String> {
            let values = properties
                .get(name)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            values
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        let mut names: Vec<String> = ["name", "alias", "weakAlias", "previousName"]
            .into_iter()
            .flat_map(of)
            .collect();
        if names.is_empty() {
            names.extend(
                value
                    .get("caption")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
        }
        if !names.is_empty() {
            party.name = Some(names.remove(0));
            party.names = names;
        }
        party.kind = value
            .get("schema")
            .and_then(Value::as_str)
            .map(|schema| match schema {
                "Person" => "person".to_owned(),
                "Vessel" => "vessel".to_owned(),
                "Airplane" => "aircraft".to_owned(),
                "LegalEntity" | "Thing" => "other".to_owned(),
                _ => "company".to_owned(),
            });
        party.born = of("birthDate")
            .first()
            .and_then(|text| Day::parse(text).ok());
        let countries = ["nationality", "country", "jurisdiction", "citizenship"]
            .into_iter()
            .flat_map(of);
        let countries: Vec<_> = countries
            .filter_map(|text| {
                places
                    .find(&text.to_uppercase())
                    .or_else(|| places.find(&text))
            })
            .collect();
        party.nationalities = (!countries.is_empty()).then_some(countries);
        party.address = of("address").into_iter().next();
        for (name, kind) in [
            ("passportNumber", "passport"),
            ("idNumber", "national_id"),
            ("taxNumber", "tax"),
            ("registrationNumber", "registration"),
            ("imoNumber", "imo"),
            ("mmsi", "mmsi"),
            ("leiCode", "lei"),
            ("swiftBic", "swift"),
            ("innCode", "tax"),
            ("ogrnCode", "registration"),
        ] {
            party
                .identifiers
                .extend(of(name).into_iter().map(|each| (kind.to_owned(), each)));
        }
        return asked(key, party, number);
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        let wrong = |why: String| format!("line {number}, `{name}`: {why}");
        match (name.as_str(), value) {
            ("id" | "role" | "schema", _) | (_, Value::Null) => {}
            ("identifiers", Value::Object(all)) => {
                for (kind, value) in all {
                    let text = value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned);
                    party.identifiers.push((kind.clone(), text));
                }
            }
            (_, Value::Array(all)) => {
                let texts: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
                fill(&mut party, name, &texts.join(";"), places).map_err(wrong)?;
            }
            (
                "name" | "names" | "type" | "country" | "nationalities" | "born" | "address",
                Value::String(text),
            ) => {
                fill(&mut party, name, text, places).map_err(wrong)?;
            }
            _ => {}
        }
    }
    asked(key, party, number)
}
