//! The licences' pages.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use catchall_ledger::case::command::Office;
use catchall_ledger::licence::command::Movement;
use catchall_ledger::licence::event::{Line, Named, Purpose, Return, Row, Stated, Terms};
use catchall_ledger::licence::measure::Measure;
use catchall_ledger::licence::{Licence, Standing};
use catchall_ledger::{Actor, Ask, LedgerError};
use catchall_model::Day;
use serde_json::Value;

use super::{cases, of, pairs};
use crate::app::App;
use crate::board;
use crate::casework;
use crate::desk::licence;
use crate::desk::visit::{Refusal, Visit};
use crate::explain::words::Mood;
use crate::http::take;
use crate::load;

fn office<'a>(app: &'a App, actor: &'a Actor) -> Office<'a> {
    Office {
        policy: &app.policy,
        calendar: &app.calendar,
        actor,
        at: load::now(),
    }
}

fn folded(app: &App, id: &str, by: Option<Day>) -> Option<Licence> {
    let entries = board::whole_by(&app.ledger, &Licence::stream(id), by).ok()?;
    Licence::of(&entries).ok().flatten()
}

/// All licences.
pub(super) async fn all(visit: Visit) -> Result<Response, Refusal> {
    let past = visit.past();
    let found = take::blocking(&visit.app, move |app| {
        let mut ids: Vec<String> = Vec::new();
        let mut after = 0;
        loop {
            let page = app.ledger.entries(
                &Ask::all()
                    .kind("licence.issued")
                    .after(after)
                    .limit(Ask::MOST),
            )?;
            ids.extend(
                page.iter()
                    .filter_map(|entry| entry.stream.strip_prefix("licence/").map(str::to_owned)),
            );
            match page.last() {
                Some(last) if page.len() == Ask::MOST => after = last.number,
                _ => break,
            }
        }
        Ok::<Vec<Licence>, LedgerError>(
            ids.iter()
                .rev()
                .filter_map(|id| folded(app, id, past))
                .take(200)
                .collect(),
        )
    })
    .await?;
    let found = found.map_err(|error| visit.troubled(&error.into()))?;
    let today = visit.record_day();
    let summaries: Vec<_> = found
        .iter()
        .filter(|each| visit.may("licence.read", each.place()).is_ok())
        .map(|each| each.summary(today))
        .collect();
    let frame = visit.frame("Licences", "/licences");
    Ok(visit.show(licence::list(
        &summaries,
        past.is_none() && visit.may_here("licence.issue"),
        &frame,
    )))
}

async fn read(visit: &Visit, id: &str) -> Result<Licence, Refusal> {
    let (wanted, past) = (id.to_owned(), visit.past());
    let (now, then) = take::blocking(&visit.app, move |app| {
        let then = past.map(|day| folded(app, &wanted, Some(day)));
        (folded(app, &wanted, None), then)
    })
    .await?;
    let nothing = || visit.nothing("There is no licence of this number that you may read.");
    let now = now.ok_or_else(nothing)?;
    visit
        .may("licence.read", now.place())
        .map_err(|_| nothing())?;
    match then {
        None => Ok(now),
        Some(then) => then.ok_or_else(|| {
            visit.nothing("This licence was not issued yet on the day in “Known by”.")
        }),
    }
}

/// One licence.
pub(super) async fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let found = read(&visit, &id).await?;
    let may = |act: &str| visit.may_now(act, found.place());
    let here = format!("/licences/{id}");
    let mut frame = visit.frame(format!("Licence {id}"), "/licences");
    frame.here = &here;
    let page = licence::Page {
        licence: &found,
        may: &may,
        viewer: &visit.viewer,
        today: visit.record_day(),
    };
    Ok(visit.show(licence::page(&page, &frame)))
}

/// The form for a new one.
pub(super) async fn new(visit: Visit, uri: Uri) -> Result<Response, Refusal> {
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    form(&visit, of(&query, "case"), None).await
}

async fn form(visit: &Visit, case: &str, wrong: Option<&str>) -> Result<Response, Refusal> {
    let mut frame = visit.frame("New licence", "/licences");
    frame.dates = None;
    if case.is_empty() {
        return Ok(visit.show(licence::new(
            None,
            &Value::Null,
            &visit.viewer,
            wrong,
            &frame,
        )));
    }
    let case = cases::read(visit, case).await?;
    let entry = case.answer().map_or(0, |answer| answer.entry);
    let determined = take::blocking(&visit.app, move |app| {
        casework::determined(&app.ledger, entry)
    })
    .await?;
    let transfer = determined
        .ok()
        .flatten()
        .map(|found| found.transfer)
        .unwrap_or_default();
    Ok(visit.show(licence::new(
        Some(&case),
        &transfer,
        &visit.viewer,
        wrong,
        &frame,
    )))
}

