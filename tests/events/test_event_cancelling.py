"""A future event that its source no longer states is cancelled; an empty or failed reading cancels nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from enrich.events import event_mentions, read_event_pages
from enrich.records import Document, Page
from pipeline.stages.facts import write_facts
from pipeline.store.opening import working_store

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
LISTING = "http://kammer.example/termine/"
ROWS = {
    "Gründerabend": ("08.12.2026", "Referentin: Erna Holm, Leiterin Gründung, Sparkasse Musterstadt"),
    "Energietag": ("15.12.2026", "Referent: Jan Petersen, Geschäftsführer, Wattwerk GmbH"),
    "Sommerfest": ("20.06.2026", ""),
}


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with working_store(tmp_path) as connection:
        yield connection


def listing(*titles: str) -> bytes:
    rows = "".join(
        f"<li><h3>{t}</h3><p>{ROWS[t][0]}, 18:00 Uhr, Rathaus Musterstadt</p><p>{ROWS[t][1]}</p></li>" for t in titles
    )
    return f"<html><body><h1>Veranstaltungen</h1><ul>{rows}</ul></body></html>".encode()


def night(con: duckdb.DuckDBPyConnection, number: int, body: bytes, url: str = LISTING, source: str = "kammer") -> None:
    """Write what one night reads of a source."""
    at = NOW + timedelta(days=number)
    page = Page(url, url, source, "event", 200, at, None, None, "text/html; charset=utf-8", body)
    reading = read_event_pages([page], today=at.date())
    document = Document(
        url, "event", None, None, None, "", people=event_mentions(reading.events, url), events=reading.events
    )
    write_facts(con, [page], [document], batch=f"{number}/{source}", run_id=str(number))


def cancelled(con: duckdb.DuckDBPyConnection) -> dict[str, bool]:
    return dict(con.execute("SELECT title, cancelled FROM events ORDER BY title").fetchall())


def test_only_future_events_that_are_no_longer_stated_are_cancelled(con: duckdb.DuckDBPyConnection) -> None:
    night(con, 0, listing(*ROWS))
    assert cancelled(con) == {"Energietag": False, "Gründerabend": False, "Sommerfest": False}
    night(con, 1, listing("Energietag"))
    assert cancelled(con) == {"Energietag": False, "Gründerabend": True, "Sommerfest": False}
    night(con, 2, listing("Energietag", "Gründerabend"))
    assert cancelled(con)["Gründerabend"] is False


@pytest.mark.parametrize("body", [b"", b"<html><body><h1>Wartung</h1></body></html>", b"\x89PNG\r\n\x1a\n\x00\x00"])
def test_a_listing_without_events_cancels_nothing(con: duckdb.DuckDBPyConnection, body: bytes) -> None:
    night(con, 0, listing(*ROWS))
    night(con, 1, body)
    assert not any(cancelled(con).values())


def test_another_source_or_start_page_cancels_nothing(con: duckdb.DuckDBPyConnection) -> None:
    night(con, 0, listing("Gründerabend"))
    night(con, 1, listing("Energietag"), source="verein", url="http://verein.example/")
    night(con, 2, listing("Energietag"), url="http://kammer.example/neu/")
    assert not any(cancelled(con).values())
