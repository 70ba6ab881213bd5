//! Jobs: batches too long for one request. Input and output are files of the state folder; one runs after the other, with flat
//! memory, and a job that a restart cut off is run again from its start (what it had recorded is recorded once).
//!
//! A job's folder `jobs/<id>/` holds `job.json`, `input` and `output.jsonl`. Finished jobs go after a week.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Read, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use anyhow::{Context, Result};
use catchall_ledger::{Actor, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::access::secret;
use crate::app::{App, held};
use crate::http::assess::{Asking, Judging};
use crate::http::stream;
use crate::judge::Judge;
use crate::{batch, load};

/// How long a finished job is kept, in milliseconds.
const KEPT: i64 = 7 * 24 * 60 * 60 * 1000;
/// Jobs that may wait at once.
pub const WAITING: usize = 1000;

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Waits for its turn.
    Queued,
    /// Is run.
    Running,
    /// Is done; its result can be fetched.
    Done,
    /// Cannot be done; `why` says it.
    Failed,
    /// Was taken back.
    Cancelled,
}

/// What is known of a job, as kept and as shown.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct About {
    /// Its id.
    pub id: String,
    /// Who asked, and for which team.
    pub by: Actor,
    /// When.
    pub made: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Where it stands.
    pub standing: Standing,
    /// How its input is written: `csv`, `jsonl`, `json`, `xlsx`.
    pub input: String,
    /// The law as it stood on this day.
    pub as_of: Option<String>,
    /// The law as recorded by this day.
    pub known_by: Option<String>,
    /// Whether the ledger takes it down.
    pub record: bool,
    /// Bytes of the input.
    pub bytes: u64,
    /// Bytes that were read by now.
    pub read: u64,
    /// Records that were answered by now.
    pub answered: u64,
    /// Of these, records that were not taken.
    pub rejected: u64,
    /// Why it failed.
    pub why: Option<String>,
}

/// A job.
pub struct Job {
    folder: PathBuf,
    about: Mutex<About>,
    read: Arc<AtomicU64>,
    cancelled: AtomicBool,
}

/// All jobs, by id.
pub struct Jobs {
    folder: PathBuf,
    by_id: Mutex<BTreeMap<String, Arc<Job>>>,
    /// Wakes the runner.
    pub wake: Notify,
}

impl Job {
    /// As it stands now.
    pub fn about(&self) -> About {
        let mut about = held(&self.about).clone();
        about.read = self.read.load(Ordering::Relaxed).min(about.bytes);
        about
    }

    /// Where its input is.
    pub fn input(&self) -> PathBuf {
        self.folder.join("input")
    }

    /// Where its result is.
    pub fn output(&self) -> PathBuf {
        self.folder.join("output.jsonl")
    }

    fn change(&self, change: impl FnOnce(&mut About)) -> Result<()> {
        let mut about = held(&self.about);
        change(&mut about);
        load::put(
            &self.folder.join("job.json"),
            &serde_json::to_vec_pretty(&*about)?,
        )
    }
}

impl Jobs {
    /// The jobs of a state folder: those that were cut off wait again, those that are a week old go.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn open(state: &Path, now: Timestamp) -> Result<Jobs> {
        let folder = state.join("jobs");
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make `{}`", folder.display()))?;
        let mut by_id = BTreeMap::new();
        for own in load::folders_in(&folder)? {
            let kept = std::fs::read(own.join("job.json")).ok();
            let Some(mut about) = kept.and_then(|text| serde_json::from_slice::<About>(&text).ok())
            else {
                // An upload that was cut off left no job.
                let _ = std::fs::remove_dir_all(&own);
                continue;
            };
            if about.standing == Standing::Running {
                about.standing = Standing::Queued;
            }
            let job = Arc::new(Job {
                folder: own,
                read: Arc::new(AtomicU64::new(about.read)),
                about: Mutex::new(about.clone()),
                cancelled: AtomicBool::new(false),
            });
            by_id.insert(about.id, job);
        }
        let jobs = Jobs {
            folder,
            by_id: Mutex::new(by_id),
            wake: Notify::new(),
        };
        jobs.forget(now);
        Ok(jobs)
    }

    /// A place for a new job's input: its folder, with its id as the name.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn begin(&self) -> Result<(String, PathBuf)> {
        let id = secret::fresh(8)?;
        let folder = self.folder.join(&id);
        std::fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make `{}`", folder.display()))?;
        Ok((id, folder))
    }

    /// Takes a job whose input lies ready.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn take(&self, folder: PathBuf, about: About) -> Result<Arc<Job>> {
        let id = about.id.clone();
        let job = Arc::new(Job {
            folder,
            about: Mutex::new(about),
            read: Arc::default(),
            cancelled: AtomicBool::new(false),
        });
        job.change(|_| {})?;
        held(&self.by_id).insert(id, job.clone());
        self.wake.notify_one();
        Ok(job)
    }

    /// The job of this id.
    pub fn find(&self, id: &str) -> Option<Arc<Job>> {
        held(&self.by_id).get(id).cloned()
    }

    /// All of them, the oldest first.
    pub fn all(&self) -> Vec<Arc<Job>> {
        let mut all: Vec<Arc<Job>> = held(&self.by_id).values().cloned().collect();
        all.sort_by_cached_key(|job| {
            let about = job.about();
            (about.made, about.id)
        });
        all
    }

    /// Takes a job back, or its result away.
    ///
    /// # Errors
    /// When it cannot be written down.
    pub fn remove(&self, job: &Job) -> Result<()> {
        job.cancelled.store(true, Ordering::Relaxed);
        let about = job.about();
        match about.standing {
            // The runner ends it at its next chunk.
            Standing::Running => job.change(|about| about.standing = Standing::Cancelled),
            _ => {
                held(&self.by_id).remove(&about.id);
                std::fs::remove_dir_all(&job.folder)
                    .with_context(|| format!("cannot remove `{}`", job.folder.display()))
            }
        }
    }

    /// Lets go of what ended a week ago.
    pub fn forget(&self, now: Timestamp) {
        for job in self.all() {
            let ended = job.about().ended;
            if ended.is_some_and(|ended| now.as_millisecond() - ended.as_millisecond() > KEPT) {
                let _ = self.remove(&job);
            }
        }
    }

    fn next(&self) -> Option<Arc<Job>> {
        self.all()
            .into_iter()
            .find(|job| job.about().standing == Standing::Queued)
    }
}

