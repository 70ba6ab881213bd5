//! Workbooks made by hand, part by part, and what is wrong with a workbook as a whole.

use std::io::{Cursor, Write};

use catchall::batch::{Format, Limits};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::{Corpus, Outcome};

const CONTENTS: &str = r#"<?xml version="1.0"?><workbook xmlns:r="r"><workbookPr/><sheets><sheet name="Orders" sheetId="1" r:id="rId1"/></sheets></workbook>"#;

const RELATIONS: &str = r#"<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://x/styles" Target="styles.xml"/></Relationships>"#;

const STYLES: &str = r##"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="#,##0&quot; km&quot;"/><numFmt numFmtId="165" formatCode="[&lt;1000]0&quot; g&quot;;0&quot; kg&quot;"/><numFmt numFmtId="166" formatCode="0.0,,&quot; million USD&quot;"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="9"/><xf numFmtId="11"/><xf numFmtId="164"/><xf numFmtId="17"/><xf numFmtId="165"/><xf numFmtId="49"/><xf numFmtId="166"/><xf numFmtId="16"/><xf numFmtId="20"/></cellXfs></styleSheet>"##;

/// The parts of a workbook.
pub struct Book<'a> {
    pub contents: &'a str,
    pub relations: &'a str,
    pub styles: &'a str,
    pub prefix: &'a str,
    pub data: &'a str,
    pub method: CompressionMethod,
}

impl Default for Book<'_> {
    fn default() -> Self {
        Book {
            contents: CONTENTS,
            relations: RELATIONS,
            styles: STYLES,
            prefix: "",
            data: "",
            method: CompressionMethod::Deflated,
        }
    }
}

impl Book<'_> {
    pub fn packed(&self) -> Vec<u8> {
        let long = "x".repeat(200);
        let texts = format!(
            "<sst><si><t>IR</t></si><si><t>id</t></si><si><t>to</t></si><si><r><t xml:space=\"preserve\">valve </t></r>\
             <r><t>&amp; pipe</t></r><rPh><t>spoken</t></rPh></si><si><t>{long}</t></si></sst>"
        );
        let prefix = self.prefix;
        let sheet = format!(
            "<?xml version=\"1.0\"?><{prefix}worksheet><{prefix}sheetPr/><{prefix}cols/><{prefix}sheetData>{}</{prefix}sheetData></{prefix}worksheet>",
            self.data
        );
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(self.method);
        for (name, text) in [
            ("xl/workbook.xml", self.contents),
            ("xl/_rels/workbook.xml.rels", self.relations),
            ("xl/styles.xml", self.styles),
            ("xl/sharedStrings.xml", &texts),
            ("xl/worksheets/sheet1.xml", &sheet),
        ] {
            if !text.is_empty() {
                zip.start_file(name, options).unwrap();
                zip.write_all(text.as_bytes()).unwrap();
            }
        }
        zip.finish().unwrap().into_inner()
    }
}

/// A sheet with the columns `id` and `column`, this cell in its third row, and good rows around it.
pub fn one_cell(column: &str, cell: &str) -> Vec<u8> {
    let text = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let data = format!(
        "<row r=\"1\">{}{}</row><row r=\"2\">{}</row><row r=\"3\">{}{cell}</row><row r=\"4\">{}</row>",
        text("id"),
        text(column),
        text("first"),
        text("x"),
        text("last"),
    );
    Book {
        data: &data,
        ..Book::default()
    }
    .packed()
}

const TWO_ROWS: &str = r#"<row r="1"><c t="s"><v>1</v></c><c t="s"><v>2</v></c></row><row r="2"><c><v>1</v></c><c t="s"><v>0</v></c></row><row r="3"><c><v>2</v></c><c t="s"><v>0</v></c></row>"#;

fn read(bytes: &[u8], limits: Limits) -> Outcome {
    Corpus::new().read(bytes, Some(Format::Xlsx), limits, 4096)
}

fn ids(outcome: &Outcome) -> Vec<&str> {
    outcome
        .good
        .iter()
        .map(|transfer| transfer.id.as_str())
        .collect()
}

fn two_rows() -> Book<'static> {
    Book {
        data: TWO_ROWS,
        ..Book::default()
    }
}

#[test]
fn a_good_workbook_is_read_however_it_is_packed() {
    for method in [CompressionMethod::Deflated, CompressionMethod::Stored] {
        let outcome = read(
            &Book {
                method,
                ..two_rows()
            }
            .packed(),
            Limits::default(),
        );
        assert_eq!(ids(&outcome), ["1", "2"], "{outcome:?}");
        assert!(outcome.rejects.is_empty());
    }
}

