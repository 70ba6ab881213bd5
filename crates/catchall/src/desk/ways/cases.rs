//! The desk's queues and the cases.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};
use catchall_ledger::case::answer::Question;
use catchall_ledger::case::command::Command;
use catchall_ledger::case::event::Said;
use catchall_ledger::case::{Case, letter};
use catchall_ledger::policy::Place;
use catchall_ledger::{Actor, Ask};
use catchall_model::Day;
use serde_json::Value;

use super::{each, of, pairs};
use crate::app::{App, Current};
use crate::batch::{Raw, RawRecord};
use crate::board::Line;
use crate::casework::{self, Trouble, Work, typed};
use crate::desk::queue::{self, Filter};
use crate::desk::visit::{Refusal, Visit};
use crate::desk::{bundle, case};
use crate::explain::words::Mood;
use crate::http::take;
use crate::load;

/// Casework in somebody's name, now.
pub(super) fn work<'a>(app: &'a App, actor: &'a Actor) -> Work<'a> {
    Work {
        ledger: &app.ledger,
        policy: &app.policy,
        calendar: &app.calendar,
        actor,
        at: load::now(),
    }
}

/// A case that this person may read; whoever may not must not learn that it is there.
pub(super) async fn read(visit: &Visit, id: &str) -> Result<Case, Refusal> {
    let (actor, wanted) = (visit.caller.actor.clone(), id.to_owned());
    let found = take::blocking(&visit.app, move |app| work(app, &actor).case(&wanted)).await?;
    let nothing = || visit.nothing("There is no case of this number that you may read.");
    let case = match found {
        Ok(case) => case,
        Err(Trouble::NoCase(_)) => return Err(nothing()),
        Err(trouble) => return Err(visit.troubled(&trouble)),
    };
    visit
        .may("case.read", case.place())
        .map_err(|_| nothing())?;
    Ok(case)
}

/// Whether this person may read a line's case.
fn may_see(visit: &Visit, line: &Line) -> bool {
    let place = Place {
        team: line.summary.team.as_deref(),
        only: &line.only,
    };
    visit.may("case.read", place).is_ok()
}

async fn lines(visit: &Visit) -> Result<Arc<crate::board::Lines>, Refusal> {
    let today = visit.dates.today;
    let found = take::blocking(&visit.app, move |app| {
        app.board.lines(&app.ledger, &app.calendar, today)
    })
    .await?;
    found.map_err(|error| visit.troubled(&error.into()))
}

/// Every line that this person may see.
pub(super) async fn visible(visit: &Visit) -> Result<Vec<Arc<Line>>, Refusal> {
    let lines = lines(visit).await?;
    Ok(lines
        .all
        .iter()
        .filter(|line| may_see(visit, line))
        .cloned()
        .collect())
}

fn filter(uri: &Uri, queue: &str) -> Filter {
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let asked = of(&query, "queue");
    Filter {
        queue: if asked.is_empty() { queue } else { asked }.to_owned(),
        outcome: of(&query, "outcome").to_owned(),
        words: of(&query, "q").to_owned(),
        page: of(&query, "page").parse().unwrap_or(1).max(1),
    }
}

/// Whether a line may be seen, remembered by the team it belongs to: a hundred thousand lines have a handful of teams.
fn seer(visit: &Visit) -> impl Fn(&Line) -> bool {
    let known = std::cell::RefCell::new(Vec::<(Option<String>, bool)>::new());
    move |line: &Line| {
        if !line.only.is_empty() {
            return may_see(visit, line);
        }
        let found = known
            .borrow()
            .iter()
            .find(|(team, _)| *team == line.summary.team)
            .map(|(_, seen)| *seen);
        found.unwrap_or_else(|| {
            let seen = may_see(visit, line);
            known.borrow_mut().push((line.summary.team.clone(), seen));
            seen
        })
    }
}

