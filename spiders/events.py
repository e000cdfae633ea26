"""Spider `events`: calendars, listings, detail and speaker pages of one source, handed on together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy.http import Response

from enrich.records import Page
from spiders.canonical import canonical
from spiders.source_spider import SourceSpider

MAX_PAGES = 40


class EventsSpider(SourceSpider):
    """Fetches all pages of an event source every night; hands them on only if one of them has changed.

    An event that is missing from the pages is taken as called off, so a visit is handed on whole or not at all: a
    page that was read before and fails tonight is taken from the store, and without it the visit counts as failed.
    """

    name = "events"
    kind = "event"
    _missing = False

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
            found = await self._page(url)
            if found is None:
                changed = self._is_lost(url) or changed
                continue
            page, new = found
            changed = changed or new
            pages.append(page)
            self.report.listed += 1
            if depth >= self.depth:
                continue
            for link in await asyncio.to_thread(event_links, page.final_url, page.body, page.content_type or "", depth):
                try:
                    target = canonical(link)
                except ValueError:
                    continue
                if target not in seen:
                    seen.add(target)
                    waiting.append((target, depth + 1))
        if self._missing:
            self.report.failed = True
        elif changed:
            yield pages
            await self.settle()
        else:
            self.report.not_modified += len(pages)

    def _is_lost(self, url: str) -> bool:
        """True when a page that was handed on before may no longer be read or is gone; it is remembered as such."""
        visit = self.known.pages.get(url)
        if self._missing or visit is None or visit.role != "page":
            return False
        self.remember(url, url, "left_out", 0)
        return True

    async def _page(self, url: str) -> tuple[Page, bool] | None:
        """Return the page and whether it is new or has changed; None when it is not permitted, gone or unknown."""
        visit = self.known.pages.get(url)
        faults = len(self.report.errors) + self.report.more_errors
        response = await self.get(self.conditional(url, self.validators_of(url)))
        if response is None:
            if len(self.report.errors) + self.report.more_errors == faults:
                return None  # left out on purpose
            self.report.failed = self.report.failed or url in self.source.start
            return self._stored(url)
        if not self.is_unchanged(url, response):
            return self.page(url, response), True
        page = self.page(url, response)
        if response.status != 304:
            return page, False
        body = self.known.body(url)
        if body is None:  # the stored body has expired: ask again without conditions
            again = await self.get(self.conditional(url))
            return (self.page(url, again), True) if again is not None else None
        page = replace(page, status=200, body=body, fetched_at=datetime.now(UTC))
        if visit:  # a 304 need not repeat what is known
            page = replace(page, etag=page.etag or visit.etag, last_modified=page.last_modified or visit.last_modified)
        return page, False

    def _stored(self, url: str) -> tuple[Page, bool] | None:
        """Return the stored version of a page that failed tonight."""
        visit = self.known.pages.get(url)
        if visit is None or visit.role != "page":
            return None  # never read: nothing is known of it that could be missed
        body = self.known.body(url)
        if body is None:
            self._missing = True
            return None
        now = datetime.now(UTC)
        kind = self.known.content_type(url)
        return Page(
            url, url, self.source.name, self.kind, 200, now, visit.etag, visit.last_modified, kind, body
        ), False  # fmt: skip

    def usable(self, response: Response, url: str | None = None) -> bool:
        """As for all spiders, but a page that is gone is no fault: what it announced is called off.

        Addresses that were only guessed (the sitemap, the folder's index) and are not there are not even named.
        """
        asked = response.request.url if response.request is not None else response.url
        if response.status in (404, 410) and asked not in self.source.start:
            visit = self.known.pages.get(asked)
            if visit is not None and visit.role == "page":
                self.report.leave_out(f"answers {response.status}", response.url)
            return False
        return super().usable(response, url)
