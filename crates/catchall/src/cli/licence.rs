//! `catchall licence`: issue licences, draw them down, take customs returns, and show what is left.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use catchall_ledger::licence::command::{LicenceRefused, Movement};
use catchall_ledger::licence::cover::Wanted;
use catchall_ledger::licence::event::{
    Amendment, Line, Named, Purpose, Return, Row, Stated, Terms,
};
use catchall_ledger::licence::measure::Measure;
use catchall_ledger::licence::{Discrepancy, Licence, Standing, Summary, shown};
use catchall_model::{Day, Outcome, Places};
use serde::Serialize;

use super::assess::{Format, day};
use super::office::{Desk, Flags};
use super::{Common, Stop, code};
use crate::licensing::{self, Licensing, Trouble};
use crate::load;

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

/// The verbs that are one movement.
fn movement<'a>(
    desk: &Desk,
    verb: &'a Verb,
    places: impl Fn() -> Result<Places, Stop>,
) -> Result<(&'a str, Movement), Stop> {
    let turn = |turn: &'a Turn, to: Standing| {
        let movement = Movement::Turn {
            to,
            from: turn.from,
            why: turn.why.clone(),
        };
        (turn.licence.as_str(), movement)
    };
    Ok(match verb {
        Verb::Suspend(own) => turn(own, Standing::Suspended),
        Verb::Resume(own) => turn(own, Standing::InForce),
        Verb::Revoke(own) => turn(own, Standing::Revoked),
        Verb::Surrender(own) => turn(own, Standing::Surrendered),
        Verb::Expire(own) => turn(own, Standing::Expired),
        Verb::Amend {
            licence,
            why,
            until,
            lines,
        } => {
            let change = Amendment {
                until: *until,
                lines: amended(&seen(desk, licence)?, lines)?,
                ..Amendment::default()
            };
            (
                licence,
                Movement::Amend {
                    change,
                    why: why.clone(),
                },
            )
        }
        Verb::Reserve {
            licence: Some(licence),
            order,
            amounts,
            purpose,
            ..
        } => {
            let movement = Movement::Reserve {
                reservation: order.clone(),
                line: amounts.line,
                amounts: amounts.stated(),
                purpose: purpose.purpose(&places()?)?,
            };
            (licence, movement)
        }
        Verb::Release {
            licence,
            order,
            amounts,
            why,
        } => {
            let movement = Movement::Release {
                reservation: order.clone(),
                amounts: amounts.stated(),
                why: why.clone(),
            };
            (licence, movement)
        }
        Verb::Ship {
            licence,
            declaration,
            order,
            amounts,
            purpose,
        } => {
            let movement = Movement::Ship {
                declaration: declaration.clone(),
                line: amounts.line,
                amounts: amounts.stated(),
                reservation: order.clone(),
                purpose: purpose.purpose(&places()?)?,
            };
            (licence, movement)
        }
        Verb::Correct {
            licence,
            declaration,
            amounts,
            why,
        } => {
            let movement = Movement::Correct {
                declaration: declaration.clone(),
                line: amounts.line,
                amounts: amounts.stated(),
                why: why.clone(),
            };
            (licence, movement)
        }
        Verb::Answer {
            licence,
            discrepancy,
            how,
        } => {
            let movement = Movement::Answer {
                discrepancy: discrepancy.clone(),
                how: how.clone(),
            };
            (licence, movement)
        }
        _ => return Err(Stop::usage(anyhow!("this verb is no single movement"))),
    })
}

impl Issue {
    fn terms(&self, places: &Places) -> Result<Terms, Stop> {
        let named = |names: &[String]| {
            let each = names.iter().map(|name| Named {
                name: name.clone(),
                ..Named::default()
            });
            each.collect()
        };
        let lines = (1..)
            .zip(&self.lines)
            .map(|(number, text)| line(number, text));
        Ok(Terms {
            authority: self.authority.clone(),
            holder: self.holder.clone(),
            team: None,
            from: self.from,
            until: self.until,
            lines: lines.collect::<Result<_, _>>().map_err(Stop::usage)?,
            end_users: named(&self.end_users),
            consignees: named(&self.consignees),
            destinations: self
                .to
                .iter()
                .map(|to| place(places, to))
                .collect::<Result<_, _>>()?,
            conditions: self.conditions.clone(),
            case: self.case.clone(),
            paper: self.paper.clone(),
        })
    }
}

