"""Examples as spaCy documents: the token annotation that both the pipeline and the teacher learn from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy import util
from spacy.tokens import Doc, DocBin, Span

from enrich.training import tokens
from enrich.training.corpora import Example


def documents(examples: Iterable[Example]) -> Iterator[Doc]:
    """Token annotation of the examples; spans of which nothing is to be learned are marked as missing."""
    nlp = tokens.blank_german()
    for example in examples:
        doc = nlp.make_doc(example.text)
        found: list[Span] = []
        unsure: list[Span] = []
        for start, end, label in example.spans:
            exact = doc.char_span(start, end, label=label)
            wide = exact or doc.char_span(start, end, label=label, alignment_mode="expand")
            if wide is None:
                continue
            # An adjective ("syrische Regierung") is a place in one set only; "Amelung" in "Amelungs" is the whole token.
            adjective = label == "LOC" and not any(c.isupper() for c in wide.text)
            genitive = exact is None and wide.end_char - end <= 2 and wide.start_char == start
            (found if (exact or genitive) and not adjective else unsure).append(wide)
        found = util.filter_spans(found)
        taken = {token.i for span in found for token in span}
        unsure = [s for s in util.filter_spans(unsure) if not any(token.i in taken for token in s)]
        doc.set_ents(found, missing=unsure, default="outside")
        yield doc


def packed(examples: Iterable[Example]) -> DocBin:
    """The documents in the form that spaCy trains on."""
    binary = DocBin(attrs=["ENT_IOB", "ENT_TYPE"], store_user_data=False)
    for doc in documents(examples):
        binary.add(doc)
    return binary
