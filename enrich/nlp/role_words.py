"""The head noun of a role, as a key for counting."""

from __future__ import annotations

import functools

from enrich.nlp import organisations
from enrich.nlp.scene import Scene
from enrich.roles import base_forms
from enrich.vocabulary_files import words


@functools.lru_cache(maxsize=65_536)
def _head_noun(lower: str) -> str:
    for form in base_forms(lower):
        for size in (12, 10, 9, 8, 7, 6, 5, 4):
            if len(form) >= size and form[-size:] in _HEAD_NOUNS:
                return form[-size:]
    return base_forms(lower)[-1][-9:]


_HEAD_NOUNS = words(
    """bürgermeister landrat minister präsident vorstand direktor chef leiter führer sprecher inhaber gründer anwalt architekt
    analyst verwalter berater meister vorsitzender prokurist trainer kapitän rat sekretär händler wirt arzt lehrer pfarrer
    richter manager kandidat abgeordneter ingenieur referent mitglied gesellschafter notar prüfer koordinator redakteur
    owner founder president director officer manager chief executive chair chairman minister mayor analyst solicitor
    architect councillor professor spokesman spokeswoman head partner consultant inspector"""
)


def role_word(scene: Scene, role: int) -> str:
    """Return the head noun of a role, without its inflection and what is compounded with it."""
    return _head_noun(scene.reading.lowers[scene.roles[role].head])


@functools.lru_cache(maxsize=65_536)
def role_prefix(lower: str) -> str:
    """Return the kind of organisation that a compound role begins with ("klinik" of "Klinikchef"), "" when with none."""
    for size in range(min(len(lower) - 3, 16), 3, -1):
        for part in (lower[:size], lower[: size - 1] if lower[size - 1] in "sn" else lower[:size]):
            if organisations.described_kind(part) is not None:
                return part
    return ""
