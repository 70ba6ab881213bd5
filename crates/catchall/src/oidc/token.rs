//! Token: whether a provider's token is to be believed. Pure: the token, the provider's keys, what was asked for, and the time go in.
//!
//! Two signatures are taken, RS256 and ES256, and which one is the key's to say, never the token's: so neither `none` nor a signature made
//! with a public key as if it were a secret gets anywhere. Everything that the token says is looked at after its signature fits.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde_json::{Map, Value};

use crate::access::secret;

/// How far two clocks may be apart, in seconds.
const SKEW: f64 = 60.0;
/// The longest token, in bytes.
const LONGEST: usize = 64 << 10;

/// Why a token is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It is none.
    #[error("it is no signed token of three parts: {0}")]
    Form(&'static str),
    /// Signed in a way that is not taken, or that its key is not for.
    #[error("it is signed by `{0}`; RS256 and ES256 are taken, each with its own kind of key")]
    Algorithm(String),
    /// No key of the provider fits. The keys may have changed since they were fetched.
    #[error("the provider has no key `{0}` for it")]
    Key(String),
    /// Signed by somebody else, or changed since.
    #[error("its signature does not fit")]
    Signature,
    /// Something is not there, or not of its kind.
    #[error("its `{0}` is missing or is nothing that could stand there")]
    Claim(&'static str),
    /// Made by somebody else.
    #[error("it was made by `{0}`")]
    Issuer(String),
    /// Made for somebody else.
    #[error("it was made for another program")]
    Audience,
    /// No longer good.
    #[error("it has ended")]
    Ended,
    /// Not good yet.
    #[error("it is not good yet")]
    NotYet,
    /// Of another log-in.
    #[error("it belongs to another log-in (`nonce`)")]
    Nonce,
}

/// What a token must say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// Who makes it.
    pub issuer: &'a str,
    /// Whom it is for.
    pub audience: &'a str,
    /// What was sent along when the log-in began.
    pub nonce: &'a str,
    /// What time it is, in seconds since 1970.
    pub now: i64,
}

/// The provider's keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    all: Vec<Key>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    id: Option<String>,
    public: Public,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Public {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
}

impl Keys {
    /// The keys of a set that can be used here; others are for somebody else and are passed over.
    ///
    /// # Errors
    /// When it is no set of keys.
    pub fn read(set: &Value) -> Result<Keys, Fault> {
        let all = set.get("keys").and_then(Value::as_array);
        let all = all.ok_or(Fault::Form("the set of keys has no `keys`"))?;
        Ok(Keys {
            all: all.iter().filter_map(Key::read).collect(),
        })
    }

    /// The one key for a token that names this id, or none.
    fn find(&self, id: Option<&str>, algorithm: &str) -> Result<&Key, Fault> {
        let fits = |key: &&Key| {
            key.public.algorithm() == algorithm && (id.is_none() || key.id.as_deref() == id)
        };
        let mut found = self.all.iter().filter(fits);
        match (found.next(), found.next()) {
            (Some(key), None) => Ok(key),
            // Whoever has several keys says which one; guessing would take any.
            _ => Err(Fault::Key(id.unwrap_or("(none named)").to_owned())),
        }
    }
}

impl Key {
    fn read(key: &Value) -> Option<Key> {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        if text("use").is_some_and(|word| word != "sig") {
            return None;
        }
        let operations = key.get("key_ops").and_then(Value::as_array);
        if operations.is_some_and(|all| !all.iter().any(|one| one == "verify")) {
            return None;
        }
        let public = match text("kty")? {
            "RSA" => {
                let n = bytes("n")?;
                let zeros = n.iter().take_while(|byte| **byte == 0).count();
                Public::Rsa {
                    n: n.get(zeros..)?.to_vec(),
                    e: bytes("e")?,
                }
            }
            "EC" if text("crv") == Some("P-256") => {
                let (x, y) = (bytes("x")?, bytes("y")?);
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                Public::P256([&[4][..], &x, &y].concat())
            }
            _ => return None,
        };
        if text("alg").is_some_and(|word| word != public.algorithm()) {
            return None;
        }
        Some(Key {
            id: text("kid").map(str::to_owned),
            public,
        })
    }
}

