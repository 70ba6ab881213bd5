//! The one table of ways in: method, path, handler, the act of the policy that it needs, and the documents it takes and gives.
//!
//! To add a way in: one row here, one handler beside it, one request in `tests/http.rs`. The documents are named after the files
//! of `data/schema/`.

use std::sync::Arc;

use axum::routing::{MethodRouter, delete, get, post};

use super::{
    assess, cases, commitments, determinations, events, health, jobs, law, licences, lists,
    metrics, openapi, packs, reconcile, screen, session, statements, webhooks, yente,
};
use crate::app::App;

/// The method of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Reads.
    Get,
    /// Does something, or asks with a body.
    Post,
    /// Takes away.
    Delete,
}

impl Method {
    /// Its word in an OpenAPI document.
    pub fn word(self) -> &'static str {
        match self {
            Method::Get => "get",
            Method::Post => "post",
            Method::Delete => "delete",
        }
    }
}

/// What a caller must be allowed to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Nothing: open to whoever reaches the server.
    Nothing,
    /// To have shown who one is.
    SignedIn,
    /// An act of the policy.
    Act(&'static str),
}

/// One way in.
pub struct Route {
    /// The method.
    pub method: Method,
    /// The path, with `{names}` for its parts.
    pub path: &'static str,
    /// What answers.
    pub handler: MethodRouter<Arc<App>>,
    /// What the caller must be allowed.
    pub needs: Needs,
    /// What it is for, in one line.
    pub summary: &'static str,
    /// What may stand behind the `?`, each with what it means.
    pub query: &'static [(&'static str, &'static str)],
    /// The document in the body, where one is taken.
    pub takes: Option<&'static str>,
    /// The document in the answer, where it is JSON.
    pub gives: Option<&'static str>,
}

fn row(
    method: Method,
    path: &'static str,
    needs: Needs,
    handler: MethodRouter<Arc<App>>,
    summary: &'static str,
) -> Route {
    Route {
        method,
        path,
        handler,
        needs,
        summary,
        query: &[],
        takes: None,
        gives: None,
    }
}

impl Route {
    fn query(mut self, query: &'static [(&'static str, &'static str)]) -> Route {
        self.query = query;
        self
    }

    fn takes(mut self, document: &'static str) -> Route {
        self.takes = Some(document);
        self
    }

    fn gives(mut self, document: &'static str) -> Route {
        self.gives = Some(document);
        self
    }
}

const DAYS: &[(&str, &str)] = &[
    ("as_of", "the law as it stood on this day"),
    ("known_by", "the law as it was recorded by this day"),
    (
        "record",
        "`true` or `false`: whether the ledger takes it down; otherwise it does for whoever may record",
    ),
];
const PAGE: &[(&str, &str)] = &[
    ("after", "only what comes after this number"),
    ("limit", "at most so many, 1 to 1000"),
];

