//! The pages of commitments.

use axum::extract::Path;
use axum::http::Uri;
use axum::response::Response;
use catchall_law::commitments::Record;
use catchall_model::Day;

use super::{of, pairs};
use crate::commitments::{self, Asked, Commitment, name_of};
use crate::desk::commitments::{self as screen, Row, Search};
use crate::desk::visit::{Refusal, Visit};
use crate::http::take;

/// The record that the page asks for: by the day in the header, all of it otherwise.
fn known_by(visit: &Visit) -> Day {
    visit.dates.known_by.unwrap_or(visit.dates.today)
}

/// The packs' record with what was accepted, for whoever may read statements; and the digest of that.
async fn record(visit: &Visit) -> Result<(Record, String), Refusal> {
    let current = visit.current.clone();
    if !visit.may_here("statement.read") {
        return Ok((current.assessor.law().record.clone(), String::new()));
    }
    let found = take::blocking(&visit.app, move |app| {
        let held = app.shelf.held(&app.ledger)?;
        Ok(commitments::with_accepted(current.assessor.law(), &held))
    })
    .await?;
    found.map_err(|error: catchall_ledger::LedgerError| visit.troubled(&error.into()))
}

/// States against undertakings.
pub(super) async fn all(visit: Visit, uri: Uri) -> Result<Response, Refusal> {
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let search = Search {
        by: of(&query, "by").to_owned(),
        standing: of(&query, "standing").to_owned(),
    };
    let (on, known) = (visit.on(), known_by(&visit));
    let law = visit.current.assessor.law();
    let (record, _) = record(&visit).await?;
    let places = &visit.current.places;
    let by = places
        .find(&search.by)
        .map_or_else(|| search.by.clone(), |country| country.code().to_owned());
    let name = |party: &str| name_of(places, party);
    let held = record
        .undertakings
        .iter()
        .filter(|each| each.recorded.is_none_or(|day| day <= known));
    let count = held.clone().count();
    let rows: Vec<Row<'_>> = held
        .filter(|each| by.is_empty() || each.by.contains(&by))
        .map(|each| Row {
            id: &each.id,
            title: &each.title,
            instrument: each
                .instrument
                .and_then(|place| law.instruments.get(place))
                .map_or("of no instrument", |instrument| instrument.title.as_str()),
            answer: record.standing(each, on, Some(known), &name),
        })
        .filter(|row| search.standing.is_empty() || row.answer.standing.word() == search.standing)
        .collect();
    let mut frame = visit.frame("Commitments", "/commitments");
    frame.presets = presets(visit.dates.today);
    Ok(visit.show(screen::matrix(&rows, &search, places, count, on, &frame)))
}

/// Days worth a click: today, and the last days of years that the record tells of.
fn presets(today: Day) -> Vec<(String, Option<Day>)> {
    let mut all = vec![("Today".to_owned(), None)];
    let days = ["1995-12-31", "1998-12-31", "2000-03-22", "2001-01-31"];
    all.extend(
        days.iter()
            .filter_map(|day| Day::parse(day).ok())
            .filter(|day| *day < today)
            .map(|day| (crate::desk::day_words(day), Some(day))),
    );
    all
}

/// The lanes of an instrument or of one undertaking.
pub(super) async fn lanes(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let (on, known, today) = (visit.on(), known_by(&visit), visit.dates.today);
    let wanted = id.clone();
    let (record, digest) = record(&visit).await?;
    let made = take::work(&visit.app, move |current, _| {
        let law = current.assessor.law();
        let all = commitments::named(&record, &wanted);
        // What lies behind the day asked is shown on a shade, as far as something happened.
        let last = all
            .iter()
            .flat_map(|each| record.acts_of(each))
            .map(|act| act.date.last)
            .filter(|day| *day <= today)
            .max();
        let asked = Asked {
            on,
            known_by: known,
            through: last
                .map_or(on, |last| last.plus_months(3))
                .min(today)
                .max(on),
        };
        all.into_iter()
            .filter(|each| each.recorded.is_none_or(|day| day <= known))
            .map(|each| commitments::document(law, &record, &digest, &current.places, each, asked))
            .collect::<Vec<Commitment>>()
    })
    .await?;
    let Some(first) = made.first() else {
        return Err(visit.nothing("No undertaking and no instrument of this name is recorded."));
    };
    let here = format!("/commitments/of/{id}");
    let title = match made.as_slice() {
        [one] => one.title.clone(),
        _ => first.instrument.clone().unwrap_or_else(|| id.clone()),
    };
    let mut frame = visit.frame(format!("{title}, commitments"), "/commitments");
    frame.here = &here;
    frame.presets = presets(today);
    let law = visit.current.assessor.law();
    Ok(visit.show(screen::lanes(&id, law, &made, &frame)))
}
