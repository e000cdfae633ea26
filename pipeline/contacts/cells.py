"""What stands in the cells of a CRM file: dates, counts, flags, in the ways Germans and Americans write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# Cells that say "nothing here" in words
_EMPTY = frozenset(
    ["", "-", "--", "---", "n/a", "na", "n.a.", "k.a.", "k. a.", "keine", "keiner", "unbekannt", "unknown", "none", "null", "nan", "?", "nicht bekannt", "entfällt", "#nv", "#n/a"]
)  # fmt: skip
_MONTHS = {
    name: number
    for number, words in enumerate(
        ("jan januar january jän jänner", "feb februar february", "mar mär märz march mrz maerz", "apr april", "mai may", "jun juni june", "jul juli july", "aug august", "sep sept september", "okt oct oktober october", "nov november", "dez dec dezember december"),
        1,
    )
    for name in words.split()
}  # fmt: skip
_DAY = re.compile(r"^(\d{1,4})\s*([./\-])\s*(\d{1,2})\s*\2\s*(\d{2,4})(?:[T,\s]+(.*))?$")
_WORDED = re.compile(
    r"^(?:[a-zäöü]{2,10}\.?,?\s+)?(?:(\d{1,2})\.?\s+([a-zäöü]{3,10})\.?|([a-zäöü]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?),?\s+(\d{4})(?:[T,\s]+(.*))?$",
    re.I,
)
_CLOCK = re.compile(
    r"^(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?\s*(uhr|am|pm)?\s*(z|utc|[+-]\d{2}:?\d{2})?$", re.I
)


# the apostrophe by which a spreadsheet keeps a number as text
_TEXT_MARK = re.compile(r"^'[+=@\d-]")


def cleaned(cell: str) -> str:
    """Return a cell without surrounding space and control characters; "" when it says that nothing is known."""
    text = " ".join("".join(c if c.isprintable() else " " for c in cell).split())
    return "" if text.lower() in _EMPTY else text[1:] if _TEXT_MARK.match(text) else text


def day_first(cells: Sequence[str]) -> bool:
    """Tell whether slashed dates of a column are day/month: some number above 12 decides, else the German order."""
    for cell in cells:
        match = _DAY.match(cell.strip())
        if match and match[2] == "/" and len(match[1]) <= 2:
            if int(match[1]) > 12:
                return True
            if int(match[3]) > 12:
                return False
    return True


def moment(text: str, zone: ZoneInfo, days_first: bool = True) -> datetime:
    """Return the aware time that a cell gives (midnight in `zone` for a bare day). Raises ValueError."""
    text = text.strip()
    if re.fullmatch(r"\d{5}(?:[.,]\d+)?", text) and 20_000 < float(text.replace(",", ".")) < 80_000:
        return (datetime(1899, 12, 30) + timedelta(days=float(text.replace(",", ".")))).replace(tzinfo=zone)  # noqa: DTZ001 - zone follows
    if re.fullmatch(r"1\d{9}|1\d{12}", text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return datetime.fromtimestamp(seconds, ZoneInfo("UTC")).astimezone(zone)
    match = _DAY.match(text)
    worded = None if match else _WORDED.match(text)
    if match:
        first, mark, second, third, rest = match.groups()
        if len(first) == 4:
            year, month, day = int(first), int(second), int(third)
        elif len(first) <= 2 and len(third) in (2, 4):
            swap = mark == "/" and not days_first
            day, month, year = (int(second), int(first), int(third)) if swap else (int(first), int(second), int(third))
            if year < 100:
                year += 2000 if year < 70 else 1900
        else:
            raise ValueError(f"{text!r} is no date")
    elif worded:
        number = worded[1] or worded[4]
        name = (worded[2] or worded[3]).lower()
        if name not in _MONTHS:
            raise ValueError(f"{text!r} is no date")
        day, month, year, rest = int(number), _MONTHS[name], int(worded[5]), worded[6]
    else:
        raise ValueError(f"{text!r} is no date")
    hour = minute = second_ = 0
    if rest and rest.strip():
        clock = _CLOCK.match(rest.strip())
        if not clock:
            raise ValueError(f"{text!r} is no date")
        hour, minute, second_ = int(clock[1]), int(clock[2]), int(clock[3] or 0)
        half = (clock[4] or "").lower()
        if half in ("am", "pm"):
            hour = hour % 12 + (12 if half == "pm" else 0)
        if clock[5]:
            offset = "+00:00" if clock[5].lower() in ("z", "utc") else clock[5]
            found = datetime.fromisoformat(f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second_:02}{offset}")
            return found.astimezone(zone)
    if not 1970 <= year <= 2100:
        raise ValueError(f"{text!r} is no date of this age")
    try:
        return datetime(year, month, day, hour, minute, second_, tzinfo=zone)
    except ValueError:
        raise ValueError(f"{text!r} is no date") from None


def count(text: str) -> int:
    """Return a whole number from 0 that a cell gives ("3", "3,0", "1.204", "4x"). Raises ValueError."""
    squeezed = re.sub(r"\s|(?<=\d)(?:x|mal)$", "", text.lower())
    if re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", squeezed):
        return int(re.sub(r"[.,]", "", squeezed))
    match = re.fullmatch(r"(\d{1,6})(?:[.,]0*)?", squeezed)
    if not match:
        raise ValueError(f"{text!r} is no count")
    return int(match[1])
