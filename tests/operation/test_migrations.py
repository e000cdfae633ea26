"""Stores of older releases come to today's schema, with a copy before, or stay as they are."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from pipeline.errors import OpenerError
from pipeline.store.migrations import FOLDER, migrate, newest, steps, version_of
from pipeline.store.opening import ensure_schema, working_store

RELEASED = Path(__file__).parent / "released"
Column = tuple[str, str, str, bool]


def columns(con: duckdb.DuckDBPyConnection) -> set[Column]:
    return set(
        con.execute(
            "SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() WHERE NOT internal"
        ).fetchall()
    )


def old_store(home: Path, release: Path) -> Path:
    home.mkdir()
    with duckdb.connect(str(home / "work.duckdb")) as con:
        con.execute(release.read_text("utf-8"))
        con.execute(
            "INSERT INTO calls (call_id, person_id, called_at, outcome, recorded_at) VALUES ('c', 'p', now(), 'busy', now())"
        )
    return home / "work.duckdb"


def fresh_columns() -> set[Column]:
    with duckdb.connect() as con:
        ensure_schema(con)
        return columns(con)


@pytest.mark.parametrize("release", sorted(RELEASED.glob("*.sql")), ids=lambda path: path.stem)
def test_a_store_of_every_released_version_gets_todays_columns_and_keeps_its_rows(
    tmp_path: Path, release: Path
) -> None:
    old_store(tmp_path / "home", release)
    with working_store(tmp_path / "home") as con:
        assert columns(con) == fresh_columns()
        assert version_of(con) == newest()
        assert con.execute("SELECT outcome FROM calls").fetchall() == [("busy",)]
        uncommented = con.execute(
            """SELECT table_name, column_name FROM duckdb_columns() c SEMI JOIN duckdb_tables() t USING (table_name)
               WHERE NOT c.internal AND c.comment IS NULL"""
        ).fetchall()
    assert uncommented == []


def test_the_file_as_it_was_is_kept_beside(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old_store(tmp_path / "home", next(RELEASED.glob("*.sql")))
    with working_store(tmp_path / "home"):
        pass
    [copy] = (tmp_path / "home" / "backups").glob("work-schema1-*.duckdb")
    assert str(copy) in capsys.readouterr().err
    with duckdb.connect(str(copy), read_only=True) as con:
        assert version_of(con) == 1
        assert con.execute("SELECT count(*) FROM calls").fetchall() == [(1,)]


def test_a_new_store_has_the_newest_version_and_is_not_copied(tmp_path: Path) -> None:
    for _ in range(2):
        with working_store(tmp_path / "home") as con:
            assert version_of(con) == newest()
    assert not (tmp_path / "home" / "backups").exists()


def test_a_store_of_a_newer_release_is_refused_with_the_mend(tmp_path: Path) -> None:
    with working_store(tmp_path / "home") as con:
        con.execute("UPDATE store_meta SET value = '999' WHERE key = 'schema_version'")
    with pytest.raises(OpenerError, match="newer Door Opener"), working_store(tmp_path / "home"):
        pass


def test_a_failing_step_leaves_the_old_version_whole(tmp_path: Path) -> None:
    path = old_store(tmp_path / "home", next(RELEASED.glob("*.sql")))
    folder = tmp_path / "steps"
    folder.mkdir()
    (folder / "0002_good.sql").write_text("ALTER TABLE calls ADD COLUMN mood VARCHAR;")
    (folder / "0003_bad.sql").write_text("ALTER TABLE nowhere ADD COLUMN x VARCHAR;")
    with duckdb.connect(str(path)) as con:
        before = columns(con)
        with pytest.raises(OpenerError, match="it is as it was"):
            migrate(con, tmp_path / "home", folder)
        assert columns(con) == before
        assert version_of(con) == 1
        (folder / "0003_bad.sql").write_text("ALTER TABLE calls ADD COLUMN weather VARCHAR;")
        done = migrate(con, tmp_path / "home", folder)
        assert done is not None and (done.before, done.after) == (1, 3)
        assert {c[1] for c in columns(con) - before} == {"mood", "weather"}


def test_steps_are_numbered_without_gap_or_double() -> None:
    assert list(steps()) == list(range(2, newest() + 1))
    assert len(list(FOLDER.glob("*.sql"))) == len(steps())
