//! People log in by a provider of identities; whoever lies about one does not.

use std::path::PathBuf;
use std::sync::atomic::Ordering;

use catchall::app::{App, Settings};
use catchall_ledger::Ask;
use serde_json::{Value, json};

use crate::provider::{
    CLIENT, Lie, Provider, SECRET, Seen, browse, browse_tls, keys_folder, path_of,
};
use crate::server::{Server, folder, root, settings, start};

const GRANTS: &str = r#"
[[grant]]
claim = "groups"
is = "licensing"
team = "Dual-use"
roles = ["licensing-officer"]

[[grant]]
claim = "groups"
is = "administrators"
roles = ["admin"]
"#;

fn told(issuer: &str) -> String {
    format!(
        "issuer = \"{issuer}\"\nclient-id = \"{CLIENT}\"\nsecret-file = \"oidc.secret\"\naddress = \"http://localhost\"\nlabel = \"Log in with Harbour ID\"\nscopes = [\"openid\", \"profile\", \"groups\"]\n{GRANTS}"
    )
}

fn state(name: &str, text: &str) -> PathBuf {
    let state = folder(name);
    std::fs::write(state.join("oidc.toml"), text).unwrap();
    std::fs::write(state.join("oidc.secret"), format!("{SECRET}\n")).unwrap();
    state
}

fn served(name: &str, provider: &Provider, trust: bool) -> Server {
    let base = settings(&format!("{name}-base"));
    start(Settings {
        state: state(name, &told(&provider.issuer)),
        trust: trust
            .then(|| keys_folder().join("root.pem"))
            .into_iter()
            .collect(),
        ..base
    })
}

/// To the provider: what the browser keeps, and the provider's page.
fn depart(server: &Server, to: &str) -> (String, String) {
    let seen = browse(
        server.address,
        "GET",
        &format!("/login/provider?to={to}"),
        "",
        "",
    );
    assert_eq!(seen.status, 303, "{}", seen.body);
    let set = seen
        .headers
        .iter()
        .find(|(name, _)| name == "set-cookie")
        .unwrap();
    assert!(
        set.1.contains("HttpOnly") && set.1.contains("SameSite=Lax"),
        "{}",
        set.1
    );
    (
        seen.cookie("catchall_login").unwrap(),
        seen.location().to_owned(),
    )
}

/// At the provider: the way back.
fn allow(provider: &Provider, page: &str) -> String {
    let seen = browse(provider.address, "GET", path_of(page), "", "");
    assert_eq!(seen.status, 303, "{}", seen.body);
    path_of(seen.location()).to_owned()
}

/// The whole way.
fn log_in(server: &Server, provider: &Provider) -> Seen {
    let (kept, page) = depart(server, "/desk");
    let back = allow(provider, &page);
    browse(server.address, "GET", &back, &kept, "")
}

fn session(seen: &Seen) -> String {
    assert_eq!(seen.status, 303, "{}", seen.body);
    seen.cookie("catchall_session").unwrap()
}

fn refused(seen: &Seen, status: u16, words: &str) {
    assert_eq!(seen.status, status, "{}", seen.body);
    assert!(seen.body.contains(words), "{words}: {}", seen.body);
    assert!(seen.body.contains("Not logged in"), "{}", seen.body);
    assert!(seen.cookie("catchall_session").is_none());
}

fn me(server: &Server, cookie: &str) -> Value {
    let seen = browse(server.address, "GET", "/v1/session", cookie, "");
    serde_json::from_str(&seen.body).unwrap_or_else(|_| panic!("{}: {}", seen.status, seen.body))
}

/// Kinds and bodies of the entries about log-ins and accounts.
fn entries(server: &Server) -> Vec<(String, String, Value)> {
    let entries = server.app.ledger.entries(&Ask::all().limit(1000)).unwrap();
    entries
        .iter()
        .map(|entry| {
            (
                entry.kind.clone(),
                entry.actor.name.clone(),
                entry.body.value().cloned().unwrap_or_default(),
            )
        })
        .collect()
}

