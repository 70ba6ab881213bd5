//! Runs a batch: one reader, as many workers as there are cores, one writer, order kept, memory flat.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use catchall_assess::{AskedFor, Assessor, Detail, FieldError, Room};
use catchall_ledger::{Actor, Draft, Ledger, Timestamp};
use catchall_model::{Determination, Reject, Transfer};

use super::{Decoder, Raw, Reader};
use crate::judge::{Keeper, Reports, Shelf, unasked};
use crate::record::Determined;

/// Records that travel together.
const CHUNK: usize = 256;

/// What became of one record, and how it is to be written.
pub struct Done {
    /// The determination, already put into words by the worker, or what was wrong with the record.
    pub answer: Result<Written, Vec<Reject>>,
}

/// A determination as it leaves the worker.
pub struct Written {
    /// Its outcome.
    pub outcome: catchall_model::Outcome,
    /// Its text in the output's format, ended.
    pub text: String,
    /// What is to be recorded of it, where it is recorded.
    pub record: Option<Draft>,
}

/// How determinations are put into words, on the workers.
pub enum Render {
    /// Answered in this detail, and written by this.
    By(Detail, Box<dyn Fn(&Determination) -> String + Sync>),
    /// The whole document as JSON, with this behind it.
    Document(&'static str),
    /// As the inner one says, and recorded.
    Recorded(Box<Render>, Box<Recording>),
}

/// How determinations are recorded.
pub struct Recording {
    /// Who asks.
    pub actor: Actor,
    /// The dates asked about, where the caller chose them.
    pub asked: AskedFor,
    /// What time it is.
    pub clock: fn() -> Timestamp,
    /// The ledger, which knows of licences too.
    pub ledger: Ledger,
    /// Its licences.
    pub shelf: Shelf,
    /// Its reports.
    pub reports: crate::evidence::Shelf,
    /// What a question of an accepted statement needs.
    pub rules: crate::evidence::Rules,
}

impl Recording {
    /// Tells a transfer what the ledger knows that bears on it.
    fn tell(&self, transfer: &mut Transfer) -> Result<(), FieldError> {
        let keeper = Keeper {
            shelf: &self.shelf,
            reports: Some(Reports {
                shelf: &self.reports,
                rules: &self.rules,
                today: crate::load::today(),
            }),
            ledger: &self.ledger,
            asker: None,
        };
        match keeper.tell(transfer, self.asked.as_of) {
            Ok(_) => Ok(()),
            Err(error) => Err(unasked(&error)),
        }
    }

