//! The pages of evidence.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use catchall_ledger::statement::event::{Bearing, Identified, RelationKind, Told};
use catchall_ledger::statement::rules::Command;
use catchall_ledger::statement::{Standing, Statement};
use serde_json::Value;

use super::{each, of, pairs};
use crate::app::App;
use crate::desk::evidence::{self as screen, Chosen, Line, Wanted};
use crate::desk::visit::{Refusal, Visit};
use crate::evidence::acts::{self, Followed, Trouble};
use crate::evidence::intake::Incoming;
use crate::evidence::{Held, Keep, Work};
use crate::explain::words::Mood;
use crate::http::take;
use crate::load;

async fn held(visit: &Visit) -> Result<Arc<Held>, Refusal> {
    let past = visit.past();
    let found = take::blocking(&visit.app, move |app| match past {
        None => app.shelf.held(&app.ledger),
        Some(day) => app.shelf.stood(&app.ledger, day),
    })
    .await?;
    found.map_err(|error| visit.troubled(&error.into()))
}

fn troubled(visit: &Visit, trouble: &Trouble) -> Refusal {
    let (status, headline) = match trouble {
        Trouble::NoStatement(_) => (StatusCode::NOT_FOUND, "Nothing is here"),
        Trouble::Moved { .. } => (StatusCode::CONFLICT, "Somebody was faster"),
        Trouble::Refused(_) => (StatusCode::CONFLICT, "Not done"),
        Trouble::Unread(_) => (StatusCode::UNPROCESSABLE_ENTITY, "Not read"),
        Trouble::Fold(_) => (StatusCode::GONE, "No longer readable"),
        Trouble::Ledger(_) => (
            StatusCode::INTERNAL_SERVER_ERROR,
            "The ledger could not be used",
        ),
    };
    visit.refuse(status, headline, trouble.to_string())
}

/// Whether this person may do all of this here, and why not.
fn may(visit: &Visit, wanted: &[&str]) -> Result<(), String> {
    let place = catchall_ledger::policy::Place::of_team(visit.caller.actor.team.as_deref());
    wanted.iter().try_for_each(|act| visit.may_now(act, place))
}

/// Reports that were read.
pub(super) async fn papers(visit: Visit) -> Result<Response, Refusal> {
    let held = held(&visit).await?;
    let mut lines: Vec<Line<'_>> = held
        .papers
        .values()
        .map(|paper| {
            let count = |standing| held.count(&paper.report.id, standing);
            Line {
                paper,
                counts: [
                    count(Standing::Waiting),
                    count(Standing::Accepted),
                    count(Standing::Rejected) + count(Standing::Corrected),
                ],
            }
        })
        .collect();
    let day = |line: &Line<'_>| line.paper.reading.publication.date.clone();
    lines.sort_by_cached_key(|line| (line.counts[0] == 0, day(line), line.paper.report.id.clone()));
    let frame = visit.frame("Evidence", "/evidence");
    let keep = visit.app.evidence.keep.word();
    let may_make = may(&visit, &["statement.make"]);
    let page = screen::papers(
        &lines,
        held.lost.len(),
        may_make,
        keep,
        &visit.viewer,
        &frame,
    );
    Ok(visit.show(page))
}

/// Reads a report in.
pub(super) async fn read_in(visit: Visit, body: Bytes) -> Result<Response, Refusal> {
    let form = pairs(&body);
    let text = of(&form, "text").to_owned();
    let name = of(&form, "name").to_owned();
    let wrong = |says: String| visit.refuse(StatusCode::UNPROCESSABLE_ENTITY, "Not read", says);
    if text.is_empty() || name.is_empty() {
        return Err(wrong("a report needs its words and a name".to_owned()));
    }
    let published = match of(&form, "published") {
        "" => None,
        day => Some(
            day.parse()
                .map_err(|_| wrong(format!("“{day}” is no day; write year-month-day")))?,
        ),
    };
    let keep = Keep::find(of(&form, "keep"));
    let media_type = of(&form, "media_type").to_owned();
    let actor = visit.caller.actor.clone();
    let of_app = visit.app.clone();
    let done = take::work(&visit.app, move |_, _| {
        let incoming = Incoming {
            name: &name,
            bytes: text.as_bytes(),
            media_type: if media_type.is_empty() {
                "text/plain"
            } else {
                &media_type
            },
            published,
        };
        work(&of_app, &actor).read(&incoming, keep)
    })
    .await?;
    let (id, new) = done.map_err(|trouble| troubled(&visit, &trouble))?;
    let says = if new {
        "Read in. What it says waits for a person."
    } else {
        "This file was read before; here is what it says."
    };
    Ok(visit.onward(&format!("/evidence/papers/{id}"), Mood::Go, says))
}

