//! Rules: what a command does with a licence, and why it may not.
//!
//! Everything here is checked against the licence as it was read; the caller appends behind what it saw, and asks again when
//! somebody else was faster. To add a rule: a variant of [`LicenceRefused`], a check here, a line in `tests/licences.rs`.

mod counts;
mod terms;

use catchall_model::Day;

use self::terms::{carried, sound};
use super::Licence;
use super::command::{Done, LicenceRefused, Movement, Stopped, act_of, in_words};
use super::event::{LicenceEvent, Line, Terms};
use crate::Draft;
use crate::case::Case;
use crate::case::command::{Office, Refused};
use crate::policy::{Act, NotAllowed, Place};

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

    fn day(&self) -> Day {
        Day::from_number(self.at.as_millisecond().div_euclid(86_400_000))
    }
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
