//! `/v1/statements`: reports read in, what they say, what people made of it, and the evidence that accepted statements come to. The
//! engine checks every rule; a statement bears on a case as a question and never as an outcome.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use catchall_ledger::statement::event::{Bearing, Identified, RelationKind, Told};
use catchall_ledger::statement::rules::{Command, Refused};
use catchall_ledger::statement::{Standing, Statement};
use catchall_report::gazetteer::Gazetteers;
use catchall_report::graph::{Question, evidence, same};
use serde::Deserialize;
use serde_json::{Value, json};

use super::problem::Problem;
use super::session::read;
use super::take::{self, Part, Words};
use super::{assess, cases, guard};
use crate::access::Caller;
use crate::app::App;
use crate::evidence::acts::{self, Trouble};
use crate::evidence::intake::Incoming;
use crate::evidence::{Keep, Work};
use crate::load;

/// What may stand behind the `?`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    standing: Option<String>,
    report: Option<String>,
    about: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

fn work<'a>(app: &'a App, caller: &'a Caller) -> Work<'a> {
    Work {
        ledger: &app.ledger,
        policy: &app.policy,
        rules: &app.evidence,
        actor: &caller.actor,
        at: load::now(),
    }
}

/// Statements by id.
///
/// # Errors
/// When the limit is out of bounds or a standing is none; what the ledger says.
pub async fn list(
    State(app): State<Arc<App>>,
    Words(asked): Words<Asked>,
) -> Result<Response<Body>, Problem> {
    let limit = take::limit(asked.limit.unwrap_or(take::LIMIT))?;
    let known = |word: &String| Standing::ALL.iter().any(|own| own.word() == word);
    if let Some(word) = asked.standing.as_ref().filter(|word| !known(word)) {
        return Err(Problem::bad_request(format!(
            "standing: `{word}` is none; write `waiting`, `accepted`, `rejected` or `corrected`"
        )));
    }
    take::blocking(&app, move |app| {
        let held = app
            .shelf
            .held(&app.ledger)
            .map_err(|error| Problem::of_ledger(&error))?;
        let fits = |own: &Statement| {
            asked
                .standing
                .as_deref()
                .is_none_or(|word| own.standing.word() == word)
                && asked
                    .report
                    .as_ref()
                    .is_none_or(|report| own.made.report == *report)
                && asked.after.as_ref().is_none_or(|after| own.id > *after)
                && asked
                    .about
                    .as_ref()
                    .is_none_or(|name| own.made.told.about.iter().any(|own| same(own, name)))
        };
        let mut found: Vec<&Statement> = held
            .statements
            .values()
            .map(AsRef::as_ref)
            .filter(|own| fits(own))
            .take(limit + 1)
            .collect();
        let more = found.len() > limit;
        found.truncate(limit);
        let next = found.last().filter(|_| more).map(|own| own.id.clone());
        let text = json!({ "statements": found, "next": next }).to_string();
        Ok(assess::json(StatusCode::OK, text))
    })
    .await?
}

/// A report that somebody sends in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportIn {
    name: String,
    text: String,
    #[serde(default)]
    media_type: Option<String>,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    keep: Option<String>,
}

/// Reads a report in, and records what it says.
///
/// # Errors
/// 422 when it has no reader or a field is none, 403 when the caller may not.
pub async fn make(
    State(app): State<Arc<App>>,
    caller: Caller,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let report: ReportIn = read(request, take::BODY).await?;
    let wrong = |says: String| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "rejected", says);
    let published = match report.published.as_deref() {
        None => None,
        Some(day) => Some(day.parse().map_err(|_| {
            wrong(format!(
                "published: `{day}` is no day; write year-month-day"
            ))
        })?),
    };
    let keep = match report.keep.as_deref() {
        None => None,
        Some(word) => Some(Keep::find(word).ok_or_else(|| {
            wrong(format!(
                "keep: `{word}` is none; write `whole`, `excerpts` or `offsets`"
            ))
        })?),
    };
    let of = app.clone();
    take::work(&app, move |_, _| {
        let incoming = Incoming {
            name: &report.name,
            bytes: report.text.as_bytes(),
            media_type: report.media_type.as_deref().unwrap_or("text/plain"),
            published,
        };
        let (id, new) = work(&of, &caller)
            .read(&incoming, keep)
            .map_err(|trouble| of_trouble(&trouble))?;
        let held = of
            .shelf
            .held(&of.ledger)
            .map_err(|error| Problem::of_ledger(&error))?;
        let text = json!({ "report": id, "new": new, "statements": held.of_report(&id).into_iter().map(AsRef::as_ref).collect::<Vec<&Statement>>() });
        let status = if new { StatusCode::CREATED } else { StatusCode::OK };
        let response = assess::json(status, text.to_string());
        assess::located(response, &format!("/v1/statements?report={id}"))
    })
    .await?
}

