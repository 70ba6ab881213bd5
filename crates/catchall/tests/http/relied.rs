//! What the ledger knows that bears on a transfer, the licences that it relies on and what people have accepted of reports, counts at
//! every way in, and is recorded so that it replays.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::server::{Server, settings, start};

/// A spindle of 2B001 to Turkey; covered when the licence counts, and under licence otherwise.
fn relying(id: &str, licence: &str, quantity: &str) -> Value {
    json!({
        "id": id, "kind": "export", "date": "2026-02-02", "from": "DE", "to": "TR",
        "parties": [
            { "role": "exporter", "name": "Nord Werkzeug", "country": "DE" },
            { "role": "end_user", "name": "Kaya Makina", "country": "TR", "type": "company" },
        ],
        "lines": [{
            "item": { "description": "spindle", "form": "goods", "kind": "machine-tool", "codes": { "eu": "2B001" },
                      "code_source": "exporter", "origin": "DE", "us_content": "0 %", "made_with": { "us_technology": false } },
            "quantity": quantity,
        }],
        "end_use": { "uses": ["civil"] },
        "knowledge": { "informed_by_authority": false, "exporter_knows": [], "grounds_to_suspect": [], "red_flags": [] },
        // What a caller says of a licence of their own: the ledger is to know better.
        "licences": [{ "id": licence, "authority": "de", "expires": "2031-01-01" }],
        "facts": { "licence.covers_this": true },
    })
}

/// Licences of every kind of standing; gives each with what is said against it, nothing for the one that covers.
fn licences(server: &Server) -> Vec<(&'static str, &'static str)> {
    let officer = server.token("L. Marchetti", &["licensing-officer"], Some("Dual-use"));
    let issue = |id: &str, until: &str, codes: Value, paper: &str| {
        let terms = json!({
            "authority": "de", "holder": "Nord Werkzeug", "team": "Dual-use", "from": "2025-01-01", "until": until, "paper": paper,
            "lines": [{ "number": 1, "item": "spindles", "codes": codes, "quantity": "12 pieces", "value": null }],
        });
        let made = server.post(
            &officer,
            "/v1/licences",
            &json!({ "id": id, "terms": terms }),
        );
        assert_eq!(made.status, 201, "{}", made.text());
        made.header("etag").to_owned()
    };
    let act = |id: &str, tag: &str, body: Value| {
        let commands = format!("/v1/licences/{id}/commands");
        let done = server.post_with(&officer, &commands, &[("if-match", tag)], &body);
        assert_eq!(done.status, 200, "{}", done.text());
    };
    issue("L-GOOD", "2030-01-01", json!(["2B001"]), "file good");
    issue("L-OTHER", "2030-01-01", json!(["3A001"]), "file other");
    issue("L-OLD", "2025-12-31", json!([]), "file old");
    let tag = issue("L-DRAWN", "2030-01-01", json!([]), "file drawn");
    act(
        "L-DRAWN",
        &tag,
        json!({ "command": "reserve", "reservation": "another", "line": 1, "amounts": { "quantity": "12 pieces" }, "purpose": { "on": "2026-01-10" } }),
    );
    for (id, command) in [("L-HELD", "suspend"), ("L-GONE", "revoke")] {
        let tag = issue(id, "2030-01-01", json!([]), id);
        act(
            id,
            &tag,
            json!({ "command": command, "from": "2026-01-15", "why": "the end user was named in a report" }),
        );
    }
    vec![
        ("L-GOOD", ""),
        ("l-good", ""),
        ("file good", ""),
        ("L-OTHER", "line 1 is for 3A001, not 2B001"),
        (
            "L-OLD",
            "it ran out on 2025-12-31, and the movement is on 2026-02-02",
        ),
        (
            "L-DRAWN",
            "line 1 has 0 pieces left, and 2 pieces is asked for",
        ),
        ("L-HELD", "it is suspended on 2026-02-02"),
        ("L-GONE", "it is revoked on 2026-02-02"),
    ]
}

