//! The one form of an error: `application/problem+json` (RFC 9457), with the path of each field that is at fault.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use catchall_assess::FieldError;
use catchall_model::Reject;
use serde::Serialize;

use crate::judge::Unfit;

/// One field that is at fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Path of the field: `lines[0].item.properties.range`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What stood there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// What is wrong.
    pub problem: String,
    /// What would be right.
    pub cure: String,
}

impl Fault {
    /// The same, one object further out: `name` in `parties.a` is `parties.a.name`.
    pub fn within(mut self, place: &str) -> Fault {
        self.field = match self.field {
            Some(field) if !place.is_empty() => Some(format!("{place}.{field}")),
            None if !place.is_empty() => Some(place.to_owned()),
            own => own,
        };
        self
    }
}

impl From<&Reject> for Fault {
    fn from(reject: &Reject) -> Fault {
        Fault {
            field: reject.column.clone(),
            found: reject.cell.clone(),
            problem: reject.problem.clone(),
            cure: reject.cure.clone(),
        }
    }
}

impl From<&FieldError> for Fault {
    fn from(error: &FieldError) -> Fault {
        Fault {
            field: Some(error.path.clone()),
            found: Some(error.found.clone()),
            problem: error.problem.clone(),
            cure: error.cure.clone(),
        }
    }
}

/// Why a request was not answered.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    kind: &'static str,
    detail: String,
    faults: Vec<Fault>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

#[derive(Serialize)]
struct Document<'a> {
    r#type: String,
    title: String,
    status: u16,
    detail: &'a str,
    #[serde(skip_serializing_if = "<[Fault]>::is_empty")]
    errors: &'a [Fault],
}

impl Problem {
    /// A problem of a kind; `kind` is its stable word, `detail` a sentence for the person who reads it.
    pub fn new(status: StatusCode, kind: &'static str, detail: impl Into<String>) -> Problem {
        Problem {
            status,
            kind,
            detail: detail.into(),
            faults: Vec::new(),
            headers: Vec::new(),
        }
    }

    /// The request cannot be read.
    pub fn bad_request(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, "bad-request", detail)
    }

    /// Nothing of that name.
    pub fn not_found(detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::NOT_FOUND, "not-found", detail)
    }

    /// The document was read and says something that cannot be.
    pub fn rejected(faults: Vec<Fault>) -> Problem {
        let many = if faults.len() == 1 { "fault" } else { "faults" };
        let detail = format!(
            "the document was not taken: {} {many}, each with its field",
            faults.len()
        );
        Problem {
            faults,
            ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "rejected", detail)
        }
    }

    /// Why a record has no answer.
    pub fn of_unfit(unfit: &Unfit) -> Problem {
        match unfit {
            Unfit::Rejects(rejects) => Problem::rejected(rejects.iter().map(Fault::from).collect()),
            Unfit::Ledger(error) => Problem::of_ledger(error),
        }
    }

    /// Something broke on our side; the cause goes to the log, not to the caller.
    pub fn internal() -> Problem {
        Problem::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "the server could not finish this; its log says why, under the request's id",
        )
    }

    /// What the ledger says. Who is in the way or too late gets its words; a store that fails is told in the log.
    pub fn of_ledger(error: &catchall_ledger::LedgerError) -> Problem {
        use catchall_ledger::LedgerError as Error;
        match error {
            Error::Moved { .. } => Problem::new(StatusCode::CONFLICT, "moved", error.to_string()),
            Error::OtherBody { .. } | Error::KeyTwice { .. } => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "key-taken",
                error.to_string(),
            ),
            Error::Draft { .. } | Error::Body { .. } => Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "rejected",
                error.to_string(),
            ),
            _ => {
                crate::talk::say!("catchall: the ledger failed: {error}");
                let detail = match error {
                    Error::Full { .. } => {
                        "the ledger's disk is full, so nothing was recorded; make room and send it again"
                    }
                    Error::Busy { .. } => {
                        "the ledger is locked by another process, so nothing was recorded; send it again"
                    }
                    Error::ReadOnly { .. } => {
                        "the ledger cannot be written, so nothing was recorded; see the server's log"
                    }
                    _ => {
                        "the ledger does not work, so nothing can be recorded or read; see the server's log"
                    }
                };
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "ledger", detail)
            }
        }
    }

    /// With a header of its own.
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Problem {
        self.headers.push((name, value));
        self
    }

    /// With fields at fault.
    pub fn with_faults(mut self, faults: Vec<Fault>) -> Problem {
        self.faults = faults;
        self
    }

    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Its sentence.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// The document.
    pub fn document(&self) -> String {
        let title = self.kind.replace('-', " ");
        let document = Document {
            r#type: format!("urn:catchall:problem:{}", self.kind),
            title,
            status: self.status.as_u16(),
            detail: &self.detail,
            errors: &self.faults,
        };
        serde_json::to_string(&document).unwrap_or_default()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.document()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        for (name, value) in self.headers {
            headers.append(name, value);
        }
        response
    }
}
