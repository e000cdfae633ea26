"""Distinct spellings as integer codes: every word is parsed once, whole names are put together in numpy.

A million names hold some hundred thousand distinct words. Names of plain words (given names, initials, titles with
a dot, a surname, "Last, First") and companies of plain words are assembled from the codes of their words; all
others go through the parsers one by one, with the same result.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.identity.arrays import Column, Ints, Longs
from pipeline.identity.company_names import MAX_TOKENS, CompanyName, company_of, legal_words, read_company, simple_word
from pipeline.identity.person_names import name_parts, plain_word

MAX_NAME_WORDS = 5
MAX_COMPANY_WORDS = 10


class Words:
    """A table of distinct strings; code -1 stands for a missing one."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self.codes: dict[str, int] = {"": -1}
        self._letters = np.zeros(0, np.int32)

    def code(self, word: str) -> int:
        found = self.codes.get(word)
        if found is None:
            found = self.codes[word] = len(self.strings)
            self.strings.append(word)
        return found

    def first_letters(self) -> Ints:
        """Return the code point of each word's first letter (row = code; last row 0 for missing)."""
        known = len(self._letters)
        if known < len(self.strings):
            fresh = np.array([ord(w[0]) for w in self.strings[known:]], np.int32)
            self._letters = np.concatenate([self._letters, fresh])
        return np.append(self._letters, np.int32(0))


def distinct(column: Column) -> tuple[pa.Array, Longs]:
    """Return the distinct values of a text column ("" for NULL) and each row's index into them."""
    array = column if isinstance(column, (pa.Array, pa.ChunkedArray)) else pa.array(column, pa.string())
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], pa.string())
    encoded = pc.dictionary_encode(pc.fill_null(array, ""))
    return encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)


def _word_matrix(texts: pa.Array, most: int) -> tuple[list[str], Ints, Ints]:
    """Return the distinct words of `texts`, word counts, and a matrix of word numbers (-1 behind the last word).

    Rows of more than `most` words have the count 0.
    """
    split = pc.split_pattern(texts, " ")
    flat = pc.dictionary_encode(split.flatten())
    number = flat.indices.to_numpy(zero_copy_only=False).astype(np.int32)
    offsets = split.offsets.to_numpy().astype(np.int64)
    offsets = offsets - offsets[0] if len(offsets) else offsets
    counts = np.diff(offsets)
    counts = np.where(counts > most, 0, counts)
    matrix = np.full((len(counts), most), -1, np.int32)
    for at in range(most):
        rows = np.flatnonzero(counts > at)
        matrix[rows, at] = number[offsets[rows] + at]
    return flat.dictionary.to_pylist(), counts.astype(np.int32), matrix


def people_codes(people: pa.Array, words: Words) -> Ints:
    """Return the codes of given1, given2, surname1, surname2 of each name, shape (n, 4)."""
    out = np.full((len(people), 4), -1, np.int32)
    if not len(people):
        return out
    texts, counts, matrix = _word_matrix(people, MAX_NAME_WORDS)
    size = len(texts)
    parts = np.full((size + 1, 2), -1, np.int32)  # the last row stands for no word
    plain, letter, comma = np.zeros(size + 1, bool), np.zeros(size + 1, bool), np.zeros(size + 1, bool)
    plain[size] = True
    for at, word in enumerate(texts):
        comma[at] = word.endswith(",")
        found = plain_word(word[:-1] if comma[at] else word)
        if found is not None:
            plain[at] = True
            letter[at] = bool(found) and len(found[0]) == 1
            for slot, piece in enumerate(found[:2]):
                parts[at, slot] = words.code(piece)
    rows = np.arange(len(people))
    last = np.maximum(counts - 1, 0)
    turned = (counts >= 2) & comma[matrix[:, 0]]
    first = matrix[turned, 0]
    matrix[turned, :-1] = matrix[turned, 1:]
    matrix[turned, last[turned]] = first
    commas = comma[matrix].sum(axis=1)
    surname = matrix[rows, last]
    fast = (counts >= 2) & plain[matrix].all(axis=1) & (commas == turned)
    fast &= (parts[surname, 0] >= 0) & ~letter[surname]
    for at in range(MAX_NAME_WORDS - 1):
        number = np.where(at < last, matrix[:, at], size)
        for slot in range(2):
            code_of = parts[number, slot]
            second = (out[:, 0] >= 0) & (out[:, 1] < 0) & (code_of >= 0)
            begin = (out[:, 0] < 0) & (code_of >= 0)
            out[begin, 0], out[second, 1] = code_of[begin], code_of[second]
    out[:, 2:] = parts[surname]
    fast &= (out[:, 0] >= 0) | ~turned
    slow = np.flatnonzero(~fast)
    flat: list[int] = []
    code = words.code
    for raw in people.take(pa.array(slow)).to_pylist():
        given, family = name_parts(raw)
        for found in (given, family):
            flat.append(code(found[0]) if found else -1)
            flat.append(code(found[1]) if len(found) > 1 else -1)
    out[slow] = np.array(flat, np.int32).reshape(-1, 4)
    return out


