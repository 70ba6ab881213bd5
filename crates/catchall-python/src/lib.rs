//! Catchall for Python: parties and transfers as Arrow tables in, hits and determinations as Arrow tables out.
//!
//! A second roof over the same rooms: packs, lists and rows are read by the code that the command line reads them with, so that a row has the
//! same answer here, there, and on every machine of an engine that spreads rows over many. Knows no engine, keeps nothing, looks at no clock:
//! the day is always said. It hears no ledger either, so what a house's own ledger knows of licences does not count here.
//!
//! `table` turns columns into cells, `answers` makes the tables that go out.

mod answers;
mod table;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use anyhow::{Context, anyhow, bail};
use catchall::batch::{Decoder, Raw, RawRecord, TableOf, refused};
use catchall::load;
use catchall_assess::{AskedFor, Assessor, Detail, Room};
use catchall_model::{Day, Places, Reject};
use pyo3::exceptions::{PyException, PyValueError};
use pyo3::prelude::*;
use pyo3_arrow::{PyRecordBatch, PySchema};

use self::answers::{Determinations, Hits};
use self::table::Table;

pyo3::create_exception!(
    catchall,
    NotScreened,
    PyException,
    "A list that was asked for is missing, empty, shrunk or too old: nobody was screened."
);

/// The law and the lists of one folder each, ready to be asked about tables.
///
/// One a process is enough: it may be asked from several threads at once, which then work side by side.
#[pyclass(frozen, module = "catchall")]
struct Engine {
    assessor: Assessor,
    places: Arc<Places>,
    as_of: Option<Day>,
    /// Room to work in, one for each thread that was ever at work at once.
    rooms: Mutex<Vec<Room>>,
}

#[pymethods]
impl Engine {
    /// Reads packs and lists; the packs built into the program, and no lists, where no folder is named.
    ///
    /// `as_of`: the law and the lists as they stood on this day, as `2026-11-22`. `assess` takes each transfer's own date without it; `screen` must
    /// have it. `known_by`: the law as it was recorded by this day. `max_list_age`: older lists are refused, in days before `as_of`.
    #[new]
    #[pyo3(signature = (*, packs=None, lists=None, as_of=None, known_by=None, max_list_age=None))]
    fn new(
        py: Python<'_>,
        packs: Option<PathBuf>,
        lists: Option<PathBuf>,
        as_of: Option<&str>,
        known_by: Option<&str>,
        max_list_age: Option<u32>,
    ) -> PyResult<Engine> {
        let asked = AskedFor {
            as_of: day("as_of", as_of).map_err(value_error)?,
            known_by: day("known_by", known_by).map_err(value_error)?,
        };
        let made = py.detach(|| made(packs, lists, asked, max_list_age));
        let engine = made.map_err(value_error)?;
        let (_, problems) = engine.assessor.lists();
        if problems.is_empty() {
            Ok(engine)
        } else {
            Err(NotScreened::new_err(problems.join("; ")))
        }
    }

    /// Digests of packs, lists, names and program, as JSON: two engines with the same basis give the same answers.
    #[getter]
    fn basis(&self) -> PyResult<String> {
        serde_json::to_string(self.assessor.basis()).map_err(|error| value_error(error.into()))
    }

    /// Screens the parties of a table: one row a hit, and one a record that could not be read. A party without a row had no hit.
    fn screen<'py>(&self, py: Python<'py>, parties: PyRecordBatch) -> PyResult<Bound<'py, PyAny>> {
        let made = py.detach(|| self.screened(&parties.into_inner()));
        PyRecordBatch::new(made.map_err(value_error)?).into_pyarrow(py)
    }

    /// Assesses the transfers of a table: one row each, in their order.
    ///
    /// With `documents` the whole determination as JSON; without, only the outcome and a sentence, several times as fast.
    #[pyo3(signature = (transfers, *, documents=true))]
    fn assess<'py>(
        &self,
        py: Python<'py>,
        transfers: PyRecordBatch,
        documents: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let made = py.detach(|| self.assessed(&transfers.into_inner(), documents));
        PyRecordBatch::new(made.map_err(value_error)?).into_pyarrow(py)
    }

    /// The columns that `screen` gives.
    #[staticmethod]
    fn hits_schema(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        PySchema::new(Hits::schema()).into_pyarrow(py)
    }

    /// The columns that `assess` gives.
    #[staticmethod]
    fn determinations_schema(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
        PySchema::new(Determinations::schema()).into_pyarrow(py)
    }
}

impl Engine {
    fn screened(
        &self,
        batch: &arrow_array::RecordBatch,
    ) -> anyhow::Result<arrow_array::RecordBatch> {
        let on = self.as_of.ok_or_else(|| {
            anyhow!("on which day? give `as_of` to the engine: machines that each took their own day would not agree")
        })?;
        let (table, decoder) = self.read(batch, TableOf::Parties)?;
        let mut made = Hits::default();
        self.at_work(|room| {
            for cells in table.rows() {
                let raw = match keyed(&table, cells) {
                    Ok(raw) => raw,
                    Err(reject) => {
                        made.rejected(None, &[reject]);
                        continue;
                    }
                };
                match decoder.party(&raw) {
                    Ok(asked) => {
                        for hit in self.assessor.screen(&asked.party, &asked.key, on, room) {
                            made.hit(&asked.key, &hit)?;
                        }
                    }
                    Err(rejects) => made.rejected(table.id(&raw), &rejects),
                }
            }
            Ok(())
        })?;
        made.finish()
    }

