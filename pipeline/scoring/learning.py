"""Learning the weights: a ridge logistic regression on the hand-set points, judged on outcomes it has not seen.

The model is logit p = b + k * s + sum(d_j * x_j): s is the hand-set score, x_j the hand-set points of part j, and only
the deviations d_j are shrunk, so with few outcomes the hand-set weights stay. A part's factor is (k + d_j) on the scale of
the hand-set score; a part with no points stays without (what is no reason to call is never learned to be one).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from pipeline.scoring.examples import Example

Array = NDArray[np.float64]
ENOUGH_OUTCOMES = 50
ENOUGH_EACH = 10  # appointments, and people without one: fewer make no held-back figures
FOLDS = 5
PENALTIES = (1.0, 4.0, 16.0, 64.0, 256.0, 1024.0, 8192.0)
MOST, LEAST = 4.0, -1.0  # bounds of a factor
SURE = 1.645  # one-sided 95 %
_UNIT = 10.0  # points: the scale on which deviations are penalised
_SEEN = 5  # examples that a key must have


@dataclass(frozen=True, slots=True)
class Figures:
    """Held-back figures of one set of weights: area under the ROC curve and mean log loss in nats."""

    auc: float
    log_loss: float


@dataclass(frozen=True, slots=True)
class Bin:
    """One fifth of the held-back outcomes by prediction: mean prediction, share that came true, count."""

    predicted: float
    observed: float
    count: int


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned and whether it is better; `verdict` says why in words. Factors are per key of a score part."""

    outcomes: int
    appointments: int
    accepted: bool
    verdict: str
    factors: dict[str, float]
    seen: dict[str, int]
    hand_set: Figures | None = None
    learned: Figures | None = None
    chance: float | None = None
    surer: float | None = None
    hand_set_bins: tuple[Bin, ...] = ()
    learned_bins: tuple[Bin, ...] = ()


def learn(examples: Sequence[Example]) -> Learned:
    """Estimate factors from examples in order of time and judge them on five blocks of time, each held back once."""
    won = np.array([example.won for example in examples], dtype=np.float64)
    n, positives = len(examples), int(won.sum())
    if n < ENOUGH_OUTCOMES:
        return Learned(n, positives, False, f"{n} decided outcomes; {ENOUGH_OUTCOMES} are needed", {}, {})
    if min(positives, n - positives) < ENOUGH_EACH:
        few = f"{positives} people came to an appointment, {n - positives} did not; {ENOUGH_EACH} of each are needed"
        return Learned(n, positives, False, few, {}, {})
    keys, matrix = _matrix(examples)
    hand, ours, chance = np.empty(n), np.empty(n), np.empty(n)
    for held in np.array_split(np.arange(n), FOLDS):
        train = np.setdiff1d(np.arange(n), held)
        hand[held] = _hand_set(matrix[train], won[train], matrix[held])
        factors = _factors(matrix[train], won[train])
        ours[held] = _hand_set(matrix[train] * factors, won[train], matrix[held] * factors)
        chance[held] = (won[train].sum() + 0.5) / (len(train) + 1)
    # each fold's intercept differs a little, so ranks are compared within the folds
    scores = [(_auc_by_fold(p, won), _loss(p, won)) for p in (hand, ours, chance)]
    figures = [Figures(auc, float(loss.mean())) for auc, loss in scores]
    surer = _sureness(scores[0][1] - scores[1][1])
    above_chance = _sureness(scores[2][1] - scores[1][1])
    accepted, verdict = _judge(figures[0], figures[1], surer, above_chance)
    final = _factors(matrix, won)
    seen = Counter(key for example in examples for key in example.points)
    return Learned(
        n, positives, accepted, verdict, {key: round(float(f), 2) for key, f in zip(keys, final, strict=True)},
        {key: seen[key] for key in keys}, figures[0], figures[1], figures[2].log_loss, surer, bins(hand, won), bins(ours, won),
    )  # fmt: skip


