"""What a role word says: how much such a person decides, and its base form, in German and English.

Text around the word is not looked at (that is enrich.nlp.roles), so nothing here needs a language pipeline.
"""

from __future__ import annotations

import functools
import re

from enrich.records import RoleLevel
from enrich.vocabulary_files import LEVELS, load, words

_INCLUSIVE = re.compile(r"(?:[:*_]|/-?|\()in(?:nen)?\)?$")
_UMLAUT = str.maketrans("äöü", "aou")
_ABOUT = re.compile(r"\s(?:der|des|dem|den|von|vom|für|im|in|bei|zum|zur|to|of|for|at)\s", re.I)


class RoleVocabulary:
    """The roles of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        entry = load("roles.yml")[language]
        self._words: dict[str, RoleLevel] = {}
        self._endings: dict[str, RoleLevel] = {}
        for level in LEVELS:
            for word in words(entry[level]["words"]):
                self._words.setdefault(word, level)
            for word in words(entry[level]["endings"]):
                self._endings.setdefault(word, level)
        self._never = words(entry["never"])
        self._negative = words(entry["negative"])
        self.adjectives = words(entry["adjectives"])
        self.prefixes = words(entry["prefixes"])
        self.bodies = words(entry["bodies"])
        self.field_links = words(entry["field_links"])
        self._offices = words(entry["offices"])
        self._longest = max(len(ending) for ending in self._endings)
        self.lookup = functools.lru_cache(maxsize=65_536)(self._lookup)

    def _lookup(self, word: str) -> tuple[RoleLevel, bool] | None:
        """Return (level, negative) of a word as it stands in a text, None when it is no role."""
        if len(word) < 2 or (self.language == "de" and not word[0].isupper()):
            return None
        lower = word.lower()
        if self.language == "en" and len(word) <= 3 and not (word.isupper() or lower in ("gp", "md")):
            return None
        if lower in self._never:
            return None
        forms = base_forms(lower) if self.language == "de" else english_forms(lower)
        for form in forms:
            if form in self._never:
                return None
            if form in self._negative:
                return "unknown", True
            if form in self._words:
                return self._words[form], False
        for form in forms:
            for size in range(min(self._longest, len(form) - 2), 2, -1):
                ending = form[-size:]
                if ending in self._endings:
                    return self._endings[ending], False
                if size > 6 and ending in self._negative:
                    return "unknown", True
        return None

    def is_office(self, word: str) -> bool:
        """True for offices of a town or country, which the place beside them tells."""
        lower = word.lower()
        return any(
            form in self._offices for form in (base_forms(lower) if self.language == "de" else english_forms(lower))
        )

    def level(self, word: str) -> RoleLevel | None:
        """Return the level of a single word, None when it is no role of a lead."""
        found = self.lookup(word)
        return None if found is None or found[1] else found[0]

    def is_base(self, lower: str) -> bool:
        """True for a role word in its base form, the masculine nominative singular."""
        return lower in self._words or any(
            lower.endswith(ending) for ending in self._endings if len(ending) < len(lower) + 1
        )

    def vocabulary(self) -> dict[str, RoleLevel]:
        """Return all whole words with their level, for sweeps."""
        return dict(self._words)

    def is_adjective(self, lower: str) -> bool:
        """True for "geschäftsführende(r)" and other adjectives that belong to a role."""
        if self.language == "en":
            return lower in self.adjectives
        if lower in self.adjectives:
            return True
        for size in (2, 1):
            if lower[:-size] in self.adjectives and lower[-size:] in ("e", "er", "es", "en", "em"):
                return True
        return False


def base_forms(lower: str) -> tuple[str, ...]:
    """Return a German word with its possible masculine singular base forms, the word itself first."""
    forms = [lower]
    bare = _INCLUSIVE.sub("", lower)
    if bare == lower:
        for ending in ("innen", "in"):
            if lower.endswith(ending) and len(lower) > len(ending) + 2:
                bare = lower[: -len(ending)]
                break
    stems = [lower] if bare == lower else [bare, lower]
    for stem in stems:
        for form in (stem, _plain(stem)):
            if form not in forms:
                forms.append(form)
        if stem is bare and bare != lower:
            forms.append(bare + "e")  # Kundin, Zeugin
            forms.append(bare + "er")  # Winzerin is covered, Zauberin not
    for ending, mended in (("frau", "mann"), ("leute", "mann"), ("männer", "mann"), ("dame", "mann")):
        if lower.endswith(ending):
            forms.append(lower.removesuffix(ending) + mended)
    for ending in ("en", "es", "em", "er", "n", "s", "e"):
        if lower.endswith(ending) and len(lower) > len(ending) + 2:
            cut = lower[: -len(ending)]
            nominal = (cut + "er",) if cut.endswith(("d", "t")) else ()  # Vorsitzenden, Angestellte
            for form in (cut, _plain(cut), *nominal):
                if form not in forms:
                    forms.append(form)
    return tuple(forms)


def _plain(stem: str) -> str:
    """Undo the umlaut of a feminine form: ärzt to arzt, ständ to stand; only the last umlaut changes."""
    position = max(stem.rfind("ä"), stem.rfind("ö"), stem.rfind("ü"))
    if position < 0 or position < len(stem) - 6:
        return stem
    return stem[:position] + stem[position].translate(_UMLAUT) + stem[position + 1 :]


def english_forms(lower: str) -> tuple[str, ...]:
    """Return an English word with its singular forms."""
    forms = [lower]
    if lower.endswith("ies"):
        forms.append(lower[:-3] + "y")
    if lower.endswith("es"):
        forms.append(lower[:-2])
    if lower.endswith("s") and not lower.endswith("ss"):
        forms.append(lower[:-1])
    if lower.endswith("women"):
        forms.append(lower[:-5] + "woman")
    if lower.endswith("men"):
        forms.append(lower[:-3] + "man")
    return tuple(forms)


@functools.cache
def role_vocabulary(language: str) -> RoleVocabulary:
    """Return the role vocabulary of a language; German for languages without one."""
    return RoleVocabulary(language if language in ("de", "en") else "de")


def role_level(role: str) -> RoleLevel:
    """Return how much somebody with this role decides, from the role alone in German or English: a cell of a CRM.

    Of several roles the highest counts ("Prokuristin, Leiterin Einkauf"). What stands behind "der", "of" and the like
    is what the role is about and not the role ("Assistenz der Geschäftsführung"), but a member is what the body is
    ("Mitglied des Vorstands"). "unknown" when no word is a role.
    """
    found: list[RoleLevel] = []
    for part in re.split(r"[,;|&+]|\s/\s|\s(?:und|and|sowie)\s", role):
        head, *rest = _ABOUT.split(part.strip(), maxsplit=1)
        levels = _word_levels(head)
        if levels == ["member"] and rest:
            levels += _word_levels(rest[0])
        found += levels
    return min(found, key=LEVELS.index) if found else "unknown"


def nominative(role: str, female: bool | None) -> str:
    """Return a German role as a list of people names it, whatever case the sentence had it in.

    "Vorsitzenden" becomes "Vorsitzende" or "Vorsitzender", "geschäftsführenden Gesellschafters" "geschäftsführender
    Gesellschafter". Only the first role word and adjectives before it change; where the gender decides and is not known
    (None), and for words that are no role, the role stays as it is.
    """
    vocabulary = role_vocabulary("de")
    words_ = role.split(" ")
    head = next((i for i, word in enumerate(words_) if vocabulary.level(word[:1].upper() + word[1:])), None)
    if head is None:
        return role
    changed = _nominative_noun(words_[head], vocabulary, female)
    before = [
        _strong(word, female) if vocabulary.is_adjective(word.lower()) and female is not None else word
        for word in words_[:head]
    ]
    return " ".join([*before, changed, *words_[head + 1 :]])


def _nominative_noun(word: str, vocabulary: RoleVocabulary, female: bool | None) -> str:
    lower = word.lower()
    for ending in ("en", "er", "e", "em"):  # der Vorsitzende, die Beauftragte: nouns that are inflected like adjectives
        stem = lower.removesuffix(ending)
        if (
            stem != lower
            and stem.endswith(("nd", "t"))
            and vocabulary.is_base(stem + "er")
            and not vocabulary.is_base(stem)
        ):
            return word if female is None else word[: len(stem)] + ("e" if female else "er")
    if lower.endswith("innen"):
        return word[:-3]
    if vocabulary.is_base(lower):
        return word
    for ending in ("en", "es", "n", "s"):
        if lower.endswith(ending) and vocabulary.is_base(lower[: -len(ending)]):
            return word[: -len(ending)]
    return word


def _strong(adjective: str, female: bool | None) -> str:
    stem = re.sub(r"(?:en|er|es|em|e)$", "", adjective)
    return stem + ("e" if female else "er")


def _word_levels(text: str) -> list[RoleLevel]:
    levels = []
    for word in re.findall(r"[^\W\d_][\w.*:/-]*", text):
        for language in ("de", "en"):
            # a cell is often in small letters, but a German role in a text is not
            level = role_vocabulary(language).level(word[0].upper() + word[1:] if language == "de" else word)
            if level is not None:
                levels.append(level)
    return levels
