"""Tokeniser and sentence rules of the German pipeline; they are saved with it, so loading needs no code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import spacy
from spacy.lang.char_classes import ALPHA
from spacy.language import Language
from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex, registry

# "IHK-Präsidentin", "Geschäftsführer/Inhaber": the entity is a part of the compound, so hyphens and slashes split.
_INFIXES = [rf"(?<=[{ALPHA}0-9])-(?=[{ALPHA}])", rf"(?<=[{ALPHA}])[/:*_](?=[{ALPHA}])", r"(?<=[)\]])(?=[A-Za-z])"]
_SUFFIXES = [r"(?<=mbH)\.", rf"(?<=[{ALPHA}])-", r"[–—]"]
_PREFIXES = ["@", "[–—•·]", "-(?=[A-ZÄÖÜ])"]
_WHOLE = ["Co.", "Inh.", "Dipl.", "Ing.", "e.V.", "e.K.", "i.R.", "a.D.", "v.l.", "v.r.", "n.r.", "n.l.", "Mag.", "KommR",
          "geb.", "stv.", "stellv.", "Abt.", "St.", "Str.", "rer.", "pol.", "med.", "jur.", "oec.", "h.c.", "lic."]  # fmt: skip


def set_tokenizer(nlp: Language) -> Language:
    """Split hyphen compounds and keep business abbreviations whole."""
    tokenizer: Any = nlp.tokenizer
    defaults: Any = nlp.Defaults
    tokenizer.infix_finditer = compile_infix_regex([*defaults.infixes, *_INFIXES]).finditer
    tokenizer.suffix_search = compile_suffix_regex([*defaults.suffixes, *_SUFFIXES]).search
    tokenizer.prefix_search = compile_prefix_regex([*defaults.prefixes, *_PREFIXES]).search
    for word in _WHOLE:
        tokenizer.add_special_case(word, [{"ORTH": word}])
    return nlp


@registry.callbacks("opener.german_tokens.v1")
def german_tokens() -> Callable[[Language], Language]:
    """Callback for the `initialize.before_init` of the training config."""
    return set_tokenizer


def blank_german() -> Language:
    """Return an empty German pipeline with the tokeniser that the trained one has."""
    return set_tokenizer(spacy.blank("de"))
