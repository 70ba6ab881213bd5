//! Table: the columns of an Arrow batch as the cells of a sheet, a row at a time.
//!
//! Takes what has one way of being written as words: text, numbers, yes and no, days, lists of words. Of anything else the cell says what would
//! have been right, and the row is turned down with it. Knows nothing of what a column means.

use anyhow::bail;
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_cast::display::{ArrayFormatter, FormatOptions};
use arrow_schema::DataType;
use catchall::batch::{Cell, Raw, RawRecord};

/// The columns of a batch.
pub(crate) struct Table<'b> {
    batch: &'b RecordBatch,
    columns: Vec<Column<'b>>,
    /// The place of the column of keys.
    id: usize,
}

/// How the values of a column become words.
enum Column<'b> {
    /// As they print.
    Printed(&'b ArrayRef, ArrayFormatter<'b>),
    /// Floating numbers, of which some are none.
    Floating(&'b ArrayRef, ArrayFormatter<'b>),
    /// Words of a list, between semicolons.
    Words(&'b ArrayRef),
    /// Not at all, where there is one.
    Refused(&'b ArrayRef, String, &'static str),
}

impl<'b> Table<'b> {
    /// Understands the columns of a batch.
    pub(crate) fn of(batch: &'b RecordBatch) -> anyhow::Result<Table<'b>> {
        let schema = batch.schema_ref();
        let named =
            |field: &&arrow_schema::FieldRef| field.name().trim().eq_ignore_ascii_case("id");
        let Some(id) = schema.fields().iter().position(|field| named(&field)) else {
            bail!(
                "there is no column `id`: give every row an id of its own, by which its answer is told from the others"
            );
        };
        let columns = batch.columns().iter().map(Column::of);
        Ok(Table {
            batch,
            columns: columns.collect::<Result<_, _>>()?,
            id,
        })
    }

    /// The names of the columns.
    pub(crate) fn names(&self) -> Vec<String> {
        let fields = self.batch.schema_ref().fields().iter();
        fields.map(|field| field.name().clone()).collect()
    }

    /// The rows, each as its cells.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Vec<Cell>> {
        (0..self.batch.num_rows())
            .map(|row| self.columns.iter().map(|column| column.cell(row)).collect())
    }

    /// The key that stands in a row.
    pub(crate) fn id<'r>(&self, raw: &'r Raw) -> Option<&'r str> {
        match &raw.record {
            RawRecord::Cells(cells) => cells
                .get(self.id)
                .map(|cell| cell.text.trim())
                .filter(|id| !id.is_empty()),
            RawRecord::Text(_) | RawRecord::Json(_) => None,
        }
    }
}

impl<'b> Column<'b> {
    fn of(values: &'b ArrayRef) -> anyhow::Result<Column<'b>> {
        let printed = || ArrayFormatter::try_new(values.as_ref(), &PRINT);
        Ok(match values.data_type() {
            DataType::Null
            | DataType::Boolean
            | DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::Int64
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32
            | DataType::UInt64
            | DataType::Decimal128(..)
            | DataType::Decimal256(..)
            | DataType::Date32
            | DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View => Column::Printed(values, printed()?),
            DataType::Dictionary(_, of)
                if **of == DataType::Utf8 || **of == DataType::LargeUtf8 =>
            {
                Column::Printed(values, printed()?)
            }
            DataType::Float16 | DataType::Float32 | DataType::Float64 => {
                Column::Floating(values, printed()?)
            }
            DataType::List(of) if of.data_type() == &DataType::Utf8 => Column::Words(values),
            DataType::Timestamp(..) | DataType::Date64 => Column::Refused(
                values,
                "an hour stands beside the day".to_owned(),
                "cast the column to a date, or write the day alone as `2026-11-22`",
            ),
            other => Column::Refused(
                values,
                format!("columns of {other} are not read"),
                "cast the column to text, to a number, to a date, or to a list of texts",
            ),
        })
    }

    fn cell(&self, row: usize) -> Cell {
        match self {
            Column::Printed(values, _)
            | Column::Floating(values, _)
            | Column::Words(values)
            | Column::Refused(values, ..)
                if values.is_null(row) =>
            {
                Cell::default()
            }
            Column::Printed(_, shown) => Cell::plain(shown.value(row).to_string()),
            Column::Floating(_, shown) => {
                let text = shown.value(row).to_string();
                if text.parse().is_ok_and(f64::is_finite) {
                    Cell::plain(text)
                } else {
                    Cell::fault(
                        text,
                        "this is no number",
                        "write a number, or leave the cell empty",
                    )
                }
            }
            Column::Words(values) => {
                let words = values.as_list::<i32>().value(row);
                let words: Vec<&str> = words.as_string::<i32>().iter().flatten().collect();
                Cell::plain(words.join("; "))
            }
            Column::Refused(_, problem, cure) => Cell::fault("a value", problem.clone(), cure),
        }
    }
}

const PRINT: FormatOptions<'static> = FormatOptions::new();
