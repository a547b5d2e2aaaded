"""What a process that detects languages runs: little is imported, nothing is opened."""

from collections.abc import Sequence

from annotator.text.language import LIMIT, detect, warm_up

SAMPLE = LIMIT
"""Code points of a text that are sent to a process; the detector looks no further."""


def prepare() -> None:
    """Load the detector once in a new process."""
    warm_up()


def detect_all(texts: Sequence[str]) -> list[str]:
    """The language of each text."""
    return [detect(text)[0] for text in texts]
