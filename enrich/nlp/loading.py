"""Loading a spaCy pipeline and adding our components to it."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Literal

import spacy
from spacy.language import Language

import enrich.name_rules  # noqa: F401 (registers a component of the German pipeline)
from enrich.nlp.reading import MAX_CHARS

_MODELS = {
    "de": str(Path(__file__).resolve().parents[1] / "models" / "de_opener_news"),
    "en": str(Path(__file__).resolve().parents[1] / "models" / "en_opener_news"),
}
# What the linker has no use for costs half of the time.
_UNUSED = ("tagger", "parser", "attribute_ruler", "lemmatizer", "senter", "morphologizer")
COMPONENTS = ("role_matcher", "lead_linker", "trigger_classifier")


def load_pipeline(language: Literal["de", "en"], model: str | None = None) -> Language:
    """Load the shipped pipeline of a language, or the spaCy pipeline `model` (package or folder), with our components.

    Raises OSError when it is missing or finds no entities.
    """
    name = model or _MODELS[language]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # spaCy's note on minor versions says nothing to users
        nlp = spacy.load(name, exclude=list(_UNUSED))
    if "ner" not in nlp.pipe_names and "entity_ruler" not in nlp.pipe_names:
        raise OSError(f"{name}: finds no people and organisations; choose a pipeline with `ner`")
    if "sentencizer" in nlp.pipe_names:
        nlp.remove_pipe("sentencizer")  # the linker finds sentences itself
    for component in COMPONENTS:
        if component not in nlp.pipe_names:
            nlp.add_pipe(component)
    nlp.max_length = max(nlp.max_length, MAX_CHARS + 1)
    return nlp
