"""The crawl process: `python -m spiders.process PLAN.json` runs every source of a plan with real Scrapy.

It ends by itself when its parent is gone (standard input closes), and gracefully on SIGTERM.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings

from spiders.companies import CompaniesSpider
from spiders.events import EventsSpider
from spiders.limits import CrawlLimits
from spiders.news import NewsSpider
from spiders.settings import settings_of
from spiders.source_spider import SourceSpider
from spiders.sources import Source

SPIDERS: dict[str, type[SourceSpider]] = {"news": NewsSpider, "event": EventsSpider, "company": CompaniesSpider}


def _watch_parent() -> None:
    """Stop when the parent's end of standard input closes."""
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main(plan_file: str) -> None:
    """Run the plan: out folder, limits, jobs (a source, or candidates of looked-up companies)."""
    plan: dict[str, Any] = json.loads(Path(plan_file).read_text("utf-8"))
    raw = plan["limits"]
    limits = CrawlLimits(**{**raw, "allow_private_hosts": tuple(raw["allow_private_hosts"])})
    settings = Settings()
    settings.setmodule("spiders.settings", priority="project")
    settings.setdict({**settings_of(limits), "LOG_FILE": plan["log"]}, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    threading.Thread(target=_watch_parent, daemon=True).start()
    for job in plan["jobs"]:
        if "candidates" in job:
            process.crawl(CompaniesSpider, candidates=job["candidates"], out=plan["out"])
        else:
            source = Source.model_validate(job["source"])
            process.crawl(SPIDERS[source.kind], source=source, out=plan["out"])
    process.start()


if __name__ == "__main__":
    main(sys.argv[1])
