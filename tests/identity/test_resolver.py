"""Known or new: incremental resolving, stable ids, order, rebuild, job changes, judgements."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pytest

from pipeline.identity import rebuild, resolve
from pipeline.identity.benchmark.quality import quality
from pipeline.identity.generator import Generator
from pipeline.identity.review import decide, explain, judge, undo, waiting
from pipeline.store.opening import ensure_schema

DAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


@pytest.fixture
def con(tmp_path: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(tmp_path / "work.duckdb"))
    ensure_schema(connection)
    return connection


def mention(con: duckdb.DuckDBPyConnection, number: str, person: str, company: str, place: str | None = None, *, day: int = 0, role: str | None = None) -> None:  # fmt: skip
    con.execute(
        """INSERT INTO mentions BY NAME SELECT ? AS mention_id, 'https://news.example/' || ? AS page_url, ? AS person, ? AS role,
            'executive' AS role_level, ? AS company, 'company' AS org_kind, ? AS place, 'mention' AS trigger, false AS former,
            'evidence' AS evidence, 'body' AS section, 0.9 AS confidence, 'news' AS source, ? AS seen_at, ? AS run_id""",
        [number, number, person, role, company, place, DAY + timedelta(days=day), f"run{day}"],
    )


def load(con: duckdb.DuckDBPyConnection, table: pa.Table, day: int) -> None:
    con.register("rows_in", table)
    con.execute(
        """INSERT INTO mentions BY NAME SELECT 'm' || mid AS mention_id, 'u' AS page_url, person_raw AS person, role,
            'unknown' AS role_level, coalesce(company_raw, '') AS company, 'company' AS org_kind, place, 'mention' AS trigger,
            false AS former, 'e' AS evidence, 'body' AS section, 0.9 AS confidence, 'news' AS source, ?::TIMESTAMPTZ AS seen_at,
            ? AS run_id FROM rows_in""",
        [DAY + timedelta(days=day), f"run{day}"],
    )
    con.unregister("rows_in")


def people(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(con.execute("SELECT mention_id, person_id FROM person_mentions").fetchall())


def test_a_person_seen_again_is_known(con: duckdb.DuckDBPyConnection) -> None:
    mention(con, "a", "Jana Sommerfeldt", "Holtkamp Maschinenbau GmbH", "Lemgo", role="Geschäftsführerin")
    first = resolve(con, now=DAY)
    mention(con, "b", "Sommerfeldt, Jana", "HOLTKAMP MASCHINENBAU", "Lemgo", day=1)
    mention(con, "c", "Ulf Radtke", "Holtkamp Maschinenbau GmbH", "Lemgo", day=1)
    second = resolve(con, now=DAY + timedelta(days=1))
    assert (first.new_people, second.new_people, second.known_people) == (1, 1, 1)
    found = people(con)
    assert found["a"] == found["b"] != found["c"]
    assert resolve(con, now=DAY).attached_mentions == 0


def test_a_job_change_is_one_person_with_a_previous_company(con: duckdb.DuckDBPyConnection) -> None:
    mention(con, "a", "Wenzeslaus Prokoph", "Prokoph Orgelbau GmbH", "Passau", role="Prokurist")
    resolve(con, now=DAY)
    mention(con, "b", "Wenzeslaus Prokoph", "Donau Klavierhaus KG", "Passau", day=5, role="Prokurist")
    resolve(con, now=DAY + timedelta(days=5))
    rows = con.execute("SELECT company, previous_company, changed_at FROM people").fetchall()
    assert rows == [("Donau Klavierhaus KG", "Prokoph Orgelbau GmbH", DAY + timedelta(days=5))]


def test_namesakes_at_two_companies_are_two_people(con: duckdb.DuckDBPyConnection) -> None:
    mention(con, "a", "Thomas Müller", "Lüttich Haustechnik GmbH", "Köln")
    mention(con, "b", "Thomas Müller", "Winterstein Software AG", "Dresden")
    assert resolve(con, now=DAY).new_people == 2


@pytest.mark.parametrize("batches", [2, 7])
def test_batches_and_order_give_the_same_lists_up_to_the_review_band(tmp_path: Path, batches: int) -> None:
    table = Generator(55, 1.0).mentions(2_500)
    truth = {f"m{m}": e for m, e in zip(table["mid"].to_pylist(), table["entity"].to_pylist(), strict=True)}
    ties = []
    rng = np.random.default_rng(4)
    for kind in ("whole", "split"):
        with duckdb.connect(str(tmp_path / f"{kind}.duckdb")) as con:
            ensure_schema(con)
            shuffled = table if kind == "whole" else table.take(rng.permutation(len(table)))
            step = len(table) if kind == "whole" else -(-len(table) // batches)
            for day, start in enumerate(range(0, len(table), step)):
                load(con, shuffled.slice(start, step), day)
                resolve(con, now=DAY + timedelta(days=day))
            unsure = {r for row in con.execute("SELECT left_id, right_id FROM match_queue").fetchall() for r in row}
            person = people(con)
            ties.append((person, unsure))
    (whole, unsure_whole), (split, unsure_split) = ties
    doubtful_people = {p for r in unsure_whole | unsure_split for p in ((whole[r], 0), (split[r], 1))}
    sure = [r for r in truth if (whole[r], 0) not in doubtful_people and (split[r], 1) not in doubtful_people]
    pairs = {(whole[r], split[r]) for r in sure}
    assert len(sure) > 0.8 * len(truth)
    differing = len(pairs) - len({whole[r] for r in sure}) + len(pairs) - len({split[r] for r in sure})
    assert differing <= max(1, len(pairs) // 500)


def test_known_or_new_is_decided_well(con: duckdb.DuckDBPyConnection) -> None:
    table = Generator(77, 1.0).mentions(4_000)
    load(con, table.slice(0, 2_600), 0)
    resolve(con, now=DAY)
    before = set(people(con).values())
    load(con, table.slice(2_600), 1)
    resolve(con, now=DAY + timedelta(days=1))
    entity = dict(zip([f"m{m}" for m in table["mid"].to_pylist()], table["entity"].to_pylist(), strict=True))
    old = {entity[f"m{m}"] for m in table["mid"].to_pylist()[:2_600]}
    new_records = [f"m{m}" for m in table["mid"].to_pylist()[2_600:]]
    person = people(con)
    said = np.array([person[r] in before for r in new_records])
    known = np.array([entity[r] in old for r in new_records])
    hit = (said & known).sum()
    precision, recall = hit / said.sum(), hit / known.sum()
    assert 2 * precision * recall / (precision + recall) >= 0.96
    assert (said & ~known).sum() / (~known).sum() <= 0.03


def test_a_rebuild_gives_the_same_ids_and_lists(con: duckdb.DuckDBPyConnection) -> None:
    table = Generator(12, 1.0).mentions(1_500)
    for day in range(3):
        load(con, table.slice(day * 500, 500), day)
        resolve(con, now=DAY + timedelta(days=day))
    before = people(con), con.execute("SELECT * FROM people ORDER BY person_id").fetchall()
    rebuild(con, DAY + timedelta(days=9))
    assert (people(con), con.execute("SELECT * FROM people ORDER BY person_id").fetchall()) == before


def test_a_failing_run_leaves_the_store_as_it_was(con: duckdb.DuckDBPyConnection) -> None:
    mention(con, "a", "Jana Sommerfeldt", "Holtkamp GmbH")
    con.execute("DROP TABLE match_queue")
    con.execute("DROP TABLE identity_frequencies")
    with pytest.raises(duckdb.Error):
        resolve(con, now=DAY)
    assert con.execute("SELECT count(*) FROM people").fetchall() == [(0,)]


def test_naive_times_are_refused(con: duckdb.DuckDBPyConnection) -> None:
    with pytest.raises(ValueError, match="aware"):
        resolve(con, now=datetime(2026, 1, 1))  # noqa: DTZ001


def test_judgements_hold_and_can_be_undone(con: duckdb.DuckDBPyConnection) -> None:
    mention(con, "a", "Thomas Müller", "Lüttich Haustechnik GmbH", "Köln")
    mention(con, "b", "Thomas Müller", "Winterstein Software AG", "Dresden")
    resolve(con, now=DAY)
    judge(con, "a", "b", "same", now=DAY)
    assert len(set(people(con).values())) == 1
    rebuild(con, DAY)
    assert len(set(people(con).values())) == 1
    assert undo(con, now=DAY) == ("a", "b", "same")
    assert len(set(people(con).values())) == 2
    judge(con, "a", "b", "not", now=DAY)
    mention(con, "c", "Thomas Müller", "Lüttich Haustechnik", "Köln", day=1)
    resolve(con, now=DAY)
    found = people(con)
    assert found["a"] == found["c"] != found["b"]


def test_uncertain_pairs_wait_and_are_explained(con: duckdb.DuckDBPyConnection) -> None:
    load(con, Generator(31, 2.0).mentions(2_500), 0)
    resolve(con, now=DAY)
    pairs = waiting(con)
    assert pairs
    one = pairs[0]
    assert one.left.person_id != one.right.person_id
    decide(con, one.pair_id, "unsure", now=DAY, by="ines")
    assert one.pair_id not in {p.pair_id for p in waiting(con)}
    told = explain(con, one.left.record_id, one.right.record_id)
    assert sum(p["log_odds"] for p in told["parts"]) == pytest.approx(told["score"], abs=0.05)
    assert told["judgement"] == "unsure"


def test_quality_counts_pairs_of_an_ambiguity_group_as_open() -> None:
    found, truth, group = np.array([0, 0, 1]), np.array([5, 6, 7]), np.array([9, 9, 8])
    assert quality(found, truth, group).precision == 0.0 or quality(found, truth, group).f1 == 0.0


def test_every_table_and_column_is_described(con: duckdb.DuckDBPyConnection) -> None:
    missing = con.execute(
        """SELECT table_name, column_name FROM duckdb_columns() c SEMI JOIN duckdb_tables() t USING (table_name)
        WHERE c.comment IS NULL AND NOT c.internal
        UNION ALL SELECT table_name, '' FROM duckdb_tables() WHERE comment IS NULL"""
    ).fetchall()
    assert missing == []
