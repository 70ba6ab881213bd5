//! Bytes: how an index lies in a file.
//!
//! Everything is little-endian and found by offsets, so that a file is opened by reading its header. Whatever a damaged file says, reading gives
//! nothing, never a fault of memory.

use crate::listing::{BirthDate, Days, Identifier, ListedName, Listing, NameKind, PartyKind};
use catchall_model::{Country, Day};

/// A row of bytes that grows.
#[derive(Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    pub(crate) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }
    pub(crate) fn u16(&mut self, value: u16) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }
    pub(crate) fn u32(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }
    pub(crate) fn text(&mut self, text: &str) {
        self.u32(text.len() as u32);
        self.0.extend_from_slice(text.as_bytes());
    }
    fn optional(&mut self, text: Option<&str>) {
        self.u8(u8::from(text.is_some()));
        self.text(text.unwrap_or(""));
    }
    fn day(&mut self, day: Option<Day>) {
        // A day that is not known is the smallest number.
        self.u32(day.map_or(i32::MIN, |d| d.number() as i32) as u32);
    }
    fn days(&mut self, days: Days) {
        self.day(days.from);
        self.day(days.to);
    }
    fn texts(&mut self, texts: &[String]) {
        self.u32(texts.len() as u32);
        for text in texts {
            self.text(text);
        }
    }

    pub(crate) fn listing(&mut self, listing: &Listing) {
        self.text(&listing.list);
        self.text(&listing.source_id);
        self.u8(listing.kind as u8);
        self.days(listing.valid);
        self.days(listing.seen);
        self.u32(listing.births.len() as u32);
        for birth in &listing.births {
            self.day(Some(birth.from));
            self.day(Some(birth.to));
            self.u8(u8::from(birth.circa));
        }
        self.u32(listing.countries.len() as u32);
        for country in &listing.countries {
            self.text(country.code());
        }
        self.u32(listing.identifiers.len() as u32);
        for id in &listing.identifiers {
            self.text(&id.kind);
            self.text(&id.value);
            self.optional(id.country.as_ref().map(Country::code));
        }
        self.u32(listing.names.len() as u32);
        for name in &listing.names {
            self.text(&name.text);
            self.u8(name.kind as u8);
            self.optional(name.given.as_deref());
            self.optional(name.family.as_deref());
            self.days(name.valid);
            self.days(name.seen);
        }
        self.texts(&listing.birth_places);
        self.texts(&listing.addresses);
        self.texts(&listing.programmes);
        self.texts(&listing.measures);
        self.optional(listing.citation.as_deref());
        self.optional(listing.remarks.as_deref());
    }
}

/// Reads a row of bytes from a place on.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(count)?)?;
        self.at += count;
        Some(taken)
    }
    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.take(1)?.first().copied()
    }
    pub(crate) fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
    pub(crate) fn text(&mut self) -> Option<&'a str> {
        let length = self.u32()? as usize;
        std::str::from_utf8(self.take(length)?).ok()
    }
    fn owned(&mut self) -> Option<String> {
        self.text().map(str::to_owned)
    }
    fn optional(&mut self) -> Option<Option<String>> {
        let there = self.u8()? == 1;
        let text = self.owned()?;
        Some(there.then_some(text))
    }
    fn day(&mut self) -> Option<Option<Day>> {
        let number = self.u32()? as i32;
        Some((number != i32::MIN).then(|| Day::from_number(i64::from(number))))
    }
    fn days(&mut self) -> Option<Days> {
        Some(Days {
            from: self.day()?,
            to: self.day()?,
        })
    }
    fn many<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.u32()?;
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(one(self)?);
        }
        Some(all)
    }

    pub(crate) fn listing(&mut self) -> Option<Listing> {
        Some(Listing {
            list: self.owned()?,
            source_id: self.owned()?,
            kind: party_kind(self.u8()?),
            valid: self.days()?,
            seen: self.days()?,
            births: self.many(|r| {
                Some(BirthDate {
                    from: r.day()??,
                    to: r.day()??,
                    circa: r.u8()? == 1,
                })
            })?,
            countries: self.many(|r| Country::from_code(r.text()?))?,
            identifiers: self.many(|r| {
                Some(Identifier {
                    kind: r.owned()?,
                    value: r.owned()?,
                    country: r.optional()?.and_then(|code| Country::from_code(&code)),
                })
            })?,
            names: self.many(|r| {
                Some(ListedName {
                    text: r.owned()?,
                    kind: name_kind(r.u8()?),
                    given: r.optional()?,
                    family: r.optional()?,
                    valid: r.days()?,
                    seen: r.days()?,
                })
            })?,
            birth_places: self.many(Self::owned)?,
            addresses: self.many(Self::owned)?,
            programmes: self.many(Self::owned)?,
            measures: self.many(Self::owned)?,
            citation: self.optional()?,
            remarks: self.optional()?,
        })
    }
}

pub(crate) fn party_kind(number: u8) -> PartyKind {
    match number {
        0 => PartyKind::Person,
        1 => PartyKind::Organisation,
        2 => PartyKind::Vessel,
        3 => PartyKind::Aircraft,
        _ => PartyKind::Unknown,
    }
}

pub(crate) fn name_kind(number: u8) -> NameKind {
    match number {
        0 => NameKind::Primary,
        1 => NameKind::Strong,
        2 => NameKind::Weak,
        3 => NameKind::Former,
        _ => NameKind::Original,
    }
}

/// Numbers of four bytes, one after another.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a>(pub(crate) &'a [u8]);

impl<'a> Words<'a> {
    pub(crate) fn iter(self) -> impl Iterator<Item = u32> + 'a {
        self.0
            .chunks_exact(4)
            .map(|w| u32::from_le_bytes([w[0], w[1], w[2], w[3]]))
    }
    pub(crate) fn get(&self, at: usize) -> u32 {
        match self.0.get(at * 4..at * 4 + 4) {
            Some([a, b, c, d]) => u32::from_le_bytes([*a, *b, *c, *d]),
            _ => 0,
        }
    }
    pub(crate) fn len(&self) -> usize {
        self.0.len() / 4
    }
}
