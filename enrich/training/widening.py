"""A trained pipeline whose vectors get more room: what the teacher knows of words beside what they hold already.

The layer that reads the vectors is linear, so a row may be stored as what that layer makes of it: 96 numbers instead of 256,
with no change to what the pipeline finds. Beside them each row gets the mean state of its words, and rows of
many unlike words are split. The new part begins with no influence; training gives it some.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, cast

import numpy as np
import numpy.typing as npt
import spacy
from spacy.language import Language
from spacy.ml.staticvectors import StaticVectors
from spacy.pipeline import TrainablePipe
from spacy.strings import StringStore
from spacy.vectors import Vectors  # type: ignore[import-not-found,unused-ignore]  # compiled, without a stub

from enrich.training.e5 import Floats

ROWS = 12_000
_ROUNDS = 8
_SIZE_POWER = 0.6  # how much more often a row of many words is split


def widened(start: Path, states: Path, seed: int) -> Language:
    """Load the pipeline `start` and give it the word states that the teacher wrote."""
    nlp = spacy.load(start, exclude=["sentencizer", "attribute_ruler", "opener_name_rules"])
    with np.load(states) as saved:
        words, known = saved["words"].tolist(), saved["states"].astype(np.float32)
    known /= np.sqrt((known**2).sum(1).mean())
    layer = _static_vectors(nlp)
    weight = layer.get_param("W")
    old: Any = nlp.vocab.vectors
    base = np.asarray(old.data @ weight.T, np.float32)
    scale = float(np.sqrt((base**2).sum(1).mean()))
    row_of_key: dict[int, int] = dict(old.key2row)
    hash_of = StringStore().add
    state_of_row: dict[int, list[int]] = {}
    key_of_state = [hash_of(word) for word in words]
    for i, key in enumerate(key_of_state):
        if key in row_of_key:
            state_of_row.setdefault(row_of_key[key], []).append(i)
    shares = {row: len(members) ** _SIZE_POWER for row, members in state_of_row.items()}
    spare = (ROWS - len(base)) / sum(shares.values())
    rng = np.random.default_rng(seed)
    rows = [np.concatenate([vector, np.zeros(known.shape[1], np.float32)]) for vector in base]
    for row, members in sorted(state_of_row.items()):
        count = 1 + math.floor(spare * shares[row])
        centres, nearest = _clusters(known[members], min(count, len(members)), rng)
        places = [row, *range(len(rows), len(rows) + len(centres) - 1)]
        rows.extend([np.zeros(0, np.float32)] * (len(centres) - 1))
        for place, centre in zip(places, centres, strict=True):
            rows[place] = np.concatenate([base[row], centre * scale])
        for member, which in zip(members, nearest, strict=True):
            row_of_key[key_of_state[member]] = places[which]
    table = Vectors(strings=nlp.vocab.strings, data=np.asarray(rows, np.float32), name="de_brown_clusters_names_e5")
    for key, place in row_of_key.items():
        table.add(key, row=place)
    nlp.vocab.vectors = table
    wide = np.zeros((weight.shape[0], weight.shape[0] + known.shape[1]), np.float32)
    wide[:, : weight.shape[0]] = np.eye(weight.shape[0])
    wider = StaticVectors(nO=wide.shape[0], nM=wide.shape[1])
    wider.set_param("W", wide)
    cast(TrainablePipe, nlp.get_pipe("tok2vec")).model.replace_node(layer, wider)
    return nlp


def _static_vectors(nlp: Language) -> Any:
    model = cast(TrainablePipe, nlp.get_pipe("tok2vec")).model
    return next(node for node in model.walk() if node.name == "static_vectors")


def _clusters(points: Floats, count: int, rng: np.random.Generator) -> tuple[Floats, npt.NDArray[np.intp]]:
    """k-means: centres (at most `count`, none empty) and the number of each point's centre."""
    centres = points[rng.choice(len(points), count, replace=False)]
    for _ in range(_ROUNDS):
        nearest = _nearest(points, centres)
        sums = np.zeros((len(centres), points.shape[1]), np.float64)
        np.add.at(sums, nearest, points)
        sizes = np.bincount(nearest, minlength=len(centres))
        centres = np.asarray(sums[sizes > 0] / sizes[sizes > 0, None], np.float32)
    nearest = _nearest(points, centres)
    used, nearest = np.unique(nearest, return_inverse=True)
    return centres[used], nearest


def _nearest(points: Floats, centres: Floats) -> npt.NDArray[np.intp]:
    return np.asarray((-2 * points @ centres.T + (centres**2).sum(1)).argmin(1), np.intp)
