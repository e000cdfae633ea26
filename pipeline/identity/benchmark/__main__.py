"""`python -m pipeline.identity.benchmark`: who is the same, all figures and their bars in one table.

Every part runs in a process of its own and can be run alone. Peers (Splink, recordlinkage) run in the Python that
`--peers` names; a peer, list or corpus that is absent is told so.
"""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from pipeline.identity.benchmark.parts import PARTS, Figure, Options

LABELLED = Path(__file__).resolve().parents[3].parent / "shared" / "identity" / "mentions_100k.parquet"


@click.command()
@click.option("--only", multiple=True, type=click.Choice(list(PARTS)), help="Run some parts only.")
@click.option("--labelled", type=click.Path(path_type=Path), default=LABELLED, help="Labelled list, Parquet.")
@click.option("--peers", default=sys.executable, help="Python that has splink and recordlinkage.")
@click.option("--mentions", default=1_000_000, show_default=True, help="Generated mentions of the part `million`.")
@click.option("--known", multiple=True, type=int, help="Known mentions of the part `night` [1000000, 10000000].")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path(tempfile.gettempdir()) / "door-opener-benchmark",
    help="Where generated lists and stores are kept for the next run (10 million known take 2 GB).",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line a figure.")
def main(
    only: tuple[str, ...], labelled: Path, peers: str, mentions: int, known: tuple[int, ...], folder: Path, as_json: bool
) -> None:  # fmt: skip
    """Measure quality, time and memory of matching against the bars; exit 1 when a bar is missed."""
    chosen = [name for name in PARTS if not only or name in only]
    missed = False
    if len(chosen) == 1 and as_json:
        options = Options(labelled, peers, folder, mentions, tuple(sorted(known)) or Options.known)
        for figure in PARTS[chosen[0]](options):
            missed |= figure.met is False
            click.echo(json.dumps({"part": chosen[0], **dataclasses.asdict(figure), "met": figure.met}))
        sys.exit(1 if missed else 0)
    table = Table("what", "measured", "bar", "met", "beside it", title="Door Opener, who is the same")
    for name in chosen:
        command = [sys.executable, "-m", "pipeline.identity.benchmark", "--only", name, "--json", "--labelled", str(labelled),
                   "--peers", peers, "--mentions", str(mentions), "--folder", str(folder)]  # fmt: skip
        command += [word for size in known for word in ("--known", str(size))]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        if as_json:
            click.echo("\n".join(lines))
        for line in lines:
            facts = json.loads(line)
            met = facts.pop("met")
            facts.pop("part")
            missed |= met is False
            _add(table, Figure(**facts))
        if done.returncode and not any(json.loads(line)["met"] is False for line in lines):
            missed = True
            table.add_row(name, "not measured", "", "", "see the error above")
    if not as_json:
        Console().print(table)
    sys.exit(1 if missed else 0)


def _add(table: Table, figure: Figure) -> None:
    value = "-" if figure.value is None else f"{figure.value:g}"
    bar = "" if figure.bar is None else f"{'<=' if figure.most else '>='} {figure.bar:g}"
    met = {None: "", True: "yes", False: "NO"}[figure.met]
    table.add_row(figure.what, value, bar, met, figure.beside)


if __name__ == "__main__":
    main()
