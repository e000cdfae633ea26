"""How alike two unequal words are: slips of the pen, nicknames, other names.

rapidfuzz sees only pairs whose letters allow a hit: a word that lacks four letters of the other is no slip of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from pipeline.identity.arrays import Ints
from pipeline.identity.vocabulary import names

# Two spellings are a typo of each other only if one is this many times rarer: Andreas and Andrea are two names.
RARITY = 20.0
MOST_SLIPS = 3
JARO_WINKLER = 0.9
# Jaro-Winkler of 0.9 needs a Jaro of 5/6 even with four equal first letters: two thirds come from the shared letters.
SHARED_LETTERS = 1.5
_BITS = np.array([bin(value).count("1") for value in range(1 << 16)], np.uint8)


def _letter_masks(strings: list[str]) -> npt.NDArray[np.uint32]:
    """Return one bit a letter (code point modulo 32) for each word; 0 for an empty one."""
    lengths = np.array([len(w) for w in strings], np.int64)
    points = np.frombuffer("".join(strings).encode("utf-32-le", "replace"), "<u4")
    out = np.zeros(len(strings), np.uint32)
    filled = np.flatnonzero(lengths)
    if len(filled):
        starts = np.cumsum(lengths) - lengths
        bits = np.left_shift(np.uint32(1), (points & np.uint32(31)).astype(np.uint32))
        out[filled] = np.bitwise_or.reduceat(bits, starts[filled])
    return out


def _count_bits(mask: npt.NDArray[np.uint32]) -> Ints:
    return np.asarray(_BITS[mask & np.uint32(0xFFFF)] + _BITS[mask >> np.uint32(16)], np.int32)


class WordLikeness:
    """Compares words by code; the last code stands for a missing word."""

    def __init__(self, strings: list[str], nicknames: Mapping[int, frozenset[int]]) -> None:
        self.strings = np.array([*strings, ""], dtype=object)
        self.size = len(self.strings)
        known = names().given_rank
        self.listed = np.array([*(w in known for w in strings), False], bool)
        self.lengths = np.array([*map(len, strings), 0], np.int32)
        self.letters = _letter_masks([*strings, ""])
        most = max(map(len, nicknames.values()), default=1)
        self.nickname_row = np.full(self.size, -1, np.int32)
        self.nickname_groups = np.full((len(nicknames), most), -1, np.int32)
        for row, (code, groups) in enumerate(nicknames.items()):
            self.nickname_row[code] = row
            self.nickname_groups[row, : len(groups)] = sorted(groups)

    def _distinct(self, x: Ints, y: Ints) -> tuple[Ints, Ints, npt.NDArray[Any]]:
        low, high = np.minimum(x, y).astype(np.int64), np.maximum(x, y).astype(np.int64)
        unique, inverse = np.unique(low * self.size + high, return_inverse=True)
        return (unique // self.size).astype(np.int32), (unique % self.size).astype(np.int32), inverse.reshape(-1)

    def _shared(self, x: Ints, y: Ints) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Return how many edits there are at least, and how many letters two words share at most."""
        mx, my = self.letters[x], self.letters[y]
        only_x, only_y = _count_bits(mx & ~my), _count_bits(my & ~mx)
        lx, ly = self.lengths[x], self.lengths[y]
        edits = np.maximum(np.maximum(only_x, only_y), np.abs(lx - ly))
        return edits, np.minimum(lx - only_x, ly - only_y)

    def slips(self, x: Ints, y: Ints) -> npt.NDArray[np.int32]:
        """Return the edit distance (with swaps) of each pair of words, MOST_SLIPS + 1 where there are more."""
        out = np.full(len(x), MOST_SLIPS + 1, np.int32)
        edits, _ = self._shared(x, y)
        rows = np.flatnonzero(edits <= MOST_SLIPS)
        if len(rows):
            out[rows] = cpdist(
                self.strings[x[rows]],
                self.strings[y[rows]],
                scorer=OSA.distance,
                dtype=np.int32,
                score_cutoff=MOST_SLIPS,
            )
        return out

    def levels(self, x: Ints, y: Ints, freq: npt.NDArray[np.float64] | None, given: bool) -> npt.NDArray[np.int8]:
        """Level of unequal words: 0 conflict, 1 similar, 2 one slip apart, 4 nickname (for `given` names)."""
        left, right, inverse = self._distinct(x, y)
        out = np.zeros(len(left), np.int8)
        # two names that everybody knows are two names: Christian and Christina, Jan and Jana
        asked = np.flatnonzero(~(self.listed[left] & self.listed[right])) if given else np.arange(len(left))
        out[asked] = self._unlisted(left[asked], right[asked], freq)
        if given:
            row_x, row_y = self.nickname_row[left], self.nickname_row[right]
            both = np.flatnonzero((row_x >= 0) & (row_y >= 0))
            gx, gy = self.nickname_groups[row_x[both]], self.nickname_groups[row_y[both]]
            hit = ((gx[:, :, None] == gy[:, None, :]) & (gx[:, :, None] >= 0)).any(axis=(1, 2))
            out[both[hit]] = 4
        levels: npt.NDArray[np.int8] = out[inverse]
        return levels

    def _unlisted(self, left: Ints, right: Ints, freq: npt.NDArray[np.float64] | None) -> npt.NDArray[np.int8]:
        distance = self.slips(left, right)
        lengths_x, lengths_y = self.lengths[left], self.lengths[right]
        length, short = np.maximum(lengths_x, lengths_y), np.minimum(lengths_x, lengths_y)
        one_slip = ((distance == 1) & (short >= 3)) | ((distance == 2) & (short >= 6))
        alike = ((distance <= MOST_SLIPS) & (length >= 8)) | ((distance == 2) & (short >= 5))
        _, shared = self._shared(left, right)
        rows = np.flatnonzero(~alike & ~one_slip & (short >= 4) & (shared * (lengths_x + lengths_y) >= SHARED_LETTERS * lengths_x * lengths_y))  # fmt: skip
        if len(rows):
            likeness = cpdist(
                self.strings[left[rows]], self.strings[right[rows]], scorer=JaroWinkler.similarity, dtype=np.float32,
                score_cutoff=0.8,
            )  # fmt: skip
            alike[rows] = likeness >= JARO_WINKLER
        out = np.zeros(len(left), np.int8)
        out[alike] = 1
        out[one_slip] = 2
        if freq is not None:
            fa, fb = freq[left], freq[right]
            two_names = (np.minimum(fa, fb) * RARITY > np.maximum(fa, fb)) & (np.minimum(fa, fb) > 3)
            out[two_names & (out == 2)] = 1
            out[two_names & (np.minimum(fa, fb) > 12)] = 0
        return out
