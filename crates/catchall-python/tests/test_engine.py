"""The engine against the program: the same rows have the same answers, whatever columns they come in and wherever a table is cut."""

import csv
import datetime
import json
from concurrent.futures import ThreadPoolExecutor

import pyarrow
import pytest

from catchall import Engine, NotScreened

from conftest import ROOT

DAY = "2026-11-22"


def table(*rows):
    return pyarrow.RecordBatch.from_pylist(list(rows))


def cut(batch, sizes):
    start = 0
    for size in sizes:
        yield batch.slice(start, size)
        start += size
    yield batch.slice(start)


@pytest.fixture(scope="module")
def transfers():
    with open(ROOT / "examples/transfers.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return pyarrow.RecordBatch.from_pylist([{name: cell or None for name, cell in row.items()} for row in rows])


@pytest.fixture(scope="module")
def parties(names):
    """Names of the list itself, some spoiled, and people of no list."""
    rows = [{"id": f"p{place}", "name": name[:-1] if place % 3 else name, "country": None} for place, name in enumerate(names)]
    rows += [
        {"id": "none", "name": "Harbour Pumps Ltd", "country": "GB"},
        {"id": "rtl", "name": "علی حسینی", "country": "IR"},
        {"id": "kanji", "name": "田中 一郎", "country": "JP"},
    ]
    return table(*rows)


def test_every_example_is_answered_as_by_the_program(transfers, catchall_program):
    wanted = catchall_program("assess", "examples/transfers.csv", "--format", "jsonl", codes=(13,)).splitlines()
    made = Engine(packs=ROOT / "packs").assess(transfers)
    assert made.column("determination").to_pylist() == wanted
    assert made.column("outcome").to_pylist() == [json.loads(line)["outcome"] for line in wanted]
    assert made.schema == Engine.determinations_schema()


def test_without_documents_the_outcome_is_the_same(transfers):
    engine = Engine(packs=ROOT / "packs")
    whole, brief = engine.assess(transfers), engine.assess(transfers, documents=False)
    assert brief.column("outcome") == whole.column("outcome")
    assert all(brief.column("summary").to_pylist())
    assert brief.column("determination").null_count == whole.column("summary").null_count == transfers.num_rows


def test_every_party_has_the_hits_that_the_program_gives(parties, lists, catchall_program, tmp_path):
    file = tmp_path / "parties.csv"
    with open(file, "w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, parties.schema.names)
        writer.writeheader()
        writer.writerows(parties.to_pylist())
    wanted = catchall_program("screen", file, "--lists", lists, "--as-of", DAY, "--format", "jsonl", codes=(11,)).splitlines()
    made = Engine(packs=ROOT / "packs", lists=lists, as_of=DAY).screen(parties)
    assert len(wanted) > 10
    assert made.column("hit").to_pylist() == wanted
    assert made.column("score").to_pylist() == [json.loads(line)["score"] for line in wanted]
    listed = [json.loads(line)["listing"].get("listed") for line in wanted]
    assert made.column("listed").to_pylist() == [day and datetime.date.fromisoformat(day) for day in listed]
    assert made.schema == Engine.hits_schema()


@pytest.mark.parametrize("sizes", [[1], [2, 0, 3], [7, 7]])
def test_where_a_table_is_cut_makes_no_difference(parties, transfers, lists, sizes):
    engine = Engine(packs=ROOT / "packs", lists=lists, as_of=DAY)
    spoiled = pyarrow.RecordBatch.from_pylist(transfers.to_pylist() + [{"id": "bad", "kind": "export", "date": "yesterday"}], schema=transfers.schema)
    for verb, batch in [(engine.screen, parties), (engine.assess, spoiled)]:
        whole = verb(batch)
        parts = pyarrow.Table.from_batches([verb(part) for part in cut(batch, sizes)])
        assert parts.to_pylist() == whole.to_pylist()


def test_threads_work_side_by_side_and_agree(parties, lists):
    engine = Engine(packs=ROOT / "packs", lists=lists, as_of=DAY)
    wanted = engine.screen(parties)
    with ThreadPoolExecutor(4) as pool:
        assert all(made == wanted for made in pool.map(engine.screen, [parties] * 12))


def test_columns_of_types_say_what_their_words_say():
    engine = Engine(packs=ROOT / "packs")
    words = {"id": "1", "kind": "export", "date": "1998-03-20", "from": "RU", "to": "IR", "via": "AZ; TM", "item": "steel", "form": "goods", "informed_by_authority": "true"}
    typed = {**words, "date": datetime.date(1998, 3, 20), "via": ["AZ", "TM"], "informed_by_authority": True}
    coded = table(words).to_pydict()
    coded["kind"] = pyarrow.array(coded["kind"]).dictionary_encode()
    coded["id"] = pyarrow.array([1], pyarrow.int64())
    wanted = engine.assess(table(words))
    assert wanted.column("rejected").to_pylist() == [None]
    assert engine.assess(table(typed)) == wanted
    assert engine.assess(pyarrow.RecordBatch.from_pydict(coded)) == wanted


@pytest.mark.parametrize(
    ("row", "column", "cure"),
    [
        ({"id": None, "kind": "export"}, "id", "an id of its own"),
        ({"id": "  ", "kind": "export"}, "id", "an id of its own"),
        ({"id": "1", "kind": "exprot"}, "kind", "export"),
        ({"id": "1", "kind": "export", "date": datetime.datetime(1998, 3, 20, 7, 30)}, "date", "cast the column to a date"),
        ({"id": "1", "kind": "export", "property.range": float("nan")}, "property.range", "write a number"),
        ({"id": "1", "kind": "export", "item": {"of": "steel"}}, "item", "cast the column"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_rest_goes_on(row, column, cure):
    good = {"id": "good", "kind": "export"}
    made = Engine(packs=ROOT / "packs").assess(pyarrow.RecordBatch.from_pylist([row, {**dict.fromkeys(row), **good}])).to_pylist()
    said = json.loads(made[0]["rejected"])[0]
    assert (said["column"], made[0]["outcome"], "row" in said) == (column, None, False)
    assert cure in said["cure"]
    assert (made[1]["transfer"], made[1]["rejected"]) == ("good", None)


def test_a_table_that_cannot_be_understood_is_refused_whole():
    engine = Engine(packs=ROOT / "packs", as_of=DAY)
    with pytest.raises(ValueError, match="no column `id`"):
        engine.assess(table({"kind": "export"}))
    with pytest.raises(ValueError, match="colour"):
        engine.assess(table({"id": "1", "colour": "red"}))
    with pytest.raises(ValueError, match="property.rnage.*property.range"):
        engine.assess(table({"id": "1", "property.rnage": "300 km"}))
    assert engine.assess(pyarrow.RecordBatch.from_pylist([], schema=pyarrow.schema([("id", pyarrow.string())]))).num_rows == 0


def test_days_are_said_and_never_taken_from_a_clock(lists):
    with pytest.raises(ValueError, match="on which day"):
        Engine(packs=ROOT / "packs").screen(table({"id": "1", "name": "Harbour Pumps Ltd"}))
    with pytest.raises(ValueError, match="as_of"):
        Engine(packs=ROOT / "packs", as_of="the 22nd")
    with pytest.raises(ValueError, match="give both"):
        Engine(packs=ROOT / "packs", lists=lists, max_list_age=3)


def test_lists_that_cannot_be_used_stop_everything(lists, tmp_path):
    with pytest.raises(NotScreened, match="holds no stored list"):
        Engine(packs=ROOT / "packs", lists=tmp_path, as_of=DAY)
    with pytest.raises(NotScreened, match="too old"):
        Engine(packs=ROOT / "packs", lists=lists, as_of="2099-01-01", max_list_age=1)
    with pytest.raises(ValueError):
        Engine(packs=tmp_path / "nowhere")
