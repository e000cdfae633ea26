"""Known contacts, the do-not-call list and erasure."""

from __future__ import annotations

from pipeline.contacts.importing import ImportReport, import_file

__all__ = ["ImportReport", "import_file"]
