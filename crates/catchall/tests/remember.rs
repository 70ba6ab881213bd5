//! What an assessor remembers must never show: the same room for many transfers gives the bytes that a fresh room gives.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::Path;
use std::sync::Arc;

use catchall::{batch, load};
use catchall_assess::{AskedFor, Assessor, Detail, Digests, Imported, Room};
use catchall_model::{Day, Given, Outcome, RedFlag, Transfer};

/// Numbers that look random and are the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

fn transfers(file: &Path, places: &Arc<catchall_model::Places>) -> Vec<Transfer> {
    let (mut reader, decoder) =
        batch::open(file, None, batch::Limits::default(), places.clone()).unwrap();
    std::iter::from_fn(|| reader.next_raw())
        .map(|raw| decoder.decode(&raw.unwrap()).unwrap())
        .collect()
}

fn shifted(day: Day, by: usize) -> Day {
    Day::from_number(day.number() + i64::try_from(by).unwrap() - 200)
}

/// Another transfer made of two: days moved, figures changed, facts dropped.
fn varied(all: &[Transfer], random: &mut Random) -> Transfer {
    let mut made = all[random.below(all.len())].clone();
    let other = &all[random.below(all.len())];
    if random.below(3) > 0 {
        made.date = made.date.map(|day| shifted(day, random.below(400)));
    }
    if random.below(4) == 0 {
        made.to = other.to;
    }
    if random.below(4) == 0 {
        made.from = other.from;
    }
    if random.below(5) == 0 {
        made.end_use = other.end_use.clone();
    }
    if random.below(5) == 0 {
        made.knowledge = other.knowledge.clone();
    }
    if random.below(6) == 0 {
        made.parties = None;
    }
    for line in &mut made.lines {
        for (_, given) in &mut line.item.properties {
            if let Given::Text(text) = given
                && let Some((figure, unit)) = text.split_once(' ')
                && let Ok(figure) = figure.parse::<u32>()
                && random.below(2) == 0
            {
                let moved = usize::try_from(figure).unwrap() * (80 + random.below(40)) / 100;
                *text = format!("{moved} {unit}");
            }
        }
        if random.below(6) == 0 {
            line.item.kind = None;
        }
    }
    made
}

/// The packs' assessor, and the transfers of the examples.
fn examples() -> (Assessor, Vec<Transfer>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let loaded = load::load(Some(&root.join("packs"))).unwrap();
    let law = load::law(&loaded).unwrap_or_else(|_| panic!("the packs load"));
    let assessor = Assessor::new(
        law,
        Imported::default(),
        AskedFor::default(),
        &Digests::default(),
    )
    .unwrap();
    let places = Arc::new(loaded.places);
    let all = transfers(&root.join("examples/transfers.csv"), &places);
    (assessor, all)
}

/// The document that nothing remembered had a part in.
fn alone(assessor: &Assessor, transfer: &Transfer) -> (Outcome, String) {
    let made = assessor.assess(transfer, Detail::Full, &mut Room::default());
    let made = made.unwrap();
    (made.outcome, serde_json::to_string(&made).unwrap())
}

#[test]
fn a_flag_of_one_transfer_is_not_shown_to_the_next_of_the_same_facts() {
    let (assessor, all) = examples();
    let mut kept = Room::default();
    for transfer in &all {
        let mut flagged = transfer.clone();
        flagged.knowledge.red_flags = Some(vec![RedFlag {
            flag: "an odd route".to_owned(),
            resolved_by: None,
        }]);
        for each in [&flagged, transfer, &flagged, transfer] {
            let shared = assessor.assess_to_json(each, &mut kept).unwrap();
            assert_eq!(shared, alone(&assessor, each), "{}", each.id);
        }
    }
}

#[test]
fn a_room_that_remembers_gives_what_a_fresh_room_gives() {
    let (assessor, all) = examples();
    let mut random = Random(42);
    let mut kept = Room::default();
    let (mut documents, mut answered) = (0, 0);
    for number in 0..600 {
        let transfer = varied(&all, &mut random);
        let mut fresh = Room::default();
        let brief = assessor.assess(&transfer, Detail::Brief, &mut kept);
        assert_eq!(
            brief,
            assessor.assess(&transfer, Detail::Brief, &mut fresh),
            "transfer {number}: {transfer:?}"
        );
        answered += usize::from(brief.is_ok());
        if number % 3 == 0 {
            let shared = assessor.assess_to_json(&transfer, &mut kept);
            let alone = assessor.assess(&transfer, Detail::Full, &mut Room::default());
            let alone = alone.map(|made| (made.outcome, serde_json::to_string(&made).unwrap()));
            assert_eq!(shared, alone, "transfer {number}: {transfer:?}");
            documents += 1;
        }
    }
    assert!(documents == 200 && answered > 500, "{answered} answered");
}
