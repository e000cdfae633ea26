"""No private, loopback, link-local, multicast or metadata address: by name, number form, redirect or DNS answer."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Request
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred

# Names that lead inside by convention (RFC 6761, RFC 6762, RFC 8375, cloud metadata services).
_INSIDE_SUFFIXES = (
    ".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet", ".corp", ".localdomain",
)  # fmt: skip
_INSIDE_NAMES = frozenset({"localhost", "metadata", "metadata.google.internal", "instance-data"})
_NUMBER = re.compile(r"^(0x[0-9a-f]+|[0-9]+)$")


def literal_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address that a host in number form means (dotted, decimal, octal, hex, short, IPv6), else None."""
    text = host.strip("[]").rstrip(".").lower().partition("%")[0]
    try:
        return _unmapped(ipaddress.ip_address(text))
    except ValueError:
        pass
    parts = text.split(".")
    if not 1 <= len(parts) <= 4 or not all(_NUMBER.match(part) for part in parts):
        return None
    try:
        numbers = [int(p, 16) if p.startswith("0x") else int(p, 8 if p[0] == "0" and len(p) > 1 else 10) for p in parts]
    except ValueError:
        return None
    value = 0
    for number in numbers[:-1]:
        if number > 255:
            return None
        value = value * 256 + number
    rest = 4 - len(numbers) + 1
    if numbers[-1] >= 256**rest:
        return None
    return ipaddress.IPv4Address(value * 256**rest + numbers[-1])


def _unmapped(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return address.ipv4_mapped
        if address.sixtofour:
            return address.sixtofour
        if address in ipaddress.ip_network("64:ff9b::/96"):
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def inside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """True for every address that is not a public unicast one."""
    address = _unmapped(address)
    return not address.is_global or address.is_multicast


def refused(url: str, allowed: Iterable[str] = ()) -> str | None:
    """Return why `url` must not be fetched, or None. `allowed` holds hosts or host:port."""
    try:
        parts = urlsplit(url)
        # Full-width and circled digits are digits to a resolver that normalises (UTS 46).
        host = unicodedata.normalize("NFKC", parts.hostname or "").rstrip(".").lower()
        port = parts.port
    except ValueError:
        return "not a valid address"
    if parts.scheme not in ("http", "https"):
        return f"scheme {parts.scheme or 'missing'} is not fetched"
    if not host:
        return "no host"
    permitted = {item.lower() for item in allowed}
    if host in permitted or f"{host}:{port}" in permitted:
        return None
    if parts.username is not None:
        return "address with a user name"
    literal = literal_address(host)
    if literal is not None:
        return f"private address {literal}" if inside(literal) else None
    if host in _INSIDE_NAMES or host.endswith(_INSIDE_SUFFIXES) or "." not in host:
        return f"private host name {host}"
    return None


class AddressGuard:
    """Downloader middleware: every request, also each redirect, passes here before it leaves."""

    def __init__(self, allowed: Sequence[str]) -> None:
        self._allowed = tuple(allowed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        return cls(crawler.settings.getlist("ALLOW_PRIVATE_HOSTS"))

    def process_request(self, request: Request) -> None:
        """Refuse the request with the reason. Raises IgnoreRequest."""
        reason = refused(request.url, self._allowed)
        if reason:
            raise IgnoreRequest(f"address guard: {reason}")


class GuardedResolver(CachingThreadedResolver):
    """Checks the DNS answer that is used for the connection, so that a rebinding name gains nothing."""

    allowed: tuple[str, ...] = ()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowed = tuple(item.lower() for item in crawler.settings.getlist("ALLOW_PRIVATE_HOSTS"))
        return resolver

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:
        answer = super().getHostByName(name, timeout)
        proxies = {urlsplit(proxy).hostname for proxy in getproxies().values()}
        bare = name.lower().rstrip(".")
        if bare in proxies or bare in self.allowed or any(item.startswith(f"{bare}:") for item in self.allowed):
            return answer
        return answer.addCallback(self._checked, name)

    @staticmethod
    def _checked(address: str, name: str) -> str:
        literal = literal_address(address)
        if literal is not None and inside(literal):
            raise IgnoreRequest(f"address guard: {name} answers with the private address {address}")
        return address
