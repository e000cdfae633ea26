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
# A full stop after a number of three digits or more ends a sentence ("2015."); after one or two it may be a date.
_SUFFIXES = [r"(?<=mbH)\.", rf"(?<=[{ALPHA}])-", r"[–—]", r"(?<=[0-9]{3})\."]
_PREFIXES = ["@", "[–—•·]", "-(?=[A-ZÄÖÜ])"]
_WHOLE = ["Co.", "Inh.", "Dipl.", "Ing.", "e.V.", "e.K.", "i.R.", "a.D.", "v.l.", "v.r.", "n.r.", "n.l.", "Mag.", "KommR",
          "geb.", "stv.", "stellv.", "Abt.", "St.", "Str.", "rer.", "pol.", "med.", "jur.", "oec.", "h.c.", "lic.",
          "mult.", "Ges.m.b.H.", "G.m.b.H.", "m.b.H.", "i.V.", "i.L.", "Vors.", "Fa.", "Hrsg.", "Red.", "Dir.", "Univ."]  # fmt: skip


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


def add_sentences(nlp: Language) -> Language:
    """Put a rule-based sentence splitter in front, and mend what a splitter on full stops gets wrong.

    All of it is saved in the pipeline.

    The sentencizer leaves an opening quotation mark or bracket at the end of the sentence before; the rule moves the
    border. A number of one or two digits with its full stop ends a sentence when a word follows that opens sentences.
    """
    nlp.add_pipe("sentencizer", first=True, config={"punct_chars": [*_ENDS, *_BLANK_LINES]})
    ruler: Any = nlp.add_pipe("attribute_ruler", after="sentencizer")
    # What follows a space opens, what does not closes: "«" and "“" do both, by country.
    ended = {"TEXT": {"IN": list(_ENDS)}, "SPACY": True}
    closed: list[dict[str, Any]] = [{"TEXT": {"IN": list(_ENDS)}, "SPACY": False}, {"IS_PUNCT": True, "SPACY": True}]
    opening = {"TEXT": {"IN": list(_OPENING)}}
    word = {"IS_PUNCT": False, "IS_SPACE": False}
    for before in ([ended], closed):
        pattern = [[*before, opening, word]]
        ruler.add(patterns=pattern, attrs={"SENT_START": 1}, index=len(before))
        ruler.add(patterns=pattern, attrs={"SENT_START": 0}, index=len(before) + 1)
    street = [[{"TEXT": {"REGEX": "[Ss]tr$"}}, {"TEXT": "."}, {"TEXT": {"REGEX": "^[0-9]"}}]]
    ruler.add(patterns=street, attrs={"SENT_START": 0}, index=2)
    number = {"TEXT": {"REGEX": r"^[0-9]{1,2}\.$"}}
    ruler.add(patterns=[[number, {"TEXT": {"IN": list(_OPENERS)}}]], attrs={"SENT_START": 1}, index=1)
    return nlp


_ENDS = (".", "!", "?", "…")
_OPENING = ("„", "“", "”", "«", "»", "‚", "‘", "›", "‹", '"', "(", "[", "–", "—", "•", "-")
_BLANK_LINES = ("\n\n", "\n\n\n", "\n \n", "\n\n\n\n")  # blocks of an article are joined with blank lines
# Words that open a sentence and hardly follow an ordinal ("der 1. Vorsitzende" is one phrase, "auf Platz 1. Danach" not).
_OPENERS = (
    "Der", "Die", "Das", "Dem", "Den", "Ein", "Eine", "Er", "Sie", "Es", "Wir", "Ich", "Ihr", "Man", "Dies", "Diese",
    "Dieser", "Danach", "Dann", "Dort", "Dabei", "Damit", "Darum", "Doch", "Auch", "Aber", "Als", "Am", "An", "Auf", "Aus",
    "Bei", "Beim", "Bis", "Für", "Im", "In", "Mit", "Nach", "Seit", "Seine", "Sein", "Ihre", "Und", "Von", "Vor", "Vom",
    "Wenn", "Wer", "Wie", "Zu", "Zum", "Zur", "Zuvor", "Zudem", "So", "Nun", "Jetzt", "Beide", "Alle",
)  # fmt: skip


@registry.callbacks("opener.german_tokens.v1")  # type: ignore[untyped-decorator]
def german_tokens() -> Callable[[Language], Language]:
    """Callback for the `initialize.before_init` of the training config."""
    return set_tokenizer


def blank_german() -> Language:
    """Return an empty German pipeline with the tokeniser that the trained one has."""
    return set_tokenizer(spacy.blank("de"))
