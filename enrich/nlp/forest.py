"""Boosted trees read from JSON: the runtime half of `enrich.nlp.fitting`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(slots=True)
class Forest:
    """A sum of regression trees on the log-odds scale, with the names of its features.

    Node arrays hold all trees one after the other: a leaf points at itself, so every tree is walked `depth` times.
    """

    features: tuple[str, ...]
    base: float
    roots: NDArray[np.int64]
    feature: NDArray[np.int64]
    threshold: Matrix
    left: NDArray[np.int64]
    right: NDArray[np.int64]
    value: Matrix
    depth: int
    place: dict[str, int] = field(init=False)  # of each feature

    def __post_init__(self) -> None:
        self.place = {name: i for i, name in enumerate(self.features)}

    @classmethod
    def from_json(cls, entry: dict[str, Any]) -> Forest:
        """Build from the JSON object that fitting wrote."""
        return cls(
            features=tuple(entry["features"]),
            base=float(entry["base"]),
            roots=np.asarray(entry["roots"], dtype=np.int64),
            feature=np.asarray(entry["feature"], dtype=np.int64),
            threshold=np.asarray(entry["threshold"], dtype=np.float64),
            left=np.asarray(entry["left"], dtype=np.int64),
            right=np.asarray(entry["right"], dtype=np.int64),
            value=np.asarray(entry["value"], dtype=np.float64),
            depth=int(entry["depth"]),
        )

    def matrix(self, rows: list[dict[str, float]]) -> Matrix:
        """Return feature rows as a matrix in this forest's order; what a row lacks is 0."""
        place = self.place
        table = np.zeros((len(rows), len(self.features)))
        for line, row in zip(table, rows, strict=True):
            known = [(place[name], value) for name, value in row.items() if value and name in place]
            if known:
                columns, values = zip(*known, strict=True)
                line[list(columns)] = values
        return table

    def predict(self, rows: list[dict[str, float]]) -> list[float]:
        """Return a probability for each feature row."""
        if not rows:
            return []
        table = self.matrix(rows)
        at = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        lines = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            goes_left = table[lines, self.feature[at]] <= self.threshold[at]
            at = np.where(goes_left, self.left[at], self.right[at])
        score = self.base + self.value[at].sum(axis=1)
        return [float(p) for p in 1.0 / (1.0 + np.exp(-np.clip(score, -30, 30)))]

    def explain(self, row: dict[str, float], top: int = 5) -> list[tuple[str, float]]:
        """Return the features that moved a row's score most, with their share in log-odds.

        A node's worth is the mean of its leaves; each step of the walk is booked on the feature that it asks.
        """
        worth = self._worth()
        shares: dict[str, float] = {}
        table = self.matrix([row])[0]
        for root in self.roots:
            at = int(root)
            while self.left[at] != at:
                goes_left = table[self.feature[at]] <= self.threshold[at]
                following = int(self.left[at] if goes_left else self.right[at])
                name = self.features[int(self.feature[at])]
                shares[name] = shares.get(name, 0.0) + float(worth[following] - worth[at])
                at = following
        return sorted(shares.items(), key=lambda pair: -abs(pair[1]))[:top]

    def _worth(self) -> Matrix:
        worth = self.value.copy()
        for at in range(len(worth) - 1, -1, -1):  # children stand behind their parents
            if self.left[at] != at:
                worth[at] = (worth[self.left[at]] + worth[self.right[at]]) / 2
        return worth


def read_forests(path: Path) -> dict[str, Any]:
    """Read a weights file: forests under their names, other entries as they are."""
    loaded = json.loads(path.read_text("utf-8"))
    return {
        name: Forest.from_json(entry) if isinstance(entry, dict) and "roots" in entry else entry
        for name, entry in loaded.items()
    }
