"""Vocabularies, example sources, the demo town and the training pieces, as files.

`data.path("roles.yml")` finds a file both in a clone and in an installed wheel.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent


def path(*parts: str) -> Path:
    """Return the path of a shipped data file; raises FileNotFoundError when it does not exist."""
    found = ROOT.joinpath(*parts)
    if not found.exists():
        raise FileNotFoundError(f"{found}: not shipped with this installation; install door-opener again")
    return found
