"""A small real store with invented people, for tests of lists, calls and scores."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from enrich.records import content_id
from pipeline.identity import resolve
from pipeline.scoring.scoring import score
from pipeline.settings import Settings
from pipeline.store.opening import working_store

TODAY = date(2026, 11, 24)  # a Tuesday


def at(day: date, clock: str = "09:30", settings: Settings | None = None) -> datetime:
    """Return a local time of the default zone."""
    return datetime.combine(day, time.fromisoformat(clock), (settings or Settings()).zone)


@dataclass
class Desk:
    """One open store; days run from TODAY by `today`."""

    con: duckdb.DuckDBPyConnection
    settings: Settings
    today: date = TODAY
    numbers: dict[str, str] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return at(self.today, "07:00", self.settings)

    def person(self, name: str, **facts: Any) -> str:
        """Add a person with one mention; returns the person id. `age`: days since the mention was published."""
        person_id = str(facts.pop("person_id", content_id("person", name)))
        given, _, surname = name.rpartition(" ")
        company = facts.pop("company", f"{surname} GmbH")
        company_id = content_id("company", company)
        seen = at(self.today - timedelta(days=facts.pop("age", 1)), "05:00")
        phone = facts.pop("phone", None)
        known = {
            "gender": "f",
            "role": "Geschäftsführerin",
            "role_level": "executive",
            "org_kind": "company",
            "place": "Lindenau",
        }
        known |= {key: facts.pop(key) for key in list(known) if key in facts}
        self.con.execute(
            """INSERT INTO people (person_id, name, given, surname, gender, role, role_level, company_id, company, org_kind,
               place, known_at, first_seen, last_seen, mentions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)""",
            [person_id, name, given, surname, known["gender"], known["role"], known["role_level"], company_id, company,
             known["org_kind"], known["place"], seen, seen, seen],
        )  # fmt: skip
        if facts.pop("mention", True):
            self.mention(person_id, name, company=company, published=seen, **known, **facts)
        if phone:
            site = f"{surname.lower()}.example"
            self.con.execute(
                "INSERT INTO company_profiles (website, company, phones, emails, town, country, fetched_at) VALUES (?, ?, [?], [], 'Lindenau', 'DE', ?)",
                [site, company, phone, seen],
            )
            self.con.execute("INSERT INTO company_lookups VALUES (?, ?, true, 'test', ?)", [company_id, site, seen])
        self.numbers[name] = person_id
        return person_id

    def mention(
        self, person_id: str, name: str, *, published: datetime, trigger: str = "appointment", **facts: Any
    ) -> str:
        """Add a mention of somebody known."""
        mention_id = content_id("mention", person_id or name, trigger, published.isoformat())
        self.con.execute(
            """INSERT INTO mentions (mention_id, page_url, person, role, role_level, company, org_kind, place, trigger, trigger_date,
               former, evidence, section, confidence, source, published, language, seen_at, run_id)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'body', 0.9, ?, ?, ?, ?, 'r1')""",
            [mention_id, f"https://www.tagblatt.example/{mention_id}", name, facts.get("role"), facts.get("role_level", "executive"),
             facts.get("company", "Koch GmbH"), facts.get("org_kind", "company"), facts.get("place"), trigger, facts.get("trigger_date"),
             facts.get("former", False), facts.get("evidence", f"{name} ist neue Chefin."), facts.get("source", "tagblatt"),
             published if facts.get("dated", True) else None, facts.get("language", "de"), published],
        )  # fmt: skip
        self.con.execute(
            "INSERT INTO person_mentions (mention_id, person_id, decided_by) VALUES (?, ?, 'first')",
            [mention_id, person_id],
        )
        return mention_id

    def read(self, name: str, company: str, **facts: Any) -> str:
        """Add a mention as a night reads it and resolve who it is; returns the person id."""
        mention_id = self.mention(
            "", name, published=at(self.today - timedelta(days=1), "05:00"), company=company, **facts
        )
        self.con.execute("DELETE FROM person_mentions WHERE person_id = ''")
        resolve(self.con, now=self.now)
        found = self.con.execute("SELECT person_id FROM person_mentions WHERE mention_id = ?", [mention_id]).fetchall()
        return str(found[0][0])

    def call(self, person_id: str, outcome: str, when: datetime, next_at: datetime | None = None) -> str:
        """Log a dial as the call log holds it."""
        call_id = content_id("call", person_id, when.isoformat(), outcome)
        self.con.execute(
            "INSERT INTO calls VALUES (?, ?, ?, ?, NULL, NULL, ?, NULL, ?)",
            [call_id, person_id, when, outcome, next_at, when],
        )
        return call_id

    def score(self, today: date | None = None) -> dict[str, int]:
        """Score everybody as of a day."""
        self.today = today or self.today
        return dict(score(self.con, self.settings, now=self.now))

    def prospect(self, person_id: str) -> dict[str, Any]:
        """Return somebody's row of `prospects`."""
        cursor = self.con.execute("SELECT * FROM prospects WHERE prospect_id = ?", [person_id])
        names = [item[0] for item in cursor.description or ()]
        return dict(zip(names, cursor.fetchall()[0], strict=True))

    def state(self, person_id: str) -> str:
        return str(self.prospect(person_id)["state"])


@cache
def _empty_store() -> Path:
    """Return a store with its tables, made once: a thousand comments take longer than a test."""
    home = Path(tempfile.mkdtemp(prefix="empty-store-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    with working_store(home):
        pass
    return home / "work.duckdb"


@contextmanager
def desk(home: Path, **settings: Any) -> Iterator[Desk]:
    """Open a new store in `home`."""
    chosen = Settings(home=home, openers=home / "openers", **settings)
    shutil.copy(_empty_store(), home / "work.duckdb")
    with working_store(home) as con:
        con.execute("INSERT INTO source_titles VALUES ('tagblatt', 'Lindenauer Tagblatt', 'news', NULL)")
        yield Desk(con, chosen)
