//! Hooks: signed webhooks by the Standard Webhooks scheme. Each event of the ledger goes to every target that asked for its kind:
//! number, kind and subject, never a body.
//!
//! A target is asked in the order of the events, one at a time; a failure is tried again after longer and longer waits, then
//! passed over and told in the log. Which addresses are spoken to, and how, stands in [`crate::outbound`].

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use catchall_ledger::{Ask, Entry, Timestamp};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::access::secret;
use crate::app::{App, held};
use crate::load;
use crate::outbound;

/// Waits between tries of one delivery, in seconds; after the last it is passed over.
const WAITS: [u64; 7] = [5, 30, 120, 600, 1800, 7200, 18_000];
/// How long a target may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a replaced secret still signs, in milliseconds.
const OVERLAP: i64 = 24 * 60 * 60 * 1000;
/// Bytes of a delivery log; beyond that the older half goes.
const LOG: u64 = 1 << 20;
/// How often the ledger is looked at for new events.
const LOOK: Duration = Duration::from_secs(1);

/// A secret that signs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Secret {
    /// Base64, without the prefix `whsec_`.
    pub value: String,
    /// When it stops to sign; never for the newest.
    pub until: Option<Timestamp>,
}

/// A target.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hook {
    /// Its id.
    pub id: String,
    /// Where to: `https://host:port/path`.
    pub url: String,
    /// Beginnings of the kinds that it asks for; all when empty.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// What it is for.
    #[serde(default)]
    pub about: String,
    /// What signs, the newest last.
    pub secrets: Vec<Secret>,
    /// The last event that was delivered or passed over.
    pub after: u64,
    /// Failed tries of the next one.
    #[serde(default)]
    pub failures: usize,
    /// Not before this.
    #[serde(default)]
    pub not_before: Option<Timestamp>,
    /// Who set it up.
    pub by: String,
}

/// One try.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Try {
    /// When.
    pub at: Timestamp,
    /// The message's id.
    pub message: String,
    /// The event's number.
    pub event: u64,
    /// Which try it was, from 1.
    pub number: usize,
    /// The target's status, where there was one.
    pub status: Option<u16>,
    /// `delivered`, `failed` (and tried again), `passed over`.
    pub result: String,
    /// What went wrong.
    pub why: Option<String>,
}

/// All targets: a file in the state folder.
pub struct Hooks {
    path: PathBuf,
    logs: PathBuf,
    all: Mutex<Vec<Hook>>,
}

impl Hooks {
    /// In this state folder.
    ///
    /// # Errors
    /// When the file is there and cannot be used.
    pub fn open(state: &Path) -> Result<Hooks> {
        let path = state.join("webhooks.json");
        let all = match std::fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text)
                .with_context(|| format!("`{}` cannot be used", path.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read `{}`", path.display()));
            }
        };
        Ok(Hooks {
            path,
            logs: state.join("deliveries"),
            all: Mutex::new(all),
        })
    }

    /// All of them, in the order in which they were set up.
    pub fn all(&self) -> Vec<Hook> {
        held(&self.all).clone()
    }

    /// Changes them, durably.
    ///
    /// # Errors
    /// When they cannot be written; then nothing has changed.
    pub fn change<T>(&self, change: impl FnOnce(&mut Vec<Hook>) -> T) -> Result<T> {
        let mut all = held(&self.all);
        let mut new = all.clone();
        let done = change(&mut new);
        load::put(&self.path, &serde_json::to_vec_pretty(&new)?)?;
        *all = new;
        Ok(done)
    }

    fn log_of(&self, id: &str) -> PathBuf {
        self.logs.join(format!("{id}.jsonl"))
    }

    /// The last tries, the newest last.
    pub fn tries(&self, id: &str, most: usize) -> Vec<Try> {
        let text = std::fs::read_to_string(self.log_of(id)).unwrap_or_default();
        let all: Vec<Try> = text
            .lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect();
        let skip = all.len().saturating_sub(most);
        all.into_iter().skip(skip).collect()
    }

    fn note(&self, id: &str, tried: &Try) -> Result<()> {
        std::fs::create_dir_all(&self.logs)?;
        let path = self.log_of(id);
        if std::fs::metadata(&path).is_ok_and(|data| data.len() > LOG) {
            let kept: String = self
                .tries(id, 2000)
                .iter()
                .filter_map(|tried| serde_json::to_string(tried).ok())
                .map(|line| line + "\n")
                .collect();
            load::put(&path, kept.as_bytes())?;
        }
        let mut file = std::fs::File::options()
            .create(true)
            .append(true)
            .open(path)?;
        file.write_all((serde_json::to_string(tried)? + "\n").as_bytes())?;
        Ok(())
    }
}

