"""`opener init`: a commented opener.yml and example sources."""

from __future__ import annotations

import getpass
import shlex
import sys
from pathlib import Path

import click

import data
from pipeline.cli.context import errors_on_one_line
from pipeline.errors import OpenerError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), default=Path())
@click.option("--deploy", is_flag=True, help="Also write a systemd service and timer and a cron line to FOLDER/deploy.")
@errors_on_one_line
def init(folder: Path, deploy: bool) -> None:
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
    if deploy:
        _write_deploy(folder.resolve())
    click.echo("next: set crawl.contact in opener.yml, then `opener sources add URL` and `opener nightly`")


def _write_deploy(folder: Path) -> None:
    """Write the files for systemd and cron with the paths of this installation."""
    command = Path(sys.argv[0]).resolve()
    if command.name != "opener":
        command = Path(sys.executable).with_name("opener")
    values = {"folder": str(folder), "opener": str(command), "user": getpass.getuser()}
    for name, value in values.items():
        if shlex.quote(value) != value:
            raise OpenerError(f"{name} {value!r}: blanks or quotes cannot stand in unit files; choose another folder")
    target = folder / "deploy"
    target.mkdir(exist_ok=True)
    for template in sorted((data.ROOT / "deploy").iterdir()):
        text = template.read_text("utf-8")
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        (target / template.name).write_text(text, "utf-8")
        click.echo(f"wrote   {target / template.name}")
    click.echo(
        "as root: cp deploy/door-opener.{service,timer} /etc/systemd/system/ && systemctl enable --now door-opener.timer"
    )
