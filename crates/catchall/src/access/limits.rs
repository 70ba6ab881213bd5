//! Limits: how often somebody may ask, and how often somebody may guess a password.
//!
//! Buckets that fill with time, one a key; a key is an account, a token or an address. Bounded: when too many keys are known, the
//! fullest buckets (those that ask least) are forgotten first.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use crate::app::held;

/// Keys that are remembered at most.
const KEYS: usize = 50_000;

/// So many requests at once, and so many a second after that.
pub struct Rate {
    most: f64,
    a_second: f64,
    buckets: Mutex<HashMap<String, (f64, Instant)>>,
}

impl Rate {
    /// `most` at once; `a_second` in the long run.
    pub fn new(most: f64, a_second: f64) -> Rate {
        Rate {
            most,
            a_second,
            buckets: Mutex::default(),
        }
    }

    /// Takes one; when there is none, says how long to wait.
    ///
    /// # Errors
    /// The time until one is there again.
    pub fn take(&self, key: &str, now: Instant) -> Result<(), Duration> {
        let mut buckets = held(&self.buckets);
        if buckets.len() >= KEYS && !buckets.contains_key(key) {
            self.forget(&mut buckets, now);
        }
        let filled = |(left, since): (f64, Instant)| {
            let passed = now.saturating_duration_since(since).as_secs_f64();
            (left + passed * self.a_second).min(self.most)
        };
        let left = buckets.get(key).copied().map_or(self.most, filled);
        if left < 1.0 {
            buckets.insert(key.to_owned(), (left, now));
            return Err(Duration::from_secs_f64((1.0 - left) / self.a_second));
        }
        match buckets.get_mut(key) {
            Some(bucket) => *bucket = (left - 1.0, now),
            None => {
                buckets.insert(key.to_owned(), (left - 1.0, now));
            }
        }
        Ok(())
    }

    /// Forgets whoever has a full bucket by now; where nobody has, everybody.
    fn forget(&self, buckets: &mut HashMap<String, (f64, Instant)>, now: Instant) {
        buckets.retain(|_, (left, since)| {
            *left + now.saturating_duration_since(*since).as_secs_f64() * self.a_second < self.most
        });
        if buckets.len() >= KEYS {
            buckets.clear();
        }
    }
}

/// Failures in a row after which a name is locked.
const GUESSES: u32 = 5;
/// Failures in a row after which an address is locked: many people may share one.
const GUESSES_FROM_ONE: u32 = 20;
/// How long the first lock lasts; each further failure doubles it, up to an hour.
const LOCK: Duration = Duration::from_secs(30);

/// Locks names at which somebody guesses, or addresses from which somebody does.
pub struct Lockout {
    guesses: u32,
    failures: Mutex<HashMap<String, (u32, Instant)>>,
}

impl Lockout {
    /// For names.
    pub fn of_names() -> Lockout {
        Lockout {
            guesses: GUESSES,
            failures: Mutex::default(),
        }
    }

    /// For addresses.
    pub fn of_addresses() -> Lockout {
        Lockout {
            guesses: GUESSES_FROM_ONE,
            failures: Mutex::default(),
        }
    }

    /// How long the name is still locked.
    pub fn locked(&self, name: &str, now: Instant) -> Option<Duration> {
        let failures = held(&self.failures);
        let (count, last) = failures.get(name)?;
        let over = count.checked_sub(self.guesses)?;
        let lasts = LOCK
            .saturating_mul(2_u32.saturating_pow(over.min(8)))
            .min(Duration::from_secs(3600));
        lasts
            .checked_sub(now.saturating_duration_since(*last))
            .filter(|left| !left.is_zero())
    }

    /// A wrong password. Gives how many there were in a row.
    pub fn failed(&self, name: &str, now: Instant) -> u32 {
        let mut failures = held(&self.failures);
        if failures.len() >= KEYS {
            failures.retain(|_, (_, last)| {
                now.saturating_duration_since(*last) < Duration::from_secs(3600)
            });
            if failures.len() >= KEYS {
                failures.clear();
            }
        }
        let entry = failures.entry(name.to_owned()).or_insert((0, now));
        *entry = (entry.0.saturating_add(1), now);
        entry.0
    }

    /// The right password.
    pub fn succeeded(&self, name: &str) {
        held(&self.failures).remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again_by_key() {
        let rate = Rate::new(3.0, 1.0);
        let start = Instant::now();
        for _ in 0..3 {
            assert_eq!(rate.take("a", start), Ok(()));
        }
        let wait = rate.take("a", start).unwrap_err();
        assert!(wait > Duration::from_millis(900) && wait <= Duration::from_secs(1));
        assert_eq!(rate.take("b", start), Ok(()));
        assert_eq!(rate.take("a", start + Duration::from_millis(1100)), Ok(()));
    }

    #[test]
    fn guessing_locks_a_name_for_longer_and_longer() {
        let lockout = Lockout::of_names();
        let start = Instant::now();
        for _ in 0..4 {
            lockout.failed("r.haas", start);
            assert_eq!(lockout.locked("r.haas", start), None);
        }
        lockout.failed("r.haas", start);
        assert_eq!(lockout.locked("r.haas", start), Some(LOCK));
        assert_eq!(lockout.locked("r.haas", start + LOCK), None);
        lockout.failed("r.haas", start);
        assert_eq!(lockout.locked("r.haas", start), Some(LOCK * 2));
        assert_eq!(lockout.locked("k.oda", start), None);
        lockout.succeeded("r.haas");
        assert_eq!(lockout.locked("r.haas", start), None);
        let many = Lockout::of_addresses();
        for _ in 0..19 {
            many.failed("192.0.2.1", start);
        }
        assert_eq!(many.locked("192.0.2.1", start), None);
        many.failed("192.0.2.1", start);
        assert_eq!(many.locked("192.0.2.1", start), Some(LOCK));
    }
}