/// `spindles[2B201]:40 pieces,100000 EUR`. Amounts of money have no comma here but the one between the two.
fn line(number: u32, text: &str) -> anyhow::Result<Line> {
    let (item, stated) = text.rsplit_once(':').ok_or_else(|| {
        anyhow!("`{text}` is no line; write what it is and how much, as `spindles:40 pieces`")
    })?;
    let (item, codes) = match item
        .trim()
        .strip_suffix(']')
        .and_then(|item| item.split_once('['))
    {
        Some((item, codes)) => (
            item,
            codes
                .split([';', ','])
                .map(|code| code.trim().to_owned())
                .collect(),
        ),
        None => (item, Vec::new()),
    };
    let amounts = amounts(stated)?;
    Ok(Line {
        number,
        item: item.trim().to_owned(),
        codes,
        quantity: amounts.quantity,
        value: amounts.value,
    })
}

/// A quantity, a value, or both with `, ` between them.
fn amounts(text: &str) -> anyhow::Result<Stated> {
    let mut stated = Stated::default();
    let whole = std::iter::once(text.trim());
    let one = |part: &str| part.parse::<Measure>().is_ok();
    let parts: Vec<&str> = if one(text) {
        whole.collect()
    } else {
        text.split(", ")
            .flat_map(|part| {
                if one(part) {
                    vec![part]
                } else {
                    part.split(',').collect()
                }
            })
            .map(str::trim)
            .collect()
    };
    for part in parts {
        match (Measure::money(part), Measure::goods(part)) {
            (Ok(money), _) => stated.value = Some(money),
            (_, Ok(goods)) => stated.quantity = Some(goods),
            (_, Err(error)) => return Err(error.into()),
        }
    }
    Ok(stated)
}

/// `2:60 pieces`: line 2 with other figures.
fn amended(licence: &Licence, lines: &[String]) -> Result<Vec<Line>, Stop> {
    let one = |text: &String| {
        let parts = text
            .split_once(':')
            .and_then(|(number, stated)| Some((number.trim().parse::<u32>().ok()?, stated)));
        let (number, stated) =
            parts.ok_or_else(|| anyhow!("`{text}` is no figure of a line; write `1:60 pieces`"))?;
        let old = licence.line(number).cloned().unwrap_or_default();
        let new = amounts(stated)?;
        anyhow::Ok(Line {
            number,
            quantity: new.quantity.or(old.quantity),
            value: new.value.or(old.value),
            ..old
        })
    };
    lines
        .iter()
        .map(one)
        .collect::<anyhow::Result<_>>()
        .map_err(Stop::usage)
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

const COLUMNS: &[(&str, usize)] = &[
    ("id", 14),
    ("standing", 11),
    ("until", 10),
    ("holder", 20),
    ("authority", 9),
    ("discrepancies", 13),
    ("left", 60),
];

fn list(desk: &Desk, standing: Option<&str>) -> Result<String, Stop> {
    const WORDS: [&str; 6] = [
        "not_yet",
        "in_force",
        "suspended",
        "revoked",
        "surrendered",
        "expired",
    ];
    if let Some(word) = standing.filter(|word| !WORDS.contains(word)) {
        return Err(Stop::usage(anyhow!(
            "--standing: `{word}` is none; write one of {}",
            WORDS.join(", ")
        )));
    }
    let (licences, broken) = licensing::all(&desk.ledger)?;
    for (id, error) in broken {
        eprintln!("catchall: licence {id}: {error}");
    }
    let mut refused = None;
    let mut rows: Vec<Summary> = Vec::new();
    for licence in &licences {
        match desk.may("licence.read", licence.place()) {
            Ok(()) => rows.push(licence.summary(load::today())),
            Err(why) => refused = Some(why),
        }
    }
    match refused {
        Some(why) if rows.is_empty() => return Err(why),
        _ => {}
    }
    rows.retain(|row| standing.is_none_or(|word| row.standing == word));
    desk.rows(
        &rows,
        COLUMNS,
        "the ledger knows no such licence; `catchall licence issue` issues or registers one",
    )
}

fn show(desk: &Desk, licence: &Licence) -> Result<String, Stop> {
    #[derive(Serialize)]
    struct Shown<'a> {
        summary: Summary,
        #[serde(flatten)]
        licence: &'a Licence,
        discrepancies: Vec<Discrepancy>,
    }
    // Balances are whole counts of 10⁻¹² of base units; JSON tells them as text in the line's own unit.
    let shown = Shown {
        summary: licence.summary(load::today()),
        licence,
        discrepancies: licence.discrepancies(),
    };
    if matches!(desk.format, Format::Json | Format::Jsonl) {
        let value = serde_json::json!({ "summary": shown.summary, "terms": licence.terms, "balances": balances(licence), "movements": licence.movements, "discrepancies": shown.discrepancies, "irregular": licence.irregular });
        return desk.one(&value, String::new);
    }
    Ok(in_text(licence, &shown.summary, &shown.discrepancies))
}

