//! The crosswalks and the review of the packs: what stands beside what, and what to look at first.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod disk;

use catchall_law::check::review;
use catchall_law::{Crosswalk, Law, Relation};
use catchall_model::Day;

fn law() -> Law {
    Law::from_packs(&disk::files(&disk::packs_folder()), &disk::places()).expect("the packs load")
}

/// Seen from either end, a row says the same thing.
#[test]
fn every_row_is_seen_from_both_ends() {
    let law = law();
    let walk = Crosswalk::of(&law);
    let mut pairs = 0;
    for list in &law.lists {
        for entry in &list.entries {
            let own =
                |beside: &catchall_law::Neighbour| beside.by.is_empty() && !beside.list.is_empty();
            for there in walk.beside(&list.id, &entry.code).into_iter().filter(own) {
                let back = walk.beside(&there.list, &there.code);
                let back = back
                    .iter()
                    .find(|each| each.list == list.id && each.code == entry.code)
                    .unwrap_or_else(|| {
                        panic!("{} {} does not see {}", there.list, there.code, entry.code)
                    });
                let turned = match there.relation {
                    Relation::Narrower => Relation::Wider,
                    Relation::Wider => Relation::Narrower,
                    even => even,
                };
                assert_eq!(back.relation, turned, "{} {}", list.id, entry.code);
                pairs += 1;
            }
        }
    }
    assert!(pairs > 500, "{pairs} pairs");
}

#[test]
fn the_review_puts_what_frees_from_memory_before_what_was_read() {
    let law = law();
    let all = review(&law, Day::from_ymd(2026, 11, 22).unwrap());
    assert_eq!(
        all.len(),
        law.provisions.len() + law.sets.len() + law.lists.len(),
        "nothing is left out"
    );
    let weight = |id: &str| all.iter().find(|row| row.id == id).map(|row| row.weight);
    let freeing = law
        .provisions
        .iter()
        .find(|each| !each.read && !each.excepts.is_empty());
    let read = law.provisions.iter().find(|each| {
        each.read
            && each.cases.len() > 2
            && each.versions.iter().all(|version| {
                version.disputed.is_empty() && version.in_force.sure == version.in_force.possible
            })
    });
    assert!(weight(&freeing.unwrap().id) > weight(&read.unwrap().id));
    assert!(all.is_sorted_by_key(|row| std::cmp::Reverse(row.weight)));
}
