"""The figures of a review from a plain list of calls: no SQL, counted one by one."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from pipeline.plan.workdays import reserved_blocks
from tests.quarter.quarter import FINAL, SPOKEN, Call, Quarter


def days_of(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def counts(calls: Iterable[Call]) -> tuple[int, int, int, int]:
    """Return dials, conversations, appointments, sales."""
    kept = list(calls)
    return (
        len(kept), sum(c.outcome in SPOKEN for c in kept), sum(c.outcome == "appointment" for c in kept),
        sum(c.outcome == "sale" for c in kept),
    )  # fmt: skip


def dials(made: Quarter, first: date, last: date) -> list[tuple[object, ...]]:
    rows = []
    for day in days_of(first, last):
        calls = [c for c in made.calls if c.day == day]
        number, talks, meetings, sales = counts(calls)
        rows.append((day, day in made.days, number, len({c.person for c in calls}), talks, meetings, sales))
    return rows


def phone_time(made: Quarter, first: date, last: date) -> list[tuple[object, ...]]:
    rows = []
    for day in days_of(first, last):
        calls = [c for c in made.calls if c.day == day]
        reserved = kept = inside = 0
        for weekday, starts, ends in reserved_blocks(made.settings.calling.blocks):
            if weekday != day.isoweekday() or day not in made.days:
                continue
            begin, end = (datetime.combine(day, t, made.settings.zone) for t in (starts, ends))
            inside += sum(begin <= c.at < end for c in calls)
            while begin < end:
                stop = min(begin + timedelta(minutes=15), end)
                length = int((stop - begin).total_seconds() / 60)
                reserved += length
                busy = any(
                    c.at < stop and (begin <= c.at or c.at + timedelta(minutes=float(c.minutes or 0)) > begin)
                    for c in calls
                )
                kept += length if busy else 0
                begin = stop
        spoken = sum((c.minutes for c in calls if c.minutes is not None), Decimal(0))
        rows.append(
            (day, day in made.days, spoken, sum(c.minutes is None for c in calls), reserved, kept, len(calls), inside)
        )
    return rows


def sources(made: Quarter, first: date, last: date, unfit: set[str]) -> dict[str, tuple[int, ...]]:
    by_source: dict[str, list[Call]] = defaultdict(list)
    for call in made.calls:
        if first <= call.day <= last:
            before = [(at, source) for at, source, _, _ in made.named[call.person] if at <= call.at]
            moment = max(at for at, _ in before)
            by_source[min(source for at, source in before if at == moment)].append(call)
    found = {}
    for source in {source for _, source in made.pages}:
        named = {
            p
            for p, all_ in made.named.items()
            if any(s == source and first <= at.date() <= last for at, s, _, _ in all_)
        }
        pages = sum(s == source and first <= day <= last for day, s in made.pages)
        found[source] = (pages, len(named), len(named - unfit), *counts(by_source[source]))
    return {source: row for source, row in found.items() if any(row)}


def attempts(made: Quarter, first: date, last: date) -> list[tuple[int, ...]]:
    tried: Counter[str] = Counter()
    succeeded: set[str] = set()
    by_attempt: dict[int, list[tuple[Call, bool]]] = defaultdict(list)
    for call in sorted(made.calls, key=lambda c: c.at):
        if call.day > last:
            break
        tried[call.person] += 1
        success = call.outcome in ("appointment", "sale") and call.person not in succeeded
        succeeded |= {call.person} if success else set()
        if call.day >= first:
            by_attempt[tried[call.person]].append((call, success))
    return [(n, *counts(c for c, _ in kept), sum(s for _, s in kept)) for n, kept in sorted(by_attempt.items())]


def given_up(
    made: Quarter, first: date, last: date, exhausted: set[str], others: set[str], idle: int
) -> list[tuple[int, ...]]:
    rows: dict[int, Counter[str]] = defaultdict(Counter)
    for person, calls in _by_person(made, last).items():
        newest = calls[-1]
        if newest.day < first or person in others or any(c.outcome in ("appointment", "sale") for c in calls):
            continue
        promised = [c.next_at for c in calls if c.next_at]
        ends = datetime.combine(last + timedelta(days=1), time(), made.settings.zone)
        if newest.outcome in FINAL:
            how = "final"
        elif person in exhausted:
            how = "exhausted"
        elif newest.day < last - timedelta(days=idle) and (not promised or max(promised) < ends):
            how = "dropped"
        else:
            continue
        never = not any(c.outcome in SPOKEN for c in calls)
        rows[len(calls)].update([how, "people", *(["never"] if never else [])])
    return [
        (n, row["people"], row["exhausted"], row["final"], row["dropped"], row["never"])
        for n, row in sorted(rows.items())
    ]


def new_people(made: Quarter, first: date, last: date) -> list[tuple[object, ...]]:
    found = Counter(made.found.values())
    called = Counter(min(c.day for c in calls) for calls in _by_person(made, date.max).values())
    return [(day, day in made.days, found[day], called[day]) for day in days_of(first, last)]


def overcalled(made: Quarter, first: date, last: date, customers: set[str]) -> list[tuple[object, ...]]:
    people = _by_person(made, last)
    timed = [float(c.minutes) for calls in people.values() for c in calls if c.minutes is not None]
    average = sum(timed) / len(timed)
    spent = {
        p: sum(float(c.minutes) if c.minutes is not None else average for c in calls) for p, calls in people.items()
    }
    few = [spent[p] for p, calls in people.items() if len(calls) < 5]
    bought = {c.person for c in made.calls if c.outcome == "sale"} | customers
    rows = []
    for name, low, high in (("5-9", 5, 9), ("10-14", 10, 14), ("15+", 15, 10**9)):
        kept = [
            p for p, calls in people.items() if low <= len(calls) <= high and calls[-1].day >= first and p not in bought
        ]
        minutes = sum(spent[p] for p in kept)
        rows.append(
            (
                name,
                len(kept),
                sum(len(people[p]) for p in kept),
                round(minutes / 60, 2),
                math.floor(minutes / (sum(few) / len(few))),
            )
        )
    return rows


def _by_person(made: Quarter, last: date) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = defaultdict(list)
    for call in sorted(made.calls, key=lambda c: c.at):
        if call.day <= last:
            found[call.person].append(call)
    return found


def goals(made: Quarter, day: date, goal: int) -> list[tuple[tuple[object, ...], tuple[int, int, int, int]]]:
    """Return (span, first, last, workdays, workdays gone, sales needed, sales due) and what was done, per span."""
    quarter = (day.month - 1) // 3 * 3 + 1
    ends = date(day.year + (quarter == 10), (quarter + 2) % 12 + 1, 1) - timedelta(days=1)
    month_ends = date(day.year + (day.month == 12), day.month % 12 + 1, 1) - timedelta(days=1)
    monday = day - timedelta(days=day.weekday())
    spans = {
        "year": (date(day.year, 1, 1), date(day.year, 12, 31)), "quarter": (date(day.year, quarter, 1), ends),
        "month": (day.replace(day=1), month_ends), "week": (monday, monday + timedelta(days=6)), "day": (day, day),
    }  # fmt: skip
    off = {date(2026, 10, 3), date(2026, 12, 25), *days_of(date(2026, 10, 12), date(2026, 10, 16))}
    year = [d for d in days_of(*spans["year"]) if d.weekday() < 5 and d not in off]
    rows = []
    for name, (first, last) in spans.items():
        work = [d for d in year if first <= d <= last]
        gone = [d for d in work if d <= day]
        done = counts(c for c in made.calls if first <= c.day <= min(last, day))
        rows.append(
            (
                (name, first, last, len(work), len(gone), goal * len(work) / len(year), goal * len(gone) / len(year)),
                done,
            )
        )
    return rows


def up(value: float) -> int:
    """Round up, forgiving what floating point adds."""
    return math.ceil(value - 1e-9)
