//! Cases: the story of one, the rules that no role lifts, and that no sequence of commands ever breaks what must hold.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use catchall_ledger::case::answer::Answer;
use catchall_ledger::case::calendar::Calendar;
use catchall_ledger::case::command::{Command, Office, Opening, Refused};
use catchall_ledger::case::compare::compare;
use catchall_ledger::case::event::{HitVerdict, Said};
use catchall_ledger::case::{Case, PERMISSIVE, Stage, Status, VIEWS, letter, same_person};
use catchall_ledger::policy::Policy;
use catchall_ledger::{Actor, Ask, Draft, Ledger, LedgerUrl, Timestamp};
use proptest::prelude::*;
use serde_json::{Value, json};

struct World {
    ledger: Ledger,
    policy: Policy,
    calendar: Calendar,
}

fn world() -> World {
    World {
        ledger: Ledger::open(&LedgerUrl::Memory).unwrap(),
        policy: Policy::read(include_str!("../../../data/policy/roles.toml"), &VIEWS).unwrap(),
        calendar: Calendar::read(include_str!("../../../data/policy/calendar.toml")).unwrap(),
    }
}

fn person(name: &str, role: &str, team: &str) -> Actor {
    Actor {
        name: name.to_owned(),
        team: Some(team.to_owned()),
        roles: vec![role.to_owned()],
    }
}

fn officer() -> Actor {
    person("L. Marchetti", "licensing-officer", "Dual-use")
}

fn second() -> Actor {
    person("M. Sato", "countersigner", "Dual-use")
}

fn at(day: u32) -> Timestamp {
    format!("2026-11-{day:02}T09:00:00.000Z").parse().unwrap()
}

/// A determination document with an outcome, missing facts and matches.
fn document(outcome: &str, missing: &[&str], hits: &[&str]) -> Value {
    let questions: Vec<Value> = missing
        .iter()
        .map(|fact| json!({ "fact": fact, "question": format!("What of {fact}?"), "ask": if fact.starts_with("item") { "manufacturer" } else { "exporter" }, "evidence": "paper" }))
        .collect();
    let hits: Vec<Value> = hits
        .iter()
        .map(|party| json!({ "party": party, "score": 0.69, "band": "review", "listing": { "list": "un", "source_id": "1", "name": "X" } }))
        .collect();
    let mut made = json!({
        "schema": "catchall.determination/1", "transfer": "t-1", "outcome": outcome, "summary": "One sentence.",
        "bounds": { "least": "no_licence_required", "most": "prohibited" },
        "jurisdictions": [{ "id": "aa", "outcome": outcome, "deciding": ["aa/one"] }],
        "findings": [{ "provision": "aa/one", "cite": "Decree 7, art. 2", "verdict": "applies" }],
        "missing": { "essential": questions, "next": null }, "hits": hits, "flags": [],
        "basis": { "packs": "p", "lists": "l", "names": "n", "program": "x" },
    });
    made["id"] = json!(format!("{outcome}-{}-{}", missing.join("+"), hits.len()));
    made
}

impl World {
    fn office<'a>(&'a self, actor: &'a Actor, at: Timestamp) -> Office<'a> {
        Office {
            policy: &self.policy,
            calendar: &self.calendar,
            actor,
            at,
        }
    }

    fn open(&self, document: &Value) -> Case {
        let opening = Opening {
            id: "C-2026-0001".to_owned(),
            transfer: "t-1".to_owned(),
            title: "22 t of alloy steel, RU to IR".to_owned(),
            answer: Answer::of(document, 1).unwrap(),
            queue: None,
            team: Some("Dual-use".to_owned()),
            target: Some(5),
            follows: None,
            subject: None,
        };
        let drafts = self.office(&officer(), at(9)).open(opening).unwrap();
        self.ledger
            .append_after("case/C-2026-0001", 0, drafts)
            .unwrap();
        self.case()
    }

    fn case(&self) -> Case {
        let entries = self
            .ledger
            .entries(&Ask::stream("case/C-2026-0001").limit(Ask::MOST))
            .unwrap();
        Case::of(&entries).unwrap().unwrap()
    }

