//! `/v1/cases`: the queue, one case, opening one from a transfer, and what is done to it. The engine checks every rule.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use catchall_ledger::Draft;
use catchall_ledger::case::command::{Command, act_of};
use catchall_ledger::case::{Case, Status};
use catchall_ledger::policy::Place;
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use super::repeat::RepeatKey;
use super::session::read;
use super::take::{self, Part, Words};
use super::{assess, guard};
use crate::access::Caller;
use crate::app::App;
use crate::bundle::{self, Form};
use crate::casework::{Trouble, Work};
use crate::{board, load};

/// What may stand behind the `?`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    status: Option<String>,
    queue: Option<String>,
    team: Option<String>,
    owner: Option<String>,
    transfer: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

/// Cases that the caller may see, by id.
///
/// # Errors
/// What the ledger says.
pub async fn list(
    State(app): State<Arc<App>>,
    Words(asked): Words<Asked>,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    let limit = take::limit(asked.limit.unwrap_or(take::LIMIT))?;
    take::blocking(&app, move |app| {
        let lines = app
            .board
            .lines(&app.ledger, &app.calendar, load::today())
            .map_err(|error| Problem::of_ledger(&error))?;
        let fits = |wanted: &Option<String>, own: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| own == Some(wanted))
        };
        let mut found: Vec<&board::Line> = lines
            .all
            .iter()
            .map(AsRef::as_ref)
            .filter(|line| {
                let own = &line.summary;
                fits(&asked.status, Some(own.status.word()))
                    && fits(&asked.queue, Some(&own.queue))
                    && fits(&asked.team, own.team.as_deref())
                    && fits(&asked.owner, own.owner.as_deref())
                    && fits(&asked.transfer, Some(&own.transfer))
                    && asked.after.as_ref().is_none_or(|after| own.id > *after)
                    && guard::may(app, &caller, "case.read", place(line)).is_ok()
            })
            .collect();
        found.sort_by(|a, b| a.summary.id.cmp(&b.summary.id));
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found
            .last()
            .filter(|_| more)
            .map(|line| line.summary.id.clone());
        let rows: Vec<_> = found.iter().map(|line| &line.summary).collect();
        Ok(assess::json(
            StatusCode::OK,
            json!({ "cases": rows, "next": next }).to_string(),
        ))
    })
    .await?
}

/// Where a line of the board belongs.
pub fn place(line: &board::Line) -> Place<'_> {
    Place {
        team: line.summary.team.as_deref(),
        only: &line.only,
    }
}

/// The words of where a case may stand, for whoever asks for another.
pub const STATUSES: [Status; 6] = [
    Status::Review,
    Status::Waiting,
    Status::Proposed,
    Status::Appeal,
    Status::Decided,
    Status::Withdrawn,
];

/// One case, whole.
///
/// # Errors
/// 404 for a case that is not there or that the caller may not see.
pub async fn one(
    State(app): State<Arc<App>>,
    Part(id): Part,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    take::blocking(&app, move |app| {
        let case = seen(app, &caller, &id)?;
        note_sensitive(app, &caller, &case)?;
        answer(&case, StatusCode::OK)
    })
    .await?
}

/// The case, for somebody who may read it: others must not learn that it is there.
fn seen(app: &App, caller: &Caller, id: &str) -> Result<Case, Problem> {
    let missing = || Problem::not_found(format!("there is no case `{id}`"));
    let case = work(app, caller)
        .case(id)
        .map_err(|trouble| match trouble {
            Trouble::NoCase(_) => missing(),
            other => of_trouble(&other),
        })?;
    guard::may(app, caller, "case.read", case.place()).map_err(|_| missing())?;
    Ok(case)
}

/// What a bundle may be asked as.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundling {
    #[serde(default)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    #[default]
    Html,
    Pdf,
}

/// One case, sealed, to be kept.
///
/// # Errors
/// As [`one`]; 403 for whoever may read and not print it; 409 for what can no longer be read.
pub async fn bundle(
    State(app): State<Arc<App>>,
    Part(id): Part,
    Words(asked): Words<Bundling>,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    let form = match asked.format {
        Format::Html => Form::Html,
        Format::Pdf => Form::Pdf,
    };
    take::blocking(&app, move |app| {
        let case = seen(app, &caller, &id)?;
        guard::may(app, &caller, "case.bundle", case.place())?;
        note_sensitive(app, &caller, &case)?;
        let sealed = bundle::sealed(&work(app, &caller), &case, load::today(), form);
        let sealed = sealed.map_err(|trouble| of_trouble(&trouble))?;
        Ok(sealed_response(&case.id, form, sealed))
    })
    .await?
}

