//! Access: who somebody is, and how often they may ask. What they may do stands in the policy file (`data/policy/roles.toml`).
//!
//! Accounts and service tokens lie in one file of the state folder ([`accounts`]); sessions live in memory ([`sessions`]), so a
//! restart signs everybody out. No secret is stored that could be used as it lies there: passwords as argon2id, tokens and
//! session keys as digests. Knows nothing of HTTP.

pub mod accounts;
pub mod limits;
pub mod secret;
pub mod sessions;
pub mod vouched;

use catchall_ledger::Actor;

/// How a caller showed who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Not at all.
    Nothing,
    /// A session of the desk, with the word that its forms must carry.
    Session {
        /// Digest of the session's key.
        key: String,
        /// The word against forged forms.
        csrf: String,
        /// Whether the password must be changed before anything else.
        must_change: bool,
    },
    /// A service token.
    Token {
        /// Its public id.
        id: String,
        /// The acts that it is limited to; empty for all of its roles.
        scope: Vec<String>,
    },
}

/// Whoever sent a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Name, team and roles, as the ledger takes them.
    pub actor: Actor,
    /// How they showed it.
    pub by: By,
}

impl Caller {
    /// Somebody of whom nothing is known.
    pub fn nobody() -> Caller {
        Caller {
            actor: Actor::named("nobody"),
            by: By::Nothing,
        }
    }

    /// Whether it is known who this is.
    pub fn is_known(&self) -> bool {
        self.by != By::Nothing
    }

    /// The word that each form of the desk must carry in its field `csrf`; empty without a session.
    pub fn csrf(&self) -> &str {
        match &self.by {
            By::Session { csrf, .. } => csrf,
            By::Nothing | By::Token { .. } => "",
        }
    }
}
