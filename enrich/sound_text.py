"""The last step of every reading: text that every file, database and terminal can take.

Markup is cleaned when it is parsed; this catches what structured data smuggles past that (JSON escapes decode to
lone surrogates, NUL and escape sequences). Every sign is replaced by one sign, so offsets into a text stay right.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TypeVar

Value = TypeVar("Value")

# Lone surrogates cannot be encoded; C0 and C1 controls but tab and line feeds are orders to a terminal; direction
# overrides make a name read as another one (Unicode TR 36, 2.4; CVE-2021-42574).
_UNSOUND = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def sound(value: Value) -> Value:
    """Return a record, a sequence or a text with every unsound sign replaced; the same object where there is none."""
    if isinstance(value, str):
        return _UNSOUND.sub(_replaced, value) if _UNSOUND.search(value) else value  # type: ignore[return-value]
    if isinstance(value, tuple):
        parts = tuple(sound(part) for part in value)
        return value if all(new is old for new, old in zip(parts, value, strict=True)) else parts  # type: ignore[return-value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        changed = {}
        for field in dataclasses.fields(value):
            old = getattr(value, field.name)
            new = sound(old)
            if new is not old:
                changed[field.name] = new
        return dataclasses.replace(value, **changed) if changed else value
    return value


def _replaced(match: re.Match[str]) -> str:
    return "\ufffd" if "\ud800" <= match.group() <= "\udfff" else " "