/// A fresh secret, base64.
///
/// # Errors
/// When the system gives no randomness.
pub fn fresh_secret() -> Result<String> {
    let mut drawn = [0_u8; 24];
    getrandom::fill(&mut drawn).map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
    Ok(STANDARD.encode(drawn))
}

/// Adds a secret; the ones before it go on to sign for a day.
///
/// # Errors
/// When the system gives no randomness.
pub fn rotate(hook: &mut Hook, now: Timestamp) -> Result<String> {
    let until = Timestamp::from_millisecond(now.as_millisecond() + OVERLAP)?;
    hook.secrets
        .retain(|secret| secret.until.is_none_or(|until| until > now));
    for secret in &mut hook.secrets {
        secret.until.get_or_insert(until);
    }
    let value = fresh_secret()?;
    hook.secrets.push(Secret {
        value: value.clone(),
        until: None,
    });
    Ok(value)
}

/// The signature of a message by every secret that lives: HMAC-SHA256 over `id.timestamp.body`.
pub fn signature(secrets: &[Secret], id: &str, seconds: i64, body: &str, now: Timestamp) -> String {
    let living = secrets
        .iter()
        .filter(|secret| secret.until.is_none_or(|until| until > now));
    let signed: Vec<String> = living
        .filter_map(|secret| {
            let key = STANDARD.decode(&secret.value).ok()?;
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
            mac.update(format!("{id}.{seconds}.{body}").as_bytes());
            Some(format!(
                "v1,{}",
                STANDARD.encode(mac.finalize().into_bytes())
            ))
        })
        .collect();
    signed.join(" ")
}

