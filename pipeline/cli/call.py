"""`opener call`: logs a call in seconds, or walks today's list."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

import click

from pipeline.cli.call_entry import log_and_judge, said
from pipeline.cli.call_walk import walk
from pipeline.cli.context import one_line, pass_context
from pipeline.contacts.cells import moment
from pipeline.dispositions.finding import one_person
from pipeline.dispositions.log import Dial, undo_last
from pipeline.dispositions.next_time import next_time
from pipeline.dispositions.outcomes import dispositions, outcome_in
from pipeline.errors import OpenerError
from pipeline.scoring.scoring import score
from pipeline.settings import Outcome, Settings
from pipeline.store.opening import working_store
from pipeline.store.publish import publish_if_small


@click.command()
@click.argument("prospect", required=False)
@click.argument("outcome", required=False)
@click.option("--note", help="What was said.")
@click.option("--minutes", help="How long it took.")
@click.option(
    "--next", "next_text", metavar="WHEN", help='When to call again: "Fr 10:00", morgen, "in 2 Wochen", 2026-12-01.'
)
@click.option("--at", "at_text", metavar="WHEN", help="When the call was, if not just now: 14:30, or 2026-11-23 14:30.")
@click.option(
    "--list", "export_id", metavar="EXPORT_ID", help="Which list a row number refers to.  [default: the newest]"
)
@click.option("--undo", is_flag=True, help="Take back the call that was logged last.")
@click.option("--json", "as_json", is_flag=True, help="Print what was logged as JSON.")
@pass_context
def call(
    settings: Settings, prospect: str | None, outcome: str | None, note: str | None, minutes: str | None,
    next_text: str | None, at_text: str | None, export_id: str | None, undo: bool, as_json: bool,
) -> None:  # fmt: skip
    """Log a call: `opener call 3 no_answer`, `opener call "Eva Koch" callback --next "Fr 10:00"`.

    PROSPECT is a row of the newest list, a name ("Koch, Hollmann" with the company), a phone number or an id. OUTCOME is
    no_answer, busy, voicemail, gatekeeper, reached, callback, not_now, not_interested, appointment, sale, wrong_number
    or do_not_call (which also suppresses the person). Without arguments, on a terminal, today's list is walked.
    """
    now = datetime.now(UTC)
    if undo and (prospect or outcome):
        raise OpenerError("--undo takes back the last call; name nobody with it")
    if not undo and not prospect and not sys.stdin.isatty():
        raise OpenerError('say whom and what came of it: opener call 3 no_answer, opener call "Eva Koch" reached')
    if prospect and not outcome:
        raise OpenerError(f"say what came of it: opener call {prospect!r} with one of {', '.join(dispositions())}")
    with working_store(settings.home, create=False) as con:
        if undo:
            person_id, name, undone, when = undo_last(con, now)
            score(con, settings, now=now, people=[person_id])
            publish_if_small(con, settings.home)
            click.echo(f"undone: {one_line(name)}, {undone}, {when.astimezone(settings.zone):%d.%m. %H:%M}")
            return
        if prospect is None:
            walk(con, settings)
            publish_if_small(con, settings.home)
            return
        dial = Dial(
            one_person(con, prospect, settings.territory.country, export_id).person_id, _called_at(at_text, now, settings),
            _outcome(outcome or ""), _minutes(minutes), note, _next(next_text, now, settings),
        )  # fmt: skip
        facts = log_and_judge(con, settings, dial, now)
        publish_if_small(con, settings.home)
    click.echo(json.dumps(facts, ensure_ascii=False, default=str) if as_json else said(facts))


def _outcome(text: str) -> Outcome:
    short = {disposition.key: name for name, disposition in dispositions().items()}
    if text.lower() in short:
        return short[text.lower()]
    try:
        found = outcome_in(text)
    except ValueError as error:
        raise OpenerError(str(error)) from error
    if found is None:
        raise OpenerError(f"an outcome is needed: one of {', '.join(dispositions())}")
    return found


def _minutes(text: str | None) -> Decimal | None:
    if text is None:
        return None
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise OpenerError(f"--minutes {text!r} is no number") from error
    if not 0 <= found <= 1440:
        raise OpenerError(f"--minutes {text}: between 0 and 1440")
    return found


def _next(text: str | None, now: datetime, settings: Settings) -> datetime | None:
    if text is None:
        return None
    try:
        return next_time(text, now, settings.zone)
    except ValueError as error:
        raise OpenerError(f"--next {error}") from error


def _called_at(text: str | None, now: datetime, settings: Settings) -> datetime:
    if text is None:
        return now
    local = now.astimezone(settings.zone)
    spelled = f"{local:%Y-%m-%d} {text}" if len(text) <= 8 and ":" in text else text
    try:
        found = moment(spelled, settings.zone)
    except ValueError as error:
        raise OpenerError(f"--at {error}; write 14:30 or 2026-11-23 14:30") from error
    if found > now:
        raise OpenerError(f"--at {text!r} lies in the future")
    return found
