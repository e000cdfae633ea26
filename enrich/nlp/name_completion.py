"""Names that a recogniser missed, found by rule over the whole text, and names that are none."""

from __future__ import annotations

import re

from enrich.nlp import organisations
from enrich.nlp.name_cues import is_cue
from enrich.nlp.names import TITLES, Name, make_name, surname
from enrich.nlp.reading import Reading
from enrich.nlp.vocabulary import given_names
from enrich.roles import role_vocabulary


def add_missed_people(reading: Reading, spans: list[Name], taken: list[bool], language: str) -> None:
    """Given name plus surname right after a role or a form of address, where the recogniser saw nothing."""
    vocabulary = role_vocabulary(language)
    names = given_names()
    words, lowers = reading.words, reading.lowers
    for i in range(len(words) - 1):
        if taken[i] or taken[i + 1] or not words[i][0].isupper() or len(words[i]) < 3:
            continue
        if lowers[i] not in names and not _follows_a_role(reading, taken, i, language):
            continue
        if not (words[i + 1][0].isupper() and words[i + 1].isalpha() and len(words[i + 1]) > 2):
            continue
        before = words[i - 1] if i else ""
        cued = bool(before) and not taken[i - 1] and (
            vocabulary.lookup(before) is not None or before.lower() in ("herr", "frau", "herrn") or
            (before == "." and i > 1 and lowers[i - 2] in TITLES)
        )  # fmt: skip
        if not cued or vocabulary.lookup(words[i + 1]) is not None or reading.sentence[i] != reading.sentence[i + 1]:
            continue
        last = i + 2
        while last + 1 < len(words) and words[last] == "-" and words[last + 1][0].isupper():
            last += 2
        spans.append(make_name(reading, i, last, "PER"))
        taken[i:last] = [True] * (last - i)


# After these roles a field may stand ("Leiter Vertrieb Nord"), so two unknown words are no name.
_FIELDS_FOLLOW = (
    "leiter",
    "leiterin",
    "manager",
    "managerin",
    "director",
    "head",
    "vorstand",
    "referent",
    "referentin",
    "berater",
    "beraterin",
)


def _follows_a_role(reading: Reading, taken: list[bool], i: int, language: str) -> bool:
    """True for two words of an unknown name between a role and a word in lower case: "Ufo-Chef Nicoley Baublies warnt"."""
    words, lowers = reading.words, reading.lowers
    if language != "de" or i == 0 or i + 2 >= len(words) or taken[i - 1] or lowers[i - 1].endswith(_FIELDS_FOLLOW):
        return False
    told = role_vocabulary(language).lookup(words[i - 1])
    if told is None or told[1] or reading.sentence[i - 1] != reading.sentence[i]:
        return False
    if not (
        words[i + 1][0].isupper()
        and words[i].isalpha()
        and words[i + 1].isalpha()
        and words[i][1:].islower()
        and words[i + 1][1:].islower()
    ):
        return False
    if (
        organisations.named_kind(words[i])
        or organisations.named_kind(words[i + 1])
        or lowers[i].endswith(_NOUN_ENDINGS)
    ):
        return False
    if lowers[i + 1].endswith(_NOUN_ENDINGS) or taken[i + 2] or told[0] not in ("executive", "board", "spokesperson"):
        return False
    following = words[i + 2]
    return following[0].islower() or following in ',(.:“"«'


_NOUN_ENDINGS = (
    "ung",
    "heit",
    "keit",
    "schaft",
    "ion",
    "ismus",
    "tät",
    "erei",
    "wesen",
    "technik",
    "vertrieb",
    "einkauf",
    "markt",
    "wirtschaft",
)


def add_acronyms(reading: Reading, spans: list[Name], taken: list[bool]) -> None:
    """ "Lokale Nahverkehrsgesellschaft (LNVG)": the acronym names the same organisation."""
    for name in list(spans):
        i = name.last
        if name.label != "ORG" or i + 2 >= len(reading) or reading.words[i] != "(" or reading.words[i + 2] != ")":
            continue
        word = reading.words[i + 1]
        if 2 <= len(word) <= 8 and sum(c.isupper() for c in word) >= 2 and not taken[i + 1]:
            spans.append(make_name(reading, i + 1, i + 2, "ORG"))
            taken[i + 1] = True


