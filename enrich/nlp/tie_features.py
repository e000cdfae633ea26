"""What tells which of a person's roles is the one at an organisation: one row of features per pair and role."""

from __future__ import annotations

import math
from collections.abc import Sequence

from enrich.nlp.lexis import tie_lexis
from enrich.nlp.names import Name
from enrich.nlp.pair_features import HeldRole, Pair, Row, role_touch
from enrich.nlp.role_words import role_word
from enrich.nlp.roles import RoleSpan
from enrich.nlp.scene import Scene, gap, shape
from enrich.vocabulary_files import LEVELS

_WINDOW = 60  # tokens between a role and an organisation that are compared
_FROM_ROLE = (
    "distance",
    "after",
    "people_between",
    "roles_between",
    "same_sentence",
    "plural",
    "odds_0",
    "odds_1",
    "lexis",
    "touch",
)
_FROM_PAIR = ("org_first", "apart", "role_touch", "role_tie", "orgs_rank", "orgs_count", "role_names_org", "stage", "stage_rank", "together",
              "p_former", "role_possessive")  # fmt: skip


def tie_row(
    scene: Scene, pair: Pair, entry: HeldRole, held: Sequence[HeldRole]
) -> tuple[Row, tuple[str, ...], tuple[str, ...]]:
    """Return the features of a pair and a role of its person, the keys of its patterns and its words."""
    role = scene.roles[entry.role]
    organisation = scene.names.organisations[pair.organisation]
    name = _nearest(scene, organisation.names, role)
    first = name.first < role.first
    low, high = (name.last, role.first) if first else (role.last, name.first)
    same = scene.reading.sentence[name.first] == scene.reading.sentence[role.first]
    ordered = sorted(held, key=lambda h: -h.probability)
    row: Row = {
        "probability": entry.probability,
        "rank": float(ordered.index(entry)),
        "behind": ordered[0].probability - entry.probability,
        "next": max((h.probability for h in held if h is not entry), default=0.0),
        "held": float(len(held)),
        "org_before_role": float(first),
        "org_near": float(same),
        "org_gap": math.log1p(max(0, high - low)),
        "mine": max((role_touch(scene, role.first, role.last, n) for n in organisation.names), default=0.0),
        "negative": float(role.negative),
        "length": float(role.last - role.first),
    }
    other = 0.0
    for number in _organisations_near(scene, role):
        if number.cluster != pair.organisation:
            other = max(other, role_touch(scene, role.first, role.last, number))
    row["theirs"] = other
    row["rival_mine"] = max((
        role_touch(scene, scene.roles[h.role].first, scene.roles[h.role].last, n)
        for h in held if h is not entry for n in organisation.names
    ), default=0.0)  # fmt: skip
    people = orgs = 0
    if 0 <= high - low <= _WINDOW:
        seen = -1
        for i in range(low, high):
            if scene.name_at[i] >= 0 and scene.name_at[i] != seen:
                seen = scene.name_at[i]
                people += scene.names.spans[seen].label == "PER"
                orgs += scene.names.spans[seen].label == "ORG"
    else:
        people = orgs = 9
    row["people_between"], row["orgs_between"] = float(people), float(orgs)
    for level in LEVELS:
        row[f"level_{level}"] = float(role.level == level)
    for key in _FROM_ROLE:
        row[f"role_{key}"] = entry.row.get(key, 0.0)
    for key in _FROM_PAIR:
        row[f"pair_{key}"] = pair.row.get(key, 0.0)
    pattern = ("o" if first else "r") + (shape(scene, low, high) if same and high - low < 40 else "far")
    word = role_word(scene, entry.role)
    return row, (pattern, word), tie_lexis(scene, name, role, word)


def _nearest(scene: Scene, names: Sequence[Name], role: RoleSpan) -> Name:
    sentence = scene.reading.sentence
    return min(names, key=lambda n: gap(n, role) + 40 * (sentence[n.first] != sentence[role.first]))


def _organisations_near(scene: Scene, role: RoleSpan) -> list[Name]:
    found: dict[int, Name] = {}
    for i in range(max(0, role.first - 6), min(len(scene.name_at), role.last + 8)):
        number = scene.name_at[i]
        if number >= 0 and scene.names.spans[number].label == "ORG":
            found[number] = scene.names.spans[number]
    return list(found.values())
