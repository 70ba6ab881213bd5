//! Answers: what must hold of them whatever is said of whom, and the one file form in which they are kept.

#![allow(clippy::unwrap_used)]

use catchall_model::{Country, Day};
use catchall_screen::{
    Answer, AnswerError, Answers, Attribute, BirthDate, Given, Identifier, ListedName, Listing,
    PartyKind, Query, Says, Standing,
};
use proptest::prelude::*;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn born(text: &str) -> BirthDate {
    BirthDate {
        from: day(text),
        to: day(text),
        circa: false,
    }
}

fn number(value: &str) -> Identifier {
    Identifier {
        kind: "passport".to_owned(),
        value: value.to_owned(),
        country: None,
    }
}

fn party() -> Query {
    Query {
        party: "C-17".to_owned(),
        names: vec!["Varlaam Grushnikov".to_owned()],
        kind: PartyKind::Person,
        born: Some(born("1985-07-01")),
        countries: vec![Country::from_code("KZ").unwrap()],
        identifiers: vec![number("N 1234567")],
        places: vec!["Almaty".to_owned()],
    }
}

fn listing() -> Listing {
    Listing {
        list: "invented".to_owned(),
        source_id: "1".to_owned(),
        kind: PartyKind::Person,
        names: vec![ListedName {
            text: "Varlaam Timofeyevich Grushnikov".to_owned(),
            ..ListedName::default()
        }],
        births: vec![born("1961-03-09")],
        countries: vec![Country::from_code("RU").unwrap()],
        identifiers: vec![number("K 7654321")],
        addresses: vec!["Kholmogory".to_owned()],
        programmes: vec!["OLD".to_owned()],
        ..Listing::default()
    }
}

fn given(says: Says) -> Given<'static> {
    Given {
        says,
        by: "J. Doe",
        at: day("2026-03-01"),
        until: None,
        why: "born 24 years later, another country",
        only_for: None,
        rests_on: &[],
    }
}

fn give(says: Says) -> Answer {
    Answer::give(&given(says), &party(), &listing()).unwrap()
}

fn standing(answers: &[Answer], today: &str, party: &Query, listing: &Listing) -> Option<Standing> {
    let answers = Answers::of(answers.to_vec(), day(today));
    let said = answers.about(party, &party.party, listing);
    said.map(|(_, standing)| standing)
}

#[test]
fn an_answer_holds_until_its_day_and_not_a_day_longer() {
    let said = [give(Says::NotSame)];
    let on = |today: &str| standing(&said, today, &party(), &listing());
    assert_eq!(on("2026-03-01"), Some(Standing::Holds));
    assert_eq!(on("2027-03-01"), Some(Standing::Holds));
    assert_eq!(on("2027-03-02"), Some(Standing::Expired));
}

#[test]
fn what_does_not_bear_on_who_somebody_is_leaves_an_answer_alone() {
    let said = [give(Says::NotSame)];
    let mut listing = listing();
    listing.programmes = vec!["NEW".to_owned()];
    listing.citation = Some("89 FR 1".to_owned());
    let mut party = party();
    party.party = "another key".to_owned();
    party.names = vec!["GRUSHNIKOV  varlaam".to_owned()];
    // Another order of the words is another text, and comes back to a person.
    assert!(matches!(
        standing(&said, "2026-04-01", &party, &listing),
        None | Some(Standing::PartyChanged(_))
    ));
    party.names = vec!["VARLAAM  Grúshnikov".to_owned()];
    assert_eq!(
        standing(&said, "2026-04-01", &party, &listing),
        Some(Standing::Holds)
    );
}

#[test]
fn an_answer_that_rests_on_the_birth_alone_outlives_a_new_address() {
    let given = Given {
        rests_on: &[Attribute::Birth],
        ..given(Says::NotSame)
    };
    let said = [Answer::give(&given, &party(), &listing()).unwrap()];
    let mut moved = party();
    moved.places = vec!["Astana".to_owned()];
    assert_eq!(
        standing(&said, "2026-04-01", &moved, &listing()),
        Some(Standing::Holds)
    );
    moved.born = Some(born("1985-07-02"));
    assert_eq!(
        standing(&said, "2026-04-01", &moved, &listing()),
        Some(Standing::PartyChanged(vec![Attribute::Birth]))
    );
    let mut listed = listing();
    listed.births.push(born("1985-07-01"));
    assert_eq!(
        standing(&said, "2026-04-01", &party(), &listed),
        Some(Standing::ListingChanged(vec![Attribute::Birth]))
    );
}

#[test]
fn the_last_word_counts_and_can_be_taken_back() {
    let said = [give(Says::NotSame), give(Says::Same)];
    let answers = Answers::of(said.to_vec(), day("2026-04-01"));
    let party = party();
    let listing = listing();
    let (answer, _) = answers.about(&party, "C-17", &listing).unwrap();
    assert_eq!(answer.says, Says::Same);
    let said = [give(Says::NotSame), give(Says::Open)];
    assert_eq!(standing(&said, "2026-04-01", &party, &listing), None);
}

#[test]
fn two_of_one_name_keep_their_own_answers() {
    let other = Query {
        born: Some(born("1961-03-09")),
        ..party()
    };
    let of_other = Answer::give(&given(Says::Same), &other, &listing()).unwrap();
    let answers = Answers::of(vec![give(Says::NotSame), of_other], day("2026-04-01"));
    let listing = listing();
    let says = |party: &Query| answers.about(party, "", &listing).map(|said| said.0.says);
    assert_eq!(says(&party()), Some(Says::NotSame));
    assert_eq!(says(&other), Some(Says::Same));
}

