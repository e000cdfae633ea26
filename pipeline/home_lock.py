"""One run at a time in a home: the lock that `opener nightly` and the single stages hold."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import BusyError


@contextmanager
def night_lock(home: Path) -> Iterator[None]:
    """Hold the home's lock; the kernel frees it when the process dies. Raises BusyError when another holds it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "nightly.lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError(f"{home}: another run is active; wait until it has ended") from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
