//! Vouched: accounts of people who come from a provider of identities. Made when somebody first comes, and brought up to date whenever
//! they come again.
//!
//! The provider's word for a person (`sub`) is what an account hangs on, never a name: who is renamed there keeps the name that the
//! ledger knows, so that nobody signs their own advice under a second one; and a name that somebody else has is not given twice.

use anyhow::Result;
use catchall_ledger::Timestamp;

use super::accounts::{Account, Accounts, Voucher};
use crate::oidc::rules::{Person, Unplaced};

/// What letting somebody in did to the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Admitted {
    /// They are new.
    New(Account),
    /// Their team or roles are others now.
    Changed(Account),
    /// Nothing.
    Same(Account),
}

impl Admitted {
    /// The account.
    pub fn account(&self) -> &Account {
        match self {
            Admitted::New(account) | Admitted::Changed(account) | Admitted::Same(account) => {
                account
            }
        }
    }
}

/// Lets somebody in for whom a provider vouches.
///
/// # Errors
/// The outer one when the register cannot be written, the inner one when there is no place for them.
pub fn admit(
    accounts: &Accounts,
    person: Person,
    now: Timestamp,
) -> Result<Result<Admitted, Unplaced>> {
    let voucher = Voucher {
        issuer: person.issuer,
        subject: person.subject,
    };
    let register = accounts.register();
    let known = register
        .accounts
        .iter()
        .find(|account| account.voucher.as_ref() == Some(&voucher));
    if let Some(account) = known {
        if account.disabled {
            return Ok(Err(Unplaced::Closed));
        }
        if account.team == person.team && account.roles == person.roles {
            return Ok(Ok(Admitted::Same(account.clone())));
        }
    }
    // Somebody else may have been faster: all of it is asked again where nobody can be.
    accounts.change(|register| {
        let place = register
            .accounts
            .iter()
            .position(|account| account.voucher.as_ref() == Some(&voucher));
        if let Some(account) = place.and_then(|place| register.accounts.get_mut(place)) {
            if account.disabled {
                return Ok(Err(Unplaced::Closed));
            }
            account.team = person.team;
            account.roles = person.roles;
            return Ok(Ok(Admitted::Changed(account.clone())));
        }
        if register.account(&person.name).is_some() {
            return Ok(Err(Unplaced::NameTaken(person.name)));
        }
        let account = Account {
            name: person.name,
            team: person.team,
            roles: person.roles,
            // What no password opens.
            password: String::new(),
            must_change: false,
            disabled: false,
            made: now,
            voucher: Some(voucher),
        };
        register.accounts.push(account.clone());
        Ok(Ok(Admitted::New(account)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str, subject: &str, roles: &[&str]) -> Person {
        Person {
            name: name.to_owned(),
            team: Some("Export".to_owned()),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            issuer: "https://login.example.org".to_owned(),
            subject: subject.to_owned(),
        }
    }

    #[test]
    fn an_account_hangs_on_the_providers_word_and_not_on_a_name() {
        let folder = std::env::temp_dir().join(format!("catchall-vouched-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let accounts = Accounts::open(&folder).unwrap();
        let now: Timestamp = "2026-11-22T08:00:00.000Z".parse().unwrap();
        let come = |name: &str, subject: &str, roles: &[&str]| {
            admit(&accounts, person(name, subject, roles), now).unwrap()
        };
        assert!(matches!(
            come("r.haas", "7", &["reader"]),
            Ok(Admitted::New(_))
        ));
        assert!(matches!(
            come("r.haas", "7", &["reader"]),
            Ok(Admitted::Same(_))
        ));
        let changed = come("r.haas", "7", &["auditor"]).unwrap();
        assert!(matches!(&changed, Admitted::Changed(account) if account.roles == ["auditor"]));
        // Renamed at the provider: the same person here.
        let renamed = come("rose.haas", "7", &["auditor"]).unwrap();
        assert_eq!(renamed.account().name, "r.haas");
        // The name given to another person there: not here.
        assert_eq!(
            come("r.haas", "8", &["auditor"]),
            Err(Unplaced::NameTaken("r.haas".to_owned()))
        );
        let account = accounts.register().account("r.haas").cloned().unwrap();
        assert!(!account.opens(""));
        accounts
            .change(|register| {
                register.accounts[0].disabled = true;
                Ok(())
            })
            .unwrap();
        assert_eq!(come("r.haas", "7", &["auditor"]), Err(Unplaced::Closed));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
