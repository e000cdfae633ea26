"""Rows of a call list in the documented columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipeline.scoring.openers import Occasion, opening_line, reason_words
from pipeline.settings import Settings

COLUMNS = (
    "rank", "score", "title", "first_name", "last_name", "role", "company", "phone", "phone_kind", "email", "street",
    "postcode", "town", "website", "reason", "opening_line", "evidence", "source", "source_url", "published", "event",
    "event_start", "attempts", "last_called", "why", "prospect_id", "first_seen",
)  # fmt: skip
_SQL = Path(__file__).with_name("details.sql").read_text("utf-8")
Row = dict[str, Any]


def details(con: duckdb.DuckDBPyConnection, where: str, order: str, limit: int | None) -> list[Row]:
    """Return prospects with all that a list needs; `where` and `order` are SQL of this package, never of users."""
    query = f"SELECT * FROM ({_SQL}) d WHERE {where} ORDER BY {order}"  # noqa: S608
    if limit is not None:
        query += f" LIMIT {int(limit)}"
    cursor = con.execute(query)
    names = [item[0] for item in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def call_row(found: Mapping[str, Any], rank: int, settings: Settings, titles: Mapping[str, str], today: date) -> Row:
    """Turn a prospect into a row of the default preset; values are text, numbers or empty strings."""
    published = found["published"]
    language = str(found["language"] or "de")
    occasion = Occasion(
        trigger=str(found["trigger"] or "mention"), language=language, first_name=_given(found),
        surname=str(found["surname"] or found["name"]), gender=_gender(found), company=str(found["company"] or ""),
        source=titles.get(str(found["source"]), str(found["source"] or "")),
        read_on=published.astimezone(settings.zone).date() if published else found["reason_day"],
        event=found["event"], event_day=found["event_day"],
    )  # fmt: skip
    phone = found["direct_phone"] or found["site_phone"]
    return {
        "rank": rank,
        "score": found["score"],
        "title": _academic(found["title"]),
        "first_name": occasion.first_name,
        "last_name": occasion.surname,
        "role": found["role"] or "",
        "company": occasion.company,
        "phone": phone or "",
        "phone_kind": "direct" if found["direct_phone"] else "switchboard" if phone else "",
        "email": found["contact_email"] or found["site_email"] or "",
        "street": found["street"] or "",
        "postcode": found["postcode"] or "",
        "town": found["town"] or found["place"] or "",
        "website": f"https://{found['website']}/" if found["website"] else "",
        "reason": reason_words(occasion, today) if found["trigger"] else "",
        "opening_line": opening_line(occasion, today) if found["trigger"] else "",
        "evidence": found["evidence"] or "",
        "source": occasion.source,
        "source_url": found["page_url"] or "",
        "published": _stamp(published, settings),
        "event": found["event"] or "",
        "event_start": _stamp(found["event_start"], settings) or _stamp(found["event_day"], settings),
        "attempts": found["attempts"],
        "last_called": _stamp(found["last_called"], settings),
        "why": why(found["score_parts"]),
        "prospect_id": found["prospect_id"],
        "first_seen": _stamp(found["first_seen"], settings),
    }


def why(parts: str | Sequence[Mapping[str, Any]]) -> str:
    """Return the score's explanation: "reason 34 (appointment, 1 days old); role 24 (executive)"."""
    read: Sequence[Mapping[str, Any]] = json.loads(parts) if isinstance(parts, str) else parts
    return "; ".join(f"{part['name']} {part['points']} ({part['detail']})" for part in read)


def _given(found: Mapping[str, Any]) -> str:
    """Return the given names as worded: the name without the surname at its end."""
    name, surname = str(found["name"]), str(found["surname"] or "")
    if surname and name.lower().endswith(surname.lower()):
        return name[: len(name) - len(surname)].strip()
    return str(found["given"] or "")


def _gender(found: Mapping[str, Any]) -> str:
    title = str(found["title"] or "")
    if "Frau" in title or title.startswith(("Ms", "Mrs")):
        return "f"
    if "Herr" in title or title.startswith("Mr"):
        return "m"
    role = str(found["role"] or "")
    if role.endswith(("in", "frau")) and found["language"] == "de" and not role.endswith(("Admin", "Termin")):
        return "f"
    gender = str(found["gender"] or "")
    return {"f": "f", "m": "m", "female": "f", "male": "m"}.get(gender, "unknown")


def _academic(title: str | None) -> str:
    words = [
        w for w in (title or "").split() if w not in ("Frau", "Herr", "Herrn", "Mr", "Mrs", "Ms", "Mr.", "Ms.", "Mrs.")
    ]
    return " ".join(words)


def _stamp(value: datetime | date | None, settings: Settings) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(settings.zone).isoformat(timespec="minutes")
    return value.isoformat()
