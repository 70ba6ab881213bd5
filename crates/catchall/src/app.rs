//! What the server holds between requests: the assessor over packs and lists, the state folder, and room to work in.
//!
//! Not a handler and not a store: handlers live in `http/` and `desk/`, what must outlive the process in the state folder and
//! the ledger. Everything here is shared by reference ([`App`] stands in an `Arc`), and what a reload changes is swapped as
//! a whole ([`Current`]), so that one answer never mixes two states of the law.
//!
//! To add something that is loaded once: a field of [`Current`]; something that lives as long as the process: a field of
//! [`App`].

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

use anyhow::{Context, Result, anyhow};
use catchall_assess::{AskedFor, AssessError, Assessor, Room};
use catchall_ledger::case::calendar::Calendar;
use catchall_ledger::policy::Policy;
use catchall_ledger::{Actor, Ledger, LedgerUrl, Opening};
use catchall_model::{Day, Places};
use serde_json::Value;
use tokio::sync::Semaphore;

use crate::access::accounts::Accounts;
use crate::access::limits::{Lockout, Rate};
use crate::access::secret;
use crate::access::sessions::Sessions;
use crate::batch::Decoder;
use crate::hooks::Hooks;
use crate::http::entity::Directory;
use crate::http::events::Consumers;
use crate::http::metrics::Metrics;
use crate::http::repeat::Repeats;
use crate::jobs::Jobs;
use crate::judge::{Judge, Keeper, Reports, Unfit};
use crate::load;
use crate::oidc::Provider;
use crate::outbound::Trust;
use crate::publishing;

/// The most states of knowledge (`known_by`) that are kept compiled beside the newest.
const KEPT_STATES: usize = 4;

/// What `serve` was told.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Folder of packs, where one was named.
    pub packs: Option<PathBuf>,
    /// Folder of stored lists, where one was named.
    pub lists: Option<PathBuf>,
    /// Lists older than this many days are not answered from.
    pub max_list_age: Option<u32>,
    /// The one folder of state.
    pub state: PathBuf,
    /// Whether the demonstration's data stand in the state.
    pub demo: bool,
    /// Where the ledger is kept; `ledger.db` in the state folder otherwise.
    pub ledger: Option<LedgerUrl>,
    /// Whether the server listens on this machine alone, so that cookies may travel without TLS.
    pub loopback: bool,
    /// Whether each request leaves a line on standard error.
    pub log: bool,
    /// Whether callers are held to a number of requests a second.
    pub limits: bool,
    /// Private targets that webhooks may speak to, as `host:port`.
    pub webhook_targets: Vec<String>,
    /// Whether only packs are judged by that were published.
    pub published_packs: bool,
    /// Files of certificates that are believed beside the public ones.
    pub trust: Vec<PathBuf>,
}

/// One state of law, lists and places, loaded together.
pub struct Current {
    /// The assessor, asked of each transfer's own date and everything recorded.
    pub assessor: Assessor,
    /// Reads a transfer in JSON; knows the places.
    pub decoder: Decoder,
    /// Countries and territories.
    pub places: Arc<Places>,
    /// Where the packs came from, for people.
    pub from: String,
    /// Other states of knowledge, the last used last.
    recorded: Mutex<Vec<(Day, Assessor)>>,
    /// Listed parties by id and name; made when somebody asks.
    directory: OnceLock<Directory>,
}

impl Current {
    /// Loads packs and lists.
    ///
    /// # Errors
    /// When the packs cannot be used or a folder cannot be read. A list that cannot be used is no error here: it is told by
    /// every answer, and by the server's health.
    pub fn load(settings: &Settings) -> Result<Current> {
        let loaded = load::load(settings.packs.as_deref())?;
        let law = load::law_to_answer(&loaded).map_err(|problems| {
            anyhow!(
                "the packs of {} cannot be used; `catchall law check` draws each place:\n{}",
                loaded.from,
                crate::diagnostics::draw(&problems, &loaded.files, false)
            )
        })?;
        let oldest = settings
            .max_list_age
            .map(|days| Day::from_number(load::today().number() - i64::from(days)));
        let imported = load::imported(settings.lists.as_deref(), oldest)?;
        let digests = load::digests(&loaded);
        let assessor = Assessor::new(law, imported, AskedFor::default(), &digests)
            .with_context(|| format!("the packs of {} cannot be asked", loaded.from))?;
        let places = Arc::new(loaded.places);
        Ok(Current {
            assessor,
            decoder: Decoder::of_json("request", places.clone()),
            places,
            from: loaded.from,
            recorded: Mutex::default(),
            directory: OnceLock::new(),
        })
    }

