//! Items: what moves, as its figures, its claimed codes and its description say.

use crate::Country;

/// A value as the caller wrote it, before a vocabulary gives it a type.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// True or false.
    YesNo(bool),
    /// A number without a unit, as written.
    Number(String),
    /// Any text: a word, a quantity with its unit, a date.
    Text(String),
    /// One of several, or all of a set, or the points of a curve, as the fact's type says.
    List(Vec<Given>),
}

/// One line of a transfer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Line {
    /// What moves.
    pub item: Item,
    /// How much of it, `22 t`.
    pub quantity: Option<String>,
    /// Its value, `17.3 million USD`.
    pub value: Option<String>,
}

/// What moves.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Item {
    /// The caller's words.
    pub description: Option<String>,
    /// `goods`, `software`, `technology`, `service`, `arms`.
    pub form: Option<String>,
    /// A word of the packs' vocabulary.
    pub kind: Option<String>,
    /// List and code, as claimed. `none` says that the item is on no entry of the list; the list `*` stands for every list.
    pub codes: Vec<(String, String)>,
    /// Who claims the codes: `exporter`, `manufacturer`, `authority`.
    pub code_source: Option<String>,
    /// Figures and tests, by name.
    pub properties: Vec<(String, Given)>,
    /// Where it was made.
    pub origin: Option<Country>,
    /// Controlled content of United States origin, `24 %`.
    pub us_content: Option<Given>,
    /// Facts for the product rules, by name.
    pub made_with: Vec<(String, Given)>,
    /// Tariff code.
    pub hs_code: Option<String>,
    /// Open to anybody.
    pub published: Option<bool>,
    /// Arises in fundamental research.
    pub fundamental_research: Option<bool>,
}
