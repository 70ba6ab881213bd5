//! Rules: what `oidc.toml` says: where the provider is, and what its claims mean here.
//!
//! A claim never names a role or a team of ours: a row of the file says which claim gives which. The file is checked against the policy
//! when the server starts, so that a role which the policy does not know is never given to anybody.

use std::path::PathBuf;

use catchall_ledger::policy::Policy;
use serde::Deserialize;
use serde_json::{Map, Value};

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Rules {
    /// What the provider calls itself: `https://login.example.org`. Everything else is found from it.
    pub issuer: String,
    /// What the provider calls us.
    pub client_id: String,
    /// A file with the secret that the provider gave us, beside this one; `CATCHALL_OIDC_SECRET` otherwise, else there is none.
    #[serde(default)]
    pub secret_file: Option<PathBuf>,
    /// Where people reach this server: `https://desk.example.org`.
    pub address: String,
    /// What stands on the button.
    #[serde(default = "label")]
    pub label: String,
    /// What is asked of the provider.
    #[serde(default = "scopes")]
    pub scopes: Vec<String>,
    /// The claim that is a person's name in the ledger.
    #[serde(default = "name")]
    pub name: String,
    /// What claims give.
    #[serde(default, rename = "grant")]
    pub grants: Vec<Grant>,
}

/// Who gets what.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The claim that is looked at; everybody whom the provider lets in when it is left out.
    #[serde(default)]
    pub claim: Option<String>,
    /// What it must say, or hold where it is a list.
    #[serde(default)]
    pub is: Option<String>,
    /// The team.
    #[serde(default)]
    pub team: Option<String>,
    /// Roles of the policy.
    pub roles: Vec<String>,
}

/// Somebody, as the provider and the rules say together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The team.
    pub team: Option<String>,
    /// Roles of the policy, each once, in the order of the alphabet.
    pub roles: Vec<String>,
    /// Who vouches.
    pub issuer: String,
    /// The provider's own word for the person, which never changes.
    pub subject: String,
}

/// Why there is no place for somebody.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unplaced {
    /// The provider does not say their name.
    #[error("the provider does not say your name (claim `{0}`); whoever runs it can let it say so")]
    Nameless(String),
    /// No row fits.
    #[error(
        "the provider knows you, but nothing that it says of you gives you a role here; ask whoever runs this server"
    )]
    NoRole,
    /// Two rows fit that name two teams.
    #[error(
        "what the provider says of you belongs to two teams, `{0}` and `{1}`; ask whoever runs this server"
    )]
    TwoTeams(String, String),
    /// The name is somebody else's.
    #[error("somebody else has the name `{0}` here; ask whoever runs this server")]
    NameTaken(String),
    /// The account is closed.
    #[error("your account here is closed; ask whoever runs this server")]
    Closed,
}

impl Unplaced {
    /// A word for the ledger, which names nobody.
    pub fn word(&self) -> &'static str {
        match self {
            Unplaced::Nameless(_) => "nameless",
            Unplaced::NoRole => "no_role",
            Unplaced::TwoTeams(..) => "two_teams",
            Unplaced::NameTaken(_) => "name_taken",
            Unplaced::Closed => "closed",
        }
    }
}

fn label() -> String {
    "Log in with your organisation".to_owned()
}

fn scopes() -> Vec<String> {
    ["openid", "profile"].map(str::to_owned).to_vec()
}

fn name() -> String {
    "preferred_username".to_owned()
}

impl Rules {
    /// Reads the file.
    ///
    /// # Errors
    /// Everything that is wrong with it, a sentence each.
    pub fn read(text: &str, policy: &Policy) -> Result<Rules, Vec<String>> {
        let rules: Rules = toml::from_str(text).map_err(|error| vec![error.to_string()])?;
        let faults = rules.faults(policy);
        if faults.is_empty() {
            Ok(rules)
        } else {
            Err(faults)
        }
    }

