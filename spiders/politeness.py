"""Downloader middlewares and throttle that keep what owners permit: robots.txt, crawl-delay, reservations, back-off."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlsplit

from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser

from spiders.address_guard import refused_answer
from spiders.permissions import ai_txt_reserves, tdmrep_reserves

MAX_ROBOTS_BYTES = 512_000  # RFC 9309, 2.5: at least 500 KiB must be read
FAILURES_BEFORE_GIVING_UP = 6
LONGEST_WAIT = 120.0  # seconds; a host that wants more is left alone for this run
POLICY_SECONDS = 10
_GATEWAY_ERRORS = frozenset({429, 500, 502, 503, 504, 522, 524})


class HostFault(IgnoreRequest):
    """A host could not be asked although it might be another night (an error, not a refusal)."""


class PoliteRobots(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware that also keeps crawl-delay, and leaves a host alone whose robots.txt fails.

    A robots.txt that answers 5xx or not at all means "do not crawl" (RFC 9309, 2.3.1.4); 4xx means no rules.
    """

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if rp is None:
            if reason := refused_answer(request.url):
                raise IgnoreRequest(reason)
            raise HostFault("robots.txt cannot be read, so the host is left alone")
        super().process_request_2(rp, request)
        delay = rp.crawl_delay(self._default_useragent)
        if delay:
            self._slow_down(request, float(delay))

    def _slow_down(self, request: Request, delay: float) -> None:
        if delay > LONGEST_WAIT * 10:
            raise IgnoreRequest(f"robots.txt wants {delay:.0f} s between requests")
        set_pace(self.crawler, request, delay)

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            raise HostFault(f"robots.txt answers {response.status}")
        body = b"" if response.status >= 400 else response.body[:MAX_ROBOTS_BYTES]
        await super()._parse_robots(response.replace(body=body), netloc, request)


def set_pace(crawler: Crawler, request: Request, delay: float) -> None:
    """Ask the host of `request` at most once in `delay` seconds, one request at a time, for the whole crawl."""
    downloader = crawler.engine.downloader
    key = downloader.get_slot_key(request)
    kept = downloader.per_slot_settings.get(key, {})
    if kept.get("delay", -1.0) >= delay:
        return
    # Also for the slot that Scrapy makes anew after a quiet minute.
    downloader.per_slot_settings[key] = {"concurrency": 1, "delay": max(delay, downloader._delay), "jitter": 0.0}
    slot = downloader.slots.get(key)
    if slot is not None:
        slot.delay, slot.concurrency, slot.jitter = max(delay, slot.delay), 1, 0.0


class PoliteThrottle(AutoThrottle):
    """AutoThrottle that never goes below a host's crawl-delay."""

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response)
        downloader = self.crawler.engine.downloader
        floor = downloader.per_slot_settings.get(urlsplit(response.url).hostname or "", {}).get("delay", 0.0)
        slot.delay = max(slot.delay, floor)


class ReservationMiddleware:
    """Reads tdmrep.json and ai.txt of each host once and refuses what they reserve."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = str(crawler.settings["USER_AGENT"])
        self._files: dict[str, asyncio.Future[tuple[bytes, bytes]] | tuple[bytes, bytes]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ReservationMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Refuse a reserved address. Raises IgnoreRequest with the reason."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlsplit(request.url)
        root = f"{parts.scheme}://{parts.netloc}"
        files = self._files.get(root)
        if files is None:
            files = self._files[root] = asyncio.ensure_future(self._load(root))
        if not isinstance(files, tuple):  # requests that come meanwhile wait for the same answer
            files = self._files[root] = await files
        tdmrep, ai_txt = files
        if tdmrep and tdmrep_reserves(tdmrep, request.url):
            raise IgnoreRequest("TDM reservation (tdmrep.json)")
        if ai_txt and ai_txt_reserves(ai_txt, request.url, self._agent):
            raise IgnoreRequest("ai.txt disallows it")

    async def _load(self, root: str) -> tuple[bytes, bytes]:
        return await self._read(f"{root}/.well-known/tdmrep.json"), await self._read(f"{root}/ai.txt")

    async def _read(self, url: str) -> bytes:
        request = Request(
            url, callback=NO_CALLBACK, priority=900,
            meta={"dont_obey_robotstxt": True, "max_retry_times": 1, "download_timeout": POLICY_SECONDS},
        )  # fmt: skip
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception:  # no answer means no reservation; the page itself is checked too
            return b""
        return response.body[:MAX_ROBOTS_BYTES] if response.status == 200 else b""


class HostBreaker:
    """Gives a host up for this run after a row of failures, and waits as long as Retry-After says."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._failures: dict[str, int] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostBreaker:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Refuse requests to a host that has been given up. Raises HostFault."""
        if self._failures.get(urlsplit(request.url).netloc, 0) >= FAILURES_BEFORE_GIVING_UP:
            raise HostFault("the host was given up for this run after a row of failures")

    def process_response(self, request: Request, response: Response) -> Response:
        """Count server errors; a good answer forgives them."""
        host = urlsplit(request.url).netloc
        if response.status in _GATEWAY_ERRORS:
            self._failures[host] = self._failures.get(host, 0) + 1
            wait = _retry_after(response)
            if wait > LONGEST_WAIT:
                self._failures[host] = FAILURES_BEFORE_GIVING_UP
            elif wait:
                set_pace(self._crawler, request, wait)
        elif host in self._failures:
            del self._failures[host]
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count time-outs and broken connections."""
        if not isinstance(exception, IgnoreRequest):
            host = urlsplit(request.url).netloc
            self._failures[host] = self._failures.get(host, 0) + 1


def _retry_after(response: Response) -> float:
    value: Any = response.headers.get("Retry-After")
    return float(value) if value and value.strip().isdigit() and len(value) < 7 else 0.0
