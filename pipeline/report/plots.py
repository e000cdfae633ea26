"""Which plot each answer gets."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from pipeline.report.marks import Bar, bars, calendar, columns, dots, nice_top, picture, square
from pipeline.report.markup import Element
from pipeline.review.questions import Review, Row
from pipeline.review.words import number, percent, say

MOST = 12  # bars in a plot; the table below has all


def funnel(review: Review) -> Element:
    """Return the way from people to sales, each step with its share of the one before."""
    found = sum(row["found"] for row in review.rows("new_people"))
    first = sum(row["called"] for row in review.rows("new_people"))
    steps = [("People found", found), ("First calls to new people", first)]
    steps += [
        (name.capitalize(), sum(row[name] for row in review.rows("dials")))
        for name in ("dials", "conversations", "appointments", "sales")
    ]
    rows = [Bar(steps[0][0], found, number(found))]
    for (_, before), (label, count) in itertools.pairwise(steps):
        share = "" if label in ("Dials", "First calls to new people") else f"  ({percent(count, before)})"
        rows.append(Bar(label, count, f"{number(count)}{share}"))
    height, marks = bars(rows)
    return picture(height, "From people to sales", ", ".join(f"{label} {count}" for label, count in steps), *marks)


def _dials(rows: Sequence[Row], review: Review) -> Element:
    days = _by_week(rows, "dials") if len(rows) > 100 else [(row["day"], row["dials"]) for row in rows]
    weekly = len(rows) > 100
    level = review.plan.dials_a_day if not weekly else None
    height, marks = columns(
        [count for _, count in days], [f"{day.day}.{day.month}." for day, _ in days],
        [f"{'week of ' if weekly else ''}{day}: {count} dials" for day, count in days], level=level,
    )  # fmt: skip
    return picture(height, f"Dials a {'week' if weekly else 'day'}", say("dials", review), *marks)


def _phone_time(rows: Sequence[Row], review: Review) -> Element | None:
    weeks: dict[date, list[int]] = {}
    for row in rows:
        week = weeks.setdefault(row["day"] - timedelta(days=row["day"].weekday()), [0, 0])
        week[0] += row["reserved_minutes"]
        week[1] += row["kept_minutes"]
    reserved = {day: kept for day, kept in weeks.items() if kept[0]}
    if not reserved:
        return None
    height, marks = columns(
        [100 * kept / all_ for all_, kept in reserved.values()], [f"{day.day}.{day.month}." for day in reserved],
        [f"week of {day}: {kept} of {all_} minutes" for day, (all_, kept) in reserved.items()], level=100.0,
    )  # fmt: skip
    return picture(height, "Reserved time kept, in percent, by week", say("phone_time", review), *marks)


def _sources(rows: Sequence[Row], review: Review) -> Element | None:
    called = [row for row in rows if row["dials"]][:MOST]
    if not called:
        return None
    points = [
        (100 * row["appointments"] / row["dials"], 100.0 * float(row["appointments_per_dial_low"]),
         100.0 * float(row["appointments_per_dial_high"]), float(row["dials"]),
         f"{row['title']} ({row['dials']})", row["small_sample"])
        for row in called
    ]  # fmt: skip
    height, marks = dots(points, "appointments per 100 dials", nice_top(max(point[2] for point in points)))
    return picture(
        height,
        "Appointments per 100 dials and source, 90 % interval; pale: small sample",
        say("sources", review),
        *marks,
    )


def _attempts(rows: Sequence[Row], review: Review) -> Element | None:
    kept = rows[:20]
    if not kept:
        return None
    height, marks = columns(
        [row["dials"] for row in kept], [str(row["attempt"]) for row in kept],
        [f"attempt {row['attempt']}: {row['dials']} dials, {row['successes']} successes" for row in kept],
        [float(row["successes_so_far_percent"]) if row["successes_so_far_percent"] is not None else None for row in kept],
    )  # fmt: skip
    return picture(
        height, "Dials by attempt (bars) and successes so far in percent (line)", say("attempts", review), *marks
    )


def _given_up(rows: Sequence[Row], review: Review) -> Element | None:
    if not rows:
        return None
    each = [(row["attempts"], row["people"]) for row in rows][:20]
    height, marks = columns(
        [people for _, people in each], [str(attempts) for attempts, _ in each],
        [f"after {attempts} attempts: {people} people" for attempts, people in each],
    )  # fmt: skip
    return picture(height, "People given up, by attempts made", say("given_up", review), *marks)


def _new_people(rows: Sequence[Row], review: Review) -> Element | None:
    if not rows:
        return None
    height, marks = calendar([(row["day"], row["called"], row["workday"]) for row in rows[-371:]])
    return picture(height, "New people called, by day", say("new_people", review), *marks)


def _overcalled(rows: Sequence[Row], review: Review) -> Element | None:
    if not any(row["people"] for row in rows):
        return None
    marked = [
        Bar(
            f"{row['called']} calls",
            float(row["hours"]),
            f"{number(row['people'])} people, {row['hours']} h = {number(row['new_people'])} new",
        )
        for row in rows
    ]
    height, marks = bars(marked)
    return picture(height, "Hours on people who never bought", say("overcalled", review), *marks)


def _goals(rows: Sequence[Row], review: Review) -> Element | None:
    if review.plan.sales_goal is None:
        return None
    kept = []
    for row in rows:
        asked = max(1, row["dials_needed"])
        kept.append(
            Bar(row["span"].capitalize(), min(1.0, row["dials"] / asked), f"{number(row['dials'])} of {number(row['dials_needed'])} dials",
                marker=max(0.0, min(1.0, (row["dials"] + row["dials_gap"]) / asked)))
        )  # fmt: skip
    told = ", ".join(f"{row['span']} {row['dials']} of {row['dials_needed']}" for row in rows)
    height, marks = bars(kept, top=1.0)
    return picture(height, "Dials done; the mark is where today should be", told, *marks)


def calibration(hand_set: Sequence[Mapping[str, float]], learned: Sequence[Mapping[str, float]]) -> Element:
    """Return predicted against observed shares of held-back outcomes, in fifths; on the diagonal a prediction is right."""
    top = nice_top(
        max([0.01, *(value for one in (*hand_set, *learned) for value in (one["predicted"], one["observed"]))])
    )
    marks, height = square(
        [("hand-set", [(one["predicted"] / top, one["observed"] / top) for one in hand_set]),
         ("learned", [(one["predicted"] / top, one["observed"] / top) for one in learned])],
        f"{100 * top:.0f} %",
    )  # fmt: skip
    told = "; ".join(
        f"{name}: "
        + ", ".join(f"{100 * one['predicted']:.0f} % predicted, {100 * one['observed']:.0f} % came" for one in points)
        for name, points in (("hand-set", hand_set), ("learned", learned))
    )
    return picture(
        height, "Appointments predicted (across) and come true (up), held-back outcomes in fifths", told, *marks
    )


def _by_week(rows: Sequence[Row], column: str) -> list[tuple[date, int]]:
    weeks: dict[date, int] = {}
    for row in rows:
        monday = row["day"] - timedelta(days=row["day"].weekday())
        weeks[monday] = weeks.get(monday, 0) + row[column]
    return sorted(weeks.items())


PLOTS: dict[str, Callable[[Sequence[Row], Review], Element | None]] = {
    "dials": _dials, "phone_time": _phone_time, "sources": _sources, "attempts": _attempts, "given_up": _given_up,
    "new_people": _new_people, "overcalled": _overcalled, "goals": _goals,
}  # fmt: skip
