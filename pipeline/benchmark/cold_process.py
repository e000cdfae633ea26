"""How long a command takes from a cold process, as a user waits for it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

_CODE = "from pipeline.cli.main import cli; cli()"


def seconds_of(folder: Path, *words: str) -> float:
    """Return the wall-clock seconds of `opener WORDS` in a folder. Raises CalledProcessError when it fails."""
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", _CODE, *words], cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )  # fmt: skip
    return round(time.perf_counter() - began, 2)
