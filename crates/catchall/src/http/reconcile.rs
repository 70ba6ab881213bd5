//! `/reconcile/{dataset}`: the Reconciliation Service API 0.2, for OpenRefine: a manifest, queries, suggestions, and columns from
//! listed parties. OpenRefine cannot send a header, so the service token may stand behind the `?` as `api_key` here, and only here.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::entity::SCHEMATA;
use super::problem::Problem;
use super::take::{self, Part};
use super::yente::{Asking, Query, Scope, named};
use super::{assess, screen};
use crate::app::App;
use crate::load;

/// Properties that a query may give and a column may show.
const PROPERTIES: [(&str, &str); 14] = [
    ("address", "Address"),
    ("alias", "Other name"),
    ("birthDate", "Date of birth"),
    ("birthPlace", "Place of birth"),
    ("country", "Country"),
    ("idNumber", "ID number"),
    ("imoNumber", "IMO number"),
    ("name", "Name"),
    ("nationality", "Nationality"),
    ("passportNumber", "Passport number"),
    ("previousName", "Previous name"),
    ("program", "Programme"),
    ("registrationNumber", "Registration number"),
    ("taxNumber", "Tax number"),
];

fn written(document: &Value) -> Response<Body> {
    assess::json(StatusCode::OK, document.to_string())
}

