//! Who wrote the packs does not publish them, whatever the policy says and whoever writes past the engine.

#![allow(clippy::unwrap_used, clippy::panic)]

use catchall_ledger::pack::{Clerk, Command, Packs, Refused, STREAM, Standing};
use catchall_ledger::policy::Policy;
use catchall_ledger::{Actor, Ask, Draft, Ledger, LedgerUrl, Timestamp};
use proptest::prelude::*;
use serde_json::json;

fn policy() -> Policy {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/policy/roles.toml");
    Policy::read(
        &std::fs::read_to_string(path).unwrap(),
        &catchall_ledger::case::VIEWS,
    )
    .unwrap()
}

fn actor(name: &str, roles: &[&str]) -> Actor {
    Actor {
        name: name.to_owned(),
        team: None,
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
    }
}

fn at() -> Timestamp {
    "2026-11-22T08:00:00.000Z".parse().unwrap()
}

struct Office {
    ledger: Ledger,
    policy: Policy,
    path: std::path::PathBuf,
}

impl Office {
    fn new(name: &str) -> Office {
        let path =
            std::env::temp_dir().join(format!("catchall-packs-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Office {
            ledger: Ledger::open(&LedgerUrl::Sqlite(path.join("l.db"))).unwrap(),
            policy: policy(),
            path,
        }
    }

    fn packs(&self) -> Packs {
        let entries = self
            .ledger
            .entries(&Ask::stream(STREAM).limit(10_000))
            .unwrap();
        Packs::of(&entries).unwrap()
    }

    fn act(&self, who: &Actor, command: Command) -> Result<(), Refused> {
        let packs = self.packs();
        let clerk = Clerk {
            policy: &self.policy,
            actor: who,
            at: at(),
        };
        let draft = packs.act(clerk, command)?;
        self.ledger
            .append_after(STREAM, packs.seen, vec![draft])
            .unwrap();
        Ok(())
    }
}

impl Drop for Office {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }
}

fn digest(number: u8) -> String {
    format!("{number:02x}").repeat(32)
}

fn propose(number: u8) -> Command {
    Command::Propose {
        digest: digest(number),
        about: "a new article".to_owned(),
    }
}

fn publish(number: u8) -> Command {
    Command::Publish {
        digest: digest(number),
        why: String::new(),
    }
}

#[test]
fn two_persons_publish_and_nobody_their_own() {
    let office = Office::new("two");
    let both = ["rule-author", "rule-publisher"];
    let (ann, bea, cyr) = (
        actor("Ann", &both),
        actor("Bea", &both),
        actor("Cyr", &both),
    );
    office.act(&ann, propose(1)).unwrap();
    assert!(matches!(office.act(&ann, publish(1)), Err(Refused::Own(_))));
    // Written otherwise it is the same person.
    assert!(matches!(
        office.act(&actor(" ann ", &both), publish(1)),
        Err(Refused::Own(_))
    ));
    assert!(matches!(
        office.act(&bea, publish(2)),
        Err(Refused::NotProposed(_))
    ));
    assert!(matches!(
        office.act(&bea, propose(1)),
        Err(Refused::Already(..))
    ));
    // Bea goes on where Ann stopped: the second state is the work of both.
    office.act(&bea, propose(2)).unwrap();
    assert!(matches!(office.act(&ann, publish(2)), Err(Refused::Own(_))));
    assert!(matches!(office.act(&bea, publish(2)), Err(Refused::Own(_))));
    // The first is Ann's alone.
    assert!(!office.packs().wrote("Bea", &digest(1)));
    office.act(&cyr, publish(2)).unwrap();
    assert_eq!(office.packs().published().unwrap().digest, digest(2));
    assert!(matches!(
        office.act(&cyr, publish(2)),
        Err(Refused::NotProposed(_))
    ));
    // What was published is nobody's draft any more.
    office.act(&cyr, propose(3)).unwrap();
    let back = Command::Return {
        digest: digest(3),
        why: " ".to_owned(),
    };
    assert!(matches!(office.act(&ann, back), Err(Refused::LeftOut(_))));
    office.act(&ann, publish(3)).unwrap();
    let packs = office.packs();
    assert_eq!(packs.published().unwrap().stamp.by.name, "Cyr");
    assert_eq!(packs.waiting().count(), 1, "Ann's first waits still");
    assert!(packs.irregular.is_empty());
}

