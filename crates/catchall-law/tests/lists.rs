//! Lists that ask one another: what an item whose kind nobody states may be is the same, whichever list is looked through first.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use catchall_law::{Facts, Law, PackFile, Program, Scratch};
use catchall_model::{Day, Effect, Places};

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
[[kind]]
path = "pump"
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

/// A list of two entries: one that asks an entry of the other list, before one that asks a kind.
fn list(own: &str, other: &str) -> String {
    format!(
        r#"
[list]
id = "p:{own}"
title = "{own}"
cite = "x"
[[entry]]
code = "1"
title = "what stands on the other list under 2"
when = 'item is within "p:{other}/2"'
in_force = "../.."
source = "x"
confidence = "recalled"
[[entry]]
code = "2"
title = "gyroscopes"
when = 'item.kind is within gyro'
in_force = "../.."
source = "x"
confidence = "recalled"
"#
    )
}

fn law(asked: &str) -> Law {
    let file = |path: &str, text: &str| PackFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let mut places = Places::default();
    places.add("DE", "Germany", &[]).unwrap();
    let provision = format!(
        "```toml provision\nid = \"p/one\"\ntitle = \"t\"\ncite = \"c\"\nconfidence = \"recalled\"\neffect = \"prohibited\"\nwhen = '''\n{asked}\n'''\n[[version]]\nin_force = \"1990-01-01/..\"\ntested_on = \"date\"\nrecorded = \"2026-11-22\"\n```\n"
    );
    let files = [
        file("vocabulary/v.toml", WORDS),
        file("p/pack.toml", PACK),
        file("p/list/a.toml", &list("a", "b")),
        file("p/list/b.toml", &list("b", "a")),
        file("p/p.md", &provision),
    ];
    Law::from_packs(&files, &places).unwrap_or_else(|problems| {
        let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
        panic!("{}", texts.join("\n"))
    })
}

#[test]
fn an_item_of_no_stated_kind_may_stand_wherever_either_list_leads() {
    for asked in [
        "item is within \"p:a/1\"",
        "item is within \"p:b/1\"",
        "item is within \"p:a/1\" and item is within \"p:b/1\"",
        "item is within \"p:b/1\" and item is within \"p:a/1\"",
        "item is listed in \"p:a\" and item is within \"p:b/1\"",
    ] {
        let law = law(asked);
        let program = Program::compile(&law, Day::MAX);
        let mut reached = Vec::new();
        program.reach(&Facts::default(), &mut Scratch::default(), &mut reached);
        let found: Vec<(Effect, Effect)> =
            reached.iter().map(|each| (each.sure, each.most)).collect();
        assert_eq!(
            found,
            [(Effect::NoLicenceRequired, Effect::Prohibited)],
            "{asked}"
        );
    }
}
