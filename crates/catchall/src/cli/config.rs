//! `catchall.toml` in the working folder: flags that a team does not want to repeat. Flags and `CATCHALL_*`
//! variables come before it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use catchall_ledger::LedgerUrl;
use serde::Deserialize;

use super::{Common, assess, ledger};

/// What the file may say.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Config {
    packs: Option<PathBuf>,
    lists: Option<PathBuf>,
    answers: Option<PathBuf>,
    quiet: Option<bool>,
    format: Option<assess::Format>,
    rejects: Option<PathBuf>,
    fail_on: Option<String>,
    ledger: Option<String>,
}

/// Reads the file, if there is one.
pub(crate) fn read() -> Result<Config> {
    let path = Path::new("catchall.toml");
    if !path.exists() {
        return Ok(Config::default());
    }
    let text = std::fs::read_to_string(path).context("catchall.toml cannot be read")?;
    toml::from_str(&text).context(
        "catchall.toml cannot be used; it may hold packs, lists, answers, quiet, format, rejects, fail-on, ledger",
    )
}

impl Config {
    pub(crate) fn common(&self, mut common: Common) -> Common {
        common.packs = common.packs.or_else(|| self.packs.clone());
        common.lists = common.lists.or_else(|| self.lists.clone());
        common.answers = common.answers.or_else(|| self.answers.clone());
        common.quiet |= self.quiet.unwrap_or(false);
        common
    }

    pub(crate) fn ledger(&self, mut args: ledger::Args) -> Result<ledger::Args> {
        args.ledger = self.place(args.ledger)?;
        Ok(args)
    }

    /// The ledger that a flag names, else the one of the file.
    fn place(&self, named: Option<LedgerUrl>) -> Result<Option<LedgerUrl>> {
        match (named, &self.ledger) {
            (Some(named), _) => Ok(Some(named)),
            (None, None) => Ok(None),
            (None, Some(text)) => Ok(Some(text.parse().context("catchall.toml, `ledger`")?)),
        }
    }

    pub(crate) fn assess(&self, mut args: assess::Args) -> Result<assess::Args> {
        args.ledger = self.place(args.ledger)?;
        args.format = args.format.or(self.format);
        args.rejects = args.rejects.or_else(|| self.rejects.clone());
        args.fail_on = args.fail_on.or_else(|| self.fail_on.clone());
        Ok(args)
    }
}
