//! The desk over HTTP, as a browser without script sees it: every page read by a strict reader of markup, every way tried by every
//! role, and a working day from the first check to the appeal.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use catchall::app::{App, Settings};
use catchall::{desk, http};

const PEOPLE: [&str; 7] = [
    "marchetti",
    "haas",
    "okoye",
    "varga",
    "sato",
    "lindqvist",
    "admin",
];

/// A server over the demonstration, one for all tests of this file.
struct Served {
    address: SocketAddr,
    app: Arc<App>,
    cookies: BTreeMap<&'static str, String>,
}

struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        let found = self
            .headers
            .iter()
            .find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }
}

fn served() -> &'static Served {
    static SERVED: OnceLock<Served> = OnceLock::new();
    SERVED.get_or_init(|| {
        let state = std::env::temp_dir().join(format!("catchall-desk-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&state);
        start(state, true)
    })
}

fn start(state: PathBuf, demo: bool) -> Served {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let settings = Settings {
        packs: Some(root.join("packs")),
        state,
        demo,
        loopback: true,
        ..Settings::default()
    };
    let app = App::open(settings).unwrap();
    if demo {
        desk::demo::begin(&app).unwrap();
    }
    let (sender, receiver) = std::sync::mpsc::channel();
    let router = http::router(app.clone());
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            sender.send(listener.local_addr().unwrap()).unwrap();
            let service = router.into_make_service_with_connect_info::<SocketAddr>();
            axum::serve(listener, service).await.unwrap();
        });
    });
    let address = receiver.recv().unwrap();
    let mut served = Served {
        address,
        app,
        cookies: BTreeMap::new(),
    };
    if demo {
        for name in PEOPLE {
            let form = [("name", name), ("password", "demonstration")];
            let answer = served.send("POST", "/login", None, Some(&encoded(&form)));
            assert_eq!(answer.status, 303, "{name} cannot log in: {}", answer.body);
            let cookie = answer
                .header("set-cookie")
                .split(';')
                .next()
                .unwrap()
                .to_owned();
            served.cookies.insert(name, cookie);
        }
    }
    served
}

fn encoded(form: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        text.bytes()
            .map(|byte| {
                if byte.is_ascii_alphanumeric() || b"-_.".contains(&byte) {
                    char::from(byte).to_string()
                } else {
                    format!("%{byte:02X}")
                }
            })
            .collect()
    };
    form.iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
        .collect::<Vec<_>>()
        .join("&")
}

impl Served {
    fn send(&self, method: &str, path: &str, cookie: Option<&str>, body: Option<&str>) -> Answer {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let cookie = cookie.map_or(String::new(), |cookie| format!("Cookie: {cookie}\r\n"));
        let body = body.map_or("\r\n".to_owned(), |body| format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}", body.len()));
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{cookie}{body}",
            self.address
        )
        .unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let end = bytes
            .windows(4)
            .position(|four| four == b"\r\n\r\n")
            .expect("an answer with a head");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let mut rest = bytes[end + 4..].to_vec();
        if headers
            .iter()
            .any(|(name, value)| name == "transfer-encoding" && value == "chunked")
        {
            rest = unchunked(&rest);
        }
        Answer {
            status,
            headers,
            body: String::from_utf8(rest).unwrap_or_default(),
        }
    }

    fn get(&self, who: &str, path: &str) -> Answer {
        self.send("GET", path, Some(&self.cookies[who]), None)
    }

    fn post(&self, who: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let token = between(&self.get(who, "/help").body, "name=\"csrf\" value=\"", "\"");
        let mut all = vec![("csrf", token.as_str())];
        all.extend_from_slice(form);
        self.send("POST", path, Some(&self.cookies[who]), Some(&encoded(&all)))
    }
}

fn unchunked(bytes: &[u8]) -> Vec<u8> {
    let (mut made, mut rest) = (Vec::new(), bytes);
    while let Some(line) = rest.windows(2).position(|two| two == b"\r\n") {
        let size =
            usize::from_str_radix(std::str::from_utf8(&rest[..line]).unwrap().trim(), 16).unwrap();
        if size == 0 {
            break;
        }
        made.extend_from_slice(&rest[line + 2..line + 2 + size]);
        rest = &rest[line + 2 + size + 2..];
    }
    made
}

fn between(text: &str, start: &str, end: &str) -> String {
    let from = text.find(start).map_or("", |at| &text[at + start.len()..]);
    from.split(end).next().unwrap_or_default().to_owned()
}

/// A path with its parts filled in from the demonstration.
fn filled(path: &str) -> String {
    let case = case_of("steel-25-march");
    match path {
        "/matches/{id}" => format!("/matches/{}", case_of("course-2000-09")),
        "/parties/of" => "/parties/of?name=Baltic%20State%20Technical%20University".to_owned(),
        "/why/{number}" => {
            let page = served().get("marchetti", &format!("/cases/{case}")).body;
            format!("/why/{}", between(&page, "href=\"/why/", "\""))
        }
        "/licences/{id}" => "/licences/L-DEMO-0113".to_owned(),
        "/commitments/of/{*id}" => "/commitments/of/ru-us-1995?as_of=2000-03-22".to_owned(),
        "/law/instruments/{id}" => "/law/instruments/ru-57-1998".to_owned(),
        "/law/provisions/{*id}" => {
            "/law/provisions/ru-57-1998/catch-all?as_of=1998-03-25".to_owned()
        }
        "/law/lists/{id}" => "/law/lists/mtcr:annex".to_owned(),
        "/law/lists/{id}/{*code}" => "/law/lists/mtcr:annex/6.C.9".to_owned(),
        "/cases/{id}/sealed/{form}" => format!("/cases/{case}/sealed/html"),
        "/evidence/papers/{id}" => format!("/evidence/papers/{}", paper("1998-07-29-measures")),
        other => other.replace("{id}", &case),
    }
}

