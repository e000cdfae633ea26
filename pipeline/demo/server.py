"""Serves a folder of hosts on loopback as an HTTP proxy, so that the demo's hosts have real names."""

from __future__ import annotations

import email.utils
import hashlib
import html
import mimetypes
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

_TITLE = re.compile(r"<h1>(.*?)</h1>", re.DOTALL)
_PUBLISHED = re.compile(r'article:published_time" content="([^"]+)"')
_TYPES = {
    ".ics": "text/calendar; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
}


def feed(folder: Path, host: str) -> bytes | None:
    """Return the RSS feed of the articles that lie in a host's folder now, newest first; None without articles."""
    items = []
    for path in folder.rglob("*.html"):
        text = path.read_text("utf-8")
        published, title = _PUBLISHED.search(text), _TITLE.search(text)
        if published and title:
            moment = datetime.fromisoformat(published.group(1)).astimezone(UTC)
            url = html.escape(f"http://{host}/{path.relative_to(folder).as_posix()}")
            items.append(
                (moment, url, f"<item><title>{title.group(1)}</title><link>{url}?utm_source=rss</link><guid>{url}</guid>"
                 f"<pubDate>{email.utils.format_datetime(moment, usegmt=True)}</pubDate></item>")
            )  # fmt: skip
    if not items:
        return None
    body = "".join(item for _, _, item in sorted(items, reverse=True))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>{host}</title><link>http://{host}/</link>'
        f"<description>{host}</description>{body}</channel></rss>"
    ).encode()


def _handler(town: Path) -> type[BaseHTTPRequestHandler]:
    root = town.resolve()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            host = (parts.hostname or (self.headers.get("Host") or "").partition(":")[0]).lower()
            status, kind, body = self._answer(host, unquote(parts.path) or "/")
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if status == 200 and self.headers.get("If-None-Match") == etag:
                status, body = 304, b""
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("ETag", etag)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _answer(self, host: str, path: str) -> tuple[int, str, bytes]:
            folder = (root / host).resolve()
            if folder.parent != root or not folder.is_dir():
                return 502, "text/plain", b"no such host in this town"
            if path == "/feed.xml":
                made = feed(folder, host)
                return (200, _TYPES[".xml"], made) if made else (404, "text/plain", b"no feed")
            file = (folder / path.lstrip("/")).resolve()
            if file.is_dir():
                file = file / "index.html"
            if not file.is_relative_to(folder) or not file.is_file():
                return 404, "text/plain", b"not found"
            kind = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            return 200, kind, file.read_bytes()

    return Handler


@contextmanager
def served(town: Path) -> Iterator[str]:
    """Serve the town on a free loopback port within the block; yields the proxy's address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(town))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
