"""Log lines of a crawl: pages are bytes of strangers and belong in batches, not in the log."""

from __future__ import annotations

from typing import Any

from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

from enrich.records import Page


class ShortLines(LogFormatter):
    """Names items by their address."""

    def scraped(self, item: Any, response: Response | Failure | None, spider: Any) -> LogFormatterResult:
        """Log which pages were handed on."""
        pages = [item] if isinstance(item, Page) else item
        return super().scraped([page.url for page in pages], response, spider)

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Any
    ) -> LogFormatterResult:
        """Log a page that could not be written, without its body."""
        pages = [item] if isinstance(item, Page) else item
        return super().item_error([page.url for page in pages], exception, response, spider)
