//! From a report to a question on a transfer: only what a person accepted, only under the preconditions, and never more than a question.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use catchall::evidence::flags;
use catchall::evidence::intake::Incoming;
use catchall::evidence::{Keep, Rules, Shelf, Work};
use catchall_ledger::case::VIEWS;
use catchall_ledger::policy::Policy;
use catchall_ledger::statement::event::{Bearing, Identified, RelationKind, Told};
use catchall_ledger::statement::rules::Command;
use catchall_ledger::statement::{Report, Standing, Statement};
use catchall_ledger::{Actor, Ask, Ledger, LedgerUrl};
use serde_json::{Value, json};

const FIRM: &str = "Baltic State Technical University";

/// A digest of our own that charges one body, and lets it answer.
const DIGEST: &str = "Publication: The Control Digest\nJuly 29, 1998\n\nWASHINGTON NAMES A RUSSIAN BODY\n\nThe White House alleged on July 28 that the Baltic State Technical University had supplied missile technology to Iran (AP, July 28).\n\nThe Russian export control commission said on July 15 that it had opened investigations into nine bodies (Itar-Tass, July 15).\n";

struct World {
    ledger: Ledger,
    policy: Policy,
    rules: Rules,
    shelf: Shelf,
    actor: Actor,
}

fn world() -> World {
    World {
        ledger: Ledger::open(&LedgerUrl::Memory).unwrap(),
        policy: Policy::read(include_str!("../../../data/policy/roles.toml"), &VIEWS).unwrap(),
        rules: Rules::read(include_str!("../../../data/policy/evidence.toml")).unwrap(),
        shelf: Shelf::default(),
        actor: Actor {
            name: "varga".to_owned(),
            team: None,
            roles: vec!["evidence-analyst".to_owned()],
        },
    }
}

impl World {
    fn work(&self) -> Work<'_> {
        Work {
            ledger: &self.ledger,
            policy: &self.policy,
            rules: &self.rules,
            actor: &self.actor,
            at: "2026-11-22T09:00:00.000Z".parse().unwrap(),
        }
    }

    fn read(&self, name: &str, text: &str) -> String {
        let incoming = Incoming {
            name,
            bytes: text.as_bytes(),
            media_type: "text/plain",
            published: None,
        };
        self.work().read(&incoming, None).unwrap().0
    }

    fn of_kind(&self, report: &str, kind: &str) -> Statement {
        let held = self.shelf.held(&self.ledger).unwrap();
        let found = held
            .of_report(report)
            .into_iter()
            .find(|own| own.made.told.kind == kind);
        Statement::clone(found.unwrap_or_else(|| panic!("{report} holds nothing {kind}")))
    }

    fn accept(&self, own: &Statement, identified: bool) {
        let identified = identified.then(|| Identified {
            name: FIRM.to_owned(),
            country: Some("RU".to_owned()),
            identifier: None,
        });
        let command = Command::Accept {
            identified: identified.into_iter().collect(),
            bears_on: Vec::new(),
            why: String::new(),
        };
        self.work().act(&own.id, Some(own.seen), command).unwrap();
    }

    fn answer(&self, of: &Statement, is: RelationKind, said: &str) -> String {
        let held = self.shelf.held(&self.ledger).unwrap();
        let id = held.fresh(of, is);
        let command = Command::Answer {
            id: id.clone(),
            is,
            told: Told {
                speaker: Some("the party".to_owned()),
                content: "it was not so".to_owned(),
                said: Some(said.to_owned()),
                about: vec![FIRM.to_owned()],
                ..Told::default()
            },
            source: format!("letter of {said}"),
        };
        self.work().act(&of.id, None, command).unwrap();
        id
    }

    /// The red flags of a transfer, after what is accepted was asked.
    fn flagged(&self, transfer: &Value) -> Vec<String> {
        let mut asked = transfer.clone();
        let held = self.shelf.held(&self.ledger).unwrap();
        let changed = flags::raise(
            &held,
            &mut asked,
            &self.rules,
            "2026-11-22".parse().unwrap(),
        );
        assert_eq!(changed, asked != *transfer);
        let flags = asked["knowledge"]["red_flags"].as_array().cloned();
        flags
            .unwrap_or_default()
            .iter()
            .map(|flag| flag["flag"].as_str().unwrap().to_owned())
            .collect()
    }
}

fn transfer(firm: &str, item: &str, date: &str) -> Value {
    json!({ "id": "t", "kind": "export", "date": date, "from": "NO", "to": "RU",
        "parties": [{ "role": "end_user", "name": firm, "type": "university", "country": "RU" }],
        "lines": [{ "item": { "description": item, "form": "goods" } }] })
}

