"""The files for systemd and cron are sound on the machine that they are written for."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import opener


@pytest.fixture
def deployed(tmp_path: Path) -> Path:
    done = opener(tmp_path, "init", "site", "--deploy")
    assert done.returncode == 0, done.stderr
    return tmp_path / "site"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_accepts_service_and_timer(deployed: Path) -> None:
    for name in ("door-opener.service", "door-opener.timer"):
        path = deployed / "deploy" / name
        # the command that the unit starts must exist; here it is whatever runs these tests
        text = re.sub(r"ExecStart=\S+", f"ExecStart={shutil.which('true')}", path.read_text("utf-8"))
        path.write_text(text, "utf-8")
    units = [str(deployed / "deploy" / f"door-opener.{kind}") for kind in ("service", "timer")]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, timeout=60)
    ours = [line for line in done.stderr.splitlines() if "door-opener" in line]
    assert done.returncode == 0 and ours == [], done.stderr


def test_no_slot_is_left_open_and_every_path_is_whole(deployed: Path) -> None:
    for path in (deployed / "deploy").iterdir():
        text = path.read_text("utf-8")
        assert not re.search(r"\{\w+\}", text), path.name
    service = (deployed / "deploy" / "door-opener.service").read_text("utf-8")
    assert f"WorkingDirectory={deployed}\n" in service
    assert re.search(rf"^ExecStart=/\S+/opener nightly --config {re.escape(str(deployed))}/opener.yml$", service, re.M)


def test_the_cron_line_has_five_times_a_user_and_a_command(deployed: Path) -> None:
    line = (deployed / "deploy" / "door-opener.cron").read_text("utf-8").splitlines()[-1]
    *times, user, command = line.split(None, 6)
    assert times == ["0", "3", "*", "*", "*"] and user and command.startswith(f"cd {deployed} && ")


def test_a_folder_that_unit_files_cannot_name_is_refused(tmp_path: Path) -> None:
    done = opener(tmp_path, "init", "my site", "--deploy")
    assert done.returncode == 1 and "choose another folder" in done.stderr
