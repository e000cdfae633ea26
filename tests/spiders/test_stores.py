"""Batches, visits, reports and definitions: the files that spiders leave behind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrich.records import Page
from spiders import batches, visits
from spiders.batches import BatchWriter, Role, batch_paths, empty_bodies, file_stem, read_batch, read_body, read_visits
from spiders.fingerprint import content_hash
from spiders.process import site_of_source
from spiders.reports import SourceReport, past_reports, read_report, report_path, write_report
from spiders.sources import load_sources
from spiders.visits import MAX_FAILURES, VisitIndex

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def page(
    url: str, body: bytes = b"<html>x</html>", day: int = 0, source: str = "bote", etag: str | None = '"1"'
) -> Page:
    return Page(url, url, source, "news", 200, NOW + timedelta(days=day), etag, None, "text/html", body)


def store(home: Path, run: str, *pages: Page, role: Role = "page", source: str = "bote") -> None:
    writer = BatchWriter(home / "pages" / run, source)
    writer.add(*pages, role=role)
    writer.close()


_TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=20)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(_TEXT, st.binary(max_size=200), st.none() | _TEXT), max_size=5))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, bytes, str | None]]
) -> None:
    folder = tmp_path_factory.mktemp("batches")
    pages = [page(f"http://a.example/{n}/{text}", body, etag=etag) for n, (text, body, etag) in enumerate(rows)]
    writer = BatchWriter(folder, "bote")
    for item in pages:
        writer.add(item)
    writer.close()
    assert [item for path in batch_paths(folder) for item in read_batch(path)] == pages


def test_pages_given_together_stay_in_one_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH_PAGES", 3)
    writer = BatchWriter(tmp_path, "bote")
    writer.add(page("http://a.example/1"), page("http://a.example/2"))
    writer.add(*(page(f"http://b.example/{n}") for n in range(5)))
    writer.add(page("http://c.example/1"))
    writer.close()
    assert [len(read_batch(path)) for path in batch_paths(tmp_path)] == [7, 1]
    assert not list(tmp_path.glob(".*.tmp"))


def test_a_new_writer_goes_on_after_the_last_batch_and_drops_drafts(tmp_path: Path) -> None:
    store(tmp_path, "1", page("http://a.example/1"))
    draft = tmp_path / "pages" / "1" / ".bote-0002.tmp"
    draft.write_bytes(b"half")
    store(tmp_path, "1", page("http://a.example/2"))
    assert [path.name for path in batch_paths(tmp_path / "pages")] == ["bote-0001.parquet", "bote-0002.parquet"]
    assert not draft.exists()


def test_a_batch_that_cannot_be_written_is_an_error_of_the_run(tmp_path: Path) -> None:
    writer = BatchWriter(tmp_path / "x", "bote")
    writer.add(page("http://a.example/1"))
    (tmp_path / "x").rmdir()
    with pytest.raises(OSError, match="No such file"):
        writer.close()


def test_only_pages_are_handed_on_and_everything_is_remembered(tmp_path: Path) -> None:
    store(tmp_path, "1", page("http://a.example/1"))
    store(tmp_path, "1", page("http://a.example/2", b""), role="seen")
    handed_on = [p.url for path in batch_paths(tmp_path / "pages") for p in read_batch(path)]
    assert handed_on == ["http://a.example/1"]
    roles = {row["url"]: row["role"] for row in read_visits(batch_paths(tmp_path / "pages"))}
    assert roles == {"http://a.example/1": "page", "http://a.example/2": "seen"}


def test_expired_bodies_leave_what_is_known(tmp_path: Path) -> None:
    store(tmp_path, "1", page("http://a.example/1"))
    (path,) = batch_paths(tmp_path / "pages")
    before = VisitIndex(tmp_path).of("bote").pages["http://a.example/1"]
    assert empty_bodies(path) and not empty_bodies(path)
    assert VisitIndex(tmp_path).of("bote").pages["http://a.example/1"] == before
    assert read_body(path, "http://a.example/1") is None


def test_damaged_batches_are_skipped_when_visits_are_read(tmp_path: Path) -> None:
    store(tmp_path, "1", page("http://a.example/1"))
    (tmp_path / "pages" / "1" / "bote-0002.parquet").write_bytes(b"PAR1 not really")
    assert list(VisitIndex(tmp_path).of("bote").pages) == ["http://a.example/1"]


def test_the_newest_version_counts_and_the_first_fetch_is_kept(tmp_path: Path) -> None:
    store(tmp_path, "1", page("http://a.example/1", b"alt"))
    store(tmp_path, "2", page("http://a.example/1", b"neu", day=1, etag='"2"'))
    visit = VisitIndex(tmp_path).of("bote").pages["http://a.example/1"]
    assert (visit.etag, visit.first_fetched, visit.fetched_at) == ('"2"', NOW, NOW + timedelta(days=1))
    assert visit.content_hash == content_hash(b"neu", "text/html")
    assert VisitIndex(tmp_path).of("bote").body("http://a.example/1") == b"neu"


def test_failures_are_counted_and_forgotten_by_success(tmp_path: Path) -> None:
    url = "http://a.example/1"
    for night in range(MAX_FAILURES):
        store(tmp_path, str(night), page(url, b"", day=night), role="failed")
    assert VisitIndex(tmp_path).of("bote").pages[url].failures == MAX_FAILURES
    store(tmp_path, "8", page(url, day=8))
    store(tmp_path, "9", page(url, b"", day=9), role="failed")
    visit = VisitIndex(tmp_path).of("bote").pages[url]
    assert (visit.role, visit.failures, visit.etag) == ("page", 1, '"1"')


def test_an_article_belongs_to_the_source_that_had_it_first(tmp_path: Path) -> None:
    store(tmp_path, "1", page("http://a.example/1"))
    index = VisitIndex(tmp_path)
    assert index.of("anderer").elsewhere("http://a.example/1", "anderer")
    assert not index.of("bote").elsewhere("http://a.example/1", "bote")


def _read_by(index_home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[VisitIndex, list[str]]:
    """Return the index of a home and the batches that were opened for it."""
    opened: list[str] = []

    def watched(paths: Sequence[Path]) -> list[dict[str, Any]]:
        opened.extend(f"{path.parent.name}/{path.stem}" for path in paths)
        return read_visits(paths)

    monkeypatch.setattr(visits, "read_visits", watched)
    return VisitIndex(index_home), opened


def test_a_night_reads_only_the_batches_that_came_since(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for night in range(5):
        store(tmp_path, str(night), *(page(f"http://a.example/{night}-{n}", day=night) for n in range(3)))
    store(tmp_path, "4", page("http://a.example/0-0", b"", day=4), role="failed")
    first, opened = _read_by(tmp_path, monkeypatch)
    assert len(opened) == 6
    again, opened = _read_by(tmp_path, monkeypatch)
    assert opened == [] and again.of("bote") == first.of("bote") and len(again.of("bote").pages) == 15
    store(tmp_path, "5", page("http://a.example/0-0", b"neu", day=5))
    third, opened = _read_by(tmp_path, monkeypatch)
    assert opened == ["5/bote-0001"]
    visit = third.of("bote").pages["http://a.example/0-0"]
    assert (visit.failures, visit.first_fetched, visit.fetched_at) == (0, NOW, NOW + timedelta(days=5))
    assert third.of("bote").body("http://a.example/0-0") == b"neu"


@pytest.mark.parametrize("damage", ["missing", "cut", "nonsense", "older form"])
def test_the_visits_file_is_built_anew_when_it_cannot_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    store(tmp_path, "1", page("http://a.example/1"), page("http://a.example/2"))
    before = VisitIndex(tmp_path).of("bote")
    file = tmp_path / "pages" / visits.COMPACT
    if damage == "missing":
        file.unlink()
    elif damage == "older form":
        pq.write_table(pa.table({"url": ["x"]}).replace_schema_metadata({"batches": "[]"}), file)
    else:
        file.write_bytes(file.read_bytes()[:-40] if damage == "cut" else b"[]")
    index, opened = _read_by(tmp_path, monkeypatch)
    assert opened == ["1/bote-0001"] and index.of("bote") == before
    assert _read_by(tmp_path, monkeypatch)[1] == []


def test_pages_of_a_batch_that_is_gone_are_new_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store(tmp_path, "1", page("http://a.example/1"))
    store(tmp_path, "2", page("http://a.example/2"))
    VisitIndex(tmp_path)
    batch_paths(tmp_path / "pages")[0].unlink()
    assert list(VisitIndex(tmp_path).of("bote").pages) == ["http://a.example/2"]


@pytest.mark.parametrize("name", ["ihk-köln", "a/b", "../x", "lookup:companies", "A" * 200, ""])
def test_any_source_name_gives_a_file_name_of_its_own(name: str) -> None:
    stem = file_stem(name)
    assert "/" not in stem and stem.isascii() and len(stem) < 100
    assert stem != file_stem(name + "x")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (b"<p>Text</p>", b"<p>Text</p><script>t=1</script>", True),
        (b"<p>Text</p>", b"<p>Text</p><!-- 12:04 -->", True),
        (b"<p>Text</p>", b"<p class=x>Text\n </p><input type=hidden value=9>", True),
        (b"<p>Text</p>", b"<p>Text mit Nachtrag</p>", False),
        (b"<article>" + b"lang " * 100 + b"</article><p>Teaser 1</p>", b"<article>" + b"lang " * 100 + b"</article><p>2</p>", True),
        (b"<script>", b"<script>x", True),
    ],
)  # fmt: skip
def test_a_page_is_unchanged_when_its_text_is(one: bytes, other: bytes, same: bool) -> None:
    assert (content_hash(one, "text/html") == content_hash(other, "text/html")) is same


def test_a_calendar_is_unchanged_when_only_its_stamp_is_new() -> None:
    calendar = "BEGIN:VCALENDAR\r\nDTSTAMP:{}\r\nSUMMARY:{}\r\n"
    first, second, third = (calendar.format(*x).encode() for x in (("1", "a"), ("2", "a"), ("2", "b")))
    assert content_hash(first) == content_hash(second) != content_hash(third)


def test_a_hostile_page_is_hashed_in_linear_time() -> None:
    for body in (b"<" * 2_000_000, b"<script" * 300_000, b"<!--" * 500_000, b"<article>" * 200_000):
        assert content_hash(body, "text/html")


def test_reports_survive_and_broken_ones_count_as_none(tmp_path: Path) -> None:
    report = SourceReport("bote", "news", fetched=3, errors=["http://a.example/: answers 500"])
    write_report(tmp_path / "pages" / "1", report)
    assert read_report(report_path(tmp_path / "pages" / "1", "bote")) == report
    write_report(tmp_path / "pages" / "2", SourceReport("bote", "news", finish_reason="shutdown"))
    report_path(tmp_path / "pages" / "1", "bote").with_name("kaputt.report.json").write_text("{", "utf-8")
    assert read_report(tmp_path / "pages" / "1" / "kaputt.report.json") is None
    assert past_reports(tmp_path, "bote") == [report]


def test_only_so_many_errors_are_kept_in_words() -> None:
    report = SourceReport("bote", "news")
    for number in range(500):
        report.error(str(number))
        report.leave_out("robots.txt", str(number))
    assert len(report.errors) + report.more_errors == 500 and len(report.left_out_pages) <= 200
    assert report.left_out == {"robots.txt": 500}


DEFINITION = "name: {}\ntitle: Bote\nkind: news\nstart: ['https://bote.example/']\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        (DEFINITION.format("a") + "folow: [x]\n", 5, "folow: unknown key"),
        (DEFINITION.format("a").replace("news", "paper"), 3, "kind"),
        (DEFINITION.format("a").replace("https://bote.example/", "bote.example"), 4, "is no web address"),
        (DEFINITION.format("Großer Bote"), 1, "name"),
        (DEFINITION.format("a").replace("title: Bote\n", ""), 1, "title: is missing"),
        (DEFINITION.format("a") + "expect: {pages_min: 0}\n", 5, "pages_min"),
        (DEFINITION.format("a") + "name: b\n", 5, "given twice"),
        ("- a\n- b\n", 1, "expected `key: value` lines"),
    ],
)
def test_a_broken_definition_is_one_line_and_the_others_load(tmp_path: Path, text: str, line: int, says: str) -> None:
    (tmp_path / "gut.yml").write_text(DEFINITION.format("gut"), "utf-8")
    (tmp_path / "kaputt.yml").write_text(text, "utf-8")
    sources, errors = load_sources([tmp_path])
    assert [source.name for source in sources] == ["gut"]
    (error,) = errors
    assert (
        str(error).startswith(f"{tmp_path / 'kaputt.yml'}:{line}: ") and says in str(error) and "\n" not in str(error)
    )


def test_a_name_is_taken_once(tmp_path: Path) -> None:
    for file in ("a.yml", "b.yml"):
        (tmp_path / file).write_text(DEFINITION.format("bote"), "utf-8")
    sources, errors = load_sources([tmp_path, tmp_path / "missing"])
    assert len(sources) == 1 and "is taken by" in str(errors[0])


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.bote.de/a", "http://bote.de/feed", True), ("https://rss.bote.co.uk/", "https://www.bote.co.uk/", True),
        ("https://a.co.uk/", "https://b.co.uk/", False), ("http://127.0.0.1:1/", "http://127.0.0.1:2/", False),
        ("http://www.bote.example/", "http://bote.example/", True), ("http://localhost:1/", "http://localhost:1/x", True),
    ],
)  # fmt: skip
def test_sources_of_one_site_run_one_after_the_other(one: str, other: str, same: bool) -> None:
    assert (site_of_source(one) == site_of_source(other)) is same