    fn faults(&self, policy: &Policy) -> Vec<String> {
        let mut faults = Vec::new();
        for (name, text) in [("issuer", &self.issuer), ("address", &self.address)] {
            if !secure(text) {
                faults.push(format!(
                    "`{name}` is `{text}`; it must begin with `https://` (or with `http://127.0.0.1` on this machine alone)"
                ));
            }
        }
        if self.address.ends_with('/') {
            faults.push("`address` ends with `/`; leave it out".to_owned());
        }
        if !self.scopes.iter().any(|scope| scope == "openid") {
            faults.push(
                "`scopes` does not hold `openid`, without which no provider says who somebody is"
                    .to_owned(),
            );
        }
        if self.grants.is_empty() {
            faults.push("there is no `[[grant]]`, so nobody would get a role".to_owned());
        }
        for (place, grant) in self.grants.iter().enumerate() {
            let at = format!("`[[grant]]` {}", place + 1);
            if grant.claim.is_some() != grant.is.is_some() {
                faults.push(format!(
                    "{at} has one of `claim` and `is`; write both, or none for everybody"
                ));
            }
            if grant.roles.is_empty() {
                faults.push(format!("{at} gives no role"));
            }
            for role in grant
                .roles
                .iter()
                .filter(|role| policy.role(role).is_none())
            {
                let all: Vec<&str> = policy.roles().iter().map(|role| role.id.as_str()).collect();
                faults.push(format!(
                    "{at}: `{role}` is no role of the policy; the roles are {}",
                    all.join(", ")
                ));
            }
        }
        faults
    }

    /// Where the provider sends people back to.
    pub fn return_to(&self) -> String {
        format!("{}{}", self.address, super::RETURN)
    }

    /// Who somebody is, by these claims, which must have been believed before.
    ///
    /// # Errors
    /// When there is no place for them.
    pub fn person(&self, claims: &Map<String, Value>) -> Result<Person, Unplaced> {
        let nameless = || Unplaced::Nameless(self.name.clone());
        let name = said(claims, &self.name).and_then(Value::as_str);
        let name = name.map(str::trim).filter(|name| fits(name));
        let name = name.ok_or_else(nameless)?.to_owned();
        let subject = claims
            .get("sub")
            .and_then(Value::as_str)
            .ok_or_else(nameless)?;
        let mut person = Person {
            name,
            team: None,
            roles: Vec::new(),
            issuer: self.issuer.clone(),
            subject: subject.to_owned(),
        };
        for grant in self.grants.iter().filter(|grant| grant.fits(claims)) {
            match (&person.team, &grant.team) {
                (Some(one), Some(other)) if one != other => {
                    return Err(Unplaced::TwoTeams(one.clone(), other.clone()));
                }
                (None, Some(_)) => person.team.clone_from(&grant.team),
                _ => {}
            }
            person.roles.extend(grant.roles.iter().cloned());
        }
        person.roles.sort();
        person.roles.dedup();
        if person.roles.is_empty() {
            return Err(Unplaced::NoRole);
        }
        Ok(person)
    }
}

impl Grant {
    fn fits(&self, claims: &Map<String, Value>) -> bool {
        let (Some(claim), Some(is)) = (&self.claim, &self.is) else {
            return true;
        };
        match said(claims, claim) {
            Some(Value::String(one)) => one == is,
            Some(Value::Array(all)) => all.iter().any(|one| one.as_str() == Some(is)),
            _ => false,
        }
    }
}

/// A claim by its name, or by a path with points into what the provider nests.
fn said<'c>(claims: &'c Map<String, Value>, name: &str) -> Option<&'c Value> {
    if let Some(found) = claims.get(name) {
        return Some(found);
    }
    let mut parts = name.split('.');
    let first = claims.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}

