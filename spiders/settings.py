"""Scrapy settings of Door Opener; limits of the user override them for each crawl."""

from __future__ import annotations

from typing import Any

from spiders.limits import CrawlLimits

BOT_NAME = "DoorOpener"
SPIDER_MODULES = ["spiders.news", "spiders.events", "spiders.companies"]
ROBOTSTXT_OBEY = True
CONCURRENT_ITEMS = 2  # Scrapy starts that many tasks for each page, and a page is one item
COOKIES_ENABLED = False
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
CONCURRENT_REQUESTS_PER_DOMAIN = 1
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408, 429]
METAREFRESH_MAXDELAY = 5
HTTPERROR_ALLOW_ALL = True  # the spiders judge each status themselves and report it
DUPEFILTER_CLASS = "scrapy.dupefilters.BaseDupeFilter"  # the spiders know addresses by their canonical form
TWISTED_DNS_RESOLVER = "spiders.address_guard.GuardedResolver"
DNS_TIMEOUT = 15
DOWNLOADER_MIDDLEWARES = {
    "spiders.address_guard.AddressGuard": 50,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # spiders take links of their own site only
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "spiders.politeness.PoliteRobots": 100,
    "spiders.politeness.ReservationMiddleware": 110,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "spiders.stalls.FairTimeouts": 575,  # below HostBreaker: a time-out of our own making is no fault of a host
    "spiders.politeness.HostBreaker": 570,  # below RetryMiddleware, so that it sees every attempt
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
}
REFERRER_POLICY = "no-referrer"
EXTENSIONS = {
    "scrapy.extensions.throttle.AutoThrottle": None,
    "spiders.politeness.PoliteThrottle": 0,
    "scrapy.extensions.feedexport.FeedExporter": None,
    "spiders.feed_items.PageFeeds": 0,
}
ITEM_PIPELINES = {"spiders.page_batches.PageBatches": 100}
LOG_LEVEL = "INFO"
LOG_FORMATTER = "spiders.log_lines.ShortLines"
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
        "CLOSESPIDER_TIMEOUT": limits.run_seconds,
        "ALLOW_PRIVATE_HOSTS": list(limits.allow_private_hosts),
        "HOST_PAGES": limits.host_pages,
        "FOLLOW_DEPTH": limits.depth,
        "REVISIT_DAYS": limits.revisit_days,
        "HTTPPROXY_ENABLED": True,
    }


# `scrapy crawl news -a source=FILE` without our command line: the careful defaults, and no contact yet.
globals().update(settings_of(CrawlLimits()))
