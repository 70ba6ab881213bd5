//! The corpus of reports against its gold, with floors that must not fall; and what must hold of every reading.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::path::{Path, PathBuf};

use catchall_report::{Context, read};
use serde_json::Value;

mod scorer;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn reading(text: &str) -> Value {
    let context = Context {
        doc_id: "test".to_owned(),
        published: None,
    };
    serde_json::to_value(read(text.as_bytes(), "text/plain", &context).unwrap()).unwrap()
}

/// Gold and text of every document of a folder.
fn documents(gold: &Path, texts: &Path) -> Vec<(Value, String)> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(gold)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|own| own == "json"))
        .collect();
    files.sort_by_key(|path| scorer::place(path));
    files
        .iter()
        .map(|path| {
            let gold: Value =
                serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
            let name = gold["doc_id"].as_str().unwrap().to_owned();
            (
                gold,
                std::fs::read_to_string(texts.join(format!("{name}.txt"))).unwrap(),
            )
        })
        .collect()
}

#[test]
fn no_layer_falls_below_its_floor() {
    let folder = root().join("corpus/reports");
    let floors: toml::Table = std::fs::read_to_string(folder.join("floor.toml"))
        .unwrap()
        .parse()
        .unwrap();
    let documents = documents(&folder.join("gold"), &folder.join("texts"));
    assert!(
        documents.len() >= 40,
        "the corpus has forty documents or more"
    );
    let mut failures = Vec::new();
    for (half, name) in [(0, "tuned"), (1, "held")] {
        let mut total = scorer::Scores::new();
        for (gold, text) in documents.iter().skip(half).step_by(2) {
            scorer::merge(&mut total, &scorer::score(gold, &reading(text)));
        }
        for (layer, floor) in floors[name].as_table().unwrap() {
            let found = total
                .get(layer.as_str())
                .unwrap_or_else(|| panic!("no layer `{layer}`"))
                .f1();
            let floor = floor.as_float().unwrap();
            if found + 0.0005 < floor {
                failures.push(format!(
                    "{name} {layer}: floor {floor:.3}, found {found:.3}"
                ));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn every_record_stands_on_words_of_the_file() {
    let folder = root().join("corpus/reports");
    for (gold, text) in documents(&folder.join("gold"), &folder.join("texts")) {
        let own = reading(&text);
        let chars: Vec<char> = text.chars().collect();
        let words = |span: &Value, bytes: &Value| -> String {
            let (from, to) = (
                span[0].as_u64().unwrap() as usize,
                span[1].as_u64().unwrap() as usize,
            );
            let (low, high) = (
                bytes[0].as_u64().unwrap() as usize,
                bytes[1].as_u64().unwrap() as usize,
            );
            assert!(
                from < to && to <= chars.len(),
                "{}: span {from}..{to}",
                gold["doc_id"]
            );
            let by_chars: String = chars[from..to].iter().collect();
            assert_eq!(
                by_chars,
                &text[low..high],
                "{}: spans and bytes agree",
                gold["doc_id"]
            );
            by_chars
        };
        for layer in [
            "segments",
            "citations",
            "backrefs",
            "dates",
            "statements",
            "commitments",
            "transfers",
        ] {
            for record in own[layer].as_array().unwrap() {
                words(&record["span"], &record["bytes"]);
            }
        }
        for layer in ["parties", "technology", "instruments"] {
            for record in own[layer].as_array().unwrap() {
                let spellings = record
                    .get("aliases")
                    .or(record.get("terms"))
                    .unwrap()
                    .as_array()
                    .unwrap();
                for (span, bytes) in record["spans"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .zip(record["bytes"].as_array().unwrap())
                {
                    let found = words(span, bytes);
                    assert!(
                        spellings
                            .iter()
                            .any(|own| own.as_str().unwrap().eq_ignore_ascii_case(&found)),
                        "{}: {found}",
                        gold["doc_id"]
                    );
                }
            }
        }
        for citation in own["citations"].as_array().unwrap() {
            let found = words(&citation["span"], &citation["bytes"]);
            // A further day of the same outlets (`AP, May 4, 6`) stands on its day alone.
            if found.chars().all(|piece| piece.is_ascii_digit()) {
                continue;
            }
            for outlet in citation["outlets"].as_array().unwrap() {
                assert!(
                    found.contains(outlet.as_str().unwrap()) || !gold["noise"].is_null(),
                    "{found}: {outlet}"
                );
            }
        }
    }
}

const CHARGE: &str = "Publication: Wire Notes Volume: 2 Issue: 7\n\nUkraine accused Russia of supplying radar to Iraq (UNIAN, March 8).";

#[test]
fn a_bystander_changes_nothing_in_transfers() {
    let bare = reading(CHARGE)["transfers"].clone();
    let more = format!(
        "{CHARGE} The delegation from Jordan visited a museum. Alba Trading Ltd. and France were mentioned in passing."
    );
    let transfers = reading(&more)["transfers"].clone();
    let key = |value: &Value| -> Vec<(String, String)> {
        value
            .as_array()
            .unwrap()
            .iter()
            .map(|own| (own["from"].to_string(), own["to"].to_string()))
            .collect()
    };
    assert_eq!(key(&bare), key(&transfers));
    assert_eq!(
        key(&bare),
        [("\"Russia\"".to_owned(), "\"Iraq\"".to_owned())]
    );
}

#[test]
fn reprints_add_no_transfer() {
    let key = |text: &str| -> usize { reading(text)["transfers"].as_array().unwrap().len() };
    let twice = format!(
        "{CHARGE} Ukraine accused Russia of supplying radar to Iraq (Reuters, AP, March 8)."
    );
    assert_eq!(key(CHARGE), key(&twice));
}

#[test]
fn a_swap_of_accused_and_denied_changes_the_outcome() {
    let denied = CHARGE.replace(
        "Ukraine accused Russia of supplying radar to Iraq",
        "Ukraine denied that Russia was supplying radar to Iraq",
    );
    let status = |text: &str| reading(text)["transfers"][0]["status"].clone();
    assert_eq!(status(CHARGE), "alleged");
    assert_eq!(status(&denied), "denied");
}

#[test]
fn hostile_input_neither_panics_nor_takes_long() {
    let million = |piece: &str| piece.repeat(1_000_000 / piece.len());
    for text in [
        million("("),
        million("([{"),
        million("\""),
        million("a"),
        million("May 5, "),
        million("x, "),
        million("he said that "),
        million("-\n"),
        million("1995 "),
        million("\u{ad}é"),
        "Moscow said ".repeat(80_000) + ".",
    ] {
        let _ = reading(&text);
    }
}

#[test]
fn the_same_bytes_give_the_same_reading() {
    let one = read(CHARGE.as_bytes(), "text/plain", &Context::default()).unwrap();
    let two = read(CHARGE.as_bytes(), "text/plain", &Context::default()).unwrap();
    assert_eq!(
        serde_json::to_string(&one).unwrap(),
        serde_json::to_string(&two).unwrap()
    );
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..600), media in 0..3_usize) {
        let media = ["text/plain", "text/html", "message/rfc822"][media];
        let _ = read(&bytes, media, &Context::default()).unwrap();
    }
}

#[test]
fn formats_keep_the_place() {
    let html = "<html><body><p>Ukraine&rsquo;s minister denied it.</p><p>Kyiv <b>denied</b> the sale of tanks to Iraq (UNIAN, March 8).</p></body></html>";
    let own =
        serde_json::to_value(read(html.as_bytes(), "text/html", &Context::default()).unwrap())
            .unwrap();
    let span = &own["technology"][0]["bytes"][0];
    assert_eq!(
        &html[span[0].as_u64().unwrap() as usize..span[1].as_u64().unwrap() as usize],
        "tanks"
    );
    let mail = "Date: Tue, 9 Mar 1999 08:00:00 +0000\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nKyiv denied the sale of tan=\r\nks to Iraq =E2=80=93 again.\r\n";
    let own =
        serde_json::to_value(read(mail.as_bytes(), "message/rfc822", &Context::default()).unwrap())
            .unwrap();
    assert_eq!(own["publication"]["date"], "1999-03-09");
    assert_eq!(own["technology"][0]["id"], "armour");
}

#[test]
fn no_gazetteer_stands_in_rust() {
    let mut broken = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let code: String = text
                .split("#[cfg(test)]")
                .next()
                .unwrap()
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect::<Vec<_>>()
                .join("\n");
            for name in [
                "Russia",
                "Iran",
                "Moscow",
                "Kremlin",
                "Reuters",
                "Interfax",
                "Clinton",
                "Putin",
                "ballistic",
                "Wassenaar",
                "centrifuge",
            ] {
                if code.contains(name) {
                    broken.push(format!("{}: {name}", path.display()));
                }
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}
