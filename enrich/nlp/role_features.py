"""What tells whether a role belongs to a person: one row of features per person and role near each other."""

from __future__ import annotations

import math
from dataclasses import dataclass

from enrich.nlp.lexis import role_lexis
from enrich.nlp.names import Name
from enrich.nlp.role_words import role_word
from enrich.nlp.roles import RoleSpan
from enrich.nlp.scene import Scene, shape
from enrich.vocabulary_files import LEVELS

Row = dict[str, float]
WINDOW = 40  # tokens between a person and a role


@dataclass(slots=True)
class RoleCandidate:
    """A person (place in `Names.people`), a role (place in `Scene.roles`), the name nearest to it, and its features."""

    person: int
    role: int
    name: Name
    row: Row
    keys: tuple[str, ...]
    lexis: tuple[str, ...]


def role_candidates(scene: Scene) -> list[RoleCandidate]:
    """Return all roles near the names of each person; one candidate per person and role, at its nearest name."""
    reading, names = scene.reading, scene.names
    best: dict[tuple[int, int], tuple[int, Name]] = {}
    people = [n for n in names.spans if n.label == "PER"]
    lower = 0
    for number, role in enumerate(scene.roles):
        while lower < len(people) and people[lower].last < role.first - WINDOW:
            lower += 1
        for name in people[lower:]:
            if name.first > role.last + WINDOW:
                break
            between = role.first - name.last if name.first < role.first else name.first - role.last
            far = abs(reading.sentence[min(name.first, len(reading) - 1)] - reading.sentence[role.first])
            if far > 1:
                continue
            key = (name.cluster, number)
            distance = between + 30 * far
            if key not in best or distance < best[key][0]:
                best[key] = (distance, name)
    found = []
    for (person, number), (_, name) in best.items():
        role = scene.roles[number]
        row, pattern = _row(scene, name, role, number)
        word = role_word(scene, number)
        keys = (pattern, f"{word} {'near' if row['touch'] else 'same' if row['same_sentence'] else 'far'}")
        found.append(RoleCandidate(person, number, name, row, keys, role_lexis(scene, name, role, word)))
    _compete(found)
    return found


def _row(scene: Scene, name: Name, role: RoleSpan, number: int) -> tuple[Row, str]:
    reading = scene.reading
    after = name.first > role.first  # the role stands before the name
    low, high = (role.last, name.first) if after else (name.last, role.first)
    pattern = ("r" if after else "p") + shape(scene, low, high)
    same = reading.sentence[name.first] == reading.sentence[role.first]
    row: Row = {
        "after": float(after),
        "distance": math.log1p(max(0, high - low)),
        "same_sentence": float(same),
        "touch": float(high <= low),
        "plural": float(role.plural),
        "negative": float(role.negative),
        "length": float(role.last - role.first),
        "single": float(" " not in name.text),
        "quoted_role": float(reading.quoted[role.head]),
        "quoted_name": float(reading.quoted[name.first]),
        "quote_differs": float(reading.quoted[role.head] != reading.quoted[name.first]),
        "title": float(scene.names.people[name.cluster].title is not None),
    }
    for level in LEVELS:
        row[f"level_{level}"] = float(role.level == level)
    people = orgs = roles = 0
    seen = -1
    for i in range(low, max(low, high)):
        if scene.name_at[i] >= 0 and scene.name_at[i] != seen:
            seen = scene.name_at[i]
            label = scene.names.spans[seen].label
            people += label == "PER"
            orgs += label == "ORG"
        if (
            scene.role_at[i] >= 0
            and scene.role_at[i] != number
            and (i == low or scene.role_at[i - 1] != scene.role_at[i])
        ):
            roles += 1
        for code in scene.codes[i]:
            key = f"b_{scene.class_names[code]}"
            row[key] = row.get(key, 0.0) + 1.0
    row["people_between"], row["orgs_between"], row["roles_between"] = float(people), float(orgs), float(roles)
    for prefix, at in (("rp", role.first - 1), ("rn", role.last), ("np", name.first - 1), ("nn", name.last)):
        if 0 <= at < len(reading):
            for code in scene.codes[at]:
                row[f"{prefix}_{scene.class_names[code]}"] = 1.0
            if scene.name_at[at] >= 0:
                row[f"{prefix}_name_{scene.names.spans[scene.name_at[at]].label}"] = 1.0
            word = reading.words[at]
            if not word[0].isalnum():
                row[f"{prefix}_sign_{'comma' if word == ',' else 'bracket' if word in '()' else 'other'}"] = 1.0
    row["feminine"] = float(reading.lowers[role.head].endswith(("in", "frau", "woman")))
    return row, pattern


def _compete(candidates: list[RoleCandidate]) -> None:
    """Tell each candidate how near its rivals are: other people at its role, other roles at its person."""
    by_role: dict[int, list[RoleCandidate]] = {}
    by_person: dict[int, list[RoleCandidate]] = {}
    for candidate in candidates:
        by_role.setdefault(candidate.role, []).append(candidate)
        by_person.setdefault(candidate.person, []).append(candidate)
    for groups, key in ((by_role, "people"), (by_person, "roles")):
        for group in groups.values():
            ordered = sorted(group, key=_reach)
            for rank, candidate in enumerate(ordered):
                candidate.row[f"{key}_rank"] = float(rank)
                candidate.row[f"{key}_count"] = float(len(ordered))
                rival = ordered[0] if rank else (ordered[1] if len(ordered) > 1 else None)
                candidate.row[f"{key}_lead"] = (_reach(rival) - _reach(candidate)) if rival else 9.0


def _reach(candidate: RoleCandidate) -> float:
    row = candidate.row
    return (
        row["distance"]
        + 2.0 * row["people_between"]
        + (0.0 if row["same_sentence"] else 4.0)
        + 0.3 * row["orgs_between"]
    )