def auc(predicted: Array, won: Array) -> float:
    """Return the area under the ROC curve (ties count half); 0.5 when one class is missing."""
    positives = int(won.sum())
    if positives in (0, len(won)):
        return 0.5
    _, inverse, counts = np.unique(predicted, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    rank_sum = float(ranks[won > 0].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * (len(won) - positives))


def bins(predicted: Array, won: Array, parts: int = 5) -> tuple[Bin, ...]:
    """Return the calibration: outcomes in `parts` groups of rising prediction."""
    groups = np.array_split(np.argsort(predicted, kind="stable"), parts)
    return tuple(Bin(float(predicted[g].mean()), float(won[g].mean()), len(g)) for g in groups if len(g))


def _judge(hand: Figures, ours: Figures, surer: float, above_chance: float) -> tuple[bool, str]:
    if ours.auc <= hand.auc or ours.log_loss >= hand.log_loss:
        return False, "not better than the hand-set weights on held-back outcomes"
    if above_chance < SURE:
        return False, "held-back outcomes are not told apart better than by chance"
    if surer < SURE:
        return False, "better than the hand-set weights, but it may be luck; more outcomes will tell"
    return True, "better than the hand-set weights on held-back outcomes"


def _matrix(examples: Sequence[Example]) -> tuple[list[str], Array]:
    """Return the keys seen often enough and the hand-set points; rare keys are one column together, named ""."""
    counts = Counter(key for example in examples for key in example.points)
    keys = sorted(key for key, count in counts.items() if count >= _SEEN)
    column = {key: index for index, key in enumerate(keys)}
    matrix = np.zeros((len(examples), len(keys) + 1))
    for row, example in enumerate(examples):
        for key, points in example.points.items():
            matrix[row, column.get(key, len(keys))] += points
    return [*keys, ""], matrix


def _factors(points: Array, won: Array) -> Array:
    """Return the factor of each column, the penalty chosen by the log loss of three inner blocks."""
    best, chosen = math.inf, PENALTIES[-1]
    for penalty in reversed(PENALTIES):
        loss = 0.0
        for held in np.array_split(np.arange(len(won)), 3):
            train = np.setdiff1d(np.arange(len(won)), held)
            factors = _deviating(points[train], won[train], penalty)
            loss += float(
                _loss(_hand_set(points[train] * factors, won[train], points[held] * factors), won[held]).sum()
            )
        if loss < best - 1e-9:
            best, chosen = loss, penalty
    return _deviating(points, won, chosen)


def _deviating(points: Array, won: Array, penalty: float) -> Array:
    total = points.sum(axis=1)
    design = np.column_stack([np.ones(len(won)), total / _UNIT, points / _UNIT])
    ridge = np.array([1e-6, 0.05, *([penalty] * points.shape[1])])
    weights = _logistic(design, won, ridge)
    slopes = weights[1] + weights[2:]
    # on the scale of the hand-set score: the same sum of points over the examples
    scale = float((points * slopes).sum()) / max(1e-9, float(total.sum()))
    if scale <= 1e-6:
        return np.ones(points.shape[1])
    return np.asarray(np.clip(slopes / scale, LEAST, MOST))


def _hand_set(train: Array, won: Array, held: Array) -> Array:
    """Return probabilities for `held` from the summed points, scaled on the training part (J. Platt 1999)."""
    total = train.sum(axis=1)
    centre = float(total.mean())
    design = np.column_stack([np.ones(len(won)), (total - centre) / _UNIT])
    weights = _logistic(design, won, np.array([1e-6, 0.05]))
    return np.asarray(expit(weights[0] + weights[1] * (held.sum(axis=1) - centre) / _UNIT))


def _logistic(design: Array, won: Array, ridge: Array) -> Array:
    """Return the ridge logistic regression by Newton's method (iteratively reweighted least squares)."""
    weights = np.zeros(design.shape[1])
    for _ in range(50):
        p = expit(design @ weights)
        gradient = design.T @ (won - p) - ridge * weights
        hessian = (design * (p * (1 - p))[:, None]).T @ design + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        size = float(np.abs(step).max())
        weights = weights + (step if size < 4 else step * 4 / size)
        if size < 1e-8:
            break
    return weights


def _loss(predicted: Array, won: Array) -> Array:
    p = np.clip(predicted, 1e-6, 1 - 1e-6)
    return np.asarray(-(won * np.log(p) + (1 - won) * np.log(1 - p)))


def _auc_by_fold(predicted: Array, won: Array) -> float:
    found, weight = 0.0, 0
    for held in np.array_split(np.arange(len(won)), FOLDS):
        pairs = int(won[held].sum()) * int((1 - won[held]).sum())
        found += auc(predicted[held], won[held]) * pairs
        weight += pairs
    return found / weight if weight else 0.5


def _sureness(gain: Array) -> float:
    """Return the mean gain in its standard errors."""
    spread = float(gain.std(ddof=1))
    return float(gain.mean()) / (spread / math.sqrt(len(gain))) if spread > 0 else 0.0
