//! Webhooks to targets with TLS: whose certificate is believed gets them, signed; nobody else does, and the log says why.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::HeaderMap;
use axum::response::Redirect;
use axum::routing::post;
use catchall::app::Settings;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector, client, server};

use crate::provider::keys_folder;
use crate::server::{Server, settings, start};

fn crypto() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::ring::default_provider())
}

/// A listener that greets under a certificate of the tests; who does not believe it is not let in and disturbs nobody.
struct Greeting(TcpListener, TlsAcceptor);

impl axum::serve::Listener for Greeting {
    type Io = server::TlsStream<TcpStream>;
    type Addr = std::net::SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, from) = self.0.accept().await.unwrap();
            if let Ok(stream) = self.1.accept(stream).await {
                return (stream, from);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<Self::Addr> {
        self.0.local_addr()
    }
}

/// Serves over TLS under the certificate of this name.
pub async fn serve_tls(listener: TcpListener, router: Router, name: &str) {
    let file = |end: &str| keys_folder().join(format!("{name}.{end}"));
    let chain: Vec<_> = CertificateDer::pem_file_iter(file("pem"))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let config = rustls::ServerConfig::builder_with_provider(crypto())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::from_pem_file(file("key")).unwrap())
        .unwrap();
    let listener = Greeting(listener, TlsAcceptor::from(Arc::new(config)));
    axum::serve(listener, router).await.unwrap();
}

/// A browser's side of the same.
pub async fn greet(stream: TcpStream) -> client::TlsStream<TcpStream> {
    let mut store = rustls::RootCertStore::empty();
    let root = CertificateDer::from_pem_file(keys_folder().join("root.pem")).unwrap();
    store.add(root).unwrap();
    let config = rustls::ClientConfig::builder_with_provider(crypto())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(store)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    TlsConnector::from(Arc::new(config))
        .connect(name, stream)
        .await
        .unwrap()
}

/// A target that takes everything, and tells what it was sent.
fn target(name: &'static str) -> (String, Receiver<(HeaderMap, String)>) {
    let (told, hears) = channel();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let take = post(move |headers: HeaderMap, body: String| async move {
        told.send((headers, body)).unwrap();
        "thanks"
    });
    let router = Router::new()
        .route("/hook", take)
        .route("/moved", post(|| async { Redirect::permanent("/hook") }));
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            serve_tls(TcpListener::from_std(listener).unwrap(), router, name).await;
        });
    });
    (address, hears)
}

fn served(name: &str, targets: &[&str], trust: bool) -> (Server, String) {
    let server = start(Settings {
        webhook_targets: targets.iter().map(|one| (*one).to_owned()).collect(),
        trust: trust
            .then(|| keys_folder().join("root.pem"))
            .into_iter()
            .collect(),
        ..settings(name)
    });
    let admin = server.token("admin", &["admin"], None);
    (server, admin)
}

fn add(server: &Server, admin: &str, url: &str) -> (u16, Value) {
    let made = server.post(
        admin,
        "/v1/webhooks",
        &json!({ "url": url, "kinds": ["determined"] }),
    );
    (made.status, made.json())
}

/// What the first try of a target came to.
fn first_try(server: &Server, admin: &str, made: &Value) -> Value {
    let path = format!("/v1/webhooks/{}/deliveries", made["id"].as_str().unwrap());
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let tries = server.get(admin, &path).json();
        if let Some(one) = tries["deliveries"].get(0) {
            return one.clone();
        }
        assert!(Instant::now() < until, "nothing was tried");
        std::thread::sleep(Duration::from_millis(100));
    }
}

fn happen(server: &Server) {
    let orders = server.token("orders", &["service"], Some("Export"));
    let transfer =
        json!({ "id": "t-tls", "kind": "export", "date": "2026-11-20", "from": "DE", "to": "TR" });
    assert_eq!(server.post(&orders, "/v1/assess", &transfer).status, 200);
}

#[test]
fn a_target_with_a_believed_certificate_gets_signed_events_and_no_other_does() {
    let (here, hears) = target("here");
    let (ended, _ended) = target("ended");
    let (elsewhere, _elsewhere) = target("elsewhere");
    // A target that speaks plain HTTP where TLS is asked for.
    let plain = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let plain_at = plain.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in plain.incoming() {
            use std::io::Write as _;
            let _ = stream
                .unwrap()
                .write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
        }
    });
    let targets = [here.as_str(), &ended, &elsewhere, &plain_at];
    let (server, admin) = served("hooks-tls", &targets, true);
    let made = |address: &str, path: &str| {
        let (status, made) = add(&server, &admin, &format!("https://{address}{path}"));
        assert_eq!(status, 201, "{made}");
        made
    };
    let good = made(&here, "/hook");
    let moved = made(&here, "/moved");
    let old = made(&ended, "/hook");
    let foreign = made(&elsewhere, "/hook");
    let none = made(&plain_at, "/hook");
    happen(&server);
    let (headers, body) = hears.recv_timeout(Duration::from_secs(60)).unwrap();
    assert!(
        headers["webhook-signature"]
            .to_str()
            .unwrap()
            .starts_with("v1,")
    );
    let event: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(event["type"], "determined");
    assert_eq!(first_try(&server, &admin, &good)["result"], "delivered");
    let fails = |made: &Value, why: &str| {
        let tried = first_try(&server, &admin, made);
        assert_eq!(tried["result"], "failed", "{tried}");
        assert!(tried["why"].as_str().unwrap().contains(why), "{tried}");
    };
    fails(&moved, "answered 308");
    fails(&old, "certificate expired");
    fails(&foreign, "not valid for name");
    fails(&none, "no trusted connection");
    assert!(
        hears.recv_timeout(Duration::from_millis(300)).is_err(),
        "a redirect is not followed"
    );
}

#[test]
fn a_root_that_nobody_named_is_not_believed_and_private_addresses_stay_closed() {
    let (here, hears) = target("here");
    let (server, admin) = served("hooks-untrusted", &[here.as_str()], false);
    let (status, made) = add(&server, &admin, &format!("https://{here}/hook"));
    assert_eq!(status, 201, "{made}");
    happen(&server);
    let tried = first_try(&server, &admin, &made);
    assert_eq!(tried["result"], "failed");
    assert!(
        tried["why"].as_str().unwrap().contains("UnknownIssuer"),
        "{tried}"
    );
    assert!(hears.try_recv().is_err());
    for private in [
        "https://127.0.0.1:9/",
        "https://localhost/",
        "https://[::1]/",
        "https://10.0.0.1/",
    ] {
        let (status, said) = add(&server, &admin, private);
        assert_eq!(status, 422, "{private}");
        assert!(said.to_string().contains("--webhook-target"), "{said}");
    }
    let wrong = catchall::outbound::Trust::new(&[keys_folder().join("make.sh")]);
    assert!(format!("{:#}", wrong.err().unwrap()).contains("it holds none"));
}
