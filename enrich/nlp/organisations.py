"""Organisation names: their core, their base form for display, and what kind of organisation they name."""

from __future__ import annotations

import functools
import re
from typing import Final

from enrich.records import OrgKind
from enrich.vocabulary_files import load, words

_ORDER: Final[tuple[OrgKind, ...]] = (
    "party", "club", "media", "education", "public", "association", "other", "company",
)  # fmt: skip
_ARTICLES = words("der die das des dem den the of und and für & - / . , von zu am im in e v")
LEGAL_TAIL = re.compile(
    r"\s?(?:\(haftungsbeschränkt\)|(?:gemeinnützige\s)?(?:gGmbH|GmbH|GesmbH|Ges\.m\.b\.H\.|mbH|AG|SE|KGaA|KG|OHG|OG|GbR|UG|eG|eGen|eSG"
    r"|PartG(?:\s?mbB)?|plc|PLC|Ltd\.?|Limited|Inc\.?|LLC|LLP|Corp\.?|Corporation|S\.A\.|S\.p\.A\.|N\.V\.|NV|B\.V\.|BV|Sàrl|AB|Oy"
    r"|e\.\s?K\.|e\.\s?V\.|e\.\s?U\.|e\.\s?G\.|eV|a\.\s?s\.)"
    r"|&\s?Co\.?)(?![\wäöüß])"
)
_ENDS_BASE = re.compile(
    r"(?:schen|igen|lichen|alen|ären|ellen|iven|oßen|euen|einen|ierten|sten|ten|reien|ohen|lten|zten|undigten)$"
)
_MASCULINE = re.compile(
    r"(?:bund|verband|verein|club|klub|konzern|dienst|rat|tag|kreis|sender|verlag|chor|zirkel|ausschuss|gasthof|hof|markt|ring|ruf)s?e?s?$"
)


@functools.lru_cache(maxsize=65_536)
def stem(token: str) -> str:
    """Return a lower-case word without its inflection, for comparing only."""
    if len(token) > 4:
        for ending in ("en", "er", "es", "em", "e", "s", "n"):
            if token.endswith(ending):
                return token[: -len(ending)]
    return token


@functools.lru_cache(maxsize=65_536)
def core(name: str) -> tuple[str, ...]:
    """Return the stems that tell the organisation apart: no legal form, no articles."""
    tokens = re.findall(r"[^\W_]+", _strip_legal(name).lower())
    kept = tuple(stem(t) for t in tokens if t not in _ARTICLES)
    return kept or tuple(stem(t) for t in re.findall(r"[^\W_]+", name.lower()))


def _strip_legal(name: str) -> str:
    for _ in range(4):
        shorter = re.sub(rf"(?:{LEGAL_TAIL.pattern}|&|\+)\s*$", "", name).rstrip()
        if shorter == name or not shorter:
            break
        name = shorter
    return name


def has_legal_form(name: str) -> bool:
    """True when the name ends in a legal form."""
    return _strip_legal(name) != name


@functools.lru_cache(maxsize=65_536)
def base_form(name: str, before: str) -> str:
    """Return a name in the nominative: "Deutschen Bank" after an article to "Deutsche Bank".

    `before` is the lower-case word in front of it.
    """
    name = " ".join(name.split())
    if before in (
        "der",
        "den",
        "dem",
        "des",
        "zur",
        "vom",
        "beim",
        "zum",
        "im",
        "am",
        "eines",
        "einem",
        "einer",
        "deren",
        "die",
        "das",
    ):
        first, _, rest = name.partition(" ")
        if rest and rest[0].isupper() and _ENDS_BASE.search(first.lower()) and first[0].isupper() and len(first) > 5:
            tokens = rest.split()
            noun = next((t for t in tokens if not t[0].isdigit()), rest).rsplit("-", 1)[-1].lower()
            name = (first[:-1] + "r" if _MASCULINE.search(noun) else first[:-1]) + " " + rest
        if before in ("des", "eines"):
            name = " ".join(_nominative(token) for token in name.split())
    return name


def _nominative(token: str) -> str:
    for ending in ("es", "s"):
        stem_ = token.removesuffix(ending)
        if stem_ != token and any(stem_.lower().endswith(noun) for noun in _lists()["genitive_nouns"]):
            return stem_
    return token


class _Kinds:
    def __init__(self) -> None:
        entry = load("org_kinds.yml")
        self.names: dict[str, OrgKind] = {}
        self.words: dict[str, OrgKind] = {}
        self.parts: list[tuple[str, OrgKind]] = []
        self.describes: dict[str, OrgKind] = {}
        for kind in _ORDER:
            for word in words(entry[kind].get("names")):
                self.names.setdefault(word, kind)
                self.names.setdefault(word.replace("-", " "), kind)
            for word in words(entry[kind]["words"]):
                self.words.setdefault(word, kind)
            for word in words(entry[kind].get("parts")):
                self.parts.append((word, kind))
            for word in words(entry[kind].get("describes")):
                self.describes.setdefault(word, kind)
        # Longer parts first: "fachhochschule" before "schule".
        self.parts.sort(key=lambda pair: -len(pair[0]))
        self.company_form = re.compile(rf"(?:^|[\s\-&]){entry['company_forms']}\.?$", re.IGNORECASE)
        self.association_form = re.compile(rf"\s{entry['association_forms']}$", re.IGNORECASE)


