//! People in office: their terms, and their surnames.

use super::day;
use super::files::OfficesFile;
use crate::gazetteer::words::Table;
use crate::gazetteer::{DataError, Person, Term};

pub(super) fn holders(file: OfficesFile) -> Result<Vec<Person>, DataError> {
    let name_of = "data/reports/offices.toml";
    let mut people: Vec<Person> = Vec::new();
    for row in file.office {
        for holder in row.holders {
            let [name, from, to, also @ ..] = holder.as_slice() else {
                return Err(DataError {
                    file: name_of,
                    what: format!(
                        "{}: a holder needs a name and two days, found {holder:?}",
                        row.title
                    ),
                });
            };
            let term = Term {
                title: row.title.clone(),
                from: day(name_of, from)?,
                to: if to.is_empty() {
                    None
                } else {
                    Some(day(name_of, to)?)
                },
            };
            let known = people
                .iter_mut()
                .find(|person| &person.name == name && person.country == row.country);
            let person = match known {
                Some(person) => person,
                None => {
                    people.push(Person {
                        name: name.clone(),
                        names: vec![name.clone()],
                        country: row.country.clone(),
                        terms: Vec::new(),
                    });
                    let Some(last) = people.last_mut() else {
                        continue;
                    };
                    last
                }
            };
            person.terms.push(term);
            for spelling in also {
                if !person.names.contains(spelling) {
                    person.names.push(spelling.clone());
                }
            }
        }
    }
    Ok(people)
}

pub(super) fn surnames(people: &[Person]) -> Table<Vec<u16>> {
    let mut table: Table<Vec<u16>> = Table::default();
    for (person, index) in people.iter().zip(0_u16..) {
        for name in &person.names {
            let Some(last) = name.rsplit(' ').next() else {
                continue;
            };
            let row = table.entry(last.to_owned()).or_default();
            if !row.contains(&index) {
                row.push(index);
            }
        }
    }
    table
}
