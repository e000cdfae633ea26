"""Figures for clusters against the truth: pair F1 (pairs of one ambiguity group not counted) and B-cubed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Quality:
    """Precision, recall and F1 over pairs in one cluster, and B-cubed F1."""

    precision: float
    recall: float
    f1: float
    b_cubed: float


def _pairs(*labels: Longs) -> float:
    joint = np.zeros(len(labels[0]), np.int64)
    for column in labels:
        _, inverse = np.unique(column, return_inverse=True)
        joint = joint * (int(inverse.max(initial=0)) + 1) + inverse.reshape(-1)
        _, joint = np.unique(joint, return_inverse=True)
        joint = joint.reshape(-1).astype(np.int64)
    sizes = np.bincount(joint).astype(float)
    return float((sizes * (sizes - 1) / 2).sum())


def quality(found: Longs, truth: Longs, group: Longs | None = None) -> Quality:
    """Compare cluster labels with the truth; two of one `group` but different truth are not counted."""
    both = _pairs(found, truth)
    predicted = _pairs(found)
    if group is not None:
        predicted -= _pairs(found, group) - both
    true = _pairs(truth)
    precision, recall = both / max(predicted, 1), both / max(true, 1)
    _, f_at = np.unique(found, return_inverse=True)
    _, t_at = np.unique(truth, return_inverse=True)
    f_at, t_at = f_at.reshape(-1).astype(np.int64), t_at.reshape(-1).astype(np.int64)
    _, j_at = np.unique(f_at * (int(t_at.max()) + 1) + t_at, return_inverse=True)
    joint = np.bincount(j_at.reshape(-1))[j_at.reshape(-1)]
    bp, br = float(np.mean(joint / np.bincount(f_at)[f_at])), float(np.mean(joint / np.bincount(t_at)[t_at]))
    return Quality(precision, recall, 2 * precision * recall / max(precision + recall, 1e-9), 2 * bp * br / (bp + br))
