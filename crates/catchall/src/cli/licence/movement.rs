//! What a verb asks of the engine: terms, amounts and movements, with their words read.

use anyhow::anyhow;
use catchall_ledger::licence::command::Movement;
use catchall_ledger::licence::event::{Amendment, Line, Named, Stated, Terms};
use catchall_ledger::licence::measure::Measure;
use catchall_ledger::licence::{Licence, Standing};
use catchall_model::Places;

use super::{Issue, Turn, Verb, place, seen};
use crate::cli::Stop;
use crate::cli::office::Desk;

/// The verbs that are one movement.
pub(super) fn movement<'a>(
    desk: &Desk,
    verb: &'a Verb,
    places: impl Fn() -> Result<Places, Stop>,
) -> Result<(&'a str, Movement), Stop> {
    let turn = |turn: &'a Turn, to: Standing| {
        let movement = Movement::Turn {
            to,
            from: turn.from,
            why: turn.why.clone(),
        };
        (turn.licence.as_str(), movement)
    };
    Ok(match verb {
        Verb::Suspend(own) => turn(own, Standing::Suspended),
        Verb::Resume(own) => turn(own, Standing::InForce),
        Verb::Revoke(own) => turn(own, Standing::Revoked),
        Verb::Surrender(own) => turn(own, Standing::Surrendered),
        Verb::Expire(own) => turn(own, Standing::Expired),
        Verb::Amend {
            licence,
            why,
            until,
            lines,
        } => {
            let change = Amendment {
                until: *until,
                lines: amended(&seen(desk, licence)?, lines)?,
                ..Amendment::default()
            };
            (
                licence,
                Movement::Amend {
                    change,
                    why: why.clone(),
                },
            )
        }
        Verb::Reserve {
            licence: Some(licence),
            order,
            amounts,
            purpose,
            ..
        } => {
            let movement = Movement::Reserve {
                reservation: order.clone(),
                line: amounts.line,
                amounts: amounts.stated(),
                purpose: purpose.purpose(&places()?)?,
            };
            (licence, movement)
        }
        Verb::Release {
            licence,
            order,
            amounts,
            why,
        } => {
            let movement = Movement::Release {
                reservation: order.clone(),
                amounts: amounts.stated(),
                why: why.clone(),
            };
            (licence, movement)
        }
        Verb::Ship {
            licence,
            declaration,
            order,
            amounts,
            purpose,
        } => {
            let movement = Movement::Ship {
                declaration: declaration.clone(),
                line: amounts.line,
                amounts: amounts.stated(),
                reservation: order.clone(),
                purpose: purpose.purpose(&places()?)?,
            };
            (licence, movement)
        }
        Verb::Correct {
            licence,
            declaration,
            amounts,
            why,
        } => {
            let movement = Movement::Correct {
                declaration: declaration.clone(),
                line: amounts.line,
                amounts: amounts.stated(),
                why: why.clone(),
            };
            (licence, movement)
        }
        Verb::Answer {
            licence,
            discrepancy,
            how,
        } => {
            let movement = Movement::Answer {
                discrepancy: discrepancy.clone(),
                how: how.clone(),
            };
            (licence, movement)
        }
        _ => return Err(Stop::usage(anyhow!("this verb is no single movement"))),
    })
}

impl Issue {
    pub(super) fn terms(&self, places: &Places) -> Result<Terms, Stop> {
        let named = |names: &[String]| {
            let each = names.iter().map(|name| Named {
                name: name.clone(),
                ..Named::default()
            });
            each.collect()
        };
        let lines = (1..)
            .zip(&self.lines)
            .map(|(number, text)| line(number, text));
        Ok(Terms {
            authority: self.authority.clone(),
            holder: self.holder.clone(),
            team: None,
            from: self.from,
            until: self.until,
            lines: lines.collect::<Result<_, _>>().map_err(Stop::usage)?,
            end_users: named(&self.end_users),
            consignees: named(&self.consignees),
            destinations: self
                .to
                .iter()
                .map(|to| place(places, to))
                .collect::<Result<_, _>>()?,
            conditions: self.conditions.clone(),
            case: self.case.clone(),
            paper: self.paper.clone(),
        })
    }
}

