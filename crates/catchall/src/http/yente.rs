//! `/match`, `/search`, `/entities`, `/catalog`, `/algorithms`, `/readyz`: field-compatible with yente, so that its clients change
//! only the address (and the key, which is a service token sent as `Authorization: ApiKey ...`).
//!
//! What differs, and why: scores are our calibrated probabilities whatever algorithm is named; every hit above the review bar is
//! returned unless a `cutoff` is asked for, since a hit that is not shown is a hit missed; filters that we hold no data for
//! (`topics`, `changed_since`) leave more in, never less; weights of another scorer are refused.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Response, StatusCode, Uri};
use catchall_assess::Room;
use catchall_model::{Day, Hit};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::entity;
use super::problem::Problem;
use super::take::{self, Part};
use super::{assess, screen};
use crate::app::{App, Current};
use crate::load;

/// The most queries of one request.
const MOST_QUERIES: usize = 500;
/// A score from which a result is called a match, unless asked otherwise.
const THRESHOLD: f64 = 0.7;
/// Algorithms that clients of yente may name; all of them are answered by ours.
const ALGORITHMS: [&str; 8] = [
    "catchall",
    "best",
    "logic-v1",
    "logic-v2",
    "name-based",
    "name-qualified",
    "regression-v1",
    "regression-v2",
];

/// The words behind the `?`; a word may stand several times.
#[derive(Default)]
pub struct Query(BTreeMap<String, Vec<String>>);

impl Query {
    /// Of a request.
    pub fn of(uri: &Uri) -> Query {
        let pairs: Vec<(String, String)> = axum::extract::Query::try_from_uri(uri)
            .map(|axum::extract::Query(pairs)| pairs)
            .unwrap_or_default();
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in pairs {
            all.entry(name).or_default().push(value);
        }
        Query(all)
    }

    /// All values of a word.
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The value of a word that stands once.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.all(name).first().map(String::as_str)
    }

    /// A number between two bounds.
    ///
    /// # Errors
    /// When it is none, or lies outside.
    pub fn number<T: std::str::FromStr + PartialOrd + std::fmt::Display>(
        &self,
        name: &str,
        otherwise: T,
        least: T,
        most: T,
    ) -> Result<T, Problem> {
        let Some(text) = self.one(name) else {
            return Ok(otherwise);
        };
        text.parse()
            .ok()
            .filter(|number| *number >= least && *number <= most)
            .ok_or_else(|| {
                Problem::bad_request(format!(
                    "{name}: `{text}` is not a number between {least} and {most}"
                ))
            })
    }
}

/// Which lists a question is about.
pub struct Scope {
    include: BTreeSet<String>,
    exclude: BTreeSet<String>,
    exclude_schema: BTreeSet<String>,
    exclude_ids: BTreeSet<String>,
    schema: Option<String>,
}

impl Scope {
    /// Of a path and a query.
    ///
    /// # Errors
    /// 404 for a data set that is not held.
    pub fn of(current: &Current, dataset: &str, query: &Query) -> Result<Scope, Problem> {
        let known = datasets(current);
        let set = |name: &str| -> BTreeSet<String> { query.all(name).iter().cloned().collect() };
        let mut include = BTreeSet::new();
        for name in
            std::iter::once(dataset).chain(query.all("include_dataset").iter().map(String::as_str))
        {
            match name {
                "default" | "all" => {}
                name if known.contains_key(name) => {
                    include.insert(name.to_owned());
                }
                name => {
                    return Err(Problem::not_found(format!(
                        "no such dataset: `{name}`; `/catalog` lists them"
                    )));
                }
            }
        }
        Ok(Scope {
            include,
            exclude: set("exclude_dataset"),
            exclude_schema: set("exclude_schema"),
            exclude_ids: set("exclude_entity_ids"),
            schema: query
                .one("schema")
                .filter(|schema| *schema != "Thing")
                .map(str::to_owned),
        })
    }

