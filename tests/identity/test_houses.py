"""Which company a mention means: namesakes in several towns, one house named with and without its town."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from pipeline.identity import rebuild, resolve
from pipeline.store.opening import ensure_schema

DAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
Said = tuple[str, str, str | None]  # person, company, town


@pytest.fixture
def con(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(tmp_path / "work.duckdb"))
    ensure_schema(connection)
    return connection


def companies(con: duckdb.DuckDBPyConnection, *nights: list[Said]) -> list[str]:
    """Resolve the mentions of each night and return their companies, in the order of the mentions."""
    number = 0
    for day, night in enumerate(nights):
        for person, company, place in night:
            con.execute(
                """INSERT INTO mentions BY NAME SELECT $id AS mention_id, 'u' AS page_url, $person AS person, 'Inhaber' AS role,
                    'owner' AS role_level, $company AS company, 'company' AS org_kind, $place AS place, 'mention' AS trigger,
                    false AS former, 'e' AS evidence, 'body' AS section, 0.9 AS confidence, 'news' AS source, $at AS seen_at,
                    $run AS run_id""",
                {"id": f"m{number:03}", "person": person, "company": company, "place": place,
                 "at": DAY + timedelta(days=day), "run": f"run{day}"},
            )  # fmt: skip
            number += 1
        resolve(con, now=DAY + timedelta(days=day, hours=1))
    return [row[0] for row in con.execute("SELECT company_id FROM person_mentions ORDER BY mention_id").fetchall()]


@pytest.mark.parametrize(
    "name", ["Müller GmbH", "Autohaus Schmidt GmbH & Co. KG", "Stadtwerke GmbH", "Hans Koch Bau KG", "Peters & Söhne"]
)
@pytest.mark.parametrize("split", [False, True])
def test_namesakes_in_two_towns_are_two_companies(con: duckdb.DuckDBPyConnection, name: str, split: bool) -> None:
    kiel, passau = ("Jana Sommerfeldt", name, "Kiel"), ("Ulf Radtke", name, "Passau")
    one, other = companies(con, [kiel], [passau]) if split else companies(con, [kiel, passau])
    assert one != other
    assert con.execute("SELECT town FROM companies ORDER BY town").fetchall() == [("Kiel",), ("Passau",)]


@pytest.mark.parametrize("name", ["Holtkamp Maschinenbau GmbH", "Volkswagen AG", "Trimetoxa Software"])
def test_a_telling_name_is_one_company_wherever_its_people_are_met(con: duckdb.DuckDBPyConnection, name: str) -> None:
    found = companies(
        con, [("Jana Sommerfeldt", name, "Lemgo"), ("Ulf Radtke", name, "Detmold")], [("Ina Horn", name, None)]
    )
    assert len(set(found)) == 1


@pytest.mark.parametrize(
    "towns",
    [
        (None, "Kiel"),
        ("Kiel", None),
        (None, "Kiel", None),
        ("Kiel", "24103 Kiel", None),
        ("Frankfurt am Main", "Frankfurt", None),
    ],
)
@pytest.mark.parametrize("split", [False, True])
def test_one_company_named_with_and_without_its_town_is_one(
    con: duckdb.DuckDBPyConnection, towns: tuple[str | None, ...], split: bool
) -> None:
    people = ("Jana Sommerfeldt", "Ulf Radtke", "Ina Horn")
    said = [(person, "Müller GmbH", town) for person, town in zip(people, towns, strict=False)]
    assert len(set(companies(con, *([[one] for one in said] if split else [said])))) == 1
    assert con.execute("SELECT town IS NOT NULL FROM companies").fetchall() == [(True,)]


def test_without_a_town_a_namesake_is_neither_unless_the_person_tells(con: duckdb.DuckDBPyConnection) -> None:
    first = [("Jana Sommerfeldt", "Müller GmbH", "Kiel"), ("Ulf Radtke", "Müller GmbH", "Passau")]
    kiel, passau, jana, ulf, nobody = companies(
        con,
        first,
        [("Jana Sommerfeldt", "Müller GmbH", None), ("Ulf Radtke", "Müller", None), ("Ina Horn", "Müller GmbH", None)],
    )
    assert (jana, ulf) == (kiel, passau)
    assert nobody not in (kiel, passau)


def test_a_name_that_people_of_the_store_bear_is_no_telling_one(con: duckdb.DuckDBPyConnection) -> None:
    bearers: list[Said] = [(f"{given} Tschirnhaus", f"{firm} AG", None) for given, firm in (
        ("Ada", "Fjordwerk"), ("Bert", "Quarzlicht"), ("Cora", "Nebelhorn"), ("Dirk", "Steinbrech"), ("Eva", "Moorwind"))]  # fmt: skip
    found = companies(
        con, bearers, [("Jana Sommer", "Tschirnhaus GmbH", "Kiel"), ("Ulf Radtke", "Tschirnhaus GmbH", "Passau")]
    )
    assert found[-1] != found[-2]


def test_a_rebuild_gives_the_same_companies(con: duckdb.DuckDBPyConnection) -> None:
    companies(
        con, [("Jana Sommerfeldt", "Müller GmbH", None)], [("Ulf Radtke", "Müller GmbH", "Passau")],
        [("Ina Horn", "Müller GmbH", "Kiel"), ("Ole Brandt", "Müller GmbH", None)],
    )  # fmt: skip
    tables = ("SELECT * FROM companies ORDER BY company_id", "SELECT * FROM person_mentions ORDER BY mention_id")
    before = [con.execute(query).fetchall() for query in tables]
    assert len(before[0]) == 3
    rebuild(con, DAY + timedelta(days=9))
    assert [con.execute(query).fetchall() for query in tables] == before
