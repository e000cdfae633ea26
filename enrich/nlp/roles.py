"""Finding roles: which words name what a person does, and how much such a person decides."""

from __future__ import annotations

from dataclasses import dataclass

from enrich.nlp.reading import Reading
from enrich.records import RoleLevel
from enrich.roles import RoleVocabulary, role_vocabulary
from enrich.vocabulary_files import words

_MAX_ROLE = 9  # tokens


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """A role in the text: tokens [first, last), the token of its head, its level; `negative` roles make no lead."""

    first: int
    last: int
    head: int
    level: RoleLevel
    negative: bool
    plural: bool


def find_roles(reading: Reading, taken: list[bool], language: str) -> list[RoleSpan]:
    """Return the roles of a text in order. `taken` marks the tokens inside names, which are never part of a role."""
    vocabulary = role_vocabulary(language)
    found: list[RoleSpan] = []
    reach = -1
    for i, word in enumerate(reading.words):
        if taken[i] or i < reach:
            continue
        kind = vocabulary.lookup(word)
        if kind is None or (language == "de" and _begins_english_title(reading, taken, i)):
            continue
        if language == "en":
            first, last = _english_extent(reading, taken, vocabulary, i, reach)
            head = last - 1 if vocabulary.lookup(reading.words[last - 1]) and reading.lowers[i] not in _HEADS else i
            kind = vocabulary.lookup(reading.words[head]) or kind
            if reading.lowers[i] == "chief" and last - i > 1:
                kind = ("executive", False)
        else:
            first, last = _german_extent(reading, taken, vocabulary, i, reach)
            head = i
        plural = reading.lowers[head].endswith(("innen", "s" if language == "en" else "innen"))
        found.append(RoleSpan(first, last, head, kind[0], kind[1], plural))
        reach = last
    return found


# English titles in German texts: "Chief Operating Officer", "Senior Vice President Sales".
_ENGLISH_HEADS = (
    "officer",
    "president",
    "director",
    "manager",
    "head",
    "vp",
    "svp",
    "evp",
    "counsel",
    "partner",
    "lead",
)
_HEADS = ("head", "vice", "vp", "director", "manager", "president", "lead")


def _begins_english_title(reading: Reading, taken: list[bool], i: int) -> bool:
    """True for the "General" of "General Manager"."""
    following = i + 1
    return (
        _free(reading, taken, following, reading.sentence[i])
        and reading.lowers[following] in _ENGLISH_HEADS
        and reading.words[following][0].isupper()
        and reading.lowers[i] in role_vocabulary("en").adjectives
    )


def _free(reading: Reading, taken: list[bool], i: int, sentence: int) -> bool:
    return 0 <= i < len(reading) and not taken[i] and reading.sentence[i] == sentence


def _german_extent(
    reading: Reading, taken: list[bool], vocabulary: RoleVocabulary, i: int, floor: int
) -> tuple[int, int]:
    words_, lowers, sentence = reading.words, reading.lowers, reading.sentence[i]
    first, last = i, i + 1
    # "Co-", "HR-", "Deutschland-" before a hyphen, when no name; then adjectives.
    while first - 2 >= max(0, floor) and words_[first - 1] == "-" and _free(reading, taken, first - 2, sentence):
        if reading.ends[first - 2] != reading.starts[first - 1] or lowers[first - 2] in ("ex",):
            break
        first -= 2
        if i - first > 6:
            break
    english = lowers[i].removesuffix("in") in _ENGLISH_HEADS
    while first - 1 >= max(0, floor) and _free(reading, taken, first - 1, sentence) and i - first < 4:
        before = lowers[first - 1]
        if vocabulary.is_adjective(before) or (
            english and words_[first - 1][0].isupper() and before in role_vocabulary("en").adjectives
        ):
            first -= 1
        elif (
            before == "."
            and first - 2 >= 0
            and (lowers[first - 2] in ("1", "2", "3") or vocabulary.is_adjective(lowers[first - 2]))
        ):
            first -= 2
        else:
            break
    # What follows: "der Geschäftsführung", "des Vorstands", "Einkauf", "für Arbeitsrecht", "a. D.".
    budget = i + _MAX_ROLE
    j = last
    if _free(reading, taken, j, sentence) and lowers[j] in ("der", "des", "im", "von", "dem", "für") and j + 1 < budget:
        k = j + 1
        while (
            _free(reading, taken, k, sentence)
            and words_[k][0].islower()
            and k - j <= 2
            and lowers[k].endswith(("en", "er"))
        ):
            k += 1
        if _free(reading, taken, k, sentence) and words_[k][0].isupper():
            lower = lowers[k]
            if lower in vocabulary.bodies or lower.endswith(
                ("abteilung", "abteilungen", "ausschusses", "rats", "rates", "leitung")
            ):
                last = k + 1
                if lower in ("abteilung", "bereichs", "bereich", "sparte", "fachbereichs"):
                    last = _names_after(reading, taken, last, sentence)
            elif lowers[j] == "für" and vocabulary.lookup(words_[k]) is None and k == j + 1:
                last = k + 1
    elif _free(reading, taken, j, sentence) and words_[j][0].isupper() and len(words_[j]) > 2 and lowers[i].endswith(
        ("leiter", "leiterin", "leitung", "berater", "beraterin", "sprecher", "sprecherin", "referent", "referentin",
         "sachbearbeiter", "sachbearbeiterin", "vorstand", "manager", "director", "head", "lead", "president", "vp", "professor", "controller")
    ) and vocabulary.lookup(words_[j]) is None:  # fmt: skip
        after = j + 1
        if not (_free(reading, taken, after, sentence) and words_[after][0].isupper()) and not (
            after < len(words_) and taken[after]
        ):
            last = _names_after(reading, taken, j, sentence)
    if last == i + 1 and _free(reading, taken, i + 1, sentence) and lowers[i + 1] == "of":
        k = i + 2
        while _free(reading, taken, k, sentence) and words_[k][0].isupper() and k - i < 5:
            k += 1
        last = k if k > i + 2 else last
    if j + 3 < len(words_) and lowers[last : last + 3] == ["a", ".", "d"]:
        last += 4 if last + 3 < len(words_) and words_[last + 3] == "." else 3
    return first, last