/// Runs jobs, one after the other, until the process ends.
pub async fn run(app: Arc<App>) {
    loop {
        while let Some(job) = app.jobs.next() {
            let app = app.clone();
            let done = tokio::task::spawn_blocking(move || one(&app, &job)).await;
            if done.is_err() {
                crate::talk::say!("catchall: a job broke; see the message above");
            }
        }
        app.jobs.forget(load::now());
        let hour = std::time::Duration::from_secs(3600);
        let _ = tokio::time::timeout(hour, app.jobs.wake.notified()).await;
    }
}

fn one(app: &App, job: &Job) {
    let done = job
        .change(|about| about.standing = Standing::Running)
        .and_then(|()| worked(app, job));
    let ended = Some(load::now());
    let said = match done {
        Ok(()) if job.cancelled.load(Ordering::Relaxed) => job.change(|about| {
            about.standing = Standing::Cancelled;
            about.ended = ended;
        }),
        Ok(()) => job.change(|about| {
            about.standing = Standing::Done;
            about.read = about.bytes;
            about.ended = ended;
        }),
        Err(error) => job.change(|about| {
            about.standing = Standing::Failed;
            about.why = Some(format!("{error:#}"));
            about.ended = ended;
        }),
    };
    job.read.store(job.about().bytes, Ordering::Relaxed);
    if let Err(error) = said {
        crate::talk::say!("catchall: a job's end cannot be written down: {error:#}");
    }
}

fn worked(app: &App, job: &Job) -> Result<()> {
    let about = job.about();
    let current = app.current();
    let day = |text: &Option<String>| {
        text.as_deref()
            .and_then(|text| catchall_model::Day::parse(text).ok())
    };
    let asking = Asking {
        as_of: day(&about.as_of),
        known_by: day(&about.known_by),
        record: Some(about.record),
    };
    let assessor = current.asking(asking.as_of, asking.known_by)?;
    let format = format(&about.input);
    let limits = batch::Limits::default();
    let by_place = matches!(format, Some(batch::Format::Xlsx | batch::Format::Parquet));
    let (mut reader, decoder) = if by_place {
        batch::open(&job.input(), format, limits, current.places.clone())?
    } else {
        let counted = Counted {
            from: File::open(job.input()).context("cannot read the job's input")?,
            count: job.read.clone(),
        };
        batch::from_stream(
            "input",
            Box::new(counted),
            format,
            limits,
            current.places.clone(),
        )?
    };
    let unknown = crate::lawbook::unknown_columns(&decoder, &assessor);
    anyhow::ensure!(unknown.is_empty(), "{}", unknown.join("; "));
    let judging = Judging {
        judge: Judge {
            assessor: &assessor,
            decoder: &decoder,
            as_of: asking.as_of,
            keeper: Some(app.keeper(&about.by)),
        },
        asking,
        record: about.record,
    };
    let mut out =
        BufWriter::new(File::create(job.output()).context("cannot write the job's result")?);
    let mut failed = None;
    let mut write = |text: String| {
        let (mut answered, mut rejected) = (0, 0);
        for line in text.lines() {
            answered += 1;
            rejected += u64::from(line.starts_with("{\"schema\":\"catchall.rejects/"));
        }
        let written = out.write_all(text.as_bytes());
        let mut about = held(&job.about);
        about.answered += answered;
        about.rejected += rejected;
        if let Err(error) = written {
            failed = Some(error);
            return false;
        }
        !job.cancelled.load(Ordering::Relaxed)
    };
    {
        let mut about = held(&job.about);
        (about.answered, about.rejected) = (0, 0);
    }
    let recorder = about.record.then_some(&about.by);
    stream::records(app, &mut reader, &judging, recorder, &mut write)
        .map_err(|problem| anyhow::anyhow!("{}", problem.detail()))?;
    if let Some(error) = failed {
        return Err(error).context("cannot write the job's result");
    }
    out.flush().context("cannot write the job's result")?;
    out.get_ref()
        .sync_all()
        .context("cannot write the job's result")
}

/// The reader's word for how an input is written.
pub fn format(input: &str) -> Option<batch::Format> {
    Some(match input {
        "csv" => batch::Format::Csv,
        "json" => batch::Format::Json,
        "jsonl" => batch::Format::JsonLines,
        "xlsx" => batch::Format::Xlsx,
        "parquet" => batch::Format::Parquet,
        _ => return None,
    })
}

struct Counted {
    from: File,
    count: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.from.read(into)?;
        self.count.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
