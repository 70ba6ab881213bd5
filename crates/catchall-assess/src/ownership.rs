//! Ownership: shares of listed owners, through chains, as far as they are known.
//!
//! A share that nobody states may be anything, and what nobody is said to hold may be a listed party's: answers are bounds. Who is listed is asked of
//! [`Screening`]; which shares a rule asks for is the pack's to say.

use std::collections::BTreeMap;

use catchall_law::{Holds, Law, OwnershipFact, ShareCount, Value};
use catchall_model::{Amount, Day, Number, Owner, Unit};

use crate::screening::{ScreenRoom, Screening};

/// The deepest chain of owners that is followed.
const DEEPEST: usize = 12;

/// Shares of listed owners, as far as they are known.
pub(crate) struct Ownership<'a> {
    pub screening: &'a Screening,
    pub law: &'a Law,
    pub on: Day,
}

/// A share in grid units of a percent: at least, at most.
type Share = (i128, i128);

impl Ownership<'_> {
    /// What a fact of ownership comes to for a party with these owners.
    pub fn share(
        &self,
        fact: &OwnershipFact,
        owners: &[Owner],
        room: &mut ScreenRoom,
    ) -> Option<Value> {
        let lists = &fact.listed_in;
        match fact.count {
            ShareCount::Sum => {
                let (least, most) = self.sum(owners, lists, (None, REST), 0, room);
                Some(between(least, most))
            }
            ShareCount::Stated => {
                let (least, most) = self.sum(owners, lists, (None, NO_REST), 0, room);
                Some(between(least, most))
            }
            ShareCount::Largest => {
                let mut holders: BTreeMap<String, Share> = BTreeMap::new();
                let mut names = Vec::new();
                all_names(owners, 0, &mut names);
                for name in names {
                    if holders.contains_key(&name) {
                        continue;
                    }
                    let share = match self.listed(&name, lists, room) {
                        Holds::No => continue,
                        Holds::Yes => self.sum(owners, lists, (Some(&name), REST), 0, room),
                        Holds::Open => (0, self.sum(owners, lists, (Some(&name), REST), 0, room).1),
                    };
                    holders.insert(name, share);
                }
                let least = holders.values().map(|share| share.0).max().unwrap_or(0);
                let most = holders.values().map(|share| share.1).max();
                let most = most.unwrap_or_else(|| rest(owners)).max(least);
                Some(between(least, most))
            }
            ShareCount::Unknown => {
                let (mut open, mut doubted) = (false, false);
                for owner in owners {
                    if percent(owner).is_none_or(|(least, most)| least != most) {
                        let listed = self.listed(&owner.name, lists, room);
                        open |= listed == Holds::Yes;
                        doubted |= listed == Holds::Open;
                    }
                }
                // What is known of no owner is no listed owner without a share: the rest counts in the sum.
                (open || !doubted).then_some(Value::YesNo(open))
            }
        }
    }

    /// Whether a name is on one of these lists: open where only a person can say.
    fn listed(&self, name: &str, lists: &[String], room: &mut ScreenRoom) -> Holds {
        self.screening.listed(self.law, name, lists, self.on, room)
    }

    /// The shares of listed owners (of one by name, where one is given) added up. What somebody holds through a firm counts
    /// where the firm is itself held to half or more. What nobody is said to hold may be anybody's, where the rest counts.
    fn sum(
        &self,
        owners: &[Owner],
        lists: &[String],
        (only, with_rest): (Option<&str>, bool),
        depth: usize,
        room: &mut ScreenRoom,
    ) -> Share {
        if depth > DEEPEST {
            return (0, WHOLE);
        }
        let (mut least, mut most) = (0, 0);
        for owner in owners {
            let (low, high) = percent(owner).unwrap_or((0, WHOLE));
            let own = match only {
                Some(name) if owner.name == name => Holds::Yes,
                Some(_) => Holds::No,
                None => self.listed(&owner.name, lists, room),
            };
            let (surely, possibly) = if own == Holds::Yes {
                (true, true)
            } else if owner.owners.is_empty() {
                (false, own == Holds::Open)
            } else {
                let below = (only, with_rest);
                let through = self.sum(&owner.owners, lists, below, depth + 1, room);
                let possibly = through.1 >= WHOLE / 2 || own == Holds::Open;
                (through.0 >= WHOLE / 2, possibly)
            };
            if surely {
                least += low;
            }
            if possibly {
                most += high;
            }
        }
        let least = least.min(WHOLE);
        let rest = if with_rest { rest(owners) } else { 0 };
        (least, (most + rest).clamp(least, WHOLE))
    }
}

/// The greatest of several parties' shares, as far as they are known: yes of one is yes, and no needs the no of all.
pub(crate) fn greatest(shares: Vec<Option<Value>>) -> Option<Value> {
    let sure = Some(Value::YesNo(true));
    if shares.contains(&sure) {
        return sure;
    }
    let mut shares = shares.into_iter();
    let first = shares.next()?;
    shares.fold(first, |greatest, share| match (greatest?, share?) {
        (Value::Between(low, high), Value::Between(own_low, own_high)) => {
            Some(Value::Between(low.max(own_low), high.max(own_high)))
        }
        (greatest, _) => Some(greatest),
    })
}

/// A share as far as it is known, together with what somebody says of it: that it is half or more, or less. The stricter side stands
/// where they contradict each other.
pub(crate) fn said_half(known: Option<&Value>, half_or_more: bool) -> Value {
    let (low, high) = match known {
        Some(Value::Between(low, high)) => (*low, *high),
        _ => (Number::ZERO, Number::from_grid(WHOLE)),
    };
    let half = Number::from_grid(WHOLE / 2);
    if half_or_more {
        Value::Between(low.max(half), high.max(half))
    } else if low < half {
        Value::Between(low, high.min(half.down()))
    } else {
        Value::Between(low, high)
    }
}

/// Whether what nobody is said to hold may be a listed party's.
const REST: bool = true;
const NO_REST: bool = false;

fn between(least: i128, most: i128) -> Value {
    Value::Between(Number::from_grid(least), Number::from_grid(most))
}

/// A hundred per cent: a million parts per million, on the grid of [`Number`].
const WHOLE: i128 = 1_000_000 * 1_000_000_000_000;

/// What nobody is said to hold.
fn rest(owners: &[Owner]) -> i128 {
    if owners.is_empty() {
        return 0;
    }
    let held: i128 = owners.iter().filter_map(percent).map(|share| share.0).sum();
    (WHOLE - held).max(0)
}

fn percent(owner: &Owner) -> Option<Share> {
    let unit = Unit::find("%")?;
    let amount = Amount::parse(owner.share.as_deref()?, unit.dimension()).ok()?;
    let (first, last) = (amount.spans.first()?.0, amount.spans.last()?.1);
    Some((first.grid().clamp(0, WHOLE), last.grid().clamp(0, WHOLE)))
}

fn all_names(owners: &[Owner], depth: usize, into: &mut Vec<String>) {
    if depth > DEEPEST {
        return;
    }
    for owner in owners {
        into.push(owner.name.clone());
        all_names(&owner.owners, depth + 1, into);
    }
}