def add_later_forms(reading: Reading, spans: list[Name], taken: list[bool], language: str) -> None:
    """Surnames of known people and short forms of known organisations, wherever they stand untagged."""
    surnames: set[str] = set()
    shorts: dict[str, None] = {}
    for name in spans:
        if name.label == "PER" and name.last - name.first > 1:
            surnames.add(surname(name.text))
        elif name.label == "ORG":
            words = name.text.split()
            if organisations.has_legal_form(name.text) and len(words) > 1 and len(words[0]) > 3:
                shorts[words[0]] = None
            if len(words) == 1 and len(name.text) > 2 and (name.text.isupper() or not name.text[1:].islower()):
                shorts[name.text] = None
    given = given_names()
    shorts = {s: None for s in shorts if s.lower() not in given and s not in surnames and s[0].isupper()}
    for i, word in enumerate(reading.words):
        if taken[i]:
            continue
        bare = word.removesuffix("s")
        if word in surnames or (bare in surnames and len(bare) > 3):
            if role_vocabulary(language).lookup(word) is None or word in surnames:
                spans.append(make_name(reading, i, i + 1, "PER"))
                taken[i] = True
        elif word in shorts:
            spans.append(make_name(reading, i, i + 1, "ORG"))
            taken[i] = True


def add_compound_parts(reading: Reading, spans: list[Name], taken: list[bool], language: str) -> None:
    """ "VDX-Chef Müller": a name before a hyphen and a role is an organisation, when a person or an acronym shows it."""
    if language != "de":
        return
    vocabulary = role_vocabulary(language)
    words = reading.words
    people = {n.first for n in spans if n.label == "PER"}
    # Names also stand alone somewhere in the text, common nouns mostly after an article.
    alone = {
        words[i] for i in range(1, len(words))
        if (i + 1 == len(words) or words[i + 1] != "-") and words[i - 1] != "-" and words[i][0].isupper()
    }  # fmt: skip
    plain = {word for word in words if word.islower()}
    for i in range(len(words) - 2):
        word = words[i]
        if (
            words[i + 1] != "-"
            or taken[i]
            or taken[i + 2]
            or len(word) < 2
            or not word[0].isupper()
            or not word.isalpha()
        ):
            continue
        if reading.ends[i] != reading.starts[i + 1] or (i and words[i - 1] == "-"):
            continue
        if vocabulary.lookup(words[i + 2]) is None or vocabulary.lookup(word) is not None:
            continue
        if word.lower() in vocabulary.prefixes or organisations.is_generic_prefix(word.lower()):
            continue
        person = i + 3 in people or (i + 4 in people and words[i + 3] in ".,")
        # "Unia-Chef Pascal Pfister": an unknown word before a leading role and a name, unless it is a word of the text.
        leading = vocabulary.lookup(words[i + 2]) in _LEADING and word.lower() not in plain and not is_cue(word.lower())
        known = person and (word in alone or leading)
        if known or sum(c.isupper() for c in word) > 1:
            spans.append(make_name(reading, i, i + 1, "ORG"))
            taken[i] = True


_LEADING = (("executive", False), ("spokesperson", False), ("owner", False))


def add_bodies(reading: Reading, spans: list[Name], taken: list[bool], language: str) -> None:
    """ "Vorsitzende der Innenministerkonferenz": a noun that names a body, right after a role and an article."""
    if language != "de":
        return
    vocabulary = role_vocabulary(language)
    words, lowers = reading.words, reading.lowers
    for i in range(2, len(words)):
        if taken[i] or lowers[i - 1] not in ("der", "des") or len(words[i]) < 7 or not words[i][0].isupper():
            continue
        if taken[i - 2] or vocabulary.lookup(words[i - 2]) is None or lowers[i] in vocabulary.bodies:
            continue
        if organisations.is_body_noun(lowers[i]):
            last = i + 1
            while last < len(words) and taken[last] and reading.sentence[last] == reading.sentence[i]:
                break
            spans.append(make_name(reading, i, last, "ORG"))
            taken[i] = True


