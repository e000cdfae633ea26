"""https pages behind a proxy: the proxy opens a tunnel (CONNECT), and the guard looks at names and number forms."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from small_web import LIMITS, article, night, pages_of, source

PAGES = {
    "/feed.xml": ("application/rss+xml", "<rss version='2.0'><channel><item><link>https://bote.example/a1.html</link></item></channel></rss>"),
    "/a1.html": ("text/html", article("Eins")),
}  # fmt: skip


class _Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: list[str]

    def log_message(self, *args: object) -> None:
        """Stay silent."""

    def do_GET(self) -> None:
        self.asked.append(self.path)
        kind, body = PAGES.get(self.path, ("text/plain", ""))
        raw = body.encode()
        self.send_response(200 if raw else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    try:
        while data := one.recv(65536):
            other.sendall(data)
    except OSError:
        pass
    finally:
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads from it


def _proxy(port_of_site: int) -> type[BaseHTTPRequestHandler]:
    class Proxy(BaseHTTPRequestHandler):
        tunnels: list[str]

        def log_message(self, *args: object) -> None:
            """Stay silent."""

        def do_CONNECT(self) -> None:
            self.tunnels.append(self.path)
            self.send_response(200)
            self.end_headers()
            site = socket.create_connection(("127.0.0.1", port_of_site))
            threading.Thread(target=_pass_on, args=(site, self.connection), daemon=True).start()
            _pass_on(self.connection, site)

    return Proxy


def _certificate(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "bote.example")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=2))
    made = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName("bote.example")]), False)
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    form = serialization.PrivateFormat.PKCS8
    pem += key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    (folder / "site.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "site.pem")
    return context


@pytest.fixture
def tunnels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Serve bote.example over TLS behind a proxy; yields the addresses that the proxy was asked to open."""
    _Site.asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as site:
        site.daemon_threads = True
        site.socket = _certificate(tmp_path).wrap_socket(site.socket, server_side=True)
        handler = _proxy(site.server_port)
        handler.tunnels = []  # type: ignore[attr-defined]
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as proxy:
            proxy.daemon_threads = True
            for server in (site, proxy):
                server.block_on_close = False
                threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
            monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.server_port}")
            yield handler.tunnels  # type: ignore[attr-defined]
            site.shutdown()
            proxy.shutdown()


def test_https_goes_through_a_tunnel_and_inside_addresses_do_not(tunnels: list[str], tmp_path: Path) -> None:
    sources = [source("bote", "https://bote.example/feed.xml"), source("innen", "https://169.254.169.254/feed.xml")]
    reports = night(tmp_path, "1", LIMITS, *sources)
    assert [page.url for page in pages_of(tmp_path)] == ["https://bote.example/a1.html"]
    assert {"/robots.txt", "/ai.txt", "/.well-known/tdmrep.json"} <= set(_Site.asked)
    assert set(tunnels) == {"bote.example:443"}
    assert reports["innen"].left_out == {"address guard: private address 169.254.169.254": 1}