/// The report of a digest of the demonstration.
fn paper(name: &str) -> String {
    let app = &served().app;
    let held = app.shelf.held(&app.ledger).unwrap();
    let found = held.papers.values().find(|own| own.report.name == name);
    found
        .unwrap_or_else(|| panic!("no report {name}"))
        .report
        .id
        .clone()
}

fn case_of(transfer: &str) -> String {
    let page = served()
        .get("marchetti", &format!("/desk?queue=all&q={transfer}"))
        .body;
    let closed = served()
        .get("marchetti", &format!("/desk?queue=closed&q={transfer}"))
        .body;
    let found = [page, closed]
        .iter()
        .map(|page| between(page, "href=\"/cases/C-", "\""))
        .find(|id| !id.is_empty());
    format!(
        "C-{}",
        found.unwrap_or_else(|| panic!("no case for {transfer}"))
    )
}

/// Every page that is shown, by its filled path.
fn pages() -> Vec<String> {
    let shown = desk::ways()
        .into_iter()
        .filter(|(method, ..)| method == "GET");
    let own = shown
        .map(|(_, path, _)| filled(path))
        .filter(|path| !["/", "/find", "/desk/next", "/login"].contains(&path.as_str()));
    let more = [
        "/desk?queue=closed",
        "/desk?queue=mine&page=99",
        "/check?kind=export&from=Russia&to=Iran&item_kind=alloy-steel&date=1998-03-25",
        "/check?date=tomorrow",
        "/law?q=missile",
        "/commitments?by=Russia&standing=overdue&as_of=2000-03-22",
        "/commitments/of/ru-57-1998",
        "/commitments/of/ru-us-1995/wind-down?as_of=1996-01-01&known_by=2000-01-01",
        "/commitments/of/none",
        "/evidence/report?q=missile&title=%D9%85%D8%B1",
        "/evidence/papers/R-none",
        "/law/compare?from=1998-01-01&to=1999-01-01",
        "/parties?q=Europalace",
        "/cases/C-1999-9999",
        "/law/provisions/none/such",
    ];
    own.chain(more.map(str::to_owned)).collect()
}

