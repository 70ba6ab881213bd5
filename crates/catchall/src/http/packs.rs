//! `/v1/packs`: which state of the packs is judged by, who wrote it and who published it. The engine checks that they are two.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode};
use catchall_ledger::pack::{Command, Packs, Refused};
use serde::Deserialize;

use super::problem::Problem;
use super::session::read;
use super::{assess, guard, take};
use crate::access::Caller;
use crate::app::App;
use crate::load;
use crate::publishing::{self, Trouble};

#[derive(Deserialize)]
#[serde(deny_unknown_fields, tag = "command", rename_all = "snake_case")]
enum Asked {
    Propose {
        #[serde(default)]
        digest: Option<String>,
        about: String,
    },
    Publish {
        digest: String,
        #[serde(default)]
        why: String,
    },
    Return {
        digest: String,
        why: String,
    },
}

/// How they stand.
///
/// # Errors
/// What the ledger says.
pub async fn show(State(app): State<Arc<App>>) -> Result<Response<Body>, Problem> {
    take::blocking(&app, |app| {
        let packs = publishing::packs(&app.ledger).map_err(|trouble| of_trouble(&trouble))?;
        Ok(answer(app, &packs))
    })
    .await?
}

/// Proposes, publishes or sends back.
///
/// # Errors
/// 403 for whoever may not, 409 where the engine says no or somebody was faster.
pub async fn act(
    State(app): State<Arc<App>>,
    caller: Caller,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let asked: Asked = read(request, 64 << 10).await?;
    let (command, needs) = match asked {
        Asked::Propose { digest, about } => {
            let digest = digest.unwrap_or_else(|| app.current().assessor.basis().packs.clone());
            (Command::Propose { digest, about }, "law.write")
        }
        Asked::Publish { digest, why } => (Command::Publish { digest, why }, "law.publish"),
        Asked::Return { digest, why } => (Command::Return { digest, why }, "law.publish"),
    };
    guard::within_scope(&caller, needs)?;
    take::blocking(&app, move |app| {
        let done = publishing::act(
            &app.ledger,
            &app.policy,
            &caller.actor,
            load::now(),
            command,
        );
        let packs = done.map_err(|trouble| of_trouble(&trouble))?;
        Ok(answer(app, &packs))
    })
    .await?
}

fn answer(app: &App, packs: &Packs) -> Response<Body> {
    let digest = app.current().assessor.basis().packs.clone();
    let document = publishing::document(packs, &digest, app.settings.published_packs);
    assess::json(StatusCode::OK, document.to_string())
}

fn of_trouble(trouble: &Trouble) -> Problem {
    let said = trouble.to_string();
    match trouble {
        Trouble::Refused(Refused::NotAllowed(_)) => {
            Problem::new(StatusCode::FORBIDDEN, "not-allowed", said)
        }
        Trouble::Refused(Refused::LeftOut(_) | Refused::NoDigest(_)) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "rejected", said)
        }
        Trouble::Refused(_) | Trouble::Moved => Problem::new(StatusCode::CONFLICT, "refused", said),
        Trouble::Unreadable(_) => Problem::internal(),
        Trouble::Ledger(error) => Problem::of_ledger(error),
    }
}