    fn act(&self, actor: &Actor, day: u32, command: Command) -> Result<Case, Refused> {
        let case = self.case();
        let drafts = self.office(actor, at(day)).case(&case, command)?;
        self.ledger
            .append_after("case/C-2026-0001", case.seen, drafts)
            .unwrap();
        Ok(self.case())
    }

    fn told(&self, actor: &Actor, command: Command) -> String {
        self.act(actor, 20, command).unwrap_err().to_string()
    }
}

fn decide(view: &str) -> Command {
    Command::Decide {
        view: view.to_owned(),
        reason: "Known user.".to_owned(),
        despite: None,
    }
}

fn reassessed(old: &Value, new: &Value) -> Command {
    Command::Reassess {
        because: vec!["answer to request 1".to_owned()],
        answer: Some(Box::new(Answer::of(new, 2).unwrap())),
        changes: Box::new(compare(old, new)),
    }
}

#[test]
fn a_case_is_asked_about_answered_decided_by_two_appealed_against_and_decided_by_two_others() {
    let world = world();
    let before = document("not_known", &["exporter.informed", "item.range"], &[]);
    world.open(&before);
    let ask = Command::Ask {
        to: None,
        questions: Vec::new(),
        pauses: true,
    };
    let case = world.act(&officer(), 10, ask.clone()).unwrap();
    assert_eq!(case.status(), Status::Waiting);
    let asked: Vec<(&str, usize)> = case
        .requests
        .iter()
        .map(|request| (request.to.as_str(), request.questions.len()))
        .collect();
    assert_eq!(
        asked,
        [("exporter", 1), ("manufacturer", 1)],
        "one request for each addressee"
    );
    assert_eq!(
        world.act(&officer(), 10, ask),
        Err(Refused::NothingToAsk),
        "nobody is asked twice"
    );
    assert!(
        world
            .told(&officer(), decide("refuse"))
            .starts_with("request 1 to exporter is open;")
    );
    let answer = |request: u32, fact: &str, value: Value, words: &str| Command::Answer {
        request,
        by: "the exporter".to_owned(),
        answers: vec![Said {
            fact: fact.to_owned(),
            value,
            words: words.to_owned(),
            ..Said::default()
        }],
    };
    world
        .act(
            &officer(),
            16,
            answer(1, "exporter.informed", json!(false), ""),
        )
        .unwrap();
    let case = world
        .act(
            &officer(),
            17,
            answer(2, "item.range", Value::Null, "no data sheet exists"),
        )
        .unwrap();
    assert_eq!(case.status(), Status::Review);
    assert_eq!(
        case.clock("2026-11-20".parse_day(), &world.calendar).used,
        4,
        "9, 17, 18 and 19 November"
    );
    let after = document("licence_required", &[], &[]);
    let case = world
        .act(&officer(), 17, reassessed(&before, &after))
        .unwrap();
    let last = case.activity.last().unwrap();
    assert_eq!(
        last.says,
        "assessed again (answer to request 1): not_known to licence_required; jurisdiction aa: not_known to licence_required; no longer missing: exporter.informed, item.range"
    );

    world
        .act(
            &officer(),
            18,
            Command::SetCondition {
                text: "Return under seal.".to_owned(),
            },
        )
        .unwrap();
    assert_eq!(
        world.told(&officer(), decide("approve")),
        "1 conditions stand, and `approve` carries none; decide `approve_with_conditions`, or drop them first"
    );
    let case = world
        .act(&officer(), 19, decide("approve_with_conditions"))
        .unwrap();
    assert_eq!(
        (case.status(), case.decision().is_none()),
        (Status::Proposed, true),
        "one signature decides nothing"
    );
    let case = world.act(&second(), 20, Command::Countersign {}).unwrap();
    assert_eq!(
        case.decision().map(|decision| decision.view.as_str()),
        Some("approve_with_conditions")
    );
    let text = letter::deciding(&case, case.decision().unwrap(), "Severstrom Export")
        .unwrap()
        .text();
    for part in [
        "On 20 November 2026 we decided on 22 t of alloy steel",
        "1. Return under seal.",
        "Decree 7, art. 2",
    ] {
        assert!(text.replace('\n', " ").contains(part), "{text}");
    }

    let appeal = Command::Appeal {
        by: "Severstrom Export".to_owned(),
        grounds: "The seal is not needed.".to_owned(),
        on: None,
    };
    let case = world.act(&officer(), 23, appeal).unwrap();
    assert_eq!(case.status(), Status::Appeal);
    assert_eq!(
        world.told(&officer(), decide("approve_with_conditions")),
        "you took part in the decision that is appealed against, so you cannot decide on the appeal; the rule is in the engine, and no role lifts it"
    );
    let other = person("D. Nwosu", "licensing-officer", "Dual-use");
    world
        .act(&other, 24, decide("approve_with_conditions"))
        .unwrap();
    assert!(
        world
            .told(&second(), Command::Countersign {})
            .starts_with("you took part in the decision that is appealed against")
    );
    let case = world
        .act(
            &person("P. Lindqvist", "countersigner", "Dual-use"),
            25,
            Command::Countersign {},
        )
        .unwrap();
    assert_eq!((case.status(), case.irregular.len()), (Status::Decided, 0));
    let case = world
        .act(
            &officer(),
            26,
            Command::Reopen {
                why: "a list changed".to_owned(),
            },
        )
        .unwrap();
    assert_eq!(case.status(), Status::Review);
}

