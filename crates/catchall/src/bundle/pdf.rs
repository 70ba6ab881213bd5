//! A bundle for paper: the same in the same order, on pages, with a last page that says how to check it. The page for browsers goes along
//! inside, unpacked: it is the one that counts, and the one whose entries are checked.

use anyhow::{Context, anyhow};
use catchall_ledger::Hash;

use super::words::{facts_of, head_of, log_of, parts_of, rows_of};
use super::{Bundle, fits, page};
use crate::explain;
use crate::paper::{Along, HEADING, Paper, SMALL, TEXT, TITLE};

/// What the line behind the file begins with. A reader of PDFs takes it for a remark.
const SEAL: &[u8] = b"\n%seal, sha-256 of everything above this line: ";
/// How a page for browsers begins.
const BEGINS: &[u8] = b"<!doctype html>";
/// How it ends, with the end of its place in the file.
const ENDS: &[u8] = b" -->\n\nendstream";
/// Letters of a line of reasons.
const WIDE: usize = 92;

/// The pages, sealed.
pub(super) fn pages(bundle: &Bundle<'_>) -> Vec<u8> {
    let html = page(bundle);
    let mut made = drawn(bundle, &html).unwrap_or_default();
    made.truncate(made.trim_ascii_end().len());
    let seal = Hash::of(&made).to_string();
    made.extend_from_slice(SEAL);
    made.extend_from_slice(seal.as_bytes());
    made.push(b'\n');
    made
}

fn drawn(bundle: &Bundle<'_>, html: &str) -> Option<Vec<u8>> {
    let case = bundle.case;
    let title = format!("Case {}: {}", case.id, case.title);
    let mut paper = Paper::begin()?;
    paper.heading(TITLE, &title);
    paper.heading(HEADING, "The case");
    let rows = rows_of(bundle);
    paper.table(
        &[0.16, 0.84],
        &[],
        rows.into_iter()
            .map(|(name, value)| vec![name.to_owned(), value]),
    );
    paper.heading(HEADING, "Facts, as stated");
    paper.text(TEXT, "What is not here nobody has said.");
    let facts = facts_of(bundle).into_iter().map(|row| row.to_vec());
    paper.table(&[0.34, 0.4, 0.26], &["Field", "Value", "From"], facts);
    paper.heading(HEADING, "Why");
    for line in explain::text(bundle.document, WIDE, false).lines() {
        // On paper a branch is shown by how far it is moved in.
        let is_line = |c: char| ('\u{2500}'..='\u{257f}').contains(&c);
        paper.indented(TEXT, &line.replace(is_line, " "));
    }
    for part in parts_of(bundle) {
        paper.heading(HEADING, part.title);
        paper.table(shares(part.heads.len()), part.heads, part.rows);
    }
    paper.heading(HEADING, "Activity");
    paper.text(
        TEXT,
        "Append-only; each entry of the ledger seals the one before it.",
    );
    let log = log_of(bundle).into_iter();
    paper.table(
        &[0.08, 0.24, 0.18, 0.5],
        &["Entry", "When", "Who", "What, and the entry’s hash"],
        log.map(|line| {
            vec![
                line.number.to_string(),
                line.at,
                line.by,
                format!("{}\n{}", line.says, line.hash),
            ]
        }),
    );
    verification(&mut paper, bundle, html);
    let name = format!("{}.html", case.id);
    let along = Along {
        name: &name,
        media: "text/html",
        about: "The same case, sealed, for a browser. It is the one that counts.",
        bytes: html.as_bytes(),
    };
    let foot = format!("Case {} · sealed {} · Catchall", case.id, bundle.made);
    Some(paper.end(&title, &foot, &along))
}

/// How much of the width each column takes: words take the most, and stand last.
fn shares(columns: usize) -> &'static [f32] {
    match columns {
        3 => &[0.24, 0.22, 0.54],
        _ => &[0.08, 0.28, 0.34, 0.3],
    }
}

fn verification(paper: &mut Paper, bundle: &Bundle<'_>, html: &str) {
    let spelt = paper.spelt();
    paper.page();
    paper.heading(HEADING, "How to check this");
    for step in [
        "1. The seal: the last line of this file, behind the pages, holds the SHA-256 of everything above it. “catchall case bundle --check FILE” works it out again; so does any program that hashes the file without its last line and the break before it.",
        "2. The page inside: this file takes the same case along as a page for browsers (the attachment that a reader of PDFs lists). It has a seal of its own, and it is the one that counts: where the two seem to differ, go by it.",
        "3. The entries: the same command compares each hash of the activity with the ledger’s own, and tells which entry differs.",
        "4. The chain: “catchall ledger verify” checks, offline and over an export, that each entry seals the one before it, back to the first.",
        "5. The answer: “catchall ledger replay” recomputes the determination from its basis; the bytes must be the same.",
    ] {
        paper.text(TEXT, step);
    }
    paper.text(TEXT, "");
    paper.text(TEXT, &head_of(bundle));
    paper.text(
        TEXT,
        &format!(
            "SHA-256 of the page inside, its own seal included: {}",
            Hash::of(html.as_bytes())
        ),
    );
    if spelt {
        paper.text(
            TEXT,
            "Some letters of these pages stand as code points of Unicode, such as [U+5317 U+4EAC]: the font of this file has no shape for them. The page inside has them all.",
        );
    }
    paper.heading(HEADING, "What the answer rests on");
    let of = |part: &str| {
        bundle.document["basis"][part]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let basis = ["packs", "lists", "names", "program"];
    let rows = basis.map(|part| vec![part.to_owned(), of(part)]);
    paper.table(
        &[0.16, 0.84],
        &[],
        rows.into_iter()
            .filter(|row| row.iter().all(|cell| !cell.is_empty())),
    );
    paper.text(SMALL, "The program determines; a person decides.");
}

/// The page inside a PDF whose seal holds.
///
/// # Errors
/// When it has no seal, or another one than its bytes make, or no page inside.
pub(super) fn inside(bytes: &[u8]) -> anyhow::Result<&[u8]> {
    let place = memchr::memmem::rfind(bytes, SEAL)
        .ok_or_else(|| anyhow!("this is no bundle: the PDF does not end with a seal"))?;
    let (above, line) = bytes.split_at(place);
    let told = line.get(SEAL.len()..).unwrap_or_default();
    let told = String::from_utf8_lossy(told.strip_suffix(b"\n").unwrap_or_default());
    fits(above, &told)?;
    let start = memchr::memmem::find(above, BEGINS);
    let rest = start.and_then(|start| above.get(start..));
    let rest = rest.context("this is no bundle: the PDF takes no page along")?;
    // What a person wrote may hold the same words; the last ones are the file's.
    let end = memchr::memmem::rfind(rest, ENDS).context("the page inside is cut")?;
    rest.get(..end + " -->\n".len())
        .context("the page inside is cut")
}
