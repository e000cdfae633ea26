"""Writing what enrich read into the fact tables; every statement can be repeated without doubling a row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from enrich.reader import site_of
from enrich.records import CompanyProfile, Document, EventListing, Mention, Page, to_json


@dataclass(slots=True)
class Written:
    """How many rows one batch brought."""

    people: int = 0
    events: int = 0
    profiles: int = 0


def write_facts(
    con: duckdb.DuckDBPyConnection,
    pages: Sequence[Page],
    documents: Sequence[Document],
    *,
    batch: str,
    run_id: str,
) -> Written:
    """Write one batch inside the caller's transaction."""
    written = Written()
    by_url: dict[str, Page] = {}
    for page in pages:
        if page.status == 200:
            by_url[page.url] = page
    of_document = {document.url: document for document in documents}
    page_rows = [_page_row(page, of_document.get(url), batch, run_id) for url, page in by_url.items()]
    if page_rows:
        con.execute("DELETE FROM pages WHERE url IN (SELECT unnest(?::VARCHAR[]))", [list(by_url)])
        _insert(con, "pages", page_rows)
    mentions: dict[str, list[Any]] = {}
    for document in documents:
        origin = by_url.get(document.url) or by_url.get(next(iter(by_url), ""))
        if origin is None:
            continue
        event_of = _write_events(con, document, origin, written)
        configured = not origin.source.startswith("lookup:")
        if document.company is not None:
            _write_profile(con, document.company, origin)
            written.profiles += 1
        if document.kind == "company" and not configured:
            continue  # directors of a looked-up company are no news; they stay in its profile
        for mention in document.people:
            page = by_url.get(mention.page_url, origin)
            mentions[mention.mention_id] = _mention_row(
                mention, document, page, event_of.get((mention.person, mention.company)), run_id
            )
    if mentions:
        known = {
            row[0]
            for row in con.execute(
                "SELECT mention_id FROM mentions WHERE mention_id IN (SELECT unnest(?::VARCHAR[]))",
                [list(mentions)],
            ).fetchall()
        }
        fresh = [row for key, row in mentions.items() if key not in known]
        _insert(con, "mentions", fresh)
        written.people += len(fresh)
    return written


def _insert(con: duckdb.DuckDBPyConnection, table: str, rows: list[list[Any]]) -> None:
    if rows:
        marks = ", ".join("?" for _ in rows[0])
        con.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608 - table names are ours


def _page_row(page: Page, document: Document | None, batch: str, run_id: str) -> list[Any]:
    return [
        page.url, page.final_url, page.source, page.kind, page.status, page.fetched_at,
        document.title if document else None, document.published if document else None,
        document.language if document else None, len(document.people) if document else 0,
        hashlib.blake2b(page.body, digest_size=16).hexdigest(), list(document.links) if document else [],
        list(document.warnings) if document else [], batch, run_id,
    ]  # fmt: skip


def _mention_row(m: Mention, document: Document, page: Page, event_id: str | None, run_id: str) -> list[Any]:
    return [
        m.mention_id, m.page_url, m.person, m.role, m.role_level, m.company, m.org_kind, m.place, m.trigger,
        m.trigger_date, m.former, m.evidence, m.section, m.confidence, m.title, m.evidence_start, m.evidence_end,
        page.source, document.published, document.language, page.fetched_at, event_id, run_id,
    ]  # fmt: skip


def _moments(value: datetime | date | None) -> tuple[datetime | None, date | None]:
    if isinstance(value, datetime):
        return value, value.date()
    return None, value


def _write_events(
    con: duckdb.DuckDBPyConnection, document: Document, page: Page, written: Written
) -> dict[tuple[str, str], str]:
    event_of: dict[tuple[str, str], str] = {}
    mention_of = {(m.person, m.company): m.mention_id for m in document.people}
    for event in document.events:
        _write_event(con, event, page)
        written.events += 1
        people = []
        for person in event.people:
            key = (person.name, person.company or "")
            if person.company:
                event_of.setdefault(key, event.event_id)
            people.append(
                [
                    event.event_id,
                    person.name,
                    person.role,
                    person.company,
                    person.as_,
                    person.evidence,
                    mention_of.get(key),
                ]
            )
        con.execute("DELETE FROM event_people WHERE event_id = ?", [event.event_id])
        _insert(con, "event_people", people)
    if document.kind == "event":
        _cancel_vanished(con, document, page)
    return event_of


def _write_event(con: duckdb.DuckDBPyConnection, event: EventListing, page: Page) -> None:
    start_at, start_day = _moments(event.start)
    end_at, _ = _moments(event.end)
    known = con.execute("SELECT first_seen FROM events WHERE event_id = ?", [event.event_id]).fetchall()
    con.execute("DELETE FROM events WHERE event_id = ?", [event.event_id])
    first_seen = known[0][0] if known else page.fetched_at
    _insert(
        con,
        "events",
        [[
            event.event_id, event.title, start_at, start_day, end_at, event.place, event.url, event.organizer,
            page.source, page.url, first_seen, page.fetched_at, event.cancelled,
        ]],
    )  # fmt: skip


def _cancel_vanished(con: duckdb.DuckDBPyConnection, document: Document, page: Page) -> None:
    """Cancel known events to come of the same listing that are no longer stated; the rule is enrich.events.vanished.

    The spider hands an event source on whole or not at all, so that a page that failed calls nothing off.
    """
    from enrich.events import EventReading, vanished  # noqa: PLC0415 - calendars load slowly

    today = page.fetched_at.date()
    rows = con.execute(
        "SELECT event_id, start_day FROM events WHERE source = ? AND page_url = ? AND start_day > ? AND NOT cancelled",
        [page.source, page.url, today],
    ).fetchall()
    gone = vanished(dict(rows), EventReading(document.events), today)
    if gone:
        con.execute("UPDATE events SET cancelled = true WHERE event_id IN (SELECT unnest(?::VARCHAR[]))", [list(gone)])


def _write_profile(con: duckdb.DuckDBPyConnection, profile: CompanyProfile, page: Page) -> None:
    website = site_of(profile.website or page.final_url or page.url)
    con.execute("DELETE FROM company_profiles WHERE website = ?", [website])
    _insert(
        con,
        "company_profiles",
        [[
            website, profile.company, profile.legal_form, profile.street, profile.postcode, profile.town,
            profile.country, list(profile.phones), list(profile.faxes), list(profile.emails),
            json.dumps(to_json(profile.people), ensure_ascii=False),
            profile.register.court if profile.register else None,
            profile.register.number if profile.register else None,
            profile.vat_id, profile.page_url, page.fetched_at.astimezone(UTC),
        ]],
    )  # fmt: skip
