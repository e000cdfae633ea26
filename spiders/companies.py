"""Spider `companies`: home page, Impressum, Kontakt and Team of company sites, at most six pages a visit."""

from __future__ import annotations

import asyncio
import re
import unicodedata
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from scrapy.settings.default_settings import RETRY_EXCEPTIONS

from enrich.records import Page
from spiders.fingerprint import content_hash
from spiders.source_spider import SourceSpider, header, host_of
from spiders.sources import Source

PAGES_A_SITE = 6
LOOKUP = "lookup:companies"
_FOLDS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class CompaniesSpider(SourceSpider):
    """Visits the start pages of a company source, or the candidate sites of looked-up companies.

    Of several candidates of a company the first is taken whose pages name it; the proof by the Impressum is
    the reader's.
    """

    name = "companies"
    kind = "company"
    # `site_links` follows redirects by meta element itself, so that they count as pages.
    custom_settings: dict[str, Any] | None = {  # noqa: RUF012 - as Scrapy declares it
        "METAREFRESH_ENABLED": False,
        # most guessed names do not exist, and asking for one again does not make it
        "RETRY_EXCEPTIONS": [e for e in RETRY_EXCEPTIONS if e != "scrapy.exceptions.CannotResolveHostError"],
    }

    def __init__(self, source: str | Source = "", targets: Sequence[Mapping[str, Any]] = (), **kwargs: Any) -> None:
        self._lookup = bool(targets)
        self._not_there: set[str] = set()
        self._targets: list[tuple[str, list[str]]] = [(t["company"], list(t["candidates"])) for t in targets]
        if targets:
            start = tuple(dict.fromkeys(url for _, candidates in self._targets for url in candidates))
            source = Source(name="lookup", title="looked-up companies", kind="company", start=start)
        super().__init__(source, **kwargs)
        if targets:
            self.report.source = LOOKUP
        else:
            self._targets = [("", [url]) for url in dict.fromkeys(self.source.start)]

    async def start(self) -> AsyncIterator[Any]:
        """Visit several sites side by side; one site's pages are handed on together."""
        waiting = list(reversed(self._targets))
        running: set[asyncio.Task[list[Page]]] = set()
        at_once = max(1, self.settings.getint("CONCURRENT_REQUESTS", 16))
        while waiting or running:
            while waiting and len(running) < at_once:
                company, candidates = waiting.pop()
                running.add(asyncio.ensure_future(self._find(company, candidates)))
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for visit in done:
                pages = visit.result()
                if pages and self._changed(pages):
                    yield pages
                else:
                    self.report.not_modified += len(pages)
        await self.settle()

    def trouble(self, url: str, reason: str) -> None:
        """A guessed site that does not exist and a page behind a dead link are no faults of the source."""
        if self._lookup:
            if reason in ("answers 404", "answers 410"):
                self._not_there.add(url)
            self.report.leave_out("candidate cannot be read", f"{url} ({reason})")
        elif url not in self.source.start and reason in ("answers 404", "answers 410"):
            self._not_there.add(url)  # a guessed address of an Impressum
        elif url not in self.source.start:
            self.report.leave_out("page of a site cannot be read", f"{url} ({reason})")
        else:
            super().trouble(url, reason)

    def _changed(self, pages: list[Page]) -> bool:
        known = self.known.pages
        return any(
            page.url not in known or known[page.url].content_hash != content_hash(page.body, page.content_type)
            for page in pages
        )

    async def _find(self, company: str, candidates: Sequence[str]) -> list[Page]:
        """Return the pages of the first candidate that names the company; else those of the first that answers."""
        words = _name_words(company)
        fallback: list[Page] = []
        for url in candidates:
            if self._lookup and self.in_this_run(url):
                return []  # this site was fetched before the run was interrupted
            pages = await self._visit(url)
            if pages and (not words or any(_names(page.body, words) for page in pages)):
                return pages
            fallback = fallback or pages
        return fallback

    async def _visit(self, start: str) -> list[Page]:
        from spiders.site_links import other_ending, site_links  # noqa: PLC0415 - scrapy list stays fast

        waiting = [(start, 0)]
        seen = {_key(start)}
        pages: list[Page] = []
        asked = 0
        while waiting and asked < min(PAGES_A_SITE, self.host_pages):
            url, depth = waiting.pop(0)
            asked += 1
            response = await self.get(self.conditional(url))
            if response is None:
                if not pages:
                    return []
                other = other_ending(url) if url in self._not_there else None
                if other and _key(other) not in seen:
                    seen.add(_key(other))
                    waiting.insert(0, (other, depth))
                continue
            pages.append(self.page(url, response))
            if depth >= self.depth:
                continue
            kind = header(response, "Content-Type")
            for link in await asyncio.to_thread(site_links, response.url, response.body, kind or "", depth):
                if _key(link) not in seen and host_of(link) == host_of(response.url):
                    seen.add(_key(link))
                    waiting.append((link, depth + 1))
        return pages


def _name_words(company: str) -> list[str]:
    """Return the words of a name, the first ones first: company names begin with what tells them apart."""
    words = re.findall(r"[a-z0-9]+", _folded(company))
    return [word for word in words if len(word) >= 4] or words


def _names(body: bytes, words: Sequence[str]) -> bool:
    text = _folded(body[:1_000_000].decode("utf-8", "replace"))
    if "�" in text:
        text += _folded(body[:1_000_000].decode("cp1252", "replace"))
    return words[0] in text


def _folded(text: str) -> str:
    text = unicodedata.normalize("NFC", text).lower().translate(_FOLDS)
    for entity, letter in (("&auml;", "ae"), ("&ouml;", "oe"), ("&uuml;", "ue"), ("&szlig;", "ss"), ("&amp;", "&")):
        text = text.replace(entity, letter)
    return text


def _key(url: str) -> str:
    parts = urlsplit(url)
    return f"{host_of(url)}{parts.path.rstrip('/') or '/'}?{parts.query}"
