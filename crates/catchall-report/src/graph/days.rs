//! Days of records: an ISO value of a reading as its first and last day. Knows no calendar beyond ISO 8601.

use jiff::civil::Date;

use crate::reading::Reading;

/// First and last day of a value such as `1998-01`, `1998-01-17/1998-01-18` or `../1994`. An open beginning is the first day thought of.
#[must_use]
pub fn interval(value: &str) -> Option<(Date, Date)> {
    let (from, to) = value.split_once('/').unwrap_or((value, value));
    let last = one(to)?.1;
    let first = if from == ".." {
        crate::dates::reckon::dawn()
    } else {
        one(from)?.0
    };
    (first <= last).then_some((first, last))
}

fn one(value: &str) -> Option<(Date, Date)> {
    let mut parts = value.split('-');
    let year: i16 = parts.next()?.parse().ok()?;
    let Some(month) = parts.next() else {
        return Some((Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?));
    };
    let month: i8 = month.parse().ok()?;
    let first = Date::new(year, month, 1).ok()?;
    let Some(day) = parts.next() else {
        return Some((first, first.last_of_month()));
    };
    let day = Date::new(year, month, day.parse().ok()?).ok()?;
    Some((day, day))
}

/// The days on which the document can have appeared.
pub(super) fn published(reading: &Reading) -> Option<(Date, Date)> {
    let one = |value: &Option<String>| value.as_deref().and_then(interval);
    let day = one(&reading.publication.date);
    let from = one(&reading.publication.earliest).or(day)?.0;
    let to = one(&reading.publication.latest).or(day)?.1;
    Some((from, to.max(from)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn values_of_every_precision_have_two_ends() {
        assert_eq!(
            interval("1998-02").unwrap(),
            (date(1998, 2, 1), date(1998, 2, 28))
        );
        assert_eq!(
            interval("1998-01-17/1998-01-18").unwrap(),
            (date(1998, 1, 17), date(1998, 1, 18))
        );
        assert_eq!(interval("../1994").unwrap().1, date(1994, 12, 31));
        assert_eq!(interval("1998-13"), None);
        assert_eq!(interval("1999/1998"), None);
    }
}
