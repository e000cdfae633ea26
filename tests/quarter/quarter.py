"""A simulated quarter with a known truth: sixty workdays, fifty dials each, written through the store's own interfaces.

Every morning the night's work is done (pages, identities, score), the day's list is exported and called from top to
bottom; what comes of a dial is drawn from ratios that depend on reason and role. Beside the store the simulation keeps
its own list of what happened and its own, plainer idea of the rules; the tests compare the two.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb

from enrich.records import Document, Mention, Page, Trigger, content_id
from pipeline.contacts import secret
from pipeline.dispositions.log import Dial, log_dials
from pipeline.identity import resolve
from pipeline.lists.export import export
from pipeline.plan.workdays import workdays
from pipeline.scoring.scoring import score
from pipeline.settings import Settings
from pipeline.stages.facts import write_facts
from pipeline.store.opening import working_store
from pipeline.store.publish import publish

FIRST, LAST = date(2026, 8, 24), date(2026, 11, 20)
DIALS_A_DAY = 50
SOURCES = ("tagblatt", "bote", "kammer", "messe", "gruender")
# how often a dial is an appointment, by reason and by role: not what the hand-set weights think
REASONS: dict[str, float] = {"appointment": 0.02, "speaker": 0.14, "expansion": 0.05, "award": 0.09, "quote": 0.01}
TRIGGERS: list[Trigger] = ["appointment", "speaker", "expansion", "award", "quote"]
ROLES = {"owner": ("Inhaberin", 0.5), "executive": ("Geschäftsführer", 1.0), "head": ("Vertriebsleiterin", 1.8)}
OTHER = {
    "no_answer": 46, "voicemail": 14, "busy": 5, "gatekeeper": 9, "reached": 5, "callback": 6, "not_now": 3, "not_interested": 7,
    "wrong_number": 2, "do_not_call": 1,
}  # fmt: skip
MINUTES = {"no_answer": "0.5", "busy": "0.25", "voicemail": "1", "gatekeeper": "2", "wrong_number": "0.75"}
SPOKEN = {"reached", "callback", "not_now", "not_interested", "appointment", "sale"}
FINAL = {"not_interested", "wrong_number", "do_not_call"}


@dataclass
class Call:
    """One dial of the truth; `minutes` None where the rep noted none."""

    person: str
    at: datetime
    outcome: str
    minutes: Decimal | None
    next_at: datetime | None

    @property
    def day(self) -> date:
        """Local day: `at` is local."""
        return self.at.date()


@dataclass
class Morning:
    """What the lists looked like on the morning of a day."""

    called: list[str]
    fresh: set[str]
    callbacks: set[str]
    exhausted: dict[str, date]
    reopened: set[str]


@dataclass
class Quarter:
    """The truth: settings with the home, every call, who was named when by which source, and every morning."""

    settings: Settings
    days: list[date]
    calls: list[Call] = field(default_factory=list)
    named: dict[str, list[tuple[datetime, str, Trigger, date]]] = field(default_factory=lambda: defaultdict(list))
    pages: list[tuple[date, str]] = field(default_factory=list)
    found: dict[str, date] = field(default_factory=dict)
    mornings: dict[date, Morning] = field(default_factory=dict)
    role: dict[str, str] = field(default_factory=dict)
    reason: dict[str, str] = field(default_factory=dict)  # what the newest list gave as the reason to call


def simulate(home: Path) -> Quarter:
    """Live through the quarter in a new home and publish it."""
    settings = Settings.model_validate({
        "home": home, "calling": {"blocks": ["Mo-Fr 09:00-10:30", "Mo-Th 14:00-15:10"]},
        "exhaustion": {"max_attempts": 3, "min_day_parts": 2, "cool_off_days": 14},
        "goals": {"year": 600_000, "average_sale": 10_000, "holidays": ["2026-10-03", "2026-10-12/2026-10-16", "12-25"]},
    })  # fmt: skip
    made = Quarter(settings, workdays(settings, FIRST, LAST))
    draw = random.Random(2026)
    by_name: dict[str, str] = {}
    with working_store(home) as con:
        key = secret.load(home)
        for index, day in enumerate(made.days):
            now = datetime.combine(day, time(6), settings.zone)
            if index % 5 == 0:
                _night(con, made, draw, now, by_name, 170)
            yesterday = {call.person for call in made.calls if call.day == made.days[index - 1]} if index % 5 else None
            score(con, settings, now=now, people=yesterday)  # as the night does, or the import of a day's calls
            sales = _sales_of(made, day, draw)
            listed = _morning(con, made, now, DIALS_A_DAY - len(sales))
            calls = [*_calls_of(made, day, listed, draw), *sales]
            made.calls += calls
            evening = datetime.combine(day, time(18), settings.zone)
            con.execute("BEGIN")
            log_dials(con, key, [Dial(c.person, c.at, c.outcome, c.minutes, None, c.next_at) for c in calls], evening)  # type: ignore[arg-type]
            con.execute("COMMIT")
        score(con, settings, now=datetime.combine(LAST, time(19), settings.zone))
        publish(con, home)
    return made


def _night(
    con: duckdb.DuckDBPyConnection, made: Quarter, draw: random.Random, now: datetime, by_name: dict[str, str], new: int
) -> None:
    """Bring in a week's new people, one page a source, and fresh news on some who were called before."""
    pages: dict[str, list[Mention]] = {source: [] for source in SOURCES}
    told: list[tuple[str, str, Trigger, date]] = []
    for n in range(new):
        name, company = _name(draw), f"{_word(draw, 4)} GmbH"
        level = draw.choice(list(ROLES))
        pages[SOURCES[n % len(SOURCES)]].append(
            _mention(now, SOURCES[n % len(SOURCES)], name, company, level, draw.choice(TRIGGERS), now.date())
        )
        by_name.setdefault(name, company)
        made.role[name] = level
    known = dict(con.execute("SELECT name, person_id FROM people").fetchall())
    again = sorted(name for name, person in known.items() if draw.random() < 0.12 and name in by_name)
    for name in again:
        source = draw.choice(SOURCES)
        pages[source].append(
            _mention(
                now,
                source,
                name,
                by_name[name],
                made.role[name],
                draw.choice(["award", "expansion", "quote"]),
                now.date(),
            )
        )
    con.execute("BEGIN")
    for source, mentions in pages.items():
        url = _url(now, source)
        page = Page(url, url, source, "news", 200, now, None, None, "text/html", url.encode())
        write_facts(
            con, [page], [Document(url, "news", url, now, "de", "", tuple(mentions))], batch=url, run_id=f"{now:%Y%m%d}"
        )
        made.pages.append((now.date(), source))
        told += [(m.person, source, m.trigger, now.date()) for m in mentions]
    con.execute("COMMIT")
    resolve(con, now=now)
    ids = dict(con.execute("SELECT name, person_id FROM people").fetchall())
    for name, source, trigger, day in told:
        made.named[ids[name]].append((now, source, trigger, day))
        made.found.setdefault(ids[name], now.date())
        made.role[ids[name]] = made.role[name]


