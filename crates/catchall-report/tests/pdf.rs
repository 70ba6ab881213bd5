//! PDF: the text layer is read in order; what has none, or hides it, is listed with the reason.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing
)]

use std::io::Write as _;

use catchall_report::{Context, Reading, read, read_within};

/// Objects to a file, numbered from one; the first is the catalogue.
fn file(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.5\n".to_vec();
    for (index, object) in objects.iter().enumerate() {
        bytes.extend(format!("{} 0 obj\n", index + 1).bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    bytes.extend(format!("trailer\n<< /Root 1 0 R {trailer} >>\n%%EOF\n").bytes());
    bytes
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    let mut bytes = format!("<< {dictionary} /Length {} >>\nstream\n", content.len()).into_bytes();
    bytes.extend(content);
    bytes.extend(b"\nendstream");
    bytes
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content).unwrap();
    stream("/Filter /FlateDecode", &encoder.finish().unwrap())
}

const FONT: &str = "<< /Type /Font /Subtype /Type1 /BaseFont /Times /Encoding /WinAnsiEncoding >>";

/// A file of one page per content, under one font.
fn pages(contents: &[&[u8]], font: &str, trailer: &str) -> Vec<u8> {
    let kids: Vec<String> = (0..contents.len())
        .map(|page| format!("{} 0 R", 4 + 2 * page))
        .collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!(
            "<< /Type /Pages /Kids [{}] /Count {} /Resources << /Font << /F1 3 0 R >> >> >>",
            kids.join(" "),
            kids.len()
        )
        .into_bytes(),
        font.as_bytes().to_vec(),
    ];
    for (page, content) in contents.iter().enumerate() {
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /Contents {} 0 R >>",
                5 + 2 * page
            )
            .into_bytes(),
        );
        objects.push(packed(content));
    }
    file(&objects, trailer)
}

fn reading(bytes: &[u8]) -> Reading {
    read(bytes, "application/pdf", &Context::default()).unwrap()
}

fn reasons(reading: &Reading) -> Vec<&str> {
    reading.unread.iter().map(|own| own.what.as_str()).collect()
}

const PAGE: &[u8] = b"BT /F1 12 Tf 14 TL 72 700 Td (Publication: Harbour Digest Volume: 4 Issue: 11) Tj \
T* T* [(Syldavian)-400(Foreign Minister Orest Halyk yesterday denied that Ukraine had)] TJ \
T* (sold radar equipment to Iraq \\(AP, March 8, 1999\\). He called the claim \\223absurd.\\224) Tj ET";

#[test]
fn a_text_layer_is_read_like_a_page_of_print() {
    let reading = reading(&pages(&[PAGE], FONT, ""));
    assert_eq!(reading.publication.title.as_deref(), Some("Harbour Digest"));
    assert_eq!(reading.publication.date.as_deref(), Some("1999-03-09"));
    assert_eq!(reading.citations.len(), 1);
    assert!(reading.statements.iter().any(|own| own.kind == "denied"));
    assert!(reading.statements.iter().any(|own| own.quote));
    assert_eq!(reading.offsets, "decoded");
    assert!(reading.unread.is_empty(), "{:?}", reasons(&reading));
}

#[test]
fn letters_of_a_composite_font_come_from_its_table() {
    let table =
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <0000> <FFFF> \
endcodespacerange 2 beginbfrange <0001> <001A> <0061> <0021> <0022> [<0020> <002E>] endbfrange \
1 beginbfchar <0030> <004D> endbfchar endcmap";
    let font = "<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 6 0 R >>";
    // "Moscow said so."
    let codes = "0030000F00130003000F00170021001300010009000400210013000F0022";
    let content = format!("BT /F1 10 Tf 1 0 0 1 72 700 Tm <{codes}> Tj ET");
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>".to_vec(),
        font.as_bytes().to_vec(),
        b"<< /Type /Page /Parent 2 0 R /Contents [5 0 R] /Resources << /Font << /F1 3 0 R >> >> >>"
            .to_vec(),
        stream("", content.as_bytes()),
        packed(table),
    ];
    let reading_with = reading(&file(&objects, ""));
    assert_eq!(reading_with.chars, "Moscow said so.".len());
    assert!(
        reading_with
            .parties
            .iter()
            .any(|own| own.aliases == ["Moscow"])
    );
    // Without the table no letter is guessed.
    objects[2] = font.replace("/ToUnicode 6 0 R", "").into_bytes();
    let without = reading(&file(&objects, ""));
    assert_eq!(without.chars, 0);
    assert!(reasons(&without)[0].contains("without a table of letters"));
}

