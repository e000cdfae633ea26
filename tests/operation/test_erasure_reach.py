"""Erasure reaches every byte of the home: store, snapshot, pages, logs, and what is told about others."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from conftest import Home, opener
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contacts.redaction import columns
from pipeline.contacts.traces import GAP, Traces
from pipeline.store.opening import ensure_schema


def all_bytes(folder: Path) -> dict[str, bytes]:
    """Every file as it lies there; of page batches also what is packed in them."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        raw = path.read_bytes()
        if path.suffix == ".parquet":
            for row in pq.read_table(path).to_pylist():
                raw += repr({k: v for k, v in row.items() if k != "body"}).encode() + bytes(row.get("body") or b"")
        found[path.relative_to(folder).as_posix()] = raw
    return found


def test_no_byte_of_the_home_names_an_erased_person_or_their_number(home: Home) -> None:
    with duckdb.connect(str(home.store / "work.duckdb")) as con:
        con.execute(
            """INSERT INTO calls (call_id, person_id, called_at, outcome, note, recorded_at)
               SELECT 'x', person_id, now(), 'busy', 'asked for Sabine Ritter', now() FROM people WHERE name = 'Katrin Seidel'"""
        )
    log = home.store / "logs" / "nightly.jsonl"
    log.write_text(log.read_text("utf-8") + '{"note": "Ritter, Sabine could not be read"}\n', "utf-8")
    traces = [b"Sabine Ritter", b"Ritter, Sabine", b"s.ritter@moebelhaus-ritter", b"+493615550830", b"0361 5550830"]
    before = all_bytes(home.store)
    assert len({trace for trace in traces for raw in before.values() if trace in raw}) >= 4
    done = home.run("forget", "Sabine Ritter", "--yes")
    assert done.returncode == 0, done.stderr
    found = [(path, trace) for path, raw in all_bytes(home.store).items() for trace in traces if trace in raw]
    assert found == []
    note = home.run("sql", "SELECT note FROM calls WHERE note IS NOT NULL", "--format", "csv").stdout
    assert f"asked for {GAP}" in note


def test_the_next_night_neither_stores_them_nor_keeps_a_page_that_names_them(home: Home) -> None:
    assert home.run("forget", "Thomas Wiegand", "--yes").returncode == 0
    for path in (home.store / "pages").rglob("*"):  # as if every page were new
        if path.is_file():
            path.unlink()
    with duckdb.connect(str(home.store / "work.duckdb")) as con:
        con.execute("DELETE FROM batches")
    done = opener(home.folder, "demo", "--out", ".")
    assert done.returncode == 0, done.stderr
    assert [path for path, raw in all_bytes(home.store).items() if b"Inhaber Thomas Wiegand" in raw] == []


def test_lists_and_backups_that_still_name_them_are_told(home: Home) -> None:
    assert home.run("backup").returncode == 0
    done = home.run("forget", "Thomas Wiegand", "--yes")
    assert "call-list.csv: a list that was handed out" in done.stderr
    assert re.search(r"door-opener-\S+\.tar: a backup from before", done.stderr)


def test_a_namesake_at_another_company_keeps_everything(home: Home) -> None:
    with duckdb.connect(str(home.store / "work.duckdb")) as con:
        con.execute(
            """INSERT INTO mentions BY NAME SELECT * REPLACE ('n1' AS mention_id, 'Reederei Nordsee' AS company,
               'http://www.kuestenblatt.example/1' AS page_url, 'Kapitän' AS role, 'Emden' AS place,
               'Thomas Wiegand leitet die Reederei Nordsee.' AS evidence) FROM mentions WHERE person = 'Thomas Wiegand'"""
        )
    assert home.run("resolve").returncode == 0
    done = home.run("forget", "Thomas Wiegand", "--company", "Bäckerei Wiegand GmbH", "--yes")
    assert done.returncode == 0, done.stderr
    with duckdb.connect(str(home.store / "work.duckdb"), read_only=True) as con:
        rows = con.execute("SELECT company, evidence FROM mentions WHERE person = 'Thomas Wiegand'").fetchall()
    assert rows == [("Reederei Nordsee", "Thomas Wiegand leitet die Reederei Nordsee.")]


def test_every_text_column_of_the_schema_is_sorted_into_the_list_of_personal_data() -> None:
    with duckdb.connect() as con:
        ensure_schema(con)
        rows = con.execute(
            """SELECT table_name, column_name FROM duckdb_columns() JOIN duckdb_tables() USING (table_name)
               WHERE NOT duckdb_columns.internal
               AND (data_type LIKE 'VARCHAR%' OR data_type = 'JSON')"""
        ).fetchall()
    listed = {
        (table, column)
        for table, parts in columns().items()
        for kind, names in parts.items()
        for column in ([names] if kind == "name" else names)
    }
    assert set(rows) == listed


@pytest.mark.parametrize(
    "text",
    [
        "Jörg Größner", "JÖRG GRÖSSNER", "Joerg Groessner", "Größner, Jörg", "Jörg  Größner", "Jörg M. Größner",
        "Jörg\u00a0Größner", "jorg grossner", "Jörg Größners Firma", "joerg-groessner",
    ],
)  # fmt: skip
def test_a_name_is_found_in_the_spellings_of_pages(text: str) -> None:
    traces = Traces.of(["Jörg Größner"])
    assert traces.without(f"Heute: {text} kommt.").startswith(f"Heute: {GAP}")


@pytest.mark.parametrize("text", ["Jörg Groß", "Größner GmbH", "Jörgen Größner", "Dr. Größner", "Georg Größner"])
def test_other_people_and_the_surname_alone_are_left(text: str) -> None:
    assert not Traces.of(["Jörg Größner"]).within(text)


@pytest.mark.parametrize(
    "body",
    [
        "<b>Jörg</b> <i>Größner</i>".encode(), "Jörg Größner".encode("cp1252"), "Jörg Größner".encode("utf-16"),
        b"J&ouml;rg&nbsp;Gr&ouml;&szlig;ner", b'{"name": "J\\u00f6rg Gr\\u00f6\\u00dfner"}', b"Tel. 0231 / 44 55 66-7",
        b"+49 (0) 231 445 5667", b"mail: J.Groessner@firma.example",
    ],
)  # fmt: skip
def test_a_page_is_known_by_name_number_or_mail_in_any_charset(body: bytes) -> None:
    traces = Traces.of(["Jörg Größner"], ["+492314455667"], ["j.groessner@firma.example"])
    assert traces.on_page(body)
    assert not traces.on_page(b"Tel. 0231 44 55 66-8, k.groessner@firma.example, 12314455667000")


@given(st.text(max_size=200))
def test_texts_without_the_person_are_never_changed(text: str) -> None:
    traces = Traces.of(["Jörg Größner"], ["+492314455667"])
    assert traces.within(text) or traces.without(text) == text
