"""The component `opener_name_rules`: entities of a German document mended by what the whole document says of them.

The recogniser reads a few words at a time. These rules look at the words right beside a name ("Modekette Anna Berg",
"Berg-Aktie", "Hurrikan Berta") and at all places where the same words stand: one name has one label in one text, and a
name that is clear in one place is marked in the others too. Linear in the length of the document.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from enrich.name_rules.borders import mended
from enrich.name_rules.kinds import merged, shown
from enrich.name_rules.words import LEGAL, before, hyphen_at, is_given, vocabulary

_OPENING = frozenset("„“\"'«»‚‘")
_CLOSING = frozenset("“”\"'«»‘’")
_LONGEST = 7  # words of a name that is found by its legal form or the word before it


@Language.factory("opener_name_rules", assigns=["doc.ents"], requires=["doc.ents"])
def make_name_rules(nlp: Language, name: str) -> NameRules:
    """Factory of the component; it has no settings and nothing to save."""
    return NameRules()


class NameRules:
    """Mends `doc.ents`; a document without entities is returned as it is."""

    def __call__(self, doc: Doc) -> Doc:
        """Return the document with its entities mended."""
        if doc.ents:
            spans = _legal_tails(doc, [part for span in doc.ents for part in mended(doc, span)])
            spans = _relabelled(doc, _with_nicknames(doc, _without_namesakes(doc, spans)))
            spans = filter_spans([*spans, *_introduced(doc, spans)])
            spans = merged(spans, filter_spans(shown(doc, spans)))
            doc.set_ents(filter_spans([*spans, *_seen_elsewhere(doc, spans)]))
        return doc


def _without_namesakes(doc: Doc, spans: list[Span]) -> list[Span]:
    """Leave out storms, songs, airports and saints that were taken for people: "Hurrikan Berta", "St. Peter und Paul"."""
    words = vocabulary()
    text = doc.text.lower()
    stormy = sum(text.count(ending) for ending in words["storms"].endings) > 1 and (
        sum(token.text in words["storms"] for token in doc) > 1
    )
    others: set[str] = set()
    people = {word for s in spans if s.label_ == "PER" and len(s) > 1 for word in s.text.split()}
    saints: list[Span] = []
    for span in spans:
        if span.label_ != "PER":
            continue
        at = before(doc, span.start)
        beside = doc[at].text if at >= 0 else ""
        alone = len(span) == 1 and span.text not in people
        if beside in words["works"] or (alone and (beside in words["storms"] or (stormy and is_given(span.text)))):
            others.add(span.text)
        if _is_saint(doc, span.start) or (len(span) > 1 and _is_saint(doc, span.start + 1)):
            saints.append(span)
    return [s for s in spans if not (s.label_ == "PER" and (s.text in others or s in saints))]


def _with_nicknames(doc: Doc, spans: list[Span]) -> list[Span]:
    """One name where a nickname in quotation marks stands between: "Uta „Ute“ Berg"."""
    whole: list[Span] = []
    for span in spans:
        if span.label_ == "PER":
            for i in (span.end, span.start - 3):  # the opening mark behind the given name, or before the surname
                if 0 < i < len(doc) - 3 and _is_nickname(doc, i):
                    whole.append(Span(doc, i - 1, i + 4, "PER"))
    whole = filter_spans(whole)
    taken = {i for span in whole for i in range(span.start, span.end)}
    return [*(s for s in spans if s.start not in taken and s.end - 1 not in taken), *whole]


def _is_nickname(doc: Doc, index: int) -> bool:
    """Whether a nickname in quotation marks begins here, a given name before it and a surname behind."""
    if doc[index].text not in _OPENING or doc[index + 2].text not in _CLOSING:
        return False
    return is_given(doc[index - 1].text) and doc[index + 1].text[0].isupper() and doc[index + 3].text[0].isupper()


def _is_saint(doc: Doc, index: int) -> bool:
    """Whether a saint's name starts at the token: after "St." or "Sankt", or after such a one and "und"."""
    words = vocabulary()
    for _ in range(2):
        at = index - 1
        if at >= 1 and doc[at].text == ".":
            at -= 1
        if at >= 0 and doc[at].lower_.rstrip(".") in words["saints"]:
            return True
        if at < 2 or doc[at].lower_ != "und":
            return False
        index = at - 1  # "St. Peter und Paul"
    return False


