//! `catchall ledger`: what was recorded; and the recorder of `catchall assess --ledger`.
//!
//! Reads, and passes on; what holds is decided in `catchall-ledger`. Replays are in `ledger/replay.rs`, tables for analysts in
//! `ledger/views.rs`, what is shown of entries in `ledger/show.rs`.

mod replay;
mod show;
mod views;

use std::fs::File;
use std::io::{BufReader, BufWriter, IsTerminal as _, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use catchall_ledger::{
    Actor, Draft, Ledger, LedgerError, LedgerUrl, Opening, PublicKey, Verified, verify,
};

use super::{Common, Stop, code};
use crate::batch::Written;
use crate::load::now;

/// Determinations that are committed, and then printed, together.
const GROUP: usize = 512;

/// Which ledger, and what to do with it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where the ledger is kept: a path, `sqlite:PATH` or `postgres://USER@HOST/DATABASE`.
    #[arg(
        long,
        short = 'l',
        global = true,
        value_name = "URL",
        env = "CATCHALL_LEDGER"
    )]
    pub(super) ledger: Option<LedgerUrl>,
    /// File of the key that signs; beside an SQLite ledger, with `.key` after its name, otherwise.
    #[arg(long, global = true, value_name = "FILE", env = "CATCHALL_SIGNING_KEY")]
    signing_key: Option<PathBuf>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Check that no entry was changed, taken out or put in: of an export, offline, or of the ledger itself.
    Verify {
        /// An export (`-` for standard input); the ledger itself otherwise.
        file: Option<PathBuf>,
        /// The public key that must have signed: 64 hexadecimal digits, or a file of them.
        #[arg(long, value_name = "KEY")]
        key: Option<String>,
    },
    /// Compute recorded determinations again from what they rest on, and compare them byte for byte.
    Replay(replay::Args),
    /// Write everything as verifiable JSON Lines, or a table for analysts as CSV or Parquet.
    Export {
        /// The file; standard output otherwise.
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
        /// A table instead of the whole.
        #[arg(long, value_enum)]
        view: Option<views::View>,
        /// How the table is written.
        #[arg(long, value_enum, default_value = "csv", requires = "view")]
        format: views::Format,
    },
    /// Sign what the entries are up to now.
    Checkpoint {
        /// Make a new signing key, where the old one is lost.
        #[arg(long)]
        new_key: bool,
    },
    /// Write everything into a new folder, secrets too, while others go on.
    Backup {
        /// The folder.
        folder: PathBuf,
    },
    /// Make a ledger of a backup, in an empty place: also from one store to another.
    Restore {
        /// The backup's folder.
        folder: PathBuf,
    },
    /// Erase what was sealed for a person or company: destroys the key, for good.
    Shred {
        /// The subject, as the entries name it.
        subject: String,
        /// Why, for the record; without the subject's name.
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Show entries: one in full by its number, or a list.
    Show(show::Args),
}

