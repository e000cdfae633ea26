"""List files survive spreadsheets, quotes, formulas and line breaks."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import OpenerError
from pipeline.lists.files import csv_bytes, harmless, list_bytes
from pipeline.lists.rows import COLUMNS, why
from pipeline.whole_files import write_whole

ROW = dict.fromkeys(COLUMNS, "") | {
    "rank": 1, "score": 70, "first_name": "Jürgen", "last_name": 'O"Neil; Groß', "company": "=cmd|' /C calc'!A0", "phone": "+493615550",
    "role": "Leiter,\nVertrieb", "attempts": 0, "prospect_id": "ab12", "town": "Köln", "street": "Am Weg 1", "postcode": "50667",
}  # fmt: skip


def test_csv_is_rfc_4180_in_utf8() -> None:
    raw = csv_bytes(COLUMNS, [ROW])
    assert b"\r\n" in raw
    read = list(csv.DictReader(io.StringIO(raw.decode("utf-8"), newline="")))
    assert tuple(read[0]) == COLUMNS
    assert read[0]["last_name"] == 'O"Neil; Groß'
    assert read[0]["role"] == "Leiter,\nVertrieb"
    assert read[0]["phone"] == "+493615550"
    assert read[0]["company"].startswith("'=")


def test_a_german_excel_gets_bom_and_semicolons() -> None:
    raw = list_bytes(Path("x.csv"), COLUMNS, [ROW], "excel-de")
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.splitlines()[0].count(b";") == len(COLUMNS) - 1


@given(st.text(max_size=60))
def test_no_cell_can_start_a_formula(text: str) -> None:
    cell = harmless(text)
    assert not cell.lstrip(" ").startswith(("=", "-", "@", "\t", "\r", "|", "%"))
    assert not cell.startswith("+") or cell[1:].isdigit()
    assert harmless(cell) == cell


def test_xlsx_parquet_and_vcard_hold_the_same_row(tmp_path: Path) -> None:
    for ending in (".xlsx", ".parquet", ".vcf"):
        write_whole(tmp_path / f"list{ending}", list_bytes(tmp_path / f"list{ending}", COLUMNS, [ROW], "default"))
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert sheet is not None
    values = dict(zip([c.value for c in sheet[1]], [c.value for c in sheet[2]], strict=True))
    assert values["last_name"] == ROW["last_name"]
    assert pq.read_table(tmp_path / "list.parquet").to_pylist()[0]["town"] == "Köln"
    card = (tmp_path / "list.vcf").read_bytes().decode("utf-8")
    assert 'N:O"Neil\\; Groß;Jürgen' in card
    assert all(len(line.encode()) <= 75 for line in card.split("\r\n"))


def test_an_unknown_ending_is_refused() -> None:
    with pytest.raises(OpenerError, match="unknown ending"):
        list_bytes(Path("list.docx"), COLUMNS, [], "default")


def test_the_explanation_names_every_part() -> None:
    assert why('[{"name": "role", "points": 24, "detail": "owner"}]') == "role 24 (owner)"
