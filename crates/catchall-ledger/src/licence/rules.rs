//! Rules: what a command does with a licence, and why it may not.
//!
//! Everything here is checked against the licence as it was read; the caller appends behind what it saw, and asks again when
//! somebody else was faster. To add a rule: a variant of [`LicenceRefused`], a check here, a line in `tests/licences.rs`.

use catchall_model::Day;

use super::command::{Done, LicenceRefused, Movement, Stopped, act_of, in_words};
use super::event::{Amendment, LicenceEvent, Line, Purpose, Return, Stated, Terms, Turn};
use super::measure::Measure;
use super::{
    CountError, Counts, Licence, Seen, Shipment, Standing, counts_for, fold, granted, shown,
};
use crate::Draft;
use crate::case::command::{Office, Refused};
use crate::case::{Case, PERMISSIVE};
use crate::policy::{Act, NotAllowed, Place};

/// What an amendment may not take away.
const BELOW: &str = "it cannot be less than what is reserved and shipped";

impl Office<'_> {
    /// Issues a licence, or registers one from a paper. Append after 0. `case` is the case that the terms name.
    ///
    /// # Errors
    /// When the actor may not, the case does not carry it, or the terms do not hold together.
    pub fn issue(
        &self,
        id: &str,
        mut terms: Terms,
        case: Option<&Case>,
    ) -> Result<Done, LicenceRefused> {
        terms.team = terms.team.or_else(|| self.actor.team.clone());
        self.right("licence.issue", Place::of_team(terms.team.as_deref()))?;
        match (&terms.case, case) {
            (Some(_), Some(case)) => carried(case, &mut terms)?,
            (Some(named), None) => {
                return Err(LicenceRefused::Case {
                    case: named.clone(),
                    why: "is not in the ledger".to_owned(),
                });
            }
            (None, _)
                if terms
                    .paper
                    .as_deref()
                    .is_none_or(|paper| paper.trim().is_empty()) =>
            {
                return Err(LicenceRefused::NoGround);
            }
            (None, _) => {}
        }
        sound(id, &terms)?;
        let says = format!("licence {id} issued");
        self.drafted(id, LicenceEvent::Issued(terms), None, says)
    }

    /// What a command does to a licence.
    ///
    /// # Errors
    /// Why it cannot be done, with the entry that tells of it.
    pub fn licence(&self, licence: &Licence, movement: Movement) -> Result<Done, Stopped> {
        let wanted = in_words(&movement);
        let kept = matches!(
            movement,
            Movement::Reserve { .. }
                | Movement::Ship { .. }
                | Movement::Correct { .. }
                | Movement::Reconcile(_)
        );
        let silent = |why: LicenceRefused| Stopped {
            why,
            record: Vec::new(),
        };
        self.right(act_of(&movement), licence.place())
            .map_err(silent)?;
        self.moved(licence, movement).map_err(|why| {
            let refusal = LicenceEvent::Refused {
                wanted,
                why: why.to_string(),
            };
            let drafted = self.drafted(&licence.id, refusal, None, String::new());
            let record = drafted
                .ok()
                .filter(|_| kept)
                .map_or(Vec::new(), |done| done.drafts);
            Stopped { why, record }
        })
    }

    fn right(&self, act: &str, place: Place<'_>) -> Result<(), LicenceRefused> {
        let refused = match Act::find(act) {
            Some(act) => self.policy.may(self.actor, act, place).err(),
            None => Some(NotAllowed::Act {
                name: self.actor.name.clone(),
                roles: self.actor.roles.join(", "),
                about: "do that",
                who: "nobody".to_owned(),
            }),
        };
        refused.map_or(Ok(()), |refused| Err(Refused::NotAllowed(refused).into()))
    }

    fn drafted(
        &self,
        id: &str,
        event: LicenceEvent,
        key: Option<String>,
        says: String,
    ) -> Result<Done, LicenceRefused> {
        let (kind, body) = event.write().map_err(Refused::Event)?;
        let mut draft = Draft::new(Licence::stream(id), kind, self.actor.clone(), self.at, body);
        draft.key = key;
        Ok(Done {
            drafts: vec![draft],
            says,
        })
    }

    fn moved(&self, licence: &Licence, movement: Movement) -> Result<Done, LicenceRefused> {
        let id = licence.id.clone();
        match movement {
            Movement::Reserve {
                reservation,
                line,
                amounts,
                purpose,
            } => self.reserve(licence, reservation, line, amounts, purpose),
            Movement::Release {
                reservation,
                amounts,
                why,
            } => self.release(licence, reservation, amounts, why),
            Movement::Ship {
                declaration,
                line,
                amounts,
                reservation,
                purpose,
            } => self.ship(licence, declaration, line, amounts, reservation, purpose),
            Movement::Correct {
                declaration,
                line,
                amounts,
                why,
            } => self.correct(licence, declaration, line, amounts, why),
            Movement::Reconcile(taken) => self.reconcile(licence, taken),
            Movement::Answer { discrepancy, how } => {
                stated("what came of it", &how, "say it in a sentence")?;
                let open = licence.discrepancies();
                let Some(found) = open.iter().find(|each| each.key == discrepancy) else {
                    let keys: Vec<&str> = open.iter().map(|each| each.key.as_str()).collect();
                    return Err(no_such(licence, "discrepancy", &discrepancy, &keys));
                };
                let says = format!("answered: {}", found.says);
                self.drafted(&id, LicenceEvent::Answered { discrepancy, how }, None, says)
            }
            Movement::Amend { change, why } => {
                stated("the reason", &why, "say why")?;
                self.amendable(licence, &change)?;
                self.drafted(
                    &id,
                    LicenceEvent::Amended { change, why },
                    None,
                    format!("licence {id} amended"),
                )
            }
            Movement::Turn { to, from, why } => self.turned(licence, to, from, why),
        }
    }

    fn reserve(
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

    fn release(
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

    fn ship(
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

    fn correct(
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

    fn reconcile(&self, licence: &Licence, taken: Return) -> Result<Done, LicenceRefused> {
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

    fn amendable(&self, licence: &Licence, change: &Amendment) -> Result<(), LicenceRefused> {
        let standing = licence.standing(self.day());
        if standing.is_over() && !(standing == Standing::Expired && change.until.is_some())
            || over(licence)
        {
            return Err(LicenceRefused::Standing {
                licence: licence.id.clone(),
                standing: standing.word(),
                cure: "issue another".to_owned(),
            });
        }
        let mut terms = licence.terms.clone();
        terms.until = change.until.or(terms.until);
        for line in &change.lines {
            if let Some(old) = licence.line(line.number) {
                let balance = licence.balance(line.number);
                let used = balance.map_or(Default::default(), |balance| {
                    balance.reserved.plus(balance.shipped)
                });
                let same = |a: Option<Measure>, b: Option<Measure>| {
                    a.map(|a| a.kind()) == b.map(|b| b.kind())
                };
                if !same(old.quantity, line.quantity)
                    || !same(old.value, line.value)
                    || !used.within(granted(line))
                {
                    return Err(LicenceRefused::Terms {
                        what: format!(
                            "line {} is counted in its own units, and {} of it are reserved or shipped",
                            line.number,
                            shown(old, used)
                        ),
                        cure: BELOW,
                    });
                }
            }
            terms.lines.retain(|each| each.number != line.number);
            terms.lines.push(line.clone());
        }
        sound(&licence.id, &terms)
    }

    fn turned(
        &self,
        licence: &Licence,
        to: Standing,
        from: Option<Day>,
        why: String,
    ) -> Result<Done, LicenceRefused> {
        stated("the reason", &why, "say why")?;
        let from = from.unwrap_or_else(|| self.day());
        let now = licence.standing(from);
        let (fits, cure) = match to {
            Standing::Suspended => (
                matches!(now, Standing::InForce | Standing::NotYet),
                "only what is in force is suspended",
            ),
            Standing::InForce => (
                now == Standing::Suspended,
                "only what is suspended is resumed",
            ),
            Standing::Revoked | Standing::Surrendered => (!now.is_over(), "it is over already"),
            Standing::Expired => (
                now == Standing::Expired && !over(licence),
                "only what has run out is closed so",
            ),
            Standing::NotYet => (false, "amend its first day instead"),
        };
        if !fits || over(licence) {
            return Err(LicenceRefused::Standing {
                licence: licence.id.clone(),
                standing: now.word(),
                cure: cure.to_owned(),
            });
        }
        if let Some((last, ..)) = licence.turns.last().filter(|(last, ..)| from < *last) {
            return Err(LicenceRefused::Standing {
                licence: licence.id.clone(),
                standing: now.word(),
                cure: format!("its last turn counts from {last}; name that day or a later one"),
            });
        }
        let turn = Turn { from, why };
        let says = format!("licence {} {} from {from}", licence.id, to.word());
        let event = match to {
            Standing::Suspended => LicenceEvent::Suspended(turn),
            Standing::InForce | Standing::NotYet => LicenceEvent::Resumed(turn),
            Standing::Revoked => LicenceEvent::Revoked(turn),
            Standing::Surrendered => LicenceEvent::Surrendered(turn),
            Standing::Expired => LicenceEvent::Expired(turn),
        };
        self.drafted(&licence.id, event, None, says)
    }

    fn day(&self) -> Day {
        Day::from_number(self.at.as_millisecond().div_euclid(86_400_000))
    }
}

/// Whether its life was ended by an entry, from whatever day.
fn over(licence: &Licence) -> bool {
    licence
        .turns
        .iter()
        .any(|(_, standing, ..)| standing.is_over())
}

/// Whether a case's decision carries a licence; its conditions are the licence's too.
fn carried(case: &Case, terms: &mut Terms) -> Result<(), LicenceRefused> {
    let no = |why: &str| LicenceRefused::Case {
        case: case.id.clone(),
        why: why.to_owned(),
    };
    let decision = case.decision().ok_or_else(|| no("is not decided"))?;
    if !PERMISSIVE.contains(&decision.view.as_str()) || decision.view == "no_licence_required" {
        return Err(no(&format!("was decided `{}`", decision.view)));
    }
    if case.moved_since_decision() {
        return Err(no(
            "was decided on another answer than the one that holds now",
        ));
    }
    for condition in case
        .standing_conditions()
        .filter(|condition| decision.conditions.contains(&condition.number))
    {
        if !terms.conditions.contains(&condition.text) {
            terms.conditions.push(condition.text.clone());
        }
    }
    Ok(())
}

/// Whether terms hold together.
fn sound(id: &str, terms: &Terms) -> Result<(), LicenceRefused> {
    let wrong = |what: String, cure: &'static str| Err(LicenceRefused::Terms { what, cure });
    stated("the licence's id", id, "give one, as `L-2026-0001`")?;
    stated(
        "the authority",
        &terms.authority,
        "name the jurisdiction that issued it, as `de`",
    )?;
    stated("the holder", &terms.holder, "name who holds it")?;
    if terms.lines.is_empty() {
        return wrong(
            "the licence has no line".to_owned(),
            "say what it allows, and how much",
        );
    }
    if let (Some(from), Some(until)) = (terms.from, terms.until)
        && until < from
    {
        return wrong(
            format!("it would run from {from} to {until}"),
            "the last day is the first day or a later one",
        );
    }
    for (place, line) in terms.lines.iter().enumerate() {
        if line.number == 0
            || terms
                .lines
                .iter()
                .take(place)
                .any(|each| each.number == line.number)
        {
            return wrong(
                format!("line {} stands twice, or is no number from 1", line.number),
                "number the lines from 1",
            );
        }
        if line.quantity.is_none() && line.value.is_none() {
            return wrong(
                format!("line {} allows neither a quantity nor a value", line.number),
                "say how much, as `40 pieces` or `100,000 EUR`",
            );
        }
        for measure in [line.quantity, line.value].into_iter().flatten() {
            measure.base().map_err(|why| LicenceRefused::Count {
                licence: id.to_owned(),
                why: why.into(),
            })?;
        }
    }
    Ok(())
}

fn line_of(licence: &Licence, number: u32) -> Result<&Line, LicenceRefused> {
    licence.line(number).ok_or_else(|| {
        let numbers: Vec<String> = licence
            .terms
            .lines
            .iter()
            .map(|line| line.number.to_string())
            .collect();
        let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
        no_such(licence, "line", &number.to_string(), &numbers)
    })
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

fn no_such(licence: &Licence, what: &'static str, found: &str, known: &[&str]) -> LicenceRefused {
    LicenceRefused::NoSuch {
        licence: licence.id.clone(),
        what,
        found: found.to_owned(),
        known: match known {
            [] => "it has none".to_owned(),
            known => format!("it has {}", known.join(", ")),
        },
    }
}

fn stated(what: &'static str, text: &str, cure: &'static str) -> Result<(), LicenceRefused> {
    if text.trim().is_empty() {
        return Err(Refused::LeftOut { what, cure }.into());
    }
    Ok(())
}
