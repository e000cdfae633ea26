"""Each answer in one or two sentences, as a coach would read it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from statistics import median

from pipeline.review.questions import IDLE_DAYS, Review, Row


def say(name: str, review: Review) -> str:
    """Return the answer to one part of the review in words."""
    return _WORDS[name](review.rows(name), review)


def number(value: float | Decimal, digits: int = 0) -> str:
    """Write a number with thin groups: 1,234 or 1,234.5."""
    return f"{value:,.{digits}f}"


def hours(minutes: float | Decimal) -> str:
    """Write minutes as hours: 1.5 h."""
    return f"{number(float(minutes) / 60, 1)} h"


def percent(part: float | Decimal, whole: float | Decimal) -> str:
    """Write a share: 42 %, or a dash when there is no whole."""
    return f"{100 * float(part) / float(whole):.0f} %" if whole else "–"


def _total(rows: Sequence[Row], column: str) -> int:
    return int(sum(row[column] for row in rows))


def _plural(count: int, one: str, many: str | None = None) -> str:
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def _dials(rows: Sequence[Row], review: Review) -> str:
    workdays = [row for row in rows if row["workday"]]
    dials = _total(rows, "dials")
    if not dials:
        return f"No dial in the period ({_plural(len(workdays), 'workday')})."
    best = max(rows, key=lambda row: (row["dials"], row["day"]))
    off = _total([row for row in rows if not row["workday"]], "dials")
    text = f"{_plural(dials, 'dial')} on {_plural(len(workdays), 'workday')}"
    text += f": {number((dials - off) / len(workdays), 1)} a workday" if workdays else ""
    text += f", most on {best['day']} ({best['dials']})"
    idle = sum(not row["dials"] for row in workdays)
    text += f"; {_plural(idle, 'workday')} without a dial" if idle else ""
    text += f"; {_plural(off, 'dial')} on days off" if off else ""
    target = review.plan.dials_a_day
    return text + (f". The plan asks for {number(target)} a day." if target is not None else ".")


def _phone_time(rows: Sequence[Row], review: Review) -> str:
    spoken = sum((row["phone_minutes"] for row in rows), Decimal(0))
    dials, missing = _total(rows, "dials"), _total(rows, "without_minutes")
    reserved, kept = _total(rows, "reserved_minutes"), _total(rows, "kept_minutes")
    text = f"{hours(spoken)} on the phone"
    text += f" ({_plural(missing, 'dial')} of {number(dials)} without minutes)" if missing else ""
    if not reserved:
        return f"{text}; no time was reserved in the period."
    inside = _total(rows, "dials_reserved")
    text += f". {hours(kept)} of {hours(reserved)} reserved time kept ({percent(kept, reserved)})"
    return text + (f"; {percent(inside, dials)} of the dials fell into it." if dials else ".")


def _sources(rows: Sequence[Row], review: Review) -> str:
    if not rows:
        return "No page, no person and no dial in the period."
    called = [row for row in rows if row["dials"]]
    text = (
        f"{_plural(len(rows), 'source')}: {_plural(_total(rows, 'pages'), 'page')}, {_plural(_total(rows, 'dials'), 'dial')}, "
        f"{_plural(_total(rows, 'appointments'), 'appointment')}, {_plural(_total(rows, 'sales'), 'sale')}"
    )
    if not called:
        return f"{text}. Nobody from them was called."
    small = sum(row["small_sample"] for row in called)
    solid = [row for row in called if not row["small_sample"]]
    if solid:
        best = max(solid, key=lambda row: (row["appointments"] / row["dials"], row["source"]))
        rate = 100 * best["appointments"] / best["dials"]
        low, high = 100 * best["appointments_per_dial_low"], 100 * best["appointments_per_dial_high"]
        text += f". Best: {best['title']} with {rate:.1f} appointments per 100 dials ({low:.1f} to {high:.1f})"
    return text + (f"; too small to judge: {small} of {len(called)}." if small else ".")


def _attempts(rows: Sequence[Row], review: Review) -> str:
    successes = _total(rows, "successes")
    if not successes:
        return "No appointment or sale yet, so nothing can be said." if rows else "No dial in the period."
    last = max(row["attempt"] for row in rows if row["successes"])
    most = next(row["attempt"] for row in rows if row["successes_so_far_percent"] >= 90)
    later = _total([row for row in rows if row["attempt"] > last], "dials")
    text = f"Success stops after attempt {last}; 90 % of {_plural(successes, 'success', 'successes')} came by attempt {most}"
    text += f". {_plural(later, 'dial')} came after that" if later else ""
    return text + (" (small sample)." if successes < 10 else ".")


def _given_up(rows: Sequence[Row], review: Review) -> str:
    people = _total(rows, "people")
    if not people:
        return "Nobody was given up in the period."
    each = [row["attempts"] for row in rows for _ in range(row["people"])]
    once = sum(row["people"] for row in rows if row["attempts"] == 1 and row["dropped"])
    text = (
        f"{_plural(people, 'person', 'people')} given up after {number(sum(each) / people, 1)} attempts on average "
        f"(median {median(each):g}): {number(_total(rows, 'exhausted'))} exhausted by the rule, {number(_total(rows, 'final'))} by a "
        f"final outcome, {number(_total(rows, 'dropped'))} not called again for {IDLE_DAYS} days"
    )
    return text + (f"; {number(once)} after a single attempt." if once else ".")


def _new_people(rows: Sequence[Row], review: Review) -> str:
    workdays = sum(row["workday"] for row in rows)
    found, called = _total(rows, "found"), _total(rows, "called")
    each = f" ({number(found / workdays, 1)} and {number(called / workdays, 1)} a workday)" if workdays else ""
    return f"{_plural(found, 'new person', 'new people')} found, {number(called)} called for the first time{each}."


def _overcalled(rows: Sequence[Row], review: Review) -> str:
    people = _total(rows, "people")
    if not people:
        return "Nobody was called five times or more without buying."
    spent = sum((row["hours"] for row in rows), Decimal(0))
    return (
        f"{_plural(people, 'person', 'people')} called five times or more never bought: {number(_total(rows, 'dials'))} dials, "
        f"{number(spent, 1)} h, the time of {_plural(_total(rows, 'new_people'), 'new person', 'new people')}."
    )


def _goals(rows: Sequence[Row], review: Review) -> str:
    plan = review.plan
    if plan.sales_goal is None:
        return "No goal is set: write goals.year and goals.average_sale in opener.yml."
    year, today = rows[0], rows[-1]
    published = [step.step.replace("_", " ") for step in plan.steps if not step.own]
    text = f"{_gap(year['dials_gap'])} for the year so far; today {today['dials']} of {number(today['dials_needed'])} dials"
    if plan.dials_today is not None and plan.dials_a_day is not None and plan.dials_today > plan.dials_a_day:
        text += f" ({number(plan.dials_today)} a day to catch up)"
    return text + (
        f". Published ratios stand in for {', '.join(published)}." if published else ". All ratios are your own."
    )


def _gap(dials: int) -> str:
    return (
        f"{_plural(dials, 'dial')} behind"
        if dials > 0
        else f"{_plural(-dials, 'dial')} ahead"
        if dials < 0
        else "On plan"
    )


def day_range(first: date, last: date) -> str:
    """Write a period."""
    return f"{first} to {last}" if first != last else str(first)


_WORDS: dict[str, Callable[[Sequence[Row], Review], str]] = {
    "dials": _dials, "phone_time": _phone_time, "sources": _sources, "attempts": _attempts, "given_up": _given_up,
    "new_people": _new_people, "overcalled": _overcalled, "goals": _goals,
}  # fmt: skip
