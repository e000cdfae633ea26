"""Who is the same: person and company names, blocking, comparison, scores, clusters, decisions.

`resolve` and `rebuild` work on the store; `cluster_table` (in `dedupe`) works on any list of people.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.identity.replay import rebuild
    from pipeline.identity.resolver import ResolveReport, resolve

__all__ = ["ResolveReport", "rebuild", "resolve"]


def __getattr__(name: str) -> Any:
    """Load the resolver when it is asked for: parsing a name needs neither numpy nor DuckDB."""
    if name in __all__:
        module = "replay" if name == "rebuild" else "resolver"
        return getattr(import_module(f"pipeline.identity.{module}"), name)
    raise AttributeError(name)