def _names_after(reading: Reading, taken: list[bool], j: int, sentence: int) -> int:
    """Run over capitalised words ("Presse und Öffentlichkeitsarbeit", "Supply Chain")."""
    begin = j
    while _free(reading, taken, j, sentence) and j - begin < 5:
        word = reading.words[j]
        if word[0].isupper() and len(word) > 1:
            j += 1
        elif (
            word in ("und", "&", "-", "/")
            and j > begin
            and _free(reading, taken, j + 1, sentence)
            and reading.words[j + 1][0].isupper()
            and role_vocabulary("de").lookup(reading.words[j + 1]) is None
        ):
            j += 2
        else:
            break
    return j


def _english_extent(
    reading: Reading, taken: list[bool], vocabulary: RoleVocabulary, i: int, floor: int
) -> tuple[int, int]:
    words_, lowers, sentence = reading.words, reading.lowers, reading.sentence[i]
    first, last = i, i + 1
    while first - 1 >= max(0, floor) and _free(reading, taken, first - 1, sentence) and i - first < 6:
        before = lowers[first - 1]
        if vocabulary.is_adjective(before):
            first -= 1
        elif before == "-" and first - 2 >= 0 and _free(reading, taken, first - 2, sentence):
            if lowers[first - 2] == "ex":
                break
            first -= 2
        elif before == "&" and vocabulary.is_adjective(lowers[first - 2]):
            first -= 2
        else:
            break
    # "chief executive", "chief operating officer": run on over modifiers to a further role word.
    j = last
    while _free(reading, taken, j, sentence) and j - i < 4:
        if vocabulary.lookup(words_[j]) is not None and (
            lowers[j - 1] in vocabulary.adjectives or lowers[j - 1] == "chief"
        ):
            last = j + 1
        elif not (vocabulary.is_adjective(lowers[j]) or words_[j] == "-"):
            break
        j += 1
    j = last
    if _free(reading, taken, j, sentence) and lowers[j] in ("of", "for") and _free(reading, taken, j + 1, sentence):
        k = j + 1
        if lowers[j] == "of" or words_[k][0].islower() or lowers[k] == "the":
            if lowers[k] in ("the", "a", "an", "its", "his", "her", "their"):
                return first, last
            while (
                _free(reading, taken, k, sentence)
                and k - j < 5
                and words_[k][0].isalpha()
                and lowers[k] not in _ENGLISH_STOP
            ):
                k += 1
                if (k < len(words_) and words_[k] in ("-", "&") and _free(reading, taken, k + 1, sentence)) or (
                    (
                        k < len(words_)
                        and lowers[k] == "and"
                        and _free(reading, taken, k + 1, sentence)
                        and lowers[j - 1] == "head"
                    )
                    and vocabulary.lookup(words_[k + 1]) is None
                    and words_[k + 1][0] == words_[k - 1][0].lower()
                ):
                    k += 1
            last = k if k > j + 1 else last
    return first, last


_ENGLISH_STOP = words(
    """at in on for with from to by and or but who which that the a an as is was are were has have had will would
    said says since after before when while during until into over under about its his her their he she they it
    , . ; : ( ) joins joined leaves left"""
)
