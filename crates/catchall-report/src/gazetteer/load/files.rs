//! The files of `data/reports/`, built in, and the shape of their rows.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::gazetteer::{Body, DataError, Known, Lists, Outlet, Serial, State, Tech};

#[derive(Deserialize)]
pub(super) struct StatesFile {
    pub(super) state: Vec<State>,
    pub(super) region: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct OutletsFile {
    pub(super) outlet: Vec<Outlet>,
    pub(super) words: Lists,
}

#[derive(Deserialize)]
pub(super) struct BodiesFile {
    pub(super) body: Vec<Body>,
    pub(super) forms: Lists,
}

#[derive(Deserialize)]
pub(super) struct TechFile {
    pub(super) tech: Vec<Tech>,
}

#[derive(Deserialize)]
pub(super) struct InstrumentsFile {
    pub(super) instrument: Vec<Known>,
    pub(super) forms: Lists,
}

#[derive(Deserialize)]
pub(super) struct SerialsFile {
    pub(super) serial: Vec<Serial>,
    pub(super) words: Lists,
}

#[derive(Deserialize)]
pub(super) struct OfficesFile {
    pub(super) office: Vec<OfficeRow>,
}

#[derive(Deserialize)]
pub(super) struct OfficeRow {
    pub(super) country: String,
    pub(super) title: String,
    pub(super) holders: Vec<Vec<String>>,
}

#[derive(Deserialize)]
pub(super) struct PeopleFile {
    pub(super) given: String,
    pub(super) particles: Vec<String>,
    pub(super) address: Vec<String>,
    pub(super) office: Vec<String>,
    pub(super) speakers: Lists,
}

#[derive(Deserialize)]
pub(super) struct CalendarFile {
    pub(super) month: Vec<NumberRow>,
    pub(super) weekday: Vec<NumberRow>,
    pub(super) words: Lists,
    pub(super) numbers: BTreeMap<String, u16>,
    pub(super) relative: Lists,
}

#[derive(Deserialize)]
pub(super) struct NumberRow {
    pub(super) number: u8,
    pub(super) names: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct CuesFile {
    pub(super) verb: Vec<VerbRow>,
    pub(super) noun: Vec<NounRow>,
    pub(super) according: Vec<String>,
    pub(super) hedge: Vec<String>,
    pub(super) relay: Vec<String>,
    pub(super) charge: Vec<String>,
    pub(super) negative: Vec<String>,
    pub(super) give: Vec<String>,
    pub(super) take: Vec<String>,
    pub(super) contrast: Vec<String>,
    pub(super) flow: Vec<String>,
    pub(super) help: Vec<String>,
    pub(super) abbreviations: Vec<String>,
    pub(super) openers: Vec<String>,
    pub(super) grammar: Lists,
    pub(super) light: Lists,
    pub(super) commitment: Lists,
    pub(super) graph: Lists,
    pub(super) status: Lists,
}

#[derive(Deserialize)]
pub(super) struct VerbRow {
    pub(super) kind: String,
    pub(super) frame: String,
    pub(super) forms: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct NounRow {
    pub(super) kind: String,
    pub(super) forms: Vec<String>,
}

/// A file of the data: its name in the project, and its text.
pub(super) type File = (&'static str, &'static str);

pub(super) const STATES: File = (
    "data/reports/states.toml",
    include_str!("../../../../../data/reports/states.toml"),
);

pub(super) const OUTLETS: File = (
    "data/reports/outlets.toml",
    include_str!("../../../../../data/reports/outlets.toml"),
);

pub(super) const BODIES: File = (
    "data/reports/bodies.toml",
    include_str!("../../../../../data/reports/bodies.toml"),
);

pub(super) const TECHNOLOGY: File = (
    "data/reports/technology.toml",
    include_str!("../../../../../data/reports/technology.toml"),
);

pub(super) const INSTRUMENTS: File = (
    "data/reports/instruments.toml",
    include_str!("../../../../../data/reports/instruments.toml"),
);

pub(super) const SERIALS: File = (
    "data/reports/serials.toml",
    include_str!("../../../../../data/reports/serials.toml"),
);

pub(super) const OFFICES: File = (
    "data/reports/offices.toml",
    include_str!("../../../../../data/reports/offices.toml"),
);

pub(super) const PEOPLE: File = (
    "data/reports/people.toml",
    include_str!("../../../../../data/reports/people.toml"),
);

pub(super) const CALENDAR: File = (
    "data/reports/calendar.toml",
    include_str!("../../../../../data/reports/calendar.toml"),
);

pub(super) const CUES: File = (
    "data/reports/cues.toml",
    include_str!("../../../../../data/reports/cues.toml"),
);

pub(super) fn parse<T: for<'de> Deserialize<'de>>((file, text): File) -> Result<T, DataError> {
    toml::from_str(text).map_err(|error| DataError {
        file,
        what: error.to_string(),
    })
}
