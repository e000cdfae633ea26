"""CRM files of all kinds: columns, encodings, dates, broken rows, repetition."""

import contextlib
import csv
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.contacts import cells, import_file
from pipeline.contacts.columns import flag_of, outcome_of, recognise
from pipeline.contacts.suppression import Suppressions
from pipeline.contacts.tables import read_table
from pipeline.errors import OpenerError
from pipeline.identity import resolve
from pipeline.settings import Outcome
from pipeline.store.opening import ensure_schema

NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
KEY = bytes(range(32))
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def con(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(tmp_path / "work.duckdb"))
    ensure_schema(connection)
    return connection


def taken(con: duckdb.DuckDBPyConnection) -> list[dict[str, object]]:
    found = con.execute("SELECT * FROM contacts ORDER BY last_name, first_name").fetchall()
    names = [d[0] for d in con.execute("SELECT * FROM contacts LIMIT 0").description]
    return [dict(zip(names, row, strict=True)) for row in found]


SYSTEMS = {
    "hubspot": (
        "Record ID,First Name,Last Name,Email,Phone Number,Associated Company,Job Title,Lifecycle Stage,Lead Status,Number of times contacted,Last Contacted,City\n"
        "551,Jana,Sommerfeldt,jana@holtkamp.example,+49 5261 55510,Holtkamp GmbH,Managing Director,Customer,Connected,4,2026-02-03 14:30,Lemgo\n"
    ),
    "pipedrive": (
        "Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Phone - Work,Person - Label\n"
        "77,Jana Sommerfeldt,Holtkamp GmbH,jana@holtkamp.example,05261 55510,Customer\n"
    ),
    "salesforce": (
        '"Salutation","First Name","Last Name","Title","Account Name","Mailing Street","Mailing City","Mailing Zip/Postal Code","Phone","Email","Do Not Call"\n'
        '"Frau","Jana","Sommerfeldt","Geschäftsführerin","Holtkamp GmbH","Wall 3","Lemgo","32657","05261 55510","jana@holtkamp.example","1"\n'
    ),
    "vicidial": (
        "lead_id|vendor_lead_code|first_name|last_name|title|phone_number|alt_phone|city|postal_code|status|called_count|last_local_call_time|email\n"
        "9001|K7|Jana|Sommerfeldt|Frau|0526155510||Lemgo|32657|NA|6|2026-02-03 14:30:00|jana@holtkamp.example\n"
    ),
    "outlook": (
        "Vorname;Nachname;Firma;Position;Straße geschäftlich;Ort geschäftlich;Postleitzahl geschäftlich;Telefon geschäftlich;Mobiltelefon;E-Mail-Adresse\n"
        "Jana;Sommerfeldt;Holtkamp GmbH;Geschäftsführerin;Wall 3;Lemgo;32657;05261 55510;;jana@holtkamp.example\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("system", SYSTEMS)
def test_exports_of_known_systems_are_recognised(con: duckdb.DuckDBPyConnection, tmp_path: Path, system: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(SYSTEMS[system], "utf-8")
    report = import_file(con, path, "contacts", secret=KEY, now=NOW)
    (contact,) = taken(con)
    assert (report.system, report.rejected) == (system, 0)
    assert (contact["first_name"], contact["last_name"]) == ("Jana", "Sommerfeldt")
    assert contact["phone"] == "+49526155510"
    assert contact["email"] == "jana@holtkamp.example"
    stored = json.loads(con.execute("SELECT mapping FROM imports").fetchall()[0][0])
    assert stored["fields"]["email"] and stored["system"] == system


def test_flags_attempts_and_outcomes_are_understood(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(
        (
            "Anrede;Name;Vorname;Firma;Ort;Telefon;Kunde;Versuche;Letzter Anruf;Ergebnis;Werbesperre\r\n"
            "Frau;Weiß;Änne;Groß & Söhne KG;Köln;0221/99 88 77;nein;3,0;03.02.2026 14:30;Nicht erreicht;\r\n"
            "Herr;Moor;Jan;Werft Nord;Kiel;-;ja;0;;;x\r\n"
            "Herr;Lind;Ole;Werft Nord;Kiel;;;7;5.1.26;kein Interesse;nein\r\n"
        ).encode("cp1252")
    )
    report = import_file(con, path, "contacts", secret=KEY, now=NOW)
    assert (report.encoding, report.delimiter, report.rejected) == ("cp1252", ";", 0)
    lind, moor, weiss = taken(con)
    assert weiss["attempts"] == 3
    assert weiss["last_call"] == datetime(2026, 2, 3, 14, 30, tzinfo=BERLIN)
    assert (weiss["last_outcome"], weiss["is_customer"], weiss["do_not_call"]) == ("no_answer", False, False)
    assert (moor["is_customer"], moor["do_not_call"], moor["phone"]) == (True, True, None)
    assert (lind["last_outcome"], lind["attempts"]) == ("not_interested", 7)
    assert Suppressions.load(con, KEY).check(person="Jan Moor", company="Werft Nord GmbH")


def test_exactly_the_broken_rows_are_rejected_with_the_reason(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "kunden.csv"
    rows = [
        "Vorname,Nachname,Firma,Telefon,E-Mail,Versuche,Letzter Anruf",
        'Jana,Sommerfeldt,"Holtkamp, Lemgo GmbH",05261 55510,j@holtkamp.example,2,2026-02-03',
        "Ulf,Radtke,Mohn AG,05261 55511,u@mohn.example,1",
        "Ida,,Mohn AG,05261 55512,i@mohn.example,1,2026-02-03",
        "Ole,Lind,Mohn AG,anrufen!,o@mohn.example,1,2026-02-03",
        "Eva,Horn,Mohn AG,05261 55513,eva(at,1,2026-02-03",
        "Kai,Born,Mohn AG,05261 55514,k@mohn.example,viele,2026-02-03",
        "Leo,Hain,Mohn AG,05261 55515,l@mohn.example,1,2026-13-45",
        'Mia,"Offen,Mohn AG,05261 55516,m@mohn.example,1,2026-02-03',
        "Nora,Wall,Mohn AG,05261 55517,n@mohn.example,0,",
    ]
    path.write_text("\n".join(rows), "utf-8")
    report = import_file(con, path, "contacts", secret=KEY, now=NOW)
    assert [c["last_name"] for c in taken(con)] == ["Sommerfeldt", "Wall"]
    assert (report.accepted, report.rejected) == (2, 7)
    assert report.reject_file is not None
    rejected = list(csv.DictReader(report.reject_file.open(encoding="utf-8-sig")))
    assert [r["line"] for r in rejected] == ["3", "4", "5", "6", "7", "8", "9"]
    assert all(r["reason"] for r in rejected)
    assert "surname" in rejected[1]["reason"]


def test_a_second_import_changes_nothing(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(SYSTEMS["outlook"], "utf-8")
    import_file(con, path, "contacts", secret=KEY, now=NOW)
    before = [con.execute(f"SELECT * FROM {t}").fetchall() for t in ("contacts", "imports", "suppressions")]
    (tmp_path / "b.csv").write_bytes(path.read_bytes())
    again = import_file(con, tmp_path / "b.csv", "contacts", secret=KEY, now=NOW)
    assert again.already
    assert [con.execute(f"SELECT * FROM {t}").fetchall() for t in ("contacts", "imports", "suppressions")] == before


def test_workbooks_are_read(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Kontakte 2026", None, None, None])
    book.active.append(["Vor- und Nachname", "Unternehmen", "Anzahl Anrufe", "Letzter Kontakt"])
    book.active.append(["Dr. Jana Sommerfeldt", "Holtkamp GmbH", 4, datetime(2026, 2, 3, 14, 30)])  # noqa: DTZ001
    book.save(tmp_path / "k.xlsx")
    import_file(con, tmp_path / "k.xlsx", "contacts", secret=KEY, now=NOW)
    (contact,) = taken(con)
    assert (contact["last_name"], contact["title"], contact["attempts"]) == ("Sommerfeldt", "Dr.", 4)
    assert contact["last_call"] == datetime(2026, 2, 3, 14, 30, tzinfo=BERLIN)


def test_do_not_call_lists_are_imported(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "sperre.csv"
    path.write_text("Name;Firma;Telefon;E-Mail;Domain\nJana Sommerfeldt;Holtkamp GmbH;;;\n;;05261 55510;;\n;Mohn AG;;;\n;;;;\n;;;;wall.example\n", "utf-8")  # fmt: skip
    report = import_file(con, path, "suppressions", secret=KEY, now=NOW)
    assert report.rejected == 0
    listed = Suppressions.load(con, KEY)
    assert listed.check(person="J. Sommerfeldt", company="Holtkamp")
    assert listed.check(phones=["+49526155510"])
    assert listed.check(company="MOHN")
    assert listed.check(website="www.wall.example")


def test_a_known_contact_is_the_person_of_the_news(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(SYSTEMS["outlook"], "utf-8")
    import_file(con, path, "contacts", secret=KEY, now=NOW)
    con.execute(
        """INSERT INTO mentions BY NAME SELECT 'm1' AS mention_id, 'u' AS page_url, 'Jana Sommerfeldt' AS person, 'owner' AS role_level,
        'Holtkamp' AS company, 'company' AS org_kind, 'mention' AS trigger, false AS former, 'e' AS evidence, 'body' AS section,
        0.9 AS confidence, 'news' AS source, ? AS seen_at, 'r' AS run_id""",
        [NOW],
    )
    resolve(con, now=NOW)
    assert con.execute("SELECT count(DISTINCT person_id) FROM people JOIN person_contacts USING (person_id) JOIN person_mentions USING (person_id)").fetchall() == [(1,)]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\x03binary", "no text file"),
        (b"a;b\n1;2\n", "no column"),
        (b"\xd0\xcf\x11\xe0xls", "XLS"),
    ],
)
def test_unusable_files_say_the_mend(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, content: bytes, words: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(OpenerError, match=words) as caught:
        import_file(con, path, "contacts", secret=KEY, now=NOW)
    assert "x.csv" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encodings_and_delimiters_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(
        "\r\n".join(delimiter.join(r) for r in (["Vorname", "Name"], ["Jürgen", "Groß"], ["Eva", "Moor"])).encode(
            encoding
        )
    )
    table = read_table(path)
    assert (table.headers, table.rows[0]) == (["Vorname", "Name"], ["Jürgen", "Groß"])


@pytest.mark.parametrize(
    "text",
    [
        "03.02.2026",
        "3.2.26",
        "2026-02-03",
        "2026/02/03",
        "3. Februar 2026",
        "Feb 3, 2026",
        "46056",
        "03/02/2026",
        "Di., 3. Feb. 2026",
    ],
)
def test_dates_are_read(text: str) -> None:
    assert cells.moment(text, BERLIN) == datetime(2026, 2, 3, tzinfo=BERLIN)


def test_american_dates_are_told_by_their_column() -> None:
    assert not cells.day_first(["01/02/2026", "02/28/2026"])
    assert cells.moment("02/03/2026 2:30 PM", BERLIN, False) == datetime(2026, 2, 3, 14, 30, tzinfo=BERLIN)


@given(st.text(max_size=25))
def test_date_cells_fail_only_with_value_errors(text: str) -> None:
    with contextlib.suppress(ValueError, OverflowError):
        assert cells.moment(text, BERLIN).tzinfo is not None


def test_every_outcome_is_one_of_the_call_log() -> None:
    allowed = set(Outcome.__args__)
    from pipeline.contacts.columns import vocabulary

    assert set(vocabulary().outcomes.values()) <= allowed
    assert outcome_of("Nicht erreicht!") == "no_answer"
    assert (flag_of("Ja"), flag_of("0"), flag_of("vielleicht")) == (True, False, None)


def test_a_company_column_called_name_is_not_a_person() -> None:
    assert recognise(["Name", "Vorname", "Nachname"], []).fields["company"] == [0]
    assert recognise(["Name", "Vorname"], []).fields["last_name"] == [0]
