"""Files for importers, read back by an independent reader with the columns and values that the importers document."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any, get_args

import openpyxl
import pyarrow.parquet as pq
import pytest

from pipeline.errors import OpenerError
from pipeline.lists.files import list_bytes
from pipeline.lists.presets import preset, preset_names
from pipeline.lists.rows import COLUMNS
from pipeline.settings import Outcome
from pipeline.whole_files import write_whole

STATES = ("new", "listed", "working", "appointment", "customer", "exhausted", "suppressed")
ROW: dict[str, Any] = dict.fromkeys(COLUMNS, "") | {
    "rank": 1, "score": 74, "title": "Dr.", "first_name": "Jürgen", "last_name": 'O"Neil; Groß', "role": "Leiter,\nVertrieb 'Süd'",
    "company": "=cmd|' /C calc'!A0", "phone": "+4936155501", "phone_kind": "switchboard", "email": "j@gross.example", "street": "Am Weg 1",
    "postcode": "01067", "town": "Köln 東京 🚀", "website": "https://gross.example/", "reason": "neue Aufgabe (Tagblatt, gestern)",
    "opening_line": "Guten Tag Herr Groß, ich habe gestern in „Tagblatt“ gelesen – Glückwunsch!", "source_url": "https://tagblatt.example/1",
    "attempts": 0, "prospect_id": "ab12", "state": "new", "gender": "m", "country": "DE", "last_outcome": "", "reason_kind": "appointment",
}  # fmt: skip

# Labels of default contact properties and default options of HubSpot (knowledge base, "HubSpot's default contact properties")
HUBSPOT = {"First Name", "Last Name", "Email", "Phone Number", "Job Title", "Company Name", "Street Address", "Postal Code", "City", "Country/Region", "Website URL", "Lifecycle Stage", "Lead Status", "Message"}  # fmt: skip
LIFECYCLE = {
    "Subscriber",
    "Lead",
    "Marketing Qualified Lead",
    "Sales Qualified Lead",
    "Opportunity",
    "Customer",
    "Evangelist",
    "Other",
}
LEAD_STATUS = {
    "New",
    "Open",
    "In Progress",
    "Open Deal",
    "Unqualified",
    "Attempted to Contact",
    "Connected",
    "Bad Timing",
}
# Import file labels of leads (Salesforce help, "Field Mapping for Importing Leads")
SALESFORCE = {"Salutation", "First Name", "Last Name", "Title", "Company", "Phone", "Email", "Website", "Street", "Postal Code", "City", "Country", "Lead Source", "Lead Status", "Rating", "Description"}  # fmt: skip
# Standard file format of the VICIdial list loader, in its order, then the status
VICIDIAL = ["vendor_lead_code", "source_id", "list_id", "phone_code", "phone_number", "title", "first_name", "middle_initial", "last_name", "address1", "address2", "address3", "city", "state", "province", "postal_code", "country_code", "gender", "date_of_birth", "alt_phone", "email", "security_phrase", "comments", "rank", "owner"]  # fmt: skip
VICIDIAL_STATUS = {"NEW", "QUEUE", "INCALL", "DROP", "XDROP", "NA", "CALLBK", "CBHOLD", "A", "AA", "AM", "AL", "AFAX", "B", "AB", "DC", "ADC", "DEC", "DNC", "DNCL", "DNCC", "SALE", "N", "NI", "NP", "PU", "PM", "XFER", "HXFER", "ERI", "PDROP"}  # fmt: skip
VICIDIAL_LENGTH = {"vendor_lead_code": 20, "source_id": 50, "phone_code": 10, "phone_number": 18, "title": 4, "first_name": 30, "last_name": 30, "address1": 100, "address2": 100, "address3": 100, "city": 50, "state": 2, "postal_code": 10, "country_code": 3, "gender": 1, "alt_phone": 12, "email": 70, "security_phrase": 100, "comments": 255, "owner": 20, "status": 6}  # fmt: skip


def read(raw: bytes, mark: str = ",") -> list[dict[str, str]]:
    """An RFC 4180 reader of our own, apart from the writer's library."""
    text = raw.decode("utf-8-sig")
    cells: list[list[str]] = [[]]
    at = 0
    while at < len(text):
        if text[at] == '"':
            end, value = at + 1, ""
            while True:
                stop = text.index('"', end)
                value += text[end:stop]
                if text[stop : stop + 2] != '""':
                    break
                value += '"'
                end = stop + 2
            at = stop + 1
        else:
            found = re.compile(re.escape(mark) + "|\r\n").search(text, at)
            assert found
            value, at = text[at : found.start()], found.start()
        cells[-1].append(value)
        if text.startswith("\r\n", at):
            cells.append([])
            at += 2
        else:
            assert text[at] == mark, text[at - 20 : at + 20]
            at += 1
    assert cells[-1] == []
    head, *rows = cells[:-1]
    assert all(len(row) == len(head) for row in rows)
    return [dict(zip(head, row, strict=True)) for row in rows]