#[test]
fn somebody_comes_in_by_the_provider_works_and_leaves() {
    let provider = Provider::start(false);
    let server = served("oidc-in", &provider, false);
    let page = browse(server.address, "GET", "/login?to=/check", "", "");
    assert!(
        page.body.contains("Log in with Harbour ID"),
        "{}",
        page.body
    );
    assert!(
        page.body.contains("/login/provider?to=%2Fcheck"),
        "{}",
        page.body
    );
    let came = log_in(&server, &provider);
    assert_eq!(came.location(), "/desk");
    assert!(
        came.cookie("catchall_login").is_none(),
        "what the browser kept is taken back"
    );
    let cookie = session(&came);
    let own = me(&server, &cookie);
    assert_eq!(
        (
            &own["name"],
            &own["team"],
            &own["roles"],
            &own["must_change_password"]
        ),
        (
            &json!("r.haas"),
            &json!("Dual-use"),
            &json!(["licensing-officer"]),
            &json!(false)
        )
    );
    assert_eq!(
        browse(server.address, "GET", "/desk", &cookie, "").status,
        200
    );
    assert_eq!(
        browse(server.address, "GET", "/v1/webhooks", &cookie, "").status,
        403
    );
    let found = entries(&server);
    assert!(
        found.contains(&("account.made".to_owned(), "r.haas".to_owned(), json!({ "provider": provider.issuer, "team": "Dual-use", "roles": ["licensing-officer"] }))),
        "{found:?}"
    );
    assert!(found.contains(&(
        "login.succeeded".to_owned(),
        "r.haas".to_owned(),
        json!({ "provider": provider.issuer })
    )));
    // The password is the provider's, and nobody comes in by an empty one.
    let csrf = own["csrf"].as_str().unwrap().to_owned();
    let change = format!(
        "csrf={csrf}&old=&new=five+other+words+of+nothing&again=five+other+words+of+nothing"
    );
    let kept = browse(server.address, "POST", "/password", &cookie, &change);
    assert!(kept.body.contains("kept by the provider"), "{}", kept.body);
    let empty = browse(
        server.address,
        "POST",
        "/login",
        "",
        "name=r.haas&password=&to=/",
    );
    assert_eq!(empty.status, 401);
    // Other roles there are other roles here, at once and in every session.
    provider.user(
        json!({ "sub": "u-1", "preferred_username": "r.haas", "groups": ["administrators"] }),
    );
    session(&log_in(&server, &provider));
    assert_eq!(me(&server, &cookie)["roles"], json!(["admin"]));
    assert!(
        entries(&server)
            .iter()
            .any(|(kind, ..)| kind == "account.changed")
    );
    let left = browse(
        server.address,
        "POST",
        "/logout",
        &cookie,
        &format!("csrf={csrf}"),
    );
    assert_eq!(left.location(), "/login?left=yes");
    assert_eq!(
        browse(server.address, "GET", "/v1/session", &cookie, "").status,
        401
    );
    let farewell = browse(server.address, "GET", "/login?left=yes", "", "").body;
    assert!(
        farewell.contains(&format!(
            "{}/leave?client_id=catchall%20desk",
            provider.issuer
        )),
        "{farewell}"
    );
}

#[test]
fn whoever_lies_about_somebody_lets_nobody_in() {
    let provider = Provider::start(false);
    let server = served("oidc-lies", &provider, false);
    session(&log_in(&server, &provider));
    for lie in [
        Lie::Nonce,
        Lie::NoNonce,
        Lie::Expired,
        Lie::ExpiryAsText,
        Lie::NotBefore,
        Lie::IssuedTomorrow,
        Lie::AlgNone,
        Lie::AlgNoneSigned,
        Lie::HmacWithPublicKey,
        Lie::OtherAudience,
        Lie::AudiencesWithoutParty,
        Lie::OtherParty,
        Lie::OtherIssuer,
        Lie::UnknownKey,
        Lie::OtherKey,
        Lie::KeyOfOtherKind,
        Lie::Critical,
        Lie::Changed,
        Lie::NoSubject,
        Lie::NotAToken,
        Lie::OtherIssuerInReturn,
    ] {
        provider.lies(lie);
        let came = log_in(&server, &provider);
        assert_eq!(came.status, 403, "{lie:?}: {}", came.body);
        refused(&came, 403, "is not believed");
    }
    // What is no lie is believed, in the same words.
    for true_in in [
        Lie::Rs256,
        Lie::AudiencesWithParty,
        Lie::NoKeyNamed,
        Lie::None,
    ] {
        provider.lies(true_in);
        let came = log_in(&server, &provider);
        assert_eq!(came.status, 303, "{true_in:?}: {}", came.body);
    }
    assert_eq!(server.app.accounts.register().accounts.len(), 1);
}

