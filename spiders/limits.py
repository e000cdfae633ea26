"""How far a crawl goes: the user's limits, handed to the crawl process."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


class CrawlRefused(Exception):
    """The crawl may not begin; the message says what to set."""


@dataclass(frozen=True, slots=True)
class CrawlLimits:
    """Seconds, bytes and counts; `allow_private_hosts` are names or addresses the guard lets pass."""

    user_agent: str = "DoorOpener/0.1"
    contact: str | None = None
    delay: float = 2.0
    concurrency: int = 16
    allow_private_hosts: tuple[str, ...] = ()
    page_bytes: int = 10_000_000
    page_seconds: int = 30
    max_redirects: int = 5
    depth: int = 3
    host_pages: int = 500
    run_seconds: int = 14_400
    revisit_days: int = 3

    @property
    def agent(self) -> str:
        """The User-Agent header: name, version and how to reach whoever runs it."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent


def require_contact(limits: CrawlLimits, urls: list[str]) -> None:
    """Refuse to crawl a foreign host without a contact. Raises CrawlRefused."""
    if limits.contact:
        return
    for url in urls:
        host = (urlsplit(url).hostname or "").lower()
        if host in limits.allow_private_hosts or host in ("localhost", "127.0.0.1", "::1"):
            continue
        raise CrawlRefused(
            f"crawl.contact is not set: {host} must be able to reach you; "
            "write `crawl: {contact: mailto:you@your-domain}` in opener.yml"
        )
