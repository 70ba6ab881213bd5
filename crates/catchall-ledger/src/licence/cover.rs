//! Cover: whether a licence covers a movement, and which licence does when there are several.
//!
//! Pure. What a licence asks for and the movement does not say is a reason against it: left out is not known, and nothing
//! fails open.

use std::collections::BTreeMap;

use catchall_model::{Day, Item, Transfer};
use serde::Serialize;

use super::event::{Line, Named, Purpose, Stated};
use super::measure::Measure;
use super::{Counts, Licence, Standing, counts_for, shown};
use crate::written::folded;

/// One take of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Take {
    /// The licence.
    pub licence: String,
    /// The line.
    pub line: u32,
    /// How much, as [`super::command`] takes it.
    pub amounts: Stated,
}

/// Why no licence covers a movement: each licence with its reasons, in the order tried.
pub type Against = Vec<(String, Vec<String>)>;

/// What a movement needs, before a licence is chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// How much.
    pub amounts: Stated,
    /// A control list code that a line must name, where it names any.
    pub code: Option<String>,
    /// What for.
    pub purpose: Purpose,
}

impl Licence {
    /// Why it does not cover a movement of this purpose, amounts aside; empty when nothing stands against it.
    pub fn against(&self, purpose: &Purpose) -> Vec<String> {
        let mut reasons = Vec::new();
        match self.standing(purpose.on) {
            Standing::InForce => {}
            Standing::NotYet => reasons.push(format!(
                "it holds from {} on, and the movement is on {}",
                self.first_day(),
                purpose.on
            )),
            Standing::Expired => {
                let until = self
                    .terms
                    .until
                    .map_or(String::new(), |until| format!(" on {until}"));
                reasons.push(format!(
                    "it ran out{until}, and the movement is on {}",
                    purpose.on
                ));
            }
            other => reasons.push(format!("it is {} on {}", other.word(), purpose.on)),
        }
        let terms = &self.terms;
        reasons.extend(not_among(
            "end user",
            &terms.end_users,
            purpose.end_user.as_deref(),
        ));
        reasons.extend(not_among(
            "consignee",
            &terms.consignees,
            purpose.consignee.as_deref(),
        ));
        match &purpose.to {
            _ if terms.destinations.is_empty() => {}
            None => reasons.push(format!(
                "it names a destination ({}), and the movement does not say where it goes",
                terms.destinations.join(", ")
            )),
            Some(to) if terms.destinations.contains(to) => {}
            Some(to) => reasons.push(format!(
                "its destination is {}, not {to}",
                terms.destinations.join(" or ")
            )),
        }
        reasons
    }

    /// Why a line cannot give this much now; none when it can.
    pub fn short_of(&self, line: &Line, wanted: Counts) -> Option<String> {
        let available = self.balance(line.number)?.available;
        (!wanted.within(available)).then(|| {
            format!(
                "line {} has {} left, and {} is asked for",
                line.number,
                shown(line, available),
                shown(line, wanted)
            )
        })
    }

    /// Why it does not cover a transfer that relies on it; empty when it does. What the transfer leaves out, and the licence
    /// asks for, is a reason; what was reserved for this very transfer is there for it.
    pub fn against_transfer(&self, transfer: &Transfer, on: Option<Day>) -> Vec<String> {
        let Some(on) = on else {
            return vec![
                "the transfer has no date, so that nobody can say whether the licence is in force"
                    .to_owned(),
            ];
        };
        let named = |role: &str| {
            let mut of_role = transfer
                .parties
                .iter()
                .flatten()
                .filter(|party| party.role == role);
            of_role.find_map(|party| party.name.clone())
        };
        let mut reasons = self.against(&Purpose {
            transfer: Some(transfer.id.clone()),
            end_user: named("end_user"),
            consignee: named("consignee"),
            to: transfer.to.map(|to| to.code().to_owned()),
            on,
        });
        reasons.extend(self.short_for(transfer));
        reasons
    }

