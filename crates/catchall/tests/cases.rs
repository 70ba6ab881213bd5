//! `catchall case` and `catchall licence`, through the binary: a working week on one ledger, and what is refused.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

/// A folder of state of its own, gone when the test is over.
struct State(PathBuf);

impl State {
    fn new(name: &str) -> State {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        State(path)
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path.to_string_lossy().into_owned()
    }

    fn run(&self, who: &str, args: &[&str]) -> Output {
        let (name, role) = who.split_once(", ").unwrap();
        Command::new(env!("CARGO_BIN_EXE_catchall"))
            .current_dir(&self.0)
            .env_remove("CATCHALL_LEDGER")
            .env("NO_COLOR", "1")
            .args(args)
            .args([
                "--state",
                "state",
                "--actor",
                name,
                "--role",
                role,
                "--my-team",
                "Dual-use",
            ])
            .output()
            .unwrap()
    }

    /// Runs, expects the exit code, gives standard output.
    fn ok(&self, who: &str, code: i32, args: &[&str]) -> String {
        let done = self.run(who, args);
        let (out, err) = (
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr),
        );
        assert_eq!(done.status.code(), Some(code), "{args:?}\n{out}\n{err}");
        out.into_owned()
    }

    /// Runs, expects the exit code, gives standard error.
    fn refused(&self, who: &str, code: i32, args: &[&str]) -> String {
        let done = self.run(who, args);
        let (out, err) = (
            String::from_utf8_lossy(&done.stdout),
            String::from_utf8_lossy(&done.stderr),
        );
        assert_eq!(done.status.code(), Some(code), "{args:?}\n{out}\n{err}");
        err.into_owned()
    }

    fn json(&self, who: &str, args: &[&str]) -> Value {
        let mut args = args.to_vec();
        args.extend(["--format", "json"]);
        serde_json::from_str(&self.ok(who, 0, &args)).unwrap()
    }
}

