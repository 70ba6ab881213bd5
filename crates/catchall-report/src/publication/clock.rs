//! The clock of issues: the day of an issue, counted from issues whose day is known.

use jiff::civil::Date;

use super::Clues;
use crate::dates::reckon::working_days;
use crate::gazetteer::{Gazetteers, Serial};

/// What the count of issues gives.
pub(super) fn clock(clues: Clues<'_>) -> Option<(Date, i32, String)> {
    let header = &clues.parts.header;
    let title = header.title.as_deref()?;
    let (volume, issue) = (header.volume?, header.issue?);
    let (day, slack) = day_of_issue(clues.words, title, volume, issue)?;
    Some((
        day,
        slack,
        format!("the count of issues of {title} gives {day} within {slack} working days"),
    ))
}

/// The day that the count of issues gives for an issue of a serial that we know, and its slack in working days.
#[must_use]
pub fn day_of_issue(
    words: &Gazetteers,
    title: &str,
    volume: u32,
    issue: u32,
) -> Option<(Date, i32)> {
    let bare = |text: &str| {
        let lower = text.to_lowercase();
        lower.strip_prefix("the ").unwrap_or(&lower).to_owned()
    };
    let serial = words.serials.iter().find(|serial| {
        std::iter::once(&serial.title)
            .chain(&serial.also)
            .any(|own| bare(own) == bare(title))
    })?;
    if serial.last_volume.is_some_and(|last| volume > last) {
        return None;
    }
    count(serial, volume, issue)
}

/// Working days from the nearest anchors of the volume.
pub(super) fn count(serial: &Serial, volume: u32, issue: u32) -> Option<(Date, i32)> {
    let step = match serial.rhythm.as_str() {
        "weekly" => 5,
        "fortnightly" => 10,
        _ => 1,
    };
    let anchors: Vec<(u32, Date, i32)> = serial
        .anchors
        .iter()
        .filter(|(own, ..)| *own == volume)
        .filter_map(|(_, issue, day, slack)| Some((*issue, day.parse().ok()?, *slack)))
        .collect();
    let number = i32::try_from(issue).ok().filter(|issue| *issue < 1000)?;
    let from = |(anchor, day, slack): &(u32, Date, i32)| {
        let distance = number - i32::try_from(*anchor).unwrap_or(0);
        working_days(*day, distance * step).map(|found| (found, *slack))
    };
    if anchors.is_empty() {
        let year = serial.year_of_volume_0 + i16::try_from(volume).ok()?;
        let first = Date::new(year, 1, 2).ok()?;
        return working_days(first, number.saturating_sub(1) * step).map(|day| (day, 20));
    }
    let before = anchors
        .iter()
        .filter(|(own, ..)| *own <= issue)
        .max_by_key(|(own, ..)| *own);
    let after = anchors
        .iter()
        .filter(|(own, ..)| *own >= issue)
        .min_by_key(|(own, ..)| *own);
    match (before, after) {
        (Some(low), Some(high)) => {
            let (first, slack) = from(low)?;
            let (second, other) = from(high)?;
            let drift = working_between(first, second);
            let share = if high.0 == low.0 {
                0
            } else {
                drift * (number - i32::try_from(low.0).ok()?)
                    / i32::try_from(high.0 - low.0).ok()?
            };
            let day = working_days(first, share)?;
            Some((day, slack.min(other).max(drift.abs().min(8) / 2)))
        }
        (Some(one), None) | (None, Some(one)) => {
            let (day, slack) = from(one)?;
            let far = (number - i32::try_from(one.0).ok()?).abs();
            Some((day, slack + far / 12))
        }
        (None, None) => None,
    }
}

/// Working days from one day to another.
pub(super) fn working_between(from: Date, to: Date) -> i32 {
    let days = from.until(to).map_or(0, |span| span.get_days());
    if days >= 0 {
        (days * 5 + 6) / 7
    } else {
        (days * 5 - 6) / 7
    }
}
