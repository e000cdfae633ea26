"""A source that fails costs only itself; pages and lists of the others are all there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import yaml

from tests.pipeline.conftest import OPENER, Town

NAMES = {"good": "Eva Maurer", "broken": "Nils Petersen", "charset": "Jürgen Größler"}


def article(person: str, firm: str) -> str:
    return (
        f"<html lang=de><head><title>{firm} mit neuer Spitze</title></head><body><article><h1>{firm} mit neuer Spitze</h1>"
        f"<p>Lindenau. Die {firm} hat einen neuen Geschäftsführer. {person} ist neuer Geschäftsführer der {firm}.</p>"
        f"<p>„Wir freuen uns auf die Aufgabe“, sagte Geschäftsführer {person} am Montag in Lindenau vor der Belegschaft.</p>"
        "<p>Das Unternehmen beschäftigt 40 Menschen und baut Geräte für die Landwirtschaft.</p></article></body></html>"
    )


class Faulty(BaseHTTPRequestHandler):
    """Each host fails in its own way."""

    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""

    def _send(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        host = (parts.hostname or "").removesuffix(".example")
        if parts.path in ("/robots.txt", "/ai.txt") or parts.path.startswith("/.well-known/"):
            self._send(404, "text/plain", b"")
        elif host == "error":
            self._send(500, "text/plain", b"broken")
        elif host == "hang":
            time.sleep(30)
        elif host == "loop":
            self._send(302, "text/plain", b"", Location=f"http://loop.example{parts.path}x")
        elif parts.path == "/feed.xml":
            item = f"<item><title>Artikel</title><link>http://{host}.example/artikel-eins.html</link></item>"
            self._send(200, "application/rss+xml", f"<rss version='2.0'><channel>{item}</channel></rss>".encode())
        elif host == "huge":
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(100_000_000))
            self.end_headers()
            try:
                for _ in range(1000):
                    self.wfile.write(b"x" * 100_000)
            except OSError:
                return
        elif host == "broken":
            page = (
                article(NAMES["broken"], "Petersen Landtechnik GmbH")
                .replace("</p>", "")
                .replace("</article>", "<div><table><b>")
            )
            self._send(200, "text/html; charset=utf-8", page.encode())
        elif host == "charset":
            page = article(NAMES["charset"], "Größler Pumpen GmbH").encode("iso-8859-1", "xmlcharrefreplace")
            self._send(200, "text/html; charset=utf-8", page)
        else:
            self._send(200, "text/html; charset=utf-8", article(NAMES["good"], "Maurer Systeme GmbH").encode())


@pytest.fixture
def faulty(tmp_path: Path) -> Iterator[Town]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Faulty)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sources = tmp_path / "sources"
    sources.mkdir()
    for name in ("good", "error", "hang", "loop", "huge", "broken", "charset"):
        definition = {"name": name, "title": name.title(), "kind": "news", "start": [f"http://{name}.example/feed.xml"]}
        (sources / f"{name}.yml").write_text(yaml.safe_dump(definition), "utf-8")
    settings = tmp_path / "opener.yml"
    crawl = {"contact": "mailto:a@b.example", "delay": 0, "page_seconds": 2, "page_bytes": 2_000_000, "run_seconds": 60}
    settings.write_text(
        yaml.safe_dump(
            {"home": "store", "sources": "sources", "crawl": crawl, "exports": {"folder": ".", "file": "call-list.csv"}}
        ),
        "utf-8",
    )
    env = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    env |= {
        "http_proxy": f"http://127.0.0.1:{server.server_address[1]}",
        "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
    }
    yield Town(tmp_path, tmp_path, settings, env)
    server.shutdown()
    server.server_close()


def test_failing_sources_cost_only_themselves_and_are_reported(faulty: Town) -> None:
    done = faulty.run("nightly", "--json")
    assert done.returncode == 3, done.stderr
    failed = json.loads(done.stdout.splitlines()[-1])["failed_sources"]
    assert set(failed) == {"error", "hang", "loop", "huge"}
    assert "500" in failed["error"]
    assert all(failed.values()), failed
    for name in failed:
        assert f"source {name}: " in done.stderr
    found = {f"{row['first_name']} {row['last_name']}" for row in faulty.rows()}
    assert found == set(NAMES.values())


def test_try_reads_a_url_a_file_a_folder_and_standard_input(faulty: Town, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "one.html").write_text(article("Eva Maurer", "Maurer Systeme GmbH"), "utf-8")
    (pages / "two.html").write_text(article("Nils Petersen", "Petersen Landtechnik GmbH"), "utf-8")
    by_url = faulty.run("try", "http://good.example/artikel-eins.html", "--json")
    assert by_url.returncode == 0, by_url.stderr
    by_file = faulty.run("try", str(pages / "one.html"), "--json")
    by_folder = faulty.run("try", str(pages), "--json")
    by_input = faulty.run("try", "-", "--json", input=article("Eva Maurer", "Maurer Systeme GmbH"))
    for done in (by_url, by_file, by_input):
        line = json.loads(done.stdout)
        assert list(line) == [
            "url",
            "file",
            "kind",
            "title",
            "published",
            "language",
            "text",
            "people",
            "events",
            "company",
            "warnings",
        ]
        assert {p["person"] for p in line["people"]} == {"Eva Maurer"}
        for person in line["people"]:
            assert person["evidence"] in line["text"]
            assert line["text"][person["evidence_start"] : person["evidence_end"]] == person["evidence"]
    assert len(by_folder.stdout.splitlines()) == 2
    text = faulty.run(
        "try",
        "-",
        "--kind",
        "text",
        "--lang",
        "de",
        "--json",
        input="Nils Petersen ist neuer Geschäftsführer der Petersen Landtechnik GmbH.",
    )
    assert json.loads(text.stdout)["people"][0]["company"] == "Petersen Landtechnik GmbH"
    missing = faulty.run("try", str(tmp_path / "none.html"), str(pages / "one.html"), "--json")
    assert missing.returncode == 1
    assert len(missing.stdout.splitlines()) == 1 and "no such file" in missing.stderr


def test_a_crawl_without_contact_is_refused_before_the_first_request(faulty: Town) -> None:
    faulty.settings.write_text("home: store\nsources: sources\n", "utf-8")
    done = faulty.run("nightly")
    assert done.returncode == 1
    assert "crawl.contact is not set" in done.stderr and done.stderr.count("\n") == 1


def test_every_command_has_help() -> None:
    from pipeline.cli.main import COMMANDS

    for name in COMMANDS:
        done = subprocess.run([*OPENER, name, "--help"], capture_output=True, text=True, check=False)
        assert done.returncode == 0, (name, done.stderr)
        assert done.stdout.startswith("Usage:")


def test_the_readme_names_every_command() -> None:
    from pipeline.cli.main import COMMANDS

    readme = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")
    table = readme.split("| command | does |")[1].split("\n\n")[0]
    for name in COMMANDS:
        assert name in table, name
