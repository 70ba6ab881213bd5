//! Who published the packs.

use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::Response;
use catchall_ledger::pack::{Command, Refused};

use super::{of, pairs};
use crate::desk::packs;
use crate::desk::visit::{Refusal, Visit};
use crate::explain::words::Mood;
use crate::http::take;
use crate::load;
use crate::publishing::{self, Trouble};

/// How they stand.
pub(super) async fn show(visit: Visit) -> Result<Response, Refusal> {
    let found = take::blocking(&visit.app, |app| publishing::packs(&app.ledger)).await?;
    let found = found.map_err(|trouble| troubled(&visit, &trouble))?;
    let mut frame = visit.frame("Who published the packs, law", "/law");
    frame.dates = None;
    let page = packs::Page {
        packs: &found,
        loaded: &visit.current.assessor.basis().packs,
        only_published: visit.app.settings.published_packs,
        may_write: visit.may_here("law.write"),
        may_publish: visit.may_here("law.publish"),
    };
    Ok(visit.show(packs::page(&page, &frame)))
}

/// Puts forward, publishes or sends back.
pub(super) async fn act(visit: Visit, body: Bytes) -> Result<Response, Refusal> {
    let form = pairs(&body);
    let digest = of(&form, "digest").to_owned();
    let why = of(&form, "why").to_owned();
    let (needs, command, says) = match of(&form, "do") {
        "propose" => {
            let about = of(&form, "about").to_owned();
            let command = Command::Propose { digest, about };
            ("law.write", command, "The packs are put forward.")
        }
        "publish" => {
            let command = Command::Publish { digest, why };
            ("law.publish", command, "The packs are published.")
        }
        "return" => {
            let command = Command::Return { digest, why };
            ("law.publish", command, "The packs are sent back.")
        }
        _ => return Err(visit.nothing("The form says nothing that can be done.")),
    };
    visit
        .may(needs, catchall_ledger::policy::Place::default())
        .map_err(|why| visit.refuse(StatusCode::FORBIDDEN, "Not yours to do", format!("{why}.")))?;
    let actor = visit.caller.actor.clone();
    let done = take::blocking(&visit.app, move |app| {
        publishing::act(&app.ledger, &app.policy, &actor, load::now(), command)
    })
    .await?;
    done.map_err(|trouble| troubled(&visit, &trouble))?;
    Ok(visit.onward("/law/packs", Mood::Go, says))
}

fn troubled(visit: &Visit, trouble: &Trouble) -> Refusal {
    let (status, headline) = match trouble {
        Trouble::Refused(Refused::NotAllowed(_)) => (StatusCode::FORBIDDEN, "Not yours to do"),
        Trouble::Refused(Refused::LeftOut(_) | Refused::NoDigest(_)) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "Not done")
        }
        Trouble::Refused(_) => (StatusCode::CONFLICT, "Not done"),
        Trouble::Moved => (StatusCode::CONFLICT, "Somebody was faster"),
        Trouble::Unreadable(_) => (StatusCode::GONE, "No longer readable"),
        Trouble::Ledger(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "The ledger could not be used",
        ),
    };
    visit.refuse(status, headline, trouble.to_string())
}
