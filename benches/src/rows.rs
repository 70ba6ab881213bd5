//! Rows: whole determinations, in process and streamed from a table.

use std::hint::black_box;
use std::io::{Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use catchall::batch::{self, Format, Limits};
use catchall_assess::{AskedFor, Assessor, Detail, Digests, Imported, Room};
use catchall_model::{Determination, Outcome, Places, Transfer};

use crate::Asked;
use crate::clock::{time, whole};
use crate::engines::median;
use crate::machine;
use crate::random::Random;
use crate::real::Real;
use crate::report::{Bar, Report, number};

/// Different rows; a longer table repeats them.
const DIFFERENT: usize = 10_000;
/// A longer streamed table than this many seconds of processor is left out.
const MOST_SECONDS: f64 = 300.0;

pub fn measure(report: &mut Report, asked: &Asked, real: &Real) {
    report.section("5. Rows: whole determinations over the real packs".to_owned());
    let table = match Table::of(&asked.examples) {
        Ok(table) => table,
        Err(error) => return report.words(format!("not measured: {error}")),
    };
    let digests = Digests {
        names: real.loaded.places_digest.clone(),
        program: "benches".to_owned(),
    };
    let assessor = match Assessor::new(
        real.law.clone(),
        Imported::default(),
        AskedFor::default(),
        &digests,
    ) {
        Ok(assessor) => assessor,
        Err(error) => return report.words(format!("not measured: {error}")),
    };
    let places = Arc::new(real.loaded.places.clone());
    in_process(report, asked, &table, &assessor, &places);
    streamed(report, asked, &table, &assessor, &places);
}

fn in_process(
    report: &mut Report,
    asked: &Asked,
    table: &Table,
    assessor: &Assessor,
    places: &Arc<Places>,
) {
    let (mut reader, decoder) = table.open(1, places);
    let mut raws = Vec::new();
    while let Some(raw) = reader.next_raw() {
        raws.extend(raw);
    }
    let transfers: Vec<Transfer> = raws
        .iter()
        .filter_map(|raw| decoder.decode(raw).ok())
        .collect();
    let mut room = Room::default();
    let mut outcomes = [0usize; Outcome::ALL.len()];
    let mut refused = raws.len() - transfers.len();
    for transfer in &transfers {
        match assessor.assess(transfer, Detail::Brief, &mut room) {
            Ok(made) => outcomes[made.outcome as usize] += 1,
            Err(_) => refused += 1,
        }
    }
    let counts: Vec<String> = Outcome::ALL
        .iter()
        .zip(outcomes)
        .filter(|(_, count)| *count > 0)
        .map(|(outcome, count)| format!("{} {outcome}", number(count as f64)))
        .collect();
    report.words(format!(
        "{} rows made from {} of examples/transfers.csv: {}; {refused} refused; {} provisions",
        number(raws.len() as f64),
        table.examples,
        counts.join(", "),
        number(assessor.law().provisions.len() as f64)
    ));
    let decode = time(asked.passes, raws.len(), || {
        raws.iter()
            .for_each(|raw| drop(black_box(decoder.decode(raw))))
    });
    report.figure(
        "rows.decode",
        "a row of text to a transfer",
        1e9 / decode.best,
        "rows/s",
        None,
        median(decode) + " ns",
    );
    let few = fitting(&transfers, |transfer| {
        drop(black_box(assessor.assess(
            transfer,
            Detail::Brief,
            &mut room,
        )))
    });
    let brief = time(asked.passes, few.len(), || {
        for transfer in few {
            let _ = black_box(assessor.assess(transfer, Detail::Brief, &mut room));
        }
    });
    report.figure(
        "rows.brief",
        "assess without explanations, one core",
        1e9 / brief.best,
        "rows/s",
        Some(Bar::AtLeast(100_000.0)),
        median(brief) + " ns",
    );
    for (id, label, open) in [
        ("decided", "the same, rows that are decided", false),
        ("open", "the same, rows that lack facts", true),
    ] {
        let of = |transfer: &&Transfer| {
            assessor
                .assess(transfer, Detail::Brief, &mut Room::default())
                .is_ok_and(|made| (made.outcome == Outcome::NotKnown) == open)
        };
        let some: Vec<&Transfer> = few.iter().filter(of).collect();
        if !some.is_empty() {
            let timing = time(asked.passes.min(3), some.len(), || {
                some.iter().for_each(|transfer| {
                    drop(black_box(assessor.assess(
                        transfer,
                        Detail::Brief,
                        &mut room,
                    )))
                })
            });
            report.figure(
                format!("rows.brief.{id}"),
                label,
                1e9 / timing.best,
                "rows/s",
                None,
                format!("{} ns; {} rows", median(timing), number(some.len() as f64)),
            );
        }
    }
    let sample = fitting(&transfers, |transfer| {
        drop(black_box(assessor.assess(
            transfer,
            Detail::Full,
            &mut room,
        )))
    });
    let full = time(asked.passes, sample.len(), || {
        for transfer in sample {
            let _ = black_box(assessor.assess(transfer, Detail::Full, &mut room));
        }
    });
    report.figure(
        "rows.full",
        "assess with explanations, one core, no JSON",
        1e9 / full.best,
        "rows/s",
        None,
        median(full) + " ns",
    );
    let mut text: Vec<u8> = Vec::new();
    let mut bytes = 0;
    let json = time(asked.passes, sample.len(), || {
        bytes = 0;
        for transfer in sample {
            if let Ok(made) = assessor.assess(transfer, Detail::Full, &mut room) {
                text.clear();
                let _ = serde_json::to_writer(&mut text, &made);
                bytes += text.len();
            }
        }
    });
    let note = format!(
        "{} ns; {} bytes a row",
        median(json),
        number(bytes as f64 / sample.len().max(1) as f64)
    );
    report.figure(
        "rows.full_json",
        "assess with explanations as JSON, one core",
        1e9 / json.best,
        "rows/s",
        Some(Bar::AtLeast(20_000.0)),
        note,
    );
}

/// As many of these as one pass of about a second takes.
fn fitting(transfers: &[Transfer], mut assess: impl FnMut(&Transfer)) -> &[Transfer] {
    let begin = Instant::now();
    let mut count = 0;
    for transfer in transfers {
        assess(transfer);
        count += 1;
        if begin.elapsed().as_millis() >= 1_000 {
            break;
        }
    }
    &transfers[..count]
}

/// From a table's text to a line for each row, as the command does it, memory watched.
fn streamed(
    report: &mut Report,
    asked: &Asked,
    table: &Table,
    assessor: &Assessor,
    places: &Arc<Places>,
) {
    let mut sizes = vec![10_000, 100_000, 1_000_000, 10_000_000];
    sizes.retain(|size| *size <= asked.rows);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut first: Option<f64> = None;
    let mut last = 0.0;
    for size in sizes {
        let workers = cores;
        let expected = last * size as f64 / 1e6;
        if expected > MOST_SECONDS {
            report.words(format!(
                "{} rows: left out, they would take some {} s of processor",
                number(size as f64),
                number(expected)
            ));
            continue;
        }
        let (rows, wall, processor) = pass(table, assessor, places, size / DIFFERENT, workers);
        let a_row = processor / rows as f64 * 1e6;
        last = a_row;
        first.get_or_insert(a_row);
        let note = format!(
            "{} us of processor a row; {} rows/s by the wall clock with {workers} workers; at most {} MiB",
            number(a_row),
            number(rows as f64 / wall),
            number(machine::peak())
        );
        report.figure(
            format!("rows.streamed.{size}"),
            format!(
                "streamed, without explanations, {} rows",
                number(size as f64)
            ),
            1e6 / a_row,
            "rows/s/core",
            None,
            note,
        );
    }
    if let Some(first) = first {
        report.figure(
            "rows.streamed.growth",
            "processor time a row, longest against shortest",
            last / first,
            "times",
            None,
            "",
        );
    }
}

/// One run over `repeats` times the different rows: rows, wall seconds, processor seconds.
fn pass(
    table: &Table,
    assessor: &Assessor,
    places: &Arc<Places>,
    repeats: usize,
    workers: usize,
) -> (u64, f64, f64) {
    machine::forget_peak();
    let (mut reader, decoder) = table.open(repeats, places);
    let words = |made: &Determination| {
        format!(
            "{},{},{},{}\n",
            made.transfer, made.outcome, made.bounds.least, made.bounds.most
        )
    };
    let render = batch::Render::By(Detail::Brief, Box::new(words));
    let mut rows = 0u64;
    let mut bytes = 0usize;
    let (_, wall, processor) = whole(|| {
        batch::run::<()>(&mut reader, &decoder, assessor, workers, &render, |done| {
            rows += 1;
            bytes += done.answer.map_or(0, |written| written.text.len());
            Ok(())
        })
    });
    black_box(bytes);
    (rows, wall, processor)
}

/// A table of rows like the examples.
struct Table {
    head: Arc<Vec<u8>>,
    rows: Arc<Vec<u8>>,
    examples: usize,
}

impl Table {
    /// Rows like those of a file: other days, other destinations, some cells left empty.
    fn of(path: &Path) -> Result<Table, String> {
        let mut source =
            csv::Reader::from_path(path).map_err(|error| format!("{}: {error}", path.display()))?;
        let head: Vec<String> = source
            .headers()
            .map_err(|error| error.to_string())?
            .iter()
            .map(str::to_owned)
            .collect();
        let examples: Vec<Vec<String>> = source
            .records()
            .filter_map(Result::ok)
            .map(|row| row.iter().map(str::to_owned).collect())
            .collect();
        if examples.is_empty() {
            return Err(format!("{}: holds no rows", path.display()));
        }
        let column = |name: &str| head.iter().position(|each| each == name);
        let (id, date, to) = (column("id"), column("date"), column("to"));
        let mut random = Random::new(0x0007_ab1e);
        let mut writer = csv::Writer::from_writer(Vec::new());
        for number in 0..DIFFERENT {
            let mut row = examples[random.below(examples.len())].clone();
            for (place, cell) in row.iter_mut().enumerate() {
                if Some(place) == id {
                    *cell = format!("row-{number}");
                } else if Some(place) == date && random.chance(1, 2) {
                    // Any day of 1992 to 2026.
                    *cell = catchall_model::Day::from_number(8035 + random.below(12_784) as i64)
                        .to_string();
                } else if Some(place) == to && random.chance(1, 2) {
                    *cell = random
                        .pick(&[
                            "Iran",
                            "India",
                            "Brazil",
                            "China",
                            "Germany",
                            "Pakistan",
                            "North Korea",
                            "Syria",
                            "Russia",
                            "Iraq",
                        ])
                        .to_owned();
                } else if random.chance(1, 50) {
                    cell.clear();
                }
            }
            writer
                .write_record(&row)
                .map_err(|error| error.to_string())?;
        }
        let rows = writer.into_inner().map_err(|error| error.to_string())?;
        let mut header = csv::Writer::from_writer(Vec::new());
        header
            .write_record(&head)
            .map_err(|error| error.to_string())?;
        let head = header.into_inner().map_err(|error| error.to_string())?;
        Ok(Table {
            head: Arc::new(head),
            rows: Arc::new(rows),
            examples: examples.len(),
        })
    }

    /// The table with its rows `repeats` times over, as a stream that holds them once.
    fn open(&self, repeats: usize, places: &Arc<Places>) -> (batch::Reader, batch::Decoder) {
        let stream = Again {
            head: Cursor::new(self.head.as_ref().clone()),
            rows: self.rows.clone(),
            at: 0,
            left: repeats,
        };
        match batch::from_stream(
            "made rows",
            Box::new(stream),
            Some(Format::Csv),
            Limits::default(),
            places.clone(),
        ) {
            Ok(opened) => opened,
            Err(error) => panic!("the made rows cannot be read: {error}"),
        }
    }
}

/// A header, and then the same bytes again and again.
struct Again {
    head: Cursor<Vec<u8>>,
    rows: Arc<Vec<u8>>,
    at: usize,
    left: usize,
}

impl Read for Again {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let of_head = self.head.read(into)?;
        if of_head > 0 || into.is_empty() {
            return Ok(of_head);
        }
        if self.at == self.rows.len() {
            self.at = 0;
            self.left = self.left.saturating_sub(1);
        }
        if self.left == 0 {
            return Ok(0);
        }
        let count = into.len().min(self.rows.len() - self.at);
        into[..count].copy_from_slice(&self.rows[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}
