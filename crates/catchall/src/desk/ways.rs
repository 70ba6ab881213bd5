//! Ways: every page of the desk: method, path, the right it needs, and what answers. One table, like that of the API.
//!
//! [`super::visit::Visit`] looks the right up here, so that a way without a row lets nobody in. To add a page: one row, one
//! handler in the file of its subject below `ways/`, one visit in `tests/desk.rs`.

mod account;
mod cases;
mod check;
mod commitments;
mod evidence;
mod law;
mod licences;
mod matches;
mod packs;
mod parties;
mod provider;
mod queues;

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::http::Method;
use axum::routing::{MethodRouter, get, post};

use super::assets;
use crate::app::App;
use crate::http::route::Needs;

/// One page, or one act.
pub(crate) struct Way {
    /// `GET` shows, `POST` does.
    pub(crate) method: Method,
    /// The path, with `{names}` for its parts.
    pub(crate) path: &'static str,
    /// What whoever comes must be allowed.
    pub(crate) needs: Needs,
    /// What answers.
    pub(crate) handler: MethodRouter<Arc<App>>,
}

fn shows(path: &'static str, needs: Needs, handler: MethodRouter<Arc<App>>) -> Way {
    Way {
        method: Method::GET,
        path,
        needs,
        handler,
    }
}

fn does(path: &'static str, needs: Needs, handler: MethodRouter<Arc<App>>) -> Way {
    Way {
        method: Method::POST,
        path,
        needs,
        handler,
    }
}

/// Every way.
#[rustfmt::skip]
pub(crate) fn table() -> Vec<Way> {
    use Needs::{Act, Nothing, SignedIn};
    vec![
        shows("/", SignedIn, get(account::home)),
        shows("/login", Nothing, get(account::login)),
        does("/login", Nothing, post(account::enter)),
        shows("/login/provider", Nothing, get(provider::depart)),
        shows(crate::oidc::RETURN, Nothing, get(provider::arrive)),
        does("/logout", SignedIn, post(account::leave)),
        shows("/password", SignedIn, get(account::password)),
        does("/password", SignedIn, post(account::change)),
        shows("/help", SignedIn, get(account::help)),
        does("/help", SignedIn, post(account::keys)),
        shows("/find", SignedIn, get(queues::find)),
        shows("/desk", Act("case.read"), get(queues::desk)),
        does("/desk", Act("case.read"), post(queues::triage)),
        shows("/desk/next", Act("case.read"), get(queues::next)),
        shows("/check", Act("transfer.assess"), get(check::blank)),
        does("/check", Act("transfer.assess"), post(check::check)),
        does("/why", Act("transfer.assess"), post(check::why)),
        shows("/why/{number}", Act("determination.read"), get(check::recorded)),
        shows("/cases", Act("case.read"), get(queues::all)),
        does("/cases", Act("case.open"), post(check::open)),
        shows("/cases/{id}", Act("case.read"), get(cases::one)),
        does("/cases/{id}/act", Act("case.read"), post(cases::act)),
        shows("/cases/{id}/bundle", Act("case.bundle"), get(cases::bundle)),
        shows("/cases/{id}/sealed/{form}", Act("case.bundle"), get(cases::sealed)),
        shows("/matches", Act("case.read"), get(matches::waiting)),
        shows("/matches/{id}", Act("case.read"), get(matches::one)),
        does("/matches/{id}", Act("case.hit"), post(matches::answer)),
        shows("/parties", Act("party.screen"), get(parties::search)),
        shows("/parties/of", Act("case.read"), get(parties::one)),
        shows("/licences", Act("licence.read"), get(licences::all)),
        shows("/licences/new", Act("licence.issue"), get(licences::new)),
        does("/licences", Act("licence.issue"), post(licences::issue)),
        shows("/licences/{id}", Act("licence.read"), get(licences::one)),
        does("/licences/{id}/act", Act("licence.read"), post(licences::act)),
        shows("/evidence", Act("statement.read"), get(evidence::papers)),
        does("/evidence", Act("statement.make"), post(evidence::read_in)),
        shows("/evidence/papers/{id}", Act("statement.read"), get(evidence::paper)),
        does("/evidence/statements/{id}", Act("statement.accept"), post(evidence::judge)),
        shows("/evidence/report", Act("statement.read"), get(evidence::report)),
        shows("/commitments", Act("law.read"), get(commitments::all)),
        shows("/commitments/of/{*id}", Act("law.read"), get(commitments::lanes)),
        shows("/law", Act("law.read"), get(law::instruments)),
        shows("/law/packs", Act("law.read"), get(packs::show)),
        does("/law/packs", Act("law.read"), post(packs::act)),
        shows("/law/words", Act("law.read"), get(law::words)),
        shows("/law/compare", Act("law.read"), get(law::compare)),
        shows("/law/instruments/{id}", Act("law.read"), get(law::instrument)),
        shows("/law/provisions/{*id}", Act("law.read"), get(law::provision)),
        shows("/law/lists/{id}", Act("law.read"), get(law::list)),
        shows("/law/lists/{id}/{*code}", Act("law.read"), get(law::entry)),
    ]
}

static NEEDS: LazyLock<Vec<(Method, &'static str, Needs)>> = LazyLock::new(|| {
    let all = table().into_iter();
    all.map(|way| (way.method, way.path, way.needs)).collect()
});

/// What a way needs.
pub(crate) fn needs(method: &Method, path: &str) -> Option<Needs> {
    let method = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    NEEDS
        .iter()
        .find(|(own, at, _)| own == method && *at == path)
        .map(|(_, _, needs)| *needs)
}

/// The router.
pub(crate) fn router() -> Router<Arc<App>> {
    let mut router = Router::new()
        .route("/desk/desk.css", get(assets::css))
        .route("/desk/desk.js", get(assets::js));
    for way in table() {
        router = router.route(way.path, way.handler);
    }
    router
}

/// Names and values of a form or query.
pub(crate) fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    String::from_utf8_lossy(bytes)
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unescaped(name), unescaped(value))
        })
        .collect()
}

/// A text of a form as it was typed; bytes that are no UTF-8 are shown as such.
pub(crate) fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let two = [rest.next(), rest.next()];
                let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
                match (digit(two[0]), digit(two[1])) {
                    (Some(high), Some(low)) => {
                        bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'))
                    }
                    _ => {
                        bytes.push(b'%');
                        bytes.extend(two.into_iter().flatten());
                    }
                }
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// The last value of a name; empty where there is none.
pub(crate) fn of<'p>(pairs: &'p [(String, String)], name: &str) -> &'p str {
    let found = pairs.iter().rev().find(|(own, _)| own == name);
    found.map_or("", |(_, value)| value.trim())
}

/// Every value of a name, in order.
pub(crate) fn each<'p>(pairs: &'p [(String, String)], name: &str) -> Vec<&'p str> {
    pairs
        .iter()
        .filter(|(own, _)| own == name)
        .map(|(_, value)| value.trim())
        .collect()
}