trait ParseDay {
    fn parse_day(&self) -> catchall_model::Day;
}

impl ParseDay for str {
    fn parse_day(&self) -> catchall_model::Day {
        catchall_model::Day::parse(self).unwrap()
    }
}

#[test]
fn nobody_signs_their_own_under_any_spelling_of_their_name() {
    let world = world();
    world.open(&document("licence_required", &[], &[]));
    let both = |name: &str| Actor {
        roles: vec!["licensing-officer".to_owned(), "countersigner".to_owned()],
        ..person(name, "licensing-officer", "Dual-use")
    };
    let advice = Command::Advise {
        view: "approve".to_owned(),
        text: "Fine.".to_owned(),
        why: String::new(),
    };
    world.act(&both("A. Okoye"), 10, advice).unwrap();
    world
        .act(&both("L. Marchetti"), 11, decide("approve"))
        .unwrap();
    for name in ["L. Marchetti", "l marchetti", " L.  MARCHETTI"] {
        assert_eq!(
            world.told(&both(name), Command::Countersign {}),
            "you took this decision, so you cannot countersign it; the rule is in the engine, and no role lifts it"
        );
    }
    assert!(
        world
            .told(&both("a okoye"), Command::Countersign {})
            .starts_with("you advised in this case, so you cannot countersign it")
    );
    assert_eq!(
        world.told(&officer(), Command::Countersign {}),
        "L. Marchetti (licensing-officer) may not countersign or return a decision; countersigner may"
    );
    // Past the engine, straight into the store: it is listed, and has no effect.
    let case = world.case();
    let forged = Draft::new(
        "case/C-2026-0001",
        "case.countersigned",
        both("L. Marchetti"),
        at(12),
        json!({ "decision": 1 }),
    );
    world.ledger.append(vec![forged]).unwrap();
    let after = world.case();
    assert_eq!(
        (after.status(), after.irregular.len()),
        (Status::Proposed, 1)
    );
    assert_eq!(case.decisions, after.decisions);
}

#[test]
fn a_condition_is_not_changed_behind_its_authors_back() {
    let world = world();
    world.open(&document("licence_required", &[], &[]));
    let haas = person("R. Haas", "technical-assessor", "Dual-use");
    world
        .act(
            &haas,
            11,
            Command::SetCondition {
                text: "Return under seal.".to_owned(),
            },
        )
        .unwrap();
    let drop = Command::DropCondition {
        condition: 1,
        why: "it has gone back".to_owned(),
    };
    let case = world.act(&officer(), 12, drop).unwrap();
    let kinds: Vec<&str> = case
        .activity
        .iter()
        .map(|line| line.kind.as_str())
        .collect();
    assert_eq!(
        kinds[kinds.len() - 2..],
        ["case.notified", "case.condition_dropped"],
        "told first"
    );
    assert_eq!(case.notices[0].to, "R. Haas");
    assert!(
        world
            .told(&officer(), decide("approve"))
            .starts_with("R. Haas has not acknowledged notice 1")
    );
    let stranger = person("E. Silva", "submitter", "Dual-use");
    world
        .act(&stranger, 13, Command::Acknowledge { notice: 1 })
        .expect("somebody of the author's team may");
    world.act(&officer(), 14, decide("approve")).unwrap();
}

