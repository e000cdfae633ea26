"""The learned weights beside the hand-set ones, for the report: figures, calibration plot and factors."""

from __future__ import annotations

from pipeline.report.markup import Element, el
from pipeline.report.page import table
from pipeline.report.plots import calibration
from pipeline.scoring.learned_weights import Learning, Learnings


def weights_section(known: Learnings) -> Element | None:
    """Return the section on the newest learning; None when nothing was learned yet."""
    if not known.learnings:
        return None
    newest = known.learnings[-1]
    result = newest.result
    plot = calibration(result["hand_set_bins"], result["learned_bins"])
    rows = [
        [key or "(rare parts)", result["seen"].get(key, 0), f"{factor:.2f}"] for key, factor in newest.factors.items()
    ]
    return el(
        "section", el("h2", "Learned weights against hand-set ones"), el("p", sentence(newest, newest is known.active())),
        el("figure", el("figcaption", plot[0].text or ""), plot), table(["title", "outcomes", "factor"], rows),
    )  # fmt: skip


def sentence(one: Learning, in_force: bool) -> str:
    """Say what a learning found and whether it is in force."""
    result = one.result
    hand, learned = result["hand_set"], result["learned"]
    state = (
        "In force."
        if in_force
        else "Undone."
        if one.undone
        else "Not in force."
        if not one.accepted
        else "Replaced by an older one."
    )
    return (
        f"Learned on {one.learned_at:%Y-%m-%d} from {result['outcomes']} outcomes ({result['appointments']} appointments): "
        f"{result['verdict']}. Held back, learned against hand-set: AUC {learned['auc']:.3f} against {hand['auc']:.3f}, log loss "
        f"{learned['log_loss']:.4f} against {hand['log_loss']:.4f} (by chance {result['chance']:.4f}). {state}"
    )