const CASES: &[(&str, &str)] = &[
    (
        "status",
        "`review`, `waiting`, `proposed`, `appeal`, `decided` or `withdrawn`",
    ),
    ("queue", "only this queue"),
    ("team", "only this team's"),
    ("owner", "only this person's"),
    ("transfer", "only over this transfer"),
    ("after", "ids after this one"),
    ("limit", "at most so many, 1 to 1000"),
];
const STATEMENTS: &[(&str, &str)] = &[
    (
        "standing",
        "`waiting`, `accepted`, `rejected` or `corrected`",
    ),
    ("report", "only this report's"),
    ("about", "only what is about a party of this whole name"),
    ("after", "ids after this one"),
    ("limit", "at most so many, 1 to 1000"),
];
const EVIDENCE: &[(&str, &str)] = &[
    ("party", "a party, by a whole name"),
    ("technology", "a heading of technology, by its id or a term"),
    (
        "commitment",
        "an undertaking, by who is bound or by words of it",
    ),
    ("from", "a transfer's giver; `to` stands beside it"),
    ("to", "a transfer's receiver"),
    ("as_of", "as it could be known on this day"),
];
const COMMITMENTS: &[(&str, &str)] = &[
    ("on", "as they stand on this day; today otherwise"),
    ("known_by", "as recorded by this day; today otherwise"),
    ("of", "only of this instrument"),
    ("by", "only those that bind this state or party"),
    ("standing", "only those that stand so"),
    ("after", "ids after this one"),
    ("limit", "at most so many, 1 to 1000"),
];
const EVENTS: &[(&str, &str)] = &[
    (
        "after",
        "only what comes after this number; what the consumer has acknowledged otherwise",
    ),
    ("limit", "at most so many, 1 to 1000"),
    ("kind", "only kinds that begin so"),
    ("consumer", "whose acknowledgements count"),
];
const MATCH: &[(&str, &str)] = &[
    ("limit", "results a query, 1 to 500"),
    (
        "threshold",
        "the score from which a result is called a match, 0 to 1; 0.7 otherwise",
    ),
    (
        "cutoff",
        "leave out results below this score; none otherwise",
    ),
    (
        "algorithm",
        "any that yente knows; all are answered by ours",
    ),
    ("include_dataset", "further lists"),
    ("exclude_dataset", "lists that are left out"),
    ("exclude_schema", "schemata that are left out"),
    ("exclude_entity_ids", "entities that are left out"),
];
const SEARCH: &[(&str, &str)] = &[
    ("q", "words of a name"),
    ("schema", "only entities that may be of this schema"),
    ("countries", "only entities of these countries"),
    ("include_dataset", "further lists"),
    ("exclude_dataset", "lists that are left out"),
    ("exclude_schema", "schemata that are left out"),
    ("limit", "results a page, 0 to 500"),
    ("offset", "results before this page"),
];
const PREFIX: &[(&str, &str)] = &[("prefix", "how it begins"), ("limit", "at most so many")];

/// Every way in, by subject.
pub fn table() -> Vec<Route> {
    let mut all = Vec::new();
    all.extend(answers());
    all.extend(work());
    all.extend(reports());
    all.extend(sources());
    all.extend(compatible());
    all.extend(server());
    all
}

/// Questions, and what was answered.
fn answers() -> Vec<Route> {
    use Method::{Get, Post};
    use Needs::Act;
    vec![
        row(Post, "/v1/assess", Act("transfer.assess"), post(assess::assess),
            "Assess one transfer, a list, a batch under the caller's keys, or a stream of JSON Lines")
            .query(DAYS).takes("transfer").gives("assessed"),
        row(Post, "/v1/screen", Act("party.screen"), post(screen::screen),
            "Screen one party, a list, or a batch under the caller's keys")
            .query(&[("as_of", "the lists as they stood on this day; today otherwise")]).takes("party").gives("screening"),
        row(Get, "/v1/determinations", Act("determination.read"), get(determinations::list),
            "What was recorded, oldest first").query(PAGE).gives("determinations"),
        row(Get, "/v1/determinations/{id}", Act("determination.read"), get(determinations::one),
            "One determination, to the byte as it was recorded").gives("determination"),
        row(Get, "/v1/determinations/{id}/explain", Act("determination.read"), get(determinations::explain),
            "Its tree of reasons").query(&[("format", "`json`, `text`, `html` or `svg`")]),
        row(Post, "/v1/determinations/{id}/replay", Act("determination.read"), post(determinations::replay),
            "Assess the recorded transfer again, and say whether the bytes are the same").gives("replay"),
    ]
}