fn balances(licence: &Licence) -> Vec<serde_json::Value> {
    let lines = licence.terms.lines.iter().filter_map(|line| {
        let balance = licence.balance(line.number)?;
        Some(serde_json::json!({
            "line": line.number, "item": line.item, "granted": shown(line, balance.granted), "reserved": shown(line, balance.reserved),
            "shipped": shown(line, balance.shipped), "seen_by_customs": shown(line, balance.seen), "available": shown(line, balance.available),
        }))
    });
    lines.collect()
}

fn in_text(licence: &Licence, summary: &Summary, discrepancies: &[Discrepancy]) -> String {
    let terms = &licence.terms;
    let until = terms
        .until
        .map_or("no end stated".to_owned(), |until| until.to_string());
    let mut text = format!(
        "{}  {}  {} to {until}\n  held by {}, authority {}\n",
        licence.id, summary.standing, summary.from, terms.holder, terms.authority
    );
    let names = |named: &[Named]| {
        named
            .iter()
            .map(|each| each.name.clone())
            .collect::<Vec<_>>()
            .join("; ")
    };
    for (what, said) in [
        ("end user", names(&terms.end_users)),
        ("consignee", names(&terms.consignees)),
        ("to", terms.destinations.join(", ")),
        ("conditions", terms.conditions.join("; ")),
        ("case", terms.case.clone().unwrap_or_default()),
        ("paper", terms.paper.clone().unwrap_or_default()),
    ] {
        if !said.is_empty() {
            text.push_str(&format!("  {what}: {said}\n"));
        }
    }
    text.push_str("\nBalance\n");
    for line in &terms.lines {
        let Some(balance) = licence.balance(line.number) else {
            continue;
        };
        let of = |counts| shown(line, counts);
        text.push_str(&format!(
            "  line {} {}: granted {}; reserved {}; shipped {}; left {}; customs has seen {}\n",
            line.number,
            line.item,
            of(balance.granted),
            of(balance.reserved),
            of(balance.shipped),
            of(balance.available),
            of(balance.seen)
        ));
    }
    text.push_str("\nMovements\n");
    for movement in &licence.movements {
        text.push_str(&format!(
            "  {:>6}  {}  {}\n",
            movement.stamp.number,
            movement.stamp.day(),
            movement.says
        ));
    }
    if !discrepancies.is_empty() {
        text.push_str("\nDiscrepancies\n");
        for each in discrepancies {
            let answered = each
                .answered
                .as_ref()
                .map_or(String::new(), |(_, how)| format!(" (answered: {how})"));
            text.push_str(&format!("  {}\n    {}{answered}\n", each.key, each.says));
        }
    }
    text
}

