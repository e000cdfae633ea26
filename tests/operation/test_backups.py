"""Backups hold all that a home needs; restoring checks first and never makes it worse."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Home

LIST = "SELECT prospect_id, name, score FROM new_prospects ORDER BY ALL"


def answers(home: Home) -> str:
    done = home.run("sql", LIST, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_restored_home_gives_the_same_answers_and_keeps_the_one_before(home: Home, tmp_path: Path) -> None:
    before = answers(home)
    assert before.count("\n") > 5
    saved = home.run("backup", "-o", "saved.tar")
    assert saved.returncode == 0, saved.stderr
    assert (home.folder / "saved.tar").stat().st_mode & 0o077 == 0
    for path in sorted((home.store / "pages").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    (home.store / "work.duckdb").write_bytes(b"rubbish")
    (home.store / "leads.duckdb").unlink()
    done = home.run("restore", "saved.tar", "--yes")
    assert done.returncode == 0, done.stderr
    assert answers(home) == before
    assert list((home.store / "pages").rglob("*.parquet"))
    [kept] = home.folder.glob("store.before-restore-*")
    assert (kept / "work.duckdb").read_bytes() == b"rubbish"


def test_without_pages_is_smaller_and_restores(home: Home) -> None:
    assert home.run("backup", "-o", "all.tar").returncode == 0
    assert home.run("backup", "-o", "lean.tar", "--without-pages").returncode == 0
    with tarfile.open(home.folder / "lean.tar") as tar:
        assert not [name for name in tar.getnames() if name.startswith("home/pages")]
    assert (home.folder / "lean.tar").stat().st_size < (home.folder / "all.tar").stat().st_size
    assert home.run("restore", "lean.tar", "--yes").returncode == 0


def test_an_existing_file_is_not_written_over(home: Home) -> None:
    (home.folder / "mine.tar").write_text("mine")
    done = home.run("backup", "-o", "mine.tar")
    assert done.returncode == 1 and "exists already" in done.stderr
    assert (home.folder / "mine.tar").read_text() == "mine"


def test_damage_is_found_before_anything_is_touched(home: Home) -> None:
    assert home.run("backup", "-o", "saved.tar").returncode == 0
    raw = bytearray((home.folder / "saved.tar").read_bytes())
    before = answers(home)
    raw[len(raw) // 2] ^= 0xFF
    cases = {"flipped.tar": bytes(raw), "cut.tar": bytes(raw[: len(raw) // 2]), "none.tar": b"hello", "empty.tar": b""}
    for name, content in cases.items():
        (home.folder / name).write_bytes(content)
        done = home.run("restore", name, "--yes")
        assert done.returncode == 1, name
        assert done.stderr.startswith(f"opener: {name}:") and done.stderr.count("\n") == 1, done.stderr
    assert answers(home) == before
    assert not list(home.folder.glob("store.before-restore-*"))
    assert not list(home.folder.glob(".store.restore-*"))


@pytest.mark.parametrize("name", ["../outside.txt", "/outside.txt", "home/../../outside.txt"])
def test_members_that_lead_out_of_the_home_are_refused(home: Home, name: str) -> None:
    with tarfile.open(home.folder / "evil.tar", "w") as tar:
        info = tarfile.TarInfo(name)
        info.size = 4
        tar.addfile(info, io.BytesIO(b"evil"))
    done = home.run("restore", "evil.tar", "--yes")
    assert done.returncode == 1 and "nothing was changed" in done.stderr
    assert not (home.folder.parent / "outside.txt").exists()


def test_people_erased_after_the_backup_do_not_come_back_with_it(home: Home) -> None:
    assert home.run("backup", "-o", "saved.tar").returncode == 0
    assert home.run("forget", "Thomas Wiegand", "--yes").returncode == 0
    done = home.run("restore", "saved.tar", "--yes")
    assert done.returncode == 0, done.stderr
    assert "1 people who had been erased" in done.stdout
    assert "Wiegand" not in home.run("sql", "SELECT name FROM people", "--format", "csv").stdout


def test_source_definitions_come_back_only_where_they_are_missing(
    home: Home, another_home: Callable[[str], Home]
) -> None:
    assert home.run("backup", "-o", "saved.tar").returncode == 0
    other = another_home("other")
    gone, own = sorted((other.folder / "sources").glob("*.yml"))
    gone.unlink()
    own.write_text("name: mine\n", "utf-8")
    done = other.run("restore", str(home.folder / "saved.tar"), "--yes")
    assert done.returncode == 0, done.stderr
    assert gone.exists() and own.read_text("utf-8") == "name: mine\n"
