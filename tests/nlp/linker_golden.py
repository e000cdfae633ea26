"""Golden leads of the texts beside this file; `python tests/nlp/linker_golden.py` rewrites them after a review."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from spacy.language import Language

from enrich.nlp import load_pipeline

TEXTS = Path(__file__).resolve().parent / "texts"


def as_json(nlp: Language, text: str) -> list[dict[str, Any]]:
    """Return the leads of a text as JSON values, without confidences, which move with every fit."""
    return [
        {
            "person": lead.person, "title": lead.title, "role": lead.role, "role_level": lead.role_level, "company": lead.company,
            "org_kind": lead.org_kind, "place": lead.place, "trigger": lead.trigger, "former": lead.former,
            "evidence": text[lead.start : lead.end],
        }
        for lead in nlp(text)._.leads
    ]  # fmt: skip


if __name__ == "__main__":
    pipeline = load_pipeline("de")
    for path in sorted(TEXTS.glob("*.txt")):
        found = json.dumps(as_json(pipeline, path.read_text("utf-8")), ensure_ascii=False, indent=1)
        path.with_suffix(".json").write_text(found + "\n", "utf-8")
