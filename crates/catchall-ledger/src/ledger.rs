//! The door: append, read, and the rules that hold whatever the store.
//!
//! Threads that append at the same time share one transaction: each puts its drafts in the queue; one that finds nobody writing leads, commits
//! all that lies there, leaves each its answer, and hands the lead to one of those that came meanwhile. So one flush of the disk serves them
//! all. Whoever waits is woken once, for its own answer: with hundreds of threads on few cores, waking all for each commit costs more than
//! the flush.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::chain::{Request, Tail};
use crate::checkpoint::{Checkpoint, Frontier, PublicKey, Signer};
use crate::entry::{Actor, Ask, Draft, Entry, Receipt};
use crate::keyfile;
use crate::opened::opened;
use crate::store::{self, Session, Store, Stores};
use crate::{LedgerError, LedgerUrl, Timestamp};

/// Idle connections that are kept for readers.
const IDLE: usize = 8;

/// How to open a ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// Make it when it is not there; otherwise that is an error.
    pub create: bool,
    /// The file of the key that signs checkpoints. Otherwise it lies beside the file of an SQLite store, with `.key` after its name; for a
    /// PostgreSQL store nothing can be signed then.
    pub signing_key: Option<PathBuf>,
}

/// Where the signing key is.
enum Signing {
    File(PathBuf),
    Here([u8; 32]),
    Nowhere,
}

/// A ledger: append-only, chained, shared.
///
/// Clones are the same ledger. Calls block; from asynchronous code they belong on a blocking thread.
#[derive(Clone)]
pub struct Ledger {
    shared: Arc<Shared>,
}

struct Shared {
    url: LedgerUrl,
    stores: Box<dyn Stores>,
    signing: Signing,
    queue: Mutex<Queue>,
    gathered: Condvar,
    writer: Mutex<Option<Box<dyn Store>>>,
    readers: Mutex<Vec<Box<dyn Store>>>,
}

/// The longest that a leader waits for those who appended at the same time as the last one. Nobody waits who is alone.
const GATHER: Duration = Duration::from_micros(300);

/// What waits to be committed, and whether somebody is committing.
#[derive(Default)]
struct Queue {
    waiting: Vec<Pending>,
    led: bool,
    /// How many were committed last, and came while they were: so many append at the same time.
    together: usize,
    /// For how many a leader is waiting now; 0 when none does.
    wanted: usize,
}

/// The lead over what was taken from the queue. Given up, also when the thread falls over, it leaves nobody without an answer and hands the
/// lead on.
struct Lead<'a> {
    shared: &'a Shared,
    taken: Vec<Pending>,
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        for one in &self.taken {
            one.slot.unanswered(self.shared);
        }
        let mut queue = lock(&self.shared.queue);
        queue.together = self.taken.len() + queue.waiting.len();
        match queue.waiting.first() {
            Some(next) => next.slot.say(Said::Lead),
            None => queue.led = false,
        }
    }
}

/// An append that waits to be committed.
struct Pending {
    request: Request,
    slot: Arc<Slot>,
}

/// Where one thread waits for what concerns it.
#[derive(Default)]
struct Slot {
    said: Mutex<Said>,
    woken: Condvar,
}

/// What a waiting thread is told.
#[derive(Default)]
enum Said {
    /// Nothing yet.
    #[default]
    Nothing,
    /// It leads from now on.
    Lead,
    /// Its drafts are kept, or not.
    Answer(Answer),
}

impl Slot {
    fn say(&self, said: Said) {
        *lock(&self.said) = said;
        self.woken.notify_one();
    }

    fn unanswered(&self, shared: &Shared) {
        if !matches!(*lock(&self.said), Said::Answer(_)) {
            self.say(Said::Answer(Err(no_answer(shared))));
        }
    }

    /// Waits until something was said.
    fn heard(&self) -> Said {
        let mut said = lock(&self.said);
        while matches!(*said, Said::Nothing) {
            said = self
                .woken
                .wait(said)
                .unwrap_or_else(PoisonError::into_inner);
        }
        std::mem::take(&mut *said)
    }
}

