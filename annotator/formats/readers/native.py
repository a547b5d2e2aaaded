"""Reading the native format `annotator/1` back, refusing every line that does not hold together."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from annotator.formats.document import Document
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal
from annotator.formats.sources.lines import numbered_lines
from annotator.formats.strict_json import BadJsonError, first_twice, loads
from annotator.formats.writers.native_jsonl import ARTICLE_FIELDS, SCHEMA
from annotator.model.annotation import (
    Evidence,
    Note,
    Party,
    Span,
    Stance,
    State,
    Status,
    Work,
    sort_spans,
    valid_name,
)
from annotator.model.article import Article, unstorable
from annotator.model.errors import AnnotatorError
from annotator.model.release import GoldItem
from annotator.model.split import valid_split

LINE_LIMIT = 512 << 20
"""Bytes of the longest line that is read."""

_SPAN = {"id": str, "annotator": str, "label": str, "start": int, "end": int, "text": str}
_STANCE = {"annotator": str, "target": dict, "holder": dict, "label": str, "basis": str}
_EVIDENCE = {"role": str, "start": int, "end": int, "text": str}
_ARTICLE = {**dict.fromkeys(ARTICLE_FIELDS, str), "text_sha256": str, "meta": dict}
_REST = {"schema": str, "scheme": dict, "annotators": list, "layers": dict, "stances": list}
_ITEM = {"item": str, "layer": str, "method": str, "votes": dict, "voters": int}
_MORE: dict[str, type] = {
    **dict.fromkeys(("spans", "adopted", "category", "taken", "about"), list),
    "stance": dict,
    "evidence": bool,
    "decider": str,
    "reason": str,
    "posterior": float,
}
_ANNOTATOR = {"name": str, "state": str, "reason": str, "seconds": int, "looked": list}


def read(found: Found, options: ReadOptions) -> Iterator[Document | Refusal]:
    """Every document of a file, and a refusal with its line for each line that is not one."""
    for number, line in numbered_lines(found.path, options, LINE_LIMIT):
        where = f"{found.where}:{number}"
        if isinstance(line, BadJsonError):
            yield Refusal(where, str(line))
        elif line.strip():
            try:
                yield document_of(loads(line))
            except (BadJsonError, AnnotatorError) as error:
                yield Refusal(where, str(error))


def read_path(path: Path) -> Iterator[Document | Refusal]:
    """`read` for a path alone."""
    return read(Found(path, path.name, str(path), "native"), ReadOptions())


def document_of(line: Any) -> Document:
    """The document a line's JSON value describes.

    Raises:
        BadJsonError: not `annotator/1`, a field missing, unknown or of the wrong type, a text that is
            not the one its SHA-256 or its spans were made from, the same thing twice.
    """
    if not isinstance(line, dict) or line.get("schema") != SCHEMA:
        raise BadJsonError(f"not a line of the schema {SCHEMA}")
    split = {"split": str} if "split" in line else {}
    gold = {"gold": list} if "gold" in line else {}
    _check(line, {**_ARTICLE, **_REST, **split, **gold, "notes": list}, "the article")
    _check(line["scheme"], {"name": str, "version": int}, "scheme")
    article = _article(line)
    works = _works(line, article)
    items = tuple(_item(item) for item in line["gold"]) if gold else ()
    name = valid_split(line["split"]) if split else ""
    return Document(article, works, split=name, items=items)


def _article(line: dict[str, Any]) -> Article:
    article = Article(**{name: line[name] for name in ARTICLE_FIELDS}, meta=line["meta"])
    if not article.id:
        raise BadJsonError("the article has no id")
    if reason := unstorable(article.text):
        raise BadJsonError(reason)
    if article.sha256 != line["text_sha256"]:
        raise BadJsonError("text_sha256 is not the SHA-256 of the text")
    return article


def _works(line: dict[str, Any], article: Article) -> tuple[Work, ...]:
    """Everybody's decisions, each given to its annotator."""
    text, actors = article.text, _annotators(line)
    spans: list[tuple[str, Span]] = []
    for layer, items in line["layers"].items():
        _typed(items, list, f"layer {layer!r}")
        spans.extend(_span(item, layer, text) for item in items)
    stances = [_stance(item, text) for item in line["stances"]]
    notes = [_note(item, text) for item in line["notes"]]
    named = {actor for things in (spans, stances, notes) for actor, _ in things}
    if unknown := sorted(named - actors.keys()):
        raise BadJsonError(f"{unknown[0]!r} is not among the annotators")
    keys = [(actor, span.key) for actor, span in spans]
    keys += [(actor, note.key) for actor, note in notes]
    for name in actors:  # two annotators may have hit on the same id
        _once("span or note id", [key for actor, key in keys if actor == name])
    _once("stance", [stance.key(actor, article.id) for actor, stance in stances])
    return tuple(
        Work(
            article.id,
            actor,
            sort_spans(span for name, span in spans if name == actor),
            tuple(stance for name, stance in stances if name == actor),
            looked,
            tuple(note for name, note in notes if name == actor),
            status,
        )
        for actor, (status, looked) in sorted(actors.items())
    )


