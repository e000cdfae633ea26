"""Where learned weights are kept: one file in the home, every learning with date and figures, one of them in force."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.errors import OpenerError
from pipeline.scoring.examples import examples
from pipeline.scoring.learning import ENOUGH_OUTCOMES, Learned, learn
from pipeline.whole_files import write_whole

FILE = "learned-weights.json"
GROWN = 1.2  # the nightly run learns again when there are a fifth more outcomes than last time
KEPT = 50  # learnings in the file


class Learning(BaseModel):
    """One learning: when, and what came out (see `Learned`)."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    learned_at: datetime
    accepted: bool
    undone: bool = False
    factors: dict[str, float]
    result: dict[str, Any]


class Learnings(BaseModel):
    """The file. In force is the newest learning that was accepted and not undone."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    learnings: tuple[Learning, ...] = ()

    def active(self) -> Learning | None:
        """Return the learning in force; None when the hand-set weights are."""
        return next((one for one in reversed(self.learnings) if one.accepted and not one.undone), None)


def load(home: Path) -> Learnings:
    """Read the file of the home. Raises OpenerError when it cannot be understood."""
    path = home / FILE
    if not path.exists():
        return Learnings()
    try:
        return Learnings.model_validate_json(path.read_text("utf-8"))
    except (ValidationError, UnicodeDecodeError) as error:
        raise OpenerError(
            f"{path}: not a file of learned weights; remove it and run `opener weights --learn`"
        ) from error


def active_factors(home: Path) -> Mapping[str, float]:
    """Return the factors in force, per key of a score part; empty with the hand-set weights."""
    active = load(home).active()
    return {key: factor for key, factor in active.factors.items() if key} if active else {}


def relearn(con: duckdb.DuckDBPyConnection, home: Path, *, now: datetime) -> Learned:
    """Learn from the working store and keep what came out; in force from the next scoring if it is better."""
    found = learn(examples(con))
    if found.learned is not None:
        _add(home, found, now)
    return found


def relearn_if_grown(con: duckdb.DuckDBPyConnection, home: Path, *, now: datetime) -> Learned | None:
    """Learn when the log has grown by a fifth since the last time; None when it has not."""
    known = load(home).learnings
    before = int(known[-1].result.get("outcomes", 0)) if known else 0
    count = len(examples(con))
    return relearn(con, home, now=now) if count >= max(ENOUGH_OUTCOMES, before * GROWN) else None


def undo(home: Path) -> tuple[Learning | None, Learning | None]:
    """Take the learning in force out; returns it and what is in force now (None: the hand-set weights)."""
    known = load(home)
    active = known.active()
    if active is None:
        return None, None
    changed = [one.model_copy(update={"undone": True}) if one is active else one for one in known.learnings]
    after = Learnings(learnings=tuple(changed))
    _write(home, after)
    return active, after.active()


def _add(home: Path, found: Learned, now: datetime) -> None:
    known = load(home)
    result = asdict(found)
    factors = result.pop("factors")
    one = Learning(learned_at=now, accepted=found.accepted, factors=factors, result=result)
    kept = [*known.learnings, one][-KEPT:]
    active = known.active()
    if active is not None and active not in kept:
        kept.insert(0, active)
    _write(home, Learnings(learnings=tuple(kept)))


def _write(home: Path, known: Learnings) -> None:
    write_whole(home / FILE, (json.dumps(known.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n").encode())