#[test]
fn every_page_is_sound_markup_for_everybody() {
    let mut failures = Vec::new();
    for path in pages() {
        for who in ["marchetti", "lindqvist"] {
            let answer = served().get(who, &path);
            assert!(answer.status < 500, "{who} {path}: {}", answer.status);
            if answer.status == 303 {
                continue;
            }
            // A file that is taken home carries its own sheet; it is never shown as a page of the desk.
            let taken = answer
                .header("content-disposition")
                .starts_with("attachment");
            let all = faults(&answer.body);
            for fault in all
                .iter()
                .filter(|fault| !(taken && *fault == "an inline sheet"))
            {
                failures.push(format!("{path} ({who}): {fault}"));
            }
            for header in ["content-security-policy", "x-content-type-options"] {
                assert!(!answer.header(header).is_empty(), "{path}: no {header}");
            }
        }
    }
    let login = served().send("GET", "/login", None, None);
    failures.extend(
        faults(&login.body)
            .into_iter()
            .map(|fault| format!("/login: {fault}")),
    );
    failures.sort();
    failures.dedup();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_way_lets_in_whom_the_policy_lets_in_and_nobody_else() {
    use catchall_ledger::Actor;
    use catchall_ledger::policy::{Act, Place};
    let app = &served().app;
    let register = app.accounts.register();
    let mut failures = Vec::new();
    for (method, path, needs) in desk::ways() {
        if method != "GET" {
            continue;
        }
        let path = filled(path);
        let nobody = served().send("GET", &path, None, None).status;
        if !needs.is_empty() && nobody != 303 {
            failures.push(format!("nobody {path}: {nobody}, not sent to log in"));
        }
        for who in PEOPLE {
            let account = register.account(who).unwrap();
            let actor = Actor {
                name: who.to_owned(),
                team: account.team.clone(),
                roles: account.roles.clone(),
            };
            let may = needs.is_empty()
                || needs == "signed in"
                || Act::find(needs).is_some_and(|act| {
                    app.policy
                        .may(&actor, act, Place::of_team(actor.team.as_deref()))
                        .is_ok()
                });
            let status = served().get(who, &path).status;
            let let_in = [200, 303].contains(&status);
            if path == "/" {
                continue;
            }
            // A person may open the queue and not this case: then it is not there for them.
            let hidden = status == 404
                && may
                && ["/C-", "/L-", "/why/", "/parties/of"]
                    .iter()
                    .any(|part| path.contains(part));
            if let_in != may && !hidden {
                failures.push(format!(
                    "{who} {path}: {status}, but `{needs}` is {}",
                    if may { "theirs" } else { "not theirs" }
                ));
            }
        }
    }
    for (method, path, needs) in desk::ways() {
        if method == "POST" && !needs.is_empty() {
            let status = served()
                .send(
                    "POST",
                    &filled(path),
                    Some(&served().cookies["marchetti"]),
                    Some("do=take"),
                )
                .status;
            assert_eq!(
                status, 403,
                "{path} takes a form without the session's word"
            );
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// The first statement of a report that stands on these words, with the number of its last entry.
fn statement(report: &str, words: &str) -> (String, u64) {
    let app = &served().app;
    let held = app.shelf.held(&app.ledger).unwrap();
    let found = held.of_report(report).into_iter().find(|own| {
        let text = held.papers[report].report.text.clone().unwrap();
        let [from, to] = own.made.told.bytes;
        text[from..to].contains(words)
    });
    let own = found.unwrap_or_else(|| panic!("{report} says nothing with {words}"));
    (own.id.clone(), own.seen)
}

#[test]
fn reading_fills_the_lanes_and_an_accepted_statement_asks_a_question_of_a_case() {
    let served = served();
    // The lanes of 1995 and 1998 carry what was read.
    for instrument in ["ru-us-1995", "ru-57-1998", "ru-may-1998"] {
        let page = served
            .get("varga", &format!("/commitments/of/{instrument}"))
            .body;
        assert!(page.contains("accepted statement R-"), "{instrument}");
        assert!(page.contains("The Control Digest, "), "{instrument}");
    }
    // The accepted allegation made the machine ask: the case was assessed again, and says why.
    let case = case_of("models-1998-10");
    let page = served.get("marchetti", &format!("/cases/{case}")).body;
    let report = paper("1998-07-29-measures");
    let (alleged, _) = statement(&report, "that the Baltic");
    assert!(
        page.contains(&format!("statement {alleged} is accepted")),
        "{page}"
    );
    // The dossier tells who says so and who denies it.
    let dossier = served
        .get(
            "varga",
            "/parties/of?name=Baltic%20State%20Technical%20University",
        )
        .body;
    assert!(dossier.contains("White House") && dossier.contains("1 origin"));
    // A person takes it back: nothing is asked of the case any longer.
    let (id, seen) = statement(&report, "that the Baltic");
    let path = format!("/evidence/statements/{id}");
    let form = |seen: u64, rest: &[(&str, &str)]| {
        let mut form = vec![("seen".to_owned(), seen.to_string())];
        form.extend(rest.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())));
        form
    };
    let send = |form: Vec<(String, String)>| {
        let pairs: Vec<(&str, &str)> = form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        served.post("varga", &path, &pairs)
    };
    let refused = send(form(seen, &[("do", "reopen")]));
    assert_eq!(refused.status, 409, "taken back without a reason");
    let done = send(form(seen, &[("do", "reopen"), ("why", "read again")]));
    assert_eq!(done.status, 303, "{}", done.body);
    let slower = send(form(seen, &[("do", "accept")]));
    assert_eq!(slower.status, 409, "whoever was slower judges");
    let page = served.get("marchetti", &format!("/cases/{case}")).body;
    assert!(
        page.contains(&format!("statement {id} is waiting")),
        "{page}"
    );
    let (_, seen) = statement(&report, "that the Baltic");
    assert_eq!(
        send(form(seen, &[("do", "accept"), ("identified", "0")])).status,
        303
    );
    // The report builder puts it on paper with its source.
    let built = served
        .get("varga", &format!("/evidence/report?title=On+record&s={id}"))
        .body;
    assert!(built.contains("On record") && built.contains("SHA-256") && built.contains(&id));
}

#[test]
fn a_report_is_read_in_by_form_once_and_only_by_who_may() {
    let served = served();
    let text = "Publication: The Harbour Notes\nMay 6, 1998\n\nA spokesman of the Port of Atlantis denied on May 5 that pumps had gone to sea (AP, May 5). <b>&</b> مرفأ";
    let form = [
        ("name", "مرفأ"),
        ("text", text),
        ("media_type", "text/plain"),
        ("keep", "whole"),
        ("published", ""),
    ];
    let first = served.post("varga", "/evidence", &form);
    assert_eq!(first.status, 303, "{}", first.body);
    let to = first.header("location").to_owned();
    assert!(to.starts_with("/evidence/papers/R-"), "{to}");
    let page = served.get("varga", &to).body;
    assert!(
        page.contains("The page is not kept here"),
        "the house keeps no pages"
    );
    assert!(faults(&page).is_empty(), "{:?}", faults(&page));
    assert_eq!(
        served.post("varga", "/evidence", &form).header("location"),
        to
    );
    assert_eq!(served.post("marchetti", "/evidence", &form).status, 403);
    let wrong = served.post(
        "varga",
        "/evidence",
        &[("name", "x"), ("text", "y"), ("published", "soon")],
    );
    assert_eq!(wrong.status, 422);
}

#[test]
fn a_wrong_field_is_named_and_linked_and_nothing_is_assessed() {
    let answer = served().post(
        "marchetti",
        "/check",
        &[
            ("kind", "export"),
            ("date", "25.3.1998"),
            ("property.range", "320 apples"),
            ("from", "Russia"),
        ],
    );
    assert_eq!(answer.status, 200);
    for wanted in [
        "href=\"#f-date\"",
        "id=\"f-date\"",
        "No answer yet",
        "aria-invalid=\"true\"",
    ] {
        assert!(answer.body.contains(wanted), "no {wanted}");
    }
}

#[test]
fn an_answer_to_a_question_fills_its_field() {
    let first = served().post(
        "marchetti",
        "/check",
        &[
            ("kind", "export"),
            ("date", "1998-03-25"),
            ("from", "Russia"),
            ("to", "Iran"),
            ("item", "steel"),
            ("form", "goods"),
        ],
    );
    let asked = between(&first.body, "name=\"answer.", "\"");
    assert!(!asked.is_empty(), "nothing is asked");
    let second = served().post(
        "marchetti",
        "/check",
        &[
            ("kind", "export"),
            ("date", "1998-03-25"),
            ("from", "Russia"),
            ("to", "Iran"),
            ("item", "steel"),
            ("form", "goods"),
            ("answer.item_kind", "alloy-steel"),
            ("answer.exporter_knows", "missile"),
        ],
    );
    assert!(
        second.body.contains("value=\"alloy-steel\""),
        "the answer is not in its field"
    );
    assert!(
        second.body.contains("Prohibited"),
        "resolution No. 57 bars it"
    );
}

#[test]
fn pasted_rows_are_answered_row_by_row_and_bad_rows_cost_themselves_only() {
    let rows = "id,kind,date,from,to,item,form,item_kind,uses\na,export,1998-03-25,RU,IR,steel,goods,alloy-steel,missile\nb,export,yesterday,RU,IR,steel,goods,alloy-steel,missile\n";
    let answer = served().post("marchetti", "/check", &[("rows", rows)]);
    for wanted in [
        "Answers to 2 rows",
        "Prohibited",
        "Not read",
        "1 row could not be read",
    ] {
        assert!(answer.body.contains(wanted), "no `{wanted}`");
    }
    let picked = served().post("marchetti", "/check", &[("rows", rows), ("pick", "1")]);
    assert!(
        picked.body.contains("value=\"alloy-steel\""),
        "row 1 is not in the form"
    );
    for odd in [
        "",
        "\u{feff}",
        "id\n",
        "\0",
        "a,b\n1",
        "{}",
        "[1]",
        "id,id\n1,2\n",
    ] {
        assert_eq!(
            served()
                .post("marchetti", "/check", &[("rows", odd)])
                .status,
            200,
            "{odd:?}"
        );
    }
}

/// What the ledger knows of a licence counts on the page, in its table, and in the case that is opened from it.
#[test]
fn a_licence_that_was_revoked_is_no_cover_on_the_check_page() {
    use catchall::casework::{Work, determined};
    use catchall::licensing::Licensing;
    use catchall_ledger::licence::Standing;
    use catchall_ledger::licence::command::Movement;
    use catchall_ledger::licence::event::{Line, Terms};
    let served = served();
    let actor = catchall_ledger::Actor {
        name: "marchetti".to_owned(),
        team: Some("Dual-use".to_owned()),
        roles: vec!["licensing-officer".to_owned()],
    };
    let work = Work {
        ledger: &served.app.ledger,
        policy: &served.app.policy,
        calendar: &served.app.calendar,
        actor: &actor,
        at: catchall::load::now(),
    };
    let day = |text: &str| catchall_model::Day::parse(text).unwrap();
    for id in ["L-RUNS", "L-REVOKED"] {
        let terms = Terms {
            authority: "de".to_owned(),
            holder: "Nord Werkzeug".to_owned(),
            from: Some(day("2025-01-01")),
            until: Some(day("2030-01-01")),
            paper: Some(format!("file {id}")),
            lines: vec![Line {
                number: 1,
                item: "spindles".to_owned(),
                quantity: Some("12 pieces".parse().unwrap()),
                ..Line::default()
            }],
            ..Terms::default()
        };
        Licensing(work).issue(Some(id), &terms).unwrap();
    }
    let revoke = Movement::Turn {
        to: Standing::Revoked,
        from: Some(day("2026-01-15")),
        why: "the end user was named in a report".to_owned(),
    };
    Licensing(work).act("L-REVOKED", &revoke).unwrap();
    let form = |licence: &'static str| {
        vec![
            ("id", licence),
            ("kind", "export"),
            ("date", "2026-02-02"),
            ("from", "DE"),
            ("to", "TR"),
            ("exporter", "Nord Werkzeug"),
            ("exporter.country", "DE"),
            ("end_user", "Kaya Makina"),
            ("end_user.country", "TR"),
            ("end_user.type", "company"),
            ("item", "spindle"),
            ("form", "goods"),
            ("item_kind", "machine-tool"),
            ("code", "2B001"),
            ("code_list", "eu"),
            ("origin", "DE"),
            ("us_content", "0 %"),
            ("made_with.us_technology", "no"),
            ("quantity", "2 pieces"),
            ("uses", "civil"),
            ("informed_by_authority", "no"),
            ("exporter_knows", "none"),
            ("grounds_to_suspect", "none"),
            ("red_flags", "none"),
            ("licence_id", licence),
            ("licence_authority", "de"),
            ("fact.licence.covers_this", "yes"),
        ]
    };
    let against = "it is revoked on 2026-02-02";
    for (licence, covers) in [("L-RUNS", true), ("L-REVOKED", false)] {
        let form = form(licence);
        let columns: Vec<&str> = form.iter().map(|(name, _)| *name).collect();
        let cells: Vec<&str> = form.iter().map(|(_, value)| *value).collect();
        let rows = format!("{}\n{}\n", columns.join(","), cells.join(","));
        for (door, fields) in [
            ("form", form.clone()),
            ("rows", vec![("rows", rows.as_str())]),
        ] {
            let page = served.post("marchetti", "/check", &fields).body;
            assert_eq!(
                page.contains("May go ahead under a licence"),
                covers,
                "{licence} by {door}"
            );
        }
        let why = served.post("marchetti", "/why", &form);
        assert_eq!(why.status, 200);
        assert_eq!(why.body.contains(against), !covers, "{licence}");
        let opened = served.post("marchetti", "/cases", &form);
        assert_eq!(opened.status, 303, "{}", opened.body);
        let case = opened
            .header("location")
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        let entry = work.case(&case).unwrap().answer().unwrap().entry;
        let kept = determined(&served.app.ledger, entry).unwrap().unwrap();
        let outcome = if covers {
            "covered_by_licence"
        } else {
            "licence_required"
        };
        assert_eq!(kept.document["outcome"], outcome);
        assert_eq!(
            kept.transfer["licences"][0]["against"]
                .to_string()
                .contains(against),
            !covers
        );
        // Assessed again from what was recorded, by nobody who knows the ledger: the same document.
        let current = served.app.current();
        let judge = catchall::judge::Judge {
            assessor: &current.assessor,
            decoder: &current.decoder,
            as_of: None,
            keeper: None,
        };
        let mut transfer = kept.transfer.clone();
        let again = judge.json(&mut transfer, &mut Default::default()).unwrap();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&again).unwrap()["id"],
            kept.document["id"]
        );
    }
}

