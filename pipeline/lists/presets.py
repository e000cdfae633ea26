"""Column sets of call lists as data (data/presets/*.yml): for people, CRM importers and dialers."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal

import phonenumbers
from pydantic import BaseModel, ConfigDict, Field, model_validator

import data
from pipeline.errors import OpenerError
from spiders.definitions import load_file

Row = dict[str, Any]
Way = Literal[
    "full_name", "address", "country_name", "country_iso3", "country_calling_code", "national_number", "dialer_text",
    "small_number",
]  # fmt: skip
_COUNTRIES = {
    "DE": ("Germany", "DEU"), "AT": ("Austria", "AUT"), "CH": ("Switzerland", "CHE"), "LI": ("Liechtenstein", "LIE"),
    "LU": ("Luxembourg", "LUX"), "GB": ("United Kingdom", "GBR"), "IE": ("Ireland", "IRL"), "US": ("United States", "USA"),
}  # fmt: skip
_DIALER_MARKS = str.maketrans(
    {"'": "’", '"': "”", "`": "’", "\\": "/", ";": ",", "|": "/", "\t": " ", "\n": " ", "\r": " "}
)


class Column(BaseModel):
    """One column: where its value comes from and which values and length the importer takes."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    source: str | None = Field(default=None, alias="from")
    value: str | None = None
    template: str | None = None
    way: Way | None = Field(default=None, alias="as")
    mapping: dict[str, str] | None = Field(default=None, alias="map")
    at_least: dict[int, str] | None = None
    values: tuple[str, ...] | None = None
    most: int | None = None

    @model_validator(mode="after")
    def _closed(self) -> Column:
        said = [*(self.mapping or {}).values(), *(self.at_least or {}).values()]
        if self.values is not None and (unknown := sorted(set(said) - set(self.values))):
            raise ValueError(f"maps to {unknown[0]!r}, which is not among its values")
        return self


class Preset(BaseModel):
    """A column set; `documentation` names the page of the importer that it follows."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    documentation: str
    delimiter: str = ","
    byte_order_mark: bool = False
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The header row."""
        return tuple(column.name for column in self.columns)

    def row(self, found: Mapping[str, Any]) -> Row:
        """Return the cells of one row of the default columns and its extras (state, gender, country, ...)."""
        return {column.name: _cell(column, found) for column in self.columns}


def preset_names() -> list[str]:
    """Return the names of the shipped presets, the default first."""
    names = sorted(path.stem for path in data.path("presets").glob("*.yml"))
    return sorted(names, key=lambda name: name != "default")


@cache
def preset(name: str) -> Preset:
    """Read a preset. Raises OpenerError for an unknown name, DefinitionError for a broken file."""
    if name not in preset_names():
        raise OpenerError(f"unknown preset {name!r}; choose from {', '.join(preset_names())}")
    return load_file(data.path("presets", f"{name}.yml"), Preset)


def _cell(column: Column, found: Mapping[str, Any]) -> str | int:
    if column.value is not None:
        return column.value
    if column.template is not None:
        return _cut(_filled(column.template, found), column.most)
    raw = found.get(column.source, "") if column.source else ""
    value = "" if raw is None else raw
    if column.at_least is not None:
        return next(
            word
            for least, word in sorted(column.at_least.items(), reverse=True)
            if int(value or 0) >= least or least <= 0
        )
    if column.mapping is not None:
        return column.mapping.get(str(value), column.mapping.get("*", ""))
    if column.way is not None:
        return _cut(_WAYS[column.way](str(value), found), column.most)
    return value if isinstance(value, int) else _cut(str(value), column.most)


def _filled(template: str, found: Mapping[str, Any]) -> str:
    slots = {name: str(found.get(name) or "") for _, name, _, _ in string.Formatter().parse(template) if name}
    lines = template.format_map(slots).split("\n")
    return "\n".join(" ".join(line.split()) for line in lines if line.strip())


def _cut(text: str, most: int | None) -> str:
    """Cut at a word where one is near: importers refuse a longer field or cut it in the middle."""
    if most is None or len(text) <= most:
        return text
    at = text.rfind(" ", most // 2, most)
    return text[: at if at > 0 else most].rstrip()


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return None


def _calling_code(text: str, found: Mapping[str, Any]) -> str:
    number = _parsed(text)
    return str(number.country_code) if number else ""


def _national(text: str, found: Mapping[str, Any]) -> str:
    number = _parsed(text)
    return phonenumbers.national_significant_number(number) if number else re.sub(r"\D", "", text)


def _country(at: int) -> Callable[[str, Mapping[str, Any]], str]:
    return lambda text, found: _COUNTRIES[text][at] if text in _COUNTRIES else ""


def _address(text: str, found: Mapping[str, Any]) -> str:
    town = f"{found.get('postcode') or ''} {found.get('town') or ''}".strip()
    return ", ".join(part for part in (str(found.get("street") or ""), town) if part)


_WAYS: dict[Way, Callable[[str, Mapping[str, Any]], str]] = {
    "full_name": lambda text, found: f"{found.get('first_name') or ''} {found.get('last_name') or ''}".strip(),
    "address": _address,
    "country_name": _country(0),
    "country_iso3": _country(1),
    "country_calling_code": _calling_code,
    "national_number": _national,
    "dialer_text": lambda text, found: " ".join(text.translate(_DIALER_MARKS).split()),
    "small_number": lambda text, found: str(max(-32768, min(32767, int(text or 0)))),
}
