//! Accounts and service tokens: one file in the state folder, `access.json`, changed under a lock and swapped as a whole.
//!
//! The server reads it again when it has changed, so `catchall account disable` takes hold within a second. It is not in the
//! ledger, since an append-only record is no place for what opens doors; that somebody made or disabled an account is.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result, bail};
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use catchall_ledger::{Actor, Timestamp};
use serde::{Deserialize, Serialize};

use super::secret;
use crate::app::held;
use crate::load;

/// How often the file is looked at.
const LOOK: Duration = Duration::from_millis(500);
/// The shortest password.
pub const SHORTEST: usize = 12;
/// The longest password: hashing a longer one is work for an attacker to give us.
const LONGEST: usize = 1024;
/// What a service token begins with, so that scanners of code recognise it.
const TOKEN: &str = "catchall_";

/// A person's account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// What the person signs in with, and what the ledger says.
    pub name: String,
    /// The team, which is a compartment too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Roles of the policy.
    pub roles: Vec<String>,
    /// The password as argon2id.
    pub password: String,
    /// Whether the password must be changed before anything else.
    #[serde(default)]
    pub must_change: bool,
    /// Whether it is closed.
    #[serde(default)]
    pub disabled: bool,
    /// Since when.
    pub made: Timestamp,
    /// Who vouches for the person, where it is a provider and not a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub voucher: Option<Voucher>,
}

/// A provider's word for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voucher {
    /// What the provider calls itself.
    pub issuer: String,
    /// What it calls the person, for good.
    pub subject: String,
}

/// A service token: what a program shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// Its public id, by which it is revoked.
    pub id: String,
    /// What it is for; the ledger says it as the actor.
    pub name: String,
    /// The team it acts for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Roles of the policy.
    pub roles: Vec<String>,
    /// The acts that it is limited to; empty for all of its roles.
    #[serde(default)]
    pub scope: Vec<String>,
    /// Digest of the secret.
    pub digest: String,
    /// When it ends by itself.
    pub expires: Timestamp,
    /// Whether it was taken back.
    #[serde(default)]
    pub revoked: bool,
    /// Since when.
    pub made: Timestamp,
}

/// What the file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Register {
    /// People.
    pub accounts: Vec<Account>,
    /// Programs.
    pub tokens: Vec<Token>,
}

impl Register {
    /// The account of this name.
    pub fn account(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }

    /// The token of this secret, while it lives.
    pub fn token(&self, shown: &str, now: Timestamp) -> Option<&Token> {
        let digest = secret::digest(shown);
        let fits = |token: &&Token| secret::same(&token.digest, &digest);
        let token = self.tokens.iter().find(fits)?;
        (!token.revoked && now < token.expires).then_some(token)
    }
}

impl Account {
    /// The person, as the ledger takes them.
    pub fn actor(&self) -> Actor {
        Actor {
            name: self.name.clone(),
            team: self.team.clone(),
            roles: self.roles.clone(),
        }
    }

    /// Whether this is the password. Takes some hundredths of a second on purpose.
    pub fn opens(&self, password: &str) -> bool {
        password.len() <= LONGEST
            && Argon2::default()
                .verify_password(password.as_bytes(), self.password.as_str())
                .is_ok()
            && !self.disabled
    }
}

impl Token {
    /// The program, as the ledger takes it.
    pub fn actor(&self) -> Actor {
        Actor {
            name: self.name.clone(),
            team: self.team.clone(),
            roles: self.roles.clone(),
        }
    }
}

/// Takes the time that a right password takes, so that nobody can tell which names exist.
pub fn pretend(password: &str) {
    let _ = hash(&password.chars().take(64).collect::<String>());
}

/// A password as it is stored.
///
/// # Errors
/// When it is too short or too long, or there is no randomness.
pub fn hash_new(password: &str) -> Result<String> {
    let letters = password.chars().count();
    if letters < SHORTEST {
        bail!(
            "the password has {letters} characters; give at least {SHORTEST}, as four words that belong to no sentence"
        );
    }
    if password.len() > LONGEST {
        bail!("the password has more than {LONGEST} bytes; give a shorter one");
    }
    hash(password)
}

fn hash(password: &str) -> Result<String> {
    let hashed: argon2::password_hash::phc::PasswordHash = Argon2::default()
        .hash_password(password.as_bytes())
        .map_err(|error| anyhow::anyhow!("the password cannot be hashed: {error}"))?;
    Ok(hashed.to_string())
}

/// The file, as last read.
pub struct Accounts {
    path: PathBuf,
    seen: Mutex<Seen>,
}

struct Seen {
    register: Arc<Register>,
    stamp: Option<(SystemTime, u64)>,
    looked: Instant,
}

