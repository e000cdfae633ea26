"""`opener forget`: erasure that sticks."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from pipeline.cli.context import pass_context
from pipeline.contacts import secret
from pipeline.contacts.erased_files import erase_in_files
from pipeline.contacts.erasure import ErasureReport, find_people
from pipeline.contacts.erasure import forget as erase
from pipeline.errors import OpenerError
from pipeline.home_lock import night_lock
from pipeline.settings import Settings
from pipeline.store.compaction import compact
from pipeline.store.opening import working_store
from pipeline.store.publish import publish


@click.command()
@click.argument("person")
@click.option("--company", help="Organisation of the person.")
@click.option("--town", help="Town of the person.")
@click.option("--all", "everybody", is_flag=True, help="Erase all people whom the words may mean.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_context
def forget(settings: Settings, person: str, company: str | None, town: str | None, everybody: bool, yes: bool) -> None:
    """Erase a PERSON (a name or a prospect id) and keep them from coming back.

    Mentions, contacts and list rows of the person are deleted, stored pages that name them are emptied, sentences
    about others and the logs get a gap, and the store is written anew. A keyed hash of the name with its
    organisations stays, so that the next crawl does not store them again.
    """
    with night_lock(settings.home):
        report = _erase(settings, person, company, town, everybody, yes)
        files = erase_in_files(settings.home, report.traces, settings.exports.folder)
        with working_store(settings.home) as con:
            publish(con, settings.home)
        compact(settings.home / "work.duckdb")
    click.echo(
        f"{report.people} people, {report.mentions} mentions and {report.contacts} contacts erased; they will not come back"
    )
    click.echo(
        f"{report.redacted} other rows, {files.bodies} stored pages and {files.log_lines} log lines no longer name them"
    )
    for path in files.handed_out:
        click.echo(f"{path}: a list that was handed out names them; delete it, and tell those who have it", err=True)
    for path in files.backups:
        click.echo(f"{path}: a backup from before; delete it, or they come back with it", err=True)


def _erase(
    settings: Settings, person: str, company: str | None, town: str | None, everybody: bool, yes: bool
) -> ErasureReport:
    with working_store(settings.home, create=False) as con:
        found = find_people(con, person, company, town)
        is_id = len(found) == 1 and found[0][0] == person
        if len(found) > 1 and not everybody:
            listed = "; ".join(f"{i} {n} ({c or '-'}, {p or '-'})" for i, n, c, p in found[:8])
            raise OpenerError(f"{len(found)} people may be meant: {listed}; give the id, --company, or --all")
        if not found and not (company or town):
            raise OpenerError(
                f"nobody known as {person!r}; add --company or --town to keep such a person out in advance"
            )
        for number, name, firm, place in found:
            click.echo(f"{number}  {name}, {firm or '-'}, {place or '-'}")
        if not yes and not click.confirm("Erase for good?" if found else "Not known; keep out in future?"):
            raise OpenerError("nothing erased")
        return erase(
            con, secret.load(settings.home), now=datetime.now(UTC), person_ids=[row[0] for row in found],
            person=None if is_id else person, company=company, place=town,
        )  # fmt: skip
