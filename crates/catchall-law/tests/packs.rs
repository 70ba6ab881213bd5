//! The real packs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod disk;
use catchall_law::check;
fn law() -> catchall_law::Law {
    match catchall_law::Law::from_packs(&disk::files(&disk::packs_folder()), &disk::places()) {
        Ok(law) => law,
        Err(problems) => { for p in &problems { eprintln!("{p}"); } panic!("{} problems", problems.len()); }
    }
}
#[test]
fn a_check() {
    let law = law();
    let t = std::time::Instant::now();
    let report = check::check(&law);
    eprintln!("{:?}", t.elapsed());
    for d in &report.diagnostics { eprintln!("{d}"); }
    eprintln!("--- not checked {}", report.not_checked.len());
    for d in &report.not_checked { eprintln!("{}: {} ({})", d.at, d.what, d.why); }
}
#[test]
fn b_test() {
    let law = law();
    let t = std::time::Instant::now();
    let report = check::test(&law);
    eprintln!("{:?} {} provisions {} cases {} entries {} samples {} failures", t.elapsed(), report.provisions, report.cases, report.entries, report.samples, report.failures.len());
    for d in &report.failures { eprintln!("{d}"); }
}
#[test]
fn c_mutate() {
    let law = law();
    let t = std::time::Instant::now();
    let report = check::mutate(&law, None);
    eprintln!("{:?} {} mutants {} killed {} equivalent {} survived {} not checked", t.elapsed(), report.mutants, report.killed, report.equivalent, report.survivors.len(), report.not_checked.len());
    for d in &report.survivors { eprintln!("{d}"); }
    for d in &report.not_checked { eprintln!("{}: {} ({})", d.at, d.what, d.why); }
}
