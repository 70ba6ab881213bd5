//! `catchall commitments`: how undertakings stand on a day, with what was declared and what was done.

use std::collections::BTreeSet;
use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use catchall_law::Law;
use catchall_model::{Day, Reject};

use super::output::{Table, push_cell};
use super::{Common, Stop, assess, code};
use crate::commitments::{self, Asked, Commitment, Further};

/// What to show, and how.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Undertakings or instruments by id, and files of further acts and undertakings (JSON, JSON Lines, CSV; `-` for standard
    /// input). Nothing: every undertaking of the packs.
    #[arg(value_name = "ID|FILE")]
    what: Vec<PathBuf>,
    /// The day asked about; otherwise the newest day recorded in the packs.
    #[arg(long, visible_alias = "as-of", value_name = "DATE", value_parser = assess::day)]
    on: Option<Day>,
    /// The record as of this day.
    #[arg(long, value_name = "DATE", value_parser = assess::day)]
    known_by: Option<Day>,
    /// Let lanes run on to this day; what comes after the day asked is marked and counts for nothing.
    #[arg(long, value_name = "DATE", value_parser = assess::day)]
    through: Option<Day>,
    /// Only undertakings that bind this state or party.
    #[arg(long, value_name = "STATE")]
    by: Option<String>,
    /// Only undertakings that stand so.
    #[arg(long, value_name = "STANDING")]
    standing: Option<String>,
    /// How they are written: JSON Lines, but a table on a terminal.
    #[arg(long, value_enum, env = "CATCHALL_FORMAT")]
    format: Option<Format>,
    /// On a terminal: lanes of every undertaking, not only where few were asked for.
    #[arg(long)]
    lanes: bool,
    /// On a terminal: states against undertakings.
    #[arg(long)]
    matrix: bool,
    /// With what was accepted of reports in this ledger: a path, `sqlite:PATH` or `postgres://...`.
    #[arg(long, value_name = "URL", env = "CATCHALL_LEDGER")]
    ledger: Option<catchall_ledger::LedgerUrl>,
    /// Write rows that were not taken to this file, as JSON Lines.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people: standings, and lanes where few were asked for.
    #[value(alias = "text")]
    Table,
    /// One JSON array.
    Json,
    /// One document a line.
    Jsonl,
    /// One row a bound party.
    Csv,
    /// Lanes and matrix as a picture.
    Svg,
    /// One self-contained page: the picture, and all of it as tables.
    Html,
}

/// So many undertakings are few: their lanes are drawn on a terminal.
const FEW: usize = 5;

pub(crate) fn run(common: &Common, args: &Args) -> Result<u8, Stop> {
    let (law, loaded) = law_to_answer(common)?;
    let files: Vec<(String, Vec<u8>)> = args
        .what
        .iter()
        .filter(|what| is_file(what))
        .map(|file| Ok((file.display().to_string(), bytes(file)?)))
        .collect::<Result<_, anyhow::Error>>()
        .map_err(Stop::usage)?;
    let mut further = commitments::read_further(&law, &loaded.places, &files);
    if let Some(url) = &args.ledger {
        let ledger = catchall_ledger::Ledger::open(url)?;
        let held = crate::evidence::Shelf::default().held(&ledger)?;
        let taken = commitments::add_accepted(&mut further.record, &held);
        further.digest.push_str(&taken);
    }
    let wanted = wanted(args, &further, !files.is_empty())?;
    let asked = asked(args, &law)?;
    let by = args
        .by
        .as_deref()
        .map(|by| bound(by, &loaded, &further))
        .transpose()?;
    let standing = match &args.standing {
        Some(word) => Some(
            word.replace('-', "_")
                .parse::<catchall_model::Standing>()
                .map_err(|error| Stop::usage(anyhow!("--standing: {error}")))?,
        ),
        None => None,
    };
    let made: Vec<Commitment> = further
        .record
        .undertakings
        .iter()
        .filter(|each| wanted.contains(&each.id))
        .filter(|each| each.recorded.is_none_or(|day| day <= asked.known_by))
        .filter(|each| by.as_ref().is_none_or(|by| each.by.contains(by)))
        .map(|each| {
            commitments::document(
                &law,
                &further.record,
                &further.digest,
                &loaded.places,
                each,
                asked,
            )
        })
        .filter(|each| standing.is_none_or(|standing| stands(each, by.as_deref()) == standing))
        .collect();
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    write(args, &made, &mut out)?;
    out.flush().context("cannot write the output")?;
    told(common, args, &further, &made, asked)
}

/// Who is meant by `--by`, as undertakings write it: a state by its code, somebody else by the name.
fn bound(by: &str, loaded: &crate::load::Loaded, further: &Further) -> Result<String, Stop> {
    let folded = catchall_law::fold_name(by);
    let code = loaded
        .places
        .find(by)
        .map(|country| country.code().to_owned());
    let all = || further.record.undertakings.iter().flat_map(|each| &each.by);
    let found =
        all().find(|each| code.as_ref() == Some(*each) || catchall_law::fold_name(each) == folded);
    if let Some(found) = found {
        return Ok(found.clone());
    }
    let near = catchall_law::nearest(by, all().map(String::as_str))
        .map_or(String::new(), |near| format!("; the nearest is `{near}`"));
    Err(Stop::usage(anyhow!(
        "--by: no undertaking binds `{by}`{near}; `catchall commitments --format csv` tells who is bound by each"
    )))
}