#[test]
fn a_way_back_is_good_once_in_the_browser_that_began_it() {
    let provider = Provider::start(false);
    let server = served("oidc-once", &provider, false);
    let (kept, page) = depart(&server, "/desk");
    let back = allow(&provider, &page);
    let begun_elsewhere = "begun in another browser";
    // Somebody else's browser, or none; a state that nobody gave.
    let (other, _) = depart(&server, "/desk");
    for cookie in [other.as_str(), "", "catchall_login=", "catchall_login=00"] {
        refused(
            &browse(server.address, "GET", &back, cookie, ""),
            400,
            begun_elsewhere,
        );
    }
    let wrong_state = back.replace("state=", "state=0");
    refused(
        &browse(server.address, "GET", &wrong_state, &kept, ""),
        400,
        begun_elsewhere,
    );
    refused(
        &browse(server.address, "GET", "/login/provider/return", &kept, ""),
        400,
        begun_elsewhere,
    );
    // The browser that began it comes in, once.
    session(&browse(server.address, "GET", &back, &kept, ""));
    refused(
        &browse(server.address, "GET", &back, &kept, ""),
        400,
        begun_elsewhere,
    );
    // A code that was used, under a new log-in: the provider's proof does not fit, nor is it good twice.
    let code = |back: &str| {
        back.split("code=")
            .nth(1)
            .unwrap()
            .split('&')
            .next()
            .unwrap()
            .to_owned()
    };
    let (kept, page) = depart(&server, "/desk");
    let fresh = allow(&provider, &page);
    let replayed = fresh.replace(&code(&fresh), &code(&back));
    refused(
        &browse(server.address, "GET", &replayed, &kept, ""),
        403,
        "not believed",
    );
    // Somebody else's code that was not used yet: PKCE.
    let (_, page) = depart(&server, "/desk");
    let stolen = code(&allow(&provider, &page));
    let (kept, page) = depart(&server, "/desk");
    let own = allow(&provider, &page);
    let injected = own.replace(&code(&own), &stolen);
    refused(
        &browse(server.address, "GET", &injected, &kept, ""),
        403,
        "not believed",
    );
    // The provider says no.
    let (kept, page) = depart(&server, "/desk");
    let state = page
        .split("state=")
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap();
    let denied = format!("/login/provider/return?error=access_denied&state={state}");
    refused(
        &browse(server.address, "GET", &denied, &kept, ""),
        403,
        "access_denied",
    );
}

#[test]
fn nobody_is_led_to_another_site() {
    let provider = Provider::start(false);
    let server = served("oidc-to", &provider, false);
    for to in [
        "//elsewhere.example.org",
        "https://elsewhere.example.org",
        "%2F%2Felsewhere.example.org",
        "/%5Celsewhere.example.org",
    ] {
        let (kept, page) = depart(&server, to);
        let came = browse(server.address, "GET", &allow(&provider, &page), &kept, "");
        assert_eq!((came.status, came.location()), (303, "/"), "{to}");
    }
}