    /// The draft of an entry: the transfer in the contract's JSON, whatever it was read from, and the document.
    fn draft(&self, transfer: &Transfer, document: &str) -> Option<Draft> {
        let day = |day: Option<catchall_model::Day>| day.map(|day| day.to_string());
        let determined = Determined {
            transfer: crate::given::to_json(transfer).to_string(),
            document: document.to_owned(),
            as_of: day(self.asked.as_of),
            known_by: day(self.asked.known_by),
        };
        // Both texts were written by us, so they are JSON.
        determined.draft(self.actor.clone(), (self.clock)()).ok()
    }
}

impl Render {
    fn write(
        &self,
        assessor: &Assessor,
        transfer: &Transfer,
        room: &mut Room,
    ) -> Result<Written, Vec<FieldError>> {
        match self {
            Render::By(detail, words) => {
                let made = assessor.assess(transfer, *detail, room)?;
                Ok(Written {
                    outcome: made.outcome,
                    text: words(&made),
                    record: None,
                })
            }
            Render::Document(behind) => {
                let (outcome, mut text) = assessor.assess_to_json(transfer, room)?;
                text.push_str(behind);
                Ok(Written {
                    outcome,
                    text,
                    record: None,
                })
            }
            Render::Recorded(inner, recording) => {
                let mut written = inner.write(assessor, transfer, room)?;
                written.record = match inner.as_ref() {
                    Render::Document(behind) => {
                        let document = written.text.strip_suffix(behind).unwrap_or(&written.text);
                        recording.draft(transfer, document)
                    }
                    _ => {
                        let (_, document) = assessor.assess_to_json(transfer, room)?;
                        recording.draft(transfer, &document)
                    }
                };
                Ok(written)
            }
        }
    }
}

/// Reads, assesses and hands every record to `write`, in the order of the input.
///
/// `write` gets one record after the other and may
/// stop the run by an error.
///
/// # Errors
/// What `write` returns.
pub fn run<E: Send>(
    reader: &mut Reader,
    decoder: &Decoder,
    assessor: &Assessor,
    workers: usize,
    render: &Render,
    mut write: impl FnMut(Done) -> Result<(), E>,
) -> Result<(), E> {
    let (to_workers, from_reader): (SyncSender<(u64, Vec<Result<Raw, Reject>>)>, Receiver<_>) =
        sync_channel(workers * 2);
    let (to_writer, from_workers): (SyncSender<(u64, Vec<Done>)>, Receiver<_>) =
        sync_channel(workers * 2);
    let from_reader = Mutex::new(Some(from_reader));
    std::thread::scope(|scope| {
        for _ in 0..workers {
            let to_writer = to_writer.clone();
            let from_reader = &from_reader;
            scope.spawn(move || {
                let mut room = Room::default();
                loop {
                    let next = match from_reader.lock() {
                        Ok(queue) => queue.as_ref().map(Receiver::recv),
                        Err(_) => return,
                    };
                    let Some(Ok((number, chunk))) = next else {
                        return;
                    };
                    let done = chunk
                        .into_iter()
                        .map(|raw| one(raw, decoder, assessor, &mut room, render))
                        .collect();
                    if to_writer.send((number, done)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(to_writer);
        scope.spawn(move || {
            let mut number = 0;
            let mut ended = false;
            while !ended {
                let mut chunk = Vec::with_capacity(CHUNK);
                while chunk.len() < CHUNK {
                    match reader.next_raw() {
                        Some(raw) => chunk.push(raw),
                        None => {
                            ended = true;
                            break;
                        }
                    }
                }
                if !chunk.is_empty() && to_workers.send((number, chunk)).is_err() {
                    return;
                }
                number += 1;
            }
        });
        let mut waiting: BTreeMap<u64, Vec<Done>> = BTreeMap::new();
        let mut next = 0;
        let mut failed = None;
        for (number, done) in from_workers.iter() {
            waiting.insert(number, done);
            while let Some(chunk) = waiting.remove(&next) {
                next += 1;
                for each in chunk {
                    if failed.is_none()
                        && let Err(error) = write(each)
                    {
                        failed = Some(error);
                    }
                }
            }
            if failed.is_some() {
                break;
            }
        }
        // Without receivers workers and feeder end, also where the writer has stopped half-way.
        drop(from_workers);
        if let Ok(mut queue) = from_reader.lock() {
            queue.take();
        }
        failed.map_or(Ok(()), Err)
    })
}

fn one(
    raw: Result<Raw, Reject>,
    decoder: &Decoder,
    assessor: &Assessor,
    room: &mut Room,
    render: &Render,
) -> Done {
    let answer = match raw {
        Err(reject) => Err(vec![reject]),
        Ok(raw) => decoder.decode(&raw).and_then(|mut transfer| {
            let told = match render {
                Render::Recorded(_, recording) => recording
                    .tell(&mut transfer)
                    .map_err(|unasked| vec![unasked]),
                Render::By(..) | Render::Document(_) => Ok(()),
            };
            let written = told.and_then(|()| render.write(assessor, &transfer, room));
            written.map_err(|errors| {
                let reject = |error| refused(decoder, &raw, &transfer.id, error);
                errors.into_iter().map(reject).collect()
            })
        }),
    };
    Done { answer }
}

/// A value that the vocabulary refuses, as a reject with the column it came from.
pub fn refused(decoder: &Decoder, raw: &Raw, id: &str, error: FieldError) -> Reject {
    Reject {
        file: decoder.file_name().to_owned(),
        row: raw.row,
        line: raw.line,
        id: Some(id.to_owned()),
        column: Some(if decoder.is_table() {
            column_of(&error.path)
        } else {
            error.path
        }),
        cell: Some(error.found),
        problem: error.problem,
        cure: error.cure,
    }
}

/// The column of the CSV form that fills a field.
fn column_of(path: &str) -> String {
    let field = path.strip_prefix("lines[0].item.").unwrap_or(path);
    match field {
        "kind" if path != field => "item_kind".to_owned(),
        "codes" => "code".to_owned(),
        "end_use.uses" => "uses".to_owned(),
        "knowledge.exporter_knows" => "exporter_knows".to_owned(),
        "knowledge.grounds_to_suspect" => "grounds_to_suspect".to_owned(),
        "parties[end_user].type" => "end_user.type".to_owned(),
        _ => match field.split_once('.') {
            Some(("properties", name)) => format!("property.{name}"),
            Some(("facts", name)) => format!("fact.{name}"),
            _ => field.to_owned(),
        },
    }
}
