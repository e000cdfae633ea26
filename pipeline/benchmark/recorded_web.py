"""Recorded pages of the corpora under changed addresses: a web of any size for the benchmark of a night."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class RecordedWeb:
    """Hosts below `root/site`, the sources that lead to them, and how many pages they have."""

    root: Path
    sources: tuple[dict[str, object], ...]
    pages: int


def lay_out(shared: Path, root: Path, pages: int, hosts: int = 20) -> RecordedWeb:
    """Write `pages` pages from the corpora below `shared`: articles over `hosts` papers, then event and company sites.

    An article's own address within its page (canonical, og:url) is changed with it, or all copies would be one page.
    Raises FileNotFoundError when the corpora are not there.
    """
    corpora = shared / "corpora"
    sources: list[dict[str, object]] = []
    written = 0
    for kind, folder in (("event", corpora / "event_sites"), ("company", corpora / "company_sites")):
        gold = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()]
        for row in gold:
            host = f"www.{row['site']}.example"
            target = root / "site" / host
            shutil.copytree(folder / row["site"], target)
            written += sum(1 for path in target.rglob("*") if path.is_file())
            sources.append(
                {"name": f"{kind}-{row['site']}", "kind": kind, "start": [f"http://{host}/{row['start_path']}"]}
            )
    articles = _articles(corpora)
    per_host: dict[str, list[str]] = {f"paper-{number:02d}.example": [] for number in range(hosts)}
    names = list(per_host)
    wanted = max(0, pages - written)
    for number in range(wanted):
        host = names[number % hosts]
        url, body = articles[number % len(articles)]
        address = f"http://{host}/wirtschaft/artikel-{number:05d}.html"
        path = root / "site" / host / urlsplit(address).path[1:]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body.replace(url.encode(), address.encode()).replace(b'rel="canonical"', b'rel="copy"'))
        per_host[host].append(address)
    for host, addresses in per_host.items():
        if addresses:
            rows = "".join(f"<url><loc>{a}</loc></url>" for a in addresses)
            text = f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
            (root / "site" / host / "sitemap.xml").write_text(text, "utf-8")
            sources.append({"name": host.partition(".")[0], "kind": "news", "start": [f"http://{host}/sitemap.xml"]})
    return RecordedWeb(root, tuple(sources), written + wanted)


def _articles(corpora: Path) -> list[tuple[str, bytes]]:
    found = []
    for name in ("news_de", "articles_de"):
        for line in (corpora / name / "manifest.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            found.append((row["url"].partition("?")[0], gzip.decompress((corpora / name / row["file"]).read_bytes())))
    return found
