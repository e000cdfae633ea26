"""Where a name begins and ends: compounds, accounts, particles, what hangs on a name and what does not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc, Span

from enrich.name_rules.words import hyphen_at, is_given, vocabulary

_NATION = re.compile(r"^[a-zäöüß]+(?:isch|deutsch)(?:e[nrs]?)$|^deutsche[nrs]?$")


def mended(doc: Doc, span: Span) -> Iterator[Span]:
    """One span with its borders mended; "SBB / ÖBB" gives two, an address of a page gives none."""
    start, end, label = span.start, span.end, span.label_
    if label == "ORG":
        if span.text.startswith(("www.", "http")):
            return
        for i in range(start + 1, end - 1):
            if doc[i].text == "/" and doc[i].whitespace_ and doc[i - 1].whitespace_ and doc[i - 1].text != "-":
                yield Span(doc, start, i, label)
                start = i + 1
        at = _of_another(doc, start, end)
        if at:
            yield Span(doc, at + 1, end, label)
            end = at
        start, end = _organisation(doc, start, end)
    elif label == "PER":
        end = _person_end(doc, start, end)
    if start > 0 and doc[start - 1].text == "@" and not doc[start - 1].whitespace_ and label != "LOC":
        end = _account_end(doc, end)
    if start < end:
        yield Span(doc, start, end, label) if (start, end) != (span.start, span.end) else span


def _organisation(doc: Doc, start: int, end: int) -> tuple[int, int]:
    words = vocabulary()
    first, whole = doc[start], end - start
    # "deutsche Berg AG": the adjective tells of the firm, it is not its name.
    if end - start > 1 and _NATION.search(first.text) and doc[start + 1].text[0].isupper():
        start += 1
    # "die Gewerkschaft am Sonntag", "das Institut der": times and articles hang on behind.
    for i in range(start + 1, end):
        generic = doc[i - 1].text in words["seats"] or doc[i - 1].text in words["things"]
        if (
            generic
            and doc[i].lower_ in ("am", "im", "seit", "vom")
            and i + 1 < end
            and doc[i + 1].text in words["times"]
        ):
            end = i
            break
    while end - start > 1 and (
        doc[end - 1].text in words["articles"] or doc[end - 1].lower_ in ("am", "im", "in", "und")
    ):
        end -= 1
    if end < len(doc) and doc[end - 1].text in ("&", "+") and doc[end].is_alpha:
        end += 1  # "Masche &" mehr
    # Berg "Hoch- und Tiefbau GmbH"
    if end - start > 3 and doc[start + 1].text == "-" and doc[start + 2].lower_ in ("und", "&") and start > 0:
        before = doc[start - 1]
        if (
            before.whitespace_ == " "
            and before.is_title
            and not before.ent_type_
            and before.text not in words["articles"]
        ):
            start -= 1
    if (
        end - start == 1
        and end - start < whole
        and (doc[start].text in words["seats"] or doc[start].text in words["things"])
    ):
        return start, start  # "die deutsche Agentur", "die Gewerkschaft am Sonntag": no name at all
    # "Berg-Papier" speaks of Berg, the "Berg-Institut" is called so.
    while end - start > 2 and doc[end - 2].text == "-" and doc[end - 1].lower_ in words["shares"].whole:
        end -= 2
    if hyphen_at(doc, end) and doc[end + 1].text in words["bodies"] and not doc[end + 1].ent_type_:
        end += 2
    # "Deutsche Gesellschaft" für Holzforschung; "Musikverein" Quellstadt.
    if end + 1 < len(doc) and doc[end - 1].text in words["seats"]:
        if doc[end].lower_ == "für" and doc[end + 1].text[0].isupper() and not doc[end + 1].ent_type_:
            end += 2
            if end + 1 < len(doc) and doc[end].lower_ == "und" and doc[end + 1].text[0].isupper():
                end += 2
        elif doc[end].ent_type_ == "LOC" and doc[end].text[0].isupper() and doc[end - 1].whitespace_ == " ":
            while end < len(doc) and doc[end].ent_type_ == "LOC" and doc[end].ent_iob_ in ("I", "B"):
                end += 1
                if end < len(doc) and doc[end].ent_iob_ == "B":
                    break
    # "Stiftung für Wissenschaft" und Politik
    if (
        end + 1 < len(doc) and doc[end].lower_ == "und" and end - start > 1 and doc[end - 2].lower_ == "für"
        and doc[end + 1].text[0].isupper() and doc[end + 1].ent_type_ in ("", "LOC")
    ):  # fmt: skip
        end += 2
    if end < len(doc) and doc[end].text in ("e.V.", "e.K.") and doc[end - 1].whitespace_:
        end += 1
    elif end + 1 < len(doc) and doc[end].text == "e." and doc[end + 1].text in ("V.", "K."):
        end += 2
    return start, end


def _of_another(doc: Doc, start: int, end: int) -> int:
    """Where "Institut für Technik der Hochschule Berg" becomes two: the index of "der"; 0 for one name."""
    seats = vocabulary()["seats"]
    for i in range(start + 1, end - 1):
        if doc[i].lower_ in ("der", "des") and doc[i + 1].text in seats and any(t.text in seats for t in doc[start:i]):
            return i
    return 0


def _person_end(doc: Doc, start: int, end: int) -> int:
    """The end of a name cut at its particle or hash: "Isa von" der Mühlen, "Isa" #Berg."""
    hashed = end - start == 1 and end + 1 < len(doc) and doc[end].text == "#" and not doc[end].whitespace_
    if hashed and is_given(doc[start].text) and doc[end + 1].text[0].isupper() and not doc[end + 1].ent_type_:
        return end + 2
    particles = vocabulary()["particles"]
    last = end
    while last < len(doc) - 1 and doc[last].lower_ in particles.whole and doc[last].is_lower:
        last += 1
    cut = doc[end - 1].is_lower and doc[end - 1].text in particles
    if cut and last < len(doc) and doc[last].text[0].isupper() and not doc[last].ent_type_:
        return last + 1
    return end


def _account_end(doc: Doc, end: int) -> int:
    """The end of an account's name, which runs to the next space or colon: "@SBB_Info"."""
    while end < len(doc) and not doc[end - 1].whitespace_ and (doc[end].text == "_" or doc[end].text.isalnum()):
        end += 1
    return end
