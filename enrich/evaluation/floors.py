"""The ratchet: floors of measured values that only rise, unless somebody lowers one by name and says why."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from enrich.evaluation.runs import Row

PATH = Path(__file__).with_name("floors.json")
SLACK = 0.01  # machines and library versions differ by a little


class FloorError(ValueError):
    """An update would lower a floor that was not named."""


@dataclass(slots=True)
class Floors:
    """Floors by name, and the log of those that were lowered."""

    values: dict[str, float]
    lowered: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path = PATH) -> Floors:
        """Read the file; a missing one has no floors."""
        if not path.exists():
            return cls({})
        loaded = json.loads(path.read_text("utf-8"))
        return cls({str(k): float(v) for k, v in loaded["floors"].items()}, list(loaded.get("lowered", [])))

    def write(self, path: Path = PATH) -> None:
        """Write the file, sorted by name."""
        entry = {"floors": dict(sorted(self.values.items())), "lowered": self.lowered}
        path.write_text(json.dumps(entry, indent=1, ensure_ascii=False) + "\n", "utf-8")

    def broken(self, rows: Iterable[Row]) -> list[tuple[Row, float]]:
        """Return the rows that lie below their floor."""
        return [
            (row, self.values[row.key])
            for row in rows
            if row.ratchet and row.value < self.values.get(row.key, 0.0) - SLACK
        ]

    def update(self, rows: Iterable[Row], lower: Collection[str] = (), why: str | None = None) -> list[str]:
        """Raise floors to the measured values; returns what changed.

        Raises FloorError when a value lies below its floor, except those named in `lower`, which need `why`.
        """
        if lower and not (why or "").strip():
            raise FloorError(f"{', '.join(lower)}: say why it may be lowered (--why)")
        rows = [row for row in rows if row.ratchet]
        if unknown := sorted(set(lower) - {row.key for row in rows}):
            raise FloorError(f"{unknown[0]}: was not measured; names are as in the table, CORPUS: MEASURE")
        below = [row for row, _ in self.broken(rows) if row.key not in lower]
        if below:
            listed = "; ".join(f"{row.key} {row.value:.3f} < {self.values[row.key]:.3f}" for row in below)
            raise FloorError(f"would lower {listed}: mend it, or name it with --lower NAME --why REASON")
        changed = []
        for row in rows:
            old = self.values.get(row.key)
            if row.key in lower and old is not None and row.value < old:
                self.lowered.append({"name": row.key, "from": old, "to": row.value, "why": why})
            elif old is not None and row.value <= old:
                continue
            self.values[row.key] = row.value
            changed.append(f"{row.key}: {'new' if old is None else f'{old:.3f}'} -> {row.value:.3f}")
        return changed
