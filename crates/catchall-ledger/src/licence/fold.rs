//! Fold: entries to a licence, one after the other. Reads and never refuses, but for entries that no licence can hold.

use catchall_model::Day;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::event::{Amendment, LicenceEvent, Purpose, Return, Row, Stated, Terms, Turn};
use super::measure::Measure;
use super::{Counts, Licence, Movement, Ours, Reservation, Seen, Standing, counts_for};
use crate::Entry;
use crate::case::Stamp;
use crate::case::event::EventError;
use crate::folding::Folded;

impl Folded for Licence {
    type Event = LicenceEvent;
    const STREAM: &'static str = "licence/";

    fn read(kind: &str, body: &Value) -> Result<LicenceEvent, EventError> {
        LicenceEvent::read(kind, body)
    }

    fn begin(id: &str, first: &Entry, stamp: Stamp, event: LicenceEvent) -> Option<Licence> {
        match event {
            LicenceEvent::Issued(terms) => Some(issue(id, first, stamp, terms)),
            _ => None,
        }
    }

    fn apply(&mut self, stamp: &Stamp, event: LicenceEvent) -> Result<String, String> {
        self.take(stamp, event)
    }

    fn irregular(&mut self, number: u64, why: String) {
        self.irregular.push((number, why));
    }

    fn note(&mut self, stamp: Stamp, kind: &str, says: String) {
        self.seen = stamp.number;
        self.movements.push(Movement {
            stamp,
            kind: kind.to_owned(),
            says,
        });
    }
}

fn issue(id: &str, entry: &Entry, stamp: Stamp, terms: Terms) -> Licence {
    let lines: Vec<String> = terms
        .lines
        .iter()
        .map(|line| super::shown(line, super::granted(line)))
        .collect();
    let says = format!("issued: {}", lines.join("; "));
    Licence {
        id: id.to_owned(),
        terms,
        issued: stamp.clone(),
        turns: Vec::new(),
        reservations: Default::default(),
        shipments: Default::default(),
        batches: Default::default(),
        strays: Default::default(),
        answered: Default::default(),
        irregular: Vec::new(),
        seen: entry.number,
        movements: vec![Movement {
            stamp,
            kind: entry.kind.clone(),
            says,
        }],
    }
}

impl Licence {
    fn take(&mut self, stamp: &Stamp, event: LicenceEvent) -> Result<String, String> {
        match event {
            LicenceEvent::Issued(_) => Err("the licence was issued already".to_owned()),
            LicenceEvent::Amended { change, why } => Ok(self.amend(change, &why)),
            LicenceEvent::Suspended(turn) => self.turn(stamp, Standing::Suspended, turn),
            LicenceEvent::Resumed(turn) => self.turn(stamp, Standing::InForce, turn),
            LicenceEvent::Revoked(turn) => self.turn(stamp, Standing::Revoked, turn),
            LicenceEvent::Surrendered(turn) => self.turn(stamp, Standing::Surrendered, turn),
            LicenceEvent::Expired(turn) => {
                for reservation in self.reservations.values_mut() {
                    reservation.left = Counts::default();
                }
                self.turn(stamp, Standing::Expired, turn)
            }
            LicenceEvent::Reserved {
                reservation,
                line,
                amounts,
                purpose,
            } => self.reserve(stamp, reservation, line, amounts, purpose),
            LicenceEvent::Released {
                reservation,
                amounts,
                why,
            } => self.release(&reservation, amounts, &why),
            LicenceEvent::Shipped {
                declaration,
                line,
                amounts,
                reservation,
                purpose,
            } => self.ship(stamp, declaration, line, amounts, reservation, purpose),
            LicenceEvent::Corrected {
                declaration,
                line,
                amounts,
                why,
            } => self.correct(stamp, declaration, line, amounts, &why),
            LicenceEvent::Reconciled(taken) => self.reconcile(taken),
            LicenceEvent::Refused { wanted, why } => {
                Ok(format!("refused, nothing changed: {wanted}: {why}"))
            }
            LicenceEvent::Answered { discrepancy, how } => {
                let says = format!("discrepancy {discrepancy}: {how}");
                self.answered.insert(discrepancy, (stamp.clone(), how));
                Ok(says)
            }
        }
    }

