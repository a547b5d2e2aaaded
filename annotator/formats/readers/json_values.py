"""Values of other tools' JSON, held to what they should be."""

from typing import Any, TypeGuard

from annotator.formats.sources.fields import UnfitError
from annotator.model.annotation import valid_name
from annotator.model.errors import AnnotatorError


def whole(value: Any) -> TypeGuard[int]:
    """Whether a value is a whole number; a JSON true is one to Python only."""
    return isinstance(value, int) and not isinstance(value, bool)


def place(start: Any, end: Any, what: str) -> tuple[int, int]:
    """The offsets of a thing; UnfitError when they are none."""
    if whole(start) and whole(end):
        return start, end
    raise UnfitError(f"the start or end of {what} is not a whole number")


def person(value: Any) -> str:
    """A name or number as an annotator's name; "" when it cannot be one."""
    if not (isinstance(value, str) or whole(value)):
        return ""
    try:
        return valid_name(str(value))
    except AnnotatorError:
        return ""
