"""A home with a small published log, written through the store's own schema."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from enrich.records import Document, Mention, Page, content_id
from pipeline.cli.sql import open_snapshot
from pipeline.identity import resolve
from pipeline.review.period import Period
from pipeline.review.questions import Review, ask
from pipeline.scoring.scoring import score
from pipeline.settings import Settings
from pipeline.stages.facts import write_facts
from pipeline.store.opening import working_store
from pipeline.store.publish import publish


@dataclass(frozen=True)
class Dial:
    """One dial of a test log."""

    person: str
    at: datetime
    outcome: str = "no_answer"
    minutes: str | None = None
    next_at: datetime | None = None


def write_people(con: duckdb.DuckDBPyConnection, named: Sequence[tuple[str, str, str]], at: datetime) -> None:
    """Write a page per source that names (person, company, source), and resolve them."""
    con.execute("BEGIN")
    for source in sorted({source for _, _, source in named}):
        url = f"https://{source}.example/{at:%Y%m%d%H%M}"
        mentions = tuple(
            Mention(
                content_id(url, person, company), url, person, "Geschäftsführerin", "executive", company, "company", None,
                "appointment", at.date() - timedelta(days=1), False, f"{person}, Geschäftsführerin der {company}", "body", 0.95,
            )
            for person, company, from_source in named if from_source == source
        )  # fmt: skip
        page = Page(url, url, source, "news", 200, at, None, None, "text/html", url.encode())
        write_facts(
            con, [page], [Document(url, "news", source, at, "de", "", mentions)], batch=url, run_id=f"{at:%Y%m%d}"
        )
    con.execute("COMMIT")
    resolve(con, now=at)


def person_ids(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Return name -> person_id."""
    return dict(con.execute("SELECT name, person_id FROM people").fetchall())


def write_calls(con: duckdb.DuckDBPyConnection, dials: Sequence[Dial]) -> None:
    """Append dials to the log; a person that no page named is called by the name as id."""
    ids = person_ids(con)
    for dial in dials:
        person = ids.get(dial.person, dial.person)
        con.execute(
            "INSERT INTO calls (call_id, person_id, called_at, outcome, minutes, next_at, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                content_id(person, dial.at, dial.outcome),
                person,
                dial.at,
                dial.outcome,
                dial.minutes,
                dial.next_at,
                dial.at,
            ],
        )


def published(
    settings: Settings, dials: Sequence[Dial], now: datetime, named: Sequence[tuple[str, str, str]] = ()
) -> None:
    """Write people and dials into the home, score and publish as of `now`."""
    with working_store(settings.home) as con:
        if named:
            write_people(con, named, now - timedelta(days=60))
        write_calls(con, dials)
        score(con, settings, now=now)
        publish(con, settings.home)


def reviewed(settings: Settings, first: date, last: date, only: int | None = None) -> Review:
    """Ask the questions of a period."""
    con = open_snapshot(settings.home)
    try:
        return ask(con, settings, Period(first, last), only)
    finally:
        con.close()


def settings_in(home: Path, **changes: object) -> Settings:
    """Return settings with their home in `home`."""
    return Settings.model_validate({"home": home, **changes})
