//! Visit: what every page of the desk begins with: who comes, whether they may, the two dates, the message left by the act before.
//!
//! [`Visit`] is taken by every handler, and taking it checks the right that the table of ways names for this path: a page that
//! forgets to ask cannot be written. Whoever is not signed in is sent to the log-in page and back; whoever may not sees who may.

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};

use catchall_ledger::policy::{Act, Place};
use catchall_model::Day;

use super::frame::{Dates, Flash, Frame, SCREENS, Viewer};
use super::{marks, ways};
use crate::access::{By, Caller};
use crate::app::{App, Current};
use crate::casework::Trouble;
use crate::explain::words::Mood;
use crate::http::route::Needs;
use crate::load;

/// The cookie of a message for the next page.
const FLASH: &str = "desk_flash";
/// The cookie that says whether single keys act.
const KEYS: &str = "desk_keys";

/// One request for a page.
pub(crate) struct Visit {
    /// What all handlers share.
    pub(crate) app: Arc<App>,
    /// Law, lists and places, the same for the whole page.
    pub(crate) current: Arc<Current>,
    /// Who asks, as the ledger takes them.
    pub(crate) caller: Caller,
    /// The same, as a page shows them.
    pub(crate) viewer: Viewer,
    /// The dates of the page.
    pub(crate) dates: Dates,
    /// Messages.
    pub(crate) flashes: Vec<Flash>,
    /// The parts that the script wants; empty for a whole page.
    pub(crate) parts: Vec<String>,
}

/// A page that says what went wrong.
pub(crate) struct Refusal {
    status: StatusCode,
    headline: String,
    says: String,
    visit: Option<Box<(Viewer, Dates)>>,
    way: Option<Box<Response>>,
}

impl Visit {
    /// The frame of a page.
    pub(crate) fn frame<'a>(&'a self, title: impl Into<String>, screen: &'a str) -> Frame<'a> {
        let mut frame = Frame::new(title, screen);
        frame.viewer = Some(&self.viewer);
        frame.dates = Some(&self.dates);
        frame.flashes = self.flashes.clone();
        frame
    }

    /// Whether this person may do an act to what stands in a place.
    pub(crate) fn may(&self, act: &str, place: Place<'_>) -> Result<(), String> {
        let found = Act::find(act).ok_or_else(|| format!("`{act}` is no act"))?;
        if let By::Token { scope, .. } = &self.caller.by
            && !scope.is_empty()
            && !scope.iter().any(|own| own == act)
        {
            return Err(format!(
                "the service token is limited to {}",
                scope.join(", ")
            ));
        }
        let answer = self.app.policy.may(&self.caller.actor, found, place);
        answer.map_err(|why| why.to_string())
    }

    /// The same in the person's own team.
    pub(crate) fn may_here(&self, act: &str) -> bool {
        self.may(act, Place::of_team(self.caller.actor.team.as_deref()))
            .is_ok()
    }

    /// The day that a page without a chosen one takes: today.
    pub(crate) fn on(&self) -> Day {
        self.dates.as_of.unwrap_or(self.dates.today)
    }

    /// The day whose record the page shows, where that day is over.
    pub(crate) fn past(&self) -> Option<Day> {
        self.dates.known_by.filter(|day| *day < self.dates.today)
    }

    /// The last day of the record that the page shows: today, unless the past was asked for.
    pub(crate) fn record_day(&self) -> Day {
        self.past().unwrap_or(self.dates.today)
    }

    /// Whether this person may do an act on the page that they look at: nothing is done in the past.
    pub(crate) fn may_now(&self, act: &str, place: Place<'_>) -> Result<(), String> {
        if self.past().is_some() {
            return Err("not in a view of the past".to_owned());
        }
        self.may(act, place)
    }

    /// A page that says what went wrong, in the frame.
    pub(crate) fn refuse(
        &self,
        status: StatusCode,
        headline: &str,
        says: impl Into<String>,
    ) -> Refusal {
        Refusal {
            status,
            headline: headline.to_owned(),
            says: says.into(),
            visit: Some(Box::new((self.viewer.clone(), self.dates.clone()))),
            way: None,
        }
    }

    /// Nothing there.
    pub(crate) fn nothing(&self, what: &str) -> Refusal {
        self.refuse(
            StatusCode::NOT_FOUND,
            "Nothing is here",
            format!("{what} Go back to the desk, or search above."),
        )
    }

