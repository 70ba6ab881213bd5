//! Issues found again: back-references resolve by title and day, or by volume and issue; what is not among the readings is a
//! reading list.

use serde::Serialize;

use super::{days, name};
use crate::gazetteer::Gazetteers;
use crate::reading::{Backref, Reading};

/// An issue that is pointed to and not held.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Wanted {
    /// Its date, where one is told or the count of issues gives one.
    pub date: Option<String>,
    /// Title of the publication.
    pub title: Option<String>,
    /// Volume.
    pub volume: Option<u32>,
    /// Issue.
    pub issue: Option<u32>,
    /// Documents that point to it.
    pub wanted_by: Vec<String>,
}

/// Every back-reference that no reading answers, once each, by day.
#[must_use]
pub fn reading_list(readings: &[&Reading], words: &Gazetteers) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for reading in readings {
        for backref in &reading.backrefs {
            if resolve(readings, backref, words).is_some() {
                continue;
            }
            let date = backref.date.clone().or_else(|| counted(backref, words));
            let known = wanted.iter_mut().find(|own| {
                own.date == date
                    && own.issue == backref.issue
                    && own.title.as_deref().map(name::key)
                        == backref.title.as_deref().map(name::key)
            });
            match known {
                Some(own) => own.wanted_by.push(reading.doc_id.clone()),
                None => wanted.push(Wanted {
                    date,
                    title: backref.title.clone(),
                    volume: backref.volume,
                    issue: backref.issue,
                    wanted_by: vec![reading.doc_id.clone()],
                }),
            }
        }
    }
    for own in &mut wanted {
        own.wanted_by.sort();
        own.wanted_by.dedup();
    }
    wanted.sort();
    wanted
}

/// The reading that a back-reference means.
pub(super) fn resolve<'r>(
    readings: &[&'r Reading],
    backref: &Backref,
    words: &Gazetteers,
) -> Option<&'r Reading> {
    let title = backref.title.as_deref().map(name::key)?;
    let day = backref
        .date
        .clone()
        .or_else(|| counted(backref, words))
        .and_then(|date| days::interval(&date));
    readings.iter().copied().find(|reading| {
        let publication = &reading.publication;
        let named = publication
            .title
            .as_deref()
            .map(name::key)
            .is_some_and(|own| {
                own == title
                    || own.ends_with(&format!(" {title}"))
                    || title.ends_with(&format!(" {own}"))
            });
        let numbered = backref.issue.is_some()
            && publication.issue == backref.issue
            && (backref.volume.is_none() || publication.volume == backref.volume);
        let exact = publication.date.as_deref().and_then(days::interval);
        let dated = day.zip(exact).is_some_and(|(wanted, own)| wanted == own)
            || (publication.confidence != "exact"
                && day
                    .zip(days::published(reading))
                    .is_some_and(|(wanted, own)| wanted.0 <= own.1 && own.0 <= wanted.1));
        named && (dated || (numbered && (day.is_none() || exact.is_none())))
    })
}

/// The day that the count of issues gives, where only a number is printed.
fn counted(backref: &Backref, words: &Gazetteers) -> Option<String> {
    let (title, volume, issue) = (backref.title.as_deref()?, backref.volume?, backref.issue?);
    crate::publication::day_of_issue(words, title, volume, issue).map(|(day, _)| day.to_string())
}
