//! `/v1/session`: sign in with a name and a password, see who one is, change the password, sign out.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use catchall_ledger::{Actor, Draft};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::guard::{Address, too_often};
use super::problem::{Fault, Problem};
use super::take;
use crate::access::vouched::{self, Admitted};
use crate::access::{By, Caller, accounts};
use crate::app::App;
use crate::load;
use crate::oidc::rules::{Person, Unplaced};

/// Bytes of a name and a password.
const SMALL: usize = 8 << 10;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SignIn {
    name: String,
    password: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPassword {
    old: String,
    new: String,
}

/// Who somebody is.
#[derive(Serialize)]
pub struct Me {
    name: String,
    team: Option<String>,
    roles: Vec<String>,
    acts: Vec<&'static str>,
    #[serde(skip_serializing_if = "String::is_empty")]
    csrf: String,
    must_change_password: bool,
}

/// Reads a small JSON body.
pub async fn read<T: serde::de::DeserializeOwned>(
    request: Request,
    most: usize,
) -> Result<T, Problem> {
    let media = take::media_type(request.headers());
    if media != "application/json" {
        return Err(Problem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media-type",
            format!("the body is `{media}`; send `application/json`"),
        ));
    }
    let bytes = take::body(request.into_body(), most).await?;
    serde_json::from_slice(&bytes).map_err(|error| {
        Problem::rejected(vec![Fault {
            field: None,
            found: None,
            problem: error.to_string(),
            cure: "see `/openapi.json` for what may stand there".to_owned(),
        }])
    })
}

