"""The error that a user sees: one line that names what is wrong and the mend."""

from __future__ import annotations


class OpenerError(Exception):
    """A fault that the user can mend; the command prints the message on one line and exits 1."""

    exit_code = 1


class BusyError(OpenerError):
    """Another process is writing to this home; exit 4 for the nightly job's monitoring."""

    exit_code = 4


class DamagedStore(OpenerError):
    """The working store cannot be read, or lacks what was decided last; `opener rebuild` makes it anew."""
