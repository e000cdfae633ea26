"""`opener refer`: somebody was recommended."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import click

from pipeline.cli.context import one_line, pass_context
from pipeline.contacts import secret
from pipeline.dispositions.finding import one_person
from pipeline.dispositions.referring import email_of, phone_of, read_words
from pipeline.dispositions.referring import refer as enter
from pipeline.lists.export import source_titles
from pipeline.lists.rows import call_row, details
from pipeline.scoring.scoring import score
from pipeline.settings import Settings
from pipeline.store.opening import working_store
from pipeline.store.publish import publish_if_small


@click.command()
@click.argument("words", metavar='"NAME, ROLE, COMPANY"')
@click.option("--by", "referrer", required=True, help="Who recommended the person: row, name, phone number or id.")
@click.option("--phone", help="Phone number, if you got it.")
@click.option("--email", help="Mail address, if you got it.")
@click.option("--town", help="Town.")
@click.option("--relation", help="How the two know each other.")
@click.option("--note", help="What was said.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@pass_context
def refer(
    settings: Settings, words: str, referrer: str, phone: str | None, email: str | None, town: str | None,
    relation: str | None, note: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Enter somebody who was recommended; the opening line names who did it.

    The person is looked up first: whoever is known already keeps state and calls, and a referral is a new dated reason
    for somebody who was given up.
    """
    now = datetime.now(UTC)
    country = settings.territory.country
    who = replace(read_words(words), phone=phone_of(phone, country), email=email_of(email), town=town)
    with working_store(settings.home, create=False) as con:
        by = one_person(con, referrer, country)
        today = now.astimezone(settings.zone).date()
        person_id, known = enter(
            con,
            secret.load(settings.home),
            who,
            by.person_id,
            on=today,
            now=now,
            relation=relation,
            note=note,
            country=country,
        )
        score(con, settings, now=now, people=[person_id, by.person_id])
        row = call_row(details(con, [person_id])[0], 1, settings, source_titles(con), today)
        publish_if_small(con, settings.home)
    if as_json:
        facts = {name: row[name] for name in ("prospect_id", "state", "score", "reason", "opening_line", "why")}
        click.echo(json.dumps({**facts, "known": known, "referred_by": by.person_id}, ensure_ascii=False))
        return
    click.echo(one_line(f"{who.name}: {row['state']}, {row['score']} points" + (" (known before)" if known else "")))
    if row["opening_line"]:
        click.echo(one_line(row["opening_line"]))
