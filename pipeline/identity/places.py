"""Town names folded to a core: "Halle (Saale)" and "Halle", "Raum Köln" and "Koeln"."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.identity.folding import fold

_LEAD = re.compile(
    r"^(?:(?:raum|region|grossraum|kreis|landkreis|lk|stadt|hansestadt|landeshauptstadt|bezirk|gemeinde|markt)\s+)+"
)
_TAIL = re.compile(
    r"\s+(?:am|an|a\.|an der|a\. d\.|in|im|i\.|ob|vorm|vor|bei|b\.|unter|auf|v\.|im|a\.d\.|v\.d\.|i\.d\.)\s.*$|"
    r"\s+(?:a\.d\.|i\.d\.|v\.d\.|a\.|i\.|v\.|b\.|o\.|u\.).*$"
)
_POSTCODE = re.compile(r"\b(?:[a-z]{1,2}-)?\d{4,5}\b")


@lru_cache(maxsize=65_536)
def place_core(raw: str) -> str:
    """Return the folded core of a town name; "" for nothing usable. Bad Bergzabern and Bergzabern fold alike."""
    text = re.sub(r"\([^()]*\)|[,;/].*$", " ", raw)
    text = _POSTCODE.sub(" ", fold(text)).strip()
    text = re.sub(r"\s+", " ", text)
    short = _LEAD.sub("", text)
    short = _TAIL.sub("", short) or short
    if short.startswith("bad ") and len(short) > 6:
        short = short[4:]
    short = re.sub(r"^(?:st|sankt)\.? ", "sankt ", short)
    return re.sub(r"[^a-z0-9 ]+", " ", short).replace("  ", " ").strip() or re.sub(r"\W+", " ", text).strip()
