"""`python -m enrich.evaluation`: measure everything that has a corpus, compare with the floors."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from enrich.evaluation.causes import FALSE, MISSED, ROLES, Causes, measure_causes
from enrich.evaluation.corpora import DEFAULT
from enrich.evaluation.floors import PATH, FloorError, Floors
from enrich.evaluation.runs import Pipelines, Row, measure_all


@click.command()
@click.option("--shared", type=click.Path(path_type=Path), default=DEFAULT, help="Folder with corpora/ and ner_de/.")
@click.option("--model-de", default=None, help="spaCy pipeline for German (default: the shipped one).")
@click.option("--model-en", default=None, help="spaCy pipeline for English (default: the shipped one).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--update-floors", is_flag=True, help="Raise the floors to what was measured.")
@click.option("--lower", multiple=True, metavar="NAME", help="A floor that --update-floors may lower; can be repeated.")
@click.option("--why", default=None, metavar="REASON", help="Why it may be lowered; kept in the file.")
@click.option("--causes", "with_causes", is_flag=True, help="Only tell why leads are missed or false, by cause.")
@click.option("--examples", default=0, metavar="N", help="With --causes: so many examples of each cause.")
@click.option("--floors", "floors_path", type=click.Path(path_type=Path), default=PATH, hidden=True)
def main(
    shared: Path, model_de: str | None, model_en: str | None, as_json: bool, update_floors: bool, lower: tuple[str, ...],
    why: str | None, with_causes: bool, examples: int, floors_path: Path,
) -> None:  # fmt: skip
    """Measure leads, entities, articles and speed on the corpora; exit 1 when a floor is broken."""
    pipelines = Pipelines({"de": model_de, "en": model_en})
    if with_causes:
        for language in ("de", "en"):
            _print_causes(measure_causes(shared, pipelines.get(language), language), examples)
        return
    rows = measure_all(shared, pipelines)
    if not rows:
        click.echo(f"{shared}: no corpora here, nothing measured; name their folder with --shared", err=True)
        sys.exit(0)
    floors = Floors.read(floors_path)
    broken = floors.broken(rows)
    if as_json:
        click.echo(json.dumps({
            "rows": [{"corpus": r.corpus, "measure": r.measure, "value": r.value, "detail": r.detail} for r in rows],
            "broken": [{"name": r.key, "value": r.value, "floor": floor} for r, floor in broken],
        }, ensure_ascii=False, indent=1))  # fmt: skip
    else:
        _print(rows, floors)
    if update_floors:
        try:
            changed = floors.update(rows, lower, why)
        except FloorError as error:
            click.echo(f"floors not updated: {error}", err=True)
            sys.exit(1)
        floors.write(floors_path)
        click.echo("\n".join(changed) or "floors unchanged", err=as_json)
    elif broken:
        for row, floor in broken:
            click.echo(f"below its floor: {row.key} {row.value:.3f} < {floor:.3f}", err=True)
        sys.exit(1)


def _print(rows: list[Row], floors: Floors) -> None:
    console = Console()
    for corpus in dict.fromkeys(row.corpus for row in rows):
        table = Table(title=corpus, title_justify="left")
        for heading, justify in (("measure", "left"), ("value", "right"), ("floor", "right"), ("", "left")):
            table.add_column(heading, justify=justify)  # type: ignore[arg-type]
        for row in (r for r in rows if r.corpus == corpus):
            floor = floors.values.get(row.key)
            table.add_row(row.measure, f"{row.value:g}", "" if floor is None else f"{floor:g}", row.detail)
        console.print(table)


def _print_causes(tables: list[Causes], examples: int) -> None:
    if not tables:
        return
    console = Console()
    table = Table(title="Causes of mistakes", title_justify="left")
    table.add_column("")
    for one in tables:
        table.add_column(one.name, justify="right")
    summary = (
        ("leads of the gold", [t.gold for t in tables]),
        ("leads found", [t.found for t in tables]),
        ("gold pairs among the candidates", [t.reachable for t in tables]),
        ("pairs matched", [t.matched for t in tables]),
        ("pair F1", [t.pair_f for t in tables]),
        ("pair and role F1", [t.role_f for t in tables]),
    )
    for label, values in summary:
        table.add_row(label, *(str(value) for value in values))
    for heading, group in (("missed", MISSED), ("false", FALSE), ("role of a matched pair", ROLES)):
        table.add_section()
        for cause in group:
            table.add_row(f"{heading}: {cause}", *(str(t.counts[cause]) for t in tables))
    console.print(table)
    for one in tables:
        for cause in (*MISSED, *FALSE, *ROLES):
            for told in one.examples.get(cause, [])[:examples]:
                console.print(f"{one.name} / {cause}: {told}", markup=False, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    main()
