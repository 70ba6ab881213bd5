//! History: a new copy of a list over the stored one, and what changed between two.
//!
//! What the new copy no longer holds stays, closed with the last day on which a copy of ours held it; what comes back
//! begins anew, so that the gap stays visible. Nothing here reads what the law says: `valid` is the publisher's alone.

use std::collections::BTreeMap;

use catchall_model::Day;
use serde::Serialize;

use super::entry::Reading;
use super::{Head, ListFile};
use crate::{Days, ListedName, Listing};

/// What changed between two copies of a list, each part by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Diff {
    /// Records that were not held before.
    pub added: Vec<Named>,
    /// Records that are held no longer.
    pub removed: Vec<Named>,
    /// Records that are held and differ.
    pub changed: Vec<Change>,
}

impl Diff {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty()
    }
}

/// A record by its key and main name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The publisher's key.
    pub source_id: String,
    /// The main name.
    pub name: String,
}

/// A record that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The publisher's key.
    pub source_id: String,
    /// The main name, as it is now.
    pub name: String,
    /// What changed, field by field.
    pub fields: Vec<FieldChange>,
}

/// What changed in one field, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldChange {
    /// The field.
    pub field: &'static str,
    /// What is there no longer.
    pub removed: Vec<String>,
    /// What is there now.
    pub added: Vec<String>,
}

/// The stored list, carried on by what was read.
pub(super) fn carry_on(head: Head, reading: Reading<'_>, previous: Option<&ListFile>) -> ListFile {
    let day = head.day;
    let last = previous.map_or(day, |previous| previous.head.day);
    let mut before: BTreeMap<&str, &Listing> = BTreeMap::new();
    let mut listings = Vec::new();
    for listing in previous.iter().flat_map(|previous| &previous.listings) {
        if listing.seen.to.is_some() {
            listings.push(listing.clone());
        } else {
            before.insert(&listing.source_id, listing);
        }
    }
    for mut listing in reading.listings {
        match before.remove(listing.source_id.as_str()) {
            Some(old) => carry_names(&mut listing, old, day, last),
            None => begin(&mut listing, day),
        }
        listings.push(listing);
    }
    for (id, old) in before {
        let mut old = old.clone();
        if !reading.is_delta || reading.deleted.contains(id) {
            close(&mut old, last);
        }
        listings.push(old);
    }
    listings.sort_by(|a, b| {
        let order = |listing: &Listing| (listing.seen.to.is_none(), listing.seen.to);
        (&a.source_id, order(a)).cmp(&(&b.source_id, order(b)))
    });
    ListFile { head, listings }
}

fn begin(listing: &mut Listing, day: Day) {
    let seen = Days {
        from: Some(day),
        to: None,
    };
    listing.seen = seen;
    for name in &mut listing.names {
        name.seen = seen;
    }
}

fn close(listing: &mut Listing, last: Day) {
    listing.seen.to = Some(last);
    for name in &mut listing.names {
        name.seen.to = name.seen.to.or(Some(last));
    }
}

/// A record that is held still: its names know since when, and those that are gone stay behind it, closed.
fn carry_names(listing: &mut Listing, old: &Listing, day: Day, last: Day) {
    begin(listing, day);
    listing.seen.from = old.seen.from;
    let mut known: BTreeMap<&str, &ListedName> = BTreeMap::new();
    let mut gone = Vec::new();
    for name in &old.names {
        if name.seen.to.is_some() {
            gone.push(name.clone());
        } else {
            known.insert(&name.text, name);
        }
    }
    for name in &mut listing.names {
        if let Some(old) = known.remove(name.text.as_str()) {
            name.seen.from = old.seen.from;
        }
    }
    for name in known.into_values() {
        let mut name = name.clone();
        name.seen.to = Some(last);
        gone.push(name);
    }
    gone.sort_by(|a, b| (a.seen.to, &a.text).cmp(&(b.seen.to, &b.text)));
    listing.names.extend(gone);
}

/// What changed from one copy to the other, among the records that each holds. When our copies held them is no change.
pub fn diff(old: &ListFile, new: &ListFile) -> Diff {
    let mut before: BTreeMap<&str, &Listing> = old
        .held()
        .map(|listing| (listing.source_id.as_str(), listing))
        .collect();
    let mut diff = Diff::default();
    for listing in new.held() {
        match before.remove(listing.source_id.as_str()) {
            None => diff.added.push(named(listing)),
            Some(old) => {
                let fields = changes(old, listing);
                if !fields.is_empty() {
                    diff.changed.push(Change {
                        source_id: listing.source_id.clone(),
                        name: named(listing).name,
                        fields,
                    });
                }
            }
        }
    }
    diff.removed = before.into_values().map(named).collect();
    diff.added.sort_by(|a, b| a.source_id.cmp(&b.source_id));
    diff.changed.sort_by(|a, b| a.source_id.cmp(&b.source_id));
    diff
}

