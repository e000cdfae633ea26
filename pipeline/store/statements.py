"""SQL files with named values: the text that is run is the text that is shown, with every value as a literal."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

_NAME = re.compile(r"(?<![:\w]):([a-z_]+)\b")


class Name(str):
    """The name of a table or view, written as it is. Only names of this program, never of a user."""

    __slots__ = ()


def literal(value: object) -> str:
    """Return `value` as a DuckDB literal; a list becomes `(a, b)`, a list of tuples the rows of VALUES.

    Raises TypeError for a kind of value that has no literal here.
    """
    if isinstance(value, Name):
        return f'"{value}"' if not value.isidentifier() else value
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal)):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise TypeError(f"no SQL literal for {value}")
        return repr(value)
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f}+00'"
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, time):
        return f"TIME '{value.isoformat()}'"
    if isinstance(value, Sequence):
        if value and all(isinstance(row, tuple) for row in value):
            return ", ".join(literal(list(row)) for row in value)
        return "(" + ", ".join(literal(item) for item in value) + ")"
    raise TypeError(f"no SQL literal for {type(value).__name__}")


def statement(path: Path, values: Mapping[str, object]) -> str:
    """Return the statement in `path` with each `:name` replaced by its literal. Raises KeyError for an unknown name."""
    return _NAME.sub(lambda match: literal(values[match.group(1)]), path.read_text("utf-8")).strip()
