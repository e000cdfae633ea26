"""What every command shares: the settings file, the console, and errors on one line."""

from __future__ import annotations

import functools
import json
import math
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
import duckdb
from rich.console import Console

from enrich.faults import PipelineFault
from pipeline.errors import OpenerError
from pipeline.settings import Settings, load_settings
from pipeline.store.faults import in_words
from spiders.definitions import DefinitionError

Command = TypeVar("Command", bound=Callable[..., Any])


def console(stderr: bool = False) -> Console:
    """Return a console that draws colours and bars only on a terminal."""
    return Console(stderr=stderr, highlight=False, soft_wrap=not sys.stdout.isatty())


# What JSON lets through as it is and a terminal obeys or cannot show: C1 controls, direction marks, lone surrogates.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def json_line(value: object) -> str:
    """Return a value as one line of JSON that is safe to print: text of pages stays readable, controls are escaped."""
    try:
        text = json.dumps(value, ensure_ascii=False, default=str, allow_nan=False)
    except (TypeError, ValueError):  # keys that JSON does not know (a MAP of lists), numbers that it has no word for
        text = json.dumps(_plain(value), ensure_ascii=False, default=str)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def one_line(message: str) -> str:
    """Fold a message to one printable line: page content must not send escape sequences to a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in message).split())


def fail(message: str, exit_code: int = 1) -> None:
    """Print one line to stderr and leave with `exit_code`."""
    click.echo(f"opener: {one_line(message)}", err=True)
    sys.exit(exit_code)


def errors_on_one_line(function: Command) -> Command:
    """Turn the faults a user can mend into one line and an exit code; let real bugs show their traceback."""

    @functools.wraps(function)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except OpenerError as error:
            fail(str(error), error.exit_code)
        except (DefinitionError, PipelineFault) as error:
            fail(str(error))
        except duckdb.Error as error:
            said = in_words(error)
            if said is None:
                raise
            fail(said)
        except UnicodeEncodeError as error:
            fail(f"{error.object[:60]!r} is no text in UTF-8; write it in UTF-8")
        except BrokenPipeError:
            sys.exit(141)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            fail(f"{where}{error.strerror or error}")

    return wrapped  # type: ignore[return-value]


def pass_context(function: Command) -> Command:
    """Add `--config FILE` and pass the loaded Settings as first argument; errors come on one line."""

    @click.option(
        "--config",
        "config",
        type=click.Path(path_type=Path, dir_okay=False),
        default=None,
        help="Settings file [default: ./opener.yml, else the defaults].",
    )
    @functools.wraps(function)
    @errors_on_one_line
    def wrapped(*args: Any, config: Path | None, **kwargs: Any) -> Any:
        settings: Settings = load_settings(config)
        return function(settings, *args, **kwargs)

    return wrapped  # type: ignore[return-value]
