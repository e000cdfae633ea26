"""The rules of giving up, cooling off and coming back, told once more in plain Python for the simulated quarter."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from pipeline.settings import Settings
from tests.quarter.quarter import FINAL, SPOKEN, Call, Quarter


@dataclass
class Standing:
    """Where one person stands: given up on a day, or tried so often since the last conversation."""

    tried: int = 0
    parts: set[str] = field(default_factory=set)
    given_up: date | None = None
    barred: bool = False
    sold: bool = False
    met: bool = False
    last_dial: date | None = None
    promised: date | None = None
    back_on: date | None = None


def standings(made: Quarter) -> dict[date, dict[str, Standing]]:
    """Return where everybody who was called stands, for the morning of each workday."""
    by_person: dict[str, list[Call]] = defaultdict(list)
    for call in sorted(made.calls, key=lambda c: c.at):
        by_person[call.person].append(call)
    found: dict[date, dict[str, Standing]] = {day: {} for day in made.days}
    for person, calls in by_person.items():
        reasons = sorted(d for _, _, trigger, d in made.named[person] if trigger in made.settings.exhaustion.reopen_on)
        for day in made.days:
            before = [call for call in calls if call.day < day]
            if before:
                found[day][person] = _standing(made.settings, before, [d for d in reasons if d <= day], day)
    return found


def _standing(settings: Settings, calls: list[Call], reasons: list[date], day: date) -> Standing:
    s = Standing()
    for call in calls:
        _come_back(settings, s, reasons, call.day)
        s.last_dial, s.met = call.day, call.outcome == "appointment"
        s.promised = call.next_at.date() if call.next_at else None
        s.back_on = None
        s.barred |= call.outcome == "do_not_call"
        s.sold |= call.outcome == "sale"
        if call.outcome in SPOKEN - FINAL:
            s.tried, s.parts, s.given_up = 0, set(), None
            continue
        s.tried += 1
        hour = call.at.hour
        s.parts.add("morning" if hour < 10 else "midday" if hour < 13 else "afternoon" if hour < 16 else "evening")
        enough = s.tried >= settings.exhaustion.max_attempts and len(s.parts) >= settings.exhaustion.min_day_parts
        if s.given_up is None and (call.outcome in FINAL or enough):
            s.given_up = call.day
    _come_back(settings, s, reasons, day)
    return s


def _come_back(settings: Settings, s: Standing, reasons: list[date], day: date) -> None:
    """A dated reason more than the cool-off after the person was given up, and after the last dial, opens a new round."""
    if s.given_up is None or s.last_dial is None:
        return
    from_day = max(s.given_up, s.last_dial) + timedelta(days=settings.exhaustion.cool_off_days)
    fresh = [reason for reason in reasons if from_day < reason <= day]
    if fresh:
        s.given_up, s.tried, s.parts, s.back_on = None, 0, set(), fresh[0]
