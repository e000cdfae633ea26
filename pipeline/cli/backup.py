"""`opener backup` and `opener restore`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from pipeline.cli.context import pass_context
from pipeline.contacts import secret
from pipeline.contacts.erased_files import erase_in_files
from pipeline.contacts.erasure import reapply
from pipeline.errors import OpenerError
from pipeline.home_lock import night_lock
from pipeline.settings import DEFAULT_FILE, Settings
from pipeline.store import backup as backups
from pipeline.store import decisions
from pipeline.store.compaction import compact
from pipeline.store.opening import working_store
from pipeline.store.publish import publish


@click.command()
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="File [default: backups/ in home].")
@click.option("--without-pages", is_flag=True, help="Leave raw pages out (smaller; facts cannot be read anew then).")
@pass_context
def backup(settings: Settings, out: Path | None, without_pages: bool) -> None:
    """Write one file with the store, the key of the suppression hashes, pages, sources and settings.

    Keep it as safe as the store itself: it holds names, numbers and the key.
    """
    target = out or settings.home / "backups" / f"door-opener-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
    if target.exists():
        raise OpenerError(f"{target}: exists already; choose another name")
    given = click.get_current_context().params.get("config") or DEFAULT_FILE
    with night_lock(settings.home):
        report = backups.back_up(settings, target, config=Path(given), pages=not without_pages)
    click.echo(f"{report.files} files, {report.bytes // 1000} kB -> {report.path}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_context
def restore(settings: Settings, file: Path, yes: bool) -> None:
    """Put the store of a backup FILE in the place of today's, which is kept beside it.

    Everything in FILE is checked before anything is touched. People erased and numbers suppressed since the backup
    was made stay so: their keyed hashes are taken over from the home that is replaced.
    """
    if not file.is_file():
        raise OpenerError(f"{file}: no such file")
    if not yes and not click.confirm(f"Replace {settings.home} by the backup?"):
        raise OpenerError("nothing restored")
    with night_lock(settings.home):
        report = backups.restore(file, settings)
    with night_lock(settings.home):
        gone = _keep_refusals(settings, report.previous)
        with working_store(settings.home, create=False) as con:
            publish(con, settings.home)
    kept = f"; the home before is {report.previous}" if report.previous else ""
    click.echo(f"{report.files} files of {report.made_at:%Y-%m-%d %H:%M} UTC restored to {settings.home}{kept}")
    if gone:
        click.echo(f"{gone} people who had been erased since were erased again")


def _keep_refusals(settings: Settings, previous: Path | None) -> int:
    """Take erasures and suppressions over from the home before; returns how many people were erased again."""
    if previous is None or not any((previous / name).exists() for name in ("work.duckdb", decisions.FOLDER)):
        return 0
    if secret.load(previous) != secret.load(settings.home):
        click.echo(
            f"opener: {previous}: has another key; its suppressions and erasures cannot be taken over, enter them again",
            err=True,
        )
        return 0
    with working_store(settings.home, create=False) as con:
        backups.take_over_refusals(con, previous)
        traces = reapply(con, secret.load(settings.home), now=datetime.now(UTC))
    if traces is None:
        return 0
    erase_in_files(settings.home, traces.traces, settings.exports.folder)
    compact(settings.home / "work.duckdb")
    return traces.people
