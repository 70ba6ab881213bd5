//! `catchall account`: accounts and service tokens of a server's state folder; the server takes a change up within a second.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::PathBuf;

use anyhow::{Context, anyhow, bail};
use catchall_ledger::policy::{Act, Policy};
use catchall_ledger::{Actor, Draft, Ledger, LedgerUrl, Timestamp};
use serde_json::{Value, json};

use super::Stop;
use crate::access::accounts::{Account, Accounts, Token, hash_new};
use crate::access::secret;
use crate::load;

/// A token that is made without a day lives so long.
const TOKEN_DAYS: u32 = 90;
/// The longest life of a token.
const LONGEST_DAYS: u32 = 366;

/// What to do with accounts.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The server's state folder.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "catchall-state",
        env = "CATCHALL_STATE"
    )]
    state: PathBuf,
    /// Where the ledger is kept, as with `serve`; it takes down who was let in and who was shut out.
    #[arg(long, global = true, value_name = "URL", env = "CATCHALL_LEDGER")]
    ledger: Option<LedgerUrl>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Make an account; the password is read from standard input, or made and printed when that is a terminal.
    Add {
        /// The name to sign in with.
        name: String,
        /// Roles of the policy, one flag each.
        #[arg(long = "role", value_name = "ROLE", required = true)]
        roles: Vec<String>,
        /// The team.
        #[arg(long)]
        team: Option<String>,
    },
    /// Give an account a new password, to be changed at the next sign-in.
    Password {
        /// The account.
        name: String,
    },
    /// List accounts and tokens; no secret is shown.
    List,
    /// Close an account; it stays on record.
    Disable {
        /// The account.
        name: String,
    },
    /// Open a closed account again.
    Enable {
        /// The account.
        name: String,
    },
    /// Make or revoke a service token.
    Token {
        #[command(subcommand)]
        verb: TokenVerb,
    },
}

#[derive(Debug, clap::Subcommand)]
enum TokenVerb {
    /// Make one; its secret is printed on standard output, once.
    Add {
        /// What it is for: the ledger names it as the actor.
        name: String,
        /// Roles of the policy, one flag each; `service` otherwise.
        #[arg(long = "role", value_name = "ROLE", default_value = "service")]
        roles: Vec<String>,
        /// The team it acts for.
        #[arg(long)]
        team: Option<String>,
        /// Limit it to these acts of its roles, one flag each.
        #[arg(long = "scope", value_name = "ACT")]
        scope: Vec<String>,
        /// How many days it lives.
        #[arg(long, value_name = "DAYS", default_value_t = TOKEN_DAYS)]
        days: u32,
    },
    /// Take one back.
    Revoke {
        /// Its id, as `catchall account list` shows it.
        id: String,
    },
}

pub(crate) fn run(args: &Args) -> Result<u8, Stop> {
    load::state_folder(&args.state)?;
    let accounts = Accounts::open(&args.state)?;
    let policy = load::policy(&args.state)?;
    match &args.verb {
        Verb::Add { name, roles, team } => {
            known(&policy, roles).map_err(Stop::usage)?;
            let (password, made) = password()?;
            let account = Account {
                name: fit(name).map_err(Stop::usage)?,
                team: team.clone(),
                roles: roles.clone(),
                password: hash_new(&password).map_err(Stop::usage)?,
                must_change: made,
                disabled: false,
                made: load::now(),
                voucher: None,
            };
            let (named, about) = (
                account.name.clone(),
                json!({ "team": account.team, "roles": account.roles }),
            );
            accounts.change(|register| {
                if register.account(&account.name).is_some() {
                    bail!("there is an account `{}` already", account.name);
                }
                register.accounts.push(account);
                Ok(())
            })?;
            note(args, &named, "account.made", about)?;
            if made {
                crate::talk::tell!("{password}")?;
                crate::talk::say!(
                    "catchall: this password is for the first sign-in only and is shown this once"
                );
            }
        }
        Verb::Password { name } => {
            let (password, made) = password()?;
            let hashed = hash_new(&password).map_err(Stop::usage)?;
            if accounts
                .register()
                .account(name)
                .is_some_and(|account| account.voucher.is_some())
            {
                return Err(Stop::usage(anyhow!(
                    "a provider vouches for `{name}`, and keeps the password; nothing is changed"
                )));
            }
            set(&accounts, name, |account| {
                account.password = hashed;
                account.must_change = true;
            })?;
            note(args, name, "password.reset", json!({}))?;
            if made {
                crate::talk::tell!("{password}")?;
            }
        }
        Verb::List => list(&accounts)?,
        Verb::Disable { name } => {
            set(&accounts, name, |account| account.disabled = true)?;
            note(args, name, "account.disabled", json!({}))?;
        }
        Verb::Enable { name } => {
            set(&accounts, name, |account| account.disabled = false)?;
            note(args, name, "account.enabled", json!({}))?;
        }
        Verb::Token { verb } => token(args, &accounts, &policy, verb)?,
    }
    Ok(0)
}

