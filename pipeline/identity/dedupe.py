"""Clusters any list of people on its own: the identity machinery without a store."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.contacts.columns import Mapping, named, recognise
from pipeline.contacts.tables import read_parquet, read_table
from pipeline.errors import OpenerError
from pipeline.identity.engine import Clustered, cluster_lists
from pipeline.identity.levels import FIELDS
from pipeline.identity.scoring import REVIEW_BAND, Model, shipped

OPTIONS = ("person", "role", "company", "place", "date")


@dataclass
class DedupeReport:
    """Rows read, clusters found, rows in clusters of more than one, and the columns used for each field."""

    rows: int
    clusters: int
    duplicates: int
    columns: dict[str, list[str]]
    output: Path
    pairs: Path | None = None


@dataclass
class _List:
    headers: list[str]
    columns: list[list[str]]
    arrow: pa.Table | None
    delimiter: str
    name: str


def _load(path: Path) -> _List:
    if not path.is_file():
        raise OpenerError(f"{path}: no such file")
    with path.open("rb") as file:
        parquet = file.read(4) == b"PAR1"
    if parquet:
        table = read_parquet(path)
        names = list(table.column_names)
        columns = [["" if v is None else str(v) for v in table[n].to_pylist()] for n in names]
        return _List(names, columns, table, ",", path.name)
    read = read_table(path)
    width = len(read.headers)
    for row in read.rows:
        row.extend([""] * (width - len(row)))
    columns = [[row[at] for row in read.rows] for at in range(width)]
    return _List(read.headers, columns, None, read.delimiter or ",", path.name)


def _joined(found: _List, at: list[int]) -> list[str]:
    if len(at) == 1:
        return found.columns[at[0]]
    return [" ".join(c for c in cells if c) for cells in zip(*(found.columns[i] for i in at), strict=True)]


def _fields(found: _List, given: dict[str, str | None]) -> dict[str, list[int]]:
    """Return the columns of each field: named ones, else recognised ones."""
    sample = [list(row) for row in zip(*(c[:200] for c in found.columns), strict=True)] if found.columns else []
    mapping: Mapping = recognise(found.headers, sample)
    fields: dict[str, list[int]] = {}
    for name in OPTIONS:
        wanted = given.get(name)
        if wanted:
            fields[name] = named(found.headers, wanted, f"--{name}", found.name)
        elif name == "person":
            parts = [mapping.first("first_name"), mapping.first("last_name")]
            if parts[1] is not None:
                fields[name] = [at for at in parts if at is not None]
            elif mapping.first("person") is not None:
                fields[name] = mapping.fields["person"][:1]
        elif mapping.first("town" if name == "place" else name) is not None:
            fields[name] = mapping.fields["town" if name == "place" else name][:1]
    if "person" not in fields:
        raise OpenerError(
            f"{found.name}:1: no column with people among {', '.join(found.headers[:12])}; name it with --person"
        )
    return fields


def dedupe_file(
    path: Path,
    output: Path,
    given: dict[str, str | None],
    *,
    explain: bool = False,
    learn: bool = False,
    threads: int | None = None,
    on_step: Callable[[str], None] = lambda step: None,
) -> DedupeReport:
    """Cluster the people of a CSV, XLSX or Parquet file and write it with `cluster_id` and `cluster_score`.

    `given` names columns (field -> header, several joined with commas). `explain` also writes the compared
    pairs to OUTPUT.pairs.csv. `learn` fits the weights to this list without labels. The output is written
    whole or not at all. Raises OpenerError.
    """
    if output.suffix.lower() not in (".csv", ".parquet", ".tsv"):
        raise OpenerError(f"{output}: write to a file ending in .csv, .tsv or .parquet")
    on_step("reading")
    found = _load(path)
    fields = _fields(found, given)
    size = len(found.columns[0]) if found.columns else 0
    empty = [""] * size
    columns = {name: _joined(found, fields[name]) if name in fields else empty for name in OPTIONS}
    on_step("comparing")
    with duckdb.connect() as con:
        if threads:
            con.execute(f"SET threads = {int(threads)}")
        model: Model | None = None if learn else shipped()
        if size:
            clustered = cluster_lists(
                con,
                columns["person"],
                columns["company"],
                columns["place"],
                columns["role"],
                model=model,
                learn=learn,
            )
            labels, score = clustered.labels, np.round(clustered.confidence, 4)
        else:
            clustered, labels, score = None, np.zeros(0, np.int32), np.zeros(0)
    on_step("writing")
    _write(found, output, labels.tolist(), score.tolist())
    pairs = _write_pairs(output, clustered, columns["person"], shipped()) if explain and clustered is not None else None
    sizes = np.bincount(labels) if size else np.zeros(0, np.int64)
    return DedupeReport(
        size, int((sizes > 0).sum()), int(sizes[sizes > 1].sum()),
        {name: [found.headers[i] for i in at] for name, at in fields.items()}, output, pairs,
    )  # fmt: skip


def _write(found: _List, output: Path, labels: list[int], score: list[float]) -> None:
    taken = set(found.headers)
    id_name = "cluster_id" if "cluster_id" not in taken else "opener_cluster_id"
    score_name = "cluster_score" if "cluster_score" not in taken else "opener_cluster_score"
    draft = output.with_name(f".{output.name}.part")
    try:
        if output.suffix.lower() == ".parquet":
            unique: list[str] = []
            for header in found.headers:
                unique.append(header if header not in unique else f"{header}_{len(unique)}")
            table = found.arrow if found.arrow is not None else pa.table(dict(zip(unique, found.columns, strict=True)))
            table = table.append_column(id_name, pa.array(labels, pa.int64()))
            pq.write_table(table.append_column(score_name, pa.array(score, pa.float64())), draft, compression="zstd")
        else:
            delimiter = "\t" if output.suffix.lower() == ".tsv" else found.delimiter
            with draft.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, delimiter=delimiter)
                writer.writerow([*found.headers, id_name, score_name])
                writer.writerows(zip(*found.columns, labels, score, strict=True))
        draft.replace(output)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _write_pairs(output: Path, clustered: Clustered, people: list[str], model: Model) -> Path:
    """Write every compared pair that was joined or nearly joined, with its levels and score."""
    target = output.with_name(f"{output.stem}.pairs.csv")
    compared = clustered.compared
    a, b = compared.a, compared.b
    joined = clustered.profile_labels[a] == clustered.profile_labels[b]
    shown = np.flatnonzero(joined | (clustered.scores > REVIEW_BAND[0]))
    first = np.full(len(compared.profiles), -1, np.int64)
    of = compared.profiles.of_mention
    first[of[::-1]] = np.arange(len(of))[::-1]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            [
                "row_a",
                "row_b",
                "person_a",
                "person_b",
                "joined",
                "score",
                *(f for f, _ in FIELDS),
                "chance_namesakes",
                "parts",
            ]
        )
        for at in shown[np.argsort(-clustered.scores[shown], kind="stable")].tolist():
            x, y = int(first[a[at]]), int(first[b[at]])
            codes, chance = compared.levels.codes[at], float(compared.levels.chance[at])
            parts = "; ".join(f"{p} {v:+.2f}" for p, _, v in model.explain(codes, chance) if abs(v) >= 0.05)
            writer.writerow(
                [x + 1, y + 1, people[x], people[y], "yes" if joined[at] else "no", round(float(clustered.scores[at]), 3),
                 *(names[c] for (_, names), c in zip(FIELDS, codes, strict=True)), f"{np.exp(min(chance, 20)):.3g}", parts]
            )  # fmt: skip
    return target
