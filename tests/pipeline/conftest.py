"""A laid-out demo town, served on loopback, and the command line run against it."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.demo.server import served
from pipeline.demo.town import lay_out, write_settings

OPENER = [sys.executable, "-c", "from pipeline.cli.main import cli; cli()"]


@dataclass
class Town:
    """A served town: its folder, settings file and the environment that leads crawls to it."""

    out: Path
    town: Path
    settings: Path
    env: dict[str, str]

    def run(self, *words: str, **options: object) -> subprocess.CompletedProcess[str]:
        """Run `opener WORDS --config ...` to its end."""
        return subprocess.run(
            [*OPENER, *words, "--config", str(self.settings)], env=self.env, capture_output=True, text=True, timeout=180,
            cwd=self.out, **options,
        )  # type: ignore[call-overload, no-any-return]  # fmt: skip

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start a command in a process group of its own."""
        return subprocess.Popen(
            [*OPENER, *words, "--config", str(self.settings)], env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, cwd=self.out, start_new_session=True,
        )  # fmt: skip

    def rows(self, name: str = "call-list.csv") -> list[dict[str, str]]:
        """Read a list file."""
        with (self.out / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@pytest.fixture
def town_factory(tmp_path: Path) -> Iterator[Callable[[str], Town]]:
    """Make served towns; all servers end with the test."""
    stack = []

    def make(name: str = "town") -> Town:
        out = tmp_path / name
        out.mkdir()
        place = lay_out(out, datetime.now(ZoneInfo("Europe/Berlin")).date())
        settings = write_settings(out)
        server = served(place)
        proxy = server.__enter__()
        stack.append(server)
        env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
        env |= {"http_proxy": proxy, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "COLUMNS": "160"}
        return Town(out, place, settings, env)

    yield make
    for server in stack:
        server.__exit__(None, None, None)


@pytest.fixture
def town(town_factory: Callable[[str], Town]) -> Town:
    """One served town with the CRM export and the do-not-call list imported."""
    made = town_factory("town")
    for name, kind in (("crm-export.csv", "contacts"), ("do-not-call.csv", "suppressions")):
        done = made.run("import", str(made.out / name), "--as", kind)
        assert done.returncode == 0, done.stderr
    return made
