"""From a text with entities to leads: who acts for which organisation, as what, and why it is news."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from enrich.nlp import organisations
from enrich.nlp.names import Name
from enrich.nlp.pair_features import HeldRole, Pair, Row, add_rivals, pairs
from enrich.nlp.reason_cues import Told
from enrich.nlp.reason_features import former_row, reason_row
from enrich.nlp.role_features import role_candidates
from enrich.nlp.role_fit import named_by_role
from enrich.nlp.scene import Scene, build_scene
from enrich.nlp.tie_features import tie_row
from enrich.nlp.weights import Weights, add_odds, threshold_group, weights
from enrich.records import OrgKind, RoleLevel, Trigger
from enrich.roles import base_forms

_NAMING = 0.5  # a role more likely than this can name its organisation
_NAMED = 0.75  # what a pair is worth that a role names
_MOST_ORGANISATIONS = 60
ROLE_FLOOR = 0.15  # a role less likely than this is not held by the person


@dataclass(slots=True)
class Lead:
    """One person tied to one organisation. Offsets are characters of the text; the sentence is the evidence."""

    person: str
    title: str | None
    role: str | None
    role_level: RoleLevel
    company: str
    org_kind: OrgKind
    place: str | None
    trigger: Trigger
    former: bool
    confidence: float
    start: int
    end: int
    person_start: int
    person_end: int
    why: list[tuple[str, float]] = field(default_factory=list)


def read_scene(text: str, entities: Iterable[tuple[int, int, str]], language: str, body: int = 0) -> Scene:
    """Read a text with its entities (start, end, label in characters); `body` is where it begins behind its headline."""
    return build_scene(text, entities, language, body)


def held_roles(scene: Scene, model: Weights) -> dict[int, list[HeldRole]]:
    """Return the roles that each person holds, with their probability."""
    found = role_candidates(scene)
    for candidate in found:
        add_odds(candidate.row, candidate.keys, model.role_odds)
        candidate.row["lexis"] = model.role_lexis.score(candidate.lexis)
    held: dict[int, list[HeldRole]] = {}
    for candidate, probability in zip(found, model.role.predict([c.row for c in found]), strict=True):
        if probability >= ROLE_FLOOR:
            held.setdefault(candidate.person, []).append(HeldRole(candidate.role, probability, candidate.row))
    return held


def organisation_kinds(scene: Scene) -> list[OrgKind]:
    """Tell what each organisation is, by its name, else by the nouns beside it, else company."""
    kinds: list[OrgKind] = []
    reading = scene.reading
    for organisation in scene.names.organisations:
        kind = organisations.named_kind(organisation.name)
        if kind is None and any(name.governed for name in organisation.names):
            kind = "public"
        if kind is None:
            votes: Counter[OrgKind] = Counter()
            for name in organisation.names[:8]:
                for at in (
                    *range(max(0, name.first - 3), name.first),
                    *range(name.last, min(len(reading), name.last + 3)),
                ):
                    if reading.sentence[at] == reading.sentence[name.first] and scene.name_at[at] < 0:
                        told = organisations.described_kind(reading.lowers[at])
                        if told is not None:
                            votes[told] += 1
            kind = votes.most_common(1)[0][0] if votes else "company"
        kinds.append(kind)
    return kinds


def score_pairs(
    scene: Scene, held: dict[int, list[HeldRole]], kinds: Sequence[str], model: Weights
) -> list[tuple[Pair, float]]:
    """Return all candidate pairs with the probability that the person acts for the organisation."""
    found = pairs(scene, held, kinds)
    for pair in found:
        add_odds(pair.row, pair.keys, model.pair_odds)
        pair.row["lexis"] = model.pair_lexis.score(pair.lexis)
        pair.row["person_lexis"] = model.person_lexis.score(pair.person_lexis)
    first = model.pair.predict([p.row for p in found])
    add_rivals(found, first)
    return _named_by_roles(scene, held, list(zip(found, model.pair_again.predict([p.row for p in found]), strict=True)))


def _named_by_roles(
    scene: Scene, held: dict[int, list[HeldRole]], scored: list[tuple[Pair, float]]
) -> list[tuple[Pair, float]]:
    """Settle pairs by a role that names its organisation in a compound: few texts have one, so no model learns it."""
    if scene.language != "de":
        return scored
    named: dict[int, set[int]] = {}
    for person, roles in held.items():
        top = max(roles, key=lambda h: h.probability)
        if top.probability >= _NAMING:
            cores = scene.names.organisations[:_MOST_ORGANISATIONS]
            named[person] = {i for i, o in enumerate(cores) if named_by_role(scene, top.role, o.core)}
    named = {person: wanted for person, wanted in named.items() if len(wanted) == 1}
    for pair, _ in scored:  # unless a role hangs on another name
        if pair.row.get("role_touch") and pair.organisation not in named.get(pair.person, {pair.organisation}):
            del named[pair.person]
    settled = []
    for pair, probability in scored:
        wanted = named.get(pair.person)
        if wanted is None:
            settled.append((pair, probability))
        else:
            mine = pair.organisation in wanted
            settled.append((pair, max(probability, _NAMED) if mine else min(probability, 1.0 - _NAMED)))
    return settled


def ranks(scored: Sequence[tuple[Pair, float]]) -> list[int]:
    """Return the place of each pair among those of its person, the likeliest first."""
    order = sorted(range(len(scored)), key=lambda i: (scored[i][0].person, -scored[i][1]))
    found = [0] * len(scored)
    for before, i in itertools.pairwise(order):
        if scored[before][0].person == scored[i][0].person:
            found[i] = found[before] + 1
    return found


def link(scene: Scene, *, explain: bool = False) -> list[Lead]:
    """Return the leads of a document in the order of their people."""
    if not scene.names.people or not scene.names.organisations:
        return []
    model = weights(scene.language)
    held = held_roles(scene, model)
    kinds = organisation_kinds(scene)
    scored = score_pairs(scene, held, kinds, model)
    told = Told({}, scene)
    chosen = [
        (pair, p)
        for (pair, p), rank in zip(scored, ranks(scored), strict=True)
        if p >= model.thresholds[threshold_group(rank, kinds[pair.organisation], pair.row["role_best"])]
        and _may_be_lead(scene, pair)
        and _told_in_body(scene, pair) is not None
    ]
    chosen.sort(key=lambda entry: (entry[0].person, -entry[1]))
    roles = choose_roles(scene, chosen, held, model)
    former = model.former.predict(
        [former_row(scene, told, pair, role) for (pair, _), role in zip(chosen, roles, strict=True)]
    )
    leads: list[Lead] = []
    for (pair, probability), role, gone in zip(chosen, roles, former, strict=True):
        row = reason_row(scene, told, pair, role)
        row["former"] = float(gone >= model.former_threshold or _was_held(scene, role))
        trigger = model.trigger.best(row)[0]
        kind = kinds[pair.organisation]
        if kind == "company" and role is not None:
            kind = _kind_by_role(scene, pair.organisation, role)
        lead = _lead(scene, pair, role, kind, trigger, row["former"] > 0, probability)
        if explain:
            lead.why = model.pair_again.explain(pair.row)
        leads.append(lead)
    return leads


def _kind_by_role(scene: Scene, organisation: int, role: int) -> OrgKind:
    """What nothing beside the name tells, a role can: "Trainer Udo Rehm von den Löwen"."""
    if organisations.named_kind(scene.names.organisations[organisation].name) is not None or scene.language != "de":
        return "company"
    return organisations.kind_by_role(base_forms(scene.reading.lowers[scene.roles[role].head])) or "company"


_PAST = ("früher", "ehemalig", "einstig", "vormalig", "damalig", "former")


def _was_held(scene: Scene, role: int | None) -> bool:
    """True for "der frühere Geschäftsführer": the word right before a role says that it has ended."""
    if role is None or not scene.roles[role].first:
        return False
    return scene.reading.lowers[scene.roles[role].first - 1].startswith(_PAST)


def _may_be_lead(scene: Scene, pair: Pair) -> bool:
    """Authors and photographers of the text and names of one letter are no leads."""
    person = scene.names.people[pair.person]
    if pair.row.get("kind_media") and not pair.row.get("role_touch") and _told_to(scene, pair):
        return False
    return not (pair.row.get("credit") and len(person.names) == 1) and len(person.name) > 2


def _told_to(scene: Scene, pair: Pair) -> bool:
    """True for the medium that somebody speaks to: "sagte Koch dem Magazin Focus"."""
    reading, org = scene.reading, pair.organisation_name
    first, last = reading.bounds[reading.sentence[org.first]]
    if not any(scene.has_class(i, "say") for i in range(first, last)):
        return False
    before = range(max(first, org.first - 4), org.first)
    return any(reading.lowers[i] in ("dem", "der", "den", "gegenüber", "zu", "told", "to") for i in before)


def choose_roles(
    scene: Scene, chosen: Sequence[tuple[Pair, float]], held: dict[int, list[HeldRole]], model: Weights
) -> list[int | None]:
    """Return the role of each lead: the likeliest of the person's roles at this organisation, None when none is likely."""
    rows: list[Row] = []
    owners: list[tuple[int, int]] = []
    for number, (pair, _) in enumerate(chosen):
        mine = held.get(pair.person, [])
        for entry in mine:
            row, keys, words = tie_row(scene, pair, entry, mine)
            add_odds(row, keys, model.tie_odds)
            row["lexis"] = model.tie_lexis.score(words)
            rows.append(row)
            owners.append((number, entry.role))
    best: list[tuple[float, int | None]] = [(0.0, None)] * len(chosen)
    for (number, role), probability in zip(owners, model.tie.predict(rows), strict=True):
        if probability >= model.tie_threshold and probability > best[number][0]:
            best[number] = (probability, role)
    return [role for _, role in best]


