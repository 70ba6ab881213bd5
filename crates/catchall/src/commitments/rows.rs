//! Rows of a small file: JSON, JSON Lines or CSV to records, each with its place. One bad row costs that row alone.
//!
//! For lists that people keep by hand (acts, reported transfers); order books have readers of their own (`batch/`).

use catchall_law::commitments::Fields;
use catchall_model::Given;
use serde_json::Value;

/// The values of one record.
pub(crate) type Values = serde_json::Map<String, Value>;

/// What stood there, what is wrong, what would be right.
pub(crate) type Wrong = (String, String, String);

/// One row, with its place.
pub(crate) struct Row {
    /// From 1, the head not counted.
    pub row: u64,
    /// Line of the file, where it has lines.
    pub line: Option<u64>,
    /// Its values.
    pub values: Result<Values, Wrong>,
}

/// The rows of a file. UTF-16 is taken where a byte order mark says so; what is no text is told as one row.
pub(crate) fn rows(bytes: &[u8]) -> Vec<Row> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => of_text(rest),
        _ => of_text(bytes),
    }
}

/// Text of two bytes a unit, as spreadsheets save "Unicode text".
fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Vec<Row> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
    match String::from_utf16(&units) {
        Ok(text) if rest.is_empty() => of_text(text.as_bytes()),
        _ => vec![no_text()],
    }
}

fn no_text() -> Row {
    Row {
        row: 1,
        line: Some(1),
        values: Err((
            String::new(),
            "this is no text".to_owned(),
            "save the table as CSV in UTF-8, or write JSON".to_owned(),
        )),
    }
}

fn of_text(bytes: &[u8]) -> Vec<Row> {
    // A head with a zero byte is no head: the file is something else, and nothing below it can be told apart.
    let head = bytes.split(|byte| *byte == b'\n').next();
    if head.is_some_and(|head| head.contains(&0)) {
        return vec![no_text()];
    }
    match bytes.trim_ascii_start().first() {
        None => Vec::new(),
        Some(b'[') => array(bytes),
        Some(b'{') => lines(bytes),
        Some(_) => table(bytes),
    }
}

fn array(bytes: &[u8]) -> Vec<Row> {
    match serde_json::from_slice::<Vec<Value>>(bytes) {
        Ok(all) => (1..)
            .zip(all)
            .map(|(row, value)| Row {
                row,
                line: None,
                values: object(value),
            })
            .collect(),
        Err(error) => vec![Row {
            row: 1,
            line: Some(error.line() as u64),
            values: Err((
                String::new(),
                format!("this is no JSON: {error}"),
                "write a list of objects, or one object a line".to_owned(),
            )),
        }],
    }
}

fn lines(bytes: &[u8]) -> Vec<Row> {
    // One object over several lines is one record.
    if let Ok(one) = serde_json::from_slice::<Value>(bytes) {
        return vec![Row {
            row: 1,
            line: Some(1),
            values: object(one),
        }];
    }
    let mut found = Vec::new();
    for (line, text) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        if text.trim_ascii().is_empty() {
            continue;
        }
        let fields = match serde_json::from_slice::<Value>(text) {
            Ok(value) => object(value),
            Err(error) => Err((
                String::from_utf8_lossy(text).chars().take(80).collect(),
                format!("this is no JSON: {error}"),
                "write one object a line, in UTF-8".to_owned(),
            )),
        };
        found.push(Row {
            row: found.len() as u64 + 1,
            line: Some(line),
            values: fields,
        });
    }
    found
}

fn object(value: Value) -> Result<Values, Wrong> {
    match value {
        Value::Object(values) => Ok(values),
        other => Err((
            other.to_string().chars().take(80).collect(),
            "a record is an object".to_owned(),
            "write `{\"date\": \"2000-03-14\", ...}`".to_owned(),
        )),
    }
}

/// The values of a record as fields; null is nobody's word.
pub(super) fn object_fields(values: &Values) -> Fields {
    values
        .iter()
        .filter_map(|(key, value)| Some((key.clone(), given(value)?)))
        .collect()
}

/// `None` for null: nobody has said.
fn given(value: &Value) -> Option<Given> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(yes) => Given::YesNo(*yes),
        Value::Number(number) => Given::Number(number.to_string()),
        Value::String(text) => Given::Text(text.clone()),
        Value::Array(several) => Given::List(several.iter().filter_map(given).collect()),
        Value::Object(_) => Given::Text(value.to_string()),
    })
}

fn table(bytes: &[u8]) -> Vec<Row> {
    let delimiter = match bytes.split(|byte| *byte == b'\n').next() {
        Some(head) if head.contains(&b';') && !head.contains(&b',') => b';',
        Some(head) if head.contains(&b'\t') && !head.contains(&b',') => b'\t',
        _ => b',',
    };
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(bytes);
    let head: Vec<String> = match reader.byte_headers() {
        Ok(head) => head
            .iter()
            .map(|cell| String::from_utf8_lossy(cell).trim().to_lowercase())
            .collect(),
        Err(_) => return Vec::new(),
    };
    let mut found = Vec::new();
    for record in reader.byte_records() {
        let row = found.len() as u64 + 1;
        let Ok(record) = record else { continue };
        let line = record.position().map(csv::Position::line);
        found.push(Row {
            row,
            line,
            values: cells(&head, &record),
        });
    }
    found
}

fn cells(head: &[String], record: &csv::ByteRecord) -> Result<Values, Wrong> {
    if record.len() > head.len() {
        return Err((
            String::new(),
            format!("{} cells under {} columns", record.len(), head.len()),
            "quote a cell that holds a comma".to_owned(),
        ));
    }
    let mut fields = Values::new();
    for (name, cell) in head.iter().zip(record) {
        let text = std::str::from_utf8(cell).map_err(|_| {
            (
                String::from_utf8_lossy(cell).chars().take(80).collect(),
                format!("`{name}` is not UTF-8"),
                "save the file as UTF-8".to_owned(),
            )
        })?;
        if !text.trim().is_empty() {
            fields.insert(name.clone(), Value::String(text.to_owned()));
        }
    }
    Ok(fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "date,what\n2001-06-01,дело\n";

    fn what(bytes: &[u8]) -> Vec<String> {
        rows(bytes)
            .into_iter()
            .map(|row| match row.values {
                Ok(values) => values["what"].as_str().unwrap_or_default().to_owned(),
                Err((_, problem, _)) => problem,
            })
            .collect()
    }

    #[test]
    fn text_of_two_bytes_a_unit_is_read_where_its_mark_says_so() {
        let little = [0xFF, 0xFE]
            .into_iter()
            .chain(TABLE.encode_utf16().flat_map(u16::to_le_bytes));
        let big = [0xFE, 0xFF]
            .into_iter()
            .chain(TABLE.encode_utf16().flat_map(u16::to_be_bytes));
        assert_eq!(what(&little.collect::<Vec<u8>>()), ["дело"]);
        assert_eq!(what(&big.collect::<Vec<u8>>()), ["дело"]);
        assert_eq!(what(TABLE.as_bytes()), ["дело"]);
    }

    #[test]
    fn what_is_no_text_is_told_and_never_passes_for_an_empty_file() {
        let unmarked: Vec<u8> = TABLE.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [&[0u8; 100][..], &[0xFF, 0xFE, 0x00], &unmarked] {
            assert_eq!(what(bytes), ["this is no text"]);
        }
        assert!(rows(b"").is_empty() && rows(b" \n").is_empty());
    }
}