/// Cases, licences, batches and events.
fn work() -> Vec<Route> {
    use Method::{Delete, Get, Post};
    use Needs::{Act, SignedIn};
    vec![
        row(
            Get,
            "/v1/cases",
            Act("case.read"),
            get(cases::list),
            "Cases that the caller may see, by id",
        )
        .query(CASES)
        .gives("cases"),
        row(
            Post,
            "/v1/cases",
            Act("case.open"),
            post(cases::open),
            "Assess a transfer and open a case over it",
        )
        .takes("opening")
        .gives("case"),
        row(
            Get,
            "/v1/cases/{id}",
            Act("case.read"),
            get(cases::one),
            "One case, whole",
        )
        .gives("case"),
        row(
            Get,
            "/v1/cases/{id}/bundle",
            Act("case.bundle"),
            get(cases::bundle),
            "One case sealed, to be kept: a page for a browser, or a PDF that takes it along",
        )
        .query(&[("format", "`html` or `pdf`")]),
        row(
            Post,
            "/v1/cases/{id}/commands",
            Act("case.read"),
            post(cases::act),
            "Do something to a case; the engine checks the right that the command needs",
        )
        .takes("case-command")
        .gives("case"),
        row(
            Get,
            "/v1/licences",
            Act("licence.read"),
            get(licences::list),
            "Licences that the caller may see, in the order of their issue",
        )
        .query(PAGE)
        .gives("licences"),
        row(
            Post,
            "/v1/licences",
            Act("licence.issue"),
            post(licences::issue),
            "Issue a licence, or register one from a paper",
        )
        .takes("issuing")
        .gives("licence"),
        row(
            Get,
            "/v1/licences/{id}",
            Act("licence.read"),
            get(licences::one),
            "One licence with its balances",
        )
        .gives("licence"),
        row(
            Post,
            "/v1/licences/{id}/commands",
            Act("licence.read"),
            post(licences::act),
            "Do something with a licence; the engine checks the right that the command needs",
        )
        .takes("licence-command")
        .gives("licence"),
        row(
            Post,
            "/v1/jobs",
            Act("transfer.assess"),
            post(jobs::begin),
            "Take a batch: CSV, JSON Lines, JSON or XLSX",
        )
        .query(DAYS)
        .gives("job"),
        row(
            Get,
            "/v1/jobs",
            Act("job.read"),
            get(jobs::list),
            "The jobs of the caller and of their team",
        )
        .gives("jobs"),
        row(
            Get,
            "/v1/jobs/{id}",
            Act("job.read"),
            get(jobs::one),
            "How far a job has come",
        )
        .gives("job"),
        row(
            Get,
            "/v1/jobs/{id}/result",
            Act("job.read"),
            get(jobs::result),
            "Its result, one line a record",
        ),
        row(
            Delete,
            "/v1/jobs/{id}",
            Act("job.read"),
            delete(jobs::remove),
            "Take a job back, or its result away",
        ),
        row(
            Get,
            "/v1/events",
            SignedIn,
            get(events::list),
            "What happened that the caller may know of",
        )
        .query(EVENTS)
        .gives("events"),
        row(
            Post,
            "/v1/events/ack",
            SignedIn,
            post(events::acknowledge),
            "A consumer has come so far",
        )
        .takes("acknowledged")
        .gives("acknowledged"),
        row(
            Get,
            "/v1/webhooks",
            Act("webhook.manage"),
            get(webhooks::list),
            "Targets for events",
        )
        .gives("any"),
        row(
            Post,
            "/v1/webhooks",
            Act("webhook.manage"),
            post(webhooks::add),
            "Set up a target; its secret is shown once",
        )
        .takes("new-webhook")
        .gives("any"),
        row(
            Delete,
            "/v1/webhooks/{id}",
            Act("webhook.manage"),
            delete(webhooks::remove),
            "Take a target away",
        ),
        row(
            Post,
            "/v1/webhooks/{id}/rotate",
            Act("webhook.manage"),
            post(webhooks::rotate),
            "Give a target a new secret; the old one signs for another day",
        )
        .gives("any"),
        row(
            Get,
            "/v1/webhooks/{id}/deliveries",
            Act("webhook.manage"),
            get(webhooks::tries),
            "The last tries",
        )
        .gives("any"),
    ]
}

