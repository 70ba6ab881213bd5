//! The desk's queues: what waits, the next case, one act for many, and the search that leads anywhere.

use axum::body::Bytes;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use catchall_ledger::case::command::Command;

use super::cases::{lines, may_see, visible, work};
use super::{each, of, pairs};
use crate::board::Line;
use crate::casework::Trouble;
use crate::desk::queue::{self, Filter};
use crate::desk::visit::{Refusal, Visit};
use crate::explain::words::Mood;
use crate::http::take;

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
        visit.record_day(),
    );
    let stale = visit.current.assessor.lists().1.to_vec();
    let mut frame = visit.frame(if screen == "/desk" { "Desk" } else { "Cases" }, screen);
    frame.keys = &[
        ("j", "next row"),
        ("k", "row before"),
        ("Enter", "open"),
        ("n", "next case"),
    ];
    let now = visit.past().is_none();
    let page = queue::Page {
        walk: &walk,
        filter: &filter,
        viewer: &visit.viewer,
        stale: &stale,
        acts: [
            now && visit.may_here("case.take"),
            now && visit.may_here("case.assign"),
            now && visit.may_here("case.ask"),
        ],
        today: visit.record_day(),
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
    let escaped = crate::address::escaped(&words);
    let upper = words.to_uppercase();
    let to = if words.is_empty() {
        "/desk".to_owned()
    } else if upper.starts_with("C-") && upper.matches('-').count() == 2 {
        format!("/cases/{}", crate::address::escaped(&upper))
    } else if upper.starts_with("L-") && upper.matches('-').count() == 2 {
        format!("/licences/{}", crate::address::escaped(&upper))
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
                "take" => Command::Take {},
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
