"""`opener init`: a commented opener.yml and example sources."""

from __future__ import annotations

from pathlib import Path

import click

import data
from pipeline.cli.context import errors_on_one_line


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@errors_on_one_line
def init(folder: Path) -> None:
    """Write a commented opener.yml and example sources (off until enabled) into FOLDER; nothing is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {folder / "opener.yml": data.path("opener.example.yml")}
    examples = data.ROOT / "sources" / "examples"
    wanted |= {folder / "sources" / path.name: path for path in sorted(examples.glob("*.yml"))}
    for target, source in wanted.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            click.echo(f"kept    {target}")
        else:
            target.write_text(source.read_text("utf-8"), "utf-8")
            click.echo(f"wrote   {target}")
    click.echo("next: set crawl.contact in opener.yml, then `opener sources add URL` and `opener nightly`")
