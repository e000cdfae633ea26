"""A source's own parser: found beside its definition, used by check and by the night's workers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from enrich.reader import Reader
from enrich.records import Document, Page
from pipeline.errors import OpenerError
from pipeline.nightly import models_of
from pipeline.settings import Settings
from pipeline.stages.enrichment import Enricher, groups, read_pages
from pipeline.stages.parsers import parse
from spiders.sources import load_sources

TODAY = date(2026, 11, 24)
DEFINITION = "name: {}\ntitle: Kammer\nkind: {}\nstart: ['https://kammer.example/']\nparser: {}\n"
GOOD = '''
"""Takes the titles that the chamber writes as <b class=t>."""
import re
from enrich.records import Document

def read(pages, reader, today):
    for page in pages:
        for title in re.findall(r"<b class=t>([^<]*)</b>", page.body.decode()):
            yield Document(page.url, page.kind, title, None, "de", f"{title} ({today})")
'''
NO_READER = Reader(("de",), {"de": None, "en": None})


def page(number: int, source: str = "kammer", kind: str = "news") -> Page:
    url = f"https://kammer.example/{number}"
    body = f"<html><b class=t>Meldung {number}</b></html>".encode()
    return Page(url, url, source, kind, 200, datetime(2026, 11, 24, tzinfo=UTC), None, None, "text/html", body)  # type: ignore[arg-type]


def define(folder: Path, name: str = "kammer", kind: str = "news", parser: str = "kammer.py") -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.yml").write_text(DEFINITION.format(name, kind, parser), "utf-8")


def test_the_workers_read_a_source_with_its_parser(tmp_path: Path) -> None:
    define(tmp_path / "sources")
    (tmp_path / "sources" / "kammer.py").write_text(GOOD, "utf-8")
    define(tmp_path / "sources", "faul", parser="faul.py")
    (tmp_path / "sources" / "faul.py").write_text("def read(pages, reader, today):\n    return 1 / 0\n", "utf-8")
    models = models_of(Settings(sources=tmp_path / "sources"))
    pages = [page(1), page(2), page(3, source="faul")]
    with Enricher(models, workers=1) as enricher:
        documents = enricher.read(list(groups(pages)), TODAY, lambda n: None)
    assert [d.title for d in documents] == ["Meldung 1", "Meldung 2", None]
    assert documents[1].text == "Meldung 2 (2026-11-24)"
    assert documents[2].warnings[0].startswith("https://kammer.example/3: could not be read (ZeroDivisionError")


def test_a_site_is_given_as_a_whole_and_the_generic_reader_is_at_hand(tmp_path: Path) -> None:
    file = tmp_path / "messe.py"
    file.write_text("def read(pages, reader, today):\n    return [reader.read_events(pages, today=today)]\n", "utf-8")
    pages = [page(n, kind="event") for n in range(3)]
    assert [d.url for d in read_pages(NO_READER, pages, TODAY, str(file))] == [pages[0].url]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def read(:\n", ":1: not valid Python"),
        ("import no_such_module_anywhere\n", "cannot be loaded (ModuleNotFoundError"),
        ("x = 1\n", "defines no `read"),
        ("def read(p, r, t):\n    return ['x']\n", "gave str instead of Document"),
        ("from enrich.records import Document\ndef read(p, r, t):\n    return [Document('http://a.example/', 'news', None, None, None, '')]\n",
         "which is none of its pages"),
    ],
)  # fmt: skip
def test_a_parser_that_is_wrong_is_named_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "kammer.py"
    file.write_text(text, "utf-8")
    with pytest.raises(OpenerError) as caught:
        parse(str(file), [page(1)], NO_READER, TODAY)
    assert str(caught.value).startswith(str(file)) and says in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("parser", "says"),
    [("kammer.py", "does not exist"), ("../kammer.py", "beside this definition"), ("kammer", "Python file")],
)
def test_a_definition_whose_parser_is_not_beside_it_is_refused(tmp_path: Path, parser: str, says: str) -> None:
    define(tmp_path, parser=parser)
    sources, (error,) = load_sources([tmp_path])
    assert sources == [] and str(error).startswith(f"{tmp_path / 'kammer.yml'}:5: parser: ") and says in str(error)
    assert error.source == "kammer"


def test_a_document_of_a_parser_is_a_document_like_any_other(tmp_path: Path) -> None:
    file = tmp_path / "kammer.py"
    file.write_text(GOOD, "utf-8")
    assert parse(str(file), [page(7)], NO_READER, TODAY) == [
        Document("https://kammer.example/7", "news", "Meldung 7", None, "de", "Meldung 7 (2026-11-24)")
    ]
