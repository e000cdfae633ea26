"""Spider `companies`: home page, Impressum, Kontakt and Team of company sites, at most six pages a visit."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from enrich.records import Page
from spiders.batches import content_hash
from spiders.source_spider import SourceSpider, header, host_of
from spiders.sources import Source

PAGES_A_SITE = 6
SITES_AT_ONCE = 8
LOOKUP = "lookup:companies"


class CompaniesSpider(SourceSpider):
    """Visits the start pages of a company source, or the candidate sites of looked-up companies."""

    name = "companies"
    kind = "company"

    def __init__(self, source: str | Source = "", candidates: Sequence[str] = (), **kwargs: Any) -> None:
        self._candidates = list(candidates)
        if candidates:
            source = Source(name="lookup", title="looked-up companies", kind="company", start=tuple(candidates))
        super().__init__(source, **kwargs)
        if candidates:
            self.report.source = LOOKUP

    async def start(self) -> AsyncIterator[Any]:
        """Visit several sites side by side; one site's pages are handed on together."""
        sites = list(dict.fromkeys(self.source.start))
        for begin in range(0, len(sites), SITES_AT_ONCE):
            visits = [self._visit(url) for url in sites[begin : begin + SITES_AT_ONCE]]
            for pages in await asyncio.gather(*visits):
                if pages and self._changed(pages):
                    yield pages
                else:
                    self.report.not_modified += len(pages)

    def _changed(self, pages: list[Page]) -> bool:
        known = self.known.pages
        return any(p.url not in known or known[p.url].content_hash != content_hash(p.body) for p in pages)

    async def _visit(self, start: str) -> list[Page]:
        from spiders.site_links import site_links  # noqa: PLC0415 - scrapy list stays fast

        source = LOOKUP if self._candidates else self.source.name
        waiting = [(start, 0)]
        seen = {_key(start)}
        pages: list[Page] = []
        asked = 0
        while waiting and asked < PAGES_A_SITE:
            url, depth = waiting.pop(0)
            asked += 1
            response = await self.get(self.conditional(url, (None, None)))
            if response is None:
                if not pages:
                    return []
                continue
            pages.append(self.page(url, response, source))
            for link in site_links(response.url, response.body, header(response, "Content-Type"), depth):
                if _key(link) not in seen and host_of(link) == host_of(response.url):
                    seen.add(_key(link))
                    waiting.append((link, depth + 1))
        return pages


def _key(url: str) -> str:
    parts = urlsplit(url)
    return f"{host_of(url)}{parts.path.rstrip('/') or '/'}?{parts.query}"
