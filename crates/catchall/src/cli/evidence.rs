//! `catchall evidence`: over a set of readings, who says what of a party, a technology, an undertaking or a transfer, on which rung,
//! through how many independent origins, what was answered and what has changed since. Nothing here is a verdict.

mod judging;
mod ledger;

use std::fmt::Write as _;
use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use anyhow::Context as _;
use catchall_report::gazetteer::Gazetteers;
use catchall_report::graph::{Evidence, Place, Question, evidence};

use super::{Common, Stop, code, read};

/// What is asked, and of which readings.
#[derive(Debug, clap::Args)]
#[command(group(clap::ArgGroup::new("question")))]
pub(crate) struct Args {
    /// Reports, folders of them, or readings stored by `catchall read` (`.jsonl`, `.json`); `-` for standard input.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// A party, by a whole name that the texts give it.
    #[arg(long, value_name = "NAME", group = "question")]
    party: Option<String>,
    /// A heading of technology, by its id or a term.
    #[arg(long, value_name = "TERM", group = "question")]
    technology: Option<String>,
    /// An undertaking, by who is bound or by words of it.
    #[arg(long, value_name = "WORDS", group = "question")]
    commitment: Option<String>,
    /// A transfer, by giver and receiver.
    #[arg(long, num_args = 2, value_names = ["FROM", "TO"], group = "question")]
    transfer: Option<Vec<String>>,
    /// As it could be known on this day: reports that appeared later are left out.
    #[arg(long, value_name = "DATE", env = "CATCHALL_AS_OF")]
    as_of: Option<jiff::civil::Date>,
    #[command(flatten)]
    ledger: ledger::Flags,
    /// How the answer is written: JSON, but a table on a terminal.
    #[arg(long, value_enum, env = "CATCHALL_FORMAT")]
    format: Option<Format>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    #[value(alias = "text")]
    Table,
    /// One JSON document.
    #[value(alias = "jsonl")]
    Json,
}

pub(crate) fn run(common: &Common, args: &Args) -> Result<u8, Stop> {
    let desk = args.ledger.open()?;
    let mut lost = 0;
    if let Some(desk) = &desk
        && args.ledger.acts()
    {
        lost = args.ledger.run(desk, &args.files)?;
        if !args.asks() {
            return Ok(if lost == 0 { 0 } else { code::REJECTED });
        }
    }
    if desk.is_none() && args.files.is_empty() {
        return Err(Stop::usage(anyhow::anyhow!(
            "no report is named; give files, folders, or the ledger that holds accepted statements with `--ledger`"
        )));
    }
    let question = question(args)?;
    let words = Gazetteers::built_in().map_err(|error| anyhow::anyhow!("{error}"))?;
    let mut readings = Vec::new();
    let mut failed = lost;
    if let Some(desk) = &desk {
        readings.extend(desk.accepted(args.as_of)?);
    }
    let files = if args.files.is_empty() || args.ledger.records() {
        Vec::new()
    } else {
        read::files(&args.files)?
    };
    for file in files {
        match read::readings(&file) {
            Ok(found) => readings.extend(found),
            Err(error) => {
                failed += 1;
                crate::talk::say!("catchall: not read: {}: {error:#}", file.display());
            }
        }
    }
    let found = evidence(&readings, &question, words, args.as_of);
    let table = std::io::stdout().is_terminal();
    let format = args
        .format
        .unwrap_or(if table { Format::Table } else { Format::Json });
    let mut out = std::io::stdout().lock();
    match format {
        Format::Table => out.write_all(text(&found).as_bytes()),
        Format::Json => serde_json::to_writer(&mut out, &found)
            .map_err(std::io::Error::from)
            .and_then(|()| out.write_all(b"\n")),
    }
    .context("cannot write the output")?;
    if !common.quiet {
        let lost = if failed > 0 {
            format!(", {failed} not read")
        } else {
            String::new()
        };
        crate::talk::say!(
            "{} documents{lost}; a claim is a claim until a person accepts it, and no claim found is no acquittal",
            found.documents
        );
    }
    Ok(match (readings.is_empty(), failed) {
        (_, 0) => 0,
        (true, _) if desk.is_some() => code::REJECTED,
        (true, _) => code::USAGE,
        (false, _) => code::REJECTED,
    })
}

