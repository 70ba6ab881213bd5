//! `catchall ledger show`: one entry in full, or a list.

use std::io::Write;

use anyhow::anyhow;
use catchall_ledger::{Ask, Entry, Ledger};

use super::super::Stop;
use crate::explain::measure::{self, cut};

/// What to show.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The number of one entry, to see it in full as JSON.
    number: Option<u64>,
    /// Only entries of this stream: `case/17`, `transfer/abc`.
    #[arg(long)]
    stream: Option<String>,
    /// Only kinds that begin so: `case.`, `determined`.
    #[arg(long)]
    kind: Option<String>,
    /// Only entries after this number.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    after: u64,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// From the newest back.
    #[arg(long)]
    newest: bool,
    /// One entry a line as JSON, in full, instead of a table.
    #[arg(long)]
    json: bool,
    /// Also print the proof that the entry stands in the last checkpoint.
    #[arg(long, requires = "number")]
    proof: bool,
}

pub(super) fn run(ledger: &Ledger, args: &Args) -> Result<u8, Stop> {
    let mut out = std::io::stdout().lock();
    if let Some(number) = args.number {
        let entry = ledger
            .entry(number)?
            .ok_or_else(|| Stop::usage(anyhow!("there is no entry {number}")))?;
        writeln!(out, "{}", serde_json::to_string_pretty(&entry)?)?;
        if args.proof {
            let proof = ledger.prove(number)?;
            writeln!(out, "{}", serde_json::to_string_pretty(&proof)?)?;
        }
        return Ok(0);
    }
    let ask = Ask {
        stream: args.stream.clone(),
        kind: args.kind.clone(),
        after: args.after,
        before: None,
        newest_first: args.newest,
        limit: args.limit,
    };
    let entries = ledger.entries(&ask)?;
    if !args.json {
        writeln!(
            out,
            "{:>9}  {:<24}  {:<22}  {:<28}  BY",
            "ENTRY", "AT", "KIND", "STREAM"
        )?;
    }
    for entry in entries {
        if args.json {
            writeln!(out, "{}", serde_json::to_string(&entry)?)?;
        } else {
            writeln!(out, "{}", row(&entry))?;
        }
    }
    Ok(0)
}

fn row(entry: &Entry) -> String {
    let shredded = if entry.body.value().is_none() {
        "  (erased)"
    } else {
        ""
    };
    let pad = |text: &str, width: usize| {
        let cut = cut(text, width);
        let used = measure::columns(&cut);
        format!("{cut}{}", " ".repeat(width.saturating_sub(used)))
    };
    format!(
        "{:>9}  {}  {}  {}  {}{shredded}",
        entry.number,
        entry.at,
        pad(&entry.kind, 22),
        pad(&entry.stream, 28),
        cut(&entry.actor.name, 40)
    )
}
