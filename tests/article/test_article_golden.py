"""Whole pages of the kinds that matter, against results that were checked by eye."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from article_golden import PAGES, as_json, read_page

CASES = sorted(PAGES.glob("*.html"))


@pytest.mark.parametrize("page", CASES, ids=lambda path: path.stem)
def test_page_is_read_as_recorded(page: Path) -> None:
    recorded = json.loads(page.with_suffix(".json").read_text("utf-8"))
    found = as_json(read_page(page))
    for field in recorded:
        assert found[field] == recorded[field], field
    assert set(found) == set(recorded)


def test_nobody_from_the_frame_of_the_page_is_in_the_text() -> None:
    text = read_page(PAGES / "newspaper.html").text
    for stranger in ("Karl Keks", "Udo Zahlmann", "Frauke Rathje", "Winfried Sommer", "Rudi Rumpel", "Jochen Abseits"):
        assert stranger not in text
    for maker in ("Tilda Brauckmann", "Lars Linse", "Justus Presser", "Veit Verlegermann"):
        assert maker not in text


def test_caption_stands_where_its_photo_stands() -> None:
    article = read_page(PAGES / "newspaper.html")
    kinds = [block.kind for block in article.blocks]
    assert kinds.index("caption") == 1
    assert kinds.count("list_item") == 3
    assert kinds.count("table_row") == 3
