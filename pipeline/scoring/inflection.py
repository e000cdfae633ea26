"""Names of organisations in German sentences: article, adjective ending, "beim" (data/openers/words.yml)."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

import data
from spiders.definitions import load_file

Gender = Literal["der", "die", "das", "plural"]
Case = Literal["dat", "acc"]
_ARTICLES: dict[Case, dict[Gender, str]] = {
    "dat": {"der": "dem", "die": "der", "das": "dem", "plural": "den"},
    "acc": {"der": "den", "die": "die", "das": "das", "plural": "die"},
}
_LED_BY_ARTICLE = re.compile(r"^(?:der|die|das|den|dem|the|ein|eine|einer)\s", re.I)


class Words(BaseModel):
    """data/openers/words.yml."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    legal_forms: dict[Gender, tuple[str, ...]]
    nouns: dict[Gender, tuple[str, ...]]
    adjectives: tuple[str, ...]
    papers: dict[Gender, tuple[str, ...]]
    english_papers: tuple[str, ...]
    bad_news: tuple[str, ...]


@cache
def words() -> Words:
    """Return the shipped words."""
    return load_file(data.path("openers", "words.yml"), Words)


@cache
def _bad_news() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in words().bad_news))


def is_bad_news(text: str) -> bool:
    """Tell whether a sentence reports a death, an insolvency, lay-offs or other trouble."""
    return bool(_bad_news().search(text.lower()))


def _is_adjective(word: str) -> bool:
    if word.lower() in words().adjectives:
        return True
    found = re.fullmatch(r"(.+?)(?:e|er|es|en)", word.lower())
    if found is not None and found[1] in words().adjectives:
        return True
    return bool(re.search(r".isch(?:e|er|es|en)$", word.lower()))


def _noun_gender(word: str) -> Gender | None:
    lower = word.lower().strip(",.()„“\"'")
    for gender, nouns in words().nouns.items():
        if any(lower == noun or (len(noun) > 3 and lower.endswith(noun)) for noun in nouns):
            return gender
    return None


@cache
def _form_gender() -> dict[str, Gender]:
    return {form.replace(".", "").replace(" ", ""): g for g, forms in words().legal_forms.items() for form in forms}


def gender_of(name: str) -> Gender | None:
    """Return the grammatical gender of an organisation's name; None when it stands without an article (Siemens)."""
    parts = name.split()
    if not parts or _LED_BY_ARTICLE.match(name):
        return None
    first_noun = next((word for word in parts if not _is_adjective(word)), "")
    tail = [part.lower().replace(".", "").strip(",()") for part in parts]
    for end in (tail[-1], "".join(tail[-2:]), "".join(tail[-3:])):
        if len(tail) > 1 and end in _form_gender():
            form = _form_gender()[end]
            # a registered association is called by its noun: das Deutsche Rote Kreuz e.V.
            return (_noun_gender(first_noun) or form) if form == "der" else form
    return _noun_gender(first_noun)


def in_case(name: str, case: Case) -> str:
    """Return a name with its article in a case: "der Deutschen Bank AG", "den Verband", "Siemens"."""
    gender = gender_of(name)
    if gender is None:
        return name
    return f"{_ARTICLES[case][gender]} {_inflected(name, gender, case)}"


def bei(name: str) -> str:
    """Return "bei" with a name: "bei der Koch GmbH", "beim Klinikum Lindenau", "bei Siemens"."""
    phrase = f"bei {in_case(name, 'dat')}"
    return phrase.replace("bei dem ", "beim ", 1)


def von(name: str) -> str:
    """Return "von" with a name: "von der Koch GmbH", "vom Klinikum Lindenau", "von Siemens"."""
    return f"von {in_case(name, 'dat')}".replace("von dem ", "vom ", 1)


def in_paper(title: str, german: bool) -> str:
    """Return where something was read: "im „Tagblatt“", "in der „Sächsischen Zeitung“", "bei „heise“"."""
    last = re.split(r"\s*[:|–—]|\s-\s", title)[0].split()
    word = last[-1].lower() if last else ""
    if not german:
        the = word in words().english_papers and not title.lower().startswith("the ")
        return f"in the {title}" if the else f"in {title}"
    if _LED_BY_ARTICLE.match(title):
        return f"in „{title}“"
    for gender, papers in words().papers.items():
        if any(word.endswith(paper) for paper in papers):
            led = {"das": "im", "der": "im", "die": "in der", "plural": "in den"}[gender]
            return f"{led} „{_inflected(title, gender, 'dat')}“"
    return f"bei „{title}“"


def _inflected(name: str, gender: Gender, case: Case) -> str:
    """Give adjectives before the noun the weak ending, and a plural noun its dative."""
    kept_endings = case == "acc" and gender in ("die", "das")
    parts = name.split(" ")
    for at, word in enumerate(parts):
        if not _is_adjective(word):
            break
        stem = re.sub(r"(?:e|er|es|en)$", "", word)
        if word.lower() == "schweizer":
            continue
        parts[at] = f"{stem}e" if kept_endings else f"{stem}en"
    if gender == "plural" and case == "dat":
        for at, word in enumerate(parts):
            if _noun_gender(word) == "plural":
                parts[at] = word if word.endswith(("n", "s")) else f"{word}n"
                break
    return " ".join(parts)
