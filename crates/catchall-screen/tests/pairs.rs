//! Labelled pairs of names against the floors of `corpus/names/floor.toml`, and what a pair must say of itself.

#![allow(clippy::unwrap_used)]

use catchall_screen::{Manner, Means, Names, TableTexts, score_pair};

#[derive(serde::Deserialize)]
struct Floor {
    file: String,
    f1: f32,
    recall: f32,
}

fn names() -> Names {
    Names::read(&TableTexts::built_in()).unwrap()
}

fn folder() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../corpus/names")
}

#[test]
fn every_file_of_pairs_keeps_its_floor() {
    let names = names();
    let text = std::fs::read_to_string(folder().join("floor.toml")).unwrap();
    let floors: std::collections::BTreeMap<String, Floor> = toml::from_str(&text).unwrap();
    let mut failures = Vec::new();
    for (name, floor) in floors {
        let mut scored = Vec::new();
        for line in std::fs::read_to_string(folder().join(&floor.file))
            .unwrap()
            .lines()
            .skip(1)
        {
            let cells: Vec<&str> = line.split('\t').collect();
            let manner = if cells[2] == "Person" {
                Manner::Person
            } else {
                Manner::Body
            };
            scored.push((
                score_pair(cells[0], cells[1], manner, &names).probability,
                cells[3] == "1",
            ));
        }
        assert!(scored.len() > 100, "{name}: only {} pairs", scored.len());
        let (f1, recall) = (
            f1(&scored, names.thresholds().default().review),
            recall(&scored),
        );
        if f1 < floor.f1 || recall < floor.recall {
            failures.push(format!(
                "{name}: F1 {f1:.3} (floor {}), recall {recall:.3} (floor {})",
                floor.f1, floor.recall
            ));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn f1(scored: &[(f32, bool)], from: f32) -> f32 {
    let count = |wanted: bool, passes: bool| {
        scored
            .iter()
            .filter(|(p, m)| *m == wanted && (*p >= from) == passes)
            .count() as f32
    };
    2.0 * count(true, true) / (2.0 * count(true, true) + count(false, true) + count(true, false))
}

/// Recall where at most one in twenty strangers passes.
fn recall(scored: &[(f32, bool)]) -> f32 {
    let mut strangers: Vec<f32> = scored.iter().filter(|s| !s.1).map(|s| s.0).collect();
    strangers.sort_by(|a, b| b.total_cmp(a));
    let bar = strangers[strangers.len() / 20];
    let friends: Vec<f32> = scored.iter().filter(|s| s.1).map(|s| s.0).collect();
    friends.iter().filter(|p| **p > bar).count() as f32 / friends.len() as f32
}

#[test]
fn a_pair_says_by_what_its_parts_answer_one_another() {
    let names = names();
    let cases = [
        ("Grigori Larin", "Grigori Larin", Means::Literal),
        ("Григорий Ларин", "Grigoriy Larin", Means::Transliteration),
        ("Katherine Larin", "Kate Larin", Means::Variant),
        ("G. Larin", "Grigori Larin", Means::Initial),
        ("Mohammed Larin", "Muhammad Larin", Means::Phonetic),
        ("Grigori Larinovski", "Grigori Lrainovski", Means::Edit),
    ];
    let mut failures = Vec::new();
    for (a, b, wanted) in cases {
        let pair = score_pair(a, b, Manner::Person, &names);
        if !pair.alignment.iter().any(|line| line.by == Some(wanted)) {
            failures.push(format!(
                "{a} / {b}: expected {wanted:?} in {:?}",
                pair.alignment
            ));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn words_whose_space_stands_elsewhere_or_on_which_small_words_are_written_are_the_same() {
    let names = names();
    let same = [
        (
            "Moham madali Rezvanpur",
            "Mohammad Ali Rezvanpur",
            Manner::Person,
        ),
        ("Vostokmor vent", "Vostok Morvent", Manner::Body),
        ("Alna srin Morvent", "Al Nasrin Morvent", Manner::Body),
        ("Ramzo bin al-Khatmi", "BINALKHATMI, Ramzo", Manner::Person),
        ("كريم أبواليزدي", "Karim Abou el Yazdi", Manner::Person),
        ("عمر بنحسين", "Omar Ben Hassine", Manner::Person),
        (
            "OOO NTTs Morvent",
            "Scientific and Technical Center Morvent LLC",
            Manner::Body,
        ),
    ];
    let other = [
        (
            "Moham madari Rezvanpur",
            "Mohammad Ali Rezvan",
            Manner::Person,
        ),
        ("OOO NTTs Morvent", "OOO NTTs Vardan", Manner::Body),
    ];
    let mut failures = Vec::new();
    for (pairs, wanted) in [(&same[..], true), (&other[..], false)] {
        for (a, b, manner) in pairs {
            let found = score_pair(a, b, *manner, &names).probability;
            if (found >= 0.8) != wanted {
                failures.push(format!("{a} / {b}: {found:.3}"));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn numbers_are_exact_and_legal_forms_stand_outside_the_name() {
    let names = names();
    let score = |a: &str, b: &str| score_pair(a, b, Manner::Body, &names).probability;
    let same = score("Morvent Fund VIII L.P.", "Morvent Fund 8 LP");
    assert!(same > 0.9, "{same}");
    assert!(score("Morvent Fund VIII L.P.", "Morvent Fund IX L.P.") < 0.7);
    assert!(score("Morvent AG", "Morvent Aktiengesellschaft") > 0.8);
    assert!(score("OOO Morvent", "ООО «Морвент»") > 0.8);
}

#[test]
fn a_row_that_cannot_be_read_says_where_and_what_would_be_right() {
    let texts = TableTexts {
        particles: "artikel: al, el\n",
        ..TableTexts::built_in()
    };
    let error = Names::read(&texts).unwrap_err().to_string();
    assert!(
        error.starts_with("data/names/particles.txt:1: expected `article`"),
        "{error}"
    );
}

#[test]
fn letters_of_other_scripts_unseen_marks_and_spaces_between_letters_hide_no_name() {
    let names = names();
    let plain = score_pair("Grigori Larinov", "Grigori Larinov", Manner::Person, &names);
    let body = score_pair("Morvent Trading", "Morvent Trading", Manner::Body, &names);
    for (disguised, listed, manner) in [
        ("Grіgоrі Lаrіnоv", "Grigori Larinov", Manner::Person),
        ("Grιgοrι Lαrιnοv", "Grigori Larinov", Manner::Person),
        (
            "Gri\u{2060}go\u{2066}ri\u{2069} La\u{fe0f}rinov",
            "Grigori Larinov",
            Manner::Person,
        ),
        (
            "G r i g o r i  L a r i n o v",
            "Grigori Larinov",
            Manner::Person,
        ),
        (
            "G r i g o r i L a r i n o v",
            "Grigori Larinov",
            Manner::Person,
        ),
        ("Grigori L a r i n o v", "Grigori Larinov", Manner::Person),
        (
            "G.R.I.G.O.R.I. L.A.R.I.N.O.V.",
            "Grigori Larinov",
            Manner::Person,
        ),
        (
            "G R I G O R I   L A R I N O V",
            "Grigori Larinov",
            Manner::Person,
        ),
        ("LARINOV, G r i g o r i", "Grigori Larinov", Manner::Person),
        ("Григoрий Лaринoв", "Григорий Ларинов", Manner::Person),
        ("Mоrvеnt Tradіng", "Morvent Trading", Manner::Body),
        ("M-O-R-V-E-N-T Trading", "Morvent Trading", Manner::Body),
    ] {
        let wanted = if manner == Manner::Body {
            &body
        } else {
            &plain
        };
        let found = score_pair(disguised, listed, manner, &names);
        assert!(
            found.probability > wanted.probability - 0.05,
            "{disguised}: {} of {}; {:?}",
            found.probability,
            wanted.probability,
            found.alignment
        );
    }
}

#[test]
fn first_letters_stay_first_letters() {
    let names = names();
    for (a, b) in [
        ("J. R. Larinov", "John Robert Larinov"),
        ("P V R Larinov", "Pavel Larinov"),
    ] {
        let found = score_pair(a, b, Manner::Person, &names);
        assert!(
            found
                .alignment
                .iter()
                .any(|line| line.by == Some(Means::Initial)),
            "{a}: {:?}",
            found.alignment
        );
    }
    let firm = |name: &str| score_pair(name, "Morvent GmbH", Manner::Body, &names).probability;
    assert_eq!(firm("Morvent G.m.b.H."), firm("Morvent GmbH"));
    let words = score_pair("A B C D Larinov", "Abcd Larinov", Manner::Person, &names);
    assert!(words.probability < 0.9, "{}", words.probability);
}
