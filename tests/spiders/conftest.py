"""Fixtures of the crawl tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from small_web import LIMITS, Web, served

from spiders.limits import CrawlLimits


@pytest.fixture
def web() -> Iterator[Web]:
    """A web of its own for one test."""
    with served() as site:
        yield site


@pytest.fixture
def limits() -> CrawlLimits:
    """Limits for tests: a contact, no delay, little patience."""
    return LIMITS
