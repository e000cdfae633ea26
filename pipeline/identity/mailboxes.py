"""What a mail address or website tells of somebody's house: mail houses, shared boxes, the name that a domain bears."""

from __future__ import annotations

import re
from functools import cache

from enrich import vocabulary_files
from enrich.vocabulary_files import words
from pipeline.identity.vocabulary import load

_HOST = re.compile(r"^(?:[a-z]+://)?(?:[^/@\s]*@)?(?:www\.)?((?:[\w-]+\.)+[a-z]{2,})", re.I)
# "co.uk" and the like: the name stands before them
_SECOND_LEVEL = frozenset(("co", "com", "org", "ac", "gov", "or", "gv"))


@cache
def freemail() -> frozenset[str]:
    """Return the hosts of mail houses, which tell nothing of an employer (data/company_words.yml)."""
    return words(vocabulary_files.load("company_words.yml")["freemail"])


@cache
def shared_boxes() -> frozenset[str]:
    """Return the names of mailboxes that a whole office reads (data/identity/mailboxes.yml)."""
    return frozenset(str(word) for word in load("mailboxes.yml")["shared"])


def name_in_domain(*addresses: str | None) -> str | None:
    """Return the name that the first domain of its own among websites and mail addresses bears; None without one.

    "jana@holtkamp-bau.de" gives "holtkamp bau".
    """
    for address in addresses:
        found = _HOST.match(address.strip()) if address else None
        host = found[1].lower() if found else ""
        if not host or host in freemail():
            continue
        labels = host.split(".")[:-1]
        while len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
            labels.pop()
        return labels[-1].replace("-", " ").replace("_", " ").strip() or None
    return None
