"""Feed export of `scrapy crawl SPIDER -O FILE`: one row a page, its body as text.

Spiders hand on `Page` records with bytes, or the pages of a site together; Scrapy's exporters write neither. The
rows are for looking at a crawl with other tools; the pipeline reads the batches.
"""

from __future__ import annotations

from typing import Any

from scrapy import Spider
from scrapy.extensions.feedexport import FeedExporter
from scrapy.http import HtmlResponse

from enrich.records import Page


def rows(item: Page | list[Page]) -> list[dict[str, Any]]:
    """Return the pages of an item as plain values; `body` is decoded text, None where it is none (times are ISO 8601)."""
    pages = item if isinstance(item, list) else [item]
    return [
        {
            "url": page.url,
            "final_url": page.final_url,
            "source": page.source,
            "kind": page.kind,
            "status": page.status,
            "fetched_at": page.fetched_at.isoformat(),
            "etag": page.etag,
            "last_modified": page.last_modified,
            "content_type": page.content_type,
            "body": _text(page),
        }
        for page in pages
    ]


def _text(page: Page) -> str | None:
    """Decode as Scrapy does: header, BOM, meta, then detection."""
    response = HtmlResponse(page.url, body=page.body, headers={"Content-Type": page.content_type or "text/html"})
    return None if b"\0" in page.body[:1000] and not response.encoding.startswith("utf-16") else response.text


class PageFeeds(FeedExporter):
    """Scrapy's feed export, given the rows of an item instead of the item."""

    def item_scraped(self, item: Any, spider: Spider) -> None:
        """Export each page of the item."""
        for row in rows(item):
            super().item_scraped(row, spider)