    fn turn(&mut self, stamp: &Stamp, to: Standing, turn: Turn) -> Result<String, String> {
        let says = format!(
            "{} from {}: {}",
            to.word().replace('_', " "),
            turn.from,
            turn.why
        );
        self.turns.push((turn.from, to, stamp.clone(), turn.why));
        Ok(says)
    }

    fn amend(&mut self, change: Amendment, why: &str) -> String {
        let mut parts = Vec::new();
        if let Some(until) = change.until {
            parts.push(format!("until {until}"));
            self.terms.until = Some(until);
        }
        for line in change.lines {
            parts.push(format!(
                "line {}: {}",
                line.number,
                super::shown(&line, super::granted(&line))
            ));
            match self
                .terms
                .lines
                .iter_mut()
                .find(|each| each.number == line.number)
            {
                Some(old) => *old = line,
                None => self.terms.lines.push(line),
            }
        }
        let mut note = |name: &str| parts.push(name.to_owned());
        if let Some(end_users) = change.end_users {
            note("other end users");
            self.terms.end_users = end_users;
        }
        if let Some(consignees) = change.consignees {
            note("other consignees");
            self.terms.consignees = consignees;
        }
        if let Some(destinations) = change.destinations {
            note("other destinations");
            self.terms.destinations = destinations;
        }
        if let Some(conditions) = change.conditions {
            note("other conditions");
            self.terms.conditions = conditions;
        }
        format!("amended ({}): {why}", parts.join(", "))
    }

    fn counts(&self, line: u32, amounts: &Stated) -> Result<Counts, String> {
        let line = self
            .line(line)
            .ok_or_else(|| format!("there is no line {line}"))?;
        counts_for(line, amounts).map_err(|error| error.to_string())
    }

    fn reserve(
        &mut self,
        stamp: &Stamp,
        key: String,
        line: u32,
        stated: Stated,
        purpose: Purpose,
    ) -> Result<String, String> {
        let counts = self.counts(line, &stated)?;
        if self.reservations.contains_key(&key) {
            return Err(format!("reservation {key} was there already"));
        }
        let left = self
            .balance(line)
            .map_or(Counts::default(), |balance| balance.available);
        if !counts.within(left) {
            return Err(format!("reservation {key} is for more than was left"));
        }
        let says = format!("reserved {} of line {line} for {key}", stated.says());
        let reservation = Reservation {
            stamp: stamp.clone(),
            line,
            stated,
            purpose,
            left: counts,
        };
        self.reservations.insert(key, reservation);
        Ok(says)
    }

    fn release(&mut self, key: &str, stated: Stated, why: &str) -> Result<String, String> {
        let found = self
            .reservations
            .get(key)
            .ok_or_else(|| format!("there is no reservation {key}"))?;
        let counts = match stated {
            Stated {
                quantity: None,
                value: None,
            } => found.left,
            stated => self.counts(found.line, &stated)?,
        };
        if !counts.within(found.left) {
            return Err(format!("reservation {key} holds less than that"));
        }
        if let Some(found) = self.reservations.get_mut(key) {
            found.left = found.left.less(counts);
        }
        Ok(format!("released {} of {key}: {why}", stated.says()))
    }

    fn ship(
        &mut self,
        stamp: &Stamp,
        declaration: String,
        line: u32,
        stated: Stated,
        reservation: Option<String>,
        purpose: Purpose,
    ) -> Result<String, String> {
        let counts = self.counts(line, &stated)?;
        let place = (declaration.clone(), line);
        if self
            .shipments
            .get(&place)
            .is_some_and(|shipment| shipment.ours.is_some())
        {
            return Err(format!("declaration {declaration} was recorded already"));
        }
        if let Some(key) = &reservation {
            let held = self
                .reservations
                .get_mut(key)
                .ok_or_else(|| format!("there is no reservation {key}"))?;
            if !counts.within(held.left) {
                return Err(format!("reservation {key} holds less than that"));
            }
            held.left = held.left.less(counts);
        }
        let from = reservation
            .as_deref()
            .map_or(String::new(), |key| format!(" of {key}"));
        let says = format!(
            "shipped {} of line {line}{from}, declaration {declaration}",
            stated.says()
        );
        self.shipments.entry(place).or_default().ours = Some(Ours {
            stamp: stamp.clone(),
            stated,
            reservation,
            purpose,
            counts,
        });
        Ok(says)
    }

