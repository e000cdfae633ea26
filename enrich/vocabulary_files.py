"""Reading the vocabularies that ship as data files: mappings, blocks of words, the order of role levels."""

from __future__ import annotations

from typing import Any, Final

import yaml

import data
from enrich.records import RoleLevel

LEVELS: Final[tuple[RoleLevel, ...]] = (
    "owner", "board", "executive", "head", "spokesperson", "specialist", "member",
)  # fmt: skip
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class VocabularyError(ValueError):
    """A shipped vocabulary has an entry that the code cannot use."""


def load(name: str) -> dict[str, Any]:
    """Read one vocabulary file; raises VocabularyError when it is no mapping."""
    loaded = yaml.load(data.path(name).read_text("utf-8"), Loader=_Loader)  # noqa: S506 (it is a safe loader)
    if not isinstance(loaded, dict):
        raise VocabularyError(f"{name}: a mapping is expected")
    return loaded


def words(block: str | None) -> frozenset[str]:
    """Return the words of a text block."""
    return frozenset((block or "").split())
