"""`opener suppress`: the do-not-call list."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from pipeline.cli.context import pass_context
from pipeline.contacts import secret
from pipeline.contacts.suppression import KINDS, Kind
from pipeline.contacts.suppression import suppress as add
from pipeline.errors import OpenerError
from pipeline.settings import Settings
from pipeline.store.opening import working_store


@click.command()
@click.option("--phone", multiple=True, help="Phone number in any spelling.")
@click.option("--email", multiple=True, help="Mail address.")
@click.option("--person", help="Name of a person; with --company or --town only there.")
@click.option("--company", help="Organisation: of the person, or (without --person) as a whole.")
@click.option("--town", help="Town of the person.")
@click.option("--domain", multiple=True, help="Domain with its sub-domains.")
@click.option("--reason", help="Why, for your own records.")
@click.option("--list", "show", is_flag=True, help="Show how many entries of each kind there are.")
@pass_context
def suppress(
    settings: Settings, phone: tuple[str, ...], email: tuple[str, ...], person: str | None, company: str | None,
    town: str | None, domain: tuple[str, ...], reason: str | None, show: bool,
) -> None:  # fmt: skip
    """Put somebody on the do-not-call list.

    Only keyed hashes are stored. They meet under other spellings (umlauts, titles, order, initials, one slip),
    and survive a rebuild. `opener import FILE --as suppressions` takes whole lists.
    """
    wanted: list[tuple[Kind, str]] = [("phone", v) for v in phone]
    wanted += [("email", v) for v in email]
    wanted += [("domain", v) for v in domain]
    if person:
        wanted.append(("person", person))
    elif company:
        wanted.append(("company", company))
    if not wanted and not show:
        raise OpenerError("name whom to suppress with --phone, --email, --person, --company or --domain")
    now = datetime.now(UTC)
    with working_store(settings.home) as con:
        key = secret.load(settings.home)
        for kind, value in wanted:
            add(
                con, key, kind, value, now=now, reason=reason, company=company if kind == "person" else None, place=town,
                country=settings.territory.country,
            )  # fmt: skip
        rows = dict(
            con.execute("SELECT kind, count(DISTINCT suppression_id) FROM suppressions GROUP BY kind").fetchall()
        )
    for kind, value in wanted:
        click.echo(f"{kind} {value}: will not be listed")
    if show:
        for kind in KINDS:
            click.echo(f"{kind:<8} {rows.get(kind, 0):>8,}")
