//! Movements of what a licence holds: reserved, released, shipped, corrected, reconciled with customs.

use super::{line_of, no_such, stated};
use crate::case::command::Office;
use crate::licence::command::{Done, LicenceRefused};
use crate::licence::event::{LicenceEvent, Line, Purpose, Return, Stated};
use crate::licence::{CountError, Counts, Licence, Seen, Shipment, counts_for, fold, shown};

impl Office<'_> {
    pub(super) fn reserve(
        &self,
        licence: &Licence,
        reservation: String,
        line: u32,
        amounts: Stated,
        purpose: Purpose,
    ) -> Result<Done, LicenceRefused> {
        stated(
            "the reservation's key",
            &reservation,
            "give one, as the number of the order",
        )?;
        if let Some(known) = licence.reservations.get(&reservation) {
            let same = known.line == line && known.stated == amounts && known.purpose == purpose;
            return repeat(
                same,
                licence,
                "reservation",
                &reservation,
                known.stated.says(),
                "use another key for another order, or release the first",
            );
        }
        let row = line_of(licence, line)?;
        covered(licence, &purpose)?;
        let counts = counts_for(row, &amounts).map_err(|why| count(licence, why))?;
        enough(licence, row, counts)?;
        let key = format!("licence/{}/reserve/{reservation}", licence.id);
        let says = format!(
            "reserved {} of {} line {line} for {reservation}",
            amounts.says(),
            licence.id
        );
        let event = LicenceEvent::Reserved {
            reservation,
            line,
            amounts,
            purpose,
        };
        self.drafted(&licence.id, event, Some(key), says)
    }

    pub(super) fn release(
        &self,
        licence: &Licence,
        reservation: String,
        amounts: Stated,
        why: String,
    ) -> Result<Done, LicenceRefused> {
        stated("the reason", &why, "say why it is released")?;
        let Some(held) = licence.reservations.get(&reservation) else {
            let keys: Vec<&str> = licence.reservations.keys().map(String::as_str).collect();
            return Err(no_such(licence, "reservation", &reservation, &keys));
        };
        let row = line_of(licence, held.line)?;
        let counts = match amounts {
            Stated {
                quantity: None,
                value: None,
            } => held.left,
            amounts => counts_for(row, &amounts).map_err(|why| count(licence, why))?,
        };
        if counts.is_none() || !counts.within(held.left) {
            return Err(LicenceRefused::Short {
                licence: licence.id.clone(),
                short: format!("reservation {reservation} holds {}", shown(row, held.left)),
                cure: "release that or less".to_owned(),
            });
        }
        let says = format!("released {} of {reservation}", shown(row, counts));
        self.drafted(
            &licence.id,
            LicenceEvent::Released {
                reservation,
                amounts,
                why,
            },
            None,
            says,
        )
    }

    pub(super) fn ship(
        &self,
        licence: &Licence,
        declaration: String,
        line: u32,
        amounts: Stated,
        reservation: Option<String>,
        purpose: Purpose,
    ) -> Result<Done, LicenceRefused> {
        stated(
            "the declaration",
            &declaration,
            "give the number of the customs declaration",
        )?;
        let place = (declaration.clone(), line);
        let known = licence.shipments.get(&place);
        if let Some(ours) = known.and_then(|shipment| shipment.ours.as_ref()) {
            let same = ours.stated == amounts && ours.reservation == reservation;
            return repeat(
                same,
                licence,
                "declaration",
                &declaration,
                ours.stated.says(),
                "correct it with its reason, or give the other shipment its own declaration",
            );
        }
        let row = line_of(licence, line)?;
        let counts = counts_for(row, &amounts).map_err(|why| count(licence, why))?;
        let mut purpose = purpose;
        if let Some(key) = &reservation {
            let Some(held) = licence
                .reservations
                .get(key)
                .filter(|held| held.line == line)
            else {
                let keys: Vec<&str> = licence.reservations.keys().map(String::as_str).collect();
                return Err(no_such(licence, "reservation of that line", key, &keys));
            };
            purpose = inherited(purpose, &held.purpose);
            if !counts.within(held.left) {
                return Err(LicenceRefused::Short {
                    licence: licence.id.clone(),
                    short: format!(
                        "reservation {key} holds {}, and {} is shipped",
                        shown(row, held.left),
                        shown(row, counts)
                    ),
                    cure: "ship that or less of it, and the rest without it".to_owned(),
                });
            }
        }
        covered(licence, &purpose)?;
        // What customs has seen of this declaration is counted already.
        let counted = known.map_or(Default::default(), Shipment::counts);
        let further = counts.or_more(counted).less(counted);
        let of_reserve = if reservation.is_some() {
            counts
        } else {
            Default::default()
        };
        enough(
            licence,
            row,
            further.less(of_reserve).or_more(Default::default()),
        )?;
        let key = format!("licence/{}/ship/{declaration}/{line}", licence.id);
        let says = format!(
            "shipped {} of {} line {line}, declaration {declaration}",
            amounts.says(),
            licence.id
        );
        let event = LicenceEvent::Shipped {
            declaration,
            line,
            amounts,
            reservation,
            purpose,
        };
        self.drafted(&licence.id, event, Some(key), says)
    }

    pub(super) fn correct(
        &self,
        licence: &Licence,
        declaration: String,
        line: u32,
        amounts: Stated,
        why: String,
    ) -> Result<Done, LicenceRefused> {
        stated("the reason", &why, "say what was wrong")?;
        let row = line_of(licence, line)?;
        let known = licence.shipments.get(&(declaration.clone(), line));
        let Some((shipment, _)) =
            known.and_then(|shipment| Some((shipment, shipment.ours.as_ref()?)))
        else {
            let keys: Vec<&str> = licence
                .shipments
                .keys()
                .map(|(declaration, _)| declaration.as_str())
                .collect();
            return Err(no_such(
                licence,
                "recorded declaration",
                &declaration,
                &keys,
            ));
        };
        let counts = counts_for(row, &amounts).map_err(|why| count(licence, why))?;
        let seen = shipment
            .customs
            .as_ref()
            .map_or(Default::default(), Seen::counts);
        let further = counts
            .or_more(seen)
            .less(shipment.counts())
            .or_more(Default::default());
        enough(licence, row, further)?;
        let says = format!("declaration {declaration} corrected to {}", amounts.says());
        self.drafted(
            &licence.id,
            LicenceEvent::Corrected {
                declaration,
                line,
                amounts,
                why,
            },
            None,
            says,
        )
    }

    pub(super) fn reconcile(
        &self,
        licence: &Licence,
        taken: Return,
    ) -> Result<Done, LicenceRefused> {
        stated(
            "the return's id",
            &taken.batch,
            "give the batch's own id, so that a repeat is known",
        )?;
        if let Some(known) = licence.batches.get(&taken.batch) {
            let same = *known == fold::digest(&taken);
            return repeat(
                same,
                licence,
                "batch",
                &taken.batch.clone(),
                "something else".to_owned(),
                "a return that says something else needs an id of its own",
            );
        }
        let says = format!("return {} taken: {} rows", taken.batch, taken.rows.len());
        let key = format!("licence/{}/return/{}", licence.id, taken.batch);
        self.drafted(
            &licence.id,
            LicenceEvent::Reconciled(taken),
            Some(key),
            says,
        )
    }
}

