//! Inputs that are too long to be written down, and streams that break off.

use std::io::{Cursor, Read};

use catchall::batch::{self, Format, Limits};

use super::{Corpus, limits};

/// Inputs too long to be written down, each with the id that must survive and what must be said.
#[test]
fn what_is_too_deep_or_too_long_costs_itself_only() {
    let mut corpus = Corpus::new();
    let deep = |open: &str, close: &str, count: usize| {
        format!("{}{}", open.repeat(count), close.repeat(count))
    };
    let owners = |layers: usize| deep("{\"name\":\"A\",\"owners\":[", "]}", layers);
    let party = |layers: usize| {
        format!(
            "{{\"parties\":[{{\"role\":\"exporter\",\"owners\":[{}]}}]}}",
            owners(layers)
        )
    };
    let huge = "x".repeat(5 << 20);
    let record = |text: &str| format!("{{\"id\":\"first\"}}\n{text}\n{{\"id\":\"last\"}}\n");
    let table = |row: &str| format!("id,item\nfirst,\n{row}\nlast,\n");
    for (name, format, text, part) in [
        (
            "lists in lists",
            Format::JsonLines,
            record(&deep("[", "]", 100_000)),
            "more than 64 deep",
        ),
        (
            "lists that are not closed",
            Format::JsonLines,
            record(&"[".repeat(100_000)),
            "more than 64 deep",
        ),
        (
            "objects in objects",
            Format::JsonLines,
            record(&deep("{\"facts\":", "}", 50_000)),
            "more than 64 deep",
        ),
        (
            "owners of owners, 40 layers",
            Format::JsonLines,
            record(&party(40)),
            "more than 64 deep",
        ),
        (
            "a text of 5 MiB",
            Format::JsonLines,
            record(&format!("{{\"id\":\"{huge}\"}}")),
            "longer than 4 MiB",
        ),
        (
            "a list of 5 MiB",
            Format::Json,
            format!("[{{\"id\":\"first\"}},[\"{huge}\"],{{\"id\":\"last\"}}]"),
            "longer than 4 MiB",
        ),
        (
            "a cell of 5 MiB",
            Format::Csv,
            table(&format!("x,{huge}")),
            "longer than 4 MiB",
        ),
        (
            "a quoted cell of 5 MiB",
            Format::Csv,
            table(&format!("x,\"{huge}\"")),
            "longer than 4 MiB",
        ),
        (
            "a million delimiters",
            Format::Csv,
            table(&format!("x{}", ",".repeat(1_000_000))),
            "1000001 cells",
        ),
        (
            "a million quotes",
            Format::Csv,
            table(&format!("\"{}x", "\"\"".repeat(500_000))),
            "not closed",
        ),
        (
            "a million lines in a quote",
            Format::Csv,
            table(&format!("x,\"{}", "\n".repeat(1_000_000))),
            "not closed",
        ),
        (
            "a million list values",
            Format::Csv,
            table(&format!("x,{}", "x;".repeat(1_000_000))),
            "",
        ),
        (
            "a hundred wrong countries",
            Format::JsonLines,
            record(&format!("{{\"via\":[{}\"ZZ\"]}}", "\"ZZ\",".repeat(100))),
            "no country",
        ),
    ] {
        corpus.inputs += 1;
        let begun = std::time::Instant::now();
        let outcome = corpus.read(text.as_bytes(), Some(format), Limits::default(), usize::MAX);
        if begun.elapsed().as_secs() > 20 {
            corpus.fail(name, format!("takes {:?}", begun.elapsed()));
        }
        let ids: Vec<&str> = outcome
            .good
            .iter()
            .map(|transfer| transfer.id.as_str())
            .collect();
        let survive = ids.first() == Some(&"first") && ids.last() == Some(&"last");
        let told = part.is_empty()
            || outcome
                .rejects
                .iter()
                .any(|reject| reject.problem.contains(part) && reject.row == 2);
        if !survive || !told || outcome.rejects.len() > 20 {
            let said: Vec<&str> = outcome
                .rejects
                .iter()
                .take(3)
                .map(|reject| reject.problem.as_str())
                .collect();
            corpus.fail(
                name,
                format!("leaves {} good ones and says {said:?}", ids.len()),
            );
        }
        for reject in &outcome.rejects {
            corpus.check_style(name, reject);
        }
    }
    let outcome = corpus.read(
        record(&party(25)).as_bytes(),
        Some(Format::JsonLines),
        Limits::default(),
        usize::MAX,
    );
    assert_eq!(
        outcome.good.len(),
        3,
        "25 layers of owners are fine: {:?}",
        outcome.rejects
    );
    corpus.finish(13);
}

/// A disk that fails, a connection that breaks off.
struct Failing(Cursor<Vec<u8>>);

impl Read for Failing {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        match self.0.read(into)? {
            0 => Err(std::io::Error::other("the connection broke off")),
            count => Ok(count),
        }
    }
}

#[test]
fn a_stream_that_fails_is_told_and_half_a_record_is_not_taken() {
    let corpus = Corpus::new();
    let table = "id,item\n1,valve\n2,pump with a long name\n";
    let lines = "{\"id\":1}\n{\"id\":23456}\n";
    let list = "[{\"id\":1},\n{\"id\":23456}]";
    for (text, format) in [
        (table, Format::Csv),
        (lines, Format::JsonLines),
        (list, Format::Json),
    ] {
        let whole = corpus.read(text.as_bytes(), Some(format), Limits::default(), usize::MAX);
        for limit in [8, 4096] {
            for length in 0..text.len() {
                let stream = Box::new(Failing(Cursor::new(text.as_bytes()[..length].to_vec())));
                let read = batch::from_stream(
                    "test",
                    stream,
                    Some(format),
                    limits(Some(limit)),
                    corpus.places.clone(),
                );
                let Ok((mut reader, decoder)) = read else {
                    continue;
                };
                let mut told = false;
                while let Some(raw) = reader.next_raw() {
                    match raw {
                        Err(reject) => {
                            told |= reject
                                .problem
                                .contains("reading stopped here: the connection broke off")
                        }
                        Ok(raw) => {
                            let read = decoder.decode(&raw);
                            assert!(
                                read.is_err() || whole.good.contains(&read.unwrap()),
                                "{length} of {text}"
                            );
                        }
                    }
                }
                assert!(told, "{length} of {text}, at most {limit} a record");
            }
        }
    }
}
