"""The spiders are Scrapy's own: `scrapy list` and `scrapy crawl` work on them."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

from small_web import Web, article, pages_of

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


AGENT = "USER_AGENT=DoorOpener/0.1 (+mailto:crawl@firma.example)"


def test_scrapy_exports_pages_as_lines_that_other_tools_can_read(web: Web, tmp_path: Path) -> None:
    title = "Bürgermeisterin grüßt Gäste"
    web.add(
        "http://alt.example/a.html", article(title).encode("cp1252"), content_type="text/html; charset=windows-1252"
    )
    feed = web.feed("http://alt.example/feed.xml", {"http://alt.example/a.html": title})
    definition = tmp_path / "alt.yml"
    definition.write_text(f"name: alt\ntitle: Alt\nkind: news\nstart: ['{feed}']\n", "utf-8")
    file, out = tmp_path / "pages.jsonl", tmp_path / "home" / "pages" / "1"
    done = scrapy("crawl", "news", "-a", f"source={definition}", "-a", f"out={out}", "-s", AGENT, "-O", str(file))
    assert done.returncode == 0, done.stderr[-2000:]
    (row,) = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert row["url"] == "http://alt.example/a.html" and row["source"] == "alt" and title in row["body"]
    assert len(pages_of(tmp_path / "home")) == 1


def test_pages_of_a_site_that_stay_together_are_exported_one_a_row(web: Web, tmp_path: Path) -> None:
    web.add("http://holz.example/", '<html><title>Holz GmbH</title><a href="/impressum.html">Impressum</a></html>')
    web.add("http://holz.example/impressum.html", "<html><h1>Impressum</h1>Holz GmbH, Holzweg 3</html>")
    definition = tmp_path / "holz.yml"
    definition.write_text("name: holz\ntitle: Holz\nkind: company\nstart: ['http://holz.example/']\n", "utf-8")
    out, table, lines = tmp_path / "home" / "pages" / "1", tmp_path / "pages.csv", tmp_path / "pages.jl"
    done = scrapy("crawl", "companies", "-a", f"source={definition}", "-a", f"out={out}", "-s", AGENT,
                  "-O", str(table), "-O", str(lines))  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    urls = {json.loads(line)["url"] for line in lines.read_text("utf-8").splitlines()}
    assert {"http://holz.example/", "http://holz.example/impressum.html"} <= urls
    with table.open(encoding="utf-8", newline="") as file:
        assert {row["url"] for row in csv.DictReader(file)} == urls


def test_scrapy_crawls_no_foreign_host_without_a_contact(web: Web, tmp_path: Path) -> None:
    definition = tmp_path / "bote.yml"
    definition.write_text("name: bote\ntitle: Bote\nkind: news\nstart: ['http://bote.example/']\n", "utf-8")
    done = scrapy("crawl", "news", "-a", f"source={definition}", "-a", f"out={tmp_path / 'pages' / '1'}")
    assert "crawl.contact is not set" in done.stderr
    assert not web.asked
