//! Talk on stderr need not be heard; data on stdout must arrive.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs::OpenOptions;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A row that is rejected and one that is answered: both are talked about.
const ROWS: &str = "id,kind,date,from,to,item_kind\n1,export,no day,RU,IR,alloy-steel\n2,export,1998-03-25,RU,IR,alloy-steel\n";

fn run(folder: &Path, out: Stdio, err: Stdio) -> Output {
    let rows = folder.join("rows.csv");
    std::fs::write(&rows, ROWS).unwrap();
    Command::new(env!("CARGO_BIN_EXE_catchall"))
        .args(["assess", "--format", "csv"])
        .arg(rows)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .stdout(out)
        .stderr(err)
        .output()
        .unwrap()
}

fn full() -> Stdio {
    OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap()
        .into()
}

#[test]
fn nobody_to_hear_changes_nothing_and_nowhere_to_write_is_an_error() {
    let folder = std::env::temp_dir().join(format!("catchall-talk-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let heard = run(&folder, Stdio::piped(), Stdio::piped());
    assert_eq!(heard.status.code(), Some(13));
    assert!(String::from_utf8_lossy(&heard.stderr).contains("rejected"));
    if Path::new("/dev/full").exists() {
        let unheard = run(&folder, Stdio::piped(), full());
        assert_eq!(unheard.status.code(), Some(13));
        assert_eq!(unheard.stdout, heard.stdout);
        let lost = run(&folder, full(), Stdio::piped());
        assert_eq!(lost.status.code(), Some(1));
        let said = String::from_utf8_lossy(&lost.stderr);
        assert!(!said.contains("panicked"), "{said}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
