"""Spider `pages`: exactly the addresses it is given, as pages of one kind; for `opener try` and `sources add`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from enrich.records import Page, PageKind
from spiders.canonical import canonical
from spiders.source_spider import SourceSpider
from spiders.sources import Source

PAGES = "single-pages"


class PagesSpider(SourceSpider):
    """Fetches single pages in the order given; nothing is followed or judged."""

    name = "pages"
    kind = "news"

    def __init__(self, pages: Sequence[str], page_kind: PageKind = "news", **kwargs: Any) -> None:
        source = Source(name=PAGES, title="single pages", kind="news", start=tuple(pages))
        super().__init__(source, **kwargs)
        self._page_kind = page_kind

    async def start(self) -> AsyncIterator[Any]:
        """Fetch one page after the other."""
        for url in self.source.start:
            response = await self.get(self.conditional(url))
            if response is not None:
                page = self.page(canonical(url), response)
                fields = {name: getattr(page, name) for name in Page.__dataclass_fields__}
                yield Page(**{**fields, "kind": self._page_kind})
        await self.settle()
