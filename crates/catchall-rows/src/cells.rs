//! From the cells of one row to a transfer.
//!
//! An empty cell says nothing; it is never handed to this code. Every cell is text: a figure keeps its
//! form until the packs' vocabulary gives it a type, so `5E002` is never five hundred. Several values in
//! a cell stand between `;`, and `none` says that there are none.

use catchall_model::{
    Country, Day, Given, Informed, LicenceHeld, Line, Owner, Party, RedFlag, Transfer,
};

use super::columns::{Column, Field, Header, PartyField};
use super::complaint::{
    Complaint, Fault, Known, MOST, When, amount, day, formula_error, key, name, show, when,
};
use super::words::{self, CODE_SOURCES, FORMS, KINDS, ROLES, TYPES};

/// One row, as far as it has been read.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    known: &'a Known,
    header: &'a Header,
    transfer: Transfer,
    line: Line,
    has_line: bool,
    parties: Vec<Party>,
    /// Place in `parties` of the party in each role, plus one.
    of_role: [u8; ROLES.len()],
    /// Roles of which a cell says that nobody plays them.
    nobody: [bool; ROLES.len()],
    has_parties: bool,
    /// Lists of the column `code_list`; the codes of the column `code` stand in the item without a list
    /// until the row ends.
    lists: Vec<String>,
    informed: Informed,
    says_informed: Option<bool>,
    licence: LicenceHeld,
    has_licence: bool,
    complaints: Vec<Complaint>,
}

type Outcome = Result<(), Fault>;