/// Takes a return for each licence that its rows name.
fn reconcile(
    desk: &Desk,
    file: &Path,
    named: Option<&str>,
    batch: &str,
    sent: Day,
) -> Result<(String, bool), Stop> {
    let text = read(file)?;
    let by_licence = rows(&text, &file.display().to_string(), named)?;
    #[derive(Serialize)]
    struct Took {
        licence: String,
        says: String,
        discrepancies: Vec<String>,
    }
    let mut rows = Vec::new();
    for (licence, own) in by_licence {
        let taken = Movement::Reconcile(Return {
            batch: batch.to_owned(),
            sent,
            rows: own,
        });
        // One licence that cannot take its rows does not lose those of the others.
        let says = match Licensing(desk.work()).act(&licence, &taken) {
            Ok(done) => done.says,
            Err(trouble @ (Trouble::NoLicence(_) | Trouble::Refused(_))) => {
                eprintln!("catchall: {licence}: {trouble}");
                rows.push(Took {
                    licence,
                    says: "refused".to_owned(),
                    discrepancies: vec![trouble.to_string()],
                });
                continue;
            }
            Err(other) => return Err(other.into()),
        };
        let open = licensing::one(&desk.ledger, &licence)?
            .discrepancies()
            .into_iter()
            .filter(|each| each.answered.is_none());
        let discrepancies: Vec<String> = open.map(|each| each.says).collect();
        rows.push(Took {
            licence,
            says,
            discrepancies,
        });
    }
    let open = rows.iter().any(|row| !row.discrepancies.is_empty());
    let text = desk.rows(
        &rows,
        &[("licence", 14), ("says", 40), ("discrepancies", 80)],
        "the return holds no rows",
    )?;
    Ok((text, open))
}

fn read(file: &Path) -> Result<String, Stop> {
    let bytes = if file.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes)?;
        bytes
    } else {
        std::fs::read(file)
            .with_context(|| format!("cannot read `{}`", file.display()))
            .map_err(Stop::usage)?
    };
    let text = String::from_utf8(bytes).map_err(|error| {
        Stop::usage(anyhow!(
            "`{}` is not UTF-8 from byte {} on; save it as UTF-8",
            file.display(),
            error.utf8_error().valid_up_to()
        ))
    })?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map_or(text.clone(), str::to_owned))
}

type ByLicence = std::collections::BTreeMap<String, Vec<Row>>;

/// The rows of a return, by licence. A return that cannot be read whole is not taken at all.
fn rows(text: &str, file: &str, named: Option<&str>) -> Result<ByLicence, Stop> {
    const COLUMNS: [&str; 6] = [
        "licence",
        "declaration",
        "line",
        "quantity",
        "value",
        "date",
    ];
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|error| Stop::usage(anyhow!("{file}: {error}")))?
        .clone();
    for (place, name) in header.iter().enumerate() {
        if !COLUMNS.contains(&name) {
            return Err(Stop::usage(anyhow!(
                "{file}: column {}: unknown column `{name}`; a return has {}",
                place + 1,
                COLUMNS.join(", ")
            )));
        }
    }
    if !header.iter().any(|name| name == "declaration") {
        return Err(Stop::usage(anyhow!(
            "{file}: there is no column `declaration`; a return has {}",
            COLUMNS.join(", ")
        )));
    }
    let mut found = ByLicence::new();
    for (number, record) in (1..).zip(reader.records()) {
        let wrong = |why: String| {
            Stop::usage(anyhow!(
                "{file}: row {number}: {why}; nothing of the return was taken"
            ))
        };
        let record = record.map_err(|error| wrong(error.to_string()))?;
        let cell = |name: &str| {
            let place = header.iter().position(|own| own == name);
            place
                .and_then(|place| record.get(place))
                .filter(|cell| !cell.is_empty())
                .map(str::to_owned)
        };
        let licence = cell("licence")
            .or_else(|| named.map(str::to_owned))
            .ok_or_else(|| {
                wrong("no licence is named; add a column `licence`, or `--licence`".to_owned())
            })?;
        let declaration =
            cell("declaration").ok_or_else(|| wrong("the declaration is left out".to_owned()))?;
        let line = match cell("line") {
            None => 1,
            Some(line) => line
                .parse()
                .map_err(|_| wrong(format!("`{line}` is no number of a line")))?,
        };
        let on = cell("date")
            .map(|date| Day::parse(&date))
            .transpose()
            .map_err(|error| wrong(error.to_string()))?;
        found.entry(licence).or_default().push(Row {
            declaration,
            line,
            quantity: cell("quantity"),
            value: cell("value"),
            on,
        });
    }
    Ok(found)
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
