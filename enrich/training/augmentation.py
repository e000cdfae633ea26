"""More variety from the same sentences: other people, organisations and letter case."""

from __future__ import annotations

import random
import re

from enrich.training.corpora import Example
from enrich.training.names import NamePool

_NAME_WORD = re.compile(r"[A-ZÄÖÜ][\w’'-]{2,}")
_LEGAL_END = re.compile(r"\b(GmbH|AG|KG|SE|OHG|UG|mbH|eG|KGaA|e\. ?V\.|e\. ?K\.|Inc\.|Ltd\.)$")
_ORG_SHARE = 0.35  # of organisations without a legal form get another name, and
_LEGAL_SHARE = 0.7  # of those with one
_HEADLINE_SHARE = 0.04  # of the copies have their first line in capitals


def varied(example: Example, names: NamePool, rng: random.Random) -> Example:
    """Return a copy with other names; one person or organisation keeps one name within the text."""
    renamed: dict[str, str] = {}
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    at = length = 0
    for start, end, label in example.spans:
        before, old = example.text[at:start], example.text[start:end]
        new = old
        if label == "PER":
            new = _person(old, renamed, names, rng)
        elif label == "ORG":
            new = _organisation(old, renamed, names, rng)
        parts += [before, new]
        length += len(before)
        spans.append((length, length + len(new), label))
        length += len(new)
        at = end
    parts.append(example.text[at:])
    text = "".join(parts)
    if rng.random() < _HEADLINE_SHARE:
        text = _shout(text)
    return Example(example.doc, text, tuple(spans))


def _person(old: str, renamed: dict[str, str], names: NamePool, rng: random.Random) -> str:
    words = old.split(" ")
    return " ".join(_word(word, i < len(words) - 1, renamed, names, rng) for i, word in enumerate(words))


def _word(word: str, is_given: bool, renamed: dict[str, str], names: NamePool, rng: random.Random) -> str:
    if not _NAME_WORD.fullmatch(word):
        return word
    if word not in renamed:
        if word.endswith("s") and word[:-1] in renamed:
            renamed[word] = renamed[word[:-1]] + "s"
        else:
            renamed[word] = names.given_name(rng) if is_given else names.surname(rng)
    return renamed[word]


def _organisation(old: str, renamed: dict[str, str], names: NamePool, rng: random.Random) -> str:
    if old in renamed:
        return renamed[old]
    legal = _LEGAL_END.search(old) is not None
    if rng.random() >= (_LEGAL_SHARE if legal else _ORG_SHARE):
        new = old
    else:
        new = names.company(rng) if legal else names.organisation(rng)
    renamed[old] = new
    first, _, rest = old.partition(" ")
    if rest and new != old:  # the short form later in the text: "Hägele Stanzteile" ... "Hägele"
        renamed.setdefault(first, new.partition(" ")[0])
    return new


def _shout(text: str) -> str:
    """Put the first line in capitals; letters whose capital is longer (ß) stay, so that offsets hold."""
    line_end = text.find("\n")
    if line_end < 0:
        line_end = text.find(". ") + 1
    head = "".join(up if len(up := c.upper()) == 1 else c for c in text[:line_end])
    return head + text[line_end:]
