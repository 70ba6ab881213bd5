//! Check, Why, and a case opened from them.

use axum::body::Bytes;
use axum::extract::Path;
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use catchall_assess::{Assessor, Detail, FieldError, Room};
use catchall_ledger::policy::Place;
use catchall_model::{Day, Determination, Transfer};
use serde_json::Value;

use super::{of, pairs};
use crate::app::Current;
use crate::batch::{Raw, RawRecord};
use crate::casework;
use crate::desk::check::{self, Answer, Page};
use crate::desk::sheet::Sheet;
use crate::desk::strip::{self, Stretch};
use crate::desk::visit::{Refusal, Visit};
use crate::desk::why::{self, Origin};
use crate::explain::words::Mood;
use crate::given;
use crate::http::take;
use crate::judge::{Unfit, unasked};

/// The keys of this screen.
const KEYS: &[(&str, &str)] = &[("Ctrl Enter", "check")];

/// The two dates that a form carries; they stand in the header and belong to the form.
fn dated(visit: &mut Visit, form: &[(String, String)]) {
    for name in ["as_of", "known_by"] {
        let text = of(form, name);
        if text.is_empty() {
            continue;
        }
        match (Day::parse(text), name) {
            (Ok(day), "as_of") => visit.dates.as_of = Some(day),
            (Ok(day), _) => visit.dates.known_by = Some(day),
            (Err(_), _) => visit.flashes.push(crate::desk::frame::Flash {
                mood: Mood::Stop,
                text: format!(
                    "“{}” is no day; write year-month-day. It was left out.",
                    text.chars().take(40).collect::<String>()
                ),
            }),
        }
    }
}

/// The assessor for what was recorded by the day that the page asks for.
fn assessor(visit: &Visit) -> Result<Assessor, Refusal> {
    let asked = visit.current.asking(None, visit.dates.known_by);
    asked.map_err(|error| {
        visit.refuse(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Nothing was recorded by then",
            error.to_string(),
        )
    })
}

fn render(visit: &Visit, sheet: &Sheet, rows: &str, answer: &Answer) -> Response {
    let mut frame = visit.frame("Check a transfer", "/check");
    frame.dates_in = Some("transfer");
    frame.keys = KEYS;
    let page = Page {
        sheet,
        rows,
        answer,
        vocabulary: &visit.current.assessor.law().vocabulary,
        viewer: &visit.viewer,
        may_open: visit.may_here("case.open"),
    };
    if visit.parts.is_empty() {
        return visit.show(check::page(&page, &frame));
    }
    // The script takes only what changes; the whole page would do as well.
    let part = if visit.parts.iter().any(|part| part == "fields") {
        check::parts(&page)
    } else {
        check::answer_part(&page)
    };
    part.into_response()
}

/// The form, empty or filled by the address or from a case.
pub(super) async fn blank(visit: Visit, uri: Uri) -> Result<Response, Refusal> {
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let from_case = of(&query, "case").to_owned();
    let sheet = if from_case.is_empty() {
        Sheet::posted(
            &query
                .into_iter()
                .filter(|(name, _)| name != "case")
                .collect::<Vec<_>>(),
        )
    } else {
        of_case(&visit, &from_case).await?
    };
    answered(visit, sheet, String::new()).await
}

/// The transfer of a case, as the form has it.
async fn of_case(visit: &Visit, id: &str) -> Result<Sheet, Refusal> {
    let case = super::cases::read(visit, id).await?;
    let entry = case.answer().map_or(0, |answer| answer.entry);
    let found = take::blocking(&visit.app, move |app| {
        casework::determined(&app.ledger, entry)
    })
    .await?;
    let found = found
        .ok()
        .flatten()
        .ok_or_else(|| visit.nothing("The transfer of this case cannot be read."))?;
    Ok(Sheet::of_transfer(&found.transfer))
}

