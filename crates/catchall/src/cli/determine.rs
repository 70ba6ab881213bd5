//! `catchall determine`: for laws that name and sanction suppliers: per person and reported transfer, what follows.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use catchall_assess::{Digests, Room};
use catchall_model::{Day, Reject, Sanctionable};

use super::commitments::{bytes, law_to_answer, write_rejects};
use super::output::{Table, push_cell};
use super::{Common, Stop, assess, code};
use crate::explain::measure::{cut, lines};
use crate::suppliers::{Supplier, Suppliers};

/// The columns of a report, for `--help`.
const COLUMNS: &str = "\
Columns of a CSV file, or fields of a JSON record; every one but `person` may be left out, and is not known then:
  id                 the row's key; its number where absent
  person             who made the transfer; several separated by `;`, one answer each
  person_country     the person's country; several likewise, or one for all
  item               what was transferred, in words
  form, item_kind    `goods`, `technology`, `arms` ...; a kind of the vocabulary
  code, code_list    a control list's number and its list; `none` needs no list
  property.<name>    a figure of the item, as in `property.range`
  date               when: a day, a month (`1999-03`), a year, or a span (`1999-03..1999-05`)
  to, destination    whither, by country
  uses               what it is for, separated by `;`
  source             who tells of it
  credibility        credible, not credible, or disputed
  reported           the day on which the information came
  determined         the day on which the question is put
  reason_not_acting  why no measures were taken, where that was said
  anything else      a fact by its key or other name (`catchall law vocabulary`): knowing, material, listed, government,
                     destabilising, lawful, exempt, waiver, acquired, lethal ...";

/// What to determine, and how to say it.
#[derive(Debug, clap::Args)]
#[command(after_help = COLUMNS)]
pub(crate) struct Args {
    /// Files of reported transfers (JSON, JSON Lines, CSV; `-` for standard input).
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The day on which the question is put; otherwise the day by which the packs were recorded. A row's own `determined` comes
    /// first.
    #[arg(long, visible_alias = "as-of", value_name = "DATE", value_parser = assess::day)]
    on: Option<Day>,
    /// The law as recorded by this day.
    #[arg(long, value_name = "DATE", value_parser = assess::day)]
    known_by: Option<Day>,
    /// Only this law, by its pack.
    #[arg(long, value_name = "PACK")]
    law: Option<String>,
    /// How answers are written: JSON Lines, but a table on a terminal.
    #[arg(long, value_enum, env = "CATCHALL_FORMAT")]
    format: Option<Format>,
    /// Write rows that were not taken to this file, as JSON Lines.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people.
    #[value(alias = "text")]
    Table,
    /// One JSON array.
    Json,
    /// One document a line.
    Jsonl,
    /// One row a person and transfer.
    Csv,
}

pub(crate) fn run(common: &Common, args: &Args) -> Result<u8, Stop> {
    let (law, loaded) = law_to_answer(common)?;
    let digests = Digests {
        names: loaded.places_digest.clone(),
        program: concat!("catchall ", env!("CARGO_PKG_VERSION")).to_owned(),
    };
    let places = Arc::new(loaded.places);
    let suppliers = Suppliers::new(
        law,
        args.law.as_deref(),
        places,
        args.on,
        args.known_by,
        &digests,
    )
    .map_err(Stop::usage)?;
    let mut room = Room::default();
    let mut made: Vec<Supplier> = Vec::new();
    let mut rejects: Vec<Reject> = Vec::new();
    let mut lost = 0_u64;
    for file in &args.files {
        let bytes = bytes(file).map_err(Stop::usage)?;
        for row in suppliers.read(&file.display().to_string(), &bytes) {
            match row.and_then(|row| suppliers.determine(&row, &mut room)) {
                Ok(answer) => made.push(answer),
                Err(found) => {
                    lost += 1;
                    rejects.extend(found);
                }
            }
        }
    }
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    write(args, &made, &mut out)?;
    out.flush().context("cannot write the output")?;
    write_rejects(args.rejects.as_deref(), &rejects)?;
    if !common.quiet {
        let counted: Vec<String> = Sanctionable::ALL
            .iter()
            .rev()
            .filter_map(|word| {
                let count = made
                    .iter()
                    .filter(|each| each.sanctionable == *word)
                    .count();
                (count > 0).then(|| format!("{count} {}", word.word().replace('_', " ")))
            })
            .collect();
        let lost = if lost > 0 {
            format!(", {lost} rows not taken")
        } else {
            String::new()
        };
        crate::talk::say!(
            "{} reported transfers: {}{lost}; a report is no finding, and a person decides",
            made.len(),
            if counted.is_empty() {
                "none".to_owned()
            } else {
                counted.join(", ")
            }
        );
    }
    Ok(if rejects.is_empty() {
        0
    } else {
        code::REJECTED
    })
}

