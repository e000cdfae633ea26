"""The main job on the demo town: real HTTP, real Scrapy, real spaCy, a real store."""

from __future__ import annotations

import json
import threading
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from pipeline.demo.town import PAPER, add_article
from pipeline.home_lock import night_lock
from tests.pipeline.conftest import Town


def people(rows: list[dict[str, str]]) -> set[str]:
    return {f"{row['first_name']} {row['last_name']}" for row in rows}


def test_three_nights_give_new_people_then_none_then_exactly_the_new_one(town: Town) -> None:
    first = town.run("nightly")
    assert first.returncode == 0, first.stderr
    rows = town.rows()
    found = people(rows)
    assert {"Katrin Seidel", "Thomas Wiegand", "Ole Brandt", "Mehmet Yildirim", "James Whitfield"} <= found
    assert not found & {
        "Sabine Ritter",
        "Frank Keller",
        "Viktor Janssen",
        "Bernd Uhlig",
        "Rico Sander",
        "Helmut Groß",
        "Bettina Lorch",
    }
    for row in rows:
        assert row["first_name"] or row["last_name"]
        assert row["company"] and row["evidence"] and row["opening_line"] and row["why"]
        assert row["source_url"].startswith("http://")
    seidel = next(row for row in rows if row["last_name"] == "Seidel")
    assert seidel["phone"] == "+493615550120"
    assert seidel["town"] == "Lindenau" and seidel["postcode"] == "99998"
    page = (town.town / PAPER / "wirtschaft" / "hollmann-neue-chefin.html").read_text("utf-8")
    assert seidel["evidence"] in page

    second = town.run("nightly")
    assert second.returncode == 0, second.stderr
    assert "nothing new" in second.stdout
    assert town.rows("call-list-2.csv") == []
    assert town.rows() == rows, "the first list was written over"

    add_article(town.town, datetime.now(ZoneInfo("Europe/Berlin")).date())
    third = town.run("nightly")
    assert third.returncode == 0, third.stderr
    assert people(town.rows("call-list-3.csv")) == {"Franziska Thiele"}

    states = json.loads(
        town.run(
            "sql",
            "SELECT map_from_entries(list((s, n))) AS m FROM (SELECT state AS s, count(*) AS n FROM contacts GROUP BY 1)",
            "--json",
        ).stdout
    )["m"]
    assert states["exhausted"] >= 1 and states["customer"] >= 1
    doubled = town.run(
        "sql", "SELECT count(*) AS n FROM new_prospects JOIN exhausted_contacts USING (prospect_id)", "--json"
    )
    assert json.loads(doubled.stdout) == {"n": 0}


def test_people_of_a_deleted_page_are_on_no_list(town: Town) -> None:
    (town.town / PAPER / "wirtschaft" / "hollmann-neue-chefin.html").unlink()
    done = town.run("nightly")
    assert done.returncode == 0, done.stderr
    assert "Katrin Seidel" not in people(town.rows())
    assert "Ole Brandt" in people(town.rows())


def test_readers_see_whole_snapshots_while_a_night_writes(town: Town) -> None:
    assert town.run("nightly").returncode == 0
    add_article(town.town, datetime.now(ZoneInfo("Europe/Berlin")).date())
    snapshot = town.out / "store" / "leads.duckdb"
    seen: set[tuple[int, int]] = set()
    errors: list[str] = []
    reads = 0
    running = town.start("nightly")
    done = threading.Event()
    threading.Thread(target=lambda: (running.communicate(timeout=120), done.set()), daemon=True).start()
    while not done.is_set() or reads < 1000:
        try:
            with duckdb.connect(str(snapshot), read_only=True) as con:
                seen.add(
                    con.execute(
                        "SELECT (SELECT count(*) FROM pages), (SELECT count(*) FROM runs WHERE status = 'ok')"
                    ).fetchall()[0]
                )
        except duckdb.Error as error:
            errors.append(str(error))
        reads += 1
    assert running.returncode == 0
    assert not errors, errors[0]
    assert reads >= 1000
    assert len(seen) <= 2, seen


def test_a_second_run_at_the_same_time_exits_4(town: Town) -> None:
    with night_lock(town.out / "store"):
        done = town.run("nightly")
    assert done.returncode == 4
    assert "another run is active" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_broken_settings_and_sources_are_one_line_and_leave_the_store_alone(town: Town) -> None:
    work = town.out / "store" / "work.duckdb"
    before = work.read_bytes()
    good = town.settings.read_text("utf-8")
    town.settings.write_text(good + "crawler: {}\n", "utf-8")
    done = town.run("nightly")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "opener.yml:" in done.stderr and "crawler: unknown key" in done.stderr
    town.settings.write_text(good, "utf-8")
    for path in (town.out / "sources").glob("*.yml"):
        path.write_text("name: x\ntitle: X\nkind: newspaper\nstart: [http://a.example/]\n", "utf-8")
    done = town.run("nightly")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and ".yml:3: kind:" in done.stderr
    assert work.read_bytes() == before


def test_one_broken_source_file_costs_only_itself(town: Town) -> None:
    (town.out / "sources" / "broken.yml").write_text("name: broken\n", "utf-8")
    done = town.run("nightly")
    assert done.returncode == 3
    assert "broken.yml:1: title: is missing" in done.stderr
    assert len(town.rows()) >= 5


def test_the_snapshot_answers_questions_and_nothing_else(town: Town, tmp_path: Path) -> None:
    assert town.run("nightly").returncode == 0
    table = town.run("sql", "SELECT name, company, score FROM new_prospects ORDER BY score DESC")
    assert table.returncode == 0 and "Katrin Seidel" in table.stdout
    for statement in (
        f"COPY people TO '{tmp_path / 'x.csv'}'", "SELECT * FROM read_csv('/etc/passwd')", "ATTACH 'x.duckdb'",
        "SET memory_limit = '1TB'", "DELETE FROM people", "INSTALL httpfs", "CREATE TABLE t AS SELECT 1",
        "SELECT * FROM glob('/*')", "SELECT getenv('HOME')", "PRAGMA enable_external_access=true",
    ):  # fmt: skip
        done = town.run("sql", statement)
        assert done.returncode == 1, statement
        assert done.stderr.startswith("opener: SQL: ") and done.stderr.count("\n") == 1, statement
    with duckdb.connect(str(town.out / "store" / "leads.duckdb"), read_only=True) as con:
        missing = con.execute(
            "SELECT table_name || '.' || column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal"
        ).fetchall()
        bare = con.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL").fetchall()
    assert not missing and not bare, (missing, bare)
    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")
    questions = [q for q in readme.split("```sql")[1].split("```")[0].strip().split(";") if q.strip()]
    assert len(questions) == 10
    for question in questions:
        answered = town.run("sql", question.strip(), "--json")
        assert answered.returncode == 0, (question, answered.stderr)
