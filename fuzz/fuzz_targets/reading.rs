//! What must hold of any input: it is read to its end, nothing is lost or made up on the way, every reject
//! says something, and it makes no difference in which pieces the bytes arrive.

use std::io::{Cursor, Read};
use std::sync::Arc;

use catchall::batch::{self, Format, Limits};
use catchall_model::{Places, Reject, Transfer};

struct Pieces(Cursor<Vec<u8>>, usize);

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let most = into.len().min(self.1);
        self.0.read(&mut into[..most])
    }
}

pub fn places() -> Arc<Places> {
    let mut places = Places::default();
    let known = [
        ("IR", "Iran"),
        ("DE", "Germany"),
        ("RU", "Russia"),
        ("AE", "United Arab Emirates"),
    ];
    for (code, name) in known {
        places.add(code, name, &[]).unwrap();
    }
    Arc::new(places)
}

type Outcome = Result<Vec<Result<Transfer, Vec<Reject>>>, String>;

fn read(bytes: &[u8], format: Option<Format>, limits: Limits, most: usize) -> Outcome {
    let stream = Pieces(Cursor::new(bytes.to_vec()), most);
    let (mut reader, decoder) =
        batch::from_stream("fuzz", Box::new(stream), format, limits, places())
            .map_err(|error| error.to_string())?;
    let mut records = Vec::new();
    let mut last = 0;
    while let Some(raw) = reader.next_raw() {
        let record = match raw {
            Ok(raw) => {
                assert_eq!(raw.row, last + 1, "rows are numbered one after the other");
                last = raw.row;
                decoder.decode(&raw)
            }
            Err(reject) => {
                assert_eq!(
                    reject.row,
                    last + 1,
                    "rows are numbered one after the other"
                );
                last = reject.row;
                Err(vec![reject])
            }
        };
        if let Err(rejects) = &record {
            assert!(!rejects.is_empty() && rejects.len() <= 20);
            for reject in rejects {
                assert!(!reject.problem.is_empty() && !reject.cure.is_empty());
                assert!(
                    !reject.problem.chars().any(char::is_control),
                    "{}",
                    reject.problem
                );
                assert!(
                    reject
                        .cell
                        .iter()
                        .all(|cell| !cell.chars().any(char::is_control))
                );
            }
        }
        records.push(record);
        assert!(records.len() <= bytes.len() + 2, "more records than bytes");
    }
    Ok(records)
}

pub fn check(bytes: &[u8], format: Option<Format>, record: usize) {
    let limits = Limits {
        record,
        ..Limits::default()
    };
    let whole = read(bytes, format, limits, usize::MAX);
    assert_eq!(whole, read(bytes, format, limits, 1));
}
