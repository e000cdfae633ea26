"""The fitted weights of the linker, one JSON file a language (written by `python -m enrich.nlp.fitting`)."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import data
from enrich.nlp.forest import Forest, Matrix, read_forests
from enrich.nlp.vocabulary import LANGUAGES


@dataclass(slots=True)
class Odds:
    """Log-odds of the patterns seen in fitting ("P , R A O"); a pattern never seen has the log-odds of all."""

    base: float
    table: dict[str, float]

    def of(self, key: str) -> float:
        """Return the log-odds of a key."""
        return self.table.get(key, self.base)


@dataclass(slots=True)
class Lexis:
    """A linear model over words; a word never seen weighs nothing."""

    base: float
    table: dict[str, float]

    def score(self, keys: Sequence[str]) -> float:
        """Return the log-odds of a set of words."""
        return self.base + sum(self.table.get(key, 0.0) for key in keys)


@dataclass(slots=True)
class Softmax:
    """A linear model over several classes; reads only the features that a row has."""

    classes: tuple[str, ...]
    place: dict[str, int]
    weights: Matrix  # features x classes
    bias: Matrix

    def best(self, row: dict[str, float]) -> tuple[str, float]:
        """Return the likeliest class of a feature row and its probability."""
        known = [(self.place[name], value) for name, value in row.items() if value and name in self.place]
        score = self.bias
        if known:
            score = score + np.array([value for _, value in known]) @ self.weights[[column for column, _ in known]]
        top = int(score.argmax())
        return self.classes[top], float(1.0 / np.exp(score - score[top]).sum())


@dataclass(slots=True)
class Weights:
    """Everything fitted for one language."""

    role: Forest
    pair: Forest
    pair_again: Forest
    former: Forest
    trigger: Softmax
    tie: Forest
    role_odds: tuple[Odds, ...]
    pair_odds: tuple[Odds, ...]
    tie_odds: tuple[Odds, ...]
    role_lexis: Lexis
    tie_lexis: Lexis
    pair_lexis: Lexis
    person_lexis: Lexis
    tie_threshold: float  # a role from here on is told with the lead
    thresholds: dict[str, float]  # a pair from here on is a lead; see `threshold_group`
    former_threshold: float


NO_ROLE = 0.3  # a person whose likeliest role is less likely than this has none
_NO_WORDS: dict[str, Any] = {"base": 0.0, "table": {}}  # of weights fitted before these models were known


@functools.cache
def weights(language: str) -> Weights:
    """Read the weights of a language, German for languages without any."""
    found: dict[str, Any] = read_forests(data.path(f"link_weights_{language if language in LANGUAGES else 'de'}.json"))
    return Weights(
        role=found["role"],
        pair=found["pair"],
        pair_again=found["pair_again"],
        former=found["former"],
        trigger=_softmax(found["trigger"]),
        tie=found["tie"],
        role_odds=tuple(_odds(entry) for entry in found["role_odds"]),
        pair_odds=tuple(_odds(entry) for entry in found["pair_odds"]),
        tie_odds=tuple(_odds(entry) for entry in found["tie_odds"]),
        role_lexis=_lexis(found["role_lexis"]),
        tie_lexis=_lexis(found["tie_lexis"]),
        pair_lexis=_lexis(found.get("pair_lexis", _NO_WORDS)),
        person_lexis=_lexis(found.get("person_lexis", _NO_WORDS)),
        tie_threshold=float(found["tie_threshold"]),
        thresholds=_thresholds(found["thresholds"]),
        former_threshold=float(found["former_threshold"]),
    )


def _thresholds(entry: dict[str, Any]) -> dict[str, float]:
    told = {str(name): float(value) for name, value in entry.items()}
    return {"bare": told["business"], **told}  # of weights fitted before people without a role had a threshold


def _odds(entry: dict[str, Any]) -> Odds:
    return Odds(float(entry["base"]), {str(k): float(v) for k, v in entry["table"].items()})


def _lexis(entry: dict[str, Any]) -> Lexis:
    return Lexis(float(entry["base"]), {str(k): float(v) for k, v in entry["table"].items()})


def _softmax(entry: dict[str, Any]) -> Softmax:
    return Softmax(
        tuple(entry["classes"]), {str(name): i for i, name in enumerate(entry["features"])},
        np.ascontiguousarray(np.asarray(entry["weights"], dtype=np.float64).T), np.asarray(entry["bias"], dtype=np.float64),
    )  # fmt: skip


def threshold_group(rank: int, kind: str, role: float) -> str:
    """Return the threshold that counts for a pair.

    One for a person's further organisations, one for people without a role (`role` is the probability of the likeliest),
    of whom few are leads, and for the others by what the organisation is.
    """
    if rank:
        return "further"
    if role < NO_ROLE:
        return "bare"
    return "business" if kind in ("company", "association") else "other"


def add_odds(row: dict[str, float], keys: Sequence[str], odds: Sequence[Odds]) -> None:
    """Write the log-odds of a row's keys into it."""
    for number, (key, table) in enumerate(zip(keys, odds, strict=True)):
        row[f"odds_{number}"] = table.of(key)
