"""Killed at any point, again and again: the next run ends as if nothing had happened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kill.kill_points import Home, Scenario, contents, run_chain, town

LOG = "nightly.jsonl"  # written at the start, at each stage and at the end of each source
# Stages are reached later and later; the delays reach into them, into pages being read and transactions being written.
NIGHT = (
    ("pages", 1, 0.0),
    (LOG, 2, 0.6),
    (LOG, 5, 0.1),
    (LOG, 4, 1.5),
    (LOG, 5, 0.0),
    (LOG, 6, 0.3),
    ("call-list", 2, 0.0),
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with town(tmp_path_factory.mktemp("kill")) as home:
        yield home


@pytest.fixture(scope="module")
def whole(empty: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The home after one night that nothing disturbed."""
    home = empty.copy(tmp_path_factory.mktemp("whole") / "home")
    code, _, errors = home.command(["nightly", "--limit", "3"])
    assert code == 0, errors
    return home


def test_a_night_killed_at_seven_points_ends_in_the_same_store_and_list(
    empty: Home, whole: Home, tmp_path: Path
) -> None:
    scenario = Scenario("night", ["nightly", "--limit", "3"], 1)
    result = run_chain(scenario, empty, tmp_path / "victim", list(NIGHT), contents(whole))
    assert not result.wrong
    assert result.kills >= 4


def test_an_export_killed_between_ledger_and_file_loses_nobody(whole: Home, tmp_path: Path) -> None:
    reference = whole.copy(tmp_path / "reference")
    words = ["export", "-o", "again.csv", "--limit", "100"]
    assert reference.command(words)[0] == 0
    points = [("again.csv", 1, 0.0), ("again.csv", 3, 0.0)]
    result = run_chain(Scenario("export", words, 1), whole, tmp_path / "victim", points, contents(reference))
    assert not result.wrong
    assert result.kills >= 1


def test_a_killed_import_is_taken_up_again(empty: Home, tmp_path: Path) -> None:
    words = ["import", str(empty.out / "crm-export.csv"), "--as", "contacts"]
    reference = empty.copy(tmp_path / "reference")
    _, points, _ = reference.command(words)
    kills = [("", points, 0.02), ("", points, 0.1)]
    result = run_chain(Scenario("import", words, 1), empty, tmp_path / "victim", kills, contents(reference))
    assert not result.wrong
