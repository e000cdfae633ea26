"""The rule for exhaustion, cool-off and reopening, in SQL over the call log: fills the temporary table `dialled`.

Given up is who was tried `max_attempts` times since the last conversation, in at least `min_day_parts` parts of the
day, or whose dial had a final outcome that no later conversation lifted. Only a new dated reason (a trigger of
`reopen_on`, or a referral) that lies more than `cool_off_days` after the last dial opens a new round; attempts then
count from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipeline.dispositions.outcomes import dispositions

_HERE = Path(__file__).parent
MAX_ROUNDS = 100  # a bound for the loop only: a round needs a cool-off, so a life has fewer


def judge(con: duckdb.DuckDBPyConnection) -> None:
    """Make `dialled` (and `known`) for the people in scope; the session's TimeZone must be the user's."""
    days = [(name, d.again_after_days) for name, d in dispositions().items() if d.again_after_days is not None]
    con.execute("CREATE OR REPLACE TEMP TABLE again_after (outcome VARCHAR, days INTEGER)")
    con.executemany("INSERT INTO again_after VALUES (?, ?)", days)
    con.execute((_HERE / "dials.sql").read_text("utf-8"))
    rounds = (_HERE / "rounds.sql").read_text("utf-8")
    for _ in range(MAX_ROUNDS):
        if not con.execute("SELECT count(*) FROM open_round").fetchall()[0][0]:
            break
        con.execute(rounds)
    con.execute((_HERE / "summary.sql").read_text("utf-8"))


def set_scope(con: duckdb.DuckDBPyConnection, people: Iterable[str] | None) -> None:
    """Restrict the next judgement to some people; None: everybody."""
    con.execute("CREATE OR REPLACE TEMP TABLE in_scope (person_id VARCHAR)")
    con.execute("SET VARIABLE scoped = ?", [people is not None])
    if people is not None:
        con.execute("INSERT INTO in_scope SELECT DISTINCT unnest(?::VARCHAR[])", [list(people)])
