"""`python -m pipeline.benchmark`: one table of speed, each row a ratio measured in one run, with memory where it matters.

Every row is a command of its own and can be run alone; a row whose corpus, server or peer is absent says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Measure:
    """What is measured, the command that does it (JSON on its last line), and how to read the answer."""

    name: str
    command: tuple[str, ...]
    read: Callable[[Facts], list[tuple[str, str, str, str]]]  # what, ours, peer, ratio and bar


def _crawl(f: Facts) -> list[tuple[str, str, str, str]]:
    second = f"{f['second_night_bytes_ratio']:.2%} of the bytes"
    return [
        ("crawl, pages/s", f"{f['our_pages_per_second']}", f"bare Scrapy {f['bare_pages_per_second']}", f"{f['speed_ratio']} (bar 0.85)"),
        ("second night, unchanged pages", second, "", "bar 3 %"),
    ]  # fmt: skip


def _reading(f: Facts) -> list[tuple[str, str, str, str]]:
    return [("page to leads, pages/s", f"{f['ours']:.1f}", f"trafilatura + bare spaCy {f['theirs']:.1f}", f"{f['ratio']:.2f} (bar 0.8)")]  # fmt: skip


def _export(f: Facts) -> list[tuple[str, str, str, str]]:
    return [
        (f"export of {f['rows']} rows from {f['people']} people, s", f"{f['seconds']}", f"DuckDB COPY {f['copy_seconds']}", f"{f['ratio']}"),
        ("a day's list of 200, s", f"{f['day_list_seconds']}", "", "bar 2"),
    ]  # fmt: skip


def _review(f: Facts) -> list[tuple[str, str, str, str]]:
    of = f"{f['people']} prospects, {f['dials']} dials"
    return [
        (f"review of 30 days, {of}, s", f"{f['month_seconds']}", "", "bar 3"),
        ("review of a year, s", f"{f['year_seconds']}", "", "bar 3"),
    ]


def _night(f: Facts) -> list[tuple[str, str, str, str]]:
    stages = ", ".join(f"{name} {seconds:.0f}" for name, seconds in f["stages"].items() if seconds >= 1)
    return [
        (f"a night over {f['pages_offered']} recorded pages, min", f"{f['seconds'] / 60:.1f}", stages, "bar 12"),
        ("its peak memory, GB", f"{f['peak_memory_bytes'] / 1e9:.2f}", "", "bar 3"),
        ("its processor use", f"{f['busy']:.0%} of {f['cores']} cores", f"{f['cpu_seconds']} s", ""),
        ("the night after, s", f"{f['second_night_seconds']}", f"{f['second_night_pages']} pages read", ""),
    ]


def measures(pages: int, rounds: int) -> list[Measure]:
    """Return the measures that print into one table; matching prints its own (pipeline.identity.benchmark)."""
    reading = (
        "-c",
        "import json, sys; from pathlib import Path; from enrich.evaluation.runs import Pipelines, page_speeds;"
        "o, t = page_speeds(Path(sys.argv[1]), Pipelines()); print(json.dumps({'ours': o, 'theirs': t, 'ratio': o / t}))",
        str(SHARED),
    )
    return [
        Measure("crawl", ("-m", "spiders.benchmark", "--rounds", str(rounds), "--pages", str(pages), "--json"), _crawl),
        Measure("reading", reading, _reading),
        Measure("export", ("-m", "pipeline.benchmark.export", "--json"), _export),
        Measure("review", ("-m", "pipeline.benchmark.review", "--json"), _review),
        Measure("night", ("-m", "pipeline.benchmark.night", "--pages", str(pages), "--json"), _night),
    ]


@click.command()
@click.option("--pages", default=5000, show_default=True, help="Pages of the crawl and of the night.")
@click.option("--rounds", default=2, show_default=True, help="Rounds of the crawl; the median counts.")
@click.option("--only", multiple=True, type=click.Choice(["crawl", "reading", "export", "review", "night", "matching"]))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON line a measure.")
def main(pages: int, rounds: int, only: tuple[str, ...], as_json: bool) -> None:
    """Measure speed against peers in the same run and print one table."""
    table = Table("what", "ours", "beside it", "ratio, bar", title="Door Opener, benchmarks")
    for measure in measures(pages, rounds):
        if only and measure.name not in only:
            continue
        began = time.perf_counter()
        done = subprocess.run([sys.executable, *measure.command], capture_output=True, text=True, check=False)
        seconds = time.perf_counter() - began
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            table.add_row(measure.name, "not measured", reason[:120], "")
            continue
        facts = json.loads(done.stdout.strip().splitlines()[-1])
        if as_json:
            click.echo(json.dumps({"measure": measure.name, "took": round(seconds, 1), **facts}))
        for row in measure.read(facts):
            table.add_row(*row)
    if not as_json:
        Console().print(table)
    if not only or "matching" in only:
        subprocess.run(
            [sys.executable, "-m", "pipeline.identity.benchmark", *(["--json"] if as_json else [])], check=False
        )


if __name__ == "__main__":
    main()
