//! A provider of identities, small and honest: authorisation codes that are good once, PKCE that is checked, tokens signed with a key of its
//! own, a set of public keys; and a browser that follows where it is sent. A test tells the provider to lie, in one way at a time.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};

use axum::Router;
use axum::extract::{Query, RawForm, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair,
};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::server::root;

pub const CLIENT: &str = "catchall desk";
pub const SECRET: &str = "s3cret: with & signs";

static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
});

/// A lie, or a change that is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    None,
    Rs256,
    Nonce,
    NoNonce,
    Expired,
    ExpiryAsText,
    NotBefore,
    IssuedTomorrow,
    AlgNone,
    AlgNoneSigned,
    HmacWithPublicKey,
    OtherAudience,
    AudiencesWithoutParty,
    AudiencesWithParty,
    OtherParty,
    OtherIssuer,
    UnknownKey,
    OtherKey,
    KeyOfOtherKind,
    Critical,
    NoKeyNamed,
    Changed,
    NoSubject,
    NotAToken,
    OtherIssuerInReturn,
}

/// Somebody whom the provider knows.
#[derive(Clone, Debug)]
pub struct User {
    pub claims: Value,
}

struct Code {
    challenge: String,
    nonce: String,
    redirect: String,
    claims: Value,
}

pub struct Provider {
    pub issuer: String,
    pub address: SocketAddr,
    pub lie: Mutex<Lie>,
    pub user: Mutex<User>,
    pub keys_fetched: AtomicUsize,
    codes: Mutex<HashMap<String, Code>>,
    signing: Mutex<(String, Arc<EcdsaKeyPair>)>,
    rsa: RsaKeyPair,
    count: AtomicUsize,
}

fn key() -> Arc<EcdsaKeyPair> {
    let random = SystemRandom::new();
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &random);
    Arc::new(pair.unwrap())
}