fn at_hand() -> Value {
    transfer(
        FIRM,
        "models for a course in missile technology",
        "1998-10-05",
    )
}

#[test]
fn only_what_a_person_accepted_and_identified_raises_a_question() {
    let world = world();
    let report = world.read("digest", DIGEST);
    let alleged = world.of_kind(&report, "alleged");
    assert!(world.flagged(&at_hand()).is_empty(), "a waiting statement");
    world.accept(&alleged, false);
    assert!(world.flagged(&at_hand()).is_empty(), "a name alone");
    let why = "identified by letter".to_owned();
    world
        .work()
        .act(&alleged.id, None, Command::Reopen { why })
        .unwrap();
    world.accept(&world.of_kind(&report, "alleged"), true);
    let flags = world.flagged(&at_hand());
    assert_eq!(flags.len(), 1, "{flags:?}");
    for words in [FIRM, "White House", "1998-07-28", &alleged.id, "What shows"] {
        assert!(flags[0].contains(words), "{words} is not in {}", flags[0]);
    }
    let why = "the words say another thing".to_owned();
    world
        .work()
        .act(&alleged.id, None, Command::Reopen { why: why.clone() })
        .unwrap();
    world
        .work()
        .act(&alleged.id, None, Command::Reject { why })
        .unwrap();
    assert!(world.flagged(&at_hand()).is_empty(), "a rejected statement");
}

#[test]
fn another_party_another_item_another_time_and_a_state_are_not_asked() {
    let world = world();
    let report = world.read("digest", DIGEST);
    world.accept(&world.of_kind(&report, "alleged"), true);
    world.accept(&world.of_kind(&report, "said"), false);
    let item = "models for a course in missile technology";
    let mut state = transfer("Russia", item, "1998-10-05");
    state["parties"][0]["type"] = json!("government");
    for (what, asked) in [
        (
            "a part of the name",
            transfer("Technical University", item, "1998-10-05"),
        ),
        (
            "a firm of the same state",
            transfer("Volga Pump Works", item, "1998-10-05"),
        ),
        ("a state", state),
        (
            "an item that nothing touches",
            transfer(FIRM, "office chairs", "1998-10-05"),
        ),
        ("a day before the claim", transfer(FIRM, item, "1998-07-01")),
        (
            "a day beyond the look-back",
            transfer(FIRM, item, "2010-01-01"),
        ),
        ("a speaker", transfer("White House", item, "1998-10-05")),
    ] {
        assert!(world.flagged(&asked).is_empty(), "{what} is flagged");
    }
    let mut elsewhere = at_hand();
    elsewhere["parties"][0]["country"] = json!("CA");
    assert!(
        world.flagged(&elsewhere).is_empty(),
        "the same name in another country"
    );
    assert_eq!(world.flagged(&at_hand()).len(), 1);
}

#[test]
fn a_reprint_adds_nothing_a_reply_stands_in_the_question_and_a_relief_closes_it() {
    let world = world();
    let report = world.read("digest", DIGEST);
    let alleged = world.of_kind(&report, "alleged");
    world.accept(&alleged, true);
    let before = world.flagged(&at_hand());
    let again = world.read(
        "reprint",
        &DIGEST.replace("The Control Digest", "The Other Digest"),
    );
    assert_ne!(again, report);
    world.accept(&world.of_kind(&again, "alleged"), false);
    let doubled = world.flagged(&at_hand());
    assert!(doubled[0].contains("1 origin"), "{}", doubled[0]);
    assert_eq!(before.len(), doubled.len());
    let reply = world.answer(&alleged, RelationKind::Reply, "1998-08-01");
    let own = world.work().statement(&reply).unwrap();
    assert_eq!(own.standing, Standing::Accepted, "a reply waits");
    let answered = world.flagged(&at_hand());
    assert!(answered[0].contains("it was not so"), "{}", answered[0]);
    let relief = world.answer(&alleged, RelationKind::Relief, "1998-09-01");
    assert_eq!(
        world.flagged(&at_hand()),
        answered,
        "a relief that nobody accepted"
    );
    world.accept(&world.work().statement(&relief).unwrap(), false);
    assert!(
        world.flagged(&at_hand()).is_empty(),
        "a relief leaves the question"
    );
    // It closes from its day on: a transfer before it is asked still.
    let earlier = transfer(
        FIRM,
        "models for a course in missile technology",
        "1998-08-15",
    );
    assert_eq!(world.flagged(&earlier).len(), 1);
}

