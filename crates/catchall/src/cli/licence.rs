//! `catchall licence`: issue licences, draw them down, take customs returns, and show what is left.

mod movement;
mod reconcile;
mod show;

use std::io::Write;
use std::path::PathBuf;

use anyhow::anyhow;
use catchall_ledger::licence::Licence;
use catchall_ledger::licence::command::LicenceRefused;
use catchall_ledger::licence::cover::Wanted;
use catchall_ledger::licence::event::{Purpose, Stated};
use catchall_ledger::licence::measure::Measure;
use catchall_model::{Day, Outcome, Places};

use super::assess::day;
use super::office::{Desk, Flags};
use super::{Common, Stop, code};
use crate::licensing::{Licensing, Trouble};
use crate::{licensing, load};
use movement::movement;
use reconcile::reconcile;
use show::{list, show};

/// What to do with licences.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Issue a licence on a decided case, or register one from its paper.
    Issue(Issue),
    /// Amend a licence.
    Amend {
        /// The licence.
        licence: String,
        /// Why.
        #[arg(long)]
        why: String,
        /// The new last day.
        #[arg(long, value_name = "DATE", value_parser = day)]
        until: Option<Day>,
        /// Line `N:QUANTITY`, `N:VALUE` or both with a comma: the new figures of a line.
        #[arg(long = "line", value_name = "N:AMOUNTS")]
        lines: Vec<String>,
    },
    /// List licences with what is left of each.
    List {
        /// Only those that stand so today: in_force, suspended, revoked, surrendered, expired, not_yet.
        #[arg(long)]
        standing: Option<String>,
    },
    /// Show a licence: balance, movements, discrepancies.
    Show {
        /// The licence.
        licence: String,
    },
    /// Suspend a licence.
    Suspend(Turn),
    /// Put a suspended licence in force again.
    Resume(Turn),
    /// Revoke a licence.
    Revoke(Turn),
    /// Give a licence back.
    Surrender(Turn),
    /// Close a licence that has run out.
    Expire(Turn),
    /// Reserve of a licence; of whichever covers it when none is named.
    Reserve {
        /// The licence; the first that covers it when left out.
        licence: Option<String>,
        /// Your key: the number of the order.
        #[arg(long, value_name = "KEY")]
        order: String,
        #[command(flatten)]
        amounts: Amounts,
        /// The control list code that a line must name, when no licence is named.
        #[arg(long)]
        code: Option<String>,
        #[command(flatten)]
        purpose: For,
    },
    /// Release what was reserved; all of it when no amount is given.
    Release {
        /// The licence.
        licence: String,
        /// The key it was reserved under.
        #[arg(long, value_name = "KEY")]
        order: String,
        #[command(flatten)]
        amounts: Amounts,
        /// Why.
        #[arg(long)]
        why: String,
    },
    /// Record a shipment.
    Ship {
        /// The licence.
        licence: String,
        /// The customs declaration.
        #[arg(long)]
        declaration: String,
        /// The key under which it was reserved.
        #[arg(long, value_name = "KEY")]
        order: Option<String>,
        #[command(flatten)]
        amounts: Amounts,
        #[command(flatten)]
        purpose: For,
    },
    /// Correct the figures of a recorded shipment.
    Correct {
        /// The licence.
        licence: String,
        /// The customs declaration.
        #[arg(long)]
        declaration: String,
        #[command(flatten)]
        amounts: Amounts,
        /// What was wrong.
        #[arg(long)]
        why: String,
    },
    /// Take a customs return: a CSV file with `declaration,line,quantity,value,date`, and `licence` where it is about several.
    Reconcile {
        /// The file, or `-`.
        file: PathBuf,
        /// The licence, where the file has no such column.
        #[arg(long)]
        licence: Option<String>,
        /// The return's own id.
        #[arg(long)]
        batch: String,
        /// The day on which customs made it.
        #[arg(long, value_name = "DATE", value_parser = day)]
        sent: Day,
    },
    /// Say what came of a discrepancy.
    Answer {
        /// The licence.
        licence: String,
        /// The discrepancy's key, as `licence show` tells it.
        discrepancy: String,
        /// What came of it.
        #[arg(long)]
        how: String,
    },
}