/// What must be put back to come from `new` to `old`: the old records of every key that differs, under the old head. A record without a name says that
/// the key was not there.
pub fn undo(old: &ListFile, new: &ListFile) -> ListFile {
    let (mut before, mut after) = (by_key(old), by_key(new));
    let mut keys: Vec<&str> = before.keys().chain(after.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let mut listings = Vec::new();
    for key in keys {
        let (before, after) = (before.remove(key), after.remove(key));
        match before {
            before if before == after => {}
            Some(before) => listings.extend(before.into_iter().cloned()),
            None => listings.push(Listing {
                list: old.head.list.clone(),
                source_id: key.to_owned(),
                ..Listing::default()
            }),
        }
    }
    ListFile {
        head: old.head.clone(),
        listings,
    }
}

/// The list as it was before: `new` with what [`undo`] gave put back.
pub fn undone(new: &ListFile, undo: &ListFile) -> ListFile {
    let put_back = by_key(undo);
    let mut listings: Vec<Listing> = new
        .listings
        .iter()
        .filter(|listing| !put_back.contains_key(listing.source_id.as_str()))
        .chain(
            undo.listings
                .iter()
                .filter(|listing| !listing.names.is_empty()),
        )
        .cloned()
        .collect();
    // Records of one key keep their order, which a stable sort does not touch.
    listings.sort_by(|a, b| a.source_id.cmp(&b.source_id));
    ListFile {
        head: undo.head.clone(),
        listings,
    }
}

fn by_key(file: &ListFile) -> BTreeMap<&str, Vec<&Listing>> {
    let mut all: BTreeMap<&str, Vec<&Listing>> = BTreeMap::new();
    for listing in &file.listings {
        all.entry(&listing.source_id).or_default().push(listing);
    }
    all
}

fn named(listing: &Listing) -> Named {
    Named {
        source_id: listing.source_id.clone(),
        name: listing
            .names
            .first()
            .map_or(String::new(), |name| name.text.clone()),
    }
}

/// A field's name, and how it is put in words.
type Field = (&'static str, fn(&Listing) -> Vec<String>);

const FIELDS: &[Field] = &[
    ("kind", |listing| {
        vec![format!("{:?}", listing.kind).to_lowercase()]
    }),
    ("names", |listing| {
        let held = listing.names.iter().filter(|name| name.seen.to.is_none());
        held.map(|name| {
            let kind = format!("{:?}", name.kind).to_lowercase();
            format!("{} ({kind})", name.text)
        })
        .collect()
    }),
    ("identifiers", |listing| {
        let words = listing.identifiers.iter().map(|identifier| {
            let country = identifier
                .country
                .map_or(String::new(), |c| format!(" ({c})"));
            format!("{} {}{country}", identifier.kind, identifier.value)
        });
        words.collect()
    }),
    ("births", |listing| {
        let words = listing.births.iter().map(|birth| {
            let circa = if birth.circa { "circa " } else { "" };
            format!("{circa}{}/{}", birth.from, birth.to)
        });
        words.collect()
    }),
    ("birth_places", |listing| listing.birth_places.clone()),
    ("countries", |listing| {
        listing.countries.iter().map(ToString::to_string).collect()
    }),
    ("addresses", |listing| listing.addresses.clone()),
    ("programmes", |listing| listing.programmes.clone()),
    ("measures", |listing| listing.measures.clone()),
    ("citation", |listing| {
        listing.citation.iter().cloned().collect()
    }),
    ("remarks", |listing| {
        listing.remarks.iter().cloned().collect()
    }),
    ("valid", |listing| {
        let words = |day: Option<Day>| day.map_or("..".to_owned(), |day| day.to_string());
        vec![format!(
            "{}/{}",
            words(listing.valid.from),
            words(listing.valid.to)
        )]
    }),
];

fn changes(old: &Listing, new: &Listing) -> Vec<FieldChange> {
    let mut found = Vec::new();
    for (field, words) in FIELDS {
        let (before, after) = (words(old), words(new));
        // The order in which a publisher prints addresses or numbers says nothing.
        let removed: Vec<String> = before
            .iter()
            .filter(|word| !after.contains(word))
            .cloned()
            .collect();
        let added: Vec<String> = after
            .into_iter()
            .filter(|word| !before.contains(word))
            .collect();
        if !removed.is_empty() || !added.is_empty() {
            found.push(FieldChange {
                field,
                removed,
                added,
            });
        }
    }
    found
}
