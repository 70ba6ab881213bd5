//! The provider of a build without it: there is none, and a server that is told of one does not start.

use std::path::Path;

use anyhow::{Result, bail};
use catchall_ledger::policy::Policy;

use super::{Arrival, Departure, FILE, Refused, Returned};
use crate::outbound::Trust;

/// There is none.
#[derive(Debug)]
pub enum Provider {}

impl Provider {
    /// None.
    ///
    /// # Errors
    /// When the state folder tells of one.
    pub fn open(state: &Path, _policy: &Policy, _trust: &Trust) -> Result<Option<Provider>> {
        let path = state.join(FILE);
        if path.exists() {
            bail!(
                "`{}` tells of a provider of log-ins, and this build knows none; `cargo build --release --features team` makes one that does",
                path.display()
            );
        }
        Ok(None)
    }

    /// What stands on the button.
    pub fn label(&self) -> &str {
        match *self {}
    }

    /// Sends a browser to the provider.
    ///
    /// # Errors
    /// Never: there is none.
    pub async fn depart(&self, _to: &str) -> Result<Departure, Refused> {
        match *self {}
    }

    /// Takes a browser back.
    ///
    /// # Errors
    /// Never: there is none.
    pub async fn arrive(&self, _returned: Returned) -> Result<Arrival, Refused> {
        match *self {}
    }

    /// Where to log out of the provider, too.
    pub async fn farewell(&self) -> Option<String> {
        match *self {}
    }
}
