"""Stage score: weights from data files and settings into the store, then one pass of SQL over all people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime
from pathlib import Path

import duckdb
from pydantic import BaseModel, ConfigDict

import data
from enrich.records import RoleLevel, Trigger
from pipeline.contacts import secret
from pipeline.contacts.suppression import suppressed_people
from pipeline.dispositions.rule import judge, set_scope
from pipeline.scoring.gazetteer import distances
from pipeline.scoring.triggers import half_lives
from pipeline.settings import Settings
from spiders.definitions import load_file

_SQL = Path(__file__).with_name("score.sql")
LATELY_DAYS = 90  # how long being named again counts
REFERRAL_HALF_LIFE = 60.0  # days, like a new appointment
MAX_REASON_AGE = 4.0  # in half-lives: then 6 % of the points are left, and "why now" is no longer true


class Weights(BaseModel):
    """Points of data/scoring.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    reason: dict[Trigger, int]
    role_level: dict[RoleLevel, int]
    wanted_level: int
    wanted_role: int
    wanted_industry: int
    wanted_organisation: int
    town: int
    country: int
    direct_phone: int
    switchboard: int
    email_only: int
    unreachable: int
    named_again: int
    named_again_max: int
    referral: int
    source_yield: int
    reopened: int


def load_weights(path: Path | None = None) -> Weights:
    """Read the points. Raises DefinitionError that names file, line and key."""
    return load_file(path or data.path("scoring.yml"), Weights)


def _table(con: duckdb.DuckDBPyConnection, ddl: str, name: str, rows: Iterable[tuple[object, ...]]) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} ({ddl})")
    found = list(rows)
    if found:
        marks = ", ".join("?" for _ in found[0])
        con.executemany(f"INSERT INTO {name} VALUES ({marks})", found)  # noqa: S608 - names are ours


def score(
    con: duckdb.DuckDBPyConnection, settings: Settings, *, now: datetime, people: Collection[str] | None = None
) -> Counter[str]:
    """Compute state, score and reason of `people` (None: everybody) in one transaction; returns people per state."""
    weights = load_weights()
    lives = half_lives() | {"referral": REFERRAL_HALF_LIFE}
    ideal = settings.ideal_customer
    wanted = [
        *(("role_level", word) for word in ideal.role_levels),
        *(("role", word.lower()) for word in ideal.roles),
        *(("industry", word.lower()) for word in ideal.industries),
        *(("org_kind", word) for word in ideal.org_kinds),
        *(("exclude", word.lower()) for word in ideal.exclude),
        ("country", settings.territory.country),
        *(("final_outcome", word) for word in settings.exhaustion.final_outcomes),
        *(("reopen_on", word) for word in settings.exhaustion.reopen_on),
        *(("no_reason", word) for word in no_reasons(settings)),
    ]
    plain = {k: v for k, v in weights.model_dump().items() if isinstance(v, int)}
    barred = suppressed_people(con, secret.load(settings.home), settings.territory.country, people)
    reasons = [(t, float(p), float(lives[t])) for t, p in weights.reason.items()]
    local = now.astimezone(settings.zone)
    con.execute("SET TimeZone = ?", [settings.timezone])
    _table(con, "trigger VARCHAR, points DOUBLE, half_life DOUBLE", "weight_reason",
           [*reasons, ("referral", 0.0, REFERRAL_HALF_LIFE)])  # fmt: skip
    _table(con, "role_level VARCHAR, points INTEGER", "weight_level", list(weights.role_level.items()))
    _table(con, "name VARCHAR, points INTEGER", "weight", list(plain.items()))
    _table(con, "kind VARCHAR, word VARCHAR", "wanted", wanted)
    _table(con, "person_id VARCHAR, reason VARCHAR", "suppressed", list(barred.items()))
    variables = {
        "today": local.date().isoformat(), "now": now.isoformat(), "max_attempts": settings.exhaustion.max_attempts,
        "min_day_parts": settings.exhaustion.min_day_parts, "cool_off_days": settings.exhaustion.cool_off_days,
        "max_reason_age": MAX_REASON_AGE, "lately_days": LATELY_DAYS, "radius_km": max(1, settings.territory.radius_km),
    }  # fmt: skip
    for name, value in variables.items():
        con.execute(f"SET VARIABLE {name} = ?", [value])
    con.execute("BEGIN")
    try:
        con.execute("DELETE FROM store_meta WHERE key = 'timezone'")
        con.execute("INSERT INTO store_meta VALUES ('timezone', ?)", [settings.timezone])
        set_scope(con, people)
        _distances(con, settings)
        judge(con)
        con.execute(_SQL.read_text("utf-8"))
        counted = con.execute("SELECT state, count(*) FROM prospects GROUP BY state").fetchall()
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    return Counter(dict(counted))


def _distances(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Fill place_km(place, km) for every wording of a place in scope."""
    con.execute("CREATE OR REPLACE TEMP TABLE place_km (place VARCHAR, km INTEGER)")
    if not settings.territory.towns:
        return
    places = con.execute(
        """SELECT DISTINCT place FROM (
            SELECT place FROM people WHERE NOT getvariable('scoped') OR person_id IN (SELECT person_id FROM in_scope)
            UNION ALL SELECT m.place FROM mentions m JOIN person_mentions t USING (mention_id)
                WHERE NOT getvariable('scoped') OR t.person_id IN (SELECT person_id FROM in_scope)
            UNION ALL SELECT town FROM company_profiles) WHERE place IS NOT NULL"""
    ).fetchall()
    found = distances(settings.territory, (place for (place,) in places))
    if found:
        con.execute(
            "INSERT INTO place_km SELECT unnest(?::VARCHAR[]), unnest(?::INTEGER[])",
            [list(found), list(found.values())],
        )


def no_reasons(settings: Settings) -> tuple[str, ...]:
    """Return the triggers that never open a call: tact, unless the settings allow lay-offs."""
    return ("insolvency",) if settings.calling.layoffs_as_reason else ("insolvency", "layoffs")
