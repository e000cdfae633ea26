"""Progress bars for long work: drawn on stderr and only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from pipeline.cli.context import console


@contextmanager
def stage_bars() -> Iterator[Callable[[str, int, int], None]]:
    """Yield tell(stage, done, total); a total of 0 means that it is not known."""
    if not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    bar = Progress(
        TextColumn("{task.description:<10}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console(stderr=True),
    )
    tasks: dict[str, TaskID] = {}
    with bar:

        def tell(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total or None)
            bar.update(tasks[stage], completed=done, total=total or None)

        yield tell
