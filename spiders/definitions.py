"""Reading YAML definitions strictly: a mistake is one line that names file, line, key and the mend."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)


class DefinitionError(Exception):
    """A settings, source or vocabulary file that cannot be used; the message is one line for the user.

    `source` is the name of the lead source that the file means to define, as far as it can be told.
    """

    source: str = ""


class _StrictLoader(yaml.SafeLoader):
    """SafeLoader that refuses a key given twice (YAML would silently keep the last)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            key = str(key_node.value)
            if key in seen:
                raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is given twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def _line_of(root: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """Return the 1-based line of the deepest node that `location` (a pydantic error path) still names."""
    line = 1
    node = root
    for part in location:
        if isinstance(node, yaml.MappingNode):
            for key_node, value_node in node.value:
                if str(key_node.value) == str(part):
                    line, node = key_node.start_mark.line + 1, value_node
                    break
            else:
                break
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line


def _mend(kind: str, message: str, context: dict[str, Any], known: list[str]) -> str:
    if kind == "extra_forbidden":
        return f"unknown key; known are {', '.join(known)}" if known else "unknown key; remove it"
    if kind == "missing":
        return "is missing; add it"
    return message[:1].lower() + message[1:]


def _known_keys(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    current: Any = model
    for part in location[:-1]:
        if isinstance(part, int) or not (isinstance(current, type) and issubclass(current, BaseModel)):
            return []
        info = current.model_fields.get(str(part))
        if info is None:
            return []
        current = info.annotation
    if isinstance(current, type) and issubclass(current, BaseModel):
        return sorted(info.alias or name for name, info in current.model_fields.items())
    return []


def load_text(text: str, model: type[Model], name: str) -> Model:
    """Validate YAML `text` against `model`; `name` is what errors call the file. Raises DefinitionError."""
    try:
        root = yaml.compose(text, Loader=_StrictLoader)
        raw = yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - _StrictLoader is a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        raise DefinitionError(f"{name}:{line}: not valid YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise DefinitionError(f"{name}:1: not valid YAML: {str(error).splitlines()[0]}") from error
    if raw is None:
        raw = {}
    if not isinstance(raw, dict):
        raise DefinitionError(f"{name}:1: expected `key: value` lines, found {type(raw).__name__}")
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        location = tuple(first["loc"])
        key = ".".join(str(part) for part in location) or "(file)"
        mend = _mend(first["type"], first["msg"], first.get("ctx", {}), _known_keys(model, location))
        raise DefinitionError(f"{name}:{_line_of(root, location)}: {key}: {mend}") from error


def load_file(path: Path, model: type[Model]) -> Model:
    """Read and validate one YAML file (UTF-8). Raises DefinitionError naming file, line and key."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise DefinitionError(f"{path}: no such file; `opener init` writes a commented example") from error
    except UnicodeDecodeError as error:
        raise DefinitionError(f"{path}:1: not UTF-8 (byte {error.start}); save the file as UTF-8") from error
    except OSError as error:
        raise DefinitionError(f"{path}: cannot be read: {error.strerror}") from error
    return load_text(text, model, str(path))