#[test]
fn nothing_is_let_go_over_open_matches_or_against_the_answer_unsaid() {
    let world = world();
    let old = document("prohibited", &[], &["Kaya Makina"]);
    world.open(&old);
    assert!(
        world
            .told(&officer(), decide("approve"))
            .starts_with("1 possible matches wait for an answer (un/1/kaya makina);")
    );
    let screener = person("A. Okoye", "screener", "Screening");
    let dismiss = Command::AnswerHit {
        hit: "kaya".to_owned(),
        verdict: HitVerdict::Dismissed,
        reason: "another year of birth".to_owned(),
    };
    world.act(&screener, 12, dismiss).unwrap();
    assert_eq!(
        world.told(&officer(), decide("approve")),
        "the answer is `prohibited`, and `approve` is milder; say `despite` what, in the decision itself"
    );
    // The listing changes: what was said of the match no longer holds.
    let mut new = old.clone();
    new["hits"][0]["listing"]["name"] = json!("Another name");
    new["id"] = json!("other");
    let case = world.act(&officer(), 13, reassessed(&old, &new)).unwrap();
    assert_eq!(case.open_hits().count(), 1);
    world
        .act(&officer(), 14, decide("prohibited"))
        .expect("a bar needs no answer to a match");
    let moved = document("no_licence_required", &[], &[]);
    world.act(&officer(), 15, reassessed(&new, &moved)).unwrap();
    assert_eq!(
        world.told(&second(), Command::Countersign {}),
        "the answer was `prohibited` when the decision was proposed and is `no_licence_required` now; return it, so that it is decided on what is known"
    );
    let case = world
        .act(
            &second(),
            16,
            Command::Return {
                why: "the answer changed".to_owned(),
            },
        )
        .unwrap();
    assert_eq!(case.status(), Status::Review);
    world
        .act(&officer(), 17, decide("no_licence_required"))
        .unwrap();
}

#[test]
fn advice_is_superseded_and_stays() {
    let world = world();
    world.open(&document("licence_required", &[], &[]));
    let advise = |view: &str, why: &str| Command::Advise {
        view: view.to_owned(),
        text: "Reasons.".to_owned(),
        why: why.to_owned(),
    };
    assert_eq!(
        world.told(&officer(), advise("refuze", "")),
        "`refuze` is no view; the nearest is `refuse`; write one of no_licence_required, approve, approve_with_conditions, refuse, prohibited, return_without_action, no_view"
    );
    world.act(&officer(), 10, advise("approve", "")).unwrap();
    assert!(
        world
            .told(&officer(), advise("refuse", " "))
            .starts_with("why your earlier advice no longer stands is left out")
    );
    let case = world
        .act(&officer(), 12, advise("refuse", "the act is of March 1998"))
        .unwrap();
    assert_eq!(case.advice.len(), 2);
    assert_eq!(
        case.advice[0].superseded,
        Some((2, "the act is of March 1998".to_owned()))
    );
    assert_eq!(
        case.standing_advice()
            .map(|advice| advice.view.as_str())
            .collect::<Vec<_>>(),
        ["refuse"]
    );
}

#[test]
fn what_is_shredded_is_told_and_never_guessed() {
    let world = world();
    let opening = Opening {
        id: "C-2026-0001".to_owned(),
        transfer: "t-1".to_owned(),
        title: "a course for one student".to_owned(),
        answer: Answer::of(&document("not_known", &["to"], &[]), 1).unwrap(),
        queue: None,
        team: Some("Dual-use".to_owned()),
        target: None,
        follows: None,
        subject: Some("student 17".to_owned()),
    };
    let drafts = world.office(&officer(), at(9)).open(opening).unwrap();
    world.ledger.append(drafts).unwrap();
    let case = world
        .act(
            &officer(),
            10,
            Command::Note {
                text: "A note.".to_owned(),
            },
        )
        .unwrap();
    assert_eq!(case.notes.len(), 1);
    let entries = world
        .ledger
        .entries(&Ask::stream("case/C-2026-0001"))
        .unwrap();
    assert!(
        entries
            .iter()
            .all(|entry| entry.subject.as_deref() == Some("student 17")),
        "every entry is sealed"
    );
    let admin = person("Admin", "admin", "IT");
    world
        .ledger
        .shred("student 17", admin, at(11), "order of a court")
        .unwrap();
    let entries = world
        .ledger
        .entries(&Ask::stream("case/C-2026-0001"))
        .unwrap();
    let told = Case::of(&entries).unwrap_err().to_string();
    assert!(
        told.starts_with("case C-2026-0001 was erased: entry 1"),
        "{told}"
    );
}

