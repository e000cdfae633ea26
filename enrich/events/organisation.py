"""Whose site this is: the organisation behind it, from titles, meta data and the imprint."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from enrich.events.affiliations import LEGAL_FORM
from enrich.events.items import is_generic
from enrich.events.names import has_organisation, name_of
from enrich.events.pages import EventPage, word_pattern

_PARTS = re.compile(r"\s+[|–—·»•-]\s+|:\s")


def _title_parts(page: EventPage) -> list[str]:
    return [part.strip() for part in _PARTS.split(page.layout.title) if len(part.strip()) >= 3]


def site_names(pages: Sequence[EventPage]) -> frozenset[str]:
    """Return the parts of titles that most pages share, lower case: what the site calls itself."""
    counts: Counter[str] = Counter()
    for page in pages:
        for part in {part.lower() for part in _title_parts(page)}:
            counts[part] += 1
        name = page.layout.meta.get("og:site_name")
        if name:
            counts[name.lower()] += 3
    return frozenset(
        part
        for part, count in counts.items()
        if not is_generic(part) and count >= 2 and count >= 0.5 * max(3, sum(bool(page.layout.title) for page in pages))
    )


def site_organisation(pages: Sequence[EventPage], names: frozenset[str]) -> str | None:
    """Return the organisation behind a site: the imprint's, og:site_name, or the title part that pages share."""
    for page in pages:
        if word_pattern("other_pages").search(" ".join(page.segments[-2:])) and re.search(
            r"impressum|imprint", page.path
        ):
            for line in page.layout.lines[:120]:
                if line.nav or len(line.text) > 110 or name_of(line.text)[1] == 2:
                    continue
                legal = LEGAL_FORM.search(line.text)
                if (
                    legal
                    and "@" not in line.text
                    and not re.search(r"haftung|gemäß|registergericht|hosting|server", line.text, re.I)
                ):
                    return line.text[: legal.end()].strip(" ,:")
    for page in pages:
        name = page.layout.meta.get("og:site_name", "").strip()
        if 3 <= len(name) <= 80:
            return name
    for page in pages:
        for line in page.layout.lines[:40]:
            home = any(
                href in ("/", "./") or re.fullmatch(r"(?:https?://[^/]+)?(?:\.\./)*/?(?:index\.\w+)?", href)
                for href, _ in line.links
                if href and not href.startswith("#")
            )
            if (
                home
                and 4 <= len(line.text) <= 60
                and not is_generic(line.text)
                and re.search(r"brand|logo|title|header|site", line.cls, re.I)
            ):
                return line.text
    counts = Counter(part for page in pages for part in _title_parts(page) if part.lower() in names)
    if counts:
        return counts.most_common(1)[0][0]
    titles = Counter(
        page.layout.title for page in pages if not is_generic(page.layout.title) and 3 <= len(page.layout.title) <= 60
    )
    if titles and titles.most_common(1)[0][1] >= 3:
        return titles.most_common(1)[0][0]
    organised = [part for page in pages for part in _title_parts(page) if has_organisation(part)]
    return organised[0] if organised else None
