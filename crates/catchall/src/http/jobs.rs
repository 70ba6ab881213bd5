//! `/v1/jobs`: batches too long for one request, with progress.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::json;
use tokio::sync::mpsc::channel;

use super::assess::{self, Asking};
use super::guard;
use super::problem::Problem;
use super::stream::{Chunks, Pipe, pump};
use super::take::{self, Part, Words};
use crate::access::Caller;
use crate::app::App;
use crate::jobs::{About, Job, Standing, WAITING};
use crate::load;

/// Bytes of a job's input.
const MOST: u64 = 8 << 30;

fn failed(error: &anyhow::Error) -> Problem {
    crate::talk::say!("catchall: a job: {error:#}");
    Problem::new(
        StatusCode::INSUFFICIENT_STORAGE,
        "storage",
        "the job cannot be kept; the server's log says why",
    )
}

/// Takes a batch as the body: CSV, JSON Lines, JSON or XLSX, by its media type.
///
/// # Errors
/// 415 for another type, 413 beyond 8 GiB, 403 for whoever could not read the result.
pub async fn begin(
    State(app): State<Arc<App>>,
    Words(asking): Words<Asking>,
    caller: Caller,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let place = catchall_ledger::policy::Place::of_team(caller.actor.team.as_deref());
    guard::may(&app, &caller, "job.read", place)?;
    let record = asking.recorder(&app, &caller)?.is_some();
    asking.assessor(&app.current())?;
    let input = match take::media_type(request.headers()).as_str() {
        "text/csv" => "csv",
        "application/json" => "json",
        "application/x-ndjson" | "application/jsonl" | "application/ndjson" => "jsonl",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.apache.parquet" => "parquet",
        other => {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                format!(
                    "the body is `{other}`; send text/csv, application/x-ndjson, application/json, an Excel workbook, or application/vnd.apache.parquet"
                ),
            ));
        }
    };
    if app
        .jobs
        .all()
        .iter()
        .filter(|job| job.about().standing == Standing::Queued)
        .count()
        >= WAITING
    {
        return Err(guard::too_often(std::time::Duration::from_secs(60)));
    }
    let (to_file, from_body) = channel(8);
    let body = request.into_body();
    let pumping = tokio::spawn(pump(body, to_file));
    let job = take::blocking(&app, move |app| {
        let (id, folder) = app.jobs.begin().map_err(|error| failed(&error))?;
        let kept = keep(&folder.join("input"), from_body);
        let bytes = match kept {
            Ok(bytes) if bytes <= MOST => bytes,
            other => {
                let _ = std::fs::remove_dir_all(&folder);
                return Err(match other {
                    Ok(_) => Problem::new(
                        StatusCode::PAYLOAD_TOO_LARGE,
                        "too-large",
                        format!("the body is longer than {MOST} bytes; send it in parts"),
                    ),
                    Err(error) => failed(&error.into()),
                });
            }
        };
        let about = About {
            id,
            by: caller.actor.clone(),
            made: load::now(),
            ended: None,
            standing: Standing::Queued,
            input: input.to_owned(),
            as_of: asking.as_of.map(|day| day.to_string()),
            known_by: asking.known_by.map(|day| day.to_string()),
            record,
            bytes,
            read: 0,
            answered: 0,
            rejected: 0,
            why: None,
        };
        app.jobs.take(folder, about).map_err(|error| failed(&error))
    })
    .await??;
    pumping.abort();
    let about = job.about();
    let response = assess::json(StatusCode::ACCEPTED, json!(about).to_string());
    assess::located(response, &format!("/v1/jobs/{}", about.id))
}

fn keep(
    path: &std::path::Path,
    from: tokio::sync::mpsc::Receiver<axum::body::Bytes>,
) -> std::io::Result<u64> {
    use std::io::Read as _;
    let mut pipe = Pipe {
        from,
        rest: axum::body::Bytes::new(),
    }
    .take(MOST + 1);
    let mut file = std::fs::File::create(path)?;
    let bytes = std::io::copy(&mut pipe, &mut file)?;
    file.sync_all()?;
    Ok(bytes)
}

/// A job belongs to who asked and to their team.
fn find(app: &App, caller: &Caller, id: &str) -> Result<Arc<Job>, Problem> {
    let missing = || Problem::not_found(format!("there is no job `{id}`"));
    let job = app.jobs.find(id).ok_or_else(missing)?;
    if belongs(&job.about(), caller) {
        Ok(job)
    } else {
        Err(missing())
    }
}

fn belongs(about: &About, caller: &Caller) -> bool {
    let team = about.by.team.is_some() && about.by.team == caller.actor.team;
    team || about.by.name == caller.actor.name
}

/// The jobs of the caller and of their team, the oldest first.
pub async fn list(State(app): State<Arc<App>>, caller: Caller) -> Response<Body> {
    let all: Vec<About> = app
        .jobs
        .all()
        .iter()
        .map(|job| job.about())
        .filter(|about| belongs(about, &caller))
        .collect();
    assess::json(StatusCode::OK, json!({ "jobs": all }).to_string())
}

/// How far a job has come.
///
/// # Errors
/// 404.
pub async fn one(
    State(app): State<Arc<App>>,
    Part(id): Part,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    let job = find(&app, &caller, &id)?;
    Ok(assess::json(StatusCode::OK, json!(job.about()).to_string()))
}

/// Its result: one line a record, as `assess --format jsonl` writes it, with a record that was not taken in its place.
///
/// # Errors
/// 409 while it is not done.
pub async fn result(
    State(app): State<Arc<App>>,
    Part(id): Part,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    let job = find(&app, &caller, &id)?;
    let about = job.about();
    if about.standing != Standing::Done {
        let why = about.why.map_or(String::new(), |why| format!(": {why}"));
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "not-done",
            format!(
                "the job is {}{why}",
                json!(about.standing).as_str().unwrap_or_default()
            ),
        ));
    }
    let (to_answer, chunks) = channel(8);
    let path = job.output();
    tokio::task::spawn_blocking(move || {
        use std::io::Read as _;
        let Ok(mut file) = std::fs::File::open(path) else {
            return;
        };
        loop {
            let mut part = vec![0; 1 << 16];
            match file.read(&mut part) {
                Ok(count) if count > 0 => {
                    part.truncate(count);
                    if to_answer.blocking_send(part.into()).is_err() {
                        return;
                    }
                }
                _ => return,
            }
        }
    });
    let mut response = Response::new(Body::from_stream(Chunks(chunks)));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-ndjson"),
    );
    Ok(response)
}

/// Takes a job back, or its result away.
///
/// # Errors
/// 404.
pub async fn remove(
    State(app): State<Arc<App>>,
    Part(id): Part,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    let job = find(&app, &caller, &id)?;
    let done = take::blocking(&app, move |app| app.jobs.remove(&job)).await?;
    done.map_err(|error| failed(&error))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
