"""Reading pages of strangers within bounds: processor time, memory, and whatever else a page can do to its reader.

A worker process arms itself once (`arm`); each reading then runs as `guarded(...)`. What a page cannot be left to
break by an exception (a regular expression in C that does not end), ends the worker; the pool takes it from there.
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import process_time
from types import FrameType

from enrich.faults import PipelineFault
from enrich.records import Document, Page
from enrich.sound_text import sound

# Processor time, so that a busy machine loses no page. A page that takes longer is hostile: reported and left out.
PAGE_SECONDS = 10
NEXT_SECONDS = 0.5  # for every further page of a site that is read as a whole
DEAF_SECONDS = 5  # more for code that does not listen to the alarm; then the worker ends
RESCUE_SECONDS = 60  # for finding the page that spoils a site, so that its other pages are kept
WORKER_BYTES = 3_000_000_000  # a page that makes a worker grow beyond this is left out

Read = Callable[[Sequence[Page]], list[Document]]


class _TooSlow(BaseException):
    """No Exception, because libraries catch those."""


class _Failure(Document):
    """A document that stands for a reading that failed; its warning says why."""


def arm() -> None:
    """Set this process up: the alarm for slow pages and the limit of memory. Main thread of a worker only."""
    signal.signal(signal.SIGPROF, _alarm)
    most = resource.getrlimit(resource.RLIMIT_DATA)[1]
    resource.setrlimit(resource.RLIMIT_DATA, (WORKER_BYTES if most < 0 else min(WORKER_BYTES, most), most))


def failure(page: Page, problem: str) -> Document:
    """Return a document that says why nothing was read."""
    return _Failure(page.url, page.kind, None, None, None, "", warnings=(sound(problem),))


def read_site(pages: Sequence[Page], read: Read) -> list[Document]:
    """Read pages as a whole; when that fails, without those that cannot be read even alone."""
    whole = guarded(lambda: read(pages), pages[0], len(pages))
    if len(pages) == 1 or not _failed(whole):
        return whole
    kept: list[Page] = []
    problems: list[str] = []
    begun = process_time()
    for page in pages:
        if process_time() - begun > RESCUE_SECONDS:
            problems.append(f"{page.url}: left out with other pages of a site that takes too long to read")
            continue
        alone = guarded(lambda page=page: read([page]), page)  # type: ignore[misc]
        if _failed(alone):
            problems.extend(alone[0].warnings)
        else:
            kept.append(page)
    if not problems or not kept:
        return whole
    rest = guarded(lambda: read(kept), kept[0], len(kept))
    return [replace(rest[0], warnings=(*problems, *rest[0].warnings)), *rest[1:]] if rest else rest


def guarded(task: Callable[[], list[Document]], first: Page, pages: int = 1) -> list[Document]:
    """Run one reading within its time; whatever goes wrong costs this page or site only and is reported."""
    seconds = PAGE_SECONDS + NEXT_SECONDS * (pages - 1)
    try:
        try:
            signal.setitimer(signal.ITIMER_PROF, seconds, 1.0)  # again and again: a handler somewhere may eat one
            signal.setitimer(signal.ITIMER_VIRTUAL, seconds + DEAF_SECONDS)  # SIGVTALRM ends the process
            return task()
        finally:
            _disarm()
    except PipelineFault:
        raise  # no page could be read: better no night than one that takes every page for read
    except _TooSlow:
        problem = f"{first.url}: reading took longer than {seconds:g} s; left out"
    except MemoryError:
        problem = f"{first.url}: reading needed too much memory; left out"
    except RecursionError:
        problem = f"{first.url}: nested too deeply; left out"
    except Exception as error:  # a page must never stop the night; the fault is reported with its address
        problem = f"{first.url}: could not be read ({type(error).__name__}: {str(error)[:200]})"
    _disarm()
    return [failure(first, problem)]


def _alarm(signum: int, frame: FrameType | None) -> None:
    raise _TooSlow


def _disarm() -> None:
    signal.setitimer(signal.ITIMER_PROF, 0)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def _failed(documents: Sequence[Document]) -> bool:
    return any(isinstance(document, _Failure) for document in documents)