/// Issues one.
pub(super) async fn issue(visit: Visit, body: Bytes) -> Result<Response, Refusal> {
    let fields = pairs(&body);
    let on = of(&fields, "case").to_owned();
    let case = if on.is_empty() {
        None
    } else {
        Some(cases::read(&visit, &on).await?)
    };
    let made = match terms(&fields) {
        Err(wrong) => Err(wrong),
        Ok(terms) => {
            let (actor, wanted) = (visit.caller.actor.clone(), of(&fields, "id").to_owned());
            take::blocking(&visit.app, move |app| {
                let mut id = if wanted.is_empty() {
                    next_id(app)
                } else {
                    wanted.clone()
                };
                for _ in 0..50 {
                    let done = office(app, &actor)
                        .issue(&id, terms.clone(), case.as_ref())
                        .map_err(|why| why.to_string())?;
                    match app
                        .ledger
                        .append_after(&Licence::stream(&id), 0, done.drafts)
                    {
                        Ok(_) => return Ok(id),
                        Err(LedgerError::Moved { .. }) if wanted.is_empty() => id = bumped(&id),
                        Err(LedgerError::Moved { .. }) => {
                            return Err(format!(
                                "licence `{id}` is there already; choose another number"
                            ));
                        }
                        Err(error) => return Err(error.to_string()),
                    }
                }
                Err("no free number was found; give one".to_owned())
            })
            .await?
        }
    };
    match made {
        Ok(id) => Ok(visit.onward(
            &format!("/licences/{id}"),
            Mood::Go,
            &format!("Licence {id} is on record."),
        )),
        Err(wrong) => {
            let page = form(&visit, &on, Some(&wrong)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

/// The next number of this year.
fn next_id(app: &App) -> String {
    let today = load::today().to_string();
    let year = today.get(..4).unwrap_or("0000").to_owned();
    let newest = app
        .ledger
        .entries(&Ask::all().kind("licence.issued").newest_first().limit(20))
        .unwrap_or_default();
    let own = format!("licence/L-{year}-");
    let most = newest
        .iter()
        .filter_map(|entry| entry.stream.strip_prefix(&own)?.parse::<u64>().ok())
        .max();
    format!("L-{year}-{:04}", most.unwrap_or(0) + 1)
}

fn bumped(id: &str) -> String {
    match id.rsplit_once('-') {
        Some((start, number)) => format!("{start}-{:04}", number.parse::<u64>().unwrap_or(0) + 1),
        None => format!("{id}-1"),
    }
}

/// The terms as the form states them.
fn terms(fields: &[(String, String)]) -> Result<Terms, String> {
    let text = |name: &str| of(fields, name).to_owned();
    let named = |name: &str| {
        let text = text(name);
        (!text.is_empty())
            .then(|| Named {
                name: text,
                ..Named::default()
            })
            .into_iter()
            .collect()
    };
    let stated = stated(fields)?;
    let some = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    Ok(Terms {
        authority: text("authority"),
        holder: text("holder"),
        team: None,
        from: day(fields, "from")?,
        until: day(fields, "until")?,
        lines: vec![Line {
            number: 1,
            item: text("item"),
            codes: of(fields, "codes")
                .split(';')
                .map(str::trim)
                .filter(|code| !code.is_empty())
                .map(str::to_owned)
                .collect(),
            quantity: stated.quantity,
            value: stated.value,
        }],
        end_users: named("end_user"),
        consignees: named("consignee"),
        destinations: some("to").into_iter().collect(),
        conditions: of(fields, "conditions")
            .lines()
            .map(str::trim)
            .filter(|each| !each.is_empty())
            .map(str::to_owned)
            .collect(),
        case: some("case"),
        paper: some("paper"),
    })
}

fn day(fields: &[(String, String)], name: &str) -> Result<Option<Day>, String> {
    let text = of(fields, name);
    if text.is_empty() {
        return Ok(None);
    }
    Day::parse(text)
        .map(Some)
        .map_err(|error| error.to_string())
}

fn stated(fields: &[(String, String)]) -> Result<Stated, String> {
    let of = |name: &str| Some(of(fields, name)).filter(|text| !text.is_empty());
    Ok(Stated {
        quantity: of("quantity")
            .map(Measure::goods)
            .transpose()
            .map_err(|error| error.to_string())?,
        value: of("value")
            .map(Measure::money)
            .transpose()
            .map_err(|error| error.to_string())?,
    })
}

/// Whatever a form of the licence page asks for.
pub(super) async fn act(
    visit: Visit,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let found = read(&visit, &id).await?;
    let fields = pairs(&body);
    let here = format!("/licences/{id}");
    let refused = |why: String| {
        visit.onward(
            &here,
            Mood::Stop,
            &format!("Not done: {why}. The balance is as it was."),
        )
    };
    if of(&fields, "seen").parse().ok() != Some(found.seen) {
        return Ok(refused(
            "somebody else moved something since you looked; look again".to_owned(),
        ));
    }
    let movement = match movement(&fields, visit.dates.today) {
        Ok(movement) => movement,
        Err(why) => return Ok(refused(why)),
    };
    let actor = visit.caller.actor.clone();
    let done = take::blocking(&visit.app, move |app| {
        match office(app, &actor).licence(&found, movement) {
            Ok(done) => {
                match app
                    .ledger
                    .append_after(&Licence::stream(&found.id), found.seen, done.drafts)
                {
                    Ok(_) => Ok(done.says),
                    Err(LedgerError::Moved { .. }) => {
                        Err("somebody else was faster; look again".to_owned())
                    }
                    Err(error) => Err(error.to_string()),
                }
            }
            Err(stopped) => {
                // A refusal is on record too; that it could not be recorded does not make it less refused.
                let kept = app.ledger.append_after(
                    &Licence::stream(&found.id),
                    found.seen,
                    stopped.record,
                );
                let aside = if kept.is_err() {
                    " (and the refusal could not be recorded)"
                } else {
                    ""
                };
                Err(format!("{}{aside}", stopped.why))
            }
        }
    })
    .await?;
    Ok(match done {
        Ok(says) => visit.onward(&here, Mood::Go, &format!("Recorded: {says}.")),
        Err(why) => refused(why),
    })
}

fn movement(fields: &[(String, String)], today: Day) -> Result<Movement, String> {
    let text = |name: &str| of(fields, name).to_owned();
    let some = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    let line = || of(fields, "line").parse().unwrap_or(1);
    let purpose = || -> Result<Purpose, String> {
        Ok(Purpose {
            transfer: some("transfer"),
            end_user: some("end_user"),
            consignee: some("consignee"),
            to: some("to"),
            on: day(fields, "on")?.unwrap_or(today),
        })
    };
    let turn = |to: Standing| -> Result<Movement, String> {
        Ok(Movement::Turn {
            to,
            from: day(fields, "from")?,
            why: text("why"),
        })
    };
    match of(fields, "do") {
        "reserve" => Ok(Movement::Reserve {
            reservation: text("reservation"),
            line: line(),
            amounts: stated(fields)?,
            purpose: purpose()?,
        }),
        "release" => Ok(Movement::Release {
            reservation: text("reservation"),
            amounts: stated(fields)?,
            why: text("why"),
        }),
        "ship" => Ok(Movement::Ship {
            declaration: text("declaration"),
            line: line(),
            amounts: stated(fields)?,
            reservation: some("reservation"),
            purpose: purpose()?,
        }),
        "correct" => Ok(Movement::Correct {
            declaration: text("declaration"),
            line: line(),
            amounts: stated(fields)?,
            why: text("why"),
        }),
        "reconcile" => {
            let sent = day(fields, "sent")?.ok_or("say on which day customs made the return")?;
            Ok(Movement::Reconcile(Return {
                batch: text("batch"),
                sent,
                rows: rows(of(fields, "rows"))?,
            }))
        }
        "settle" => Ok(Movement::Answer {
            discrepancy: text("discrepancy"),
            how: text("how"),
        }),
        "suspend" => turn(Standing::Suspended),
        "resume" => turn(Standing::InForce),
        "revoke" => turn(Standing::Revoked),
        "surrender" => turn(Standing::Surrendered),
        other => Err(format!(
            "`{other}` is nothing that can be done to a licence"
        )),
    }
}

/// The rows of a customs return: declaration, line, quantity, value.
fn rows(text: &str) -> Result<Vec<Row>, String> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for (place, record) in reader.records().enumerate() {
        let record = record.map_err(|error| format!("row {}: {error}", place + 1))?;
        let cell = |place: usize| {
            record
                .get(place)
                .filter(|cell| !cell.is_empty())
                .map(str::to_owned)
        };
        let line = cell(1).and_then(|text| text.parse().ok()).ok_or_else(|| {
            format!(
                "row {}: no number of a line; write `declaration, line, how much`",
                place + 1
            )
        })?;
        let declaration = cell(0).ok_or_else(|| format!("row {}: no declaration", place + 1))?;
        rows.push(Row {
            declaration,
            line,
            quantity: cell(2),
            value: cell(3),
            on: None,
        });
    }
    if rows.is_empty() {
        return Err(
            "the return has no rows; write one a line: `declaration, line, how much`".to_owned(),
        );
    }
    Ok(rows)
}
