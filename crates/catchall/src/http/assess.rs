//! `POST /v1/assess`: one transfer, a list, a batch under the caller's keys, or a stream. The bytes are those of the command line.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use catchall_assess::{Assessor, Room};
use catchall_ledger::policy::Place;
use catchall_ledger::{Actor, Receipt};
use catchall_model::{Day, Reject};
use serde::Deserialize;

use super::problem::Problem;
use super::take::{self, Words};
use super::{guard, stream};
use crate::access::Caller;
use crate::app::{App, Current};
use crate::batch::{self, Raw, RawRecord};
use crate::judge::{Judge, Unfit};
use crate::record::Determined;
use crate::{given, load};

/// Says under which numbers of the ledger an answer was recorded: `17`, or `17-42`.
pub const RECORDED: HeaderName = HeaderName::from_static("catchall-entry");

/// What may stand behind the `?`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    /// The law as it stood on this day.
    #[serde(default, deserialize_with = "day")]
    pub as_of: Option<Day>,
    /// The law as recorded by this day.
    #[serde(default, deserialize_with = "day")]
    pub known_by: Option<Day>,
    /// Whether the ledger takes it down; otherwise it does for whoever may record.
    #[serde(default)]
    pub record: Option<bool>,
}

/// Reads a day of a query; empty is none.
pub(super) fn day<'d, D: serde::Deserializer<'d>>(from: D) -> Result<Option<Day>, D::Error> {
    let text = String::deserialize(from)?;
    if text.is_empty() {
        return Ok(None);
    }
    Day::parse(&text)
        .map(Some)
        .map_err(serde::de::Error::custom)
}

impl Asking {
    /// The assessor for these days.
    ///
    /// # Errors
    /// When nothing had been recorded by `known_by`.
    pub fn assessor(self, current: &Current) -> Result<Assessor, Problem> {
        current
            .asking(self.as_of, self.known_by)
            .map_err(|error| Problem::bad_request(format!("known_by: {error}")))
    }

    /// Who records, if anybody does: whoever may record does so unless told otherwise; whoever may not is refused when they
    /// ask for it.
    ///
    /// # Errors
    /// 403.
    pub fn recorder(self, app: &App, caller: &Caller) -> Result<Option<Actor>, Problem> {
        let place = Place::of_team(caller.actor.team.as_deref());
        let may = guard::may(app, caller, "transfer.record", place);
        match (self.record, may) {
            (Some(false), _) | (None, Err(_)) => Ok(None),
            (Some(true), Err(problem)) => Err(problem),
            (_, Ok(())) => Ok(Some(caller.actor.clone())),
        }
    }
}

/// What came of one transfer.
pub struct Made {
    /// The document, to the byte.
    pub document: String,
    /// For the ledger; none where nothing is to be recorded.
    pub determined: Option<Determined>,
}

/// Assesses what the body holds.
///
/// # Errors
/// A problem document; a list, a batch or a stream is answered in full, each record that was not taken in its place.
pub async fn assess(
    State(app): State<Arc<App>>,
    Words(asking): Words<Asking>,
    caller: Caller,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let recorder = asking.recorder(&app, &caller)?;
    match take::media_type(request.headers()).as_str() {
        "" | "application/json" => {}
        "application/x-ndjson" | "application/jsonl" | "application/ndjson" => {
            let asker = caller.actor;
            return stream::assess(&app, asking, asker, recorder.is_some(), request.into_body())
                .await;
        }
        other => {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                format!(
                    "the body is `{other}`; send `application/json` or `application/x-ndjson`; tables go to `/v1/jobs`"
                ),
            ));
        }
    }
    let bytes = take::body(request.into_body(), take::BODY).await?;
    let of = app.clone();
    let at_once = app.shelf.is_silent() && is_quick(&bytes, asking);
    let job = move |current: &Current, room: &mut Room| {
        let assessor = asking.assessor(current)?;
        let mut made = Vec::new();
        let mut keeper = of.keeper(&caller.actor);
        if at_once {
            keeper.reports = None;
        }
        let judging = Judging {
            judge: Judge {
                assessor: &assessor,
                decoder: &current.decoder,
                as_of: asking.as_of,
                keeper: Some(keeper),
            },
            asking,
            record: recorder.is_some(),
        };
        let text = answer(&judging, current, bytes, room, &mut made)?;
        Ok::<_, Problem>((text, recorder.map(|actor| (actor, made))))
    };
    let (text, determined) = if at_once {
        take::at_once(&app, job)??
    } else {
        take::work(&app, job).await??
    };
    let mut response = json(StatusCode::OK, text);
    if let Some((actor, made)) = determined {
        let receipts = keep(&app, actor, made).await?;
        mark(&mut response, &receipts);
    }
    Ok(response)
}