/// How an undertaking stands with the one asked about, or of all who are bound the gravest.
fn stands(made: &Commitment, by: Option<&str>) -> catchall_model::Standing {
    let own = |by| made.parties.iter().find(|each| each.party == by);
    by.and_then(own).map_or(made.standing, |own| own.standing)
}

/// The packs that the flags name, for answering.
pub(super) fn law_to_answer(common: &Common) -> Result<(Law, crate::load::Loaded), Stop> {
    let loaded = crate::load::load(common.packs.as_deref()).map_err(Stop::usage)?;
    match crate::load::law_to_answer(&loaded) {
        Ok(law) => Ok((law, loaded)),
        Err(problems) => {
            let drawn = crate::diagnostics::draw(&problems, &loaded.files, false);
            crate::talk::aside(format_args!("{drawn}"));
            Err(Stop::usage(anyhow!(
                "the packs of {} cannot be used: {}",
                loaded.from,
                crate::diagnostics::count(&problems)
            )))
        }
    }
}

/// Whether a word of the command line names a file: it is one, or is written like one.
fn is_file(what: &Path) -> bool {
    let named = what.extension().is_some_and(|own| {
        ["json", "jsonl", "ndjson", "csv", "tsv"]
            .iter()
            .any(|each| own.eq_ignore_ascii_case(each))
    });
    what.as_os_str() == "-" || named || what.is_file()
}

/// The bytes of a file of rows, or of standard input. A file that holds nothing, or no text, is told: it would give no row, and look like an answer.
pub(super) fn bytes(file: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin()
            .lock()
            .read_to_end(&mut bytes)
            .context("cannot read standard input")?;
        bytes
    } else {
        std::fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))?
    };
    match no_rows(&bytes) {
        Some(why) => Err(anyhow::anyhow!("{}: {why}", file.display())),
        None => Ok(bytes),
    }
}

/// Why bytes can hold no rows at all. A row that is no UTF-8 below a head that is costs that row alone.
fn no_rows(bytes: &[u8]) -> Option<&'static str> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = text.trim_ascii_start().split(|byte| *byte == b'\n').next();
    let head = head.unwrap_or_default();
    if text.trim_ascii().is_empty() {
        Some("the file is empty; write a header and rows, or JSON objects")
    } else if head.contains(&0)
        || head.starts_with(b"PK\x03\x04")
        || std::str::from_utf8(head).is_err()
    {
        Some("this is no text in UTF-8; save it as CSV (in Excel: `CSV UTF-8`), JSON or JSON Lines")
    } else {
        None
    }
}

/// The undertakings asked for: those named, else those that the files touch, else all.
fn wanted(args: &Args, further: &Further, files: bool) -> Result<BTreeSet<String>, Stop> {
    let mut wanted = BTreeSet::new();
    let mut named = false;
    for what in args.what.iter().filter(|what| !is_file(what)) {
        named = true;
        let word = what.to_string_lossy();
        let ids: Vec<String> = commitments::named(&further.record, &word)
            .iter()
            .map(|each| each.id.clone())
            .collect();
        if ids.is_empty() {
            let known = further.record.undertakings.iter().flat_map(|each| {
                [
                    each.id.as_str(),
                    each.id.split('/').next().unwrap_or_default(),
                ]
            });
            let near = catchall_law::nearest(&word, known)
                .map_or(String::new(), |near| format!("; the nearest is `{near}`"));
            return Err(Stop::usage(anyhow!(
                "no undertaking and no file goes by `{word}`{near}; `catchall commitments` lists them"
            )));
        }
        wanted.extend(ids);
    }
    if !named {
        if files {
            wanted.extend(further.touched.iter().cloned());
        } else {
            wanted.extend(
                further
                    .record
                    .undertakings
                    .iter()
                    .map(|each| each.id.clone()),
            );
        }
    }
    Ok(wanted)
}

fn asked(args: &Args, law: &Law) -> Result<Asked, Stop> {
    let newest = law.newest_recorded.unwrap_or(Day::MIN);
    let known_by = args.known_by.unwrap_or(newest);
    if let Some(first) = law.oldest_recorded
        && known_by < first
    {
        return Err(Stop::usage(anyhow!(
            "--known-by: nothing was recorded by {known_by}; the packs begin on {first}, so ask with a later day"
        )));
    }
    let on = args.on.unwrap_or(newest);
    let through = args.through.unwrap_or(on);
    if through < on {
        return Err(Stop::usage(anyhow!(
            "--through {through} lies before the day asked, {on}; give a later day"
        )));
    }
    Ok(Asked {
        on,
        known_by,
        through,
    })
}

