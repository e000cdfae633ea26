"""Spider `news`: articles of feeds, sitemaps, front and section pages. Each article once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response

from enrich.records import Page
from spiders.canonical import canonical
from spiders.discovery import (
    Link,
    alternate_listings,
    article_links,
    feed_links,
    json_feed_links,
    listing_form,
    sitemap_links,
)
from spiders.source_spider import SourceSpider, header

MAX_LISTINGS = 12
OLDEST_DAYS = 30  # of a dated listing: older articles give no reason to call any more


class NewsSpider(SourceSpider):
    """Reads the listings of a source, then fetches articles that are new or young enough to have changed."""

    name = "news"
    kind = "news"

    async def start(self) -> AsyncIterator[Any]:
        """Read listings first; schedule article requests in their order."""
        asked: set[str] = set()
        budget = self.host_pages
        async for link in self._links():
            if budget <= 0:
                self.report.leave_out("over crawl.host_pages")
                continue
            if link.key in asked or not self._wanted(link):
                continue
            asked.add(link.key)
            budget -= 1
            yield self._article(link.url, link.key)
        revisit = datetime.now(UTC) - timedelta(days=self.settings.getint("REVISIT_DAYS", 3))
        for url, visit in self.known.pages.items():
            if url not in asked and visit.first_fetched > revisit and visit.fetched_at < self.started and budget > 0:
                if str(visit.batch.parent) == self.out:
                    continue  # fetched earlier in this very run, before it was interrupted
                budget -= 1
                yield self._article(url, url)

    async def _links(self) -> AsyncIterator[Link]:
        waiting = list(self.source.start)
        seen = set(waiting)
        read = 0
        while waiting and read < MAX_LISTINGS:
            url = waiting.pop(0)
            read += 1
            response = await self.get(self.conditional(url, self._validators(url)))
            if response is None:
                continue
            self.report.listings[url] = [header(response, "ETag"), header(response, "Last-Modified")]
            if response.status == 304:
                self.report.listings[url] = list(self.known.listings[url])
                self.report.not_modified += 1
                continue
            links, more = self._read_listing(response)
            for link in links:
                yield link
            for other in more:
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)

    def _validators(self, url: str) -> tuple[str | None, str | None]:
        etag, modified = self.known.listings.get(url, [None, None])
        return etag, modified

    def _read_listing(self, response: Response) -> tuple[list[Link], list[str]]:
        form = listing_form(response.body, header(response, "Content-Type"))
        if form == "feed":
            return feed_links(response.body, response.url), []
        if form == "json_feed":
            return json_feed_links(response.body, response.url), []
        if form == "sitemap":
            return sitemap_links(response.body), []
        if form == "sitemap_index":
            return [], [link.url for link in sitemap_links(response.body)[:5]]
        links, following = article_links(response.body, response.url)
        if response.url.rstrip("/") in {u.rstrip("/") for u in self.source.start}:
            following = [*alternate_listings(response.body, response.url)[:2], *following]
        return links, following

    def _wanted(self, link: Link) -> bool:
        if self.source.follow and not any(word in link.url for word in self.source.follow):
            return False
        visit = self.known.pages.get(link.key)
        if visit is None:
            return True
        revisit = timedelta(days=self.settings.getint("REVISIT_DAYS", 3))
        return visit.first_fetched > self.started - revisit and str(visit.batch.parent) != self.out

    def _article(self, url: str, key: str) -> Request:
        visit = self.known.pages.get(key)
        validators = (visit.etag, visit.last_modified) if visit else (None, None)
        return self.conditional(url, validators).replace(
            callback=self.parse_article, errback=self.failed_request, cb_kwargs={"url": key}
        )

    def parse_article(self, response: Response, url: str) -> Iterator[Page]:
        """Hand the article on unless it has not changed."""
        if not self.usable(response):
            return
        if self.is_unchanged(url, response):
            self.report.not_modified += 1
            return
        try:
            final = canonical(response.url)
        except ValueError:
            final = url
        if final != url and final in self.known.pages:
            self.report.not_modified += 1  # another address of an article that is known
            return
        yield self.page(url, response)