/// Check, question, answer, advise, countersign, issue, ship, reconcile, appeal.
#[test]
fn a_working_day_goes_through_without_script() {
    // The server takes its own day: nothing ships before its licence.
    let today = catchall::load::today().to_string();
    let served = served();
    let form = [
        ("id", "workday-1"),
        ("kind", "export"),
        ("date", "2026-11-10"),
        ("from", "Germany"),
        ("to", "Türkiye"),
        ("via", "none"),
        ("exporter", "Werkzeugbau Anders GmbH"),
        ("exporter.country", "Germany"),
        ("end_user", "Yıldız Kalıp Sanayi"),
        ("end_user.country", "Türkiye"),
        ("item", "five-axis milling machine"),
        ("form", "goods"),
        ("item_kind", "machine-tool"),
        ("code", "2B001"),
        ("code_list", "eu:annex-i"),
        ("origin", "Germany"),
        ("us_content", "0 %"),
        ("uses", "civil"),
        ("informed_by_authority", "no"),
        ("quantity", "2 pieces"),
        ("value", "400,000 EUR"),
    ];
    let checked = served.post("marchetti", "/check", &form);
    assert!(
        checked.body.contains("Licence required"),
        "the machine is on the list"
    );
    let opened = served.post("marchetti", "/cases", &form);
    assert_eq!(opened.status, 303, "{}", opened.body);
    let case = opened
        .header("location")
        .trim_start_matches("/cases/")
        .to_owned();
    let act = |who: &str, name: &str, more: &[(&str, &str)]| -> Answer {
        let page = served.get(who, &format!("/cases/{case}")).body;
        let seen = between(&page, "name=\"seen\" value=\"", "\"");
        let mut all = vec![("do", name), ("seen", seen.as_str())];
        all.extend_from_slice(more);
        served.post(who, &format!("/cases/{case}/act"), &all)
    };
    let done = |who: &str, name: &str, more: &[(&str, &str)]| {
        let answer = act(who, name, more);
        assert_eq!(
            answer.status,
            303,
            "{who} {name}: {}",
            between(&answer.body, "<main", "</main>")
        );
    };
    done("marchetti", "take", &[]);
    done(
        "haas",
        "advise",
        &[
            ("view", "approve"),
            ("text", "Of the kind that the plant has run for years."),
        ],
    );
    done(
        "haas",
        "set_condition",
        &[("text", "Installed at the named site.")],
    );
    done(
        "marchetti",
        "decide",
        &[
            ("view", "approve_with_conditions"),
            ("reason", "Known end user."),
            ("despite", "a licence is what is asked for"),
        ],
    );
    let own = act("marchetti", "countersign", &[]);
    assert!(
        [403, 409].contains(&own.status),
        "nobody signs their own decision: {}",
        own.status
    );
    done("sato", "countersign", &[]);
    let issued = served.post(
        "marchetti",
        "/licences",
        &[
            ("case", &case),
            ("authority", "eu"),
            ("holder", "Werkzeugbau Anders GmbH"),
            ("item", "five-axis milling machine"),
            ("quantity", "2 pieces"),
            ("conditions", "Installed at the named site."),
        ],
    );
    assert_eq!(
        issued.status,
        303,
        "{}",
        between(&issued.body, "<main", "</main>")
    );
    let licence = issued
        .header("location")
        .trim_start_matches("/licences/")
        .to_owned();
    let draw = |name: &str, more: &[(&str, &str)]| -> String {
        let page = served
            .get("marchetti", &format!("/licences/{licence}"))
            .body;
        let seen = between(&page, "name=\"seen\" value=\"", "\"");
        let mut all = vec![("do", name), ("seen", seen.as_str())];
        all.extend_from_slice(more);
        let answer = served.post("marchetti", &format!("/licences/{licence}/act"), &all);
        assert_eq!(answer.status, 303, "{name}: {}", answer.body);
        let flash = answer
            .headers
            .iter()
            .find(|(own, value)| own == "set-cookie" && value.starts_with("desk_flash="))
            .map(|(_, value)| value.clone());
        flash.unwrap_or_default()
    };
    assert!(
        draw(
            "reserve",
            &[
                ("reservation", "r1"),
                ("line", "1"),
                ("quantity", "2 pieces"),
                ("on", &today)
            ]
        )
        .starts_with("desk_flash=+")
    );
    assert!(
        draw(
            "reserve",
            &[
                ("reservation", "r2"),
                ("line", "1"),
                ("quantity", "1 piece"),
                ("on", &today)
            ]
        )
        .starts_with("desk_flash=-"),
        "nothing is left to reserve"
    );
    assert!(
        draw(
            "ship",
            &[
                ("declaration", "D-1"),
                ("line", "1"),
                ("quantity", "2 pieces"),
                ("reservation", "r1"),
                ("on", &today)
            ]
        )
        .starts_with("desk_flash=+")
    );
    assert!(
        draw(
            "reconcile",
            &[("batch", "b1"), ("sent", &today), ("rows", "D-1,1,1 piece")]
        )
        .starts_with("desk_flash=+")
    );
    let page = served
        .get("marchetti", &format!("/licences/{licence}"))
        .body;
    assert!(page.contains("1 to settle"), "customs saw one piece less");
    done(
        "marchetti",
        "appeal",
        &[
            ("by", "Werkzeugbau Anders GmbH"),
            ("grounds", "The condition cannot be met."),
            ("on", &today),
        ],
    );
    let page = served.get("lindqvist", &format!("/cases/{case}")).body;
    for wanted in ["under appeal", "Of the kind that the plant", "signed by"] {
        assert!(page.contains(wanted), "the case does not say `{wanted}`");
    }
    assert!(faults(&page).is_empty(), "{:?}", faults(&page));
}