fn work<'a>(app: &'a App, actor: &'a catchall_ledger::Actor) -> Work<'a> {
    Work {
        ledger: &app.ledger,
        policy: &app.policy,
        rules: &app.evidence,
        actor,
        at: load::now(),
    }
}

/// The reader.
pub(super) async fn paper(
    visit: Visit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let held = held(&visit).await?;
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let Some(paper) = held.papers.get(&id) else {
        return Err(visit.nothing("No report of this number has been read."));
    };
    let statements: Vec<&Statement> = held.of_report(&id).into_iter().map(AsRef::as_ref).collect();
    let mut order: Vec<(Option<&String>, &String)> = held
        .papers
        .values()
        .map(|own| (own.reading.publication.date.as_ref(), &own.report.id))
        .collect();
    order.sort();
    let here = order.iter().position(|(_, own)| **own == id).unwrap_or(0);
    let beside = |place: Option<usize>| {
        place
            .and_then(|place| order.get(place))
            .map(|(_, id)| (*id).clone())
    };
    let at = of(&query, "at");
    let address = format!("/evidence/papers/{id}");
    let mut frame = visit.frame(format!("{}, evidence", screen::title(paper)), "/evidence");
    frame.here = &address;
    frame.keys = &[
        ("a", "accept"),
        ("x", "reject"),
        ("e", "correct"),
        ("j k", "next, previous statement"),
    ];
    let undertakings: Vec<(String, String)> = visit
        .current
        .assessor
        .law()
        .record
        .undertakings
        .iter()
        .map(|own| (own.id.clone(), own.title.clone()))
        .collect();
    let page = screen::Page {
        undertakings: &undertakings,
        paper,
        statements: &statements,
        at: Some(at).filter(|at| !at.is_empty()),
        may: may(&visit, &["statement.make", "statement.accept"]),
        viewer: &visit.viewer,
        beside: [beside(here.checked_sub(1)), beside(Some(here + 1))],
    };
    Ok(visit.show(screen::page(&page, &frame)))
}

/// Judges a statement, and assesses the cases again that it bears on.
pub(super) async fn judge(
    visit: Visit,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Refusal> {
    let form = pairs(&body);
    let seen: Option<u64> = of(&form, "seen").parse().ok();
    let actor = visit.caller.actor.clone();
    let app = visit.app.clone();
    let done = take::work(&visit.app, move |current, room| {
        let desk = work(&app, &actor);
        let own = desk.statement(&id)?;
        let held = app.shelf.held(&app.ledger)?;
        let Some(command) = command(&held, &own, &form) else {
            return Ok(None);
        };
        desk.act(&id, seen, command)?;
        let now = desk.statement(&id)?;
        let mut assess = |transfer: &mut Value| {
            app.assess_case(current, &actor, transfer, room)
                .map_err(|unfit| unfit.to_string())
        };
        let followed = acts::follow(&app, &actor, load::now(), &now, &mut assess)?;
        Ok(Some((now, followed)))
    })
    .await?;
    let found = done.map_err(|trouble: Trouble| troubled(&visit, &trouble))?;
    let Some((own, followed)) = found else {
        return Err(visit.refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Not done",
            "choose one of the acts",
        ));
    };
    let to = format!("/evidence/papers/{}", own.made.report);
    Ok(visit.onward(&to, Mood::Go, &told(&own, &followed)))
}

/// What came of it, in a sentence.
fn told(own: &Statement, followed: &[Followed]) -> String {
    let mut says = format!("Recorded: {} is {}.", own.id, own.standing.word());
    for each in followed {
        let (before, after) = (each.before.replace('_', " "), each.after.replace('_', " "));
        let words = match &each.not_done {
            Some(why) => format!(" {} was not assessed again: {why}.", each.case),
            None if before == after => {
                format!(
                    " {} was assessed again: still {after}, with what is asked changed.",
                    each.case
                )
            }
            None => format!(" {} was assessed again: {before}, now {after}.", each.case),
        };
        says.push_str(&words);
    }
    says
}

