//! `/v1/licences`: licences with their balances, issuing one, and what is drawn, shipped and returned under it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use catchall_ledger::case::Case;
use catchall_ledger::case::command::Office;
use catchall_ledger::licence::command::{Done, LicenceRefused, Movement, act_of};
use catchall_ledger::licence::event::{Amendment, Purpose, Return, Stated, Terms};
use catchall_ledger::licence::{Licence, Standing};
use catchall_ledger::{Ask, LedgerError};
use catchall_model::Day;
use serde::Deserialize;
use serde_json::{Value, json};

use super::cases::{if_match, tag};
use super::problem::Problem;
use super::session::read;
use super::take::{self, Page, Part, Words};
use super::{assess, guard};
use crate::access::Caller;
use crate::app::App;
use crate::{board, load};

/// Licences that the caller may see, in the order of their issue.
///
/// # Errors
/// What the ledger says.
pub async fn list(
    State(app): State<Arc<App>>,
    Words(page): Words<Page>,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    let limit = page.limit()?;
    take::blocking(&app, move |app| {
        let ask = Ask::all()
            .kind("licence.issued")
            .after(page.after)
            .limit(limit);
        let issued = app
            .ledger
            .entries(&ask)
            .map_err(|error| Problem::of_ledger(&error))?;
        let next = (issued.len() == limit)
            .then(|| issued.last().map(|entry| entry.number))
            .flatten();
        let today = load::today();
        let mut rows = Vec::new();
        for entry in &issued {
            let Some(id) = entry.stream.strip_prefix("licence/") else {
                continue;
            };
            if let Some(licence) = find(app, id)?
                && guard::may(app, &caller, "licence.read", licence.place()).is_ok()
            {
                rows.push(licence.summary(today));
            }
        }
        Ok(assess::json(
            StatusCode::OK,
            json!({ "licences": rows, "next": next }).to_string(),
        ))
    })
    .await?
}

fn find(app: &App, id: &str) -> Result<Option<Licence>, Problem> {
    let entries = board::whole(&app.ledger, &Licence::stream(id))
        .map_err(|error| Problem::of_ledger(&error))?;
    Licence::of(&entries)
        .map_err(|error| Problem::new(StatusCode::GONE, "erased", error.to_string()))
}

/// The licence, for somebody who may read it.
fn seen(app: &App, caller: &Caller, id: &str) -> Result<Licence, Problem> {
    let missing = || Problem::not_found(format!("there is no licence `{id}`"));
    let licence = find(app, id)?.ok_or_else(missing)?;
    guard::may(app, caller, "licence.read", licence.place()).map_err(|_| missing())?;
    Ok(licence)
}

fn answer(
    licence: &Licence,
    says: Option<&str>,
    status: StatusCode,
) -> Result<Response<Body>, Problem> {
    let today = load::today();
    let lines: Vec<Value> = licence
        .terms
        .lines
        .iter()
        .map(|line| {
            let balance = licence.balance(line.number);
            let of = |counts| catchall_ledger::licence::shown(line, counts);
            json!({
                "number": line.number, "item": line.item, "codes": line.codes, "quantity": line.quantity, "value": line.value,
                "available": balance.as_ref().map(|balance| of(balance.available)),
            })
        })
        .collect();
    let shipments: Vec<Value> = licence
        .shipments
        .iter()
        .map(|((declaration, line), shipment)| json!({ "declaration": declaration, "line": line, "shipment": shipment }))
        .collect();
    let document = json!({
        "summary": licence.summary(today), "terms": licence.terms, "lines": lines, "issued": licence.issued,
        "turns": licence.turns, "reservations": licence.reservations, "shipments": shipments,
        "discrepancies": licence.discrepancies(), "movements": licence.movements, "irregular": licence.irregular,
        "seen": licence.seen, "says": says,
    });
    let mut response = assess::json(status, document.to_string());
    tag(&mut response, licence.seen)?;
    Ok(response)
}

/// One licence with its balances.
///
/// # Errors
/// 404.
pub async fn one(
    State(app): State<Arc<App>>,
    Part(id): Part,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    take::blocking(&app, move |app| {
        let licence = seen(app, &caller, &id)?;
        answer(&licence, None, StatusCode::OK)
    })
    .await?
}

/// What a licence is issued with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Issuing {
    id: String,
    terms: Terms,
}

/// Issues a licence on a decided case, or registers one from a paper.
///
/// # Errors
/// 403, 409 and 422 with the engine's reason.
pub async fn issue(
    State(app): State<Arc<App>>,
    caller: Caller,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let asked: Issuing = read(request, take::BODY).await?;
    take::blocking(&app, move |app| {
        let case = match &asked.terms.case {
            None => None,
            Some(id) => {
                let entries = board::whole(&app.ledger, &Case::stream(id))
                    .map_err(|error| Problem::of_ledger(&error))?;
                Case::of(&entries)
                    .map_err(|error| Problem::new(StatusCode::GONE, "erased", error.to_string()))?
            }
        };
        let done = office(app, &caller)
            .issue(&asked.id, asked.terms, case.as_ref())
            .map_err(|why| refused(&why))?;
        append(app, &asked.id, 0, &done)?;
        let licence = find(app, &asked.id)?.ok_or_else(Problem::internal)?;
        let response = answer(&licence, Some(&done.says), StatusCode::CREATED)?;
        assess::located(response, &format!("/v1/licences/{}", asked.id))
    })
    .await?
}

fn office<'a>(app: &'a App, caller: &'a Caller) -> Office<'a> {
    Office {
        policy: &app.policy,
        calendar: &app.calendar,
        actor: &caller.actor,
        at: load::now(),
    }
}