/// One statement with what was done to it.
///
/// # Errors
/// 404 for one that is not there.
pub async fn one(
    State(app): State<Arc<App>>,
    Part(id): Part,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    take::blocking(&app, move |app| {
        let own = work(app, &caller)
            .statement(&id)
            .map_err(|trouble| of_trouble(&trouble))?;
        let text = serde_json::to_string(&own).map_err(|_| Problem::internal())?;
        let mut response = assess::json(StatusCode::OK, text);
        cases::tag(&mut response, own.seen)?;
        Ok(response)
    })
    .await?
}

/// Who said what, as somebody writes it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    speaker: Option<String>,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    country: Option<String>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    content: String,
    #[serde(default)]
    said: Option<String>,
    #[serde(default)]
    hedged: bool,
    #[serde(default)]
    quote: bool,
    #[serde(default)]
    about: Vec<String>,
}

impl From<Written> for Told {
    fn from(own: Written) -> Told {
        Told {
            speaker: own.speaker,
            role: own.role,
            country: own.country,
            kind: own.kind,
            content: own.content,
            said: own.said,
            hedged: own.hedged,
            quote: own.quote,
            about: own.about,
            span: [0, 0],
            bytes: [0, 0],
        }
    }
}

/// What somebody wants to do; the words of the engine's commands.
#[derive(Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
enum Wanted {
    Accept {
        #[serde(default)]
        identified: Vec<Identified>,
        #[serde(default)]
        bears_on: Vec<Bearing>,
        #[serde(default)]
        why: String,
    },
    Reject {
        why: String,
    },
    Reopen {
        why: String,
    },
    Correct {
        told: Written,
        #[serde(default)]
        identified: Vec<Identified>,
        #[serde(default)]
        bears_on: Vec<Bearing>,
        why: String,
    },
    Retract {
        told: Written,
        source: String,
    },
    Relieve {
        told: Written,
        source: String,
    },
    Reply {
        told: Written,
        source: String,
    },
}

impl Wanted {
    /// The engine's command, and the acts of the policy that it needs.
    fn command(
        self,
        app: &App,
        own: &Statement,
    ) -> Result<(Command, &'static [&'static str]), Problem> {
        let held = app
            .shelf
            .held(&app.ledger)
            .map_err(|error| Problem::of_ledger(&error))?;
        let answer = |is: RelationKind, told: Written, source: String| Command::Answer {
            id: held.fresh(own, is),
            is,
            told: told.into(),
            source,
        };
        const JUDGE: &[&str] = &["statement.accept"];
        const MAKE: &[&str] = &["statement.make"];
        Ok(match self {
            Wanted::Accept {
                identified,
                bears_on,
                why,
            } => (
                Command::Accept {
                    identified,
                    bears_on,
                    why,
                },
                JUDGE,
            ),
            Wanted::Reject { why } => (Command::Reject { why }, JUDGE),
            Wanted::Reopen { why } => (Command::Reopen { why }, JUDGE),
            Wanted::Correct {
                told,
                identified,
                bears_on,
                why,
            } => (
                Command::Correct {
                    id: held.fresh(own, RelationKind::Correction),
                    told: told.into(),
                    identified,
                    bears_on,
                    why,
                },
                &["statement.make", "statement.accept"],
            ),
            Wanted::Retract { told, source } => {
                (answer(RelationKind::Retraction, told, source), MAKE)
            }
            Wanted::Relieve { told, source } => (answer(RelationKind::Relief, told, source), MAKE),
            Wanted::Reply { told, source } => (answer(RelationKind::Reply, told, source), MAKE),
        })
    }
}

