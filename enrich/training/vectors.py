"""Brown clusters of a million German word forms (spacy-lookups-data, MIT) as a small static vectors table.

Words of one cluster, frequency class and name-list entry share a row, so 700,000 forms take a few megabytes. A row is
the sum of random directions of the cluster's path prefixes, so close clusters get close vectors, and of directions that
say "is a given name" and "is a surname" (name lists of Faker, MIT).
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import spacy
from spacy.strings import StringStore
from spacy.vectors import Vectors  # type: ignore[import-not-found,unused-ignore]  # compiled, without a stub

WIDTH = 256
_PREFIX_WEIGHTS = {4: 1.0, 6: 1.0, 8: 1.0, 10: 1.0, 12: 1.0, 14: 1.2, 16: 1.3}  # bits of the cluster path -> weight
_LEAST_PROBABLE_LOWER = -16.5  # log probability; rarer lower-case forms stay out, capitalised ones are all kept
_NAME_WEIGHT = 0.8
_UNSEEN = -25.0

Row = tuple[int, int, bool, bool]  # cluster, frequency class, given name, surname


def _direction(seed: int) -> npt.NDArray[np.float64]:
    return np.random.default_rng(seed).standard_normal(WIDTH) / math.sqrt(WIDTH)


def _row_vector(row: Row) -> npt.NDArray[np.float64]:
    cluster, frequency, given, surname = row
    vector = 0.7 * _direction(777 + frequency)
    if cluster:
        for bits, weight in _PREFIX_WEIGHTS.items():
            vector = vector + weight * _direction((cluster & ((1 << bits) - 1)) * 37 + bits * 1_000_003)
    return vector + _NAME_WEIGHT * (given * _direction(901) + surname * _direction(902))


def _words(clusters: dict[str, int], probable: dict[str, float]) -> Iterator[tuple[str, int, int]]:
    for word, cluster in clusters.items():
        chance = probable.get(word, _UNSEEN)
        if not cluster or not word or word != word.strip() or " " in word:
            continue
        if word[:1].isupper() or chance > _LEAST_PROBABLE_LOWER:
            yield word, cluster, 0 if chance > -12 else 1 if chance > -15 else 2


def _listed(rows: list[list[object]]) -> set[str]:
    return {name for _, names in rows for name in (names if isinstance(names, list) else ())}


def build_vectors(lookups: Path, names: Path, out: Path) -> int:
    """Write a blank German pipeline with the vectors to `out`; returns the number of words.

    `lookups` is the data folder of the package spacy-lookups-data, `names` is `names.json` of the training data.
    """
    clusters: dict[str, int] = json.loads(gzip.decompress((lookups / "de_lexeme_cluster.json.gz").read_bytes()))
    probable: dict[str, float] = json.loads(gzip.decompress((lookups / "de_lexeme_prob.json.gz").read_bytes()))
    lists = json.loads(names.read_text("utf-8"))
    given, surnames = _listed(lists["first"]), _listed(lists["last"])
    row_of_word: dict[str, Row] = {
        word: (cluster, frequency, word in given, word in surnames)
        for word, cluster, frequency in _words(clusters, probable)
    }
    for word in sorted(given | surnames):
        if " " not in word:
            row_of_word.setdefault(word, (0, 2, word in given, word in surnames))
    index = {row: i for i, row in enumerate(sorted(set(row_of_word.values())))}
    data = np.asarray([_row_vector(row) for row in index], dtype=np.float32)
    data /= np.sqrt((data**2).sum(axis=1).mean())
    nlp = spacy.blank("de")
    hash_of = StringStore().add  # the table needs hashes only: the words themselves are not shipped
    vectors = Vectors(strings=nlp.vocab.strings, data=data, name="de_brown_clusters_names")
    for word, row in row_of_word.items():
        vectors.add(hash_of(word), row=index[row])
    nlp.vocab.vectors = vectors
    nlp.to_disk(out)
    return len(row_of_word)
