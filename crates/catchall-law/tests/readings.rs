//! Days that the law leaves open: read for what stands there, and the other way below a "not" and in an exception. Two
//! such days need not go together, so that no answer is definite which one true course of events gives the lie to.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use catchall_law::{Depth, Facts, Law, Open, PackFile, Program, Scratch, Value, read_word};
use catchall_model::{Day, Effect, Number, Places};

const WORDS: &str = r#"
[[words]]
name = "act"
values = ["export"]
[[words]]
name = "form"
values = ["goods"]
[[words]]
name = "use"
values = ["missile"]
[[kind]]
path = "gyro"
"#;

const PACK: &str = r#"
id = "p"
title = "p"
jurisdiction = "p"
force = "decree"
[[nexus]]
jurisdiction = "p"
when = 'always'
"#;

const LIST: &str = r#"
[list]
id = "p:list"
title = "list"
cite = "x"
[[entry]]
code = "1"
title = "gyroscopes"
when = 'item.kind is within gyro'
in_force = "[1998-06-01..1998-06-30]/.."
source = "x"
confidence = "recalled"
"#;

/// India belongs to both sets from some day of June 1998 on, not the same day for all that is known.
const SETS: &str = r#"
```toml set
id = "p:one"
title = "one"
cite = "x"
members = [{ in = "IN", interval = "[1998-06-01..1998-06-30]/.." }]
```

```toml set
id = "p:two"
title = "two"
cite = "x"
members = [{ in = "IN", interval = "[1998-06-10..1998-06-30]/.." }]
```
"#;

/// A provision: its id, effect, condition and days, and what else stands in it.
type Provision<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

fn law(provisions: &[Provision]) -> Law {
    let mut text = String::from(SETS);
    for (id, effect, when, days, more) in provisions {
        text.push_str(&format!(
            "\n```toml provision\nid = \"p/{id}\"\ntitle = \"t\"\ncite = \"c\"\nconfidence = \"recalled\"\neffect = \"{effect}\"\n{more}\nwhen = '''\n{when}\n'''\n[[version]]\nin_force = \"{days}\"\ntested_on = \"date\"\nrecorded = \"2026-11-22\"\n```\n"
        ));
    }
    let file = |path: &str, text: &str| PackFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let mut places = Places::default();
    for (code, name) in [("DE", "Germany"), ("IN", "India")] {
        places.add(code, name, &[]).unwrap();
    }
    let files = [
        file("vocabulary/v.toml", WORDS),
        file("p/pack.toml", PACK),
        file("p/list/l.toml", LIST),
        file("p/a.md", &text),
    ];
    Law::from_packs(&files, &places).unwrap_or_else(|problems| {
        let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", texts.join("\n"))
    })
}

/// What comes out on a day, for a gyroscope that goes to India.
fn on(law: &Law, day: &str) -> Open {
    let program = Program::compile(law, Day::MAX);
    let mut facts = Facts::default();
    for (key, word) in [("to", "IN"), ("item.kind", "gyro"), ("act", "export")] {
        let fact = law.vocabulary.fact(key).unwrap();
        facts.set(fact, read_word(&law.vocabulary, fact, word).unwrap());
    }
    let day = Number::from_grid(i128::from(Day::parse(day).unwrap().number()));
    let date = law.vocabulary.fact("date").unwrap();
    facts.set(date, Value::Between(day, day));
    let open = program.open(
        &law.vocabulary,
        &facts,
        &[0],
        Depth::Questions,
        &mut Scratch::default(),
    );
    let searched = program.open(
        &law.vocabulary,
        &facts,
        &[0],
        Depth::Questions,
        &mut Scratch::searching(),
    );
    assert_eq!(open, searched);
    open
}

fn outcomes(law: &Law, day: &str) -> (Effect, Effect) {
    let open = on(law, day);
    assert!(open.exact && open.essential.is_empty());
    assert_eq!(open.reading, open.least != open.most);
    assert_eq!(
        open.readings,
        open.reading.then_some((open.most, open.least))
    );
    (open.least, open.most)
}

const FREE: Effect = Effect::NoLicenceRequired;
const BARRED: Effect = Effect::Prohibited;
const ALWAYS: &str = "../..";

#[test]
fn of_two_sets_open_on_a_day_the_place_may_be_in_one_and_not_in_the_other() {
    let law = law(&[(
        "apart",
        "prohibited",
        "to is in \"p:one\" and to is not in \"p:two\"",
        ALWAYS,
        "",
    )]);
    assert_eq!(outcomes(&law, "1998-05-31"), (FREE, FREE));
    // In the first it may be, in the second it is not yet.
    assert_eq!(outcomes(&law, "1998-06-05"), (FREE, BARRED));
    // Both are open: it may be in the first and not in the second.
    assert_eq!(outcomes(&law, "1998-06-15"), (FREE, BARRED));
    assert_eq!(outcomes(&law, "1998-07-01"), (FREE, FREE));
}

#[test]
fn below_a_longer_not_it_is_the_same() {
    let law = law(&[(
        "apart",
        "prohibited",
        "to is in \"p:one\"\nand not any of:\n  to is in \"p:two\"\n  act is not export",
        ALWAYS,
        "",
    )]);
    assert_eq!(outcomes(&law, "1998-06-15"), (FREE, BARRED));
}

#[test]
fn an_entry_open_on_a_day_may_be_on_its_list_or_not_whatever_a_set_does() {
    let law = law(&[(
        "unlisted",
        "prohibited",
        "to is in \"p:one\" and item is not listed in \"p:list\"",
        ALWAYS,
        "",
    )]);
    assert_eq!(outcomes(&law, "1998-06-15"), (FREE, BARRED));
    assert_eq!(outcomes(&law, "1998-07-01"), (FREE, FREE));
}

#[test]
fn a_rule_and_its_exception_need_not_begin_on_one_day() {
    let days = "[1998-06-01..1998-06-30]/..";
    let law = law(&[
        ("rule", "prohibited", "act is export", days, ""),
        (
            "but",
            "no_licence_required",
            "to is IN",
            days,
            "excepts = [\"p/rule\"]",
        ),
    ]);
    assert_eq!(outcomes(&law, "1998-05-31"), (FREE, FREE));
    assert_eq!(outcomes(&law, "1998-06-15"), (FREE, BARRED));
    assert_eq!(outcomes(&law, "1998-07-01"), (FREE, FREE));
}

#[test]
fn an_exception_to_an_exception_is_read_as_the_rule_is() {
    let days = "[1998-06-01..1998-06-30]/..";
    let law = law(&[
        ("rule", "prohibited", "act is export", ALWAYS, ""),
        (
            "but",
            "no_licence_required",
            "act is export",
            ALWAYS,
            "excepts = [\"p/rule\"]",
        ),
        (
            "yet",
            "no_licence_required",
            "to is in \"p:one\"",
            days,
            "excepts = [\"p/but\"]",
        ),
    ]);
    assert_eq!(outcomes(&law, "1998-05-31"), (FREE, FREE));
    assert_eq!(outcomes(&law, "1998-06-15"), (FREE, BARRED));
    assert_eq!(outcomes(&law, "1998-07-01"), (BARRED, BARRED));
}
