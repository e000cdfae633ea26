"""What tells whether a person acts for an organisation: one row of features per pair of a document."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from enrich.nlp import organisations
from enrich.nlp.lexis import pair_lexis, person_lexis
from enrich.nlp.names import Name
from enrich.nlp.role_fit import named_by_role, office_row, part_fit, prefix_fit, role_keys, role_names
from enrich.nlp.role_words import role_word
from enrich.nlp.scene import MAX_DISTANCE, Scene, shape
from enrich.nlp.standing import Standing
from enrich.nlp.vocabulary import credits
from enrich.vocabulary_files import LEVELS

Row = dict[str, float]
_KINDS = ("company", "association", "public", "party", "club", "media", "education", "other")
_SURE_ROLE = 0.5
_MAX_NAMES = 12  # places of one person that are looked at
_SENTENCES = 2  # between a person and an organisation; further ones only for the organisations a text is about


@dataclass(slots=True)
class Pair:
    """A person and an organisation (places in `Names`), the two names that stand best to each other, the features."""

    person: int
    organisation: int
    person_name: Name
    organisation_name: Name
    row: Row
    shape: str
    keys: tuple[str, ...] = ()
    lexis: tuple[str, ...] = ()
    person_lexis: tuple[str, ...] = ()
    joined: tuple[int, ...] = ()  # people told in one breath with this one


@dataclass(slots=True)
class HeldRole:
    """A role (place in `Scene.roles`) of a person with its probability and the features that speak for it."""

    role: int
    probability: float
    row: Row = field(default_factory=dict)


def pairs(scene: Scene, held: dict[int, list[HeldRole]], kinds: Sequence[str]) -> list[Pair]:
    """Return the candidates of a document. `held` are the roles of each person, `kinds` those of each organisation."""
    names = scene.names
    if not names.people or not names.organisations:
        return []
    best = _best_places(scene)
    _add_main(scene, best, held)
    org_table = [_organisation_row(scene, number, kinds[number]) for number in range(len(names.organisations))]
    person_table = [_person_row(scene, number, held.get(number, [])) for number in range(len(names.people))]
    joined = _joined_people(scene)
    best_held = [max(held.get(n, []), key=lambda h: h.probability, default=None) for n in range(len(names.people))]
    tops = [entry.role if entry else None for entry in best_held]
    words_table = [
        person_lexis(scene, person, role_keys(scene, top)) for person, top in zip(names.people, tops, strict=True)
    ]
    standing = Standing(scene)
    found = []
    for (person, organisation), (_, one, two, together) in best.items():
        row, pattern = _place_row(scene, one, two, held.get(person, []))
        row.update(org_table[organisation])
        row.update(person_table[person])
        row["together"] = float(together)
        row["surname_shared"] = float(_shares_surname(scene, person, organisation))
        top = tops[person]
        row.update(standing.row(organisation, one, two))
        row.update(office_row(scene, top, kinds[organisation]))
        word = role_word(scene, top) if top is not None else "-"
        near = "near" if row["same_sentence"] else "far"
        row["role_prefix"] = prefix_fit(scene, top, organisation)
        row["role_part"] = part_fit(scene, top, organisation)
        row["role_names_org"] = float(top is not None and role_names(scene, top, organisation))
        keys = (pattern, f"{word} {near}", f"{word} {kinds[organisation]}", _tie_shape(scene, best_held[person], two))
        lexis = pair_lexis(scene, one, two, kinds[organisation], role_keys(scene, top))
        row["joined"] = float(len(joined.get(person, ())))
        found.append(
            Pair(
                person, organisation, one, two, row, pattern, keys, lexis, words_table[person], tuple(joined.get(person, ()))
            )
        )  # fmt: skip
    _compete(found)
    return found


_JOINT = re.compile(r"[RNA(d)]{0,4}[UC][RNAC]{0,2}")


def _joined_people(scene: Scene) -> dict[int, list[int]]:
    """Return for each person those named right beside it in a list: "Filialleiterin A und Inhaber B von der Firma"."""
    found: dict[int, list[int]] = {}
    people = [n for n in scene.names.spans if n.label == "PER"]
    for one, two in itertools.pairwise(people):
        if one.cluster == two.cluster or two.first - one.last > 12:
            continue
        if scene.reading.sentence[one.first] == scene.reading.sentence[two.first] and _JOINT.fullmatch(
            shape(scene, one.last, two.first)
        ):
            found.setdefault(one.cluster, []).append(two.cluster)
            found.setdefault(two.cluster, []).append(one.cluster)
    return found


def _best_places(scene: Scene) -> dict[tuple[int, int], tuple[float, Name, Name, int]]:
    """For each pair near each other, the two names that stand closest, and how many sentences hold both."""
    reading, spans = scene.reading, scene.names.spans
    orgs = [n for n in spans if n.label == "ORG"]
    best: dict[tuple[int, int], tuple[float, Name, Name, int]] = {}
    lower = 0
    counted: dict[int, int] = {}
    for name in spans:
        if name.label != "PER":
            continue
        counted[name.cluster] = counted.get(name.cluster, 0) + 1
        if counted[name.cluster] > _MAX_NAMES:
            continue
        while lower < len(orgs) and orgs[lower].last < name.first - MAX_DISTANCE:
            lower += 1
        sentence = reading.sentence[name.first]
        for org in orgs[lower:]:
            if org.first > name.last + MAX_DISTANCE:
                break
            apart = abs(reading.sentence[org.first] - sentence)
            if apart > _SENTENCES:
                continue
            distance = (
                org.first - name.last if org.first >= name.last else (name.first - org.last) * 1.1
            ) + 40.0 * apart
            key = (name.cluster, org.cluster)
            known = best.get(key)
            together = (known[3] if known else 0) + (apart == 0)
            if known is None or distance < known[0]:
                best[key] = (distance, name, org, together)
            else:
                best[key] = (known[0], known[1], known[2], together)
    return best


def _add_main(
    scene: Scene, best: dict[tuple[int, int], tuple[float, Name, Name, int]], held: dict[int, list[HeldRole]]
) -> None:
    """Pair every person with the organisations that the text is about or that its role names, however far away."""
    organisations_ = scene.names.organisations
    order = sorted(
        range(len(organisations_)), key=lambda i: (-len(organisations_[i].names), organisations_[i].names[0].first)
    )
    main = set(order[:2]) | ({min(order, key=lambda i: organisations_[i].names[0].first)} if order else set())
    for number, person in enumerate(scene.names.people[:200]):
        name = person.names[0]
        told = {
            i for h in held.get(number, ()) if h.probability >= _SURE_ROLE
            for i, o in enumerate(organisations_[:60]) if named_by_role(scene, h.role, o.core)
        }  # fmt: skip
        for other in sorted(main | told):
            if (number, other) not in best:
                before = [n for n in organisations_[other].names if n.first < name.first]
                org = before[-1] if before else organisations_[other].names[0]
                best[(number, other)] = (500.0, name, org, 0)


def _place_row(scene: Scene, one: Name, two: Name, held: Sequence[HeldRole]) -> tuple[Row, str]:
    reading, spans = scene.reading, scene.names.spans
    org_first = two.first < one.first
    low, high = (two.last, one.first) if org_first else (one.last, two.first)
    apart = reading.sentence[one.first] - reading.sentence[two.first]
    pattern = ("o" if org_first else "p") + (shape(scene, low, high) if abs(apart) <= 1 and high - low < 40 else "far")
    row: Row = {
        "org_first": float(org_first),
        "apart": float(max(-6, min(6, apart))),
        "same_sentence": float(apart == 0),
        "distance": math.log1p(max(0, high - low)),
        "quoted_person": float(reading.quoted[one.first]),
        "quoted_org": float(reading.quoted[two.first]),
        "single": float(" " not in one.text),
        "org_is_described": float(two.described),
    }
    people = orgs = locs = roles = signs = 0
    brackets = 0
    seen = -1
    if high - low <= 60:
        for i in range(low, max(low, high)):
            if scene.name_at[i] >= 0 and scene.name_at[i] != seen:
                seen = scene.name_at[i]
                label = spans[seen].label
                people += label == "PER"
                orgs += label == "ORG"
                locs += label == "LOC"
            if scene.role_at[i] >= 0 and (i == low or scene.role_at[i - 1] != scene.role_at[i]):
                roles += 1
            word = reading.words[i]
            signs += word in ",;:"
            brackets += (word in "([") - (word in ")]")
            for code in scene.codes[i]:
                key = f"b_{scene.class_names[code]}"
                row[key] = row.get(key, 0.0) + 1.0
    else:
        people = orgs = 9
    row.update(people_between=float(people), orgs_between=float(orgs), locs_between=float(locs))
    row.update(roles_between=float(roles), signs_between=float(signs), brackets=float(brackets))
    for prefix, at in (
        ("pp", one.first - 1),
        ("pn", one.last),
        ("op", two.first - 1),
        ("oq", two.first - 2),
        ("on", two.last),
    ):
        if 0 <= at < len(reading):
            for code in scene.codes[at]:
                row[f"{prefix}_{scene.class_names[code]}"] = 1.0
            word = reading.words[at]
            if not word[0].isalnum():
                sign = (
                    "comma"
                    if word == ","
                    else "open"
                    if word == "("
                    else "close"
                    if word == ")"
                    else "hyphen"
                    if word == "-"
                    else "other"
                )
                row[f"{prefix}_{sign}"] = 1.0
            if scene.role_at[at] >= 0:
                row[f"{prefix}_role"] = 1.0
            if scene.name_at[at] >= 0:
                row[f"{prefix}_{spans[scene.name_at[at]].label}"] = 1.0
    # The verbs of the clause: what stands in the sentence beside the two names.
    first, last = reading.bounds[reading.sentence[one.first]]
    for i in range(max(first, one.first - 12), min(last, one.last + 12)):
        for code in scene.codes[i]:
            row[f"s_{scene.class_names[code]}"] = 1.0
    first, last = reading.bounds[reading.sentence[two.first]]
    for i in range(max(first, two.first - 6), min(last, two.last + 6)):
        for code in scene.codes[i]:
            row[f"t_{scene.class_names[code]}"] = 1.0
    best = 0.0
    row["orgs_since"] = float(_names_since(scene, two, one)) if org_first else -1.0
    for entry in held:
        role = scene.roles[entry.role]
        if scene.has_class(role.first - 1, "possessive"):
            row["role_possessive"] = 1.0
        touching = role_touch(scene, role.first, role.last, two)
        if touching:
            row["role_touch"] = max(row.get("role_touch", 0.0), entry.probability)
            best = max(best, touching * entry.probability)
        if min(low, high) <= role.first < max(low, high):
            row["role_between"] = max(row.get("role_between", 0.0), entry.probability)
    row["role_tie"] = best
    return row, pattern


def _tie_shape(scene: Scene, top: HeldRole | None, org: Name) -> str:
    """The pattern between the person's likeliest role and the organisation."""
    if top is None:
        return "-"
    role = scene.roles[top.role]
    if scene.reading.sentence[role.first] != scene.reading.sentence[org.first]:
        return "far"
    low, high = (org.last, role.first) if org.first < role.first else (role.last, org.first)
    return ("o" if org.first < role.first else "r") + (shape(scene, low, high) if high - low < 30 else "long")


