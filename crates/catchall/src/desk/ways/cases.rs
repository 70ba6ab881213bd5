//! The cases: one case, whatever is done to it, its bundle.

use std::collections::HashSet;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::Response;
use catchall_assess::Detail;
use catchall_ledger::case::answer::Question;
use catchall_ledger::case::command::Command;
use catchall_ledger::case::event::Said;
use catchall_ledger::case::{Case, letter};
use catchall_ledger::policy::Place;
use catchall_ledger::{Actor, Ask, LedgerError};
use catchall_model::Day;
use serde_json::Value;

use super::{each, of, pairs};
use crate::app::App;
use crate::board::{Line, Lines};
use crate::bundle::{Form, sealed as sealed_bundle};
use crate::casework::{self, Trouble, Work, typed};
use crate::desk::visit::{Refusal, Visit};
use crate::desk::{bundle, case};
use crate::explain::words::Mood;
use crate::http::cases::sealed_response;
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

/// A case that this person may read, as the page's record has it; whoever may not must not learn that it is there. Who may read it
/// is asked of the case as it is now: a past that was open to more people is not.
pub(super) async fn read(visit: &Visit, id: &str) -> Result<Case, Refusal> {
    let (actor, wanted) = (visit.caller.actor.clone(), id.to_owned());
    let past = visit.past();
    let found = take::blocking(&visit.app, move |app| {
        let work = work(app, &actor);
        let now = work.case(&wanted)?;
        let then = past.map(|day| work.case_by(&wanted, Some(day)));
        Ok((now, then))
    })
    .await?;
    let nothing = || visit.nothing("There is no case of this number that you may read.");
    let (now, then) = match found {
        Ok(found) => found,
        Err(Trouble::NoCase(_)) => return Err(nothing()),
        Err(trouble) => return Err(visit.troubled(&trouble)),
    };
    visit.may("case.read", now.place()).map_err(|_| nothing())?;
    match then {
        None => Ok(now),
        Some(Ok(case)) => Ok(case),
        Some(Err(Trouble::NoCase(_))) => {
            Err(visit.nothing("This case was not open yet on the day in “Known by”."))
        }
        Some(Err(trouble)) => Err(visit.troubled(&trouble)),
    }
}

/// Whether this person may read a line's case.
pub(super) fn may_see(visit: &Visit, line: &Line) -> bool {
    let place = Place {
        team: line.summary.team.as_deref(),
        only: &line.only,
    };
    visit.may("case.read", place).is_ok()
}

/// The board's lines.
pub(super) async fn lines(visit: &Visit) -> Result<Arc<Lines>, Refusal> {
    let (today, past) = (visit.dates.today, visit.past());
    let found = take::blocking(&visit.app, move |app| {
        let now = app.board.lines(&app.ledger, &app.calendar, today)?;
        let then = past.map(|day| app.board.stood(&app.ledger, &app.calendar, day));
        Ok((now, then.transpose()?))
    })
    .await?;
    let (now, then) = found.map_err(|error: LedgerError| visit.troubled(&error.into()))?;
    let Some(then) = then else {
        return Ok(now);
    };
    // A case that was closed to some teams later is closed to them in the past, too.
    let seen: HashSet<&str> = now
        .all
        .iter()
        .filter(|line| may_see(visit, line))
        .map(|line| line.summary.id.as_str())
        .collect();
    let kept = then
        .all
        .iter()
        .filter(|line| seen.contains(line.summary.id.as_str()));
    Ok(Arc::new(Lines {
        all: Arc::new(kept.cloned().collect()),
        seen: then.seen,
    }))
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
    let clock = case.clock(visit.record_day(), &visit.app.calendar);
    let may = |act: &str| visit.may_now(act, case.place());
    let other = match (visit.dates.as_of, &determined) {
        (Some(day), Some(found)) => Some(under(&visit, day, found.transfer.clone()).await?),
        _ => None,
    };
    let here = format!("/cases/{id}");
    let mut frame = visit.frame(format!("{}: {}", case.id, case.title), "/cases");
    frame.here = &here;
    let page = case::Page {
        case: &case,
        document: determined.as_ref().map(|found| &found.document),
        transfer: determined.as_ref().map(|found| &found.transfer),
        clock: &clock,
        may: &may,
        viewer: &visit.viewer,
        licences: &licences,
        other: other.as_ref(),
    };
    Ok(visit.show(case::page(&page, &frame)))
}

/// The same transfer under the law of another day, kept nowhere.
async fn under(visit: &Visit, day: Day, transfer: Value) -> Result<case::Other, Refusal> {
    let known_by = visit.dates.known_by;
    let answer = take::work(&visit.app, move |current, room| {
        let transfer = super::check::decoded(current, &transfer)
            .ok_or("The transfer of the record cannot be read by this release.")?;
        let asked = (Some(day), known_by);
        let made = super::check::again(current, &transfer, asked, Detail::Brief, room)?;
        Ok((made.outcome, made.summary))
    })
    .await?;
    Ok(case::Other { day, answer })
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
        let mut assess = |transfer: &mut Value| {
            app.assess_case(current, &actor, transfer, room)
                .map_err(|unfit| unfit.to_string())
        };
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
        "take" => Command::Take {},
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
        "countersign" => Command::Countersign {},
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

/// A case that this person may print. What is printed is the whole of it: nothing is sealed of a view of the past.
async fn printed(visit: &Visit, id: &str) -> Result<Case, Refusal> {
    let case = read(visit, id).await?;
    visit.may_now("case.bundle", case.place()).map_err(|why| {
        visit.refuse(
            StatusCode::FORBIDDEN,
            "Not yours to print",
            format!("{why}."),
        )
    })?;
    Ok(case)
}

/// The case as one page that can be kept and printed.
pub(super) async fn bundle(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let case = printed(&visit, &id).await?;
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

/// The same sealed, as a file: `html` or `pdf`.
pub(super) async fn sealed(
    visit: Visit,
    Path((id, form)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let form = match form.as_str() {
        "html" => Form::Html,
        "pdf" => Form::Pdf,
        _ => return Err(visit.nothing("A bundle is sealed as `html` or `pdf`.")),
    };
    let case = printed(&visit, &id).await?;
    let actor = visit.caller.actor.clone();
    let made = take::blocking(&visit.app, move |app| {
        let made = sealed_bundle(&work(app, &actor), &case, load::today(), form);
        made.map(|bytes| (case.id, bytes))
    })
    .await?;
    let (id, bytes) = made.map_err(|trouble| visit.troubled(&trouble))?;
    Ok(sealed_response(&id, form, bytes))
}
