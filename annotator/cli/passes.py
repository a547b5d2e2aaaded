"""The passes after the articles are in: languages, then the word index. Both can be interrupted.

Each works on what the project says is still to do, so the next run goes on where this one ended.
"""

import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from typing import Protocol

from annotator.cli.bars import Bars, Phase
from annotator.model.errors import AnnotatorError
from annotator.store.address import typed
from annotator.store.project import Project

CHUNK = 50
"""Texts that are sent to a process together, and languages saved in one transaction."""

ALONE = 200
"""With no more texts than this, starting processes would take longer than detecting."""

WORDS = 500
"""Articles indexed in one transaction."""


class Detected(Protocol):
    """Languages that are being detected, or are already."""

    def result(self) -> list[str]:
        """The language of each text; waits for them."""


Detect = Callable[[Sequence[str]], Detected]


def detect_languages(project: Project, bars: Bars, jobs: int, found: "Counter[str]") -> Phase:
    """Detect the language of every article that has none; how it went.

    `found` counts how many of each language were saved, also when this is interrupted.

    Raises:
        AnnotatorError: a process died, for want of memory as a rule.
    """
    total = project.languages().get("", 0)
    with bars.phase("languages", total, "articles") as phase:
        if not total:
            return phase
        try:
            with _detector(jobs if total > ALONE else 1) as detect:
                for tags in _saved(project, detect, 2 * jobs):
                    found.update(tags)
                    phase.advance(len(tags))
        except BrokenProcessPool:
            raise AnnotatorError(
                "A process that detects languages died. What was detected is saved; run "
                f"`annotator import {typed(project.path)}` to go on, with --jobs 1 if memory is short."
            ) from None
    return phase


def index_words(project: Project, bars: Bars) -> Phase:
    """Bring the word index up to date; how it went."""
    with bars.phase("word index", project.unindexed(), "articles") as phase:
        while done := project.index_words(WORDS):
            phase.advance(done)
    return phase


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _saved(project: Project, detect: Detect, ahead: int) -> Iterator[list[str]]:
    """The languages of one chunk after the other, once they are saved."""
    from annotator.text.language import DETECTOR

    waiting: deque[tuple[list[str], Detected]] = deque()

    def save() -> list[str]:
        names, detected = waiting.popleft()
        tags = detected.result()
        project.set_languages((n, tag, DETECTOR) for n, tag in zip(names, tags, strict=True))
        return tags

    for names, texts in _chunks(project):
        waiting.append((names, detect(texts)))
        if len(waiting) > ahead:
            yield save()
    while waiting:
        yield save()


def _chunks(project: Project) -> Iterator[tuple[list[str], list[str]]]:
    """Ids and beginnings of texts without a language."""
    from annotator.text.language import LIMIT

    last = 0
    while rows := project.without_language(CHUNK, last):
        last = rows[-1][0]
        yield [name for _, name, _ in rows], [text[:LIMIT] for _, _, text in rows]


@contextmanager
def _detector(jobs: int) -> Iterator[Detect]:
    """Something that detects languages: this process, or several of their own."""
    from annotator.cli import detecting

    if jobs <= 1:
        yield lambda texts: _done(detecting.detect_all(texts))
        return
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=detecting.prepare)
    try:
        yield partial(_submit, pool)
    finally:
        pool.shutdown(cancel_futures=True)


def _done(tags: list[str]) -> Detected:
    future: Future[list[str]] = Future()
    future.set_result(tags)
    return future


def _submit(pool: ProcessPoolExecutor, texts: Sequence[str]) -> Detected:
    """Send texts to a process, which may be started for it.

    Ctrl-C reaches every process of a terminal; those that are started with it blocked leave the
    answer to this one.
    """
    from annotator.cli.detecting import detect_all

    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(detect_all, texts)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)