#[test]
fn an_answer_for_one_party_says_nothing_of_another_and_a_bare_name_needs_one() {
    let bare = Query {
        party: "C-18".to_owned(),
        names: vec!["Varlaam Grushnikov".to_owned()],
        ..Query::default()
    };
    let refused = Answer::give(&given(Says::NotSame), &bare, &listing());
    assert!(matches!(refused, Err(AnswerError::NameOnly { .. })));
    let given = Given {
        only_for: Some("C-18"),
        ..given(Says::NotSame)
    };
    let said = [Answer::give(&given, &bare, &listing()).unwrap()];
    assert_eq!(
        standing(&said, "2026-04-01", &bare, &listing()),
        Some(Standing::Holds)
    );
    let namesake = Query {
        party: "C-19".to_owned(),
        ..bare
    };
    assert_eq!(standing(&said, "2026-04-01", &namesake, &listing()), None);
}

#[test]
fn nobody_answers_without_a_name_a_reason_and_an_end() {
    let of = |given: &Given<'_>| Answer::give(given, &party(), &listing()).unwrap_err();
    let open = given(Says::NotSame);
    assert_eq!(
        of(&Given {
            by: " ",
            ..open.clone()
        }),
        AnswerError::Nameless
    );
    assert_eq!(
        of(&Given {
            why: "",
            ..open.clone()
        }),
        AnswerError::Unfounded
    );
    for until in ["2026-02-28", "2029-03-02"] {
        let until = Some(day(until));
        assert!(matches!(
            of(&Given {
                until,
                ..open.clone()
            }),
            AnswerError::Until { .. }
        ));
    }
}

#[test]
fn an_answer_is_one_line_that_is_read_again() {
    let answer = give(Says::NotSame);
    let line = answer.line();
    assert!(!line.contains('\n'));
    assert_eq!(Answer::read(&line).unwrap(), answer);
    let error = Answer::read(&line.replace("catchall.answer/1", "catchall.answer/9"));
    let told = error.unwrap_err().to_string();
    assert_eq!(
        told,
        "not an answer of `catchall.answer/1`: its schema is `catchall.answer/9`"
    );
    assert!(Answer::read("{}").is_err());
}

/// One thing changed of a party or of a listing, and which attribute that is.
#[derive(Clone, Copy, Debug)]
struct Change {
    of_party: bool,
    attribute: Attribute,
}

fn change() -> impl Strategy<Value = Change> {
    (any::<bool>(), 0..Attribute::ALL.len()).prop_map(|(of_party, at)| Change {
        of_party,
        attribute: Attribute::ALL[at],
    })
}

fn apply(change: Change, party: &mut Query, listing: &mut Listing) {
    let text = "Zlatoust".to_owned();
    match (change.of_party, change.attribute) {
        (true, Attribute::Name) => party.names.push(text),
        (true, Attribute::Kind) => party.kind = PartyKind::Unknown,
        (true, Attribute::Birth) => party.born = None,
        (true, Attribute::Country) => party.countries.clear(),
        (true, Attribute::Identifier) => party.identifiers.push(number("X 1")),
        (true, Attribute::Place) => party.places.push(text),
        (false, Attribute::Name) => listing.names.push(ListedName {
            text,
            ..ListedName::default()
        }),
        (false, Attribute::Kind) => listing.kind = PartyKind::Organisation,
        (false, Attribute::Birth) => listing.births.push(born("1962-03-09")),
        (false, Attribute::Country) => listing.countries.clear(),
        (false, Attribute::Identifier) => listing.identifiers.clear(),
        (false, Attribute::Place) => listing.birth_places.push(text),
    }
}

proptest! {
    #[test]
    fn an_answer_holds_exactly_while_nothing_it_rests_on_has_changed(
        on in proptest::collection::vec(0..Attribute::ALL.len(), 0..5),
        changes in proptest::collection::vec(change(), 0..4),
        days in 0i64..900,
        only in any::<bool>(),
    ) {
        let rests_on: Vec<Attribute> = on.into_iter().map(|at| Attribute::ALL[at]).collect();
        let given = Given {
            rests_on: &rests_on,
            only_for: only.then_some("C-17"),
            until: Some(day("2027-03-01")),
            ..given(Says::NotSame)
        };
        let (mut party, mut listing) = (party(), listing());
        let Ok(answer) = Answer::give(&given, &party, &listing) else {
            // Only a bare name is turned down here.
            let told = |own: &Attribute| !matches!(own, Attribute::Name | Attribute::Kind);
            prop_assert!(!only && !rests_on.is_empty() && !rests_on.iter().any(told));
            return Ok(());
        };
        for change in &changes {
            apply(*change, &mut party, &mut listing);
        }
        let today = Day::from_number(day("2026-03-01").number() + days);
        let answers = Answers::of(vec![answer.clone()], today);
        let holds = answers
            .about(&party, "C-17", &listing)
            .is_some_and(|(_, standing)| standing.holds());
        let rests = |change: &Change| answer.rests_on.contains(&change.attribute);
        let wanted = !changes.iter().any(rests) && today <= day("2027-03-01");
        prop_assert_eq!(holds, wanted);
    }

    #[test]
    fn the_order_in_which_things_are_printed_says_nothing(turn in 0usize..3) {
        let mut listing = listing();
        listing.addresses = vec!["Almaty".to_owned(), "Kholmogory".to_owned(), "Omsk".to_owned()];
        listing.identifiers = vec![number("1"), number("2"), number("3")];
        let said = [Answer::give(&given(Says::NotSame), &party(), &listing).unwrap()];
        listing.addresses.rotate_left(turn);
        listing.identifiers.rotate_right(turn);
        prop_assert_eq!(
            standing(&said, "2026-04-01", &party(), &listing),
            Some(Standing::Holds)
        );
    }
}