def made(name: str, *rows: dict[str, Any]) -> list[dict[str, str]]:
    raw = list_bytes(Path("x.csv"), COLUMNS, rows or (ROW,), name)
    return read(raw, ";" if name == "excel-de" else ",")


def test_hubspot_takes_columns_and_values() -> None:
    rows = made("hubspot", *({**ROW, "state": state} for state in STATES))
    assert set(rows[0]) - {"Door Opener ID"} == HUBSPOT
    assert {row["Lifecycle Stage"] for row in rows} <= LIFECYCLE
    assert {row["Lead Status"] for row in rows} <= LEAD_STATUS
    assert rows[0]["Phone Number"] == "+4936155501" and rows[0]["Country/Region"] == "Germany"
    assert rows[0]["First Name"] or rows[0]["Last Name"] or rows[0]["Email"]
    assert rows[0]["Lead Status"] == "New" and rows[2]["Lead Status"] == "Attempted to Contact"


def test_salesforce_takes_columns_and_values() -> None:
    rows = made(
        "salesforce", *({**ROW, "state": state, "gender": g} for state in STATES for g in ("f", "m", "unknown"))
    )
    assert set(rows[0]) == SALESFORCE
    assert all(row["Last Name"] and row["Company"] for row in rows), "required"
    assert {row["Lead Status"] for row in rows} <= {
        "Open - Not Contacted",
        "Working - Contacted",
        "Closed - Converted",
        "Closed - Not Converted",
    }
    assert {row["Lead Source"] for row in rows} <= {
        "Web",
        "Phone Inquiry",
        "Partner Referral",
        "Purchased List",
        "Other",
    }
    assert {row["Rating"] for row in rows} <= {"Hot", "Warm", "Cold"}
    assert {row["Salutation"] for row in rows} == {"Ms.", "Mr.", ""}
    assert made("salesforce", {**ROW, "reason_kind": "referral"})[0]["Lead Source"] == "Partner Referral"


def test_pipedrive_takes_leads_with_person_and_organisation() -> None:
    rows = made("pipedrive", *({**ROW, "score": score} for score in (-3, 0, 39, 40, 70, 120)))
    assert all(re.fullmatch(r"(?:Lead|Person|Organization|Note) - [A-Z].*", name) for name in rows[0])
    assert all(row["Lead - Title"] and row["Person - Name"] and row["Organization - Name"] for row in rows)
    assert [row["Lead - Label"] for row in rows] == ["Cold", "Cold", "Cold", "Warm", "Hot", "Hot"]
    assert rows[0]["Organization - Address"] == "Am Weg 1, 01067 Köln 東京 🚀"
    assert "ab12" in rows[0]["Note - Content"]


def test_vicidial_takes_the_standard_fields_in_their_order_and_its_statuses() -> None:
    long = {
        name: value * 40
        if isinstance(value, str) and name not in ("phone", "country", "state", "gender", "last_outcome")
        else value
        for name, value in ROW.items()
    }
    rows = made(
        "vicidial",
        *({**ROW, "last_outcome": outcome} for outcome in ("", *get_args(Outcome))),
        {**long, "score": 99_999},
    )
    assert list(rows[0]) == [*VICIDIAL, "status"]
    assert {row["status"] for row in rows} <= VICIDIAL_STATUS
    assert rows[0]["status"] == "NEW" and rows[1]["status"] == "N"
    assert rows[0]["phone_code"] == "49" and rows[0]["phone_number"] == "36155501"
    assert {row["gender"] for row in rows} <= {"M", "F", "U"} and rows[0]["country_code"] == "DEU"
    for row in rows:
        assert all(len(row[name]) <= most for name, most in VICIDIAL_LENGTH.items())
        assert not re.search(
            r"['\"`\\;]", "".join(row[name] for name in ("first_name", "last_name", "address3", "comments", "city"))
        ), "the loader would take them out"
        assert -32768 <= int(row["rank"]) <= 32767
    assert not rows[0]["phone_number"].startswith("0")


