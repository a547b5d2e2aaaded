"""What a process that detects languages runs: little is imported, nothing is opened."""

import multiprocessing
import os
import threading
from collections.abc import Sequence

from annotator.text.language import detect, warm_up


def prepare() -> None:
    """Load the detector once in a new process, which ends when the one that started it does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    warm_up()


def detect_all(texts: Sequence[str]) -> list[str]:
    """The language of each text."""
    return [detect(text)[0] for text in texts]


def _end_with_parent() -> None:
    """A pool's process that lost its parent would wait for work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
