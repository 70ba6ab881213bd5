//! A point in time as the ledger writes it: RFC 3339, UTC, milliseconds.
//!
//! It is handed in; nothing here asks what time it is.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::LedgerError;

/// The last millisecond of the year 9999, beyond which RFC 3339 has no digits.
const LAST: i64 = 253_402_207_200_000 - 1;
/// The first millisecond of the year 0.
const FIRST: i64 = -62_167_219_200_000;

/// A point in time, in whole milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From milliseconds since 1970; years 0 to 9999 (to the last day but one, so that every zone can show it).
    ///
    /// # Errors
    /// [`LedgerError::Time`] outside these years.
    pub fn from_millisecond(millisecond: i64) -> Result<Timestamp, LedgerError> {
        if (FIRST..=LAST).contains(&millisecond) {
            Ok(Timestamp(millisecond))
        } else {
            Err(LedgerError::Time {
                found: millisecond.to_string(),
            })
        }
    }

    /// Milliseconds since 1970.
    pub fn as_millisecond(self) -> i64 {
        self.0
    }

    /// The day in UTC, as `2026-11-22`.
    pub fn day(self) -> String {
        self.to_string().chars().take(10).collect()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(instant) => write!(f, "{}", instant.strftime("%Y-%m-%dT%H:%M:%S%.3fZ")),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = LedgerError;

    fn from_str(text: &str) -> Result<Timestamp, LedgerError> {
        let wrong = || LedgerError::Time {
            found: text.to_owned(),
        };
        let instant: jiff::Timestamp = text.parse().map_err(|_| wrong())?;
        Timestamp::from_millisecond(instant.as_millisecond()).map_err(|_| wrong())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_written_to_the_millisecond_and_read_back() {
        for text in [
            "2026-11-22T08:46:03.000Z",
            "1969-12-31T23:59:59.999Z",
            "0001-01-01T00:00:00.000Z",
        ] {
            let time: Timestamp = text.parse().unwrap();
            assert_eq!(time.to_string(), text);
        }
        let time: Timestamp = "2026-11-22T10:46:03.1239+02:00".parse().unwrap();
        assert_eq!(time.to_string(), "2026-11-22T08:46:03.123Z");
        assert_eq!(time.day(), "2026-11-22");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        assert!("2026-11-22".parse::<Timestamp>().is_err());
        assert!(Timestamp::from_millisecond(i64::MAX).is_err());
    }
}
