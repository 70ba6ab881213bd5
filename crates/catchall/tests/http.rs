//! The HTTP API through a real socket: bytes, rights, repeats, races, jobs, events, and what must never happen.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    missing_docs
)]

#[path = "http/packs.rs"]
mod packs;
#[path = "http/relied.rs"]
mod relied;
#[path = "http/schema.rs"]
mod schema;
#[path = "http/server.rs"]
mod server;
#[path = "http/upgrade.rs"]
mod upgrade;

use std::io::{Read, Write};
use std::process::Command;
use std::time::{Duration, Instant};

use base64::Engine as _;
use catchall::http::openapi;
use catchall::http::route::{self, Needs};
use catchall_ledger::Actor;
use catchall_ledger::policy::{Act, Place};
use serde_json::{Value, json};
use server::{LISTS, SHARED, root, settings, start};

fn transfer(id: &str) -> Value {
    json!({
        "id": id, "kind": "export", "date": "2024-05-01", "from": "DE", "to": "IR",
        "parties": [{ "role": "exporter", "name": "Harbour Pumps", "country": "DE" }, { "role": "end_user", "name": "Desert Valves" }],
        "lines": [{ "item": { "description": "valve", "form": "goods", "kind": "valve", "origin": "DE", "us_content": "0 %" } }],
        "end_use": { "uses": ["civil"] }
    })
}

fn command_line(name: &str, input: &str, format: &str) -> Vec<u8> {
    let file = server::folder("inputs").join(name);
    std::fs::write(&file, input).unwrap();
    let done = Command::new(env!("CARGO_BIN_EXE_catchall"))
        .current_dir(root())
        .args([
            "assess",
            "--quiet",
            "--format",
            format,
            "--packs",
            "packs",
            "--rejects",
            "/dev/null",
            "--lists",
        ])
        .arg(LISTS.as_path())
        .arg(&file)
        .output()
        .unwrap();
    assert!(
        !done.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    done.stdout
}

#[test]
fn the_answer_is_the_command_lines_to_the_byte() {
    let server = &*SHARED;
    let token = server.token("bytes", &["reader"], Some("Export"));
    let all = json!([transfer("one"), transfer("two"), { "id": "empty" }]);
    let listed = server.post(&token, "/v1/assess", &all);
    assert_eq!(listed.status, 200, "{}", listed.text());
    assert_eq!(
        listed.text(),
        String::from_utf8(command_line("list.json", &all.to_string(), "json")).unwrap()
    );
    let single = server.post(&token, "/v1/assess", &transfer("one"));
    assert_eq!(
        single.body,
        command_line("one.json", &transfer("one").to_string(), "jsonl")
    );
    let lines: String = all
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one.to_string() + "\n")
        .collect();
    let bearer = format!("Bearer {token}");
    let streamed = server.call(
        "POST",
        "/v1/assess",
        &[
            ("authorization", &bearer),
            ("content-type", "application/x-ndjson"),
        ],
        lines.as_bytes(),
    );
    assert_eq!(streamed.body, command_line("lines.jsonl", &lines, "jsonl"));
    let dated = server.post(&token, "/v1/assess?as_of=2020-01-01", &transfer("one"));
    assert_eq!(dated.json()["asked"]["as_of"], "2020-01-01");
    assert_ne!(dated.json()["id"], single.json()["id"]);
}

#[test]
fn a_batch_keeps_its_keys_and_a_bad_record_costs_itself_only() {
    let server = &*SHARED;
    let token = server.token("batches", &["reader"], None);
    let mut bad = transfer("bad");
    bad["frm"] = json!("DE");
    let mut nameless = transfer("x");
    nameless.as_object_mut().unwrap().remove("id");
    // Written by hand, since a JSON value of ours would sort its keys.
    let batch = format!("{{\"transfers\": {{\"b\": {bad}, \"a\": {nameless}}}}}");
    let bearer = format!("Bearer {token}");
    let json_type = ("content-type", "application/json");
    let reply = server.call(
        "POST",
        "/v1/assess",
        &[("authorization", &bearer), json_type],
        batch.as_bytes(),
    );
    let made = reply.json();
    assert_eq!(
        made["determinations"]["a"]["transfer"], "a",
        "the key stands in for an id"
    );
    let reject = &made["determinations"]["b"]["rejects"][0];
    assert_eq!(reject["column"], "frm", "{reject}");
    assert!(
        reply.text().find("\"b\"").unwrap() < reply.text().find("\"a\"").unwrap(),
        "the order is the caller's"
    );
    let alone = server.post(&token, "/v1/assess", &bad);
    assert_eq!(
        (alone.status, alone.header("content-type")),
        (422, "application/problem+json")
    );
    assert_eq!(alone.json()["errors"][0]["field"], "frm");
    let speaks = json!({ "id": "s", "end_use": { "statement": "for \"transfers\": {} of heat" } });
    assert_eq!(server.post(&token, "/v1/assess", &speaks).status, 200);
    let twice = server.call(
        "POST",
        "/v1/assess",
        &[("authorization", &format!("Bearer {token}"))],
        br#"{"transfers": {"a": {}, "a": {}}}"#,
    );
    assert_eq!(twice.status, 400, "{}", twice.text());
}