#[test]
fn whoever_was_slower_loses_nothing_and_records_nothing() {
    let case = case_of("pump-0381");
    let before = served().get("marchetti", &format!("/cases/{case}")).body;
    let seen = between(&before, "name=\"seen\" value=\"", "\"");
    let note = |text: &str| {
        served().post(
            "marchetti",
            &format!("/cases/{case}/act"),
            &[("do", "note"), ("seen", &seen), ("text", text)],
        )
    };
    assert_eq!(note("the first").status, 303);
    let late = note("the second");
    assert_eq!(late.status, 409);
    assert!(
        late.body.contains("Somebody was faster") && late.body.contains("Nothing was recorded")
    );
    let after = served().get("marchetti", &format!("/cases/{case}")).body;
    assert!(after.contains("the first") && !after.contains("the second"));
}

/// The day before the first advice on a case, as the record has it.
fn before_advice(served: &Served, case: &str) -> (catchall_model::Day, catchall_model::Day) {
    let entries = catchall::board::whole(
        &served.app.ledger,
        &catchall_ledger::case::Case::stream(case),
    )
    .unwrap();
    let day = |kind: &str| {
        let entry = entries.iter().find(|entry| entry.kind == kind).unwrap();
        catchall_model::Day::parse(&entry.at.day()).unwrap()
    };
    (day("case.opened"), day("case.advised").previous())
}

