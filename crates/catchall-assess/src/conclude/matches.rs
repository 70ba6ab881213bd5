//! Whether the answer turns on a match of a party that nobody has settled.

use catchall_law::{Facts, Reached, Tri, Value};
use catchall_model::Effect;

use crate::gather::Gathered;
use crate::{Assessor, Room};

/// Whether the answer would be stricter if a weaker hit were true; a list for which no pack stands may mean anything.
pub(super) fn turns_on_a_match(
    assessor: &Assessor,
    line: &Gathered,
    least: Effect,
    room: &mut Room,
) -> bool {
    if line.unplaced {
        return true;
    }
    let Some(parties) = assessor.law.vocabulary.fact("parties") else {
        return false;
    };
    if line.maybe.is_empty() {
        return false;
    }
    let mut facts = line.facts.clone();
    let (mut sure, more) = match facts.get(parties) {
        Some(Value::Set { sure, more }) => (sure.clone(), *more),
        _ => (Vec::new(), true),
    };
    sure.extend(&line.maybe);
    sure.sort_unstable();
    sure.dedup();
    facts.set(parties, Value::Set { sure, more });
    stands(assessor, &facts, room).0 > least
}

/// The strongest effect that surely applies anywhere, and the strongest that may.
pub(crate) fn stands(assessor: &Assessor, facts: &Facts, room: &mut Room) -> (Effect, Effect) {
    assessor.sight.key(facts, &mut room.key);
    if let Some(known) = room.stands.get(&room.key) {
        return known;
    }
    let reached = &mut room.reached;
    assessor.program.reach(facts, &mut room.scratch, reached);
    let strongest = |nexus: Tri, effect: fn(&Reached) -> Effect| {
        let reaching = reached.iter().filter(|each| each.nexus >= nexus);
        let strongest = reaching.map(effect).max();
        strongest.unwrap_or(Effect::NoLicenceRequired)
    };
    let found = (
        strongest(Tri::Yes, |each| each.sure),
        strongest(Tri::Open, |each| each.most),
    );
    room.stands.put(&room.key, found);
    found
}
