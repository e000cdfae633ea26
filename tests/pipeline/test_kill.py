"""kill -9 at any stage, then another run: the same list, nothing twice."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tests.pipeline.conftest import Town

# (stage that has begun, seconds to wait before the kill)
POINTS = (
    ("crawl", 0.0), ("crawl", 1.0), ("enrich", 0.1), ("enrich", 2.5), ("resolve", 0.0), ("companies", 0.3), ("companies", 1.5),
    ("score", 0.0), ("export", 0.0), ("publish", 0.0), ("publish", 0.1),
)  # fmt: skip


def reached(log: Path, stage: str) -> bool:
    if not log.exists():
        return False
    lines = (json.loads(line) for line in log.read_text("utf-8").splitlines() if line.endswith("}"))
    return any(line["event"] == "stage" and line["name"] == stage for line in lines)


def members(group: int) -> list[int]:
    """Return the living processes of a group (zombies are not)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, its_group = path.read_text("utf-8").rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(its_group) == group and state != "Z":
            found.append(int(path.parent.name))
    return found


def comparable(town: Town) -> list[tuple[str, ...]]:
    return [
        tuple(
            row[c]
            for c in (
                "first_name",
                "last_name",
                "role",
                "company",
                "phone",
                "score",
                "reason",
                "evidence",
                "prospect_id",
            )
        )
        for row in town.rows()
    ]


def test_a_killed_night_ends_in_the_same_list(town_factory: Callable[[str], Town]) -> None:
    reference = town_factory("whole")
    assert reference.run("nightly").returncode == 0
    expected = comparable(reference)
    assert len(expected) >= 5
    for stage, delay in POINTS:
        victim = town_factory(f"{stage}-{delay}")
        process = victim.start("nightly")
        log = victim.out / "store" / "logs" / "nightly.jsonl"
        deadline = time.monotonic() + 60
        while not reached(log, stage) and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(delay)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        again = victim.run("nightly")
        assert again.returncode == 0, (stage, delay, again.stderr)
        assert comparable(victim) == expected, (stage, delay)
        with duckdb.connect(str(victim.out / "store" / "leads.duckdb"), read_only=True) as con:
            for table, key in (
                ("mentions", "mention_id"),
                ("pages", "url"),
                ("people", "person_id"),
                ("events", "event_id"),
            ):
                twice = con.execute(f"SELECT {key} FROM {table} GROUP BY 1 HAVING count(*) > 1").fetchall()
                assert not twice, (stage, delay, table, twice)


def test_no_process_outlives_a_night_that_was_killed_alone(town_factory: Callable[[str], Town]) -> None:
    victim = town_factory("alone")
    process = victim.start("nightly")
    log = victim.out / "store" / "logs" / "nightly.jsonl"
    deadline = time.monotonic() + 60
    while not reached(log, "enrich") and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(1.0)
    assert process.poll() is None, "the night ended before it could be killed"
    group = process.pid  # a group of its own: the night, its workers and their resource tracker
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    while members(group) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not members(group)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_night_publishes_what_is_done(town_factory: Callable[[str], Town], number: signal.Signals) -> None:
    victim = town_factory("stopped")
    process = victim.start("nightly")
    log = victim.out / "store" / "logs" / "nightly.jsonl"
    deadline = time.monotonic() + 60
    while not reached(log, "enrich") and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(number)
    process.communicate(timeout=90)
    assert process.returncode in (0, 3)
    assert (victim.out / "store" / "leads.duckdb").exists()