/// Delivers events until the process ends.
pub async fn run(app: Arc<App>) {
    loop {
        for hook in app.hooks.all() {
            if let Err(error) = serve(&app, &hook).await {
                crate::talk::say!("catchall: webhook {}: {error:#}", hook.id);
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Delivers what waits for one target, up to its first failure.
async fn serve(app: &Arc<App>, hook: &Hook) -> Result<()> {
    let now = load::now();
    if hook.not_before.is_some_and(|not_before| now < not_before) {
        return Ok(());
    }
    let of = app.clone();
    let after = hook.after;
    let entries =
        tokio::task::spawn_blocking(move || of.ledger.entries(&Ask::all().after(after).limit(100)))
            .await??;
    let mut hook = hook.clone();
    for entry in &entries {
        let wanted = hook.kinds.is_empty()
            || hook
                .kinds
                .iter()
                .any(|kind| entry.kind.starts_with(kind.as_str()));
        if !wanted {
            hook.after = entry.number;
            continue;
        }
        let went_on = attempt(app, &mut hook, entry).await?;
        keep(app, &hook)?;
        if !went_on {
            return Ok(());
        }
    }
    if hook.after != after {
        keep(app, &hook)?;
    }
    Ok(())
}

fn keep(app: &App, hook: &Hook) -> Result<()> {
    app.hooks.change(|all| {
        // Whoever took it away or gave it a new secret meanwhile is not overruled.
        for own in all.iter_mut().filter(|own| own.id == hook.id) {
            own.after = hook.after.max(own.after);
            own.failures = hook.failures;
            own.not_before = hook.not_before;
        }
    })
}

/// One try; gives whether the next event may follow.
async fn attempt(app: &Arc<App>, hook: &mut Hook, entry: &Entry) -> Result<bool> {
    let now = load::now();
    let message = format!("msg_{}_{}", hook.id, entry.number);
    let body = serde_json::json!({
        "type": entry.kind, "timestamp": entry.at, "data": crate::http::events::event(entry),
    })
    .to_string();
    let seconds = now.as_millisecond() / 1000;
    let signed = signature(&hook.secrets, &message, seconds, &body, now);
    let sent =
        tokio::time::timeout(PATIENCE, post(app, hook, &message, seconds, &signed, &body)).await;
    let (status, why) = match sent {
        Ok(Ok(status)) if (200..300).contains(&status) => (Some(status), None),
        Ok(Ok(status)) => (Some(status), Some(format!("the target answered {status}"))),
        Ok(Err(error)) => (None, Some(format!("{error:#}"))),
        Err(_) => (
            None,
            Some(format!("no answer after {} s", PATIENCE.as_secs())),
        ),
    };
    let number = hook.failures + 1;
    let result = match (&why, WAITS.get(hook.failures)) {
        (None, _) => "delivered",
        (Some(_), Some(_)) => "failed",
        (Some(_), None) => "passed over",
    };
    app.metrics.count("webhook_tries", result, 1);
    if result == "failed" {
        let wait = WAITS.get(hook.failures).copied().unwrap_or(0);
        hook.failures += 1;
        hook.not_before = Some(Timestamp::from_millisecond(
            now.as_millisecond() + i64::try_from(wait).unwrap_or(0) * 1000,
        )?);
    } else {
        hook.after = entry.number;
        hook.failures = 0;
        hook.not_before = None;
    }
    app.hooks.note(
        &hook.id,
        &Try {
            at: now,
            message,
            event: entry.number,
            number,
            status,
            result: result.to_owned(),
            why,
        },
    )?;
    Ok(result != "failed")
}

async fn post(
    app: &App,
    hook: &Hook,
    message: &str,
    seconds: i64,
    signed: &str,
    body: &str,
) -> Result<u16> {
    let target = outbound::target(&hook.url)?;
    let addresses = outbound::resolve(&target, &app.settings.webhook_targets).await?;
    let mut stream = outbound::connect(&target, &addresses, &app.trust).await?;
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: {}\r\nuser-agent: catchall/{}\r\ncontent-type: application/json\r\nwebhook-id: {message}\r\nwebhook-timestamp: {seconds}\r\nwebhook-signature: {signed}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        target.path,
        target.authority(),
        env!("CARGO_PKG_VERSION"),
        body.len()
    );
    stream
        .write_all(head.as_bytes())
        .await
        .context("cannot send")?;
    stream
        .write_all(body.as_bytes())
        .await
        .context("cannot send")?;
    stream.flush().await.context("cannot send")?;
    // The status line is all that counts; a redirect is no delivery.
    let mut start = Vec::new();
    while start.len() < 64 && !start.contains(&b'\n') {
        let mut part = [0_u8; 64];
        let count = stream
            .read(&mut part)
            .await
            .context("cannot read the answer")?;
        if count == 0 {
            break;
        }
        start.extend(part.iter().take(count));
    }
    let line = String::from_utf8_lossy(&start);
    let status = line
        .strip_prefix("HTTP/1.")
        .and_then(|rest| rest.get(2..5)?.parse().ok());
    status.context("the answer is no HTTP")
}

/// A new target's id.
///
/// # Errors
/// When the system gives no randomness.
pub fn fresh_id() -> Result<String> {
    secret::fresh(6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_signed_as_the_scheme_says_by_every_living_secret() {
        // The worked example of the Standard Webhooks specification's reference libraries.
        let secret = Secret {
            value: "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned(),
            until: None,
        };
        let now: Timestamp = "2021-02-25T12:00:00.000Z".parse().unwrap();
        let signed = signature(
            std::slice::from_ref(&secret),
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            "{\"test\": 2432232314}",
            now,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let ended = Secret {
            until: Some("2021-02-25T11:00:00.000Z".parse().unwrap()),
            ..secret.clone()
        };
        let other = Secret {
            value: STANDARD.encode([7; 24]),
            until: Some("2021-02-26T12:00:00.000Z".parse().unwrap()),
        };
        let both = signature(&[ended, other, secret], "msg_1", 1, "{}", now);
        assert_eq!(both.split(' ').count(), 2, "{both}");
    }
}
