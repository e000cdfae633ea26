"""`python -m enrich.training prepare|train|package|evaluate`: all can be made again from the data folders."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import click
import spacy
from spacy import util
from spacy.language import Language
from spacy.pipeline import TrainablePipe
from spacy.training.initialize import init_nlp
from spacy.training.loop import train as train_nlp
from thinc.api import fix_random_seed

import data
import enrich.name_rules  # noqa: F401 - registers the component that the packaged pipeline ends with
from enrich.training import tokens
from enrich.training.augmentation import varied
from enrich.training.corpora import (
    TRAINABLE,
    Example,
    TrainingSets,
    held_back_examples,
    read_ner,
    read_pieces,
    training_sets,
)
from enrich.training.documents import packed
from enrich.training.names import load_names
from enrich.training.scoring import score_spans
from enrich.training.templates import fill, load_templates
from enrich.training.vectors import build_vectors

MODELS = Path(__file__).resolve().parents[1] / "models"
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
CONFIG = Path(__file__).with_name("config.cfg")
SEED = 13
RULES = ["sentencizer", "attribute_ruler", "opener_name_rules"]  # are added when the pipeline is packaged
ADAPT_RATE = 0.0004  # the second stage must not forget the first
# Copies with other names beside the original: in-domain text counts more than general text.
WRITTEN_COPIES = 3
TEMPLATE_COPIES = 8
DOMAIN_WEB_COPIES = 3  # in the second stage: the templates must not outweigh real text
GENERAL_COPIES = 0.4  # share of the sentences of general text that have one


@click.group()
def main() -> None:
    """Train and measure the German pipeline de_opener_news."""


def augmented(sets: TrainingSets, shared: Path, rng: random.Random) -> list[Example]:
    """All examples and their copies with other names, shuffled; the in-domain mix also gets the templates."""
    everything = [*sets.written, *sets.web, *sets.general]
    strings = {label: sorted({e.text[s:x] for e in sets.written for s, x, lab in e.spans if lab == label})
               for label in ("ORG", "LOC")}  # fmt: skip
    names = load_names(shared / "ner_de" / "names.json", strings["LOC"], strings["ORG"])
    copies: list[Example] = []
    for _ in range(WRITTEN_COPIES):
        copies.extend(varied(e, names, rng) for e in sets.written)
    for _ in range(1 if sets.general else DOMAIN_WEB_COPIES):
        copies.extend(varied(e, names, rng) for e in sets.web)
    copies.extend(varied(e, names, rng) for e in sets.general if e.spans and rng.random() < GENERAL_COPIES)
    templates = [] if sets.general else load_templates(data.path("training", "templates.yml"))
    copies.extend(fill(template, names, rng) for template in templates for _ in range(TEMPLATE_COPIES))
    result = [*everything, *copies]
    rng.shuffle(result)
    return result


@main.command()
@click.argument("lookups", type=click.Path(exists=True, path_type=Path))
@click.argument("work", type=click.Path(path_type=Path))
@click.option("--shared", type=click.Path(exists=True, path_type=Path), default=SHARED, help="Folder of the data sets.")
@click.option("--labelled", type=click.Path(exists=True, path_type=Path), help="Text that the teacher has labelled.")
@click.option("--seed", type=int, default=SEED)
def prepare(lookups: Path, work: Path, shared: Path, labelled: Path | None, seed: int) -> None:
    """Write vectors, training and tuning data to WORK.

    LOOKUPS is the `data` folder of the package spacy-lookups-data, which only this step needs.
    """
    work.mkdir(parents=True, exist_ok=True)
    words = build_vectors(lookups, shared / "ner_de" / "names.json", work / "vectors")
    sets = training_sets(shared, data.path("training"))
    if labelled:
        sets.web.extend(read_pieces(labelled))
    examples = augmented(sets, shared, random.Random(seed))  # noqa: S311 - variety, not secrets
    packed(examples).to_disk(work / "train.spacy")
    domain = augmented(replace(sets, general=[]), shared, random.Random(seed + 1))  # noqa: S311
    packed(domain).to_disk(work / "domain.spacy")
    packed(list(read_ner(shared / "ner_de", "smartdata_dev"))).to_disk(work / "dev.spacy")
    click.echo(f"{words} words with vectors")
    click.echo(f"{len(sets.general)} general, {len(sets.web)} web, {len(sets.written)} written, {len(examples)} in all")


@main.command()
@click.argument("work", type=click.Path(exists=True, path_type=Path))
@click.option("--steps", type=int, default=3200)
@click.option("--seed", type=int, default=SEED)
@click.option("--adapt", is_flag=True, help="Second stage: in-domain text only, from WORK/model/model-best.")
@click.option("--start", type=click.Path(exists=True, path_type=Path), help="Adapt this pipeline instead.")
def train(work: Path, steps: int, seed: int, adapt: bool, start: Path | None) -> None:
    """Train on what `prepare` wrote to WORK, on one core; the best pipeline is WORK/model/model-best.

    With `--adapt`, go on from there on in-domain text alone and at a lower rate, to WORK/adapted-SEED/model-best;
    with `--start`, from another pipeline of ours, such as the one that was shipped before.
    """
    fix_random_seed(seed)
    if adapt:
        nlp = spacy.load(start or work / "model" / "model-best", exclude=RULES)
        nlp.config["paths"].update(train=str(work / "domain.spacy"), dev=str(work / "dev.spacy"))
        nlp.config["training"].update(max_steps=steps, seed=seed)
        nlp.config["training"]["optimizer"]["learn_rate"] = ADAPT_RATE
        nlp.config["training"]["eval_frequency"] = 200
    else:
        overrides: dict[str, Any] = {
            "paths.train": str(work / "train.spacy"),
            "paths.dev": str(work / "dev.spacy"),
            "paths.vectors": str(work / "vectors"),
            "training.max_steps": steps,
            "system.seed": seed,
        }
        nlp = init_nlp(util.load_config(CONFIG, overrides=overrides, interpolate=False))
    out = work / (f"adapted-{seed}" if adapt else "model")
    out.mkdir(exist_ok=True)
    train_nlp(nlp, out)


@main.command("package")
@click.argument("trained", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=MODELS / "de_opener_news")
@click.option("--shared", type=click.Path(exists=True, path_type=Path), default=SHARED, help="Folder of the data sets.")
def package_command(trained: tuple[Path, ...], out: Path, shared: Path) -> None:
    """Write a trained pipeline (WORK/model/model-best) with sentence and name rules, licences and its numbers.

    Several pipelines that were adapted from the same one are averaged.
    """
    package(trained, out)
    meta = json.loads((out / "meta.json").read_text("utf-8"))
    meta["performance"] = measure(out, shared)
    (out / "meta.json").write_text(json.dumps(meta, indent=2, ensure_ascii=False) + "\n", "utf-8")
    click.echo(json.dumps(meta["performance"], indent=1))


def averaged(trained: Sequence[Path]) -> Language:
    """Load pipelines of one origin and give the first the mean of all weights, which is better than each of them."""
    pipelines = [spacy.load(path, exclude=RULES) for path in trained]
    for name in ("tok2vec", "ner"):
        for nodes in zip(*(cast(TrainablePipe, nlp.get_pipe(name)).model.walk() for nlp in pipelines), strict=True):
            for parameter in nodes[0].param_names:
                if all(node.has_param(parameter) for node in nodes):
                    nodes[0].set_param(parameter, sum(node.get_param(parameter) for node in nodes) / len(nodes))
    return pipelines[0]


def package(trained: Sequence[Path], out: Path) -> None:
    """Write the trained pipeline (the mean of several) with its name, licence and sources, free of paths."""
    best = averaged(trained)
    tokens.add_sentences(best)
    best.add_pipe("opener_name_rules", last=True)
    best.config["paths"] = dict.fromkeys(("train", "dev", "vectors", "init_tok2vec"))
    best.meta.update(
        name="opener_news", version="0.3.0", license="CC BY 4.0",
        description="German pipeline for local business news: people, organisations, places.",
        author="Door Opener contributors",
        sources=[{"name": name, "license": licence} for name, licence in TRAINABLE.items()]
        + [{"name": "Brown clusters of spacy-lookups-data", "license": "MIT"},
           {"name": "name lists of Faker", "license": "MIT"},
           {"name": "written pieces of this project", "license": "Apache-2.0"}],
    )  # fmt: skip
    best.to_disk(out, exclude=["lookups"])
    splitter = (
        out / "sentencizer.json"
    )  # written from a set: sorted here, so that the same training gives the same files
    marks = json.loads(splitter.read_text("utf-8"))
    marks["punct_chars"].sort()
    splitter.write_text(json.dumps(marks, ensure_ascii=False) + "\n", "utf-8")
    # The words of the training text (people's names among them) are not needed: the weights work on hashes.
    kept = sorted({*tokens.blank_german().vocab.strings, *best.get_pipe("ner").labels})  # type: ignore[attr-defined]
    (out / "vocab" / "strings.json").write_text(json.dumps(kept, ensure_ascii=False, indent=0) + "\n", "utf-8")


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
