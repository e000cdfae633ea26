"""The seven questions, asked of the published snapshot: each is the SQL file of its name, run as it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from pipeline.plan.goals import Plan, plan
from pipeline.plan.ratios import by_step
from pipeline.plan.workdays import day_begins, holidays, reserved_blocks, weekdays
from pipeline.review.period import Period
from pipeline.settings import Settings
from pipeline.store.statements import statement

IDLE_DAYS = 30  # nobody called again for so long: the person was given up, said or not
_FOLDER = Path(__file__).parent
_NO_BLOCK = (None, None, None)

# part -> (number of the question, file, the question as a coach asks it)
QUESTIONS: dict[str, tuple[int, str]] = {
    "dials": (1, "How many dials a day?"),
    "phone_time": (2, "How much time on the phone, and was the reserved time kept?"),
    "sources": (3, "Where do the leads come from?"),
    "attempts": (4, "After which attempt does success stop?"),
    "given_up": (4, "How many attempts does a person get before giving up?"),
    "new_people": (5, "How many new people a day?"),
    "overcalled": (6, "Who is called again and again and never buys?"),
    "goals": (7, "What does the goal ask, and how far behind is today?"),
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one part of a question: its rows and the statement that gave them."""

    number: int
    name: str
    question: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    sql: str


@dataclass(frozen=True, slots=True)
class Review:
    """All answers for a period, with the plan that question 7 reckons with."""

    period: Period
    answers: Mapping[str, Answer]
    plan: Plan

    def rows(self, name: str) -> tuple[Row, ...]:
        """Return the rows of one part."""
        return self.answers[name].rows


def values(settings: Settings, when: Period, plan_: Plan) -> dict[str, object]:
    """Return what the `:names` in the SQL files stand for."""
    step = by_step(plan_.steps)
    year_first, year_last = when.last.replace(month=1, day=1), when.last.replace(month=12, day=31)
    off = holidays(settings, min(when.first, year_first), year_last)
    return {
        "first_day": when.first,
        "last_day": when.last,
        "today": when.last,
        "begins": day_begins(when.first, settings.zone),
        "ends": day_begins(when.last + timedelta(days=1), settings.zone),
        "zone": settings.timezone,
        "weekdays": weekdays(settings),
        "holidays": [(day,) for day in off] or [(None,)],
        "reserved": reserved_blocks(settings.calling.blocks) or [_NO_BLOCK],
        "final_outcomes": list(settings.exhaustion.final_outcomes) or [""],
        "idle_days": IDLE_DAYS,
        "minutes_per_dial": round(plan_.minutes.value, 4),
        "sales_goal": plan_.sales_goal,
        "conversations_per_dial": step["conversations_per_dial"].value,
        "appointments_per_conversation": step["appointments_per_conversation"].value,
        "sales_per_appointment": step["sales_per_appointment"].value,
    }


def ask(con: duckdb.DuckDBPyConnection, settings: Settings, when: Period, only: int | None = None) -> Review:
    """Answer the questions (or question number `only`) from the open snapshot."""
    plan_ = plan(settings, con, when.last)
    known = values(settings, when, plan_)
    answers = {}
    for name, (number, question) in QUESTIONS.items():
        if only in (None, number):
            text = statement(_FOLDER / f"{name}.sql", known)
            cursor = con.execute(text)
            columns = tuple(str(item[0]) for item in cursor.description or ())
            rows = tuple(dict(zip(columns, row, strict=True)) for row in cursor.fetchall())
            answers[name] = Answer(number, name, question, columns, rows, text)
    return Review(when, answers, plan_)