/// A bundle as a file to be kept.
pub fn sealed_response(id: &str, form: Form, sealed: Vec<u8>) -> Response<Body> {
    let (media, end) = match form {
        Form::Html => ("text/html; charset=utf-8", "html"),
        Form::Pdf => ("application/pdf", "pdf"),
    };
    let mut response = Response::new(Body::from(sealed));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    let kept = format!("attachment; filename=\"{id}.{end}\"");
    if let Ok(kept) = HeaderValue::from_str(&kept) {
        headers.insert(header::CONTENT_DISPOSITION, kept);
    }
    if let Ok(policy) = HeaderValue::from_str(&crate::explain::content_policy()) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// That somebody read a case that is closed to all but some teams stays on record.
///
/// # Errors
/// What the ledger says; the case is then not shown.
pub fn note_sensitive(app: &App, caller: &Caller, case: &Case) -> Result<(), Problem> {
    if case.only.is_empty() {
        return Ok(());
    }
    let draft = Draft::new(
        format!("account/{}", caller.actor.name),
        "read.restricted",
        caller.actor.clone(),
        load::now(),
        json!({ "case": case.id, "seen": case.seen }),
    );
    app.ledger
        .append(vec![draft])
        .map(|_| ())
        .map_err(|error| Problem::of_ledger(&error))
}

fn work<'a>(app: &'a App, caller: &'a Caller) -> Work<'a> {
    Work {
        ledger: &app.ledger,
        policy: &app.policy,
        calendar: &app.calendar,
        actor: &caller.actor,
        at: load::now(),
    }
}

fn answer(case: &Case, status: StatusCode) -> Result<Response<Body>, Problem> {
    let text = serde_json::to_string(case).map_err(|_| Problem::internal())?;
    let mut response = assess::json(status, text);
    tag(&mut response, case.seen)?;
    Ok(response)
}

/// The tag of what changes: the number of its last entry.
///
/// # Errors
/// Never: a number is a header.
pub fn tag(response: &mut Response<Body>, seen: u64) -> Result<(), Problem> {
    let value = HeaderValue::from_str(&format!("\"{seen}\"")).map_err(|_| Problem::internal())?;
    response.headers_mut().insert(header::ETAG, value);
    Ok(())
}

/// The tag that a command was written against.
///
/// # Errors
/// 428 when there is none: whoever acts must say what they saw.
pub fn if_match(headers: &HeaderMap) -> Result<u64, Problem> {
    let text = headers
        .get(header::IF_MATCH)
        .and_then(|value| value.to_str().ok());
    text.and_then(|text| text.trim().trim_matches('"').parse().ok())
        .ok_or_else(|| {
            Problem::new(
                StatusCode::PRECONDITION_REQUIRED,
                "if-match",
                "say which state you saw: send its `ETag` back as `If-Match`",
            )
        })
}

/// What a case is opened with.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Opening {
    transfer: Value,
    #[serde(default)]
    follows: Option<String>,
}

/// Assesses a transfer, records it, and opens a case over it.
///
/// # Errors
/// 422 when the transfer is not taken, 403 when the caller may not.
pub async fn open(
    State(app): State<Arc<App>>,
    caller: Caller,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let mut asked: Opening = read(request, take::BODY).await?;
    let of = app.clone();
    take::work(&app, move |current, room| {
        let document = of
            .assess_case(current, &caller.actor, &mut asked.transfer, room)
            .map_err(|unfit| Problem::of_unfit(&unfit))?;
        let desk = work(&of, &caller);
        let id = desk
            .open(&asked.transfer, &document, asked.follows)
            .map_err(|trouble| of_trouble(&trouble))?;
        let case = desk.case(&id).map_err(|trouble| of_trouble(&trouble))?;
        let response = answer(&case, StatusCode::CREATED)?;
        assess::located(response, &format!("/v1/cases/{id}"))
    })
    .await?
}

/// Does something to a case.
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
    // A repeat after a restart finds the case moved on by itself, and is told so: nothing is done twice.
    let _ = request.extensions().get::<RepeatKey>();
    let wanted: Command = read(request, take::BODY).await?;
    let of = app.clone();
    take::work(&app, move |current, room| {
        seen(&of, &caller, &id)?;
        // A token that is limited to some acts may do no other to a case either; roles are the engine's to check.
        guard::within_scope(&caller, act_of(&wanted))?;
        let desk = work(&of, &caller);
        let mut assess = |transfer: &mut Value| {
            of.assess_case(current, &caller.actor, transfer, room)
                .map_err(|unfit| unfit.to_string())
        };
        let done = match wanted {
            Command::Answer {
                request,
                by,
                answers,
            } => desk.answer(&id, Some(known), request, &by, answers, &mut assess),
            Command::Reassess { because, .. } => match desk.case(&id) {
                Ok(case) if case.seen != known => Err(Trouble::Moved {
                    id: id.clone(),
                    seen: known,
                }),
                Ok(_) => desk.reassess(&id, because, &mut assess),
                Err(trouble) => Err(trouble),
            },
            command => desk.act(&id, Some(known), command),
        };
        done.map_err(|trouble| of_trouble(&trouble))?;
        let case = desk.case(&id).map_err(|trouble| of_trouble(&trouble))?;
        answer(&case, StatusCode::OK)
    })
    .await?
}

/// What casework says, as a problem.
pub fn of_trouble(trouble: &Trouble) -> Problem {
    use catchall_ledger::case::command::Refused;
    let says = trouble.to_string();
    match trouble {
        Trouble::NoCase(_) => Problem::not_found(says),
        Trouble::Moved { .. } => Problem::new(StatusCode::PRECONDITION_FAILED, "moved", says),
        Trouble::Refused(Refused::NotAllowed(_) | Refused::TwoPersons { .. }) => {
            Problem::new(StatusCode::FORBIDDEN, "not-allowed", says)
        }
        Trouble::Refused(
            Refused::LeftOut { .. } | Refused::NoSuch { .. } | Refused::Word { .. },
        ) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "rejected", says),
        Trouble::Refused(_) => Problem::new(StatusCode::CONFLICT, "refused", says),
        Trouble::Flow(_) | Trouble::Unassessed(_) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "rejected", says)
        }
        Trouble::Fold(_) | Trouble::Unreadable(_) => Problem::new(StatusCode::GONE, "erased", says),
        Trouble::Ledger(error) => Problem::of_ledger(error),
    }
}
