"""Lines that are the same to a reader who does not care for numbers, case and blanks."""

import re

_NUMBER = re.compile(r"\d+")


def look(text: str) -> str:
    """A line as it looks to such a reader: two lines that are alike have the same look."""
    return " ".join(_NUMBER.sub("0", text.casefold()).split())


def landmark(look: str) -> str:
    """The longest piece of a look that stands in the case-folded text of every line alike.

    "" where there is none: the line is all numbers.
    """
    return max(re.split(r"[0\s]+", look), key=len)
