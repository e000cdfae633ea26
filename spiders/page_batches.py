"""Item pipeline: pages into batches; the report of the source is written last and says that it is done."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

from scrapy.crawler import Crawler

from enrich.records import Page
from spiders.batches import BatchWriter
from spiders.reports import write_report
from spiders.source_spider import SourceSpider


class PageBatches:
    """Writes the pages of one spider; a list of pages stays together in one batch."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._began = monotonic()
        self._writer: BatchWriter | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PageBatches:
        return cls(crawler)

    def _spider(self) -> SourceSpider:
        spider = self._crawler.spider
        assert isinstance(spider, SourceSpider)
        return spider

    def process_item(self, item: Page | list[Page]) -> Page | list[Page]:
        """Add a page, or pages that are read together."""
        spider = self._spider()
        if self._writer is None:
            self._writer = BatchWriter(Path(spider.out), spider.report.source)
        pages = item if isinstance(item, list) else [item]
        self._writer.add(*pages)
        spider.report.fetched += len(pages)
        return item

    def close_spider(self) -> None:
        """Write the last batch, then the report."""
        spider = self._spider()
        if self._writer is not None:
            self._writer.flush()
        report = spider.report
        report.seconds = round(monotonic() - self._began, 1)
        stats = self._crawler.stats
        report.bytes = int(stats.get_value("downloader/response_bytes", 0)) if stats else 0
        spider.conclude()
        write_report(Path(spider.out), report)
