"""What site owners permit: robots.txt with crawl-delay, and reservations of text and data mining.

Reservations: TDM Reservation Protocol (W3C community report: header, meta element, /.well-known/tdmrep.json),
`noai` directives (X-Robots-Tag, meta robots), ai.txt (spawning.ai form, read like robots.txt).
"""

from __future__ import annotations

import fnmatch
import json
import re
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request, Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser

MAX_CRAWL_DELAY = 120.0
_META = re.compile(rb"<meta\b[^>]{0,500}>", re.IGNORECASE)
_NAME = re.compile(rb"""\bname\s*=\s*["']?([\w:.-]+)""", re.IGNORECASE)
_CONTENT = re.compile(rb"""\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_OPT_OUTS = ("noai", "noml", "notdm")


def reservation(headers: dict[str, str], body: bytes) -> str | None:
    """Return why the page may not be mined (header or meta element), or None. Header names are lower case."""
    if headers.get("tdm-reservation", "").strip() == "1":
        return "TDM reservation (header)"
    if _opted_out(headers.get("x-robots-tag", "")):
        return "noai (X-Robots-Tag)"
    for tag in _META.findall(body[:200_000]):
        name = _NAME.search(tag)
        content = _CONTENT.search(tag)
        if not name or not content:
            continue
        key = name.group(1).decode("ascii", "ignore").lower()
        value = next((g for g in content.groups() if g is not None), b"").decode("ascii", "ignore").lower()
        if key == "tdm-reservation" and value.strip() == "1":
            return "TDM reservation (meta)"
        if key in ("robots", "dooropener") and _opted_out(value):
            return "noai (meta robots)"
    return None


def _opted_out(directives: str) -> bool:
    words = {word.strip().lower() for word in re.split(r"[,;\s]+", directives)}
    return bool(words & set(_OPT_OUTS))


def tdmrep_reserves(document: bytes, url: str) -> bool:
    """True when /.well-known/tdmrep.json reserves `url`; the first matching location decides."""
    try:
        rules: Any = json.loads(document.decode("utf-8", "replace"))
    except ValueError:
        return False
    if not isinstance(rules, list):
        return False
    path = urlsplit(url).path or "/"
    for rule in rules[:1000]:
        if not isinstance(rule, dict):
            continue
        location = str(rule.get("location", ""))
        pattern = location if location.endswith(("*", "$")) else location + "*"
        if fnmatch.fnmatchcase(path, pattern.rstrip("$")) or location == path:
            return str(rule.get("tdm-reservation", "0")) == "1"
    return False


def ai_txt_reserves(document: bytes, url: str, agent: str) -> bool:
    """True when ai.txt disallows `url` for us or for everybody."""
    text = document.decode("utf-8", "replace")
    if "disallow" not in text.lower() or text.lstrip().startswith("<"):
        return False
    return not Protego.parse(text).can_fetch(url, agent)


class PoliteRobots(RobotsTxtMiddleware):
    """Scrapy's robots.txt middleware that also keeps crawl-delay, and refuses a host whose robots.txt fails.

    A robots.txt that answers 5xx means "do not crawl" (RFC 9309, 2.3.1.4); 4xx means no rules.
    """

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        if rp is None:
            raise IgnoreRequest("robots.txt cannot be read, so the host is left alone")
        super().process_request_2(rp, request)
        inner = getattr(rp, "rp", None)
        delay = inner.crawl_delay(self._default_useragent) if inner is not None else None
        if delay:
            self._slow_down(request, min(float(delay), MAX_CRAWL_DELAY))

    def _slow_down(self, request: Request, delay: float) -> None:
        downloader = self.crawler.engine.downloader
        _, slot = downloader._get_slot(request)
        if slot.delay < delay:
            slot.delay = delay
            slot.concurrency = 1

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            raise IgnoreRequest(f"robots.txt answers {response.status}")
        if response.status >= 400:
            response = response.replace(body=b"")
        await super()._parse_robots(response, netloc, request)


class ReservationMiddleware:
    """Reads tdmrep.json and ai.txt of each host once and refuses what they reserve."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._agent = str(crawler.settings["USER_AGENT"])
        self._files: dict[str, tuple[bytes, bytes]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ReservationMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Refuse a reserved address. Raises IgnoreRequest with the reason."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlsplit(request.url)
        root = f"{parts.scheme}://{parts.netloc}"
        if root not in self._files:
            self._files[root] = (b"", b"")
            self._files[root] = (
                await self._read(f"{root}/.well-known/tdmrep.json"),
                await self._read(f"{root}/ai.txt"),
            )
        tdmrep, ai_txt = self._files[root]
        if tdmrep and tdmrep_reserves(tdmrep, request.url):
            raise IgnoreRequest("TDM reservation (tdmrep.json)")
        if ai_txt and ai_txt_reserves(ai_txt, request.url, self._agent):
            raise IgnoreRequest("ai.txt disallows it")

    async def _read(self, url: str) -> bytes:
        request = Request(
            url, callback=NO_CALLBACK, priority=900,
            meta={"dont_obey_robotstxt": True, "dont_retry": True, "download_timeout": 10},
        )  # fmt: skip
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception:  # no answer means no reservation; the page itself is checked too
            return b""
        return response.body[:500_000] if response.status == 200 else b""