fn people() -> Vec<Actor> {
    let mut all = vec![
        officer(),
        second(),
        person("l marchetti", "countersigner", "Dual-use"),
        person("D. Nwosu", "licensing-officer", "Dual-use"),
        person("R. Haas", "technical-assessor", "Dual-use"),
        person("A. Okoye", "screener", "Dual-use"),
        person("E. Silva", "submitter", "Dual-use"),
        person("Auditor", "auditor", "Audit"),
        person("Stranger", "licensing-officer", "Military"),
    ];
    for name in ["D. Nwosu", "R. Haas"] {
        let mut both = person(name, "licensing-officer", "Dual-use");
        both.roles.push("countersigner".to_owned());
        all.push(both);
    }
    all
}

fn commands() -> impl Strategy<Value = Command> {
    let text = || "words".to_owned();
    let view = || prop::sample::select(VIEWS.to_vec()).prop_map(str::to_owned);
    let number = || 1u32..4;
    prop_oneof![
        Just(Command::Take {}),
        Just(Command::Assign {
            owner: Some("R. Haas".to_owned()),
            team: None,
            queue: None,
            why: text()
        }),
        any::<bool>().prop_map(|pauses| Command::Ask {
            to: None,
            questions: Vec::new(),
            pauses
        }),
        (number(), any::<bool>()).prop_map(move |(request, known)| Command::Answer {
            request,
            by: text(),
            answers: vec![Said {
                fact: "item.range".to_owned(),
                value: if known { json!("1 km") } else { Value::Null },
                words: text(),
                ..Said::default()
            }],
        }),
        number().prop_map(move |request| Command::CloseRequest {
            request,
            why: text()
        }),
        prop::sample::select(vec![
            "no_licence_required",
            "licence_required",
            "prohibited",
            "not_known",
            "refer"
        ])
        .prop_flat_map(|outcome| any::<bool>().prop_map(move |hit| {
            let hits: &[&str] = if hit { &["Kaya Makina"] } else { &[] };
            let missing: &[&str] = if outcome == "not_known" {
                &["item.range"]
            } else {
                &[]
            };
            let new = document(outcome, missing, hits);
            reassessed(&document("refer", &[], &[]), &new)
        })),
        view().prop_map(move |view| Command::Advise {
            view,
            text: text(),
            why: text()
        }),
        Just(Command::SetCondition { text: text() }),
        number().prop_map(move |condition| Command::ChangeCondition {
            condition,
            text: text(),
            why: text()
        }),
        number().prop_map(move |condition| Command::DropCondition {
            condition,
            why: text()
        }),
        number().prop_map(|notice| Command::Acknowledge { notice }),
        prop::sample::select(vec![
            HitVerdict::Confirmed,
            HitVerdict::Dismissed,
            HitVerdict::NeedsInformation
        ])
        .prop_map(move |verdict| Command::AnswerHit {
            hit: "un/1".to_owned(),
            verdict,
            reason: text()
        }),
        (view(), any::<bool>()).prop_map(move |(view, despite)| Command::Decide {
            view,
            reason: text(),
            despite: despite.then(text)
        }),
        (view(), any::<bool>()).prop_map(move |(view, despite)| Command::Decide {
            view,
            reason: text(),
            despite: despite.then(text)
        }),
        Just(Command::Countersign {}),
        Just(Command::Countersign {}),
        Just(Command::Return { why: text() }),
        Just(Command::Appeal {
            by: text(),
            grounds: text(),
            on: None
        }),
        Just(Command::Reopen { why: text() }),
        Just(Command::Withdraw { why: text() }),
        Just(Command::Restrict {
            teams: vec!["Dual-use".to_owned()],
            why: text()
        }),
    ]
}

