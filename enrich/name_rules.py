"""The component `opener_name_rules`: entities of a German document mended by what the whole document says of them.

The recogniser reads a few words at a time. These rules look at the words right beside a name ("Modekette Anna Berg",
"Berg-Aktie", "Hurrikan Berta") and at all places where the same words stand: one name has one label in one text, and a
name that is clear in one place is marked in the others too. Linear in the length of the document.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import yaml
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

import data

_LEGAL = re.compile(r"(?:g?GmbH|mbH|AG|SE|KGaA|KG|OHG|eG|UG|GbR|plc|PLC|Ltd|Inc|LLC|Corp|S\.A)\.?$")
_LONGEST = 7  # words of a name that is found by its legal form


@dataclass(frozen=True, slots=True)
class _Words:
    """Words of one list of `data/name_rules.yml`: whole ones and endings."""

    whole: frozenset[str]
    endings: tuple[str, ...]

    def __contains__(self, word: str) -> bool:
        lower = word.lower()
        return lower in self.whole or (bool(self.endings) and lower.endswith(self.endings))


@cache
def _vocabulary() -> dict[str, _Words]:
    lists = yaml.safe_load(data.path("name_rules.yml").read_text("utf-8"))
    return {
        name: _Words(
            frozenset(w for w in words.split() if not w.startswith("-")),
            tuple(w[1:] for w in words.split() if w.startswith("-")),
        )
        for name, words in lists.items()
    }


@cache
def _given_names() -> frozenset[str]:
    names = yaml.safe_load(data.path("event_given_names.yml").read_text("utf-8"))["names"]
    return frozenset(names.lower().split())


@Language.factory("opener_name_rules", assigns=["doc.ents"], requires=["doc.ents"])
def make_name_rules(nlp: Language, name: str) -> NameRules:
    """Factory of the component; it has no settings and nothing to save."""
    return NameRules()


class NameRules:
    """Mends `doc.ents`; a document without entities is returned as it is."""

    def __call__(self, doc: Doc) -> Doc:
        """Return the document with its entities mended."""
        if doc.ents:
            spans = _legal_tails(doc, [part for span in doc.ents for part in _mended(doc, span)])
            spans = _relabelled(doc, _without_namesakes(doc, spans))
            doc.set_ents(filter_spans([*spans, *_seen_elsewhere(doc, spans)]))
        return doc


def _is_given(word: str) -> bool:
    return word.lower().partition("-")[0] in _given_names()


def _before(doc: Doc, index: int) -> int:
    """The index of the word before `index`, over quotation marks and "#"; -1 when there is none."""
    index -= 1
    while index >= 0 and doc[index].text in ("„", "“", '"', "«", "»", "'", "#", "‚"):
        index -= 1
    return index


def _mended(doc: Doc, span: Span) -> Iterator[Span]:
    """One span with its borders mended: "SBB / ÖBB" is two, "Berg-Papier" ends early, "Berg"-Institut late."""
    words = _vocabulary()
    start, end, label = span.start, span.end, span.label_
    if label == "ORG":
        for i in range(start + 1, end - 1):
            if doc[i].text == "/" and doc[i].whitespace_ and doc[i - 1].whitespace_ and doc[i - 1].text != "-":
                yield Span(doc, start, i, label)
                start = i + 1
    while end - start > 2 and doc[end - 2].text == "-" and doc[end - 1].text.lower() in words["shares"].whole:
        end -= 2
    if label == "ORG" and _hyphen_at(doc, end) and doc[end + 1].text in words["bodies"] and not doc[end + 1].ent_type_:
        end += 2
    yield Span(doc, start, end, label) if (start, end) != (span.start, span.end) else span


def _hyphen_at(doc: Doc, index: int) -> bool:
    """Whether the token joins its neighbours to one word."""
    return (
        0 < index < len(doc) - 1 and doc[index].text == "-" and not doc[index - 1].whitespace_ + doc[index].whitespace_
    )


def _without_namesakes(doc: Doc, spans: list[Span]) -> list[Span]:
    """Leave out storms, songs and saints that were taken for people: "Hurrikan Berta", "St. Peter und Paul"."""
    words = _vocabulary()
    stormy = sum(token.text in words["storms"] for token in doc)
    others: set[str] = set()
    people = {word for s in spans if s.label_ == "PER" and len(s) > 1 for word in s.text.split()}
    saints: list[Span] = []
    for span in spans:
        if span.label_ != "PER":
            continue
        before = _before(doc, span.start)
        beside = doc[before].text if before >= 0 else ""
        alone = len(span) == 1 and span.text not in people
        if beside in words["works"] or (alone and (beside in words["storms"] or (stormy > 1 and _is_given(span.text)))):
            others.add(span.text)
        if _is_saint(doc, span.start) or (len(span) > 1 and _is_saint(doc, span.start + 1)):
            saints.append(span)
    return [s for s in spans if not (s.label_ == "PER" and (s.text in others or s in saints))]


def _is_saint(doc: Doc, index: int) -> bool:
    """Whether a saint's name starts at the token: after "St." or "Sankt", or after such a one and "und"."""
    words = _vocabulary()
    for _ in range(2):
        before = index - 1
        if before >= 1 and doc[before].text == ".":
            before -= 1
        if before >= 0 and doc[before].lower_.rstrip(".") in words["saints"]:
            return True
        if before < 2 or doc[before].lower_ != "und":
            return False
        index = before - 1  # "St. Peter und Paul"
    return False