/// What a licence allows.
#[derive(Debug, clap::Args)]
struct Issue {
    /// Its id; the next of the year when left out.
    #[arg(long)]
    id: Option<String>,
    /// The decided case that it rests on.
    #[arg(long, conflicts_with = "paper")]
    case: Option<String>,
    /// The paper that it is registered from.
    #[arg(long)]
    paper: Option<String>,
    /// Whose authority issued it: the jurisdiction's word, as `de` or `us`.
    #[arg(long)]
    authority: String,
    /// Who holds it.
    #[arg(long)]
    holder: String,
    /// First day; today when left out.
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
    /// Last day.
    #[arg(long, value_name = "DATE", value_parser = day)]
    until: Option<Day>,
    /// A line: `ITEM:40 pieces`, `ITEM:100000 EUR`, or both, `ITEM:40 pieces,100000 EUR`; codes in brackets, `spindles[2B201]:40 pieces`.
    #[arg(long = "line", value_name = "ITEM:AMOUNTS", required = true)]
    lines: Vec<String>,
    /// To whom; one flag each.
    #[arg(long = "end-user", value_name = "NAME")]
    end_users: Vec<String>,
    /// Through whom; one flag each.
    #[arg(long = "consignee", value_name = "NAME")]
    consignees: Vec<String>,
    /// Where; one flag each.
    #[arg(long = "to", value_name = "COUNTRY")]
    to: Vec<String>,
    /// A condition in words; one flag each.
    #[arg(long = "condition", value_name = "TEXT")]
    conditions: Vec<String>,
}

/// A turn in a licence's life.
#[derive(Debug, clap::Args)]
struct Turn {
    /// The licence.
    licence: String,
    /// Why.
    #[arg(long)]
    why: String,
    /// From which day on; today when left out.
    #[arg(long, value_name = "DATE", value_parser = day)]
    from: Option<Day>,
}

/// How much, of which line.
#[derive(Debug, clap::Args)]
struct Amounts {
    /// The line of the licence.
    #[arg(long, default_value_t = 1)]
    line: u32,
    /// How much: `12 pieces`, `500 kg`.
    #[arg(long, value_parser = Measure::goods)]
    quantity: Option<Measure>,
    /// Worth how much: `25,000 EUR`.
    #[arg(long, value_parser = Measure::money)]
    value: Option<Measure>,
}

impl Amounts {
    fn stated(&self) -> Stated {
        Stated {
            quantity: self.quantity,
            value: self.value,
        }
    }
}

/// What for.
#[derive(Debug, clap::Args)]
struct For {
    /// To whom.
    #[arg(long)]
    end_user: Option<String>,
    /// Through whom.
    #[arg(long)]
    consignee: Option<String>,
    /// Where.
    #[arg(long, value_name = "COUNTRY")]
    to: Option<String>,
    /// The transfer's id.
    #[arg(long)]
    transfer: Option<String>,
    /// The day of the movement; today when left out.
    #[arg(long, value_name = "DATE", value_parser = day)]
    on: Option<Day>,
}

impl For {
    fn purpose(&self, places: &Places) -> Result<Purpose, Stop> {
        Ok(Purpose {
            transfer: self.transfer.clone(),
            end_user: self.end_user.clone(),
            consignee: self.consignee.clone(),
            to: self.to.as_deref().map(|to| place(places, to)).transpose()?,
            on: self.on.unwrap_or_else(load::today),
        })
    }
}

fn place(places: &Places, text: &str) -> Result<String, Stop> {
    let found = places.find(text).map(|country| country.code().to_owned());
    found.ok_or_else(|| {
        Stop::usage(anyhow!(
            "`{text}` is no country or territory that is known; write its name or code, as `TR`"
        ))
    })
}

pub(crate) fn run(common: &Common, args: &Args) -> Result<u8, Stop> {
    let desk = args.flags.open()?;
    let steps = Licensing(desk.work());
    let places = || {
        load::load(common.packs.as_deref())
            .map(|loaded| loaded.places)
            .map_err(Stop::usage)
    };
    let mut exit = 0;
    let text = match &args.verb {
        Verb::List { standing } => list(&desk, standing.as_deref())?,
        Verb::Show { licence } => show(&desk, &seen(&desk, licence)?)?,
        Verb::Issue(issue) => {
            let terms = issue.terms(&places()?)?;
            let id = match steps.issue(issue.id.as_deref(), &terms) {
                Ok(id) => id,
                Err(trouble) => return refused(trouble),
            };
            told(&desk, &id, &format!("licence {id} issued"))?
        }
        Verb::Reserve {
            licence: None,
            order,
            amounts,
            code,
            purpose,
        } => {
            let wanted = Wanted {
                amounts: amounts.stated(),
                code: code.clone(),
                purpose: purpose.purpose(&places()?)?,
            };
            match steps.reserve_of_any(order, &wanted) {
                Ok(takes) => {
                    desk.rows(&takes, &[("licence", 14), ("line", 4), ("amounts", 40)], "")?
                }
                Err(trouble) => return refused(trouble),
            }
        }
        Verb::Reconcile {
            file,
            licence,
            batch,
            sent,
        } => {
            let (text, open) = reconcile(&desk, file, licence.as_deref(), batch, *sent)?;
            exit = if open { code::HITS } else { 0 };
            text
        }
        other => {
            let (id, movement) = movement(&desk, other, places)?;
            match steps.act(id, &movement) {
                Ok(done) => told(&desk, id, &done.says)?,
                Err(trouble) => return refused(trouble),
            }
        }
    };
    std::io::stdout().lock().write_all(text.as_bytes())?;
    Ok(exit)
}