/// What was posted: an answer, a table of answers, or one row opened.
pub(super) async fn check(mut visit: Visit, body: Bytes) -> Result<Response, Refusal> {
    let form = pairs(&body);
    dated(&mut visit, &form);
    let rows = form
        .iter()
        .rev()
        .find(|(name, _)| name == "rows")
        .map_or(String::new(), |(_, value)| value.clone());
    if let Ok(wanted) = of(&form, "pick").parse::<usize>() {
        let Some(sheet) = check::pick(&rows, wanted) else {
            return Err(visit.refuse(
                StatusCode::UNPROCESSABLE_ENTITY,
                "This row cannot be opened",
                "Only rows of a table can be opened in the form.",
            ));
        };
        return answered(visit, sheet, rows).await;
    }
    if rows.trim().is_empty() || !visit.parts.is_empty() {
        return answered(visit, Sheet::posted(&form), rows).await;
    }
    let assessor = assessor(&visit)?;
    let (as_of, text) = (visit.dates.as_of, rows.clone());
    let (app, actor) = (visit.app.clone(), visit.caller.actor.clone());
    let answer = take::work(&visit.app, move |current, room| {
        let keeper = app.keeper(&actor);
        check::assess_rows(&text, as_of, &assessor, &keeper, &current.places, room)
    })
    .await?;
    Ok(render(&visit, &Sheet::posted(&form), &rows, &answer))
}

async fn answered(visit: Visit, sheet: Sheet, rows: String) -> Result<Response, Refusal> {
    let assessor = assessor(&visit)?;
    let (as_of, own) = (visit.dates.as_of, sheet.clone());
    let (app, actor) = (visit.app.clone(), visit.caller.actor.clone());
    let answer = take::work(&visit.app, move |current, room| {
        let keeper = app.keeper(&actor);
        check::assess(&own, as_of, &assessor, &keeper, &current.places, room)
    })
    .await?;
    Ok(render(&visit, &sheet, &rows, &answer))
}

/// The reasons for what stands in the form, kept nowhere.
pub(super) async fn why(mut visit: Visit, body: Bytes) -> Result<Response, Refusal> {
    let form = pairs(&body);
    dated(&mut visit, &form);
    let sheet = Sheet::posted(&form);
    let assessor = assessor(&visit)?;
    let (as_of, today, own) = (visit.dates.as_of, visit.dates.today, sheet.clone());
    let (app, actor) = (visit.app.clone(), visit.caller.actor.clone());
    let made = take::work(&visit.app, move |current, room| {
        let mut transfer = own.transfer(&assessor, &current.places)?;
        let keeper = app.keeper(&actor);
        let mut asked = transfer.clone();
        let document = check::document(&mut asked, as_of, &assessor, &keeper, room)?;
        transfer.licences = asked.licences;
        transfer.knowledge = asked.knowledge;
        let runs = runs(&transfer, today, &assessor, room);
        Ok::<_, Vec<_>>((document, why::title_of(&transfer, assessor.law()), runs))
    })
    .await?;
    match made {
        Err(faults) => Ok(render(&visit, &sheet, "", &Answer::Faults(faults))),
        Ok((document, title, runs)) => Ok(show(
            &visit,
            &document,
            &title,
            &runs,
            &Origin::Fresh,
            "/check",
        )),
    }
}

/// The answers of all days up to today.
fn runs(
    transfer: &Transfer,
    today: Day,
    assessor: &Assessor,
    room: &mut catchall_assess::Room,
) -> Vec<Stretch> {
    let from = Day::from_ymd(1945, 1, 1).unwrap_or(Day::MIN);
    let last = transfer.date.map_or(today, |act| act.max(today));
    strip::stretches(transfer, from, last, assessor, room)
}

fn show(
    visit: &Visit,
    document: &Value,
    title: &str,
    runs: &[Stretch],
    origin: &Origin,
    here: &str,
) -> Response {
    let screen = if here == "/check" { here } else { "/cases" };
    let mut frame = visit.frame(format!("Why: {title}"), screen);
    frame.here = here;
    if let Origin::Fresh = origin {
        // The two dates stood in the form that asked.
        frame.dates = None;
    }
    let page = why::Page {
        document,
        title,
        law: visit.current.assessor.law(),
        runs,
        origin,
        today: visit.dates.today,
    };
    visit.show(why::page(&page, &frame))
}

