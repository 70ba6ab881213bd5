//! What a rule takes from what was stated and from nothing else: the way and the older contract somebody names, and the state that a
//! person last joined.
//!
//! An exception for old contracts, or a bar on a way through a third state, counts only where somebody says so; silence is not a gap
//! there, since hardly a transfer would be free of it. No rule of law stands here: packs ask these facts by name.
//!
//! To add a fact of this kind: its row in `facts.rs` of the law, its key, and one line in [`Filling::relied_on`].

use catchall_law::Value;
use catchall_model::Transfer;

use super::Filling;
use super::key::Key;

impl Filling<'_> {
    /// Fills what follows from stated fields. Runs after further facts, so that a fact stated by its own key stands.
    pub(super) fn relied_on(&mut self, transfer: &Transfer) {
        self.unless_stated(Key::ViaStated, |filling| Some(filling.way(transfer)));
        self.unless_stated(Key::ContractReliedOn, |filling| {
            filling
                .stated(Key::ContractSigned)
                .or_else(|| filling.stated(Key::Date))
        });
        self.unless_stated(Key::RecipientLatestCountry, Filling::latest_country);
        self.unless_stated(Key::RecipientAtHome, Filling::at_home);
        self.unless_stated(Key::WithinOneState, Filling::within_one_state);
    }

    /// The states on the way that somebody names: those that are passed, and those where an intermediate consignee takes the goods.
    fn way(&self, transfer: &Transfer) -> Value {
        let mut sure = match self.stated(Key::Via) {
            Some(Value::Set { sure, .. }) => sure,
            _ => Vec::new(),
        };
        let held = transfer
            .parties
            .iter()
            .flatten()
            .filter(|party| party.role == "intermediate_consignee");
        sure.extend(held.filter_map(|party| party.country.and_then(|at| self.place(at))));
        sure.sort_unstable();
        sure.dedup();
        Value::Set { sure, more: false }
    }

    /// The state whose citizenship or permanent residence came last. A residence comes after the citizenship that a person was born with;
    /// of several citizenships nobody can say which came last, so each of them, and the residence, may.
    fn latest_country(&self) -> Option<Value> {
        let places = |key| match self.stated(key) {
            Some(Value::Set { sure, more: false }) => Some(sure),
            _ => None,
        };
        let citizenships = places(Key::RecipientNationality)?;
        let mut may = places(Key::RecipientResidence).unwrap_or_default();
        if citizenships.len() > 1 || may.is_empty() {
            may.extend(citizenships);
        }
        may.sort_unstable();
        may.dedup();
        match may.as_slice() {
            [] => None,
            [one] => Some(Value::One(*one)),
            _ => Some(Value::OneOf(may)),
        }
    }

    /// Whether it ends in the state where it starts.
    fn within_one_state(&self) -> Option<Value> {
        let (Value::One(start), Value::One(end)) = (self.stated(Key::From)?, self.stated(Key::To)?)
        else {
            return None;
        };
        Some(Value::YesNo(start == end))
    }

    /// Whether all of it happens within the state that the person last joined.
    fn at_home(&self) -> Option<Value> {
        let (Value::One(start), Value::One(end)) = (self.stated(Key::From)?, self.stated(Key::To)?)
        else {
            return None;
        };
        match self.stated(Key::RecipientLatestCountry)? {
            Value::One(own) => Some(Value::YesNo(own == start && own == end)),
            Value::OneOf(may) if start != end || !may.contains(&end) => Some(Value::YesNo(false)),
            _ => None,
        }
    }

    pub(super) fn stated(&self, key: Key) -> Option<Value> {
        self.fact(key)
            .and_then(|fact| self.facts.get(fact))
            .cloned()
    }

    fn unless_stated(&mut self, key: Key, value: impl FnOnce(&Self) -> Option<Value>) {
        if self.stated(key).is_none()
            && let Some(value) = value(self)
        {
            self.set(key, value);
        }
    }
}
