//! What must hold of any packs: they are read to their end, twice alike; each complaint lies inside its file and says
//! what would be right; and law that loads can be compiled, asked and checked.
//!
//! Not here: how input becomes files (that is each target's own).

use std::collections::BTreeMap;

use catchall_law::{Depth, Diagnostic, Facts, Law, PackFile, Program, Scratch, check};
use catchall_model::{Day, Places};

/// The vocabulary and the small pack that the faulty packs of the tests share.
const SHARED: &str = include_str!("../../crates/catchall-law/tests/bad/shared.txt");
/// A property of each type, and a second pack's set, list and parties, to be named by conditions.
const MORE: &str = r#"==== vocabulary/more.toml
[[property]]
name = "coated"
type = "yes_no"
question = "Is it coated?"
[[property]]
name = "grade"
type = "word"
values = ["low", "high"]
question = "Which grade?"
==== q/pack.toml
id = "q"
title = "another pack"
jurisdiction = "p"
force = "decree"
address = "https://example.org/q"
"#;

pub fn places() -> Places {
    let mut places = Places::default();
    for (code, name) in [("IR", "Iran"), ("RU", "Russia"), ("US", "United States")] {
        places.add(code, name, &[]).unwrap();
    }
    places
}

/// Text in parts, each after a line `==== path`.
pub fn parts(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("==== ") {
            Some(path) => found.push((path.trim().to_owned(), String::new())),
            None => {
                if let Some((_, part)) = found.last_mut() {
                    part.push_str(line);
                }
            }
        }
    }
    found
}

/// The shared files with these in addition, or in their place.
pub fn files(own: Vec<(String, String)>) -> Vec<PackFile> {
    let mut files: BTreeMap<String, String> = parts(SHARED).into_iter().collect();
    files.extend(parts(MORE));
    files.extend(own);
    files
        .into_iter()
        .map(|(path, text)| PackFile { path, text })
        .collect()
}

fn complaint(files: &[PackFile], told: &Diagnostic) {
    assert!(!told.message.is_empty(), "{told:?}");
    let said = [&told.message, &told.label, &told.help];
    let control = said
        .iter()
        .find(|text| text.chars().any(|c| c.is_control() && c != '\n'));
    assert!(control.is_none(), "{told:?}");
    let Some(file) = files.iter().find(|file| file.path == *told.at.file) else {
        panic!("{told} names a file that nobody gave");
    };
    let at = &told.at;
    assert!(at.start <= at.end && at.end <= file.text.len(), "{told:?}");
    let before = file.text.get(..at.start);
    let Some(before) = before else {
        panic!("inside a character: {told:?}")
    };
    assert!(
        file.text.is_char_boundary(at.end),
        "inside a character: {told:?}"
    );
    assert_eq!(before.matches('\n').count() + 1, at.line, "{told:?}");
    let line = before.rsplit('\n').next().unwrap_or_default();
    assert_eq!(line.chars().count() + 1, at.column, "{told:?}");
}

/// Reads these files, and asks the law where it loads.
pub fn check_files(files: &[PackFile]) {
    let places = places();
    let law = match Law::from_packs(files, &places) {
        Ok(law) => law,
        Err(problems) => {
            assert!(!problems.is_empty());
            problems.iter().for_each(|told| complaint(files, told));
            let again = Law::from_packs(files, &places).err();
            assert_eq!(Some(problems), again, "told otherwise the second time");
            return;
        }
    };
    let program = Program::compile(&law, Day::MAX);
    let (mut scratch, mut reached) = (Scratch::default(), Vec::new());
    let facts = Facts::default();
    let all: Vec<usize> = (0..law.nexus.len()).collect();
    program.reach(&facts, &mut scratch, &mut reached);
    let open = program.open(
        &law.vocabulary,
        &facts,
        &all,
        Depth::Questions,
        &mut scratch,
    );
    for reached in &reached {
        assert!(reached.sure <= reached.most);
    }
    assert!(open.least <= open.most);
    for told in &check::check(&law).diagnostics {
        complaint(files, told);
    }
}
