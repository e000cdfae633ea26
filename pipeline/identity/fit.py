"""Fits the shipped weights: `python -m pipeline.identity.fit [--labelled FILE.parquet] [-o FILE]`.

Without `--labelled` only the project's own generator is used. A labelled file has the columns entity, amb,
person_raw, role, company_raw, place.
"""

from __future__ import annotations

from pathlib import Path

import click
import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.identity import profiles
from pipeline.identity.engine import compare_all
from pipeline.identity.fitting import fit
from pipeline.identity.generator import Generator
from pipeline.identity.levels import Levels


def labelled_pairs(table: pa.Table) -> tuple[Levels, npt.NDArray[np.bool_], npt.NDArray[np.int64]]:
    """Return levels of the candidate pairs of a labelled table, whether each is one person, and its group."""
    with duckdb.connect() as con:
        found = profiles.build(table["person_raw"], table["company_raw"], table["place"], table["role"])
        compared = compare_all(con, found)
    entity = np.empty(len(found), np.int64)
    group = np.empty(len(found), np.int64)
    entity[found.of_mention] = table["entity"].to_numpy()
    group[found.of_mention] = table["amb"].to_numpy()
    same = entity[compared.a] == entity[compared.b]
    counted = same | (group[compared.a] != group[compared.b])
    return (
        Levels(compared.levels.codes[counted], compared.levels.chance[counted]),
        same[counted],
        group[compared.a][counted],
    )


@click.command()
@click.option("--labelled", type=click.Path(path_type=Path, exists=True), multiple=True, help="Labelled Parquet file.")
@click.option("--generated", default=60_000, help="Mentions of each generated set (clean, usual, noisy).")
@click.option("-o", "--output", type=click.Path(path_type=Path), default=Path("data/identity/weights.json"))
def main(labelled: tuple[Path, ...], generated: int, output: Path) -> None:
    """Fit the weights and write them as JSON."""
    tables = [pq.read_table(path) for path in labelled]
    sets = ((11, 0.7), (12, 1.0), (13, 2.0))
    tables += [Generator(seed, noise).mentions(generated) for seed, noise in sets if generated]
    parts = [labelled_pairs(table) for table in tables]
    levels = Levels(np.concatenate([p[0].codes for p in parts]), np.concatenate([p[0].chance for p in parts]))
    same = np.concatenate([p[1] for p in parts])
    note = f"python -m pipeline.identity.fit{' --labelled FILE' * len(labelled)} --generated {generated}"
    model = fit(levels, same, np.ones(len(same)), note=note)
    output.write_text(model.to_json(), "utf-8")
    click.echo(f"{output}: fitted to {len(same):,} pairs, {int(same.sum()):,} of them one person")


if __name__ == "__main__":
    main()
