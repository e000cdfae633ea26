"""Time-outs that a host did not cause: while this process was busy, answers lay unread, and nobody is to blame for that.

All sources of a night share one event loop. One hostile listing can take seconds to read, and every download whose
time ends meanwhile would count as a host that does not answer, although its answer is there.
"""

from __future__ import annotations

import logging
from collections import deque
from time import monotonic
from typing import Any

from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Request

BEAT_SECONDS = 0.25
FORGIVEN_SHARE = 0.2  # of the time allowed; less is the noise of a busy machine
MOST_AGAIN = 4  # times that one request is sent again for this reason
_KEPT = 2000  # stalls; more than any time allowed can hold
log = logging.getLogger(__name__)


class Heartbeat:
    """Notes when and for how long the event loop of this process did not come round."""

    def __init__(self) -> None:
        self._due: float | None = None
        self._stalls: deque[tuple[float, float]] = deque(maxlen=_KEPT)

    def start(self) -> None:
        """Begin to beat; does nothing when it already does."""
        if self._due is None:
            self._next()

    def _next(self) -> None:
        from twisted.internet import reactor  # noqa: PLC0415 - Scrapy installs the reactor first

        self._due = monotonic() + BEAT_SECONDS
        later: Any = reactor
        later.callLater(BEAT_SECONDS, self._beat)

    def _beat(self) -> None:
        now = monotonic()
        late = now - (self._due or now)
        if late > BEAT_SECONDS:
            self.note(now, late)
        self._next()

    def note(self, ended: float, seconds: float) -> None:
        """Keep that the loop stood still for `seconds` until `ended` (time of `monotonic`)."""
        self._stalls.append((ended, seconds))

    def stalled(self, seconds: float) -> float:
        """Return for how many of the last `seconds` the loop stood still."""
        since = monotonic() - seconds
        return sum(min(late, ended - since) for ended, late in self._stalls if ended > since)


_heartbeat = Heartbeat()


class FairTimeouts:
    """Sends a request again, without counting it, whose time ended while the process was busy with something else."""

    def __init__(self, crawler: Crawler) -> None:
        self._seconds = crawler.settings.getfloat("DOWNLOAD_TIMEOUT")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FairTimeouts:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Start the heartbeat with the first request."""
        _heartbeat.start()

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Return the request again when its time-out is ours; None leaves it to the others."""
        if not isinstance(exception, DownloadTimeoutError | TimeoutError):
            return None
        seconds = float(request.meta.get("download_timeout") or self._seconds)
        again = int(request.meta.get("stalled_times", 0)) + 1
        if again > MOST_AGAIN or _heartbeat.stalled(seconds + BEAT_SECONDS) < FORGIVEN_SHARE * seconds:
            return None
        log.info("%s: its time ended while this process was busy; asked again", request.url)
        return request.replace(meta={**request.meta, "stalled_times": again}, dont_filter=True)
