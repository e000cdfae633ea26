"""Item pipeline: pages into batches; the report of the source is written last and says that it is done."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

from scrapy import signals
from scrapy.crawler import Crawler
from twisted.python.failure import Failure

from enrich.records import Page
from spiders.reports import write_report
from spiders.source_spider import SourceSpider


class PageBatches:
    """Writes the pages of one spider; a list of pages stays together in one batch."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._began = monotonic()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PageBatches:
        pipeline = cls(crawler)
        crawler.signals.connect(pipeline.spider_error, signals.spider_error)
        crawler.signals.connect(pipeline.spider_closed, signals.spider_closed)
        return pipeline

    def _spider(self) -> SourceSpider:
        spider = self._crawler.spider
        assert isinstance(spider, SourceSpider)
        return spider

    def process_item(self, item: Page | list[Page]) -> Page | list[Page]:
        """Add a page, or pages that are read together."""
        spider = self._spider()
        pages = item if isinstance(item, list) else [item]
        spider.writer.add(*pages)
        spider.report.fetched += len(pages)
        return item

    def spider_error(self, failure: Failure) -> None:
        """A fault of our own must not look like a quiet night."""
        self._spider().report.error(
            f"the spider failed: {type(failure.value).__name__}: {failure.getErrorMessage()[:200]}"
        )

    def spider_closed(self, reason: str) -> None:
        """Write the last batch, then the report (only now Scrapy says why the visit ended)."""
        spider = self._spider()
        report = spider.report
        try:
            spider.close_writer()
        except OSError as error:  # the disk is full: without its pages the visit must not count as done
            report.error(f"{spider.out}: cannot be written: {error.strerror}")
            reason = "shutdown"
        report.seconds = round(monotonic() - self._began, 1)
        stats = self._crawler.stats
        report.bytes = int(stats.get_value("downloader/response_bytes", 0))
        report.finish_reason = reason
        spider.conclude()
        write_report(Path(spider.out), report)