def test_a_german_excel_gets_mark_and_semicolons() -> None:
    raw = list_bytes(Path("x.csv"), COLUMNS, [ROW], "excel-de")
    assert raw.startswith(b"\xef\xbb\xbf")
    assert tuple(read(raw, ";")[0]) == COLUMNS


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_says_its_source_and_fills_every_cell(name: str) -> None:
    assert preset(name).documentation and preset(name).title
    row = preset(name).row(ROW)
    assert tuple(row) == preset(name).names and len(set(row)) == len(preset(name).names)
    for column in preset(name).columns:
        assert column.values is None or str(row[column.name]) in column.values, column.name


@pytest.mark.parametrize("name", preset_names())
def test_nothing_runs_as_a_formula_and_unicode_survives(name: str) -> None:
    evil = ("=1+1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "|calc", "%0A", "＝1+1")
    for attack in evil:
        for row in made(name, {**ROW, "first_name": attack, "company": attack, "role": attack, "town": attack}):
            for cell in row.values():
                text = cell.lstrip(" ")
                assert not text.startswith(("=", "-", "@", "|", "%", "＝")) or cell in ("-",), (name, cell)
                assert not text.startswith("+") or text[1:].isdigit(), (name, cell)
    [row] = made(name)
    if name not in ("vicidial", "call-sheet"):
        assert "Köln 東京 🚀" in "".join(row.values())
    assert "Jürgen" in "".join(row.values())


def test_ten_thousand_rows_survive_in_every_format(tmp_path: Path) -> None:
    rows = [{**ROW, "rank": n, "last_name": f'Groß "{n}"; Süß,\nÖ'} for n in range(1, 10_001)]
    assert [row["last_name"] for row in made("default", *rows)] == [row["last_name"] for row in rows]
    for name in ("hubspot", "vicidial"):
        raw = list_bytes(Path("x.csv"), COLUMNS, rows, name)
        assert sum(1 for _ in csv.reader(io.StringIO(raw.decode("utf-8"), newline=""))) == 10_001
    for ending in (".xlsx", ".parquet", ".vcf"):
        write_whole(tmp_path / f"x{ending}", list_bytes(tmp_path / f"x{ending}", COLUMNS, rows, "default"))
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx", read_only=True).active
    values = list(sheet.iter_rows(min_row=2, min_col=5, max_col=5, values_only=True))
    assert [value[0] for value in values] == [row["last_name"] for row in rows]
    table = pq.read_table(tmp_path / "x.parquet")
    assert (
        table["last_name"].to_pylist() == [row["last_name"] for row in rows] and table["rank"].to_pylist()[-1] == 10_000
    )
    card = (tmp_path / "x.vcf").read_bytes().decode("utf-8").replace("\r\n ", "")
    assert card.count("BEGIN:VCARD") == card.count("END:VCARD") == 10_000
    assert 'N:Groß "10000"\\; Süß\\,\\nÖ;Jürgen;;Dr.;' in card


def test_python_reads_the_default_list_too() -> None:
    raw = list_bytes(Path("x.csv"), COLUMNS, [ROW], "default")
    [row] = csv.DictReader(io.StringIO(raw.decode("utf-8"), newline=""))
    assert row == made("default")[0] and tuple(row) == COLUMNS


@pytest.mark.parametrize("name", preset_names())
def test_an_empty_list_is_a_file_too(name: str) -> None:
    head = list_bytes(Path("x.csv"), COLUMNS, [], name).decode("utf-8-sig")
    assert head.rstrip("\r\n").split(preset(name).delimiter) == list(preset(name).names)
    sheet = openpyxl.load_workbook(io.BytesIO(list_bytes(Path("x.xlsx"), COLUMNS, [], name))).active
    assert [cell.value for cell in sheet[1]] == list(preset(name).names)
    assert pq.read_table(io.BytesIO(list_bytes(Path("x.parquet"), COLUMNS, [], name))).num_rows == 0
    assert list_bytes(Path("x.vcf"), COLUMNS, [], name) == b""


def test_an_unknown_preset_is_refused_with_the_known_ones() -> None:
    with pytest.raises(OpenerError, match="hubspot"):
        list_bytes(Path("x.csv"), COLUMNS, [ROW], "sugar")
