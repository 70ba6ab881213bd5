//! Facts: everything from the fields of a transfer that a provision may ask.
//!
//! The one seam between law as data and Rust. A pack names a fact by key (`end_user.country`);
//! this table, together with the packs' own `vocabulary/` files, is the closed list of keys, each
//! with type, unit and question text. A pack that names any other key does not load.
//!
//! To add a fact that comes from a field of a transfer: one row in [`FACTS`], one line in
//! `catchall-assess/src/gather/key.rs`, one example in the pack that needs it. A fact that has no field
//! of its own, and a figure of an item, is a row in `packs/vocabulary/` and needs no Rust.
//! Knows nothing of files, lists or the ledger.

/// What values a fact takes, and so which tests a condition may put to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactType {
    /// True or false.
    YesNo,
    /// One word of a closed list, named here.
    Word(&'static str),
    /// Any number of words of a closed list, named here.
    Words(&'static str),
    /// One node of the tree of item kinds.
    Kind,
    /// One country or territory.
    Country,
    /// Any number of countries or territories.
    Countries,
    /// An amount whose unit must have the dimension of the one named here; `""` is a plain number.
    Quantity(&'static str),
    /// A day.
    Date,
    /// The most a system carries how far: payload against range.
    Curve,
    /// The parties to the transfer, by name.
    Parties,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct FactRow {
    /// The word a condition uses.
    pub key: &'static str,
    /// Its values.
    pub kind: FactType,
    /// What to ask when it is missing, in plain words.
    pub question: &'static str,
    /// Whom to ask.
    pub ask: &'static str,
    /// What would show it.
    pub evidence: &'static str,
    /// How hard it is to find out, from 1 (look at the order) to 5 (a study).
    pub cost: u8,
}

const fn row(
    key: &'static str,
    kind: FactType,
    question: &'static str,
    ask: &'static str,
    evidence: &'static str,
    cost: u8,
) -> FactRow {
    FactRow {
        key,
        kind,
        question,
        ask,
        evidence,
        cost,
    }
}

use FactType::{Countries, Country, Curve, Date, Kind, Parties, Quantity, Word, Words, YesNo};

/// The closed list of facts that come from the fields of a transfer.
pub const FACTS: &[FactRow] = &[
    row(
        "act",
        Word("act"),
        "What is to be done: an export, a re-export, a transit, brokering, technical assistance, a release of technology, a contract, a payment?",
        "exporter",
        "order or contract",
        1,
    ),
    row(
        "date",
        Date,
        "On what day does the act take place?",
        "exporter",
        "shipping papers or plan",
        1,
    ),
    row(
        "contract.signed",
        Date,
        "On what day was the contract signed?",
        "exporter",
        "copy of the contract",
        2,
    ),
    row(
        "contract.relied_on",
        Date,
        "On what day was the older contract signed on which somebody relies?",
        "exporter",
        "copy of the contract",
        2,
    ),
    row(
        "licence.issued",
        Date,
        "On what day was the licence issued?",
        "exporter",
        "copy of the licence",
        1,
    ),
    row(
        "delivery",
        Date,
        "On what day is delivery due or made?",
        "exporter",
        "contract or shipping papers",
        1,
    ),
    row(
        "departure",
        Date,
        "On what day does the shipment leave?",
        "forwarder",
        "shipping papers",
        1,
    ),
    row(
        "from",
        Country,
        "From which country does it leave?",
        "exporter",
        "shipping papers",
        1,
    ),
    row(
        "to",
        Country,
        "In which country does it end up (the final destination)?",
        "exporter",
        "order and end-use statement",
        1,
    ),
    row(
        "via",
        Countries,
        "Through which countries does it pass?",
        "forwarder",
        "routing",
        2,
    ),
    row(
        "transfer.stated_way",
        Countries,
        "Through which countries does somebody say that it passes?",
        "forwarder",
        "routing",
        2,
    ),
    row(
        "transfer.within_one_state",
        YesNo,
        "Does it start and end within one state?",
        "exporter",
        "delivery note, transport document",
        1,
    ),
    row(
        "exporter.country",
        Country,
        "Where is the exporter established?",
        "exporter",
        "company register",
        1,
    ),
    row(
        "exporter.jurisdiction",
        Countries,
        "Under the law of which states does the exporter act (seat, and place of shipment)?",
        "exporter",
        "company register",
        1,
    ),
    row(
        "exporter.nationality",
        Countries,
        "Of which states is whoever acts (exporter or broker) a citizen or permanent resident?",
        "exporter",
        "passport, residence permit",
        2,
    ),
    row(
        "consignee.country",
        Country,
        "Where is the consignee established?",
        "consignee",
        "company register",
        2,
    ),
    row(
        "end_user.country",
        Country,
        "Where is the end user established?",
        "end user",
        "end-use statement",
        2,
    ),
    row(
        "party.countries",
        Countries,
        "In which countries are those established who buy it, receive it or use it (purchaser, consignees, end users, recipients)?",
        "exporter",
        "order, company register",
        2,
    ),
    row(
        "service.countries",
        Countries,
        "In which countries are the banks, carriers and forwarders established that take part?",
        "forwarder",
        "transport and payment papers",
        2,
    ),
    row(
        "end_user.type",
        Word("party_type"),
        "What is the end user: a company, a government body, the military, a university, a research institute, a person?",
        "end user",
        "end-use statement, register",
        2,
    ),
    row(
        "exporter.type",
        Word("party_type"),
        "What is whoever acts (exporter or broker): a company, a government body, the military, a university, a research institute, a person?",
        "exporter",
        "company register, statute of the body",
        2,
    ),
    row(
        "parties",
        Parties,
        "Who are all the parties (end user, consignee, purchaser, intermediaries), by full name?",
        "exporter",
        "order, end-use statement, register",
        2,
    ),
    row(
        "recipient.nationality",
        Countries,
        "Which nationalities does the person who receives the technology or the teaching hold?",
        "recipient",
        "passport",
        2,
    ),
    row(
        "recipient.residence",
        Countries,
        "In which countries is the person who receives the technology a permanent resident?",
        "recipient",
        "residence permit",
        2,
    ),
    row(
        "recipient.latest_country",
        Country,
        "Of which state did the person who receives the technology last become a citizen or permanent resident?",
        "recipient",
        "passport, residence permit",
        2,
    ),
    row(
        "recipient.at_home",
        YesNo,
        "Does the release take place within the one state of which the person last became a citizen or permanent resident?",
        "recipient",
        "passport, residence permit, place of work",
        2,
    ),
    row(
        "recipient.field_of_study",
        Words("field_of_study"),
        "In which subjects is the person taught or trained?",
        "institution",
        "study plan",
        2,
    ),
    row(
        "end_use.uses",
        Words("use"),
        "What is the end use: what will the end user do with it, and where (end-use statement)?",
        "end user",
        "end-use statement",
        3,
    ),
    row(
        "exporter.knows",
        Words("use"),
        "What does the exporter know, or have reason to know, of the end use?",
        "exporter",
        "file, correspondence, end-use statement",
        3,
    ),
    row(
        "exporter.suspects",
        Words("use"),
        "For which uses does the exporter have grounds to suspect that the item is meant?",
        "exporter",
        "file, correspondence",
        3,
    ),
    row(
        "exporter.informed",
        YesNo,
        "Has a competent authority informed the exporter that the item is or may be meant for such a use?",
        "exporter",
        "letter of the authority",
        1,
    ),
    row(
        "item.form",
        Word("form"),
        "Is it goods, software, technology, a service, or arms?",
        "exporter",
        "order",
        1,
    ),
    row(
        "item.kind",
        Kind,
        "What kind of item is it, by nature and material, in the words of the control lists?",
        "exporter",
        "data sheet",
        1,
    ),
    row(
        "item.origin",
        Country,
        "In which country was the item made?",
        "manufacturer",
        "certificate of origin",
        2,
    ),
    row(
        "item.us_content",
        Quantity("%"),
        "What share of the item's value is controlled content of United States origin?",
        "manufacturer",
        "bill of materials with classification and value",
        4,
    ),
    row(
        "item.made_with_us_technology",
        YesNo,
        "Is the item the direct product of United States technology, software or plant (the product rules)?",
        "manufacturer",
        "plant and design facts",
        4,
    ),
    row(
        "item.published",
        YesNo,
        "Is the technology or software published, open to anybody?",
        "exporter",
        "place of publication",
        2,
    ),
    row(
        "item.fundamental_research",
        YesNo,
        "Does the technology arise in fundamental research meant for publication?",
        "institution",
        "research agreement",
        3,
    ),
    row(
        "item.delivers",
        Curve,
        "How far does it carry how much: the payload-range curve down to 500 kg (trade-off), at the most fuel-efficient release altitude and flight profile?",
        "manufacturer",
        "performance data: range at each payload",
        4,
    ),
    row(
        "licence.authorities",
        Words("authority"),
        "Which licences are held for this, and from which authority?",
        "exporter",
        "copy of the licence",
        1,
    ),
];
