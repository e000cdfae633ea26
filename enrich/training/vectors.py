"""Brown clusters of a million German word forms (spacy-lookups-data, MIT) as a small static vectors table.

Words of one cluster and frequency class share a row, so 300,000 forms take a few megabytes. A row is the sum of
random directions of the cluster's path prefixes: close clusters get close vectors.
"""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import spacy
from spacy.strings import hash_string
from spacy.vectors import Vectors

WIDTH = 256
_PREFIX_WEIGHTS = {4: 1.0, 6: 1.0, 8: 1.0, 10: 1.0, 12: 1.0, 14: 1.2, 16: 1.3}
_LEAST_PROBABLE = -17.5  # log probability; rarer capitalised words stay out, rarer lower-case ones already at -14.5
_LEAST_PROBABLE_LOWER = -14.5


def _direction(seed: int) -> npt.NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(WIDTH) / math.sqrt(WIDTH)


def build_vectors(lookups: Path, out: Path) -> int:
    """Write a blank German pipeline with the vectors to `out`; returns the number of words.

    `lookups` is the data folder of the package spacy-lookups-data.
    """
    clusters: dict[str, int] = json.loads(gzip.decompress((lookups / "de_lexeme_cluster.json.gz").read_bytes()))
    probable: dict[str, float] = json.loads(gzip.decompress((lookups / "de_lexeme_prob.json.gz").read_bytes()))
    rows: dict[tuple[int, int], int] = {}
    table: list[npt.NDArray[np.float64]] = []
    row_of: dict[str, int] = {}
    for word, cluster in clusters.items():
        chance = probable.get(word, -20.0)
        least = _LEAST_PROBABLE if word[:1].isupper() else _LEAST_PROBABLE_LOWER
        if not cluster or not word or word != word.strip() or " " in word or chance <= least:
            continue
        frequency = 0 if chance > -12 else 1 if chance > -15 else 2
        if (cluster, frequency) not in rows:
            rows[cluster, frequency] = len(table)
            vector = 0.7 * _direction(777 + frequency)
            for bits, weight in _PREFIX_WEIGHTS.items():
                vector = vector + weight * _direction((cluster & ((1 << bits) - 1)) * 37 + bits * 1_000_003)
            table.append(vector)
        row_of[word] = rows[cluster, frequency]
    data = np.asarray(table, dtype=np.float32)
    data /= np.sqrt((data**2).sum(axis=1).mean())
    nlp = spacy.blank("de")
    vectors = Vectors(strings=nlp.vocab.strings, data=data.astype(np.float32), name="de_brown_clusters")
    for word, row in row_of.items():
        vectors.add(hash_string(word), row=row)
    nlp.vocab.vectors = vectors
    nlp.to_disk(out)
    return len(row_of)
