//! Terms: what a licence may say when it is issued or amended, and its turns.

use catchall_model::Day;

use super::stated;
use crate::case::command::Office;
use crate::case::{Case, PERMISSIVE};
use crate::licence::command::{Done, LicenceRefused};
use crate::licence::event::{Amendment, LicenceEvent, Terms, Turn};
use crate::licence::measure::Measure;
use crate::licence::{Licence, Standing, granted, shown};

impl Office<'_> {
    pub(super) fn amendable(
        &self,
        licence: &Licence,
        change: &Amendment,
    ) -> Result<(), LicenceRefused> {
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

    pub(super) fn turned(
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
}

/// Whether its life was ended by an entry, from whatever day.
fn over(licence: &Licence) -> bool {
    licence
        .turns
        .iter()
        .any(|(_, standing, ..)| standing.is_over())
}

/// Whether a case's decision carries a licence; its conditions are the licence's too.
pub(super) fn carried(case: &Case, terms: &mut Terms) -> Result<(), LicenceRefused> {
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
pub(super) fn sound(id: &str, terms: &Terms) -> Result<(), LicenceRefused> {
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

/// What an amendment may not take away.
const BELOW: &str = "it cannot be less than what is reserved and shipped";