@functools.cache
def _lists() -> dict[str, frozenset[str]]:
    entry = load("org_kinds.yml")
    return {
        name: words(entry[name])
        for name in ("agencies", "platforms", "no_names", "body_endings", "never_bodies", "trades", "genitive_nouns")
    }


@functools.lru_cache(maxsize=65_536)
def is_carrier(name: str) -> bool:
    """True for news agencies and platforms: where a text was sent or posted."""
    lists = _lists()
    first = re.split(r"[\s/,]", name.lower(), maxsplit=1)[0].strip("().")
    return first in lists["agencies"] or first.split("-")[0] in lists["agencies"] or first in lists["platforms"]


def is_generic_prefix(lower: str) -> bool:
    """True for words that make compounds with roles and name no organisation ("Konzern-Chef")."""
    return lower in _lists()["no_names"] or lower.endswith(
        ("ungs", "heits", "schafts", "keits", "ions", "fraktions", "vereins", "verbands")
    )


@functools.lru_cache(maxsize=65_536)
def is_body_noun(lower: str) -> bool:
    """True for nouns such as "Innenministerkonferenz" that name an organisation after a role and an article."""
    lists = _lists()
    return lower not in lists["never_bodies"] and any(
        lower.endswith(ending) and len(lower) > len(ending) + 2 for ending in lists["body_endings"]
    )


@functools.lru_cache(maxsize=65_536)
def is_trade(word: str) -> bool:
    """True for a trade that belongs to the firm's name after it ("Steuerkanzlei Albrecht")."""
    lower = word.lower()
    return word[:1].isupper() and any(lower.endswith(trade) for trade in _lists()["trades"])


@functools.cache
def aliases() -> dict[tuple[str, ...], tuple[str, ...]]:
    """Return the cores of well-known short forms with the cores of their full names."""
    return {core(short): core(full) for short, full in load("org_kinds.yml")["aliases"].items()}


@functools.cache
def full_names() -> dict[tuple[str, ...], str]:
    """Return the well-known full names by their core."""
    return {core(full): full for full in load("org_kinds.yml")["aliases"].values()}


@functools.cache
def _kinds() -> _Kinds:
    return _Kinds()


@functools.lru_cache(maxsize=65_536)
def described_kind(lower: str) -> OrgKind | None:
    """Return the kind that a noun beside a name tells ("der Verein"), None when it tells none."""
    kinds = _kinds()
    found = kinds.describes.get(lower)
    if found is None and lower.endswith(("s", "n")):
        found = kinds.describes.get(lower[:-1])
    return found


@functools.cache
def _role_kinds() -> tuple[tuple[str, OrgKind], ...]:
    entry: dict[OrgKind, str] = load("org_kinds.yml")["role_kinds"]
    return tuple((ending, kind) for kind, listed in entry.items() for ending in sorted(words(listed)))


@functools.lru_cache(maxsize=65_536)
def kind_by_role(forms: tuple[str, ...]) -> OrgKind | None:
    """Return the kind of organisation that a role tells, given its base forms in lower case; None when it tells none."""
    return next((kind for ending, kind in _role_kinds() if any(form.endswith(ending) for form in forms)), None)


@functools.lru_cache(maxsize=65_536)
def named_kind(name: str) -> OrgKind | None:
    """Tell the kind by the name alone; None when the name says nothing."""
    kinds = _kinds()
    lower = " ".join(name.lower().split())
    if lower in kinds.names:
        return kinds.names[lower]
    association = bool(kinds.association_form.search(lower))
    tokens = re.findall(r"[^\W_]+(?:\.[^\W_]+)*", lower)
    found: OrgKind | None = None
    if not association and kinds.company_form.search(lower):
        return "company"
    # The last word that tells something decides: "Polizei Hessen", "Verband der Banken" (first noun before "der").
    head_until = next(
        (i for i, t in enumerate(tokens) if i and t in ("der", "des", "für", "of", "for", "von", "zur")), None
    )
    order = list(range(len(tokens)))
    scan = order[: head_until or len(tokens)][::-1] + order[head_until or len(tokens) :]
    for i in scan:
        found = _word_kind(tokens[i], whole=len(tokens) == 1)
        if found is not None:
            break
    if association:
        return found if found in ("club", "education", "media") else "association"
    return found


@functools.lru_cache(maxsize=65_536)
def _word_kind(token: str, *, whole: bool) -> OrgKind | None:
    kinds = _kinds()
    for form in (token, token.removesuffix("s"), token.removesuffix("es"), token.removesuffix("n")):
        if form in kinds.words:
            return kinds.words[form]
        if form in kinds.names and (len(form) > 1):
            return kinds.names[form]
    for part, kind in kinds.parts:
        if len(token) > len(part) and (
            token.endswith((part, part + "s", part + "es", part + "n")) or (len(part) > 5 and part in token)
        ):
            return kind
    return None
