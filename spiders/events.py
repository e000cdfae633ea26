"""Spider `events`: calendars, listings, detail and speaker pages of one source, handed on together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from enrich.records import Page
from spiders.canonical import canonical
from spiders.source_spider import SourceSpider, header

MAX_PAGES = 40


class EventsSpider(SourceSpider):
    """Fetches all pages of an event source every night; hands them on only if one of them has changed."""

    name = "events"
    kind = "event"

    async def start(self) -> AsyncIterator[Any]:
        """Breadth first from the start pages, at most MAX_PAGES."""
        from spiders.event_links import event_links  # noqa: PLC0415 - scrapy list stays fast

        if any(self.in_this_run(url) for url in self.source.start):
            return  # handed on before the run was interrupted
        waiting = [(url, 0) for url in self.source.start]
        seen = {url for url, _ in waiting}
        pages: list[Page] = []
        changed = False
        while waiting and len(pages) < min(MAX_PAGES, self.host_pages):
            url, depth = waiting.pop(0)
            visit = self.known.pages.get(url)
            validators = (visit.etag, visit.last_modified) if visit else (None, None)
            response = await self.get(self.conditional(url, validators))
            if response is None:
                continue
            unchanged = self.is_unchanged(url, response)
            page = self.page(url, response)
            if unchanged:
                body = self.known.body(url) if response.status == 304 else response.body
                if body is None:  # stored body has expired: ask again without conditions
                    response = await self.get(self.conditional(url, (None, None)))
                    if response is None:
                        continue
                    page, changed = self.page(url, response), True
                else:
                    page = replace(page, status=200, body=body, fetched_at=datetime.now(UTC))
                    if visit and response.status == 304:  # a 304 need not repeat what is known
                        page = replace(
                            page, etag=page.etag or visit.etag, last_modified=page.last_modified or visit.last_modified
                        )
            else:
                changed = True
            pages.append(page)
            self.report.listed += 1
            kind = page.content_type or header(response, "Content-Type") or ""
            for link in await asyncio.to_thread(event_links, page.final_url, page.body, kind, depth):
                try:
                    target = canonical(link)
                except ValueError:
                    continue
                if target not in seen:
                    seen.add(target)
                    waiting.append((target, depth + 1))
        if changed:
            yield pages
            await self.settle()
        else:
            self.report.not_modified += len(pages)