def _annotators(line: dict[str, Any]) -> dict[str, tuple[Status, frozenset[str]]]:
    actors: dict[str, tuple[Status, frozenset[str]]] = {}
    for item in line["annotators"]:
        _check(item, _ANNOTATOR, "an annotator")
        name = valid_name(item["name"])
        if item["state"] not in tuple(State):
            raise BadJsonError(f"{item['state']!r} is not a state")
        for layer in item["looked"]:
            _typed(layer, str, "looked")
        _once("annotator", [*actors, name])
        _once("layer looked at", item["looked"])
        status = Status(State(item["state"]), item["reason"], _natural(item["seconds"], "seconds"))
        actors[name] = status, frozenset(item["looked"])
    return actors


def _span(item: Any, layer: str, text: str) -> tuple[str, Span]:
    _check(item, {**_SPAN, "attrs": dict, "origin": str}, "a span")
    _holds(item, text, f"span {item['id']!r}")
    span = Span(
        item["id"],
        layer,
        item["label"],
        item["start"],
        item["end"],
        item["attrs"],
        item["origin"],
    )
    if not (span.id and layer and span.label):
        raise BadJsonError("a span has an empty id, layer or label")
    return item["annotator"], span


def _stance(item: Any, text: str) -> tuple[str, Stance]:
    _check(item, {**_STANCE, "confidence": int, "evidence": list, "note": str}, "a stance")
    for party in ("target", "holder"):
        _check(item[party], {"kind": str, "name": str}, party)
    if item["confidence"] not in (1, 2, 3):
        raise BadJsonError("a stance's confidence is not 1, 2 or 3")
    for evidence in item["evidence"]:
        _check(evidence, _EVIDENCE, "evidence")
        _holds(evidence, text, "evidence")
    return item["annotator"], Stance(
        Party(**item["target"]),
        item["label"],
        Party(**item["holder"]),
        item["basis"],
        item["confidence"],
        tuple(Evidence(e["start"], e["end"], e["role"]) for e in item["evidence"]),
        item["note"],
    )


def _note(item: Any, text: str) -> tuple[str, Note]:
    fields = {"id": str, "annotator": str, "note": str, "flag": bool}
    if isinstance(item, dict) and "start" in item:
        _check(item, {**fields, "start": int, "end": int, "text": str}, "a note")
        _holds(item, text, f"note {item['id']!r}")
    else:
        _check(item, fields, "a note")
    if not item["id"]:
        raise BadJsonError("a note has an empty id")
    return item["annotator"], Note.of(f"note:{item['id']}", item)


def _item(item: Any) -> GoldItem:
    """Where some gold comes from; the shares of the answers follow from their votes."""
    _typed(item, dict, "where gold comes from")
    told = {name: value for name, value in item.items() if name != "answers"}
    _typed(item.get("answers", []), list, "answers")
    more = {name: kind for name, kind in _MORE.items() if name in told}
    _check(told, {**_ITEM, **more}, "where gold comes from")
    for name in (name for name, kind in more.items() if kind is list):
        for each in told[name]:
            _typed(each, str, name)
    for count in told["votes"].values():
        _typed(count, int, "a number of votes")
        _natural(count, "a number of votes")
    _natural(told["voters"], "voters")
    if "stance" in told:
        _check(told["stance"], {"target": dict, "holder": dict}, "stance")
        for party in told["stance"].values():
            _check(party, {"kind": str, "name": str}, "a party of a stance")
    return GoldItem.of(told)


def _check(value: Any, fields: dict[str, type], what: str) -> None:
    """That `value` is an object with exactly these fields, each of its type."""
    _typed(value, dict, what)
    if missing := fields.keys() - value.keys():
        raise BadJsonError(f"{what} has no {min(missing)!r}")
    if unknown := value.keys() - fields.keys():
        raise BadJsonError(f"{what} has an unknown field {min(unknown)[:40]!r}")
    for name, kind in fields.items():
        _typed(value[name], kind, f"{name!r} of {what}")


def _typed(value: Any, kind: type, what: str) -> None:
    # A JSON true is an int to Python, but not to the schema.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        names = {str: "a string", int: "a whole number", dict: "an object", list: "a list"}
        raise BadJsonError(f"{what} is not {names.get(kind, 'true or false')}")


def _natural(value: int, what: str) -> int:
    if value < 0:
        raise BadJsonError(f"{what} is negative")
    return value


def _holds(item: dict[str, Any], text: str, what: str) -> None:
    start, end = item["start"], item["end"]
    if not 0 <= start < end <= len(text) or text[start:end] != item["text"]:
        raise BadJsonError(f"the offsets {start}-{end} of {what} do not cut out its text")


def _once(what: str, names: list[str]) -> None:
    if len(set(names)) < len(names):
        raise BadJsonError(f"the {what} {first_twice(names)[:60]!r} comes twice")
