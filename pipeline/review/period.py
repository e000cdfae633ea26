"""The period that is asked about, in local days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from pipeline.errors import OpenerError

Span = Literal["week", "month", "quarter", "year"]
DEFAULT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Period:
    """Local days from `first` to `last`, both included; never beyond today."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


def span_of(day: date, span: Span) -> tuple[date, date]:
    """Return the first and the last day of the week (from Monday), month, quarter or year that holds `day`."""
    if span == "week":
        first = day - timedelta(days=day.weekday())
        return first, first + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}[span]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    following = first.month + months
    end = date(first.year + 1, 1, 1) if following > 12 else date(first.year, following, 1)
    return first, end - timedelta(days=1)


def period(
    today: date,
    first: date | None = None,
    last: date | None = None,
    span: Span | None = None,
    days: int | None = None,
) -> Period:
    """Return the period that the options name; without any the last DEFAULT_DAYS days.

    `span` is the one that holds `last` (today), `days` count back from `last`. Raises OpenerError when the options
    contradict each other or the period begins after today.
    """
    if sum(option is not None for option in (first, span, days)) > 1:
        raise OpenerError("--from, --period and --days each name where the period begins; give one of them")
    end = min(last or today, today)
    if first is not None:
        begin = first
    elif span is not None:
        begin, whole = span_of(last or today, span)
        end = min(whole, today) if last is None else end
    else:
        begin = end - timedelta(days=(days or DEFAULT_DAYS) - 1)
    if begin > today:
        raise OpenerError(f"the period begins on {begin}, which is after today ({today}); choose an earlier --from")
    if begin > end:
        raise OpenerError(
            f"the period begins on {begin}, after its end on {end}; choose an earlier --from or a later --to"
        )
    return Period(begin, end)