async fn board(visit: Visit, filter: Filter, screen: &'static str) -> Result<Response, Refusal> {
    let lines = lines(&visit).await?;
    let walk = queue::walk(
        &lines.all,
        seer(&visit),
        &filter,
        &visit.viewer.name,
        visit.dates.today,
    );
    let stale = visit.current.assessor.lists().1.to_vec();
    let mut frame = visit.frame(if screen == "/desk" { "Desk" } else { "Cases" }, screen);
    frame.keys = &[
        ("j", "next row"),
        ("k", "row before"),
        ("Enter", "open"),
        ("n", "next case"),
    ];
    let page = queue::Page {
        walk: &walk,
        filter: &filter,
        viewer: &visit.viewer,
        stale: &stale,
        acts: [
            visit.may_here("case.take"),
            visit.may_here("case.assign"),
            visit.may_here("case.ask"),
        ],
        today: visit.dates.today,
    };
    let made = if screen == "/desk" {
        queue::page(&page, &frame)
    } else {
        queue::list(&page, &frame)
    };
    Ok(visit.show(made))
}

/// The desk: what is mine first; all that is open when nothing is.
pub(super) async fn desk(visit: Visit, uri: Uri) -> Result<Response, Refusal> {
    let me = visit.viewer.name.clone();
    let lines = lines(&visit).await?;
    let mine = lines
        .all
        .iter()
        .any(|line| line.summary.owner.as_deref() == Some(&*me) && line.summary.status.is_open());
    board(
        visit,
        filter(&uri, if mine { "mine" } else { "open" }),
        "/desk",
    )
    .await
}

/// All cases.
pub(super) async fn all(visit: Visit, uri: Uri) -> Result<Response, Refusal> {
    board(visit, filter(&uri, "open"), "/cases").await
}

/// The most urgent case of mine; else the most urgent that nobody has.
pub(super) async fn next(visit: Visit) -> Result<Response, Refusal> {
    let lines = lines(&visit).await?;
    let me = Some(visit.viewer.name.as_str());
    let open = || {
        lines
            .all
            .iter()
            .filter(|line| line.summary.status.is_open() && !line.summary.paused)
    };
    let mine = open().find(|line| line.summary.owner.as_deref() == me);
    let found =
        mine.or_else(|| open().find(|line| line.summary.owner.is_none() && may_see(&visit, line)));
    Ok(match found {
        Some(line) => Redirect::to(&format!("/cases/{}", line.summary.id)).into_response(),
        None => visit.onward("/desk", Mood::Go, "Nothing waits for you."),
    })
}

/// A case by its number, a provision, an entry, a party: wherever the words lead.
pub(super) async fn find(visit: Visit, uri: Uri) -> Response {
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let words = of(&query, "q").to_owned();
    let law = visit.current.assessor.law();
    let lower = words.to_lowercase();
    let escaped = crate::desk::case_query(&words);
    let upper = words.to_uppercase();
    let to = if words.is_empty() {
        "/desk".to_owned()
    } else if upper.starts_with("C-") && upper.matches('-').count() == 2 {
        format!("/cases/{}", crate::desk::case_query(&upper))
    } else if upper.starts_with("L-") && upper.matches('-').count() == 2 {
        format!("/licences/{}", crate::desk::case_query(&upper))
    } else if let Some(found) = law.provisions.iter().find(|each| each.id == lower) {
        format!("/law/provisions/{}", found.id)
    } else if let Some((list, entry)) = law.lists.iter().find_map(|list| {
        let entry = list
            .entries
            .iter()
            .find(|entry| entry.code.eq_ignore_ascii_case(&words))?;
        Some((list, entry))
    }) {
        format!("/law/lists/{}/{}", list.id, entry.code)
    } else if law.provisions.iter().any(|each| {
        each.title.to_lowercase().contains(&lower) || each.cite.to_lowercase().contains(&lower)
    }) {
        format!("/law?q={escaped}")
    } else {
        format!("/parties?q={escaped}")
    };
    let cases = visible(&visit).await.unwrap_or_default();
    let hit = cases.iter().find(|line| {
        let own = &line.summary;
        !lower.is_empty()
            && (own.transfer.to_lowercase() == lower || own.title.to_lowercase().contains(&lower))
    });
    match hit {
        Some(_) if to.starts_with("/parties") => {
            Redirect::to(&format!("/desk?queue=open&q={escaped}")).into_response()
        }
        _ => Redirect::to(&to).into_response(),
    }
}

