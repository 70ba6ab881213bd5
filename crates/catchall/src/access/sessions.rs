//! Sessions of the desk: kept here, in memory; the browser holds a key and nothing else.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::Result;

use super::secret;
use crate::app::held;

/// A session ends when nothing was asked for so long.
const IDLE: Duration = Duration::from_secs(60 * 60);
/// A session ends after so long whatever happens.
const LONGEST: Duration = Duration::from_secs(12 * 60 * 60);
/// Sessions kept at once; beyond that the one longest unused ends.
const MOST: usize = 10_000;

/// One session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The account's name.
    pub account: String,
    /// The word that forms must carry.
    pub csrf: String,
    begun: Instant,
    last: Instant,
}

/// All sessions, by the digest of their keys.
#[derive(Default)]
pub struct Sessions {
    by_key: Mutex<HashMap<String, Session>>,
}

impl Sessions {
    /// Begins one; gives the key for the browser.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn begin(&self, account: &str, now: Instant) -> Result<(String, Session)> {
        let key = secret::fresh(32)?;
        let session = Session {
            account: account.to_owned(),
            csrf: secret::fresh(16)?,
            begun: now,
            last: now,
        };
        let mut all = held(&self.by_key);
        if all.len() >= MOST {
            all.retain(|_, session| session.lives(now));
            let oldest = all.iter().min_by_key(|(_, session)| session.last);
            if all.len() >= MOST
                && let Some(oldest) = oldest.map(|(key, _)| key.clone())
            {
                all.remove(&oldest);
            }
        }
        all.insert(secret::digest(&key), session.clone());
        Ok((key, session))
    }

    /// The session of a key, while it lives; asking keeps it alive. Gives the digest of the key, too.
    pub fn find(&self, key: &str, now: Instant) -> Option<(String, Session)> {
        let digest = secret::digest(key);
        let mut all = held(&self.by_key);
        let session = all.get_mut(&digest)?;
        if !session.lives(now) {
            all.remove(&digest);
            return None;
        }
        session.last = now;
        Some((digest, session.clone()))
    }

    /// Ends one session.
    pub fn end(&self, digest: &str) {
        held(&self.by_key).remove(digest);
    }

    /// Ends all sessions of an account, but for the one kept.
    pub fn end_all(&self, account: &str, but: Option<&str>) {
        held(&self.by_key)
            .retain(|key, session| session.account != account || Some(key.as_str()) == but);
    }

    /// How many live.
    pub fn count(&self) -> usize {
        held(&self.by_key).len()
    }
}

impl Session {
    fn lives(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.last) < IDLE
            && now.saturating_duration_since(self.begun) < LONGEST
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_idle_when_old_and_when_told() {
        let sessions = Sessions::default();
        let start = Instant::now();
        let (key, session) = sessions.begin("r.haas", start).unwrap();
        let (digest, found) = sessions.find(&key, start).unwrap();
        assert_eq!(
            (found.account.as_str(), &found.csrf),
            ("r.haas", &session.csrf)
        );
        assert!(
            sessions.find(&digest, start).is_none(),
            "the digest is no key"
        );
        assert!(sessions.find(&key, start + IDLE).is_none());
        assert!(
            sessions.find(&key, start).is_none(),
            "an ended session stays ended"
        );

        let (key, _) = sessions.begin("r.haas", start).unwrap();
        let mut now = start;
        while now < start + LONGEST {
            assert!(sessions.find(&key, now).is_some());
            now += IDLE / 2;
        }
        assert!(sessions.find(&key, now).is_none(), "however busy");

        let (one, _) = sessions.begin("r.haas", start).unwrap();
        let (two, _) = sessions.begin("r.haas", start).unwrap();
        let (kept, _) = sessions.find(&one, start).unwrap();
        sessions.end_all("r.haas", Some(&kept));
        assert!(sessions.find(&one, start).is_some());
        assert!(sessions.find(&two, start).is_none());
    }
}
