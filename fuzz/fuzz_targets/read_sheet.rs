//! Any bytes as the rows of a sheet, or as the number formats of a workbook.

#![no_main]

mod reading;

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const CONTENTS: &str =
    r#"<workbook xmlns:r="r"><sheets><sheet name="A" r:id="r1"/></sheets></workbook>"#;
const RELATIONS: &str = r#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;
const HEADER: &str = r#"<row r="1"><c t="inlineStr"><is><t>id</t></is></c><c t="inlineStr"><is><t>date</t></is></c></row>"#;

fn packed(sheet: &[u8], styles: &[u8]) -> Option<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let parts: [(&str, &[u8]); 4] = [
        ("xl/workbook.xml", CONTENTS.as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/styles.xml", styles),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    for (name, bytes) in parts {
        zip.start_file(name, options).ok()?;
        zip.write_all(bytes).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

fuzz_target!(|input: &[u8]| {
    let Some((choice, rest)) = input.split_first() else {
        return;
    };
    let (sheet, styles) = match choice % 3 {
        0 => (rest.to_vec(), Vec::new()),
        1 => {
            let sheet = [
                b"<worksheet><sheetData>",
                HEADER.as_bytes(),
                rest,
                b"</sheetData></worksheet>",
            ]
            .concat();
            (sheet, b"<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>".to_vec())
        }
        _ => {
            let row = "<row r=\"2\"><c s=\"0\"><v>35879.5</v></c><c s=\"0\"><v>-1e-7</v></c></row>";
            let sheet = format!("<worksheet><sheetData>{HEADER}{row}</sheetData></worksheet>");
            let code = String::from_utf8_lossy(rest)
                .replace('&', "&amp;")
                .replace('"', "&quot;")
                .replace('<', "&lt;");
            let styles = format!(
                "<styleSheet><numFmts><numFmt numFmtId=\"200\" formatCode=\"{code}\"/></numFmts><cellXfs><xf numFmtId=\"200\"/></cellXfs></styleSheet>"
            );
            (sheet.into_bytes(), styles.into_bytes())
        }
    };
    if let Some(book) = packed(&sheet, &styles) {
        reading::check(&book, None, if choice & 8 == 0 { 256 } else { 4 << 20 });
    }
});
