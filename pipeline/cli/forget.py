"""`opener forget`: erasure that sticks."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from pipeline.cli.context import pass_context
from pipeline.contacts import secret
from pipeline.contacts.erasure import find_people
from pipeline.contacts.erasure import forget as erase
from pipeline.contacts.opening import working_store
from pipeline.errors import OpenerError
from pipeline.settings import Settings


@click.command()
@click.argument("person")
@click.option("--company", help="Organisation of the person.")
@click.option("--town", help="Town of the person.")
@click.option("--all", "everybody", is_flag=True, help="Erase all people whom the words may mean.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@pass_context
def forget(settings: Settings, person: str, company: str | None, town: str | None, everybody: bool, yes: bool) -> None:
    """Erase a PERSON (a name or a prospect id) and keep them from coming back.

    Mentions, contacts and list rows of the person are deleted; a keyed hash of the name with its organisations
    stays, so that the next crawl does not store them again.
    """
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
        report = erase(
            con, secret.load(settings.home), now=datetime.now(UTC), person_ids=[row[0] for row in found],
            person=None if is_id else person, company=company, place=town,
        )  # fmt: skip
    click.echo(
        f"{report.people} people, {report.mentions} mentions and {report.contacts} contacts erased; they will not come back"
    )