fn no_answer(shared: &Shared) -> LedgerError {
    LedgerError::Store {
        place: shared.url.to_string(),
        doing: "append",
        why: "the writer did not answer".to_owned(),
    }
}

type Answer = Result<Vec<Receipt>, LedgerError>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Ledger {
    /// Opens the ledger at this place, and makes it and its signing key when they are not there.
    ///
    /// # Errors
    /// [`LedgerError::Foreign`] when something else lies there, [`LedgerError::Newer`] when a later release made it, and what the store says.
    pub fn open(url: &LedgerUrl) -> Result<Ledger, LedgerError> {
        Ledger::open_as(
            url,
            Opening {
                create: true,
                signing_key: None,
            },
        )
    }

    /// Opens the ledger at this place as told.
    ///
    /// # Errors
    /// [`LedgerError::Absent`] when it is not there and may not be made; and those of [`Ledger::open`].
    pub fn open_as(url: &LedgerUrl, opening: Opening) -> Result<Ledger, LedgerError> {
        Ledger::open_with_key(url, opening, None)
    }

    /// The same; where a new signing key is made, it is this one.
    pub(crate) fn open_with_key(
        url: &LedgerUrl,
        opening: Opening,
        key: Option<Signer>,
    ) -> Result<Ledger, LedgerError> {
        let new = || key.map_or_else(Signer::new, Ok);
        let stores = store::at(url, opening.create)?;
        let signing = match (opening.signing_key, url) {
            (Some(path), _) => Signing::File(path),
            (None, LedgerUrl::Sqlite(path)) => {
                let mut name = path.clone().into_os_string();
                name.push(".key");
                Signing::File(PathBuf::from(name))
            }
            (None, LedgerUrl::Postgres(_)) => Signing::Nowhere,
            (None, LedgerUrl::Memory) => Signing::Here(Signer::new()?.secret()),
        };
        let ledger = Ledger {
            shared: Arc::new(Shared {
                url: url.clone(),
                stores,
                signing,
                queue: Mutex::default(),
                gathered: Condvar::new(),
                writer: Mutex::new(None),
                readers: Mutex::new(Vec::new()),
            }),
        };
        if opening.create
            && let Signing::File(path) = &ledger.shared.signing
            && !path.exists()
            && ledger.head()?.is_none()
        {
            keyfile::make(path, new()?)?;
        }
        Ok(ledger)
    }

    /// Where it is kept.
    pub fn url(&self) -> &LedgerUrl {
        &self.shared.url
    }

    /// Appends all of these, in this order and next to one another, or none. Durable when it returns; one receipt a draft.
    ///
    /// A draft whose key is taken by an entry that says the same gives that entry's receipt and adds nothing. An empty list gives an empty list.
    ///
    /// # Errors
    /// [`LedgerError::OtherBody`] when the key is taken by an entry that says something else; [`LedgerError::Draft`], [`LedgerError::Body`] for
    /// what cannot be kept; and what the store says. Nothing was kept, but for [`LedgerError::Unsure`].
    pub fn append(&self, drafts: Vec<Draft>) -> Result<Vec<Receipt>, LedgerError> {
        self.submit(drafts, None)
    }

    /// The same, unless `stream` has gone on since the caller saw its last entry, `seen` (0 for none).
    ///
    /// So whoever decides on what a stream says decides on all of it, whatever other threads and processes do. When every draft is a repeat
    /// of an entry that is there (equal keys), the first receipts come back though the stream has moved.
    ///
    /// # Errors
    /// [`LedgerError::Moved`] when it has; and those of [`Ledger::append`].
    pub fn append_after(
        &self,
        stream: &str,
        seen: u64,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Receipt>, LedgerError> {
        self.submit(drafts, Some((stream.to_owned(), seen)))
    }

    /// A page of entries, oldest first unless asked otherwise. An empty page is the end.
    ///
    /// # Errors
    /// [`LedgerError::Unreadable`] when a kept entry is none; and what the store says.
    pub fn entries(&self, ask: &Ask) -> Result<Vec<Entry>, LedgerError> {
        self.read(|session| {
            let records = session.page(ask)?;
            opened(session, records)
        })
    }

    /// One entry, if there is one of that number.
    ///
    /// # Errors
    /// As for [`Ledger::entries`].
    pub fn entry(&self, number: u64) -> Result<Option<Entry>, LedgerError> {
        self.read(|session| {
            let records = session.records(&[number])?;
            Ok(opened(session, records)?.pop())
        })
    }

    /// Entries whose keys begin with `prefix`, in the order of the keys, at most `limit`.
    ///
    /// # Errors
    /// As for [`Ledger::entries`].
    pub fn keyed(&self, prefix: &str, limit: usize) -> Result<Vec<Entry>, LedgerError> {
        self.read(|session| {
            let records = session.keyed_from(prefix, limit)?;
            opened(session, records)
        })
    }

    /// The last entry's number and hash; `None` while there is none.
    ///
    /// # Errors
    /// What the store says.
    pub fn head(&self) -> Result<Option<Receipt>, LedgerError> {
        self.read(|session| session.head())
    }

    /// The number of a stream's last entry, for [`Ledger::append_after`]; 0 for none.
    ///
    /// # Errors
    /// What the store says.
    pub fn last_of(&self, stream: &str) -> Result<u64, LedgerError> {
        self.read(|session| session.last_of(stream))
    }

    /// Signs what the entries are up to now, and keeps that. Makes the signing key when it was never used and is not there.
    ///
    /// When the last checkpoint is of the same size and key, it comes back and nothing is added.
    ///
    /// # Errors
    /// [`LedgerError::SigningKey`] when the key cannot be used; and what the store says.
    pub fn checkpoint(&self, at: Timestamp) -> Result<Checkpoint, LedgerError> {
        let signer = self.signer()?;
        self.checkpoint_by(&signer, at)
    }

    /// The same with a new key, where the old one is lost. Its public key must be told to whoever verifies exports.
    ///
    /// # Errors
    /// [`LedgerError::SigningKey`] when there is a key already; and those of [`Ledger::checkpoint`].
    pub fn checkpoint_with_new_key(&self, at: Timestamp) -> Result<Checkpoint, LedgerError> {
        let Signing::File(path) = &self.shared.signing else {
            return Err(self.no_key("no file was named for it"));
        };
        if path.exists() {
            return Err(self.no_key("there is a key already; move its file away first"));
        }
        let signer = keyfile::make(path, Signer::new()?)?;
        self.checkpoint_by(&signer, at)
    }

    fn checkpoint_by(&self, signer: &Signer, at: Timestamp) -> Result<Checkpoint, LedgerError> {
        let mut writer = lock(&self.shared.writer);
        self.write(&mut writer, |session| {
            let frontier = frontier(session, u64::MAX, signer.public())?;
            let kept = session.checkpoints()?;
            if let Some(last) = kept
                .into_iter()
                .find(|one| one.size == frontier.size && one.key == signer.public())
            {
                return Ok(last);
            }
            let made = Checkpoint::sign(frontier, at, signer);
            session.add_checkpoint(&made)?;
            Ok(made)
        })
    }

    /// All checkpoints, by size.
    ///
    /// # Errors
    /// What the store says.
    pub fn checkpoints(&self) -> Result<Vec<Checkpoint>, LedgerError> {
        self.read(|session| session.checkpoints())
    }

    /// The public key that verifies what this ledger signs from now on.
    ///
    /// # Errors
    /// [`LedgerError::SigningKey`] when the key cannot be used.
    pub fn public_key(&self) -> Result<PublicKey, LedgerError> {
        Ok(self.signer()?.public())
    }

    pub(crate) fn signer(&self) -> Result<Signer, LedgerError> {
        let path = match &self.shared.signing {
            Signing::Here(secret) => return Ok(Signer::from_secret(secret)),
            Signing::Nowhere => return Err(self.no_key("no file was named for it")),
            Signing::File(path) => path,
        };
        match keyfile::read(path)? {
            Some(signer) => Ok(signer),
            None if self.checkpoints()?.is_empty() => keyfile::make(path, Signer::new()?),
            None => Err(LedgerError::SigningKey {
                place: path.display().to_string(),
                found: "the signing key is not there".to_owned(),
                cure: "put it back from a backup, or run `catchall ledger checkpoint --new-key`",
            }),
        }
    }

    fn no_key(&self, found: &str) -> LedgerError {
        LedgerError::SigningKey {
            place: self.shared.url.to_string(),
            found: format!("nothing can be signed: {found}"),
            cure: "name the key's file with `--signing-key FILE`",
        }
    }

    /// Destroys the key of a subject, so that nobody can ever read what was sealed for it, and records that.
    ///
    /// The record, of kind `subject.shredded` in the stream `system`, names the key and not the subject; `reason` should not either. Copies
    /// of the key in backups are not reached.
    ///
    /// # Errors
    /// [`LedgerError::NoSubject`] when nothing is sealed for it; and what the store says.
    pub fn shred(
        &self,
        subject: &str,
        actor: Actor,
        at: Timestamp,
        reason: &str,
    ) -> Result<Shredding, LedgerError> {
        let mut writer = lock(&self.shared.writer);
        let receipt = self.write(&mut writer, |session| {
            let key = session
                .key_of(subject)?
                .ok_or_else(|| LedgerError::NoSubject {
                    subject: subject.to_owned(),
                })?;
            let body = serde_json::json!({ "seal": key.id.to_string(), "reason": reason });
            let draft = Draft::new("system", "subject.shredded", actor.clone(), at, body);
            let request = Request::new(vec![draft], None)?;
            session.destroy_key(key.id)?;
            Tail::of(session)?.add(session, &request)
        })?;
        let overwritten = match writer.as_mut() {
            Some(store) => store.scrub(),
            None => Ok(()),
        };
        let receipt = receipt.into_iter().next();
        Ok(Shredding {
            receipt: receipt.ok_or_else(|| self.failed("shred", "the writer did not answer"))?,
            overwritten,
        })
    }

    /// Runs `work` on a reading connection of its own.
    pub(crate) fn read<T>(
        &self,
        mut work: impl FnMut(&mut dyn Session) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let mut found = None;
        let mut once = |store: &mut Box<dyn Store>| {
            store.read(&mut |session| {
                found = Some(work(session)?);
                Ok(())
            })
        };
        let idle = lock(&self.shared.readers).pop();
        let store = self.on_one_that_answers(idle, &mut once)?;
        let mut readers = lock(&self.shared.readers);
        if readers.len() < IDLE {
            readers.push(store);
        }
        found.ok_or_else(|| self.failed("read", "the store did not answer"))
    }

    /// Does something on a connection that lay idle, or on a new one: the idle one may have been cut since, which a new one shows.
    /// One that has failed is not used again.
    fn on_one_that_answers(
        &self,
        idle: Option<Box<dyn Store>>,
        once: &mut dyn FnMut(&mut Box<dyn Store>) -> Result<(), LedgerError>,
    ) -> Result<Box<dyn Store>, LedgerError> {
        match idle.map(|mut store| once(&mut store).map(|()| store)) {
            Some(Ok(store)) => Ok(store),
            Some(Err(error)) if !error.may_be_the_connection() => Err(error),
            Some(Err(_)) | None => {
                let mut store = self.shared.stores.connect()?;
                once(&mut store)?;
                Ok(store)
            }
        }
    }

    pub(crate) fn failed(&self, doing: &'static str, why: &str) -> LedgerError {
        LedgerError::Store {
            place: self.shared.url.to_string(),
            doing,
            why: why.to_owned(),
        }
    }

    fn submit(&self, drafts: Vec<Draft>, after: Option<(String, u64)>) -> Answer {
        if drafts.is_empty() && after.is_none() {
            return Ok(Vec::new());
        }
        let request = Request::new(drafts, after)?;
        let slot = Arc::new(Slot::default());
        if !self.queue_up(request, &slot)
            && let Said::Answer(answer) = slot.heard()
        {
            return answer;
        }
        let lead = Lead {
            shared: &self.shared,
            taken: self.gathered(),
        };
        self.commit(&mut lock(&self.shared.writer), &lead.taken);
        drop(lead);
        match slot.heard() {
            Said::Answer(answer) => answer,
            Said::Lead | Said::Nothing => Err(no_answer(&self.shared)),
        }
    }

    /// Puts a request into the queue; whether its thread leads.
    fn queue_up(&self, request: Request, slot: &Arc<Slot>) -> bool {
        let mut queue = lock(&self.shared.queue);
        queue.waiting.push(Pending {
            request,
            slot: Arc::clone(slot),
        });
        if queue.waiting.len() == queue.wanted {
            self.shared.gathered.notify_one();
        }
        !std::mem::replace(&mut queue.led, true)
    }

    /// All that waits, for the leader. Those who were answered just now come again a moment later: without a short wait for them big and
    /// small commits take turns, and every other flush serves a few.
    fn gathered(&self) -> Vec<Pending> {
        let mut queue = lock(&self.shared.queue);
        let wanted = queue.together;
        if queue.waiting.len() < wanted {
            queue.wanted = wanted;
            queue = self
                .shared
                .gathered
                .wait_timeout_while(queue, GATHER, |queue| queue.waiting.len() < wanted)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
            queue.wanted = 0;
        }
        std::mem::take(&mut queue.waiting)
    }

    /// Commits everything that waits in one transaction, and gives each its answer.
    fn commit(&self, writer: &mut Option<Box<dyn Store>>, waiting: &[Pending]) {
        let done = self.write(writer, |session| {
            let mut tail = Tail::of(session)?;
            let mut answers = Vec::with_capacity(waiting.len());
            for one in waiting {
                match tail.add(session, &one.request) {
                    // What the store cannot do ends the transaction for all: half a request must never be committed.
                    Err(error) if !error.is_refusal() => return Err(error),
                    answer => answers.push(answer),
                }
            }
            Ok(answers)
        });
        match done {
            Ok(answers) => {
                for (one, answer) in waiting.iter().zip(answers) {
                    one.slot.say(Said::Answer(answer));
                }
            }
            Err(error) => {
                for one in waiting {
                    one.slot.say(Said::Answer(Err(error.clone())));
                }
            }
        }
    }

    /// Runs `work` as the only writer.
    pub(crate) fn write_alone<T>(
        &self,
        work: impl FnMut(&mut dyn Session) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        self.write(&mut lock(&self.shared.writer), work)
    }

    fn write<T>(
        &self,
        writer: &mut Option<Box<dyn Store>>,
        mut work: impl FnMut(&mut dyn Session) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let mut found = None;
        let mut once = |store: &mut Box<dyn Store>| {
            store.write(&mut |session| {
                found = Some(work(session)?);
                Ok(())
            })
        };
        // What may have been committed is another error than that of the connection, and never done twice.
        *writer = Some(self.on_one_that_answers(writer.take(), &mut once)?);
        found.ok_or_else(|| self.failed("write", "the store did not answer"))
    }
}

/// What came of destroying a subject's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shredding {
    /// The entry that records it.
    pub receipt: Receipt,
    /// Whether the key's last traces in the store were overwritten; an error says what stood in the way. Shredding is done either way.
    pub overwritten: Result<(), LedgerError>,
}

/// The tree over the first entries, at most `size` of them; from the last checkpoint on that this key has signed, where that fits.
pub(crate) fn frontier(
    session: &mut dyn Session,
    size: u64,
    ours: PublicKey,
) -> Result<Frontier, LedgerError> {
    let kept = session.checkpoints()?.into_iter().rev().find(|one| {
        one.size <= size
            && one.key == ours
            && one.is_signed()
            && one.frontier.size == one.size
            && one.frontier.root() == one.root
    });
    let mut frontier = kept.map(|one| one.frontier).unwrap_or_default();
    loop {
        let room = usize::try_from(size - frontier.size).unwrap_or(usize::MAX);
        let hashes = session.hashes(frontier.size, room.min(10_000))?;
        if hashes.is_empty() {
            return Ok(frontier);
        }
        for hash in &hashes {
            frontier.push(hash);
        }
    }
}
