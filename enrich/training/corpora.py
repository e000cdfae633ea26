"""Reading annotated text: which sets may be trained on, and one convention for all spans.

Weights that ship learn from CC BY, MIT and our own data only. Titles stand outside PER; in hyphen compounds the
entity is the part before the hyphen; stray punctuation is no part of a span.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from enrich.training.splits import held_back

LABELS = ("PER", "ORG", "LOC")
# File -> licence; only what stands here is trained on. smartdata_dev is for tuning and never here.
TRAINABLE = {
    "smartdata_train": "CC BY 4.0 (DFKI SmartData Corpus)",
    "germeval14_dev": "CC BY 4.0 (GermEval 2014)",
    "germeval14_test": "CC BY 4.0 (GermEval 2014)",
}
_LEADING = "#@-–—,.:;!?)\"„“”'»«>* \n\t•/"
_TRAILING = "#@-–—,:;!?(\"„“”'»«<* \n\t•/"
_TITLES = (
    "Dr.",
    "Prof.",
    "Herr",
    "Herrn",
    "Frau",
    "Dipl.-Ing.",
    "Dipl.",
    "Mag.",
    "Ing.",
    "med.",
    "Professor",
    "Doktor",
)


@dataclass(frozen=True, slots=True)
class Example:
    """A text with its spans: (start, end, label), ordered, without overlap."""

    doc: str
    text: str
    spans: tuple[tuple[int, int, str], ...]


def clean_span(text: str, start: int, end: int, label: str) -> tuple[int, int, str] | None:
    """Strip stray punctuation and titles off a span; None when nothing is left."""
    while start < end and text[start] in _LEADING:
        start += 1
    while end > start and text[end - 1] in _TRAILING:
        end -= 1
    if label == "PER":
        changed = True
        while changed:
            changed = False
            for title in _TITLES:
                if text.startswith(title + " ", start) and start + len(title) + 1 < end:
                    start += len(title) + 1
                    changed = True
    if text[start:end].endswith(".") and label in ("PER", "LOC"):
        end -= 1
    return (start, end, label) if end > start else None


def _label(raw: str) -> str | None:
    base = raw.removesuffix("_PART")
    return base if base in LABELS else None


def _example(doc: str, text: str, ents: list[list[object]]) -> Example:
    spans: list[tuple[int, int, str]] = []
    for ent in ents:
        label = _label(str(ent[2]))
        if label is None:
            continue
        span = clean_span(text, int(str(ent[0])), int(str(ent[1])), label)
        if span is not None:
            spans.append(span)
    kept: list[tuple[int, int, str]] = []
    for span in sorted(set(spans), key=lambda s: (s[0], -s[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return Example(doc, text, tuple(kept))


def read_ner(folder: Path, name: str) -> Iterator[Example]:
    """Read one set of `shared/ner_de`."""
    with gzip.open(folder / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield _example(row["id"], row["text"], row["ents"])


def read_pieces(path: Path) -> Iterator[Example]:
    """Read written pieces (`ents` carry an id as fourth field)."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            yield _example(row["doc"], row["text"], row["ents"])


def training_examples(shared: Path, own: Path, *, everything: bool = False) -> tuple[list[Example], list[Example]]:
    """Return (general, in-domain) examples for training; the held-back fifth stays out unless `everything`."""
    general = [e for name in TRAINABLE if name.startswith("germeval") for e in read_ner(shared / "ner_de", name)]
    domain = list(read_ner(shared / "ner_de", "smartdata_train"))
    written = list(read_pieces(shared / "corpora" / "written_de" / "pieces.jsonl"))
    pieces = [e for e in written if everything or not held_back(e.doc)]
    for path in sorted(own.glob("pieces_*.jsonl")):
        pieces.extend(e for e in read_pieces(path) if '"lang": "en"' not in e.doc)
    return general, [*domain, *pieces]


def held_back_examples(shared: Path) -> list[Example]:
    """Return the fixed fifth of the written pieces that no shipped weight has seen."""
    return [e for e in read_pieces(shared / "corpora" / "written_de" / "pieces.jsonl") if held_back(e.doc)]