/// One case.
pub(super) async fn one(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let case = read(&visit, &id).await?;
    let (caller, read_one) = (visit.caller.clone(), case.clone());
    take::blocking(&visit.app, move |app| {
        crate::http::cases::note_sensitive(app, &caller, &read_one)
    })
    .await??;
    let entry = case.answer().map_or(0, |answer| answer.entry);
    let of_case = id.clone();
    let (determined, licences) = take::blocking(&visit.app, move |app| {
        (
            casework::determined(&app.ledger, entry),
            issued(app, &of_case),
        )
    })
    .await?;
    let determined = determined.ok().flatten();
    let clock = case.clock(visit.dates.today, &visit.app.calendar);
    let may = |act: &str| visit.may(act, case.place());
    let here = format!("/cases/{id}");
    let mut frame = visit.frame(format!("{}: {}", case.id, case.title), "/cases");
    frame.dates = None;
    frame.here = &here;
    let page = case::Page {
        case: &case,
        document: determined.as_ref().map(|found| &found.document),
        transfer: determined.as_ref().map(|found| &found.transfer),
        clock: &clock,
        may: &may,
        viewer: &visit.viewer,
        licences: &licences,
    };
    Ok(visit.show(case::page(&page, &frame)))
}

/// Licences issued in a case.
fn issued(app: &App, case: &str) -> Vec<String> {
    let all = app
        .ledger
        .entries(&Ask::all().kind("licence.issued").limit(Ask::MOST))
        .unwrap_or_default();
    all.iter()
        .filter(|entry| {
            entry
                .body
                .value()
                .is_some_and(|body| body.get("case").and_then(Value::as_str) == Some(case))
        })
        .filter_map(|entry| entry.stream.strip_prefix("licence/").map(str::to_owned))
        .collect()
}

/// Assesses a transfer in JSON by law and lists of now.
pub(crate) fn assessed(
    current: &Current,
    transfer: &Value,
    room: &mut catchall_assess::Room,
) -> Result<String, String> {
    let raw = Raw {
        row: 1,
        line: None,
        record: RawRecord::Json(transfer.to_string().into_bytes()),
    };
    let faults = |all: Vec<String>| all.join("; ");
    let read = current.decoder.decode(&raw).map_err(|rejects| {
        faults(
            rejects
                .iter()
                .map(|reject| {
                    format!(
                        "{}: {}",
                        reject.column.as_deref().unwrap_or("it"),
                        reject.problem
                    )
                })
                .collect(),
        )
    })?;
    let made = current.assessor.assess_to_json(&read, room);
    made.map(|(_, text)| text).map_err(|errors| {
        faults(
            errors
                .iter()
                .map(|error| format!("{}: {}; {}", error.path, error.problem, error.cure))
                .collect(),
        )
    })
}

/// One command, done.
pub(super) async fn done(
    visit: &Visit,
    id: &str,
    seen: Option<u64>,
    command: Command,
) -> Result<(), Refusal> {
    read(visit, id).await?;
    let (actor, id) = (visit.caller.actor.clone(), id.to_owned());
    let done = take::blocking(&visit.app, move |app| {
        work(app, &actor).act(&id, seen, command)
    })
    .await?;
    done.map_err(|trouble| visit.troubled(&trouble))
}

