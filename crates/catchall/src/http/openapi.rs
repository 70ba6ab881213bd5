//! `/openapi.json`: OpenAPI 3.1, made from the table of routes and the schemas of `data/schema/`.

use std::sync::OnceLock;

use axum::body::Body;
use axum::http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use super::assess;
use super::route::{self, Needs, Route};
use crate::load;

/// The document.
pub async fn document() -> Response<Body> {
    static TEXT: OnceLock<String> = OnceLock::new();
    assess::json(
        StatusCode::OK,
        TEXT.get_or_init(|| made().to_string()).clone(),
    )
}

/// The schemas of documents, by name.
pub fn schemas() -> Map<String, Value> {
    load::schemas()
        .filter_map(|(name, text)| Some((name.to_owned(), serde_json::from_str(text).ok()?)))
        .collect()
}

/// The description of everything that is served.
pub fn made() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in route::table() {
        // A path may end in the rest of an id; the description knows only parts.
        let path = route.path.replace("{*", "{");
        let entry = paths.entry(path).or_insert_with(|| json!({}));
        entry[route.method.word()] = operation(&route);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Catchall",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "May this transfer go ahead, on this date, to these parties, for this use, and why?",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "a service token, made with `catchall account token`" },
                "session": { "type": "apiKey", "in": "cookie", "name": "catchall_session" },
            },
        },
    })
}

fn operation(route: &Route) -> Value {
    let mut parameters: Vec<Value> = route
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| {
            json!({ "name": name.trim_start_matches('*'), "in": "path", "required": true, "schema": { "type": "string" } })
        })
        .collect();
    parameters.extend(route.query.iter().map(|(name, about)| {
        json!({ "name": name, "in": "query", "required": false, "description": about, "schema": { "type": "string" } })
    }));
    parameters.extend(headers(route));
    let reference = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let mut answer = json!({ "description": "the answer" });
    if let Some(name) = route.gives {
        answer["content"] = json!({ "application/json": { "schema": reference(name) } });
    }
    let problem = json!({
        "description": "why not",
        "content": { "application/problem+json": { "schema": reference("problem") } },
    });
    let mut operation = json!({
        "summary": route.summary,
        "operationId": format!("{} {}", route.method.word(), route.path),
        "parameters": parameters,
        "responses": { "2XX": answer, "4XX": problem, "5XX": problem },
    });
    // Red health is told by the same document, so that whoever watches reads why.
    if route.gives == Some("health") {
        operation["responses"]["503"] = json!({
            "description": "no answer would be safe",
            "content": { "application/json": { "schema": reference("health") } },
        });
    }
    if let Some(name) = route.takes {
        operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": reference(name) } } });
    }
    match route.needs {
        Needs::Nothing => operation["security"] = json!([]),
        Needs::SignedIn => operation["security"] = json!([{ "token": [] }, { "session": [] }]),
        Needs::Act(act) => {
            operation["security"] = json!([{ "token": [] }, { "session": [] }]);
            operation["x-catchall-act"] = json!(act);
        }
    }
    operation
}

/// The headers that a way in reads beside who asks.
fn headers(route: &Route) -> Vec<Value> {
    let header = |name: &str, required: bool, about: &str| json!({ "name": name, "in": "header", "required": required, "description": about, "schema": { "type": "string" } });
    let mut all = Vec::new();
    if route.path.ends_with("/commands") {
        all.push(header(
            "If-Match",
            true,
            "the `ETag` of the state that was seen",
        ));
    }
    if route.method.word() == "post" && route.path.starts_with("/v1/") {
        all.push(header(
            "Idempotency-Key",
            false,
            "sent again with the same body, the first answer comes back",
        ));
    }
    all
}
