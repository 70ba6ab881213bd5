//! The real packs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod disk;
#[test]
fn load() {
    let t = std::time::Instant::now();
    match catchall_law::Law::from_packs(&disk::files(&disk::packs_folder()), &disk::places()) {
        Ok(law) => {
            eprintln!("loaded {} provisions, {} lists, {} warnings in {:?}", law.provisions.len(), law.lists.len(), law.warnings.len(), t.elapsed());
            for w in &law.warnings { eprintln!("{w}"); }
        }
        Err(problems) => { for p in &problems { eprintln!("{p}"); } panic!("{} problems", problems.len()); }
    }
}
