"""The words around a role, its person and its organisation, for the linear models that read words and not classes."""

from __future__ import annotations

import functools
from typing import Final

from enrich.nlp import organisations
from enrich.nlp.names import Name, Person
from enrich.nlp.roles import RoleSpan
from enrich.nlp.scene import Scene

_BETWEEN: Final = 14  # tokens between two spans that are read one by one
_BESIDE: Final = 3  # tokens beside a span
_NAMES: Final = 4  # places of a person that are read


@functools.lru_cache(maxsize=65_536)
def _word(lower: str) -> str:
    if lower[0].isdigit():
        return "0"
    return organisations.stem(lower)[:11]


def _token(scene: Scene, i: int) -> str:
    """Return a token as a key: names by their label, roles by R or N, words by their stem."""
    number = scene.name_at[i]
    if number >= 0:
        return scene.names.spans[number].label
    role = scene.role_at[i]
    if role >= 0:
        return "NEG" if scene.roles[role].negative else "ROLE"
    return _word(scene.reading.lowers[i])


def _beside(scene: Scene, prefix: str, span: Name | RoleSpan, found: list[str]) -> None:
    first, last = scene.reading.bounds[scene.reading.sentence[span.first]]
    run = ""
    for step in range(1, _BESIDE + 1):
        at = span.first - step
        token = _token(scene, at) if at >= first else "^"
        run = f"{token} {run}" if run else token
        found.append(f"{prefix}<{step}{token}")
        if step == 2:
            found.append(f"{prefix}<<{run}")
        if at < first:
            break
    run = ""
    for step in range(_BESIDE):
        at = span.last + step
        token = _token(scene, at) if at < last else "$"
        run = f"{run} {token}" if run else token
        found.append(f"{prefix}>{step}{token}")
        if step == 1:
            found.append(f"{prefix}>>{run}")
        if at >= last:
            break


def _between(scene: Scene, prefix: str, low: int, high: int, found: list[str]) -> None:
    if high - low > _BETWEEN:
        found.append(f"{prefix}far")
        return
    tokens = [_token(scene, i) for i in range(low, high)]
    found.extend(f"{prefix}{token}" for token in tokens)
    if len(tokens) <= 6:
        found.append(f"{prefix}={' '.join(tokens)}")


def _placed(scene: Scene, name: Name, role: RoleSpan | Name) -> tuple[bool, int, int, str]:
    """Return whether the role (or other name) stands first, the tokens between [low, high), and "s" in one sentence, else "n"."""
    first = role.first < name.first
    low, high = (role.last, name.first) if first else (name.last, role.first)
    sentence = scene.reading.sentence
    return first, low, high, "s" if sentence[name.first] == sentence[role.first] else "n"


def role_lexis(scene: Scene, person: Name, role: RoleSpan, word: str) -> tuple[str, ...]:
    """Return the keys of a person and a role; `word` is the role's head noun."""
    reading = scene.reading
    found: list[str] = []
    first, low, high, where = _placed(scene, person, role)
    _beside(scene, "p" + where, person, found)
    _beside(scene, "r" + where, role, found)
    if where == "s":
        _between(scene, "b>" if first else "b<", low, high, found)
    found.extend((f"w{word}", f"w{where}{'>' if first else '<'}{word}", f"t{_word(reading.lowers[role.head])}"))
    if high - low <= 1 and where == "s":
        found.append(f"wt{word}{'>' if first else '<'}")
    return tuple(dict.fromkeys(found))


def tie_lexis(scene: Scene, organisation: Name, role: RoleSpan, word: str) -> tuple[str, ...]:
    """Return the keys of an organisation and a role."""
    found: list[str] = []
    first, low, high, where = _placed(scene, organisation, role)
    if where == "s":
        _between(scene, "b>" if first else "b<", low, high, found)
    _beside(scene, "r" + where, role, found)
    _beside(scene, "o" + where, organisation, found)
    found.extend((f"w{word}", f"w{where}{word}"))
    return tuple(dict.fromkeys(found))


def pair_lexis(scene: Scene, person: Name, organisation: Name, kind: str, roles: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys of a person and an organisation of a kind; `roles` are words for the person's likeliest role."""
    found: list[str] = []
    first, low, high, where = _placed(scene, person, organisation)
    if where == "s":
        _between(scene, "b>" if first else "b<", low, high, found)
    _beside(scene, "p" + where, person, found)
    _beside(scene, "o" + where, organisation, found)
    found.extend((f"k{kind}", f"k{where}{'>' if first else '<'}{kind}"))
    found.extend(f"r{role}|{kind}" for role in roles)
    found.extend(f"r{where}{role}" for role in roles)
    return tuple(dict.fromkeys(found))


def person_lexis(scene: Scene, person: Person, roles: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keys of a person: what stands beside the first places of its name, its role, how often it is named."""
    found: list[str] = [f"n{min(3, len(person.names))}", *(f"r{role}" for role in roles)]
    for number, name in enumerate(person.names[:_NAMES]):
        _beside(scene, "f" if number == 0 else "l", name, found)
    return tuple(dict.fromkeys(found))