#[test]
fn what_is_recorded_is_read_explained_and_replayed() {
    let server = &*SHARED;
    let ours = server.token("orders", &["service"], Some("Export"));
    let theirs = server.token("others", &["service"], Some("Other"));
    let reader = server.token("a reader", &["reader"], Some("Export"));
    let made = server.post(&ours, "/v1/assess", &transfer("recorded"));
    assert!(made.header("catchall-entry").parse::<u64>().is_ok());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/determinations/{id}");
    assert_eq!(server.get(&ours, &path).body, made.body);
    assert_eq!(server.get(&reader, &path).body, made.body);
    assert_eq!(
        server.get(&theirs, &path).status,
        404,
        "another team must not learn of it"
    );
    for (format, start) in [
        ("text", ""),
        ("html", "<!"),
        ("svg", "<?xml"),
        ("json", "{"),
    ] {
        let shown = server.get(&ours, &format!("{path}/explain?format={format}"));
        assert_eq!(shown.status, 200, "{format}");
        assert!(
            shown.text().starts_with(start),
            "{format}: {}",
            &shown.text()[..40]
        );
        assert!(
            !shown.header("content-security-policy").contains("unsafe"),
            "{format}"
        );
    }
    let replay = server
        .post(&ours, &format!("{path}/replay"), &json!({}))
        .json();
    assert_eq!(
        (&replay["same_bytes"], &replay["basis_differs_in"]),
        (&json!(true), &json!([]))
    );
    let unrecorded = server.post(&ours, "/v1/assess?record=false", &transfer("not recorded"));
    assert_eq!(unrecorded.header("catchall-entry"), "");
    let asked = server.post(&reader, "/v1/assess?record=true", &transfer("not recorded"));
    assert_eq!(asked.status, 403, "a reader may not record");
    let listed = server.get(&theirs, "/v1/determinations?limit=1000").json();
    assert!(
        listed["determinations"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["team"] != "Export")
    );
}