impl Public {
    fn algorithm(&self) -> &'static str {
        match self {
            Public::Rsa { .. } => "RS256",
            Public::P256(_) => "ES256",
        }
    }

    fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), Fault> {
        let done = match self {
            Public::Rsa { n, e } => RsaPublicKeyComponents { n, e }.verify(
                &RSA_PKCS1_2048_8192_SHA256,
                message,
                signature,
            ),
            Public::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
        };
        done.map_err(|_| Fault::Signature)
    }
}

/// What a token says, once it is believed.
///
/// # Errors
/// Why it is not. [`Fault::Key`] may be cured by fetching the keys again, nothing else by anything.
pub fn believed(
    token: &str,
    keys: &Keys,
    expected: Expected<'_>,
) -> Result<Map<String, Value>, Fault> {
    if token.len() > LONGEST {
        return Err(Fault::Form("it is too long"));
    }
    let (signed, signature) = token
        .rsplit_once('.')
        .ok_or(Fault::Form("it has no points"))?;
    let (header, payload) = signed
        .split_once('.')
        .ok_or(Fault::Form("it has one point"))?;
    let header = object(header)?;
    let algorithm = header
        .get("alg")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !["RS256", "ES256"].contains(&algorithm) || header.contains_key("crit") {
        return Err(Fault::Algorithm(algorithm.chars().take(20).collect()));
    }
    let id = match header.get("kid") {
        None => None,
        Some(Value::String(id)) => Some(id.as_str()),
        Some(_) => return Err(Fault::Form("`kid` is no text")),
    };
    let key = keys.find(id, algorithm)?;
    let signature = URL_SAFE_NO_PAD
        .decode(signature)
        .map_err(|_| Fault::Form("its signature is no base64url"))?;
    key.public.verify(signed.as_bytes(), &signature)?;
    let claims = object(payload)?;
    check(&claims, expected)?;
    Ok(claims)
}

fn object(part: &str) -> Result<Map<String, Value>, Fault> {
    let bytes = URL_SAFE_NO_PAD
        .decode(part)
        .map_err(|_| Fault::Form("a part is no base64url"))?;
    serde_json::from_slice(&bytes).map_err(|_| Fault::Form("a part is no JSON object"))
}

fn check(claims: &Map<String, Value>, expected: Expected<'_>) -> Result<(), Fault> {
    let text = |name: &'static str| {
        let found = claims.get(name).and_then(Value::as_str);
        found.ok_or(Fault::Claim(name))
    };
    let issuer = text("iss")?;
    if issuer != expected.issuer {
        return Err(Fault::Issuer(issuer.chars().take(200).collect()));
    }
    audience(claims, expected.audience)?;
    #[expect(
        clippy::cast_precision_loss,
        reason = "seconds since 1970 are far below 2^52"
    )]
    let now = expected.now as f64;
    if seconds(claims, "exp")?.ok_or(Fault::Claim("exp"))? + SKEW <= now {
        return Err(Fault::Ended);
    }
    let issued = seconds(claims, "iat")?.ok_or(Fault::Claim("iat"))?;
    let begins = seconds(claims, "nbf")?.unwrap_or(issued);
    if issued > now + SKEW || begins > now + SKEW {
        return Err(Fault::NotYet);
    }
    if !secret::same(text("nonce")?, expected.nonce) {
        return Err(Fault::Nonce);
    }
    let subject = text("sub")?;
    if subject.is_empty() || subject.len() > 255 {
        return Err(Fault::Claim("sub"));
    }
    Ok(())
}

/// For us; and where it is for others too, or says who asked for it, asked for by us.
fn audience(claims: &Map<String, Value>, own: &str) -> Result<(), Fault> {
    let (ours, alone) = match claims.get("aud") {
        Some(Value::String(one)) => (one == own, true),
        Some(Value::Array(all)) => (all.iter().any(|one| one == own), all.len() == 1),
        _ => return Err(Fault::Claim("aud")),
    };
    let asked = match claims.get("azp") {
        None => None,
        Some(Value::String(party)) => Some(party == own),
        Some(_) => return Err(Fault::Claim("azp")),
    };
    if !ours || asked == Some(false) || (!alone && asked.is_none()) {
        return Err(Fault::Audience);
    }
    Ok(())
}

/// A time; one that is there and is no number is no time.
fn seconds(claims: &Map<String, Value>, name: &'static str) -> Result<Option<f64>, Fault> {
    match claims.get(name) {
        None => Ok(None),
        Some(value) => value.as_f64().map(Some).ok_or(Fault::Claim(name)),
    }
}
