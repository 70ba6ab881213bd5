//! What is modelled of each instrument, in part, or only pointed to.

use catchall_law::{CoverageState, Law, Provision};
use serde_json::{Value, json};

/// Instruments whose id holds a text, each with its parts.
pub(crate) fn coverage(law: &Law, id: Option<&str>) -> Vec<Value> {
    law.instruments
        .iter()
        .enumerate()
        .filter(|(_, instrument)| id.is_none_or(|id| instrument.id.contains(id)))
        .map(|(place, instrument)| {
            let parts: Vec<Value> = instrument
                .coverage
                .iter()
                .map(|part| {
                    let state = match part.state {
                        CoverageState::Modelled => "modelled",
                        CoverageState::Partial => "partial",
                        CoverageState::Pointer => "pointer",
                    };
                    json!({ "part": part.part, "state": state, "note": part.note })
                })
                .collect();
            let own: Vec<&Provision> = law.provisions.iter().filter(|provision| provision.instrument == place).collect();
            let entries: usize = law.lists.iter().filter(|list| list.instrument == place).map(|list| list.entries.len()).sum();
            json!({
                "instrument": instrument.id, "title": instrument.title, "jurisdiction": instrument.jurisdiction, "force": instrument.force,
                "has_effect": instrument.in_effect, "edition": instrument.edition, "publisher": instrument.publisher, "address": instrument.address,
                "read": instrument.read, "recalled": instrument.recalled, "provisions": own.len(),
                "provisions_read": own.iter().filter(|provision| provision.read).count(), "entries": entries, "parts": parts,
            })
        })
        .collect()
}
