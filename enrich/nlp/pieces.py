"""Annotated pieces (`data/training/pieces_*.jsonl`, the written corpora) as scenes with gold, for fitting and measuring."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Piece:
    """One annotated text: entities [start, end, label, id], leads with the ids of person, role and organisation."""

    doc: str
    language: str
    text: str
    entities: tuple[tuple[int, int, str, str | None], ...]
    leads: tuple[dict[str, Any], ...]


def read_pieces(paths: Iterable[Path]) -> Iterator[Piece]:
    """Read pieces from JSON lines files; raises ValueError that names file and line."""
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                entry = json.loads(line)
                yield Piece(
                    entry["doc"], entry["lang"], entry["text"],
                    tuple((e[0], e[1], e[2], e[3]) for e in entry["ents"]), tuple(entry["leads"]),
                )  # fmt: skip
            except (KeyError, IndexError, TypeError, json.JSONDecodeError) as error:
                raise ValueError(f"{path.name}, line {number}: no piece ({error})") from error


def read_real(paths: Iterable[Path], folder: Path) -> Iterator[Piece]:
    """Read leads told of real news (`data/training/real_leads_*.jsonl`), which hold offsets only, with their texts.

    The texts stand in the entity corpora under `folder` (SmartData, GermEval; CC BY 4.0), found by source and id; of
    several sentences with one id the one in which the spans fit. What is not there is left out. Raises ValueError that
    names file and line.
    """
    wanted: dict[tuple[str, str], list[tuple[str, Path, int, dict[str, Any]]]] = {}
    for path in paths:
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if line.strip():
                try:
                    entry = json.loads(line)
                    wanted.setdefault((entry["src"], entry["id"]), []).append((path.stem, path, number, entry))
                except (KeyError, TypeError, json.JSONDecodeError) as error:
                    raise ValueError(f"{path.name}, line {number}: no leads of a text ({error})") from error
    texts: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                entry = json.loads(line)
                if (key := (entry.get("src", ""), entry["id"])) in wanted:
                    texts.setdefault(key, []).append(entry)
    for key, entries in wanted.items():
        for _, path, number, entry in entries:
            if options := texts.get(key):
                best = max(options, key=lambda told: _fitting(told, entry["ents"]))
                try:
                    yield _real_piece(f"real {key[1]} {number}", best["text"], entry)
                except (KeyError, IndexError, TypeError) as error:
                    raise ValueError(f"{path.name}, line {number}: no leads of a text ({error})") from error


def _fitting(told: Mapping[str, Any], spans: Sequence[Sequence[Any]]) -> int:
    """Return how many spans lie in one of the text's own, less those that end behind it."""
    own: list[tuple[int, int]] = [(e[0], e[1]) for e in told["ents"]]
    size = len(told["text"])
    return sum(any(a <= s[0] and s[1] <= b for a, b in own) - int(s[1] > size) for s in spans)


def _real_piece(doc: str, text: str, entry: Mapping[str, Any]) -> Piece:
    spans = tuple((e[0], e[1], e[2], e[3]) for e in entry["ents"])
    leads = []
    for lead in entry["leads"]:
        person, role, organisation = (lead["ids"][0], None, lead["ids"][1]) if len(lead["ids"]) == 2 else lead["ids"]
        named = {number: _fullest(text, spans, number) for number in (person, role, organisation) if number}
        leads.append({
            **lead, "ids": [person, role, organisation], "person": named[person], "role": named.get(role),
            "company": named[organisation],
        })  # fmt: skip
    return Piece(doc, "de", text, spans, tuple(leads))


def _fullest(text: str, spans: Sequence[tuple[int, int, str, str | None]], number: str) -> str:
    return max((text[s:e] for s, e, _, n in spans if n == number), key=len)