/// Bytes of a transfer that is assessed in a moment: thousands of names to screen do not fit.
const QUICK: usize = 8 << 10;

/// Whether a body is assessed where it stands: one short transfer, by the law that stands compiled, without a question to the
/// ledger: it relies on no licence, and nothing is accepted of any report.
fn is_quick(bytes: &[u8], asking: Asking) -> bool {
    bytes.len() <= QUICK
        && asking.known_by.is_none()
        && bytes.trim_ascii_start().first() == Some(&b'{')
        && memchr::memmem::find(bytes, b"\"licences\"").is_none()
        && memchr::memmem::find(bytes, b"\"transfers\"").is_none()
}

/// Appends determinations to the ledger, all or none.
///
/// # Errors
/// What the ledger says: then the caller gets no determination either, since none stands on record.
pub async fn keep(
    app: &Arc<App>,
    actor: Actor,
    made: Vec<Determined>,
) -> Result<Vec<Receipt>, Problem> {
    take::blocking(app, move |app| {
        let at = load::now();
        let drafts: Result<Vec<_>, _> = made
            .iter()
            .map(|one| one.draft(actor.clone(), at))
            .collect();
        let drafts = drafts.map_err(|_| Problem::internal())?;
        app.ledger
            .append(drafts)
            .map_err(|error| Problem::of_ledger(&error))
    })
    .await?
}

/// Says in a header where the ledger took it down.
fn mark(response: &mut Response<Body>, receipts: &[Receipt]) {
    let numbers = receipts.iter().map(|receipt| receipt.number);
    let (Some(first), Some(last)) = (numbers.clone().min(), numbers.max()) else {
        return;
    };
    let text = if first == last {
        first.to_string()
    } else {
        format!("{first}-{last}")
    };
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().insert(RECORDED, value);
    }
}

/// A response of JSON text that stands ready.
pub fn json(status: StatusCode, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

fn answer(
    judging: &Judging<'_>,
    current: &Current,
    bytes: Bytes,
    room: &mut Room,
    made: &mut Vec<Determined>,
) -> Result<String, Problem> {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    match start.trim_ascii_start().first() {
        None => Err(Problem::bad_request(
            "the body is empty; send a transfer as a JSON object, a list of them, or `{\"transfers\": {\"key\": {...}}}`",
        )),
        Some(b'[') => list(judging, current, bytes, room, made),
        Some(_) if is_batch(start) => keyed(judging, start, room, made),
        Some(_) => {
            let one = judging
                .json(start, 1, None, room)
                .map_err(|unfit| Problem::of_unfit(&unfit))?;
            let mut text = one.document;
            text.push('\n');
            made.extend(one.determined);
            Ok(text)
        }
    }
}

/// The question of a request, and whether there is to be a record.
#[derive(Clone, Copy)]
pub struct Judging<'a> {
    /// Law, lists and licences.
    pub judge: Judge<'a>,
    /// What was asked, for the record.
    pub asking: Asking,
    /// Whether there is to be a record.
    pub record: bool,
}

impl Judging<'_> {
    fn json(
        &self,
        bytes: &[u8],
        row: u64,
        id: Option<&str>,
        room: &mut Room,
    ) -> Result<Made, Unfit> {
        let raw = Raw {
            row,
            line: None,
            record: RawRecord::Json(bytes.to_vec()),
        };
        self.made(&raw, id, room)
    }

    /// Reads and assesses one record of several: one that has no answer is told in its place, and the others go on.
    ///
    /// # Errors
    /// One reject for each fault.
    pub fn judge(&self, raw: &Raw, id: Option<&str>, room: &mut Room) -> Result<Made, Vec<Reject>> {
        self.made(raw, id, room)
            .map_err(|unfit| unfit.rejects(self.judge.decoder, raw))
    }

    fn made(&self, raw: &Raw, id: Option<&str>, room: &mut Room) -> Result<Made, Unfit> {
        let judged = self.judge.record(raw, id, room)?;
        let determined = self.record.then(|| Determined {
            transfer: match &raw.record {
                RawRecord::Json(bytes) if !judged.told => {
                    String::from_utf8_lossy(bytes).into_owned()
                }
                // What the ledger told, and a row of a table, is kept in the form that a replay reads.
                RawRecord::Json(_) | RawRecord::Text(_) | RawRecord::Cells(_) => {
                    given::to_json(&judged.transfer).to_string()
                }
            },
            document: judged.document.clone(),
            as_of: self.asking.as_of.map(|day| day.to_string()),
            known_by: self.asking.known_by.map(|day| day.to_string()),
        });
        Ok(Made {
            document: judged.document,
            determined,
        })
    }
}