    /// What went wrong with casework.
    pub(crate) fn troubled(&self, trouble: &Trouble) -> Refusal {
        let (status, headline) = match trouble {
            Trouble::NoCase(_) => (StatusCode::NOT_FOUND, "Nothing is here"),
            Trouble::Moved { .. } => (StatusCode::CONFLICT, "Somebody was faster"),
            Trouble::Refused(_) => (StatusCode::CONFLICT, "Not done"),
            Trouble::Unassessed(_) | Trouble::Flow(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "Not done")
            }
            Trouble::Fold(_) | Trouble::Unreadable(_) => (StatusCode::GONE, "No longer readable"),
            Trouble::Ledger(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "The ledger could not be used",
            ),
        };
        self.refuse(status, headline, trouble.to_string())
    }

    /// The person's message after an act, and the way to the next page.
    pub(crate) fn onward(&self, to: &str, mood: Mood, says: &str) -> Response {
        let sign = if mood == Mood::Go { '+' } else { '-' };
        let says: String = says.chars().take(400).collect();
        let text = crate::address::escaped(&says);
        let mut response = Redirect::to(to).into_response();
        let cookie = format!("{FLASH}={sign}{text}; Path=/; Max-Age=30; HttpOnly; SameSite=Strict");
        if let Ok(value) = HeaderValue::from_str(&cookie) {
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        response
    }

    /// A page, with the message forgotten that it has shown.
    pub(crate) fn show(&self, page: Markup) -> Response {
        let mut response = page.into_response();
        if !self.flashes.is_empty() {
            let gone = HeaderValue::from_static(
                "desk_flash=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict",
            );
            response.headers_mut().append(header::SET_COOKIE, gone);
        }
        response
    }
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Visit, Refusal> {
        let caller = parts
            .extensions
            .get::<Caller>()
            .cloned()
            .unwrap_or_else(Caller::nobody);
        if !caller.is_known() {
            return Err(Refusal::sign_in(parts));
        }
        let visit = Visit::build(
            app,
            caller,
            &parts.headers,
            parts.uri.query().unwrap_or_default(),
        );
        let path = parts
            .extensions
            .get::<MatchedPath>()
            .map_or("", |path| path.as_str());
        visit.allowed(&parts.method, path)?;
        Ok(visit)
    }
}

impl Visit {
    /// A visit before anybody asked whether it may be.
    fn build(app: &Arc<App>, caller: Caller, headers: &HeaderMap, query: &str) -> Visit {
        let today = load::today();
        let (as_of, wrong_as_of) = day_of(query, "as_of");
        let (known_by, wrong_known_by) = day_of(query, "known_by");
        let current = app.current();
        let held = current.assessor.lists().0.len();
        let law = current.assessor.law();
        let viewer = Viewer {
            name: caller.actor.name.clone(),
            team: caller.actor.team.clone(),
            roles: caller.actor.roles.clone(),
            token: caller.csrf().to_owned(),
            keys: cookie(headers, KEYS) != Some("off"),
            screens: Vec::new(),
        };
        let dates = Dates {
            as_of,
            known_by,
            today,
            vintage: format!(
                "Law {} · Lists {held}",
                marks::count(law.instruments.len(), "instrument", "instruments")
            ),
        };
        let wrong = [wrong_as_of, wrong_known_by]
            .into_iter()
            .flatten()
            .map(|text| Flash {
                mood: Mood::Stop,
                text: format!("“{text}” is no day; write year-month-day. It was left out."),
            });
        let flashes = cookie(headers, FLASH)
            .and_then(flash)
            .into_iter()
            .chain(wrong)
            .collect();
        let wanted = headers
            .get("x-desk-parts")
            .and_then(|value| value.to_str().ok());
        let mut visit = Visit {
            app: app.clone(),
            current,
            caller,
            viewer,
            dates,
            flashes,
            parts: wanted
                .map(|wanted| wanted.split(' ').map(str::to_owned).collect())
                .unwrap_or_default(),
        };
        let open = SCREENS.iter().map(|(address, ..)| *address);
        let open = open.filter(|address| match ways::needs(&Method::GET, address) {
            Some(Needs::Act(act)) => visit.may_here(act),
            Some(Needs::SignedIn | Needs::Nothing) => true,
            None => false,
        });
        let open: Vec<&'static str> = open.collect();
        visit.viewer.screens = open;
        visit
    }