    /// The first line of a transfer for which too little is left; lines before it are taken off first.
    fn short_for(&self, transfer: &Transfer) -> Option<String> {
        let mut taken: BTreeMap<u32, Counts> = BTreeMap::new();
        for (place, wanted) in transfer.lines.iter().enumerate() {
            let stated = Stated {
                quantity: wanted
                    .quantity
                    .as_deref()
                    .and_then(|text| Measure::goods(text).ok()),
                value: wanted
                    .value
                    .as_deref()
                    .and_then(|text| Measure::money(text).ok()),
            };
            let mut why = Vec::new();
            let found = self.terms.lines.iter().find_map(|line| {
                let before = taken.get(&line.number).copied().unwrap_or_default();
                match self.taken_of(line, &wanted.item, &stated, before, &transfer.id) {
                    Ok(counts) => Some((line.number, counts.plus(before))),
                    Err(reason) => {
                        why.push(reason);
                        None
                    }
                }
            });
            match found {
                Some((line, counts)) => {
                    taken.insert(line, counts);
                }
                None if transfer.lines.len() > 1 => {
                    return Some(format!(
                        "line {} of the transfer: {}",
                        place + 1,
                        why.join(", ")
                    ));
                }
                None => return Some(why.join(", ")),
            }
        }
        None
    }

    /// What a line of a transfer takes of a line of the licence, of which `before` is taken already; else why it cannot.
    fn taken_of(
        &self,
        line: &Line,
        item: &Item,
        stated: &Stated,
        before: Counts,
        transfer: &str,
    ) -> Result<Counts, String> {
        if let Some(other) = other_code(line, item) {
            return Err(other);
        }
        let counts = counts_for(line, stated).map_err(|error| error.to_string())?;
        let left = self.left_for(transfer, line.number).less(before);
        if counts.within(left) {
            return Ok(counts);
        }
        Err(format!(
            "line {} has {} left, and {} is asked for",
            line.number,
            shown(line, left.or_more(Counts::default())),
            shown(line, counts)
        ))
    }

    /// What is left of a line for a transfer: what is available, and what was reserved for it.
    fn left_for(&self, transfer: &str, line: u32) -> Counts {
        let own = self
            .reservations
            .values()
            .filter(|each| each.line == line && each.purpose.transfer.as_deref() == Some(transfer));
        let reserved = own.fold(Counts::default(), |sum, each| sum.plus(each.left));
        self.balance(line)
            .map_or(Counts::default(), |balance| balance.available)
            .plus(reserved)
    }

    fn fits(&self, line: &Line, wanted: &Wanted) -> bool {
        let code = wanted.code.as_deref().map(folded);
        code.is_none_or(|code| {
            line.codes.is_empty() || line.codes.iter().any(|own| folded(own) == code)
        })
    }
}

/// That a line of a licence is for other codes than an item states; none where either states none. `2B001` and `2B001.a` are
/// no different codes here: which of its letters are meant is the licence's own words, for a person.
fn other_code(line: &Line, item: &Item) -> Option<String> {
    let stated: Vec<&str> = item.codes.iter().map(|(_, code)| code.as_str()).collect();
    if line.codes.is_empty() || stated.is_empty() {
        return None;
    }
    let below = |deeper: &str, code: &str| {
        deeper
            .strip_prefix(code)
            .is_some_and(|rest| rest.starts_with(|next: char| !next.is_alphanumeric()))
    };
    let same = |own: &String| {
        let own = own.trim().to_lowercase();
        stated.iter().any(|code| {
            let code = code.trim().to_lowercase();
            own == code || below(&own, &code) || below(&code, &own)
        })
    };
    (!line.codes.iter().any(same)).then(|| {
        format!(
            "line {} is for {}, not {}",
            line.number,
            line.codes.join(", "),
            stated.join(", ")
        )
    })
}

