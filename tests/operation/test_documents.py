"""The README tells what is there: its tables of the snapshot, its commands, its dependencies."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import click
import pytest

from pipeline.cli.main import COMMANDS, cli
from pipeline.store.catalogue import BEGIN, END, empty_snapshot, markdown, put_into

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_tables_of_the_readme_are_those_of_a_published_snapshot() -> None:
    tables = empty_snapshot()
    assert put_into(README, markdown(tables)) == README, "run `python -m pipeline.store.catalogue`"
    assert all(table.comment and all(comment for _, _, comment in table.columns) for table in tables)


def test_a_readme_without_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="marks"):
        put_into("# nothing", "table")
    assert put_into(f"a\n{BEGIN}\nold\n{END}\nb", "new") == f"a\n{BEGIN}\nnew\n{END}\nb"


def test_every_option_that_the_readme_shows_exists() -> None:
    rows = [line for line in README.splitlines() if line.startswith("| `opener ")]
    assert rows
    for row in rows:
        names = [name for name in COMMANDS if re.search(rf"`(?:opener )?{name}\b", row)]
        assert names, row
        known = {option for name in names for option in options_of(name)}
        shown = set(re.findall(r"--[a-z][a-z-]+", row))
        assert shown <= known, (names, shown - known)


def options_of(name: str) -> set[str]:
    with click.Context(cli) as ctx:
        command = cli.get_command(ctx, name)  # type: ignore[attr-defined]
    assert command is not None
    commands = [command, *command.commands.values()] if isinstance(command, click.Group) else [command]
    return {text for each in commands for p in each.params for text in p.opts}


def test_every_dependency_is_justified() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {re.split(r"[<>=!~\[ ]", entry)[0].lower() for entry in project["dependencies"]}
    table = README.split("## Why each dependency")[1].split("\n\n")[0]
    told = {name.strip() for row in table.splitlines()[3:] for name in row.split("|")[1].split(",")}
    assert told == wanted
