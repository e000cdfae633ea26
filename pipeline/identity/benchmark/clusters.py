"""Quality and cost of clustering one list: `python -m pipeline.identity.benchmark.clusters [--mentions N] [--labelled FILE]`."""

from __future__ import annotations

import json
import resource
import time
from pathlib import Path

import click
import duckdb
import numpy as np
import pyarrow.parquet as pq

from pipeline.identity.benchmark.quality import quality
from pipeline.identity.engine import cluster_lists
from pipeline.identity.generator import Generator
from pipeline.identity.scoring import THRESHOLD, shipped


@click.command()
@click.option("--mentions", default=100_000, show_default=True, help="Generated mentions (when no file is given).")
@click.option("--noise", default=1.0, show_default=True, help="Noise of the generator; 2 to 3 is hard.")
@click.option("--seed", default=77, show_default=True, help="Seed of the generator.")
@click.option("--labelled", type=click.Path(path_type=Path, exists=True), help="Labelled Parquet file.")
@click.option("--weights", default="weights_generated.json", show_default=True, help="Shipped weights to use.")
@click.option("--learn", is_flag=True, help="Learn the weights from the list, without labels.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def main(
    mentions: int, noise: float, seed: int, labelled: Path | None, weights: str, learn: bool, as_json: bool
) -> None:
    """Cluster a labelled or generated list and print F1, wall, CPU and peak memory."""
    table = pq.read_table(labelled) if labelled else Generator(seed, noise).mentions(mentions)
    wall, cpu = time.perf_counter(), time.process_time()
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        con.execute("SET memory_limit = '600MB'")
        found = cluster_lists(
            con,
            table["person_raw"],
            table["company_raw"],
            table["place"],
            table["role"],
            model=shipped(weights),
            learn=learn,
            threshold=THRESHOLD,
        )
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    result = quality(found.labels.astype(np.int64), table["entity"].to_numpy(), table["amb"].to_numpy())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    if as_json:
        facts = {
            "mentions": len(table), "f1": result.f1, "precision": result.precision, "recall": result.recall,
            "b_cubed": result.b_cubed, "wall": wall, "cpu": cpu, "peak_gb": peak,
        }  # fmt: skip
        click.echo(json.dumps({k: round(v, 4) for k, v in facts.items()}))
        return
    click.echo(
        f"{len(table):,} mentions: cluster F1 {result.f1:.4f} (precision {result.precision:.4f}, recall "
        f"{result.recall:.4f}), B-cubed {result.b_cubed:.4f}; wall {wall:.1f} s, CPU {cpu:.1f} s, peak {peak:.2f} GB"
    )


if __name__ == "__main__":
    main()
