"""Reading annotated text: which sets may be trained on, and one convention for all spans.

Weights that ship learn from CC BY, MIT and our own data only. Titles stand outside PER; in hyphen compounds the
entity is the part before the hyphen; stray punctuation is no part of a span.
"""

from __future__ import annotations

import gzip
import json
import re
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
_LEADING = "#@-–—,.:;!?)\"„“”'»«›‹>* \n\t•/|\xa0"
_TRAILING = "#@-–—,:;!?(\"„“”'»«›‹<* \n\t•/|\xa0"
_ABBREVIATION = re.compile(r"(?:Inc|Co|Corp|Ltd|Jr|Sr|St|Bros|e\. ?V|e\. ?K|\b\w)\.$")  # a full stop that belongs to it
_TITLE = re.compile(
    r"(?:Dr|Prof|Dipl|Mag|Ing|DI|MMag|DDr|Univ|med|rer|nat|jur|phil|oec|pol|dent|vet|habil|h\. ?c|mult|lic|iur|Bakk)"
    r"(?:\.(?:[- ]|(?=[A-Z]))|[- ])|(?:Herrn?|Frau|Professor(?:in)?|Doktor|Ing|DI|KommR|KR)\s"
    r"|Dipl\.-\w+\.?(?: ?\([A-Z]+\))?\s|\((?:FH|TU|Univ\.)\)\s"
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
    while end > start and (
        text[end - 1] in _TRAILING
        or (text[end - 1] == ")" and "(" not in text[start:end])
        or (text[end - 1] == "." and (label == "LOC" or not _ABBREVIATION.search(text[start:end])))
    ):
        end -= 1
    if label == "PER":
        while (title := _TITLE.match(text, start, end)) and title.end() < end:
            start = title.end()
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
    """Read the German ones of written pieces (`ents` carry an id as fourth field)."""
    for line in path.read_text("utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            if row["lang"] == "de":
                yield _example(row["doc"], row["text"], row["ents"])


@dataclass(frozen=True, slots=True)
class TrainingSets:
    """What is trained on, by kind: general news and encyclopedia, web news and tweets, written local news."""

    general: list[Example]
    web: list[Example]
    written: list[Example]


def training_sets(shared: Path, own: Path) -> TrainingSets:
    """Read all training text; the held-back fifth of the written corpus stays out, also where it was copied."""
    written, kept_out = [], set()
    for example in read_pieces(shared / "corpora" / "written_de" / "pieces.jsonl"):
        if held_back(example.doc):
            kept_out.add(example.text)
        else:
            written.append(example)
    for path in sorted(own.glob("pieces_*.jsonl")):
        written.extend(e for e in read_pieces(path) if e.text not in kept_out)
    folder = shared / "ner_de"
    general = [e for name in TRAINABLE if name.startswith("germeval") for e in read_ner(folder, name)]
    return TrainingSets(general, list(read_ner(folder, "smartdata_train")), written)


def held_back_examples(shared: Path) -> list[Example]:
    """Return the fixed fifth of the written pieces that no shipped weight has seen."""
    return [e for e in read_pieces(shared / "corpora" / "written_de" / "pieces.jsonl") if held_back(e.doc)]