    /// Whether an entity lies within it.
    pub fn holds(&self, entity: &Value) -> bool {
        let text = |field: &str| entity[field].as_str().unwrap_or_default().to_owned();
        let list = entity["datasets"][0].as_str().unwrap_or_default();
        let schema = text("schema");
        (self.include.is_empty() || self.include.contains(list))
            && !self.exclude.contains(list)
            && !self.exclude_schema.contains(&schema)
            && !self.exclude_ids.contains(&text("id"))
            && self
                .schema
                .as_ref()
                .is_none_or(|wanted| fits(&schema, wanted))
    }
}

/// Whether an entity of a schema may be one of another: what is only known to be a legal entity may be a person.
fn fits(own: &str, wanted: &str) -> bool {
    own == wanted
        || own == "LegalEntity"
            && matches!(wanted, "Person" | "Organization" | "Company" | "PublicBody")
        || wanted == "LegalEntity" && matches!(own, "Person" | "Organization")
        || own == "Organization" && matches!(wanted, "Company" | "PublicBody")
        || wanted == "Vehicle" && matches!(own, "Vessel" | "Airplane")
}

/// The lists held, imported and in packs, with title, day and number of records.
fn datasets(current: &Current) -> BTreeMap<String, (String, Option<Day>, usize)> {
    let (held, _) = current.assessor.lists();
    let mut all: BTreeMap<String, (String, Option<Day>, usize)> = held
        .iter()
        .map(|held| {
            (
                held.list.clone(),
                (held.title.clone(), held.day, held.records),
            )
        })
        .collect();
    let law = current.assessor.law();
    for party in law.parties.iter().filter(|party| party.imported.is_empty()) {
        let set = &law.sets[party.set];
        let row = all
            .entry(set.id.clone())
            .or_insert_with(|| (set.title.clone(), law.newest_recorded, 0));
        row.2 += 1;
    }
    all
}

#[derive(Deserialize)]
struct Matching {
    #[serde(default)]
    weights: Map<String, Value>,
    #[serde(default)]
    config: Map<String, Value>,
    queries: Map<String, Value>,
}

/// Matches entities by example.
///
/// # Errors
/// As yente's, with `detail`; 503 when a list cannot be used.
pub async fn matches(
    State(app): State<Arc<App>>,
    Part(dataset): Part,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let query = Query::of(request.uri());
    algorithm(&query)?;
    let bytes = take::body(request.into_body(), take::BODY).await?;
    let asked: Matching = serde_json::from_slice(&bytes)
        .map_err(|error| Problem::bad_request(format!("Invalid query: {error}")))?;
    if !asked.weights.is_empty() || !asked.config.is_empty() {
        return Err(Problem::bad_request(
            "`weights` and `config` belong to another scorer; leave them out: scores here are calibrated probabilities",
        ));
    }
    if asked.queries.is_empty() {
        return Err(Problem::bad_request("No queries provided."));
    }
    if asked.queries.len() > MOST_QUERIES {
        return Err(Problem::bad_request(format!(
            "Too many queries in one batch (limit: {MOST_QUERIES})"
        )));
    }
    let document = take::work(&app, move |current, room| {
        screen::usable(&current.assessor)?;
        let asking = Asking::of(current, &dataset, &query, 5)?;
        let mut responses = Map::new();
        for (name, example) in &asked.queries {
            let found = asking.results(current, example, room)?;
            responses.insert(name.clone(), found);
        }
        Ok(json!({ "responses": responses, "limit": asking.limit }))
    })
    .await??;
    let count = document["responses"].as_object().map_or(0, Map::len);
    let mut response = assess::json(StatusCode::OK, document.to_string());
    response.headers_mut().insert("x-batch-size", count.into());
    Ok(response)
}

