//! `catchall serve`: the desk and the HTTP API, on one address, with its state in one folder.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, anyhow};
use catchall_ledger::LedgerUrl;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::{Common, Stop};
use crate::app::{App, Settings};
use crate::http::listen::{Guarded, Peer};
use crate::{hooks, http, jobs, load, signing};

/// Where to listen, and where to keep what must not be lost.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Address and port to listen on.
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080",
        env = "CATCHALL_LISTEN"
    )]
    listen: SocketAddr,
    /// The one folder of state; made where it is not there.
    #[arg(
        long,
        value_name = "DIR",
        default_value = "catchall-state",
        env = "CATCHALL_STATE"
    )]
    state: PathBuf,
    /// Start with invented cases to look at; on this machine only.
    #[arg(long)]
    demo: bool,
    /// Where the ledger is kept: a path, `sqlite:PATH` or `postgres://...`; `ledger.db` in the state folder otherwise.
    #[arg(long, value_name = "URL", env = "CATCHALL_LEDGER")]
    ledger: Option<LedgerUrl>,
    /// Let webhooks speak to this private address, as `HOST:PORT`; one flag each.
    #[arg(long = "webhook-target", value_name = "HOST:PORT")]
    webhook_targets: Vec<String>,
    /// Believe the certificates in this PEM file beside the public ones, of webhooks' targets and of a provider of log-ins; one flag each.
    /// Needs a build with `--features team`.
    #[arg(long = "ca", value_name = "FILE")]
    trust: Vec<PathBuf>,
    /// Judge by packs only that somebody published who did not write them (`catchall law publish`).
    #[arg(long, env = "CATCHALL_PUBLISHED_PACKS")]
    published_packs: bool,
    /// Do not hold callers to a number of requests a second: for measuring.
    #[arg(long)]
    no_limits: bool,
    /// Sign a checkpoint of the ledger every so many minutes, and when the server stops; 0 for never.
    #[arg(
        long,
        value_name = "MINUTES",
        default_value_t = 60,
        env = "CATCHALL_CHECKPOINT_EVERY"
    )]
    checkpoint_every: u32,
}

pub(crate) fn run(common: &Common, args: Args) -> Result<u8, Stop> {
    let loopback = args.listen.ip().is_loopback();
    if args.demo && !loopback {
        return Err(Stop::usage(anyhow!(
            "--demo listens on this machine only; leave --listen out, or write 127.0.0.1:PORT"
        )));
    }
    let settings = Settings {
        packs: common.packs.clone(),
        lists: common.lists.clone(),
        max_list_age: common.max_list_age,
        state: args.state,
        demo: args.demo,
        ledger: args.ledger,
        loopback,
        log: !common.quiet,
        limits: !args.no_limits,
        webhook_targets: args.webhook_targets,
        published_packs: args.published_packs,
        trust: args.trust,
    };
    let app = App::open(settings).map_err(Stop::usage)?;
    if app.settings.demo {
        crate::desk::demo::begin(&app)?;
    }
    if let Some(password) = app.accounts.first(load::now())? {
        crate::talk::say!("catchall: first start: sign in as `admin` with the password {password}");
        crate::talk::say!(
            "catchall: it is shown this once and must be changed at the first sign-in"
        );
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(64)
        .build()
        .context("cannot start the server's threads")?;
    if args.checkpoint_every > 0 {
        let every = Duration::from_secs(u64::from(args.checkpoint_every) * 60);
        runtime.spawn(signing::run(app.clone(), every));
    }
    runtime.block_on(serve(app.clone(), args.listen, common.quiet))?;
    if args.checkpoint_every > 0 {
        signing::sign_and_tell(&app);
    }
    // Work that still runs after the grace is given up: what is durable was acknowledged, the rest was not.
    runtime.shutdown_timeout(Duration::from_secs(10));
    Ok(0)
}

async fn serve(app: Arc<App>, listen: SocketAddr, quiet: bool) -> anyhow::Result<()> {
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    let own = listener.local_addr().context("cannot listen")?;
    if !quiet {
        crate::talk::say!("catchall: listening on http://{own}");
    }
    tokio::spawn(reload_on_hangup(app.clone()));
    let ahead = app.clone();
    tokio::task::spawn_blocking(move || ahead.fold_ahead());
    tokio::spawn(jobs::run(app.clone()));
    tokio::spawn(hooks::run(app.clone()));
    let service = http::router(app).into_make_service_with_connect_info::<Peer>();
    axum::serve(Guarded::new(listener), service)
        .with_graceful_shutdown(told_to_stop())
        .await
        .context("the server broke")
}

async fn told_to_stop() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    crate::talk::say!("catchall: stopping; what is under way is finished first");
}

/// A changed pack or list is taken up by SIGHUP.
async fn reload_on_hangup(app: Arc<App>) {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else {
        return;
    };
    while hangup.recv().await.is_some() {
        let app = app.clone();
        let done = tokio::task::spawn_blocking(move || app.reload()).await;
        match done {
            Ok(Ok(())) => crate::talk::say!("catchall: packs and lists were loaded again"),
            Ok(Err(error)) => {
                crate::talk::say!("catchall: not loaded again, what was there stays: {error:#}");
            }
            Err(_) => crate::talk::say!("catchall: loading again broke off; what was there stays"),
        }
    }
}