/// A movement that the licence does not carry asks for a licence; the rest is the caller's to mend, or a failure.
fn refused(trouble: Trouble) -> Result<u8, Stop> {
    let substance = matches!(
        trouble,
        Trouble::NotCovered(_)
            | Trouble::Refused(LicenceRefused::NotCovered { .. } | LicenceRefused::Short { .. })
    );
    if substance {
        eprintln!("catchall: {trouble}");
        return Ok(Outcome::LicenceRequired.exit_code());
    }
    Err(match trouble {
        Trouble::NoLicence(_) | Trouble::Taken(_) | Trouble::Refused(_) => Stop::usage(trouble),
        other => other.into(),
    })
}

/// A licence that the actor may read.
fn seen(desk: &Desk, id: &str) -> Result<Licence, Stop> {
    let licence = licensing::one(&desk.ledger, id).map_err(|trouble| match trouble {
        Trouble::NoLicence(_) => Stop::usage(trouble),
        other => other.into(),
    })?;
    desk.may("licence.read", licence.place())?;
    Ok(licence)
}

/// What was done, and what is left.
fn told(desk: &Desk, id: &str, says: &str) -> Result<String, Stop> {
    let licence = licensing::one(&desk.ledger, id)?;
    let summary = licence.summary(load::today());
    desk.one(&summary, || {
        format!("{says}\n{id}: {} left\n", summary.left.join("; "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_what_it_is_and_how_much() {
        let read = |text: &str| {
            line(1, text).map(|line| {
                (
                    line.item,
                    line.codes,
                    line.quantity.map(|each| each.to_string()),
                    line.value.map(|each| each.to_string()),
                )
            })
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            read("spindles[2B201;2B001]:40 pieces, 1,200,000 EUR").unwrap(),
            (
                "spindles".to_owned(),
                vec!["2B201".to_owned(), "2B001".to_owned()],
                some("40 pieces"),
                some("1200000 EUR")
            )
        );
        assert_eq!(
            read("steel: bars:22,000 kg").unwrap(),
            ("steel: bars".to_owned(), Vec::new(), some("22000 kg"), None)
        );
        assert_eq!(
            read("any:40 pieces,100000 EUR").unwrap().3,
            some("100000 EUR")
        );
        assert!(
            read("spindles").is_err() && read("spindles:40").is_err() && read("spindles:").is_err()
        );
    }

    #[test]
    fn a_return_is_read_whole_or_not_at_all() {
        let told =
            |text: &str| rows(text, "r.csv", Some("L-1")).map_err(|stop| format!("{:#}", stop.why));
        let found =
            told("declaration,line,quantity,date\nd1,2,12 pcs,2026-03-01\nd2,,1 pcs,\n").unwrap();
        let own: Vec<(String, u32)> = found["L-1"]
            .iter()
            .map(|row| (row.declaration.clone(), row.line))
            .collect();
        assert_eq!(own, [("d1".to_owned(), 2), ("d2".to_owned(), 1)]);
        assert!(
            told("declaration,colour\n")
                .unwrap_err()
                .contains("column 2: unknown column `colour`")
        );
        assert!(
            told("line\n1\n")
                .unwrap_err()
                .contains("no column `declaration`")
        );
        assert!(
            told("declaration,date\nd1,01.03.2026\n")
                .unwrap_err()
                .contains("row 1: `01.03.2026` is not a day")
        );
        assert!(
            told("declaration,line\nd1,one\n")
                .unwrap_err()
                .contains("`one` is no number of a line")
        );
        assert!(told("declaration\n").unwrap().is_empty());
    }
}