#[test]
fn changed_keys_are_fetched_once_and_a_provider_that_is_away_stops_nobody_else() {
    let provider = Provider::start(false);
    let server = served("oidc-keys", &provider, false);
    let fetched = || provider.keys_fetched.load(Ordering::SeqCst);
    session(&log_in(&server, &provider));
    session(&log_in(&server, &provider));
    assert_eq!(fetched(), 1, "keys are kept");
    provider.rotate();
    session(&log_in(&server, &provider));
    assert_eq!(fetched(), 2, "a new key is fetched");
    session(&log_in(&server, &provider));
    assert_eq!(fetched(), 2);
    provider.lies(Lie::UnknownKey);
    refused(&log_in(&server, &provider), 403, "not believed");
    assert_eq!(fetched(), 3, "a key that is nobody's is looked for once");
    // Nobody listens there: the server starts all the same, and says so to whoever tries.
    let away = format!("http://127.0.0.1:{}", free_port());
    let base = settings("oidc-away-base");
    let alone = start(Settings {
        state: state("oidc-away", &told(&away)),
        ..base
    });
    alone.account("r.haas", "four words of nothing", &["reader"], false);
    let seen = browse(alone.address, "GET", "/login/provider", "", "");
    refused(&seen, 502, "cannot be asked");
    let local = browse(
        alone.address,
        "POST",
        "/login",
        "",
        "name=r.haas&password=four+words+of+nothing&to=/",
    );
    session(&local);
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

#[test]
fn there_is_a_place_here_or_a_plain_reason() {
    let provider = Provider::start(false);
    let server = served("oidc-places", &provider, false);
    provider.user(json!({ "sub": "u-2", "preferred_username": "v.anders", "groups": ["cleaning"], "roles": ["admin"] }));
    refused(
        &log_in(&server, &provider),
        403,
        "nothing that it says of you gives you a role here",
    );
    provider.user(json!({ "sub": "u-2", "groups": ["licensing"] }));
    refused(&log_in(&server, &provider), 403, "does not say your name");
    // A name that a local account has is not given to somebody else.
    server.account("V. Anders", "four words of nothing", &["admin"], false);
    provider
        .user(json!({ "sub": "u-2", "preferred_username": "V. Anders", "groups": ["licensing"] }));
    refused(&log_in(&server, &provider), 403, "else has the name");
    let refusals: Vec<Value> = entries(&server)
        .into_iter()
        .filter(|(kind, ..)| kind == "login.refused")
        .map(|(.., body)| body["why"].clone())
        .collect();
    assert_eq!(refusals, ["no_role", "nameless", "name_taken"]);
    // Whose account is closed here stays out, and their session ends.
    provider
        .user(json!({ "sub": "u-3", "preferred_username": "لیلا محمدی", "groups": ["licensing"] }));
    let cookie = session(&log_in(&server, &provider));
    assert_eq!(me(&server, &cookie)["name"], "لیلا محمدی");
    server
        .app
        .accounts
        .change(|register| {
            for account in &mut register.accounts {
                account.disabled |= account.voucher.is_some();
            }
            Ok(())
        })
        .unwrap();
    assert_eq!(
        browse(server.address, "GET", "/v1/session", &cookie, "").status,
        401
    );
    refused(&log_in(&server, &provider), 403, "account here is closed");
    // Guesses at a password lock the name, never the provider's door.
    provider
        .user(json!({ "sub": "u-4", "preferred_username": "p.okoye", "groups": ["licensing"] }));
    session(&log_in(&server, &provider));
    for _ in 0..6 {
        browse(
            server.address,
            "POST",
            "/login",
            "",
            "name=p.okoye&password=a+guess+at+it&to=/",
        );
    }
    let locked = browse(
        server.address,
        "POST",
        "/login",
        "",
        "name=p.okoye&password=a+guess+at+it&to=/",
    );
    assert_eq!(locked.status, 429);
    session(&log_in(&server, &provider));
}

#[test]
fn a_provider_with_tls_is_believed_by_its_certificate() {
    let provider = Provider::start(true);
    let server = served("oidc-tls", &provider, true);
    let (kept, page) = depart(&server, "/desk");
    let seen = browse_tls(provider.address, path_of(&page));
    session(&browse(
        server.address,
        "GET",
        path_of(seen.location()),
        &kept,
        "",
    ));
    let doubting = served("oidc-tls-untrusted", &provider, false);
    let seen = browse(doubting.address, "GET", "/login/provider", "", "");
    refused(&seen, 502, "cannot be asked");
}

#[test]
fn a_server_that_was_told_wrong_does_not_start_and_says_everything() {
    let text = told("http://login.example.org").replace("licensing-officer", "emperor");
    let base = settings("oidc-wrong-base");
    let opened = App::open(Settings {
        state: state("oidc-wrong", &text),
        ..base
    });
    let said = format!("{:#}", opened.err().unwrap());
    for part in [
        "oidc.toml",
        "`issuer` is `http://login.example.org`",
        "`emperor` is no role of the policy; the roles are",
    ] {
        assert!(said.contains(part), "{said}");
    }
}

/// With a provider that others wrote: its address in `CATCHALL_TEST_ISSUER`.
#[test]
#[ignore = "needs a provider of its own; `tests/team/real/run.sh` starts one"]
fn somebody_comes_in_by_a_provider_that_others_wrote() {
    let issuer = std::env::var("CATCHALL_TEST_ISSUER").unwrap();
    let base = settings("oidc-real-base");
    let text = told(&issuer).replace(
        "address = \"http://localhost\"",
        "address = \"http://127.0.0.1:9\"",
    );
    let server = start(Settings {
        state: state("oidc-real", &text),
        ..base
    });
    let (kept, page) = depart(&server, "/desk");
    let script = root().join("crates/catchall/tests/team/real/consent.mjs");
    let done = std::process::Command::new("node")
        .arg(script)
        .arg(&page)
        .output()
        .unwrap();
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let back = String::from_utf8(done.stdout).unwrap();
    let came = browse(server.address, "GET", path_of(back.trim()), &kept, "");
    let cookie = session(&came);
    assert_eq!(me(&server, &cookie)["team"], "Dual-use");
}
