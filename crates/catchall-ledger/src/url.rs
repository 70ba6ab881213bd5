//! Where a ledger is kept, as a person writes it on the command line.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::LedgerError;

/// Where a ledger is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LedgerUrl {
    /// One file, made when it is not there: `sqlite:PATH`, or a bare path.
    Sqlite(PathBuf),
    /// A PostgreSQL server: `postgres://USER@HOST/DATABASE`. Its tables are made when they are not there.
    Postgres(String),
    /// Nowhere: `memory:`. Gone with the process; for tests and demonstrations.
    Memory,
}

impl FromStr for LedgerUrl {
    type Err = LedgerError;

    fn from_str(text: &str) -> Result<LedgerUrl, LedgerError> {
        let wrong = || LedgerError::Url {
            found: text.to_owned(),
        };
        if text == "memory:" {
            return Ok(LedgerUrl::Memory);
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(LedgerUrl::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite:").unwrap_or(text);
        // `sqlite:///var/x` is the form that other programs take.
        let path = match path.strip_prefix("//") {
            Some(rest) if path.len() < text.len() => rest,
            _ => path,
        };
        if path.is_empty() || path.contains("://") || path.contains('\0') {
            return Err(wrong());
        }
        Ok(LedgerUrl::Sqlite(PathBuf::from(path)))
    }
}

impl fmt::Display for LedgerUrl {
    /// For messages: a password is left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LedgerUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            LedgerUrl::Memory => f.write_str("memory:"),
            LedgerUrl::Postgres(url) => {
                let (scheme, rest) = url.split_once("://").unwrap_or(("postgres", url));
                let rest = rest.split('?').next().unwrap_or(rest);
                match rest.rsplit_once('@') {
                    Some((who, place)) => {
                        let name = who.split(':').next().unwrap_or(who);
                        write!(f, "{scheme}://{name}@{place}")
                    }
                    None => write!(f, "{scheme}://{rest}"),
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_path_a_server_or_nowhere() {
        let sqlite = |path: &str| LedgerUrl::Sqlite(PathBuf::from(path));
        for (text, wanted) in [
            ("state/ledger.db", sqlite("state/ledger.db")),
            ("sqlite:state/ledger.db", sqlite("state/ledger.db")),
            ("sqlite:///var/ledger.db", sqlite("/var/ledger.db")),
            ("memory:", LedgerUrl::Memory),
        ] {
            assert_eq!(text.parse::<LedgerUrl>().unwrap(), wanted, "{text}");
        }
        for text in ["", "sqlite:", "mysql://x/y"] {
            assert!(text.parse::<LedgerUrl>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_message_does_not_show_a_password() {
        let url: LedgerUrl = "postgres://anna:pa@ss@db/x?password=secret"
            .parse()
            .unwrap();
        assert_eq!(url.to_string(), "postgres://anna@db/x");
    }
}
