"""The leads of whole articles stay as reviewed, one at a time and in batches."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from enrich.nlp import load_pipeline

FOLDER = Path(__file__).resolve().parent
TEXTS = sorted((FOLDER / "texts").glob("*.txt"))
_spec = importlib.util.spec_from_file_location("linker_golden", FOLDER / "linker_golden.py")
assert _spec is not None and _spec.loader is not None
golden = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(golden)


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_leads_of_an_article_are_as_reviewed(path: Path) -> None:
    expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
    assert golden.as_json(load_pipeline("de"), path.read_text("utf-8")) == expected


def test_batches_give_the_same_leads_as_single_texts() -> None:
    nlp = load_pipeline("de")
    texts = [path.read_text("utf-8") for path in TEXTS] * 3
    single = [nlp(text)._.leads for text in texts]
    assert [doc._.leads for doc in nlp.pipe(texts, batch_size=4)] == single
