"""`python -m spiders.benchmark`: how fast we crawl, beside a bare Scrapy spider that only saves the same pages.

Both fetch the same generated articles from nginx on loopback (a small server of the standard library where nginx
is not installed, and it says so), with the same concurrency and no delay. Then a second night over the
unchanged pages shows how many bytes it needs. Rates are wall-clock, with the start of the processes.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from spiders.crawl import crawl
from spiders.limits import CrawlLimits
from spiders.sources import Source

SPEED_BAR = 0.85
BYTES_BAR = 0.03
_NGINX = """
daemon off; worker_processes 1; pid {root}/nginx.pid; error_log {root}/error.log;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {root}/t; proxy_temp_path {root}/t; fastcgi_temp_path {root}/t;
  uwsgi_temp_path {root}/t; scgi_temp_path {root}/t; keepalive_requests 100000; sendfile on;
  default_type text/html; types {{ text/html html; application/xml xml; text/plain txt; text/calendar ics; }}
  server {{ listen 127.0.0.1:{port}; root {root}/site{by_host}; charset utf-8; }}
}}
"""
_BARE = """
import sys
from pathlib import Path
import scrapy
from scrapy.crawler import AsyncCrawlerProcess

class Bare(scrapy.Spider):
    name = "bare"
    def parse(self, response):
        (Path(sys.argv[2]) / response.url.rsplit("/", 1)[-1]).write_bytes(response.body)

process = AsyncCrawlerProcess({"LOG_LEVEL": "INFO", "LOG_FILE": sys.argv[3]})
process.crawl(Bare, start_urls=Path(sys.argv[1]).read_text().split())
process.start()
"""
_SYLLABLES = [
    "be", "ge", "ver", "an", "auf", "un", "ent", "lich", "keit", "ung", "er", "en", "el", "mar", "kel", "tor", "hal",
    "sen", "dor", "fin", "ra", "mo", "ti", "se", "bau", "gra", "fei", "stad", "land", "werk", "haus", "markt", "furt",
]  # fmt: skip


def article(rng: random.Random, number: int, size: int = 30_000) -> str:
    """Return a page of the form and size of a regional paper's article; the words are invented."""

    def words(count: int) -> str:
        return " ".join("".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4))) for _ in range(count))

    menu = "".join(
        f'<li class="nav__item"><a href="/{words(1)}/" class="nav__link">{words(2)}</a></li>' for _ in range(60)
    )
    script = "".join(f'window.dataLayer.push({{"k{n}":"{words(3)}"}});' for n in range(40))
    text = ""
    while len(text) < size - len(menu) - len(script) - 3000:
        text += f'<p class="article__text">{words(70).capitalize()}.</p>\n'
    title = words(6).capitalize()
    return (
        f'<!DOCTYPE html><html lang="de"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="description" content="{words(20)}"><meta property="og:type" content="article">'
        f"<script>{script}</script></head><body><nav><ul>{menu}</ul></nav><main><article><h1>{title}</h1>"
        f'<time datetime="2026-03-{number % 28 + 1:02d}">{number % 28 + 1}. 3. 2026</time>{text}</article></main>'
        f"<footer>{words(40)}</footer></body></html>"
    )


def make_site(root: Path, pages: int) -> list[str]:
    """Write the pages, robots.txt and a sitemap below root/site; return their paths."""
    site = root / "site"
    site.mkdir(parents=True)
    rng = random.Random(7)  # noqa: S311 - the same pages in every run
    paths = []
    for number in range(pages):
        path = f"/artikel-{number:05d}-aus-der-region.html"
        (site / path[1:]).write_text(article(rng, number), "utf-8")
        paths.append(path)
    (site / "robots.txt").write_text("User-agent: *\nAllow: /\n", "utf-8")
    return paths


def write_sitemap(root: Path, base: str, paths: list[str]) -> None:
    """Write site/sitemap.xml with all pages."""
    rows = "".join(f"<url><loc>{base}{path}</loc><lastmod>2026-03-20</lastmod></url>" for path in paths)
    text = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
    (root / "site" / "sitemap.xml").write_text(text, "utf-8")