#[test]
fn a_retraction_takes_away_what_it_names_and_a_correction_stands_in_its_place() {
    let world = world();
    let report = world.read("digest", DIGEST);
    let alleged = world.of_kind(&report, "alleged");
    world.accept(&alleged, true);
    let held = world.shelf.held(&world.ledger).unwrap();
    let id = held.fresh(&alleged, RelationKind::Correction);
    let denied = Told {
        kind: "denied".to_owned(),
        ..alleged.made.told.clone()
    };
    let command = Command::Correct {
        id: id.clone(),
        told: denied,
        identified: Vec::new(),
        bears_on: Vec::new(),
        why: "it was a denial".to_owned(),
    };
    world.work().act(&alleged.id, None, command).unwrap();
    assert!(world.flagged(&at_hand()).is_empty(), "a denial is no claim");
    let other = world.read("second", &DIGEST.replace("AP, July 28", "Reuters, July 28"));
    let claim = world.of_kind(&other, "alleged");
    world.accept(&claim, true);
    assert_eq!(world.flagged(&at_hand()).len(), 1);
    let retraction = world.answer(&claim, RelationKind::Retraction, "1998-08-10");
    world.accept(&world.work().statement(&retraction).unwrap(), false);
    assert!(
        world.flagged(&at_hand()).is_empty(),
        "a retracted claim is asked"
    );
}

#[test]
fn a_question_that_was_resolved_stays_resolved_and_what_others_flagged_stays() {
    let world = world();
    let report = world.read("digest", DIGEST);
    world.accept(&world.of_kind(&report, "alleged"), true);
    let mut asked = at_hand();
    asked["knowledge"] = json!({ "red_flags": [{ "flag": "pays in cash" }] });
    let held = world.shelf.held(&world.ledger).unwrap();
    let today = "2026-11-22".parse().unwrap();
    assert!(flags::raise(&held, &mut asked, &world.rules, today));
    asked["knowledge"]["red_flags"][1]["resolved_by"] = json!("end-use check of 3 October");
    let once = asked.clone();
    assert!(!flags::raise(&held, &mut asked, &world.rules, today));
    assert_eq!(asked, once);
    let alleged = world.of_kind(&report, "alleged");
    let why = "wrong body".to_owned();
    world
        .work()
        .act(&alleged.id, None, Command::Reopen { why })
        .unwrap();
    let held = world.shelf.held(&world.ledger).unwrap();
    assert!(flags::raise(&held, &mut asked, &world.rules, today));
    assert_eq!(
        asked["knowledge"]["red_flags"],
        json!([{ "flag": "pays in cash" }])
    );
}

#[test]
fn what_nobody_said_is_unsaid_again_when_nothing_is_asked_and_what_was_denied_stays_denied() {
    let world = world();
    let report = world.read("digest", DIGEST);
    world.accept(&world.of_kind(&report, "alleged"), true);
    let today = "2026-11-22".parse().unwrap();
    let mut none = at_hand();
    none["knowledge"] = json!({ "red_flags": [] });
    let mut noted = at_hand();
    noted["evidence"] = json!({ "date": "invoice 7" });
    for given in [at_hand(), none, noted] {
        let mut asked = given.clone();
        let held = world.shelf.held(&world.ledger).unwrap();
        assert!(flags::raise(&held, &mut asked, &world.rules, today));
        assert!(!flags::raise(&held, &mut asked, &world.rules, today));
        assert!(flags::raise(
            &catchall::evidence::Held::default(),
            &mut asked,
            &world.rules,
            today
        ));
        assert_eq!(asked, given);
    }
}

#[test]
fn no_more_of_a_report_is_kept_than_the_house_allows() {
    for (allowed, wanted, kept) in [
        (Keep::Excerpts, Some(Keep::Whole), "excerpts"),
        (Keep::Whole, None, "whole"),
        (Keep::Whole, Some(Keep::Offsets), "offsets"),
        (Keep::Offsets, Some(Keep::Whole), "offsets"),
    ] {
        let mut world = world();
        world.rules.keep = allowed;
        let incoming = Incoming {
            name: "digest",
            bytes: DIGEST.as_bytes(),
            media_type: "text/plain",
            published: None,
        };
        let (id, new) = world.work().read(&incoming, wanted).unwrap();
        assert!(new);
        let entries = world.ledger.entries(&Ask::all()).unwrap();
        let all: String = entries
            .iter()
            .map(|entry| entry.body.value().unwrap().to_string())
            .collect();
        let report = Report::of(&entries[0]).unwrap();
        assert_eq!(
            (report.id.as_str(), report.keeps.as_str()),
            (id.as_str(), kept)
        );
        assert_eq!(report.text.is_some(), kept == "whole");
        let sentence = all.contains("alleged on July 28");
        assert_eq!(sentence, kept == "whole", "{kept}");
        if kept == "offsets" {
            assert!(!all.contains("supplied"), "words are kept: {all}");
        }
        let [from, to] = world.of_kind(&id, "alleged").made.told.bytes;
        assert!(DIGEST[from..to].starts_with("The White House alleged"));
    }
}