/// What is wrong with one determination.
fn fault(door: &str, licence: &str, against: &str, made: &Value) -> Option<String> {
    let outcome = made["outcome"].as_str().unwrap_or("none");
    let flags = made["flags"].to_string();
    let right = if against.is_empty() {
        outcome == "covered_by_licence" && !flags.contains("does not cover")
    } else {
        outcome == "licence_required" && flags.contains(against)
    };
    (!right).then(|| format!("{door}, {licence}: {outcome}, {flags}"))
}

#[test]
fn a_licence_that_does_not_cover_is_no_cover_at_any_way_in_and_what_was_told_is_replayed() {
    let server = start(settings("relied"));
    let all = licences(&server);
    let ours = server.token("orders", &["service"], Some("Dual-use"));
    let officer = server.token("B. Cole", &["licensing-officer"], Some("Dual-use"));
    let bearer = format!("Bearer {ours}");
    let mut wrong = Vec::new();
    let mut ids = Vec::new();
    let mut check = |door: &str, licence: &str, against: &str, made: &Value| {
        wrong.extend(fault(door, licence, against, made));
        ids.extend(made["id"].as_str().map(str::to_owned));
    };

    let mut lines = String::new();
    let mut listed = Vec::new();
    let mut keyed = serde_json::Map::new();
    for (licence, against) in &all {
        let one = server.post(
            &ours,
            "/v1/assess",
            &relying(&format!("one {licence}"), licence, "2 pieces"),
        );
        check("one", licence, against, &one.json());
        listed.push(relying(&format!("list {licence}"), licence, "2 pieces"));
        keyed.insert(
            format!("key {licence}"),
            relying(&format!("keyed {licence}"), licence, "2 pieces"),
        );
        lines.push_str(
            &(relying(&format!("line {licence}"), licence, "2 pieces").to_string() + "\n"),
        );
    }
    let made = server.post(&ours, "/v1/assess", &json!(listed)).json();
    for ((licence, against), one) in all.iter().zip(made.as_array().unwrap()) {
        check("list", licence, against, one);
    }
    let made = server
        .post(&ours, "/v1/assess", &json!({ "transfers": keyed }))
        .json();
    for (licence, against) in &all {
        let one = &made["determinations"][format!("key {licence}")];
        check("batch", licence, against, one);
    }
    let ndjson = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/x-ndjson"),
    ];
    let streamed = server.call("POST", "/v1/assess", &ndjson, lines.as_bytes());
    for ((licence, against), line) in all.iter().zip(streamed.text().lines()) {
        check(
            "stream",
            licence,
            against,
            &serde_json::from_str(line).unwrap(),
        );
    }
    let in_a_job = lines.replace("\"line ", "\"job ");
    let path = server
        .call("POST", "/v1/jobs", &ndjson, in_a_job.as_bytes())
        .header("location")
        .to_owned();
    let until = Instant::now() + Duration::from_secs(60);
    while server.get(&ours, &path).json()["standing"] != "done" {
        assert!(
            Instant::now() < until,
            "{}",
            server.get(&ours, &path).text()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let result = server.get(&ours, &format!("{path}/result")).text();
    for ((licence, against), line) in all.iter().zip(result.lines()) {
        check(
            "job",
            licence,
            against,
            &serde_json::from_str(line).unwrap(),
        );
    }
    for (licence, against) in &all {
        let transfer = relying(&format!("case {licence}"), licence, "2 pieces");
        let opened = server.post(&ours, "/v1/cases", &json!({ "transfer": transfer }));
        assert_eq!(opened.status, 201, "{}", opened.text());
        check(
            "case",
            licence,
            against,
            &opened.json()["assessed"][0]["answer"],
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));

    // Other knowledge later: the licence that covered is used up, and what was recorded still comes out the same.
    let tag = server.get(&officer, "/v1/licences/L-GOOD");
    let spent = server.post_with(
        &officer,
        "/v1/licences/L-GOOD/commands",
        &[("if-match", tag.header("etag"))],
        &json!({ "command": "reserve", "reservation": "the rest", "line": 1, "amounts": { "quantity": "12 pieces" }, "purpose": { "on": "2026-02-01" } }),
    );
    assert_eq!(spent.status, 200, "{}", spent.text());
    let now = server.post(&ours, "/v1/assess", &relying("later", "L-GOOD", "2 pieces"));
    assert_eq!(
        fault(
            "later",
            "L-GOOD",
            "line 1 has 0 pieces left, and 2 pieces is asked for",
            &now.json()
        ),
        None
    );
    let mut replayed = 0;
    for id in ids {
        let replay = server.post(
            &ours,
            &format!("/v1/determinations/{id}/replay"),
            &json!({}),
        );
        // An answer of a case is no document of its own.
        if replay.status == 404 {
            continue;
        }
        assert_eq!(replay.json()["same_bytes"], true, "{id}: {}", replay.text());
        replayed += 1;
    }
    assert!(replayed >= 5 * all.len(), "{replayed}");
}

#[test]
fn a_licence_of_another_team_gives_no_cover_and_tells_nothing() {
    let server = start(settings("relied-teams"));
    licences(&server);
    let theirs = server.token("elsewhere", &["service"], Some("Chemicals"));
    let anywhere = server.token("R. Haas", &["technical-assessor"], Some("Chemicals"));
    let made = server.post(
        &theirs,
        "/v1/assess",
        &relying("theirs", "L-DRAWN", "2 pieces"),
    );
    let flags = made.json()["flags"].to_string();
    assert_eq!(made.json()["outcome"], "licence_required", "{flags}");
    assert!(
        flags.contains("belongs to another team") && !flags.contains("pieces left"),
        "{flags}"
    );
    let made = server.post(
        &anywhere,
        "/v1/assess",
        &relying("reads all", "L-GOOD", "2 pieces"),
    );
    assert_eq!(
        made.json()["outcome"],
        "covered_by_licence",
        "whoever may read it is told"
    );
    // What the ledger does not know stays as the caller states it.
    let made = server.post(
        &theirs,
        "/v1/assess",
        &relying("unknown", "X-1", "2 pieces"),
    );
    assert_eq!(made.json()["outcome"], "covered_by_licence");
}

#[test]
fn two_teams_record_the_same_and_each_finds_its_own() {
    let server = start(settings("two-teams"));
    let first = server.token("first", &["service"], Some("Export"));
    let second = server.token("second", &["service"], Some("Customs"));
    let third = server.token("third", &["service"], Some("Third"));
    let transfer = relying("the same", "X-1", "2 pieces");
    let ours = server.post(&first, "/v1/assess", &transfer);
    let again = server.post(&first, "/v1/assess", &transfer);
    let theirs = server.post(&second, "/v1/assess", &transfer);
    assert_eq!(ours.body, theirs.body);
    assert_eq!(
        ours.header("catchall-entry"),
        again.header("catchall-entry")
    );
    assert_ne!(
        ours.header("catchall-entry"),
        theirs.header("catchall-entry")
    );
    let id = ours.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/determinations/{id}");
    assert_eq!(server.get(&first, &path).body, ours.body);
    assert_eq!(server.get(&second, &path).body, ours.body);
    assert_eq!(server.get(&third, &path).status, 404);
    for token in [&first, &second] {
        let replay = server.post(token, &format!("{path}/replay"), &json!({}));
        assert_eq!(replay.json()["same_bytes"], true, "{}", replay.text());
    }
    // A case of the second team rests on the second team's own entry.
    let opened = server
        .post(&second, "/v1/cases", &json!({ "transfer": transfer }))
        .json();
    assert_eq!(
        opened["assessed"][0]["answer"]["entry"].to_string(),
        theirs.header("catchall-entry")
    );
}

/// A name in a report that a person accepted, met in a transfer that no case holds.
fn with_the_institute(id: &str) -> Value {
    json!({
        "id": id, "kind": "export", "date": "1998-10-05", "from": "NO", "to": "RU",
        "parties": [
            { "role": "exporter", "name": "Nordvik Instruments", "country": "NO" },
            { "role": "end_user", "name": "Baltic State Technical University", "type": "university", "country": "RU" },
        ],
        "lines": [{ "item": { "description": "models for a course in missile technology", "form": "goods", "codes": { "*": "none" },
                              "code_source": "exporter", "origin": "NO", "us_content": "0 %" } }],
        "end_use": { "uses": ["civil"] },
        "knowledge": { "informed_by_authority": false, "red_flags": [] },
    })
}

/// What every door without a case answers, in turn: one, list, batch, stream, job.
fn every_door(server: &Server, token: &str, run: &str) -> Vec<(&'static str, Value)> {
    let of = |door: &str| with_the_institute(&format!("{run} {door}"));
    let one = server.post(token, "/v1/assess", &of("one")).json();
    let list = server.post(token, "/v1/assess", &json!([of("list")]));
    let batch = server.post(
        token,
        "/v1/assess",
        &json!({ "transfers": { "key": of("batch") } }),
    );
    let bearer = format!("Bearer {token}");
    let ndjson = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/x-ndjson"),
    ];
    let streamed = server.call(
        "POST",
        "/v1/assess",
        &ndjson,
        of("stream").to_string().as_bytes(),
    );
    let job = server.call(
        "POST",
        "/v1/jobs",
        &ndjson,
        of("job").to_string().as_bytes(),
    );
    let path = job.header("location").to_owned();
    let until = Instant::now() + Duration::from_secs(60);
    while server.get(token, &path).json()["standing"] != "done" {
        assert!(
            Instant::now() < until,
            "{}",
            server.get(token, &path).text()
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let result = server.get(token, &format!("{path}/result")).text();
    vec![
        ("one", one),
        ("list", list.json()[0].clone()),
        ("batch", batch.json()["determinations"]["key"].clone()),
        (
            "stream",
            serde_json::from_str(streamed.text().trim()).unwrap(),
        ),
        ("job", serde_json::from_str(result.trim()).unwrap()),
    ]
}

#[test]
fn an_accepted_statement_asks_its_question_at_any_way_in_and_is_replayed() {
    let server = start(settings("accepted-anywhere"));
    let analyst = server.token("reads reports", &["evidence-analyst"], Some("Evidence"));
    let ours = server.token("orders", &["service"], Some("Export"));
    let report = json!({ "name": "notes", "text": "Publication: The Harbour Notes\nJuly 29, 1998\n\nThe White House alleged on July 28 that the Baltic State Technical University had supplied missile technology to Iran (AP, July 28).\n" });
    let made = server.post(&analyst, "/v1/statements", &report);
    let id = made.json()["statements"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let before = every_door(&server, &ours, "waiting");
    for (door, answer) in &before {
        assert!(
            !answer["flags"].to_string().contains(&id),
            "{door}: a waiting statement asks nothing"
        );
    }
    let tag = server.get(&analyst, &format!("/v1/statements/{id}"));
    let accept = json!({ "command": "accept", "identified": [{ "name": "Baltic State Technical University", "country": "RU" }] });
    let path = format!("/v1/statements/{id}/commands");
    let done = server.post_with(
        &analyst,
        &path,
        &[("if-match", tag.header("etag"))],
        &accept,
    );
    assert_eq!(done.status, 200, "{}", done.text());
    let asked = every_door(&server, &ours, "accepted");
    for (door, answer) in &asked {
        let flags = answer["flags"].to_string();
        assert!(flags.contains(&id), "{door}: {flags}");
        assert_eq!(answer["outcome"], "refer", "{door}");
    }
    let mut other = with_the_institute("another end user");
    other["parties"][1]["name"] = json!("Nordic Technical University");
    let made = server.post(&ours, "/v1/assess", &other).json();
    assert!(
        !made["flags"].to_string().contains(&id),
        "a name like it is not it"
    );
    for (door, answer) in before.iter().chain(&asked) {
        let path = format!(
            "/v1/determinations/{}/replay",
            answer["id"].as_str().unwrap()
        );
        let replay = server.post(&ours, &path, &json!({}));
        assert_eq!(
            replay.json()["same_bytes"],
            true,
            "{door}: {}",
            replay.text()
        );
    }
}