@contextmanager
def server(root: Path, *, by_host: bool = False) -> Iterator[tuple[str, str]]:
    """Serve root/site on loopback; yields the base address and the server's name.

    `by_host` (nginx only, else FileNotFoundError) serves root/site/HOST, so that it can be asked as a proxy.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if nginx:
        folders = "/$host" if by_host else ""
        (root / "nginx.conf").write_text(_NGINX.format(root=root, port=port, by_host=folders), "utf-8")
        command = [nginx, "-p", str(root), "-c", str(root / "nginx.conf")]
    elif by_host:
        raise FileNotFoundError("nginx is not installed; pages of several hosts are served with it")
    else:
        command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "-d", str(root / "site")]
        command.extend(["--protocol", "HTTP/1.1"])
    with (root / "server.out").open("wb") as sink, subprocess.Popen(command, stdout=sink, stderr=sink) as process:
        try:
            _wait_for(port, process)
            yield f"http://127.0.0.1:{port}", "nginx" if nginx else "http.server"
        finally:
            process.terminate()


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(100):
        if process.poll() is not None:
            raise SystemExit("the server for the benchmark ended at once")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server for the benchmark does not answer")


def bare_rate(root: Path, base: str, paths: list[str], round_: int) -> float:
    """Return pages/s of the bare spider."""
    out = root / f"bare-{round_}"
    out.mkdir()
    (root / "bare.py").write_text(_BARE, "utf-8")
    (root / "urls").write_text("\n".join(base + path for path in paths), "utf-8")
    begin = time.perf_counter()
    command = [sys.executable, str(root / "bare.py"), str(root / "urls"), str(out), str(root / f"bare-{round_}.log")]
    subprocess.run(command, check=True)
    seconds = time.perf_counter() - begin
    if len(list(out.iterdir())) != len(paths):
        raise SystemExit("the bare spider did not save all pages")
    shutil.rmtree(out)
    return len(paths) / seconds


def our_rate(home: Path, base: str, pages: int, night: str) -> tuple[float, int, int]:
    """Return pages/s, bytes received and pages handed on of one night."""
    source = Source(name="benchmark", title="benchmark", kind="news", start=(f"{base}/sitemap.xml",))
    limits = CrawlLimits(delay=0.0, host_pages=pages + 10, allow_private_hosts=("127.0.0.1",), concurrency=16)
    begin = time.perf_counter()
    report = crawl([source], home=home, run_id=night, limits=limits)[0]
    seconds = time.perf_counter() - begin
    if report.errors:
        raise SystemExit(f"our crawl reports errors: {report.errors[:3]}")
    return pages / seconds, report.bytes, report.fetched


def main() -> None:
    """Run the benchmark and print both rates, their ratio and the bytes of the second night."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3, help="both crawls in turn; the median ratio counts")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="door-opener-benchmark-") as folder:
        root = Path(folder)
        root.chmod(0o755)  # nginx workers run as another user
        paths = make_site(root, options.pages)
        ratios, bare_rates, our_rates = [], [], []
        with server(root) as (base, name):
            write_sitemap(root, base, paths)
            for number in range(options.rounds):
                bare = bare_rate(root, base, paths, number)
                ours, first_bytes, fetched = our_rate(root / f"home-{number}", base, options.pages, "1")
                if fetched != options.pages:
                    raise SystemExit(f"{fetched} pages instead of {options.pages}")
                bare_rates.append(bare)
                our_rates.append(ours)
                ratios.append(ours / bare)
            _, second_bytes, again = our_rate(root / f"home-{options.rounds - 1}", base, options.pages, "2")
    result = {
        "server": name, "pages": options.pages, "bare_pages_per_second": round(median(bare_rates), 1),
        "our_pages_per_second": round(median(our_rates), 1), "speed_ratio": round(median(ratios), 3),
        "second_night_bytes_ratio": round(second_bytes / first_bytes, 4), "second_night_pages_handed_on": again,
    }  # fmt: skip
    if options.json:
        print(json.dumps(result))
        return
    if name != "nginx":
        print("nginx is not installed: measured against Python's http.server")
    print(
        f"bare Scrapy {result['bare_pages_per_second']} pages/s, Door Opener {result['our_pages_per_second']} pages/s"
    )
    print(f"ratio {result['speed_ratio']} (bar {SPEED_BAR})")
    print(f"second night: {result['second_night_bytes_ratio']:.2%} of the bytes (bar {BYTES_BAR:.0%}), "
          f"{again} pages handed on")  # fmt: skip


if __name__ == "__main__":
    main()