    /// Whether this person may come this way.
    fn allowed(&self, method: &Method, path: &str) -> Result<(), Refusal> {
        if let By::Session {
            must_change: true, ..
        } = self.caller.by
            && path != "/password"
            && path != "/logout"
        {
            return Err(Refusal {
                way: Some(Box::new(Redirect::to("/password").into_response())),
                ..self.refuse(StatusCode::FORBIDDEN, "", "")
            });
        }
        match ways::needs(method, path) {
            Some(Needs::Nothing | Needs::SignedIn) => Ok(()),
            Some(Needs::Act(act)) => self
                .may(act, Place::of_team(self.caller.actor.team.as_deref()))
                .map_err(|why| {
                    self.refuse(StatusCode::FORBIDDEN, "Not yours to do", format!("{why}."))
                }),
            // A way that the table does not know leads nowhere.
            None => Err(self.nothing("This address leads nowhere.")),
        }
    }
}

/// The page for an address that leads nowhere.
pub(crate) fn lost(app: &Arc<App>, caller: Caller, headers: &HeaderMap) -> Response {
    let says = "This address leads nowhere.";
    if caller.is_known() {
        return Visit::build(app, caller, headers, "")
            .nothing(says)
            .into_response();
    }
    let frame = Frame::new("Nothing is here", "");
    let status = StatusCode::NOT_FOUND;
    (status, frame.page(trouble(status, "Nothing is here", says))).into_response()
}

/// Whether whoever asks is a browser that wants a page.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    let accepts = headers
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok());
    accepts.is_some_and(|accepts| accepts.contains("text/html"))
}

/// A day of the query; what stands there instead, where it is none.
fn day_of(query: &str, name: &str) -> (Option<Day>, Option<String>) {
    let found = ways::pairs(query.as_bytes())
        .into_iter()
        .find(|(own, _)| own == name);
    let Some(text) = found
        .map(|(_, value)| value.trim().to_owned())
        .filter(|text| !text.is_empty())
    else {
        return (None, None);
    };
    match Day::parse(&text) {
        Ok(day) => (Some(day), None),
        Err(_) => (None, Some(text.chars().take(40).collect())),
    }
}

/// The value of a cookie.
fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = all
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(own, _)| *own == name).map(|(_, value)| value)
}

fn flash(value: &str) -> Option<Flash> {
    let (sign, text) = value.split_at_checked(1)?;
    let text = ways::unescaped(text);
    let mood = match sign {
        "+" => Mood::Go,
        "-" => Mood::Stop,
        _ => return None,
    };
    (!text.is_empty()).then_some(Flash { mood, text })
}

impl Refusal {
    /// To the log-in page and back.
    fn sign_in(parts: &Parts) -> Refusal {
        let here = parts
            .uri
            .path_and_query()
            .map_or("/desk", |path| path.as_str());
        let back = if parts.method == Method::GET {
            here
        } else {
            "/desk"
        };
        let way =
            Redirect::to(&format!("/login?to={}", crate::address::escaped(back))).into_response();
        Refusal {
            status: StatusCode::SEE_OTHER,
            headline: String::new(),
            says: String::new(),
            visit: None,
            way: Some(Box::new(way)),
        }
    }
}

impl From<crate::http::problem::Problem> for Refusal {
    fn from(problem: crate::http::problem::Problem) -> Refusal {
        Refusal {
            status: problem.status(),
            headline: "It did not work".to_owned(),
            says: "The server could not do this; nothing was recorded. Try again, and tell whoever runs it if it happens twice.".to_owned(),
            visit: None,
            way: None,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        if let Some(way) = self.way {
            return *way;
        }
        let mut frame = Frame::new(self.headline.clone(), "");
        if let Some((viewer, dates)) = self.visit.as_deref() {
            frame.viewer = Some(viewer);
            frame.dates = Some(dates);
            frame.here = "/desk";
        }
        let page = frame.page(trouble(self.status, &self.headline, &self.says));
        (self.status, page).into_response()
    }
}

/// What a page that failed says: what, that nothing was lost, and where to go.
pub(crate) fn trouble(status: StatusCode, headline: &str, says: &str) -> Markup {
    let (sign, mood) = match status {
        StatusCode::FORBIDDEN => ("i-lock", Mood::Refer),
        StatusCode::NOT_FOUND | StatusCode::GONE => ("i-list", Mood::Unknown),
        StatusCode::CONFLICT => ("i-bang", Mood::Need),
        _ => ("i-bang", Mood::Stop),
    };
    html! {
        div.ident { h1 { (headline) } p.facts { span { (status.as_u16()) } } }
        (marks::note(mood, sign, headline, html! {
            p { (marks::said(&crate::explain::words::capital(says))) }
            p { "Nothing was recorded." @if status == StatusCode::CONFLICT { " Go back: what you wrote still stands in your browser." } }
        }))
        p.btns.after { a.btn href="/" { "Back to work" } }
    }
}