/// Does something to a statement, and assesses the open cases again that it bears on; the answer says what changed.
///
/// # Errors
/// 428 without `If-Match`, 412 when somebody was faster, 403 and 409 with the engine's reason.
pub async fn act(
    State(app): State<Arc<App>>,
    Part(id): Part,
    caller: Caller,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let known = cases::if_match(request.headers())?;
    let wanted: Wanted = read(request, take::BODY).await?;
    let of = app.clone();
    take::work(&app, move |current, room| {
        let desk = work(&of, &caller);
        let own = desk
            .statement(&id)
            .map_err(|trouble| of_trouble(&trouble))?;
        let (command, needs) = wanted.command(&of, &own)?;
        for act in needs {
            guard::within_scope(&caller, act)?;
        }
        desk.act(&id, Some(known), command)
            .map_err(|trouble| of_trouble(&trouble))?;
        let now = desk
            .statement(&id)
            .map_err(|trouble| of_trouble(&trouble))?;
        let mut assess = |transfer: &mut Value| {
            of.assess_case(current, &caller.actor, transfer, room)
                .map_err(|unfit| unfit.to_string())
        };
        let followed = acts::follow(&of, &caller.actor, load::now(), &now, &mut assess)
            .map_err(|trouble| of_trouble(&trouble))?;
        let text = json!({ "statement": now, "cases": followed }).to_string();
        let mut response = assess::json(StatusCode::OK, text);
        cases::tag(&mut response, now.seen)?;
        Ok(response)
    })
    .await?
}

/// What is asked of accepted statements.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidenced {
    party: Option<String>,
    technology: Option<String>,
    commitment: Option<String>,
    from: Option<String>,
    to: Option<String>,
    as_of: Option<String>,
}

/// Who says what of a party, a technology, an undertaking or a transfer, from accepted statements alone.
///
/// # Errors
/// When nothing or too much is asked; what the ledger says.
pub async fn asked(
    State(app): State<Arc<App>>,
    Words(asked): Words<Evidenced>,
) -> Result<Response<Body>, Problem> {
    let question = match (
        asked.party,
        asked.technology,
        asked.commitment,
        asked.from,
        asked.to,
    ) {
        (Some(party), None, None, None, None) => Question::Party(party),
        (None, Some(technology), None, None, None) => Question::Technology(technology),
        (None, None, Some(commitment), None, None) => Question::Commitment(commitment),
        (None, None, None, Some(from), Some(to)) => Question::Transfer { from, to },
        _ => {
            return Err(Problem::bad_request(
                "ask for one thing: `party`, `technology`, `commitment`, or `from` and `to`"
                    .to_owned(),
            ));
        }
    };
    let on = match asked.as_of.as_deref() {
        None => None,
        Some(day) => Some(day.parse().map_err(|_| {
            Problem::bad_request(format!("as_of: `{day}` is no day; write year-month-day"))
        })?),
    };
    take::blocking(&app, move |app| {
        let held = app
            .shelf
            .held(&app.ledger)
            .map_err(|error| Problem::of_ledger(&error))?;
        let words = Gazetteers::built_in().map_err(|_| Problem::internal())?;
        let found = evidence(&held.accepted(on), &question, words, on);
        let text = serde_json::to_string(&found).map_err(|_| Problem::internal())?;
        Ok(assess::json(StatusCode::OK, text))
    })
    .await?
}

/// What went wrong, as a problem.
pub fn of_trouble(trouble: &Trouble) -> Problem {
    let says = trouble.to_string();
    match trouble {
        Trouble::NoStatement(_) => Problem::not_found(says),
        Trouble::Moved { .. } => Problem::new(StatusCode::PRECONDITION_FAILED, "moved", says),
        Trouble::Refused(Refused::NotAllowed(_)) => {
            Problem::new(StatusCode::FORBIDDEN, "not-allowed", says)
        }
        Trouble::Refused(Refused::Stands { .. }) => {
            Problem::new(StatusCode::CONFLICT, "refused", says)
        }
        Trouble::Refused(_) | Trouble::Unread(_) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "rejected", says)
        }
        Trouble::Fold(_) => Problem::new(StatusCode::GONE, "erased", says),
        Trouble::Ledger(error) => Problem::of_ledger(error),
    }
}