fn algorithm(query: &Query) -> Result<(), Problem> {
    match query.one("algorithm") {
        Some(name) if !ALGORITHMS.contains(&name.trim().to_lowercase().as_str()) => {
            Err(Problem::bad_request(format!("Invalid algorithm: {name}")))
        }
        _ => Ok(()),
    }
}

/// What is asked of each example.
pub struct Asking {
    scope: Scope,
    limit: usize,
    threshold: f64,
    cutoff: f64,
    on: Day,
}

impl Asking {
    /// Of a path and a query.
    ///
    /// # Errors
    /// A data set that is not held; a number out of bounds.
    pub fn of(
        current: &Current,
        dataset: &str,
        query: &Query,
        limit: usize,
    ) -> Result<Asking, Problem> {
        Ok(Asking {
            scope: Scope::of(current, dataset, query)?,
            limit: query.number("limit", limit, 1, 500)?,
            threshold: query.number("threshold", THRESHOLD, 0.0, 1.0)?,
            cutoff: query.number("cutoff", 0.0, 0.0, 1.0)?,
            on: load::today(),
        })
    }

    /// The same with another limit.
    pub fn at_most(mut self, limit: usize) -> Asking {
        self.limit = limit;
        self
    }

    /// The results for one example, scored, best first.
    ///
    /// # Errors
    /// When the example cannot be read.
    pub fn results(
        &self,
        current: &Current,
        example: &Value,
        room: &mut Room,
    ) -> Result<Value, Problem> {
        let wrong =
            |why: String| Problem::bad_request(format!("Cannot parse example entity: {why}"));
        let example = normal(example).map_err(wrong)?;
        let asked = screen::party(current, &example, 1).map_err(|faults| {
            let faults: Vec<&str> = faults.iter().map(|fault| fault.problem.as_str()).collect();
            wrong(faults.join("; "))
        })?;
        let hits = current
            .assessor
            .screen(&asked.party, &asked.key, self.on, room);
        let cut = hits.iter().any(|hit| hit.truncated);
        let directory = current.directory();
        let mut results: Vec<Value> = hits
            .iter()
            .filter(|hit| score(hit) >= self.cutoff)
            .map(|hit| (hit, directory.of_hit(current, hit, self.on)))
            .filter(|(_, entity)| self.scope.holds(entity))
            .map(|(hit, entity)| self.scored(hit, entity))
            .collect();
        let total = results.len();
        results.truncate(self.limit);
        Ok(json!({
            "status": 200,
            "results": results,
            "total": { "value": total, "relation": if cut { "gte" } else { "eq" } },
            "query": example,
        }))
    }

    fn scored(&self, hit: &Hit, mut entity: Value) -> Value {
        let mut explanations = Map::new();
        for (sign, reasons) in [(1.0, &hit.speaks_for), (-1.0, &hit.speaks_against)] {
            for reason in reasons {
                let weight = f64::from(reason.weight.abs()) / 100.0 * sign;
                let mut key = reason.about.clone();
                while explanations.contains_key(&key) {
                    key.push('_');
                }
                explanations.insert(
                    key,
                    json!({ "score": weight, "detail": reason.says, "query": null, "candidate": null, "weight": null }),
                );
            }
        }
        entity["score"] = json!(score(hit));
        entity["match"] = json!(score(hit) >= self.threshold);
        entity["explanations"] = Value::Object(explanations);
        entity["band"] = json!(hit.band);
        entity
    }
}

fn score(hit: &Hit) -> f64 {
    f64::from(hit.score.0) / 1000.0
}

