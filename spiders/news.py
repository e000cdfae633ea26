"""Spider `news`: articles of feeds, sitemaps, front and section pages. Each article once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy import Request
from scrapy.http import Response

from spiders.article_pages import MAX_PARTS, join_parts, looks_like_article, next_part, own_address
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
from spiders.visits import MAX_FAILURES, Visit

MAX_LISTINGS = 12
MAX_SITEMAPS = 5  # of a sitemap index, newest first
LARGE_SITEMAP = 1000  # entries; a larger one is an archive
ARCHIVE_DAYS = 30  # of an archive, counted from its newest entry: older articles give no reason to call any more
SEEN_DAYS = 30  # how long a page that was no article is not looked at again


class NewsSpider(SourceSpider):
    """Reads the listings of a source, then fetches articles that are new or young enough to have changed."""

    name = "news"
    kind = "news"

    async def start(self) -> AsyncIterator[Any]:
        """Read listings first; ask for new articles in their order, then for known ones that may have changed."""
        asked: set[str] = set()
        budget = self.host_pages
        known: list[Link] = []
        async for link in self._links():
            self.report.listed += 1
            if link.key in asked or not self._wanted(link):
                continue
            asked.add(link.key)
            if link.key in self.known.pages:
                known.append(link)
                continue
            if budget <= 0:
                self.report.leave_out("over crawl.host_pages")
                continue
            budget -= 1
            yield self._article(link)
        for link in [*known, *(Link(url, url) for url in self._due(asked))]:
            if budget <= 0:
                break
            budget -= 1
            yield self._article(link)

    async def _links(self) -> AsyncIterator[Link]:
        waiting = [(url, 0) for url in self.source.start]
        seen = set(self.source.start)
        read = 0
        while waiting and read < MAX_LISTINGS:
            url, depth = waiting.pop(0)
            read += 1
            etag, modified = self.known.listings.get(url, [None, None])
            response = await self.get(self.conditional(url, (etag, modified)))
            if response is None:
                continue
            if response.status == 304:
                self.report.listings[url] = [etag, modified]
                self.report.not_modified += 1
                continue
            self.report.listings[url] = [header(response, "ETag"), header(response, "Last-Modified")]
            links, listings, following = self._read_listing(response)
            for link in links:
                yield link
            deeper = [(other, depth + 1) for other in listings if depth + 1 < self.depth]  # articles are a step more
            for other, level in [*deeper, *((other, depth) for other in following)]:
                if other not in seen:
                    seen.add(other)
                    waiting.append((other, level))

    def _read_listing(self, response: Response) -> tuple[list[Link], list[str], list[str]]:
        """Return the articles of a listing, other listings that it leads to, and the next pages of the same one."""
        form = listing_form(response.body, header(response, "Content-Type"))
        if form == "feed":
            return feed_links(response.body, response.url), [], []
        if form == "json_feed":
            return json_feed_links(response.body, response.url), [], []
        if form == "sitemap":
            return _not_the_archive(sitemap_links(response.body)), [], []
        if form == "sitemap_index":
            return [], [link.url for link in _likely_sitemaps(sitemap_links(response.body))[:MAX_SITEMAPS]], []
        links, following = article_links(response.body, response.url)
        listings = []
        if response.url.rstrip("/") in {u.rstrip("/") for u in self.source.start}:
            listings = alternate_listings(response.body, response.url)[:2]
        return links, listings, following

    def _wanted(self, link: Link) -> bool:
        if self.source.follow and not any(word in link.url for word in self.source.follow):
            return False
        if self.known.elsewhere(link.key, self.source.name):
            self.report.leave_out("another source has it")
            return False
        visit = self.known.pages.get(link.key)
        if visit is None:
            return True
        if self.in_this_run(link.key):
            return False
        if visit.role == "failed":
            return visit.failures < MAX_FAILURES
        if visit.role != "page":
            overdue = visit.fetched_at < self.started - timedelta(days=SEEN_DAYS)
            return overdue or (link.certain and visit.role == "seen")
        return self._may_have_changed(visit, link.changed)

    def _may_have_changed(self, visit: Visit, changed: datetime | None) -> bool:
        """A known article is asked for again while it is young, if that can be cheap or the listing says so."""
        if changed is not None and changed > visit.fetched_at:
            return visit.first_fetched > self.started - timedelta(days=ARCHIVE_DAYS)
        young = visit.first_fetched > self.started - timedelta(days=self.settings.getint("REVISIT_DAYS", 3))
        return young and bool(visit.etag or visit.last_modified)

    def _due(self, asked: set[str]) -> list[str]:
        """Return known pages to ask for although no listing names them: young ones, and those that failed."""
        due = []
        for url, visit in self.known.pages.items():
            if url in asked or self.in_this_run(url):
                continue
            if visit.role == "failed":
                if visit.failures < MAX_FAILURES:
                    due.append(url)
            elif visit.role == "page" and self._may_have_changed(visit, None):
                due.append(url)
        return due

    def _article(self, link: Link) -> Request:
        self.known.claims.setdefault(link.key, self.source.name)
        return self.conditional(link.url, self.validators_of(link.key)).replace(
            callback=self.parse_article,
            errback=lambda failure: self.failed_request(failure, link.key),
            cb_kwargs={"link": link},
        )

    async def parse_article(self, response: Response, link: Link) -> AsyncIterator[Any]:
        """Hand the article on, whole, unless it has not changed or is none."""
        url = link.key
        if not self.usable(response, url):
            return
        if self.is_unchanged(url, response):
            self.report.not_modified += 1
            return
        if url not in self.known.pages:
            other = self._same_article(response, url)
            if other is not None:
                self.report.leave_out("another address of a known article", response.url)
                self.remember(url, response.url, "left_out", response.status)
                return
        if not link.certain and not looks_like_article(response.body, link.headline):
            self.report.leave_out("no article", response.url)
            self.remember(url, response.url, "seen", response.status)
            return
        body = await self._whole(response)
        page = self.page(url, response, body)
        if body is not response.body:
            page = replace(page, content_type="text/html; charset=utf-8", etag=None, last_modified=None)
        yield page

    def _same_article(self, response: Response, url: str) -> str | None:
        """Return the address under which the article is known or being fetched already, or claim its own ones."""
        addresses = [own_address(response.body, response.url)]
        try:
            addresses.append(canonical(response.url))
        except ValueError:
            addresses.append(None)
        for address in addresses:
            if address and address != url:
                visit = self.known.pages.get(address)
                if address in self.known.claims or (visit is not None and visit.role == "page"):
                    return address
                self.known.claims[address] = self.source.name
        return None

    async def _whole(self, response: Response) -> bytes:
        """Fetch the further parts of an article that is spread over pages, and join them."""
        bodies = [response.body]
        while len(bodies) < MAX_PARTS:
            address = next_part(bodies[-1], response.url, len(bodies) + 1)
            part = await self.get(self.conditional(address)) if address else None
            if address is None or part is None or part.status != 200:
                break
            try:
                self.known.claims.setdefault(canonical(address), self.source.name)
            except ValueError:
                break
            bodies.append(part.body)
        return join_parts(bodies) if len(bodies) > 1 else response.body

    def conclude(self) -> None:
        """A listing that was read and names nothing at all has changed its form: that is a failure, not a quiet day."""
        report = self.report
        read = len(report.listings) - report.not_modified
        if not report.listed and report.listings and read > 0 and not report.not_modified:
            report.error(f"{next(iter(report.listings))}: no articles found")
            report.failed = True
        if not report.listings and report.finish_reason == "finished":
            report.failed = True
        super().conclude()


def _not_the_archive(links: list[Link]) -> list[Link]:
    """Of a large sitemap keep what is not much older than its newest entry (and what has no date)."""
    newest = max((link.dated for link in links if link.dated), default=None)
    if len(links) <= LARGE_SITEMAP or newest is None:
        return links
    oldest = min(newest, datetime.now(UTC)) - timedelta(days=ARCHIVE_DAYS)
    return [link for link in links if link.dated is None or link.dated >= oldest]


def _likely_sitemaps(links: list[Link]) -> list[Link]:
    """Order the parts of a sitemap index: news first, then by date; those of tags, authors and pictures last."""

    def rank(link: Link) -> tuple[int, float]:
        path = link.url.lower()
        words = ("tag", "author", "autor", "category", "kategorie", "image", "bild", "video", "product", "page-")
        kind = 0 if "news" in path else 2 if any(word in path for word in words) else 1
        return kind, -(link.dated.timestamp() if link.dated else 0.0)

    return sorted(links, key=rank)