    fn correct(
        &mut self,
        stamp: &Stamp,
        declaration: String,
        line: u32,
        stated: Stated,
        why: &str,
    ) -> Result<String, String> {
        let counts = self.counts(line, &stated)?;
        let says = format!(
            "corrected: declaration {declaration}, line {line}, was {}: {why}",
            stated.says()
        );
        let found = self
            .shipments
            .get_mut(&(declaration.clone(), line))
            .and_then(|shipment| shipment.ours.as_mut());
        let ours = found.ok_or_else(|| format!("declaration {declaration} was not recorded"))?;
        ours.counts = counts;
        ours.stamp = stamp.clone();
        Ok(says)
    }

    fn reconcile(&mut self, taken: Return) -> Result<String, String> {
        let digest = digest(&taken);
        match self.batches.get(&taken.batch) {
            Some(known) if *known == digest => {
                return Ok(format!(
                    "customs return, batch {}: a repeat, no effect",
                    taken.batch
                ));
            }
            Some(_) => {
                return Err(format!(
                    "batch {} was taken already, and said something else then",
                    taken.batch
                ));
            }
            None => {}
        }
        self.batches.insert(taken.batch.clone(), digest);
        let says = format!(
            "customs return, batch {} of {}: {} rows",
            taken.batch,
            taken.sent,
            taken.rows.len()
        );
        let mut places: Vec<(String, u32)> = taken
            .rows
            .iter()
            .map(|row| (row.declaration.clone(), row.line))
            .collect();
        places.sort();
        places.dedup();
        for place in places {
            let rows = taken
                .rows
                .iter()
                .filter(|row| row.declaration == place.0 && row.line == place.1);
            self.seen_by_customs(&taken, place.clone(), rows.collect());
        }
        Ok(says)
    }

    /// What one return says of one declaration and line; several rows are added up.
    fn seen_by_customs(&mut self, taken: &Return, place: (String, u32), rows: Vec<&Row>) {
        let Some(line) = self.line(place.1).cloned() else {
            self.strays.insert((taken.batch.clone(), place.0, place.1));
            return;
        };
        let counted: Result<Vec<Counts>, String> = rows
            .iter()
            .map(|row| {
                let amounts = amounts(row)?;
                counts_for(&line, &amounts).map_err(|error| error.to_string())
            })
            .collect();
        let on: Option<Day> = rows.iter().filter_map(|row| row.on).max();
        let shipment = self.shipments.entry(place).or_default();
        match counted {
            Err(why) => {
                shipment
                    .uncounted
                    .insert((taken.sent, taken.batch.clone(), why));
            }
            Ok(counted) => {
                let sum = counted.into_iter().fold(Counts::default(), Counts::plus);
                let seen = Seen {
                    sent: taken.sent,
                    batch: taken.batch.clone(),
                    quantity: sum.quantity,
                    value: sum.value,
                    on,
                };
                if shipment
                    .customs
                    .as_ref()
                    .is_none_or(|known| (known.sent, &known.batch) < (seen.sent, &seen.batch))
                {
                    shipment.customs = Some(seen);
                }
            }
        }
    }
}

fn amounts(row: &Row) -> Result<Stated, String> {
    let goods = row.quantity.as_deref().map(Measure::goods).transpose();
    let money = row.value.as_deref().map(Measure::money).transpose();
    Ok(Stated {
        quantity: goods.map_err(|error| error.to_string())?,
        value: money.map_err(|error| error.to_string())?,
    })
}

/// What a return says, apart from its id.
pub(super) fn digest(taken: &Return) -> String {
    let said = serde_json::to_vec(&(taken.sent.to_string(), &taken.rows)).unwrap_or_default();
    let digest = Sha256::digest(said);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
