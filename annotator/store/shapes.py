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
from annotator.model.decision import Decision
from annotator.model.errors import AnnotatorError
from annotator.model.event import canonical
from annotator.model.person import Person
from annotator.model.scheme_file import parse
from annotator.model.slot import Pool, Round, Slot
from annotator.store.engine import Row
from annotator.store.erasure import erased_by

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
    Kind.DECISION: Decision.of,
    Kind.SCHEME: lambda _key, body: parse(body["toml"], body["guidelines"], "it"),
    Kind.GUIDELINES: lambda _key, body: (body["version"], body["text"]),
}


def nonsense(row: Row) -> str:
    """What is wrong with what an event (a row of `log.COLUMNS`) says; "" when nothing is."""
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
    except AnnotatorError as error:
        return str(error).rstrip(".")
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        return repr(error)
    return ""