    fn assessed(
        &self,
        batch: &arrow_array::RecordBatch,
        documents: bool,
    ) -> anyhow::Result<arrow_array::RecordBatch> {
        let (table, decoder) = self.read(batch, TableOf::Transfers)?;
        let unknown = catchall::lawbook::unknown_columns(&decoder, &self.assessor);
        if !unknown.is_empty() {
            bail!("{}", unknown.join("; "));
        }
        let mut made = Determinations::default();
        self.at_work(|room| {
            for cells in table.rows() {
                let raw = match keyed(&table, cells) {
                    Ok(raw) => raw,
                    Err(reject) => {
                        made.rejected(None, &[reject]);
                        continue;
                    }
                };
                let transfer = match decoder.decode(&raw) {
                    Ok(transfer) => transfer,
                    Err(rejects) => {
                        made.rejected(table.id(&raw), &rejects);
                        continue;
                    }
                };
                let answered = if documents {
                    let answered = self.assessor.assess_to_json(&transfer, room);
                    answered.map(|(outcome, text)| (outcome, Err(text)))
                } else {
                    let answered = self.assessor.assess(&transfer, Detail::Brief, room);
                    answered.map(|brief| (brief.outcome, Ok(brief.summary)))
                };
                match answered {
                    Ok((outcome, told)) => made.answer(&transfer.id, outcome, told),
                    Err(errors) => {
                        let reject = |error| refused(&decoder, &raw, &transfer.id, error);
                        let rejects: Vec<Reject> = errors.into_iter().map(reject).collect();
                        made.rejected(Some(&transfer.id), &rejects);
                    }
                }
            }
            Ok(())
        })?;
        made.finish()
    }

    /// The table's columns understood, once for all of its rows.
    fn read<'b>(
        &self,
        batch: &'b arrow_array::RecordBatch,
        of: TableOf,
    ) -> anyhow::Result<(Table<'b>, Decoder)> {
        let table = Table::of(batch)?;
        let decoder = Decoder::of_columns("table", table.names(), of, self.places.clone())?;
        Ok((table, decoder))
    }

    /// Lends the work a room of its own.
    fn at_work(&self, work: impl FnOnce(&mut Room) -> anyhow::Result<()>) -> anyhow::Result<()> {
        let idle = self.rooms.lock().ok().and_then(|mut rooms| rooms.pop());
        let mut room = idle.unwrap_or_default();
        let done = work(&mut room);
        if let Ok(mut rooms) = self.rooms.lock() {
            rooms.push(room);
        }
        done
    }
}

/// A row with its key. Rows that are spread over machines have no number, so that only a key says afterwards which one is meant.
fn keyed(table: &Table<'_>, cells: Vec<catchall::batch::Cell>) -> Result<Raw, Reject> {
    let raw = Raw {
        row: 1,
        line: None,
        record: RawRecord::Cells(cells),
    };
    if table.id(&raw).is_some() {
        return Ok(raw);
    }
    Err(Reject {
        file: "table".to_owned(),
        row: 0,
        line: None,
        id: None,
        column: Some("id".to_owned()),
        cell: None,
        problem: "the row has no id".to_owned(),
        cure: "give every row an id of its own: rows of a table that is spread over machines have no number".to_owned(),
    })
}

fn made(
    packs: Option<PathBuf>,
    lists: Option<PathBuf>,
    asked: AskedFor,
    max_list_age: Option<u32>,
) -> anyhow::Result<Engine> {
    let loaded = load::load(packs.as_deref())?;
    let law = load::law_to_answer(&loaded).map_err(|problems| {
        let first = problems.first().map(|problem| problem.message.clone());
        anyhow!(
            "the packs of {} cannot be used: {} problems, the first: {}; `catchall law check` shows each with its place",
            loaded.from,
            problems.len(),
            first.unwrap_or_default()
        )
    })?;
    let oldest = match (max_list_age, asked.as_of) {
        (None, _) => None,
        (Some(days), Some(day)) => Some(Day::from_number(day.number() - i64::from(days))),
        (Some(_), None) => bail!("`max_list_age` counts back from `as_of`: give both"),
    };
    let imported = match &lists {
        Some(folder) => load::imported(Some(folder), oldest)?,
        None => catchall_assess::Imported::default(),
    };
    let digests = load::digests(&loaded);
    let assessor = Assessor::new(law, imported, asked, &digests)?;
    Ok(Engine {
        assessor,
        places: Arc::new(loaded.places),
        as_of: asked.as_of,
        rooms: Mutex::default(),
    })
}

fn day(name: &str, text: Option<&str>) -> anyhow::Result<Option<Day>> {
    text.map(|text| Day::parse(text).with_context(|| format!("`{name}`")))
        .transpose()
}

/// What is wrong, with all that stands behind it, as Python's own error of values.
fn value_error(error: anyhow::Error) -> PyErr {
    PyValueError::new_err(format!("{error:#}"))
}

/// The module as Python sees it.
#[pymodule]
fn _catchall(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_class::<Engine>()?;
    module.add("NotScreened", module.py().get_type::<NotScreened>())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))
}
