"""What the teacher takes single word forms for: its hidden states, brought down to a few numbers a word."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from spacy.tokens import Doc

from enrich.training import encoder
from enrich.training.corpora import LABELS
from enrich.training.e5 import Floats, SubWords

READ_WORDS = 200_000  # most frequent capitalised forms, read by the teacher; the others are told from their sub-words
SIZE = 40  # principal components a word
_MIDDLE = 8  # this layer knows the word, the last one what label it would get; both are taken
_BATCH = 2_500  # sub-words
_RIDGE = 5.0
_FOLDS = 5
_MOST_COUNTED = 5.0  # times a word weighs at most
_PARTS_SAMPLE = 20_000


def capitalised(lookups: Path) -> list[str]:
    """The capitalised word forms that the vectors hold, the most frequent first."""
    clusters: dict[str, int] = json.loads(gzip.decompress((lookups / "de_lexeme_cluster.json.gz").read_bytes()))
    chance: dict[str, float] = json.loads(gzip.decompress((lookups / "de_lexeme_prob.json.gz").read_bytes()))
    forms = (w for w, c in clusters.items() if c and w[:1].isupper() and " " not in w and w == w.strip())
    return sorted(forms, key=lambda word: (-chance.get(word, -99.0), word))


def word_states(network: encoder.Network, forms: Sequence[str]) -> Floats:
    """Read each form alone; returns (words, 2 * width): the mean of a middle layer and the first sub-word of the last."""
    torch = encoder.torch_module()
    by_length: dict[int, list[int]] = {}
    ids = [list(network.encoder.sub_words.of_word(form))[:20] for form in forms]
    for i, word in enumerate(ids):
        by_length.setdefault(len(word), []).append(i)
    result = np.zeros((len(forms), 2 * network.encoder.width), np.float32)
    for length, indices in by_length.items():
        step = max(1, _BATCH // (length + 2))
        for at in range(0, len(indices), step):
            part = indices[at : at + step]
            batch, real = encoder.batch(network, [ids[i] for i in part])
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                middle, last = encoder.states(network, batch, real, keep=_MIDDLE)
            result[part] = torch.cat([middle[:, 1:-1].float().mean(1), last[:, 1].float()], 1).numpy()
    return result


def _parts(network: encoder.Network, forms: Sequence[str]) -> Floats:
    """Mean, first and last of the fixed embeddings of each form's sub-words."""
    words: SubWords = network.encoder.sub_words
    table = network.encoder.tensors["emb.word"]
    result = np.empty((len(forms), 3 * network.encoder.width + 1), np.float32)
    for i, form in enumerate(forms):
        rows = table[list(words.of_word(form))]
        result[i] = np.concatenate([rows.mean(0), rows[0], rows[-1], [1.0]])
    return result


def spread(network: encoder.Network, forms: Sequence[str], known: Floats, counts: Mapping[str, Floats]) -> Floats:
    """Bring the states down to (words, SIZE + labels); those of forms that were not read follow from their sub-words.

    The first numbers are principal components, the last ones what a linear model makes of the states: how often the word would
    be (a part of) a name of each label. It learns from `counts`, by word; a word of the training text gets the answer of a
    model that did not see the word, so that these numbers are worth the same there and in new text.
    """
    half = network.encoder.width
    scaled = np.concatenate([_scaled(known[:, :half]), _scaled(known[:, half:])], axis=1)
    sample = scaled[:20_000]
    _, _, directions = np.linalg.svd(sample - sample.mean(0), full_matrices=False)
    found = np.concatenate([scaled @ directions[:SIZE].T, _label_shares(scaled, forms, counts)], axis=1)
    parts = _parts(network, forms[: len(known)][-_PARTS_SAMPLE:])
    weights = _fitted(parts, found[-_PARTS_SAMPLE:], np.ones(len(parts), np.float32))
    rest = [
        _parts(network, forms[at : at + _PARTS_SAMPLE]) @ weights
        for at in range(len(known), len(forms), _PARTS_SAMPLE)
    ]
    return np.concatenate([found, *rest]).astype(np.float32)


def _label_shares(states: Floats, forms: Sequence[str], counts: Mapping[str, Floats]) -> Floats:
    """Share of each label that the words would have in text, by least squares on the states, cross-fitted by word."""
    seen = [i for i, form in enumerate(forms[: len(states)]) if form in counts]
    target = np.stack([counts[forms[i]] for i in seen])
    weight = np.minimum(target.sum(1), _MOST_COUNTED)
    target = target / target.sum(1, keepdims=True)
    inputs = np.concatenate([states, np.ones((len(states), 1), np.float32)], axis=1)
    chosen = inputs[seen]
    shares = inputs @ _fitted(chosen, target, weight)
    fold = np.arange(len(seen)) % _FOLDS
    for held in range(_FOLDS):
        inside, outside = fold == held, fold != held
        part = _fitted(chosen[outside], target[outside], weight[outside])
        shares[np.asarray(seen)[inside]] = chosen[inside] @ part
    return np.asarray(shares, np.float32)


def _fitted(inputs: Floats, targets: Floats, weight: Floats) -> Floats:
    """Ridge regression with weighted rows."""
    weighted = inputs * weight[:, None]
    square = weighted.T @ inputs + _RIDGE * np.eye(inputs.shape[1], dtype=np.float32)
    return np.asarray(np.linalg.solve(square, weighted.T @ targets), np.float32)


def label_counts(docs: Iterable[Doc]) -> dict[str, Floats]:
    """How often each capitalised word is in a name of each label, or in none (the last number)."""
    counts: dict[str, Floats] = {}
    for doc in docs:
        for token in doc:
            if token.text[:1].isupper() and token.ent_iob_ != "":
                row = counts.setdefault(token.text, np.zeros(len(LABELS) + 1, np.float32))
                row[LABELS.index(token.ent_type_) if token.ent_type_ else -1] += 1
    return counts


def _scaled(states: Floats) -> Floats:
    centred = states - states.mean(0)
    return np.asarray(centred / np.sqrt((centred**2).sum(1).mean()), dtype=np.float32)
