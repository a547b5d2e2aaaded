"""Versions of guidelines and releases: whole numbers with dots between them, such as 1.0 or 1.2.3."""

import re

from annotator.model.errors import AnnotatorError

_VERSION = re.compile(r"(?:0|[1-9][0-9]{0,8})(?:\.(?:0|[1-9][0-9]{0,8})){0,3}")


def valid_version(text: str, what: str = "a version") -> str:
    """A version, checked: one to four whole numbers with dots between them.

    Raises:
        AnnotatorError: it is none; `what` is what the sentence says it should be.
    """
    if not _VERSION.fullmatch(text):
        raise AnnotatorError(
            f"{text[:64]!r} cannot be {what}: write one to four numbers with dots, such as 1.0 or 1.2.3."
        )
    return text


def order(version: str) -> tuple[int, ...]:
    """What versions are compared by: 1.10 is above 1.9, and 1 is 1.0.

    Raises:
        AnnotatorError: it is no version.
    """
    numbers = [int(each) for each in valid_version(version).split(".")]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def following(version: str, major: bool) -> str:
    """The next version: 1.4 after 1.3 or, for a major change, 2.0."""
    first, second = (*order(version), 0, 0)[:2]
    return f"{first + 1}.0" if major else f"{first}.{second + 1}"