def _lead(
    scene: Scene, pair: Pair, role: int | None, kind: str, trigger: str, former: bool, probability: float
) -> Lead:
    reading = scene.reading
    person, organisation = scene.names.people[pair.person], scene.names.organisations[pair.organisation]
    name = _told_in_body(scene, pair) or pair.person_name
    start, end = _evidence(scene, name, pair.organisation_name)
    span = scene.roles[role] if role is not None else None
    return Lead(
        person=_clean_person(person.name),
        title=person.title,
        role=" ".join(reading.span_text(span.first, span.last).split()) if span else None,
        role_level=span.level if span else "unknown",
        company=organisation.name,
        org_kind=kind,  # type: ignore[arg-type]
        place=_place(scene, pair),
        trigger=trigger,  # type: ignore[arg-type]
        former=former,
        confidence=round(probability, 3),
        start=start,
        end=end,
        person_start=name.start,
        person_end=name.end,
    )


def _clean_person(name: str) -> str:
    return name.strip(" .,-–")


def _told_in_body(scene: Scene, pair: Pair) -> Name | None:
    """The person's name of a pair, or the first one behind the headline; None for people that only the headline names."""
    if pair.person_name.start >= scene.body:
        return pair.person_name
    return next((name for name in scene.names.people[pair.person].names if name.start >= scene.body), None)