/// A list: the bytes of `assess --format json`; a record that was not taken stands in its place as `{"rejects": [...]}`.
fn list(
    judging: &Judging<'_>,
    current: &Current,
    bytes: Bytes,
    room: &mut Room,
    made: &mut Vec<Determined>,
) -> Result<String, Problem> {
    let stream = Box::new(std::io::Cursor::new(bytes));
    let (mut reader, decoder) = batch::from_stream(
        "request",
        stream,
        Some(batch::Format::Json),
        batch::Limits::default(),
        current.places.clone(),
    )
    .map_err(|error| Problem::bad_request(error.to_string()))?;
    let judge = Judge {
        decoder: &decoder,
        ..judging.judge
    };
    let judging = Judging { judge, ..*judging };
    let mut text = String::from("[");
    let mut first = true;
    while let Some(raw) = reader.next_raw() {
        text.push_str(if first { "\n" } else { ",\n" });
        first = false;
        let one = raw
            .map_err(|reject| vec![reject])
            .and_then(|raw| judging.judge(&raw, None, room));
        push(&mut text, one, made);
    }
    text.push_str(if first { "]\n" } else { "\n]\n" });
    Ok(text)
}

fn push(text: &mut String, one: Result<Made, Vec<Reject>>, made: &mut Vec<Determined>) {
    match one {
        Ok(one) => {
            text.push_str(&one.document);
            made.extend(one.determined);
        }
        Err(rejects) => text.push_str(&rejected(&rejects)),
    }
}

/// A record that was not taken, in its place among the others.
pub fn rejected(rejects: &[Reject]) -> String {
    #[derive(serde::Serialize)]
    struct Rejected<'a> {
        schema: &'static str,
        rejects: &'a [Reject],
    }
    serde_json::to_string(&Rejected {
        schema: "catchall.rejects/1",
        rejects,
    })
    .unwrap_or_default()
}

/// Whether an object is a batch; a transfer that merely speaks of transfers is none.
fn is_batch(bytes: &[u8]) -> bool {
    #[derive(Deserialize)]
    struct Peek {
        transfers: Option<serde::de::IgnoredAny>,
    }
    memchr::memmem::find(bytes, b"\"transfers\"").is_some()
        && serde_json::from_slice::<Peek>(bytes).is_ok_and(|peek| peek.transfers.is_some())
}

/// A batch under the caller's keys, answered under the same keys in the same order.
fn keyed(
    judging: &Judging<'_>,
    bytes: &[u8],
    room: &mut Room,
    made: &mut Vec<Determined>,
) -> Result<String, Problem> {
    let batch: Keyed<'_> = serde_json::from_slice(bytes)
        .map_err(|error| Problem::bad_request(format!("the batch cannot be read: {error}")))?;
    let mut text = String::from("{\"determinations\":{");
    for (place, (key, transfer)) in (1_u64..).zip(&batch.transfers.0) {
        text.push_str(if place == 1 { "\n" } else { ",\n" });
        text.push_str(&serde_json::to_string(key).unwrap_or_default());
        text.push(':');
        let own: Named = serde_json::from_str(transfer.get()).unwrap_or_default();
        let id = own.id.is_none().then_some(key.as_str());
        let raw = Raw {
            row: place,
            line: None,
            record: RawRecord::Json(transfer.get().as_bytes().to_vec()),
        };
        push(&mut text, judging.judge(&raw, id, room), made);
    }
    text.push_str("\n}}\n");
    Ok(text)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keyed<'a> {
    #[serde(borrow)]
    transfers: InOrder<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    id: Option<serde_json::Value>,
}

/// Members of an object in the order they were written; a key that stands twice is refused.
struct InOrder<'a>(Vec<(String, &'a serde_json::value::RawValue)>);

impl<'d: 'a, 'a> Deserialize<'d> for InOrder<'a> {
    fn deserialize<D: serde::Deserializer<'d>>(from: D) -> Result<InOrder<'a>, D::Error> {
        from.deserialize_map(Members(std::marker::PhantomData))
    }
}

struct Members<'a>(std::marker::PhantomData<&'a ()>);

impl<'d: 'a, 'a> serde::de::Visitor<'d> for Members<'a> {
    type Value = InOrder<'a>;

    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str("an object of transfers by key")
    }

    fn visit_map<M: serde::de::MapAccess<'d>>(self, mut map: M) -> Result<InOrder<'a>, M::Error> {
        let mut seen = std::collections::HashSet::new();
        let mut all = Vec::new();
        while let Some((key, value)) = map.next_entry::<String, &serde_json::value::RawValue>()? {
            if !seen.insert(key.clone()) {
                return Err(serde::de::Error::custom(format!(
                    "the key `{key}` stands twice"
                )));
            }
            all.push((key, value));
        }
        Ok(InOrder(all))
    }
}
