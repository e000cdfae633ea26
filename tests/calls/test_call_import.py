"""Files of calls: a filled-in list as it came back, exports of HubSpot and VICIdial, and rows that cannot be taken."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import get_args

import openpyxl
import pytest

from pipeline.contacts.importing import ImportReport, import_file
from pipeline.dispositions.call_import import KINDS
from pipeline.dispositions.outcomes import dispositions, outcome_in
from pipeline.errors import OpenerError
from pipeline.lists.export import export
from pipeline.lists.files import list_bytes
from pipeline.settings import Outcome
from pipeline.whole_files import write_whole
from tests.calls.desk import Desk, at, desk

TODAY = date(2026, 11, 24)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as opened:
        for name, company, phone in (
            ("Eva Koch", "Hollmann GmbH", "+4936155501"), ("Jürgen Müller", "Groß KG", "+4936155502"), ("Anna Beck", "Beck & Söhne OHG", None),
            ("Eva Koch", "Stadtwerke Lindenau", None),
        ):  # fmt: skip
            opened.person(name, company=company, phone=phone, person_id=f"{company.split()[0].lower()}-id")
        opened.score()
        yield opened


def take(store: Desk, path: Path, now: datetime | None = None, **options: object) -> ImportReport:
    return import_file(
        store.con, path, "calls", kinds=KINDS, secret=b"s" * 32, now=now or at(TODAY, "18:00"), **options
    )  # type: ignore[arg-type]


def filled(path: Path, changes: dict[str, dict[str, str]]) -> Path:
    """Fill cells of a CSV list by prospect id, adding columns at its end; delimiter and mark stay."""
    raw = path.read_bytes()
    text = raw.decode("utf-8-sig")
    mark = ";" if text.split("\n", 1)[0].count(";") > 3 else ","
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=mark))
    added = [name for row in changes.values() for name in row]
    names = [*rows[0], *dict.fromkeys(name for name in added if name not in rows[0])]
    with path.open("w", encoding="utf-8-sig" if raw.startswith(b"\xef\xbb\xbf") else "utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, delimiter=mark, restval="")
        writer.writeheader()
        for row in rows:
            writer.writerow(row | changes.get(row["prospect_id"], {}))
    return path


def log(store: Desk) -> list[tuple[object, ...]]:
    return store.con.execute(
        "SELECT person_id, outcome, local_time, minutes, note, next_at FROM call_log ORDER BY person_id, called_at"
    ).fetchall()


@pytest.mark.parametrize("preset", ["default", "excel-de", "call-sheet"])
def test_a_filled_in_list_comes_back_as_it_is(store: Desk, tmp_path: Path, preset: str) -> None:
    path = tmp_path / "list.csv"
    export(store.con, store.settings, "fresh", now=store.now, out=path, preset=preset, limit=10)
    names = (
        ("Ergebnis", "Notiz", "Wiedervorlage", "Dauer (min)")
        if preset == "excel-de"
        else ("outcome", "note", "next_call", "minutes")
    )
    cells = {
        "groß-id": ("nicht erreicht", "", "", ""), "hollmann-id": ("Rückruf vereinbart", 'Angebot; "bitte"', "27.11.2026 10:00", "4,5"),
    }  # fmt: skip
    filled(path, {one: dict(zip(names, values, strict=True)) for one, values in cells.items()})
    report = take(store, path)
    assert (report.rows, report.new, report.rejected) == (4, 2, 0)
    midnight = datetime.fromisoformat("2026-11-24T00:00")
    assert log(store) == [
        ("groß-id", "no_answer", midnight, None, None, None),
        ("hollmann-id", "callback", midnight, Decimal("4.50"), 'Angebot; "bitte"', at(date(2026, 11, 27), "10:00")),
    ]
    assert take(store, path).already
    # more rows are filled in the evening: what was there is no second call
    filled(path, {"beck-id": {names[0]: "sale"}})
    again = take(store, path, at(TODAY, "20:00"))
    assert again.new == 1 and len(log(store)) == 3


def test_a_filled_in_workbook_comes_back(store: Desk, tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    report = export(store.con, store.settings, "fresh", now=store.now, out=None, limit=10)
    write_whole(path, list_bytes(path, report.columns, report.rows, "call-sheet"))
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    head = {cell.value: cell.column for cell in sheet[1]}
    assert sheet.data_validations.dataValidation, "outcomes can be picked from a list"
    for row in sheet.iter_rows(min_row=2):
        if row[head["prospect_id"] - 1].value == "beck-id":
            row[head["outcome"] - 1].value = "appointment"
            row[head["called_at"] - 1].value = datetime.fromisoformat("2026-11-24T11:05")
            row[head["next_call"] - 1].value = datetime.fromisoformat("2026-12-01T14:00")
    book.save(path)
    assert take(store, path).new == 1
    assert log(store)[0][:3] == ("beck-id", "appointment", datetime.fromisoformat("2026-11-24T11:05"))
    assert log(store)[0][5] == at(date(2026, 12, 1), "14:00")


def test_an_export_of_hubspot_calls_is_recognised(store: Desk, tmp_path: Path) -> None:
    path = tmp_path / "hubspot.csv"
    path.write_text(
        "Record ID,Activity date,Call outcome,Call duration (HH:mm:ss),Call notes,Call direction,Associated Contact,Associated Company\n"
        "9001,2026-11-23 14:05,Left voicemail,00:00:40,,Outbound,Jürgen Müller (j.mueller@gross.example),Groß KG\n"
        "9002,2026-11-23 15:00,f240bbac-87c9-4f6e-bf70-924b57d47db7,00:06:30,wants an offer,Outbound,Eva Koch (eva@x.example),Hollmann GmbH\n"
        "9003,2026-11-23 15:30,Connected,00:01:00,,Inbound,Anna Beck,Beck & Söhne OHG\n"
        "9004,2026-11-23 16:00,No answer,,,Outbound,Nina Unbekannt,Nirgends GmbH\n",
        "utf-8",
    )
    report = take(store, path)
    assert report.system == "hubspot"
    assert (report.new, report.rejected) == (2, 1)
    assert [row[:4] for row in log(store)] == [
        ("groß-id", "voicemail", datetime.fromisoformat("2026-11-23T14:05"), Decimal("0.67")),
        ("hollmann-id", "reached", datetime.fromisoformat("2026-11-23T15:00"), Decimal("6.50")),
    ]
    assert report.reject_file is not None and "nobody known as" in report.reject_file.read_text("utf-8-sig")


def test_an_export_of_vicidial_is_recognised_with_its_status_values(store: Desk, tmp_path: Path) -> None:
    path = tmp_path / "vicidial.txt"
    path.write_text(
        "call_date\tphone_number_dialed\tstatus\tuser\tcampaign_id\tvendor_lead_code\tlist_id\tphone_code\tphone_number\tfirst_name\tlast_name\tcomments\tlength_in_sec\n"
        "2026-11-23 09:10:00\t36155502\tNA\t6666\tC1\tgroß-id\t101\t49\t36155502\tJürgen\tMüller\tGuten Tag\t0\n"
        "2026-11-23 12:10:00\t36155502\tADC\t6666\tC1\tgroß-id\t101\t49\t36155502\tJürgen\tMüller\tGuten Tag\t0\n"
        "2026-11-23 16:10:00\t36155501\tSALE\t6666\tC1\thollmann-id\t101\t49\t36155501\tEva\tKoch\tGuten Tag\t180\n"
        "2026-11-23 16:11:00\t\tNEW\t6666\tC1\tbeck-id\t101\t49\t\tAnna\tBeck\t\t0\n"
        "2026-11-23 16:12:00\t\tDNC\t6666\tC1\tbeck-id\t101\t49\t\tAnna\tBeck\t\t12\n",
        "utf-8",
    )
    report = take(store, path)
    assert (report.system, report.new, report.rejected) == ("vicidial", 4, 0)
    assert [(row[0], row[1], row[4]) for row in log(store)] == [
        ("beck-id", "do_not_call", None), ("groß-id", "no_answer", None), ("groß-id", "wrong_number", None), ("hollmann-id", "sale", None),
    ]  # fmt: skip
    store.score()
    assert [store.state(f"{one}-id") for one in ("beck", "groß", "hollmann")] == ["suppressed", "exhausted", "customer"]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("NA", "no_answer"), ("A", "voicemail"), ("AA", "voicemail"), ("AB", "busy"), ("B", "busy"), ("DC", "wrong_number"), ("ADC", "wrong_number"),
     ("N", "no_answer"), ("NI", "not_interested"), ("DNC", "do_not_call"), ("CALLBK", "callback"), ("SALE", "sale"), ("XFER", "reached"), ("NP", "gatekeeper"), ("CPDB", "busy"), ("ADCT", "busy"),
     ("DROP", "no_answer"), ("NEW", None), ("QUEUE", None)],
)  # fmt: skip
def test_the_documented_status_values_of_vicidial(status: str, outcome: str | None) -> None:
    assert outcome_in(status, "vicidial") == outcome


def test_every_outcome_is_understood_in_its_own_words() -> None:
    assert tuple(dispositions()) == get_args(Outcome)
    assert len({d.key for d in dispositions().values()} & set("uq")) == 0
    assert len({d.key for d in dispositions().values()}) == len(dispositions())
    for name, disposition in dispositions().items():
        for word in (name, disposition.de, disposition.en, *disposition.words):
            assert outcome_in(word) == name
            assert outcome_in(f"{word.upper()} ") == name


def test_the_view_and_the_vocabulary_agree_on_conversations(store: Desk) -> None:
    for name in dispositions():
        store.call("beck-id", name, at(TODAY, "10:00"))
    found = dict(store.con.execute("SELECT outcome, conversation FROM call_log").fetchall())
    assert found == {name: d.conversation for name, d in dispositions().items()}


def test_rows_that_cannot_be_taken_are_given_back_with_the_reason(store: Desk, tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text(
        "Name;Firma;Ergebnis;Datum;Notiz\n"
        "Anna Beck;Beck & Söhne;erreicht;23.11.2026 10:00;\n"
        "Eva Koch;;erreicht;23.11.2026 10:00;\n"
        "Eva Koch;Stadtwerke Lindenau;hat gelacht;23.11.2026 10:00;\n"
        "Eva Koch;Stadtwerke Lindenau;erreicht;32.13.2026;\n"
        "Eva Koch;Stadtwerke Lindenau;erreicht;24.12.2026;\n"
        "Otto Niemand;Nirgends AG;besetzt;23.11.2026;\n"
        "Eva Koch;Stadtwerke Lindenau;;23.11.2026;soll ich mailen\n"
        "Eva Koch;Stadtwerke Lindenau;besetzt\n"
        "Anna Beck;Ganz Andere AG;besetzt;23.11.2026;\n",
        "utf-8",
    )
    report = take(store, path)
    assert (report.new, report.rejected) == (1, 8)
    assert report.reject_file is not None
    with report.reject_file.open(encoding="utf-8-sig", newline="") as file:
        reasons = {row["line"]: row["reason"] for row in csv.DictReader(file, delimiter=";")}
    for line, said in (("3", "may be 2 people"), ("4", "no outcome"), ("5", "call time"), ("6", "future"), ("7", "nobody known"),
                       ("8", "note but no outcome"), ("9", "3 cells"), ("10", "nobody known")):  # fmt: skip
        assert said in reasons[line], reasons


def test_a_file_without_outcomes_or_people_is_refused(store: Desk, tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_text("Name,Farbe\nEva Koch,rot\n", "utf-8")
    with pytest.raises(OpenerError, match="--column outcome="):
        take(store, path)
    path.write_text("Farbe,Ergebnis\nrot,besetzt\n", "utf-8")
    with pytest.raises(OpenerError, match="who was called"):
        take(store, path)
    path.write_text("Name,Farbe\nAnna Beck,besetzt\n", "utf-8")
    assert take(store, path, columns={"outcome": "Farbe"}).new == 1


def test_a_dry_run_logs_nothing(store: Desk, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("prospect_id,outcome\nbeck-id,do_not_call\n", "utf-8")
    assert take(store, path, dry_run=True).new == 1
    assert log(store) == []
    assert store.con.execute("SELECT count(*) FROM suppressions").fetchall() == [(0,)]
