"""Ends a night in good order: on SIGTERM or SIGINT, or when its time is used up."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType


class StopSwitch:
    """Remembers SIGTERM and SIGINT and watches the time, so that a stage ends after its batch and what is done is published.

    `budget` is in seconds; 0 is no budget. A stage that asks `at(share)` ends when that share of it is used, so that
    the stages after it have the rest.
    """

    def __init__(self, budget: float = 0) -> None:
        self.pulled = False
        self.out_of_time = False
        self._budget = budget
        self._began = monotonic()

    def __call__(self) -> bool:
        return self.pulled or self.out_of_time

    def at(self, share: float) -> Callable[[], bool]:
        """Return a question for one stage: true after a signal, or when `share` of the budget is used."""

        def asked() -> bool:
            if self._budget and monotonic() - self._began >= self._budget * share:
                self.out_of_time = True
                return True
            return self.pulled

        return asked

    @contextmanager
    def armed(self) -> Iterator[StopSwitch]:
        """Catch the signals within the block (main thread only)."""

        def pull(signum: int, frame: FrameType | None) -> None:
            self.pulled = True

        old = {s: signal.signal(s, pull) for s in (signal.SIGTERM, signal.SIGINT)}
        try:
            yield self
        finally:
            for number, handler in old.items():
                signal.signal(number, handler)