impl Accounts {
    /// The register in this state folder; an absent file is an empty register.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn open(state: &Path) -> Result<Accounts> {
        let path = state.join("access.json");
        let stamp = stamp(&path);
        let register = Arc::new(read(&path)?);
        Ok(Accounts {
            path,
            seen: Mutex::new(Seen {
                register,
                stamp,
                looked: Instant::now(),
            }),
        })
    }

    /// What the file says. When it was damaged since, what it said before goes on, and nobody new is let in.
    pub fn register(&self) -> Arc<Register> {
        let mut seen = held(&self.seen);
        if seen.looked.elapsed() >= LOOK {
            seen.looked = Instant::now();
            let now = stamp(&self.path);
            if now != seen.stamp
                && let Ok(register) = read(&self.path)
            {
                seen.register = Arc::new(register);
                seen.stamp = now;
            }
        }
        seen.register.clone()
    }

    /// Changes the register under a lock that other processes see, too, and makes the change durable.
    ///
    /// # Errors
    /// What `change` says, or why the file cannot be written. Then nothing has changed.
    pub fn change<T>(&self, change: impl FnOnce(&mut Register) -> Result<T>) -> Result<T> {
        let lock_path = self.path.with_extension("lock");
        let lock = File::create(&lock_path)
            .with_context(|| format!("cannot write `{}`", lock_path.display()))?;
        lock.lock()
            .with_context(|| format!("cannot lock `{}`", lock_path.display()))?;
        let mut register = read(&self.path)?;
        let done = change(&mut register)?;
        register.accounts.sort_by(|a, b| a.name.cmp(&b.name));
        load::put(&self.path, &serde_json::to_vec_pretty(&register)?)?;
        let mut seen = held(&self.seen);
        seen.stamp = stamp(&self.path);
        seen.register = Arc::new(register);
        Ok(done)
    }

    /// On the first start of all: an account `admin` with a password that is shown once and must be changed. None where
    /// there is an account.
    ///
    /// # Errors
    /// As [`Accounts::change`].
    pub fn first(&self, now: Timestamp) -> Result<Option<String>> {
        if !self.register().accounts.is_empty() {
            return Ok(None);
        }
        let password = secret::fresh(10)?;
        let account = Account {
            name: "admin".to_owned(),
            team: None,
            roles: vec!["admin".to_owned()],
            password: hash(&password)?,
            must_change: true,
            disabled: false,
            made: now,
            voucher: None,
        };
        let made = self.change(|register| {
            let first = register.accounts.is_empty();
            if first {
                register.accounts.push(account);
            }
            Ok(first)
        })?;
        Ok(made.then_some(password))
    }

    /// Makes a token; gives its secret, which is shown once.
    ///
    /// # Errors
    /// As [`Accounts::change`].
    pub fn make_token(&self, mut token: Token) -> Result<(Token, String)> {
        let shown = format!("{TOKEN}{}", secret::fresh(32)?);
        token.id = secret::fresh(6)?;
        token.digest = secret::digest(&shown);
        let made = token.clone();
        self.change(move |register| {
            register.tokens.push(token);
            Ok(())
        })?;
        Ok((made, shown))
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let data = std::fs::metadata(path).ok()?;
    Some((data.modified().ok()?, data.len()))
}

fn read(path: &Path) -> Result<Register> {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Ok(Register::default());
        }
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read `{}`", path.display()));
        }
    };
    serde_json::from_slice(&text).with_context(|| {
        format!(
            "`{}` is no register of accounts; put back a copy, or move it away to start anew",
            path.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(name: &str) -> Account {
        Account {
            name: name.to_owned(),
            team: None,
            roles: vec!["reader".to_owned()],
            password: hash_new("four words of nothing").unwrap(),
            must_change: false,
            disabled: false,
            made: "2026-11-22T08:00:00.000Z".parse().unwrap(),
            voucher: None,
        }
    }

    #[test]
    fn a_password_is_kept_as_argon2id_and_opens_its_account_only() {
        let mut one = account("r.haas");
        assert!(one.password.starts_with("$argon2id$"), "{}", one.password);
        assert!(one.opens("four words of nothing"));
        assert!(!one.opens("four words of nothing "));
        one.disabled = true;
        assert!(!one.opens("four words of nothing"));
        assert!(hash_new("short").is_err());
        assert!(hash_new(&"x".repeat(2000)).is_err());
    }

    #[test]
    fn a_change_by_another_process_is_seen_and_none_is_lost() {
        let folder = std::env::temp_dir().join(format!("catchall-accounts-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let _ = std::fs::remove_file(folder.join("access.json"));
        let (ours, theirs) = (
            Accounts::open(&folder).unwrap(),
            Accounts::open(&folder).unwrap(),
        );
        std::thread::scope(|scope| {
            for (accounts, first) in [(&ours, "a"), (&theirs, "b")] {
                scope.spawn(move || {
                    for number in 0..5 {
                        let mut made = account("x");
                        made.name = format!("{first}{number}");
                        accounts
                            .change(|register| {
                                register.accounts.push(made);
                                Ok(())
                            })
                            .unwrap();
                    }
                });
            }
        });
        std::thread::sleep(LOOK);
        assert_eq!(ours.register().accounts.len(), 10);
        assert_eq!(theirs.register().accounts.len(), 10);
        let refused = ours.change(|_| -> Result<()> { bail!("no") });
        assert!(refused.is_err());
        assert_eq!(ours.register().accounts.len(), 10);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_token_is_known_by_its_secret_until_it_ends() {
        let token = |digest: String| Token {
            id: "t".to_owned(),
            name: "orders".to_owned(),
            team: None,
            roles: vec!["service".to_owned()],
            scope: Vec::new(),
            digest,
            expires: "2027-01-01T00:00:00.000Z".parse().unwrap(),
            revoked: false,
            made: "2026-11-22T08:00:00.000Z".parse().unwrap(),
        };
        let mut register = Register {
            accounts: Vec::new(),
            tokens: vec![token(secret::digest("catchall_one"))],
        };
        let before = "2026-12-31T23:59:59.999Z".parse().unwrap();
        let at = "2027-01-01T00:00:00.000Z".parse().unwrap();
        assert!(register.token("catchall_one", before).is_some());
        assert!(register.token("catchall_two", before).is_none());
        assert!(register.token("catchall_one", at).is_none());
        register.tokens[0].revoked = true;
        assert!(register.token("catchall_one", before).is_none());
    }
}
