"""Files as CRM systems, spreadsheets and people really make them: each has one clear result."""

from __future__ import annotations

import csv
import random
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest

from pipeline.contacts import import_file
from pipeline.contacts.importing import ImportReport
from pipeline.contacts.keys import phone
from pipeline.errors import OpenerError
from pipeline.store.opening import ensure_schema

NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
PEOPLE = "Vorname;Nachname;Firma\nJürgen;Groß;Äpfel GmbH\nBjörn;Weiß;Öl & Söhne AG\n"
BOTH = {"Groß", "Weiß"}

FILES: dict[str, tuple[bytes, set[str], int]] = {  # name -> (content, surnames taken, rows rejected)
    "UTF-16 LE": ("\ufeff" + PEOPLE.replace(";", "\t"), "utf-16-le", BOTH, 0),
    "UTF-16 BE": ("\ufeff" + PEOPLE, "utf-16-be", BOTH, 0),
    "UTF-16 without a mark": (PEOPLE, "utf-16-le", BOTH, 0),
    "UTF-8 with a mark": ("\ufeff" + PEOPLE, "utf-8", BOTH, 0),
    "Windows": (PEOPLE + "Eva;Moor;„Werft“ – Kiel\n", "cp1252", BOTH | {"Moor"}, 0),
    "Latin 9": (PEOPLE + "Eva;Moor;100 € Laden\n", "iso8859-15", BOTH | {"Moor"}, 0),
    "DOS": (PEOPLE, "cp850", BOTH, 0),
    "Macintosh": (PEOPLE, "mac-roman", BOTH, 0),
    "old line ends": (PEOPLE.replace("\n", "\r"), "utf-8", BOTH, 0),
    "mixed line ends": (PEOPLE.replace("\n", "\r\n", 1) + "\r\n\r\nEva;Moor;W", "utf-8", BOTH | {"Moor"}, 0),
    "sep line": ("sep=;\n" + PEOPLE, "cp1252", BOTH, 0),
    "title lines": ("Kundenliste Stand 1.2.2026;;\n;;\n" + PEOPLE, "utf-8", BOTH, 0),
    "group names above the header": ("Person;;Firma\n" + PEOPLE, "utf-8", BOTH, 0),
    "quoted line breaks": ('Vorname,Nachname,Notiz\nEva,Moor,"Zeile 1\nZeile ""2"", mit Komma"\nOle,Lind,ok\n', "utf-8", {"Moor", "Lind"}, 0),
    "inch marks": ('Vorname;Nachname;Firma\nEva;Moor;5" Rohr GmbH\nOle;Lind;"Mohn" AG\n', "utf-8", {"Moor", "Lind"}, 0),
    "the same header twice": ("Vorname;Nachname;Telefon;Telefon\nEva;Moor;;0431 123456\n", "utf-8", {"Moor"}, 0),
    "headers without a name": ("Vorname;;Nachname;;Firma\nEva;a;Moor;b;W\n", "utf-8", {"Moor"}, 0),
    "ragged rows": ("Vorname;Nachname;Firma\nEva;Moor;W\nOle;Lind\nIda;Born;W;;\nUwe;Kern;W;mehr\n", "utf-8", {"Moor", "Born"}, 2),
    "NUL bytes in a row": ("Vorname;Nachname;Firma\nEva;Moor;W\nOle;Li\x00nd;W\n", "utf-8", {"Moor"}, 1),
    "one column": ("Name\nEva Moor\nLind, Ole\n", "utf-8", {"Moor", "Lind"}, 0),
    "commas inside names": ('Name;Firma\n"Moor, Eva";W\nDr. Ole Lind;M\n', "utf-8", {"Moor", "Lind"}, 0),
    "hard spaces": ("Vorname;Nachname;Telefon\nEva\u00a0;\u200bMoor;+49\u00a0431\u00a0123456\n", "utf-8", {"Moor"}, 0),
    "a title without delimiters": ("Kundenliste 2026\n" + PEOPLE, "utf-8", BOTH, 0),
    "a header alone": ("Vorname;Nachname;Firma\n", "utf-8", set(), 0),
}  # type: ignore[assignment]  # fmt: skip