/// Who acts at a command line: the account of the machine, marked so that it is never taken for one of the server's.
pub(super) fn actor() -> Actor {
    let name = ["USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .map(|name| name.chars().filter(|c| !c.is_control()).take(100).collect())
        .find(|name: &String| !name.is_empty());
    Actor::named(format!("local:{}", name.as_deref().unwrap_or("unknown")))
}

impl Args {
    fn opened(&self, create: bool) -> Result<Ledger, Stop> {
        let url = self.ledger.as_ref().ok_or_else(|| {
            Stop::usage(anyhow!(
                "name the ledger with `--ledger URL`, or set CATCHALL_LEDGER"
            ))
        })?;
        let opening = Opening {
            create,
            signing_key: self.signing_key.clone(),
        };
        Ledger::open_as(url, opening).map_err(Stop::usage)
    }
}

pub(crate) fn run(common: &Common, args: &Args) -> Result<u8, Stop> {
    match &args.verb {
        Verb::Verify { file, key } => verified(args, file.as_deref(), key.as_deref()),
        Verb::Replay(asked) => replay::run(common, &args.opened(false)?, asked),
        Verb::Show(asked) => show::run(&args.opened(false)?, asked),
        Verb::Export {
            output,
            view,
            format,
        } => {
            if *format == views::Format::Parquet {
                binary(
                    output.is_none() && std::io::stdout().is_terminal(),
                    "--output FILE",
                )?;
            }
            let ledger = args.opened(false)?;
            let entries = write_out(output.as_deref(), |out| match view {
                Some(view) => views::write(&ledger, *view, *format, out),
                None => ledger.export(now(), |line| -> Result<()> { Ok(out.write_all(line)?) }),
            })?;
            say(common, &format!("{entries} {}", entries_word(entries)));
            Ok(0)
        }
        Verb::Checkpoint { new_key } => {
            let ledger = args.opened(false)?;
            let made = if *new_key {
                ledger.checkpoint_with_new_key(now())
            } else {
                ledger.checkpoint(now())
            }?;
            crate::talk::tell!("entries  {}", made.size)?;
            crate::talk::tell!("root     {}", made.root)?;
            crate::talk::tell!("signed   {}", made.at)?;
            crate::talk::tell!("key      {}", made.key)?;
            Ok(0)
        }
        Verb::Backup { folder } => {
            let entries = args.opened(false)?.backup(folder, now())?;
            say(
                common,
                &format!(
                    "{entries} {} in `{}`; it holds secret keys: keep it as you keep the ledger",
                    entries_word(entries),
                    folder.display()
                ),
            );
            Ok(0)
        }
        Verb::Restore { folder } => restore(common, args, folder),
        Verb::Shred { subject, reason } => shred(common, args, subject, reason),
    }
}

/// Refuses Parquet before any work is done: where this build cannot write it, and on a terminal, which cannot show it.
pub(super) fn binary(to_terminal: bool, cure: &str) -> Result<(), Stop> {
    crate::batch::tables::writable().map_err(Stop::usage)?;
    if to_terminal {
        return Err(Stop::usage(anyhow!(
            "a terminal cannot show Parquet; write it to a file: `{cure}`"
        )));
    }
    Ok(())
}

fn entries_word(count: u64) -> &'static str {
    if count == 1 { "entry" } else { "entries" }
}

fn say(common: &Common, line: &str) {
    if !common.quiet {
        crate::talk::say!("{line}");
    }
}

fn write_out(
    path: Option<&Path>,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<u64>,
) -> Result<u64> {
    let Some(path) = path else {
        let mut out = BufWriter::with_capacity(1 << 16, std::io::stdout());
        let count = write(&mut out)?;
        out.flush()?;
        return Ok(count);
    };
    let place = || format!("cannot write `{}`", path.display());
    let mut out = BufWriter::with_capacity(1 << 16, File::create(path).with_context(place)?);
    let count = write(&mut out).with_context(place)?;
    out.flush().with_context(place)?;
    out.get_ref().sync_all().with_context(place)?;
    Ok(count)
}

fn trusted(key: Option<&str>) -> Result<Option<PublicKey>> {
    let Some(key) = key else {
        return Ok(None);
    };
    let text = match std::fs::read_to_string(key) {
        Ok(text) => text,
        Err(_) => key.to_owned(),
    };
    text.parse().map(Some).map_err(|_| {
        anyhow!("--key: `{key}` is neither a public key of 64 hexadecimal digits nor a file of one")
    })
}

fn verified(args: &Args, file: Option<&Path>, key: Option<&str>) -> Result<u8, Stop> {
    let trusted = trusted(key).map_err(Stop::usage)?;
    let found = match file {
        None => args.opened(false)?.verify(trusted)?,
        Some(path) if path.as_os_str() == "-" => verify(std::io::stdin().lock(), trusted)?,
        Some(path) => {
            let file = File::open(path)
                .with_context(|| format!("cannot read `{}`", path.display()))
                .map_err(Stop::usage)?;
            verify(BufReader::with_capacity(1 << 16, file), trusted)
                .with_context(|| format!("cannot read `{}`", path.display()))?
        }
    };
    std::io::stdout().write_all(report(&found, trusted.is_some()).as_bytes())?;
    Ok(if found.is_whole() { 0 } else { code::FAILURE })
}

