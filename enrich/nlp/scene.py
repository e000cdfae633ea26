"""One document with everything the scorers look at: tokens, names, roles, classes of context words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from enrich.nlp.name_reading import read_names
from enrich.nlp.names import TITLES, Name, Names
from enrich.nlp.reading import Reading
from enrich.nlp.roles import RoleSpan, find_roles
from enrich.nlp.vocabulary import context_words, numbered

# Two names further apart than this are not compared directly.
MAX_DISTANCE: Final = 120
_SYMBOLS: Final = {
    ",": "C", "(": "(", ")": ")", "[": "(", "]": ")", "-": "-", "–": "-", "—": "-", ":": ":", ";": ";", "/": "/",
    "„": "q", "“": "q", "”": "q", '"': "q", "»": "q", "«": "q", ".": ".", "!": ".", "?": ".", "•": "*", "*": "*", "|": "*",
}  # fmt: skip


@dataclass(slots=True)
class Scene:
    """A document read for linking. `name_at` and `role_at` give the name and the role that covers a token (-1: none)."""

    language: str
    reading: Reading
    names: Names
    roles: list[RoleSpan]
    name_at: list[int]
    role_at: list[int]
    codes: list[tuple[int, ...]]  # classes of context words per token
    class_names: tuple[str, ...]
    class_number: dict[str, int]
    body: int = 0  # character at which the text begins: what stands before it (a headline) is read, but is no evidence

    def has_class(self, token: int, name: str) -> bool:
        """True when a token is a context word of the class."""
        return 0 <= token < len(self.codes) and self.class_number[name] in self.codes[token]


def build_scene(text: str, entities: Iterable[tuple[int, int, str]], language: str, body: int = 0) -> Scene:
    """Read a text with its entities (start, end, label in characters); `body` is where it begins behind its headline."""
    reading = Reading(text)
    given = list(entities)
    names = read_names(reading, given, language)
    roles = find_roles(reading, names.taken, language)
    name_at = [-1] * len(reading)
    for number, name in enumerate(names.spans):
        name_at[name.first : name.last] = [number] * (name.last - name.first)
    role_at = [-1] * len(reading)
    for number, role in enumerate(roles):
        role_at[role.first : role.last] = [number] * (role.last - role.first)
    lexicon = context_words(language)
    codes = [lexicon.classes(lower) for lower in reading.lowers]
    return Scene(language, reading, names, roles, name_at, role_at, codes, lexicon.names, numbered(lexicon.names), body)


def shape(scene: Scene, first: int, last: int) -> str:
    """Return what stands in tokens [first, last) as a short string of symbols, for counting patterns.

    P O L M names, R role (N: one that makes no lead), C comma, A article or genitive, V "von", B "bei", I "in", U "und",
    S verb of saying, T title (left out), d number, w any run of other words. Longer than 14 symbols: "long".
    """
    symbols: list[str] = []
    i = first
    reading, name_at, role_at = scene.reading, scene.name_at, scene.role_at
    number = scene.class_number
    article, genitive, of, at, inside, conj, say = (
        number["article"], number["genitive"], number["of"], number["at"], number["in"], number["and"], number["say"],
    )  # fmt: skip
    while i < last:
        if len(symbols) > 14:
            return "long"
        if name_at[i] >= 0:
            name = scene.names.spans[name_at[i]]
            symbols.append(name.label[0])
            i = max(i + 1, name.last)
            continue
        if role_at[i] >= 0:
            role = scene.roles[role_at[i]]
            symbols.append("N" if role.negative else "R")
            i = max(i + 1, role.last)
            continue
        word = reading.words[i]
        codes = scene.codes[i]
        if word in _SYMBOLS:
            symbol = _SYMBOLS[word]
            if symbol == "." and i and reading.lowers[i - 1] in TITLES:
                i += 1
                continue
        elif reading.lowers[i] in TITLES and (word[0].isupper()):
            i += 1
            continue
        elif genitive in codes or article in codes:
            symbol = "A"
        elif of in codes:
            symbol = "V"
        elif at in codes:
            symbol = "B"
        elif inside in codes:
            symbol = "I"
        elif conj in codes:
            symbol = "U"
        elif say in codes:
            symbol = "S"
        elif word[0].isdigit():
            symbol = "d"
        else:
            symbol = "w"
        if not (symbol == "w" and symbols and symbols[-1] == "w"):
            symbols.append(symbol)
        i += 1
    return "".join(symbols)


def gap(one: Name | RoleSpan, two: Name | RoleSpan) -> int:
    """Return the tokens between two spans, 0 when they touch or overlap."""
    return max(0, two.first - one.last, one.first - two.last)