/// The reasons of a determination in the ledger.
pub(super) async fn recorded(visit: Visit, Path(number): Path<u64>) -> Result<Response, Refusal> {
    let nothing = || visit.nothing("No determination stands in this entry, or it was erased.");
    let found = take::blocking(&visit.app, move |app| {
        casework::determined(&app.ledger, number)
    })
    .await?;
    let found = found
        .map_err(|error| visit.troubled(&error.into()))?
        .ok_or_else(nothing)?;
    // Whoever may not read it must not learn that it is there.
    visit
        .may("determination.read", Place::of_team(found.team.as_deref()))
        .map_err(|_| nothing())?;
    let (today, dates) = (visit.dates.today, visit.dates.clone());
    let given = found.transfer.clone();
    let made = take::work(&visit.app, move |current, room| {
        let transfer = decoded(current, &given)?;
        let runs = runs(&transfer, today, &current.assessor, room);
        let again = match (dates.as_of, dates.known_by) {
            (None, None) => None,
            asked => Some(again(current, &transfer, asked, Detail::Full, room)),
        };
        Some((
            why::title_of(&transfer, current.assessor.law()),
            runs,
            again,
        ))
    })
    .await?;
    let (title, runs, again) = made.unwrap_or_else(|| {
        (
            catchall_ledger::case::command::title(&found.transfer),
            Vec::new(),
            None,
        )
    });
    let (document, origin) = match again {
        None => (
            found.document,
            Origin::Entry {
                number,
                hash: found.hash,
                case: None,
            },
        ),
        Some(Ok(made)) => (
            serde_json::to_value(&made).unwrap_or_default(),
            Origin::Again { number },
        ),
        Some(Err(why)) => {
            return Err(visit.refuse(
                StatusCode::UNPROCESSABLE_ENTITY,
                "Not assessed for those days",
                why,
            ));
        }
    };
    let here = format!("/why/{number}");
    Ok(show(&visit, &document, &title, &runs, &origin, &here))
}

/// A transfer of the record, read.
pub(super) fn decoded(current: &Current, given: &Value) -> Option<Transfer> {
    let raw = Raw {
        row: 1,
        line: None,
        record: RawRecord::Json(given.to_string().into_bytes()),
    };
    current.decoder.decode(&raw).ok()
}

/// A transfer of the record by the law of another day, or as the law was recorded by one: kept nowhere.
pub(super) fn again(
    current: &Current,
    transfer: &Transfer,
    (as_of, known_by): (Option<Day>, Option<Day>),
    detail: Detail,
    room: &mut Room,
) -> Result<Determination, String> {
    let assessor = current
        .asking(as_of, known_by)
        .map_err(|error| error.to_string())?;
    assessor.assess(transfer, detail, room).map_err(|errors| {
        let said = |error: &FieldError| format!("{}: {}", error.path, error.problem);
        errors.iter().map(said).collect::<Vec<_>>().join("; ")
    })
}

/// Opens a case from what stands in the form.
pub(super) async fn open(mut visit: Visit, body: Bytes) -> Result<Response, Refusal> {
    let form = pairs(&body);
    dated(&mut visit, &form);
    let sheet = Sheet::posted(&form);
    let assessor = assessor(&visit)?;
    let (as_of, own) = (visit.dates.as_of, sheet.clone());
    let (app, actor) = (visit.app.clone(), visit.caller.actor.clone());
    let made = take::work(&visit.app, move |current, room| {
        let mut transfer = own.transfer(&assessor, &current.places)?;
        if as_of.is_some() {
            transfer.date = as_of;
        }
        // A row's number is no key: what nobody has named is named by what it says.
        if own.get("id").is_empty() {
            transfer.id = format!(
                "desk-{}",
                crate::access::secret::digest(&own.table())
                    .get(..10)
                    .unwrap_or_default()
            );
        }
        let mut transfer = given::to_json(&transfer);
        let document = app
            .assess_case(current, &actor, &mut transfer, room)
            .map_err(|unfit| match unfit {
                Unfit::Rejects(rejects) => rejects.into_iter().map(Into::into).collect(),
                Unfit::Ledger(error) => vec![unasked(&error).into()],
            })?;
        Ok::<_, Vec<crate::desk::sheet::Fault>>((transfer, document))
    })
    .await?;
    let (transfer, document) = match made {
        Ok(made) => made,
        Err(faults) => return Ok(render(&visit, &sheet, "", &Answer::Faults(faults))),
    };
    let actor = visit.caller.actor.clone();
    let opened = take::blocking(&visit.app, move |app| {
        super::cases::work(app, &actor).open(&transfer, &document, None)
    })
    .await?;
    match opened {
        Ok(id) => Ok(visit.onward(
            &format!("/cases/{id}"),
            Mood::Go,
            &format!("Case {id} is open. The transfer and its answer are recorded."),
        )),
        Err(trouble) => Err(visit.troubled(&trouble)),
    }
}
