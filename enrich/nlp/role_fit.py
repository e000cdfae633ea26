"""How a person's likeliest role fits an organisation: by its words, by its kind, by the office that it is."""

from __future__ import annotations

from collections.abc import Sequence

from enrich.nlp import organisations
from enrich.nlp.name_descriptions import fit_of
from enrich.nlp.role_words import role_prefix, role_word
from enrich.nlp.scene import Scene
from enrich.roles import role_vocabulary


def role_names(scene: Scene, role: int, organisation: int) -> bool:
    """True when the role is compounded with the organisation's name: "Zollsprecher" of "Zoll", "FC-Präsident"."""
    span = scene.roles[role]
    first = span.first
    while first > 1 and scene.reading.words[first - 1] == "-":
        first -= 2
    told = [w for w in scene.reading.lowers[first : span.last] if len(w) > 1]
    core = scene.names.organisations[organisation].core
    return any(
        (word.startswith(token) or token.endswith(word[: max(5, len(word) - 6)])) if len(token) > 3 else word == token
        for word in told for token in core if len(token) > 1
    )  # fmt: skip


def prefix_fit(scene: Scene, top: int | None, number: int) -> float:
    """How a role such as "Klinikchef" or "Verbandspräsidentin" fits an organisation: 2 by name, 1 by kind, -1 not at all."""
    if top is None:
        return 0.0
    told = role_prefix(scene.reading.lowers[scene.roles[top].head])
    if not told:
        return 0.0
    organisation = scene.names.organisations[number]
    kind = organisations.named_kind(organisation.name)
    return float(fit_of((told,), organisations.described_kind(told), organisation.core, kind) or -1)


def role_keys(scene: Scene, top: int | None) -> tuple[str, ...]:
    """Return the words of a role that are counted: its head noun, and the whole of it, cut."""
    if top is None:
        return ("-",)
    return (role_word(scene, top), scene.reading.lowers[scene.roles[top].head][:14])


def office_row(scene: Scene, top: int | None, kind: str) -> dict[str, float]:
    """Offices of a town or country belong to bodies and parties, whatever company stands beside them."""
    if top is None:
        return {}
    role = scene.roles[top]
    row: dict[str, float] = {"role_article": float(scene.has_class(role.first - 1, "article"))}
    if role_vocabulary(scene.language).is_office(scene.reading.words[role.head]):
        row["role_office"] = 1.0 if kind in ("public", "party") else -1.0
    return row


def part_fit(scene: Scene, top: int | None, number: int) -> float:
    """How many letters a compound role shares with a name: "Regierungspräsidentin" and "Bezirksregierung"."""
    if top is None:
        return 0.0
    told = scene.reading.lowers[scene.roles[top].first]
    for prefix in ("bundes", "landes", "vize"):
        told = told.removeprefix(prefix)
    for size in range(min(len(told) - 4, 16), 4, -1):
        if any(told[:size] in token for token in scene.names.organisations[number].core):
            return float(size)
    return 0.0


def named_by_role(scene: Scene, role: int, core: Sequence[str]) -> bool:
    """True when a compound role begins with what a name ends with: "Regierungspräsidentin" of a "Bezirksregierung".

    A minister belongs to the ministry of the same field.
    """
    told = scene.reading.lowers[scene.roles[role].head].removeprefix("bundes").removeprefix("landes")
    field, minister, _ = told.partition("minister")
    if minister:
        return len(field) > 4 and any(token.endswith((f"{field}ministerium", f"{field}minist")) for token in core)
    return any(
        len(told) > size + 3 and any(token.endswith(told[:size]) for token in core)
        for size in range(7, min(len(told), 16))
    )
