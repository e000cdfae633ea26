"""Runs an `opener` command that is killed at a chosen point: `python victim.py FOLDER PART NTH DELAY COUNTS -- WORDS`.

A point is the NTH time that a file below FOLDER whose path holds PART is opened, renamed, linked or removed, and
DELAY seconds after that, which reaches into what DuckDB does between. The whole process group dies by SIGKILL, so
nothing can be tidied up. COUNTS is a file that gets the number of such points when the command ends by itself.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

EVENTS = frozenset({"open", "os.rename", "os.link", "os.remove", "os.mkdir"})


def main() -> None:
    """Set the trap and run the command."""
    folder, part, nth, delay, counts = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4]), sys.argv[5]
    words = sys.argv[sys.argv.index("--") + 1 :]
    group = os.getpgid(0)
    seen = 0

    def die() -> None:
        time.sleep(delay)
        os.killpg(group, signal.SIGKILL)

    def watch(event: str, args: tuple[Any, ...]) -> None:
        nonlocal seen
        if event in EVENTS and isinstance(args[0], str | os.PathLike):
            path = os.fspath(args[0])
            path = os.path.abspath(path) if isinstance(path, str) else ""  # noqa: PTH100 - as fast as can be
            if path.startswith(folder) and part in path:
                seen += 1
                if seen == nth:
                    if delay:
                        threading.Thread(target=die, daemon=True).start()
                    else:
                        os.killpg(group, signal.SIGKILL)

    from pipeline.cli.main import cli

    sys.addaudithook(watch)
    atexit.register(lambda: Path(counts).write_text(str(seen), "utf-8"))
    cli(words)


if __name__ == "__main__":  # workers are spawned from this file too
    main()