#[test]
fn rights_come_from_the_policy_and_what_is_no_digest_is_none() {
    let office = Office::new("rights");
    let author = actor("Ann", &["rule-author"]);
    let publisher = actor("Bea", &["rule-publisher"]);
    for who in [
        &publisher,
        &actor("Adm", &["admin"]),
        &actor("Off", &["licensing-officer"]),
    ] {
        assert!(
            matches!(office.act(who, propose(1)), Err(Refused::NotAllowed(_))),
            "{}",
            who.name
        );
    }
    for wrong in ["", "latest", "zz", "0011"] {
        let command = Command::Propose {
            digest: wrong.to_owned(),
            about: "x".to_owned(),
        };
        assert!(
            matches!(office.act(&author, command), Err(Refused::NoDigest(_))),
            "{wrong}"
        );
    }
    office.act(&author, propose(1)).unwrap();
    assert!(matches!(
        office.act(&author, publish(1)),
        Err(Refused::NotAllowed(_))
    ));
    let back = Command::Return {
        digest: digest(1),
        why: "the day is wrong".to_owned(),
    };
    office.act(&publisher, back).unwrap();
    assert_eq!(office.packs().proposals[0].standing, Standing::Returned);
    assert!(matches!(
        office.act(&publisher, publish(1)),
        Err(Refused::NotProposed(_))
    ));
    // Put forward again, unchanged: somebody may have been wrong about the day.
    office.act(&author, propose(1)).unwrap();
    office.act(&publisher, publish(1)).unwrap();
    assert!(matches!(
        office.act(&author, propose(1)),
        Err(Refused::Already(..))
    ));
}

#[test]
fn an_entry_written_past_the_engine_has_no_effect() {
    let office = Office::new("past");
    let ann = actor("Ann", &["rule-author"]);
    office.act(&ann, propose(1)).unwrap();
    let forged = Draft::new(
        STREAM,
        "pack.published",
        ann,
        at(),
        json!({ "digest": digest(1) }),
    );
    office.ledger.append(vec![forged]).unwrap();
    let loaded = Draft::new(
        STREAM,
        "reloaded",
        actor("Adm", &[]),
        at(),
        json!({ "packs": "x" }),
    );
    office.ledger.append(vec![loaded]).unwrap();
    let packs = office.packs();
    assert!(packs.published().is_none());
    assert_eq!(packs.irregular.len(), 1);
    assert!(
        packs.irregular[0].1.contains("Ann wrote this"),
        "{:?}",
        packs.irregular
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn no_sequence_of_acts_publishes_anybodys_own(acts in prop::collection::vec((0_u8..4, 0_u8..3, 0_u8..5), 1..40)) {
        let policy = policy();
        let people = ["Ann", "Bea", "Cyr", "Dov"].map(|name| actor(name, &["rule-author", "rule-publisher"]));
        let ledger = Ledger::open(&LedgerUrl::Memory).unwrap();
        for (who, what, number) in acts {
            let entries = ledger.entries(&Ask::stream(STREAM).limit(1000)).unwrap();
            let packs = Packs::of(&entries).unwrap();
            let who = &people[usize::from(who)];
            let command = match what {
                0 => propose(number),
                1 => publish(number),
                _ => Command::Return { digest: digest(number), why: "no".to_owned() },
            };
            if let Ok(draft) = packs.act(Clerk { policy: &policy, actor: who, at: at() }, command) {
                ledger.append_after(STREAM, packs.seen, vec![draft]).unwrap();
            }
        }
        let entries = ledger.entries(&Ask::stream(STREAM).limit(1000)).unwrap();
        let packs = Packs::of(&entries).unwrap();
        prop_assert!(packs.irregular.is_empty(), "{:?}", packs.irregular);
        // Told again without the engine: whoever published wrote nothing of what was open then, up to what they published.
        let mut open: Vec<(String, String)> = Vec::new();
        let mut last = None;
        for entry in &entries {
            let body = entry.body.value().unwrap();
            let digest = body["digest"].as_str().unwrap().to_owned();
            if entry.kind == "pack.proposed" {
                open.push((entry.actor.name.clone(), digest));
            } else if entry.kind == "pack.published" {
                let place = open.iter().rposition(|(_, own)| *own == digest).unwrap();
                let from = last.map_or(0, |last: usize| (last + 1).min(place));
                prop_assert!(open[from..=place].iter().all(|(author, _)| *author != entry.actor.name));
                last = Some(place);
            }
        }
    }
}
