//! The licences that a transfer relies on, and which of them reach this line on its day.

use catchall_law::{Value, read_value};
use catchall_model::{Day, Flag, Given, LicenceHeld, Line, Number, Quantity, Transfer};

use super::Filling;
use super::key::Key;

impl Filling<'_> {
    pub(super) fn licences(&mut self, transfer: &Transfer, line: &Line, on: Option<Day>) {
        let Some(fact) = self.fact(Key::LicenceAuthorities) else {
            return;
        };
        let mut sure = Vec::new();
        for licence in &transfer.licences {
            if let (Some(expires), Some(on)) = (licence.expires, on)
                && expires < on
            {
                self.flags.push(Flag {
                    flag: format!(
                        "the licence {} expired on {expires}, before {on}",
                        licence.id
                    ),
                    question: "Is there a licence that still runs?".to_owned(),
                    evidence: "licences".to_owned(),
                    open: true,
                });
                continue;
            }
            let against = against(licence, line);
            if !against.is_empty() {
                let flag = format!(
                    "licence {} does not cover this: {}",
                    licence.id,
                    against.join("; ")
                );
                // The test of the licence shows why it counts for nothing.
                self.evidence
                    .push((Key::LicenceAuthorities.name().into(), flag.clone().into()));
                self.flags.push(Flag {
                    flag,
                    question: "Is there a licence that covers it, or can this one be amended?"
                        .to_owned(),
                    evidence: "licences".to_owned(),
                    open: true,
                });
                continue;
            }
            let Some(authority) = &licence.authority else {
                continue;
            };
            match read_value(&self.law.vocabulary, fact, &Given::Text(authority.clone())) {
                Ok(Value::Set { sure: places, .. }) => sure.extend(places),
                _ => self.flags.push(Flag {
                    flag: format!("the authority `{authority}` of the licence {} is not known, and the licence was not used", licence.id),
                    question: "Whose authority issued it? Write the jurisdiction: ru, us, eu, de ...".to_owned(),
                    evidence: "licences".to_owned(),
                    open: true,
                }),
            }
        }
        sure.sort_unstable();
        sure.dedup();
        self.facts.set(fact, Value::Set { sure, more: false });
    }
}

/// Why a licence does not cover a line: what its keeper says, and a stated balance that is too small. A balance or a
/// quantity that is left out, or that measure different things, says nothing.
pub(super) fn against(licence: &LicenceHeld, line: &Line) -> Vec<String> {
    let mut reasons = licence.against.clone();
    let balance = licence
        .balance
        .as_deref()
        .and_then(|text| Quantity::parse(text).ok());
    let wanted = line
        .quantity
        .as_deref()
        .and_then(|text| Quantity::parse(text).ok());
    let base = |quantity: &Quantity| quantity.in_base();
    let Some(left) = balance else {
        return reasons;
    };
    if left.amount <= Number::ZERO {
        reasons.push("nothing is left of it".to_owned());
    } else if let Some(wanted) = wanted
        && wanted.unit.dimension() == left.unit.dimension()
        && let (Some((_, most)), Some((least, _))) = (base(&left), base(&wanted))
        && most < least
    {
        reasons.push(format!(
            "{left} is left of it, and the line is for {wanted}"
        ));
    }
    reasons
}
