"""Annotated texts as the fitting sees them: scenes with candidates, and which of them are right."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from enrich.nlp.pair_features import HeldRole, Pair
from enrich.nlp.pieces import Piece, read_pieces, read_real
from enrich.nlp.role_features import RoleCandidate, role_candidates
from enrich.nlp.scene import Scene, build_scene
from enrich.training.splits import fold, held_back

_PAGE = 600  # characters from which on a text counts in full
NOISY = 0.5  # weight of a piece read with the mistakes of a recogniser


@dataclass(slots=True)
class Example:
    """One piece as a scene, its candidates and which of them are right."""

    piece: Piece
    weak: bool  # no gold leads: only people without a role are taken from it, as people who are no leads
    weight: float
    scene: Scene
    fold: int
    person_ids: list[set[str]]
    organisation_ids: list[set[str]]
    role_ids: list[set[str]]
    roles: list[RoleCandidate]
    held: dict[int, list[HeldRole]] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)
    noisy: bool = False  # read with a recogniser's mistakes
    real: bool = False  # a text of real news, of the kind that is read in use

    def gold(self, pair: Pair) -> list[dict[str, Any]]:
        """Return the gold leads of a pair."""
        return [
            lead for lead in self.piece.leads
            if lead["ids"][0] in self.person_ids[pair.person] and lead["ids"][2] in self.organisation_ids[pair.organisation]
        ]  # fmt: skip


def read_example(
    piece: Piece, entities: Sequence[tuple[int, int, str]] | None = None, *, weak: bool = False, weight: float = 1.0
) -> Example:
    """Read a piece with its gold entities, or with entities found in it, and tie them to the gold ids."""
    gold = [e for e in piece.entities if e[2] != "ROLE"]
    scene = build_scene(piece.text, entities if entities is not None else [e[:3] for e in gold], piece.language)
    people: list[set[str]] = [set() for _ in scene.names.people]
    orgs: list[set[str]] = [set() for _ in scene.names.organisations]
    for name in scene.names.spans:
        for start, end, label, number in piece.entities:
            if number and label == name.label and name.start < end and start < name.end:
                if label == "PER":
                    people[name.cluster].add(number)
                elif label == "ORG":
                    orgs[name.cluster].add(number)
    roles = []
    for role in scene.roles:
        first, last = scene.reading.starts[role.first], scene.reading.ends[role.last - 1]
        roles.append({n for s, e, label, n in piece.entities if label == "ROLE" and n and s < last and first < e})
    candidates = role_candidates(scene)
    return Example(piece, weak, weight, scene, fold(f"linker {piece.doc}"), people, orgs, roles, candidates)


# How often the recogniser takes an entity for another or overlooks it, counted on the held-back pieces.
_TAKEN_FOR = {"ORG": (("PER", 0.02), ("LOC", 0.015)), "PER": (("ORG", 0.005), ("", 0.015)), "LOC": (("ORG", 0.07), ("", 0.09)),
              "MISC": (("ORG", 0.2), ("LOC", 0.05), ("", 0.7))}  # fmt: skip
_LOST = 0.12  # organisations that are overlooked wherever they stand
_BORDER = 0.08  # names of organisations that begin or end too early


def _taken_for(label: str, chance: float) -> str:
    for other, share in _TAKEN_FOR[label]:
        chance -= share
        if chance < 0:
            return other
    return label


def noisy(piece: Piece) -> list[tuple[int, int, str]]:
    """Return a piece's entities with mistakes as recognisers make them; the same piece has the same ones."""
    draw = random.Random(f"noise {piece.doc}")  # noqa: S311 (no secret)
    ids = sorted({number for *_, label, number in piece.entities if label == "ORG" and number})
    lost = {number for number in ids if draw.random() < _LOST}
    found = []
    for start, end, label, number in piece.entities:
        chance, border = draw.random(), draw.random()
        if label == "ROLE" or (label == "ORG" and number in lost):
            continue
        taken = _taken_for(label, chance)
        if taken:
            words = piece.text[start:end].split(" ")
            cut = label == "ORG" and border < _BORDER and len(words) > 1
            late, early = (int(cut and border < _BORDER / 2), int(cut and border >= _BORDER / 2))
            found.append((start + early * (len(words[0]) + 1), end - late * (len(words[-1]) + 1), taken))
    return found


def read_weak(paths: Sequence[Path], known: Collection[str] = ()) -> list[Example]:
    """Read German texts with entities but without leads (SmartData, CC BY 4.0), gzipped JSON lines, except `known` texts."""
    found = []
    for path in paths:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                if entry["text"] in known:
                    continue
                entities = tuple(
                    (e[0], e[1], e[2], None) for e in entry["ents"] if e[2] in ("PER", "ORG", "LOC", "MISC")
                )
                if any(e[2] == "PER" for e in entities) and any(e[2] == "ORG" for e in entities):
                    piece = Piece(str(entry["id"]), "de", entry["text"], entities, ())
                    found.append(read_example(piece, weak=True))
    return found


def read_examples(paths: Sequence[Path], language: str, *, noise: bool = False) -> list[Example]:
    """Read the pieces of a language that may be fitted on; with `noise` also each with a recogniser's mistakes."""
    found = []
    for piece in read_pieces(paths):
        if piece.language == language and not (piece.doc.startswith("w") and held_back(piece.doc)):
            found.append(read_example(piece))
            if noise:
                found.append(read_example(piece, noisy(piece), weight=NOISY))
                found[-1].noisy = True
    return found


def read_real_examples(paths: Sequence[Path], folder: Path, *, weight: float, noise: bool = False) -> list[Example]:
    """Read leads told of real news, with the texts under `folder`.

    A text of a page's length weighs `weight` times a written piece, a single sentence less: it is not what is read in use.
    """
    found = []
    for piece in read_real(paths, folder):
        share = weight * min(1.0, len(piece.text) / _PAGE)
        found.append(read_example(piece, weight=share))
        if noise:
            found.append(read_example(piece, noisy(piece), weight=NOISY * share))
            found[-1].noisy = True
    for example in found:
        example.real = True
    return found
