//! The writer of Parquet: rows are gathered column by column, and go out as a group when they are many or long.
//!
//! So what is held in memory does not grow with the table. Every column may be empty; texts are packed with Snappy. The file holds no
//! clock and no chance: same rows, same program, same bytes.

use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use catchall_ledger::Timestamp;
use catchall_model::Day;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;
use serde_json::Value;

use super::{Column, Kind, Rows, words};

/// Rows of a group.
const ROWS: usize = 20_000;
/// Bytes of text at which a group goes out before it has all its rows.
const TEXT: usize = 8 << 20;

/// A table that is being written.
pub(super) struct Table<W: Write + Send> {
    out: SerializedFileWriter<W>,
    columns: Vec<Gathered>,
    rows: usize,
    text: usize,
}

/// What waits of a column: the values that are there, and for each row whether one is.
struct Gathered {
    column: Column,
    values: Values,
    there: Vec<i16>,
}

enum Values {
    Text(Vec<ByteArray>),
    Whole(Vec<i64>),
    Flag(Vec<bool>),
    Day(Vec<i32>),
}

impl<W: Write + Send> Table<W> {
    pub(super) fn begin(columns: Vec<Column>, out: W) -> Result<Table<W>> {
        let fields = columns.iter().map(field).collect::<Result<Vec<_>>>()?;
        let schema = Type::group_type_builder("catchall")
            .with_fields(fields)
            .build()
            .map_err(plain)?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by(format!("catchall {}", env!("CARGO_PKG_VERSION")))
            .build();
        let out = SerializedFileWriter::new(out, Arc::new(schema), Arc::new(properties))
            .map_err(plain)?;
        Ok(Table {
            out,
            columns: columns.into_iter().map(Gathered::of).collect(),
            rows: 0,
            text: 0,
        })
    }

    /// Writes the rows that wait as one group.
    fn flush(&mut self) -> Result<()> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.out.next_row_group().map_err(plain)?;
        for column in &mut self.columns {
            column.write(&mut group)?;
        }
        group.close().map_err(plain)?;
        self.rows = 0;
        self.text = 0;
        Ok(())
    }
}

impl<W: Write + Send> Rows for Table<W> {
    fn row(&mut self, cells: &[Value]) -> Result<()> {
        if cells.len() != self.columns.len() {
            bail!(
                "a row has {} cells, the table {} columns",
                cells.len(),
                self.columns.len()
            );
        }
        for (column, cell) in self.columns.iter_mut().zip(cells) {
            self.text += column
                .take(cell)
                .with_context(|| format!("column `{}`", column.column.name))?;
        }
        self.rows += 1;
        if self.rows >= ROWS || self.text >= TEXT {
            self.flush()?;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        self.flush()?;
        self.out.finish().map_err(plain)?;
        Ok(())
    }
}

impl Gathered {
    fn of(column: Column) -> Gathered {
        let values = match column.kind {
            Kind::Text => Values::Text(Vec::new()),
            Kind::Whole | Kind::Time => Values::Whole(Vec::new()),
            Kind::Flag => Values::Flag(Vec::new()),
            Kind::Day => Values::Day(Vec::new()),
        };
        Gathered {
            column,
            values,
            there: Vec::new(),
        }
    }

    /// Takes a cell; gives its bytes of text.
    fn take(&mut self, cell: &Value) -> Result<usize> {
        if cell.is_null() {
            self.there.push(0);
            return Ok(0);
        }
        let mut size = 0;
        match &mut self.values {
            Values::Text(all) => {
                let text = words(cell).unwrap_or_default();
                size = text.len();
                all.push(ByteArray::from(text.as_bytes().to_vec()));
            }
            Values::Whole(all) if self.column.kind == Kind::Time => all.push(moment(cell)?),
            Values::Whole(all) => all.push(
                cell.as_i64()
                    .with_context(|| format!("`{cell}` is no whole number"))?,
            ),
            Values::Flag(all) => all.push(
                cell.as_bool()
                    .with_context(|| format!("`{cell}` is neither `true` nor `false`"))?,
            ),
            Values::Day(all) => all.push(day(cell)?),
        }
        self.there.push(1);
        Ok(size)
    }

    fn write<W: Write + Send>(
        &mut self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<()> {
        match &mut self.values {
            Values::Text(all) => put::<ByteArrayType, W>(group, all, &self.there)?,
            Values::Whole(all) => put::<Int64Type, W>(group, all, &self.there)?,
            Values::Flag(all) => put::<BoolType, W>(group, all, &self.there)?,
            Values::Day(all) => put::<Int32Type, W>(group, all, &self.there)?,
        }
        self.there.clear();
        Ok(())
    }
}

fn put<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &mut Vec<T::T>,
    there: &[i16],
) -> Result<()> {
    let mut writer = group
        .next_column()
        .map_err(plain)?
        .context("a column too many")?;
    writer
        .typed::<T>()
        .write_batch(values, Some(there), None)
        .map_err(plain)?;
    writer.close().map_err(plain)?;
    values.clear();
    Ok(())
}

fn field(column: &Column) -> Result<Arc<Type>> {
    let (physical, logical) = match column.kind {
        Kind::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        Kind::Whole => (Physical::INT64, None),
        Kind::Flag => (Physical::BOOLEAN, None),
        Kind::Day => (Physical::INT32, Some(LogicalType::Date)),
        Kind::Time => (
            Physical::INT64,
            Some(LogicalType::timestamp(true, TimeUnit::MILLIS)),
        ),
    };
    let field = Type::primitive_type_builder(&column.name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_logical_type(logical)
        .build()
        .map_err(plain)?;
    Ok(Arc::new(field))
}

fn day(cell: &Value) -> Result<i32> {
    let text = cell
        .as_str()
        .with_context(|| format!("`{cell}` is no day"))?;
    let day = Day::parse(text).map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(i32::try_from(day.number())?)
}

fn moment(cell: &Value) -> Result<i64> {
    let text = cell
        .as_str()
        .with_context(|| format!("`{cell}` is no time"))?;
    let time: Timestamp = text
        .parse()
        .map_err(|error| anyhow::anyhow!("`{text}` is no time: {error}"))?;
    Ok(time.as_millisecond())
}

/// What the system says stays what it is, so that a reader who has seen enough is told from a disk that is full.
fn plain(error: ParquetError) -> anyhow::Error {
    match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(io) => anyhow::Error::new(*io),
            Err(other) => anyhow::anyhow!("{other}"),
        },
        other => anyhow::Error::new(other),
    }
}
