"""A home after one demo night, made once and copied for every test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli.main import cli

OPENER = [sys.executable, "-c", "from pipeline.cli.main import cli; cli()"]


def opener(folder: Path, *words: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run `opener WORDS` in a folder; no proxy of the caller's environment gets in."""
    clean = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    clean |= {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "COLUMNS": "160", **(env or {})}
    return subprocess.run([*OPENER, *words], cwd=folder, env=clean, capture_output=True, text=True, timeout=600)


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


@dataclass
class Home:
    """A folder with opener.yml, a list and a store in `store`."""

    folder: Path

    @property
    def store(self) -> Path:
        return self.folder / "store"

    def run(self, *words: str) -> Done:
        """Run `opener WORDS` in the folder, in this process: starting Python anew costs more than most commands."""
        before = Path.cwd()
        os.chdir(self.folder)
        try:
            result = CliRunner().invoke(cli, list(words), catch_exceptions=False)
        finally:
            os.chdir(before)
        return Done(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(scope="session")
def demo_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo town after one night."""
    folder = tmp_path_factory.mktemp("night")
    done = opener(folder, "demo", "--out", ".")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def home(demo_night: Path, tmp_path: Path) -> Home:
    """A copy of the demo town after one night."""
    shutil.copytree(demo_night, tmp_path / "work")
    return Home(tmp_path / "work")


@pytest.fixture
def another_home(demo_night: Path, tmp_path: Path) -> Callable[[str], Home]:
    """Make further copies, by name."""

    def make(name: str) -> Home:
        shutil.copytree(demo_night, tmp_path / name)
        return Home(tmp_path / name)

    return make
