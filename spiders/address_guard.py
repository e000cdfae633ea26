"""No private, loopback, link-local, multicast or metadata address: by name, number form, redirect or DNS answer."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError, IgnoreRequest
from scrapy.http import Request
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver

# Names that lead inside by convention (RFC 6761, RFC 6762, RFC 8375, cloud metadata services).
_INSIDE_SUFFIXES = (
    ".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet", ".corp", ".localdomain",
)  # fmt: skip
_INSIDE_NAMES = frozenset({"localhost", "metadata", "metadata.google.internal", "instance-data"})
_refused_answers: dict[str, str] = {}  # host name -> why its DNS answer was refused
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

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Say that a name was refused and why; to Twisted it has only found no address. Raises IgnoreRequest."""
        reason = refused_answer(request.url)
        if reason and isinstance(exception, CannotResolveHostError):
            raise IgnoreRequest(reason)


def refused_answer(url: str) -> str | None:
    """Return why the DNS answer of the host of `url` was refused, or None."""
    return _refused_answers.get((urlsplit(url).hostname or "").lower().rstrip("."))


class _PublicAnswers:
    """Passes on only public addresses of a DNS answer; the inside ones are noted with the name that gave them."""

    def __init__(self, receiver: Any, name: str) -> None:
        self._receiver = receiver
        self._name = name

    def resolutionBegan(self, resolutionInProgress: IHostResolution) -> None:
        _refused_answers.pop(self._name, None)
        self._receiver.resolutionBegan(resolutionInProgress)

    def addressResolved(self, address: IAddress) -> None:
        host = str(getattr(address, "host", ""))
        literal = literal_address(host)
        if literal is None or inside(literal):
            _refused_answers[self._name] = f"address guard: {self._name} answers with the private address {host}"
        else:
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:
        self._receiver.resolutionComplete()


class GuardedResolver(CachingHostnameResolver):
    """Checks each address (A and AAAA) of the DNS answer that is used for the connection.

    A name that answers with another address the second time gains nothing, because what is checked is what is
    connected to. A name left with no address reads as not found; `AddressGuard` then says why.
    """

    allowed: frozenset[str] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> GuardedResolver:
        resolver = super().from_crawler(crawler, reactor)
        resolver.allowed = frozenset(item.lower() for item in crawler.settings.getlist("ALLOW_PRIVATE_HOSTS"))
        return resolver

    def resolveHostName(
        self,
        resolutionReceiver: IResolutionReceiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[IAddress]] | None = None,
        transportSemantics: str = "TCP",
    ) -> IHostResolution:
        bare = hostName.lower().rstrip(".")
        proxies = {urlsplit(proxy).hostname for proxy in getproxies().values()}
        if not (bare in proxies or bare in self.allowed or f"{bare}:{portNumber}" in self.allowed):
            resolutionReceiver = cast(IResolutionReceiver, _PublicAnswers(resolutionReceiver, bare))
        return super().resolveHostName(resolutionReceiver, hostName, portNumber, addressTypes, transportSemantics)
