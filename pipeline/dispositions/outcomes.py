"""The outcomes of a dial and how lists, dialers and CRM systems word them (data/dispositions.yml)."""

from __future__ import annotations

import re
from functools import cache
from typing import get_args

from pydantic import BaseModel, ConfigDict, Field

import data
from pipeline.contacts.columns import outcome_of, squeezed
from pipeline.settings import Outcome
from spiders.definitions import load_file

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class Disposition(BaseModel):
    """One outcome: its words, whether the person was spoken to, when somebody is due again without a date."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str = Field(pattern="^[a-z]$")
    de: str
    en: str
    conversation: bool
    again_after_days: int | None = None
    words: tuple[str, ...] = ()


class _Vocabulary(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    outcomes: dict[Outcome, Disposition]
    systems: dict[str, dict[Outcome | str, tuple[str, ...]]]


@cache
def _vocabulary() -> _Vocabulary:
    return load_file(data.path("dispositions.yml"), _Vocabulary)


def dispositions() -> dict[Outcome, Disposition]:
    """Return outcome -> disposition in the order of the file."""
    return _vocabulary().outcomes


@cache
def _words() -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    for name, disposition in dispositions().items():
        for word in (name, disposition.de, disposition.en, *disposition.words):
            found[squeezed(word)] = name
    return found


@cache
def _systems() -> dict[str, dict[str, str]]:
    return {
        system: {status.lower(): outcome for outcome, statuses in table.items() for status in statuses}
        for system, table in _vocabulary().systems.items()
    }


def outcome_in(cell: str, system: str = "csv") -> Outcome | None:
    """Return the outcome that a cell of a call list words; None when it names no dial (NEW, QUEUE, empty).

    `system` is the system that wrote the file: VICIdial's N is "no answer", in a German list it is not.
    Raises ValueError for a word that is no outcome.
    """
    text = " ".join(cell.split())
    if not text:
        return None
    known = _systems().get(system, {}).get(text.lower())
    if known == "no_dial":
        return None
    found = known or _words().get(squeezed(text)) or outcome_of(text)
    if found is None:
        # "nicht erreicht, Urlaub bis Montag": the words before the first mark tell
        head = re.split(r"[,;:(/–-]", text, maxsplit=1)[0]
        found = (_words().get(squeezed(head)) or outcome_of(head)) if head != text else None
    if found is None or found not in OUTCOMES:
        raise ValueError(f"{text!r} is no outcome; use one of {', '.join(OUTCOMES)}")
    return found
