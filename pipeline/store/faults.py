"""What DuckDB says when a file is damaged, a disk full or a folder closed, in words that name the mend."""

from __future__ import annotations

import errno
import os

import duckdb

_DAMAGED = ("corrupt", "checksum", "not a valid duckdb", "could not read enough bytes", "deserializ", "wal file")


def is_damaged(error: duckdb.Error) -> bool:
    """Tell whether a file is spoiled (as against locked, missing, or on a full disk)."""
    text = str(error).lower()
    return any(mark in text for mark in _DAMAGED) or isinstance(error, duckdb.SerializationException)


def is_locked(error: duckdb.Error) -> bool:
    """Tell whether another process holds the file ("block", in the words of a damaged file, is no lock)."""
    return "lock on file" in str(error).lower() and not is_damaged(error)


_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EIO)


def is_of_machine(error: duckdb.Error) -> bool:
    """Tell whether the disk or the memory is at fault, not the file."""
    said = str(error).lower()
    return isinstance(error, duckdb.OutOfMemoryException) or any(os.strerror(n).lower() in said for n in _DISK)


def in_words(error: duckdb.Error) -> str | None:
    """Return one line for a fault that a user can mend; None for a fault of this program.

    A transaction that a full disk ended cannot be rolled back any more: what came first tells more.
    """
    first = error.__context__
    if isinstance(first, duckdb.Error) and (told := in_words(first)):
        return told
    said = str(error).splitlines()[0][:300]
    if is_damaged(error):
        return f"the store is damaged ({said}); `opener rebuild` makes it anew from pages and decisions, or put a backup back: `opener restore FILE`"
    for number in _DISK:
        if os.strerror(number).lower() in str(error).lower():
            mend = {errno.EROFS: "choose another `home`", errno.EACCES: "change its owner or choose another `home`"}
            return f"{said}; {mend.get(number, 'make room and run it again, nothing that was stored is lost')}"
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"{said}; give the machine more memory or room for temporary files"
    return None
