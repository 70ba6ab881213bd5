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
        crate::talk::say!("catchall: {trouble}");
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
