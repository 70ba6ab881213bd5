//! Packs are published by somebody who did not write them, and a case is kept sealed, over HTTP.

use serde_json::json;

use super::server::{SHARED, folder, settings, start};
use super::transfer;
use catchall::app::{App, Settings};

#[test]
fn packs_are_published_by_a_second_person_and_a_server_may_insist_on_it() {
    let base = settings("packs");
    let server = start(base.clone());
    let author = server.token("Ann", &["rule-author", "rule-publisher"], None);
    let second = server.token("Bea", &["rule-publisher"], None);
    let reader = server.token("Cyr", &["reader"], None);
    let now = server.get(&reader, "/v1/packs").json();
    let digest = now["loaded"].as_str().unwrap().to_owned();
    assert_eq!(
        (&now["published"], &now["judged_by_published"]),
        (&json!(null), &json!(false))
    );
    // A server that insists on published packs does not start yet, and says what to do.
    let insists = || {
        App::open(Settings {
            published_packs: true,
            ledger: Some(
                format!("{}/ledger.db", base.state.display())
                    .parse()
                    .unwrap(),
            ),
            state: folder("packs-insists"),
            ..base.clone()
        })
    };
    let refused = format!("{:#}", insists().err().unwrap());
    assert!(
        refused.contains("no packs were published yet") && refused.contains(&digest),
        "{refused}"
    );
    let send =
        |token: &str, body: serde_json::Value| server.post(token, "/v1/packs/commands", &body);
    let propose = json!({ "command": "propose", "about": "a new article" });
    assert_eq!(send(&reader, propose.clone()).status, 403);
    assert_eq!(send(&second, propose.clone()).status, 403);
    let nothing = send(&author, json!({ "command": "propose", "about": "  " }));
    assert_eq!(nothing.status, 422, "{}", nothing.text());
    let done = send(&author, propose.clone());
    assert_eq!(done.status, 200, "{}", done.text());
    let schemas = catchall::http::openapi::schemas();
    let fits = |value: &serde_json::Value| {
        let faults = super::schema::faults(&schemas, "packs", value);
        assert!(faults.is_empty(), "{faults:?}");
    };
    fits(&done.json());
    assert_eq!(send(&author, propose).status, 409);
    let publish =
        json!({ "command": "publish", "digest": digest, "why": "read against the journal" });
    let own = send(&author, publish.clone());
    assert_eq!(own.status, 409);
    assert!(
        own.text().contains("somebody else must publish"),
        "{}",
        own.text()
    );
    let scoped = server.token_for("Bea", &["rule-publisher"], None, &["law.read"]);
    assert_eq!(send(&scoped, publish.clone()).status, 403);
    let done = send(&second, publish);
    assert_eq!(done.status, 200, "{}", done.text());
    let now = done.json();
    fits(&now);
    assert_eq!(now["judged_by_published"], json!(true));
    assert_eq!(now["published"]["judged"][0]["by"]["name"], "Bea");
    insists().unwrap();
}

#[test]
fn a_case_is_kept_sealed_as_a_page_and_as_a_pdf() {
    let server = &*SHARED;
    let officer = server.token("K. Oda", &["licensing-officer"], Some("Dual-use"));
    let opened = server.post(
        &officer,
        "/v1/cases",
        &json!({ "transfer": transfer("to be sealed") }),
    );
    assert_eq!(opened.status, 201, "{}", opened.text());
    let path = format!("{}/bundle", opened.header("location"));
    for (format, media) in [
        ("html", "text/html; charset=utf-8"),
        ("pdf", "application/pdf"),
    ] {
        let kept = server.get(&officer, &format!("{path}?format={format}"));
        assert_eq!(kept.status, 200, "{}", kept.text());
        assert_eq!(kept.header("content-type"), media);
        assert!(
            kept.header("content-disposition")
                .ends_with(&format!(".{format}\""))
        );
        let named = catchall::bundle::check(&kept.body).unwrap();
        assert!(!named.is_empty());
        for (number, hash) in named {
            let entry = server.app.ledger.entry(number).unwrap().unwrap();
            assert_eq!(entry.hash.to_string(), hash);
        }
    }
    assert_eq!(
        server.get(&officer, &format!("{path}?format=docx")).status,
        400
    );
    // Who reads and may not print; who is of another team.
    let submitter = server.token("S", &["submitter"], Some("Dual-use"));
    assert_eq!(server.get(&submitter, &path).status, 403);
    let other = server.token("T", &["reader"], Some("Military"));
    assert_eq!(server.get(&other, &path).status, 404);
}

#[cfg(not(feature = "oidc"))]
#[test]
fn a_build_without_a_provider_does_not_start_when_it_is_told_of_one() {
    let base = settings("no-oidc");
    std::fs::write(
        base.state.join("oidc.toml"),
        "issuer = \"https://login.example.org\"\n",
    )
    .unwrap();
    let refused = format!("{:#}", App::open(base).err().unwrap());
    assert!(refused.contains("--features team"), "{refused}");
}
