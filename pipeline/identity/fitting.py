"""Fits the weights of `scoring.Model` to labelled pairs: ridge logistic regression on counted combinations."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.optimize import minimize

from pipeline.identity.levels import FIELDS, Levels
from pipeline.identity.scoring import HINGES, PAIRS, SHAPE, Model, hinge_values


def _design(levels: Levels) -> sparse.csr_matrix:
    """Return one row a pair: intercept, levels, pairs of levels, levels times the chance basis."""
    count = len(levels.chance)
    columns: list[npt.NDArray[np.int64]] = [np.zeros(count, np.int64)]
    values: list[npt.NDArray[np.float64]] = [np.ones(count)]
    offset = 1
    for at, size in enumerate(SHAPE):
        columns.append(offset + levels.codes[:, at].astype(np.int64))
        values.append(np.ones(count))
        offset += size
    for i, j in PAIRS:
        columns.append(offset + levels.codes[:, i].astype(np.int64) * SHAPE[j] + levels.codes[:, j])
        values.append(np.ones(count))
        offset += SHAPE[i] * SHAPE[j]
    basis = hinge_values(levels.chance)
    for at, size in enumerate(SHAPE):
        for slot in range(basis.shape[1]):
            columns.append(offset + levels.codes[:, at].astype(np.int64) * basis.shape[1] + slot)
            values.append(basis[:, slot])
        offset += size * basis.shape[1]
    width = len(columns)
    return sparse.csr_matrix(
        (np.column_stack(values).ravel(), np.column_stack(columns).ravel(), np.arange(count + 1) * width),
        shape=(count, offset),
    )


def fit(
    levels: Levels,
    same: npt.NDArray[np.bool_],
    weight: npt.NDArray[np.float64],
    ridge: float = 2.0,
    note: str = "",
) -> Model:
    """Return the model with the highest penalised likelihood; rows are pairs, `weight` how often each counts."""
    design = _design(levels)
    target = same.astype(np.float64)

    def loss(theta: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        z = design @ theta
        value = float(np.sum(weight * (np.logaddexp(0, z) - target * z)))
        error = weight * (1 / (1 + np.exp(-np.clip(z, -40, 40))) - target)
        penalty = theta.copy()
        penalty[0] = 0
        return value + ridge / 2 * float(penalty @ penalty), np.asarray(design.T @ error) + ridge * penalty

    found = minimize(loss, np.zeros(design.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    theta = found.x
    offset = 1
    main, cross, bend = [], {}, []
    for size in SHAPE:
        main.append(theta[offset : offset + size])
        offset += size
    for i, j in PAIRS:
        cross[i, j] = theta[offset : offset + SHAPE[i] * SHAPE[j]].reshape(SHAPE[i], SHAPE[j])
        offset += SHAPE[i] * SHAPE[j]
    for size in SHAPE:
        bend.append(theta[offset : offset + size * (1 + len(HINGES))].reshape(size, 1 + len(HINGES)))
        offset += size * (1 + len(HINGES))
    return Model(float(theta[0]), main, cross, bend, note)


def fit_unlabelled(levels: Levels, random_levels: Levels, all_pairs: float, rounds: int = 60) -> Model:
    """Return a model made without labels (Fellegi–Sunter): `u` from random pairs, `m` by expectation maximisation.

    Agreement on rare values counts for more: chance is given the slope 1 where a level stands for agreement,
    in place of the average `u` of that level.
    """
    width = len(FIELDS)
    u = []
    for at in range(width):
        seen = np.bincount(random_levels.codes[:, at], minlength=SHAPE[at]) + 0.5
        u.append(seen / seen.sum())
    unique, inverse, counts = np.unique(levels.codes, axis=0, return_inverse=True, return_counts=True)
    inverse = inverse.reshape(-1)
    m = []
    for at, (_, names) in enumerate(FIELDS):
        start = np.full(SHAPE[at], 0.02)
        start[names.index("exact") if "exact" in names else names.index("same")] = 0.8
        m.append(start / start.sum())
    # pairs that share no key are taken for non-matches, so the model is one of all pairs, whatever the keys are
    share = 0.2 * len(levels.codes) / all_pairs
    for _ in range(rounds):
        odds = np.full(len(unique), np.log(share / (1 - share)))
        for at in range(width):
            odds += np.log(m[at][unique[:, at]]) - np.log(u[at][unique[:, at]])
        match = counts / (1 + np.exp(-np.clip(odds, -40, 40)))
        share = float(np.clip(match.sum() / all_pairs, 1e-12, 0.5))
        for at in range(width):
            hit = np.bincount(unique[:, at], weights=match, minlength=SHAPE[at]) + 0.05
            m[at] = hit / hit.sum()
    main = [np.log(m[at]) - np.log(u[at]) for at in range(width)]
    for at, (_, names) in enumerate(FIELDS):
        main[at][names.index("missing")] = 0.0
    bend = [np.zeros((size, 1 + len(HINGES))) for size in SHAPE]
    # rarer agreement than usual adds, commoner takes away: half the log ratio, which is safe under dependence
    bend[0][:, 0] = -2.5
    odds = sum((main[at][levels.codes[:, at]] for at in range(width)), np.log(share / (1 - share)))
    centre = float(np.average(levels.chance, weights=1 / (1 + np.exp(-np.clip(odds, -40, 40))) + 1e-9))
    intercept = float(np.log(share / (1 - share))) + 0.5 * float(np.clip(centre, -20, 6))
    return Model(
        intercept,
        main,
        {pair: np.zeros((SHAPE[pair[0]], SHAPE[pair[1]])) for pair in PAIRS},
        bend,
        "unlabelled",
        rules=False,
    )
