"""`opener demo`: the main job on the embedded demo town."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from pipeline.cli.context import console, errors_on_one_line, one_line
from pipeline.cli.list_table import list_table
from pipeline.cli.nightly import problems, summary
from pipeline.cli.progress import stage_bars
from pipeline.contacts import import_file, secret
from pipeline.demo.server import served
from pipeline.demo.town import add_article, lay_out, write_settings
from pipeline.nightly import NightReport, nightly
from pipeline.settings import Settings, load_settings
from pipeline.store.opening import working_store


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("opener-demo"),
    show_default=True,
    help="Folder for the town, the store and the list.",
)
@click.option(
    "--nights",
    type=click.IntRange(1, 3),
    default=1,
    show_default=True,
    help="Nights to run; before the third the paper publishes one more article.",
)
@errors_on_one_line
def demo(out: Path, nights: int) -> None:
    """Run the main job on the embedded demo town and end with a call list.

    The town (a paper, a chamber, eight companies) is copied to OUT/town, served on loopback as several hosts and
    crawled with the real spiders. Run it again for a second night: nothing is new. Change or delete pages in
    OUT/town and the list follows.
    """
    out.mkdir(parents=True, exist_ok=True)
    zone = Settings().zone
    today = datetime.now(zone).date()
    town = lay_out(out, today)
    settings = load_settings(write_settings(out))
    with working_store(settings.home) as con:
        for name, kind in (("crm-export.csv", "contacts"), ("do-not-call.csv", "suppressions")):
            import_file(
                con, out / name, kind, secret=secret.load(settings.home), now=datetime.now(UTC),
                country=settings.territory.country, time_zone=settings.timezone,
            )  # fmt: skip
    code = 0
    with served(town) as proxy, _proxied(proxy):
        for night in range(1, nights + 1):
            if night == 3:
                add_article(town, today)
            with stage_bars() as tell:
                report = nightly(settings, tell=tell, scheme="http")
            _show(report, night if nights > 1 else 0)
            code = max(code, report.exit_code)
    click.echo(f"questions in SQL: opener sql --config {out / 'opener.yml'} 'FROM lead_sources'")
    sys.exit(code)


def _show(report: NightReport, night: int) -> None:
    rows = report.export.rows if report.export else []
    if night:
        click.echo(f"Night {night}")
    if rows:
        console().print(list_table(rows))
    click.echo(summary(report))
    for line in problems(report):
        click.echo(f"opener: {one_line(line)}", err=True)


@contextmanager
def _proxied(proxy: str) -> Iterator[None]:
    """Send this process's crawls through the town's server only."""
    names = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")
    old = {name: os.environ.pop(name, None) for name in names}
    os.environ["http_proxy"] = proxy
    try:
        yield
    finally:
        os.environ.pop("http_proxy", None)
        os.environ.update({name: value for name, value in old.items() if value is not None})