/// Whatever a form of the case page asks for.
pub(super) async fn act(
    visit: Visit,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let form = pairs(&body);
    let seen = of(&form, "seen").parse().ok();
    let here = format!("/cases/{id}");
    let asked = of(&form, "do").to_owned();
    let says = match asked.as_str() {
        "answer" | "reassess" => {
            again(&visit, &id, seen, &asked, &form).await?;
            "Recorded. The transfer was assessed again; the new answer stands beside the old."
        }
        _ => {
            let case = read(&visit, &id).await?;
            let command = command(&case, &asked, &form).ok_or_else(|| {
                visit.refuse(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "Not done",
                    format!("`{asked}` is nothing that can be done to a case"),
                )
            })?;
            done(&visit, &id, seen, command).await?;
            "Recorded."
        }
    };
    Ok(visit.onward(&here, Mood::Go, says))
}

/// An answer, or the law of today: assessed again.
async fn again(
    visit: &Visit,
    id: &str,
    seen: Option<u64>,
    asked: &str,
    form: &[(String, String)],
) -> Result<(), Refusal> {
    let case = read(visit, id).await?;
    let actor = visit.caller.actor.clone();
    let (values, evidence) = (each(form, "value"), each(form, "evidence"));
    let answers: Vec<Said> = each(form, "fact")
        .into_iter()
        .enumerate()
        .map(|(place, fact)| Said {
            fact: fact.to_owned(),
            line: None,
            value: typed(values.get(place).copied().unwrap_or_default()),
            words: String::new(),
            evidence: evidence.get(place).copied().unwrap_or_default().to_owned(),
        })
        .collect();
    let request = of(form, "number").parse().unwrap_or(0);
    let by = of(form, "by").to_owned();
    let answering = asked == "answer";
    let app = visit.app.clone();
    let done = take::work(&visit.app, move |current, room| {
        let work = work(&app, &actor);
        let mut assess = |transfer: &Value| assessed(current, transfer, room);
        if answering {
            work.answer(&case.id, seen, request, &by, answers, &mut assess)
        } else {
            work.reassess(&case.id, vec!["a person asked".to_owned()], &mut assess)
        }
    })
    .await?;
    done.map_err(|trouble| visit.troubled(&trouble))
}

/// The command of a form; none for a word that is no act.
fn command(case: &Case, asked: &str, form: &[(String, String)]) -> Option<Command> {
    let text = |name: &str| of(form, name).to_owned();
    let some = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    let number = || of(form, "number").parse().unwrap_or(0);
    Some(match asked {
        "take" => Command::Take,
        "assign" => Command::Assign {
            owner: some("owner"),
            team: some("team"),
            queue: some("queue"),
            why: text("why"),
        },
        "ask" => Command::Ask {
            to: some("to"),
            questions: chosen(case, &each(form, "fact")),
            pauses: true,
        },
        "close_request" => Command::CloseRequest {
            request: number(),
            why: text("why"),
        },
        "advise" => Command::Advise {
            view: text("view"),
            text: text("text"),
            why: text("why"),
        },
        "set_condition" => Command::SetCondition { text: text("text") },
        "change_condition" if !of(form, "drop").is_empty() => Command::DropCondition {
            condition: number(),
            why: text("why"),
        },
        "change_condition" => Command::ChangeCondition {
            condition: number(),
            text: text("text"),
            why: text("why"),
        },
        "acknowledge" => Command::Acknowledge { notice: number() },
        "note" => Command::Note { text: text("text") },
        "decide" => Command::Decide {
            view: text("view"),
            reason: text("reason"),
            despite: some("despite"),
        },
        "countersign" => Command::Countersign,
        "return" => Command::Return { why: text("why") },
        "letter" => letter_of(case, &text("to"))?,
        "appeal" => Command::Appeal {
            by: text("by"),
            grounds: text("grounds"),
            on: Day::parse(of(form, "on")).ok(),
        },
        "reopen" => Command::Reopen { why: text("why") },
        "withdraw" => Command::Withdraw { why: text("why") },
        "restrict" => Command::Restrict {
            teams: of(form, "teams")
                .split(';')
                .map(str::trim)
                .filter(|team| !team.is_empty())
                .map(str::to_owned)
                .collect(),
            why: text("why"),
        },
        _ => return None,
    })
}