#[test]
fn a_page_known_by_a_day_shows_the_record_of_that_day_and_lets_nothing_be_done() {
    let served = served();
    let case = case_of("steel-25-march");
    let (opened, quiet) = before_advice(served, &case);
    assert!(opened < quiet);

    let now = served.get("haas", &format!("/cases/{case}")).body;
    assert!(now.contains("missile bodies") && now.contains("/act\""));
    let path = format!("/cases/{case}?known_by={quiet}");
    let then = served.get("haas", &path).body;
    assert!(then.contains("Past view") && then.contains("Nobody has advised yet"));
    assert!(!then.contains("missile bodies") && !then.contains("/act\""));
    // Who goes on from there stays on that day.
    assert!(then.contains(&format!("href=\"/cases?known_by={quiet}\"")));
    assert!(faults(&then).is_empty(), "{:?}", faults(&then));
    // What is posted to a page of the past is done today, or refused as today.
    let form = [("do", "note"), ("seen", "0"), ("text", "x")];
    let late = served.post("haas", &path.replace('?', "/act?"), &form);
    assert_eq!(late.status, 409);

    // Nothing is sealed of a view of the past: half of a record would look like the whole.
    for paper in ["bundle", "sealed/html", "sealed/pdf"] {
        let address = format!("/cases/{case}/{paper}");
        assert_eq!(served.get("marchetti", &address).status, 200, "{paper}");
        let past = format!("{address}?known_by={quiet}");
        assert_eq!(served.get("marchetti", &past).status, 403, "{paper}");
    }

    let board = |day: catchall_model::Day| {
        served
            .get("haas", &format!("/desk?queue=open&known_by={day}"))
            .body
    };
    assert!(board(quiet).contains(&format!("/cases/{case}?known_by={quiet}")));
    assert!(!board(opened.previous()).contains(&format!("/cases/{case}")));
    let early = served.get(
        "haas",
        &format!("/cases/{case}?known_by={}", opened.previous()),
    );
    assert_eq!(early.status, 404);
}

