//! The provider: what it is asked, in which order, and what is remembered between a browser's going and its coming back.
//!
//! What it says of itself (its document of discovery) and its keys are fetched when somebody first logs in and kept for an hour, so that
//! a server starts while its provider is away. A token whose key is not known fetches the keys once more, since providers change them.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use catchall_ledger::policy::Policy;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::rules::{self, Rules};
use super::token::{self, Expected, Fault, Keys};
use super::wire::{self, Asked};
use super::{Arrival, Departure, FILE, Refused, Returned};
use crate::access::secret;
use crate::address::escaped;
use crate::app::held;
use crate::load;
use crate::outbound::Trust;

/// How long what the provider said of itself, and its keys, are kept.
const KEPT: Duration = Duration::from_secs(60 * 60);
/// How long a person may take at the provider.
const WAIT: Duration = Duration::from_secs(10 * 60);
/// Log-ins that may wait at once; beyond that the oldest is forgotten.
const MOST: usize = 10_000;

/// A provider of identities.
pub struct Provider {
    rules: Rules,
    secret: Option<String>,
    trust: Trust,
    known: Mutex<Option<(Instant, Known)>>,
    waiting: Mutex<HashMap<String, Waiting>>,
}

/// What it said of itself, and its keys.
#[derive(Clone)]
struct Known {
    authorise: String,
    token: String,
    keys_at: String,
    farewell: Option<String>,
    /// Whether it takes our secret in the form only.
    in_form: bool,
    /// Whether it always says who it is when it sends somebody back.
    says_issuer: bool,
    keys: Keys,
}

/// A log-in under way.
struct Waiting {
    binding: String,
    nonce: String,
    verifier: String,
    to: String,
    begun: Instant,
}