def _relabelled(doc: Doc, spans: list[Span]) -> list[Span]:
    """People that the words beside them or most places of the text show to be organisations, and the other way."""
    votes: dict[str, Counter[str]] = {}
    surnames = {s[-1].text for s in spans if s.label_ == "PER" and len(s) > 1 and _is_given(s[0].text)}
    for span in spans:
        if span.label_ in ("PER", "ORG"):
            votes.setdefault(span.text, Counter())[span.label_] += 1
            if span.label_ == "PER" and _shown_as_organisation(doc, span):
                votes[span.text]["ORG"] += 3
    result = []
    for span in spans:
        vote = votes.get(span.text)
        if vote and len(vote) == 2 and span.label_ in ("PER", "ORG"):
            tie_for_person = _is_given(span[0].text) or span.text in surnames
            label = "PER" if vote["PER"] > vote["ORG"] or (vote["PER"] == vote["ORG"] and tie_for_person) else "ORG"
            result.append(Span(doc, span.start, span.end, label))
        else:
            result.append(span)
    return result


def _shown_as_organisation(doc: Doc, span: Span) -> bool:
    words = _vocabulary()
    given = _is_given(span[0].text)
    if (
        _hyphen_at(doc, span.end)
        and doc[span.end + 1].lower_ in words["shares"].whole
        and not (given and len(span) > 1)
    ):
        return True
    before = _before(doc, span.start)
    if before < 0 or not doc[before].text[0].isupper() or doc[before].ent_type_:
        return False
    if given and len(span) == 1:
        return False
    # "Der Chef der Agentur Anna Berg": she is the chief. "Die Agentur Anna Berg": it is the agency.
    article = doc[before - 1].lower_ if before else ""
    of_someone = article in ("der", "des") and before > 1 and doc[before - 2].text[0].isupper()
    if doc[before].text in words["things"]:
        return not (given and of_someone)
    return doc[before].text in words["traders"] and not given and not of_someone