impl<'a> Row<'a> {
    pub(crate) fn new(known: &'a Known, header: &'a Header) -> Row<'a> {
        Row {
            known,
            header,
            transfer: Transfer::default(),
            line: Line::default(),
            has_line: false,
            parties: Vec::new(),
            of_role: [0; ROLES.len()],
            nobody: [false; ROLES.len()],
            has_parties: false,
            lists: Vec::new(),
            informed: Informed::default(),
            says_informed: None,
            licence: LicenceHeld::default(),
            has_licence: false,
            complaints: Vec::new(),
        }
    }

    /// Takes one cell that is not empty.
    pub(crate) fn take(&mut self, place: usize, cell: &str) {
        let header = self.header;
        let column = header.columns.get(place).unwrap_or(&Column::Nameless);
        let outcome = match formula_error(cell) {
            Some(fault) => Err(fault),
            None => self.fill(column, cell),
        };
        if let Err(fault) = outcome {
            self.complain(place, cell, fault);
        }
    }

    /// Notes what is wrong with a cell.
    pub(crate) fn complain(&mut self, place: usize, cell: &str, fault: Fault) {
        if self.complaints.len() < MOST {
            self.complaints
                .push(fault.at(self.header.name(place), cell));
        }
    }

    fn fill(&mut self, column: &Column, cell: &str) -> Outcome {
        match column {
            Column::Nameless => Err(Fault::new(
                "this cell stands under no column name",
                "name the column in the header, or empty the cell",
            )),
            Column::Field(field) => self.field(*field, cell),
            Column::Party(role, field) => self.party_field(usize::from(*role), *field, cell),
            Column::Identifier(role, kind) => {
                key(cell)?;
                let party = self.party(usize::from(*role));
                party.identifiers.push((kind.clone(), cell.to_owned()));
                Ok(())
            }
            Column::CodeOn(list) => self.item(|line| codes(cell, list, &mut line.item.codes)),
            Column::Property(name) => {
                let room = self.header.properties;
                self.item(|line| {
                    let value = given(name, cell)?;
                    // Exactly: rows are many, and every row has the same columns.
                    if line.item.properties.is_empty() {
                        line.item.properties.reserve_exact(room);
                    }
                    line.item.properties.push((name.clone(), value));
                    Ok(())
                })
            }
            Column::MadeWith(name) => self.item(|line| {
                line.item.made_with.push((name.clone(), given(name, cell)?));
                Ok(())
            }),
            Column::Fact(name) => {
                self.transfer.facts.push((name.clone(), given(name, cell)?));
                Ok(())
            }
        }
    }

    fn field(&mut self, field: Field, cell: &str) -> Outcome {
        let text = || Some(cell.to_owned());
        let known = self.known;
        let transfer = &mut self.transfer;
        match field {
            Field::Id => transfer.id = cell.to_owned(),
            Field::Kind => transfer.kind = Some(word(KINDS, "kind of act", cell)?),
            Field::Date => transfer.date = Some(day(cell)?),
            Field::From => transfer.from = Some(known.country(cell)?),
            Field::To => transfer.to = Some(known.country(cell)?),
            Field::Via => transfer.via = Some(countries(known, cell)?),
            Field::Jurisdictions => {
                for each in list_or_none(cell)? {
                    key(each)?;
                    transfer.jurisdictions.push(each.to_owned());
                }
            }
            Field::ContractSigned => dated(
                cell,
                &mut transfer.dates.contract_signed,
                "contract.signed",
                &mut transfer.facts,
            )?,
            Field::LicenceIssued => dated(
                cell,
                &mut transfer.dates.licence_issued,
                "licence.issued",
                &mut transfer.facts,
            )?,
            Field::Delivery => dated(
                cell,
                &mut transfer.dates.delivery,
                "delivery",
                &mut transfer.facts,
            )?,
            Field::Departure => dated(
                cell,
                &mut transfer.dates.departure,
                "departure",
                &mut transfer.facts,
            )?,
            Field::EndUse => transfer.end_use.statement = text(),
            Field::Uses => transfer.end_use.uses = Some(texts(cell)?),
            Field::Site => transfer.end_use.site = text(),
            Field::Project => transfer.end_use.project = text(),
            Field::ExporterKnows => transfer.knowledge.exporter_knows = Some(texts(cell)?),
            Field::GroundsToSuspect => transfer.knowledge.grounds_to_suspect = Some(texts(cell)?),
            Field::RedFlags => transfer.knowledge.red_flags = Some(red_flags(cell)?),
            Field::Informed => self.says_informed = Some(yes_no(cell)?),
            Field::InformedBy => self.informed.by = text(),
            Field::InformedOn => self.informed.date = Some(day(cell)?),
            Field::InformedOf => self.informed.of = text(),
            Field::LicenceId => {
                if !words::is_none(cell) {
                    key(cell)?;
                    self.has_licence = true;
                    self.licence.id = Some(cell.to_owned());
                }
            }
            Field::LicenceAuthority => {
                self.has_licence = true;
                self.licence.authority = text();
            }
            Field::LicenceExpires => {
                self.has_licence = true;
                self.licence.expires = Some(day(cell)?);
            }
            Field::LicenceBalance => {
                self.has_licence = true;
                self.licence.balance = text();
            }
            _ => return self.item_field(field, cell),
        }
        Ok(())
    }

    fn item_field(&mut self, field: Field, cell: &str) -> Outcome {
        match field {
            Field::Code => return self.item(|line| codes(cell, "", &mut line.item.codes)),
            Field::CodeList => {
                self.lists = several(cell, |list| key(list).map(|()| list.to_owned()))?;
                return Ok(());
            }
            _ => {}
        }
        let known = self.known;
        let text = || Some(cell.to_owned());
        self.item(|line| {
            let item = &mut line.item;
            match field {
                Field::Item => item.description = text(),
                Field::Form => item.form = Some(word(FORMS, "form of an item", cell)?),
                Field::ItemKind => item.kind = text(),
                Field::CodeSource => {
                    item.code_source = Some(word(CODE_SOURCES, "source of a code", cell)?)
                }
                Field::Quantity => {
                    amount(cell)?;
                    line.quantity = text();
                }
                Field::Value => {
                    amount(cell)?;
                    line.value = text();
                }
                Field::Origin => item.origin = Some(known.country(cell)?),
                Field::UsContent => item.us_content = Some(given("us_content", cell)?),
                Field::HsCode => {
                    key(cell)?;
                    item.hs_code = text();
                }
                Field::Published => item.published = Some(yes_no(cell)?),
                Field::FundamentalResearch => item.fundamental_research = Some(yes_no(cell)?),
                _ => {}
            }
            Ok(())
        })
    }

    fn item(&mut self, fill: impl FnOnce(&mut Line) -> Outcome) -> Outcome {
        self.has_line = true;
        fill(&mut self.line)
    }

    fn party(&mut self, role: usize) -> &mut Party {
        self.has_parties = true;
        let place = match self.of_role.get(role) {
            Some(place) if *place > 0 => usize::from(*place) - 1,
            _ => {
                if self.parties.is_empty() {
                    self.parties.reserve_exact(self.header.roles);
                }
                self.parties.push(Party {
                    role: ROLES.get(role).copied().unwrap_or_default().to_owned(),
                    ..Party::default()
                });
                if let Some(place) = self.of_role.get_mut(role) {
                    *place = u8::try_from(self.parties.len()).unwrap_or(u8::MAX);
                }
                self.parties.len() - 1
            }
        };
        &mut self.parties[place]
    }

    fn party_field(&mut self, role: usize, field: PartyField, cell: &str) -> Outcome {
        let known = self.known;
        if field == PartyField::Name && words::is_none(cell) {
            self.has_parties = true;
            if let Some(nobody) = self.nobody.get_mut(role) {
                *nobody = true;
            }
            return Ok(());
        }
        let party = self.party(role);
        let text = Some(cell.to_owned());
        match field {
            PartyField::Name => {
                name(cell)?;
                party.name = text;
            }
            PartyField::Names => party.names = texts(cell)?,
            PartyField::Type => party.kind = Some(word(TYPES, "type of party", cell)?),
            PartyField::Country => party.country = Some(known.country(cell)?),
            PartyField::Nationalities => party.nationalities = Some(countries(known, cell)?),
            PartyField::PermanentResidentOf => {
                party.permanent_resident_of = Some(countries(known, cell)?)
            }
            PartyField::Born => party.born = Some(day(cell)?),
            PartyField::Address => party.address = text,
            PartyField::Institution => party.institution = text,
            PartyField::FieldOfStudy => party.field_of_study = text,
            PartyField::Owners => party.owners = Some(owners(cell)?),
        }
        Ok(())
    }

    /// The transfer, once every cell has been taken; `row` stands in for an id that is not given.
    pub(crate) fn finish(mut self, row: u64) -> Result<Transfer, Vec<Complaint>> {
        self.join_codes();
        self.join_knowledge();
        self.join_parties();
        let told = self.licence.id.is_some() || self.licence.authority.is_some();
        if self.has_licence && !told {
            self.complain_of(
                Field::LicenceId,
                Fault::new(
                    "a licence is described, and neither its number nor its authority is given",
                    "write the number in `licence_id` or the exception that is claimed in `licence_authority`, or empty the other cells of the licence",
                ),
            );
        }
        if !self.complaints.is_empty() {
            return Err(self.complaints);
        }
        let mut transfer = self.transfer;
        if transfer.id.is_empty() {
            transfer.id = row.to_string();
        }
        if self.has_parties {
            transfer.parties = Some(self.parties);
        }
        if self.has_line {
            transfer.lines.push(self.line);
        }
        if self.has_licence {
            transfer.licences.push(self.licence);
        }
        Ok(transfer)
    }

    /// Gives each code of the column `code` its list: one list for all of them, or one for each.
    fn join_codes(&mut self) {
        let mut lists = std::mem::take(&mut self.lists);
        let codes = self
            .line
            .item
            .codes
            .iter()
            .filter(|(list, _)| list.is_empty())
            .count();
        if lists.len() > 1 && codes != lists.len() && codes > 0 {
            let problem = format!("there are {codes} codes and {} lists", lists.len());
            let cure = "name one list for all codes, or as many lists as codes, in the same order";
            self.complain_of(Field::CodeList, Fault::new(problem, cure));
            return;
        }
        if lists.is_empty() {
            lists.push("*".to_owned());
        }
        if let (1, [one]) = (codes, &mut lists[..]) {
            // The usual case costs no copy.
            let place = self
                .line
                .item
                .codes
                .iter_mut()
                .find(|(list, _)| list.is_empty());
            if let Some((list, _)) = place {
                *list = std::mem::take(one);
            }
            return;
        }
        let without_list = self
            .line
            .item
            .codes
            .iter_mut()
            .filter(|(list, _)| list.is_empty());
        for (place, (list, _)) in without_list.enumerate() {
            if let Some(named) = lists.get(place).or(lists.first()) {
                list.clone_from(named);
            }
        }
    }

    fn join_knowledge(&mut self) {
        let details = self.informed != Informed::default();
        match self.says_informed {
            Some(false) if details => self.complain_of(
                Field::Informed,
                Fault::new(
                    "says that no authority has informed the exporter, and other cells tell of a notice",
                    "write `yes`, or empty `informed_by`, `informed_on` and `informed_of`",
                ),
            ),
            None if !details => {}
            said => {
                self.informed.is = said.unwrap_or(true);
                self.transfer.knowledge.informed_by_authority = Some(std::mem::take(&mut self.informed));
            }
        }
    }

    fn join_parties(&mut self) {
        for (role, name) in ROLES.iter().enumerate() {
            if self.nobody.get(role) == Some(&true)
                && self.of_role.get(role).is_some_and(|place| *place > 0)
            {
                let fault = Fault::new(
                    "says `none`, and other cells describe this party",
                    format!(
                        "write the name of the {}, or empty its other cells",
                        name.replace('_', " ")
                    ),
                );
                if self.complaints.len() < MOST {
                    self.complaints.push(fault.at(*name, "none"));
                }
            }
        }
    }

    fn complain_of(&mut self, field: Field, fault: Fault) {
        let wanted = Column::Field(field);
        match self
            .header
            .columns
            .iter()
            .position(|column| *column == wanted)
        {
            Some(place) => self.complain(place, "", fault),
            None => self.complaints.push(fault.of_all()),
        }
    }
}

