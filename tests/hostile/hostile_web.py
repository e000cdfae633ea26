"""A web of hostile hosts on loopback, reached as an HTTP proxy: sound pages stand between those that attack.

What a host serves follows from its name and the number in the address alone, so that a run can be repeated.
"""

from __future__ import annotations

import gzip
import random
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import brotli

from tests.hostile.bombs import BOMBS, bomb
from tests.hostile.listings import LISTINGS, listing
from tests.hostile.mutations import MUTATIONS, mutated
from tests.hostile.sound_pages import article, event, imprint

SOUND = {"news": article, "event": event, "company": imprint}
SOUND_EVERY = 10  # every tenth page is sound
STALL_SECONDS = 7.0  # longer than a page may take in these runs


@dataclass(frozen=True, slots=True)
class Shape:
    """One entry of the plan: what the page `number` of a host is made of."""

    kind: str
    family: str  # sound, bomb, transport, mutation
    name: str
    seed: str


@dataclass(slots=True)
class Answer:
    """What is sent: status, header lines, body; `act` replaces all that."""

    body: bytes = b""
    headers: list[tuple[str, str]] = field(default_factory=lambda: [("Content-Type", "text/html; charset=utf-8")])
    status: int = 200
    act: Callable[[BaseHTTPRequestHandler], None] | None = None


