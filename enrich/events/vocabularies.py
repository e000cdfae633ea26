"""The vocabularies of this package, data/event_*.yml, each read once."""

from __future__ import annotations

from functools import cache
from typing import Any

import yaml

import data

# The C parser reads the same safe subset ten times as fast; it is part of every PyYAML wheel, but not of all builds.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def vocabulary_file(name: str) -> dict[str, Any]:
    """Return the content of one shipped vocabulary file."""
    loaded: dict[str, Any] = yaml.load(data.path(name).read_text("utf-8"), Loader=_LOADER)  # noqa: S506 - safe loader
    return loaded