def drop_carriers(reading: Reading, spans: list[Name], taken: list[bool], language: str) -> None:
    """News agencies and platforms count only where a role hangs on them."""
    vocabulary = role_vocabulary(language)
    kept = []
    for name in spans:
        if name.label == "ORG" and (
            organisations.is_carrier(name.text)
            or (re.match(r"[\d.\s/]+", name.text) and re.search(r"\d\d\.\d\d\.|/", name.text))
        ):
            after = name.last + (1 if name.last < len(reading) and reading.words[name.last] == "-" else 0)
            before = name.first - 1
            if before >= 0 and reading.lowers[before] in ("von", "der", "bei", "of", "at"):
                before -= 1
            role = (after < len(reading) and vocabulary.lookup(reading.words[after]) is not None) or (
                before >= 0 and not taken[before] and vocabulary.lookup(reading.words[before]) is not None
            )
            if not role:
                continue
        if (
            (
                name.label == "ORG"
                and name.last - name.first == 1
                and organisations.is_generic_prefix(reading.lowers[name.first])
            )
            and name.last < len(reading)
            and reading.words[name.last] == "-"
        ):
            continue
        kept.append(name)
    spans[:] = kept


def places_of_office(reading: Reading, spans: list[Name], language: str) -> None:
    """ "Bürgermeister von Ortenberg": the place beside an office of a town or country is the body."""
    vocabulary = role_vocabulary(language)
    words, lowers = reading.words, reading.lowers
    for name in spans:
        if name.label != "LOC":
            continue
        before = name.first - 1
        if before >= 0 and lowers[before] in ("von", "of", "in", "aus", "stadt", "gemeinde", "kreis"):
            before -= 1
            if before >= 0 and lowers[before] in ("der", "des", "the", "stadt"):
                before -= 1
        after = name.last
        if (
            before >= 0 and before < name.first - 1 and vocabulary.is_office(words[before])
            and reading.sentence[before] == reading.sentence[name.first]
        ) or (after < len(words) and name.text.endswith("s") and vocabulary.is_office(words[after])):  # fmt: skip
            name.label, name.governed = "ORG", True
            if name.text.endswith("s") and after < len(words) and vocabulary.is_office(words[after]):
                name.text = name.text[:-1]
    governed = {name.last: name for name in spans if name.governed}
    for name in spans:  # "Staatsanwälte von New York und Massachusetts"
        if name.label == "LOC" and lowers[name.first - 1] in ("und", "and") and name.first - 1 in governed:
            name.label, name.governed = "ORG", True


_LONGEST_NOUN = 30  # letters of a noun that begins a compound


def places_of_roles(reading: Reading, spans: list[Name], language: str) -> None:
    """ "Nationalpark-Leiter" beside the place "Nationalpark Hainich": a role that begins with it shows an organisation."""
    if language != "de":
        return
    places = [n for n in spans if n.label == "LOC" and n.last - n.first > 1 and len(reading.words[n.first]) > 2]
    if not places:
        return
    vocabulary = role_vocabulary(language)
    heads = {
        reading.lowers[i - 2 if reading.words[i - 1] == "-" and i > 1 else i]
        for i, word in enumerate(reading.words) if vocabulary.lookup(word) is not None
    }  # fmt: skip
    nouns = {reading.lowers[name.first] for name in places}
    shown = {
        head[:size] for head in heads for size in range(3, min(len(head), _LONGEST_NOUN) + 1)
        if head[:size] in nouns and (size == len(head) or size + 3 < len(head))
    }  # fmt: skip
    for name in places:
        if reading.lowers[name.first] in shown:
            name.label = "ORG"


def add_known_forms(reading: Reading, spans: list[Name], taken: list[bool]) -> None:
    """The full form of a well-known short form that the text names: "UN" and "Vereinte Nationen"."""
    aliases = organisations.aliases()
    wanted = {aliases[core] for n in spans if n.label == "ORG" and (core := organisations.core(n.text)) in aliases}
    for full in wanted:
        for i in range(len(reading) - len(full) + 1):
            if (
                not taken[i]
                and tuple(organisations.stem(w) for w in reading.lowers[i : i + len(full)]) == full
                and not any(taken[i : i + len(full)])
            ):
                spans.append(make_name(reading, i, i + len(full), "ORG"))
                taken[i : i + len(full)] = [True] * len(full)


def drop_modifiers(reading: Reading, spans: list[Name], language: str) -> None:
    """ "Kölner TV-Dienstleister Wige Media": what stands before a hyphen and a noun for firms tells the trade, no name."""
    if language != "de":
        return
    begins = {n.first for n in spans if n.label == "ORG"}
    words = reading.words
    spans[:] = [
        n for n in spans
        if not (
            n.label == "ORG" and n.last + 1 < len(words) and words[n.last] == "-"
            and reading.starts[n.last] == reading.ends[n.last - 1]
            and is_cue(reading.lowers[n.last + 1]) and n.last + 2 in begins
        )
    ]  # fmt: skip