#[test]
fn an_accepted_statement_stands_on_its_lane_from_the_day_of_acceptance() {
    let packs = std::path::PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let loaded = catchall::load::load(Some(packs.as_path())).unwrap();
    let law = catchall::load::law_to_answer(&loaded).unwrap();
    let world = world();
    let report = world.read("digest", DIGEST);
    let own = world.of_kind(&report, "said");
    let count = |world: &World| {
        let held = world.shelf.held(&world.ledger).unwrap();
        let (record, digest) = catchall::commitments::with_accepted(&law, &held);
        assert_eq!(
            digest.is_empty(),
            record.acts.len() == law.record.acts.len()
        );
        record.acts.len() - law.record.acts.len()
    };
    assert_eq!(count(&world), 0);
    let command = Command::Accept {
        identified: Vec::new(),
        bears_on: vec![Bearing {
            undertaking: "ru-may-1998/measures".to_owned(),
            shows: Some("step".to_owned()),
        }],
        why: String::new(),
    };
    world.work().act(&own.id, None, command).unwrap();
    assert_eq!(count(&world), 1);
    let held = world.shelf.held(&world.ledger).unwrap();
    let (record, _) = catchall::commitments::with_accepted(&law, &held);
    let act = record
        .acts
        .iter()
        .find(|act| act.cite.contains(&own.id))
        .unwrap();
    assert_eq!(act.recorded.unwrap().to_string(), "2026-11-22");
    assert_eq!(act.by, "RU");
    assert!(act.kind.is_words(), "declared policy is no deed");
}

/// The command line on a ledger of its own.
fn on_the_line(folder: &std::path::Path, args: &[&str]) -> (Option<i32>, String) {
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_catchall"))
        .current_dir(folder)
        .args(["evidence", "--ledger", "office.db"])
        .args(["--actor", "varga", "--role", "evidence-analyst"])
        .args(args)
        .output()
        .unwrap();
    let text = [done.stdout, done.stderr].concat();
    (
        done.status.code(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

#[test]
fn a_statement_is_corrected_and_answered_on_the_command_line() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("judged");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("digest.txt"), DIGEST).unwrap();
    let (code, text) = on_the_line(&folder, &["--record", "digest.txt"]);
    assert_eq!(code, Some(0), "{text}");
    let waiting = on_the_line(&folder, &["--statements", "waiting"]).1;
    let alleged = waiting
        .lines()
        .find(|line| line.contains(" alleged: "))
        .and_then(|line| line.split_whitespace().next())
        .unwrap_or_else(|| panic!("{waiting}"))
        .to_owned();

    let (code, text) = on_the_line(
        &folder,
        &[
            "--correct",
            &alleged,
            "--kind",
            "reported",
            "--why",
            "an editor's word",
        ],
    );
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains(&format!("{alleged}  corrected")), "{text}");
    let right = format!("{alleged}.c1");
    assert!(text.contains(&format!("{right}  accepted")), "{text}");
    let listed = on_the_line(&folder, &["--statements", "accepted"]).1;
    assert!(listed.contains("[1998-07-28] reported:"), "{listed}");

    let answer = [
        "--reply",
        &right,
        "--speaker",
        "the university",
        "--said",
        "1998-08-03",
        "--content",
        "it supplied nothing",
        "--source",
        "letter of 3 August",
    ];
    let (code, text) = on_the_line(&folder, &answer);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("  accepted"),
        "a reply counts at once: {text}"
    );
    let (_, asked) = on_the_line(&folder, &["--party", FIRM, "--format", "json"]);
    assert!(asked.contains("it supplied nothing"), "{asked}");

    let refused: [(&[&str], &str); 4] = [
        (
            &["--reply", &right, "--said", "1998-08-03", "--content", "no"],
            "--source",
        ),
        (
            &["--accept", &right, "--reject", &right, "--why", "x"],
            "cannot be used with",
        ),
        (
            &["--reject", &right, "--kind", "said", "--why", "x"],
            "--correct",
        ),
        (
            &["--correct", &right, "--kind", "shouted", "--why", "x"],
            "shouted",
        ),
    ];
    for (args, says) in refused {
        let (code, text) = on_the_line(&folder, args);
        assert!(code != Some(0) && text.contains(says), "{args:?}: {text}");
    }
}
