"""The day that a sentence gives for a reason: "zum 1. April", "am Freitag", "on 3 March"."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

_MONTHS: Final = {
    name: number + 1
    for number, names in enumerate(
        (
            "januar jänner january jan", "februar feber february feb", "märz march mar mär", "april apr", "mai may", "juni june jun",
            "juli july jul", "august aug", "september sept sep", "oktober october okt oct", "november nov", "dezember december dez dec",
        )
    )
    for name in names.split()
}  # fmt: skip
_NAMES: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))
_GERMAN = re.compile(rf"\b([0-3]?\d)\.\s?(?:({_NAMES})\b\.?|([01]?\d)\.)\s?((?:19|20)\d\d)?", re.IGNORECASE)
_ENGLISH = re.compile(
    rf"\b(?:([0-3]?\d)(?:st|nd|rd|th)?\s({_NAMES})|({_NAMES})\.?\s([0-3]?\d)(?:st|nd|rd|th)?)\b(?:,?\s((?:19|20)\d\d))?",
    re.IGNORECASE,
)
_MONTH_ONLY = re.compile(
    rf"\b(?:im|ab|seit|in|since|from|anfang|ende|mitte|zum)\s(?:dem\s)?({_NAMES})\b\s?((?:19|20)\d\d)?", re.IGNORECASE
)
_WEEKDAYS: Final = {
    "montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonnabend": 5, "sonntag": 6,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
_WEEKDAY = re.compile(
    rf"\b(am|vom|zum|on|seit|last|next|kommenden|nächsten|vergangenen|diesen)\s(?:(kommenden|nächsten|vergangenen|letzten|next|last)\s)?({'|'.join(_WEEKDAYS)})",
    re.IGNORECASE,
)
_NEXT: Final = frozenset(("kommenden", "nächsten", "next"))
_RELATIVE: Final = {
    "vorgestern": -2, "gestern": -1, "yesterday": -1, "heute": 0, "today": 0, "übermorgen": 2, "tomorrow": 1,
}  # fmt: skip
_RELATIVE_WORD = re.compile(rf"\b({'|'.join(_RELATIVE)})\b", re.IGNORECASE)


def day_of(sentence: str, published: datetime | None) -> date | None:
    """Return the day that a sentence names, the first one; without a year the nearest to `published`.

    Relative days ("am Freitag", "yesterday") need `published`. A month alone stands for its first day.
    """
    known = published.date() if published else None
    sentence = sentence[:2000]
    match = _GERMAN.search(sentence)
    if match:
        month = _MONTHS[match.group(2).lower()] if match.group(2) else int(match.group(3))
        found = _day(int(match.group(1)), month, match.group(4), known)
        if found:
            return found
    match = _ENGLISH.search(sentence)
    if match:
        month = _MONTHS[(match.group(2) or match.group(3)).lower()]
        found = _day(int(match.group(1) or match.group(4)), month, match.group(5), known)
        if found:
            return found
    match = _MONTH_ONLY.search(sentence)
    if match:
        found = _day(1, _MONTHS[match.group(1).lower()], match.group(2), known)
        if found:
            return found
    if known is None:
        return None
    match = _WEEKDAY.search(sentence)
    if match:
        shift = (_WEEKDAYS[match.group(3).lower()] - known.weekday()) % 7
        ahead = (match.group(2) or match.group(1)).lower() in _NEXT
        return known + timedelta(days=shift if ahead and shift else 7 if ahead else shift - 7 if shift else 0)
    match = _RELATIVE_WORD.search(sentence)
    return known + timedelta(days=_RELATIVE[match.group(1).lower()]) if match else None


def _day(day: int, month: int, year: str | None, known: date | None) -> date | None:
    try:
        if year is not None:
            return date(int(year), month, day)
        if known is None:
            return None
        options = [date(y, month, day) for y in (known.year - 1, known.year, known.year + 1)]
        return min(options, key=lambda d: abs((d - known).days))
    except ValueError:
        return None