fn covered(licence: &Licence, purpose: &Purpose) -> Result<(), LicenceRefused> {
    let reasons = licence.against(purpose);
    if reasons.is_empty() {
        return Ok(());
    }
    Err(LicenceRefused::NotCovered {
        licence: licence.id.clone(),
        reasons,
    })
}

fn enough(licence: &Licence, line: &Line, wanted: Counts) -> Result<(), LicenceRefused> {
    let Some(short) = licence.short_of(line, wanted) else {
        return Ok(());
    };
    let left = licence
        .balance(line.number)
        .map_or(String::new(), |balance| shown(line, balance.available));
    Err(LicenceRefused::Short {
        licence: licence.id.clone(),
        short,
        cure: format!("take {left} or less, or ask for an amendment"),
    })
}

fn count(licence: &Licence, why: CountError) -> LicenceRefused {
    LicenceRefused::Count {
        licence: licence.id.clone(),
        why,
    }
}

/// What a shipment is for: what it says, and for the rest what its reservation said.
fn inherited(purpose: Purpose, held: &Purpose) -> Purpose {
    Purpose {
        transfer: purpose.transfer.or_else(|| held.transfer.clone()),
        end_user: purpose.end_user.or_else(|| held.end_user.clone()),
        consignee: purpose.consignee.or_else(|| held.consignee.clone()),
        to: purpose.to.or_else(|| held.to.clone()),
        on: purpose.on,
    }
}

/// A repeat of what was done: of no effect when it says the same.
fn repeat(
    same: bool,
    licence: &Licence,
    what: &'static str,
    key: &str,
    known: String,
    cure: &'static str,
) -> Result<Done, LicenceRefused> {
    if same {
        return Ok(Done {
            drafts: Vec::new(),
            says: format!("{what} {key} was recorded already; nothing changed"),
        });
    }
    Err(LicenceRefused::Taken {
        licence: licence.id.clone(),
        what,
        key: key.to_owned(),
        known,
        cure,
    })
}