/// The manifest; or, with `queries` behind the `?`, their results.
///
/// # Errors
/// 404 for a data set that is not held.
pub async fn manifest(
    State(app): State<Arc<App>>,
    Part(dataset): Part,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response<Body>, Problem> {
    let query = Query::of(&uri);
    if let Some(queries) = query.one("queries") {
        let queries = queries.to_owned();
        return results(&app, dataset, query, queries).await;
    }
    Scope::of(&app.current(), &dataset, &Query::default())?;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = text("x-forwarded-proto")
        .filter(|scheme| *scheme == "https")
        .unwrap_or("http");
    let host = text(header::HOST.as_str()).unwrap_or("localhost");
    let base = format!("{scheme}://{host}");
    let behind = uri
        .query()
        .map_or(String::new(), |query| format!("?{query}"));
    let service = |path: &str| json!({ "service_url": format!("{base}/reconcile/{dataset}"), "service_path": format!("{path}{behind}") });
    let types: Vec<Value> = SCHEMATA
        .iter()
        .map(|(id, one, many)| json!({ "id": id, "name": many, "description": one }))
        .collect();
    Ok(written(&json!({
        "versions": ["0.2"],
        "name": format!("{dataset} (Catchall)"),
        "identifierSpace": format!("{base}/entities/"),
        "schemaSpace": format!("{base}/openapi.json"),
        "documentation": format!("{base}/openapi.json"),
        "view": { "url": format!("{base}/entities/{{{{id}}}}") },
        "preview": { "url": format!("{base}/entities/{{{{id}}}}"), "width": 430, "height": 600 },
        "batchSize": 50,
        "defaultTypes": types,
        "suggest": {
            "entity": service("/suggest/entity"), "type": service("/suggest/type"), "property": service("/suggest/property"),
        },
        "extend": {
            "propose_properties": service("/extend/property"),
            "property_settings": [],
            "propose_settings": [{
                "name": "limit", "label": "Limit", "type": "number", "default": 0,
                "help_text": "Maximum number of values a row (0 for no limit)", "choices": [],
            }],
        },
    })))
}

/// What OpenRefine posts.
#[derive(Debug, Deserialize)]
pub struct Posted {
    queries: Option<String>,
    extend: Option<String>,
}

/// Queries, or columns for entities that were chosen.
///
/// # Errors
/// When the form holds neither, or what it holds is no JSON.
pub async fn queries(
    State(app): State<Arc<App>>,
    Part(dataset): Part,
    uri: Uri,
    form: Result<Form<Posted>, axum::extract::rejection::FormRejection>,
) -> Result<Response<Body>, Problem> {
    let Form(posted) =
        form.map_err(|error| Problem::bad_request(format!("the form cannot be read: {error}")))?;
    match (
        posted.extend.filter(|text| !text.trim().is_empty()),
        posted.queries,
    ) {
        (Some(extend), _) => columns(&app, extend).await,
        (None, Some(queries)) => results(&app, dataset, Query::of(&uri), queries).await,
        (None, None) => Err(Problem::bad_request(
            "the form has neither `queries` nor `extend`",
        )),
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    query: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<Value>,
    #[serde(default = "five")]
    limit: usize,
    #[serde(default)]
    properties: Vec<Given>,
}

#[derive(Deserialize)]
struct Given {
    pid: String,
    v: Value,
}

fn five() -> usize {
    5
}

async fn results(
    app: &Arc<App>,
    dataset: String,
    query: Query,
    queries: String,
) -> Result<Response<Body>, Problem> {
    let asked: Map<String, Value> = serde_json::from_str(&queries)
        .map_err(|error| Problem::bad_request(format!("queries: {error}")))?;
    if asked.len() > 500 {
        return Err(Problem::bad_request("queries: more than 500 in one batch"));
    }
    let document = take::work(app, move |current, room| {
        screen::usable(&current.assessor)?;
        let mut all = Map::new();
        for (key, value) in asked {
            let one: Asked = serde_json::from_value(value)
                .map_err(|error| Problem::bad_request(format!("queries.{key}: {error}")))?;
            let asking = Asking::of(current, &dataset, &query, 5)?.at_most(one.limit.clamp(1, 500));
            let found = asking.results(current, &example(one), room)?;
            let rows: Vec<Value> = found["results"]
                .as_array()
                .into_iter()
                .flatten()
                .map(candidate)
                .collect();
            all.insert(key, json!({ "result": rows }));
        }
        Ok(Value::Object(all))
    })
    .await??;
    Ok(written(&document))
}

/// A query as an example entity.
fn example(asked: Asked) -> Value {
    let kind = match asked.kind {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => kinds
            .first()
            .and_then(Value::as_str)
            .unwrap_or("Thing")
            .to_owned(),
        _ => "Thing".to_owned(),
    };
    let mut properties: Map<String, Value> = Map::new();
    let mut put = |name: &str, value: Value| {
        let values = properties
            .entry(name.to_owned())
            .or_insert_with(|| json!([]));
        if let Some(values) = values.as_array_mut() {
            match value {
                Value::Array(many) => values.extend(many),
                one => values.push(one),
            }
        }
    };
    if let Some(name) = asked.query {
        put("name", json!(name));
    }
    for given in asked.properties {
        // `Person:birthDate` and `birthDate` are the same.
        let name = given.pid.rsplit(':').next().unwrap_or_default();
        put(name, given.v);
    }
    json!({ "schema": kind, "properties": properties })
}

fn candidate(entity: &Value) -> Value {
    let mut row = suggested(entity);
    row["score"] = json!(entity["score"].as_f64().unwrap_or_default() * 100.0);
    row["match"] = entity["match"].clone();
    row
}

fn suggested(entity: &Value) -> Value {
    let schema = entity["schema"].as_str().unwrap_or_default();
    let row = SCHEMATA.iter().find(|(id, ..)| *id == schema);
    let (one, many) = row.map_or((schema, schema), |(_, one, many)| (*one, *many));
    json!({
        "id": entity["id"], "name": entity["caption"],
        "description": format!("{one}, {}", entity["datasets"][0].as_str().unwrap_or_default()),
        "type": [{ "id": schema, "name": many, "description": one }],
    })
}

#[derive(Deserialize)]
struct Extend {
    ids: Vec<String>,
    properties: Vec<Column>,
}

#[derive(Deserialize)]
struct Column {
    id: String,
    #[serde(default)]
    settings: Settings,
}

#[derive(Default, Deserialize)]
struct Settings {
    #[serde(default)]
    limit: Value,
}

async fn columns(app: &Arc<App>, text: String) -> Result<Response<Body>, Problem> {
    let asked: Extend = serde_json::from_str(&text)
        .map_err(|error| Problem::bad_request(format!("extend: {error}")))?;
    let document = take::work(app, move |current, _| {
        let on = load::today();
        let mut rows = Map::new();
        for id in &asked.ids {
            let entity = current
                .directory()
                .find(current, id, on)
                .unwrap_or_default();
            let mut row = Map::new();
            for column in &asked.properties {
                let limit = column
                    .settings
                    .limit
                    .as_u64()
                    .filter(|limit| *limit > 0)
                    .unwrap_or(u64::MAX);
                let values = entity["properties"][&column.id]
                    .as_array()
                    .cloned()
                    .unwrap_or_default();
                let values: Vec<Value> = values
                    .into_iter()
                    .take(usize::try_from(limit).unwrap_or(usize::MAX))
                    .map(|value| json!({ "str": value }))
                    .collect();
                row.insert(column.id.clone(), json!(values));
            }
            rows.insert(id.clone(), Value::Object(row));
        }
        let meta: Vec<Value> = asked
            .properties
            .iter()
            .map(|column| json!({ "id": column.id, "name": label(&column.id) }))
            .collect();
        json!({ "meta": meta, "rows": rows })
    })
    .await?;
    Ok(written(&document))
}

fn label(property: &str) -> &str {
    let row = PROPERTIES.iter().find(|(id, _)| *id == property);
    row.map_or(property, |(_, label)| label)
}

/// Entities whose names begin so.
///
/// # Errors
/// 404 for a data set that is not held.
pub async fn suggest_entity(
    State(app): State<Arc<App>>,
    Part(dataset): Part,
    uri: Uri,
) -> Result<Response<Body>, Problem> {
    let query = Query::of(&uri);
    let document = take::work(&app, move |current, room| {
        screen::usable(&current.assessor)?;
        let scope = Scope::of(current, &dataset, &Query::default())?;
        let limit = query.number("limit", 10, 1, 500)?;
        let prefix = query.one("prefix").unwrap_or_default();
        let found = named(current, prefix, room, &scope, &[]);
        let rows: Vec<Value> = found.iter().take(limit).map(suggested).collect();
        Ok(json!({ "code": "/api/status/ok", "status": "200 OK", "prefix": prefix, "result": rows }))
    })
    .await??;
    Ok(written(&document))
}

/// Schemata whose names begin so.
pub async fn suggest_type(uri: Uri) -> Response<Body> {
    let query = Query::of(&uri);
    let prefix = query.one("prefix").unwrap_or_default();
    let low = prefix.to_lowercase();
    let rows: Vec<Value> = SCHEMATA
        .iter()
        .filter(|(id, one, _)| {
            id.to_lowercase().starts_with(&low) || one.to_lowercase().starts_with(&low)
        })
        .map(|(id, one, many)| json!({ "id": id, "name": many, "description": one }))
        .collect();
    written(
        &json!({ "code": "/api/status/ok", "status": "200 OK", "prefix": prefix, "result": rows }),
    )
}

/// Properties whose names begin so.
pub async fn suggest_property(uri: Uri) -> Response<Body> {
    let query = Query::of(&uri);
    let prefix = query.one("prefix").unwrap_or_default();
    let low = prefix.to_lowercase();
    let rows: Vec<Value> = PROPERTIES
        .iter()
        .filter(|(id, label)| {
            id.to_lowercase().starts_with(&low) || label.to_lowercase().starts_with(&low)
        })
        .map(|(id, label)| json!({ "id": id, "name": label, "description": null }))
        .collect();
    written(
        &json!({ "code": "/api/status/ok", "status": "200 OK", "prefix": prefix, "result": rows }),
    )
}

/// Properties that a column may show.
pub async fn propose(uri: Uri) -> Response<Body> {
    let query = Query::of(&uri);
    let kind = query.one("type").unwrap_or("Thing");
    let limit: usize = query
        .one("limit")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    let most = if limit == 0 { usize::MAX } else { limit };
    let rows: Vec<Value> = PROPERTIES
        .iter()
        .take(most)
        .map(|(id, label)| json!({ "id": id, "name": label }))
        .collect();
    written(&json!({ "limit": limit, "type": kind, "properties": rows }))
}
