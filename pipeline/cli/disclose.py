"""`opener disclose`: everything that is stored about a person."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import click

from pipeline.cli.context import pass_context
from pipeline.contacts.disclosure import disclose as rows_about
from pipeline.contacts.erasure import find_people
from pipeline.errors import OpenerError
from pipeline.settings import Settings
from pipeline.store.opening import working_store


@click.command()
@click.argument("person")
@click.option("--company", help="Organisation of the person.")
@click.option("--town", help="Town of the person.")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="File; else standard output.")
@pass_context
def disclose(settings: Settings, person: str, company: str | None, town: str | None, out: Path | None) -> None:
    """Write all that is stored about a PERSON (a name or a prospect id) as JSON, with sources and dates.

    For a person's right of access (Art. 15 GDPR). Several people who may be meant are told apart by id or --company.
    """
    with working_store(settings.home, create=False) as con:
        found = find_people(con, person, company, town)
        if not found:
            raise OpenerError(f"nothing is stored about {person!r} under this name; try another spelling or --company")
        if len(found) > 1:
            listed = "; ".join(f"{i} {n} ({c or '-'}, {p or '-'})" for i, n, c, p in found[:8])
            raise OpenerError(f"{len(found)} people may be meant: {listed}; give the id or --company")
        stored = rows_about(con, found[0][0])
        facts = {
            "person_id": found[0][0],
            "name": found[0][1],
            "answered_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "kept_for": f"raw pages {settings.retention.pages_days} days, people {settings.retention.people_days} days "
            "after they were last named; calls, imports and suppressions until they are erased",
            "stored": stored,
        }
    text = json.dumps(facts, ensure_ascii=False, indent=2, default=str) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8")
        out.chmod(0o600)
        click.echo(f"{sum(len(table['rows']) for table in stored.values())} rows -> {out}", err=True)
