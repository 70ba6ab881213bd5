//! Streams: JSON Lines in and out at the pace of the slower side, with flat memory.
//!
//! The body goes through a channel to a blocking thread that reads, assesses and records in chunks; what it writes goes through a
//! second channel to the answer. Whoever hangs up ends the thread at its next chunk.

use std::io::Read;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Response, header};
use catchall_ledger::Actor;
use futures_core::Stream;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::assess::{Asking, Judging, rejected};
use super::problem::Problem;
use crate::app::App;
use crate::batch;
use crate::judge::Judge;

/// Records that are recorded together.
const CHUNK: usize = 256;
/// Chunks of bytes on their way.
const WAITING: usize = 8;

/// A stream of determinations for a stream of transfers.
///
/// # Errors
/// When the days asked for cannot be.
pub async fn assess(
    app: &Arc<App>,
    asking: Asking,
    asker: Actor,
    record: bool,
    body: Body,
) -> Result<Response<Body>, Problem> {
    let current = app.current();
    let assessor = asking.assessor(&current)?;
    let permit = app
        .streams
        .clone()
        .acquire_owned()
        .await
        .map_err(|_| Problem::internal())?;
    let (to_worker, from_body) = channel(WAITING);
    let (to_answer, from_worker) = channel(WAITING);
    tokio::spawn(pump(body, to_worker));
    let app = app.clone();
    tokio::task::spawn_blocking(move || {
        let reader = Box::new(Pipe {
            from: from_body,
            rest: Bytes::new(),
        });
        let limits = batch::Limits::default();
        let opened = batch::from_stream(
            "request",
            reader,
            Some(batch::Format::JsonLines),
            limits,
            current.places.clone(),
        );
        let (mut reader, decoder) = match opened {
            Ok(opened) => opened,
            // Nothing came: an empty stream has an empty answer.
            Err(_) => return,
        };
        let judging = Judging {
            judge: Judge {
                assessor: &assessor,
                decoder: &decoder,
                as_of: asking.as_of,
                keeper: Some(app.keeper(&asker)),
            },
            asking,
            record,
        };
        let recorder = record.then_some(&asker);
        let mut write = |text: String| to_answer.blocking_send(Bytes::from(text)).is_ok();
        if let Err(problem) = records(&app, &mut reader, &judging, recorder, &mut write) {
            // What is not on record is not answered: the stream ends with the reason.
            let _ = write(problem.document() + "\n");
        }
        drop(permit);
    });
    let mut response = Response::new(Body::from_stream(Chunks(from_worker)));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/x-ndjson"),
    );
    Ok(response)
}

/// Reads, assesses and records all that a reader holds, a chunk at a time; `write` gets the lines of each chunk and says whether to
/// go on. For streams and for jobs.
///
/// # Errors
/// When the ledger cannot take a chunk: what came before it is recorded and written.
pub fn records(
    app: &App,
    reader: &mut batch::Reader,
    judging: &Judging<'_>,
    recorder: Option<&Actor>,
    write: &mut dyn FnMut(String) -> bool,
) -> Result<(), Problem> {
    app.with_room(|room| {
        loop {
            let mut text = String::new();
            let mut made = Vec::new();
            let mut count = 0;
            while count < CHUNK
                && let Some(raw) = reader.next_raw()
            {
                count += 1;
                let one = raw
                    .map_err(|reject| vec![reject])
                    .and_then(|raw| judging.judge(&raw, None, room));
                match one {
                    Ok(one) => {
                        text.push_str(&one.document);
                        made.extend(one.determined);
                    }
                    Err(rejects) => text.push_str(&rejected(&rejects)),
                }
                text.push('\n');
            }
            if count == 0 {
                return Ok(());
            }
            if let Some(actor) = recorder {
                super::assess::append(app, actor, &made)?;
            }
            if !write(text) {
                return Ok(());
            }
        }
    })
}

/// Hands the body's bytes on; a body that breaks off ends the stream where it broke.
pub async fn pump(body: Body, to: Sender<Bytes>) {
    let mut stream = body.into_data_stream();
    while let Some(Ok(bytes)) =
        std::future::poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await
    {
        if to.send(bytes).await.is_err() {
            return;
        }
    }
}

/// What comes through a channel, read on a blocking thread.
pub struct Pipe {
    /// The channel.
    pub from: Receiver<Bytes>,
    /// What was received and not yet read.
    pub rest: Bytes,
}

impl Read for Pipe {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.rest.is_empty() {
            match self.from.blocking_recv() {
                Some(bytes) => self.rest = bytes,
                None => return Ok(0),
            }
        }
        let count = self.rest.len().min(into.len());
        into[..count].copy_from_slice(&self.rest.split_to(count));
        Ok(count)
    }
}

/// A channel as the body of an answer.
pub struct Chunks(pub Receiver<Bytes>);

impl Stream for Chunks {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context).map(|bytes| bytes.map(Ok))
    }
}