/// What reports say, what people made of it, and how undertakings stand.
fn reports() -> Vec<Route> {
    use Method::{Get, Post};
    use Needs::Act;
    vec![
        row(
            Get,
            "/v1/statements",
            Act("statement.read"),
            get(statements::list),
            "Statements of reports, by id, with what people made of them",
        )
        .query(STATEMENTS)
        .gives("statements"),
        row(
            Post,
            "/v1/statements",
            Act("statement.make"),
            post(statements::make),
            "Read a report in; each thing that it says waits for a person",
        )
        .takes("report-in")
        .gives("report-read"),
        row(
            Get,
            "/v1/statements/evidence",
            Act("statement.read"),
            get(statements::asked),
            "What accepted statements say of a party, a technology, an undertaking or a transfer, and through how many origins",
        )
        .query(EVIDENCE)
        .gives("evidence"),
        row(
            Get,
            "/v1/statements/{id}",
            Act("statement.read"),
            get(statements::one),
            "One statement, whole",
        )
        .gives("statement"),
        row(
            Post,
            "/v1/statements/{id}/commands",
            Act("statement.read"),
            post(statements::act),
            "Accept, reject, correct, retract, relieve or answer a statement; the engine checks the right that the command needs",
        )
        .takes("statement-command")
        .gives("statement-done"),
        row(
            Get,
            "/v1/commitments",
            Act("law.read"),
            get(commitments::list),
            "Undertakings by id, each as it stands on a day",
        )
        .query(COMMITMENTS)
        .gives("commitments"),
        row(
            Get,
            "/v1/commitments/{*id}",
            Act("law.read"),
            get(commitments::one),
            "One undertaking, by its whole id",
        )
        .query(&[
            ("on", "as it stands on this day; today otherwise"),
            ("known_by", "as recorded by this day; today otherwise"),
        ])
        .gives("commitment"),
    ]
}

/// What answers rest on.
fn sources() -> Vec<Route> {
    use Method::{Get, Post};
    use Needs::Act;
    vec![
        row(
            Get,
            "/v1/law",
            Act("law.read"),
            get(law::list),
            "Provisions in the packs, by id",
        )
        .query(&[
            ("on", "as they stand on this day"),
            ("id", "only ids that hold this text"),
            ("after", "ids after this one"),
            ("limit", "at most so many, 1 to 1000"),
        ])
        .gives("law"),
        row(
            Get,
            "/v1/law/{*id}",
            Act("law.read"),
            get(law::one),
            "One provision, by its whole id",
        )
        .query(&[("on", "as it stands on this day")])
        .gives("provision"),
        row(
            Get,
            "/v1/packs",
            Act("law.read"),
            get(packs::show),
            "Which state of the packs is judged by, who wrote it, and who published it",
        )
        .gives("packs"),
        row(
            Post,
            "/v1/packs/commands",
            Act("law.read"),
            post(packs::act),
            "Propose, publish or send back a state of the packs; the engine checks the right, and that nobody publishes their own",
        )
        .takes("pack-command")
        .gives("packs"),
        row(
            Get,
            "/v1/vocabulary",
            Act("law.read"),
            get(law::vocabulary),
            "Every word that a transfer may use",
        )
        .gives("vocabulary"),
        row(
            Get,
            "/v1/coverage",
            Act("law.read"),
            get(law::coverage),
            "What of each instrument is modelled, in part, or only pointed to",
        )
        .gives("coverage"),
        row(
            Get,
            "/v1/lists",
            Act("list.read"),
            get(lists::list),
            "The lists of parties that are held",
        )
        .gives("lists"),
        row(
            Post,
            "/v1/reload",
            Act("list.import"),
            post(lists::reload),
            "Take up packs and lists that have changed on disk",
        )
        .gives("reloaded"),
    ]
}

