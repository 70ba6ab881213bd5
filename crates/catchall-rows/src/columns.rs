//! The columns of the table form of a transfer: their names, and which field each one fills.
//!
//! CSV and Excel take the same columns. A header is resolved once, to one [`Column`] a cell; the cells of
//! ten million rows then go straight to their fields ([`super::cells`]).
//!
//! To add a column: one row in [`FIELDS`] (or [`PARTY_FIELDS`]), one arm in `cells.rs`. Knows nothing of
//! packs: whether `property.rnage` means anything is for the vocabulary to say, which is handed the names
//! by [`super::Decoder::vocabulary_columns`].

use super::complaint::{is_invisible, show};
use super::nearest::nearest;
use super::words::ROLES;

/// What the cells of one column fill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// A column without a name; its cells must be empty.
    Nameless,
    /// A field that has a name of its own.
    Field(Field),
    /// A field of the party in a role, by its place in [`ROLES`].
    Party(u8, PartyField),
    /// An identifier of the party in a role: `exporter.identifier.lei`.
    Identifier(u8, String),
    /// The code on one list: `code.us-ear`.
    CodeOn(String),
    /// A figure of the item: `property.range`.
    Property(String),
    /// A fact for the product rules: `made_with.us_technology`.
    MadeWith(String),
    /// A fact by its key: `fact.exporter.knows`.
    Fact(String),
}

/// Fields with a column name of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(crate) enum Field {
    Id, Kind, Date, From, To, Via, Jurisdictions,
    ContractSigned, LicenceIssued, Delivery, Departure,
    Item, Form, ItemKind, Code, CodeList, CodeSource, Quantity, Value, Origin, UsContent, HsCode,
    Published, FundamentalResearch,
    EndUse, Uses, Site, Project,
    Informed, InformedBy, InformedOn, InformedOf, ExporterKnows, GroundsToSuspect, RedFlags,
    LicenceId, LicenceAuthority, LicenceExpires, LicenceBalance,
}

/// Fields of a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(crate) enum PartyField {
    Name, Names, Type, Country, Nationalities, PermanentResidentOf, Born, Address, Institution,
    FieldOfStudy, Owners,
}

/// Column names, and the path by which the JSON form knows the same field.
#[rustfmt::skip]
pub(crate) const FIELDS: &[(&str, &str, Field)] = &[
    ("id", "", Field::Id),
    ("kind", "", Field::Kind),
    ("date", "", Field::Date),
    ("from", "", Field::From),
    ("to", "", Field::To),
    ("via", "", Field::Via),
    ("jurisdictions", "", Field::Jurisdictions),
    ("contract_signed", "dates.contract_signed", Field::ContractSigned),
    ("licence_issued", "dates.licence_issued", Field::LicenceIssued),
    ("delivery", "dates.delivery", Field::Delivery),
    ("departure", "dates.departure", Field::Departure),
    ("item", "item.description", Field::Item),
    ("form", "item.form", Field::Form),
    ("item_kind", "item.kind", Field::ItemKind),
    ("code", "item.code", Field::Code),
    ("code_list", "item.code_list", Field::CodeList),
    ("code_source", "item.code_source", Field::CodeSource),
    ("quantity", "", Field::Quantity),
    ("value", "", Field::Value),
    ("origin", "item.origin", Field::Origin),
    ("us_content", "item.us_content", Field::UsContent),
    ("hs_code", "item.hs_code", Field::HsCode),
    ("published", "item.published", Field::Published),
    ("fundamental_research", "item.fundamental_research", Field::FundamentalResearch),
    ("end_use", "end_use.statement", Field::EndUse),
    ("uses", "end_use.uses", Field::Uses),
    ("site", "end_use.site", Field::Site),
    ("project", "end_use.project", Field::Project),
    ("informed_by_authority", "knowledge.informed_by_authority", Field::Informed),
    ("informed_by", "informed_by_authority.by", Field::InformedBy),
    ("informed_on", "informed_by_authority.date", Field::InformedOn),
    ("informed_of", "informed_by_authority.of", Field::InformedOf),
    ("exporter_knows", "knowledge.exporter_knows", Field::ExporterKnows),
    ("grounds_to_suspect", "knowledge.grounds_to_suspect", Field::GroundsToSuspect),
    ("red_flags", "knowledge.red_flags", Field::RedFlags),
    ("licence_id", "licence.id", Field::LicenceId),
    ("licence_authority", "licence.authority", Field::LicenceAuthority),
    ("licence_expires", "licence.expires", Field::LicenceExpires),
    ("licence_balance", "licence.balance", Field::LicenceBalance),
];

