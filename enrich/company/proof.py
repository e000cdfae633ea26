"""Is this the company's site? Guessed start pages, and the proof by what the site says of itself."""

from __future__ import annotations

import re
import unicodedata

from rapidfuzz import fuzz

from enrich.legal_forms import split_legal_form
from enrich.records import CompanyProfile

MAX_GUESSES = 8
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "&": " und ", "+": " und "})
_SWISS_FORMS = frozenset({"SA", "Sàrl"})
_AUSTRIAN_FORMS = frozenset({"e.U.", "OG", "FlexCo"})
_FILLERS = frozenset(["der", "die", "das", "und", "the", "and", "co", "dr", "prof", "inh", "inhaber", "firma"])


def _folded(text: str) -> list[str]:
    text = unicodedata.normalize("NFC", text).lower().translate(_UMLAUTS)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.findall(r"[a-z0-9]+", text)


def guess_sites(company_name: str) -> tuple[str, ...]:
    """Return start pages a company of this name may have, likeliest first; each must be proved (see `proves`)."""
    core, form = split_legal_form(company_name)
    tokens = _folded(core)[:6]
    if not tokens:
        return ()
    short = [token for token in tokens if token not in _FILLERS] or tokens
    names = ["-".join(tokens), "".join(tokens)]
    if short != tokens:
        names += ["-".join(short), "".join(short)]
    if len(short) > 2:
        names.append("-".join(short[:2]))
    if form:
        names.append("-".join([*short, *_folded(form)[:1]]))
    endings = ["ch"] if form in _SWISS_FORMS else ["at"] if form in _AUSTRIAN_FORMS else ["de"]
    names = [name for name in dict.fromkeys(names) if 3 <= len(name) <= 63]
    guesses = [f"https://www.{name}.{ending}/" for ending in endings for name in names]
    for ending in ("com", "at", "ch", "de"):
        if ending not in endings and names:
            guesses.append(f"https://www.{names[0]}.{ending}/")
    return tuple(dict.fromkeys(guesses))[:MAX_GUESSES]


def proves(profile: CompanyProfile, company_name: str, town: str | None) -> tuple[bool, str]:
    """Tell whether a site is that company's, and why: the name must agree, and the town where it is known.

    An exactly equal name proves itself also where the town differs (a branch); a similar one needs the town.
    """
    wanted, form = split_legal_form(company_name)
    stated, stated_form = split_legal_form(profile.company)
    left, right = " ".join(_folded(wanted)), " ".join(_folded(stated))
    if not left or not right:
        return False, "no name to compare"
    score = max(
        fuzz.ratio(left.replace(" ", ""), right.replace(" ", "")), fuzz.token_sort_ratio(left, right)
    )  # 0..100; compounds are written with and without hyphen
    same_town = _same_town(profile.town, town)
    contained = set(left.split()) <= set(right.split()) or set(right.split()) <= set(left.split())
    forms = f", legal form {stated_form} for {form}" if form and stated_form and form != stated_form else ""
    if score >= 95 and not (forms and same_town is False):
        place = {True: f" in {profile.town}", False: f", but in {profile.town}", None: ""}[same_town]
        return True, f"same name {profile.company!r}{place}{forms}"
    if same_town and (score >= 82 or (contained and len(min(left, right, key=len)) >= 5)):
        return True, f"similar name {profile.company!r} in {profile.town}{forms}"
    if score >= 90 and same_town is None and not forms:
        return True, f"nearly the same name {profile.company!r}, no town to compare"
    return False, f"the site is {profile.company!r}{f' in {profile.town}' if profile.town else ''}"


def _same_town(stated: str | None, wanted: str | None) -> bool | None:
    if not stated or not wanted:
        return None
    left, right = _folded(stated), _folded(wanted)
    return bool(left and right and (left[0] == right[0] or set(left) & set(right) - {"bad", "am", "an", "der", "st"}))
