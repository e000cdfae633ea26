"""A time-out that this process caused by being busy is no fault of the host; a real one is."""

from __future__ import annotations

from time import monotonic

import pytest
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Request
from scrapy.spiders import Spider
from scrapy.utils.test import get_crawler

from spiders import stalls
from spiders.stalls import MOST_AGAIN, FairTimeouts, Heartbeat


@pytest.fixture
def heart(monkeypatch: pytest.MonkeyPatch) -> Heartbeat:
    """A heartbeat of its own, so that no other test is in it."""
    made = Heartbeat()
    monkeypatch.setattr(stalls, "_heartbeat", made)
    return made


@pytest.fixture
def timeouts() -> FairTimeouts:
    return FairTimeouts.from_crawler(get_crawler(Spider, {"DOWNLOAD_TIMEOUT": 10}))


REQUEST = Request("http://slow.example/")


def test_a_time_out_while_the_process_was_busy_is_asked_again(heart: Heartbeat, timeouts: FairTimeouts) -> None:
    heart.note(monotonic() - 1, 4.0)
    again = timeouts.process_exception(REQUEST, DownloadTimeoutError("10 seconds"))
    assert again is not None and again.dont_filter and again.url == REQUEST.url


def test_it_is_asked_again_a_few_times_only(heart: Heartbeat, timeouts: FairTimeouts) -> None:
    heart.note(monotonic() - 1, 4.0)
    request, times = REQUEST, 0
    while (again := timeouts.process_exception(request, DownloadTimeoutError("10 seconds"))) is not None:
        request, times = again, times + 1
    assert times == MOST_AGAIN


@pytest.mark.parametrize("late", [0.0, 1.0])
def test_a_time_out_of_a_host_counts(late: float, heart: Heartbeat, timeouts: FairTimeouts) -> None:
    heart.note(monotonic() - 1, late)
    assert timeouts.process_exception(REQUEST, DownloadTimeoutError("10 seconds")) is None


def test_a_stall_before_the_request_excuses_nothing(heart: Heartbeat, timeouts: FairTimeouts) -> None:
    heart.note(monotonic() - 60, 5.0)
    assert timeouts.process_exception(REQUEST, DownloadTimeoutError("10 seconds")) is None


def test_other_faults_are_left_to_the_others(heart: Heartbeat, timeouts: FairTimeouts) -> None:
    heart.note(monotonic() - 1, 4.0)
    assert timeouts.process_exception(REQUEST, ConnectionResetError()) is None
