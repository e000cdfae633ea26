"""The gates of the do-not-call list leave out nobody whom the whole check would find."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
import yaml

from pipeline.contacts import gates, suppression
from pipeline.contacts.suppression import Suppressions, insert_suppressions, suppressed_people, suppression_rows
from pipeline.identity import resolve
from pipeline.identity.generator import Generator
from pipeline.store.opening import ensure_schema

NOW = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)
KEY = bytes(range(32))
SPELLINGS: list[str] = yaml.safe_load(Path(__file__).with_name("suppression_variants.yml").read_text("utf-8"))["person"]
Said = tuple[str, str | None, str | None]  # person, company, town


@pytest.fixture
def con(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(tmp_path / "work.duckdb"))
    ensure_schema(connection)
    return connection


def named(con: duckdb.DuckDBPyConnection, people: list[Said]) -> None:
    con.executemany(
        """INSERT INTO mentions BY NAME SELECT ? AS mention_id, 'u' AS page_url, ? AS person, 'owner' AS role_level,
            coalesce(?, '') AS company, 'company' AS org_kind, ?::VARCHAR AS place, 'mention' AS trigger, false AS former,
            'e' AS evidence, 'body' AS section, 0.9 AS confidence, 'news' AS source, ?::TIMESTAMPTZ AS seen_at, 'r' AS run_id""",
        [(f"m{at:04}", *said, NOW) for at, said in enumerate(people)],
    )
    resolve(con, now=NOW)


def barred(con: duckdb.DuckDBPyConnection, people: list[Said]) -> None:
    rows = [
        row
        for person, company, town in people
        for row in suppression_rows(KEY, "person", person, now=NOW, company=company, place=town)
    ]
    insert_suppressions(con, rows)


def both_ways(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> tuple[set[str], set[str]]:
    quick = set(suppressed_people(con, KEY))
    with monkeypatch.context() as patched:
        patched.setattr(suppression.gates, "all_have_gates", lambda con: False)
        return quick, set(suppressed_people(con, KEY))


@pytest.mark.parametrize("where", [("Holtkamp Maschinenbau GmbH", "Lemgo"), ("Holtkamp Maschinenbau GmbH", None), (None, "Lemgo"), (None, None)])  # fmt: skip
def test_every_spelling_goes_through(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch, where: tuple[str | None, str | None]
) -> None:
    firms = ("Holtkamp Maschinenbau", "HOLTKAMP Maschinenbau GmbH", "Holtkmap Maschinenbau")
    named(
        con,
        [(name, firms[at % 3], "Lemgo" if at % 2 or where[0] is None else None) for at, name in enumerate(SPELLINGS)],
    )
    barred(con, [(SPELLINGS[0], *where)])
    quick, whole = both_ways(con, monkeypatch)
    assert quick == whole
    assert whole


def test_of_many_people_the_gates_leave_out_no_hit(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = Generator(41, 2.5).mentions(1_200)
    said = list(zip(*(table[c].to_pylist() for c in ("person_raw", "company_raw", "place")), strict=True))
    named(con, said)
    entity = table["entity"].to_pylist()
    first = {e: at for at, e in reversed(list(enumerate(entity)))}
    barred(con, [said[at] for e, at in first.items() if e % 9 == 0])
    barred(con, [(said[at][0], None, None) for e, at in first.items() if e % 97 == 0])
    quick, whole = both_ways(con, monkeypatch)
    assert quick == whole
    assert len(gates.through(con, KEY)) < con.execute("SELECT count(*) FROM people").fetchall()[0][0] * 0.6


def test_an_entry_of_an_older_release_is_checked_in_full(con: duckdb.DuckDBPyConnection) -> None:
    named(con, [("Jana Sommerfeldt", "Holtkamp GmbH", None), ("Ulf Radtke", "Mohn AG", None)])
    barred(con, [("Jana Sommerfeldt", "Holtkamp", None)])
    con.execute(f"DELETE FROM suppressions WHERE length(key_hash) = {gates.LENGTH}")
    assert not gates.all_have_gates(con)
    assert len(suppressed_people(con, KEY)) == 1


def test_gates_are_no_keys(con: duckdb.DuckDBPyConnection) -> None:
    barred(con, [("Jana Sommerfeldt", "Holtkamp", None)])
    assert all(len(key) == 32 for key in Suppressions.load(con, KEY).entries)
