//! A transfer: the act asked about, as the caller states it. What is left out is not known.

use crate::{Country, Day, Given, Line, Party};

/// One act to be judged. See the public contract, section 1.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transfer {
    /// The caller's own key.
    pub id: String,
    /// `export`, `technology_release` and so on; a word of the contract.
    pub kind: Option<String>,
    /// When the act takes place.
    pub date: Option<Day>,
    /// Further dates that a provision may be tested on.
    pub dates: Dates,
    /// Whence.
    pub from: Option<Country>,
    /// Through; an empty list says "directly".
    pub via: Option<Vec<Country>>,
    /// Whither.
    pub to: Option<Country>,
    /// Jurisdictions added by hand; with a leading `-`, excluded.
    pub jurisdictions: Vec<String>,
    /// Who takes part; `None` when nobody has said, empty when there is nobody.
    pub parties: Option<Vec<Party>>,
    /// What moves.
    pub lines: Vec<Line>,
    /// What for.
    pub end_use: EndUse,
    /// What the exporter knows, was told, and has grounds to suspect.
    pub knowledge: Knowledge,
    /// Licences relied on; none stated means that none is relied on.
    pub licences: Vec<LicenceHeld>,
    /// Any further fact by its key.
    pub facts: Vec<(String, Given)>,
    /// Field path and where its value came from.
    pub evidence: Vec<(String, String)>,
}

impl Transfer {
    /// Moves further facts that have a field of their own into it, where nobody filled that field: what is said of the end use and
    /// of the exporter's knowledge is then read alike whichever way it is told.
    pub fn fill_own_fields(&mut self) {
        let words = |given: &Given| -> Option<Vec<String>> {
            match given {
                Given::Text(text) if text.trim().eq_ignore_ascii_case("none") => Some(Vec::new()),
                Given::Text(text) => Some(vec![text.clone()]),
                Given::List(each) => {
                    let texts = each.iter().map(|each| match each {
                        Given::Text(text) => Some(text.clone()),
                        _ => None,
                    });
                    texts.collect()
                }
                _ => None,
            }
        };
        let (end_use, knowledge) = (&mut self.end_use, &mut self.knowledge);
        self.facts.retain(|(key, given)| {
            let field = match key.as_str() {
                "end_use.uses" => &mut end_use.uses,
                "exporter.knows" => &mut knowledge.exporter_knows,
                "exporter.suspects" => &mut knowledge.grounds_to_suspect,
                "exporter.informed" => {
                    let (Given::YesNo(is), None) = (given, &knowledge.informed_by_authority) else {
                        return true;
                    };
                    knowledge.informed_by_authority = Some(Informed {
                        is: *is,
                        ..Informed::default()
                    });
                    return false;
                }
                _ => return true,
            };
            if field.is_some() {
                return true;
            }
            *field = words(given);
            field.is_none()
        });
    }
}

/// Further dates of a transfer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// When the contract was signed.
    pub contract_signed: Option<Day>,
    /// When the licence was issued.
    pub licence_issued: Option<Day>,
    /// When delivery is due or made.
    pub delivery: Option<Day>,
    /// When the shipment leaves.
    pub departure: Option<Day>,
}

/// What the item is for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndUse {
    /// The end user's words.
    pub statement: Option<String>,
    /// Words of the contract; an empty list says "none of those".
    pub uses: Option<Vec<String>>,
    /// Where.
    pub site: Option<String>,
    /// Project or programme.
    pub project: Option<String>,
}

/// What the exporter knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knowledge {
    /// Whether an authority has informed the exporter.
    pub informed_by_authority: Option<Informed>,
    /// Uses the exporter knows of.
    pub exporter_knows: Option<Vec<String>>,
    /// Uses the exporter has grounds to suspect.
    pub grounds_to_suspect: Option<Vec<String>>,
    /// Red flags seen.
    pub red_flags: Option<Vec<RedFlag>>,
}

/// An authority's notice, or its absence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Informed {
    /// Whether there is one.
    pub is: bool,
    /// Which authority.
    pub by: Option<String>,
    /// When.
    pub date: Option<Day>,
    /// Of which use.
    pub of: Option<String>,
}

/// A red flag, and what resolved it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RedFlag {
    /// What was noticed.
    pub flag: String,
    /// The fact on file that resolves it; `None` while it is open.
    pub resolved_by: Option<String>,
}

/// A licence relied on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LicenceHeld {
    /// Its number; an exception or a general authorisation has none.
    pub id: Option<String>,
    /// Who issued it.
    pub authority: Option<String>,
    /// Last day of validity.
    pub expires: Option<Day>,
    /// What is left of it.
    pub balance: Option<String>,
    /// Why it does not cover this transfer, as whoever keeps the licence says: another end user, nothing left. Empty when
    /// nobody says so. No field of the contract: the roof fills it from the ledger.
    pub against: Vec<String>,
}
