"""The published snapshot is read by clients of the oldest DuckDB that the project names."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from pipeline.identity import resolve
from pipeline.scoring.scoring import score
from pipeline.settings import Settings
from pipeline.store.opening import working_store
from pipeline.store.publish import publish

DAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
READ = """import duckdb, sys
con = duckdb.connect(sys.argv[1], read_only=True)
tables = [row[0] for row in con.execute("SELECT table_name FROM duckdb_tables() WHERE comment IS NOT NULL").fetchall()]
for table in tables:
    con.execute(f'SELECT * FROM "{table}"').fetchall()
print(duckdb.__version__, len(tables), con.execute("SELECT name FROM people").fetchall()[0][0])"""


@pytest.fixture
def snapshot(tmp_path: Path) -> Path:
    with working_store(tmp_path) as con:
        con.execute(
            """INSERT INTO mentions BY NAME SELECT 'a' AS mention_id, 'https://news.example/a' AS page_url, 'Jana Sommerfeldt' AS person,
                'Inhaberin' AS role, 'owner' AS role_level, 'Holtkamp GmbH' AS company, 'company' AS org_kind, 'appointment' AS trigger,
                false AS former, 'e' AS evidence, 'body' AS section, 0.9 AS confidence, 'news' AS source, ?::TIMESTAMPTZ AS seen_at,
                'r' AS run_id""",
            [DAY],
        )
        resolve(con, now=DAY)
        score(con, Settings(home=tmp_path), now=DAY)
        return publish(con, tmp_path)


def test_the_snapshot_has_the_storage_of_the_oldest_client(snapshot: Path) -> None:
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{snapshot}' AS leads (READ_ONLY)")
        tags = con.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'leads'").fetchall()[0][0]
    assert tags["storage_version"].startswith("v1.5")


@pytest.mark.parametrize("reader", [sys.executable, os.environ.get("SNAPSHOT_READER", "")])
def test_a_client_reads_all_tables_of_the_snapshot(snapshot: Path, reader: str) -> None:
    if not reader:
        pytest.skip("no older DuckDB here: `make oldest` brings one")
    done = subprocess.run([reader, "-c", READ, str(snapshot)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    _, tables, name = done.stdout.split(" ", 2)
    assert (int(tables) >= 15, name.strip()) == (True, "Jana Sommerfeldt")
