"""From dials to sales: own ratios once the log holds enough, published ones (data/ratios.yml) until then."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import BaseModel, ConfigDict, Field, model_validator

import data
from pipeline.store.statements import Name, statement
from spiders.definitions import load_file

Step = Literal["conversations_per_dial", "appointments_per_conversation", "sales_per_appointment"]
STEPS: tuple[Step, ...] = ("conversations_per_dial", "appointments_per_conversation", "sales_per_appointment")
WINDOW_DAYS = 365  # the own ratios are those of the last year: what was true before may not be now
ENOUGH_TRIALS, ENOUGH_SUCCESSES = 30, 5  # below, a 90 % interval spans more than the published figures do
Z90 = 1.6448536269514722  # two-sided 90 %
_SQL = Path(__file__).with_name("ratios.sql")


class Published(BaseModel):
    """One step of data/ratios.yml: value, range over the sources, what was counted and by whom."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    value: float = Field(gt=0)
    low: float = Field(gt=0)
    high: float
    counted: str
    source: str
    url: str
    range_source: str
    range_url: str

    @model_validator(mode="after")
    def _ordered(self) -> Published:
        if not self.low <= self.value <= self.high:
            raise ValueError("low, value and high are not in order")
        return self


class PublishedRatios(BaseModel):
    """data/ratios.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    conversations_per_dial: Published
    appointments_per_conversation: Published
    sales_per_appointment: Published
    minutes_per_dial: Published


@dataclass(frozen=True, slots=True)
class Ratio:
    """One step: `value` between `low` and `high` (90 %), from `successes` of `trials` of the own log or published."""

    step: str
    value: float
    low: float
    high: float
    trials: int
    successes: int
    own: bool
    source: str


@dataclass(frozen=True, slots=True)
class Log:
    """What the last WINDOW_DAYS of the log hold; see ratios.sql."""

    dials: int
    conversations: int
    appointments: int
    sales: int
    closed_on_the_phone: int
    timed_dials: int
    minutes: float
    people: int
    first_day: date
    last_day: date


@functools.cache
def published(path: Path | None = None) -> PublishedRatios:
    """Read the published ratios. Raises DefinitionError."""
    return load_file(path or data.path("ratios.yml"), PublishedRatios)


def wilson(successes: int, trials: int, z: float = Z90) -> tuple[float, float]:
    """Return the Wilson score interval of a ratio (E. B. Wilson 1927), sound for small counts; 0..1 without trials."""
    if trials <= 0:
        return 0.0, 1.0
    centre = (successes + z * z / 2) / (trials + z * z)
    half = z / (trials + z * z) * math.sqrt(successes * (trials - successes) / trials + z * z / 4)
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    return low, 1.0 if successes == trials else min(1.0, centre + half)


def ratio_sql(day: date, log: str = "calls") -> str:
    """Return the statement that counts the own log; `log` is `calls` in the snapshot, `call_log` in the working store."""
    values = {"first_day": day - timedelta(days=WINDOW_DAYS - 1), "last_day": day, "log": Name(log)}
    return statement(_SQL, values)


def read_log(con: duckdb.DuckDBPyConnection, day: date) -> Log:
    """Count the log of the year that ends with `day`, in the snapshot or in the working store."""
    views = con.execute("SELECT 1 FROM duckdb_views() WHERE view_name = 'call_log'").fetchall()
    row = con.execute(ratio_sql(day, "call_log" if views else "calls")).fetchall()[0]
    dials, conversations, appointments, sales, closed, timed, minutes, people = row
    return Log(
        dials=dials, conversations=conversations, appointments=appointments, sales=sales, closed_on_the_phone=closed,
        timed_dials=timed, minutes=float(minutes), people=people,
        first_day=day - timedelta(days=WINDOW_DAYS - 1), last_day=day,
    )  # fmt: skip


def ratios(log: Log) -> list[Ratio]:
    """Return the three steps in order, each own or published."""
    known = published()
    passed = log.appointments + log.closed_on_the_phone
    counts = {
        "conversations_per_dial": (log.conversations, log.dials),
        "appointments_per_conversation": (min(passed, log.conversations), log.conversations),
        "sales_per_appointment": (min(log.sales, passed), passed),
    }
    found = []
    for step in STEPS:
        successes, trials = counts[step]
        if trials >= ENOUGH_TRIALS and successes >= ENOUGH_SUCCESSES:
            low, high = wilson(successes, trials)
            source = f"own log, {log.first_day} to {log.last_day}: {successes} of {trials}"
            found.append(Ratio(step, successes / trials, low, high, trials, successes, True, source))
        else:
            known_step: Published = getattr(known, step)
            found.append(
                Ratio(
                    step, known_step.value, known_step.low, known_step.high, trials, successes, False, known_step.source
                )
            )
    return found


def minutes_per_dial(log: Log) -> Ratio:
    """Return the minutes that a dial takes: the own average when enough dials have minutes, else the published one."""
    known = published().minutes_per_dial
    if log.timed_dials >= ENOUGH_TRIALS and log.minutes > 0:
        value = log.minutes / log.timed_dials
        source = f"own log: {log.minutes:g} minutes in {log.timed_dials} dials"
        return Ratio("minutes_per_dial", value, value, value, log.timed_dials, log.timed_dials, True, source)
    return Ratio("minutes_per_dial", known.value, known.low, known.high, log.timed_dials, 0, False, known.source)


def combined(steps: Sequence[Ratio]) -> tuple[float, float, float]:
    """Return the product of the steps with its 90 % interval.

    Steps are independent, so the distances of their bounds add in quadrature on the logarithmic scale, downwards and
    upwards apart (the delta method; a published range is read as a 90 % interval).
    """
    value = math.prod(step.value for step in steps)
    down = math.sqrt(sum(math.log(step.value / step.low) ** 2 for step in steps))
    up = math.sqrt(sum(math.log(step.high / step.value) ** 2 for step in steps))
    return value, value * math.exp(-down), min(1.0, value * math.exp(up))


def by_step(found: Sequence[Ratio]) -> Mapping[str, Ratio]:
    """Return the steps by name."""
    return {ratio.step: ratio for ratio in found}
