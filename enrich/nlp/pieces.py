"""Annotated pieces (`data/training/pieces_*.jsonl`, the written corpora) as scenes with gold, for fitting and measuring."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
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
