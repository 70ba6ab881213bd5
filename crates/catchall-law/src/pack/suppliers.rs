//! The laws on suppliers of some packs, as something to be asked: all of them, or one alone.
//!
//! Not what such a law says (`load/sanctions.rs` reads it) and not an answer (the roof weighs a report). A further way of choosing
//! among them goes here: exceptions stand by the places of what they lift, so whoever drops a law must move them.

use super::{Cond, Law, NexusRule, Provision, Record};

impl Law {
    /// The laws on suppliers as a law of their own, each its own jurisdiction, which reaches every reported transfer.
    #[must_use]
    pub fn on_suppliers(&self) -> Law {
        let provisions: Vec<Provision> = self
            .sanctions
            .iter()
            .map(|each| each.provision.clone())
            .collect();
        let mut laws: Vec<&str> = provisions
            .iter()
            .map(|each| each.jurisdiction.as_str())
            .collect();
        laws.sort_unstable();
        laws.dedup();
        let nexus = laws
            .into_iter()
            .filter_map(|law| {
                let first = provisions.iter().find(|each| each.jurisdiction == law)?;
                Some(NexusRule {
                    jurisdiction: law.to_owned(),
                    cite: first.cite.clone(),
                    when: Cond::Always,
                    at: first.at.clone(),
                })
            })
            .collect();
        let mut instruments = self.instruments.clone();
        for instrument in &mut instruments {
            instrument.coverage.clear();
        }
        Law {
            provisions,
            nexus,
            instruments,
            sanctions: Vec::new(),
            record: Record::default(),
            standing_cases: Vec::new(),
            warnings: Vec::new(),
            ..self.clone()
        }
    }

    /// Drops all laws on suppliers but those of one pack; exceptions keep what they lift.
    ///
    /// # Errors
    /// The packs that hold such a law, each once, where that one holds none; nothing is dropped then.
    pub fn keep_suppliers_of(&mut self, pack: &str) -> Result<(), Vec<String>> {
        let holds = |provision: &Provision| provision.jurisdiction == pack;
        if !self.sanctions.iter().any(|each| holds(&each.provision)) {
            let mut held: Vec<String> = self
                .sanctions
                .iter()
                .map(|each| each.provision.jurisdiction.clone())
                .collect();
            held.sort();
            held.dedup();
            return Err(held);
        }
        let mut kept = 0;
        let moved: Vec<Option<usize>> = self
            .sanctions
            .iter()
            .map(|each| {
                holds(&each.provision).then(|| {
                    kept += 1;
                    kept - 1
                })
            })
            .collect();
        self.sanctions.retain(|each| holds(&each.provision));
        for each in &mut self.sanctions {
            let lifts = &mut each.provision.excepts;
            *lifts = lifts
                .iter()
                .filter_map(|place| moved.get(*place).copied().flatten())
                .collect();
        }
        Ok(())
    }
}
