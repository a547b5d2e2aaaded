"""The one exception a person may see."""

from collections.abc import Iterator
from contextlib import contextmanager


class AnnotatorError(Exception):
    """Something a person can act on: one plain sentence saying what, where and what to do."""


@contextmanager
def reading_of(actor: str, article: str = "") -> Iterator[None]:
    """In the block somebody's decisions are read, which programs of theirs may have written.

    Raises:
        AnnotatorError: one of them makes no sense; who wrote it, and where.
    """
    try:
        yield
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        where = f" in article {article}" if article else ""
        raise AnnotatorError(
            f"Something that {actor} decided{where} makes no sense: run `annotator check PROJECT`, "
            f"which names the event, and ask {actor} what program wrote it."
        ) from error
