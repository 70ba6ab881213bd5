//! Places for ledgers in tests: folders that go away, and a PostgreSQL server where its programs are on the machine.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};

use catchall_ledger::LedgerUrl;

static COUNT: AtomicU64 = AtomicU64::new(0);

/// A folder of its own, removed at the end.
pub struct Folder(pub PathBuf);

impl Folder {
    pub fn new() -> Folder {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("catchall-ledger-{}-{count}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn url(&self) -> LedgerUrl {
        LedgerUrl::Sqlite(self.0.join("ledger.db"))
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A PostgreSQL server of our own, with its disk flushes on, stopped and removed at the end.
pub struct Server {
    programs: PathBuf,
    folder: PathBuf,
    port: u16,
    databases: AtomicU64,
}

impl Server {
    /// Starts one; `None`, and a word on standard error, where PostgreSQL is not installed.
    pub fn start() -> Option<Server> {
        let Some(programs) = programs() else {
            eprintln!("skipped over PostgreSQL: its server is not installed here");
            return None;
        };
        let folder = Folder::new();
        let path = folder.0.clone();
        std::mem::forget(folder);
        if is_root() {
            assert!(
                Command::new("chown")
                    .arg("postgres")
                    .arg(&path)
                    .status()
                    .unwrap()
                    .success()
            );
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let server = Server {
            programs,
            folder: path,
            port,
            databases: AtomicU64::new(0),
        };
        let data = server.data();
        server.run(
            "initdb",
            &[
                "-D",
                &data,
                "-A",
                "trust",
                "-U",
                "postgres",
                "--no-sync",
                "-E",
                "UTF8",
                "--locale=C.UTF-8",
            ],
        );
        server.pg_ctl("start");
        Some(server)
    }

    fn data(&self) -> String {
        self.folder.join("data").display().to_string()
    }

    /// `start`, or `stop` as a power cut to the server's processes would.
    pub fn pg_ctl(&self, what: &str) {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={} -c max_connections=50",
            self.port,
            self.folder.display()
        );
        let log = self.folder.join("log").display().to_string();
        let data = self.data();
        let mut args = vec!["-D", &data, "-w", "-l", &log];
        if what == "start" {
            args.extend(["-o", &options]);
        } else {
            args.extend(["-m", "immediate"]);
        }
        args.push(what);
        self.run("pg_ctl", &args);
    }

    /// The server's first process, for tests that kill it.
    pub fn process(&self) -> String {
        let file = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap();
        file.lines().next().unwrap().to_owned()
    }

    fn run(&self, program: &str, args: &[&str]) {
        let path = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(path);
            command
        } else {
            Command::new(path)
        };
        let status = command
            .args(args)
            .current_dir(&self.folder)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "{program} {args:?}");
    }

    /// An empty schema of its own, which is quicker made than a database.
    pub fn database(&self) -> LedgerUrl {
        let name = format!("d{}", self.databases.fetch_add(1, Ordering::Relaxed));
        self.query("public", &format!("CREATE SCHEMA {name}"));
        LedgerUrl::Postgres(format!(
            "postgres://postgres@127.0.0.1:{}/postgres?options=-csearch_path%3D{name}",
            self.port
        ))
    }

    /// Runs SQL as a stranger to the ledger would; gives what the server says on failure.
    pub fn try_query(&self, schema: &str, sql: &str) -> Result<(), String> {
        let mut client = postgres::Client::connect(
            &format!("postgres://postgres@127.0.0.1:{}/postgres", self.port),
            postgres::NoTls,
        )
        .unwrap();
        client
            .batch_execute(&format!("SET search_path = {schema}"))
            .unwrap();
        client.batch_execute(sql).map_err(|error| {
            error
                .as_db_error()
                .map_or(error.to_string(), |said| said.message().to_owned())
        })
    }

    pub fn query(&self, schema: &str, sql: &str) {
        self.try_query(schema, sql).unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.pg_ctl("stop");
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|out| out.stdout == b"0\n")
}

fn programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(|bin| has_server(bin))
        .collect();
    found.sort();
    found.pop()
}

fn has_server(bin: &Path) -> bool {
    bin.join("postgres").exists() && bin.join("initdb").exists() && bin.join("pg_ctl").exists()
}
