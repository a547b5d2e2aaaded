"""annotator's own export without texts, `annotator-standoff/1`: put back on articles that are here.

Each line gives a record for each annotator, without a text: the article of the project is meant that
has the same SHA-256, or id. Stances and notes are not brought back and are counted; the native format
brings back everything.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from annotator.formats.claims import Claim, Record
from annotator.formats.sources.fields import ID_LIMIT
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal
from annotator.formats.sources.lines import numbered_lines
from annotator.formats.strict_json import BadJsonError, loads
from annotator.formats.writers.standoff import SCHEMA
from annotator.model.annotation import State, valid_name
from annotator.model.article import Article
from annotator.model.errors import AnnotatorError
from annotator.text.counting import Count

NAME = "standoff"

_COUNTS = (Count.CODE_POINTS, Count.UTF16, Count.BYTES)
_FIELDS = ("title", "source", "url", "date", "lang", "lang_source", "group")
_HASH = frozenset("0123456789abcdef")
_OWN = re.compile(rb'(?<!\\)"schema"\s*:\s*"annotator-standoff/')


def sniff(head: bytes, name: str) -> bool:
    """Whether a file's first line is of this schema."""
    return name.lower().endswith(".jsonl") and bool(_OWN.search(head.split(b"\n", 1)[0]))


def read(found: Found, options: ReadOptions) -> Iterator[Record | Refusal]:
    """The records of each line, and a refusal for each line that does not hold together."""
    for number, line in numbered_lines(found.path, options):
        where = f"{found.where}:{number}"
        if isinstance(line, BadJsonError):
            yield Refusal(where, str(line))
        elif line.strip():
            try:
                yield from _records(where, loads(line), options)
            except (BadJsonError, AnnotatorError) as error:
                yield Refusal(where, str(error).rstrip("."))


def _records(where: str, line: Any, options: ReadOptions) -> list[Record]:
    """A record for each annotator of a line; BadJsonError when it is none of ours."""
    if not isinstance(line, dict) or line.get("schema") != SCHEMA:
        raise BadJsonError(f"not a line of the schema {SCHEMA}")
    article = _article(line, options)
    digest = _get(line, "text_sha256", str)
    if len(digest) != 64 or not _HASH.issuperset(digest):
        raise BadJsonError("text_sha256 is not a SHA-256")
    if line.get("offsets") not in _COUNTS:
        raise BadJsonError(f"offsets are none of {', '.join(_COUNTS)}")
    states = _states(line)
    claims = _claims(line)
    left = {name: _left(line, name, states) for name in states}
    if unknown := sorted(claims.keys() - states.keys()):
        raise BadJsonError(f"{unknown[0]!r} is not among the annotators")
    return [
        Record(
            where,
            article,
            tuple(claims.get(name, ())),
            name,
            finished=state == State.DONE,
            counts=Count(line["offsets"]),
            sha256=digest,
            left_out=left[name],
            origin=NAME,
        )
        for name, state in states.items()
    ]


def _article(line: Mapping[str, Any], options: ReadOptions) -> Article:
    ident = _get(line, "id", str)
    if not ident or len(ident) > ID_LIMIT:
        raise BadJsonError(f"the id is not one of 1 to {ID_LIMIT} characters")
    fields = {name: _get(line, name, str) for name in _FIELDS if name in line}
    return Article(options.prefix + ident, "", **fields)


def _states(line: Mapping[str, Any]) -> dict[str, str]:
    """Where each annotator stands, by name."""
    states: dict[str, str] = {}
    for item in _get(line, "annotators", list):
        name = valid_name(_get(item, "name", str))
        if name in states:
            raise BadJsonError(f"the annotator {name!r} comes twice")
        states[name] = _get(item, "state", str)
        if states[name] not in tuple(State):
            raise BadJsonError(f"{states[name][:40]!r} is not a state")
    return states


def _claims(line: Mapping[str, Any]) -> dict[str, list[Claim]]:
    """The spans of each annotator."""
    claims: dict[str, list[Claim]] = {}
    for layer, spans in _get(line, "layers", dict).items():
        if not isinstance(spans, list):
            raise BadJsonError(f"layer {layer[:40]!r} is not a list")
        for span in spans:
            claim = Claim(
                _get(span, "start", int),
                _get(span, "end", int),
                _get(span, "label", str),
                _get(span, "text", str) if "text" in span else None,
                layer,
                _get(span, "attrs", dict),
                _get(span, "id", str),
            )
            claims.setdefault(_get(span, "annotator", str), []).append(claim)
    return claims


def _left(line: Mapping[str, Any], name: str, states: Mapping[str, str]) -> dict[str, int]:
    """What of an annotator is not brought back."""
    found: dict[str, int] = {}
    for field, kind in (("stances", "stance"), ("notes", "note or flag")):
        actors = [_get(item, "annotator", str) for item in _get(line, field, list)]
        if unknown := sorted(set(actors) - states.keys()):
            raise BadJsonError(f"{unknown[0]!r} is not among the annotators")
        if number := actors.count(name):
            found[kind] = number
    return found


def _get(value: Any, name: str, kind: type) -> Any:
    """A field of an object, of a type; BadJsonError when it is not so."""
    if not isinstance(value, dict):
        raise BadJsonError(f"what should have a field {name!r} is not an object")
    if name not in value:
        raise BadJsonError(f"the field {name!r} is missing")
    found = value[name]
    # A JSON true is an int to Python.
    if not isinstance(found, kind) or (kind is int and isinstance(found, bool)):
        names = {str: "a string", int: "a whole number", dict: "an object", list: "a list"}
        raise BadJsonError(f"the field {name!r} is not {names[kind]}")
    return found