/// Takes down in the ledger what was done to an account. The register has changed by then: what could not be taken down is told.
fn note(args: &Args, name: &str, kind: &str, body: Value) -> Result<(), Stop> {
    let url = args
        .ledger
        .clone()
        .unwrap_or_else(|| LedgerUrl::Sqlite(args.state.join("ledger.db")));
    let draft = Draft::new(
        format!("account/{name}"),
        kind,
        Actor::named("command line"),
        load::now(),
        body,
    );
    Ledger::open(&url)
        .and_then(|ledger| ledger.append(vec![draft]))
        .context("it is done, but the ledger could not take it down")?;
    Ok(())
}

fn token(args: &Args, accounts: &Accounts, policy: &Policy, verb: &TokenVerb) -> Result<(), Stop> {
    match verb {
        TokenVerb::Add {
            name,
            roles,
            team,
            scope,
            days,
        } => {
            known(policy, roles).map_err(Stop::usage)?;
            if let Some(word) = scope.iter().find(|word| Act::find(word).is_none()) {
                return Err(Stop::usage(anyhow!(
                    "`{word}` is no act; `/openapi.json` names the act of each way in"
                )));
            }
            if !(1..=LONGEST_DAYS).contains(days) {
                return Err(Stop::usage(anyhow!(
                    "--days: `{days}` is not between 1 and {LONGEST_DAYS}"
                )));
            }
            let now = load::now();
            let ends = now.as_millisecond() + i64::from(*days) * 86_400_000;
            let (made, shown) = accounts.make_token(Token {
                id: String::new(),
                name: fit(name).map_err(Stop::usage)?,
                team: team.clone(),
                roles: roles.clone(),
                scope: scope.clone(),
                digest: String::new(),
                expires: Timestamp::from_millisecond(ends)?,
                revoked: false,
                made: now,
            })?;
            let about = json!({
                "token": made.id, "team": made.team, "roles": made.roles, "scope": made.scope, "expires": made.expires,
            });
            note(args, &made.name, "token.made", about)?;
            crate::talk::tell!("{shown}")?;
            crate::talk::say!(
                "catchall: token {} lives until {}; its secret is shown this once",
                made.id,
                made.expires.day()
            );
        }
        TokenVerb::Revoke { id } => {
            let name = accounts.change(|register| {
                let found = register.tokens.iter_mut().find(|token| token.id == *id);
                let token = found.ok_or_else(|| {
                    anyhow!("no token `{id}`; `catchall account list` shows them")
                })?;
                token.revoked = true;
                Ok(token.name.clone())
            })?;
            note(args, &name, "token.revoked", json!({ "token": id }))?;
        }
    }
    Ok(())
}

/// A password from standard input, or a made one where a person sits.
fn password() -> anyhow::Result<(String, bool)> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        return Ok((secret::fresh(10)?, true));
    }
    let mut line = String::new();
    stdin
        .lock()
        .read_line(&mut line)
        .context("cannot read the password")?;
    let line = line.trim_end_matches(['\n', '\r']).to_owned();
    if line.is_empty() {
        return Ok((secret::fresh(10)?, true));
    }
    Ok((line, false))
}

/// A name that the ledger and a line of a log can carry.
fn fit(name: &str) -> anyhow::Result<String> {
    let name = name.trim();
    let long = name.chars().count() > 100;
    if name.is_empty() || long || name.chars().any(char::is_control) {
        bail!(
            "`{}` is no name; give 1 to 100 characters on one line",
            name.escape_debug()
        );
    }
    Ok(name.to_owned())
}

fn known(policy: &Policy, roles: &[String]) -> anyhow::Result<()> {
    let unknown = roles.iter().find(|role| policy.role(role).is_none());
    match unknown {
        None => Ok(()),
        Some(role) => {
            let all: Vec<&str> = policy.roles().iter().map(|role| role.id.as_str()).collect();
            bail!(
                "`{role}` is no role of the policy; the roles are {}",
                all.join(", ")
            )
        }
    }
}

fn set(accounts: &Accounts, name: &str, change: impl FnOnce(&mut Account)) -> Result<(), Stop> {
    accounts.change(|register| {
        let found = register
            .accounts
            .iter_mut()
            .find(|account| account.name == name);
        found
            .map(change)
            .ok_or_else(|| anyhow!("no account `{name}`; `catchall account list` shows them"))
    })?;
    Ok(())
}

fn list(accounts: &Accounts) -> anyhow::Result<()> {
    let register = accounts.register();
    let mut out = std::io::stdout().lock();
    let team = |team: &Option<String>| team.clone().unwrap_or_else(|| "(no team)".to_owned());
    for account in &register.accounts {
        let state = if account.disabled { "  closed" } else { "" };
        let by = account.voucher.as_ref();
        let by = by.map_or(String::new(), |own| format!("  by {}", own.issuer));
        writeln!(
            out,
            "account  {}  {}  {}{by}{state}",
            account.name,
            team(&account.team),
            account.roles.join(", ")
        )?;
    }
    for token in &register.tokens {
        let state = if token.revoked {
            "revoked".to_owned()
        } else {
            format!("until {}", token.expires.day())
        };
        let scope = if token.scope.is_empty() {
            String::new()
        } else {
            format!("  only {}", token.scope.join(", "))
        };
        writeln!(
            out,
            "token    {}  {}  {}  {}  {state}{scope}",
            token.id,
            token.name,
            team(&token.team),
            token.roles.join(", ")
        )?;
    }
    if register.accounts.is_empty() && register.tokens.is_empty() {
        writeln!(out, "no accounts")?;
    }
    Ok(())
}