fn write(args: &Args, made: &[Commitment], out: &mut impl Write) -> Result<(), Stop> {
    let terminal = std::io::stdout().is_terminal();
    let format = args.format.unwrap_or(if terminal {
        Format::Table
    } else {
        Format::Jsonl
    });
    match format {
        Format::Table => {
            let width = Table::new(false).width();
            if args.matrix {
                out.write_all(commitments::matrix(made, width).as_bytes())?;
            } else if args.lanes || made.len() <= FEW {
                for (place, each) in made.iter().enumerate() {
                    if place > 0 {
                        out.write_all(b"\n")?;
                    }
                    out.write_all(commitments::lane(each, width).as_bytes())?;
                }
            } else {
                out.write_all(commitments::summary_head(width).as_bytes())?;
                for each in made {
                    out.write_all(commitments::summary_row(each, width).as_bytes())?;
                }
            }
        }
        Format::Json => {
            out.write_all(b"[")?;
            for (place, each) in made.iter().enumerate() {
                out.write_all(if place == 0 { b"\n" } else { b",\n" })?;
                serde_json::to_writer(&mut *out, each)?;
            }
            out.write_all(b"\n]\n")?;
        }
        Format::Jsonl => {
            for each in made {
                serde_json::to_writer(&mut *out, each)?;
                out.write_all(b"\n")?;
            }
        }
        Format::Csv => out.write_all(csv(made).as_bytes())?,
        Format::Svg => out.write_all(commitments::picture(made).as_bytes())?,
        Format::Html => out.write_all(commitments::page(made).as_bytes())?,
    }
    Ok(())
}

fn csv(made: &[Commitment]) -> String {
    let mut text =
        "undertaking,party,on,standing,in_force,since,due,possible,why,missing,cite\n".to_owned();
    for each in made {
        for party in &each.parties {
            let since = party
                .history
                .last()
                .map_or(String::new(), |row| row.from.to_string());
            let possible: Vec<&str> = party.possible.iter().map(|word| word.word()).collect();
            let why: Vec<&str> = party
                .because
                .iter()
                .map(|reason| reason.words.as_str())
                .collect();
            let cells = [
                each.undertaking.clone(),
                party.party.clone(),
                each.asked.on.to_string(),
                party.standing.word().to_owned(),
                party.in_force.word().to_owned(),
                since,
                each.due.clone().unwrap_or_default(),
                possible.join("; "),
                why.join("; "),
                party.missing.join(" "),
                each.cite.clone(),
            ];
            for (place, cell) in cells.iter().enumerate() {
                if place > 0 {
                    text.push(',');
                }
                push_cell(&mut text, cell);
            }
            text.push('\n');
        }
    }
    text
}

/// What is told beside the output, and the exit code.
fn told(
    common: &Common,
    args: &Args,
    further: &Further,
    made: &[Commitment],
    asked: Asked,
) -> Result<u8, Stop> {
    write_rejects(args.rejects.as_deref(), &further.rejects)?;
    if !common.quiet {
        crate::talk::say!(
            "{} undertaking{} as of {}{}; declared policy is never evidence of performance",
            made.len(),
            if made.len() == 1 { "" } else { "s" },
            asked.on,
            if further.taken > 0 {
                format!(", with {} further records", further.taken)
            } else {
                String::new()
            }
        );
    }
    Ok(if further.rejects.is_empty() {
        0
    } else {
        code::REJECTED
    })
}

/// Rows that were not taken: to a file, else told.
pub(super) fn write_rejects(file: Option<&Path>, rejects: &[Reject]) -> Result<(), Stop> {
    if let Some(file) = file {
        let mut text = String::new();
        for each in rejects {
            text.push_str(&serde_json::to_string(each)?);
            text.push('\n');
        }
        std::fs::write(file, text).with_context(|| format!("cannot write `{}`", file.display()))?;
        return Ok(());
    }
    for each in rejects {
        let line = each
            .line
            .map_or(String::new(), |line| format!(" (line {line})"));
        let column = each
            .column
            .as_ref()
            .map_or(String::new(), |column| format!(", `{column}`"));
        crate::talk::say!(
            "catchall: not taken: {}, row {}{line}{column}: {}; {}",
            each.file,
            each.row,
            each.problem,
            each.cure
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::no_rows;

    #[test]
    fn what_can_hold_no_row_is_told() {
        for empty in [&b""[..], b"\xef\xbb\xbf", b" \n\r\n"] {
            assert!(
                no_rows(empty).is_some_and(|why| why.contains("empty")),
                "{empty:?}"
            );
        }
        for other in [
            &b"PK\x03\x04\x14\0"[..],
            b"\xff\xfei\0d\0",
            b"id,\xe9tat\n1,x\n",
        ] {
            assert!(
                no_rows(other).is_some_and(|why| why.contains("UTF-8")),
                "{other:?}"
            );
        }
        // One bad row costs that row alone.
        for good in [
            &b"id,item\n1,tru\xffck\n"[..],
            b"[]",
            b"\xef\xbb\xbfid\n",
            b"{\"id\": 1}",
        ] {
            assert_eq!(no_rows(good), None, "{good:?}");
        }
    }
}