fn word(list: &'static [&'static str], what: &str, cell: &str) -> Result<String, Fault> {
    match words::find(list, cell) {
        Some(word) => Ok(word.to_owned()),
        None => Err(Fault::new(
            format!("`{}` is no {what}", show(cell, 40)),
            words::cure(list, cell),
        )),
    }
}

/// A day goes where days stand, what is known of one among the facts.
fn dated(
    cell: &str,
    at: &mut Option<Day>,
    fact: &str,
    facts: &mut Vec<(String, Given)>,
) -> Outcome {
    match when(cell)? {
        When::Day(day) => *at = Some(day),
        When::Between(days) => facts.push((fact.to_owned(), Given::Text(days))),
    }
    Ok(())
}

fn yes_no(cell: &str) -> Result<bool, Fault> {
    words::yes_no(cell).ok_or_else(|| {
        Fault::new(
            format!("`{}` is neither yes nor no", show(cell, 40)),
            "write `yes` or `no`, or leave the cell empty when it is not known",
        )
    })
}

/// The values of a cell, between `;`.
fn list_of(cell: &str) -> Result<Vec<&str>, Fault> {
    let values: Vec<&str> = cell
        .split(';')
        .map(str::trim)
        .filter(|value| !value.is_empty())
        .collect();
    if values.is_empty() {
        return Err(Fault::new(
            format!("`{}` is a list without a value", show(cell, 40)),
            "write values between `;`, `none` when there are none, or leave the cell empty when it is not known",
        ));
    }
    Ok(values)
}

