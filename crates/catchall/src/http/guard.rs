//! What happens around every handler: who asks, how often, whether they may; the request's id, its log line, its time limit, and
//! the headers of every answer. Which act a way in needs stands in the table ([`super::route`]), not here.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::IntoResponse;
use catchall_ledger::policy::{Act, Place};

use super::listen::Peer;
use super::problem::Problem;
use super::route::Needs;
use super::take;
use crate::access::{By, Caller, secret};
use crate::app::App;
use crate::load;

/// A handler must have answered (or begun its stream) by then.
const PATIENCE: Duration = Duration::from_secs(60);
/// The header of a request's id.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const CSRF: HeaderName = HeaderName::from_static("x-csrf-token");

/// What the browser may load and do on our pages, unless a page says otherwise.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The id of a request, for logs.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

/// Where a request came from.
#[derive(Clone, Copy, Debug)]
pub struct Address(pub IpAddr);

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Problem> {
        let caller = parts.extensions.get::<Caller>();
        Ok(caller.cloned().unwrap_or_else(Caller::nobody))
    }
}

impl<S: Sync> FromRequestParts<S> for Address {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Address, Problem> {
        let known = parts.extensions.get::<Address>().copied();
        Ok(known.unwrap_or(Address(IpAddr::V4(Ipv4Addr::UNSPECIFIED))))
    }
}

/// Around everything that is served.
pub async fn watch(State(app): State<Arc<App>>, request: Request, next: Next) -> Response<Body> {
    let begun = Instant::now();
    let id = request_id(&app, request.headers());
    let address = address(&request);
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or("(none)", |path| path.as_str()).to_owned();
    let method = request.method().clone();
    let entered = tokio::time::timeout(PATIENCE, enter(&app, request, address)).await;
    let answered = match entered {
        Err(_) => Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "took-too-long",
            format!("the body was not there after {} s", PATIENCE.as_secs()),
        )
        .into_response(),
        Ok(Err(problem)) => problem.into_response(),
        Ok(Ok(mut request)) => {
            request.extensions_mut().insert(RequestId(id.clone()));
            match tokio::time::timeout(PATIENCE, next.run(request)).await {
                Ok(response) => response,
                Err(_) => Problem::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "took-too-long",
                    format!(
                        "no answer was ready after {} s; send less at once, or a job to `/v1/jobs`",
                        PATIENCE.as_secs()
                    ),
                )
                .into_response(),
            }
        }
    };
    let mut response = answered;
    dress(response.headers_mut(), &id, app.settings.loopback);
    let took = begun.elapsed();
    app.metrics
        .answered(method.as_str(), &route, response.status().as_u16(), took);
    if app.settings.log {
        log(&id, &method, &route, response.status(), took);
    }
    response
}

/// Where a request comes from. A proxy on this machine says for whom it speaks (`X-Forwarded-For`, the last it added); nobody
/// else is believed.
fn address(request: &Request) -> IpAddr {
    let ours = request
        .extensions()
        .get::<ConnectInfo<Peer>>()
        .map(|peer| peer.0.0);
    let plain = || {
        request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map(|from| from.0)
    };
    let peer = ours
        .or_else(plain)
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |from| from.ip());
    let said = request
        .headers()
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    said.filter(|_| peer.is_loopback()).unwrap_or(peer)
}

/// Bodies up to so long are taken in before anything is refused: a connection that is closed over bytes that nobody has read
/// takes the answer with it.
const SHORT: usize = 64 << 10;

async fn taken(request: Request) -> Result<Request, Problem> {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    if !length.is_some_and(|length| (1..=SHORT).contains(&length)) {
        return Ok(request);
    }
    let (parts, body) = request.into_parts();
    let bytes = take::body(body, SHORT).await?;
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

/// Finds out who asks and whether they ask too often or through somebody else's page.
async fn enter(app: &Arc<App>, request: Request, address: IpAddr) -> Result<Request, Problem> {
    let request = taken(request).await?;
    let caller = identify(app, request.headers(), api_key(request.uri()))?;
    let (rate, key) = if caller.is_known() {
        (&app.rate_known, format!("account {}", caller.actor.name))
    } else {
        (&app.rate_unknown, format!("address {address}"))
    };
    if app.settings.limits
        && let Err(wait) = rate.take(&key, Instant::now())
    {
        return Err(too_often(wait));
    }
    let mut request = unforged(&caller, request).await?;
    request.extensions_mut().insert(Address(address));
    request.extensions_mut().insert(caller);
    Ok(request)
}

/// Too many requests; says when to come again.
pub fn too_often(wait: Duration) -> Problem {
    let seconds = wait.as_secs() + 1;
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too-many-requests",
        format!("too many requests; come again in {seconds} s"),
    )
    .with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
}

