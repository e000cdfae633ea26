"""Spellings folded to one form: umlauts, accents and case off; Cologne phonetics; stable hashes.

Müller, Mueller and Muller fold alike. "ue" after a vowel or q is a sound of its own (Bauer, Steuer, Quelle) and
stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache, partial

import numpy as np
import numpy.typing as npt

_TABLE = str.maketrans(
    {
        "ß": "ss", "ẞ": "ss", "æ": "a", "œ": "o", "ø": "o", "å": "a", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i",
        "’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "\u00a0": " ", "\u00ad": None,
        "\u200b": None, "\u200c": None, "\u200d": None, "\ufeff": None,
    }
)  # fmt: skip
_DIGRAPH = re.compile(r"(?<![aeiouqy])([aou])e(?!u)|(?<=^)([AOU])e")
# common names in which the two letters are two sounds, or that would fall together with another name
_KEPT = re.compile(r"(?:micha|rapha|isra|isma)el|no[e]l|jo[e]l|manuel|samuel|poet|aero|duell?|aktuell|individuell")


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return `text` lower-cased without accents; ä, ae and a fold alike (so do ö and ü); ß is ss.

    Idempotent; the result of Latin text is ASCII.
    """
    if text.isascii():
        plain = text.lower()
    else:
        lowered = text.translate(_TABLE).lower().translate(_TABLE)
        plain = unicodedata.normalize("NFKD", lowered)
        plain = "".join(c for c in plain if not unicodedata.combining(c)).translate(_TABLE).lower()
    if "ae" in plain or "oe" in plain or "ue" in plain:
        plain = _fold_digraphs(plain)
    return plain


def _one_sound(kept: list[tuple[int, int]], match: re.Match[str]) -> str:
    inside = any(start <= match.start() < end for start, end in kept)
    return match[0] if inside else match[0][0]


def _fold_digraphs(plain: str) -> str:
    for _ in range(len(plain)):
        kept = [m.span() for m in _KEPT.finditer(plain)]
        folded = _DIGRAPH.sub(partial(_one_sound, kept), plain)
        if folded == plain:
            break
        plain = folded
    return plain


# Letters whose sound depends on their neighbours become marks, all in one pass over the words as they are spelt.
_NEIGHBOURS = re.compile(r"p(?=h)|[dt](?=[csz])|(?<=[ckq])x|^c(?=[ahkloqrux])|(?<=[^sz\n])c(?=[ahkoqux])", re.MULTILINE)
_MARKS = {"p": "F", "d": "S", "t": "S", "x": "S", "c": "K"}
_SOUNDS = str.maketrans(
    {
        **dict.fromkeys("aeijouy", "0"), "h": None, **dict.fromkeys("bp", "1"), **dict.fromkeys("dt", "2"),
        **dict.fromkeys("fvwF", "3"), **dict.fromkeys("gkqK", "4"), "x": "48", "l": "5", **dict.fromkeys("mn", "6"), "r": "7",
        **dict.fromkeys("szcS", "8"),
    }
)  # fmt: skip
_NO_LETTER = re.compile(r"[^a-z\n]+")
_RUN = re.compile(r"([0-8])\1+")
_INNER_ZERO = re.compile(r"(?<=[0-8])0")


def cologne_codes(words: Sequence[str]) -> list[str]:
    """Return the Kölner Phonetik code (Postel 1969) of each folded word (without line breaks); "" without letters."""
    if not words:
        return []
    text = _NO_LETTER.sub("", "\n".join(words))
    text = _NEIGHBOURS.sub(lambda match: _MARKS[match[0]], text).translate(_SOUNDS)
    return _INNER_ZERO.sub("", _RUN.sub(r"\1", text)).split("\n")


def cologne(word: str) -> str:
    """Return the Kölner Phonetik code of one folded word; "" for a word without letters."""
    return cologne_codes([word.replace("\n", " ")])[0]


def stable_hash(words: list[str]) -> npt.NDArray[np.uint64]:
    """Return 64-bit hashes that are the same on every machine and run; the first 40 bytes of a word count."""
    if not words:
        return np.zeros(0, np.uint64)
    packed = np.array([w.encode("utf-8", "ignore")[:40] for w in words], dtype="S40").view("<u8").reshape(-1, 5)
    value = np.full(len(words), 0x9E3779B97F4A7C15, np.uint64)
    for column in range(5):
        value = mix(value ^ packed[:, column])
    return value


def mix(value: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Scatter 64-bit values (the finaliser of splitmix64); wraps around on purpose."""
    with np.errstate(over="ignore"):
        value = value + np.uint64(0x9E3779B97F4A7C15)
        value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return value ^ (value >> np.uint64(31))