/// What must hold of every case, whatever was done to it.
fn holds(before: &Case, after: &Case) -> Result<(), String> {
    let must = |holds: bool, what: &str| if holds { Ok(()) } else { Err(what.to_owned()) };
    must(
        after.irregular.is_empty(),
        "an entry of our own commands is irregular",
    )?;
    must(
        after.activity.starts_with(&before.activity),
        "the activity was rewritten",
    )?;
    for (old, new) in before.advice.iter().zip(&after.advice) {
        must(
            (&old.text, &old.view, &old.stamp) == (&new.text, &new.view, &new.stamp),
            "advice was edited",
        )?;
    }
    must(
        before.advice.len() <= after.advice.len() && before.assessed.len() <= after.assessed.len(),
        "something was removed",
    )?;
    for decision in &after.decisions {
        if let Some(signed) = &decision.signed {
            must(
                !same_person(&signed.by.name, &decision.stamp.by.name),
                "somebody signed a decision of their own",
            )?;
            let advised = after.advice.iter().any(|advice| {
                advice.stamp.number < signed.number
                    && same_person(&advice.stamp.by.name, &signed.by.name)
            });
            must(!advised, "somebody signed who had advised")?;
        }
        must(
            decision.signed.is_none() || decision.returned.is_none(),
            "a decision is signed and returned",
        )?;
    }
    must(
        (after.stage == Stage::Decided) == after.decision().is_some(),
        "decided without a decision that stands",
    )?;
    let waits = after
        .requests
        .iter()
        .any(|request| request.pauses && request.closed.is_none());
    let working = matches!(after.stage, Stage::Review | Stage::Appeal);
    must(
        (after.status() == Status::Waiting) == (waits && working),
        "waits for nobody, or works while it waits",
    )?;
    for condition in &after.conditions {
        let changes = condition
            .earlier
            .iter()
            .map(|(_, stamp, _)| stamp)
            .chain(condition.dropped.iter().map(|(stamp, _)| stamp));
        for change in
            changes.filter(|change| !same_person(&change.by.name, &condition.author.by.name))
        {
            let told = after.notices.iter().any(|notice| {
                notice.to == condition.author.by.name && notice.stamp.number + 1 == change.number
            });
            must(told, "a condition was changed behind its author's back")?;
        }
    }
    let numbers = |numbers: Vec<u32>| {
        numbers
            .iter()
            .copied()
            .eq(1..=u32::try_from(numbers.len()).unwrap())
    };
    must(
        numbers(after.requests.iter().map(|each| each.number).collect())
            && numbers(after.decisions.iter().map(|each| each.number).collect()),
        "numbers have gaps",
    )?;
    if after.decisions.len() > before.decisions.len() {
        let new = after.decisions.last().unwrap();
        must(
            before
                .requests
                .iter()
                .all(|request| request.closed.is_some()),
            "decided over an open request",
        )?;
        must(
            before.open_notices().next().is_none(),
            "decided over an unread notice",
        )?;
        let permissive = PERMISSIVE.contains(&new.view.as_str());
        must(
            !permissive || before.open_hits().next().is_none(),
            "let go over an open match",
        )?;
        let hard = before.answer().is_some_and(|answer| {
            ["prohibited", "not_known", "refer"].contains(&answer.outcome.word())
        });
        must(
            !permissive || !hard || new.despite.is_some(),
            "let go against the answer, unsaid",
        )?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]
    #[test]
    fn no_sequence_of_commands_breaks_what_must_hold(steps in prop::collection::vec((0usize..11, commands()), 1..60)) {
        let world = world();
        let people = people();
        let mut case = world.open(&document("not_known", &["item.range", "exporter.informed"], &["Kaya Makina"]));
        for (who, command) in steps {
            let before = case.clone();
            let actor = &people[who];
            match world.act(actor, 20, command.clone()) {
                Ok(after) => {
                    prop_assert!(actor.roles != ["auditor"] && actor.team.as_deref() != Some("Military") || after.activity.len() == before.activity.len() || matches!(command, Command::Reassess { .. } | Command::Appeal { .. } | Command::Acknowledge { .. }),
                        "somebody without the right changed the case: {command:?}");
                    if let Err(broken) = holds(&before, &after) {
                        return Err(TestCaseError::fail(format!("{broken}, after {command:?} by {}", actor.name)));
                    }
                    case = after;
                }
                Err(_) => prop_assert_eq!(&world.case(), &before, "a refusal changed something"),
            }
        }
    }
}
