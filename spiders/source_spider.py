"""What the spiders share: the source, its report, polite fetching, and why a page was left out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.python.failure import Failure

from enrich.records import Page, PageKind
from spiders.batches import BatchWriter, Role
from spiders.definitions import load_file
from spiders.fingerprint import content_hash
from spiders.limits import CrawlLimits, require_contact
from spiders.permissions import reservation
from spiders.politeness import HostFault
from spiders.reports import SourceReport
from spiders.sources import Source
from spiders.visits import Known, VisitIndex

SETTLE_SECONDS = 0.1  # for the item pipeline; when it is not enough, only the heartbeat comes later
_GONE = frozenset({400, 401, 402, 403, 404, 405, 406, 410, 451})  # asking again tomorrow would change nothing
_TYPES_READ = (
    "html", "xml", "text/", "json", "calendar", "rss", "atom", "csv", "octet-stream", "unknown",
)  # fmt: skip


class SourceSpider(Spider):
    """Base of the spiders. Arguments: `source` (YAML file or Source), `out` (run folder below home/pages)."""

    kind: ClassVar[PageKind]

    def __init__(
        self,
        source: str | Source = "",
        out: str = "data/store/pages/by-hand",
        index: VisitIndex | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.source = source if isinstance(source, Source) else load_file(Path(source), Source)
        self.out = out
        self.home = Path(out).parent.parent
        self.report = SourceReport(self.source.name, self.kind)
        self.index = index
        self.known = Known()
        self.started = datetime.now(UTC)
        self._writer: BatchWriter | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SourceSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        limits = CrawlLimits(
            allow_private_hosts=tuple(crawler.settings.getlist("ALLOW_PRIVATE_HOSTS")),
            contact="set" if "+" in str(crawler.settings["USER_AGENT"]) else None,
        )
        require_contact(limits, list(spider.source.start))
        index = spider.index or VisitIndex(spider.home)
        spider.known = index.of(spider.report.source)
        return spider

    @property
    def host_pages(self) -> int:
        """Most pages that one visit may ask of a host."""
        return self.settings.getint("HOST_PAGES", 500)

    @property
    def depth(self) -> int:
        """How many links away from a start page a page may be; the pages of one list count as one step."""
        return self.settings.getint("FOLLOW_DEPTH", 3)

    @staticmethod
    async def settle() -> None:
        """Keep `start()` alive until what it yielded last has been written.

        Scrapy looks whether a spider is idle right after `start()` ends, and after that only at its heartbeat
        every five seconds: a spider that yields pages and no requests would sit through one every night.
        """
        await asyncio.sleep(SETTLE_SECONDS)

    @property
    def writer(self) -> BatchWriter:
        """The batches of this visit; made when the first page comes."""
        if self._writer is None:
            self._writer = BatchWriter(Path(self.out), self.report.source)
        return self._writer

    def close_writer(self) -> None:
        """Write the last batch and wait for it."""
        if self._writer is not None:
            self._writer.close()

    def conclude(self) -> None:
        """Set what the report says at the end: a source that brought nothing because of errors has failed."""
        report = self.report
        if report.errors and not report.fetched and not report.not_modified:
            report.failed = True
        # An unchanged listing would hide pages that failed or were put off: read it again next time.
        if report.errors or report.finish_reason != "finished" or "over crawl.host_pages" in report.left_out:
            report.listings = {}

    def in_this_run(self, url: str) -> bool:
        """True when the page was fetched earlier in this very run, before it was interrupted."""
        visit = self.known.pages.get(url)
        return visit is not None and str(visit.batch.parent) == self.out

    def conditional(self, url: str, validators: tuple[str | None, str | None] = (None, None)) -> Request:
        """Return a request that a server may answer with 304."""
        headers = {}
        if validators[0]:
            headers["If-None-Match"] = validators[0]
        if validators[1]:
            headers["If-Modified-Since"] = validators[1]
        return Request(url, headers=headers, dont_filter=True)

    def validators_of(self, url: str) -> tuple[str | None, str | None]:
        """Return ETag and Last-Modified of the stored version."""
        visit = self.known.pages.get(url)
        return (visit.etag, visit.last_modified) if visit and visit.role == "page" else (None, None)

    async def get(self, request: Request) -> Response | None:
        """Download one document; errors and refusals go into the report and give None."""
        request.callback = NO_CALLBACK
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:  # whatever a host does wrong costs this page only
            self.note(request.url, error)
            return None
        return response if self.usable(response) else None

    def failed_request(self, failure: Failure, url: str | None = None) -> None:
        """Errback of scheduled requests."""
        request = getattr(failure, "request", None)
        address = request.url if request is not None else url or "?"
        refused = isinstance(failure.value, IgnoreRequest) and not isinstance(failure.value, HostFault)
        self.note(address, failure.value)
        if url and not refused:
            self.remember(url, address, "failed", 0)

    def note(self, url: str, error: BaseException | None) -> None:
        """Put a failed or refused page into the report."""
        if isinstance(error, IgnoreRequest) and not isinstance(error, HostFault):
            reason = str(error) or "ignored"
            if "max redirections" in reason or "DOWNLOAD_MAXSIZE" in reason:
                self.trouble(url, _words(error))
            else:
                self.report.leave_out("robots.txt" if "robots.txt" in reason else reason, url)
            return
        self.trouble(url, _words(error))

    def trouble(self, url: str, reason: str) -> None:
        """Put an error into the report; spiders for which some errors are no fault override it."""
        self.report.error(f"{url}: {reason}")

    def usable(self, response: Response, url: str | None = None) -> bool:
        """True for 200 and 304 that may be mined; everything else goes into the report.

        With `url` (the canonical address) the outcome is also remembered, so that a page that is gone or
        reserved is not asked for every night, and one that failed is tried again.
        """
        if response.status == 304:
            return True
        if response.status != 200:
            if response.status in _GONE and url:
                self.report.leave_out(f"answers {response.status}", response.url)
                self.remember(url, response.url, "left_out", response.status)
            else:
                self.trouble(response.url, f"answers {response.status}")
                if url:
                    self.remember(url, response.url, "failed", response.status)
            return False
        kind = (header(response, "Content-Type") or "unknown").lower()
        reason = reservation(_lines(response, "tdm-reservation"), _lines(response, "x-robots-tag"), response.body)
        if not reason and not any(part in kind for part in _TYPES_READ):
            reason = f"not a text: {kind.partition(';')[0][:60]}"
        if reason:
            self.report.leave_out(reason, response.url)
            if url:
                self.remember(url, response.url, "left_out", response.status)
            return False
        return True

    def remember(self, url: str, final_url: str, role: Role, status: int) -> None:
        """Keep that an address was asked for and is not handed on."""
        page = Page(url, final_url, self.report.source, self.kind, status, datetime.now(UTC), None, None, None, b"")
        self.writer.add(page, role=role)

    def page(self, url: str, response: Response, body: bytes | None = None) -> Page:
        """Make the record of a fetched document."""
        return Page(
            url=url, final_url=response.url, source=self.report.source, kind=self.kind,
            status=response.status, fetched_at=datetime.now(UTC), etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"), content_type=header(response, "Content-Type"),
            body=response.body if body is None else body,
        )  # fmt: skip

    def is_unchanged(self, url: str, response: Response) -> bool:
        """True when the server says so or the body hashes to the stored one."""
        if response.status == 304:
            return True
        visit = self.known.pages.get(url)
        if visit is None or not visit.content_hash or visit.role != "page":
            return False
        return visit.content_hash == content_hash(response.body, header(response, "Content-Type"))


def header(response: Response, name: str) -> str | None:
    """Return a response header as text, or None."""
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value else None


def _lines(response: Response, name: str) -> list[str]:
    return [value.decode("latin-1")[:1000] for value in response.headers.getlist(name)]


def host_of(url: str) -> str:
    """Return the host of an address, `www.` ignored."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _words(error: BaseException | None) -> str:
    name = type(error).__name__
    text = str(error).splitlines()[0][:160] if error and str(error) else ""
    if isinstance(error, IgnoreRequest):
        if "max redirections" in text:
            return "redirects without end"
        return "larger than crawl.page_bytes when unpacked" if "DOWNLOAD_MAXSIZE" in text else text
    known = {
        "TimeoutError": "no answer in time", "DownloadTimeoutError": "no answer in time",
        "ConnectionRefusedError": "connection refused", "DownloadConnectionRefusedError": "connection refused",
        "DNSLookupError": "host name not found", "CannotResolveHostError": "host name not found",
        "DownloadCancelledError": "larger than crawl.page_bytes", "CancelledError": "larger than crawl.page_bytes",
        "ResponseFailed": "connection broken", "DownloadFailedError": "connection broken",
        "ResponseDataLossError": "connection broken",
    }  # fmt: skip
    return known.get(name, f"{name} {text}".strip())