def take(path: Path, country: str = "DE") -> tuple[ImportReport, list[dict[str, object]]]:
    with duckdb.connect() as con:
        ensure_schema(con)
        report = import_file(con, path, "contacts", secret=bytes(32), now=NOW, country=country)
        found = con.execute("SELECT * FROM contacts ORDER BY last_name")
        names = [d[0] for d in found.description or ()]
        return report, [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.parametrize("kind", FILES)
def test_odd_files_give_their_people(tmp_path: Path, kind: str) -> None:
    text, encoding, surnames, rejected = FILES[kind]  # type: ignore[misc]
    path = tmp_path / "liste.csv"
    path.write_bytes(text.encode(encoding))
    report, taken = take(path)
    assert {c["last_name"] for c in taken} == surnames
    assert report.rejected == rejected
    assert (report.reject_file is not None) == bool(rejected)


SYSTEMS = {
    "hubspot": "Datensatz-ID,Vorname,Nachname,E-Mail,Telefonnummer,Name des Unternehmens,Jobtitel,Lifecycle-Phase,Lead-Status,Anzahl der Kontaktversuche,Letzter Kontakt\n1,Eva,Moor,eva@moor.example,+49 431 123456,Werft,Chefin,Kunde,Verbunden,4,2026-02-03 14:30\n",
    "pipedrive": "Person - Name,Person - Organisation,Person - E-Mail - Büro,Person - Telefon - Büro,Person - Label\nEva Moor,Werft,eva@moor.example,0431 123456,Kunde\n",
    "salesforce": "Anrede,Vorname,Nachname,Titel,Accountname,Postanschrift (Straße),Postanschrift (Stadt),Postanschrift (PLZ),Telefon,E-Mail,Nicht anrufen\nFrau,Eva,Moor,Chefin,Werft,Kai 1,Kiel,24103,0431 123456,eva@moor.example,1\n",
    "vicidial": "lead_id,entry_date,status,vendor_lead_code,list_id,phone_number,title,first_name,last_name,city,postal_code,alt_phone,email,called_count,last_local_call_time\n1,2026-01-01 10:00:00,NI,K1,101,431123456,Frau,Eva,Moor,Kiel,24103,,eva@moor.example,3,0000-00-00 00:00:00\n",
    "outlook": '"Anrede","Vorname","Weitere Vornamen","Nachname","Firma","Position","Ort geschäftlich","Telefon geschäftlich","E-Mail-Adresse"\n"","Eva","","Moor","Werft","Chefin","Kiel","+49 (431) 123456","eva@moor.example"\n',
}  # fmt: skip


@pytest.mark.parametrize("system", SYSTEMS)
def test_german_exports_of_known_systems_are_recognised(tmp_path: Path, system: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(SYSTEMS[system], "utf-8")
    report, (contact,) = take(path)
    assert report.system == system
    assert (contact["first_name"], contact["last_name"]) == ("Eva", "Moor")
    assert (contact["phone"], contact["email"]) == ("+49431123456", "eva@moor.example")
    if system != "vicidial":
        assert contact["company"] == "Werft"
    if system in ("hubspot", "salesforce", "outlook"):
        assert contact["role"] == "Chefin"
    assert contact["is_customer"] == (system in ("hubspot", "pipedrive"))
    assert contact["do_not_call"] == (system == "salesforce")
    assert contact["attempts"] == {"hubspot": 4, "vicidial": 3}.get(system, 0)


def test_spreadsheet_cells_are_what_they_mean(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["Kontakte", None, None, None, None, None, None],
        ["Vorname", "Nachname", "Letzter Anruf", "Telefon", "Versuche", "PLZ", "Nicht anrufen"],
        ["Ida", "Born", date(2026, 2, 3), 43112345, 1, "01067", "ja"],
        ["Ole", "Lind", 46056.5, "'0431 12345", "2", 24103, False],
        ["Eva", "Moor", datetime(2026, 2, 3, 14, 30), 4943112345678.0, 3.0, 1067, True],  # noqa: DTZ001
    ):
        book.active.append(row)
    book.active.merge_cells("A1:G1")
    book.save(tmp_path / "k.xlsx")
    _, (born, lind, moor) = take(tmp_path / "k.xlsx")
    assert [c["postcode"] for c in (born, lind, moor)] == ["01067", "24103", "01067"]
    assert [c["phone"] for c in (born, lind, moor)] == ["+4943112345", "+4943112345", "+4943112345678"]
    assert [c["do_not_call"] for c in (born, lind, moor)] == [True, False, True]
    assert [c["attempts"] for c in (born, lind, moor)] == [1, 2, 3]
    assert [str(c["last_call"].astimezone(UTC))[:16] for c in (born, lind, moor)] == [  # type: ignore[attr-defined]
        "2026-02-02 23:00", "2026-02-03 11:00", "2026-02-03 13:30"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("4943112345678.0", "+4943112345678"), ("4.943112345678E+12", "+4943112345678"), ("4,9431E+12", None),
        ("0431 / 123 456-0", "+494311234560"), ("+49 (0) 431 123456", "+49431123456"), ("0049 431 123456", "+49431123456"),
    ],
)  # fmt: skip
def test_phone_numbers_survive_spreadsheets(cell: str, number: str | None) -> None:
    assert phone(cell) == number


def test_flags_are_read_in_many_words(tmp_path: Path) -> None:
    path = tmp_path / "k.csv"
    path.write_text(
        "Vorname;Nachname;Kunde;Werbesperre\nA;Eins;Ja;Nein\nB;Zwei;nein;JA\nC;Drei;WAHR;FALSCH\nD;Vier;;vielleicht\nE;Fünf;0;x\nF;Sechs;true;0\n",
        "utf-8",
    )
    _, taken = take(path)
    assert {c["last_name"]: (c["is_customer"], c["do_not_call"]) for c in taken} == {
        "Eins": (True, False), "Zwei": (False, True), "Drei": (True, False), "Vier": (False, True), "Fünf": (False, True),
        "Sechs": (True, False),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", b"<html><body>login</body></html>"), ("a.xlsx", b"PK\x03\x04rest"), ("a.csv", b"\x00\x00\x00a;b"), ("a.csv", b" \n")],
)  # fmt: skip
def test_what_is_no_list_is_refused_on_one_line(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(OpenerError) as caught:
        take(tmp_path / name)
    assert name in str(caught.value) and "\n" not in str(caught.value)


def test_of_ten_thousand_rows_exactly_the_broken_hundred_are_rejected(tmp_path: Path) -> None:
    rng = random.Random(3)
    broken = set(rng.sample(range(10_000), 100))
    faults = (
        lambda c: c[:3], lambda c: [*c, "zu", "viel"], lambda c: [c[0], "", *c[2:]], lambda c: [*c[:3], "bitte anrufen", *c[4:]],
        lambda c: [*c[:4], "info(at", *c[5:]], lambda c: [*c[:5], "oft", c[6]], lambda c: [*c[:6], "31.02.2025"],
        lambda c: [c[0], c[1], '"' + c[2], *c[3:]], lambda c: [c[0], "12345", *c[2:]],
    )  # fmt: skip
    rows = []
    for at in range(10_000):
        cells = [
            f"Eva{at}",
            "Moor",
            f"Werft {at % 999} GmbH",
            f"0431 {100000 + at}",
            f"e{at}@moor.example",
            "3",
            "03.02.2025 14:30",
        ]
        rows.append(";".join(faults[at % len(faults)](cells) if at in broken else cells))
    path = tmp_path / "crm.csv"
    path.write_text("Vorname;Nachname;Firma;Telefon;E-Mail;Versuche;Letzter Anruf\n" + "\n".join(rows) + "\n", "cp1252")
    report, taken = take(path)
    assert (report.rejected, len(taken)) == (100, 9_900)
    assert report.reject_file is not None
    with report.reject_file.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    assert {int(line["line"]) - 2 for line in lines} == broken
    assert all(line["reason"] for line in lines)


@pytest.mark.parametrize("apart", [1, 2, 30])
def test_two_open_quotes_cost_their_own_rows_only(tmp_path: Path, apart: int) -> None:
    lines = [f"Ada;Sommer{chr(97 + at // 26)}{chr(97 + at % 26)};Holtkamp GmbH;Lemgo;0" for at in range(60)]
    for at in (5, 5 + apart):
        lines[at] = lines[at].replace("Holtkamp", '"Holtkamp')
    lines[50] = 'Ida;Horn;"Mohn\nElektro; Lemgo\nGmbH";Lemgo;0'
    path = tmp_path / "liste.csv"
    path.write_text("\n".join(["Vorname;Nachname;Firma;Ort;Versuche", *lines]), "utf-8")
    report, taken = take(path)
    assert (report.rows, report.accepted, report.rejected) == (60, 58, 2)
    assert [row["company"] for row in taken if row["last_name"] == "Horn"] == ["Mohn Elektro; Lemgo GmbH"]


def test_reasons_are_counted_without_the_cells(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text('Vorname;Nachname;Telefon\nEva;Moor;bitte anrufen\nOle;Lind;kein "Telefon"\n', "utf-8")
    report, _ = take(path)
    assert report.reasons == {"phone is no phone number": 2}
