"""Whatever names and texts hold, a list file holds the rows it was given: each output is parsed back."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.cli.context import json_line, one_line
from pipeline.lists.files import list_bytes
from pipeline.lists.rows import COLUMNS
from tests.hostile.mutations import BREAKOUTS, TERMINAL, UNSEEN

EVIL = [
    *BREAKOUTS,
    *TERMINAL,
    *UNSEEN,
    "\n",
    "\r\n",
    "\r",
    "\t",
    ";",
    ",",
    '"',
    "\\",
    ":",
    "",
    "x" * 40_000,
    "\U0001f469\u200d\U0001f469",
    "ä" * 200,
]
CELL = st.lists(st.sampled_from(EVIL) | st.text(max_size=12), max_size=4).map("".join)
NUMBERS = ("rank", "score", "attempts")
ROW = st.fixed_dictionaries({c: st.integers(0, 99) if c in NUMBERS else CELL for c in COLUMNS})
ROWS = st.lists(ROW, min_size=1, max_size=3)
# Orders to terminals, marks of direction and everything else that is not to be seen.
ORDERS = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
PROPERTY = re.compile(r"^(BEGIN|VERSION|N|FN|ORG|TITLE|TEL;VALUE=text;TYPE=work|EMAIL|URL|ADR|NOTE|UID|END):")
FORMULA = re.compile(r"^ *[=+\-@|%\t\r]")


def unsafe_cells(rows: list[list[Any]]) -> list[str]:
    return [
        cell for row in rows for cell in row if isinstance(cell, str) and FORMULA.match(cell) and not cell[1:].isdigit()
    ]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(ROWS, st.sampled_from(["default", "excel-de"]))
def test_csv_holds_its_rows_and_no_formula(rows: list[dict[str, Any]], preset: str) -> None:
    raw = list_bytes(Path("x.csv"), COLUMNS, rows, preset)
    text = raw.decode("utf-8-sig")
    assert not ORDERS.search(text)
    read = list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if preset == "excel-de" else ",", strict=True))
    assert len(read) == len(rows) + 1
    assert {len(row) for row in read} == {len(read[0])}
    assert not unsafe_cells(read)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(ROWS)
def test_vcards_hold_their_people_and_no_property_of_theirs(rows: list[dict[str, Any]]) -> None:
    raw = list_bytes(Path("x.vcf"), COLUMNS, rows, "default").decode("utf-8")
    assert not ORDERS.search(raw.replace("\r\n", ""))
    lines = raw.replace("\r\n ", "").split("\r\n")
    assert lines.pop() == ""
    assert [line for line in lines if not PROPERTY.match(line)] == []
    assert lines.count("BEGIN:VCARD") == lines.count("END:VCARD") == len(rows)
    assert sum(line.startswith("FN:") for line in lines) == len(rows)


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)
@given(ROWS)
def test_workbooks_and_parquet_hold_their_rows_as_text(rows: list[dict[str, Any]]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(list_bytes(Path("x.xlsx"), COLUMNS, rows, "default")))
    cells = [list(row) for row in book.worksheets[0].iter_rows()]
    assert len(cells) == len(rows) + 1
    assert not [cell.value for row in cells for cell in row if cell.data_type == "f" or cell.hyperlink]
    assert not unsafe_cells([[cell.value for cell in row] for row in cells])
    table = pq.read_table(io.BytesIO(list_bytes(Path("x.parquet"), COLUMNS, rows, "default")))
    assert table.num_rows == len(rows)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(EVIL) | st.text(max_size=12) | st.characters(categories=["Cs", "Cc", "Cf"]), max_size=4
    ).map("".join)
)
def test_lines_for_terminals_are_one_line_without_orders(text: str) -> None:
    for line in (one_line(text), json_line({"name": text, text: [text]})):
        assert not ORDERS.search(line)
        assert len(line.splitlines()) <= 1
        line.encode("utf-8")


@pytest.mark.parametrize("name", ["Eva Maurer", "Jürgen Größler-Müller", "O’Neill", "Łukasz Żak"])
def test_plain_names_stay_as_they_are(name: str) -> None:
    row = {column: 1 if column in NUMBERS else name for column in COLUMNS}
    read = list(csv.reader(io.StringIO(list_bytes(Path("x.csv"), COLUMNS, [row], "default").decode())))
    assert name in read[1]
    assert json_line(name) == f'"{name}"'
