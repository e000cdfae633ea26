"""`python -m enrich.training`: vectors, train, evaluate. Everything can be made again from the data folders."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

import click
import spacy
from spacy import util
from spacy.tokens import DocBin
from spacy.training.initialize import init_nlp
from spacy.training.loop import train as train_nlp

import data
from enrich.training import tokens
from enrich.training.augmentation import name_pools, varied
from enrich.training.corpora import TRAINABLE, Example, held_back_examples, read_ner, training_examples
from enrich.training.scoring import score_spans
from enrich.training.vectors import build_vectors

MODELS = Path(__file__).resolve().parents[1] / "models"
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
CONFIG = Path(__file__).with_name("config.cfg")
DOMAIN_COPIES = 3  # in-domain text counts more than general text; copies beyond the first have other names


@click.group()
def main() -> None:
    """Train and measure the German pipeline de_opener_news."""


@main.command()
@click.argument("lookups", type=click.Path(exists=True, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
def vectors(lookups: Path, out: Path) -> None:
    """Compile the Brown clusters of spacy-lookups-data (its data folder LOOKUPS) into vectors."""
    click.echo(f"{build_vectors(lookups, out)} words")


def _docbin(examples: list[Example]) -> DocBin:
    nlp = tokens.blank_german()
    packed = DocBin(store_user_data=False)
    for example in examples:
        doc = nlp.make_doc(example.text)
        spans = [doc.char_span(s, e, label=label, alignment_mode="expand") for s, e, label in example.spans]
        doc.ents = util.filter_spans([span for span in spans if span is not None])
        packed.add(doc)
    return packed


@main.command()
@click.argument("work", type=click.Path(path_type=Path))
@click.option("--shared", type=click.Path(exists=True, path_type=Path), default=SHARED, help="Folder of the data sets.")
@click.option("--vectors", "vectors_path", type=click.Path(exists=True, path_type=Path), required=True)
@click.option("--steps", type=int, default=3000)
@click.option("--seed", type=int, default=13)
@click.option("--out", type=click.Path(path_type=Path), default=MODELS / "de_opener_news")
def train(work: Path, shared: Path, vectors_path: Path, steps: int, seed: int, out: Path) -> None:
    """Prepare the data in WORK, train on one core and write the pipeline."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    work.mkdir(parents=True, exist_ok=True)
    rng = random.Random(seed)  # noqa: S311 - shuffling, not secrets
    general, domain = training_examples(shared, data.path("training"))
    given, surnames = name_pools([*general, *domain])
    examples = [*general, *domain]
    for _ in range(DOMAIN_COPIES - 1):
        examples.extend(varied(example, given, surnames, rng) for example in domain)
    rng.shuffle(examples)
    dev = list(read_ner(shared / "ner_de", "smartdata_dev"))
    _docbin(examples).to_disk(work / "train.spacy")
    _docbin(dev).to_disk(work / "dev.spacy")
    click.echo(f"{len(general)} general, {len(domain)} in-domain, {len(examples)} in all")
    overrides: dict[str, Any] = {
        "paths.train": str(work / "train.spacy"), "paths.dev": str(work / "dev.spacy"), "paths.vectors": str(vectors_path),
        "training.max_steps": steps, "system.seed": seed,
    }  # fmt: skip
    config = util.load_config(CONFIG, overrides=overrides, interpolate=False)
    util.fix_random_seed(seed)
    (work / "model").mkdir(exist_ok=True)
    nlp = init_nlp(config)
    train_nlp(nlp, work / "model")
    package(work / "model" / "model-best", out)
    click.echo(json.dumps(measure(out, shared), indent=1))


def package(trained: Path, out: Path) -> None:
    """Write the trained pipeline with its name, licence and sources, free of paths."""
    best = spacy.load(trained)
    best.config["paths"] = dict.fromkeys(best.config["paths"])
    best.meta.update(
        name="opener_news", version="0.1.0", license="CC BY 4.0",
        description="German pipeline for local business news: people, organisations, places.",
        author="Door Opener contributors",
        sources=[{"name": name, "license": licence} for name, licence in TRAINABLE.items()]
        + [{"name": "Brown clusters of spacy-lookups-data", "license": "MIT"},
           {"name": "written pieces of this project", "license": "Apache-2.0"}],
    )  # fmt: skip
    best.to_disk(out, exclude=["lookups"])


def measure(model: Path, shared: Path) -> dict[str, dict[str, float]]:
    """Return P, R, F per label on smartdata_dev and the held-back written pieces."""
    nlp = spacy.load(model)
    sets = {
        "smartdata_dev": list(read_ner(shared / "ner_de", "smartdata_dev")),
        "written_de": held_back_examples(shared),
    }
    table: dict[str, dict[str, float]] = {}
    for name, examples in sets.items():
        docs = nlp.pipe(example.text for example in examples)
        found = [
            (e.text, e.spans, [(s.start_char, s.end_char, s.label_) for s in doc.ents])
            for e, doc in zip(examples, docs, strict=True)
        ]
        for label, c in score_spans(found).items():
            table[f"{name} {label}"] = {"p": round(c.precision, 3), "r": round(c.recall, 3), "f": round(c.f, 3)}
    return table


@main.command()
@click.option("--model", type=click.Path(exists=True, path_type=Path), default=MODELS / "de_opener_news")
@click.option("--shared", type=click.Path(exists=True, path_type=Path), default=SHARED, help="Folder of the data sets.")
def evaluate(model: Path, shared: Path) -> None:
    """Print P, R and F per label as JSON."""
    click.echo(json.dumps(measure(model, shared), indent=1))


if __name__ == "__main__":
    main()
