"""Label Studio's exports "JSON" and "JSON-MIN": tasks over plain text, a record an annotation.

Regions of the types `labels` and `hypertextlabels` with whole numbers as start and end are over a
`Text`, whose offsets are code points. The control they come from is the claim's layer; answers given
for a region (choices, text, rating ...) become its attributes under their control's name, `true` and
`false` as such. Answers about the whole task, relations, predictions and drafts are counted. Regions
over HTML (XPath), dialogues, tables, pictures and sounds are no stretches of a text and are refused
with what they are. The editor writes line ends in a region's text as a backslash and `n`.

Which field of a task is its text the file does not say: it is the one called like the object tag,
or like a text, or the only one in which the regions' texts stand where they should.
Format: labelstud.io/guide/task_format; label_studio_sdk 2.1.2, converter.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from annotator.formats.claims import Record
from annotator.formats.readers.json_records import beginnings, names, ours, records
from annotator.formats.readers.json_values import person
from annotator.formats.readers.label_studio_regions import LABELS, Regions, quote_of
from annotator.formats.sources.fields import UnfitError, article_of, field_of
from annotator.formats.sources.incoming import Found, ReadOptions, Refusal
from annotator.formats.strict_json import BadJsonError
from annotator.model.article import Article

ORIGIN = "label-studio"

_LISTS = ("annotations", "completions", "predictions")
"""What stands beside the data of a task; completions are annotations before version 1."""

_MINIMAL = frozenset({"annotation_id", "annotator", "lead_time"})
"""What every record of JSON-MIN has."""

_OF_MINIMAL = _MINIMAL | {"created_at", "updated_at", "agreement"}

_LINK = re.compile(r"\s*(?:https?|s3|gs|azure-blob)://\S+\s*")
"""What stands for a text that Label Studio fetches (`valueType="url"`)."""


def sniff(head: bytes, name: str) -> bool:  # noqa: ARG001 - every reader is asked the same way
    """Whether a file begins with tasks of Label Studio."""
    if ours(head):
        return False
    found = beginnings(head)
    if found:
        return any(_is_task(value) or value.keys() >= _MINIMAL for value in found)
    known = names(head)
    if known >= _MINIMAL or ("data" in known and known & set(_LISTS)):
        return True
    return bool(known & set(_LISTS)) and b'"from_name"' in head and b'"to_name"' in head


def _is_task(value: dict[str, Any]) -> bool:
    lists = any(isinstance(value.get(name), list) for name in _LISTS)
    return lists and isinstance(value.get("data"), dict)


def read(found: Found, options: ReadOptions) -> Iterator[Record | Refusal]:
    """A record for each annotation, or for a task that has none."""
    stem = PurePosixPath(found.name).stem
    for where, value in records(found, options):
        if isinstance(value, BadJsonError):
            yield Refusal(where, str(value))
            continue
        try:
            yield from _of_value(where, value, stem, options)
        except UnfitError as error:
            yield Refusal(where, str(error))


def _of_value(
    where: str, value: Any, stem: str, options: ReadOptions
) -> Iterator[Record | Refusal]:
    if not isinstance(value, dict):
        raise UnfitError("not a JSON object")
    if not isinstance(value.get("data"), dict) and value.keys() >= _MINIMAL:
        value = _task_of(value)
    if not isinstance(value.get("data"), dict):
        raise UnfitError("it has no data, as every task of Label Studio has")
    yield from _Task(where, value, stem, options).records()


class _Task:
    """A task with its annotations."""

    def __init__(self, where: str, task: dict[str, Any], stem: str, options: ReadOptions) -> None:
        self._where = where
        self._task = task
        self._stem = stem
        self._options = options
        self._left_out: Counter[str] = Counter()
        for name, kind in (("predictions", "prediction"), ("drafts", "draft")):
            given = task.get(name)
            self._left_out[kind] += len(given) if isinstance(given, list) else 0

    def records(self) -> Iterator[Record | Refusal]:
        """What each annotator says; what was left out of the task is told with the first."""
        annotations = list(self._annotations())
        if not annotations:
            yield self._record(self._where, self._article(Regions([])), None)
        for number, annotation in enumerate(annotations, 1):
            where = self._where
            if len(annotations) > 1:
                where = f"{where}, annotation {number}"
            try:
                yield self._of(where, annotation)
            except UnfitError as error:
                yield Refusal(where, str(error))

    def _annotations(self) -> Iterator[dict[str, Any]]:
        """Those that were submitted."""
        given = self._task.get("annotations", self._task.get("completions"))
        if given is not None and not isinstance(given, list):
            raise UnfitError("its annotations are no list")
        for annotation in given or ():
            if not isinstance(annotation, dict):
                raise UnfitError("an annotation is not an object")
            if annotation.get("was_cancelled") or annotation.get("skipped"):
                self._left_out["cancelled annotation"] += 1
            else:
                yield annotation

    def _of(self, where: str, annotation: dict[str, Any]) -> Record:
        regions = Regions(annotation.get("result"))
        regions.annotator = person(regions.annotator) or _who(annotation.get("completed_by"))
        return self._record(where, self._article(regions), regions)

    def _record(self, where: str, article: Article, regions: Regions | None) -> Record:
        """The record of an annotation's regions, or of a task that nobody annotated."""
        said = regions or Regions([])
        counted = self._left_out + said.left_out
        self._left_out.clear()
        return Record(
            where,
            article,
            tuple(c._replace(quote=quote_of(c.quote, article.text)) for c in said.claims),
            annotator=said.annotator,
            finished=regions is not None,
            left_out=dict(counted),
            origin=ORIGIN,
        )

    def _article(self, regions: Regions) -> Article:
        """The article in the task's data."""
        data = dict(self._task["data"])
        text = self._text(regions)
        if _LINK.fullmatch(data[text]):
            raise UnfitError("its text is a link, which is not followed")
        own = data.pop("meta") if isinstance(data.get("meta"), Mapping) and text != "meta" else {}
        for meta in (own, self._task.get("meta")):
            data = {**(meta if isinstance(meta, Mapping) else {}), **data}
        options = replace(self._options, fields={**self._options.fields, "text": text})
        ident = self._task.get("id")
        if isinstance(ident, int | str) and not field_of("id", tuple(data), options):
            data["id"] = ident
        return article_of(data, options, self._stem)

    def _text(self, regions: Regions) -> str:
        """Which field of the data is the text.

        Raises:
            UnfitError: none is known to be.
        """
        data = self._task["data"]
        said = self._options.fields.get("text", "")
        for name in (said, regions.to_name, field_of("text", tuple(data), self._options)):
            if name and isinstance(data.get(name), str):
                return name
        texts = [name for name, value in data.items() if isinstance(value, str)]
        fitting = [name for name in texts if regions.stand_in(data[name])]
        if len(fitting) == 1:
            return str(fitting[0])
        has = ", ".join(map(str, data))[:200] or "nothing"
        raise UnfitError(f"none of its data is known to be the text (it has: {has})")


def _who(user: Any) -> str:
    """An annotator's e-mail address or number as a name; "" when there is none."""
    if isinstance(user, dict):
        return person(user.get("email")) or person(user.get("id"))
    return person(user)


def _task_of(value: dict[str, Any]) -> dict[str, Any]:
    """The task a record of JSON-MIN is about; answers about the whole text stay with the data."""
    data: dict[str, Any] = {}
    result: list[dict[str, Any]] = []
    for name, given in value.items():
        if _regions(given):
            for region in given:
                kind = next(each for each in LABELS if each in region)
                result.append({"from_name": name, "type": kind, "value": region})
        elif name not in _OF_MINIMAL and name != "id":
            data[name] = given
    annotation = {"result": result, "completed_by": value["annotator"]}
    return {"id": value.get("id"), "data": data, "annotations": [annotation]}


def _regions(given: Any) -> bool:
    """Whether a field of JSON-MIN holds labelled regions."""
    return (
        isinstance(given, list)
        and bool(given)
        and all(isinstance(item, dict) and any(kind in item for kind in LABELS) for item in given)
    )
