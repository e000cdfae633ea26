"""`opener sql` reads the snapshot and nothing else: no file, network, setting or other database; time and memory are bounded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.cli.sql import one_question, open_snapshot
from pipeline.errors import OpenerError

OPENER = [sys.executable, "-c", "from pipeline.cli.main import cli; cli()"]

# {d} is the folder of the snapshot, in which a readable CSV file lies.
REFUSED = (
    # files
    "SELECT * FROM read_csv('{d}/x.csv')", "SELECT * FROM '{d}/x.csv'", "FROM '{d}/*.csv'", "SELECT * FROM read_csv_auto('/etc/passwd')",
    "SELECT * FROM read_text('/etc/passwd')", "SELECT * FROM read_blob('{d}/x.csv')", "SELECT * FROM glob('/*')", "SELECT * FROM read_json('{d}/x.csv')",
    "SELECT * FROM read_json_auto('{d}/x.csv')", "SELECT * FROM read_ndjson_objects('{d}/x.csv')", "SELECT * FROM read_parquet('{d}/x.csv')",
    "SELECT * FROM parquet_scan('{d}/x.csv')", "SELECT * FROM parquet_metadata('{d}/x.csv')", "SELECT * FROM parquet_schema('{d}/x.csv')",
    "SELECT * FROM parquet_kv_metadata('{d}/x.csv')", "SELECT * FROM sniff_csv('{d}/x.csv')", "SELECT * FROM read_csv('/dev/stdin')",
    "SELECT * FROM read_csv('/proc/self/environ')", "SELECT * FROM read_text('{d}/../../../../etc/passwd')", "SELECT content FROM read_text(['/etc/passwd'])",
    "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')", "SELECT * FROM query_table('{d}/x.csv')",
    "WITH a AS (FROM read_csv('{d}/x.csv')) SELECT * FROM a", "SELECT (SELECT count(*) FROM read_text('/etc/passwd'))",
    "SELECT * FROM people WHERE name IN (SELECT content FROM read_text('/etc/passwd'))", "EXPLAIN ANALYZE SELECT * FROM read_csv('{d}/x.csv')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT * FROM read_text(''/etc/passwd'')'))", "SUMMARIZE '{d}/x.csv'", "DESCRIBE '{d}/x.csv'",
    "SELECT * FROM read_xlsx('{d}/x.csv')", "SELECT * FROM sqlite_scan('{d}/x.csv', 't')", "SELECT * FROM st_read('{d}/x.csv')",
    # writing and other databases
    "COPY people TO '{d}/o.csv'", "COPY (SELECT 1) TO '/dev/stdout'", "COPY people FROM '{d}/x.csv'", "COPY (SELECT 1) TO 'http://x.example/y'",
    "COPY FROM DATABASE leads TO other", "EXPORT DATABASE '{d}/e'", "IMPORT DATABASE '{d}/e'", "ATTACH '{d}/y.duckdb'", "ATTACH ':memory:' AS m",
    "ATTACH 'http://x.example/y.duckdb' AS y", "ATTACH IF NOT EXISTS '{d}/leads.duckdb' AS again (READ_ONLY false)", "DETACH leads", "USE memory",
    "CREATE TABLE t AS SELECT 1", "CREATE TEMP TABLE t AS SELECT 1", "CREATE OR REPLACE VIEW v AS SELECT 1", "CREATE MACRO f() AS 1", "CREATE TEMP MACRO f() AS TABLE FROM people",
    "CREATE SEQUENCE s", "CREATE TYPE t AS ENUM ('a')", "CREATE SCHEMA s", "CREATE SECRET s (TYPE S3)", "CREATE PERSISTENT SECRET s (TYPE HTTP)", "DROP TABLE people", "DELETE FROM people",
    "UPDATE people SET i = 1", "INSERT INTO people VALUES ('a', 1)", "ALTER TABLE people ADD COLUMN z INT", "COMMENT ON TABLE people IS 'x'", "TRUNCATE people",
    "MERGE INTO people USING people p ON true WHEN MATCHED THEN DELETE", "CHECKPOINT", "FORCE CHECKPOINT", "VACUUM", "ANALYZE",
    # network
    "SELECT * FROM 'https://x.example/y.csv'", "SELECT * FROM read_csv('http://127.0.0.1:9/x')", "SELECT * FROM read_parquet('s3://bucket/x')",
    "SELECT * FROM read_text('hf://datasets/x')", "SELECT * FROM postgres_scan('host=127.0.0.1', 'a', 'b')",
    # extensions and settings
    "INSTALL httpfs", "LOAD httpfs", "FORCE INSTALL spatial FROM community", "UPDATE EXTENSIONS", "LOAD '{d}/x.csv'", "SET memory_limit = '100GB'", "SET threads = 1000",
    "RESET memory_limit", "SET enable_external_access = true", "SET lock_configuration = false", "SET GLOBAL allowed_directories = ['/']", "SET temp_directory = '{d}'",
    "SET python_enable_replacements = true", "SET file_search_path = '/etc'", "SET autoinstall_known_extensions = true", "SET VARIABLE x = 1", "SET SESSION schema = 'x'",
    "PRAGMA enable_profiling", "PRAGMA profile_output = '{d}/p'", "PRAGMA version", "PRAGMA database_list", "PRAGMA import_database('{d}')", "PRAGMA add_parquet_key('k', 'x')",
    "CALL enable_logging()", "CALL pragma_version()", "CALL enable_profiling()", "SELECT getenv('HOME')", "SELECT * FROM duckdb_secrets()", "SELECT * FROM which_secret('s3://x', 's3')",
    # several statements, none, names of Python objects
    "SELECT 1; SELECT 2", "SELECT 1; DROP TABLE people", "BEGIN", "COMMIT", "PREPARE q AS SELECT 1", "EXECUTE q", "DEALLOCATE q", "", ";", "-- nothing",
    "SELECT * FROM secrets_frame", "SELECT * FROM os", "SELECT no_such_column FROM people", "SELEC 1",
)  # fmt: skip
USEFUL = (
    "SELECT name, count(*) FROM people GROUP BY ALL ORDER BY 2 DESC LIMIT 3", "FROM people LIMIT 5", "WITH a AS (SELECT 1 AS x) SELECT * FROM a JOIN people ON i = x",
    "DESCRIBE people", "SHOW TABLES", "SUMMARIZE people", "EXPLAIN SELECT * FROM people", "PIVOT people ON (i % 3) USING count(*)", "SELECT 1;",
    "SELECT table_name, comment FROM duckdb_tables()", "SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'people'",
    "SELECT name, row_number() OVER (ORDER BY i) FROM people QUALIFY row_number() OVER (ORDER BY i) < 4", "SELECT strftime(current_date, '%d.%m.%Y')",
    "SELECT regexp_extract(name, '[0-9]+') FROM people", "VALUES (1), (2)", "WITH RECURSIVE t AS (SELECT 1 x UNION ALL SELECT x + 1 FROM t WHERE x < 9) FROM t",
)  # fmt: skip
ENDLESS = (
    "SELECT count(*) FROM range(100000000000) a, range(100000000) b", "WITH RECURSIVE t AS (SELECT 1 x UNION ALL SELECT x + 1 FROM t) SELECT count(*) FROM t",
    "SELECT sum(hash(a.range, b.range)) FROM range(10000000) a, range(10000000) b", "SELECT * FROM range(100000000000) ORDER BY hash(range)",
    "SELECT list(range) FROM range(100000000000)",
)  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("snapshot")
    with duckdb.connect(str(folder / "leads.duckdb")) as con:
        con.execute("CREATE TABLE people AS SELECT 'n' || range AS name, range AS i FROM range(2000)")
        con.execute("COMMENT ON TABLE people IS 'People.'")
        con.execute(
            "INSERT INTO people VALUES (?, 1), ('[red]x\\[/red]', 2), ('=1+1', 3)", ["\x1b[2J\x9b31m\u202eevil\r\n"]
        )
    (folder / "x.csv").write_text("a,b\n1,2\n", "utf-8")
    (folder / "opener.yml").write_text("home: .\n", "utf-8")
    return folder


@pytest.fixture
def snapshot(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_snapshot(home) as con:
        yield con


def ask(con: duckdb.DuckDBPyConnection, statement: str) -> list[tuple[object, ...]]:
    return con.execute(one_question(con, statement)).fetchmany(10)


def opener(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "COLUMNS": "100"}
    config = ["--config", str(home / "opener.yml")]
    return subprocess.run(
        [*OPENER, "sql", *words, *config], capture_output=True, text=True, env=env, timeout=60, cwd=home
    )


def test_whatever_is_no_question_to_the_snapshot_is_refused(home: Path) -> None:
    secrets_frame = os.environ.copy()  # a Python object in reach of a name is no table
    assert secrets_frame
    before = sorted(path.name for path in home.iterdir())
    allowed = []
    for statement in REFUSED:
        with open_snapshot(home) as con:
            try:
                allowed.append((statement, ask(con, statement.replace("{d}", str(home)))))
            except (duckdb.Error, OpenerError):
                continue
    assert not allowed
    assert len(REFUSED) >= 100
    assert sorted(path.name for path in home.iterdir()) == before


def test_what_analysts_ask_is_answered(snapshot: duckdb.DuckDBPyConnection) -> None:
    for statement in USEFUL:
        assert ask(snapshot, statement), statement


def test_statements_without_end_can_be_stopped_and_keep_their_memory(home: Path) -> None:
    for statement in ENDLESS:
        with open_snapshot(home) as con:
            timer = threading.Timer(0.5, con.interrupt)
            timer.start()
            with pytest.raises((duckdb.InterruptException, duckdb.OutOfMemoryException)):
                ask(con, statement)
            timer.cancel()


def test_the_command_bounds_time_and_says_what_to_do(home: Path) -> None:
    done = opener(home, ENDLESS[1], "--seconds", "1")
    assert done.returncode == 1
    assert done.stderr == "opener: stopped after 1 s; narrow the statement or raise --seconds\n"
    deaf = opener(
        home, "SELECT length(repeat(repeat('x', 1000), 400000))", "--seconds", "1"
    )  # does not look at the clock
    assert deaf.returncode in (0, 1) and "Traceback" not in deaf.stderr


def test_no_answer_sends_orders_to_a_terminal_or_formulas_to_a_spreadsheet(home: Path) -> None:
    question = "SELECT name FROM people WHERE i IN (1, 2, 3) ORDER BY i, name"
    for form in ("table", "csv", "json"):
        done = opener(home, question, "--format", form)
        assert done.returncode == 0, done.stderr
        assert not set(done.stdout) & set("\x1b\x9b\u202e\x07"), form
        assert "evil" in done.stdout and "[red]x" in done.stdout, form
    assert "'=1+1" in opener(home, question, "--format", "csv").stdout
    rows = [json.loads(line)["name"] for line in opener(home, question, "--json").stdout.splitlines()]
    assert "\x1b[2J\x9b31m\u202eevil\r\n" in rows


def test_answers_that_json_has_no_words_for_are_still_json(home: Path) -> None:
    done = opener(home, "SELECT MAP {[1]: 2} AS m, 'nan'::DOUBLE AS n, '\\x00'::BLOB AS b, chr(127) AS d", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"m": {"key": [[1]], "value": [2]}, "n": None, "b": "b'\\x00'", "d": "\x7f"}


def test_a_missing_or_spoiled_snapshot_is_one_line_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "opener.yml").write_text("home: .\n", "utf-8")
    missing = opener(tmp_path, "SELECT 1")
    (tmp_path / "leads.duckdb").write_bytes(b"DUCK" * 5000)
    spoiled = opener(tmp_path, "SELECT 1")
    for done in (missing, spoiled):
        assert done.returncode == 1
        assert done.stderr.count("\n") == 1 and "opener nightly" in done.stderr
