"""What the three spiders share: the source, its report, polite fetching, and why a page was left out."""

from __future__ import annotations

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
from spiders.batches import content_hash
from spiders.definitions import load_file
from spiders.limits import CrawlLimits, require_contact
from spiders.permissions import reservation
from spiders.reports import SourceReport
from spiders.sources import Source
from spiders.visits import Known, known_of


class SourceSpider(Spider):
    """Base of the spiders. Arguments: `source` (YAML file or Source), `out` (run folder below home/pages)."""

    kind: ClassVar[PageKind]

    def __init__(self, source: str | Source = "", out: str = "data/store/pages/by-hand", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.source = source if isinstance(source, Source) else load_file(Path(source), Source)
        self.out = out
        self.home = Path(out).parent.parent
        self.report = SourceReport(self.source.name, self.kind)
        self.known = Known()
        self.started = datetime.now(UTC)
        self.pages_asked = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SourceSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        limits = CrawlLimits(
            allow_private_hosts=tuple(crawler.settings.getlist("ALLOW_PRIVATE_HOSTS")),
            contact="set" if "+" in str(crawler.settings["USER_AGENT"]) else None,
        )
        require_contact(limits, list(spider.source.start))
        spider.known = known_of(spider.home, spider.source.name)
        return spider

    @property
    def host_pages(self) -> int:
        """Most pages that one visit may ask of a host."""
        return self.settings.getint("HOST_PAGES", 500)

    def conclude(self) -> None:
        """Set what the report says at the end: a source that brought nothing because of errors has failed."""
        report = self.report
        if report.errors and not report.fetched and not report.not_modified:
            report.failed = True
        if report.errors or report.more_errors:
            report.listings = {}  # an unchanged listing would hide the pages that failed: read it again next time

    def closed(self, reason: str) -> None:
        """Scrapy calls this when the spider ends; the reason goes into the report."""
        self.report.finish_reason = reason

    def conditional(self, url: str, validators: tuple[str | None, str | None]) -> Request:
        """Return a request that a server may answer with 304."""
        headers = {}
        if validators[0]:
            headers["If-None-Match"] = validators[0]
        if validators[1]:
            headers["If-Modified-Since"] = validators[1]
        return Request(url, headers=headers, meta={"handle_httpstatus_all": True}, dont_filter=True)

    async def get(self, request: Request) -> Response | None:
        """Download one document; errors and refusals go into the report and give None."""
        request.callback = NO_CALLBACK
        self.pages_asked += 1
        try:
            engine = self.crawler.engine
            assert engine is not None
            response = await engine.download_async(request)
        except Exception as error:  # whatever a host does wrong costs this page only
            self.note(request.url, error)
            return None
        return response if self.usable(response) else None

    def failed_request(self, failure: Failure) -> None:
        """Errback of scheduled requests."""
        request = getattr(failure, "request", None)
        self.note(request.url if request is not None else "?", failure.value)

    def note(self, url: str, error: BaseException | None) -> None:
        """Put a failed or refused page into the report."""
        if isinstance(error, IgnoreRequest):
            reason = str(error) or "ignored"
            if "cannot be read" in reason or "answers 5" in reason:
                self.report.error(f"{url}: {reason}")
            else:
                self.report.leave_out("robots.txt" if "robots.txt" in reason else reason)
            return
        self.report.error(f"{url}: {_words(error)}")

    def usable(self, response: Response) -> bool:
        """True for 200 and 304 that may be mined; everything else goes into the report."""
        if response.status == 304:
            return True
        if response.status != 200:
            self.report.error(f"{response.url}: answers {response.status}")
            return False
        headers = {
            key.decode("latin-1").lower(): response.headers.get(key, b"").decode("latin-1")  # type: ignore[union-attr]
            for key in response.headers
        }
        reserved = reservation(headers, response.body)
        if reserved:
            self.report.leave_out(reserved)
            return False
        return True

    def page(self, url: str, response: Response, source: str | None = None) -> Page:
        """Make the record of a fetched document."""
        return Page(
            url=url, final_url=response.url, source=source or self.source.name, kind=self.kind,
            status=response.status, fetched_at=datetime.now(UTC), etag=header(response, "ETag"),
            last_modified=header(response, "Last-Modified"), content_type=header(response, "Content-Type"),
            body=response.body,
        )  # fmt: skip

    def is_unchanged(self, url: str, response: Response) -> bool:
        """True when the server says so or the body hashes to the stored one."""
        if response.status == 304:
            return True
        visit = self.known.pages.get(url)
        return visit is not None and visit.content_hash == content_hash(response.body)


def header(response: Response, name: str) -> str | None:
    """Return a response header as text, or None."""
    value = response.headers.get(name)
    return value.decode("latin-1")[:500] if value else None


def host_of(url: str) -> str:
    """Return the host of an address, `www.` ignored."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _words(error: BaseException | None) -> str:
    name = type(error).__name__
    known = {
        "TimeoutError": "no answer in time", "DownloadTimeoutError": "no answer in time",
        "ConnectionRefusedError": "connection refused", "DownloadConnectionRefusedError": "connection refused",
        "DNSLookupError": "host name not found", "CannotResolveHostError": "host name not found",
        "DownloadCancelledError": "larger than crawl.page_bytes", "CancelledError": "larger than crawl.page_bytes",
        "ResponseFailed": "connection broken", "DownloadFailedError": "connection broken",
        "ResponseDataLossError": "connection broken",
    }  # fmt: skip
    text = str(error).splitlines()[0][:160] if error and str(error) else ""
    return known.get(name, f"{name} {text}".strip())