#[test]
fn a_workbook_cut_off_anywhere_gives_an_error_or_a_reject_and_never_fewer_rows_in_silence() {
    let rows: String = (2..400)
        .map(|row| format!("<row r=\"{row}\"><c><v>{row}</v></c><c t=\"s\"><v>0</v></c></row>"))
        .collect();
    let data = format!("<row r=\"1\"><c t=\"s\"><v>1</v></c><c t=\"s\"><v>2</v></c></row>{rows}");
    let book = Book {
        data: &data,
        ..Book::default()
    }
    .packed();
    for length in (4..book.len()).step_by(7) {
        let outcome = read(&book[..length], Limits::default());
        assert!(
            outcome.error.is_some() || !outcome.rejects.is_empty(),
            "{length}: {} rows",
            outcome.good.len()
        );
    }
}

#[test]
fn a_workbook_with_any_byte_of_its_sheet_changed_is_never_read_in_silence() {
    let book = two_rows().packed();
    let whole = read(&book, Limits::default());
    let mut silent = 0;
    for place in 0..book.len() {
        let mut changed = book.clone();
        changed[place] ^= 0x55;
        let outcome = read(&changed, Limits::default());
        // Names, dates and flags of the archive may change without harm: then the rows are the same.
        if outcome.error.is_none() && outcome.rejects.is_empty() && outcome.good != whole.good {
            silent += 1;
        }
    }
    assert_eq!(silent, 0, "bytes whose change was not noticed");
}

#[test]
fn a_bomb_is_stopped_at_the_limit() {
    let filler = "<row/>".repeat(200_000);
    let data = format!("{TWO_ROWS}{filler}");
    let book = Book {
        data: &data,
        ..Book::default()
    }
    .packed();
    assert!(book.len() < 20_000, "a bomb is small: {}", book.len());
    let limits = Limits {
        sheet: 100_000,
        ..Limits::default()
    };
    let outcome = read(&book, limits);
    assert_eq!(ids(&outcome), ["1", "2"]);
    let said = &outcome.rejects.last().unwrap().problem;
    assert!(said.contains("too long when unpacked"), "{said}");
    let limits = Limits {
        texts: 100,
        ..Limits::default()
    };
    let said = read(&book, limits).error.unwrap();
    assert!(
        said.contains("table of texts") && said.contains("too long when unpacked"),
        "{said}"
    );
    let limits = Limits {
        workbook: 1000,
        ..Limits::default()
    };
    let said = read(&book, limits).error.unwrap();
    assert!(
        said.contains("longer than") && said.contains("save it as CSV"),
        "{said}"
    );
}

#[test]
fn a_description_of_the_workbook_that_is_a_bomb_is_stopped() {
    let styles = format!("<styleSheet>{}</styleSheet>", " ".repeat(17 << 20));
    let said = read(
        &Book {
            styles: &styles,
            ..two_rows()
        }
        .packed(),
        Limits::default(),
    )
    .error
    .unwrap();
    assert!(said.contains("far too long"), "{said}");
}

#[test]
fn parts_that_are_missing_or_broken_are_told() {
    let no_sheet = r#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet9.xml"/></Relationships>"#;
    let hidden = CONTENTS.replace("sheetId", "state=\"hidden\" sheetId");
    for (about, book, part) in [
        (
            "no table of contents",
            Book {
                contents: "",
                ..two_rows()
            },
            "no Excel workbook is in it",
        ),
        (
            "no sheet under the name",
            Book {
                relations: no_sheet,
                ..two_rows()
            },
            "first sheet is missing",
        ),
        (
            "no relations",
            Book {
                relations: "",
                ..two_rows()
            },
            "no sheet that can be seen",
        ),
        (
            "only a hidden sheet",
            Book {
                contents: &hidden,
                ..two_rows()
            },
            "no sheet that can be seen",
        ),
        (
            "contents that are no XML",
            Book {
                contents: "<workbook><sheets></workbook>",
                ..two_rows()
            },
            "damaged",
        ),
        (
            "styles that are no XML",
            Book {
                styles: "<styleSheet><cellXfs></styleSheet>",
                ..two_rows()
            },
            "damaged",
        ),
    ] {
        let said = read(&book.packed(), Limits::default())
            .error
            .unwrap_or_default();
        assert!(said.contains(part), "{about}: {said}");
    }
}

#[test]
fn without_styles_numbers_are_plain() {
    let outcome = read(
        &Book {
            styles: "",
            ..two_rows()
        }
        .packed(),
        Limits::default(),
    );
    assert_eq!(ids(&outcome), ["1", "2"]);
}

#[test]
fn days_may_be_counted_from_1904() {
    let contents = CONTENTS.replace("<workbookPr/>", "<workbookPr date1904=\"1\"/>");
    let data = r#"<row r="1"><c t="inlineStr"><is><t>date</t></is></c></row><row r="2"><c s="1"><v>34417</v></c></row>"#;
    let outcome = read(
        &Book {
            contents: &contents,
            data,
            ..Book::default()
        }
        .packed(),
        Limits::default(),
    );
    assert_eq!(outcome.good[0].date.unwrap().to_string(), "1998-03-25");
}