@lru_cache(1)
def zeros(megabytes: int) -> bytes:
    """Return gzipped zeros: a thousandth of what they unpack to."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1_000_000)
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()


def _html(*headers: tuple[str, str], body: bytes | None = None, status: int = 200) -> Callable[[bytes], Answer]:
    def make(sound: bytes) -> Answer:
        names = {name for name, _ in headers}
        kind = [] if "Content-Type" in names else [("Content-Type", "text/html; charset=utf-8")]
        return Answer(sound if body is None else body, [*kind, *headers], status)

    return make


def _acting(act: Callable[[BaseHTTPRequestHandler], None]) -> Callable[[bytes], Answer]:
    return lambda sound: Answer(act=act)


def _drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    end = time.monotonic() + STALL_SECONDS
    while time.monotonic() < end:
        handler.wfile.write(b"<p>x")
        time.sleep(0.3)


def _silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(STALL_SECONDS)


def _endless_headers(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    end = time.monotonic() + STALL_SECONDS
    block = b"".join(b"X-%d: %s\r\n" % (n, b"a" * 500) for n in range(1000))
    while time.monotonic() < end:
        handler.wfile.write(block)


def _endless_body(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    end = time.monotonic() + STALL_SECONDS
    while time.monotonic() < end:
        handler.wfile.write(b"<p>" * 100_000)


def _endless_chunks(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    end = time.monotonic() + STALL_SECONDS
    while time.monotonic() < end:
        handler.wfile.write(b"1\r\nx\r\n" * 20_000)


def _bytes(raw: bytes) -> Callable[[bytes], Answer]:
    return _acting(lambda handler: handler.wfile.write(raw) and None)


_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
TRANSPORT: dict[str, Callable[[bytes], Answer]] = {
    "gzip bomb": _html(("Content-Encoding", "gzip"), body=b"zeros"),
    "gzip bomb in gzip": _html(("Content-Encoding", "gzip, gzip"), body=b"zeros twice"),
    "brotli bomb": _html(("Content-Encoding", "br"), body=brotli.compress(bytes(300_000_000), quality=1)),
    "deflate that is none": _html(("Content-Encoding", "deflate"), body=b"\x00\xff" * 5_000),
    "gzip that is none": _html(("Content-Encoding", "gzip")),
    "cut gzip": lambda sound: Answer(gzip.compress(sound)[:-40], [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]),
    "unknown encoding": _html(("Content-Encoding", "zipbomb, x-evil")),
    "drip": _acting(_drip),
    "silence": _acting(_silent),
    "headers without end": _acting(_endless_headers),
    "body without end": _acting(_endless_body),
    "chunks without end": _acting(_endless_chunks),
    "many headers": _html(*((f"X-{n}", "a" * 100) for n in range(3_000))),
    "one long header": _html(("X-Long", "a" * 200_000)),
    "many cookies": _html(*(("Set-Cookie", f"c{n}={'x' * 200}; Domain=.example") for n in range(2_000))),
    "no header": _bytes(b"<html><p>HTTP/0.9</html>"),
    "no status": _bytes(b"HTTP/1.1\r\n\r\n"),
    "negative length": _bytes(_HEAD + b"Content-Length: -5\r\n\r\nx"),
    "two lengths": _bytes(_HEAD + b"Content-Length: 5\r\nContent-Length: 500\r\n\r\nhello"),
    "too short": _bytes(_HEAD + b"Content-Length: 500000\r\n\r\nshort"),
    "huge length": _bytes(_HEAD + b"Content-Length: 99999999999999999999\r\n\r\nshort"),
    "broken chunk": _bytes(_HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZZ\r\nx\r\n"),
    "huge chunk": _bytes(_HEAD + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nx\r\n"),
    "header breakout": _bytes(_HEAD + b"ETag: \"a\x1b[2J\x00\"\r\nLast-Modified: \xff\xfe\r\nContent-Length: 2\r\n\r\nhi"),
    "redirects without end": _html(("Location", "?more"), status=302, body=b""),
    "redirect to a file": _html(("Location", "file:///etc/passwd"), status=302, body=b""),
    "redirect inside": _html(("Location", "http://169.254.169.254/latest/meta-data/"), status=301, body=b""),
    "redirect to loopback": _html(("Location", "http://127.0.0.1:9/"), status=307, body=b""),
    "redirect nowhere": _html(("Location", "http://[::1"), status=302, body=b""),
    "redirect of a megabyte": _html(("Location", "/" + "a" * 15_000), status=302, body=b""),
    "meta refresh": _html(body=b'<meta http-equiv="refresh" content="0;url=?again">'),
    "refresh header": _html(("Refresh", "0; url=?again")),
    "strange type": _html(("Content-Type", 'text/html; charset="\x80\xff";;;=;charset=utf-999')),
    "no type": _html(("Content-Type", "")),
    "wrong type": _html(("Content-Type", "text/calendar; charset=utf-16")),
    "image type": _html(("Content-Type", "image/png")),
    "status 206": _html(status=206),
    "status 204": _html(status=204, body=b""),
    "status 418": _html(status=418),
    "status 999": _html(status=999),
    "not modified": _html(status=304, body=b""),
    "empty": _html(body=b""),
    "robots header": _html(("X-Robots-Tag", "a:" * 5_000 + "noai")),
}  # fmt: skip


def plan(kind: str, count: int, seed: str = "1") -> list[Shape]:
    """Return `count` shapes for one kind: every bomb and transport fault, then mutations, sound pages in between."""
    special = [
        *(("bomb", name) for name in BOMBS[kind]),
        *(("transport", name) for name in TRANSPORT if kind == "news"),
    ]
    chance = random.Random(f"{seed}-{kind}")
    chance.shuffle(special)
    hostile: list[tuple[str, str]] = special[:count]
    number = 0
    while len(hostile) < count:
        hostile.append(("mutation", str(number)))
        number += 1
    shapes = [Shape(kind, family, name, f"{seed}-{n}") for n, (family, name) in enumerate(hostile)]
    for at in range(0, count, SOUND_EVERY):
        shapes.insert(at, Shape(kind, "sound", str(at), seed))
    return shapes[:count]


def answer(shape: Shape) -> Answer:
    """Return what the server says for a shape."""
    if shape.family == "sound":
        return Answer(SOUND[shape.kind](int(shape.name)))
    if shape.family == "transport":
        found = TRANSPORT[shape.name](SOUND[shape.kind](3))
        if found.body == b"zeros":
            found.body = zeros(1000)
        elif found.body == b"zeros twice":
            found.body = gzip.compress(zeros(1000))
        return found
    body = (
        bomb(shape.kind, shape.name, shape.seed)
        if shape.family == "bomb"
        else mutated(shape.kind, shape.seed, int(shape.name))
    )
    kind = "text/html; charset=utf-8"
    if body.lstrip()[:15].upper().startswith(b"BEGIN:VCALENDAR"):
        kind = "text/calendar"
    elif body.startswith(b"Name;"):
        kind = "text/csv"
    return Answer(body, [("Content-Type", kind)])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    plans: dict[str, list[Shape]]

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        host = (parts.hostname or "").removesuffix(".example")
        try:
            found = self._find(host, parts.path)
            if found.act is not None:
                self.close_connection = True
                found.act(self)
                return
            self.send_response(found.status, "x")
            for name, value in found.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            self.wfile.write(found.body)
        except OSError:
            self.close_connection = True

    def _find(self, host: str, path: str) -> Answer:
        if host in LISTINGS:
            kind, body = listing(host, path)
            return Answer(body, [("Content-Type", kind)], 200 if body else 404)
        shapes = self.plans.get(host, [])
        if path == "/feed.xml":
            items = "".join(
                f"<item><title>Seite {n}</title><link>http://{host}.example/p/seite-nummer-{n}.html</link></item>"
                for n in range(len(shapes))
            )
            return Answer(
                f"<rss version='2.0'><channel>{items}</channel></rss>".encode(),
                [("Content-Type", "application/rss+xml")],
            )
        number = path.rpartition("-")[2].removesuffix(".html")
        if number.isdigit() and int(number) < len(shapes):
            return answer(shapes[int(number)])
        return Answer(b"", status=404)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients hang up on hostile answers: that is what they should do."""


@contextmanager
def served(plans: dict[str, list[Shape]]) -> Iterator[str]:
    """Serve the plans by host name on a free loopback port within the block; yields the proxy's address."""
    handler = type("Handler", (_Handler,), {"plans": plans})
    server = _Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


__all__ = ["MUTATIONS", "TRANSPORT", "Shape", "answer", "plan", "served"]
