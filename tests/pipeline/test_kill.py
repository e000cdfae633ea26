"""What a night leaves when it is killed alone or stopped (tests/kill has kills at any point)."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pipeline.conftest import Town


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
