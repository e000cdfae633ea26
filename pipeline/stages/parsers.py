"""A source's own parser: a Python file beside its definition, for pages that the generic readers get wrong.

The file defines `read(pages, reader, today)` and returns Documents (see enrich.records). `pages` is one page of a
news source, or all pages of an event source or company site; `reader` is the generic Reader, so that a parser may
mend a page and let it read on. A parser sees pages only; it runs in the worker processes under their time limit.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path

from enrich.reader import Reader
from enrich.records import Document, Page
from pipeline.errors import OpenerError

Parser = Callable[[Sequence[Page], Reader, date], Iterable[Document]]


@lru_cache(maxsize=64)
def load_parser(path: str) -> Parser:
    """Load the `read` function of a parser file. Raises OpenerError that names the file, the line and the mend."""
    name = f"parser_of_source_{Path(path).stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise OpenerError(f"{path}: is no Python file")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except SyntaxError as error:
        raise OpenerError(f"{path}:{error.lineno or 1}: not valid Python: {error.msg}") from error
    except Exception as error:  # the user's own code: whatever it raises while it loads is theirs to mend
        raise OpenerError(f"{path}: cannot be loaded ({type(error).__name__}: {str(error)[:200]})") from error
    read = getattr(module, "read", None)
    if not callable(read):
        raise OpenerError(f"{path}:1: defines no `read(pages, reader, today)`; add it")
    parser: Parser = read
    return parser


def parse(path: str, pages: Sequence[Page], reader: Reader, today: date) -> list[Document]:
    """Read pages with a source's own parser. Raises OpenerError when it gives anything but Documents of these pages."""
    documents = list(load_parser(path)(pages, reader, today))
    urls = {page.url for page in pages}
    for document in documents:
        if not isinstance(document, Document):
            raise OpenerError(f"{path}: read() gave {type(document).__name__} instead of Document")
        if document.url not in urls:
            raise OpenerError(f"{path}: read() gave a Document of {document.url}, which is none of its pages")
    return documents