impl Provider {
    /// The one that the state folder tells of, if it does.
    ///
    /// # Errors
    /// When the file cannot be used, with everything that is wrong in it.
    pub fn open(state: &Path, policy: &Policy, trust: &Trust) -> Result<Option<Provider>> {
        let path = state.join(FILE);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read `{}`", path.display()));
            }
        };
        let rules = Rules::read(&text, policy)
            .map_err(|faults| anyhow!("`{}`: {}", path.display(), faults.join("; ")))?;
        let secret = match &rules.secret_file {
            None => std::env::var("CATCHALL_OIDC_SECRET").ok(),
            Some(name) => {
                let file = state.join(name);
                let read = std::fs::read_to_string(&file);
                Some(read.with_context(|| format!("cannot read `{}`", file.display()))?)
            }
        };
        Ok(Some(Provider {
            rules,
            secret: secret
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty()),
            trust: trust.clone(),
            known: Mutex::default(),
            waiting: Mutex::default(),
        }))
    }

    /// What stands on the button.
    pub fn label(&self) -> &str {
        &self.rules.label
    }

    /// Sends a browser to the provider; `to` is where it wants to go afterwards.
    ///
    /// # Errors
    /// When the provider cannot be asked who it is.
    pub async fn depart(&self, to: &str) -> Result<Departure, Refused> {
        let known = self.known(false).await.map_err(Refused::Away)?;
        let fresh = || secret::fresh(32).map_err(Refused::Away);
        let (state, binding) = (fresh()?, fresh()?);
        let waiting = Waiting {
            binding: secret::digest(&binding),
            nonce: fresh()?,
            verifier: fresh()?,
            to: to.to_owned(),
            begun: Instant::now(),
        };
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(waiting.verifier.as_bytes()));
        let asked = form(&[
            ("response_type", "code"),
            ("client_id", &self.rules.client_id),
            ("redirect_uri", &self.rules.return_to()),
            ("scope", &self.rules.scopes.join(" ")),
            ("state", &state),
            ("nonce", &waiting.nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let joint = if known.authorise.contains('?') {
            '&'
        } else {
            '?'
        };
        self.wait(state, waiting);
        Ok(Departure {
            to: format!("{}{joint}{asked}", known.authorise),
            binding,
        })
    }

    fn wait(&self, state: String, waiting: Waiting) {
        let mut all = held(&self.waiting);
        let now = waiting.begun;
        if all.len() >= MOST {
            all.retain(|_, one| now.saturating_duration_since(one.begun) < WAIT);
            let oldest = all.iter().min_by_key(|(_, one)| one.begun);
            if all.len() >= MOST
                && let Some(oldest) = oldest.map(|(state, _)| state.clone())
            {
                all.remove(&oldest);
            }
        }
        all.insert(secret::digest(&state), waiting);
    }

    /// The log-in of this state, if this browser began it. It is taken away, so that nothing comes back twice; another browser's is left.
    fn begun(&self, returned: &Returned) -> Result<Waiting, Refused> {
        let state = secret::digest(&returned.state);
        let mut all = held(&self.waiting);
        let ours = all
            .get(&state)
            .is_some_and(|one| secret::same(&one.binding, &secret::digest(&returned.binding)));
        let found = if ours { all.remove(&state) } else { None };
        found
            .filter(|one| one.begun.elapsed() < WAIT)
            .ok_or(Refused::NotBegun)
    }

    /// Takes a browser back: who came, and where they wanted to go.
    ///
    /// # Errors
    /// When nobody comes in, and why.
    pub async fn arrive(&self, returned: Returned) -> Result<Arrival, Refused> {
        let waiting = self.begun(&returned)?;
        if !returned.error.is_empty() {
            let word = returned.error.chars().filter(|c| c.is_ascii_graphic());
            return Err(Refused::Denied(word.take(60).collect()));
        }
        let known = self.known(false).await.map_err(Refused::Away)?;
        let wrong_issuer = !returned.issuer.is_empty() && returned.issuer != self.rules.issuer;
        if wrong_issuer || (known.says_issuer && returned.issuer.is_empty()) {
            return Err(Refused::Unbelieved(anyhow!(
                "`{}` sent the browser back, not `{}`",
                returned.issuer.escape_debug(),
                self.rules.issuer
            )));
        }
        let token = self
            .exchange(&known, &returned.code, &waiting.verifier)
            .await?;
        let expected = Expected {
            issuer: &self.rules.issuer,
            audience: &self.rules.client_id,
            nonce: &waiting.nonce,
            now: load::now().as_millisecond() / 1000,
        };
        let believed = match token::believed(&token, &known.keys, expected) {
            Err(Fault::Key(_)) => {
                let known = self.known(true).await.map_err(Refused::Away)?;
                token::believed(&token, &known.keys, expected)
            }
            other => other,
        };
        let claims = believed.map_err(|fault| {
            Refused::Unbelieved(anyhow!("the provider's token is not believed: {fault}"))
        })?;
        let person = self.rules.person(&claims).map_err(Refused::Unplaced)?;
        Ok(Arrival {
            person,
            to: waiting.to,
        })
    }

    /// The token for a code.
    async fn exchange(&self, known: &Known, code: &str, verifier: &str) -> Result<String, Refused> {
        let return_to = self.rules.return_to();
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", return_to.as_str()),
            ("code_verifier", verifier),
        ];
        let mut authorization = None;
        match &self.secret {
            Some(secret) if !known.in_form => {
                let pair = format!("{}:{}", escaped(&self.rules.client_id), escaped(secret));
                authorization = Some(format!("Basic {}", STANDARD.encode(pair)));
            }
            Some(secret) => fields.extend([
                ("client_id", self.rules.client_id.as_str()),
                ("client_secret", secret),
            ]),
            None => fields.push(("client_id", &self.rules.client_id)),
        }
        let asked = Asked {
            url: &known.token,
            form: Some(form(&fields)),
            authorization,
        };
        let (status, answer) = wire::ask(&self.trust, asked).await.map_err(Refused::Away)?;
        let token = answer.get("id_token").and_then(Value::as_str);
        match token {
            Some(token) if status == StatusCode::OK => Ok(token.to_owned()),
            _ => {
                let why = answer
                    .get("error")
                    .and_then(Value::as_str)
                    .unwrap_or("no token");
                Err(Refused::Unbelieved(anyhow!(
                    "the provider gave no token for the code (status {}): {}",
                    status.as_u16(),
                    why.escape_debug()
                )))
            }
        }
    }

    /// What the provider says of itself; asked again when it is old, or when its keys are to be new.
    async fn known(&self, anew: bool) -> Result<Known> {
        let kept = held(&self.known).clone();
        let mut known = match kept {
            Some((at, known)) if at.elapsed() < KEPT && !anew => return Ok(known),
            Some((at, known)) if at.elapsed() < KEPT => known,
            _ => self.discovered().await?,
        };
        let (status, set) = self.get(&known.keys_at).await?;
        if status != StatusCode::OK {
            bail!("`{}` answered {}", known.keys_at, status.as_u16());
        }
        known.keys = Keys::read(&set).with_context(|| format!("`{}`", known.keys_at))?;
        *held(&self.known) = Some((Instant::now(), known.clone()));
        Ok(known)
    }

    async fn get(&self, url: &str) -> Result<(StatusCode, Value)> {
        let asked = Asked {
            url,
            form: None,
            authorization: None,
        };
        wire::ask(&self.trust, asked).await
    }

    async fn discovered(&self) -> Result<Known> {
        let issuer = &self.rules.issuer;
        let url = format!(
            "{}/.well-known/openid-configuration",
            issuer.trim_end_matches('/')
        );
        let (status, found) = self.get(&url).await?;
        if status != StatusCode::OK {
            bail!("`{url}` answered {}", status.as_u16());
        }
        let text = |name: &str| found.get(name).and_then(Value::as_str);
        if text("issuer") != Some(issuer) {
            bail!(
                "`{url}` calls itself `{}`; `issuer` in `{FILE}` must be the same to the letter",
                text("issuer").unwrap_or("nothing").escape_debug()
            );
        }
        let address = |name: &str| {
            let found = text(name).filter(|address| rules::secure(address));
            found
                .map(str::to_owned)
                .with_context(|| format!("`{url}` has no `{name}` that begins with `https://`"))
        };
        let takes = |name: &str, word: &str| {
            let all = found.get(name).and_then(Value::as_array);
            all.map(|all| all.iter().any(|one| one == word))
        };
        if takes("code_challenge_methods_supported", "S256") == Some(false) {
            bail!("`{url}`: the provider takes no PKCE by S256");
        }
        let methods = "token_endpoint_auth_methods_supported";
        Ok(Known {
            authorise: address("authorization_endpoint")?,
            token: address("token_endpoint")?,
            keys_at: address("jwks_uri")?,
            farewell: address("end_session_endpoint").ok(),
            in_form: takes(methods, "client_secret_basic") == Some(false)
                && takes(methods, "client_secret_post") == Some(true),
            says_issuer: found.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
            keys: Keys::default(),
        })
    }

    /// Where to log out of the provider, too, where it can be done.
    pub async fn farewell(&self) -> Option<String> {
        let page = self.known(false).await.ok()?.farewell?;
        let joint = if page.contains('?') { '&' } else { '?' };
        let asked = form(&[
            ("client_id", &self.rules.client_id),
            (
                "post_logout_redirect_uri",
                &format!("{}/login", self.rules.address),
            ),
        ]);
        Some(format!("{page}{joint}{asked}"))
    }
}

/// Names and values as a form or a query carries them.
fn form(fields: &[(&str, &str)]) -> String {
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}