/// Every way in × every role: let in or refused exactly as the policy says.
#[test]
fn the_table_of_ways_in_lets_in_whom_the_policy_lets_in() {
    let server = &*SHARED;
    let mut wrong = Vec::new();
    let mut asked = 0;
    let policy = &server.app.policy;
    for role in policy.roles() {
        let token = server.token(&format!("matrix {}", role.id), &[&role.id], Some("Matrix"));
        let bearer = format!("Bearer {token}");
        let actor = Actor {
            name: "matrix".to_owned(),
            team: Some("Matrix".to_owned()),
            roles: vec![role.id.clone()],
        };
        for route in route::table() {
            let path = filled(route.path);
            let method = route.method.word().to_uppercase();
            let reply = server.call(
                &method,
                &path,
                &[
                    ("authorization", &bearer),
                    ("content-type", "application/json"),
                ],
                b"{}",
            );
            let may = |act: &str| {
                policy
                    .may(
                        &actor,
                        Act::find(act).unwrap(),
                        Place::of_team(Some("Matrix")),
                    )
                    .is_ok()
            };
            let allowed = match route.needs {
                Needs::Nothing | Needs::SignedIn => true,
                Needs::Act(act) => {
                    may(act) && (route.path != "/v1/jobs" || method == "GET" || may("job.read"))
                }
            };
            asked += 1;
            // Signing in without a name is refused for its body, not for rights.
            let refused = matches!(reply.status, 401 | 403);
            if refused == allowed || reply.status >= 500 {
                wrong.push(format!(
                    "{} {method} {path}: {} {}",
                    role.id,
                    reply.status,
                    reply.text()
                ));
            }
        }
    }
    for route in route::table() {
        let method = route.method.word().to_uppercase();
        let reply = server.call(
            &method,
            &filled(route.path),
            &[("content-type", "application/json")],
            b"{}",
        );
        let open = route.needs == Needs::Nothing;
        if (reply.status == 401) == open {
            wrong.push(format!("nobody {method} {}: {}", route.path, reply.status));
        }
    }
    assert!(asked > 500, "{asked}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn filled(path: &str) -> String {
    let parts: Vec<&str> = path
        .split('/')
        .map(|part| if part.starts_with('{') { "x" } else { part })
        .collect();
    parts.join("/")
}

#[test]
fn every_act_of_the_table_is_one_of_the_policys() {
    for route in route::table() {
        if let Needs::Act(act) = route.needs {
            assert!(Act::find(act).is_some(), "{}: `{act}`", route.path);
        }
    }
}

/// Every role × own and other team, over one case.
#[test]
fn a_case_is_seen_by_own_and_other_teams_as_the_policy_says() {
    let server = &*SHARED;
    let officer = server.token("K. Oda", &["licensing-officer"], Some("Dual-use"));
    let opened = server.post(
        &officer,
        "/v1/cases",
        &json!({ "transfer": transfer("seen by teams") }),
    );
    assert_eq!(opened.status, 201, "{}", opened.text());
    let path = opened.header("location").to_owned();
    let policy = &server.app.policy;
    for role in policy.roles() {
        for team in ["Dual-use", "Military"] {
            let token = server.token(&format!("{team} {}", role.id), &[&role.id], Some(team));
            let actor = Actor {
                name: "somebody".to_owned(),
                team: Some(team.to_owned()),
                roles: vec![role.id.clone()],
            };
            let may = policy
                .may(
                    &actor,
                    Act::find("case.read").unwrap(),
                    Place::of_team(Some("Dual-use")),
                )
                .is_ok();
            let reply = server.get(&token, &path);
            assert_eq!(
                reply.status == 200,
                may,
                "{} of {team}: {}",
                role.id,
                reply.text()
            );
            let listed = server.get(&token, "/v1/cases?limit=1000");
            let shown = listed.status == 200 && listed.text().contains("seen by teams");
            assert_eq!(shown, may, "{} of {team} in the list", role.id);
        }
    }
}

#[test]
fn a_case_is_led_over_http_and_two_at_once_never_both_win() {
    let server = &*SHARED;
    let officer = server.token("R. Haas", &["licensing-officer"], Some("Dual-use"));
    let second = server.token("A. Lund", &["countersigner"], Some("Dual-use"));
    let opened = server.post(
        &officer,
        "/v1/cases",
        &json!({ "transfer": transfer("led") }),
    );
    let path = opened.header("location").to_owned();
    let commands = format!("{path}/commands");
    let tag = opened.header("etag").to_owned();
    let note = json!({ "command": "note", "text": "the data sheet came by post" });
    assert_eq!(
        server.post(&officer, &commands, &note).status,
        428,
        "without If-Match"
    );
    let done = server.post_with(&officer, &commands, &[("if-match", &tag)], &note);
    assert_eq!(done.status, 200, "{}", done.text());
    let stale = server.post_with(&officer, &commands, &[("if-match", &tag)], &note);
    assert_eq!(stale.status, 412, "{}", stale.text());
    let tag = done.header("etag").to_owned();
    let unknown = server.post_with(
        &officer,
        &commands,
        &[("if-match", &tag)],
        &json!({ "command": "aprove" }),
    );
    assert_eq!(unknown.status, 422, "{}", unknown.text());
    let decide =
        json!({ "command": "decide", "view": "refuse", "reason": "the end use stays in doubt" });
    let proposed = server.post_with(&officer, &commands, &[("if-match", &tag)], &decide);
    assert_eq!(proposed.status, 200, "{}", proposed.text());
    let tag = proposed.header("etag").to_owned();
    let own = server.post_with(
        &officer,
        &commands,
        &[("if-match", &tag)],
        &json!({ "command": "countersign" }),
    );
    assert_eq!(
        own.status,
        403,
        "nobody countersigns their own: {}",
        own.text()
    );
    let signed = server.post_with(
        &second,
        &commands,
        &[("if-match", &tag)],
        &json!({ "command": "countersign" }),
    );
    assert_eq!(signed.status, 200, "{}", signed.text());
    assert_eq!(signed.json()["stage"], "decided");
    // Ten at once with the same tag: one wins.
    let opened = server.post(
        &officer,
        "/v1/cases",
        &json!({ "transfer": transfer("raced") }),
    );
    let (commands, tag) = (
        format!("{}/commands", opened.header("location")),
        opened.header("etag").to_owned(),
    );
    let won: usize = std::thread::scope(|scope| {
        let all: Vec<_> = (0..10)
            .map(|_| {
                scope.spawn(|| {
                    server
                        .post_with(&officer, &commands, &[("if-match", &tag)], &note)
                        .status
                })
            })
            .collect();
        all.into_iter()
            .map(|one| usize::from(one.join().unwrap() == 200))
            .sum()
    });
    assert_eq!(won, 1);
}

#[test]
fn a_licence_is_registered_drawn_and_never_overdrawn() {
    let server = &*SHARED;
    let officer = server.token("L. Marsh", &["licensing-officer"], Some("Dual-use"));
    let terms = json!({
        "authority": "de", "holder": "Harbour Pumps", "from": "2024-01-01", "until": "2030-01-01", "paper": "file 12",
        "lines": [{ "number": 1, "item": "valves", "codes": [], "quantity": "10 items", "value": null }],
    });
    let made = server.post(
        &officer,
        "/v1/licences",
        &json!({ "id": "L-2026-0001", "terms": terms }),
    );
    assert_eq!(made.status, 201, "{}", made.text());
    let path = made.header("location").to_owned();
    let commands = format!("{path}/commands");
    let reserve = |order: &str, amount: &str, tag: &str| {
        let body = json!({
            "command": "reserve", "reservation": order, "line": 1, "amounts": { "quantity": amount }, "purpose": { "on": "2026-01-10" }
        });
        server.post_with(&officer, &commands, &[("if-match", tag)], &body)
    };
    let first = reserve("order-1", "7 items", made.header("etag"));
    assert_eq!(first.status, 200, "{}", first.text());
    let again = reserve("order-1", "7 items", made.header("etag"));
    assert_eq!(
        again.status,
        200,
        "a repeat changes nothing: {}",
        again.text()
    );
    assert_eq!(again.header("etag"), first.header("etag"));
    let over = reserve("order-2", "4 items", first.header("etag"));
    assert_eq!(over.status, 409, "{}", over.text());
    let shown = server.get(&officer, "/v1/licences").json();
    assert!(
        shown["licences"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["id"] == "L-2026-0001"),
        "{shown}"
    );
}

#[test]
fn a_person_signs_in_and_no_other_site_acts_in_their_name() {
    let server = start(settings("sessions"));
    let password = "four words of nothing";
    server.account("R. Haas", password, &["admin"], true);
    let json_type = ("content-type", "application/json");
    let sign_in = |name: &str, password: &str| {
        let body = json!({ "name": name, "password": password }).to_string();
        server.call("POST", "/v1/session", &[json_type], body.as_bytes())
    };
    let wrong = sign_in("R. Haas", "not this one");
    let nobody = sign_in("Nobody", "not this one");
    assert_eq!((wrong.status, nobody.status), (401, 401));
    assert_eq!(
        wrong.text(),
        nobody.text(),
        "nobody learns which names there are"
    );
    let entered = sign_in("R. Haas", password);
    assert_eq!(entered.status, 204, "{}", entered.text());
    let cookie = entered.header("set-cookie").to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    let pair = cookie.split(';').next().unwrap().to_owned();
    let me = server
        .call("GET", "/v1/session", &[("cookie", &pair)], b"")
        .json();
    assert_eq!(
        (&me["name"], &me["must_change_password"]),
        (&json!("R. Haas"), &json!(true))
    );
    let held = server.call("GET", "/v1/webhooks", &[("cookie", &pair)], b"");
    assert_eq!(
        held.status,
        403,
        "the password must be changed first: {}",
        held.text()
    );
    let csrf = me["csrf"].as_str().unwrap().to_owned();
    let change = json!({ "old": password, "new": "five other words of nothing" }).to_string();
    let send = |headers: &[(&str, &str)]| {
        server
            .call("POST", "/v1/session/password", headers, change.as_bytes())
            .status
    };
    assert_eq!(
        send(&[("cookie", &pair), json_type]),
        403,
        "without the word"
    );
    assert_eq!(
        send(&[("cookie", &pair), json_type, ("x-csrf-token", "0")]),
        403
    );
    let origin = ("origin", "http://elsewhere.example");
    assert_eq!(
        send(&[
            ("cookie", &pair),
            json_type,
            ("x-csrf-token", &csrf),
            origin
        ]),
        403
    );
    assert_eq!(
        send(&[
            ("cookie", &pair),
            json_type,
            ("x-csrf-token", &csrf),
            ("sec-fetch-site", "cross-site")
        ]),
        403
    );
    assert_eq!(
        send(&[("cookie", &pair), json_type, ("x-csrf-token", &csrf)]),
        204
    );
    assert_eq!(
        server
            .call("GET", "/v1/webhooks", &[("cookie", &pair)], b"")
            .status,
        200
    );
    assert_eq!(sign_in("R. Haas", password).status, 401, "the old password");
    for _ in 0..4 {
        sign_in("R. Haas", "guess");
    }
    let locked = sign_in("R. Haas", "five other words of nothing");
    assert_eq!(locked.status, 429, "locked, whatever is typed");
    assert!(locked.header("retry-after").parse::<u64>().unwrap() <= 31);
    server
        .app
        .accounts
        .change(|register| {
            register.accounts[0].disabled = true;
            Ok(())
        })
        .unwrap();
    assert_eq!(
        server
            .call("GET", "/v1/session", &[("cookie", &pair)], b"")
            .status,
        401,
        "a closed account's session ends"
    );
}

#[test]
fn a_token_is_limited_to_its_scope_and_its_days() {
    let server = &*SHARED;
    let narrow = server.token_for("narrow", &["service"], None, &["party.screen"]);
    assert_eq!(server.get(&narrow, "/v1/lists").status, 403);
    assert_eq!(
        server
            .post(&narrow, "/v1/screen", &json!({ "name": "Harbour Pumps" }))
            .status,
        200
    );
    assert_eq!(server.get("catchall_unknown", "/v1/lists").status, 401);
}

#[test]
fn a_repeat_with_the_same_key_is_answered_and_not_done_again() {
    let server = &*SHARED;
    let officer = server.token("repeats", &["licensing-officer"], Some("Repeats"));
    let body = json!({ "transfer": transfer("once") });
    let key = ("idempotency-key", "order-4711");
    let first = server.post_with(&officer, "/v1/cases", &[key], &body);
    let again = server.post_with(&officer, "/v1/cases", &[key], &body);
    assert_eq!((first.status, again.status), (201, 201), "{}", first.text());
    assert_eq!(first.body, again.body);
    assert_eq!(again.header("idempotent-replayed"), "true");
    let other = server.post_with(
        &officer,
        "/v1/cases",
        &[key],
        &json!({ "transfer": transfer("twice") }),
    );
    assert_eq!(other.status, 422);
    let cases = server.get(&officer, "/v1/cases?team=Repeats").json();
    assert_eq!(cases["cases"].as_array().unwrap().len(), 1, "{cases}");
}

#[test]
fn a_batch_as_a_job_tells_its_progress_and_its_rejects() {
    let server = &*SHARED;
    let ours = server.token("batch", &["service"], Some("Export"));
    let theirs = server.token("other", &["service"], Some("Other"));
    let mut table = String::from("id,kind,date,from,to,item,form\n");
    for number in 0..60 {
        table += &format!("row-{number},export,2024-05-01,DE,NO,valve,goods\n");
    }
    table += "bad,export,not a day,DE,NO,valve,goods\n";
    let bearer = format!("Bearer {ours}");
    let begun = server.call(
        "POST",
        "/v1/jobs",
        &[("authorization", &bearer), ("content-type", "text/csv")],
        table.as_bytes(),
    );
    assert_eq!(begun.status, 202, "{}", begun.text());
    let path = begun.header("location").to_owned();
    assert_eq!(server.get(&theirs, &path).status, 404);
    let until = Instant::now() + Duration::from_secs(120);
    let about = loop {
        let about = server.get(&ours, &path).json();
        if about["standing"] != "queued" && about["standing"] != "running" {
            break about;
        }
        assert!(Instant::now() < until, "{about}");
        std::thread::sleep(Duration::from_millis(100));
    };
    assert_eq!(
        (&about["standing"], &about["answered"], &about["rejected"]),
        (&json!("done"), &json!(61), &json!(1)),
        "{about}"
    );
    let result = server.get(&ours, &format!("{path}/result")).text();
    assert_eq!(result.lines().count(), 61);
    let first: Value = serde_json::from_str(result.lines().next().unwrap()).unwrap();
    assert_eq!(first["transfer"], "row-0");
    let id = first["id"].as_str().unwrap();
    let recorded = server.get(&ours, &format!("/v1/determinations/{id}"));
    assert_eq!(recorded.text().trim_end(), result.lines().next().unwrap());
    let replay = server
        .post(
            &ours,
            &format!("/v1/determinations/{id}/replay"),
            &json!({}),
        )
        .json();
    assert_eq!(replay["same_bytes"], true, "a row of a table replays, too");
    let delete = server.call("DELETE", &path, &[("authorization", &bearer)], b"");
    assert_eq!(delete.status, 204);
    assert_eq!(server.get(&ours, &path).status, 404);
    let columns = b"id,kind,colour\n1,export,red\n";
    let begun = server.call(
        "POST",
        "/v1/jobs",
        &[("authorization", &bearer), ("content-type", "text/csv")],
        columns,
    );
    let path = begun.header("location").to_owned();
    let failed = loop {
        let about = server.get(&ours, &path).json();
        if about["standing"] == "failed" {
            break about;
        }
        assert!(Instant::now() < until, "{about}");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(
        failed["why"].as_str().unwrap().contains("colour"),
        "{failed}"
    );
}

#[test]
fn events_are_polled_acknowledged_and_kept_from_other_teams() {
    let server = start(settings("events"));
    let ours = server.token("poller", &["service"], Some("Export"));
    let theirs = server.token("elsewhere", &["service"], Some("Other"));
    for name in ["e1", "e2", "e3"] {
        assert_eq!(
            server.post(&ours, "/v1/assess", &transfer(name)).status,
            200
        );
    }
    let page = server.get(&ours, "/v1/events?consumer=desk&limit=2").json();
    assert_eq!(page["events"].as_array().unwrap().len(), 2, "{page}");
    assert!(page["events"][0].get("body").is_none());
    let next = page["next"].as_u64().unwrap();
    let done = server.post(
        &ours,
        "/v1/events/ack",
        &json!({ "consumer": "desk", "number": next }),
    );
    assert_eq!(done.status, 200, "{}", done.text());
    let rest = server.get(&ours, "/v1/events?consumer=desk").json();
    assert_eq!(rest["events"].as_array().unwrap().len(), 1, "{rest}");
    assert_eq!(
        server.get(&theirs, "/v1/events").json()["events"],
        json!([])
    );
    let beyond = server.post(
        &ours,
        "/v1/events/ack",
        &json!({ "consumer": "desk", "number": 10_000 }),
    );
    assert_eq!(beyond.status, 400);
}

/// A target that fails once and then takes it; gives what it was sent.
fn target(listener: std::net::TcpListener) -> std::thread::JoinHandle<Vec<String>> {
    listener.set_nonblocking(true).unwrap();
    std::thread::spawn(move || {
        let mut got = Vec::new();
        for status in ["500 Oops", "204 No Content"] {
            let until = Instant::now() + Duration::from_secs(90);
            let mut stream = loop {
                match listener.accept() {
                    Ok((stream, _)) => break stream,
                    Err(error) => assert!(Instant::now() < until, "nothing was delivered: {error}"),
                }
                std::thread::sleep(Duration::from_millis(20));
            };
            stream.set_nonblocking(false).unwrap();
            stream
                .set_read_timeout(Some(Duration::from_secs(5)))
                .unwrap();
            let mut all = Vec::new();
            let mut part = [0; 4096];
            loop {
                let count = stream.read(&mut part).unwrap();
                all.extend(&part[..count]);
                let text = String::from_utf8_lossy(&all);
                let whole = text.split_once("\r\n\r\n").is_some_and(|(head, body)| {
                    let length = head
                        .lines()
                        .find_map(|line| line.strip_prefix("content-length: "));
                    body.len() >= length.unwrap().parse().unwrap()
                });
                if whole || count == 0 {
                    break;
                }
            }
            got.push(String::from_utf8_lossy(&all).into_owned());
            let _ = write!(stream, "HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        }
        got
    })
}

#[test]
fn a_webhook_is_signed_tried_again_and_never_sent_to_a_private_address() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = start(catchall::app::Settings {
        webhook_targets: vec![address.clone()],
        ..settings("hooks")
    });
    let admin = server.token("admin", &["admin"], None);
    let orders = server.token("orders", &["service"], Some("Export"));
    for private in [
        "http://127.0.0.1:9/",
        "http://localhost:9/",
        "http://10.0.0.1/",
        "http://169.254.169.254/latest",
        "https://10.0.0.1/",
    ] {
        let refused = server.post(&admin, "/v1/webhooks", &json!({ "url": private }));
        assert_eq!(refused.status, 422, "{private}: {}", refused.text());
    }
    let made = server.post(
        &admin,
        "/v1/webhooks",
        &json!({ "url": format!("http://{address}/hook"), "kinds": ["determined"] }),
    );
    assert_eq!(made.status, 201, "{}", made.text());
    let secret = made.json()["secret"]
        .as_str()
        .unwrap()
        .strip_prefix("whsec_")
        .unwrap()
        .to_owned();
    let taking = target(listener);
    assert_eq!(
        server
            .post(&orders, "/v1/assess", &transfer("hooked"))
            .status,
        200
    );
    let got = taking.join().unwrap();
    let of = |text: &str, name: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
            .unwrap()
    };
    assert_eq!(
        of(&got[0], "webhook-id"),
        of(&got[1], "webhook-id"),
        "a second try is the same message"
    );
    for request in &got {
        let body = request.split_once("\r\n\r\n").unwrap().1;
        let signed = format!(
            "{}.{}.{body}",
            of(request, "webhook-id"),
            of(request, "webhook-timestamp")
        );
        let key = base64::engine::general_purpose::STANDARD
            .decode(&secret)
            .unwrap();
        assert_eq!(
            of(request, "webhook-signature"),
            format!("v1,{}", hmac(&key, signed.as_bytes()))
        );
        let event: Value = serde_json::from_str(body).unwrap();
        assert_eq!(event["type"], "determined");
        assert!(!body.contains("Harbour"), "no body of an entry leaves");
    }
    let path = format!(
        "/v1/webhooks/{}/deliveries",
        made.json()["id"].as_str().unwrap()
    );
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let tries = server.get(&admin, &path).json();
        let results: Vec<&str> = tries["deliveries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["result"].as_str().unwrap())
            .collect();
        if results == ["failed", "delivered"] {
            break;
        }
        assert!(Instant::now() < until, "{tries}");
        std::thread::sleep(Duration::from_millis(200));
    }
    assert!(!server.get(&admin, "/v1/webhooks").text().contains(&secret));
}

/// HMAC-SHA256 from its definition, as a twin of the library's.
fn hmac(key: &[u8], message: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let pad = |with: u8| block.map(|byte| byte ^ with);
    let inner = Sha256::digest([&pad(0x36)[..], message].concat());
    let outer = Sha256::digest([&pad(0x5c)[..], &inner[..]].concat());
    base64::engine::general_purpose::STANDARD.encode(outer)
}

/// The requests that `yente-client` 0.2.0 sends, and what it needs of the answers.
#[test]
fn a_client_of_yente_changes_only_the_address() {
    let server = &*SHARED;
    let token = server.token("yente", &["service"], None);
    let key = format!("ApiKey {token}");
    let get = |path: &str| server.call("GET", path, &[("authorization", &key)], b"");
    assert_eq!(get("/healthz").json()["status"], "ok");
    assert_eq!(get("/readyz").json()["status"], "ok");
    let catalog = get("/catalog").json();
    assert!(
        catalog["current"]
            .as_array()
            .unwrap()
            .contains(&json!("un")),
        "{catalog}"
    );
    let found = get("/search/default?q=amar&offset=0&limit=5&fuzzy=false&simple=false").json();
    let entity = found["results"][0].clone();
    assert!(found["total"]["value"].as_u64().unwrap() >= 1, "{found}");
    let id = entity["id"].as_str().unwrap();
    let one = get(&format!("/entities/{}?nested=true", id.replace(':', "%3A"))).json();
    assert_eq!(one["id"], entity["id"]);
    assert_eq!(get("/entities/nobody").status, 404);
    let name = one["properties"]["name"][0].clone();
    let body =
        json!({ "queries": { "q": { "schema": "Person", "properties": { "name": [name] } } } })
            .to_string();
    let post = |path: &str, body: &str| {
        server.call(
            "POST",
            path,
            &[
                ("authorization", &key),
                ("content-type", "application/json"),
            ],
            body.as_bytes(),
        )
    };
    let matched = post(
        "/match/default?limit=5&threshold=0.7&algorithm=logic-v2",
        &body,
    );
    let top = matched.json()["responses"]["q"]["results"][0].clone();
    assert_eq!(
        (&top["id"], &top["match"]),
        (&entity["id"], &json!(true)),
        "{}",
        matched.text()
    );
    assert_eq!(matched.header("x-batch-size"), "1");
    assert!(top["explanations"]["name"]["score"].is_number());
    let excluded = post(
        &format!(
            "/match/default?exclude_entity_ids={}",
            id.replace(':', "%3A")
        ),
        &body,
    )
    .json();
    assert_eq!(excluded["responses"]["q"]["results"], json!([]));
    assert_eq!(post("/match/nowhere", &body).status, 404);
    assert_eq!(post("/match/default?algorithm=guess", &body).status, 400);
    assert_eq!(
        post("/match/default", &json!({ "queries": {} }).to_string()).status,
        400
    );
    // OpenRefine sends its key behind the `?`, and forms.
    let manifest = server
        .call(
            "GET",
            &format!("/reconcile/default?api_key={token}"),
            &[],
            b"",
        )
        .json();
    assert_eq!(manifest["versions"], json!(["0.2"]));
    assert!(
        manifest["suggest"]["entity"]["service_path"]
            .as_str()
            .unwrap()
            .ends_with(&token)
    );
    let queries = json!({ "q0": { "query": name, "type": "Person", "limit": 3, "properties": [{ "pid": "Person:nationality", "v": "ml" }] } });
    let form = format!("queries={}", escaped(&queries.to_string()));
    let asked = server.call(
        "POST",
        &format!("/reconcile/default?api_key={token}"),
        &[("content-type", "application/x-www-form-urlencoded")],
        form.as_bytes(),
    );
    assert_eq!(
        asked.json()["q0"]["result"][0]["id"],
        entity["id"],
        "{}",
        asked.text()
    );
    let extend = json!({ "ids": [id], "properties": [{ "id": "name" }] });
    let form = format!("extend={}", escaped(&extend.to_string()));
    let rows = server.call(
        "POST",
        &format!("/reconcile/default?api_key={token}"),
        &[("content-type", "application/x-www-form-urlencoded")],
        form.as_bytes(),
    );
    assert_eq!(
        rows.json()["rows"][id]["name"][0]["str"],
        name,
        "{}",
        rows.text()
    );
    assert_eq!(
        server
            .call("GET", &format!("/v1/lists?api_key={token}"), &[], b"")
            .status,
        401,
        "nowhere else"
    );
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() {
                (byte as char).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect()
}

#[test]
fn the_description_holds_together_and_what_is_served_fits_it() {
    let server = &*SHARED;
    let served = server.call("GET", "/openapi.json", &[], b"").json();
    assert_eq!(served, openapi::made());
    let schemas = openapi::schemas();
    let mut named = Vec::new();
    schema::references(&served, &mut named);
    for name in &named {
        assert!(
            schemas.contains_key(name),
            "`{name}` is named and not there"
        );
    }
    for name in schemas.keys() {
        let used = named.contains(name) || name == "rejects" || name == "party";
        assert!(used, "`{name}` is there and not named");
    }
    let officer = server.token("described", &["licensing-officer"], Some("Described"));
    let auditor = server.token("audits", &["auditor"], None);
    let service = server.token("served", &["service"], Some("Described"));
    let reload = server.token("reloads", &["rule-publisher"], None);
    let made = server.post(&officer, "/v1/assess", &transfer("described"));
    let id = made.json()["id"].as_str().unwrap().to_owned();
    let opened = server.post(
        &officer,
        "/v1/cases",
        &json!({ "transfer": transfer("described") }),
    );
    let case = opened.header("location").to_owned();
    let law = server.get(&officer, "/v1/law?limit=3").json();
    let provision = law["provisions"][0]["provision"]
        .as_str()
        .unwrap()
        .to_owned();
    let screened = |body: Value| server.post(&officer, "/v1/screen", &body);
    let party = json!({ "name": "Abderrahmane Ould el Amar", "type": "person" });
    let get = |path: &str| server.get(&officer, path);
    let table = [
        ("determination", get(&format!("/v1/determinations/{id}"))),
        ("assessed", made),
        ("assessed", server.post(&officer, "/v1/assess", &json!([transfer("a"), { "x": 1 }]))),
        ("assessed", server.post(&officer, "/v1/assess", &json!({ "transfers": { "k": transfer("a") } }))),
        ("determinations", get("/v1/determinations?limit=3")),
        ("replay", server.post(&officer, &format!("/v1/determinations/{id}/replay"), &json!({}))),
        ("screening", screened(party.clone())),
        ("screening", screened(json!([party, { "name": "Nobody At All" }]))),
        ("screening", screened(json!({ "parties": { "k": party } }))),
        ("law", get("/v1/law?on=2020-01-01&limit=50")),
        ("provision", get(&format!("/v1/law/{provision}"))),
        ("vocabulary", get("/v1/vocabulary")),
        ("coverage", get("/v1/coverage")),
        ("packs", get("/v1/packs")),
        ("lists", get("/v1/lists")),
        ("health", server.call("GET", "/healthz", &[], b"")),
        ("me", get("/v1/session")),
        ("case", get(&case)),
        ("cases", get("/v1/cases?limit=5")),
        ("licences", get("/v1/licences")),
        ("jobs", server.get(&service, "/v1/jobs")),
        ("events", server.get(&auditor, "/v1/events?limit=50")),
        ("search-response", server.get(&service, "/search/default?q=abd")),
        ("match-response", server.post(&service, "/match/un", &json!({ "queries": { "a": { "schema": "Person", "properties": { "name": "Abderrahmane Ould el Amar" } } } }))),
        ("reloaded", server.post(&reload, "/v1/reload", &json!({}))),
        ("problem", get("/v1/law/nothing/of-this-name")),
        ("problem", get("/nowhere")),
        ("problem", server.post(&officer, "/v1/assess", &json!({ "frm": "DE" }))),
        ("problem", server.call("PATCH", "/v1/assess", &[], b"")),
    ];
    let mut wrong = Vec::new();
    for (name, reply) in &table {
        let expected = if *name == "problem" {
            400..500
        } else {
            200..300
        };
        if !expected.contains(&reply.status) {
            wrong.push(format!("{name}: {} {}", reply.status, reply.text()));
            continue;
        }
        let found = schema::faults(&schemas, name, &reply.json());
        wrong.extend(
            found
                .into_iter()
                .take(5)
                .map(|fault| format!("{name}{fault}")),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A report comes in, waits, is accepted against a tag, and asks a question of a case; what was slower is told so.
#[test]
fn a_report_is_read_in_judged_and_asks_a_case_a_question() {
    let server = &*SHARED;
    let analyst = server.token("reads reports", &["evidence-analyst"], Some("Evidence"));
    let officer = server.token("leads a case", &["licensing-officer"], Some("Evidence"));
    let schemas = openapi::schemas();
    let fits = |name: &str, value: &Value| {
        let faults = schema::faults(&schemas, name, value);
        assert!(faults.is_empty(), "{name}: {faults:?}");
    };
    let text = "Publication: The Harbour Notes\nJuly 29, 1998\n\nThe White House alleged on July 28 that the Baltic State Technical University had supplied missile technology to Iran (AP, July 28).\n";
    let report = json!({ "name": "notes", "text": text });
    let made = server.post(&analyst, "/v1/statements", &report);
    assert_eq!(made.status, 201, "{}", made.text());
    fits("report-read", &made.json());
    let again = server.post(&analyst, "/v1/statements", &report);
    assert_eq!((again.status, &again.json()["new"]), (200, &json!(false)));
    assert_eq!(server.post(&officer, "/v1/statements", &report).status, 403);
    let id = made.json()["statements"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let case = server.post(
        &officer,
        "/v1/cases",
        &json!({ "transfer": { "id": "asked", "kind": "export", "date": "1998-10-05", "from": "NO", "to": "RU",
            "parties": [{ "role": "exporter", "name": "Nordvik Instruments", "country": "NO" },
                { "role": "end_user", "name": "Baltic State Technical University", "type": "university", "country": "RU" }],
            "lines": [{ "item": { "description": "models for a course in missile technology", "form": "goods", "codes": { "*": "none" }, "code_source": "exporter", "origin": "NO", "us_content": "0 %" } }],
            "end_use": { "uses": ["civil"] }, "knowledge": { "informed_by_authority": false, "red_flags": [] } } }),
    );
    assert_eq!(case.status, 201, "{}", case.text());
    let before = case.json()["assessed"][0]["answer"]["outcome"].clone();
    let one = server.get(&analyst, &format!("/v1/statements/{id}"));
    fits("statement", &one.json());
    let tag = one.header("etag").to_owned();
    let act = |token: &str, tag: Option<&str>, body: Value| {
        let bearer = format!("Bearer {token}");
        let mut headers = vec![
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
        ];
        headers.extend(tag.map(|tag| ("if-match", tag)));
        let path = format!("/v1/statements/{id}/commands");
        server.call("POST", &path, &headers, body.to_string().as_bytes())
    };
    let accept = json!({ "command": "accept", "identified": [{ "name": "Baltic State Technical University", "country": "RU" }] });
    assert_eq!(act(&analyst, None, accept.clone()).status, 428);
    assert_eq!(act(&officer, Some(&tag), accept.clone()).status, 403);
    let done = act(&analyst, Some(&tag), accept.clone());
    assert_eq!(done.status, 200, "{}", done.text());
    fits("statement-done", &done.json());
    let number = case.json()["id"].clone();
    let followed = done.json()["cases"].as_array().unwrap().clone();
    let own = followed
        .iter()
        .find(|each| each["case"] == number)
        .unwrap_or_else(|| panic!("{followed:?}"));
    assert_eq!((&own["before"], &own["after"]), (&before, &json!("refer")));
    assert_eq!(
        act(&analyst, Some(&tag), accept).status,
        412,
        "whoever was slower judges"
    );
    let now = server.get(&officer, case.header("location")).json();
    let because = &now["assessed"][1]["because"];
    assert!(because.to_string().contains(&id), "{because}");
    let list = server.get(
        &analyst,
        "/v1/statements?standing=accepted&about=Baltic%20State%20Technical%20University",
    );
    fits("statements", &list.json());
    assert!(list.text().contains(&id));
    let found = server.get(
        &analyst,
        "/v1/statements/evidence?party=Baltic%20State%20Technical%20University",
    );
    fits("evidence", &found.json());
    assert_eq!(found.json()["origins"], 1);
    assert_eq!(server.get(&analyst, "/v1/statements/evidence").status, 400);
    assert_eq!(
        server
            .get(&analyst, "/v1/statements?standing=accepte")
            .status,
        400
    );
    let all = server.get(&officer, "/v1/commitments?of=ru-us-1995&on=2000-03-22");
    fits("commitments", &all.json());
    assert_eq!(all.json()["commitments"].as_array().unwrap().len(), 5);
    let lane = server.get(
        &officer,
        "/v1/commitments/ru-us-1995/wind-down?on=2000-03-22",
    );
    fits("commitment", &lane.json());
    let early = server.get(
        &officer,
        "/v1/commitments/ru-us-1995/wind-down?known_by=1990-01-01",
    );
    assert_eq!(early.status, 404);
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

#[test]
fn whatever_is_sent_the_server_answers_and_does_not_break() {
    let server = &*SHARED;
    let all: Vec<&str> = server
        .app
        .policy
        .roles()
        .iter()
        .map(|role| role.id.as_str())
        .collect();
    let token = server.token("everything", &all, Some("Fuzz"));
    let bearer = format!("Bearer {token}");
    let bodies: Vec<Vec<u8>> = vec![
        b"".to_vec(),
        b"{".to_vec(),
        b"[".to_vec(),
        b"null".to_vec(),
        b"\"x\"".to_vec(),
        b"[[]]".to_vec(),
        b"[1,2".to_vec(),
        vec![0xff, 0xfe, 0x00],
        "\u{feff}{}".as_bytes().to_vec(),
        b"{\"transfers\": 1}".to_vec(),
        b"{\"transfers\": {\"a\": 1}}".to_vec(),
        [vec![b'['; 100_000], vec![b']'; 100_000]].concat(),
        b"{\"id\": 1e999}".to_vec(),
        b"{\"queries\": {\"a\": null}}".to_vec(),
        b"{\"parties\": {\"a\": []}}".to_vec(),
        b"{\"queries\": {\"a\": {\"schema\": \"Person\", \"properties\": 3}}}".to_vec(),
        "{\"name\": \"\u{202e}\u{0}\u{10ffff}\", \"password\": \"\"}"
            .as_bytes()
            .to_vec(),
        b"{\"command\": \"take\"}".to_vec(),
        b"{\"transfer\": 3}".to_vec(),
        b"queries=%ff%fe&extend={}".to_vec(),
        b"queries={\"a\":{\"limit\":-1}}".to_vec(),
        b"{\"id\":\"\",\"terms\":{}}".to_vec(),
        b"{\"url\":\"http://\\u0000/\"}".to_vec(),
        vec![b'a'; 70_000],
    ];
    let types = [
        "application/json",
        "application/x-ndjson",
        "text/csv",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "\u{e9}",
    ];
    let queries = [
        "",
        "?as_of=x",
        "?limit=-1",
        "?limit=99999999999999999999",
        "?after=%00",
        "?%ff=%fe",
        "?on=2020-02-30",
        "?format=pdf",
        "?prefix=%F0%9F%92%A9&q=%00",
        "?kind=%25&consumer=%0a",
        "?known_by=1900-01-01",
    ];
    let parts = [
        "x",
        "%00",
        "%2e%2e%2f",
        "%ff",
        "C-2026-0001",
        "default",
        "un",
        "%F0%9F%92%A9",
    ];
    let mut dice = Dice(20_261_122);
    let mut broken = Vec::new();
    let routes = route::table();
    for round in 0..12 {
        for route in &routes {
            // Taking the shared lists up again each time would only take time.
            if route.path == "/v1/reload" && round > 1 {
                continue;
            }
            let path: String = route
                .path
                .split('/')
                .map(|part| {
                    if part.starts_with('{') {
                        parts[dice.throw(parts.len())]
                    } else {
                        part
                    }
                })
                .collect::<Vec<_>>()
                .join("/");
            let path = path + queries[dice.throw(queries.len())];
            let method = route.method.word().to_uppercase();
            let body = &bodies[dice.throw(bodies.len())];
            let kind = types[dice.throw(types.len())];
            let reply = server.call(
                &method,
                &path,
                &[
                    ("authorization", &bearer),
                    ("content-type", kind),
                    ("if-match", "\"1\""),
                ],
                body,
            );
            let problem =
                reply.status >= 400 && reply.header("content-type") != "application/problem+json";
            if reply.status >= 500 || problem {
                broken.push(format!(
                    "{method} {path} {kind} {:?}: {} {}",
                    String::from_utf8_lossy(&body[..body.len().min(60)]),
                    reply.status,
                    reply.text()
                ));
            }
        }
    }
    broken.dedup();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_body_beyond_the_limit_is_refused_and_a_stream_has_none() {
    let server = &*SHARED;
    let token = server.token("long", &["reader"], None);
    let bearer = format!("Bearer {token}");
    let long = vec![b' '; (16 << 20) + 1];
    let refused = server.call("POST", "/v1/assess", &[("authorization", &bearer)], &long);
    assert_eq!(refused.status, 413, "{}", refused.text());
    // Five records just below the limit of one are more than a body may have.
    let mut one = transfer("long");
    one["end_use"]["statement"] = json!("a".repeat(3_800_000));
    let lines = (one.to_string() + "\n").repeat(5);
    assert!(lines.len() > 16 << 20);
    let streamed = server.call(
        "POST",
        "/v1/assess",
        &[
            ("authorization", &bearer),
            ("content-type", "application/x-ndjson"),
        ],
        lines.as_bytes(),
    );
    let answered = streamed.text();
    assert_eq!(
        answered
            .lines()
            .filter(|line| line.starts_with("{\"schema\":\"catchall.determination/"))
            .count(),
        5,
        "{}",
        &answered[..answered.len().min(500)]
    );
}

#[test]
fn an_old_list_turns_health_red_and_nothing_fails_open() {
    let server = start(catchall::app::Settings {
        max_list_age: Some(1),
        ..settings("old")
    });
    let token = server.token("old", &["service"], None);
    let health = server.call("GET", "/healthz", &[], b"");
    assert_eq!(
        (health.status, &health.json()["status"]),
        (503, &json!("red"))
    );
    assert_eq!(
        server
            .post(&token, "/v1/screen", &json!({ "name": "Harbour Pumps" }))
            .status,
        503
    );
    let body = json!({ "queries": { "a": { "schema": "Person", "properties": { "name": "x" } } } });
    assert_eq!(server.post(&token, "/match/default", &body).status, 503);
    let made = server
        .post(&token, "/v1/assess", &transfer("unscreened"))
        .json();
    assert_eq!(made["outcome"], "not_screened");
}

#[test]
fn counts_are_given_in_prometheus_form_and_name_nobody() {
    let server = start(settings("counted"));
    let token = server.token("A. Person", &["reader"], None);
    server.post(&token, "/v1/assess", &transfer("counted-transfer"));
    let text = server.call("GET", "/metrics", &[], b"").text();
    assert!(
        text.contains(
            "catchall_http_requests_total{method=\"POST\",route=\"/v1/assess\",status=\"200\"} 1"
        ),
        "{text}"
    );
    assert!(
        text.contains("catchall_list_age_days{list=\"un\"}"),
        "{text}"
    );
    for name in ["Person", "counted-transfer", "Harbour"] {
        assert!(!text.contains(name), "{name}");
    }
}
