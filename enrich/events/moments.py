"""When an event takes place: the best day and time among the dates of its lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from enrich.events.dates import Clock, Day, at, complete_year, find_days, find_times, parse_stamp
from enrich.events.layout import Line
from enrich.events.pages import word_pattern

_HAPPENS = re.compile(
    r"\b(?:findet|fand|finden|stattfinden|statt|takes? place|taking place|held on|treffen|trifft|wann|when|vom|begins|beginnt|laden|einladung|join us|lädt|veranstaltet|visiting|gibt|referiert)\b",
    re.I,
)
_RESULT = re.compile(r"\b(?:19|20)\d\d\b")
_SEASON = re.compile(
    r"(?:semester|saison|season|programm|jahresprogramm|trimester|spring|fall|autumn|winter|summer)\s?(?:wintersemester|sommersemester)?\s?(20\d\d)",
    re.I,
)
_LABEL = re.compile(r"^\s*(?P<label>[^:：]{2,40}?)\s*[:：]\s*(?P<rest>.+)$")


@dataclass(slots=True)
class Moment:
    """A dated line: `score` says how much it looks like the day of the event (see `score_line`)."""

    line: int
    day: Day
    clock: Clock | None
    score: int
    labelled: bool = False


def class_pattern(key: str) -> re.Pattern[str]:
    """Return a pattern for a list of class words of data/event_words.yml."""
    from enrich.events.pages import vocabulary  # noqa: PLC0415 - one place for the vocabulary's cache

    found = _CLASS_CACHE.get(key)
    if found is None:
        listed = sorted((str(word) for word in vocabulary()[key]), key=len, reverse=True)
        found = re.compile(r"(?:^|[\s_-])(?:" + "|".join(re.escape(word) for word in listed) + r")(?:$|[\s_-])", re.I)
        _CLASS_CACHE[key] = found
    return found


_CLASS_CACHE: dict[str, re.Pattern[str]] = {}


def label_of(text: str, key: str) -> str | None:
    """Return what follows the label of a line when the label is one of a list ("Ort: X" -> "X"), else None."""
    match = _LABEL.match(text)
    if not match:
        return None
    label = match["label"].strip(" *•")
    return match["rest"].strip() if word_pattern(key).fullmatch(label) else None


def is_label(text: str, key: str) -> bool:
    """Tell whether a line is nothing but such a label ("Ort", "Wann:")."""
    return bool(word_pattern(key).fullmatch(text.strip(" :：*•|?").lower())) if len(text) <= 45 else False


def dated_lines(
    lines: Sequence[Line], first: int, last: int, *, today: date, hint: int | None, american: bool
) -> list[Moment]:
    """Return every line of a span that holds a day, with its score; years completed from headings and `hint`."""
    found: list[Moment] = []
    year = hint
    label = False
    other = 0
    for number in range(first, last):
        line = lines[number]
        if line.nav:
            continue
        stated = [int(y) for y in _RESULT.findall(line.text)]
        if stated and (line.level or len(line.text) <= 40) and not class_pattern("meta_date_classes").search(line.cls):
            year = stated[0]
        elif season := _SEASON.search(line.text[:120]):
            year = int(season[1])
        days = find_days(line.text, american=american)
        if not days and line.times:
            stamp = parse_stamp(line.times[0])
            if stamp is not None:
                days = [Day(0, 0, stamp.date() if isinstance(stamp, datetime) else stamp, None, True)]
        if days:
            day = complete_year(days[0], hint=year, today=today)
            if day.year:
                score, labelled = score_line(line, days[0])
                if label:
                    score, labelled = score + 4, True
                if other and number - other <= 2:
                    score -= 6
                clock = _clock_near(lines, number, last, days)
                if clock is not None:
                    score += 2
                found.append(Moment(number, _joined(days, day, today, year), clock, score, labelled))
        label = is_label(line.text, "date_labels")
        if word_pattern("other_dates").search(line.text) and not days and len(line.text) <= 40:
            other = number
    return found


def _joined(days: list[Day], day: Day, today: date, year: int | None) -> Day:
    """Two days in one line are a range when they are close ("12.09.2015 und 13.09.2015")."""
    if len(days) < 2 or day.last is not None:
        return day
    second = complete_year(days[1], hint=day.first.year, today=today)
    if second.year and 0 < (second.first - day.first).days <= 14:
        return Day(day.begin, day.end, day.first, second.last or second.first, True, day.weekday)
    return day


def score_line(line: Line, day: Day) -> tuple[int, bool]:
    """Score how much a day in a line is the day of an event: labels and classes count, prose and meta data less."""
    text = line.text
    score = 0
    before = text[: day.begin]
    labelled = label_of(text, "date_labels") is not None and day.begin < 60
    if labelled:
        score += 5
    if word_pattern("other_dates").search(before[-60:]) or (
        line.cls and word_pattern("other_dates").search(line.cls.replace("-", " "))
    ):
        score -= 6
    if class_pattern("meta_date_classes").search(line.cls):
        score -= 4
        score -= 2
    elif class_pattern("date_classes").search(line.cls):
        score += 2
    if line.level:
        score += 2
    if len(text) <= 60:
        score += 2
    elif len(text) > 220 and day.begin > 120:
        score -= 2
    if day.begin <= 25:
        score += 1
    if day.last is not None:
        score += 2
    if _HAPPENS.search(text[max(0, day.begin - 60) : day.end + 60]):
        score += 3
    if (
        re.search(
            r"\b(?:bis(?: zum| spätestens)?|by|until|vor dem|before)\s+(?:\w+,\s)?(?:den\s)?$", before[-24:], re.I
        )
        and day.last is None
    ):
        score -= 4
    return score, labelled


def _clock_near(lines: Sequence[Line], number: int, last: int, days: list[Day]) -> Clock | None:
    line = lines[number]
    clocks = find_times(line.text)
    if clocks:
        after = [clock for clock in clocks if clock.begin >= days[0].end]
        return (after or clocks)[0]
    if line.times:
        stamp = parse_stamp(line.times[0])
        if (
            isinstance(stamp, datetime)
            and len(line.text) <= 60
            and not class_pattern("meta_date_classes").search(line.cls)
        ):
            return Clock(0, 0, stamp.timetz().replace(tzinfo=None), None)
    for index in range(number + 1, min(number + 7, last)):
        following = lines[index]
        if find_days(following.text) and index > number + 1:
            break
        short = len(following.text) <= 60
        if short or label_of(following.text, "time_labels"):
            clocks = find_times(following.text)
            if clocks and (clocks[0].begin <= 22 or label_of(following.text, "time_labels")):
                return clocks[0]
    return None


def span(moment: Moment) -> tuple[datetime | date, datetime | date | None]:
    """Return start and end of a dated line: aware datetimes where a time is stated, else days."""
    day, clock = moment.day, moment.clock
    if clock is None:
        return day.first, day.last
    start = at(day.first, clock.start, clock.zone)
    if clock.until is None:
        return start, at(day.last, clock.start, clock.zone) if day.last else None
    last = day.last or day.first
    end = at(last, clock.until, clock.zone)
    return start, end if end > start else None