/// The same, where `none` alone says that there are none.
fn list_or_none(cell: &str) -> Result<Vec<&str>, Fault> {
    let values = list_of(cell)?;
    match values.iter().filter(|value| words::is_none(value)).count() {
        0 => Ok(values),
        _ if values.len() == 1 => Ok(Vec::new()),
        _ => Err(Fault::new(
            format!("`{}` says `none` and something else", show(cell, 40)),
            "write `none` alone, or take it out",
        )),
    }
}

/// Each value of a cell, read.
fn several<T>(cell: &str, mut read: impl FnMut(&str) -> Result<T, Fault>) -> Result<Vec<T>, Fault> {
    if cell.contains(';') {
        list_of(cell)?.into_iter().map(read).collect()
    } else {
        Ok(vec![read(cell)?])
    }
}

/// The same, where `none` alone says that there are none.
fn several_or_none<T>(
    cell: &str,
    read: impl FnMut(&str) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    if cell.contains(';') {
        list_or_none(cell)?.into_iter().map(read).collect()
    } else if words::is_none(cell) {
        Ok(Vec::new())
    } else {
        several(cell, read)
    }
}

fn texts(cell: &str) -> Result<Vec<String>, Fault> {
    several_or_none(cell, |each| Ok(each.to_owned()))
}