/// Names of a party's fields behind the role, as in `end_user.country`.
const PARTY_FIELDS: &[(&str, PartyField)] = &[
    ("name", PartyField::Name),
    ("names", PartyField::Names),
    ("type", PartyField::Type),
    ("country", PartyField::Country),
    ("nationalities", PartyField::Nationalities),
    ("permanent_resident_of", PartyField::PermanentResidentOf),
    ("born", PartyField::Born),
    ("address", PartyField::Address),
    ("institution", PartyField::Institution),
    ("field_of_study", PartyField::FieldOfStudy),
    ("owners", PartyField::Owners),
];

/// Why a column of the header cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnFault {
    /// Number of the column, from 1.
    pub number: usize,
    /// The name that stands there.
    pub name: String,
    /// What is wrong with it.
    pub problem: String,
    /// What would have been right.
    pub cure: String,
}

impl std::fmt::Display for ColumnFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "column {} `{}`: {}; {}",
            self.number, self.name, self.problem, self.cure
        )
    }
}

/// What the rows of a table are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TableOf {
    /// Transfers.
    #[default]
    Transfers,
    /// Parties: `id`, and the fields of a party without a role before them.
    Parties,
}

/// The role that stands in for the one a table of parties does not speak of.
const STAND_IN: &str = "end_user";

impl TableOf {
    fn column(self, name: &str) -> Option<Column> {
        match (self, fold(name).as_str()) {
            (TableOf::Transfers, _) | (_, "" | "id") => column(name),
            (TableOf::Parties, folded) => match of_a_party(&format!("{STAND_IN}.{folded}")) {
                // `end_user.` without a field would be the party's name.
                Some(Column::Party(_, PartyField::Owners | PartyField::FieldOfStudy)) => None,
                found => found,
            },
        }
    }

    /// What to say of a name that is no column.
    fn unknown(self, name: &str) -> (String, String) {
        match self {
            TableOf::Transfers => unknown(name),
            TableOf::Parties => {
                let known = || PARTY_FIELDS.iter().map(|(name, _)| *name).chain(["id"]);
                let near = nearest(&fold(name), known()).map_or_else(String::new, |near| {
                    format!("; the nearest known is `{near}`")
                });
                let all: Vec<&str> = known().collect();
                (
                    format!("is no column of a table of parties{near}"),
                    format!("known are {} and identifier.<type>", all.join(", ")),
                )
            }
        }
    }
}

/// A header, resolved: what each column fills.
#[derive(Clone, Debug, Default)]
pub(crate) struct Header {
    /// As written, for messages.
    pub(crate) names: Vec<String>,
    /// The same, understood.
    pub(crate) columns: Vec<Column>,
    /// Which of them is the id.
    pub(crate) id: Option<usize>,
    /// How many of them are figures of the item.
    pub(crate) properties: usize,
    /// How many roles they speak of.
    pub(crate) roles: usize,
}