def _evidence(scene: Scene, person: Name, organisation: Name) -> tuple[int, int]:
    """The sentence of the two names, or both sentences when they are neighbours, else that of the person."""
    reading = scene.reading
    one, two = reading.sentence[person.first], reading.sentence[organisation.first]
    low, high = (
        (min(one, two), max(one, two)) if abs(one - two) <= 1 and organisation.start >= scene.body else (one, one)
    )
    return reading.sentence_span(low)[0], reading.sentence_span(high)[1]


def _place(scene: Scene, pair: Pair) -> str | None:
    """The town named next to the organisation or the person: in its sentence, right after it first."""
    best: tuple[int, str] | None = None
    reading = scene.reading
    for name, penalty in ((pair.organisation_name, 0), (pair.person_name, 6)):
        for at in range(max(0, name.first - 12), min(len(reading), name.last + 12)):
            number = scene.name_at[at]
            if number < 0 or scene.names.spans[number].label != "LOC":
                continue
            place = scene.names.spans[number]
            if reading.sentence[place.first] != reading.sentence[name.first]:
                continue
            distance = (place.first - name.last if place.first >= name.last else 3 + name.first - place.last) + penalty
            if best is None or distance < best[0]:
                best = (distance, place.text)
    if best is None and scene.names.spans:
        first = scene.names.spans[0]
        if first.label == "LOC" and first.first <= 1 and reading.sentence[first.first] == 0:
            return first.text
    return best[1] if best else None
