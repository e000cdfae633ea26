"""The crawl process: `python -m spiders.process PLAN.json` runs every source of a plan with real Scrapy.

Sources of one site run one after the other, so that a host has one connection whatever the number of its
sources; sites run side by side. The process ends by itself when its parent is gone (standard input closes),
and gracefully on SIGTERM: batches and reports are written. A lock in home/pages keeps two of them apart.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import logging
import os
import signal
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from spiders.companies import CompaniesSpider
from spiders.events import EventsSpider
from spiders.limits import CrawlLimits
from spiders.news import NewsSpider
from spiders.settings import settings_of
from spiders.single import PagesSpider
from spiders.source_spider import SourceSpider
from spiders.sources import Source
from spiders.visits import VisitIndex

SPIDERS: dict[str, type[SourceSpider]] = {"news": NewsSpider, "event": EventsSpider, "company": CompaniesSpider}
SITES_AT_ONCE = 24  # crawlers in one process; more only take memory
LOCK_SECONDS = 90  # how long a crawl that is ending may take
log = logging.getLogger(__name__)


class Process(AsyncCrawlerProcess):
    """Runs lanes of crawls; after a signal no further source is begun."""

    stopping = False

    def _signal_shutdown(self, signum: int, frame: Any) -> None:
        self.stopping = True
        super()._signal_shutdown(signum, frame)

    async def run_lanes(self, lanes: list[list[tuple[type[SourceSpider], dict[str, Any]]]]) -> None:
        """Run all lanes, SITES_AT_ONCE side by side, then end the process."""
        gate = asyncio.Semaphore(SITES_AT_ONCE)

        async def lane(crawls: list[tuple[type[SourceSpider], dict[str, Any]]]) -> None:
            async with gate:
                for spider, arguments in crawls:
                    if self.stopping:
                        return
                    try:
                        await self.crawl(spider, **arguments)
                    except Exception:  # costs this source only; without a report it counts as not visited
                        log.exception("the crawl of %s ended with an error", arguments.get("source"))

        await asyncio.gather(*(lane(crawls) for crawls in lanes))
        if not self.stopping:  # else Scrapy's own shutdown stops the reactor
            self._stop_reactor()


def _watch_parent() -> None:
    """Stop when the parent's end of standard input closes."""
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _lock(pages: Path) -> int:
    """Wait for the lock of the home's pages: a process whose parent was killed may still be ending."""
    handle = os.open(pages / ".crawl.lock", os.O_RDWR | os.O_CREAT, 0o644)
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return handle
        except BlockingIOError:
            if time.monotonic() > deadline:
                sys.exit(f"{pages}: another crawl is writing here")
            time.sleep(0.2)


@cache
def _registrable() -> Callable[[str], Any]:
    from tldextract import TLDExtract  # noqa: PLC0415 - loads slowly, and most crawls are of one source

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def site_of_source(url: str) -> str:
    """Return the registrable domain of an address (host and port where it has none)."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    known = str(_registrable()(host).top_domain_under_public_suffix)
    if known or ":" in host or host.replace(".", "").isdigit() or "." not in host:
        return known or parts.netloc
    return ".".join(host.split(".")[-2:])  # no public suffix: names of a private network


def lanes_of(jobs: list[dict[str, Any]], out: str) -> list[list[tuple[type[SourceSpider], dict[str, Any]]]]:
    """Group the jobs of a plan into lanes by site; each entry is a spider and its arguments."""
    index = VisitIndex(Path(out).parent.parent)
    lanes: dict[str, list[tuple[type[SourceSpider], dict[str, Any]]]] = defaultdict(list)
    for job in jobs:
        arguments: dict[str, Any] = {"out": out, "index": index}
        if "targets" in job:
            lanes["companies"].append((CompaniesSpider, {**arguments, "targets": job["targets"]}))
        elif "pages" in job:
            lanes["pages"].append((PagesSpider, {**arguments, "pages": job["pages"], "page_kind": job["kind"]}))
        else:
            source = Source.model_validate(job["source"])
            lane = site_of_source(source.start[0]) if len(jobs) > 1 else ""
            lanes[lane].append((SPIDERS[source.kind], {**arguments, "source": source}))
    return list(lanes.values())


def main(plan_file: str) -> None:
    """Run the plan: out folder, limits, jobs (a source, targets of looked-up companies, or single pages)."""
    plan: dict[str, Any] = json.loads(Path(plan_file).read_text("utf-8"))
    raw = plan["limits"]
    limits = CrawlLimits(**{**raw, "allow_private_hosts": tuple(raw["allow_private_hosts"])})
    settings = Settings()
    settings.setmodule("spiders.settings", priority="project")
    settings.setdict({**settings_of(limits), "LOG_FILE": plan["log"]}, priority="cmdline")
    threading.Thread(target=_watch_parent, daemon=True).start()
    handle = _lock(Path(plan["out"]).parent)
    process = Process(settings)
    lanes = lanes_of(plan["jobs"], plan["out"])
    asyncio.get_event_loop_policy().get_event_loop().create_task(process.run_lanes(lanes))
    process.start(stop_after_crawl=False)
    os.close(handle)


if __name__ == "__main__":
    main(sys.argv[1])
