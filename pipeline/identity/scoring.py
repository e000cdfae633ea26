"""From levels to a score: the log-odds that two profiles are one person, and where they come from.

The model is logistic: a weight for each level, for each pair of levels, and slopes on the number of chance
namesakes. It is fitted by `python -m pipeline.identity.fit` (weights in data/identity/weights.json), or without
labels by expectation maximisation (`pipeline.identity.unlabelled`).
"""

from __future__ import annotations

import itertools
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

import data
from pipeline.identity.arrays import Floats
from pipeline.identity.levels import FIELDS, Levels

# Log-odds from which two are taken for one person without asking; between REVIEW_BAND a human may look.
THRESHOLD = 1.0
REVIEW_BAND = (-1.5, 2.5)
SHAPE = tuple(len(levels) for _, levels in FIELDS)
# ln of chance namesakes at which a slope may change; x is clipped to [X_LOW, X_HIGH]
HINGES = (-12.0, -8.0, -5.0, -2.5, 0.0, 2.5)
X_LOW, X_HIGH = -20.0, 6.0
PAIRS = tuple(itertools.combinations(range(len(FIELDS)), 2))


def combination(codes: npt.NDArray[np.int8]) -> npt.NDArray[np.int64]:
    """Return one number for each row of levels."""
    out = np.zeros(len(codes), np.int64)
    for at, size in enumerate(SHAPE):
        out = out * size + codes[:, at]
    return out


def hinge_values(chance: Floats) -> npt.NDArray[np.float64]:
    """Return the piecewise-linear basis of the chance value: shape (n, 1 + len(HINGES))."""
    x = np.clip(chance.astype(np.float64), X_LOW, X_HIGH)
    return np.column_stack([x / 5, *(np.maximum(x - h, 0) / 5 for h in HINGES)])


@dataclass
class Model:
    """Tables over all level combinations: `base` (combinations), `slopes` (combinations, 1 + hinges).

    `main`, `cross`, `bend` are the weights they are made of, kept for explanations.
    """

    intercept: float
    main: list[npt.NDArray[np.float64]]
    cross: dict[tuple[int, int], npt.NDArray[np.float64]]
    bend: list[npt.NDArray[np.float64]]  # one (levels, 1 + hinges) table a field
    note: str = ""
    rules: bool = True  # off for lists of other kinds, whose own data say how names change

    def __post_init__(self) -> None:
        grid = np.stack(np.meshgrid(*(np.arange(s) for s in SHAPE), indexing="ij"), -1).reshape(-1, len(SHAPE))
        self.base = np.full(len(grid), self.intercept)
        self.slopes = np.zeros((len(grid), 1 + len(HINGES)))
        for at in range(len(SHAPE)):
            self.base += self.main[at][grid[:, at]]
            self.slopes += self.bend[at][grid[:, at]]
        for (i, j), table in self.cross.items():
            self.base += table[grid[:, i], grid[:, j]]
        # Rules that no data may outvote. Other given name: another person. Other surname (marriage, or a colleague of
        # that given name): a human looks. A bare name is no better than the namesakes it may have are few.
        surname_apart = (grid[:, 1] == 0) | (grid[:, 1] == 5)
        self.cap = np.where(grid[:, 0] == 0, -2.5, np.where(surname_apart, 0.4, np.inf))
        self.bare = np.isin(grid[:, 2], (0, 1, 7)) & np.isin(grid[:, 3], (0, 3))
        if not self.rules:
            self.cap[:] = np.inf
            self.bare[:] = False
            return
        # A name that conflicts in both parts is never one person, whatever the rest says.
        self.base[(grid[:, 0] == 0) & (grid[:, 1] == 0)] = -20.0
        self.slopes[(grid[:, 0] == 0) & (grid[:, 1] == 0)] = 0.0

    def score(self, levels: Levels) -> Floats:
        """Return the log-odds of each pair."""
        out = np.empty(len(levels.chance), np.float32)
        step = 500_000
        for start in range(0, len(out), step):
            part = slice(start, start + step)
            combo = combination(levels.codes[part])
            basis = hinge_values(levels.chance[part])
            raw = self.base[combo] + np.einsum("ij,ij->i", self.slopes[combo], basis)
            out[part] = np.minimum(raw, self._limit(combo, levels.chance[part]))
        return out

    def _limit(self, combo: npt.NDArray[np.int64], chance: Floats) -> npt.NDArray[np.float64]:
        """Return the highest log-odds that the rules allow for each pair."""
        return np.minimum(self.cap[combo], np.where(self.bare[combo], -1.0 - chance.astype(np.float64), np.inf))

    def explain(self, codes: npt.NDArray[np.int8], chance: float) -> list[tuple[str, str, float]]:
        """Return (part, what was found, log-odds) for one pair; the values add up to its score."""
        if codes[0] == 0 and codes[1] == 0:
            return [("name", "given name and surname both differ", -20.0)]
        parts = [("prior", "before looking", self.intercept)]
        basis = hinge_values(np.array([chance], np.float32))[0]
        rarity = 0.0
        for at, (field, levels) in enumerate(FIELDS):
            value = float(self.main[at][codes[at]])
            rarity += float(self.bend[at][codes[at]] @ basis)
            parts.append((field, levels[codes[at]], value))
        for (i, j), table in self.cross.items():
            value = float(table[codes[i], codes[j]])
            if value:
                found = f"{FIELDS[i][1][codes[i]]} with {FIELDS[j][1][codes[j]]}"
                parts.append((f"{FIELDS[i][0]} and {FIELDS[j][0]}", found, value))
        parts.append(("rarity", f"{np.exp(min(chance, 20)):.2g} chance namesakes expected", rarity))
        limit = float(self._limit(combination(codes[None, :]), np.array([chance], np.float32))[0])
        total = sum(value for _, _, value in parts)
        if total > limit:
            parts.append(("limit", "a rule allows no more", limit - total))
        return parts

    def to_json(self) -> str:
        """Return the weights as JSON text, one line a table."""
        body = {
            "note": self.note, "intercept": round(self.intercept, 4),
            "fields": {name: list(levels) for name, levels in FIELDS}, "hinges": list(HINGES),
            "main": [np.round(t, 4).tolist() for t in self.main],
            "cross": {f"{i},{j}": np.round(t, 4).tolist() for (i, j), t in self.cross.items()},
            "bend": [np.round(t, 4).tolist() for t in self.bend],
        }  # fmt: skip
        return "{\n" + ",\n".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in body.items()) + "\n}\n"


def from_json(text: str, name: str) -> Model:
    """Read a model; raises ValueError when it was made for other levels."""
    raw = json.loads(text)
    if raw["fields"] != {field: list(levels) for field, levels in FIELDS} or raw["hinges"] != list(HINGES):
        raise ValueError(f"{name}: fitted for other levels; run `python -m pipeline.identity.fit` again")
    return Model(
        raw["intercept"], [np.array(t) for t in raw["main"]],
        {(int(k[0]), int(k[2])): np.array(t) for k, t in raw["cross"].items()}, [np.array(t) for t in raw["bend"]],
        raw["note"],
    )  # fmt: skip


@cache
def shipped(name: str = "weights.json") -> Model:
    """Return the fitted model that comes with the project."""
    path: Path = data.path("identity", name)
    return from_json(path.read_text("utf-8"), str(path))