/// Signs in.
///
/// # Errors
/// 401 for a wrong name or password, in the same words; 429 while the name is locked.
pub async fn sign_in(
    State(app): State<Arc<App>>,
    Address(address): Address,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let asked: SignIn = read(request, SMALL).await?;
    let cookie = enter(&app, asked.name, asked.password, address).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Checks a name and a password and begins a session; gives the cookie. The desk's form comes here, too.
///
/// # Errors
/// As [`sign_in`].
pub async fn enter(
    app: &Arc<App>,
    name: String,
    password: String,
    address: IpAddr,
) -> Result<HeaderValue, Problem> {
    let now = Instant::now();
    let place = format!("address {address}");
    let waits = [
        app.lockout.locked(&name, now),
        app.lockout_address.locked(&place, now),
    ];
    if let Some(wait) = waits.into_iter().flatten().max() {
        return Err(too_often(wait));
    }
    let register = app.accounts.register();
    let account = register.account(&name).cloned();
    let fits = take::blocking(app, move |_| match account {
        Some(account) if account.voucher.is_none() => account.opens(&password),
        _ => {
            accounts::pretend(&password);
            false
        }
    })
    .await?;
    if !fits {
        let times = app.lockout.failed(&name, now);
        app.lockout_address.failed(&place, now);
        app.metrics.count("logins", "failed", 1);
        // What is not an account is not written down: people type passwords into the field of the name.
        if times.is_multiple_of(5) && register.account(&name).is_some() {
            note(app, &name, "login.locked", json!({ "failures": times })).await?;
        }
        return Err(super::guard::unknown(
            "the name or the password is wrong, or the account is closed",
        ));
    }
    app.lockout.succeeded(&name);
    app.lockout_address.succeeded(&place);
    app.metrics.count("logins", "succeeded", 1);
    note(app, &name, "login.succeeded", json!({})).await?;
    let (key, _) = app
        .sessions
        .begin(&name, now)
        .map_err(|_| Problem::internal())?;
    cookie(app, &key, "")
}

/// Begins a session for somebody for whom the provider vouches; gives the cookie. No lock-out: nobody guesses here.
///
/// # Errors
/// The outer one when the server could not do it, the inner one when there is no place for them.
pub async fn vouched(
    app: &Arc<App>,
    person: Person,
) -> Result<Result<HeaderValue, Unplaced>, Problem> {
    let (issuer, named) = (person.issuer.clone(), person.name.clone());
    let admitted = take::blocking(app, move |app| {
        vouched::admit(&app.accounts, person, load::now())
    })
    .await?
    .map_err(|error| {
        crate::talk::say!("catchall: accounts: {error:#}");
        Problem::internal()
    })?;
    let admitted = match admitted {
        Ok(admitted) => admitted,
        Err(why) => {
            app.metrics.count("logins", "failed", 1);
            let about = json!({ "provider": issuer, "why": why.word() });
            note(app, &named, "login.refused", about).await?;
            return Ok(Err(why));
        }
    };
    let account = admitted.account().clone();
    let about = json!({ "provider": issuer, "team": account.team, "roles": account.roles });
    match admitted {
        Admitted::New(_) => note(app, &account.name, "account.made", about).await?,
        Admitted::Changed(_) => note(app, &account.name, "account.changed", about).await?,
        Admitted::Same(_) => {}
    }
    app.metrics.count("logins", "succeeded", 1);
    let about = json!({ "provider": issuer });
    note(app, &account.name, "login.succeeded", about).await?;
    let (key, _) = app
        .sessions
        .begin(&account.name, Instant::now())
        .map_err(|_| Problem::internal())?;
    cookie(app, &key, "").map(Ok)
}

/// Takes down that the provider let somebody in for whom there is no place here; nobody is named.
///
/// # Errors
/// When the ledger cannot take it down.
pub async fn turned_away(app: &Arc<App>, why: &Unplaced) -> Result<(), Problem> {
    app.metrics.count("logins", "failed", 1);
    note(
        app,
        "(provider)",
        "login.refused",
        json!({ "why": why.word() }),
    )
    .await
}

/// The cookie of a session; `ends` is added to it.
fn cookie(app: &App, key: &str, ends: &str) -> Result<HeaderValue, Problem> {
    let name = app.cookie_name();
    own_cookie(app, name, key, ends)
}

/// A cookie that no script reads and no other site's page sends along.
///
/// # Errors
/// When it cannot be a header.
pub fn own_cookie(app: &App, name: &str, value: &str, ends: &str) -> Result<HeaderValue, Problem> {
    let secure = if app.settings.loopback {
        ""
    } else {
        "; Secure"
    };
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{ends}");
    HeaderValue::from_str(&text).map_err(|_| Problem::internal())
}

/// An entry about an account in the ledger.
async fn note(
    app: &Arc<App>,
    account: &str,
    kind: &'static str,
    body: serde_json::Value,
) -> Result<(), Problem> {
    let draft = Draft::new(
        format!("account/{account}"),
        kind,
        Actor::named(account),
        load::now(),
        body,
    );
    take::blocking(app, move |app| app.ledger.append(vec![draft]))
        .await?
        .map(|_| ())
        .map_err(|error| Problem::of_ledger(&error))
}

/// Who the caller is, and what they may do.
pub async fn me(State(app): State<Arc<App>>, caller: Caller) -> Json<Me> {
    let place = catchall_ledger::policy::Place::of_team(caller.actor.team.as_deref());
    let acts = catchall_ledger::policy::Act::all()
        .filter(|act| super::guard::may(&app, &caller, act.word(), place).is_ok())
        .map(catchall_ledger::policy::Act::word)
        .collect();
    let must_change = matches!(
        caller.by,
        By::Session {
            must_change: true,
            ..
        }
    );
    Json(Me {
        csrf: caller.csrf().to_owned(),
        name: caller.actor.name,
        team: caller.actor.team,
        roles: caller.actor.roles,
        acts,
        must_change_password: must_change,
    })
}

/// Changes the caller's own password and ends all their other sessions.
///
/// # Errors
/// When the old one is wrong or the new one will not do.
pub async fn change_password(
    State(app): State<Arc<App>>,
    caller: Caller,
    request: Request,
) -> Result<StatusCode, Problem> {
    let asked: NewPassword = read(request, SMALL).await?;
    new_password(&app, &caller, asked.old, asked.new).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The same for the desk's form.
///
/// # Errors
/// As [`change_password`].
pub async fn new_password(
    app: &Arc<App>,
    caller: &Caller,
    old: String,
    new: String,
) -> Result<(), Problem> {
    let By::Session { key, .. } = &caller.by else {
        return Err(Problem::bad_request(
            "a service token has no password; sign in with an account",
        ));
    };
    let name = caller.actor.name.clone();
    let now = Instant::now();
    if let Some(wait) = app.lockout.locked(&name, now) {
        return Err(too_often(wait));
    }
    let fault = |field: &str, problem: String, cure: &str| {
        Problem::rejected(vec![Fault {
            field: Some(field.to_owned()),
            found: None,
            problem,
            cure: cure.to_owned(),
        }])
    };
    if old == new {
        return Err(fault(
            "new",
            "the new password is the old one".to_owned(),
            "choose another",
        ));
    }
    let account = app.accounts.register().account(&name).cloned();
    if account.as_ref().is_some_and(|own| own.voucher.is_some()) {
        return Err(fault(
            "old",
            "your password is kept by the provider that you log in with".to_owned(),
            "change it there",
        ));
    }
    let opens = take::blocking(app, move |_| {
        account.is_some_and(|account| account.opens(&old))
    })
    .await?;
    if !opens {
        app.lockout.failed(&name, now);
        return Err(fault(
            "old",
            "this is not the password".to_owned(),
            "type it again",
        ));
    }
    let of = name.clone();
    let done = take::blocking(app, move |app| {
        let password = accounts::hash_new(&new)?;
        app.accounts.change(|register| {
            for account in register
                .accounts
                .iter_mut()
                .filter(|account| account.name == of)
            {
                account.password.clone_from(&password);
                account.must_change = false;
            }
            Ok(())
        })
    })
    .await?;
    done.map_err(|error| fault("new", error.to_string(), "choose a longer one"))?;
    app.sessions.end_all(&name, Some(key));
    note(app, &name, "password.changed", json!({})).await
}

/// Signs out.
pub async fn sign_out(
    State(app): State<Arc<App>>,
    caller: Caller,
) -> Result<Response<Body>, Problem> {
    leave(&app, &caller)
}

/// Ends the caller's session; the answer takes the cookie back.
///
/// # Errors
/// When the cookie's name cannot be a header.
pub fn leave(app: &App, caller: &Caller) -> Result<Response<Body>, Problem> {
    if let By::Session { key, .. } = &caller.by {
        app.sessions.end(key);
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers: &mut HeaderMap = response.headers_mut();
    headers.append(header::SET_COOKIE, cookie(app, "", "; Max-Age=0")?);
    Ok(response)
}