impl Drop for State {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const OFFICER: &str = "L. Marchetti, licensing-officer";
const SECOND: &str = "M. Sato, countersigner";

/// Nobody has said whether an authority has informed the exporter, and the law of the place asks it.
const TRANSFER: &str = r#"{"id":"t-1","kind":"export","date":"2026-11-20","from":"DE","to":"TR","parties":[{"role":"exporter","name":"Nord Werkzeug","country":"DE"},{"role":"end_user","name":"Kaya Makina","country":"TR"}],"lines":[{"item":{"description":"pump seals","form":"goods","codes":{"*":"none"},"origin":"DE","us_content":"0 %","made_with":{"us_technology":false}},"quantity":"14 pieces"}],"end_use":{"uses":["civil"]},"knowledge":{"exporter_knows":[],"grounds_to_suspect":[]}}"#;

#[test]
fn a_case_goes_from_a_transfer_to_a_sealed_decision() {
    let state = State::new("case");
    let file = state.file("t.jsonl", &format!("{TRANSFER}\n"));
    let opened = state.json(OFFICER, &["case", "open", &file]);
    let id = opened[0]["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("C-20") && id.ends_with("-0001"), "{id}");
    assert_eq!(opened[0]["outcome"], "not_known");
    assert_eq!(opened[0]["title"], "14 pieces of pump seals, DE to TR");

    state.ok(OFFICER, 0, &["case", "ask", &id]);
    let asked = state.json(OFFICER, &["case", "show", &id]);
    assert_eq!(asked["status"], "waiting");
    let requests = asked["requests"].as_array().unwrap();
    let told = state.refused(
        OFFICER,
        2,
        &[
            "case", "decide", &id, "--view", "refuse", "--reason", "Because.",
        ],
    );
    assert!(
        told.contains("is open; record its answer, or close it"),
        "{told}"
    );
    // Every request is answered; values that are none of their facts' are refused and leave nothing.
    let before = asked["activity"].as_array().unwrap().len();
    let first = requests[0]["questions"][0]["fact"].as_str().unwrap();
    let wrong = state.refused(
        OFFICER,
        2,
        &[
            "case",
            "answer",
            &id,
            "--request",
            "1",
            "--by",
            "Nord",
            "no.such.fact=yes",
        ],
    );
    assert!(wrong.contains("no.such.fact"), "{wrong}");
    assert_eq!(
        state.json(OFFICER, &["case", "show", &id])["activity"]
            .as_array()
            .unwrap()
            .len(),
        before
    );
    assert!(!first.is_empty());
    for request in requests {
        let number = request["number"].to_string();
        let answers: Vec<String> = request["questions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|question| {
                let fact = question["fact"].as_str().unwrap();
                if fact == "exporter.informed" {
                    format!("{fact}=no")
                } else {
                    format!("{fact}=")
                }
            })
            .collect();
        let mut args = vec![
            "case",
            "answer",
            &id,
            "--request",
            &number,
            "--by",
            "Nord Werkzeug",
            "--words",
            "as our file shows",
        ];
        args.extend(answers.iter().map(String::as_str));
        state.ok(OFFICER, 0, &args);
    }
    let after = state.json(OFFICER, &["case", "show", &id]);
    assert_eq!(after["status"], "review");
    let says = after["activity"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["says"].as_str().unwrap().to_owned())
        .collect::<Vec<_>>()
        .join("\n");
    assert!(
        says.contains("no longer missing: exporter.informed"),
        "{says}"
    );

    let refused = state.refused(
        "R. Haas, technical-assessor",
        2,
        &["case", "decide", &id, "--view", "refuse", "--reason", "No."],
    );
    assert_eq!(
        refused,
        "catchall: R. Haas (technical-assessor) may not decide; licensing officer may\n"
    );
    state.ok(
        OFFICER,
        0,
        &[
            "case",
            "decide",
            &id,
            "--view",
            "approve",
            "--reason",
            "A known user.",
            "--despite",
            "what is open was answered by telephone",
        ],
    );
    let own = state.refused(
        "l marchetti, countersigner",
        2,
        &["case", "countersign", &id],
    );
    assert!(
        own.contains("you took this decision, so you cannot countersign it"),
        "{own}"
    );
    state.ok(SECOND, 0, &["case", "countersign", &id]);
    let letter = state.ok(
        OFFICER,
        0,
        &["case", "letter", &id, "--to", "Nord Werkzeug", "--sent"],
    );
    assert!(
        letter.contains("The transfer is approved as you stated it."),
        "{letter}"
    );

    let bundle = state.0.join("bundle.html").to_string_lossy().into_owned();
    state.ok(SECOND, 0, &["case", "bundle", &id, "-o", &bundle]);
    let page = std::fs::read_to_string(&bundle).unwrap();
    for part in [
        "How to check this",
        "countersigned",
        "Kaya Makina",
        "exporter.informed",
        "<script",
    ] {
        assert_eq!(page.contains(part), part != "<script", "{part}");
    }
    let whole = state.refused(SECOND, 0, &["case", "bundle", &bundle, "--check"]);
    assert!(whole.contains("the seal is whole"), "{whole}");
    std::fs::write(
        &bundle,
        page.replacen("A known user.", "An unknown user.", 1),
    )
    .unwrap();
    let broken = state.refused(SECOND, 2, &["case", "bundle", &bundle, "--check"]);
    assert!(broken.contains("the seal is broken"), "{broken}");

    // For paper: the pages take the page along, and each has its seal.
    let pdf = state.0.join("bundle.pdf").to_string_lossy().into_owned();
    state.ok(SECOND, 0, &["case", "bundle", &id, "-o", &pdf]);
    let bytes = std::fs::read(&pdf).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7"));
    let whole = state.refused(SECOND, 0, &["case", "bundle", &pdf, "--check"]);
    assert!(whole.contains("the seal is whole"), "{whole}");
    let place = |words: &[u8]| {
        bytes
            .windows(words.len())
            .position(|own| own == words)
            .unwrap()
    };
    // The page inside stands last; the tags of the pages may hold the words too.
    let known = b"A known user.";
    let inside = bytes.windows(known.len()).rposition(|own| own == known);
    let inside = inside.unwrap();
    for at in [9, inside, place(b"endstream") - 20, bytes.len() - 10] {
        let mut touched = bytes.clone();
        touched[at] ^= 1;
        std::fs::write(&pdf, &touched).unwrap();
        let broken = state.refused(SECOND, 2, &["case", "bundle", &pdf, "--check"]);
        assert!(broken.contains("seal"), "{at}: {broken}");
    }
    // Who seals the pages anew has not sealed the page inside.
    let mut forged = bytes.clone();
    forged[inside] ^= 1;
    let line = b"\n%seal, sha-256 of everything above this line: ";
    let end = forged
        .windows(line.len())
        .rposition(|own| own == line)
        .unwrap();
    forged.truncate(end);
    let seal = {
        use sha2::{Digest, Sha256};
        let made = Sha256::digest(&forged);
        made.iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    forged.extend_from_slice(line);
    forged.extend_from_slice(seal.as_bytes());
    forged.push(b'\n');
    std::fs::write(&pdf, &forged).unwrap();
    let broken = state.refused(SECOND, 2, &["case", "bundle", &pdf, "--check"]);
    assert!(broken.contains("the seal is broken"), "{broken}");

    state.ok(
        OFFICER,
        0,
        &[
            "case",
            "appeal",
            &id,
            "--by",
            "A competitor",
            "--grounds",
            "They are not known.",
        ],
    );
    let listed = state.ok(OFFICER, 0, &["case", "list", "--format", "csv"]);
    assert!(
        listed.starts_with("id,transfer,status,") && listed.contains(",appeal,"),
        "{listed}"
    );
    let reassessed = state.json(OFFICER, &["case", "reassess", &id]);
    assert_eq!(reassessed[0]["changed"], "answer as before");
}

#[test]
fn a_licence_is_issued_drawn_down_and_reconciled() {
    let state = State::new("licence");
    let issue = [
        "licence",
        "issue",
        "--id",
        "L-1",
        "--authority",
        "de",
        "--holder",
        "Nord Werkzeug",
        "--paper",
        "BAFA 1/26 (invented)",
        "--line",
        "seals:40 pieces",
        "--end-user",
        "Kaya Makina",
        "--to",
        "Turkey",
        "--from",
        "2026-01-01",
        "--until",
        "2099-12-31",
    ];
    let told = state.refused("R. Haas, technical-assessor", 2, &issue);
    assert!(
        told.contains("may not issue or register a licence; licensing officer may"),
        "{told}"
    );
    state.ok(OFFICER, 0, &issue);
    let to_kaya = [
        "--end-user",
        "KAYA MAKINA",
        "--to",
        "TR",
        "--on",
        "2026-11-20",
    ];
    let with = |args: &[&'static str]| args.iter().copied().chain(to_kaya).collect::<Vec<&str>>();
    let out = state.ok(
        OFFICER,
        0,
        &with(&[
            "licence",
            "reserve",
            "L-1",
            "--order",
            "7731",
            "--quantity",
            "12 pieces",
        ]),
    );
    assert!(out.contains("L-1: 28 pieces of 40 pieces left"), "{out}");
    state.ok(
        OFFICER,
        0,
        &[
            "licence",
            "ship",
            "L-1",
            "--declaration",
            "26NL1",
            "--order",
            "7731",
            "--quantity",
            "12 pcs",
            "--on",
            "2026-11-20",
        ],
    );
    let again = state.ok(
        OFFICER,
        0,
        &[
            "licence",
            "ship",
            "L-1",
            "--declaration",
            "26NL1",
            "--order",
            "7731",
            "--quantity",
            "12 pcs",
            "--on",
            "2026-11-20",
        ],
    );
    assert!(
        again.contains("was recorded already; nothing changed"),
        "{again}"
    );
    // What the licence does not carry asks for a licence: exit code 10.
    let much = state.refused(
        OFFICER,
        10,
        &with(&[
            "licence",
            "reserve",
            "--order",
            "7732",
            "--quantity",
            "29 pieces",
        ]),
    );
    assert!(
        much.contains("L-1: line 1 has 28 pieces left, and 29 pieces is asked for"),
        "{much}"
    );
    let other = state.refused(
        OFFICER,
        10,
        &[
            "licence",
            "reserve",
            "L-1",
            "--order",
            "7733",
            "--quantity",
            "1 pieces",
            "--end-user",
            "Other",
            "--to",
            "TR",
        ],
    );
    assert!(
        other.contains("its end user is Kaya Makina, not Other"),
        "{other}"
    );
    let slip = state.refused(
        OFFICER,
        2,
        &[
            "licence",
            "ship",
            "L-1",
            "--declaration",
            "x",
            "--quantity",
            "3",
        ],
    );
    assert!(slip.contains("`3` has no unit"), "{slip}");

    let csv = state.file(
        "r.csv",
        "declaration,line,quantity,date\n26NL1,1,12 pieces,2026-11-20\n26NL9,1,2 kg,2026-11-21\n",
    );
    let taken = state.ok(
        OFFICER,
        11,
        &[
            "licence",
            "reconcile",
            &csv,
            "--licence",
            "L-1",
            "--batch",
            "0626",
            "--sent",
            "2026-11-22",
            "--format",
            "jsonl",
        ],
    );
    assert!(
        taken.contains("`2 kg` is a mass, but this is counted as a number of pieces"),
        "{taken}"
    );
    let repeat = state.ok(
        OFFICER,
        11,
        &[
            "licence",
            "reconcile",
            &csv,
            "--licence",
            "L-1",
            "--batch",
            "0626",
            "--sent",
            "2026-11-22",
            "--format",
            "jsonl",
        ],
    );
    assert!(
        repeat.contains("was recorded already; nothing changed"),
        "{repeat}"
    );

    // A transfer that relies on the licence is told what the ledger knows.
    let relying = |id: &str, quantity: &str| {
        TRANSFER
            .replace("\"t-1\"", &format!("\"{id}\""))
            .replace("14 pieces", quantity)
            .replacen('{', "{\"licences\":[{\"id\":\"L-1\"}],", 1)
    };
    let file = state.file(
        "t.jsonl",
        &format!(
            "{}\n{}\n",
            relying("fits", "28 pieces"),
            relying("too-much", "29 pieces")
        ),
    );
    let opened = state.json(OFFICER, &["case", "open", &file]);
    let flags = |place: usize| {
        let case = opened[place]["id"].as_str().unwrap();
        let shown = state.json(OFFICER, &["case", "show", case]);
        shown["assessed"][0]["answer"]["flags"].to_string()
    };
    assert!(!flags(0).contains("L-1"), "{}", flags(0));
    assert!(
        flags(1).contains(
            "licence L-1 does not cover this: line 1 has 28 pieces left, and 29 pieces is asked for"
        ),
        "{}",
        flags(1)
    );

    state.ok(
        OFFICER,
        0,
        &[
            "licence",
            "revoke",
            "L-1",
            "--why",
            "diversion",
            "--from",
            "2026-11-23",
        ],
    );
    let shown = state.ok(OFFICER, 0, &["licence", "show", "L-1"]);
    assert!(
        shown.contains("revoked from 2026-11-23: diversion") && shown.contains("left 28 pieces"),
        "{shown}"
    );
}

#[test]
fn small_orders_that_together_pass_a_limit_raise_a_flag() {
    let state = State::new("splitting");
    std::fs::create_dir_all(state.0.join("state")).unwrap();
    state.file("state/limits.toml", "[[limit]]\nid = \"ten\"\nabout = \"ten in a month\"\nsource = \"house\"\nquantity = \"20 pieces\"\ndays = 30\n");
    let orders: String = ["a", "b"]
        .iter()
        .map(|id| format!("{}\n", TRANSFER.replace("\"t-1\"", &format!("\"{id}\""))))
        .collect();
    let file = state.file("t.jsonl", &orders);
    state.ok(OFFICER, 0, &["case", "open", &file]);
    let found = state.ok(
        OFFICER,
        11,
        &["case", "splitting", "--flag", "--format", "jsonl"],
    );
    assert!(
        found.contains("\"transfers\":[\"a\",\"b\"]") && found.contains("28 pieces"),
        "{found}"
    );
    let id = state.json(OFFICER, &["case", "list"])[0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let shown = state.ok(OFFICER, 0, &["case", "show", &id]);
    assert!(shown.contains("flag: 2 orders to Kaya Makina"), "{shown}");
    state.ok(OFFICER, 11, &["case", "splitting", "--flag"]);
    let again = state.ok(OFFICER, 0, &["case", "show", &id]);
    assert_eq!(shown, again, "a flag is raised once");
}

#[test]
fn nobody_acts_without_a_name_a_role_and_a_ledger() {
    let state = State::new("nobody");
    let run = |args: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_catchall"))
            .current_dir(&state.0)
            .env_remove("CATCHALL_ACTOR")
            .env_remove("CATCHALL_ROLE")
            .args(args)
            .output()
            .unwrap();
        (
            done.status.code(),
            String::from_utf8_lossy(&done.stderr).into_owned(),
        )
    };
    let (code, told) = run(&["case", "list"]);
    assert_eq!(code, Some(2));
    assert!(told.contains("nobody acts; say who"), "{told}");
    assert!(
        state
            .refused("A. Okoye, screner", 2, &["case", "show", "C-1"])
            .contains("there is no case `C-1`")
    );
    let file = state.file("t.jsonl", TRANSFER);
    let told = state.refused("A. Okoye, screner", 2, &["case", "open", &file]);
    assert!(
        told.contains("`screner` is no role of the policy; the nearest is `screener`"),
        "{told}"
    );
    let empty = state.ok("Auditor, auditor", 0, &["licence", "list"]);
    assert!(
        empty.starts_with("the ledger knows no such licence"),
        "{empty}"
    );
    state.file("state/roles.toml", "[two_persons]\n");
    let told = state.refused(OFFICER, 2, &["case", "list"]);
    assert!(told.contains("roles.toml line 1"), "{told}");
    let odd = state.file("odd.csv", "declaration,quantity\nd1,\u{fffd}\n");
    std::fs::write(&odd, b"declaration,quantity\nd1,\xff\n").unwrap();
    std::fs::remove_file(state.0.join("state/roles.toml")).unwrap();
    let told = state.refused(
        OFFICER,
        2,
        &[
            "licence",
            "reconcile",
            &odd,
            "--licence",
            "L-1",
            "--batch",
            "b",
            "--sent",
            "2026-11-22",
        ],
    );
    assert!(told.contains("is not UTF-8 from byte 24 on"), "{told}");
}

#[test]
fn packs_are_put_forward_and_published_by_two_persons() {
    let state = State::new("packs");
    let both = "Ann, rule-author,rule-publisher";
    let told = state.ok(both, 0, &["law", "propose", "--about", "a new article"]);
    assert!(
        told.contains("published  none yet") && told.contains("waits"),
        "{told}"
    );
    let own = state.refused(both, 2, &["law", "publish"]);
    assert!(own.contains("somebody else must publish it"), "{own}");
    let stranger = state.refused("Lia, licensing-officer", 2, &["law", "publish"]);
    assert!(stranger.contains("publish a pack"), "{stranger}");
    let back = state.ok(
        "Bea, rule-publisher",
        0,
        &["law", "return", "--why", "the day is wrong"],
    );
    assert!(
        back.contains("returned") && back.contains("the day is wrong"),
        "{back}"
    );
    state.ok(
        both,
        0,
        &["law", "propose", "--about", "the day as the journal has it"],
    );
    let done = state.json(
        "Bea, rule-publisher",
        &["law", "publish", "--why", "read against the journal"],
    );
    assert_eq!(done["judged_by_published"], serde_json::json!(true));
    assert_eq!(done["proposals"][1]["judged"][0]["by"]["name"], "Bea");
    let shown = state.ok("Cyr, auditor", 0, &["law", "proposals"]);
    assert!(shown.contains("published 20"), "{shown}");
}
