"""Levels, scores and clusters: the labelled pair table, negative evidence, and measured quality."""

import csv
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from pipeline.identity import clustering, profiles
from pipeline.identity.benchmark.quality import quality
from pipeline.identity.comparison import Comparer
from pipeline.identity.engine import cluster_lists, compare_all
from pipeline.identity.frequencies import frequencies
from pipeline.identity.generator import Generator
from pipeline.identity.scoring import THRESHOLD, from_json, shipped

PAIRS = list(csv.DictReader((Path(__file__).parent / "pairs.csv").open(encoding="utf-8")))
CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "identity" / "mentions_100k.parquet"


def test_the_pair_table_is_decided_as_labelled() -> None:
    columns = {
        f: [p[f"{side}_{f}"] for p in PAIRS for side in ("left", "right")]
        for f in ("person", "company", "place", "role")
    }
    found = profiles.build(columns["person"], columns["company"], columns["place"], columns["role"])
    counts = frequencies(found)
    comparer = Comparer(found, profiles.word_facts(found), counts)
    a, b = found.of_mention[::2].astype(np.int32), found.of_mention[1::2].astype(np.int32)
    scores = shipped().score(comparer.compare(a, b))
    wrong = [
        f"{p['left_person']} / {p['right_person']}: {s:+.2f}"
        for p, s, x, y in zip(PAIRS, scores, a, b, strict=True)
        if (x == y or s >= THRESHOLD) != (p["same"] == "yes")
    ]
    assert not wrong


def test_an_explanation_adds_up_to_the_score() -> None:
    table = Generator(3).mentions(300)
    with duckdb.connect() as con:
        compared = compare_all(
            con, profiles.build(table["person_raw"], table["company_raw"], table["place"], table["role"])
        )
    scores = shipped().score(compared.levels)
    for at in range(0, len(scores), 7):
        parts = shipped().explain(compared.levels.codes[at], float(compared.levels.chance[at]))
        assert sum(value for _, _, value in parts) == pytest.approx(scores[at], abs=0.01)


def test_weights_survive_being_written_and_read() -> None:
    again = from_json(shipped().to_json(), "again")
    assert np.allclose(again.base, shipped().base, atol=0.01)


@given(st.integers(1, 30), st.data())
@settings(max_examples=60, deadline=None)
def test_without_a_no_clusters_are_connected_components(count: int, data: st.DataObject) -> None:
    pair = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    pairs = [(min(p), max(p)) for p in data.draw(st.lists(pair, max_size=40)) if p[0] != p[1]]
    score = data.draw(st.lists(st.floats(-1, 9, width=32), min_size=len(pairs), max_size=len(pairs)))
    a, b = np.array([p[0] for p in pairs], np.int32), np.array([p[1] for p in pairs], np.int32)
    labels = clustering.cluster(count, a, b, np.array(score, np.float32), 0.0)
    yes = np.array(score) >= 0
    graph = coo_matrix((np.ones(int(yes.sum())), (a[yes], b[yes])), shape=(count, count))
    _, expected = connected_components(graph, directed=False)
    assert (
        len({*zip(labels.tolist(), expected.tolist(), strict=True)})
        == len(set(expected.tolist()))
        == len(set(labels.tolist()))
    )


def test_a_chain_over_a_strong_no_is_cut() -> None:
    a, b = np.array([0, 1, 0], np.int32), np.array([1, 2, 2], np.int32)
    labels = clustering.cluster(3, a, b, np.array([3.0, 2.0, -9.0], np.float32))
    assert labels.tolist() == [0, 0, 1]


def test_a_judgement_beats_the_scores() -> None:
    a, b = np.array([0, 1], np.int32), np.array([1, 2], np.int32)
    forced = np.array([True, False])
    labels = clustering.cluster(3, a, b, np.array([-30.0, 5.0], np.float32), 0.0, forced)
    assert labels[0] != labels[1]


def test_generated_mentions_are_told_apart() -> None:
    table = Generator(901, 1.0).mentions(6_000)
    with duckdb.connect() as con:
        found = cluster_lists(con, table["person_raw"], table["company_raw"], table["place"], table["role"])
    result = quality(found.labels.astype(np.int64), table["entity"].to_numpy(), table["amb"].to_numpy())
    assert result.f1 >= 0.97
    assert result.precision >= 0.97


def test_a_list_without_names_clusters_nothing() -> None:
    with duckdb.connect() as con:
        found = cluster_lists(con, ["", None, "Dr."], [None, "", "Koch"], [None] * 3, [None] * 3)
    assert len(set(found.labels.tolist())) == 3


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS.exists(), reason="the identity corpus is not beside the project")
def test_corpus_floor_with_weights_that_never_saw_it() -> None:
    table = pq.read_table(CORPUS)
    with duckdb.connect() as con:
        found = cluster_lists(
            con, table["person_raw"], table["company_raw"], table["place"], table["role"],
            model=shipped("weights_generated.json"),
        )  # fmt: skip
    result = quality(found.labels.astype(np.int64), table["entity"].to_numpy(), table["amb"].to_numpy())
    assert result.f1 >= 0.98
