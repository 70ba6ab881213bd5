//! Parties to a transfer, and who owns them.

use crate::{Country, Day};

/// One party, as the caller states it. Lists left out (`None`) are not known; empty lists say "none".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Party {
    /// `exporter`, `consignee`, `end_user` and so on; a word of the contract.
    pub role: String,
    /// Full name.
    pub name: Option<String>,
    /// Names in other scripts, former names.
    pub names: Vec<String>,
    /// `person`, `company`, `military` and so on; a word of the contract.
    pub kind: Option<String>,
    /// Where it is established, or lives.
    pub country: Option<Country>,
    /// Nationalities of a person.
    pub nationalities: Option<Vec<Country>>,
    /// Where a person is a permanent resident.
    pub permanent_resident_of: Option<Vec<Country>>,
    /// Birth date of a person.
    pub born: Option<Day>,
    /// Type and value.
    pub identifiers: Vec<(String, String)>,
    /// Address, as written.
    pub address: Option<String>,
    /// The institution of a student or visitor.
    pub institution: Option<String>,
    /// What a student or visitor is taught.
    pub field_of_study: Option<String>,
    /// Owners with their shares.
    pub owners: Option<Vec<Owner>>,
}

/// An owner of a party.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Owner {
    /// Full name.
    pub name: String,
    /// `60 %`, `at least 25 %`, `unknown`.
    pub share: Option<String>,
    /// The owner's own owners.
    pub owners: Vec<Owner>,
}