/// `spindles[2B201]:40 pieces,100000 EUR`. Amounts of money have no comma here but the one between the two.
pub(super) fn line(number: u32, text: &str) -> anyhow::Result<Line> {
    let (item, stated) = text.rsplit_once(':').ok_or_else(|| {
        anyhow!("`{text}` is no line; write what it is and how much, as `spindles:40 pieces`")
    })?;
    let (item, codes) = match item
        .trim()
        .strip_suffix(']')
        .and_then(|item| item.split_once('['))
    {
        Some((item, codes)) => (
            item,
            codes
                .split([';', ','])
                .map(|code| code.trim().to_owned())
                .collect(),
        ),
        None => (item, Vec::new()),
    };
    let amounts = amounts(stated)?;
    Ok(Line {
        number,
        item: item.trim().to_owned(),
        codes,
        quantity: amounts.quantity,
        value: amounts.value,
    })
}

/// A quantity, a value, or both with `, ` between them.
pub(super) fn amounts(text: &str) -> anyhow::Result<Stated> {
    let mut stated = Stated::default();
    let whole = std::iter::once(text.trim());
    let one = |part: &str| part.parse::<Measure>().is_ok();
    let parts: Vec<&str> = if one(text) {
        whole.collect()
    } else {
        text.split(", ")
            .flat_map(|part| {
                if one(part) {
                    vec![part]
                } else {
                    part.split(',').collect()
                }
            })
            .map(str::trim)
            .collect()
    };
    for part in parts {
        match (Measure::money(part), Measure::goods(part)) {
            (Ok(money), _) => stated.value = Some(money),
            (_, Ok(goods)) => stated.quantity = Some(goods),
            (_, Err(error)) => return Err(error.into()),
        }
    }
    Ok(stated)
}

/// `2:60 pieces`: line 2 with other figures.
fn amended(licence: &Licence, lines: &[String]) -> Result<Vec<Line>, Stop> {
    let one = |text: &String| {
        let parts = text
            .split_once(':')
            .and_then(|(number, stated)| Some((number.trim().parse::<u32>().ok()?, stated)));
        let (number, stated) =
            parts.ok_or_else(|| anyhow!("`{text}` is no figure of a line; write `1:60 pieces`"))?;
        let old = licence.line(number).cloned().unwrap_or_default();
        let new = amounts(stated)?;
        anyhow::Ok(Line {
            number,
            quantity: new.quantity.or(old.quantity),
            value: new.value.or(old.value),
            ..old
        })
    };
    lines
        .iter()
        .map(one)
        .collect::<anyhow::Result<_>>()
        .map_err(Stop::usage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_what_it_is_and_how_much() {
        let read = |text: &str| {
            line(1, text).map(|line| {
                (
                    line.item,
                    line.codes,
                    line.quantity.map(|each| each.to_string()),
                    line.value.map(|each| each.to_string()),
                )
            })
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            read("spindles[2B201;2B001]:40 pieces, 1,200,000 EUR").unwrap(),
            (
                "spindles".to_owned(),
                vec!["2B201".to_owned(), "2B001".to_owned()],
                some("40 pieces"),
                some("1200000 EUR")
            )
        );
        assert_eq!(
            read("steel: bars:22,000 kg").unwrap(),
            ("steel: bars".to_owned(), Vec::new(), some("22000 kg"), None)
        );
        assert_eq!(
            read("any:40 pieces,100000 EUR").unwrap().3,
            some("100000 EUR")
        );
        assert!(
            read("spindles").is_err() && read("spindles:40").is_err() && read("spindles:").is_err()
        );
    }
}