def _names_since(scene: Scene, org: Name, name: Name) -> int:
    """How many other organisations are named between the last place of this one before the person and the person."""
    numbers = set()
    for i in range(name.first - 1, max(-1, name.first - 200), -1):
        at = scene.name_at[i]
        if at >= 0 and scene.names.spans[at].label == "ORG":
            if scene.names.spans[at].cluster == org.cluster:
                break
            numbers.add(scene.names.spans[at].cluster)
    return min(9, len(numbers))


def role_touch(scene: Scene, first: int, last: int, org: Name) -> float:
    """How firmly a role hangs on an organisation: 3 in a compound or with an article only, 1 over a few words."""
    low, high = (org.last, first) if org.first < first else (last, org.first)
    if high < low or high - low > 5:
        return 0.0
    reading = scene.reading
    if reading.sentence[org.first] != reading.sentence[first]:
        return 0.0
    if high - low == 0 or (high - low == 1 and (reading.words[low] == "-" or scene.codes[low])):
        return 3.0
    between = reading.words[low:high]
    return 0.0 if any(word in ",;(" for word in between) else 1.0


def _organisation_row(scene: Scene, number: int, kind: str) -> Row:
    organisation = scene.names.organisations[number]
    reading = scene.reading
    counts = [sum(not n.described for n in o.names) for o in scene.names.organisations]
    first = next(n for n in organisation.names if not n.described)
    row: Row = {
        "org_names": float(min(3, counts[number])),
        "org_share": counts[number] / max(1, sum(counts)),
        "org_main": float(counts[number] == max(counts)),
        "org_described": float(min(3, len(organisation.names) - counts[number])),
        "org_sentence": float(min(3, reading.sentence[first.first])),
        "org_place": float(min(4, number)),
        "org_legal": float(organisations.has_legal_form(organisation.name)),
        "org_tokens": float(min(9, first.last - first.first)),
        "org_upper": float(organisation.name.isupper()),
    }
    for name in _KINDS:
        row[f"kind_{name}"] = float(kind == name)
    return row


