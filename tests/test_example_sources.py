"""The example sources are valid, off, and told apart."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import data
from spiders.sources import load_sources

FOLDER = data.ROOT / "sources" / "examples"


def test_thirty_examples_load_and_are_off() -> None:
    found, errors = load_sources([FOLDER])
    assert not errors
    assert len(found) >= 30
    assert not any(source.enabled for source in found)
    assert {source.kind for source in found} >= {"news", "event"}
    assert len({source.start for source in found}) == len(found)
    assert all("unchecked" in path.read_text("utf-8") for path in FOLDER.glob("*.yml"))


def test_init_writes_settings_and_examples_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from pipeline.cli.main import cli; cli()", "init", str(tmp_path)]
    first = subprocess.run(command, capture_output=True, text=True, check=True)
    assert first.stdout.count("wrote") >= 31
    (tmp_path / "opener.yml").write_text("home: mine\n", "utf-8")
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "wrote" not in again.stdout
    assert (tmp_path / "opener.yml").read_text("utf-8") == "home: mine\n"
