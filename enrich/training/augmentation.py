"""More variety from the same pieces: other names and legal forms in the same sentences."""

from __future__ import annotations

import random
from collections.abc import Sequence

from enrich.training.corpora import Example

_LEGAL = ("GmbH", "AG", "GmbH & Co. KG", "KG", "e. K.", "eG", "SE", "OHG", "UG", "e. V.", "gGmbH", "mbH", "Holding AG")


def name_pools(examples: Sequence[Example]) -> tuple[list[str], list[str]]:
    """Collect given names and surnames of full names in the examples."""
    given, surnames = set(), set()
    for example in examples:
        for start, end, label in example.spans:
            parts = example.text[start:end].split()
            if (
                label == "PER"
                and len(parts) == 2
                and all(p[:1].isupper() and p.replace("-", "").isalpha() for p in parts)
            ):
                given.add(parts[0])
                surnames.add(parts[1])
    return sorted(given), sorted(surnames)


def varied(example: Example, given: Sequence[str], surnames: Sequence[str], rng: random.Random) -> Example:
    """Return a copy with other person names and legal forms; one person keeps one name within the text."""
    renamed: dict[str, str] = {}
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    at, length = 0, 0
    for start, end, label in example.spans:
        before, old = example.text[at:start], example.text[start:end]
        new = old
        if label == "PER":
            new = " ".join(_swap(word, i, old, renamed, given, surnames, rng) for i, word in enumerate(old.split(" ")))
        elif label == "ORG" and rng.random() < 0.5:
            form = next((f for f in _LEGAL if old.endswith(" " + f)), None)
            if form:
                new = old[: -len(form)] + rng.choice(_LEGAL)
        parts += [before, new]
        length += len(before)
        spans.append((length, length + len(new), label))
        length += len(new)
        at = end
    parts.append(example.text[at:])
    return Example(example.doc, "".join(parts), tuple(spans))


def _swap(
    word: str,
    index: int,
    whole: str,
    renamed: dict[str, str],
    given: Sequence[str],
    surnames: Sequence[str],
    rng: random.Random,
) -> str:
    if not word[:1].isupper() or len(word) < 3 or not word.replace("-", "").isalpha():
        return word
    if word not in renamed:
        single = " " not in whole
        genitive = word.endswith("s") and word[:-1] in renamed
        if genitive:
            renamed[word] = renamed[word[:-1]] + "s"
        else:
            renamed[word] = rng.choice(surnames if single or index > 0 else given)
    return renamed[word]
