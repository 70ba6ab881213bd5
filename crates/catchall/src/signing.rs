//! Signing: a checkpoint of the ledger every hour while a server runs, and one when it stops.
//!
//! What was recorded since the last checkpoint is protected by nothing but the chain, which whoever holds the store can write anew;
//! so the time without one is kept short, and each is told on standard error, where a log keeps a copy elsewhere. What a checkpoint
//! is stands in `catchall_ledger::checkpoint`.

use std::sync::Arc;
use std::time::Duration;

use catchall_ledger::{Checkpoint, LedgerError};

use crate::app::App;
use crate::load;

/// Signs what the ledger holds now; none while it is empty, or when the last checkpoint holds all of it.
///
/// # Errors
/// When there is no key to sign with, and what the store says.
pub fn sign(app: &App) -> Result<Option<Checkpoint>, LedgerError> {
    let Some(head) = app.ledger.head()? else {
        return Ok(None);
    };
    let last = app.ledger.checkpoints()?.pop();
    if last.is_some_and(|last| last.size >= head.number) {
        return Ok(None);
    }
    app.ledger.checkpoint(load::now()).map(Some)
}

/// The same, told on standard error. A server goes on without a checkpoint: what it records is chained all the same.
pub fn sign_and_tell(app: &App) {
    match sign(app) {
        Ok(Some(made)) if app.settings.log => crate::talk::say!(
            "catchall: checkpoint of {} entries, root {}, signed {} by {}",
            made.size,
            made.root,
            made.at,
            made.key
        ),
        Ok(_) => {}
        Err(error) => crate::talk::say!("catchall: no checkpoint could be signed: {error}"),
    }
}

/// Signs again and again, until the process ends.
pub async fn run(app: Arc<App>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let app = app.clone();
        // One that broke is told by its panic; the next hour tries again.
        let _ = tokio::task::spawn_blocking(move || sign_and_tell(&app)).await;
    }
}