fn report(found: &Verified, trusted: bool) -> String {
    let mut text = String::new();
    let mut line = |said: String| {
        text.push_str(&said);
        text.push('\n');
    };
    for fault in &found.faults {
        line(format!("touched: {fault}"));
    }
    let listed = found.faults.len() as u64;
    if found.count > listed {
        line(format!("and {} more", found.count - listed));
    }
    line(format!(
        "{} {}, {} sealed; {} {}",
        found.entries,
        entries_word(found.entries),
        found.sealed,
        found.checkpoints,
        if found.checkpoints == 1 {
            "checkpoint holds"
        } else {
            "checkpoints hold"
        }
    ));
    match (found.key, found.signed) {
        (Some(key), Some(at)) => {
            line(format!("signed {at} by {key}"));
            if !trusted {
                line(
                    "whose key that is must be known from elsewhere: give it with `--key`"
                        .to_owned(),
                );
            }
        }
        _ => line(
            "no signature holds: nothing shows that these are all entries, or whose".to_owned(),
        ),
    }
    line(match found.count {
        0 => "whole: nothing was changed".to_owned(),
        1 => "NOT WHOLE: 1 fault".to_owned(),
        count => format!("NOT WHOLE: {count} faults"),
    });
    text
}

fn restore(common: &Common, args: &Args, folder: &Path) -> Result<u8, Stop> {
    let url = args
        .ledger
        .as_ref()
        .ok_or_else(|| Stop::usage(anyhow!("name the new ledger with `--ledger URL`")))?;
    let opening = Opening {
        create: true,
        signing_key: args.signing_key.clone(),
    };
    let done = Ledger::restore(folder, url, opening).map_err(Stop::usage)?;
    let entries = done.verified.entries;
    let before = match done.before {
        0 => String::new(),
        before => format!(" ({before} were there before)"),
    };
    say(
        common,
        &format!(
            "{entries} {} restored{before}, verified",
            entries_word(entries)
        ),
    );
    Ok(0)
}

fn shred(common: &Common, args: &Args, subject: &str, reason: &str) -> Result<u8, Stop> {
    let ledger = args.opened(false)?;
    let done = match ledger.shred(subject, actor(), now(), reason) {
        Err(error @ (LedgerError::NoSubject { .. } | LedgerError::Draft { .. })) => {
            return Err(Stop::usage(error));
        }
        done => done?,
    };
    say(
        common,
        &format!(
            "shredded, as entry {} records; backups made before still hold the key: destroy their `subjects.jsonl` too",
            done.receipt.number
        ),
    );
    if let Err(error) = done.overwritten {
        return Err(Stop::from(anyhow!(error).context(
            "the key is destroyed, but its last traces still stand in the store's log; the log is emptied when the last program on this ledger ends",
        )));
    }
    Ok(0)
}

/// Records determinations in groups, and lets each be printed only when it is kept.
pub(super) struct Recorder {
    pub(super) ledger: Ledger,
    drafts: Vec<Draft>,
    texts: Vec<u8>,
    recorded: u64,
    repeated: u64,
}

impl Recorder {
    pub(super) fn open(url: &LedgerUrl) -> Result<Recorder, LedgerError> {
        Ok(Recorder {
            ledger: Ledger::open(url)?,
            drafts: Vec::with_capacity(GROUP),
            texts: Vec::new(),
            recorded: 0,
            repeated: 0,
        })
    }

    /// Takes one determination; `between` stands before it in the output.
    pub(super) fn take(
        &mut self,
        written: Written,
        between: &[u8],
        out: &mut impl Write,
    ) -> Result<()> {
        let Some(draft) = written.record else {
            bail!("a determination cannot be recorded, so it is not printed either");
        };
        self.drafts.push(draft);
        self.texts.extend_from_slice(between);
        self.texts.extend_from_slice(written.text.as_bytes());
        if self.drafts.len() == GROUP {
            self.flush(out)?;
        }
        Ok(())
    }

    /// Commits what waits, then prints it.
    pub(super) fn flush(&mut self, out: &mut impl Write) -> Result<()> {
        if self.drafts.is_empty() {
            return Ok(());
        }
        let before = self.ledger.head()?.map_or(0, |head| head.number);
        let receipts = self
            .ledger
            .append(std::mem::take(&mut self.drafts))
            .context("determinations could not be recorded; what was printed before is recorded")?;
        let repeated = receipts.iter().filter(|one| one.number <= before).count() as u64;
        self.repeated += repeated;
        self.recorded += receipts.len() as u64 - repeated;
        out.write_all(&self.texts)?;
        self.texts.clear();
        Ok(())
    }

    /// What was done, in a line.
    pub(super) fn line(&self) -> String {
        let repeated = match self.repeated {
            0 => String::new(),
            count => format!("; {count} stood there already"),
        };
        format!(
            "{} recorded in {}{repeated}",
            self.recorded,
            self.ledger.url()
        )
    }
}
