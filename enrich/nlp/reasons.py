"""Why a mention is news: the strongest trigger about the person, and its day."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from enrich.nlp.vocabulary import reasons
from enrich.records import Trigger

_MONTHS = {
    m: i + 1
    for i, names in enumerate(
        (
            "januar jänner january", "februar february feber", "märz march", "april", "mai may", "juni june", "juli july",
            "august", "september", "oktober october", "november", "dezember december",
        )
    )
    for m in names.split()
}  # fmt: skip
_NAMES = "|".join(_MONTHS)
_DAY_MONTH = re.compile(rf"\b([0-3]?\d)\.\s?(?:({_NAMES})|([01]?\d)\.)\s?((?:19|20)\d\d)?", re.IGNORECASE)
_ENGLISH = re.compile(
    rf"\b(?:([0-3]?\d)(?:st|nd|rd|th)?\s({_NAMES})|({_NAMES})\s([0-3]?\d))(?:,?\s(20\d\d))?\b", re.IGNORECASE
)
_WEEKDAYS = {
    "montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonnabend": 5, "sonntag": 6,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
_WEEKDAY = re.compile(rf"\b(?:am|on|vom)\s(?:vergangenen\s|last\s)?({'|'.join(_WEEKDAYS)})", re.IGNORECASE)
_RELATIVE = {"vorgestern": -2, "gestern": -1, "yesterday": -1, "heute": 0, "today": 0, "morgen": 1, "tomorrow": 1}


def trigger_of(sentence: str, about: str) -> Trigger:
    """Return the strongest trigger told by `sentence` (names the person) or by `about` (text on the company).

    Only reasons that concern an organisation as a whole are taken from `about`.
    """
    own, around = sentence.lower(), about.lower()
    weak: Trigger = "mention"
    for reason in reasons():
        if reason.pattern is None:
            continue
        if reason.pattern.search(own):
            return reason.name
        if reason.name in _OF_COMPANY and around and reason.pattern.search(around):
            return reason.name
    return weak


_OF_COMPANY = frozenset(
    (
        "insolvency",
        "layoffs",
        "voting_rights",
        "acquisition",
        "founding",
        "funding",
        "expansion",
        "anniversary",
        "award",
        "results",
    )
)


def day_of(sentence: str, published: datetime | None) -> date | None:
    """Return the day that the sentence names; relative days need `published`."""
    known = published.date() if published else None
    match = _DAY_MONTH.search(sentence)
    if match:
        month = _MONTHS[match.group(2).lower()] if match.group(2) else int(match.group(3))
        return _day(int(match.group(1)), month, match.group(4), known)
    match = _ENGLISH.search(sentence)
    if match:
        month = _MONTHS[(match.group(2) or match.group(3)).lower()]
        return _day(int(match.group(1) or match.group(4)), month, match.group(5), known)
    if known is None:
        return None
    lower = sentence.lower()
    match = _WEEKDAY.search(lower)
    if match:
        back = (known.weekday() - _WEEKDAYS[match.group(1)]) % 7
        return known - timedelta(days=back)
    for word, shift in _RELATIVE.items():
        if re.search(rf"\b{word}\b", lower):
            return known + timedelta(days=shift)
    return None


def _day(day: int, month: int, year: str | None, known: date | None) -> date | None:
    if year is None and known is None:
        return None
    try:
        if year is not None:
            return date(int(year), month, day)
        assert known is not None
        options = [date(y, month, day) for y in (known.year - 1, known.year, known.year + 1)]
        return min(options, key=lambda d: abs((d - known).days))
    except ValueError:
        return None
