"""The measure of leads: persons, person-organisation pairs, pairs with role; the same as `score_leads.py` of the corpus.

A pair agrees when the surnames agree (given names by their first letter) and the cores of the organisations are close;
a role when half of the words of the shorter one agree or one holds the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypedDict

Lead = Mapping[str, Any]
Same = Callable[[Lead, Lead], bool]
LEVELS = ("person", "pair", "pair_role")


class Score(TypedDict):
    """Precision, recall and F, rounded to three places, with the counts behind them."""

    p: float
    r: float
    f: float
    tp: int
    fp: int
    fn: int


_LEGAL = re.compile(
    r"\b(gmbh|mbh|ag|se|kg|kgaa|ohg|gbr|ug|e\.?\s?v\.?|e\.?\s?k\.?|inc|corp|corporation|ltd|plc|co|llc|group|gruppe|holding"
    r"|deutschland)\b\.?",
    re.IGNORECASE,
)
_TITLE = re.compile(r"\b(dr|prof|dipl|ing|herr|frau|med|mag|mba)\b\.?", re.IGNORECASE)
_STOP = frozenset(("der", "die", "das", "des", "dem", "den", "the", "of", "und", "and", "fuer"))
_UMLAUTS = str.maketrans({"ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue"})


def _fold(text: str | None) -> str:
    text = unicodedata.normalize("NFKD", (text or "").lower().translate(_UMLAUTS))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", text).strip()


def same_person(a: str | None, b: str | None) -> bool:
    """Tell whether two wordings name one person."""
    one, two = (_fold(_TITLE.sub(" ", name or "")).split() for name in (a, b))
    if not one or not two:
        return False
    if one[-1] != two[-1]:
        return one == two
    return one[0][0] == two[0][0] if len(one) > 1 and len(two) > 1 else True


def _core(name: str | None) -> set[str]:
    words = _fold(_LEGAL.sub(" ", name or "")).split()
    return {_stem(t) for t in [t for t in words if t not in _STOP] or words}


def _stem(token: str) -> str:
    return re.sub(r"(en|er|es|em|e|s|n)$", "", token) if len(token) > 4 else token


def same_company(a: str | None, b: str | None) -> bool:
    """Tell whether two wordings name one organisation."""
    one, two = _core(a), _core(b)
    if not one or not two:
        return False
    if len(one & two) / min(len(one), len(two)) >= 0.67 or "".join(sorted(one)) == "".join(sorted(two)):
        return True
    left, right = " ".join(sorted(one)), " ".join(sorted(two))
    return left in right or right in left


def same_role(a: str | None, b: str | None) -> bool:
    """Tell whether two wordings name one role; two missing ones agree."""
    one, two = _fold(a), _fold(b)
    if not one or not two:
        return not one and not two
    left, right = {_stem(t) for t in one.split()}, {_stem(t) for t in two.split()}
    shared = left & right
    return (bool(shared) and len(shared) / max(1, min(len(left), len(right))) >= 0.5) or one in two or two in one


def same_pair(a: Lead, b: Lead) -> bool:
    """Tell whether two leads tie one person to one organisation."""
    return same_person(a["person"], b["person"]) and same_company(a["company"], b.get("company"))


_SAME: dict[str, Same] = {
    "person": lambda a, b: same_person(a["person"], b["person"]),
    "pair": same_pair,
    "pair_role": lambda a, b: same_pair(a, b) and same_role(a.get("role"), b.get("role")),
}


def score(
    gold: Mapping[str, Sequence[Lead]], found: Mapping[str, Sequence[Lead]], kinds: Iterable[str] | None = None
) -> dict[str, Score]:
    """Score leads by document. With `kinds` only gold of these org_kinds counts; hits of other gold are neutral."""
    wanted = set(kinds or ())
    counts = {level: [0, 0, 0] for level in LEVELS}
    for doc, leads in gold.items():
        asked = [lead for lead in leads if not wanted or lead.get("org_kind") in wanted]
        other = [lead for lead in leads if lead not in asked]
        left = [
            x for x in found.get(doc, ())
            if any(same_pair(o, x) for o in asked) or not any(same_pair(o, x) for o in other)
        ]  # fmt: skip
        for level in LEVELS:
            same = _SAME[level]
            one, two = asked, left
            if level == "person":
                one, two = _distinct(asked), _distinct(left)
                two = [x for x in two if any(same(o, x) for o in asked) or not any(same(o, x) for o in other)]
            used: set[int] = set()
            for lead in one:
                hit = next((i for i, x in enumerate(two) if i not in used and same(lead, x)), None)
                if hit is not None:
                    used.add(hit)
            for place, number in enumerate((len(used), len(two) - len(used), len(one) - len(used))):
                counts[level][place] += number
    return {level: _score(*counts[level]) for level in LEVELS}


def _distinct(leads: Sequence[Lead]) -> list[Lead]:
    kept: list[Lead] = []
    for lead in leads:
        if not any(same_person(lead["person"], other["person"]) for other in kept):
            kept.append(lead)
    return kept


def _score(tp: int, fp: int, fn: int) -> Score:
    p = tp / (tp + fp) if tp + fp else 0.0
    r = tp / (tp + fn) if tp + fn else 0.0
    f = 2 * p * r / (p + r) if p + r else 0.0
    return {"p": round(p, 3), "r": round(r, 3), "f": round(f, 3), "tp": tp, "fp": fp, "fn": fn}


def agreement(gold: Mapping[str, Sequence[Lead]], found: Mapping[str, Sequence[Lead]], key: str) -> tuple[float, int]:
    """Return how often `key` (trigger, former, org_kind) agrees on the matched pairs, and how many there are."""
    right = total = 0
    for doc, leads in gold.items():
        for lead in leads:
            hit = next((x for x in found.get(doc, ()) if same_pair(lead, x)), None)
            if hit is not None and key in lead:
                total += 1
                right += lead[key] == hit.get(key)
    return (round(right / total, 3) if total else 0.0), total