fn append(app: &App, id: &str, seen: u64, done: &Done) -> Result<(), Problem> {
    if done.drafts.is_empty() {
        return Ok(());
    }
    match app
        .ledger
        .append_after(&Licence::stream(id), seen, done.drafts.clone())
    {
        Ok(_) => Ok(()),
        Err(error @ LedgerError::Moved { .. }) if seen > 0 => Err(Problem::new(
            StatusCode::PRECONDITION_FAILED,
            "moved",
            error.to_string(),
        )),
        Err(error) => Err(Problem::of_ledger(&error)),
    }
}

fn refused(why: &LicenceRefused) -> Problem {
    use catchall_ledger::case::command::Refused;
    let says = why.to_string();
    match why {
        LicenceRefused::Refused(Refused::NotAllowed(_) | Refused::TwoPersons { .. }) => {
            Problem::new(StatusCode::FORBIDDEN, "not-allowed", says)
        }
        LicenceRefused::NoGround | LicenceRefused::Terms { .. } | LicenceRefused::NoSuch { .. } => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "rejected", says)
        }
        _ => Problem::new(StatusCode::CONFLICT, "refused", says),
    }
}

/// What somebody wants to do with a licence; the words of the engine's movements.
#[derive(Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
enum Wanted {
    Reserve {
        reservation: String,
        line: u32,
        #[serde(default)]
        amounts: Stated,
        purpose: Purpose,
    },
    Release {
        reservation: String,
        #[serde(default)]
        amounts: Stated,
        why: String,
    },
    Ship {
        declaration: String,
        line: u32,
        #[serde(default)]
        amounts: Stated,
        reservation: Option<String>,
        purpose: Purpose,
    },
    Correct {
        declaration: String,
        line: u32,
        amounts: Stated,
        why: String,
    },
    Reconcile {
        #[serde(rename = "return")]
        taken: Return,
    },
    Answer {
        discrepancy: String,
        how: String,
    },
    Amend {
        change: Box<Amendment>,
        why: String,
    },
    Suspend {
        #[serde(default)]
        from: Option<String>,
        why: String,
    },
    Resume {
        #[serde(default)]
        from: Option<String>,
        why: String,
    },
    Revoke {
        #[serde(default)]
        from: Option<String>,
        why: String,
    },
    Surrender {
        #[serde(default)]
        from: Option<String>,
        why: String,
    },
    Expire {
        #[serde(default)]
        from: Option<String>,
        why: String,
    },
}

impl Wanted {
    fn movement(self) -> Result<Movement, Problem> {
        let turn = |to: Standing, from: Option<String>, why: String| {
            let from = from
                .map(|text| {
                    Day::parse(&text)
                        .map_err(|error| Problem::bad_request(format!("from: {error}")))
                })
                .transpose()?;
            Ok(Movement::Turn { to, from, why })
        };
        Ok(match self {
            Wanted::Reserve {
                reservation,
                line,
                amounts,
                purpose,
            } => Movement::Reserve {
                reservation,
                line,
                amounts,
                purpose,
            },
            Wanted::Release {
                reservation,
                amounts,
                why,
            } => Movement::Release {
                reservation,
                amounts,
                why,
            },
            Wanted::Ship {
                declaration,
                line,
                amounts,
                reservation,
                purpose,
            } => Movement::Ship {
                declaration,
                line,
                amounts,
                reservation,
                purpose,
            },
            Wanted::Correct {
                declaration,
                line,
                amounts,
                why,
            } => Movement::Correct {
                declaration,
                line,
                amounts,
                why,
            },
            Wanted::Reconcile { taken } => Movement::Reconcile(taken),
            Wanted::Answer { discrepancy, how } => Movement::Answer { discrepancy, how },
            Wanted::Amend { change, why } => Movement::Amend {
                change: *change,
                why,
            },
            Wanted::Suspend { from, why } => return turn(Standing::Suspended, from, why),
            Wanted::Resume { from, why } => return turn(Standing::InForce, from, why),
            Wanted::Revoke { from, why } => return turn(Standing::Revoked, from, why),
            Wanted::Surrender { from, why } => return turn(Standing::Surrendered, from, why),
            Wanted::Expire { from, why } => return turn(Standing::Expired, from, why),
        })
    }
}

/// Does something with a licence. Repeats are told as such and change nothing.
///
/// # Errors
/// 428 without `If-Match`, 412 when somebody was faster, 403 and 409 with the engine's reason.
pub async fn act(
    State(app): State<Arc<App>>,
    Part(id): Part,
    caller: Caller,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let known = if_match(request.headers())?;
    let wanted: Wanted = read(request, take::BODY).await?;
    let movement = wanted.movement()?;
    take::blocking(&app, move |app| {
        let licence = seen(app, &caller, &id)?;
        guard::within_scope(&caller, act_of(&movement))?;
        let done = match office(app, &caller).licence(&licence, movement) {
            Ok(done) => done,
            Err(stopped) => {
                let trace = Done {
                    drafts: stopped.record.clone(),
                    says: String::new(),
                };
                append(app, &id, licence.seen, &trace)?;
                return Err(refused(&stopped.why));
            }
        };
        if !done.drafts.is_empty() && licence.seen != known {
            return Err(Problem::new(
                StatusCode::PRECONDITION_FAILED,
                "moved",
                format!("licence {id} has gone on since entry {known}; read it again, then send yours again"),
            ));
        }
        append(app, &id, licence.seen, &done)?;
        let licence = find(app, &id)?.ok_or_else(Problem::internal)?;
        answer(&licence, Some(&done.says), StatusCode::OK)
    })
    .await?
}