    /// The assessor for the days that somebody asks about; `None` is each transfer's own date, and everything recorded.
    ///
    /// # Errors
    /// When nothing had been recorded by `known_by`.
    pub fn asking(
        &self,
        as_of: Option<Day>,
        known_by: Option<Day>,
    ) -> Result<Assessor, AssessError> {
        let base = match known_by {
            None => self.assessor.clone(),
            Some(day) => self.recorded_by(day)?,
        };
        Ok(match as_of {
            None => base,
            Some(_) => base.as_of(as_of),
        })
    }

    /// The question of today: each transfer's own date, everything recorded, and what the ledger knows of licences.
    pub fn judge<'a>(&'a self, keeper: Keeper<'a>) -> Judge<'a> {
        Judge {
            assessor: &self.assessor,
            decoder: &self.decoder,
            as_of: None,
            keeper: Some(keeper),
        }
    }

    /// Listed parties by id and name.
    pub fn directory(&self) -> &Directory {
        self.directory.get_or_init(|| Directory::of(self))
    }

    fn recorded_by(&self, day: Day) -> Result<Assessor, AssessError> {
        let mut kept = held(&self.recorded);
        if let Some(place) = kept.iter().position(|(own, _)| *own == day) {
            let found = kept.remove(place);
            let assessor = found.1.clone();
            kept.push(found);
            return Ok(assessor);
        }
        let made = self.assessor.recorded_by(day)?;
        if kept.len() == KEPT_STATES {
            kept.remove(0);
        }
        kept.push((day, made.clone()));
        Ok(made)
    }
}

/// What all handlers share.
pub struct App {
    /// What `serve` was told.
    pub settings: Settings,
    current: RwLock<Arc<Current>>,
    rooms: Mutex<Vec<Room>>,
    /// What was determined, decided and moved.
    pub ledger: Ledger,
    /// A line for each case.
    pub board: crate::board::Board,
    /// Licences as the ledger has them.
    pub licences: crate::judge::Shelf,
    /// Reports, and what people made of their statements.
    pub shelf: crate::evidence::Shelf,
    /// What of reports is kept, and what a flag needs.
    pub evidence: crate::evidence::Rules,
    /// Working days.
    pub calendar: Calendar,
    /// Who may do what.
    pub policy: Policy,
    /// People and programs.
    pub accounts: Accounts,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Names at which somebody guesses.
    pub lockout: Lockout,
    /// Addresses from which somebody guesses.
    pub lockout_address: Lockout,
    /// How often a known caller may ask.
    pub rate_known: Rate,
    /// How often an address may ask of which nothing is known.
    pub rate_unknown: Rate,
    /// Requests that were sent with a key, and their answers.
    pub repeats: Repeats,
    /// How far each consumer of events has come.
    pub consumers: Consumers,
    /// Batches too long for one request.
    pub jobs: Jobs,
    /// Targets for events.
    pub hooks: Hooks,
    /// Whose certificates are believed.
    pub trust: Trust,
    /// The provider of identities, where there is one.
    pub provider: Option<Provider>,
    /// What was counted.
    pub metrics: Metrics,
    /// What the ids of our own requests begin with.
    start: String,
    requests: AtomicU64,
    /// One permit for each assessment that may run at once.
    pub workers: Arc<Semaphore>,
    /// One permit for each stream that may run at once.
    pub streams: Arc<Semaphore>,
}