impl Header {
    /// Understands the names of a header, all of them or none.
    pub(crate) fn resolve(names: Vec<String>, table: TableOf) -> Result<Header, Vec<ColumnFault>> {
        let mut header = Header::default();
        let mut faults = Vec::new();
        for (place, name) in names.iter().enumerate() {
            let fault = |problem: String, cure: String| ColumnFault {
                number: place + 1,
                name: show(name, 60),
                problem,
                cure,
            };
            match table.column(name) {
                Some(column) => {
                    let first = header.columns.iter().position(|earlier| *earlier == column);
                    if let Some(first) = first.filter(|_| column != Column::Nameless) {
                        faults.push(fault(
                            format!("says the same as column {} `{}`", first + 1, show(&names[first], 60)),
                            "keep one of them; several values of one field go into one cell, between `;`".to_owned(),
                        ));
                    }
                    header.columns.push(column);
                }
                None => {
                    let (problem, cure) = table.unknown(name);
                    faults.push(fault(problem, cure));
                    header.columns.push(Column::Nameless);
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        header.id = header
            .columns
            .iter()
            .position(|column| *column == Column::Field(Field::Id));
        let is_property = |column: &&Column| matches!(column, Column::Property(_));
        header.properties = header.columns.iter().filter(is_property).count();
        header.roles = (0u8..)
            .zip(ROLES)
            .filter(|(place, _)| {
                let of_role = |column: &Column| matches!(column, Column::Party(role, _) | Column::Identifier(role, _) if role == place);
                header.columns.iter().any(of_role)
            })
            .count();
        header.names = names;
        Ok(header)
    }

    /// How many of the names are columns; for finding out how a file tells its cells apart.
    pub(crate) fn known(names: &[String], table: TableOf) -> usize {
        names
            .iter()
            .filter(|name| {
                table
                    .column(name)
                    .is_some_and(|column| column != Column::Nameless)
            })
            .count()
    }

    /// Whether the cells of a column are codes or numbers of papers, where a number is never meant.
    pub(crate) fn holds_keys(&self, place: usize) -> bool {
        matches!(
            self.columns.get(place),
            Some(
                Column::Field(
                    Field::Id | Field::Code | Field::CodeList | Field::HsCode | Field::LicenceId
                ) | Column::CodeOn(_)
                    | Column::Identifier(..)
            )
        )
    }

    /// The name of a column as a message calls it.
    pub(crate) fn name(&self, place: usize) -> String {
        match self.names.get(place) {
            Some(name) if !name.is_empty() => show(name, 60),
            _ => format!("column {}", place + 1),
        }
    }
}

/// Lower case, `_` for spaces and hyphens, nothing at the ends.
fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for c in name.trim().chars() {
        if c.is_whitespace() || c == '-' || c == '_' {
            if !folded.ends_with(['_', '.']) {
                folded.push('_');
            }
        } else if c == '.' {
            while folded.ends_with('_') {
                folded.pop();
            }
            folded.push('.');
        } else {
            folded.extend(c.to_lowercase());
        }
    }
    folded.trim_matches('_').to_owned()
}

/// The column of this name.
fn column(name: &str) -> Option<Column> {
    let folded = fold(name);
    if folded.is_empty() {
        return Some(Column::Nameless);
    }
    if let Some((_, _, field)) = FIELDS
        .iter()
        .find(|(name, path, _)| *name == folded || *path == folded)
    {
        return Some(Column::Field(*field));
    }
    if let Some((prefix, rest)) = folded.split_once('.') {
        let rest = Some(rest).filter(|rest| {
            rest.chars().all(|c| !is_invisible(c) && !c.is_control()) && !rest.is_empty()
        });
        match (prefix, rest) {
            ("property", Some(name)) => return Some(Column::Property(name.to_owned())),
            ("made_with", Some(name)) => return Some(Column::MadeWith(name.to_owned())),
            ("fact", Some(key)) => return Some(Column::Fact(key.to_owned())),
            // Lists are known by names with hyphens; nothing is folded there.
            ("code", Some(_)) => return Some(Column::CodeOn(behind_the_point(name))),
            ("identifier", _) => return None,
            _ => {}
        }
    }
    of_a_party(&folded)
}

/// What the header writes behind the first point, in lower case.
fn behind_the_point(name: &str) -> String {
    name.split_once('.')
        .map_or(String::new(), |(_, rest)| rest.trim().to_lowercase())
}

/// `end_user`, `end_user.country`, `end_user_country`, `end_user.identifier.lei`.
fn of_a_party(folded: &str) -> Option<Column> {
    for (role, name) in (0u8..).zip(ROLES) {
        let Some(rest) = folded.strip_prefix(name) else {
            continue;
        };
        if rest.is_empty() {
            return Some(Column::Party(role, PartyField::Name));
        }
        let Some(field) = rest.strip_prefix(['.', '_']) else {
            continue;
        };
        if let Some(kind) = field
            .strip_prefix("identifier.")
            .filter(|kind| !kind.is_empty())
        {
            return Some(Column::Identifier(role, kind.to_owned()));
        }
        if let Some((_, field)) = PARTY_FIELDS.iter().find(|(name, _)| *name == field) {
            return Some(Column::Party(role, *field));
        }
    }
    None
}

/// What to say of a name that is no column.
fn unknown(name: &str) -> (String, String) {
    let folded = fold(name);
    if let Some(hidden) = name
        .chars()
        .find(|c| is_invisible(*c) || (c.is_control() && !c.is_whitespace()))
    {
        let seen: String = folded
            .chars()
            .filter(|c| !is_invisible(*c) && !c.is_control())
            .collect();
        return (
            format!("holds the invisible character U+{:04X}", u32::from(hidden)),
            match column(&seen) {
                Some(Column::Nameless) | None => {
                    "write the name anew, without that character".to_owned()
                }
                Some(_) => format!("write `{seen}`"),
            },
        );
    }
    let latin: String = folded.chars().map(latin_twin).collect();
    if latin != folded
        && column(&latin).is_some()
        && let Some(twin) = folded.chars().find(|c| latin_twin(*c) != *c)
    {
        return (
            format!(
                "holds `{twin}` (U+{:04X}), which only looks like `{}`",
                u32::from(twin),
                latin_twin(twin)
            ),
            format!("write `{latin}`"),
        );
    }
    let problem = "is no column that is known here".to_owned();
    let party: Vec<String> = ROLES
        .iter()
        .flat_map(|role| {
            PARTY_FIELDS
                .iter()
                .map(move |(field, _)| format!("{role}.{field}"))
                .chain([(*role).to_owned()])
        })
        .collect();
    let all = FIELDS
        .iter()
        .map(|(name, _, _)| *name)
        .chain(
            FIELDS
                .iter()
                .map(|(_, path, _)| *path)
                .filter(|path| !path.is_empty()),
        )
        .chain(party.iter().map(String::as_str));
    let cure = match nearest(&folded, all) {
        Some(near) => format!("the nearest is `{near}`"),
        None => format!(
            "write `property.{0}` for a figure of the item, `fact.{0}` for another fact, or take the column out",
            show(&folded, 40)
        ),
    };
    (problem, cure)
}

/// The Latin letter that a letter of another script is drawn like.
fn latin_twin(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'в' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ε' => 'e',
        'ɡ' => 'g',
        'һ' | 'н' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'ӏ' => 'l',
        'м' => 'm',
        'ո' | 'η' => 'n',
        'о' | 'ο' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ѡ' | 'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xfee0).map_or(c, |c| c.to_ascii_lowercase())
        }
        '․' | '。' => '.',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(names: &[&str]) -> String {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let faults = Header::resolve(names, TableOf::Transfers).unwrap_err();
        faults
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn every_column_of_the_contract_is_known() {
        let contract = "id, kind, date, from, to, via, exporter, consignee, end_user, end_user_country, item, form, \
             item_kind, code, code_list, quantity, value, origin, us_content, end_use, uses, \
             informed_by_authority, red_flags, contract_signed, delivery, property.range, fact.exporter.knows, \
             recipient.nationalities, supervisor.institution, owner.country, exporter.identifier.lei, code.us-ear";
        let names: Vec<String> = contract
            .split(", ")
            .map(|name| name.trim().to_owned())
            .collect();
        let header = Header::resolve(names, TableOf::Transfers).unwrap();
        assert_eq!(header.id, Some(0));
        assert_eq!(header.columns[9], Column::Party(3, PartyField::Country));
        assert_eq!(header.columns[25], Column::Property("range".to_owned()));
        assert_eq!(
            header.columns[26],
            Column::Fact("exporter.knows".to_owned())
        );
        assert_eq!(header.columns[31], Column::CodeOn("us-ear".to_owned()));
    }

    #[test]
    fn names_are_known_whatever_their_case_spaces_and_hyphens() {
        for (name, same) in [
            ("End User", "end_user"),
            (" End-Use ", "end_use"),
            ("END_USER COUNTRY", "end_user.country"),
            ("end\r\nuser", "end_user"),
            ("Property. Range", "property.range"),
            ("item.kind", "item_kind"),
        ] {
            assert_eq!(column(name), column(same), "{name}");
            assert!(column(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_name_that_is_no_column_is_answered_with_the_nearest() {
        insta::assert_snapshot!(fault(&["id", "end_usr", "colour of the box", "\u{0456}d", "t\u{200b}o", "exporter.contry"]), @r"
        column 2 `end_usr`: is no column that is known here; the nearest is `end_user`
        column 3 `colour of the box`: is no column that is known here; write `property.colour_of_the_box` for a figure of the item, `fact.colour_of_the_box` for another fact, or take the column out
        column 4 `іd`: holds `і` (U+0456), which only looks like `i`; write `id`
        column 5 `t\u{200b}o`: holds the invisible character U+200B; write `to`
        column 6 `exporter.contry`: is no column that is known here; the nearest is `exporter.country`
        ");
    }

    #[test]
    fn two_columns_for_one_field_are_told() {
        assert_eq!(
            fault(&["to", "end_user_country", "end_user.country"]),
            "column 3 `end_user.country`: says the same as column 2 `end_user_country`; keep one of them; several \
             values of one field go into one cell, between `;`"
        );
    }
}