def _relabelled(doc: Doc, spans: list[Span]) -> list[Span]:
    """People that the words beside them or most places of the text show to be organisations, and the other way."""
    votes: dict[str, Counter[str]] = {}
    surnames = {s[-1].text for s in spans if s.label_ == "PER" and len(s) > 1}
    for span in spans:
        if span.label_ in ("PER", "ORG"):
            votes.setdefault(span.text, Counter())[span.label_] += 1
            if span.label_ == "PER" and _shown_as_organisation(doc, span):
                votes[span.text]["ORG"] += 3
            elif span.label_ == "ORG" and _shown_as_person(doc, span):
                votes[span.text]["PER"] += 3
    result = []
    for span in spans:
        label = span.label_
        if label in ("PER", "ORG"):
            people, organisations = votes[span.text]["PER"], votes[span.text]["ORG"]
            if people != organisations:
                label = "PER" if people > organisations else "ORG"
            elif span.text in surnames or is_given(span[0].text) or _is_full_name(span):
                label = "PER"
        result.append(span if label == span.label_ else Span(doc, span.start, span.end, label))
    return result


def _is_full_name(span: Span) -> bool:
    return 1 < len(span) < 4 and all(token.text[0].isupper() and token.is_alpha for token in span)


def _shown_as_organisation(doc: Doc, span: Span) -> bool:
    words = vocabulary()
    if len(span) > 1 and (
        span[0].text in words["heads"] or span[-1].text in words["tails"] or any(t.text in ("&", "+") for t in span)
    ):
        return True
    given = is_given(span[0].text)
    if hyphen_at(doc, span.end) and doc[span.end + 1].lower_ in words["shares"].whole and not (given and len(span) > 1):
        return True
    at = before(doc, span.start)
    if at < 0 or not doc[at].text[0].isupper() or doc[at].ent_type_:
        return False
    if given and len(span) == 1:
        return False
    # "Der Chef der Agentur Anna Berg": she is the chief. "Die Agentur Anna Berg": it is the agency.
    article = doc[at - 1].lower_ if at else ""
    of_someone = article in ("der", "des") and at > 1 and doc[at - 2].text[0].isupper()
    if doc[at].text in words["things"]:
        return not (given and of_someone)
    return doc[at].text in words["traders"] and not given and not of_someone


def _shown_as_person(doc: Doc, span: Span) -> bool:
    """Whether a title or a caption's word stands before: "Frau Berg", "rechts Uta Berg"; or only a letter follows."""
    at = before(doc, span.start)
    if at >= 1 and doc[at].text == ".":
        at -= 1
    if at >= 0 and doc[at].lower_ in vocabulary()["titles"].whole and span[0].text[0].isupper() and len(span) < 4:
        return not any(token.text in vocabulary()["seats"] or LEGAL.match(token.text) for token in span)
    return len(span) == 2 and is_given(span[0].text) and len(span[1].text.rstrip(".")) == 1


def _legal_tails(doc: Doc, spans: list[Span]) -> list[Span]:
    """Names with their legal form: "Berg" before ", Inc." grows, and "Berg Optik GmbH" that nobody saw is found."""
    words = vocabulary()
    of_token = {token.i: span for span in spans for token in span}
    grown: list[Span] = []
    for token in doc:
        if not LEGAL.match(token.text) or token.i == 0 or token.i in of_token or hyphen_at(doc, token.i - 1):
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
        if start and token.i - start > 2 and doc[start - 1].lower_ in ("im", "am", "ins", "zum"):
            start += 1  # "im Sportsektor Berg Optik GmbH": a firm with a legal form stands after "der" or bare
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
        return hyphen_at(doc, index)
    return token.text[0].isupper() or token.text in ("&", "+") or token.is_digit


def _seen_elsewhere(doc: Doc, spans: list[Span]) -> Iterator[Span]:
    """Other places of names that are clear: organisations of several words or odd letters, surnames of people."""
    forms: dict[str, dict[tuple[str, ...], str]] = {}
    count = Counter(s.text for s in spans if s.label_ == "ORG")
    for span in spans:
        tokens = tuple(token.text for token in span)
        if span.label_ == "ORG" and _is_distinct(tokens, count[span.text]):
            forms.setdefault(tokens[0], {}).setdefault(tokens, "ORG")
        elif span.label_ == "PER" and 1 < len(tokens) < 5 and is_given(tokens[0]):
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


def _introduced(doc: Doc, spans: list[Span]) -> Iterator[Span]:
    """Coined names after a word that says what they are, "die Airline novaflug": the language does not know them."""
    firms = vocabulary()["firms"]
    taken = {i for span in spans for i in range(span.start, span.end)}
    for token in doc[:-1]:
        if token.text not in firms or token.whitespace_ != " ":
            continue
        start = token.i + 1
        if doc[start].text in ("„", "«", "»", '"') and start + 1 < len(doc):
            start += 1
        name = doc[start]
        if (
            start in taken
            or len(name) < 3
            or name.has_vector
            or not (name.is_alpha or "." in name.text[1:-1] or "&" in name.text)
        ):
            continue
        end = start + 1
        longest = min(len(doc), start + _LONGEST)  # a page of capitalised words must not take the square of its length
        while end < longest and end not in taken and doc[end].text[0].isupper() and doc[end - 1].whitespace_ == " ":
            end += 1
        yield Span(doc, start, end, "ORG")


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