/// A token behind the `?`: for OpenRefine, which can send no header.
fn api_key(uri: &Uri) -> Option<String> {
    uri.path().starts_with("/reconcile/").then_some(())?;
    let query = Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    query
        .0
        .into_iter()
        .find(|(name, _)| name == "api_key")
        .map(|(_, key)| key)
}

/// The caller, by token or by session.
fn identify(app: &App, headers: &HeaderMap, api_key: Option<String>) -> Result<Caller, Problem> {
    let header = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let shown = header
        .map(str::to_owned)
        .or_else(|| api_key.map(|key| format!("ApiKey {key}")));
    if let Some(shown) = shown {
        let (scheme, token) = shown.split_once(' ').unwrap_or(("", shown.as_str()));
        let known = scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("apikey");
        let register = app.accounts.register();
        let found = register.token(token.trim(), load::now()).filter(|_| known);
        return found
            .map(|token| Caller {
                actor: token.actor(),
                by: By::Token {
                    id: token.id.clone(),
                    scope: token.scope.clone(),
                },
            })
            .ok_or_else(|| {
                unknown("the service token is not known, has ended or was revoked; send `Authorization: Bearer TOKEN`")
            });
    }
    let Some(key) = cookie(headers, app.cookie_name()) else {
        return Ok(Caller::nobody());
    };
    let Some((digest, session)) = app.sessions.find(key, Instant::now()) else {
        return Ok(Caller::nobody());
    };
    let register = app.accounts.register();
    let account = register
        .account(&session.account)
        .filter(|account| !account.disabled);
    Ok(account.map_or_else(Caller::nobody, |account| Caller {
        actor: account.actor(),
        by: By::Session {
            key: digest,
            csrf: session.csrf,
            must_change: account.must_change,
        },
    }))
}

/// 401, with how to show who one is.
pub fn unknown(detail: &str) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "not-signed-in", detail).with_header(
        header::WWW_AUTHENTICATE,
        HeaderValue::from_static("Bearer realm=\"catchall\""),
    )
}

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(own, _)| *own == name)
        .map(|(_, value)| value)
}

/// Refuses what another site's page may have sent in the person's name.
///
/// A browser says where a request comes from (`Sec-Fetch-Site`, `Origin`); with a session, whatever changes something must also
/// carry the session's word, in a header or in the form's field `csrf`.
async fn unforged(caller: &Caller, request: Request) -> Result<Request, Problem> {
    let safe = [Method::GET, Method::HEAD, Method::OPTIONS].contains(request.method());
    if safe || matches!(caller.by, By::Token { .. }) {
        return Ok(request);
    }
    let headers = request.headers();
    let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let site = text(&HeaderName::from_static("sec-fetch-site"));
    let foreign_site = site.is_some_and(|site| site != "same-origin" && site != "none");
    let foreign_origin = text(&header::ORIGIN).is_some_and(|origin| {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        Some(host) != text(&header::HOST)
    });
    if foreign_site || foreign_origin {
        return Err(forged("another site's page sent this"));
    }
    let By::Session { csrf, .. } = &caller.by else {
        return Ok(request);
    };
    if text(&CSRF).is_some_and(|shown| secret::same(csrf, shown)) {
        return Ok(request);
    }
    let form = match take::media_type(headers).as_str() {
        "application/x-www-form-urlencoded" => format!("csrf={csrf}"),
        "multipart/form-data" => format!("name=\"csrf\"\r\n\r\n{csrf}\r\n"),
        _ => return Err(forged("the header `x-csrf-token` is missing or wrong")),
    };
    let plain = !form.contains('\n');
    let (parts, body) = request.into_parts();
    let bytes = take::body(body, take::BODY).await?;
    let carries = if plain {
        bytes
            .split(|byte| *byte == b'&')
            .any(|field| field == form.as_bytes())
    } else {
        memchr::memmem::find(&bytes, form.as_bytes()).is_some()
    };
    if !carries {
        return Err(forged("the form's field `csrf` is missing or wrong"));
    }
    Ok(Request::from_parts(parts, Body::from(bytes)))
}