def _person_row(scene: Scene, number: int, held: Sequence[HeldRole]) -> Row:
    person = scene.names.people[number]
    reading = scene.reading
    first = person.names[0]
    row: Row = {
        "person_names": float(min(3, len(person.names))),
        "person_sentence": float(min(3, reading.sentence[first.first])),
        "person_place": float(min(4, number)),
        "person_title": float(person.title is not None),
        "person_full": float(" " in person.name),
        "roles": float(len(held)),
        "role_best": max((h.probability for h in held), default=0.0),
    }
    if held:
        top = scene.roles[max(held, key=lambda h: h.probability).role]
        row["role_negative"] = float(top.negative)
        for level in LEVELS:
            row[f"level_{level}"] = float(top.level == level)
    before = reading.lowers[max(0, first.first - 3) : first.first]
    row["credit"] = float(
        any(word in credits() for word in before) and any(word in ":/©" or word in ("von", "by") for word in before)
    )
    after = reading.words[first.last : first.last + 2]
    row["age"] = float(len(after) == 2 and after[0] in "(," and after[1].isdigit() and len(after[1]) == 2)
    return row


def _shares_surname(scene: Scene, person: int, organisation: int) -> bool:
    last = scene.names.people[person].name.rsplit(" ", 1)[-1].lower()
    return organisations.stem(last) in scene.names.organisations[organisation].core or any(
        len(last) > 4 and token.startswith(last) for token in scene.names.organisations[organisation].core
    )


