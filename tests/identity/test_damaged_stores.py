"""A damaged store is made anew from pages and decisions: same ids, same lists, nobody comes back."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from pipeline.contacts.erased_files import drop_leftovers
from pipeline.errors import DamagedStore, OpenerError
from pipeline.settings import Settings
from pipeline.stages.enrichment import Enricher
from pipeline.store import decisions
from pipeline.store.backup import take_over_refusals
from pipeline.store.opening import working_store
from pipeline.store.rebuild import damage_of, rebuild_store
from tests.identity.conftest import NOW, lists

LATER = NOW + timedelta(days=3)


def store(home: Path) -> Path:
    return home / "work.duckdb"


def cut(share: float) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)]) and None


def zeroed(begin: float, end: float) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        raw = bytearray(path.read_bytes())
        first, last = int(len(raw) * begin), int(len(raw) * end)
        raw[first:last] = bytes(last - first)
        path.write_bytes(bytes(raw))

    return spoil


def flipped(bits: int, seed: int, first: int = 0) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        raw, chance = bytearray(path.read_bytes()), random.Random(seed)
        for _ in range(bits):
            raw[chance.randrange(first, len(raw))] ^= 1 << chance.randrange(8)
        path.write_bytes(bytes(raw))

    return spoil


def gone(path: Path) -> None:
    path.unlink()


def rubbish(path: Path) -> None:
    path.write_bytes(b"PK\x03\x04" + bytes(50_000))


SPOILED = {
    "cut to a tenth": cut(0.1), "empty": cut(0.0), "all zeros": zeroed(0, 1), "zeros within": zeroed(0.3, 0.6), "bits of the head": flipped(40, 1, 0),
    "bits everywhere": flipped(300, 2, 12_288), "gone": gone, "another file": rubbish,
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILED)
def test_a_damaged_store_is_made_anew_with_the_same_ids_and_lists(
    settings: Settings, enricher: Enricher, name: str
) -> None:
    before = lists(settings.home)
    SPOILED[name](store(settings.home))
    with pytest.raises(OpenerError) as refused, working_store(settings.home) as con:
        for (table,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            con.execute(f"SELECT sum(hash(t)) FROM {table} t").fetchall()
    assert isinstance(refused.value, DamagedStore), refused.value
    assert "opener rebuild" in str(refused.value) and "\n" not in str(refused.value)
    report = rebuild_store(settings, enricher, now=LATER)
    assert report.damage and not report.lost_ids
    assert lists(settings.home) == before
    assert "Ulf Tegethoff" not in {row[1] for row in before[0]}
    assert (report.backup is None) == (name == "gone")
    assert damage_of(settings.home) is None
    assert not list(settings.home.glob(".rebuild-*"))


@pytest.mark.parametrize("seed", range(6))
def test_a_flipped_bit_is_found_or_harmless(settings: Settings, seed: int) -> None:
    before = lists(settings.home)
    flipped(1, seed)(store(settings.home))
    if damage_of(settings.home) is None:
        assert lists(settings.home) == before


def test_a_torn_log_of_a_killed_command_loses_no_decision(
    settings: Settings, enricher: Enricher, tmp_path: Path
) -> None:
    with working_store(settings.home) as con:
        con.execute("INSERT INTO erasures VALUES ('in the log', now())")
        decisions.keep(con, settings.home)
        shutil.copytree(settings.home, tmp_path / "killed")
    log = tmp_path / "killed" / "work.duckdb.wal"
    log.write_bytes(log.read_bytes()[:-200])
    killed = settings.model_copy(update={"home": tmp_path / "killed"})
    if damage_of(killed.home) is not None:
        rebuild_store(killed, enricher, now=LATER)
    with working_store(killed.home) as con:
        assert con.execute("SELECT count(*) FROM erasures WHERE key_hash = 'in the log'").fetchall() == [(1,)]


def test_an_older_store_put_in_its_place_does_not_bring_back_what_was_taken_back(
    settings: Settings, enricher: Enricher, tmp_path: Path
) -> None:
    shutil.copy(store(settings.home), tmp_path / "older")
    with working_store(settings.home) as con:
        con.execute("INSERT INTO erasures VALUES ('hash of somebody', now())")
    shutil.copy(tmp_path / "older", store(settings.home))
    with pytest.raises(DamagedStore, match="lacks what was decided last"), working_store(settings.home):
        pass
    rebuild_store(settings, enricher, now=LATER)
    with working_store(settings.home) as con:
        assert con.execute("SELECT count(*) FROM erasures WHERE key_hash = 'hash of somebody'").fetchall() == [(1,)]


def test_people_with_calls_outlive_store_and_pages(settings: Settings, enricher: Enricher) -> None:
    with duckdb.connect(str(store(settings.home)), read_only=True) as con:
        called = con.execute("SELECT person_id, name, company FROM people SEMI JOIN calls USING (person_id)").fetchall()
    assert called
    for path in (settings.home / "pages").rglob("*.parquet"):
        table = duckdb.sql(f"SELECT * REPLACE (''::BLOB AS body) FROM '{path}'").to_arrow_table()
        pq.write_table(table, path)
    rubbish(store(settings.home))
    rebuild_store(settings, enricher, now=LATER)
    with working_store(settings.home) as con:
        found = con.execute("SELECT person_id, name, company FROM people SEMI JOIN calls USING (person_id)").fetchall()
    assert found == called


def test_without_decisions_nothing_is_made_up(settings: Settings, enricher: Enricher) -> None:
    shutil.rmtree(settings.home / decisions.FOLDER)
    rubbish(store(settings.home))
    with pytest.raises(OpenerError, match="opener restore"):
        rebuild_store(settings, enricher, now=LATER)
    assert store(settings.home).read_bytes()[:2] == b"PK"


@pytest.mark.parametrize("name", ["calls", "contacts", decisions.MANIFEST])
def test_damaged_decisions_are_written_anew_from_a_sound_store(settings: Settings, name: str) -> None:
    folder = settings.home / decisions.FOLDER
    path = folder / name if name == decisions.MANIFEST else next(folder.glob(f"{name}.*.parquet"))
    path.write_bytes(b"rubbish")
    assert decisions.damaged_files(settings.home) == [path.name]
    if name != decisions.MANIFEST:
        shutil.rmtree(folder)  # what `opener doctor` says
    with working_store(settings.home):
        pass
    assert decisions.damaged_files(settings.home) == []
    assert decisions.file_of(settings.home, "calls") is not None


def test_damaged_decisions_and_a_damaged_store_are_told_together(settings: Settings, enricher: Enricher) -> None:
    next((settings.home / decisions.FOLDER).glob("calls.*.parquet")).write_bytes(b"rubbish")
    rubbish(store(settings.home))
    with pytest.raises(OpenerError, match=r"calls\.\d+\.parquet: damaged or missing, as is the store"):
        rebuild_store(settings, enricher, now=LATER)


def test_only_what_changed_is_written(settings: Settings) -> None:
    folder = settings.home / decisions.FOLDER
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
    with working_store(settings.home) as con:
        con.execute("SELECT 1")
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir() if "manifest" not in path.name} == {
        name: at for name, at in before.items() if "manifest" not in name
    }
    with working_store(settings.home) as con:
        con.execute("INSERT INTO notices SELECT person_id, now(), 'mail' FROM calls LIMIT 1")
    new = {path.name for path in folder.iterdir()} - set(before)
    assert {name.partition(".")[0] for name in new} == {"notices"}


def test_a_deleted_decision_leaves_the_files_with_the_command(settings: Settings) -> None:
    folder = settings.home / decisions.FOLDER
    assert list(folder.glob("calls.*"))
    with working_store(settings.home) as con:
        con.execute("DELETE FROM calls")
    assert not list(folder.glob("calls.*")) and decisions.damaged_files(settings.home) == []


def test_what_a_killed_command_had_decided_is_kept_by_the_next(settings: Settings) -> None:
    with duckdb.connect(str(store(settings.home))) as con:  # as a command that ended before its decisions were kept
        con.execute("INSERT INTO erasures VALUES ('late', now())")
    with pytest.raises(RuntimeError), working_store(settings.home):
        raise RuntimeError("killed")
    path = decisions.file_of(settings.home, "erasures")
    assert path is not None and "late" in {row["key_hash"] for row in pq.read_table(path).to_pylist()}


def test_a_restored_home_takes_refusals_from_the_decisions_of_a_damaged_one(settings: Settings, tmp_path: Path) -> None:
    rubbish(store(settings.home))
    with working_store(tmp_path / "restored") as con:
        take_over_refusals(con, settings.home)
        assert con.execute("SELECT count(*) > 0 FROM erasures").fetchall() == [(True,)]
        assert con.execute("SELECT count(*) > 0 FROM suppressions").fetchall() == [(True,)]


def test_erasure_and_retention_delete_stores_that_were_set_aside(settings: Settings, enricher: Enricher) -> None:
    rubbish(store(settings.home))
    report = rebuild_store(settings, enricher, now=LATER)
    assert report.backup is not None and report.backup.exists()
    drop_leftovers(settings.home)
    assert not report.backup.exists()
