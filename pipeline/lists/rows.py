"""Rows of a call list in the documented columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from enrich.roles import nominative
from pipeline.dispositions.outcomes import dispositions
from pipeline.lists.presets import Row, preset
from pipeline.scoring.openers import Occasion, opening_line, reason_words
from pipeline.scoring.scoring import no_reasons
from pipeline.settings import Settings

COLUMNS = preset("default").names
_SQL = Path(__file__).with_name("details.sql").read_text("utf-8")


def details(con: duckdb.DuckDBPyConnection, prospect_ids: Sequence[str]) -> list[Row]:
    """Return all that a list needs of these prospects, in this order; unknown ids are left out."""
    con.execute("CREATE OR REPLACE TEMP TABLE picked (prospect_id VARCHAR, rank INTEGER)")
    con.execute(
        "INSERT INTO picked SELECT unnest(?::VARCHAR[]), unnest(range(1, ?::INTEGER + 1))",
        [list(prospect_ids), len(prospect_ids)],
    )
    cursor = con.execute(_SQL)
    names = [item[0] for item in cursor.description or ()]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]


def occasion_of(found: Mapping[str, Any], settings: Settings, titles: Mapping[str, str], today: date) -> Occasion:
    """Return what the opening line of a prospect is made of."""
    published, trigger = found["published"], str(found["trigger"] or "neutral")
    referred = trigger == "referral"
    if _agreed_today(found, settings, today):
        trigger = "callback"
    elif trigger in no_reasons(settings):
        trigger = "neutral"
    read_on = published.astimezone(settings.zone).date() if published else None
    return Occasion(
        trigger=trigger, language=str(found["language"] or _main_language(settings)), first_name=_given(found),
        surname=str(found["surname"] or found["name"]), gender=_gender(found), company=str(found["company"] or ""),
        source=titles.get(str(found["source"]), str(found["source"] or "")),
        read_on=found["reason_day"] if referred or read_on is None else read_on, event=found["event"],
        event_day=found["event_day"], title=_academic(found["title"]), role=_role(found, settings),
        evidence=str(found["evidence"] or ""), own_site=found["section"] == "imprint",
        referrer=str(found["referrer"] or ""),
    )  # fmt: skip


def _agreed_today(found: Mapping[str, Any], settings: Settings, today: date) -> bool:
    """True when the last talk ended with "call me again" and that day has come."""
    due = found["next_call"]
    return found["last_outcome"] == "callback" and due is not None and due.astimezone(settings.zone).date() <= today


def _role(found: Mapping[str, Any], settings: Settings) -> str:
    """Return the role as a list names it: a sentence may have had it in another case."""
    role, gender = str(found["role"] or ""), _gender(found)
    if not role or str(found["language"] or _main_language(settings)) != "de":
        return role
    return nominative(role, None if gender not in ("f", "m") else gender == "f")


def _main_language(settings: Settings) -> str:
    return settings.languages[0]


def call_row(found: Mapping[str, Any], rank: int, settings: Settings, titles: Mapping[str, str], today: date) -> Row:
    """Turn a prospect into a row of the default columns and the extras that presets use.

    Values are text, numbers or empty strings; times are ISO 8601 in the user's time zone.
    """
    occasion = occasion_of(found, settings, titles, today)
    phone = found["direct_phone"] or found["site_phone"]
    return {
        "rank": rank,
        "score": found["score"],
        "title": occasion.title,
        "first_name": occasion.first_name,
        "last_name": occasion.surname,
        "role": occasion.role,
        "company": occasion.company,
        "phone": phone or "",
        "phone_kind": "direct" if found["direct_phone"] else "switchboard" if phone else "",
        "email": found["contact_email"] or found["site_email"] or "",
        "street": found["street"] or "",
        "postcode": found["postcode"] or "",
        # where an event takes place is not where its people work
        "town": found["town"] or ("" if found["event_id"] else found["place"]) or "",
        "website": f"https://{found['website']}/" if found["website"] else "",
        "reason": _with_change(_reason(found, occasion, today), found, occasion),
        "opening_line": opening_line(occasion, today, settings.openers),
        "evidence": occasion.evidence,
        "source": occasion.source,
        "source_url": found["page_url"] or "",
        "published": _stamp(found["published"], settings),
        "event": found["event"] or "",
        "event_start": _stamp(found["event_start"], settings) or _stamp(found["event_day"], settings),
        "attempts": found["attempts"],
        "last_called": _stamp(found["last_called"], settings),
        "why": why(found["score_parts"]),
        "prospect_id": found["prospect_id"],
        "first_seen": _stamp(found["first_seen"], settings),
        "state": found["state"],
        "reason_kind": occasion.trigger,
        "gender": occasion.gender,
        "language": occasion.language,
        "country": found["country"] or settings.territory.country,
        "last_outcome": found["last_outcome"] or "",
        "next_call": _stamp(found["next_call"], settings),
    }


def _reason(found: Mapping[str, Any], occasion: Occasion, today: date) -> str:
    """Say why now: the news, else how things stand; a contact that was given up before says what is new."""
    words, german = reason_words(occasion, today), occasion.language != "en"
    if found["reopened"]:
        again = "wieder anrufen" if german else "call again"
        return f"{again}: {words}" if words else again
    if words or found["state"] not in ("working", "listed", "exhausted"):
        return words
    if not found["attempts"]:
        return "bekannter Kontakt, noch nicht angerufen" if german else "known contact, not called yet"
    count = found["attempts"]
    if german:
        return f"{count} {'Anruf' if count == 1 else 'Anrufe'} bisher, zuletzt: {_worded(found, 'de')}"
    return f"{count} {'call' if count == 1 else 'calls'} so far, last: {_worded(found, 'en')}"


def _with_change(reason: str, found: Mapping[str, Any], occasion: Occasion) -> str:
    """Add where a known contact was before, so that the caller knows whom the old notes mean."""
    before = found["previous_company"]
    if not before or not (found["known_contact"] or found["attempts"]):
        return reason
    words = f"{'previously at' if occasion.language == 'en' else 'vorher bei'} {before}"
    return f"{reason}; {words}" if reason else words


def _worded(found: Mapping[str, Any], language: str) -> str:
    known = dispositions().get(found["last_outcome"])
    return getattr(known, language) if known else "?"


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