def _reach(pair: Pair) -> float:
    row = pair.row
    return (
        row["distance"] + 1.5 * row["orgs_between"] + 1.5 * row["people_between"] + 3.0 * (row["same_sentence"] == 0)
        - 1.5 * row["role_tie"]
    )  # fmt: skip


# What the strongest rival of a pair has of these is a feature of the pair.
_RIVAL = ("role_tie", "role_touch", "role_names_org", "role_prefix", "same_sentence", "surname_shared")


def _compete(found: list[Pair]) -> None:
    """Tell each pair how near its rivals are: other organisations of the person, other people of the organisation."""
    for key, other in (("person", "orgs"), ("organisation", "people")):
        groups: dict[int, list[Pair]] = {}
        for pair in found:
            groups.setdefault(getattr(pair, key), []).append(pair)
        for group in groups.values():
            ordered = sorted(group, key=_reach)
            for rank, pair in enumerate(ordered):
                rival = ordered[0] if rank else (ordered[1] if len(ordered) > 1 else None)
                pair.row[f"{other}_rank"] = float(min(4, rank))
                pair.row[f"{other}_count"] = float(min(4, len(ordered)))
                pair.row[f"{other}_lead"] = max(-20.0, min(20.0, _reach(rival) - _reach(pair))) if rival else 20.0
            for name in _RIVAL:
                values = sorted((pair.row.get(name, 0.0) for pair in group), reverse=True)
                for pair in group:
                    best = values[1:2] if pair.row.get(name, 0.0) == values[0] else values[:1]
                    pair.row[f"{other}_{name}"] = best[0] if best else -1.0


def add_rivals(found: Sequence[Pair], scores: Sequence[float]) -> None:
    """Second stage: tell each pair what the first stage thought of it, of its rivals and of its neighbours."""
    by_person: dict[int, list[float]] = {}
    by_org: dict[int, list[float]] = {}
    for pair, score in zip(found, scores, strict=True):
        by_person.setdefault(pair.person, []).append(score)
        by_org.setdefault(pair.organisation, []).append(score)
    table = {(p.person, p.organisation): s for p, s in zip(found, scores, strict=True)}
    for pair, score in zip(found, scores, strict=True):
        pair.row["stage_before"] = table.get((pair.person - 1, pair.organisation), -1.0)
        pair.row["stage_after"] = table.get((pair.person + 1, pair.organisation), -1.0)
        pair.row["stage_joined"] = max(
            (table.get((other, pair.organisation), -1.0) for other in pair.joined), default=-2.0
        )
        mine, theirs = sorted(by_person[pair.person], reverse=True), sorted(by_org[pair.organisation], reverse=True)
        pair.row["stage"] = score
        pair.row["stage_rank"] = float(sum(1 for s in mine if s > score))
        rival = mine[0] if mine[0] > score else (mine[1] if len(mine) > 1 else 0.0)
        pair.row["stage_rival"] = rival
        pair.row["stage_lead"] = score - rival
        pair.row["stage_sum"] = sum(mine)
        rival = theirs[0] if theirs[0] > score else (theirs[1] if len(theirs) > 1 else 0.0)
        pair.row["stage_colleague"] = rival
        pair.row["stage_colleagues"] = sum(theirs) - score