fn countries(known: &Known, cell: &str) -> Result<Vec<Country>, Fault> {
    several_or_none(cell, |each| known.country(each))
}

/// Adds each code of a cell under `list`.
fn codes(cell: &str, list: &str, to: &mut Vec<(String, String)>) -> Outcome {
    if to.is_empty() && !cell.contains(';') {
        to.reserve_exact(1);
    }
    for code in several(cell, |code| key(code).map(|()| code.to_owned()))? {
        to.push((list.to_owned(), code));
    }
    Ok(())
}

/// `flag; other flag => what resolved it`.
fn red_flags(cell: &str) -> Result<Vec<RedFlag>, Fault> {
    several_or_none(cell, |each| match each.split_once("=>") {
        Some((flag, by)) if flag.trim().is_empty() || by.trim().is_empty() => Err(Fault::new(
            format!("`{}` lacks one side of `=>`", show(each, 40)),
            "write the flag, `=>`, and the fact on file that resolves it; without `=>` while it is open",
        )),
        Some((flag, by)) => Ok(RedFlag {
            flag: flag.trim().to_owned(),
            resolved_by: Some(by.trim().to_owned()),
        }),
        None => Ok(RedFlag {
            flag: each.to_owned(),
            resolved_by: None,
        }),
    })
}

/// `First Holding (60 %); Second Holding (at least 25 %)`.
fn owners(cell: &str) -> Result<Vec<Owner>, Fault> {
    several_or_none(cell, |each| {
        let share = each
            .strip_suffix(')')
            .and_then(|open| open.rsplit_once('('))
            .map(|(who, share)| (who.trim(), share.trim()))
            .filter(|(_, share)| share.contains('%') || share.eq_ignore_ascii_case("unknown"));
        let (who, share) = match share {
            Some((who, share)) => (who, Some(share.to_owned())),
            None => (each, None),
        };
        if who.is_empty() {
            return Err(Fault::new(
                format!("`{}` names no owner", show(each, 40)),
                "write the name and then the share, as in `First Holding (60 %)`",
            ));
        }
        name(who)?;
        Ok(Owner {
            name: who.to_owned(),
            share,
            owners: Vec::new(),
        })
    })
}

/// A value of a property or fact: text, several texts, or the points of a curve.
fn given(name: &str, cell: &str) -> Result<Given, Fault> {
    if name == "delivers" || name.ends_with(".delivers") {
        return curve(cell);
    }
    if !cell.contains(';') {
        return Ok(Given::Text(cell.to_owned()));
    }
    let mut values = list_of(cell)?;
    if let [value] = values[..] {
        return Ok(Given::Text(value.to_owned()));
    }
    Ok(Given::List(
        values
            .drain(..)
            .map(|value| Given::Text(value.to_owned()))
            .collect(),
    ))
}

/// `1000 kg @ 250 km; 500 kg @ 320 km`.
fn curve(cell: &str) -> Result<Given, Fault> {
    let points: Result<Vec<Given>, Fault> = list_of(cell)?
        .into_iter()
        .map(|point| {
            let sides = point.split_once('@').map(|(load, range)| (load.trim(), range.trim()));
            match sides {
                Some((load, range)) if !load.is_empty() && !range.is_empty() && !range.contains('@') => {
                    Ok(Given::List(vec![
                        Given::Text(load.to_owned()),
                        Given::Text(range.to_owned()),
                    ]))
                }
                _ => Err(Fault::new(
                    format!("`{}` is no point of a payload-range curve", show(point, 40)),
                    "write payload @ range, with `;` between points: `1000 kg @ 250 km; 500 kg @ 320 km`",
                )),
            }
        })
        .collect();
    points.map(Given::List)
}
