"""Organisations that the recogniser left out and that the words around them show: what they are, or whose they are.

"Polizeidirektion Quellstadt", "Orthopädietechnik Berg", "Berg Verpackungen", "novadent-Vorstand Uta Berg", "(kurz NVD)".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Span

from enrich.name_rules.words import LEGAL, hyphen_at, is_given, list_of, vocabulary

_LONGEST = 4  # words of a name
_LONGEST_TAIL = 6  # words of "& Söhne GmbH & Co. KG"
_KINDS = ("heads", "tails", "offices", "called")
_PREPOSITIONS = frozenset(["von", "bei", "beim", "vom", "für"])
_BEFORE = ("am", "an", "beim", "im", "vom", "von", "zum", "zur", "bei", "in")
_ADJECTIVE = ("e", "en", "em", "er", "es", "t", "te", "ten")


def shown(doc: Doc, spans: list[Span]) -> Iterator[Span]:
    """Organisations to add; one that takes in a place of `spans` ("Sparkasse" Quellstadt) is longer than that place."""
    of_token = {token.i: span for span in spans for token in span}
    for index, token in enumerate(doc):
        if index in of_token:
            continue
        text = token.text
        if text[0].isupper():
            yield from _by_kind(doc, index, text, of_token)
        elif text == "-" and hyphen_at(doc, index):
            yield from _of_role(doc, index, of_token)
            yield from _compound(doc, index, of_token)
        elif text in _PREPOSITIONS:
            yield from _of_someone(doc, index, of_token)
    for span in spans:
        if span.label_ == "ORG":
            yield from _short_form(doc, span.end, of_token)


def _by_kind(doc: Doc, index: int, text: str, of_token: dict[int, Span]) -> Iterator[Span]:
    """Names that begin, end or are introduced with the noun at `index`."""
    kind = list_of(text, _KINDS)
    if not kind:
        return
    spaced = doc[index].whitespace_ == " "
    if kind != "tails" and spaced and (kind == "called" or text.lower() in vocabulary()["called"].whole):
        yield from _called(doc, index, of_token)
    elif kind == "heads":
        yield from _headed(doc, index, of_token)
    elif kind == "tails":
        yield from _tailed(doc, index, of_token)
    elif kind == "offices":
        yield from _office(doc, index)


def _headed(doc: Doc, start: int, of_token: dict[int, Span]) -> Iterator[Span]:
    """ "Amtsgericht" Quellstadt, "Apotheke" am Markt: the word and the name behind it, where no other name stands there."""
    words = vocabulary()
    if (
        hyphen_at(doc, start - 1)
        or hyphen_at(doc, start + 1)
        or (doc[start].is_upper and doc[start + 1 : start + 2].text.isupper())
    ):
        return  # a compound, or a headline in capitals, where a verb may follow
    end = start + 1
    lower = doc[start].text.lower()
    if (
        lower.endswith(words["at_a_place"].endings)
        and end < len(doc)
        and doc[end].text in ("am", "an", "im", "zum", "zur")
    ):
        end += 1
        if end < len(doc) and doc[end].text in ("der", "den", "dem"):
            end += 1
        if end < len(doc) and _is_name(doc, end, end) and doc[end].text not in words["no_names"]:
            yield Span(doc, start, end + 1, "ORG")
        return
    while end < len(doc) and end - start < _LONGEST and _is_name(doc, end, start):
        if doc[end].text in words["no_names"] or doc[end].text in words["articles"]:
            break
        span = of_token.get(end)
        if span is not None and (span.label_ != "LOC" or span.start != end):
            return
        end = span.end if span is not None else end + 1
        if span is not None:
            break
    if end == start + 1 or doc[end : end + 1].text == "-":
        return
    end = _grown(doc, end, of_token)
    if start > 2 and doc[start - 1].lower_ == "und" and doc[start - 2].text == "-" and doc[start - 3].text[0].isupper():
        start -= 3  # "Handels- und" Gewerbeverein Quellstadt
    elif start > 1 and start - 1 not in of_token and _opens_name(doc, start - 1):
        start -= 1  # "Freiwillige" Feuerwehr Quellstadt
    yield Span(doc, start, end, "ORG")


def _opens_name(doc: Doc, index: int) -> bool:
    """Whether an adjective with a capital stands here inside a sentence: it is a part of the name."""
    word, before = doc[index], doc[index - 1].lower_
    behind = before in vocabulary()["articles"].whole or before in _BEFORE
    return behind and word.is_title and word.text.endswith(_ADJECTIVE[:5])


def _grown(doc: Doc, end: int, of_token: dict[int, Span]) -> int:
    """The end of a name with what may follow it: "& Söhne", a legal form."""
    last = end + _LONGEST_TAIL
    while end + 1 < len(doc) and end < last and end not in of_token:
        if doc[end].text in ("&", "+") and doc[end + 1].text[0].isupper() and end + 1 not in of_token:
            end += 2
        elif LEGAL.match(doc[end].text) or doc[end].text in ("e.V.", "e.K."):
            end += 1
        elif doc[end].text == "e." and doc[end + 1].text in ("V.", "K."):
            end += 2
        else:
            break
    return end


def _is_name(doc: Doc, index: int, start: int) -> bool:
    token = doc[index]
    beside = index == start or doc[index - 1].whitespace_ == " "
    return beside and token.text[0].isupper() and len(token) > 1 and (token.is_alpha or token.text == "St.")


def _of_someone(doc: Doc, preposition: int, of_token: dict[int, Span]) -> Iterator[Span]:
    """Uta Berg von "Novadent", Werkleiterin bei "Novadent", bisher bei "Novadent": whom someone works for.

    After an article or "vom" and "beim" a common noun may stand, so only words that the language does not know count.
    """
    words = vocabulary()
    word, before = doc[preposition].lower_, doc[preposition - 1] if preposition else None
    at = preposition + 1
    if before is None or at >= len(doc):
        return
    person = of_token.get(preposition - 1)
    someone = (
        (person is not None and person.label_ == "PER" and len(person) > 1 and word != "für")
        or (person is None and before.text[0].isupper() and before.text in words["posts"] and word != "für")
        or (before.lower_ in words["until_now"].whole and word in ("bei", "beim", "für"))
    )
    bare = word not in ("vom", "beim")
    if doc[at].lower_ in ("der", "dem", "den"):
        at += 1
        bare = False
    occasion = person is not None and not bare and word in ("bei", "beim")  # Uta Berg bei der "Bilanzvorlage"
    if not someone or occasion or at >= len(doc) or at in of_token:
        return
    while (
        at + 1 < len(doc)
        and _is_name(doc, at + 1, 0)
        and (doc[at].text in words["called"] or doc[at].text in words["common"])
    ):
        at += 1  # the kind of firm before its name
    end = at
    while (
        end < len(doc)
        and end - at < _LONGEST
        and end not in of_token
        and (_is_name(doc, end, at) or _is_coined(doc, end))
    ):
        if doc[end].text in words["no_names"] or doc[end].text in words["articles"]:
            break
        end += 1
        while hyphen_at(doc, end) and end + 1 not in of_token:
            end += 2
        if end + 1 < len(doc) and doc[end].text == "&" and end + 1 not in of_token:
            end += 2
    known = doc[at].has_vector and not any(token.text in "-&" for token in doc[at:end])
    if end == at or end in of_token or doc[end : end + 1].text == "-" or (known and not bare):
        return
    if doc[end : end + 1].text not in ("für", "des"):
        yield Span(doc, at, _grown(doc, end, of_token), "ORG")


def _is_coined(doc: Doc, index: int) -> bool:
    """A word in small letters that the language does not know: "novadent", "enviaM", "licht&laut"."""
    text = doc[index].text
    letters = text.replace("&", "")
    if doc[index].has_vector or not text[0].islower() or not letters.isalpha() or len(text) < 4:
        return False
    return letters != text or not text.endswith(_ADJECTIVE)


def _office(doc: Doc, index: int) -> Iterator[Span]:
    """The "Verkehrsministerium" of a country, which needs no name of its own; not the "Ministerium für Verkehr"."""
    alone = (
        not hyphen_at(doc, index - 1)
        and not hyphen_at(doc, index + 1)
        and not doc[index].lower_.startswith("ministerium")
    )
    if alone and not (
        index + 1 < len(doc) and (doc[index + 1].text in ("für", "der", "des") or _is_name(doc, index + 1, 0))
    ):
        yield Span(doc, index, index + 1, "ORG")


def _called(doc: Doc, index: int, of_token: dict[int, Span]) -> Iterator[Span]:
    """What stands behind "Firma" is its name, also a common noun: Firma "Tuchfühlung"."""
    words = vocabulary()
    end = index + 1
    many = doc[index].lower_ == "unternehmen" and (
        index == 0 or doc[index - 1].lower_ not in ("das", "dem", "vom", "beim")
    )
    if many or hyphen_at(doc, index - 1) or (end < len(doc) and is_given(doc[end].text)):
        return
    while end < len(doc) and end - index < _LONGEST and end not in of_token and _is_name(doc, end, index + 1):
        if doc[end].text in words["no_names"] or doc[end].text in words["articles"]:
            break
        end += 1
    if end == index + 1 or end in of_token or doc[end : end + 1].text == "-":
        return
    yield Span(doc, index + 1, _grown(doc, end, of_token), "ORG")


def _compound(doc: Doc, hyphen: int, of_token: dict[int, Span]) -> Iterator[Span]:
    """Löwen "-Apotheke": a compound of a name and the kind of an organisation."""
    if (
        doc[hyphen + 1].text.lower() not in vocabulary()["kinds"].whole
        or hyphen_at(doc, hyphen + 2)
        or hyphen + 1 in of_token
    ):
        return
    start = hyphen - 1
    while hyphen_at(doc, start - 1):
        start -= 2
    inside = {of_token[i] for i in range(start, hyphen) if i in of_token}
    if doc[start].text[0].isupper() and all(s.label_ == "LOC" and s.start >= start for s in inside):
        yield Span(doc, start, hyphen + 2, "ORG")


def _tailed(doc: Doc, index: int, of_token: dict[int, Span]) -> Iterator[Span]:
    """Berg "Verpackungen": one or two words before a trade that stands behind a name and nowhere else."""
    words = vocabulary()
    if index + 1 < len(doc) and (doc[index + 1].text in ("-", "&", "und") or _is_name(doc, index + 1, 0)):
        return
    start = index
    while start > 0 and index - start < 2 and _is_name(doc, start - 1, start - 1) and doc[start - 1].whitespace_ == " ":
        before = doc[start - 1]
        if start - 1 in of_token or before.text in words["common"] or before.text in words["articles"]:
            break
        start -= 1
    small = doc[start - 1] if start == index and start > 0 else None
    if small is not None and small.whitespace_ == " " and start - 1 not in of_token and _is_coined(doc, start - 1):
        yield Span(doc, start - 1, index + 1, "ORG")
    if start > 0 and doc[start - 1].text in ("&", "+"):
        return
    opens = start == 0 or doc[start - 1].text in ".!?:" or doc[start - 1].is_space
    if start < index and not (opens and index - start == 1) and not hyphen_at(doc, start - 1):
        yield Span(doc, start, index + 1, "ORG")


def _of_role(doc: Doc, hyphen: int, of_token: dict[int, Span]) -> Iterator[Span]:
    """novadent "-Vorstand Uta Berg": what stands before the role of a person who is named is that person's organisation."""
    words = vocabulary()
    role = doc[hyphen + 1]
    person = of_token.get(hyphen + 2)
    if not role.text[0].isupper() or role.text not in words["chiefs"] or person is None or person.label_ != "PER":
        return
    start = hyphen - 1
    while (
        hyphen_at(doc, start - 1)
        and start - 2 not in of_token
        and doc[start - 2].text.lower() not in words["fields"].whole
    ):
        start -= 2
    if hyphen_at(doc, start - 1) and start - 2 in of_token:  # "Berg-Video-Chef" where Berg is found
        return
    inside = range(start, hyphen)
    name = doc[start].text
    if (
        any(i in of_token for i in inside)
        or name.lower() in words["fields"].whole
        or is_given(name)
        or not name[0].isalpha()
    ):
        return
    yield Span(doc, start, hyphen, "ORG")


def _short_form(doc: Doc, end: int, of_token: dict[int, Span]) -> Iterator[Span]:
    """ "Netzwerk Verkehrsdaten (NVD)" and ", kurz NVD": capitals in brackets behind an organisation are its short form."""
    if end + 2 >= len(doc) or doc[end].text not in ("(", ","):
        return
    at = end + 1
    if doc[at].lower_ == "kurz":
        at += 1
    elif doc[end].text == ",":
        return
    closed = at + 1 < len(doc) and (doc[at + 1].text in (")", ",", ".") or doc[end].text == ",")
    text = doc[at].text
    if closed and at not in of_token and text.isupper() and text.isalpha() and 1 < len(text) < 7:
        yield Span(doc, at, at + 1, "ORG")


def merged(spans: Iterable[Span], added: Iterable[Span]) -> list[Span]:
    """The spans and the added ones, which take the place of what they cover."""
    new = list(added)
    covered = {i for span in new for i in range(span.start, span.end)}
    return [*(s for s in spans if s.start not in covered), *new]
