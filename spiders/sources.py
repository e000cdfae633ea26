"""Lead sources: one YAML file each, validated when loaded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from spiders.definitions import DefinitionError, load_file

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,79}$")]


class Expect(BaseModel):
    """What one visit should bring; `opener sources check` is red below it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    pages_min: Annotated[int, Field(ge=1)] = 1
    people_per_page_min: Annotated[float, Field(ge=0)] = 0.0


class Source(BaseModel):
    """A lead source. `follow` limits which links are taken: an address must hold one of the words.

    `parser` names a Python file beside the definition that reads the pages instead of the generic readers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: Name
    title: str
    kind: Literal["news", "event", "company"]
    start: Annotated[tuple[str, ...], Field(min_length=1)]
    region: str | None = None
    language: str | None = None
    follow: tuple[str, ...] = ()
    parser: str | None = None
    expect: Expect = Expect()
    enabled: bool = True

    @field_validator("start")
    @classmethod
    def _addresses(cls, start: tuple[str, ...]) -> tuple[str, ...]:
        for url in start:
            parts = urlsplit(url)
            if parts.scheme not in ("http", "https") or not parts.hostname:
                raise ValueError(f"{url!r} is no web address; write http:// or https:// and a host")
        return start


def with_parser(source: Source, path: Path) -> Source:
    """Return the source with the whole path of its parser. Raises DefinitionError when there is no such file."""
    if source.parser is None:
        return source
    file = path.parent / source.parser
    lines = path.read_text("utf-8").splitlines()
    line = next((number for number, text in enumerate(lines, 1) if text.startswith("parser:")), 1)
    if file.suffix != ".py" or file.resolve().parent != path.parent.resolve():
        raise DefinitionError(f"{path}:{line}: parser: write the name of a Python file (.py) beside this definition")
    if not file.is_file():
        raise DefinitionError(f"{path}:{line}: parser: {file} does not exist; write it or remove the key")
    return source.model_copy(update={"parser": str(file)})


def load_sources(folders: Sequence[Path]) -> tuple[list[Source], list[DefinitionError]]:
    """Load every *.yml below the folders; a broken or doubled file is reported, the others still load."""
    found: dict[str, tuple[Source, Path]] = {}
    errors: list[DefinitionError] = []
    for folder in folders:
        if not folder.exists():
            continue
        for path in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]):
            try:
                source = with_parser(load_file(path, Source), path)
            except DefinitionError as error:
                error.source = _meant(path)
                errors.append(error)
                continue
            if source.name in found:
                taken = DefinitionError(
                    f"{path}:1: name: {source.name!r} is taken by {found[source.name][1]}; choose another"
                )
                taken.source = source.name
                errors.append(taken)
                continue
            found[source.name] = (source, path)
    return [source for source, _ in found.values()], errors


def _meant(path: Path) -> str:
    """Return the name that a broken definition gives, else the name of its file."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        return path.stem
    found = re.search(r"^name:[ \t]*[\"']?([^\s\"'#]{1,80})", text, re.MULTILINE)
    return found.group(1) if found else path.stem


def source_path(folders: Sequence[Path], name: str) -> Path | None:
    """Return the file that defines the source `name`, or None."""
    for folder in folders:
        for path in sorted([*folder.glob("*.yml"), *folder.glob("*.yaml")]) if folder.exists() else []:
            try:
                if load_file(path, Source).name == name:
                    return path
            except DefinitionError:
                continue
    return None
