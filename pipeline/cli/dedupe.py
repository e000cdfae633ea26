"""`opener dedupe`: cluster any list of people."""

from __future__ import annotations

from pathlib import Path

import click
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from pipeline.cli.context import console, errors_on_one_line, json_line
from pipeline.identity.dedupe import dedupe_file


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    "output",
    type=click.Path(path_type=Path),
    required=True,
    help="Where to write: .csv, .tsv or .parquet.",
)
@click.option("--person", metavar="COL", help="Column with the name; several joined by commas, e.g. Vorname,Nachname.")
@click.option("--role", metavar="COL", help="Column with the role.")
@click.option(
    "--company",
    metavar="COL",
    help="Column with the organisation (or another telling text, e.g. an address).",
)
@click.option("--place", metavar="COL", help="Column with the town.")
@click.option("--date", metavar="COL", help="Column with the day of the entry (kept, not compared).")
@click.option("--explain", is_flag=True, help="Also write the compared pairs to OUTPUT.pairs.csv.")
@click.option(
    "--learn",
    is_flag=True,
    help="Fit the weights to this list, without labels (for lists that are no press mentions).",
)
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@errors_on_one_line
def dedupe(
    file: Path,
    output: Path,
    person: str | None,
    role: str | None,
    company: str | None,
    place: str | None,
    date: str | None,
    explain: bool,
    learn: bool,
    as_json: bool,
) -> None:
    """Find who is the same in a list of people (CSV, XLSX or Parquet).

    Columns are recognised by their names, or named with the options. All columns are kept; cluster_id and
    cluster_score (0 to 1: how sure the row's place in its cluster is) are added.
    """
    given = {"person": person, "role": role, "company": company, "place": place, "date": date}
    bar = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console(stderr=True), transient=True,
        disable=not console(stderr=True).is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task("reading")
        report = dedupe_file(
            file,
            output,
            given,
            explain=explain,
            learn=learn,
            on_step=lambda step: bar.update(task, description=step),
        )
    if as_json:
        click.echo(
            json_line(
                {
                    "rows": report.rows, "clusters": report.clusters, "duplicates": report.duplicates, "columns": report.columns,
                    "output": str(report.output), "pairs": str(report.pairs) if report.pairs else None,
                },
            )
        )  # fmt: skip
        return
    used = ", ".join(f"{name}: {' + '.join(columns)}" for name, columns in report.columns.items())
    click.echo(f"{report.rows:,} rows, {report.clusters:,} people ({used}) -> {report.output}")
    if report.pairs:
        click.echo(f"compared pairs -> {report.pairs}")
