//! Discrepancy: what does not add up between what we recorded and what customs saw.
//!
//! Worked out afresh from what stands, so that it is the same in whatever order returns came. Its key holds its figures:
//! an answer counts until they change.

use catchall_model::Day;
use serde::Serialize;

use super::{Counts, Licence, Seen, Shipment, Standing, shown};
use crate::case::Stamp;

/// What sort of trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trouble {
    /// More left than was granted.
    OverUse,
    /// More is reserved than is left for it.
    OverReserved,
    /// It left on a day on which the licence was not in force.
    OutOfForce,
    /// Customs counts in another unit.
    UnitMismatch,
    /// Customs names a line that the licence lacks.
    NoSuchLine,
    /// Customs saw a shipment that we did not record.
    UnknownShipment,
    /// Both recorded it, with different figures.
    Differs,
    /// Customs has not seen it yet.
    NotReturned,
}

/// Something that does not add up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Discrepancy {
    /// Tells it apart: declaration, line, trouble and figures.
    pub key: String,
    /// What sort.
    pub trouble: Trouble,
    /// The declaration, where it is about one.
    pub declaration: Option<String>,
    /// The line.
    pub line: u32,
    /// In a sentence.
    pub says: String,
    /// Who answered it, and how.
    pub answered: Option<(Stamp, String)>,
}

pub(super) fn all(licence: &Licence) -> Vec<Discrepancy> {
    let mut found = Vec::new();
    for line in &licence.terms.lines {
        of_balance(licence, line.number, &mut found);
    }
    for ((declaration, line), shipment) in &licence.shipments {
        of_shipment(licence, declaration, *line, shipment, &mut found);
    }
    for (batch, declaration, line) in &licence.strays {
        let says = format!(
            "return {batch} names line {line} under declaration {declaration}; the licence has no such line, and nothing was counted"
        );
        found.push(one(
            licence,
            Trouble::NoSuchLine,
            Some(declaration),
            *line,
            batch,
            says,
        ));
    }
    found.sort_by(|a, b| (a.trouble, &a.key).cmp(&(b.trouble, &b.key)));
    found
}

fn one(
    licence: &Licence,
    trouble: Trouble,
    declaration: Option<&str>,
    line: u32,
    figures: &str,
    says: String,
) -> Discrepancy {
    let word = serde_json::to_value(trouble).ok();
    let word = word
        .as_ref()
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let key = match declaration {
        Some(declaration) => format!("{word}/{declaration}/{line}/{figures}"),
        None => format!("{word}/{line}/{figures}"),
    };
    Discrepancy {
        answered: licence.answered.get(&key).cloned(),
        key,
        trouble,
        declaration: declaration.map(str::to_owned),
        line,
        says,
    }
}

fn of_balance(licence: &Licence, number: u32, found: &mut Vec<Discrepancy>) {
    let (Some(line), Some(balance)) = (licence.line(number), licence.balance(number)) else {
        return;
    };
    let over = balance
        .shipped
        .less(balance.granted)
        .or_more(Counts::default());
    if !over.is_none() {
        let figures = shown(line, over);
        let says = format!(
            "line {number}: {figures} more left than the {} that were granted; nothing is left, and nothing more can be reserved or shipped",
            shown(line, balance.granted)
        );
        found.push(one(licence, Trouble::OverUse, None, number, &figures, says));
        return;
    }
    let short = balance
        .shipped
        .plus(balance.reserved)
        .less(balance.granted)
        .or_more(Counts::default());
    if !short.is_none() {
        let figures = shown(line, short);
        let says = format!(
            "line {number}: {figures} of what is reserved are no longer there, because customs saw more leave than we recorded; release them, or ask for an amendment"
        );
        found.push(one(
            licence,
            Trouble::OverReserved,
            None,
            number,
            &figures,
            says,
        ));
    }
}

fn of_shipment(
    licence: &Licence,
    declaration: &str,
    number: u32,
    shipment: &Shipment,
    found: &mut Vec<Discrepancy>,
) {
    let Some(line) = licence.line(number) else {
        return;
    };
    let mut add = |trouble: Trouble, figures: &str, says: String| {
        found.push(one(
            licence,
            trouble,
            Some(declaration),
            number,
            figures,
            says,
        ));
    };
    match (&shipment.ours, &shipment.customs) {
        (Some(ours), None) => {
            let figures = shown(line, ours.counts);
            add(
                Trouble::NotReturned,
                &figures,
                format!("declaration {declaration}: {figures} shipped, not yet in a return"),
            );
        }
        (None, Some(seen)) => {
            let figures = shown(line, seen.counts());
            add(
                Trouble::UnknownShipment,
                &figures,
                format!(
                    "declaration {declaration}: return {} says {figures}, and we recorded no shipment; it is counted as customs saw it",
                    seen.batch
                ),
            );
        }
        (Some(ours), Some(seen)) if ours.counts != seen.counts() => {
            let (ours, theirs) = (shown(line, ours.counts), shown(line, seen.counts()));
            add(
                Trouble::Differs,
                &format!("{ours}/{theirs}"),
                format!(
                    "declaration {declaration}: ours says {ours}, return {} says {theirs}; the more of the two is counted",
                    seen.batch
                ),
            );
        }
        _ => {}
    }
    let newest = shipment
        .customs
        .as_ref()
        .map(|seen| (seen.sent, seen.batch.as_str()));
    for (sent, batch, why) in &shipment.uncounted {
        if newest.is_none_or(|newest| (*sent, batch.as_str()) > newest) {
            add(
                Trouble::UnitMismatch,
                batch,
                format!("declaration {declaration}, return {batch}: {why}"),
            );
        }
    }
    if let Some((day, standing)) = out_of_force(licence, shipment) {
        add(
            Trouble::OutOfForce,
            &day.to_string(),
            format!(
                "declaration {declaration}: left on {day}, when the licence was {}",
                standing.word().replace('_', " ")
            ),
        );
    }
}

/// The day on which it left while the licence was not in force: by our record, and by customs'.
fn out_of_force(licence: &Licence, shipment: &Shipment) -> Option<(Day, Standing)> {
    let ours = shipment.ours.as_ref().map(|ours| ours.purpose.on);
    let seen = shipment
        .customs
        .as_ref()
        .map(|seen: &Seen| seen.on.unwrap_or(seen.sent));
    let days = seen.into_iter().chain(ours);
    let standings = days.map(|day| (day, licence.standing(day)));
    standings
        .into_iter()
        .find(|(_, standing)| *standing != Standing::InForce)
}
