"""The `NAME.json` that our export puts beside brat's files: what to make of them again.

It gives back the article as it was, line ends too; without it, or with one of another tool, an
article is what its `.txt` file is.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from annotator.formats.sources.incoming import LIMIT, ReadOptions, open_file
from annotator.formats.strict_json import BadJsonError, loads
from annotator.formats.writers.brat import BESIDE
from annotator.formats.writers.native_jsonl import ARTICLE_FIELDS
from annotator.model.annotation import State, valid_name
from annotator.model.article import Article, text_sha256
from annotator.model.errors import AnnotatorError
from annotator.model.spent import NOTHING


class BadBesideError(ValueError):
    """Why our own file does not fit the text beside it."""


class Told(NamedTuple):
    """The article of an `.ann` file, and what else is known about it."""

    article: Article
    ours: bool = False
    """Whether our export made the files."""
    annotator: str = ""
    finished: bool = True
    types: Mapping[str, tuple[str, str]] = NOTHING
    """Layer and label of types."""
    left_out: Mapping[str, int] = NOTHING
    """What the file holds that is no span."""


def read(path: Path, article: Article, options: ReadOptions) -> Told:
    """What is told beside an article that is so far what its `.txt` file gives.

    Raises:
        BadBesideError: the file is ours, but damaged or of another text.
    """
    value = _ours(path, options)
    if value is None:
        return Told(article)
    try:
        return _told(value, article.text, options)
    except (KeyError, TypeError, ValueError, AnnotatorError) as error:
        if isinstance(error, BadBesideError):
            raise
        raise BadBesideError(f"{path.name} beside it is damaged") from None


def _ours(path: Path, options: ReadOptions) -> dict[str, Any] | None:
    """The JSON object of a file, None when there is none or it is not ours."""
    if not path.is_file() or path.stat().st_size > LIMIT:
        return None
    with open_file(path, options) as stream:
        data = stream.read(LIMIT)
    try:
        value = loads(data.decode("utf-8"))
    except (UnicodeDecodeError, BadJsonError):
        return None
    return value if isinstance(value, dict) and value.get("schema") == BESIDE else None


def _told(value: dict[str, Any], text: str, options: ReadOptions) -> Told:
    text = _with_line_ends(text, value["line_ends"])
    if text_sha256(text) != value["text_sha256"]:
        raise BadBesideError("the text is not the one that was exported; its .json says so")
    fields = {name: value[name] for name in ARTICLE_FIELDS if name != "text"}
    if not all(isinstance(field, str) for field in fields.values()) or not fields["id"]:
        raise TypeError
    if not isinstance(value["meta"], dict):
        raise TypeError
    fields["id"] = options.prefix + fields["id"]
    types = {name: (str(layer), str(label)) for name, (layer, label) in value["types"].items()}
    said = Counter({"stance": len(value["stances"]), "note or flag": len(value["notes"])})
    return Told(
        Article(**fields, text=text, meta=value["meta"]),
        ours=True,
        annotator=valid_name(value["annotator"]["name"]),
        finished=value["annotator"]["state"] == State.DONE,
        types=types,
        left_out=+said,
    )


def _with_line_ends(text: str, runs: list[tuple[str, int]]) -> str:
    """The text with the line ends it had: so many of this kind, then so many of that."""
    lines = text.split("\n")
    if sum(number for _, number in runs) != len(lines) - 1:
        raise BadBesideError("the text has not the lines that were exported; its .json says so")
    ends = [end for end, number in runs for _ in range(number)]
    return "".join(line + end for line, end in zip(lines, [*ends, ""], strict=True))
