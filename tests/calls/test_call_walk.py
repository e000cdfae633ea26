"""Walking today's list on a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.cli.call_walk import read_line, todays_people
from pipeline.store.opening import working_store
from tests.calls.desk import TODAY, Desk, at, desk

OPENER = [sys.executable, "-c", "from pipeline.cli.main import cli; cli()"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Desk]:
    with desk(tmp_path) as opened:
        yield opened


def test_one_line_says_what_happened(store: Desk) -> None:
    now = at(TODAY, "11:00")
    dial = read_line("c Fr 10:00 5 min | will ein Angebot | bald", "koch", now, store.settings)
    assert (dial.outcome, dial.minutes, dial.note) == ("callback", Decimal(5), "will ein Angebot | bald")
    assert dial.next_at == at(TODAY + timedelta(days=3), "10:00")
    assert read_line("n", "koch", now, store.settings).outcome == "no_answer"
    assert read_line("not_interested|bitte nicht", "koch", now, store.settings).outcome == "not_interested"
    for wrong in ("?", "c gestern", "zz"):
        with pytest.raises(ValueError, match=r"type one of|is no day"):
            read_line(wrong, "koch", now, store.settings)


def test_callbacks_come_first_then_listed_then_fresh(store: Desk) -> None:
    first, second = store.person("Eva Koch"), store.person("Anna Beck")
    store.call(first, "callback", at(TODAY - timedelta(days=3)), next_at=at(TODAY, "16:00"))
    store.score()
    assert todays_people(store.con, store.settings, store.now) == [first, second]
    assert store.state(second) == "listed", "whom the walk shows is handed out"
    third = store.person("Olga Neu")
    store.score()
    assert todays_people(store.con, store.settings, store.now) == [first, second], "handed out before, not called yet"
    store.call(second, "no_answer", at(TODAY, "10:00"))
    store.score()
    assert todays_people(store.con, store.settings, store.now) == [first, third]


def test_the_walk_shows_why_and_what_to_say_and_logs_what_is_typed(tmp_path: Path) -> None:
    (tmp_path / "opener.yml").write_text("home: .\n", "utf-8")
    with desk(tmp_path) as store:
        store.today = datetime.now(UTC).date()
        store.person("Eva Koch", phone="+4936155501", evidence="Eva Koch leitet \x1b[31mjetzt[/red] die Koch GmbH.")
        store.person("Anna Beck")
        store.score()
    screen, terminal = pty.openpty()
    typed = b"x?x\nn | war im Urlaub\nu\nb\n\nq\n"
    process = subprocess.Popen(
        [*OPENER, "call", "--config", str(tmp_path / "opener.yml")], stdin=terminal, stdout=terminal, stderr=terminal,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "COLUMNS": "150", "TERM": "dumb"},
    )  # fmt: skip
    os.close(terminal)
    os.write(screen, typed)
    shown = b""
    while True:
        try:
            piece = os.read(screen, 65_536)
        except OSError:  # the terminal is gone with its process
            break
        if not piece:
            break
        shown += piece
    assert process.wait(120) == 0
    os.close(screen)
    text = shown.decode("utf-8", "replace")
    for word in (
        "why now",
        "say first",
        "Guten Tag Frau Koch",
        "+4936155501 (switchboard)",
        "type one of",
        "undone: Eva Koch, no_answer",
        "1 calls logged",
    ):
        assert word in text, text
    assert "\x1b[31m" not in text
    with working_store(tmp_path) as con:
        assert con.execute("SELECT outcome FROM call_log").fetchall() == [("busy",)]
        assert con.execute("SELECT count(*) FROM calls").fetchall() == [(2,)]
