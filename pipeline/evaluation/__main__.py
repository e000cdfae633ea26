"""`python -m pipeline.evaluation company|events`: sites with known answers, visited by the links that the spiders follow."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path

import click

from enrich.company.evaluation import evaluate as evaluate_company_sites
from enrich.events.evaluation import Counts
from enrich.events.evaluation import evaluate as evaluate_event_sites
from spiders.event_links import event_links
from spiders.site_links import site_links

CORPORA = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"


@click.group()
def main() -> None:
    """Score readers and the choice of pages together. A folder holds `gold.jsonl` and one folder a site."""


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=CORPORA / "company_sites")
@click.option("--mistakes", is_flag=True, help="Name what is missed or too much.")
def company(folder: Path, mistakes: bool) -> None:
    """Print one line a measure of company sites: shares and F1."""
    _needs(folder)
    measures, wrong, most = evaluate_company_sites(folder, site_links)
    for measure, value in measures.items():
        click.echo(f"{measure:14} {value:.3f}")
    click.echo(f"{'pages':14} {most}")
    for site, lines in wrong.items() if mistakes else ():
        click.echo("\n".join(["", site, *(f"  {line}" for line in lines)]))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=CORPORA / "event_sites")
@click.option("--site", help="Only this site.")
@click.option("--errors", is_flag=True, help="Name every miss and every wrong find.")
@click.option("--today", type=click.DateTime(["%Y-%m-%d"]), help="Day on which the sites are read [default: today].")
def events(folder: Path, site: str | None, errors: bool, today: datetime | None) -> None:
    """Print one line an event site and the totals; exit 1 when a bar is missed."""
    _needs(folder)
    day: date = (today or datetime.now(UTC)).date()
    totals = (Counts(), Counts(), Counts())
    for name, pages, *counts in evaluate_event_sites(folder, event_links, today=day, only=site):
        cells = [f"{c.hit:3}/{c.hit + c.missed:<3} -{c.wrong:<3}" for c in counts]
        click.echo(f"{name:20} {pages:3} pages  events {cells[0]}  names {cells[1]}  pairs {cells[2]}")
        for total, count in zip(totals, counts, strict=True):
            total.add(count)
            for note in count.notes if errors else ():
                click.echo(f"      {note}")
    found, names, pairs = totals
    click.echo(
        f"events recall {found.recall:.3f} precision {found.precision:.3f}; "
        f"names F1 {names.f1:.3f} (P {names.precision:.3f} R {names.recall:.3f}); "
        f"name+company F1 {pairs.f1:.3f} (P {pairs.precision:.3f} R {pairs.recall:.3f})"
    )
    met = found.recall >= 0.88 and found.precision >= 0.88 and names.f1 >= 0.85 and pairs.f1 >= 0.78
    sys.exit(0 if met else 1)


def _needs(folder: Path) -> None:
    if not (folder / "gold.jsonl").exists():
        click.echo(f"{folder}: no gold.jsonl here, nothing measured; name the folder of the corpus", err=True)
        sys.exit(0)


if __name__ == "__main__":
    main()