#[test]
fn the_law_of_another_day_stands_beside_the_answer_on_record_and_is_kept_nowhere() {
    // A server of its own: nobody else writes to its ledger.
    let state = std::env::temp_dir().join(format!("catchall-desk-law-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&state);
    let served = start(state.clone(), true);
    let found = served.get("haas", "/desk?queue=open&q=steel-25-march").body;
    let case = format!("C-{}", between(&found, "href=\"/cases/C-", "\""));
    let head = served.app.ledger.head().unwrap();
    let page = served
        .get("haas", &format!("/cases/{case}?as_of=1998-01-15"))
        .body;
    assert!(page.contains("Under the law of 15 January 1998"));
    assert!(page.contains("No licence required"));
    let why = format!("/why/{}", between(&page, "href=\"/why/", "\""));
    assert!(why.contains("as_of=1998-01-15"), "{why}");
    let there = served.get("haas", &why.replace("&amp;", "&")).body;
    assert!(there.contains("kept nowhere") && there.contains("No licence required"));
    assert_eq!(served.app.ledger.head().unwrap(), head);
    let on_record = served.get("haas", why.split('?').next().unwrap()).body;
    assert!(on_record.contains("Prohibited under") && !on_record.contains("kept nowhere"));
    let _ = std::fs::remove_dir_all(&state);
}

#[test]
fn a_case_closed_to_some_teams_is_closed_in_the_past_too() {
    let state = std::env::temp_dir().join(format!("catchall-desk-past-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&state);
    let served = start(state.clone(), true);
    let find = |who: &str, day: &str| {
        served
            .get(who, &format!("/desk?queue=open&q=po-55120{day}"))
            .body
    };
    let found = find("marchetti", "");
    let case = format!("C-{}", between(&found, "href=\"/cases/C-", "\""));
    let stream = catchall_ledger::case::Case::stream(&case);
    let day = catchall::board::whole(&served.app.ledger, &stream).unwrap()[0]
        .at
        .day();
    let past = format!("&known_by={day}");
    assert!(find("sato", &past).contains(&case), "open to all then");
    let page = served.get("marchetti", &format!("/cases/{case}")).body;
    let seen = between(&page, "name=\"seen\" value=\"", "\"");
    let form = [
        ("do", "restrict"),
        ("seen", &*seen),
        ("teams", "sanctions"),
        ("why", "a source"),
    ];
    assert_eq!(
        served
            .post("marchetti", &format!("/cases/{case}/act"), &form)
            .status,
        303
    );
    assert!(!find("sato", "").contains(&case));
    assert!(!find("sato", &past).contains(&case));
    assert_eq!(
        served
            .get("sato", &format!("/cases/{case}?known_by={day}"))
            .status,
        404
    );
    let _ = std::fs::remove_dir_all(&state);
}

#[test]
fn a_name_from_right_to_left_is_isolated_and_markup_in_a_name_stays_text() {
    let page = served().get("marchetti", "/parties/of?name=%D8%A8%D9%87%D8%B1%D9%88%D8%B2%20%D8%AA%D9%88%D8%A7%D9%86%E2%80%8C%D9%BE%D9%88%D8%B1");
    assert_eq!(page.status, 200);
    assert!(
        page.body.contains("<bdi dir=\"auto\">بهروز"),
        "the name is not isolated"
    );
    let nasty = served().post(
        "marchetti",
        "/check",
        &[
            ("kind", "export"),
            ("end_user", "<script>alert(1)</script>\" onload=\"x"),
            ("item", "\u{202e}gnirts"),
        ],
    );
    assert!(
        !nasty.body.contains("<script>alert"),
        "markup of a field reached the page"
    );
    assert!(faults(&nasty.body).is_empty(), "{:?}", faults(&nasty.body));
}

/// With a hundred thousand cases; takes minutes. `cargo test --release --test desk -- --ignored --nocapture`.
#[test]
#[ignore = "makes a hundred thousand cases"]
fn the_desk_answers_in_time_with_a_hundred_thousand_cases() {
    use catchall_ledger::case::Case;
    let state = std::env::temp_dir().join(format!("catchall-desk-many-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&state);
    let served = start(state.clone(), true);
    let first = served
        .app
        .ledger
        .entries(&catchall_ledger::Ask::all().kind("case.opened").limit(1))
        .unwrap();
    let template = first.first().unwrap();
    let made = std::time::Instant::now();
    for block in 0..200 {
        let drafts = (0..500).map(|place| {
            let number = 1_000 + block * 500 + place;
            let at = template.at;
            catchall_ledger::Draft::new(
                Case::stream(&format!("C-2026-{number:06}")),
                "case.opened",
                template.actor.clone(),
                at,
                template.body.value().unwrap().clone(),
            )
        });
        served.app.ledger.append(drafts.collect()).unwrap();
    }
    println!("100,000 cases written in {:?}", made.elapsed());
    let folded = std::time::Instant::now();
    assert_eq!(served.get("marchetti", "/desk?queue=open").status, 200);
    println!(
        "first page, with all of them folded: {:?}",
        folded.elapsed()
    );
    for path in [
        "/desk?queue=open",
        "/desk?queue=open&page=4000",
        "/desk?queue=mine",
        "/desk?queue=open&q=steel-jan",
        "/cases",
    ] {
        let mut times: Vec<_> = (0..21)
            .map(|_| {
                let begun = std::time::Instant::now();
                assert_eq!(served.get("marchetti", path).status, 200);
                begun.elapsed()
            })
            .collect();
        times.sort();
        println!(
            "{path}: median {:?}, worst {:?} (bar 50 ms)",
            times[10], times[20]
        );
    }
    let _ = std::fs::remove_dir_all(&state);
}

/// A strict reader of a page: what is wrong with its markup.
fn faults(page: &str) -> Vec<String> {
    const EMPTY: [&str; 5] = ["meta", "link", "input", "br", "hr"];
    let mut faults = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let (mut ids, mut wanted, mut labels) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    let (mut level, mut ones, mut tables, mut captions) = (0, 0, 0, 0);
    let mut controls: Vec<(String, bool)> = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        let Some(end) = rest.find('>') else {
            faults.push("a tag that does not end".to_owned());
            break;
        };
        let tag = &rest[1..end];
        rest = &rest[end + 1..];
        if tag.starts_with('!') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            match open.pop() {
                Some(own) if own == name => {}
                other => faults.push(format!("</{name}> closes {other:?}")),
            }
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap_or_default().to_owned();
        let attributes = attributes(tag);
        let of = |wanted: &str| {
            attributes
                .iter()
                .find(|(own, _)| own == wanted)
                .map(|(_, value)| value.clone())
        };
        for (own, value) in &attributes {
            if own == "style" || own.starts_with("on") {
                faults.push(format!("<{name} {own}=…> is not allowed"));
            }
            if ["for", "aria-labelledby", "aria-describedby", "form"].contains(&own.as_str()) {
                wanted.extend(value.split(' ').map(str::to_owned));
            }
            if own == "href" && value.starts_with('#') && value.len() > 1 {
                wanted.push(value[1..].to_owned());
            }
        }
        if let Some(id) = of("id")
            && !ids.insert(id.clone())
        {
            faults.push(format!("the id `{id}` stands twice"));
        }
        match name.as_str() {
            "script" if of("src").is_none() => faults.push("an inline script".to_owned()),
            "style" => faults.push("an inline sheet".to_owned()),
            "label" => {
                labels.extend(of("for"));
            }
            "input" | "select" | "textarea" => {
                let kind = of("type").unwrap_or_default();
                let inside = open.iter().any(|own| own == "label");
                if kind != "hidden" {
                    controls.push((
                        of("id").unwrap_or_default(),
                        inside || of("aria-label").is_some(),
                    ));
                }
            }
            "table" => tables += 1,
            "caption" => captions += 1,
            "th" if of("scope").is_none() => faults.push("a <th> without scope".to_owned()),
            "svg" if of("role").is_none() && of("aria-hidden").is_none() => {
                faults.push("a picture that is neither described nor hidden".to_owned())
            }
            "svg"
                if of("role").as_deref() == Some("img")
                    && !rest.trim_start().starts_with("<title") =>
            {
                faults.push("a picture without a title".to_owned())
            }
            "h1" | "h2" | "h3" | "h4" => {
                let now = name[1..].parse::<usize>().unwrap_or(0);
                ones += usize::from(now == 1);
                if now > level + 1 {
                    faults.push(format!("a heading of level {now} after {level}"));
                }
                level = now;
            }
            _ => {}
        }
        if !EMPTY.contains(&name.as_str()) && !tag.ends_with('/') {
            open.push(name);
        }
    }
    if !open.is_empty() {
        faults.push(format!("not closed: {open:?}"));
    }
    for id in wanted {
        if !ids.contains(&id) {
            faults.push(format!("`{id}` is pointed to and not there"));
        }
    }
    for (id, named) in controls {
        if !named && !labels.contains(&id) {
            faults.push(format!("the control `{id}` has no label"));
        }
    }
    if ones != 1 {
        faults.push(format!("{ones} headings of level 1"));
    }
    if tables != captions {
        faults.push(format!("{tables} tables and {captions} captions"));
    }
    faults
}

fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut all = Vec::new();
    let mut rest = tag
        .split_once(' ')
        .map_or("", |(_, rest)| rest)
        .trim_end_matches('/');
    while !rest.trim().is_empty() {
        rest = rest.trim_start();
        let stop = rest.find(['=', ' ']).unwrap_or(rest.len());
        let name = rest[..stop].to_owned();
        rest = &rest[stop..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let end = quoted.find('"').unwrap_or(quoted.len());
            value = quoted[..end].to_owned();
            rest = quoted.get(end + 1..).unwrap_or_default();
        }
        all.push((name, value));
    }
    all
}

/// The working day and axe in a real browser, where there is one.
#[test]
fn a_real_browser_walks_the_working_day_and_axe_finds_nothing() {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../desk-check/walk.mjs");
    let state = std::env::temp_dir().join(format!("catchall-desk-walk-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&state);
    if std::env::var_os("DESK_CHECK_MODULES").is_none() {
        println!(
            "skipped: set DESK_CHECK_MODULES to a folder with playwright-core and axe-core (see desk-check/README.md)"
        );
        return;
    }
    let served = start(state.clone(), true);
    let walked = std::process::Command::new("node")
        .arg(script)
        .arg(format!("http://{}", served.address))
        .output();
    let _ = std::fs::remove_dir_all(&state);
    match walked {
        Err(error) => println!("skipped: node does not start: {error}"),
        Ok(output) => {
            println!("{}", String::from_utf8_lossy(&output.stdout));
            assert!(
                output.status.success(),
                "{}\n{}",
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            );
        }
    }
}
