//! A server in this process, on a port of loopback, and a client that speaks plain HTTP/1.1 to it: no request leaves the machine.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use catchall::access::accounts::{Account, Token, hash_new};
use catchall::app::{App, Settings};
use serde_json::Value;

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A folder of its own for each purpose.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("http")
        .join(name);
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// A folder with one stored list.
pub static LISTS: LazyLock<PathBuf> = LazyLock::new(|| {
    let lists = folder("lists");
    let done = Command::new(env!("CARGO_BIN_EXE_catchall"))
        .args(["lists", "import", "--quiet", "--source", "a sample"])
        .arg(root().join("data/lists/un/consolidated.xml"))
        .arg("--lists")
        .arg(&lists)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    lists
});

pub struct Server {
    pub address: SocketAddr,
    pub app: Arc<App>,
}

static RUNTIME: LazyLock<tokio::runtime::Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap()
});

/// Starts a server that lives as long as the tests.
pub fn start(settings: Settings) -> Server {
    let app = App::open(settings).unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let own = app.clone();
    RUNTIME.spawn(async move {
        tokio::spawn(catchall::jobs::run(own.clone()));
        tokio::spawn(catchall::hooks::run(own.clone()));
        let service =
            catchall::http::router(own).into_make_service_with_connect_info::<SocketAddr>();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        axum::serve(listener, service).await.unwrap();
    });
    Server { address, app }
}

pub fn settings(name: &str) -> Settings {
    Settings {
        packs: Some(root().join("packs")),
        lists: Some(LISTS.clone()),
        state: folder(name),
        loopback: true,
        ..Settings::default()
    }
}

/// The server that most tests share.
pub static SHARED: LazyLock<Server> = LazyLock::new(|| start(settings("shared")));

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

impl Server {
    /// One request over a connection of its own.
    pub fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(120)))
            .unwrap();
        let mut head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n",
            self.address,
            body.len()
        );
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        stream.write_all((head + "\r\n").as_bytes()).unwrap();
        // A server that has seen enough may answer and hang up before it has read everything.
        let _ = stream.write_all(body);
        let mut all = Vec::new();
        let _ = stream.read_to_end(&mut all);
        let end = all
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .unwrap_or_else(|| panic!("no answer to {method} {path}"));
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let headers: BTreeMap<String, String> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let mut body = all[end + 4..].to_vec();
        if headers
            .get("transfer-encoding")
            .is_some_and(|coding| coding == "chunked")
        {
            body = unchunked(&body);
        }
        Reply {
            status,
            headers,
            body,
        }
    }

    pub fn get(&self, token: &str, path: &str) -> Reply {
        self.call(
            "GET",
            path,
            &[("authorization", &format!("Bearer {token}"))],
            b"",
        )
    }

    pub fn post(&self, token: &str, path: &str, body: &Value) -> Reply {
        self.post_with(token, path, &[], body)
    }

    pub fn post_with(
        &self,
        token: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Reply {
        let bearer = format!("Bearer {token}");
        let mut all = vec![
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        all.extend(headers);
        self.call("POST", path, &all, body.to_string().as_bytes())
    }

    /// A token with these roles, for a team.
    pub fn token(&self, name: &str, roles: &[&str], team: Option<&str>) -> String {
        self.token_for(name, roles, team, &[])
    }

    pub fn token_for(
        &self,
        name: &str,
        roles: &[&str],
        team: Option<&str>,
        scope: &[&str],
    ) -> String {
        let own = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let token = Token {
            id: String::new(),
            name: name.to_owned(),
            team: team.map(str::to_owned),
            roles: own(roles),
            scope: own(scope),
            digest: String::new(),
            expires: "2100-01-01T00:00:00.000Z".parse().unwrap(),
            revoked: false,
            made: catchall::load::now(),
        };
        self.app.accounts.make_token(token).unwrap().1
    }

    pub fn account(&self, name: &str, password: &str, roles: &[&str], must_change: bool) {
        let account = Account {
            name: name.to_owned(),
            team: Some("Export".to_owned()),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
            password: hash_new(password).unwrap(),
            must_change,
            disabled: false,
            made: catchall::load::now(),
            voucher: None,
        };
        self.app
            .accounts
            .change(|register| {
                register.accounts.push(account);
                Ok(())
            })
            .unwrap();
    }
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut all = Vec::new();
    while let Some(line) = body.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(&String::from_utf8_lossy(&body[..line]), 16).unwrap_or(0);
        if size == 0 {
            break;
        }
        let start = line + 2;
        all.extend(&body[start..start + size]);
        body = &body[start + size + 2..];
    }
    all
}
