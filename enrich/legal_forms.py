"""Legal forms of company names: "Krüger Bau GmbH & Co. KG" is core "Krüger Bau" and form "GmbH & Co. KG".

The vocabulary is `data/legal_forms.yml`. Comparison ignores case where the written form is longer than three
letters, dots and spaces ("G.m.b.H." = "GmbH"); short forms need their capitals, so that "sage" ends in no "AG".
"""

from __future__ import annotations

import re
from functools import lru_cache

import yaml

import data

MAX_NAME = 300


@lru_cache(maxsize=1)
def legal_forms() -> dict[str, tuple[str, ...]]:
    """Return every legal form as shown with its other spellings, as the data file lists them."""
    rows = yaml.safe_load(data.path("legal_forms.yml").read_text("utf-8"))
    return {str(row["form"]): tuple(str(name) for name in row["also"]) for row in rows}


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], dict[str, str]]:
    shown: dict[str, str] = {}
    spellings: list[str] = []
    for form, also in legal_forms().items():
        for spelling in (form, *also):
            shown.setdefault(_key(spelling), form)
            spellings.append(spelling)
    spellings.sort(key=lambda text: (-len(_key(text)), text))
    either = "|".join(_as_pattern(spelling) for spelling in dict.fromkeys(spellings))
    return re.compile(rf"(?<![\w.&-])(?:{either})(?![\w-])\.?"), shown


def _as_pattern(spelling: str) -> str:
    signs = []
    for sign in re.sub(r"[.\s]", "", spelling):
        if sign == "&":
            signs.append(r"(?:&|\+|und|u\.)")
        elif sign in "()/-":
            signs.append(re.escape(sign))
        else:
            signs.append(re.escape(sign))
    body = r"[.\s]{0,2}".join(signs)
    return f"(?i:{body})" if len(_key(spelling)) > 3 else body


def _key(text: str) -> str:
    folded = re.sub(r"\b(?:und|u\.)(?=\s*(?:Co|Cie))|\+", "&", text)
    return re.sub(r"[.\s]", "", folded).lower()


def split_legal_form(name: str) -> tuple[str, str | None]:
    """Return the name without its legal form, and the form as the vocabulary shows it (None: none named).

    A form in the middle counts too ("Baur GmbH Metallbau"); the last one wins unless a longer one holds it.
    A name that is nothing but a form stays whole.
    """
    name = " ".join(name[:MAX_NAME].split())
    pattern, shown = _patterns()
    found = [match for match in pattern.finditer(name) if match.start() > 0]
    if not found:
        return name, None
    match = found[-1]
    core = " ".join(f"{name[: match.start()]} {name[match.end() :]}".split()).strip(" ,;-–&")
    if not core:
        return name, None
    return core, shown.get(_key(match.group().rstrip())) or shown.get(_key(match.group()), match.group())
