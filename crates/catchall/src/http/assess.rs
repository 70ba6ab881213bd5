//! `POST /v1/assess`: one transfer, a list, a batch under the caller's keys. The bytes are those of the command line.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use catchall_assess::{Assessor, Room};
use catchall_model::{Day, Reject};
use serde::Deserialize;

use super::problem::{Fault, Problem};
use super::take::{self, Words};
use crate::app::{App, Current};
use crate::batch::{self, Decoder, Raw, RawRecord};

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
}

fn day<'d, D: serde::Deserializer<'d>>(from: D) -> Result<Option<Day>, D::Error> {
    let text = <std::borrow::Cow<'d, str>>::deserialize(from)?;
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
}

/// Assesses what the body holds.
///
/// # Errors
/// A problem document; a list or a batch is answered in full, each record that was not taken in its place.
pub async fn assess(
    State(app): State<Arc<App>>,
    Words(asking): Words<Asking>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let bytes = take::body(request.into_body(), take::BODY).await?;
    let text = take::work(&app, move |current, room| {
        let assessor = asking.assessor(current)?;
        answer(&assessor, current, bytes, room)
    })
    .await??;
    Ok(json(StatusCode::OK, text))
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
    assessor: &Assessor,
    current: &Current,
    bytes: Bytes,
    room: &mut Room,
) -> Result<String, Problem> {
    let start = bytes.trim_ascii_start();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start).first();
    match start {
        None => Err(Problem::bad_request(
            "the body is empty; send a transfer as a JSON object, a list of them, or `{\"transfers\": {\"key\": {...}}}`",
        )),
        Some(b'[') => list(assessor, current, bytes, room),
        Some(_) if is_batch(&bytes) => keyed(assessor, &current.decoder, &bytes, room),
        Some(_) => one(assessor, &current.decoder, &bytes, 1, None, room)
            .map(|mut text| {
                text.push('\n');
                text
            })
            .map_err(|rejects| Problem::rejected(rejects.iter().map(Fault::from).collect())),
    }
}

/// One transfer's document; `id` stands in where the transfer has none.
fn one(
    assessor: &Assessor,
    decoder: &Decoder,
    bytes: &[u8],
    row: u64,
    id: Option<&str>,
    room: &mut Room,
) -> Result<String, Vec<Reject>> {
    let raw = Raw {
        row,
        line: None,
        record: RawRecord::Json(bytes.to_vec()),
    };
    judge(assessor, decoder, &raw, id, room)
}

fn judge(
    assessor: &Assessor,
    decoder: &Decoder,
    raw: &Raw,
    id: Option<&str>,
    room: &mut Room,
) -> Result<String, Vec<Reject>> {
    let mut transfer = decoder.decode(raw)?;
    if let Some(id) = id {
        transfer.id = id.to_owned();
    }
    let made = assessor.assess_to_json(&transfer, room);
    made.map(|(_, text)| text).map_err(|errors| {
        let reject = |error| decoder.reject(raw, &transfer.id, error);
        errors.into_iter().map(reject).collect()
    })
}

/// A list: the bytes of `assess --format json`; a record that was not taken stands in its place as `{"rejects": [...]}`.
fn list(
    assessor: &Assessor,
    current: &Current,
    bytes: Bytes,
    room: &mut Room,
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
    let mut text = String::from("[");
    let mut first = true;
    while let Some(raw) = reader.next_raw() {
        text.push_str(if first { "\n" } else { ",\n" });
        first = false;
        let made = raw
            .map_err(|reject| vec![reject])
            .and_then(|raw| judge(assessor, &decoder, &raw, None, room));
        text.push_str(&made.unwrap_or_else(|rejects| rejected(&rejects)));
    }
    text.push_str(if first { "]\n" } else { "\n]\n" });
    Ok(text)
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
    assessor: &Assessor,
    decoder: &Decoder,
    bytes: &[u8],
    room: &mut Room,
) -> Result<String, Problem> {
    let batch: Keyed<'_> = serde_json::from_slice(bytes)
        .map_err(|error| Problem::bad_request(format!("the batch cannot be read: {error}")))?;
    let mut text = String::from("{\"determinations\":{");
    for (place, (key, transfer)) in batch.transfers.0.iter().enumerate() {
        text.push_str(if place == 0 { "\n" } else { ",\n" });
        text.push_str(&serde_json::to_string(key).unwrap_or_default());
        text.push(':');
        let own: Named = serde_json::from_str(transfer.get()).unwrap_or_default();
        let id = own.id.is_none().then_some(key.as_str());
        let row = place as u64 + 1;
        let made = one(assessor, decoder, transfer.get().as_bytes(), row, id, room);
        text.push_str(&made.unwrap_or_else(|rejects| rejected(&rejects)));
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
        struct Members<'a>(std::marker::PhantomData<&'a ()>);
        impl<'d: 'a, 'a> serde::de::Visitor<'d> for Members<'a> {
            type Value = InOrder<'a>;

            fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                to.write_str("an object of transfers by key")
            }

            fn visit_map<M: serde::de::MapAccess<'d>>(
                self,
                mut map: M,
            ) -> Result<InOrder<'a>, M::Error> {
                let mut seen = std::collections::HashSet::new();
                let mut all = Vec::new();
                while let Some((key, value)) =
                    map.next_entry::<String, &serde_json::value::RawValue>()?
                {
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
        from.deserialize_map(Members(std::marker::PhantomData))
    }
}