def company_codes(firms: pa.Array, words: Words) -> Ints:
    """Return the codes of core, acronym and MAX_TOKENS tokens of each company name, shape (n, 2 + MAX_TOKENS)."""
    out = np.full((len(firms), 2 + MAX_TOKENS), -1, np.int32)
    if not len(firms):
        return out
    texts, counts, matrix = _word_matrix(firms, MAX_COMPANY_WORDS)
    size = len(texts)
    found = [simple_word(word) for word in texts]
    vocabulary = Words()
    most = 3
    usable = np.array([*(f is not None and len(f) <= most for f in found), True])
    tokens = np.full((size + 1, most), -1, np.int32)
    for at, pieces in enumerate(found):
        for slot, token in enumerate((pieces or ())[:most]):
            tokens[at, slot] = vocabulary.code(token)
    fast = (counts > 0) & usable[matrix].all(axis=1)
    rows = np.flatnonzero(fast)
    sequence = _compact(tokens[matrix[rows]].reshape(len(rows), MAX_COMPANY_WORDS * most))[:, : MAX_COMPANY_WORDS + 4]
    sequence = _without_legal_form(sequence, vocabulary.strings)
    kept, inverse = np.unique(sequence, axis=0, return_inverse=True) if len(rows) else (sequence, np.zeros(0, np.int64))
    table = np.full((len(kept), 2 + MAX_TOKENS), -1, np.int32)
    strings = vocabulary.strings
    for at, codes in enumerate(kept.tolist()):
        _put(table[at], company_of([strings[c] for c in codes if c >= 0], ""), words)
    out[rows] = table[inverse.reshape(-1)]
    slow = np.flatnonzero(~fast)
    for at, raw in zip(slow.tolist(), firms.take(pa.array(slow)).to_pylist(), strict=True):
        _put(out[at], read_company(raw), words)
    return out


def _put(row: Ints, firm: CompanyName, words: Words) -> None:
    row[0], row[1] = words.code(firm.core), words.code(firm.acronym)
    for at, token in enumerate(firm.tokens):
        row[2 + at] = words.code(token)


def _compact(codes: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Move the codes of each row to the left, in their order; -1 behind them."""
    return np.take_along_axis(codes, np.argsort(codes < 0, axis=1, kind="stable"), axis=1)


def _without_legal_form(codes: npt.NDArray[Any], strings: list[str]) -> npt.NDArray[Any]:
    """Drop legal forms at the end and inside of each row of word codes, as `company_names` does word by word."""
    ending = np.array([*(legal_words(w)[0] for w in strings), False])
    inside = np.array([*(legal_words(w)[1] for w in strings), False])
    rows = np.arange(len(codes))
    length = (codes >= 0).sum(axis=1)
    out = codes.copy()
    for _ in range(codes.shape[1]):
        last = np.maximum(length - 1, 0)
        off = (length > 1) & ending[out[rows, last]]
        if not off.any():
            break
        out[rows[off], last[off]] = -1
        length = length - off
    drop = inside[out]
    drop[:, 0] = False
    out[drop] = -1
    return _compact(out)
