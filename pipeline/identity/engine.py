"""The whole machinery over one list: encode, block, compare, score, cluster."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt

from pipeline.identity import blocking, clustering, profiles
from pipeline.identity.arrays import Column, Floats, Ints
from pipeline.identity.comparison import Comparer
from pipeline.identity.fitting import fit_unlabelled
from pipeline.identity.frequencies import Frequencies, frequencies
from pipeline.identity.levels import Levels
from pipeline.identity.profiles import Profiles
from pipeline.identity.scoring import THRESHOLD, Model, shipped

# Learnt weights count agreement on rare values twice (level and rarity), so that their zero lies lower.
LEARNT_THRESHOLD = -5.0


@dataclass
class Compared:
    """Candidate pairs of profile rows `a` < `b` with their levels; `rare` are the rarest company tokens."""

    profiles: Profiles
    counts: Frequencies
    a: Ints
    b: Ints
    levels: Levels
    comparer: Comparer


def compare_all(
    con: duckdb.DuckDBPyConnection, found: Profiles, counts: Frequencies | None = None, broad: bool = False
) -> Compared:
    """Block and compare all profiles of a list with each other."""
    facts = profiles.word_facts(found)
    counts = counts or frequencies(found)
    key, row = blocking.keys(found, facts, blocking.rare_tokens(found, counts.token.astype(np.int64)), broad)
    a, b = blocking.candidate_pairs(con, key, row)
    del key, row
    comparer = Comparer(found, facts, counts, thorough=broad)
    return Compared(found, counts, a, b, comparer.compare(a, b), comparer)


def unlabelled_model(compared: Compared, seed: int = 7) -> Model:
    """Fit a model to the list at hand without labels."""
    rng = np.random.default_rng(seed)
    size = len(compared.profiles)
    a = rng.integers(0, size, 400_000).astype(np.int32)
    b = rng.integers(0, size, 400_000).astype(np.int32)
    apart = a != b
    return fit_unlabelled(compared.levels, compared.comparer.compare(a[apart], b[apart]), size * (size - 1) / 2)


@dataclass
class Clustered:
    """`labels[mention]` is the cluster; `confidence` the weakest link that holds the mention there (0..1)."""

    labels: Ints
    confidence: npt.NDArray[np.float64]
    compared: Compared
    scores: Floats
    profile_labels: Ints


def cluster_lists(
    con: duckdb.DuckDBPyConnection,
    person: Column,
    company: Column,
    place: Column,
    role: Column,
    model: Model | None = None,
    learn: bool = False,
    threshold: float = THRESHOLD,
) -> Clustered:
    """Cluster raw columns of equal length; `learn` fits the weights to this list without labels."""
    found = profiles.build(person, company, place, role)
    compared = compare_all(con, found, broad=learn)
    if learn:
        model = unlabelled_model(compared)
        threshold = min(threshold, LEARNT_THRESHOLD)
    scores = (model or shipped()).score(compared.levels)
    labels = clustering.cluster(len(found), compared.a, compared.b, scores, threshold)
    inside = labels[compared.a] == labels[compared.b]
    best = np.full(len(found), -np.inf)
    np.maximum.at(best, compared.a[inside], scores[inside])
    np.maximum.at(best, compared.b[inside], scores[inside])
    # alone: how sure it is that nobody else in the list is meant
    against = np.full(len(found), -8.0)
    np.maximum.at(against, compared.a[~inside], scores[~inside])
    np.maximum.at(against, compared.b[~inside], scores[~inside])
    logit = np.where(np.isfinite(best), best, -against)
    confidence = 1 / (1 + np.exp(-np.clip(logit, -30, 30)))
    return Clustered(labels[found.of_mention], confidence[found.of_mention], compared, scores, labels)