fn chosen(case: &Case, facts: &[&str]) -> Vec<Question> {
    case.to_ask()
        .into_iter()
        .filter(|question| facts.contains(&question.fact.as_str()))
        .cloned()
        .collect()
}

/// The letter of the decision that stands.
fn letter_of(case: &Case, to: &str) -> Option<Command> {
    let made = letter::deciding(case, case.decision()?, to)?;
    Some(Command::SendLetter {
        to: made.to.clone(),
        subject: made.subject.clone(),
        text: made.text(),
    })
}

/// One act for all the chosen cases; each stands or fails by itself.
pub(super) async fn triage(visit: Visit, body: Bytes) -> Result<Response, Refusal> {
    let form = pairs(&body);
    let ids: Vec<String> = each(&form, "case").into_iter().map(str::to_owned).collect();
    let back = Some(of(&form, "back"))
        .filter(|back| back.starts_with("/desk"))
        .unwrap_or("/desk")
        .to_owned();
    if ids.is_empty() {
        return Ok(visit.onward(
            &back,
            Mood::Stop,
            "Nothing was chosen: tick the cases first.",
        ));
    }
    let asked = of(&form, "do").to_owned();
    let to = of(&form, "to").to_owned();
    if asked == "hand" && to.is_empty() {
        return Ok(visit.onward(&back, Mood::Stop, "Say to whom the cases are to be handed."));
    }
    let actor = visit.caller.actor.clone();
    let done = take::blocking(&visit.app, move |app| {
        let work = work(app, &actor);
        let results = ids.iter().map(|id| {
            let case = work.case(id)?;
            let command = match asked.as_str() {
                "take" => Command::Take,
                "hand" => Command::Assign {
                    owner: Some(to.clone()),
                    team: None,
                    queue: None,
                    why: "handed on from the desk".to_owned(),
                },
                _ => Command::Ask {
                    to: None,
                    questions: Vec::new(),
                    pauses: true,
                },
            };
            work.act(id, Some(case.seen), command)
        });
        let all: Vec<Result<(), Trouble>> = results.collect();
        let failed: Vec<String> = ids
            .iter()
            .zip(&all)
            .filter_map(|(id, result)| result.as_ref().err().map(|why| format!("{id}: {why}")))
            .collect();
        (all.len() - failed.len(), failed)
    })
    .await?;
    let (good, failed) = done;
    let mood = if failed.is_empty() {
        Mood::Go
    } else {
        Mood::Stop
    };
    let mut says = format!("Done for {}.", crate::desk::count(good, "case", "cases"));
    if !failed.is_empty() {
        says.push_str(&format!(" Not done: {}.", failed.join("; ")));
    }
    Ok(visit.onward(&back, mood, &says))
}

/// The case as one page that can be kept and printed.
pub(super) async fn bundle(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let case = read(&visit, &id).await?;
    visit.may("case.bundle", case.place()).map_err(|why| {
        visit.refuse(
            StatusCode::FORBIDDEN,
            "Not yours to print",
            format!("{why}."),
        )
    })?;
    let entry = case.answer().map_or(0, |answer| answer.entry);
    let determined = take::blocking(&visit.app, move |app| {
        casework::determined(&app.ledger, entry)
    })
    .await?;
    let determined = determined.ok().flatten();
    let mut frame = visit.frame(format!("{}: bundle", case.id), "/cases");
    frame.dates = None;
    let page = bundle::page(&case, determined.as_ref(), &frame);
    let mut response = visit.show(page);
    if let Ok(value) =
        axum::http::HeaderValue::from_str(&format!("inline; filename=\"{}.html\"", case.id))
    {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