/// A name that the ledger can carry, and that nobody of ours has: what begins with `local:` is the command line's.
fn fits(name: &str) -> bool {
    !name.is_empty()
        && name.chars().count() <= 100
        && !name.chars().any(char::is_control)
        && !name.starts_with("local:")
        && !["nobody", "command line"].contains(&name)
}

/// Whether an address may be spoken to: with TLS, or on this machine alone.
pub fn secure(address: &str) -> bool {
    if !address.bytes().all(|byte| byte.is_ascii_graphic()) {
        return false;
    }
    if let Some(rest) = address.strip_prefix("https://") {
        return !rest.is_empty() && !rest.contains(['@', '#', '?']);
    }
    let Some(rest) = address.strip_prefix("http://") else {
        return false;
    };
    let host = rest.split('/').next().unwrap_or_default();
    let name = host
        .rsplit_once(':')
        .filter(|(_, port)| port.parse::<u16>().is_ok())
        .map_or(host, |(name, _)| name);
    ["127.0.0.1", "[::1]", "localhost"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy() -> Policy {
        crate::load::policy(std::path::Path::new("no such folder")).unwrap()
    }

    const FILE: &str = r#"
issuer = "https://login.example.org"
client-id = "catchall"
address = "https://desk.example.org"

[[grant]]
claim = "groups"
is = "licensing"
team = "Dual-use"
roles = ["licensing-officer", "reader"]

[[grant]]
claim = "realm_access.roles"
is = "auditor"
roles = ["auditor"]

[[grant]]
claim = "department"
is = "Arms"
team = "Arms"
roles = ["reader"]
"#;

    fn claims(text: &str) -> Map<String, Value> {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn claims_give_what_the_rows_say_and_nothing_else() {
        let rules = Rules::read(FILE, &policy()).unwrap();
        assert_eq!(
            rules.return_to(),
            "https://desk.example.org/login/provider/return"
        );
        let person = rules
            .person(&claims(
                r#"{"sub": "7", "preferred_username": "r.haas", "groups": ["x", "licensing"], "realm_access": {"roles": ["auditor"]}, "roles": ["admin"], "team": "Arms"}"#,
            ))
            .unwrap();
        assert_eq!(person.team.as_deref(), Some("Dual-use"));
        assert_eq!(person.roles, ["auditor", "licensing-officer", "reader"]);
        let none = rules.person(&claims(
            r#"{"sub": "7", "preferred_username": "r.haas", "groups": "licensing-2", "roles": ["admin"]}"#,
        ));
        assert_eq!(none, Err(Unplaced::NoRole));
        let two = rules.person(&claims(
            r#"{"sub": "7", "preferred_username": "r.haas", "groups": "licensing", "department": "Arms"}"#,
        ));
        assert!(matches!(two, Err(Unplaced::TwoTeams(..))));
        for name in ["\"\"", "7", "\"a\\nb\"", "\"local:root\"", "null"] {
            let text =
                format!(r#"{{"sub": "7", "preferred_username": {name}, "groups": "licensing"}}"#);
            assert!(
                matches!(rules.person(&claims(&text)), Err(Unplaced::Nameless(_))),
                "{name}"
            );
        }
    }

    #[test]
    fn a_file_that_would_give_what_nobody_meant_is_refused_with_every_reason() {
        let wrong = FILE
            .replace("https://login", "http://login")
            .replace("\"reader\"", "\"emperor\"")
            .replace("is = \"Arms\"\n", "");
        let faults = Rules::read(&wrong, &policy()).unwrap_err().join("\n");
        for part in [
            "`issuer` is `http://login",
            "`emperor` is no role",
            "`[[grant]]` 3 has one of",
        ] {
            assert!(faults.contains(part), "{faults}");
        }
        let unknown = Rules::read(&format!("{FILE}\nextra = 1"), &policy());
        assert!(unknown.is_err());
        assert!(secure("http://127.0.0.1:9000/x") && secure("http://localhost"));
        assert!(!secure("http://127.0.0.1.example.org") && !secure("http://localhost@example.org"));
    }
}