#[test]
fn objects_packed_in_streams_are_found() {
    let held = [
        "<< /Type /Catalog /Pages 2 0 R >> ",
        "<< /Type /Pages /Kids [4 0 R] /Count 1 >> ",
        "<< /Type /Font /Subtype /Type1 >>",
    ];
    let head = format!(
        "1 0 2 {} 3 {} ",
        held[0].len(),
        held[0].len() + held[1].len()
    );
    let inner = format!("{head}{}", held.concat());
    let mut bytes = b"%PDF-1.5\n".to_vec();
    let objects: Vec<(u32, Vec<u8>)> = vec![
        (
            4,
            b"<< /Type /Page /Parent 2 0 R /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
                .to_vec(),
        ),
        (5, stream("", PAGE)),
        (7, {
            let mut encoder =
                flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(inner.as_bytes()).unwrap();
            stream(
                &format!("/Type /ObjStm /N 3 /First {} /Filter /FlateDecode", head.len()),
                &encoder.finish().unwrap(),
            )
        }),
    ];
    for (number, object) in objects {
        bytes.extend(format!("{number} 0 obj\n").bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    assert_eq!(
        reading(&bytes).publication.title.as_deref(),
        Some("Harbour Digest")
    );
}

#[test]
fn pages_without_text_are_listed_and_the_others_read() {
    let picture: &[u8] = b"q 600 0 0 800 0 0 cm /Im1 Do Q";
    let reading = reading(&pages(&[picture, PAGE, picture, picture], FONT, ""));
    assert!(!reading.statements.is_empty());
    assert_eq!(reasons(&reading).len(), 1);
    assert!(reasons(&reading)[0].starts_with("pages 1, 3 to 4 without a text layer"));
}

#[test]
fn an_encrypted_file_is_listed() {
    let reading = reading(&pages(&[PAGE], FONT, "/Encrypt << /Filter /Standard >>"));
    assert_eq!(reading.chars, 0);
    assert!(reasons(&reading)[0].contains("encrypted"));
}

#[test]
fn a_filter_that_is_not_read_is_named() {
    let mut bytes = pages(&[PAGE], FONT, "");
    let at = bytes
        .windows(11)
        .position(|own| own == b"FlateDecode")
        .unwrap();
    bytes[at..at + 11].copy_from_slice(b"JBIG2Decode");
    assert!(reasons(&reading(&bytes))[0].contains("JBIG2Decode"));
}

#[test]
fn cut_and_broken_files_are_read_as_far_as_they_go() {
    let whole = pages(&[PAGE, PAGE], FONT, "");
    for end in (0..whole.len()).step_by(23) {
        let _ = reading(&whole[..end]);
        let mut broken = whole.clone();
        broken[end] = broken[end].wrapping_mul(31).wrapping_add(7);
        let _ = reading(&broken);
    }
    let nested = [b"1 0 obj ".to_vec(), b"[<<".repeat(200_000)].concat();
    assert_eq!(reading(&nested).chars, 0);
    // A tree of pages that bites its tail.
    let ring = file(
        &[
            b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
            b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 2 0 R] >>".to_vec(),
        ],
        "",
    );
    assert!(reasons(&reading(&ring))[0].contains("no page"));
}

#[test]
fn what_lies_beyond_the_budget_is_listed() {
    let sentence = "Moscow said on May 5, 1999 that it will sell no tanks to anyone. ";
    let text = sentence.repeat(100);
    let most = sentence.len() * 10 + 5;
    let whole = read(text.as_bytes(), "text/plain", &Context::default()).unwrap();
    let part = read_within(text.as_bytes(), "text/plain", &Context::default(), most).unwrap();
    assert!(whole.unread.is_empty());
    assert_eq!(whole.sha256, part.sha256);
    assert!(part.statements.len() < whole.statements.len());
    let left = part.unread.last().unwrap();
    assert!(left.what.contains("split the file"), "{}", left.what);
    assert_eq!(left.at.bytes[1], text.len());
    assert!(left.at.bytes[0] <= most);
    let pages = pages(&[PAGE; 6], FONT, "");
    let part = read_within(&pages, "application/pdf", &Context::default(), 300).unwrap();
    assert!(
        reasons(&part)
            .iter()
            .any(|own| own.contains("split the file"))
    );
}
