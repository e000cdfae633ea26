"""A crawl that is killed or stopped at any point ends with the same pages as one that was not, none of them twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from small_web import LIMITS, Web, night, pages_of, source

from spiders.reports import read_report, report_path

COUNT = 60
_CHILD = """
import sys
from pathlib import Path
from spiders import batches
from small_web import LIMITS, night, source
batches.BATCH_PAGES = 10
night(Path(sys.argv[1]), "1", LIMITS, source("bote", sys.argv[2]))
"""


@pytest.fixture
def small_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the crawl process write a batch every ten pages (a module that Python reads when it starts)."""
    (tmp_path / "start").mkdir()
    (tmp_path / "start" / "sitecustomize.py").write_text("import spiders.batches as b\nb.BATCH_PAGES = 10\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path / 'start'}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")


def start(home: Path, feed: str) -> subprocess.Popen[bytes]:
    root = Path(__file__).resolve().parent
    return subprocess.Popen([sys.executable, "-c", _CHILD, str(home), feed], cwd=root)


def crawl_process_of(parent: subprocess.Popen[bytes]) -> int:
    """Return the process id of the crawl process that `parent` started."""
    for task in Path(f"/proc/{parent.pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            return int(child)
    return 0


def wait_until(done: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def articles_asked(web: Web) -> int:
    return sum(n for url, n in web.asked.items() if "/artikel-" in url)


def all_pages_once(home: Path) -> bool:
    counts = Counter(page.url for page in pages_of(home))
    return len(counts) == COUNT and set(counts.values()) == {1}


@pytest.mark.parametrize("after", [0, 7, 35])
def test_killed_at_any_point_the_run_ends_with_the_same_pages(
    web: Web, tmp_path: Path, small_batches: None, after: int
) -> None:
    home, feed = tmp_path / "home", web.paper("bote.example", COUNT)
    web.latency = 0.02
    parent = start(home, feed)
    wait_until(lambda: articles_asked(web) >= after and bool(crawl_process_of(parent)))
    os.kill(crawl_process_of(parent), signal.SIGKILL)
    parent.wait(10)
    assert not report_path(home / "pages" / "1", "bote").exists()
    known = len(pages_of(home))
    before = articles_asked(web)
    web.latency = 0.0
    night(home, "1", LIMITS, source("bote", feed))
    assert all_pages_once(home)
    assert articles_asked(web) - before == COUNT - known  # what was stored is not fetched again


def test_when_the_parent_is_killed_the_crawl_ends_and_the_next_run_takes_over(
    web: Web, tmp_path: Path, small_batches: None
) -> None:
    home, feed = tmp_path / "home", web.paper("bote.example", COUNT)
    web.latency = 0.02
    parent = start(home, feed)
    wait_until(lambda: articles_asked(web) >= 15)
    child = crawl_process_of(parent)
    parent.kill()
    parent.wait(10)
    report = night(home, "1", LIMITS, source("bote", feed))["bote"]  # waits for the one that is ending
    assert not Path(f"/proc/{child}").exists() or "zombie" in Path(f"/proc/{child}/status").read_text()
    assert all_pages_once(home) and report.complete and not report.failed


def test_a_stopped_crawl_writes_what_it_has_and_says_that_it_was_stopped(
    web: Web, tmp_path: Path, small_batches: None
) -> None:
    home, feed = tmp_path / "home", web.paper("bote.example", COUNT)
    web.latency = 0.02
    parent = start(home, feed)
    wait_until(lambda: articles_asked(web) >= 15)
    os.kill(crawl_process_of(parent), signal.SIGTERM)
    parent.wait(20)
    report = read_report(report_path(home / "pages" / "1", "bote"))
    assert report is not None and report.finish_reason == "shutdown" and not report.complete
    assert 10 <= len(pages_of(home)) < COUNT
    assert night(home, "1", LIMITS, source("bote", feed))["bote"].complete
    assert all_pages_once(home)


def test_a_finished_source_is_not_visited_again_in_the_same_run(web: Web, tmp_path: Path) -> None:
    feed = web.paper("bote.example", 3)
    first = night(tmp_path, "1", LIMITS, source("bote", feed))["bote"]
    asked = sum(web.asked.values())
    assert night(tmp_path, "1", LIMITS, source("bote", feed))["bote"] == first
    assert sum(web.asked.values()) == asked
