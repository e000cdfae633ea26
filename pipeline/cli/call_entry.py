"""One entry of the call log: written, the person judged anew, and said in one line."""

from __future__ import annotations

from datetime import datetime

import duckdb

from pipeline.cli.context import one_line
from pipeline.contacts import secret
from pipeline.dispositions.log import Dial, log_dials
from pipeline.scoring.scoring import score
from pipeline.settings import Settings


def log_and_judge(con: duckdb.DuckDBPyConnection, settings: Settings, dial: Dial, now: datetime) -> dict[str, object]:
    """Log one dial, score the person anew and return what is known of them now."""
    key = secret.load(settings.home)
    con.execute("BEGIN")
    try:
        new = log_dials(con, key, [dial], now, settings.territory.country)
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    score(con, settings, now=now, people=[dial.person_id])
    found = con.execute(
        """SELECT p.name, p.company, r.state, r.state_reason, r.attempts, r.due_at FROM people p
           LEFT JOIN prospects r ON r.prospect_id = p.person_id WHERE p.person_id = ?""",
        [dial.person_id],
    ).fetchall()
    name, company, state, why, attempts, due_at = found[0]
    return {
        "call_id": dial.call_id, "prospect_id": dial.person_id, "name": name, "company": company, "outcome": dial.outcome,
        "called_at": dial.called_at.astimezone(settings.zone).isoformat(timespec="minutes"), "new": bool(new),
        "state": state, "why": why, "attempts": attempts,
        "next": due_at.astimezone(settings.zone).isoformat(timespec="minutes") if due_at else None,
    }  # fmt: skip


def said(facts: dict[str, object]) -> str:
    """Return one line for the rep: who, what, and what follows."""
    line = f"{facts['name']}, {facts['company'] or '-'}: {facts['outcome']}"
    if not facts["new"]:
        line += " (was in the log already)"
    line += f"; {facts['state']}"
    if facts["state"] in ("exhausted", "suppressed"):
        line += f" ({facts['why']})"
    elif facts["attempts"]:
        line += f", {facts['attempts']} attempts"
    if facts["next"]:
        day, _, clock = str(facts["next"]).partition("T")
        line += f", due {day}" + (f" {clock[:5]}" if clock[:5] != "00:00" else "")
    return one_line(line)
