"""A small web of invented sites on loopback, reached as a proxy, so that host names stay what they are."""

from __future__ import annotations

import gzip
import hashlib
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from enrich.records import Page
from spiders.batches import batch_paths, read_batch
from spiders.crawl import crawl
from spiders.limits import CrawlLimits
from spiders.reports import SourceReport
from spiders.sources import Source

CONTACT = "mailto:crawl@firma.example"
LIMITS = CrawlLimits(contact=CONTACT, delay=0.0, page_seconds=2, page_bytes=1_000_000, run_seconds=60)
PARAGRAPH = "Die Geschäftsführung dankte allen Beteiligten und kündigte weitere Schritte für das laufende Jahr an. "


@dataclass
class Answer:
    """What a page answers. `fault`: hang, endless (redirects), flood (100 MB), bomb (gzip), cut (broken off)."""

    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    fault: str = ""
    validators: bool = True


@dataclass
class Web:
    """All sites: (host, path with query) -> Answer. Requests and bytes sent are counted."""

    answers: dict[tuple[str, str], Answer] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    times: list[tuple[float, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    sent: int = 0
    latency: float = 0.0
    url: str = ""

    def add(self, url: str, body: str | bytes = b"", **options: object) -> str:
        """Serve `body` at `url`; returns the url."""
        parts = urlsplit(url)
        raw = body.encode() if isinstance(body, str) else body
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.answers[(parts.netloc, path)] = Answer(raw, **options)  # type: ignore[arg-type]
        return url

    def article(self, url: str, title: str, text: str = PARAGRAPH * 6, **options: object) -> str:
        """Serve an article page."""
        return self.add(url, article(title, text), **options)

    def feed(self, url: str, articles: dict[str, str]) -> str:
        """Serve an RSS feed of {address: title}."""
        items = "".join(
            f"<item><title>{t}</title><link>{u}</link><pubDate>Mon, 02 Mar 2026 08:00:00 +0100</pubDate></item>"
            for u, t in articles.items()
        )
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>{items}</channel></rss>'
        return self.add(url, body, content_type="application/rss+xml")

    def paper(self, host: str, count: int) -> str:
        """Serve a feed with `count` articles on `host`; returns the feed's address."""
        urls = {f"http://{host}/artikel-{n}.html": f"Meldung Nummer {n} aus der Stadt" for n in range(count)}
        for url, title in urls.items():
            self.article(url, title)
        return self.feed(f"http://{host}/feed.xml", urls)


def article(title: str, text: str = PARAGRAPH * 6) -> str:
    """Return an article page as most papers write it."""
    return (
        f'<!DOCTYPE html><html lang="de"><head><title>{title}</title><meta property="og:type" content="article">'
        f"</head><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    )


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args: object) -> None:
            """Stay silent."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            host = parts.netloc or self.headers.get("Host", "")
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            web.asked[f"http://{host}{path}"] += 1
            web.times.append((time.monotonic(), f"http://{host}{path}"))
            web.agents.add(self.headers.get("User-Agent", ""))
            if web.latency:
                time.sleep(web.latency)
            answer = web.answers.get((host, path)) or Answer(b"not here", "text/plain", 404)
            bare = web.answers.get((host, parts.path))
            if bare is not None and bare.fault == "endless":
                answer = bare
            if answer.fault == "hang":
                time.sleep(20)
                self.close_connection = True
                return
            headers = dict(answer.headers)
            body, status = answer.body, answer.status
            if answer.fault == "endless":
                status = 302
                headers["Location"] = f"http://{host}{path.partition('?')[0]}?n={time.monotonic_ns()}"
            if answer.fault == "bomb":
                body = gzip.compress(b"<p>x</p>" * 4_000_000)
                headers["Content-Encoding"] = "gzip"
            if status == 200 and answer.validators and not answer.fault:
                headers["ETag"] = f'"{hashlib.sha1(body).hexdigest()[:12]}"'
                if self.headers.get("If-None-Match") == headers["ETag"]:
                    status, body = 304, b""
            self._send(status, answer, headers, body)

        def _send(self, status: int, answer: Answer, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", answer.content_type)
            length = 100_000_000 if answer.fault == "flood" else len(body)
            if not (answer.fault == "flood" and "unknown" in answer.headers):
                self.send_header("Content-Length", str(length))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            web.sent += len(body)
            try:
                if answer.fault == "flood":
                    self.close_connection = True
                    for _ in range(100):
                        self.wfile.write(b"x" * 1_000_000)
                elif answer.fault == "cut":
                    self.close_connection = True
                    self.wfile.write(body[: len(body) // 2])
                else:
                    self.wfile.write(body)
            except OSError:
                self.close_connection = True

    return Handler


@contextmanager
def served() -> Iterator[Web]:
    """The web as http_proxy; host names are free, paths not added answer 404."""
    site = Web()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(site)) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        site.url = f"http://127.0.0.1:{server.server_port}"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("http_proxy", site.url)
            patch.delenv("no_proxy", raising=False)
            yield site
        server.shutdown()


def source(name: str, *start: str, **more: object) -> Source:
    """Return a news source (or what `more` says)."""
    return Source.model_validate({"name": name, "title": name, "kind": "news", "start": start, **more})


def pages_of(home: Path, run: str | None = None) -> list[Page]:
    """Return the pages handed on, of one run or of all."""
    return [page for path in batch_paths(home / "pages" / run if run else home / "pages") for page in read_batch(path)]


def night(home: Path, run: str, limits: CrawlLimits, *sources: Source) -> dict[str, SourceReport]:
    """Crawl all sources once; reports by source."""
    return {report.source: report for report in crawl(sources, home=home, run_id=run, limits=limits)}