impl App {
    /// Opens the state folder and loads everything once.
    ///
    /// # Errors
    /// When the folder cannot be made, or packs cannot be used.
    pub fn open(settings: Settings) -> Result<Arc<App>> {
        load::state_folder(&settings.state)?;
        let current = Current::load(&settings)?;
        let url = settings
            .ledger
            .clone()
            .unwrap_or_else(|| LedgerUrl::Sqlite(settings.state.join("ledger.db")));
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        // A file has its key beside it; a server's is in our state folder.
        let signing_key =
            matches!(url, LedgerUrl::Postgres(_)).then(|| settings.state.join("ledger.key"));
        let policy = load::policy(&settings.state)?;
        let trust = Trust::new(&settings.trust)?;
        let provider = Provider::open(&settings.state, &policy, &trust)?;
        let opening = Opening {
            create: true,
            signing_key,
        };
        let ledger = Ledger::open_as(&url, opening)?;
        if settings.published_packs {
            publishing::must_be_published(&ledger, &current.assessor.basis().packs)?;
        }
        Ok(Arc::new(App {
            ledger,
            board: crate::board::Board::default(),
            licences: crate::judge::Shelf::default(),
            shelf: crate::evidence::Shelf::default(),
            evidence: load::evidence(&settings.state)?,
            calendar: load::calendar(&settings.state)?,
            policy,
            accounts: Accounts::open(&settings.state)?,
            sessions: Sessions::default(),
            lockout: Lockout::of_names(),
            lockout_address: Lockout::of_addresses(),
            rate_known: Rate::new(1000.0, 500.0),
            rate_unknown: Rate::new(100.0, 10.0),
            repeats: Repeats::default(),
            consumers: Consumers::open(&settings.state)?,
            jobs: Jobs::open(&settings.state, load::now())?,
            hooks: Hooks::open(&settings.state)?,
            trust,
            provider,
            metrics: Metrics::default(),
            start: secret::fresh(4)?,
            requests: AtomicU64::new(0),
            settings,
            current: RwLock::new(Arc::new(current)),
            rooms: Mutex::default(),
            workers: Arc::new(Semaphore::new(cores * 2)),
            streams: Arc::new(Semaphore::new(cores * 4)),
        }))
    }

    /// Law, lists and places as they are now: hold it for one answer, not longer.
    pub fn current(&self) -> Arc<Current> {
        self.current
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Loads packs and lists again. Where that fails, what was there stays.
    ///
    /// # Errors
    /// As [`Current::load`]; and when only published packs are judged by, and these are not.
    pub fn reload(&self) -> Result<()> {
        let new = Arc::new(Current::load(&self.settings)?);
        if self.settings.published_packs {
            publishing::must_be_published(&self.ledger, &new.assessor.basis().packs)?;
        }
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = new;
        Ok(())
    }

    /// Folds cases and statements, so that the first page need not: with a hundred thousand cases that takes some ten seconds. What
    /// the ledger refuses here it refuses the first page too, which says so.
    pub fn fold_ahead(&self) {
        let _ = self
            .board
            .lines(&self.ledger, &self.calendar, load::today());
        let _ = self.shelf.held(&self.ledger);
    }

    /// Who keeps the licences and the reports, for one asker.
    pub fn keeper<'a>(&'a self, asker: &'a Actor) -> Keeper<'a> {
        Keeper {
            shelf: &self.licences,
            reports: Some(Reports {
                shelf: &self.shelf,
                rules: &self.evidence,
                today: load::today(),
            }),
            ledger: &self.ledger,
            asker: Some((asker, &self.policy)),
        }
    }

    /// Assesses the transfer of a case: with the questions that accepted statements raise on it, and what the ledger knows of its
    /// licences. Both are put into it, so that a replay finds the same answer.
    ///
    /// # Errors
    /// When it cannot be taken, or the ledger cannot be asked.
    pub fn assess_case(
        &self,
        current: &Current,
        asker: &Actor,
        transfer: &mut Value,
        room: &mut Room,
    ) -> Result<String, Unfit> {
        crate::evidence::acts::raise(self, transfer, load::today()).map_err(Unfit::Ledger)?;
        current.judge(self.keeper(asker)).json(transfer, room)
    }

    /// The name of the cookie of sessions; with TLS one that only this host may set.
    pub fn cookie_name(&self) -> &'static str {
        if self.settings.loopback {
            "catchall_session"
        } else {
            "__Host-catchall_session"
        }
    }

    /// The id of a request that brought none.
    pub fn next_request(&self) -> String {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        format!("{}-{number:x}", self.start)
    }

    /// Does `job` with a room that remembers; for blocking threads.
    pub fn with_room<T>(&self, job: impl FnOnce(&mut Room) -> T) -> T {
        let mut room = held(&self.rooms).pop().unwrap_or_default();
        let done = job(&mut room);
        let mut rooms = held(&self.rooms);
        if rooms.len() < 16 {
            rooms.push(room);
        }
        done
    }
}

/// Locks; a thread that panicked while it held the lock left whole values behind, so the lock is taken all the same.
pub fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