/// An example with every property as a list of texts.
fn normal(example: &Value) -> Result<Value, String> {
    let schema = example
        .get("schema")
        .and_then(Value::as_str)
        .ok_or("it has no `schema`")?;
    let properties = example
        .get("properties")
        .and_then(Value::as_object)
        .ok_or("it has no `properties`")?;
    let mut all = Map::new();
    for (name, value) in properties {
        let texts: Vec<String> = match value {
            Value::Array(many) => many.iter().filter_map(text).collect(),
            one => text(one).into_iter().collect(),
        };
        all.insert(name.clone(), json!(texts));
    }
    Ok(json!({ "id": example.get("id"), "schema": schema, "properties": all }))
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Searches names.
///
/// # Errors
/// As yente's; 503 when a list cannot be used.
pub async fn search(
    State(app): State<Arc<App>>,
    Part(dataset): Part,
    uri: Uri,
) -> Result<Response<Body>, Problem> {
    let query = Query::of(&uri);
    let document = take::work(&app, move |current, room| {
        screen::usable(&current.assessor)?;
        let scope = Scope::of(current, &dataset, &query)?;
        let limit = query.number("limit", 10, 0, 500)?;
        let offset = query.number("offset", 0, 0, 9499)?;
        let text = query.one("q").unwrap_or_default();
        let found = named(current, text, room, &scope, query.all("countries"));
        let page: Vec<&Value> = found.iter().skip(offset).take(limit).collect();
        Ok(json!({
            "limit": limit, "offset": offset, "total": { "value": found.len(), "relation": "eq" },
            "results": page, "facets": facets(current, &found),
        }))
    })
    .await??;
    Ok(assess::json(StatusCode::OK, document.to_string()))
}

/// Entities whose names hold the words of a text, then those that screening finds by the text as a name.
pub fn named(
    current: &Current,
    text: &str,
    room: &mut Room,
    scope: &Scope,
    countries: &[String],
) -> Vec<Value> {
    let on = load::today();
    let directory = current.directory();
    let mut found: Vec<Value> = directory
        .search(text, on)
        .into_iter()
        .map(|listing| entity::entity(listing, on))
        .collect();
    if !text.trim().is_empty() {
        let party = catchall_model::Party {
            name: Some(text.to_owned()),
            ..catchall_model::Party::default()
        };
        let seen: BTreeSet<String> = found
            .iter()
            .map(|entity| entity["id"].to_string())
            .collect();
        let hits = current.assessor.screen(&party, "", on, room);
        found.extend(
            hits.iter()
                .map(|hit| directory.of_hit(current, hit, on))
                .filter(|entity| !seen.contains(&entity["id"].to_string())),
        );
    }
    found.retain(|entity| {
        scope.holds(entity)
            && (countries.is_empty() || countries_of(entity).any(|own| countries.contains(&own)))
    });
    found
}

fn countries_of(entity: &Value) -> impl Iterator<Item = String> {
    let of = |name: &str| {
        entity["properties"][name]
            .as_array()
            .cloned()
            .unwrap_or_default()
    };
    let all: BTreeSet<String> = of("country")
        .into_iter()
        .chain(of("nationality"))
        .filter_map(|value| value.as_str().map(str::to_owned))
        .collect();
    all.into_iter()
}

fn facets(current: &Current, found: &[Value]) -> Value {
    let mut countries: BTreeMap<String, usize> = BTreeMap::new();
    let mut lists: BTreeMap<String, usize> = BTreeMap::new();
    for entity in found {
        countries_of(entity).for_each(|country| *countries.entry(country).or_default() += 1);
        let list = entity["datasets"][0].as_str().unwrap_or_default();
        *lists.entry(list.to_owned()).or_default() += 1;
    }
    let known = datasets(current);
    let rows = |counts: &BTreeMap<String, usize>, label: &dyn Fn(&str) -> String| {
        let mut rows: Vec<(&String, &usize)> = counts.iter().collect();
        rows.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let rows: Vec<Value> = rows
            .into_iter()
            .map(|(name, count)| json!({ "name": name, "label": label(name), "count": count }))
            .collect();
        rows
    };
    let country = |code: &str| {
        let place = current.places.find(&code.to_uppercase());
        place.map_or_else(
            || code.to_owned(),
            |place| current.places.name(&place).to_owned(),
        )
    };
    let title = |list: &str| {
        known
            .get(list)
            .map_or_else(|| list.to_owned(), |row| row.0.clone())
    };
    json!({
        "countries": { "label": "Countries", "values": rows(&countries, &country) },
        "datasets": { "label": "Data sources", "values": rows(&lists, &title) },
        "topics": { "label": "Topics", "values": [] },
    })
}

/// One entity.
///
/// # Errors
/// 404.
pub async fn entity(
    State(app): State<Arc<App>>,
    Part(id): Part,
) -> Result<Response<Body>, Problem> {
    let found = take::work(&app, move |current, _| {
        current.directory().find(current, &id, load::today())
    })
    .await?;
    found
        .map(|entity| assess::json(StatusCode::OK, entity.to_string()))
        .ok_or_else(|| Problem::not_found("No such entity!"))
}

/// What stands beside an entity: our lists hold no linked entities, so there is nothing to page through.
///
/// # Errors
/// 404.
pub async fn adjacent(
    State(app): State<Arc<App>>,
    Part(id): Part,
) -> Result<Response<Body>, Problem> {
    let found = take::work(&app, move |current, _| {
        current.directory().find(current, &id, load::today())
    })
    .await?;
    found
        .map(|entity| {
            assess::json(
                StatusCode::OK,
                json!({ "entity": entity, "adjacent": {} }).to_string(),
            )
        })
        .ok_or_else(|| Problem::not_found("No such entity!"))
}

/// The lists held, as data sets.
pub async fn catalog(State(app): State<Arc<App>>) -> Response<Body> {
    let current = app.current();
    let known = datasets(&current);
    let (_, problems) = current.assessor.lists();
    let version =
        |day: Option<Day>| day.map(|day| format!("{}000000", day.to_string().replace('-', "")));
    let newest = known.values().filter_map(|row| row.1).max();
    let mut rows = vec![json!({
        "name": "default", "title": "All lists held", "children": known.keys().collect::<Vec<_>>(), "load": false,
        "version": version(newest), "index_version": null, "index_current": false,
        "entity_count": known.values().map(|row| row.2).sum::<usize>(),
    })];
    rows.extend(known.iter().map(|(name, (title, day, count))| {
        json!({
            "name": name, "title": title, "children": [], "load": true, "version": version(*day),
            "index_version": version(*day), "index_current": true, "entity_count": count,
            "updated_at": day.map(|day| format!("{day}T00:00:00")),
        })
    }));
    let document = json!({
        "datasets": rows, "current": known.keys().collect::<Vec<_>>(), "outdated": [], "index_stale": !problems.is_empty(),
    });
    assess::json(StatusCode::OK, document.to_string())
}

/// The one scorer there is.
pub async fn algorithms() -> Response<Body> {
    let about = "names aligned part against part over transliterations, spellings and sounds; dates, countries and identifiers for and against; the score is a calibrated probability";
    let feature = |text: &str| json!({ "description": text, "coefficient": 1.0, "url": null });
    let features = json!({
        "name": feature("names, aligned part against part"),
        "birth": feature("dates of birth"),
        "country": feature("countries and nationalities"),
        "identifier": feature("official identifiers"),
        "place": feature("addresses and places"),
        "legal_form": feature("legal forms"),
    });
    let document = json!({
        "algorithms": [{ "name": "catchall", "description": about, "features": features, "docs": { "features": features, "config": {} } }],
        "default": "catchall", "best": "catchall",
    });
    assess::json(StatusCode::OK, document.to_string())
}

/// Ready when no list stands in the way.
///
/// # Errors
/// 503 otherwise.
pub async fn ready(State(app): State<Arc<App>>) -> Result<Response<Body>, Problem> {
    screen::usable(&app.current().assessor)?;
    Ok(assess::json(
        StatusCode::OK,
        json!({ "status": "ok" }).to_string(),
    ))
}
