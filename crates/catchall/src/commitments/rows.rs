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

/// The rows of a file.
pub(crate) fn rows(bytes: &[u8]) -> Vec<Row> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
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
