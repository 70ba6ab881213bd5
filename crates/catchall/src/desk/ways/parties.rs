//! Parties: look one up, and its dossier.

use std::collections::BTreeMap;

use axum::http::Uri;
use axum::response::Response;
use catchall_ledger::Ask;
use catchall_ledger::licence::event::{LicenceEvent, Terms};
use catchall_model::Party;
use catchall_report::gazetteer::Gazetteers;
use catchall_report::graph::{Evidence, Question, evidence};
use serde_json::Value;

use super::{cases, of, pairs};
use crate::app::App;
use crate::casework;
use crate::desk::answer::{list, text};
use crate::desk::party::{self, Mention};
use crate::desk::visit::{Refusal, Visit};
use crate::http::take;

/// The most cases that a dossier or a search reads.
const MOST: usize = 400;

/// Cases that this person may read, each with its transfer; the most urgent first.
async fn mentions(visit: &Visit) -> Result<Vec<Mention>, Refusal> {
    let ids: Vec<String> = cases::visible(visit)
        .await?
        .iter()
        .take(MOST)
        .map(|line| line.summary.id.clone())
        .collect();
    let actor = visit.caller.actor.clone();
    let past = visit.past();
    let found = take::blocking(&visit.app, move |app| {
        let work = cases::work(app, &actor);
        let all = ids.iter().filter_map(|id| work.case_by(id, past).ok());
        all.map(|case| {
            let entry = case.answer().map_or(0, |answer| answer.entry);
            let transfer = casework::determined(&app.ledger, entry)
                .ok()
                .flatten()
                .map(|found| found.transfer)
                .unwrap_or_default();
            Mention { case, transfer }
        })
        .collect()
    })
    .await?;
    Ok(found)
}

/// Every name that stands in a transfer: parties and their owners.
fn names(transfer: &Value) -> Vec<&str> {
    let parties = list(transfer, "parties");
    let owners = parties.iter().flat_map(|party| list(party, "owners"));
    parties
        .iter()
        .chain(owners)
        .map(|each| text(each, "name"))
        .filter(|name| !name.is_empty())
        .collect()
}

async fn screened(
    visit: &Visit,
    name: &str,
    country: &str,
) -> Result<Vec<catchall_model::Hit>, Refusal> {
    let asked = Party {
        name: Some(name.to_owned()),
        country: visit.current.places.find(country),
        ..Party::default()
    };
    let on = visit.on();
    Ok(take::work(&visit.app, move |current, room| {
        current.assessor.screen(&asked, "", on, room)
    })
    .await?)
}

/// Looks for a party.
pub(super) async fn search(visit: Visit, uri: Uri) -> Result<Response, Refusal> {
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let (words, country) = (of(&query, "q"), of(&query, "country"));
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    if visit.may_here("case.read") {
        let wanted = catchall_law::fold_name(words);
        for mention in mentions(&visit).await? {
            for name in names(&mention.transfer) {
                if wanted.is_empty()
                    || catchall_law::fold_name(name).contains(&wanted)
                    || name.contains(words)
                {
                    *known.entry(name.to_owned()).or_default() += 1;
                }
            }
        }
    }
    let known: Vec<(String, usize)> = known.into_iter().take(200).collect();
    let hits = if words.is_empty() {
        None
    } else {
        Some(screened(&visit, words, country).await?)
    };
    let lists = visit.current.assessor.lists().0.len();
    let frame = visit.frame("Parties", "/parties");
    let page = party::search(words, country, hits.as_deref(), lists, &known, &frame);
    Ok(visit.show(page))
}

/// One party's dossier.
pub(super) async fn one(visit: Visit, uri: Uri) -> Result<Response, Refusal> {
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let name = of(&query, "name").to_owned();
    let all = mentions(&visit).await?;
    let own: Vec<Mention> = all
        .into_iter()
        .filter(|mention| names(&mention.transfer).contains(&name.as_str()))
        .collect();
    let evidence = reported(&visit, &name).await?;
    let told = evidence.as_ref().is_some_and(|found| {
        !found.claims.is_empty() || !found.answers.is_empty() || found.mentioned > 0
    });
    if own.is_empty() && !told {
        return Err(
            visit.nothing("No party of this name is in a case or a statement that you may read.")
        );
    }
    let country = own
        .iter()
        .flat_map(|mention| list(&mention.transfer, "parties"))
        .find(|party| text(party, "name") == name)
        .map(|party| text(party, "country").to_owned());
    let hits = screened(&visit, &name, country.as_deref().unwrap_or_default()).await?;
    let wanted = name.clone();
    let may_read = visit.may_here("licence.read");
    let licences = take::blocking(&visit.app, move |app| {
        if may_read {
            named(app, &wanted)
        } else {
            Vec::new()
        }
    })
    .await?;
    let here = format!("/parties/of?name={}", crate::address::escaped(&name));
    let mut frame = visit.frame(format!("{name}, party"), "/parties");
    frame.here = &here;
    let page = party::Page {
        name: &name,
        mentions: &own,
        licences: &licences,
        hits: &hits,
        lists: visit.current.assessor.lists().0.len(),
        evidence: evidence.as_ref(),
    };
    Ok(visit.show(party::page(&page, &frame)))
}

/// What accepted statements say of a party; none for whoever may not read them.
async fn reported(visit: &Visit, name: &str) -> Result<Option<Evidence>, Refusal> {
    if !visit.may_here("statement.read") {
        return Ok(None);
    }
    let asked = Question::Party(name.to_owned());
    let on = visit.dates.as_of.map(crate::evidence::acts::date);
    let past = visit.past();
    let found = take::blocking(&visit.app, move |app| {
        let words = Gazetteers::built_in().ok()?;
        let held = match past {
            None => app.shelf.held(&app.ledger).ok()?,
            Some(day) => app.shelf.stood(&app.ledger, day).ok()?,
        };
        Some(evidence(&held.accepted(on), &asked, words, on))
    })
    .await?;
    Ok(found)
}

/// Licences whose terms name somebody.
fn named(app: &App, name: &str) -> Vec<(String, &'static str)> {
    let all = app
        .ledger
        .entries(&Ask::all().kind("licence.issued").limit(Ask::MOST))
        .unwrap_or_default();
    let part = |terms: &Terms| {
        if terms.holder == name {
            Some("holder")
        } else if terms.end_users.iter().any(|each| each.name == name) {
            Some("end user")
        } else if terms.consignees.iter().any(|each| each.name == name) {
            Some("consignee")
        } else {
            None
        }
    };
    all.iter()
        .filter_map(|entry| {
            let id = entry.stream.strip_prefix("licence/")?.to_owned();
            match LicenceEvent::read(&entry.kind, entry.body.value()?).ok()? {
                LicenceEvent::Issued(terms) => part(&terms).map(|part| (id, part)),
                _ => None,
            }
        })
        .collect()
}
