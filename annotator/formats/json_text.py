"""Values as JSON text the way exports write it: characters as they are, sorted keys, same bytes."""

import json
from typing import Any

from annotator.model.errors import AnnotatorError


def json_text(value: Any, article: str, indent: int | None = None) -> str:
    """A value of an article as JSON; on one line without spaces unless an indent is given.

    Raises:
        AnnotatorError: something JSON or UTF-8 cannot hold; it names the article.
    """
    try:
        text = json.dumps(
            value,
            ensure_ascii=False,
            sort_keys=True,
            allow_nan=False,
            indent=indent,
            separators=(",", ":") if indent is None else None,
        )
        text.encode()
    except (ValueError, TypeError, RecursionError) as error:  # UnicodeEncodeError is a ValueError
        raise AnnotatorError(
            f"Article {article!r} holds something JSON cannot: {error}."
        ) from error
    return text
