"""Whether an event from elsewhere says something this program can show.

A chain of hashes proves that an event is what was written, not that it makes sense.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from annotator.model.annotation import (
    Kind,
    Note,
    Rejection,
    Rule,
    Span,
    Stance,
    Status,
    valid_name,
)
from annotator.model.assistance import Assistance
from annotator.model.decision import Decision
from annotator.model.errors import AnnotatorError
from annotator.model.event import canonical
from annotator.model.person import Person
from annotator.model.scheme_file import parse
from annotator.model.shown import Shown
from annotator.model.slot import Pool, Round, Slot
from annotator.store.engine import Row
from annotator.store.erasure import erased_by
from annotator.store.proof import broken_quote, quotes

Body = Mapping[str, Any]

_SHAPES: Mapping[Kind, Callable[[str, Body], object]] = {
    Kind.SPAN: Span.of,
    Kind.STANCE: lambda _key, body: Stance.of(body),
    Kind.STATUS: lambda _key, body: Status.of(body),
    Kind.NOTE: Note.of,
    Kind.REJECTION: lambda _key, body: Rejection.of(body),
    Kind.RULE: lambda _key, body: Rule.of(body),
    Kind.PERSON: Person.of,
    Kind.SLOT: lambda key, body: Slot.of("", key, body),
    Kind.POOL: lambda _key, body: Pool.of("", body),
    Kind.ROUND: Round.of,
    Kind.FEEDBACK: lambda _key, body: body["allowed"],
    Kind.ASSISTANCE: lambda _key, body: Assistance.of(body),
    Kind.SHOWN: lambda key, body: _shown(key, body),
    Kind.DECISION: Decision.of,
    Kind.SCHEME: lambda _key, body: parse(body["toml"], body["guidelines"], "it"),
    Kind.GUIDELINES: lambda _key, body: (body["version"], body["text"]),
}
_PLACE = {"layer": str, "label": str, "start": int, "end": int}
_TYPES: Mapping[Kind, Mapping[str, type]] = {
    Kind.SPAN: _PLACE,
    Kind.REJECTION: _PLACE,
    Kind.SUGGESTION: {**_PLACE, "source": str},
    Kind.RULE: {"layer": str, "label": str, "text": str},
    Kind.STANCE: {"label": str, "note": str},
    Kind.STATUS: {"reason": str, "seconds": int},
    Kind.NOTE: {"note": str},
    Kind.LOOKED: {"layer": str},
    Kind.WITHDRAWAL: {"reason": str},
    Kind.SUCCESSOR: {"by": str},
    Kind.SHOWN: {"layer": str, "source": str, "version": str, "items": list},
    Kind.ASSISTANCE: {"off": list, "without": list},
    Kind.GUIDELINES: {"version": str, "text": str},
}
"""What must be in a body, and as what: what is read of it later relies on that."""
_LARGEST = 1 << 53


def nonsense(row: Row, texts: Callable[[str], str] = lambda _article: "") -> str:
    """What is wrong with what an event (a row of `log.COLUMNS`) says; "" when nothing is.

    `texts` gives an article's text, in which quotations must be found; "" where it is not known.
    """
    text = row[11]
    try:
        valid_name(row[3])
        if text is None or erased_by(text):
            return ""
        body = json.loads(text)
        if not isinstance(body, dict):
            return "it is no JSON object"
        if canonical(body) != text:
            return "it is not spelt as this program writes it"
        shape = _SHAPES.get(Kind(row[10]))
        if shape is not None:
            shape(row[5], body)
        wrong = _mistyped(Kind(row[10]), body) or _misquoted(row[4], body, texts)
        return wrong or (_beyond(row[4], body, texts) if row[10] == Kind.SHOWN else "")
    except AnnotatorError as error:
        return str(error).rstrip(".")
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        return repr(error)


def _shown(key: str, body: Body) -> None:
    if Shown.of(body).key != key:
        raise ValueError(f"what was shown is filed as {key!r:.60}")


def _beyond(article: str, body: Body, texts: Callable[[str], str]) -> str:
    """What was shown in an article that is not in its text."""
    ends = max((item[1] for item in body["items"]), default=0)
    text = texts(article) if article else ""
    return f"it shows {ends}, which is not in article {article!r}" if 0 < len(text) < ends else ""


def _mistyped(kind: Kind, body: Body) -> str:
    for name, wanted in _TYPES.get(kind, {}).items():
        value = body.get(name)
        if type(value) is not wanted or (isinstance(value, int) and abs(value) >= _LARGEST):
            return f"its {name} is {value!r:.40}"
    return "" if isinstance(body.get("attrs", {}), dict) else "its attributes have no names"


def _misquoted(article: str, body: Body, texts: Callable[[str], str]) -> str:
    """What an article is quoted with that is not in it."""
    text = texts(article) if article and any(quotes(body)) else ""
    where = broken_quote(body, text) if text else ""
    return f"what it quotes is not at {where} of article {article!r}" if where else ""
