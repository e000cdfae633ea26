"""Uncertain pairs for a human: shown side by side, decided, undone, explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import duckdb
import numpy as np

from pipeline.errors import OpenerError
from pipeline.identity import profiles
from pipeline.identity.comparison import Comparer
from pipeline.identity.levels import FIELDS, Levels
from pipeline.identity.reach import means_of_records, score_with
from pipeline.identity.replay import rebuild
from pipeline.identity.scoring import shipped
from pipeline.identity.store_counts import store_counts
from pipeline.identity.writing import merge_people, pair_id

Verdict = Literal["same", "not", "unsure"]


@dataclass(frozen=True)
class Side:
    """One record of a pair as it was read: `record_id` is a mention or contact."""

    record_id: str
    person_id: str | None
    person: str
    role: str | None
    company: str | None
    place: str | None
    day: str | None
    evidence: str | None
    source: str | None


@dataclass(frozen=True)
class Pair:
    """Two records that may be one person, with the score and what they agree in."""

    pair_id: str
    score: float
    explanation: str
    left: Side
    right: Side


_SIDES = """SELECT m.mention_id AS record_id, t.person_id, concat_ws(' ', m.title, m.person), m.role, m.company, m.place,
        strftime(coalesce(m.published, m.seen_at), '%Y-%m-%d'), m.evidence, m.page_url
    FROM mentions m LEFT JOIN person_mentions t USING (mention_id) WHERE m.mention_id IN (SELECT unnest($ids))
    UNION ALL
    SELECT c.contact_id, t.person_id, concat_ws(' ', c.title, c.person_raw), c.role, c.company, c.town,
        strftime(c.imported_at, '%Y-%m-%d'), concat_ws(', ', c.phone, c.email), 'import: ' || coalesce(c.source_system, 'csv')
    FROM contacts c LEFT JOIN person_contacts t USING (contact_id) WHERE c.contact_id IN (SELECT unnest($ids))"""


def _sides(con: duckdb.DuckDBPyConnection, ids: list[str]) -> dict[str, Side]:
    return {row[0]: Side(*row) for row in con.execute(_SIDES, {"ids": ids}).fetchall()}


_DECIDED = """SELECT pair_id, verdict FROM judgements
    QUALIFY row_number() OVER (PARTITION BY pair_id ORDER BY judgement_id DESC) = 1"""


def waiting(con: duckdb.DuckDBPyConnection, limit: int | None = None) -> list[Pair]:
    """Return undecided pairs that are still two persons, the likeliest first."""
    decided = {row[0] for row in con.execute(_DECIDED).fetchall() if row[1] != "undone"}
    rows = con.execute(
        "SELECT pair_id, left_id, right_id, score, explanation FROM match_queue ORDER BY score DESC, pair_id"
    ).fetchall()
    rows = [row for row in rows if row[0] not in decided]
    sides = _sides(con, list({i for row in rows for i in row[1:3]}))
    found = []
    for number, left, right, score, text in rows:
        if left in sides and right in sides and sides[left].person_id != sides[right].person_id:
            found.append(Pair(number, float(score), text or "", sides[left], sides[right]))
            if limit is not None and len(found) >= limit:
                break
    return found


def decide(
    con: duckdb.DuckDBPyConnection, pair: str, verdict: Verdict, *, now: datetime, by: str | None = None
) -> None:
    """Append a judgement on a queued pair and apply it. Raises OpenerError for an unknown pair."""
    row = con.execute("SELECT left_id, right_id, score FROM match_queue WHERE pair_id = ?", [pair]).fetchall()
    row = (
        row
        or con.execute("SELECT left_id, right_id, score FROM judgements WHERE pair_id = ? LIMIT 1", [pair]).fetchall()
    )
    if not row:
        raise OpenerError(f"no pair {pair!r} in the queue; `opener matches` lists them")
    left, right, score = row[0]
    judge(con, left, right, verdict, now=now, by=by, score=score)


def judge(
    con: duckdb.DuckDBPyConnection, left: str, right: str, verdict: Verdict, *, now: datetime, by: str | None = None,
    score: float | None = None,
) -> None:  # fmt: skip
    """Append a judgement on two records and apply it: join their persons, or keep (or take) them apart.

    Raises OpenerError for an unknown record, or one and the same twice.
    """
    sides = _sides(con, [left, right])
    for record in (left, right):
        if record not in sides:
            raise OpenerError(f"no mention or contact {record!r} in the store; `opener matches --json` shows their ids")
    if left == right:
        raise OpenerError(f"{left!r} was named twice; name two mentions or contacts")
    _append(con, left, right, verdict, score, by, now)
    one, other = sides[left].person_id, sides[right].person_id
    if verdict == "same" and one and other and one != other:
        merge_people(con, one, other, now)
    elif verdict == "not" and one and one == other:
        rebuild(con, now)


def undo(con: duckdb.DuckDBPyConnection, *, now: datetime, by: str | None = None) -> tuple[str, str, str] | None:
    """Take back the newest judgement; returns (left, right, verdict), or None when there is none."""
    row = con.execute(
        f"""SELECT j.left_id, j.right_id, j.verdict, j.score FROM judgements j
        JOIN ({_DECIDED}) d ON d.pair_id = j.pair_id AND d.verdict <> 'undone' AND j.verdict = d.verdict
        ORDER BY j.judgement_id DESC LIMIT 1"""  # noqa: S608 - constants
    ).fetchall()
    if not row:
        return None
    left, right, verdict, score = row[0]
    _append(con, left, right, "undone", score, by, now)
    if verdict != "unsure":
        rebuild(con, now)
    return left, right, verdict


def _append(
    con: duckdb.DuckDBPyConnection,
    left: str,
    right: str,
    verdict: str,
    score: float | None,
    by: str | None,
    now: datetime,
) -> None:
    con.execute(
        """INSERT INTO judgements SELECT coalesce(max(judgement_id) + 1, 1), ?, ?, ?, ?, ?, ?, ? FROM judgements""",
        [pair_id(left, right), left, right, verdict, score, by, now],
    )


def explain(con: duckdb.DuckDBPyConnection, one: str, other: str) -> dict[str, Any]:
    """Explain how alike two mentions, contacts or persons are: levels, parts of the score, what was decided.

    Of persons, the most alike records are explained. Raises OpenerError for an unknown id.
    """
    left, right = _records(con, one), _records(con, other)
    sides = _sides(con, [*left, *right])
    order = [sides[i] for i in [*left, *right]]
    found = profiles.build(
        [s.person for s in order],
        [s.company for s in order],
        [s.place for s in order],
        [s.role for s in order],
    )
    comparer = Comparer(found, profiles.word_facts(found), store_counts(con, found))
    rows = found.of_mention
    a = np.repeat(rows[: len(left)], len(right)).astype(np.int32)
    b = np.tile(rows[len(left) :], len(left)).astype(np.int32)
    levels = comparer.compare(a, b)
    scores = shipped().score(levels)
    best = int(np.argmax(scores))
    x, y = order[best // len(right)], order[len(left) + best % len(right)]
    shared = means_of_records(con, (x.record_id, x.person_id), (y.record_id, y.person_id))
    pair = Levels(levels.codes[best : best + 1].copy(), levels.chance[best : best + 1].copy())
    score = float(scores[best])
    if shared:
        score = float(score_with(pair, np.array([shared.own]), comparer.counts.total)[0])
    codes, chance = pair.codes[0], float(pair.chance[0])
    parts = shipped().explain(codes, chance)
    if shared:
        parts.append(("means", shared.words, score - sum(value for _, _, value in parts)))
    judged = con.execute(
        f"SELECT verdict FROM ({_DECIDED}) WHERE pair_id = ?",  # noqa: S608
        [pair_id(x.record_id, y.record_id)],
    ).fetchall()
    ties = con.execute(
        """SELECT mention_id, decided_by, score, explanation FROM person_mentions WHERE mention_id IN (SELECT unnest($ids))
        UNION ALL SELECT contact_id, how, score, NULL FROM person_contacts WHERE contact_id IN (SELECT unnest($ids))""",
        {"ids": [x.record_id, y.record_id]},
    ).fetchall()
    return {
        "left": x, "right": y, "score": round(score, 3), "same_person": x.person_id == y.person_id,
        "judgement": judged[0][0] if judged else None, "means": shared.words if shared else None,
        "levels": {field: names[code] for (field, names), code in zip(FIELDS, codes.tolist(), strict=True)},
        "chance_namesakes": float(np.exp(min(chance, 20))),
        "parts": [{"part": p, "found": f, "log_odds": round(v, 3)} for p, f, v in parts],
        "decided": [{"record_id": r, "by": by, "score": s, "explanation": t} for r, by, s, t in ties],
    }  # fmt: skip


def _records(con: duckdb.DuckDBPyConnection, wanted: str) -> list[str]:
    """Return the records that an id stands for: itself, or the newest 50 of a person."""
    if _sides(con, [wanted]):
        return [wanted]
    person = con.execute("SELECT person_id FROM person_aliases WHERE old_id = ?", [wanted]).fetchall()
    rows = con.execute(
        """SELECT mention_id FROM person_mentions WHERE person_id = $id UNION ALL
        SELECT contact_id FROM person_contacts WHERE person_id = $id LIMIT 50""",
        {"id": person[0][0] if person else wanted},
    ).fetchall()
    if not rows:
        raise OpenerError(f"no mention, contact or person {wanted!r} in the store")
    return [row[0] for row in rows]
