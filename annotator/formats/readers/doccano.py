"""doccano's exports: sequence labelling, relations, intents with slots, and those of version 1.

Today's lines have `label` (or `labels`) with `[start, end, "LABEL"]`; projects with relations have
`entities` and `relations` of objects, intent projects `entities` and `cats`. Version 1 wrote
`annotations` of objects with a user and, often, the number of a label instead of its name: these
become a record for each user, labels as they stand. What is said of a whole text (classification,
sequence to sequence, `cats`) is counted, not taken. Whether an annotator had finished a text is
not said; one without any label is not taken for one without entities.
Format: doccano 1.8.4, backend/data_export; doccano/doccano-transformer for version 1.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from annotator.formats.claims import Claim, Record
from annotator.formats.readers.json_records import beginnings, names, ours, records
from annotator.formats.readers.json_values import person, place, whole
from annotator.formats.sources.fields import UnfitError, article_of
from annotator.formats.sources.incoming import ROLES, Found, ReadOptions, Refusal
from annotator.formats.strict_json import BadJsonError
from annotator.model.article import Article

ORIGIN = "doccano"

_LABELS = ("label", "labels", "entities", "annotations")
"""Where labels are, by project and version."""

_COUNTED = {"cats": "document label", "relations": "relation", "Comments": "comment"}

_ELSEWHERE = ("filename", "bbox", "segmentation")
"""What lines of image and sound projects have."""


def sniff(head: bytes, name: str) -> bool:  # noqa: ARG001 - every reader is asked the same way
    """Whether a file begins with lines of doccano."""
    if ours(head):
        return False
    found = beginnings(head)
    if not found:
        return "Comments" in names(head) and bool(names(head) & {"label", "entities"})
    return any(_is_line(value) for value in found)


def read(found: Found, options: ReadOptions) -> Iterator[Record | Refusal]:
    """A record for each text, in version 1 for each text and user."""
    stem = PurePosixPath(found.name).stem
    for where, value in records(found, options):
        if isinstance(value, BadJsonError):
            yield Refusal(where, str(value))
            continue
        try:
            yield from _of_line(where, value, stem, options)
        except UnfitError as error:
            yield Refusal(where, str(error))


def _is_line(value: dict[str, Any]) -> bool:
    """Whether an object has what no plain article and no other tool's line has."""
    if "_task_hash" in value or "_input_hash" in value or not isinstance(value.get("text"), str):
        return False
    lists = [value[name] for name in _LABELS if isinstance(value.get(name), list)]
    if any(_is_span(item) for items in lists for item in items):
        return True
    return bool(lists) and ("Comments" in value or "annotation_approver" in value)


def _is_span(item: Any) -> bool:
    if isinstance(item, dict):
        return "label" in item and "start_offset" in item and "end_offset" in item
    return (
        isinstance(item, list)
        and len(item) == 3
        and all(map(whole, item[:2]))
        and isinstance(item[2], str)
    )


def _of_line(where: str, line: Any, stem: str, options: ReadOptions) -> Iterator[Record]:
    if not isinstance(line, dict):
        raise UnfitError("not a JSON object")
    article = _article(line, stem, options)
    left_out: Counter[str] = Counter()
    users: dict[str, list[Claim]] = {}
    for name in _LABELS:
        for item in _items(line, name):
            user, claim = _claim(item)
            if claim is None:
                left_out["document label"] += 1
            else:
                users.setdefault(user, []).append(claim)
    for name, kind in _COUNTED.items():
        if line.get(name):
            left_out[kind] += len(line[name]) if isinstance(line[name], list) else 1
    for user, claims in (users or {"": []}).items():
        yield Record(
            f"{where}, user {user}" if user else where,
            article,
            tuple(claims),
            annotator=user,
            finished=bool(claims),
            left_out=dict(left_out),
            origin=ORIGIN,
        )
        left_out.clear()  # counted once, however many users there are


def _article(line: dict[str, Any], stem: str, options: ReadOptions) -> Article:
    """The article, metadata flat: doccano mixes it with keys of its own."""
    text = options.fields.get("text") or "text"
    if not isinstance(line.get(text), str):
        if any(name in line for name in _ELSEWHERE):
            raise UnfitError("it is about an image or a sound file, not a text")
        raise UnfitError("it has no text")
    rest = {name: line[name] for name in line if name not in _LABELS and name not in _COUNTED}
    meta = rest.pop("meta", None)
    if isinstance(meta, Mapping):
        rest = {**meta, **rest}
    elif meta is not None:
        rest["meta"] = meta
    holes = [name for name in ROLES[1:] if rest.get(name) == ""]  # every line has every column
    return article_of({key: rest[key] for key in rest if key not in holes}, options, stem)


def _items(line: dict[str, Any], name: str) -> list[Any]:
    """The labels under a name; nothing where a table had a hole."""
    value = line.get(name)
    if value is None:
        return []
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        return [value]
    raise UnfitError(f"its {name!r} is no list")


def _claim(item: Any) -> tuple[str, Claim | None]:
    """Who says what of which stretch; no claim for what is said of the whole text."""
    if isinstance(item, str) or whole(item):
        return "", None
    if isinstance(item, list):
        if len(item) != 3:
            raise UnfitError("a label is not [start, end, label]")
        return "", Claim(*place(item[0], item[1], "a label"), _name(item[2]))
    if not isinstance(item, dict):
        raise UnfitError("a label is neither a list nor an object")
    user = person(item.get("user"))
    if "start_offset" not in item and "end_offset" not in item:
        return user, None
    start, end = place(item.get("start_offset"), item.get("end_offset"), "a label")
    ident = item.get("id")
    return user, Claim(start, end, _name(item.get("label")), id="" if ident is None else str(ident))


def _name(label: Any) -> str:
    """A label's name; its number where version 1 gives nothing else."""
    if isinstance(label, str) and label:
        return label
    if whole(label):
        return str(label)
    raise UnfitError("a label has no name")
