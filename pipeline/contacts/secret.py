"""The key of the keyed hashes: without it a suppression list cannot be turned back into names."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from pipeline.errors import OpenerError

FILE = "secret.key"


def load(home: Path) -> bytes:
    """Return the 32-byte key of this home (`home/secret.key`, readable by its owner only); made on first use.

    Losing the file makes all suppressions and erasures useless, so it belongs into the backup. Raises
    OpenerError when the file is damaged.
    """
    path = home / FILE
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        draft = home / f".{FILE}.{os.getpid()}"
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # never replaces a key that another process has just made
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (ValueError, UnicodeDecodeError) as error:
        raise OpenerError(f"{path}: damaged; restore it from the backup, or suppressions cannot be checked") from error
    if len(key) != 32:
        raise OpenerError(f"{path}: damaged; restore it from the backup, or suppressions cannot be checked")
    return key
