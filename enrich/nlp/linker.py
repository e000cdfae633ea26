"""Who holds which role at which organisation: candidates of every sentence, scored by the words between them.

A pair wins by evidence: a role beside the name, an organisation bound to that role ("Geschäftsführer der Koch
GmbH", "VW-Chef", "CEO of Acme"), brackets, appositions; distance and other names in between cost. What the
sentence leaves open is filled from the person's other sentences, then from the organisation the text is about.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from typing import Final

from spacy.tokens import Doc

from enrich.nlp.entities import Names, Person, Span, read_names
from enrich.nlp.vocabulary import Roles, org_kind, roles
from enrich.records import OrgKind, RoleLevel

BINDERS: Final = frozenset(
    [
        "der",
        "des",
        "von",
        "bei",
        "beim",
        "vom",
        "für",
        "im",
        "in",
        "dem",
        "den",
        "of",
        "at",
        "for",
        "with",
        "the",
        "zur",
        "zum",
        "am",
        "an",
    ]
)
_FORMER: Final = frozenset(
    ["ehemalige", "ehemaliger", "ehemaligen", "frühere", "früherer", "früheren", "ex", "vormalige", "vormaliger", "bisherige",
     "bisheriger", "bisherigen", "scheidende", "scheidender", "scheidenden", "former", "outgoing", "late", "langjährige", "ex-chef",
     "vorgänger", "vorgängerin", "altbürgermeister", "predecessor"]
)  # fmt: skip
_LEFT: Final = ("verlässt", "scheidet", "ausgeschieden", "in den ruhestand", "in ruhestand", "zurückgetreten", "tritt zurück", "folgt auf",
                "nachfolger von", "nachfolgerin von", "nachfolge von", "löst", "retired", "stepped down", "steps down", "succeeds",
                "retires", "takes over from", "verabschiedet", "verstorben", "abgelöst", "succeeding", "replaces")  # fmt: skip
_QUOTE: Final = frozenset(
    ["sagt", "sagte", "erklärt", "erklärte", "betont", "betonte", "so", "meint", "meinte", "erläutert", "erläuterte", "said", "says",
     "added", "explained", "berichtet", "berichtete", "kündigte", "teilte", "laut", "freut", "told"]
)  # fmt: skip
_STRONG: Final = 3.0
_NEEDED: Final = 2.2
WINDOW: Final = 40  # tokens to each side of a name in which an organisation is looked for
MAX_TOKENS: Final = 200_000


@dataclass(frozen=True, slots=True)
class RoleSpan:
    """A role in the text, token range [first, last)."""

    first: int
    last: int
    text: str
    level: RoleLevel
    former: bool


@dataclass(frozen=True, slots=True)
class Lead:
    """A person at an organisation; offsets of the proving sentence in the text, score as confidence 0..1."""

    person: str
    title: str | None
    role: str | None
    role_level: RoleLevel
    company: str
    org_kind: OrgKind
    place: str | None
    former: bool
    start: int
    end: int
    at: int  # offset of the name in the proving sentence
    confidence: float


def sentences(doc: Doc) -> list[tuple[int, int]]:
    """Return token ranges of sentences; a line break always ends one."""
    bounds = []
    first = 0
    for token in doc:
        if token.i > first and (token.is_sent_start or "\n" in doc[token.i - 1].text):
            bounds.append((first, token.i))
            first = token.i
    if first < len(doc):
        bounds.append((first, len(doc)))
    return bounds


def find_roles(doc: Doc, vocabulary: Roles, taken: set[int]) -> list[RoleSpan]:
    """Find all roles outside names, with adjectives before ("kaufmännischer") left to the word itself."""
    found: list[RoleSpan] = []
    i, n = 0, len(doc)
    while i < n:
        if i in taken:
            i += 1
            continue
        last = i + 1
        level: RoleLevel | None = None
        for size in (3, 2):
            phrase = " ".join(t.lower_ for t in doc[i : i + size])
            if phrase in vocabulary.phrases:
                level, last = vocabulary.phrases[phrase], i + size
                break
        if level is None:
            level = vocabulary.level(doc[i].text)
        if level is None:
            i += 1
            continue
        first = i
        while (
            first >= 2 and doc[first - 1].text == "-" and first - 2 not in taken and doc[first - 2].text[:1].isalpha()
        ):
            first -= 2  # "Sparten-Chef": the compound is the role, unless its first part is a name
        if vocabulary.language == "en":
            while first > 0 and first - 1 not in taken and doc[first - 1].lower_ in _ENGLISH_PARTS:
                first -= 1
            if doc[last - 1].lower_ == "head" and last + 1 < n and doc[last].lower_ == "of":
                last += 2
                while last < n and last not in taken and doc[last].text[:1].isupper() and doc[last].is_alpha:
                    last += 1
        before = {doc[k].lower_.strip("-") for k in range(max(0, first - 3), first)}
        former = bool(before & _FORMER) or doc[first].lower_.startswith(("ex-", "alt")) or doc[first].lower_ in _FORMER
        text = doc.text[doc[first].idx : doc[last - 1].idx + len(doc[last - 1])]
        found.append(RoleSpan(first, last, " ".join(text.split()), level, former))
        i = last
    return found


_ENGLISH_PARTS = frozenset(
    ["sales", "marketing", "managing", "operations", "finance", "financial", "deputy", "vice", "regional", "general", "technical",
     "executive", "chief", "senior", "assistant", "commercial", "hr", "development", "project", "branch", "store", "production",
     "operating", "technology", "associate", "non-executive", "group", "area", "site", "plant", "communications", "business"]
)  # fmt: skip


def find_leads(doc: Doc, language: str) -> list[Lead]:
    """Link the people of a document with organisations; at most one role a pair, every tie proved by a sentence."""
    if len(doc) > MAX_TOKENS:
        doc = doc[:MAX_TOKENS].as_doc()
    names = read_names(doc)
    if not names.people:
        return []
    vocabulary = roles(language)
    taken = {i for span in names.spans for i in range(span.first, span.last)}
    return _Linker(doc, names, find_roles(doc, vocabulary, taken), vocabulary).leads()


@dataclass(slots=True)
class _Tie:
    person: Person
    org: str
    role: RoleSpan | None
    score: float
    former: bool
    span: Span
    bounds: tuple[int, int]


class _Linker:
    def __init__(self, doc: Doc, names: Names, found: list[RoleSpan], vocabulary: Roles) -> None:
        self.doc, self.names, self.vocabulary = doc, names, vocabulary
        self.orgs = [s for s in names.spans if s.label == "ORG"]
        self.people = [s for s in names.spans if s.label == "PER"]
        self.places = [s for s in names.spans if s.label == "LOC"]
        self.roles = found
        self._org_at = [s.first for s in self.orgs]
        self._role_at = [r.first for r in found]
        self._person_at = [s.first for s in self.people]
        self._place_at = [s.first for s in self.places]
        self._bounds = sentences(doc)
        self._bound_at = [b[0] for b in self._bounds]
        self._subject = self._main_org()

    def _main_org(self) -> str | None:
        counts: Counter[str] = Counter()
        for i, span in enumerate(self.orgs):
            kind = org_kind(self.names.org_names[span.start])
            if kind == "media":
                continue
            counts[self.names.org_names[span.start]] += 3 if i == 0 else 1
        return counts.most_common(1)[0][0] if counts else None

    def sentence(self, token: int) -> tuple[int, int]:
        """Return the token range of the sentence that holds `token`."""
        return self._bounds[bisect_left(self._bound_at, token + 1) - 1]

    def _between(self, starts: list[int], low: int, high: int) -> range:
        return range(bisect_left(starts, low), bisect_left(starts, high))

    def leads(self) -> list[Lead]:
        """Collect ties of all mentions of all people, then decide per person."""
        result: list[Lead] = []
        for person in self.names.people:
            if self._is_credit(person):
                continue
            ties: list[_Tie] = []
            role: RoleSpan | None = None
            role_span: Span | None = None
            for span in person.spans:
                low, high = self.sentence(span.first)
                beside = self._role_beside(span, low, high)
                if beside is not None and role is None:
                    role, role_span = beside, span
                ties.extend(self._ties(person, span, beside, low, high))
            if not ties or max(t.score for t in ties) < _NEEDED:
                fallback = self._fallback(person, role, role_span)
                ties = [fallback] if fallback else []
            result.extend(self._decide(person, ties, role))
        return result

    def _is_credit(self, person: Person) -> bool:
        doc, first = self.doc, person.spans[0].first
        low, high = self.sentence(first)
        before = [doc[i].lower_ for i in range(max(low, first - 3), first)]
        if person.spans[0].first - low <= 3 and any(w in self.vocabulary.credits and w != "von" for w in before):
            return True
        if before == ["von"] and high - low <= 6:
            return True
        near = [doc[i].text for i in range(max(low, first - 4), min(high, person.spans[0].last + 5))]
        return any(self.vocabulary.is_negative(word) for word in near) and not any(
            self.vocabulary.level(word) in ("owner", "executive", "board", "head") for word in near
        )

    def _role_beside(self, span: Span, low: int, high: int) -> RoleSpan | None:
        """Return the role that the words bind to the name: before it, in apposition, or by a verb."""
        best: tuple[float, RoleSpan] | None = None
        for i in self._between(self._role_at, low, high):
            role = self.roles[i]
            gap_low, gap_high = (role.last, span.first) if role.last <= span.first else (span.last, role.first)
            if gap_high < gap_low:
                continue
            gap = gap_high - gap_low
            others = len(self._between(self._person_at, gap_low, gap_high))
            words = [self.doc[k].text for k in range(gap_low, min(gap_high, gap_low + 25))]
            before = role.last <= span.first
            points = 5.0 - 0.25 * gap - 2.5 * others
            if before:
                points += 2.0 if gap <= 2 else 0.0
                points -= 1.5 * sum(w in (",", ";", ".") for w in words) if gap > 6 else 0.5 * words.count(",")
            else:
                points += (
                    1.5
                    if words[:1]
                    in ([","], ["("], ["–"], [":"], ["-"], ["ist"], ["wird"], ["is"], ["als"], ["|"], ["/"])
                    else 0.0
                )
                points -= 1.0 * (words.count(",") - 1) if words.count(",") > 1 else 0.0
                points -= 2.0 if ";" in words else 0.0
            if points > 2.0 and (best is None or points > best[0]):
                best = (points, role)
        return best[1] if best else None

    def _ties(self, person: Person, span: Span, role: RoleSpan | None, low: int, high: int) -> list[_Tie]:
        found = []
        lower, upper = max(low, span.first - WINDOW), min(high, span.last + WINDOW)
        for i in self._between(self._org_at, lower, upper):
            org = self.orgs[i]
            score = self._bond(span, role, org)
            if score <= 0.8:
                continue
            former = self._former(span, role, low, high)
            found.append(_Tie(person, self.names.org_names[org.start], role, score, former, span, (low, high)))
        if role is not None and role.level in ("executive", "head") and not found:
            place = self._office_place(role, low, high)
            if place is not None:
                found.append(_Tie(person, place, role, _NEEDED, self._former(span, role, low, high), span, (low, high)))
        return found

    def _office_place(self, role: RoleSpan, low: int, high: int) -> str | None:
        """A mayor or minister acts for the place that the role is bound to ("Bürgermeister von Ortenberg")."""
        if not any(
            word in role.text.lower()
            for word in ("bürgermeister", "landrat", "minister", "präsident", "mayor", "kanzler")
        ):
            return None
        for i in self._between(self._place_at, max(low, role.first - 4), min(high, role.last + 4)):
            place = self.places[i]
            return place.text
        return None

    def _bond(self, span: Span, role: RoleSpan | None, org: Span) -> float:
        """Score how strongly the words tie the organisation to the person (by way of the role)."""
        doc = self.doc
        score = 0.0
        anchor_low, anchor_high = span.first, span.last
        if role is not None:
            score += 1.6
            anchor_low, anchor_high = min(anchor_low, role.first), max(anchor_high, role.last)
            if org.last <= role.first and doc[org.last].text == "-" and role.first - org.last <= 1:
                return score + 4.5  # "VW-Chef"
            if role.last <= org.first:
                words = [doc[k].lower_ for k in range(role.last, org.first)]
                if len(words) <= 5 and words and words[0] in BINDERS and not self._names_between(role.last, org.first):
                    score += 3.2 - 0.2 * len(words)  # "Geschäftsführer der Koch GmbH"
                elif not words or words in ([","], ["("], [":"], ["|"]):
                    score += 2.2
            elif org.last <= role.first and role.first - org.last <= 1:
                score += 2.6  # "Koch-GmbH Geschäftsführer", "the Acme director"
        if anchor_low <= org.first < anchor_high:
            gap = 0
            score += 0.8
        elif org.first >= anchor_high:
            gap = org.first - anchor_high
            words = [doc[k].lower_ for k in range(anchor_high, min(org.first, anchor_high + 12))]
            score += self._after(words, gap)
        else:
            gap = anchor_low - org.last
            words = [doc[k].lower_ for k in range(max(org.last, anchor_low - 12), anchor_low)]
            if gap <= 1:
                score += 1.4
            if "," in words and gap > 2:
                score -= 0.4
        low, high = min(anchor_high, org.last), max(anchor_low, org.first)
        score -= 0.9 * self._names_between(low, high) + 0.05 * gap
        score -= 0.5 * len(self._between(self._org_at, low + 1, high)) if high > low else 0.0
        kind = org_kind(self.names.org_names[org.start])
        if kind in ("media", "club", "party") and role is None:
            score -= 1.0
        if self.names.org_names[org.start] == self._subject:
            score += 0.4
        return score

    @staticmethod
    def _after(words: list[str], gap: int) -> float:
        if gap == 0:
            return 1.0
        if words[:1] == ["("] and gap <= 2:
            return 2.6  # "Hans Koch (Koch GmbH)"
        if words[:1] in (["von"], ["vom"], ["of"], ["from"], ["at"], ["bei"], ["beim"]) and gap <= 3:
            return 2.4  # "Hans Koch von der Koch GmbH"
        if words[:1] == [","] and gap <= 3:
            return 1.8
        return 0.9

    def _names_between(self, low: int, high: int) -> int:
        return len(self._between(self._person_at, low, high)) if high > low else 0

    def _former(self, span: Span, role: RoleSpan | None, low: int, high: int) -> bool:
        if role is not None and role.former:
            return True
        doc = self.doc
        before = {doc[k].lower_ for k in range(max(low, span.first - 3), span.first)}
        if before & _FORMER:
            return True
        ahead = doc.text[doc[max(low, span.first - 6)].idx : span.start].lower()
        after = doc.text[span.end : doc[min(high, span.last + 14) - 1].idx + 20].lower()
        follows = ("folgt auf", "nachfolger von", "nachfolgerin von", "nachfolge von", "löst", "succeeds", "takes over from",
                   "succeeding", "replaces", "nachfolge des", "nachfolge der")  # fmt: skip
        if any(phrase in ahead for phrase in follows):
            return True
        return any(phrase in after for phrase in _LEFT if phrase not in follows and phrase != "verabschiedet")

    def _fallback(self, person: Person, role: RoleSpan | None, span: Span | None) -> _Tie | None:
        """A person with a role and no organisation beside it belongs to the one the text is about."""
        if self._subject is None or role is None or span is None:
            return None
        if role.level in ("member", "specialist") and len(self.orgs) < 2:
            return None
        low, high = self.sentence(span.first)
        nearest = self._last_org_before(span.first) or self._subject
        return _Tie(person, nearest, role, 1.9, self._former(span, role, low, high), span, (low, high))

    def _last_org_before(self, token: int) -> str | None:
        i = bisect_left(self._org_at, token) - 1
        subject = self._subject
        for k in range(i, max(-1, i - 3), -1):
            name = self.names.org_names[self.orgs[k].start]
            if org_kind(name) not in ("media", "party") and (name == subject or self.orgs[k].first > token - 60):
                return name
        return subject

    def _decide(self, person: Person, ties: list[_Tie], role: RoleSpan | None) -> list[Lead]:
        best: dict[str, _Tie] = {}
        for tie in ties:
            old = best.get(tie.org)
            if old is None or (tie.score + (0.5 if tie.role else 0)) > (old.score + (0.5 if old.role else 0)):
                best[tie.org] = tie
        ranked = sorted(best.values(), key=lambda t: (-t.score, t.span.start))
        if not ranked:
            return []
        top = ranked[0]
        if top.role is None and role is None and top.score < _NEEDED:
            return []
        if top.score < 1.8:
            return []
        chosen = [top] + [t for t in ranked[1:] if t.score >= 4.2 and t.score >= top.score - 1.5]
        return [self._lead(person, tie, role) for tie in chosen[:3]]

    def _lead(self, person: Person, tie: _Tie, role: RoleSpan | None) -> Lead:
        doc = self.doc
        low, high = tie.bounds
        while low < high - 1 and doc[low].is_space:
            low += 1
        while high > low + 1 and doc[high - 1].is_space:
            high -= 1
        start, end = doc[low].idx, doc[high - 1].idx + len(doc[high - 1])
        chosen = tie.role or role
        place = next((self.places[i].text for i in self._between(self._place_at, low, high)), None)
        kind = org_kind(tie.org)
        if tie.role is not None and kind == "company" and self._office_place(tie.role, low, high) == tie.org:
            kind = "public"
        return Lead(
            person.name, person.title, chosen.text if chosen else None, chosen.level if chosen else "unknown", tie.org, kind,
            place, tie.former, start, end, tie.span.start, round(min(0.98, 0.3 + tie.score / 10), 3),
        )  # fmt: skip