pub fn keys_folder() -> std::path::PathBuf {
    root().join("crates/catchall/tests/team/keys")
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

pub fn seconds() -> i64 {
    catchall::load::now().as_millisecond() / 1000
}

impl Provider {
    /// Starts one on loopback; with TLS, under the certificate of `localhost`, where it is asked for.
    pub fn start(tls: bool) -> Arc<Provider> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let pem = keys_folder().join("rsa.key");
        let rsa = PrivatePkcs8KeyDer::from_pem_file(pem).unwrap();
        let provider = Arc::new(Provider {
            issuer: format!(
                "{}://localhost:{}/realm",
                if tls { "https" } else { "http" },
                address.port()
            ),
            address,
            lie: Mutex::new(Lie::None),
            user: Mutex::new(User {
                claims: json!({ "sub": "u-1", "preferred_username": "r.haas", "groups": ["licensing"] }),
            }),
            keys_fetched: AtomicUsize::new(0),
            codes: Mutex::default(),
            signing: Mutex::new(("k-1".to_owned(), key())),
            rsa: RsaKeyPair::from_pkcs8(rsa.secret_pkcs8_der()).unwrap(),
            count: AtomicUsize::new(0),
        });
        let router = Router::new()
            .route("/realm/.well-known/openid-configuration", get(discovery))
            .route("/realm/authorise", get(authorise))
            .route("/realm/token", post(token))
            .route("/realm/keys", get(keys))
            .with_state(provider.clone());
        RUNTIME.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            if tls {
                crate::hooks::serve_tls(listener, router, "here").await;
            } else {
                axum::serve(listener, router).await.unwrap();
            }
        });
        provider
    }

    /// A new signing key, as providers take one from time to time.
    pub fn rotate(&self) {
        let number = self.count.fetch_add(1, Ordering::Relaxed);
        *self.signing.lock().unwrap() = (format!("rotated-{number}"), key());
    }

    pub fn lies(&self, lie: Lie) {
        *self.lie.lock().unwrap() = lie;
    }

    pub fn user(&self, claims: Value) {
        *self.user.lock().unwrap() = User { claims };
    }

    fn jwk(&self) -> (Value, Value) {
        let (id, pair) = self.signing.lock().unwrap().clone();
        let point = pair.public_key().as_ref();
        let ec = json!({
            "kty": "EC", "crv": "P-256", "use": "sig", "kid": id, "alg": "ES256",
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..]),
        });
        let parts = ring::rsa::PublicKeyComponents::<Vec<u8>>::from(self.rsa.public());
        let rsa = json!({
            "kty": "RSA", "use": "sig", "kid": "rsa-1",
            "n": URL_SAFE_NO_PAD.encode(parts.n), "e": URL_SAFE_NO_PAD.encode(parts.e),
        });
        (ec, rsa)
    }

    fn token(&self, code: &Code) -> String {
        let lie = *self.lie.lock().unwrap();
        let now = seconds();
        let mut claims = code.claims.clone();
        claims["iss"] = json!(self.issuer);
        claims["aud"] = json!(CLIENT);
        claims["iat"] = json!(now);
        claims["exp"] = json!(now + 300);
        claims["nonce"] = json!(code.nonce);
        match lie {
            Lie::Nonce => claims["nonce"] = json!("another"),
            Lie::NoNonce => drop(claims.as_object_mut().unwrap().remove("nonce")),
            Lie::Expired => claims["exp"] = json!(now - 61),
            Lie::ExpiryAsText => claims["exp"] = json!("2100-01-01"),
            Lie::NotBefore => claims["nbf"] = json!(now + 120),
            Lie::IssuedTomorrow => claims["iat"] = json!(now + 86_400),
            Lie::OtherAudience => claims["aud"] = json!("another program"),
            Lie::AudiencesWithoutParty => claims["aud"] = json!([CLIENT, "another program"]),
            Lie::AudiencesWithParty => {
                claims["aud"] = json!(["another program", CLIENT]);
                claims["azp"] = json!(CLIENT);
            }
            Lie::OtherParty => claims["azp"] = json!("another program"),
            Lie::OtherIssuer => claims["iss"] = json!("https://login.example.org"),
            Lie::NoSubject => drop(claims.as_object_mut().unwrap().remove("sub")),
            _ => {}
        }
        self.signed(lie, &claims)
    }

    fn signed(&self, lie: Lie, claims: &Value) -> String {
        let (id, pair) = self.signing.lock().unwrap().clone();
        let mut head = json!({ "alg": "ES256", "kid": id, "typ": "JWT" });
        match lie {
            Lie::Rs256 => head = json!({ "alg": "RS256", "kid": "rsa-1" }),
            Lie::AlgNone | Lie::AlgNoneSigned => head = json!({ "alg": "none" }),
            Lie::HmacWithPublicKey => head = json!({ "alg": "HS256", "kid": "rsa-1" }),
            Lie::UnknownKey => head["kid"] = json!("nobody's"),
            Lie::KeyOfOtherKind => head["kid"] = json!("rsa-1"),
            Lie::Critical => head["crit"] = json!(["b64"]),
            Lie::NoKeyNamed => drop(head.as_object_mut().unwrap().remove("kid")),
            _ => {}
        }
        let message = format!("{}.{}", encoded(&head), encoded(claims));
        let random = SystemRandom::new();
        let by = |pair: &EcdsaKeyPair| {
            pair.sign(&random, message.as_bytes())
                .unwrap()
                .as_ref()
                .to_vec()
        };
        let signature = match lie {
            Lie::AlgNone => Vec::new(),
            Lie::OtherKey => by(&key()),
            Lie::Rs256 => {
                let mut made = vec![0; self.rsa.public().modulus_len()];
                let done = self
                    .rsa
                    .sign(&RSA_PKCS1_SHA256, &random, message.as_bytes(), &mut made);
                done.unwrap();
                made
            }
            Lie::HmacWithPublicKey => {
                let secret =
                    ring::hmac::Key::new(ring::hmac::HMAC_SHA256, self.rsa.public().as_ref());
                ring::hmac::sign(&secret, message.as_bytes())
                    .as_ref()
                    .to_vec()
            }
            _ => by(&pair),
        };
        let message = match lie {
            // The signature is of what was signed; what is shown says more.
            Lie::Changed => {
                let mut more = claims.clone();
                more["groups"] = json!(["licensing", "administrators"]);
                format!("{}.{}", encoded(&head), encoded(&more))
            }
            _ => message,
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

async fn discovery(State(provider): State<Arc<Provider>>) -> Response {
    let at = |path: &str| format!("{}/{path}", provider.issuer);
    json_of(&json!({
        "issuer": provider.issuer, "authorization_endpoint": at("authorise"), "token_endpoint": at("token"),
        "jwks_uri": at("keys"), "end_session_endpoint": at("leave"), "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

fn json_of(value: &Value) -> Response {
    (
        [(header::CONTENT_TYPE, "application/json")],
        value.to_string(),
    )
        .into_response()
}

async fn keys(State(provider): State<Arc<Provider>>) -> Response {
    provider.keys_fetched.fetch_add(1, Ordering::SeqCst);
    let (ec, rsa) = provider.jwk();
    // Providers hold keys for others, too.
    let other = json!({ "kty": "OKP", "crv": "X25519", "use": "enc", "x": "AAAA", "kid": "other" });
    json_of(&json!({ "keys": [other, rsa, ec] }))
}

fn refused(status: StatusCode, error: &str) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        json!({ "error": error }).to_string(),
    )
        .into_response()
}

async fn authorise(
    State(provider): State<Arc<Provider>>,
    Query(asked): Query<HashMap<String, String>>,
) -> Response {
    let of = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let scope = of("scope");
    let sound = of("response_type") == "code"
        && of("client_id") == CLIENT
        && of("code_challenge_method") == "S256"
        && of("code_challenge").len() == 43
        && of("state").len() >= 32
        && of("nonce").len() >= 32
        && scope.split(' ').any(|word| word == "openid")
        && of("redirect_uri").ends_with("/login/provider/return");
    if !sound {
        return refused(StatusCode::BAD_REQUEST, "invalid_request");
    }
    let number = provider.count.fetch_add(1, Ordering::Relaxed);
    let name = format!(
        "code-{number}-{}",
        catchall::access::secret::fresh(8).unwrap()
    );
    let claims = provider.user.lock().unwrap().claims.clone();
    let code = Code {
        challenge: of("code_challenge"),
        nonce: of("nonce"),
        redirect: of("redirect_uri"),
        claims,
    };
    provider.codes.lock().unwrap().insert(name.clone(), code);
    let issuer = match *provider.lie.lock().unwrap() {
        Lie::OtherIssuerInReturn => "https://login.example.org",
        _ => &provider.issuer,
    };
    Redirect::to(&format!(
        "{}?code={name}&state={}&iss={issuer}",
        of("redirect_uri"),
        of("state")
    ))
    .into_response()
}

async fn token(
    State(provider): State<Arc<Provider>>,
    headers: HeaderMap,
    RawForm(body): RawForm,
) -> Response {
    let form: HashMap<String, String> = pairs(&body);
    let shown = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let shown = shown.and_then(|text| STANDARD.decode(text.strip_prefix("Basic ")?).ok());
    let shown = String::from_utf8(shown.unwrap_or_default()).unwrap();
    let (name, secret) = shown.split_once(':').unwrap_or_default();
    if unescaped(name) != CLIENT || unescaped(secret) != SECRET {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let of = |name: &str| form.get(name).cloned().unwrap_or_default();
    // A code is good once, whoever shows it.
    let code = provider.codes.lock().unwrap().remove(&of("code"));
    let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(of("code_verifier").as_bytes()));
    let code = code.filter(|code| {
        of("grant_type") == "authorization_code"
            && of("redirect_uri") == code.redirect
            && proof == code.challenge
    });
    let Some(code) = code else {
        return refused(StatusCode::BAD_REQUEST, "invalid_grant");
    };
    let lie = *provider.lie.lock().unwrap();
    let token = match lie {
        Lie::NotAToken => "no token at all".to_owned(),
        _ => provider.token(&code),
    };
    json_of(
        &json!({ "access_token": "unused", "token_type": "Bearer", "expires_in": 300, "id_token": token }),
    )
}

fn unescaped(text: &str) -> String {
    let form = format!("x={text}");
    pairs(form.as_bytes()).remove("x").unwrap_or_default()
}

fn pairs(form: &[u8]) -> HashMap<String, String> {
    let uri: axum::http::Uri = format!("/?{}", String::from_utf8_lossy(form))
        .parse()
        .unwrap();
    Query::try_from_uri(&uri).unwrap().0
}

/// What a browser sees of an answer.
#[derive(Clone, Debug)]
pub struct Seen {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    pub fn location(&self) -> &str {
        let found = self.headers.iter().find(|(name, _)| name == "location");
        found.map_or("", |(_, value)| value)
    }

    /// The cookies that are set, as they are sent again: those that are taken back are empty.
    pub fn cookie(&self, name: &str) -> Option<String> {
        let set = self.headers.iter().filter(|(own, _)| own == "set-cookie");
        set.filter_map(|(_, value)| value.split(';').next())
            .find(|pair| {
                pair.split_once('=')
                    .is_some_and(|(own, value)| own == name && !value.is_empty())
            })
            .map(str::to_owned)
    }
}

/// One request of a browser, to an address of this machine.
pub fn browse(address: SocketAddr, method: &str, path: &str, cookie: &str, form: &str) -> Seen {
    RUNTIME.block_on(async {
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        exchange(stream, address, method, path, cookie, form).await
    })
}

/// The same over TLS, believing the tests' own root.
pub fn browse_tls(address: SocketAddr, path: &str) -> Seen {
    RUNTIME.block_on(async {
        let stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let stream = crate::hooks::greet(stream).await;
        exchange(stream, address, "GET", path, "", "").await
    })
}

async fn exchange<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    address: SocketAddr,
    method: &str,
    path: &str,
    cookie: &str,
    form: &str,
) -> Seen {
    let more = match cookie {
        "" => String::new(),
        cookie => format!("cookie: {cookie}\r\n"),
    };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\naccept: text/html\r\n{more}content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{form}",
        form.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.flush().await.unwrap();
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all).await;
    let text = String::from_utf8_lossy(&all).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut lines = head.lines();
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1)?.parse().ok());
    Seen {
        status: status.unwrap_or_else(|| panic!("no answer to {method} {path}")),
        headers: lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect(),
        body: body.to_owned(),
    }
}

/// What stands behind host and port of an address.
pub fn path_of(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}