def _morning(con: duckdb.DuckDBPyConnection, made: Quarter, now: datetime, rows: int) -> list[str]:
    """Look at the lists, then export today's."""
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), made.settings.zone)
    fresh = con.execute("SELECT prospect_id FROM prospects WHERE state = 'new'").fetchall()
    due = con.execute("SELECT prospect_id FROM prospects WHERE state = 'working' AND due_at < ?", [tomorrow]).fetchall()
    given_up = con.execute("SELECT prospect_id, exhausted_on FROM prospects WHERE state = 'exhausted'").fetchall()
    back = con.execute("SELECT prospect_id FROM prospects WHERE reopened").fetchall()
    listed = export(con, made.settings, "today", now=now, out=None, limit=rows)
    called = [str(row["prospect_id"]) for row in listed.rows]
    for row in listed.rows:
        told = re.search(r"reason -?\d+ \((\w+),", str(row["why"]))
        made.reason[str(row["prospect_id"])] = told.group(1) if told else "quote"
    made.mornings[now.date()] = Morning(
        called, {one for (one,) in fresh}, {one for (one,) in due}, dict(given_up), {one for (one,) in back}
    )
    return called


def _calls_of(made: Quarter, day: date, people: list[str], draw: random.Random) -> list[Call]:
    """Call the list from nine o'clock on, every fourth minute, with a break; on some days the rep begins late."""
    moment = datetime.combine(day, time(9, draw.choice([0, 0, 0, 20])), made.settings.zone)
    calls = []
    for n, person in enumerate(people):
        if n == 24:
            moment = datetime.combine(day, time(draw.choice([11, 14, 16]), 0), made.settings.zone)
        outcome = _outcome(made, person, draw)
        text = MINUTES.get(outcome, f"{draw.randrange(8, 60) / 4}")
        minutes = None if draw.random() < 0.1 else Decimal(text)
        next_at = None
        if outcome == "callback":
            later = [one for one in made.days if one > day][draw.randrange(1, 6) :][:1]
            next_at = datetime.combine(later[0], time(10), made.settings.zone) if later else None
        calls.append(Call(person, moment, outcome, minutes, next_at))
        moment += timedelta(minutes=3)
    return calls


def _outcome(made: Quarter, person: str, draw: random.Random) -> str:
    if draw.random() < REASONS[made.reason[person]] * ROLES[made.role[person]][1]:
        return "appointment"
    return draw.choices(list(OTHER), list(OTHER.values()))[0]


def _sales_of(made: Quarter, day: date, draw: random.Random) -> list[Call]:
    """One appointment in four becomes a sale ten workdays later, logged in the evening."""
    index = made.days.index(day)
    if index < 10:
        return []
    met = [call.person for call in made.calls if call.day == made.days[index - 10] and call.outcome == "appointment"]
    start = datetime.combine(day, time(17), made.settings.zone)
    won = [person for person in met if draw.random() < 0.25]
    return [
        Call(person, start + timedelta(minutes=20 * n), "sale", Decimal("15"), None) for n, person in enumerate(won)
    ]


def _mention(now: datetime, source: str, name: str, company: str, level: str, trigger: Trigger, day: date) -> Mention:
    url, role = _url(now, source), ROLES[level][0]
    evidence = f"{name}, {role} der {company}"
    return Mention(
        content_id(url, name, company, evidence), url, name, role, level, company, "company", None, trigger, day, False, evidence,  # type: ignore[arg-type]
        "body", 0.95,
    )  # fmt: skip


def _url(now: datetime, source: str) -> str:
    return f"https://{source}.example/{now:%Y-%m-%d}"


_SYLLABLES = [
    "ba",
    "be",
    "bi",
    "bo",
    "da",
    "de",
    "do",
    "fa",
    "fe",
    "ga",
    "go",
    "ha",
    "he",
    "ja",
    "ka",
    "ke",
    "ko",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "no",
    "pa",
    "po",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "so",
    "ta",
    "te",
    "to",
    "wa",
    "we",
]


def _word(draw: random.Random, syllables: int) -> str:
    return "".join(draw.choice(_SYLLABLES) for _ in range(syllables)).capitalize()


def _name(draw: random.Random) -> str:
    return f"{_word(draw, 2)} {_word(draw, 4)}"