/// The command of a form; none for a word that is no act.
fn command(held: &Held, own: &Statement, form: &[(String, String)]) -> Option<Command> {
    let text = |name: &str| of(form, name).to_owned();
    let some = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    let why = text("why");
    let answer = |is: RelationKind| Command::Answer {
        id: held.fresh(own, is),
        is,
        told: Told {
            speaker: some("r-speaker"),
            content: text("r-content"),
            said: some("r-said"),
            ..Told::default()
        },
        source: text("source"),
    };
    Some(match of(form, "do") {
        "accept" => Command::Accept {
            identified: each(form, "identified")
                .into_iter()
                .filter_map(|place| own.made.told.about.get(place.parse::<usize>().ok()?))
                .map(|name| Identified {
                    name: name.clone(),
                    country: None,
                    identifier: None,
                })
                .collect(),
            bears_on: some("bears_on")
                .map(|undertaking| Bearing {
                    undertaking,
                    shows: some("shows"),
                })
                .into_iter()
                .collect(),
            why,
        },
        "reject" => Command::Reject { why },
        "reopen" => Command::Reopen { why },
        "correct" => Command::Correct {
            id: held.fresh(own, RelationKind::Correction),
            told: Told {
                speaker: some("speaker"),
                role: some("role"),
                country: some("country"),
                kind: text("kind"),
                content: text("content"),
                said: some("said"),
                hedged: of(form, "hedged") == "yes",
                quote: of(form, "quote") == "yes",
                about: of(form, "about")
                    .split(';')
                    .map(str::trim)
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect(),
                ..Told::default()
            },
            identified: own.identified.clone(),
            bears_on: own.bears_on.clone(),
            why,
        },
        "reply" => answer(RelationKind::Reply),
        "relieve" => answer(RelationKind::Relief),
        "retract" => answer(RelationKind::Retraction),
        _ => return None,
    })
}

/// The most statements that are offered to choose from.
const MOST: usize = 300;

/// The report builder.
pub(super) async fn report(visit: Visit, uri: Uri) -> Result<Response, Refusal> {
    let held = held(&visit).await?;
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let wanted = Wanted {
        words: of(&query, "q").to_owned(),
        title: of(&query, "title").to_owned(),
    };
    let needle = wanted.words.to_lowercase();
    let accepted = || {
        held.statements
            .values()
            .map(AsRef::as_ref)
            .filter(|own: &&Statement| own.standing == Standing::Accepted)
    };
    let fits = |own: &&Statement| {
        let told = &own.made.told;
        let words = [
            told.speaker.as_deref().unwrap_or_default(),
            &told.content,
            &told.about.join(" "),
        ];
        needle.is_empty() || words.join(" ").to_lowercase().contains(&needle)
    };
    let name = |own: &Statement| {
        held.papers
            .get(&own.made.report)
            .map_or_else(|| own.made.report.clone(), |paper| screen::title(paper))
    };
    let all: Vec<(&Statement, String)> = accepted()
        .filter(fits)
        .take(MOST)
        .map(|own| (own, name(own)))
        .collect();
    let picked = each(&query, "s");
    let mut chosen: Vec<Chosen<'_>> = accepted()
        .filter(|own| picked.contains(&own.id.as_str()))
        .map(|own| Chosen {
            own,
            paper: held.papers.get(&own.made.report).map(AsRef::as_ref),
            answers: answers(&held, own),
        })
        .collect();
    chosen.sort_by(|a, b| {
        (&a.own.made.told.said, &a.own.id).cmp(&(&b.own.made.told.said, &b.own.id))
    });
    let title = if wanted.title.is_empty() {
        "Report on statements"
    } else {
        &wanted.title
    };
    let mut frame = visit.frame(title, "/evidence");
    frame.here = "/evidence/report";
    frame.dates = None;
    let by = (visit.viewer.name.as_str(), visit.dates.today);
    let page = screen::builder(&all, &wanted, &chosen, by, &frame);
    Ok(visit.show(page))
}

/// Accepted statements that answer one: those that name it, and those that its own text sets against it.
fn answers<'h>(held: &'h Held, own: &Statement) -> Vec<&'h Statement> {
    let pairs = held
        .papers
        .get(&own.made.report)
        .map_or(&[][..], |paper| paper.reading.contradictions.as_slice());
    let within = own.made.within.as_str();
    let against: Vec<&str> = pairs
        .iter()
        .filter_map(|pair| {
            if pair.a == within {
                Some(pair.b.as_str())
            } else if pair.b == within {
                Some(pair.a.as_str())
            } else {
                None
            }
        })
        .collect();
    held.statements
        .values()
        .map(AsRef::as_ref)
        .filter(|each: &&Statement| each.standing == Standing::Accepted && each.id != own.id)
        .filter(|each| {
            let named = each
                .made
                .relation
                .as_ref()
                .is_some_and(|relation| relation.of == own.id);
            let clash =
                each.made.report == own.made.report && against.contains(&each.made.within.as_str());
            named || clash
        })
        .collect()
}
