"""Clusters out of scored pairs, with negative evidence: chains that join two persons are cut.

Connected components over the positive pairs; a component that holds a strong "no" is built up again, best pair
first, and two groups are joined only if all pairs between them together speak for it.
"""

from __future__ import annotations

import heapq

import numpy as np
import numpy.typing as npt

from pipeline.identity.arrays import Floats, Ints

STRONG_NO = -2.0


def cluster(
    count: int,
    a: Ints,
    b: Ints,
    score: Floats,
    threshold: float = 0.0,
    forced: npt.NDArray[np.bool_] | None = None,
    careful: npt.NDArray[np.bool_] | None = None,
) -> Ints:
    """Return a cluster number for each of `count` rows; numbers follow the first row of each cluster.

    `forced` marks pairs that a person has judged: they are joined (score > 0) or kept apart (score < 0) whatever
    the other pairs say. `careful` marks rows whose component is always built up step by step. A pair may be given
    more than once (two persons seen side by side in several spellings).
    """
    yes = score >= threshold
    labels = connected(count, a[yes], b[yes])
    inside = labels[a] == labels[b]
    no = inside & (score < STRONG_NO)
    if forced is not None:
        no |= inside & forced & (score < 0)
    dirty = np.unique(labels[a[no]])
    if careful is not None:
        dirty = np.union1d(dirty, labels[careful])
    if len(dirty):
        is_dirty = np.zeros(int(labels.max()) + 1, bool)
        is_dirty[dirty] = True
        edges = np.flatnonzero(inside & is_dirty[labels[a]])
        rows = np.flatnonzero(is_dirty[labels])
        judged = forced[edges] if forced is not None else np.zeros(len(edges), bool)
        local = np.full(count, -1, np.int64)
        local[rows] = np.arange(len(rows))
        root = _greedy(
            len(rows), local[a[edges]].tolist(), local[b[edges]].tolist(), score[edges].astype(float).tolist(),
            judged.tolist(), threshold,
        )  # fmt: skip
        labels[rows] = int(labels.max()) + 1 + np.array(root, np.int64)
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[inverse.reshape(-1)].astype(np.int32)


def connected(count: int, a: Ints, b: Ints) -> npt.NDArray[np.int64]:
    """Return the connected component of each of `count` rows: the number of its first row."""
    labels = np.arange(count)
    while True:
        low = np.minimum(labels[a], labels[b])
        before = labels.copy()
        # hook the roots of both ends under the lower one, then let every row point to the root of its root
        np.minimum.at(labels, before[a], low)
        np.minimum.at(labels, before[b], low)
        while not np.array_equal(labels, higher := labels[labels]):
            labels = higher
        if np.array_equal(labels, before):
            return labels


def _greedy(
    count: int, a: list[int], b: list[int], score: list[float], judged: list[bool], threshold: float
) -> list[int]:
    """Join groups best pair first while the evidence between them, half best and half mean, stays positive."""
    root = list(range(count))

    def find(x: int) -> int:
        while root[x] != x:
            root[x] = root[root[x]]
            x = root[x]
        return x

    # neighbours[g][h] = [sum, pairs, best, judged]; held for both directions as one list
    neighbours: list[dict[int, list[float]]] = [{} for _ in range(count)]
    heap: list[tuple[float, int, int, int, int]] = []
    for x, y, value, fixed in zip(a, b, score, judged, strict=True):
        verdict = (1.0 if value > 0 else -1.0) if fixed else 0.0
        known = neighbours[x].get(y)
        if known is not None:
            known[0] += value
            known[1] += 1.0
            known[2] = max(known[2], value)
            known[3] = verdict or known[3]
            continue
        neighbours[x][y] = neighbours[y][x] = [value, 1.0, value, verdict]

    def strength(entry: list[float]) -> float:
        if entry[3]:
            return 1e6 * entry[3]
        return 0.5 * entry[2] + 0.5 * entry[0] / entry[1]

    version = [0] * count
    for x, y, _, _ in zip(a, b, score, judged, strict=True):
        value = strength(neighbours[x][y])
        if value >= threshold:
            heapq.heappush(heap, (-value, x, y, 0, 0))
    while heap:
        _, x, y, vx, vy = heapq.heappop(heap)
        if root[x] != x or root[y] != y or version[x] != vx or version[y] != vy:
            continue
        if len(neighbours[x]) < len(neighbours[y]):
            x, y = y, x
        root[y] = x
        version[x] += 1
        near = neighbours[x]
        near.pop(y, None)
        for other, entry in neighbours[y].items():
            if other == x:
                continue
            neighbours[other].pop(y, None)
            mine = near.get(other)
            if mine is None:
                near[other] = neighbours[other][x] = entry
            else:
                mine[0] += entry[0]
                mine[1] += entry[1]
                mine[2] = max(mine[2], entry[2])
                if mine[3] == 0 or entry[3] < 0:
                    mine[3] = entry[3] or mine[3]
        neighbours[y] = {}
        for other, entry in near.items():
            value = strength(entry)
            if value >= threshold:
                heapq.heappush(heap, (-value, x, other, version[x], version[other]))
    return [find(x) for x in range(count)]