impl Args {
    fn asks(&self) -> bool {
        self.party.is_some()
            || self.technology.is_some()
            || self.commitment.is_some()
            || self.transfer.is_some()
    }
}

fn question(args: &Args) -> Result<Question, Stop> {
    if let Some(party) = &args.party {
        return Ok(Question::Party(party.clone()));
    }
    if let Some(technology) = &args.technology {
        return Ok(Question::Technology(technology.clone()));
    }
    if let Some(commitment) = &args.commitment {
        return Ok(Question::Commitment(commitment.clone()));
    }
    match args.transfer.as_deref() {
        Some([from, to]) => Ok(Question::Transfer {
            from: from.clone(),
            to: to.clone(),
        }),
        _ => Err(Stop::usage(anyhow::anyhow!(
            "nothing is asked; one of --party, --technology, --commitment or --transfer"
        ))),
    }
}

fn plural(count: usize, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// The evidence for a person.
fn text(found: &Evidence) -> String {
    let mut out = match &found.asked {
        Question::Party(own) => format!("party: {own}\n"),
        Question::Technology(own) => format!("technology: {own}\n"),
        Question::Commitment(own) => format!("undertaking: {own}\n"),
        Question::Transfer { from, to } => format!("transfer: {from} to {to}\n"),
    };
    let _ = writeln!(
        out,
        "{} from {}, through {}; best rung: {}{}",
        plural(found.origins, "origin"),
        plural(found.sides.len(), "country").replace("countrys", "countries"),
        plural(found.outlets.len(), "outlet"),
        found.rung.map_or("none", |rung| rung.words()),
        found
            .closed
            .as_deref()
            .map_or_else(String::new, |day| format!("; closed by a relief of {day}"))
    );
    if found.mentioned > 0 {
        let _ = writeln!(
            out,
            "only mentioned in {}; nothing follows from that",
            plural(found.mentioned, "statement")
        );
    }
    for claim in &found.claims {
        let outlets = if claim.outlets.is_empty() {
            String::new()
        } else {
            format!("; {}", claim.outlets.join(", "))
        };
        let _ = writeln!(
            out,
            "\n{:<4} {} [{}, {}]{}: {}\n     {}{outlets}",
            claim.id,
            claim.speaker.as_deref().unwrap_or("unattributed"),
            claim.rung.words(),
            claim.said.as_deref().unwrap_or("undated"),
            if claim.hedged { " (hedged)" } else { "" },
            claim.content,
            places(&claim.places)
        );
        for answer in found
            .answers
            .iter()
            .filter(|own| own.answers.contains(&claim.id))
        {
            let _ = writeln!(out, "     answered: {}", reply(answer));
        }
    }
    for answer in found.answers.iter().filter(|own| own.answers.is_empty()) {
        let _ = writeln!(
            out,
            "\nanswer: {}\n     {}",
            reply(answer),
            places(&answer.places)
        );
    }
    for change in &found.changes {
        let _ = writeln!(
            out,
            "\nsince: {} [{}, {}]: {}\n     {}",
            change.speaker.as_deref().unwrap_or("unattributed"),
            change.kind,
            change.said.as_deref().unwrap_or("undated"),
            change.content,
            places(&change.places)
        );
    }
    if !found.reading_list.is_empty() {
        out.push_str("\nto read (pointed to, not held):\n");
    }
    for wanted in &found.reading_list {
        let number = match (wanted.volume, wanted.issue) {
            (Some(volume), Some(issue)) => format!(" {volume}:{issue}"),
            (None, Some(issue)) => format!(" no. {issue}"),
            _ => String::new(),
        };
        let _ = writeln!(
            out,
            "     {}{number}, {} (from {})",
            wanted.title.as_deref().unwrap_or("untitled"),
            wanted.date.as_deref().unwrap_or("undated"),
            wanted.wanted_by.join(", ")
        );
    }
    out
}

fn reply(answer: &catchall_report::graph::Answer) -> String {
    format!(
        "{} [{}, {}]: {}",
        answer.speaker.as_deref().unwrap_or("unattributed"),
        answer.kind,
        answer.said.as_deref().unwrap_or("undated"),
        answer.content
    )
}

fn places(places: &[Place]) -> String {
    let all: Vec<String> = places
        .iter()
        .map(|place| format!("{} {}", place.document, place.statement))
        .collect();
    all.join(", ")
}