/// Doors that speak as yente and as OpenRefine's services do.
fn compatible() -> Vec<Route> {
    use Method::{Get, Post};
    use Needs::{Act, Nothing};
    let screen = Act("party.screen");
    let lists = Act("list.read");
    vec![
        row(
            Post,
            "/match/{dataset}",
            screen,
            post(yente::matches),
            "Match entities by example, as yente does",
        )
        .query(MATCH)
        .takes("match-query")
        .gives("match-response"),
        row(
            Get,
            "/search/{dataset}",
            screen,
            get(yente::search),
            "Search names, as yente does",
        )
        .query(SEARCH)
        .gives("search-response"),
        row(
            Get,
            "/entities/{id}",
            lists,
            get(yente::entity),
            "One listed party as a FollowTheMoney entity",
        )
        .gives("entity"),
        row(
            Get,
            "/entities/{id}/adjacent",
            lists,
            get(yente::adjacent),
            "What stands beside it; our lists hold no linked entities",
        )
        .gives("any"),
        row(
            Get,
            "/catalog",
            lists,
            get(yente::catalog),
            "The lists held, as yente's data sets",
        )
        .gives("any"),
        row(
            Get,
            "/manifest",
            lists,
            get(yente::catalog),
            "The same under its other name",
        )
        .gives("any"),
        row(
            Get,
            "/algorithms",
            lists,
            get(yente::algorithms),
            "The one scorer there is",
        )
        .gives("any"),
        row(
            Get,
            "/readyz",
            Nothing,
            get(yente::ready),
            "Whether every list can be used",
        )
        .gives("any"),
        row(
            Get,
            "/reconcile/{dataset}",
            screen,
            get(reconcile::manifest),
            "OpenRefine's manifest, or queries behind the `?`",
        )
        .query(&[("queries", "a batch of queries, JSON")])
        .gives("any"),
        row(
            Post,
            "/reconcile/{dataset}",
            screen,
            post(reconcile::queries),
            "OpenRefine's queries and columns",
        )
        .gives("any"),
        row(
            Get,
            "/reconcile/{dataset}/suggest/entity",
            screen,
            get(reconcile::suggest_entity),
            "Entities whose names begin so",
        )
        .query(PREFIX)
        .gives("any"),
        row(
            Get,
            "/reconcile/{dataset}/suggest/type",
            screen,
            get(reconcile::suggest_type),
            "Schemata whose names begin so",
        )
        .query(PREFIX)
        .gives("any"),
        row(
            Get,
            "/reconcile/{dataset}/suggest/property",
            screen,
            get(reconcile::suggest_property),
            "Properties whose names begin so",
        )
        .query(PREFIX)
        .gives("any"),
        row(
            Get,
            "/reconcile/{dataset}/extend/property",
            screen,
            get(reconcile::propose),
            "Properties that a column may show",
        )
        .query(&[
            ("type", "a schema"),
            ("limit", "at most so many; 0 for all"),
        ])
        .gives("any"),
    ]
}

/// The server itself.
fn server() -> Vec<Route> {
    use Method::{Delete, Get, Post};
    use Needs::{Nothing, SignedIn};
    vec![
        row(
            Get,
            "/healthz",
            Nothing,
            get(health::health),
            "Whether the server can answer, and what would make its answers unsafe",
        )
        .gives("health"),
        row(
            Get,
            "/metrics",
            Nothing,
            get(metrics::metrics),
            "Counts and times, as Prometheus reads them",
        ),
        row(
            Get,
            "/openapi.json",
            Nothing,
            get(openapi::document),
            "This description",
        )
        .gives("openapi"),
        row(
            Post,
            "/v1/session",
            Nothing,
            post(session::sign_in),
            "Sign in with a name and a password",
        )
        .takes("sign-in"),
        row(
            Get,
            "/v1/session",
            SignedIn,
            get(session::me),
            "Who the caller is, and what they may do",
        )
        .gives("me"),
        row(
            Delete,
            "/v1/session",
            SignedIn,
            delete(session::sign_out),
            "Sign out",
        ),
        row(
            Post,
            "/v1/session/password",
            SignedIn,
            post(session::change_password),
            "Change the own password",
        )
        .takes("new-password"),
    ]
}
