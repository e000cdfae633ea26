"""The spiders are Scrapy's own: `scrapy list` and `scrapy crawl` work on them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from small_web import Web, pages_of

ROOT = Path(__file__).resolve().parents[2]


def scrapy(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scrapy", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def test_scrapy_lists_the_three_spiders() -> None:
    assert scrapy("list").stdout.split() == ["companies", "events", "news"]


def test_scrapy_crawls_a_source_file_into_a_folder(web: Web, tmp_path: Path) -> None:
    feed = web.paper("bote.example", 2)
    definition = tmp_path / "bote.yml"
    definition.write_text(f"name: bote\ntitle: Bote\nkind: news\nstart: ['{feed}']\n", "utf-8")
    out = tmp_path / "home" / "pages" / "1"
    agent = "USER_AGENT=DoorOpener/0.1 (+mailto:crawl@firma.example)"
    done = scrapy("crawl", "news", "-a", f"source={definition}", "-a", f"out={out}", "-s", agent)
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(pages_of(tmp_path / "home")) == 2


def test_scrapy_crawls_no_foreign_host_without_a_contact(web: Web, tmp_path: Path) -> None:
    definition = tmp_path / "bote.yml"
    definition.write_text("name: bote\ntitle: Bote\nkind: news\nstart: ['http://bote.example/']\n", "utf-8")
    done = scrapy("crawl", "news", "-a", f"source={definition}", "-a", f"out={tmp_path / 'pages' / '1'}")
    assert "crawl.contact is not set" in done.stderr
    assert not web.asked
