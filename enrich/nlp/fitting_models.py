"""Models of scikit-learn fitted out of fold, and the form in which `enrich.nlp.weights` reads them."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from enrich.nlp.pair_features import Row
from enrich.training.splits import FIFTHS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_SMOOTHING = 4.0
_LEAST = 3  # times that a word must be seen
TREES = {"max_iter": 160, "learning_rate": 0.075, "max_leaf_nodes": 10, "min_samples_leaf": 15, "l2_regularization": 3.0,
         "max_features": 0.6, "early_stopping": False}  # fmt: skip
BAG = 3  # forests that are averaged where leads are chosen: one alone moves by several points of F on the news


def table(rows: Sequence[Row], names: Sequence[str]) -> Floats:
    """Return feature rows as a matrix."""
    return np.array([[row.get(name, 0.0) for name in names] for row in rows], dtype=np.float64)


def sparse_table(rows: Sequence[Row], names: Sequence[str]) -> csr_matrix:
    """Return feature rows as a sparse matrix, for words."""
    place = {name: i for i, name in enumerate(names)}
    kept = [[(place[name], value) for name, value in row.items() if value and name in place] for row in rows]
    ends = np.cumsum([0, *(len(line) for line in kept)])
    columns = np.array([column for line in kept for column, _ in line], dtype=np.int64)
    values = np.array([value for line in kept for _, value in line], dtype=np.float64)
    return csr_matrix((values, columns, ends), shape=(len(rows), len(names)))


def feature_names(rows: Sequence[Row], least: int = 5) -> list[str]:
    """Names of the features that at least so many rows have."""
    count: dict[str, int] = defaultdict(int)
    for row in rows:
        for name, value in row.items():
            count[name] += value != 0
    return sorted(name for name, number in count.items() if number >= least)


def fit_odds(rows: Sequence[Row], keys: Sequence[str], right: Ints, folds: Ints, column: str) -> dict[str, Any]:
    """Write out-of-fold log-odds of the keys into the rows; return the table over all folds."""
    base = float(right.mean())
    total: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    parts: list[dict[str, list[int]]] = [defaultdict(lambda: [0, 0]) for _ in range(FIFTHS)]
    for key, y, f in zip(keys, right, folds, strict=True):
        total[key][y] += 1
        parts[f][key][y] += 1

    def odds(no: float, yes: float) -> float:
        return math.log((yes + _SMOOTHING * base) / (no + _SMOOTHING * (1 - base)))

    for row, key, f in zip(rows, keys, folds, strict=True):
        row[column] = odds(*(total[key][k] - parts[f][key][k] for k in (0, 1)))
    shown = {key: round(odds(no, yes), 3) for key, (no, yes) in sorted(total.items()) if yes + no > 1}
    return {"base": round(math.log(base / (1 - base)), 3), "table": shown}


def fit_words(
    rows: Sequence[Row], words: Sequence[Sequence[str]], right: Ints, folds: Ints, strength: float, column: str = "lexis",
    weight: Floats | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Write the out-of-fold score of a linear model over words into the rows as `column`; return its table over all."""
    count = Counter(word for line in words for word in line)
    place = {word: i for i, word in enumerate(sorted(w for w, n in count.items() if n >= _LEAST))}
    columns = [[place[w] for w in line if w in place] for line in words]
    ends = np.cumsum([0, *(len(line) for line in columns)])
    flat = np.array([c for line in columns for c in line], dtype=np.int64)
    x = csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(rows), len(place)))
    for f in range(FIFTHS):
        test = folds == f
        if test.any():
            shares = None if weight is None else weight[~test]
            scores = _linear(strength).fit(x[~test], right[~test], shares).decision_function(x[test])
            for i, score in zip(np.flatnonzero(test), scores, strict=True):
                rows[int(i)][column] = float(score)
    model = _linear(strength).fit(x, right, weight)
    weights = model.coef_[0]
    shown = {word: round(float(weights[i]), 3) for word, i in place.items() if abs(weights[i]) >= 0.02}
    return {"base": round(float(model.intercept_[0]), 3), "table": shown}


def _linear(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, max_iter=300, tol=1e-3)


@dataclass(frozen=True, slots=True)
class Bag:
    """Boosted trees fitted with several seeds; their mean on the log-odds scale is one forest."""

    models: tuple[HistGradientBoostingClassifier, ...]

    def predict(self, x: Floats) -> Floats:
        """Return the probability of each row."""
        score = np.mean([model.decision_function(x) for model in self.models], axis=0)
        found: Floats = 1.0 / (1.0 + np.exp(-score))
        return found


def fit_trees(x: Floats, y: Ints, weight: Floats | None = None, bag: int = 1) -> Bag:
    """Fit boosted trees, `bag` times with other seeds; the same rows give the same trees."""
    return Bag(tuple(
        HistGradientBoostingClassifier(**TREES, random_state=seed).fit(x, y, sample_weight=weight) for seed in range(bag)
    ))  # fmt: skip


def out_of_fold(x: Floats, y: Ints, folds: Ints, weight: Floats | None = None, bag: int = 1) -> Floats:
    """Return a score for each row from trees that have not seen its fold."""
    scores = np.zeros(len(y))
    for f in range(FIFTHS):
        test = folds == f
        if test.any():
            model = fit_trees(x[~test], y[~test], None if weight is None else weight[~test], bag)
            scores[test] = model.predict(x[test])
    return scores


def forest_entry(bag: Bag, names: Sequence[str]) -> dict[str, Any]:
    """Write a fitted bag in the form that `enrich.nlp.forest` walks: all its trees, each with its share of the mean."""
    roots: list[int] = []
    columns: dict[str, list[Any]] = {k: [] for k in ("feature", "threshold", "left", "right", "value")}
    depth = 1
    for (tree,) in (trees for model in bag.models for trees in model._predictors):
        start = len(columns["feature"])
        roots.append(start)
        for place, node in enumerate(tree.nodes):
            leaf = bool(node["is_leaf"])
            columns["feature"].append(0 if leaf else int(node["feature_idx"]))
            columns["threshold"].append(0.0 if leaf else round(float(node["num_threshold"]), 4))
            columns["left"].append(start + (place if leaf else int(node["left"])))
            columns["right"].append(start + (place if leaf else int(node["right"])))
            columns["value"].append(round(float(node["value"]) / len(bag.models), 4) if leaf else 0.0)
            depth = max(depth, int(node["depth"]) + 1)
    base = float(np.mean([np.asarray(model._baseline_prediction).ravel()[0] for model in bag.models]))
    return {"features": list(names), "base": round(base, 4), "depth": depth, "roots": roots, **columns}


def f_score(picked: NDArray[np.bool_], right: Ints, beta: float, weight: Floats | None = None) -> float:
    """Return the F of what is picked; beta < 1 favours precision. `weight`: how much each row counts."""
    counts = np.ones(len(right)) if weight is None else weight
    tp = float(counts[picked & (right == 1)].sum())
    if not tp:
        return 0.0
    p, r = tp / float(counts[picked].sum()), tp / float(counts[right == 1].sum())
    return (1 + beta**2) * p * r / (beta**2 * p + r)


def best_threshold(scores: Floats, y: Ints, beta: float) -> tuple[float, float]:
    """Return the threshold with the best F and that F."""
    best = (0.5, 0.0)
    for threshold in np.arange(0.3, 0.75, 0.01):
        f = f_score(scores >= threshold, y, beta)
        if f > best[1]:
            best = (round(float(threshold), 2), f)
    return best
