//! The law's pages.

use axum::extract::Path;
use axum::http::Uri;
use axum::response::Response;
use catchall_model::Day;

use super::{of, pairs};
use crate::desk::law::{self, Search};
use crate::desk::visit::{Refusal, Visit};

fn query(uri: &Uri) -> Vec<(String, String)> {
    pairs(uri.query().unwrap_or_default().as_bytes())
}

/// All instruments.
pub(super) async fn instruments(visit: Visit, uri: Uri) -> Response {
    let query = query(&uri);
    let search = Search {
        words: of(&query, "q").to_owned(),
        jurisdiction: of(&query, "jurisdiction").to_owned(),
    };
    let frame = visit.frame("Law", "/law");
    let page = law::instruments(visit.current.assessor.law(), &search, visit.on(), &frame);
    visit.show(page)
}

/// One instrument.
pub(super) async fn instrument(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let here = format!("/law/instruments/{id}");
    let mut frame = visit.frame(format!("{id}, law"), "/law");
    frame.here = &here;
    let page = law::instrument(visit.current.assessor.law(), &id, visit.on(), &frame);
    page.map(|page| visit.show(page))
        .ok_or_else(|| visit.nothing("No instrument of this name is held."))
}

/// One provision.
pub(super) async fn provision(visit: Visit, Path(id): Path<String>) -> Result<Response, Refusal> {
    let here = format!("/law/provisions/{id}");
    let mut frame = visit.frame(format!("{id}, law"), "/law");
    frame.here = &here;
    let page = law::provision(visit.current.assessor.law(), &id, visit.on(), &frame);
    page.map(|page| visit.show(page))
        .ok_or_else(|| visit.nothing("No provision of this name is held."))
}

/// One control list.
pub(super) async fn list(
    visit: Visit,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let here = format!("/law/lists/{id}");
    let mut frame = visit.frame(format!("{id}, control list"), "/law");
    frame.here = &here;
    let query = query(&uri);
    let page = law::list(
        visit.current.assessor.law(),
        &id,
        of(&query, "q"),
        visit.on(),
        &frame,
    );
    page.map(|page| visit.show(page))
        .ok_or_else(|| visit.nothing("No control list of this name is held."))
}

/// One entry.
pub(super) async fn entry(
    visit: Visit,
    Path((list, code)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    let here = format!("/law/lists/{list}/{code}");
    let mut frame = visit.frame(format!("{code}, control list entry"), "/law");
    frame.here = &here;
    let page = law::entry(
        visit.current.assessor.law(),
        &list,
        &code,
        visit.on(),
        &frame,
    );
    page.map(|page| visit.show(page))
        .ok_or_else(|| visit.nothing("The list holds no entry of this code."))
}

/// Two days compared; a year before today when nothing is said.
pub(super) async fn compare(visit: Visit, uri: Uri) -> Response {
    let query = query(&uri);
    let today = visit.dates.today;
    let day = |name: &str| Day::parse(of(&query, name)).ok();
    let to = day("to").unwrap_or(today);
    let from = day("from").unwrap_or_else(|| Day::from_number(to.number() - 365));
    let (from, to) = (from.min(to), from.max(to));
    let mut frame = visit.frame("Two days compared, law", "/law");
    frame.dates = None;
    let page = law::compare(
        visit.current.assessor.law(),
        from,
        to,
        of(&query, "q"),
        &frame,
    );
    visit.show(page)
}

/// Every word that a transfer may say.
pub(super) async fn words(visit: Visit, uri: Uri) -> Response {
    let query = query(&uri);
    let mut frame = visit.frame("Words and facts", "/law");
    frame.dates = None;
    let page = law::vocabulary(visit.current.assessor.law(), of(&query, "q"), &frame);
    visit.show(page)
}