/// The reason that a name is not among those of a licence; none when it is, or the licence names nobody.
pub(crate) fn not_among(what: &str, named: &[Named], stated: Option<&str>) -> Option<String> {
    if named.is_empty() {
        return None;
    }
    let theirs: Vec<&str> = named.iter().map(|each| each.name.as_str()).collect();
    let Some(stated) = stated.filter(|stated| !stated.trim().is_empty()) else {
        return Some(format!(
            "it names its {what} ({}), and the movement does not say who that is",
            theirs.join(", ")
        ));
    };
    let ours = folded(stated);
    let is = |each: &Named| {
        std::iter::once(&each.name)
            .chain(&each.names)
            .any(|name| folded(name) == ours)
    };
    if named.iter().any(is) {
        return None;
    }
    Some(format!(
        "its {what} is {}, not {stated}",
        theirs.join(" or ")
    ))
}

/// The order in which licences are used: what runs out first, then by id.
pub fn in_order(licences: &mut [&Licence]) {
    licences.sort_by(|a, b| {
        let end = |licence: &Licence| licence.terms.until.unwrap_or(Day::MAX);
        (end(a), &a.id).cmp(&(end(b), &b.id))
    });
}

/// Which licence covers a movement: the first that covers all of it; else, where `split`, several one after the other.
///
/// Only a movement that is counted by one figure (a quantity, or a value) is split.
///
/// # Errors
/// Why each licence does not.
pub fn plan(licences: &[&Licence], wanted: &Wanted, split: bool) -> Result<Vec<Take>, Against> {
    let mut order = licences.to_vec();
    in_order(&mut order);
    let mut against: Against = Vec::new();
    let mut parts: Vec<(&Licence, &Line)> = Vec::new();
    for licence in order {
        let mut reasons = licence.against(&wanted.purpose);
        if !reasons.is_empty() {
            against.push((licence.id.clone(), reasons));
            continue;
        }
        for line in &licence.terms.lines {
            if !licence.fits(line, wanted) {
                reasons.push(format!(
                    "line {} is for {}",
                    line.number,
                    line.codes.join(", ")
                ));
                continue;
            }
            match counts_for(line, &wanted.amounts) {
                Err(error) => reasons.push(format!("line {}: {error}", line.number)),
                Ok(counts) => match licence.short_of(line, counts) {
                    None => {
                        return Ok(vec![Take {
                            licence: licence.id.clone(),
                            line: line.number,
                            amounts: wanted.amounts,
                        }]);
                    }
                    Some(short) => {
                        reasons.push(short);
                        parts.push((licence, line));
                    }
                },
            }
        }
        against.push((licence.id.clone(), reasons));
    }
    match split.then(|| shared_out(&parts, wanted)).flatten() {
        Some(takes) => Ok(takes),
        None => Err(against),
    }
}

/// The movement over several lines, as much as each has left; none when all together have too little.
fn shared_out(parts: &[(&Licence, &Line)], wanted: &Wanted) -> Option<Vec<Take>> {
    let by_quantity = wanted.amounts.quantity.is_some();
    let unit = match wanted.amounts {
        Stated {
            quantity: Some(unit),
            value: None,
        }
        | Stated {
            quantity: None,
            value: Some(unit),
        } => unit,
        _ => return None,
    };
    let mut left = unit.base().ok()?;
    let mut takes = Vec::new();
    for (licence, line) in parts {
        let available = licence.balance(line.number)?.available;
        let one_counter = if by_quantity {
            line.value.is_none()
        } else {
            line.quantity.is_none()
        };
        let has = if by_quantity {
            available.quantity
        } else {
            available.value
        };
        let take = has.min(left);
        if !one_counter || take <= 0 {
            continue;
        }
        // Only what can be written exactly in the unit of the movement is taken.
        let Some(exact) = unit.of_base(take) else {
            continue;
        };
        left -= take;
        takes.push(Take {
            licence: licence.id.clone(),
            line: line.number,
            amounts: if by_quantity {
                Stated {
                    quantity: Some(exact),
                    value: None,
                }
            } else {
                Stated {
                    quantity: None,
                    value: Some(exact),
                }
            },
        });
        if left == 0 {
            return Some(takes);
        }
    }
    None
}
