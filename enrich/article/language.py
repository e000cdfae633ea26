"""The language of a document: what the text shows, or what the page says where the text is short."""

from __future__ import annotations

from functools import cache
from typing import Any

from lxml.html import HtmlElement
from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Told apart from the two in use, so that a French or Italian page (Switzerland) is not called German.
LANGUAGES = ("de", "en", "fr", "it", "nl", "es")
ENOUGH = 100
SAMPLE = 1_500


@cache
def _identifier() -> Any:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def read_language(text: str, tree: HtmlElement | None = None) -> str | None:
    """Return an ISO 639-1 code; None for an empty text. Text of `ENOUGH` characters decides by itself."""
    stated = _stated(tree)
    sample = text[:SAMPLE].strip()
    if not sample:
        return stated
    if len(sample) < ENOUGH and stated:
        return stated
    code, probability = _identifier().classify(sample)
    if stated and code != stated and probability < 0.9:
        return stated
    return str(code)


def _stated(tree: HtmlElement | None) -> str | None:
    if tree is None:
        return None
    root = tree.getroottree().getroot()
    value = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""
    code = str(value).strip().lower()[:2]
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None
