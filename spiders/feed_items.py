"""Feed export of `scrapy crawl SPIDER -O FILE`: one row a page, its body as text.

Spiders hand on `Page` records with bytes, or the pages of a site together; Scrapy's exporters write neither. The
rows are for looking at a crawl with other tools; the pipeline reads the batches.
"""

from __future__ import annotations

from typing import Any

from scrapy.exporters import CsvItemExporter, JsonItemExporter, JsonLinesItemExporter, XmlItemExporter
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


class PageJsonLines(JsonLinesItemExporter):
    """JSON Lines."""

    def export_item(self, item: Any) -> None:
        """Write one line a page."""
        for row in rows(item):
            super().export_item(row)


class PageJson(JsonItemExporter):
    """One JSON array."""

    def export_item(self, item: Any) -> None:
        """Write one object a page."""
        for row in rows(item):
            super().export_item(row)


class PageCsv(CsvItemExporter):
    """CSV."""

    def export_item(self, item: Any) -> None:
        """Write one row a page."""
        for row in rows(item):
            super().export_item(row)


class PageXml(XmlItemExporter):
    """XML."""

    def export_item(self, item: Any) -> None:
        """Write one element a page."""
        for row in rows(item):
            super().export_item(row)


EXPORTERS = {
    "jsonlines": "spiders.feed_items.PageJsonLines",
    "jsonl": "spiders.feed_items.PageJsonLines",
    "jl": "spiders.feed_items.PageJsonLines",
    "json": "spiders.feed_items.PageJson",
    "csv": "spiders.feed_items.PageCsv",
    "xml": "spiders.feed_items.PageXml",
}