fn forged(why: &str) -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "forged",
        format!("{why}; open the page again and send it from there"),
    )
}

/// Around one way in: lets in whoever may do the act that it needs.
pub async fn authorise(
    State((app, needs)): State<(Arc<App>, Needs)>,
    caller: Caller,
    request: Request,
    next: Next,
) -> Response<Body> {
    match allowed(&app, &caller, needs) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

/// Whether the caller may do this at all; what belongs to a team is checked again by its handler, with that team.
///
/// # Errors
/// 401 for nobody, 403 for somebody who may not, each saying what would be needed.
pub fn allowed(app: &App, caller: &Caller, needs: Needs) -> Result<(), Problem> {
    let act = match needs {
        Needs::Nothing => return Ok(()),
        Needs::SignedIn | Needs::Act(_) if !caller.is_known() => {
            return Err(unknown(
                "sign in, or send a service token as `Authorization: Bearer TOKEN`",
            ));
        }
        Needs::SignedIn => return Ok(()),
        Needs::Act(act) => act,
    };
    may(
        app,
        caller,
        act,
        Place::of_team(caller.actor.team.as_deref()),
    )
}

/// Whether a service token's scope holds an act. Roles are not looked at: for what the engine checks by itself.
///
/// # Errors
/// 403, with the scope.
pub fn within_scope(caller: &Caller, act: &str) -> Result<(), Problem> {
    match &caller.by {
        By::Token { id, scope } if !scope.is_empty() && !scope.iter().any(|own| own == act) => {
            Err(Problem::new(
                StatusCode::FORBIDDEN,
                "not-allowed",
                format!(
                    "the service token `{id}` is limited to {}; this needs `{act}`",
                    scope.join(", ")
                ),
            ))
        }
        By::Nothing => Err(unknown("sign in, or send a service token")),
        By::Session { .. } | By::Token { .. } => Ok(()),
    }
}

/// Whether the caller may do an act to what stands in a place.
///
/// # Errors
/// 403, with who may.
pub fn may(app: &App, caller: &Caller, act: &str, place: Place<'_>) -> Result<(), Problem> {
    let forbidden = |why: String| Problem::new(StatusCode::FORBIDDEN, "not-allowed", why);
    match &caller.by {
        By::Nothing => return Err(unknown("sign in, or send a service token")),
        By::Session {
            must_change: true, ..
        } => {
            return Err(forbidden(
                "the password was set by somebody else; change it first, at `POST /v1/session/password`".to_owned(),
            ));
        }
        By::Session { .. } | By::Token { .. } => {}
    }
    within_scope(caller, act)?;
    let known = Act::find(act).ok_or_else(Problem::internal)?;
    app.policy
        .may(&caller.actor, known, place)
        .map_err(|why| forbidden(why.to_string()))
}

/// The id that the caller gave, if it can stand in a log; else one of our own.
fn request_id(app: &App, headers: &HeaderMap) -> String {
    let given = headers
        .get(&REQUEST_ID)
        .and_then(|value| value.to_str().ok());
    let fits = |id: &&str| {
        (1..=64).contains(&id.len())
            && id
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
    };
    given
        .filter(fits)
        .map_or_else(|| app.next_request(), str::to_owned)
}

/// The headers of every answer.
fn dress(headers: &mut HeaderMap, id: &str, loopback: bool) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if !loopback {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
}

/// One JSON line on standard error: nothing of it says whom or what the request was about.
fn log(id: &str, method: &Method, route: &str, status: StatusCode, took: Duration) {
    crate::talk::say!(
        "{{\"at\":\"{}\",\"id\":\"{id}\",\"method\":\"{method}\",\"route\":\"{route}\",\"status\":{},\"ms\":{:.3}}}",
        load::now(),
        status.as_u16(),
        took.as_secs_f64() * 1000.0
    );
}
