//! Answers: the tables of hits and of determinations, built a row at a time.
//!
//! The contract's documents stand in them whole, as JSON; beside them what a query wants to sort and count by. To add a column: its field in
//! the schema, its builder, and a line where rows are written.

use std::sync::{Arc, LazyLock};

use arrow_array::builder::{Date32Builder, Float64Builder, StringBuilder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use catchall_model::{Day, Hit, Outcome, Reject};

static HITS: LazyLock<SchemaRef> = LazyLock::new(|| {
    schema(&[
        ("party", DataType::Utf8),
        ("list", DataType::Utf8),
        ("source_id", DataType::Utf8),
        ("listed_name", DataType::Utf8),
        ("score", DataType::Float64),
        ("band", DataType::Utf8),
        ("listed", DataType::Date32),
        ("delisted", DataType::Date32),
        ("citation", DataType::Utf8),
        ("hit", DataType::Utf8),
        ("rejected", DataType::Utf8),
    ])
});

static DETERMINATIONS: LazyLock<SchemaRef> = LazyLock::new(|| {
    schema(&[
        ("transfer", DataType::Utf8),
        ("outcome", DataType::Utf8),
        ("summary", DataType::Utf8),
        ("determination", DataType::Utf8),
        ("rejected", DataType::Utf8),
    ])
});

fn schema(columns: &[(&str, DataType)]) -> SchemaRef {
    let fields = columns
        .iter()
        .map(|(name, of)| Field::new(*name, of.clone(), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// What is wrong with a record, as JSON. Without its number, which follows from where an engine cut the table.
fn told(rejects: &[Reject]) -> String {
    let rows = rejects.iter().map(|reject| {
        let mut row = serde_json::to_value(reject).unwrap_or_default();
        if let Some(row) = row.as_object_mut() {
            row.remove("row");
            row.remove("file");
        }
        row
    });
    serde_json::Value::Array(rows.collect()).to_string()
}

/// A table of hits under way.
#[derive(Default)]
pub(crate) struct Hits {
    party: StringBuilder,
    list: StringBuilder,
    source: StringBuilder,
    name: StringBuilder,
    score: Float64Builder,
    band: StringBuilder,
    listed: Date32Builder,
    delisted: Date32Builder,
    citation: StringBuilder,
    hit: StringBuilder,
    rejected: StringBuilder,
}

impl Hits {
    pub(crate) fn schema() -> SchemaRef {
        HITS.clone()
    }

    /// A possible match of a party.
    pub(crate) fn hit(&mut self, party: &str, hit: &Hit) -> anyhow::Result<()> {
        let mut whole = hit.clone();
        party.clone_into(&mut whole.party);
        let of = &hit.listing;
        let day = |day: Option<Day>| day.and_then(|day| i32::try_from(day.number()).ok());
        self.party.append_value(party);
        self.list.append_value(&of.list);
        self.source.append_value(&of.source_id);
        self.name.append_value(&of.name);
        self.score.append_value(f64::from(hit.score.0) / 1000.0);
        self.band.append_value(hit.band);
        self.listed.append_option(day(of.listed));
        self.delisted.append_option(day(of.delisted));
        self.citation.append_option(of.citation.as_ref());
        self.hit.append_value(serde_json::to_string(&whole)?);
        self.rejected.append_null();
        Ok(())
    }

    /// A record that could not be read.
    pub(crate) fn rejected(&mut self, party: Option<&str>, rejects: &[Reject]) {
        self.party.append_option(party);
        for column in [
            &mut self.list,
            &mut self.source,
            &mut self.name,
            &mut self.band,
            &mut self.citation,
            &mut self.hit,
        ] {
            column.append_null();
        }
        self.score.append_null();
        self.listed.append_null();
        self.delisted.append_null();
        self.rejected.append_value(told(rejects));
    }

    pub(crate) fn finish(mut self) -> anyhow::Result<RecordBatch> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.party.finish()),
            Arc::new(self.list.finish()),
            Arc::new(self.source.finish()),
            Arc::new(self.name.finish()),
            Arc::new(self.score.finish()),
            Arc::new(self.band.finish()),
            Arc::new(self.listed.finish()),
            Arc::new(self.delisted.finish()),
            Arc::new(self.citation.finish()),
            Arc::new(self.hit.finish()),
            Arc::new(self.rejected.finish()),
        ];
        Ok(RecordBatch::try_new(HITS.clone(), columns)?)
    }
}

/// A table of determinations under way.
#[derive(Default)]
pub(crate) struct Determinations {
    transfer: StringBuilder,
    outcome: StringBuilder,
    summary: StringBuilder,
    determination: StringBuilder,
    rejected: StringBuilder,
}

impl Determinations {
    pub(crate) fn schema() -> SchemaRef {
        DETERMINATIONS.clone()
    }

    /// What was determined: its one sentence, or the whole document.
    pub(crate) fn answer(
        &mut self,
        transfer: &str,
        outcome: Outcome,
        told: Result<String, String>,
    ) {
        self.transfer.append_value(transfer);
        self.outcome.append_value(outcome.to_string());
        self.summary.append_option(told.as_ref().ok());
        self.determination.append_option(told.as_ref().err());
        self.rejected.append_null();
    }

    /// A record that could not be read, or whose values are none of their facts.
    pub(crate) fn rejected(&mut self, transfer: Option<&str>, rejects: &[Reject]) {
        self.transfer.append_option(transfer);
        for column in [
            &mut self.outcome,
            &mut self.summary,
            &mut self.determination,
        ] {
            column.append_null();
        }
        self.rejected.append_value(told(rejects));
    }

    pub(crate) fn finish(mut self) -> anyhow::Result<RecordBatch> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.transfer.finish()),
            Arc::new(self.outcome.finish()),
            Arc::new(self.summary.finish()),
            Arc::new(self.determination.finish()),
            Arc::new(self.rejected.finish()),
        ];
        Ok(RecordBatch::try_new(DETERMINATIONS.clone(), columns)?)
    }
}
