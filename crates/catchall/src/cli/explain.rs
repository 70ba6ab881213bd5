//! `catchall explain`: the tree of reasons for one determination, as text, JSON, HTML or SVG.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, anyhow};
use catchall_assess::{AskedFor, Detail, Room};
use catchall_model::Day;
use serde_json::Value;

use super::assess::{self, Input};
use super::{Common, Stop};
use crate::batch;

/// What to explain, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A saved determination, or a file of transfers.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The transfer to explain, by its id (or the determination's); the first otherwise.
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// How to write the tree.
    #[arg(
        long,
        value_enum,
        default_value = "text",
        env = "CATCHALL_EXPLAIN_FORMAT"
    )]
    format: Format,
    /// How the input is written, where name and content do not tell.
    #[arg(long, value_enum, value_name = "FORMAT")]
    input: Option<Input>,
    /// The law as it stood on this day.
    #[arg(long, value_name = "DATE", value_parser = assess::day)]
    as_of: Option<Day>,
    /// The law as recorded by this day.
    #[arg(long, value_name = "DATE", value_parser = assess::day)]
    known_by: Option<Day>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A tree for the terminal.
    Text,
    /// The determination itself.
    Json,
    /// One self-contained page.
    Html,
    /// The picture alone.
    Svg,
}

pub(crate) fn run(common: &Common, args: &Args) -> Result<u8, Stop> {
    let document = match saved(&args.file, args.id.as_deref())? {
        Some(document) => document,
        None => fresh(common, args)?,
    };
    let stdout = std::io::stdout();
    let colour = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let width = terminal_size::terminal_size()
        .map_or(100, |(width, _)| usize::from(width.0))
        .clamp(40, 160);
    let text = match args.format {
        Format::Text => crate::explain::text(&document, width, colour),
        Format::Json => serde_json::to_string_pretty(&document)? + "\n",
        Format::Html => crate::explain::html(&document),
        Format::Svg => crate::explain::svg(&document),
    };
    stdout.lock().write_all(text.as_bytes())?;
    Ok(0)
}

fn is_determination(value: &Value) -> bool {
    value
        .get("schema")
        .and_then(Value::as_str)
        .is_some_and(|schema| schema.starts_with("catchall.determination/"))
}

/// A determination that was saved: one object, a list, or one a line.
fn saved(path: &Path, id: Option<&str>) -> Result<Option<Value>, Stop> {
    if path.as_os_str() == "-" {
        return Ok(None);
    }
    let small = std::fs::metadata(path)
        .with_context(|| format!("cannot read `{}`", path.display()))
        .map_err(Stop::usage)?
        .len()
        < 64 << 20;
    if !small {
        return Ok(None);
    }
    let Ok(text) = std::fs::read_to_string(path) else {
        return Ok(None);
    };
    let documents: Vec<Value> = match serde_json::from_str::<Value>(&text) {
        Ok(Value::Array(all)) => all,
        Ok(one) => vec![one],
        Err(_) => text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map_while(|line| serde_json::from_str(line).ok())
            .collect(),
    };
    if !documents.first().is_some_and(is_determination) {
        return Ok(None);
    }
    let fits = |document: &Value| {
        id.is_none_or(|id| {
            document.get("transfer").and_then(Value::as_str) == Some(id)
                || document
                    .get("id")
                    .and_then(Value::as_str)
                    .is_some_and(|own| own.starts_with(id))
        })
    };
    match documents.into_iter().find(fits) {
        Some(document) => Ok(Some(document)),
        None => Err(Stop::usage(anyhow!(
            "`{}` holds no determination `{}`",
            path.display(),
            id.unwrap_or_default()
        ))),
    }
}

/// Assesses the transfer now.
fn fresh(common: &Common, args: &Args) -> Result<Value, Stop> {
    let (assessor, loaded) = assess::assessor(
        common,
        AskedFor {
            as_of: args.as_of,
            known_by: args.known_by,
        },
    )?;
    let (mut reader, decoder) = batch::open(
        &args.file,
        assess::input(args.input),
        batch::Limits::default(),
        Arc::new(loaded.places),
    )
    .map_err(Stop::usage)?;
    let mut room = Room::default();
    while let Some(raw) = reader.next_raw() {
        let Ok(raw) = raw else { continue };
        let transfer = match decoder.decode(&raw) {
            Ok(transfer) => transfer,
            Err(rejects) => {
                let ours = args.id.is_none() || rejects.iter().any(|reject| reject.id == args.id);
                if ours {
                    let first = rejects.first().map_or(String::new(), |reject| {
                        format!("{}; {}", reject.problem, reject.cure)
                    });
                    return Err(Stop::usage(anyhow!(
                        "row {} was rejected: {first}",
                        raw.row
                    )));
                }
                continue;
            }
        };
        if args.id.as_ref().is_some_and(|id| *id != transfer.id) {
            continue;
        }
        let made = assessor
            .assess(&transfer, Detail::Full, &mut room)
            .map_err(|errors| {
                let first = errors.first().map_or(String::new(), |error| {
                    format!(
                        "`{}` = `{}`: {}; {}",
                        error.path, error.found, error.problem, error.cure
                    )
                });
                Stop::usage(anyhow!("row {} was rejected: {first}", raw.row))
            })?;
        return Ok(serde_json::to_value(&made)?);
    }
    let wanted = args
        .id
        .as_ref()
        .map_or(String::new(), |id| format!(" `{id}`"));
    Err(Stop::usage(anyhow!(
        "`{}` holds no transfer{wanted}",
        args.file.display()
    )))
}
