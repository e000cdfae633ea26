"""Scrapy settings of Door Opener; limits of the user override them for each crawl."""

from __future__ import annotations

from typing import Any

from spiders.limits import CrawlLimits

BOT_NAME = "DoorOpener"
SPIDER_MODULES = ["spiders.news", "spiders.events", "spiders.companies"]
ROBOTSTXT_OBEY = True
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
CONCURRENT_REQUESTS_PER_DOMAIN = 1
RANDOMIZE_DOWNLOAD_DELAY = True
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408, 429]
REFERRER_POLICY = "no-referrer"
METAREFRESH_MAXDELAY = 5
TWISTED_DNS_RESOLVER = "spiders.address_guard.GuardedResolver"
DOWNLOADER_MIDDLEWARES = {
    "spiders.address_guard.AddressGuard": 50,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "spiders.permissions.PoliteRobots": 100,
    "spiders.permissions.ReservationMiddleware": 110,
}
ITEM_PIPELINES = {"spiders.page_batches.PageBatches": 100}
LOG_LEVEL = "INFO"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,text/calendar;q=0.9,*/*;q=0.5",
    "Accept-Language": "de,en;q=0.7",
}


def settings_of(limits: CrawlLimits) -> dict[str, Any]:
    """Turn the user's limits into Scrapy settings."""
    return {
        "USER_AGENT": limits.agent,
        "ROBOTSTXT_USER_AGENT": limits.user_agent.partition("/")[0],
        "DOWNLOAD_DELAY": limits.delay,
        "CONCURRENT_REQUESTS": limits.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if limits.delay else min(8, limits.concurrency),
        "AUTOTHROTTLE_ENABLED": limits.delay > 0,
        "AUTOTHROTTLE_START_DELAY": limits.delay,
        "DOWNLOAD_MAXSIZE": limits.page_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": limits.page_seconds,
        "REDIRECT_MAX_TIMES": limits.max_redirects,
        "DEPTH_LIMIT": limits.depth + 2,
        "CLOSESPIDER_TIMEOUT": limits.run_seconds,
        "ALLOW_PRIVATE_HOSTS": list(limits.allow_private_hosts),
        "HOST_PAGES": limits.host_pages,
        "REVISIT_DAYS": limits.revisit_days,
        "HTTPPROXY_ENABLED": True,
    }
