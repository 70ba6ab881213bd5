//! `catchall read`: reports in, attributed and dated statements out. A statement is a claim until a person accepts it.

use std::fmt::Write as _;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use catchall_report::{Context, Reading};

use super::{Common, Stop, code};

/// What to read, and how to say it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Reports (`.txt`, `.html`, `.eml`), folders of them, or `-` for standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How readings are written: JSON Lines, but a table on a terminal.
    #[arg(long, value_enum, env = "CATCHALL_FORMAT")]
    format: Option<Format>,
    /// The media type, where names and content do not tell: `text/plain`, `text/html`, `message/rfc822`.
    #[arg(long, value_name = "TYPE")]
    media_type: Option<String>,
    /// The day on which the report appeared, where it is known.
    #[arg(long, value_name = "DATE")]
    published: Option<jiff::civil::Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    #[value(alias = "text")]
    Table,
    /// One JSON array.
    Json,
    /// One document object a line.
    Jsonl,
}

pub(crate) fn run(common: &Common, args: &Args) -> Result<u8, Stop> {
    let terminal = std::io::stdout().is_terminal();
    let format = args.format.unwrap_or(if terminal {
        Format::Table
    } else {
        Format::Jsonl
    });
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let (mut read, mut failed) = (0_u64, 0_u64);
    for file in files(&args.files)? {
        let reading = match one(&file, args) {
            Ok(reading) => reading,
            Err(error) => {
                failed += 1;
                crate::talk::say!("catchall: not read: {}: {error:#}", file.display());
                continue;
            }
        };
        match format {
            Format::Table => out.write_all(table(&reading).as_bytes())?,
            Format::Jsonl => {
                serde_json::to_writer(&mut out, &reading)?;
                out.write_all(b"\n")?;
            }
            Format::Json => {
                out.write_all(if read == 0 { b"[\n" } else { b",\n" })?;
                serde_json::to_writer(&mut out, &reading)?;
            }
        }
        read += 1;
    }
    if format == Format::Json {
        out.write_all(if read == 0 { b"[]\n" } else { b"\n]\n" })?;
    }
    out.flush().context("cannot write the output")?;
    if !common.quiet {
        let lost = if failed > 0 {
            format!(", {failed} not read")
        } else {
            String::new()
        };
        crate::talk::say!("{read} reports read{lost}; to be mentioned is no accusation");
    }
    Ok(match (read, failed) {
        (_, 0) => 0,
        (0, _) => code::USAGE,
        _ => code::REJECTED,
    })
}

/// The files named, and those in folders named, in order.
pub(super) fn files(named: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for path in named {
        if path.is_dir() {
            all.extend(crate::load::reports_in(path)?);
        } else {
            all.push(path.clone());
        }
    }
    if all.is_empty() {
        return Err(anyhow!(
            "no report was found (.txt, .html, .htm, .eml, .pdf)"
        ));
    }
    Ok(all)
}

pub(super) fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    if file.as_os_str() != "-" {
        return std::fs::read(file).context("cannot open the file");
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .context("cannot read standard input")?;
    Ok(bytes)
}

pub(super) fn stem(file: &Path) -> String {
    file.file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned())
}

/// The readings of a file: a report is read, stored readings are taken as they are.
pub(super) fn readings(file: &Path) -> anyhow::Result<Vec<Reading>> {
    let bytes = bytes(file)?;
    let start = bytes.trim_ascii_start();
    let stored = start
        .first()
        .is_some_and(|first| matches!(first, b'{' | b'['))
        && start.get(..512.min(start.len())).is_some_and(|head| {
            head.windows(SCHEMA.len())
                .any(|window| window == SCHEMA.as_bytes())
        });
    if !stored {
        let context = Context {
            doc_id: stem(file),
            published: None,
        };
        let media_type = media_type(file, &bytes);
        return Ok(vec![catchall_report::read(&bytes, media_type, &context)?]);
    }
    if start.first() == Some(&b'[') {
        return serde_json::from_slice(start).context("no list of readings");
    }
    serde_json::Deserializer::from_slice(start)
        .into_iter::<Reading>()
        .enumerate()
        .map(|(place, reading)| reading.with_context(|| format!("reading {}", place + 1)))
        .collect()
}

/// What a stored reading begins with.
const SCHEMA: &str = "catchall.report/1";

fn one(file: &Path, args: &Args) -> anyhow::Result<Reading> {
    let bytes = bytes(file)?;
    if file.extension().is_some_and(|own| own == "jsonl") {
        return Err(anyhow!(
            "a stored reading and no report; `catchall evidence` takes it"
        ));
    }
    let context = Context {
        doc_id: stem(file),
        published: args.published,
    };
    let media_type = args
        .media_type
        .as_deref()
        .unwrap_or_else(|| media_type(file, &bytes));
    Ok(catchall_report::read(&bytes, media_type, &context)?)
}

pub(super) fn media_type(file: &Path, bytes: &[u8]) -> &'static str {
    let extension = file
        .extension()
        .and_then(|extension| extension.to_str())
        .map(str::to_lowercase);
    match extension.as_deref() {
        Some("html" | "htm" | "xhtml") => "text/html",
        Some("eml" | "mbox") => "message/rfc822",
        Some("txt" | "text" | "md") if !bytes.starts_with(b"%PDF") => "text/plain",
        Some("docx" | "odt" | "zip") => "application/zip",
        Some("doc" | "msg" | "rtf") => "application/octet-stream",
        _ if bytes.starts_with(b"%PDF") => "application/pdf",
        _ => {
            let start = bytes.trim_ascii_start();
            let start = &start[..start.len().min(64)];
            let lower = start.to_ascii_lowercase();
            if lower.starts_with(b"<!doctype html") || lower.starts_with(b"<html") {
                "text/html"
            } else if lower.starts_with(b"return-path:")
                || lower.starts_with(b"received:")
                || lower.starts_with(b"from:")
            {
                "message/rfc822"
            } else {
                "text/plain"
            }
        }
    }
}

/// A reading for a person: when it appeared, and who said what.
fn table(reading: &Reading) -> String {
    let value = serde_json::to_value(reading).unwrap_or_default();
    let text = |value: &serde_json::Value, key: &str| {
        value
            .get(key)
            .and_then(|each| each.as_str())
            .unwrap_or("")
            .to_owned()
    };
    let publication = &value["publication"];
    let mut out = format!(
        "{}  {} {} ({})\n",
        reading.doc_id,
        text(publication, "title"),
        text(publication, "date"),
        text(publication, "confidence")
    );
    for statement in value["statements"].as_array().into_iter().flatten() {
        let speaker = &statement["speaker"];
        let name = text(speaker, "name");
        let who = if name.is_empty() {
            text(speaker, "role")
        } else {
            name
        };
        let hedged = if statement["hedged"].as_bool() == Some(true) {
            ", hedged"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "  {:<9} {} [{}{hedged}]: {}",
            text(statement, "kind"),
            if who.is_empty() { "unattributed" } else { &who },
            text(statement, "said"),
            text(statement, "content")
        );
    }
    for unread in value["unread"].as_array().into_iter().flatten() {
        let _ = writeln!(out, "  not read: {}", text(unread, "what"));
    }
    out
}
