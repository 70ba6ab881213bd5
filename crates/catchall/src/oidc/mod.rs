//! OIDC: people who sign in with a provider of identities, by an authorisation code with PKCE.
//!
//! What the provider may say, and what it means here, stands in `oidc.toml` of the state folder ([`rules`]). Whether a token is to be
//! believed is pure logic (`token.rs`); what is asked over the network stands in `provider.rs` and `wire.rs`. Those three stand behind the
//! feature `oidc`; without it a server with an `oidc.toml` does not start, and says why. Knows nothing of pages: `http/session.rs` lets in
//! whom this vouches for.

pub mod rules;
#[cfg(feature = "oidc")]
pub mod token;

#[cfg(feature = "oidc")]
mod provider;
#[cfg(feature = "oidc")]
mod wire;

#[cfg(not(feature = "oidc"))]
mod without;

#[cfg(feature = "oidc")]
pub use self::provider::Provider;
#[cfg(not(feature = "oidc"))]
pub use self::without::Provider;

/// The file of the state folder.
pub const FILE: &str = "oidc.toml";
/// Where the provider sends people back to.
pub const RETURN: &str = "/login/provider/return";

/// What a browser takes along to the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The provider's page.
    pub to: String,
    /// What the browser keeps, to show that it is the same when it comes back.
    pub binding: String,
}

/// What a browser brings back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Returned {
    /// The code, where the provider let the person in.
    pub code: String,
    /// The state, as it was sent along.
    pub state: String,
    /// What the provider calls itself, where it says so.
    pub issuer: String,
    /// Why the provider did not let the person in.
    pub error: String,
    /// What the browser kept.
    pub binding: String,
}

/// Somebody for whom the provider vouches, and where they wanted to go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// Who they are.
    pub person: rules::Person,
    /// A place of this server.
    pub to: String,
}

/// Why nobody comes in.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// No log-in under this state was begun by this browser, or too long ago.
    #[error(
        "this log-in was begun in another browser, was used already, or has waited too long; begin it again"
    )]
    NotBegun,
    /// The provider says no.
    #[error("the provider did not let you in (`{0}`)")]
    Denied(String),
    /// The provider cannot be asked, or answers in a way that cannot be used.
    #[error(
        "the provider cannot be asked at the moment; try again, or log in with an account of this server"
    )]
    Away(#[source] anyhow::Error),
    /// What it says is not believed.
    #[error(
        "what the provider sent is not believed; whoever runs this server finds the reason in its log"
    )]
    Unbelieved(#[source] anyhow::Error),
    /// It vouches for somebody for whom there is no place here.
    #[error("{0}")]
    Unplaced(rules::Unplaced),
}
