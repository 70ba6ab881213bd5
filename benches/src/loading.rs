//! Loading: from the files of all packs to a program.

use std::hint::black_box;
use std::path::Path;

use catchall_law::Program;

use crate::Asked;
use crate::clock::time;
use crate::engines::median;
use crate::real::Real;
use crate::report::{Bar, Report, number};

pub fn measure(report: &mut Report, asked: &Asked, real: &Real) {
    let bytes: usize = real.loaded.files.iter().map(|file| file.text.len()).sum();
    let entries: usize = real.law.lists.iter().map(|list| list.entries.len()).sum();
    report.section(format!(
        "6. Loading all packs: {} files, {} KiB, {} instruments, {} provisions, {} rules, {} list entries",
        real.loaded.files.len(),
        number(bytes as f64 / 1024.0),
        real.law.instruments.len(),
        real.law.provisions.len(),
        real.program.len(),
        entries
    ));
    let millis = |nanos: f64| nanos / 1e6;
    let folder: &Path = &asked.packs;
    let read = time(asked.passes, 1, || {
        drop(black_box(catchall::load::load(Some(folder))))
    });
    report.figure(
        "loading.read",
        "reading the files, and the list of places",
        millis(read.best),
        "ms",
        None,
        String::new(),
    );
    let resolve = time(asked.passes, 1, || {
        drop(black_box(catchall::load::law(&real.loaded)))
    });
    report.figure(
        "loading.law",
        "packs to law (Law::from_packs)",
        millis(resolve.best),
        "ms",
        None,
        String::new(),
    );
    let newest = real.law.newest_recorded.unwrap_or(catchall_model::Day::MAX);
    let compile = time(asked.passes, 1, || {
        drop(black_box(Program::compile(&real.law, newest)))
    });
    report.figure(
        "loading.compile",
        "law to program (Program::compile)",
        millis(compile.best),
        "ms",
        None,
        String::new(),
    );
    let all = time(asked.passes, 1, || drop(black_box(Real::load(folder))));
    report.figure(
        "loading.all",
        "all of it",
        millis(all.best),
        "ms",
        Some(Bar::AtMost(150.0)),
        median(crate::clock::Timing {
            best: millis(all.best),
            median: millis(all.median),
        }),
    );
}
