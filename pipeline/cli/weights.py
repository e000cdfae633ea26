"""`opener weights`: the score's weights, hand-set or learned from the own outcomes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click
from rich.table import Table

from pipeline.cli.context import console, one_line, pass_context
from pipeline.errors import OpenerError
from pipeline.home_lock import night_lock
from pipeline.report.weights import sentence
from pipeline.scoring.learned_weights import Learnings, load, relearn, undo
from pipeline.scoring.learning import ENOUGH_OUTCOMES
from pipeline.scoring.scoring import score
from pipeline.settings import Settings
from pipeline.store.opening import working_store
from pipeline.store.publish import publish


@click.command()
@click.option(
    "--learn", "learn_now", is_flag=True, help="Learn from the log now; used only if better on held-back outcomes."
)
@click.option("--undo", "take_back", is_flag=True, help="Take the learned weights out again.")
@click.option("--json", "as_json", is_flag=True, help="Print the newest learning as JSON.")
@pass_context
def weights(settings: Settings, learn_now: bool, take_back: bool, as_json: bool) -> None:
    """Show learned weights against the hand-set ones; learn them anew or undo that. The nightly run learns by itself."""
    if learn_now and take_back:
        raise OpenerError("--learn and --undo contradict each other; give one of them")
    if learn_now or take_back:
        now = datetime.now(UTC)
        with night_lock(settings.home), working_store(settings.home, create=False) as con:
            if learn_now:
                found = relearn(con, settings.home, now=now)
                if found.learned is None:
                    raise OpenerError(f"nothing learned: {found.verdict}")
            else:
                taken, _ = undo(settings.home)
                if taken is None:
                    raise OpenerError("no learned weights are in force; nothing to undo")
            score(con, settings, now=now)
            publish(con, settings.home)
    _show(load(settings.home), as_json)


def _show(known: Learnings, as_json: bool) -> None:
    active = known.active()
    if as_json:
        record = known.learnings[-1].model_dump(mode="json") if known.learnings else None
        in_force = active.learned_at.isoformat() if active else None
        click.echo(json.dumps({"in_force": in_force, "newest": record}, ensure_ascii=False))
        return
    if not known.learnings:
        click.echo(
            f"hand-set weights (data/scoring.yml) are in force; learning needs {ENOUGH_OUTCOMES} decided outcomes"
        )
        return
    newest = known.learnings[-1]
    screen = console()
    screen.print(one_line(sentence(newest, newest is active)))
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("predicted (hand-set)", "came", "predicted (learned)", "came"):
        table.add_column(name, justify="right")
    for hand, ours in zip(newest.result["hand_set_bins"], newest.result["learned_bins"], strict=True):
        table.add_row(*(f"{100 * one[key]:.1f} %" for one in (hand, ours) for key in ("predicted", "observed")))
    screen.print(table)
    table = Table(box=None, header_style="dim", padding=(0, 2, 0, 0))
    for name in ("part of the score", "outcomes", "factor on the hand-set points"):
        table.add_column(name, justify="left" if name.startswith("part") else "right")
    for key, factor in sorted(newest.factors.items(), key=lambda item: -item[1]):
        if key:
            table.add_row(one_line(key).replace("[", r"\["), str(newest.result["seen"].get(key, 0)), f"{factor:.2f}")
    screen.print(table)
    if newest is not active:
        which = (
            f"those learned on {active.learned_at:%Y-%m-%d}" if active else "the hand-set weights (data/scoring.yml)"
        )
        screen.print(f"In force: {which}.")
    screen.print("The calibration as a plot: `opener report`.")