def _legal_tails(doc: Doc, spans: list[Span]) -> list[Span]:
    """Names with their legal form: "Berg" before ", Inc." grows, and "Berg Optik GmbH" that nobody saw is found."""
    words = _vocabulary()
    of_token = {token.i: span for span in spans for token in span}
    grown: list[Span] = []
    for token in doc:
        if not _LEGAL.match(token.text) or token.i == 0 or token.i in of_token or _hyphen_at(doc, token.i - 1):
            continue
        end = token.i + 1
        start = token.i
        while start > 0 and token.i - start < _LONGEST and _joins(doc, start - 1):
            start -= 1
            if start in of_token:
                start = of_token[start].start
                break
        while start < token.i and (doc[start].is_punct or doc[start].text in words["articles"]):
            start += 1
        if start and start not in of_token and doc[start - 1].lower_ in ("und", "für"):
            continue  # the first half of the name stands before: better nothing than a half
        covered = {of_token[i] for i in range(start, end) if i in of_token}
        if start < token.i and all(s.label_ == "ORG" or s.end == token.i for s in covered):
            grown.append(Span(doc, start, end, "ORG"))
    taken = {i for span in grown for i in range(span.start, span.end)}
    return [*(s for s in spans if not any(i in taken for i in range(s.start, s.end))), *filter_spans(grown)]


def _joins(doc: Doc, index: int) -> bool:
    """Whether a token can be part of a name whose legal form follows."""
    token = doc[index]
    if token.is_space or "\n" in token.whitespace_:
        return False
    if token.text == ",":
        return doc[index + 1].text.startswith("Inc")
    if token.text == ".":
        return index > 0 and doc[index - 1].text in ("Bros", "St", "Dr", "Prof", "Gebr") and bool(token.whitespace_)
    if token.text == "-":
        return _hyphen_at(doc, index)
    return token.text[0].isupper() or token.text in ("&", "+") or token.is_digit


def _seen_elsewhere(doc: Doc, spans: list[Span]) -> Iterator[Span]:
    """Other places of names that are clear: organisations of several words or odd letters, surnames of people."""
    forms: dict[str, dict[tuple[str, ...], str]] = {}
    count = Counter(s.text for s in spans if s.label_ == "ORG")
    for span in spans:
        tokens = tuple(token.text for token in span)
        if span.label_ == "ORG" and _is_distinct(tokens, count[span.text]):
            forms.setdefault(tokens[0], {}).setdefault(tokens, "ORG")
        elif span.label_ == "PER" and 1 < len(tokens) < 5 and _is_given(tokens[0]):
            forms.setdefault(tokens[0], {}).setdefault(tokens, "PER")
            if len(tokens[-1]) > 3 and tokens[-1][0].isupper():
                forms.setdefault(tokens[-1], {}).setdefault(tokens[-1:], "PER")
    taken = {i for span in spans for i in range(span.start, span.end)}
    for token in doc:
        if token.i in taken or token.text not in forms:
            continue
        for words, label in forms[token.text].items():
            end = token.i + len(words)
            if end <= len(doc) and tuple(doc[i].text for i in range(token.i, end)) == words:
                alone = len(words) > 1 or label == "ORG" or _stands_alone(doc, token.i)
                if alone and not any(i in taken for i in range(token.i, end)):
                    yield Span(doc, token.i, end, label)


def _stands_alone(doc: Doc, index: int) -> bool:
    """Whether a surname has no noun beside it that would make it a part of another name: "Hof Berg", "Berg Papier"."""
    before, after = doc[index - 1] if index else None, doc[index + 1] if index + 1 < len(doc) else None
    if after is not None and (after.text[0].isupper() or after.text in ("-", "&", "+")):
        return False
    return before is None or not before.text[0].isupper() or before.text in ("Herr", "Herrn", "Frau", "Familie")


def _is_distinct(tokens: tuple[str, ...], count: int) -> bool:
    if len(tokens) > 1:
        if tokens[0].islower() and len(tokens) == 2 and tokens[0].isalpha():
            return False  # "deutsche Digitalagentur"
        return any(word[0].isupper() for word in tokens[1:]) or not tokens[0].islower()
    word = tokens[0]
    odd = sum(c.isupper() for c in word) > 1 or any(c.isdigit() or c in ".&" for c in word)
    return len(word) > 1 and (odd or count > 1)
