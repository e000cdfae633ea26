"""The forward pass of multilingual-e5-small in torch, so that it can be trained further as a recogniser of names.

torch is no dependency of the project: install it beside it for `python -m enrich.training.teacher`.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from enrich.training.e5 import Encoder

HEAD = "names"  # the layer that is added: one score a tag


def torch_module() -> Any:
    """The module torch; raises ModuleNotFoundError with the mend where it is not installed."""
    try:
        return importlib.import_module("torch")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("the teacher needs torch, which is no dependency: pip install torch") from error


@dataclass
class Network:
    """Weights by name as torch tensors, with the shape of the encoder and the number of tags."""

    encoder: Encoder
    weights: dict[str, Any]
    tags: int


def load(encoder: Encoder, tags: int, seed: int) -> Network:
    """All weights of the encoder and a new last layer."""
    torch = torch_module()
    torch.manual_seed(seed)
    weights = {name: torch.tensor(values) for name, values in encoder.tensors.items()}
    weights["emb.pos"] = weights["emb.pos"].reshape(-1, encoder.width)
    weights["emb.type"] = weights["emb.type"].reshape(-1, encoder.width)[0]
    weights[f"{HEAD}.w"] = torch.randn(tags, encoder.width) / math.sqrt(encoder.width) * 0.5
    weights[f"{HEAD}.b"] = torch.zeros(tags)
    return Network(encoder, weights, tags)


def batch(network: Network, texts: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    """Sub-words of several texts between the ids that open and close a text, padded; and which places are real."""
    torch = torch_module()
    words = network.encoder.sub_words
    longest = max(map(len, texts)) + 2
    ids = torch.full((len(texts), longest), words.padding)
    for row, text in enumerate(texts):
        ids[row, : len(text) + 2] = torch.tensor([words.first, *text, words.last])
    return ids, ids != words.padding


def states(network: Network, ids: Any, real: Any, dropout: float = 0.0) -> Any:
    """Hidden states (texts, places, width) after all layers."""
    torch = torch_module()
    functional = torch.nn.functional
    weights, shape = network.weights, network.encoder
    rows, places = ids.shape
    barred = None if bool(real.all()) else ~real[:, None, None, :]

    def normed(x: Any, name: str) -> Any:
        return functional.layer_norm(x, (shape.width,), weights[f"{name}.w"], weights[f"{name}.b"], shape.epsilon)

    def linear(x: Any, name: str) -> Any:
        return functional.linear(x, weights[f"{name}.w"], weights[f"{name}.b"])

    def heads(x: Any) -> Any:
        return x.view(rows, places, shape.heads, -1).transpose(1, 2)

    def dropped(x: Any) -> Any:
        return functional.dropout(x, dropout, training=True) if dropout else x

    def attended(query: Any, key: Any, value: Any) -> Any:
        # Written out: the fused kernel of torch takes four times as long to go back on a CPU.
        near = query @ key.transpose(2, 3) / math.sqrt(query.shape[-1])
        near = near if barred is None else near.masked_fill(barred, -1e4)
        return torch.softmax(near, -1).to(value.dtype) @ value

    x = weights["emb.word"][ids] + weights["emb.pos"][:places] + weights["emb.type"]
    x = dropped(normed(x, "emb.ln"))
    for layer in range(shape.layers):
        at = f"l{layer}"
        query, key, value = (heads(linear(x, f"{at}.{part}")) for part in "qkv")
        mixed = attended(query, key, value).transpose(1, 2).reshape(rows, places, shape.width)
        x = normed(x + dropped(linear(mixed, f"{at}.ao")), f"{at}.aln")
        inner = functional.gelu(linear(x, f"{at}.fi"))
        x = normed(x + dropped(linear(inner, f"{at}.fo")), f"{at}.oln")
    return x


def scores(network: Network, hidden: Any) -> Any:
    """Scores of the tags for hidden states."""
    return torch_module().nn.functional.linear(hidden, network.weights[f"{HEAD}.w"], network.weights[f"{HEAD}.b"])