fn write(args: &Args, made: &[Supplier], out: &mut impl Write) -> Result<(), Stop> {
    let terminal = std::io::stdout().is_terminal();
    let format = args.format.unwrap_or(if terminal {
        Format::Table
    } else {
        Format::Jsonl
    });
    match format {
        Format::Table => out.write_all(table(made, Table::new(false).width()).as_bytes())?,
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
    }
    Ok(())
}

/// Person by person, in the order in which they are first named; under each their transfers, each for itself.
fn table(made: &[Supplier], width: usize) -> String {
    let mut persons: Vec<&str> = Vec::new();
    for each in made {
        if !persons.contains(&each.person.name.as_str()) {
            persons.push(&each.person.name);
        }
    }
    let mut out = String::new();
    for person in persons {
        out.push_str(&cut(person, width));
        out.push('\n');
        for each in made.iter().filter(|each| each.person.name == person) {
            transfer(each, width, &mut out);
        }
    }
    out
}

fn transfer(each: &Supplier, width: usize, out: &mut String) {
    let date = each
        .date
        .map_or("no date".to_owned(), |date| date.to_string());
    out.push_str(&format!(
        "  {:<13} {date}  {}\n",
        each.sanctionable.word(),
        cut(&each.item, width.saturating_sub(30).max(10))
    ));
    let mut say = |text: &str| {
        for line in lines(text, width.saturating_sub(6).max(20)) {
            out.push_str("      ");
            out.push_str(&line);
            out.push('\n');
        }
    };
    say(&each.summary);
    for law in each
        .laws
        .iter()
        .filter(|law| law.sanctionable != Sanctionable::No)
    {
        let words: Vec<&str> = law.measures.iter().map(|row| row.what.as_str()).collect();
        if !words.is_empty() {
            let months = law
                .measures
                .iter()
                .find_map(|row| row.months)
                .map_or(String::new(), |months| format!(" for {months} months"));
            say(&format!(
                "{}{months}: {}.",
                law.sanctionable,
                words.join("; ")
            ));
        }
        if let Some(report) = &law.report {
            say(&format!(
                "Report to {} due by {} ({}).",
                report.to, report.due, report.cite
            ));
        }
        match law.status.state {
            "none_recorded" => {}
            state => say(&format!(
                "Measures on record: {} ({}).",
                state.replace('_', " "),
                law.status.interval.as_deref().unwrap_or_default()
            )),
        }
        if let Some(idle) = &law.not_acting {
            let stated = if idle.stated.is_empty() {
                "none is stated"
            } else {
                &idle.stated
            };
            say(&format!(
                "No measures are recorded; {}. Reason: {stated}.",
                idle.owed
            ));
        }
    }
}

fn csv(made: &[Supplier]) -> String {
    let mut text = "report,person,country,date,to,item,source,credibility,determined,sanctionable,least,most,laws,measures,report_due,status,missing,summary\n".to_owned();
    for each in made {
        let join = |parts: Vec<String>| parts.join("; ");
        let bites: Vec<_> = each
            .laws
            .iter()
            .filter(|law| law.sanctionable != Sanctionable::No)
            .collect();
        let cells = [
            each.report.clone(),
            each.person.name.clone(),
            each.person.country.clone().unwrap_or_default(),
            each.date.map_or(String::new(), |date| date.to_string()),
            each.to.clone().unwrap_or_default(),
            each.item.clone(),
            each.source.clone(),
            each.credibility.clone(),
            each.determined.to_string(),
            each.sanctionable.word().to_owned(),
            each.bounds[0].word().to_owned(),
            each.bounds[1].word().to_owned(),
            join(
                bites
                    .iter()
                    .map(|law| format!("{}={}", law.law, law.sanctionable))
                    .collect(),
            ),
            join(
                bites
                    .iter()
                    .flat_map(|law| law.measures.iter().map(|row| row.what.clone()))
                    .collect(),
            ),
            join(
                bites
                    .iter()
                    .filter_map(|law| law.report.as_ref().map(|row| row.due.to_string()))
                    .collect(),
            ),
            join(
                bites
                    .iter()
                    .map(|law| format!("{}={}", law.law, law.status.state))
                    .collect(),
            ),
            join(
                each.missing
                    .iter()
                    .map(|question| question.fact.clone())
                    .collect(),
            ),
            each.summary.clone(),
        ];
        for (place, cell) in cells.iter().enumerate() {
            if place > 0 {
                text.push(',');
            }
            push_cell(&mut text, cell);
        }
        text.push('\n');
    }
    text
}
