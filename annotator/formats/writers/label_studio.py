"""Label Studio tasks: a JSON array, with the labelling configuration in `.config.xml` beside it.

A task is an article, an annotation in it what one annotator decided. Each layer of spans is a
`Labels` control of its own with regions over the `Text`, whose offsets are code points; attributes
are controls of a region (yes-or-no ones `Choices`, others `TextArea`). Stances and notes are lines
of JSON in a `TextArea` of the whole task, for which no control with choices is wide enough. A
skipped article has an annotation with `was_cancelled`.

An import takes `completed_by` as an e-mail address of a member and refuses names it does not know,
so only names with an `@` go there; every name goes into the `TextArea` "annotator" as well.
Format: labelstud.io/guide/task_format and label_studio/tasks/serializers.py; SDK 2.1.2.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from annotator.formats.choice import Options, begun
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.json_text import json_text
from annotator.formats.losses import Losses
from annotator.formats.writers.label_studio_config import CHOICES, TEXT_AREA, Config
from annotator.model.annotation import Evidence, Note, Span, Stance, State, Work
from annotator.model.article import Article
from annotator.model.scheme import Scheme

CONFIG = ".config.xml"

FIELDS = ("title", "source", "url", "date", "lang", "group")
"""Fields of an article that go into a task's data, those that have a value."""


def parts(
    documents: Iterable[Document], scheme: Scheme, _options: Options, losses: Losses
) -> Iterator[Part]:
    """Write a task for every document, decided on or not, and the configuration at the end.

    Raises:
        AnnotatorError: a value that JSON cannot hold.
    """
    config = Config(scheme)
    losses.facts |= {
        "configuration": f"paste {CONFIG} into the project's labelling interface first",
        "annotators": "only names with @ are users; they must be members of the project",
    }
    between, number = b"[\n", 0
    for place, document in enumerate(documents, 1):
        task = _Task(document, config, losses)
        annotations = task.annotations(number)
        number += len(annotations)
        data = _data(document.article)
        value = {"id": place, "data": data, "annotations": annotations, "predictions": []}
        yield Part(between + json_text(value, document.article.id).encode())
        between = b",\n"
        losses.wrote("tasks")
    yield Part(b"[]\n" if between == b"[\n" else b"\n]\n")
    yield Part(config.xml().encode(), CONFIG)


def _data(article: Article) -> dict[str, Any]:
    fields = {name: getattr(article, name) for name in FIELDS}
    own = {"meta": dict(article.meta)} if article.meta else {}
    given = {name: value for name, value in fields.items() if value}
    return {"text": article.text, "doc_id": article.id, **given, **own}


class _Task:
    """The annotations of one document."""

    def __init__(self, document: Document, config: Config, losses: Losses) -> None:
        self._id = document.article.id
        self._text = document.article.text
        self._works = document.works
        self._config = config
        self._losses = losses

    def annotations(self, number: int) -> list[dict[str, Any]]:
        """One for each annotator who decided anything, numbered after `number`."""
        works = [work for work in self._works if begun(work) or work.notes]
        if not works:
            self._losses.wrote("tasks without annotations")
        return [self._annotation(work, place) for place, work in enumerate(works, number + 1)]

    def _annotation(self, work: Work, number: int) -> dict[str, Any]:
        self._note(work)
        user = {"completed_by": {"email": work.actor}} if "@" in work.actor else {}
        return {
            "id": number,
            **user,
            "was_cancelled": work.status.state is State.SKIPPED,
            "ground_truth": False,
            "lead_time": work.status.seconds,
            "result": [
                self._whole("annotator", self._config.annotator, [work.actor]),
                *(region for span in work.spans for region in self._regions(span)),
                *self._lines("stances", self._config.stances, map(self._stance, work.stances)),
                *self._lines("notes", self._config.notes, map(self._remark, work.notes)),
            ],
        }

    def _note(self, work: Work) -> None:
        """Count what goes out unfinished, and the little that does not go out."""
        self._losses.wrote("annotations")
        self._losses.wrote(f"annotations by {work.actor}")
        if work.status.state is State.SKIPPED:
            if work.status.reason:
                self._losses.add("reason for skipping", f"{self._id}: {work.status.reason}")
        elif work.status.state is not State.DONE:
            self._losses.add("article exported though it is not finished", self._id)

    def _regions(self, span: Span) -> Iterator[dict[str, Any]]:
        """A span and its attributes, which are regions with the same id."""
        self._losses.wrote("spans")
        control = self._config.labels(span.layer, span.label)
        value = {"text": self._text[span.start : span.end], "labels": [span.label]}
        yield self._region(span, control, "labels", value)
        for name in sorted(span.attrs):
            attribute = span.attrs[name]
            place, kind = self._config.attribute(name, attribute)
            if kind == CHOICES and isinstance(attribute, bool):
                yield self._region(span, place, kind, {"choices": [str(attribute).lower()]})
            elif kind == TEXT_AREA and isinstance(attribute, str):
                yield self._region(span, place, kind, {"text": [attribute]})
            else:
                self._losses.add(f"attribute {name}", f"{self._id}: {attribute}")

    def _region(self, span: Span, control: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
        return {
            "id": span.id,
            "from_name": control,
            "to_name": self._config.text,
            "type": kind,
            "origin": "manual" if span.origin == "hand" else "prediction",
            "value": {"start": span.start, "end": span.end, **value},
        }

    def _whole(self, ident: str, control: str, lines: list[str]) -> dict[str, Any]:
        """What is said about the whole task."""
        return {
            "id": f"task:{ident}",
            "from_name": control,
            "to_name": self._config.text,
            "type": TEXT_AREA,
            "origin": "manual",
            "value": {"text": lines},
        }

    def _lines(
        self, ident: str, control: str, values: Iterable[dict[str, Any]]
    ) -> Iterator[dict[str, Any]]:
        """Stances or notes, each as a line of JSON, if there are any."""
        lines = [json_text(value, self._id) for value in values]
        self._losses.wrote(ident, len(lines))
        if lines:
            yield self._whole(ident, control, lines)

    def _stance(self, stance: Stance) -> dict[str, Any]:
        return {
            "target": stance.target._asdict(),
            "holder": stance.holder._asdict(),
            "label": stance.label,
            "basis": stance.basis,
            "confidence": stance.confidence,
            "evidence": [{"role": each.role, **self._cut(each)} for each in stance.evidence],
            "note": stance.note,
        }

    def _remark(self, note: Note) -> dict[str, Any]:
        return {"note": note.note, "flag": note.flag, **self._cut(note)}

    def _cut(self, thing: Evidence | Note) -> dict[str, Any]:
        if thing.start is None or thing.end is None:
            return {}
        return {
            "start": thing.start,
            "end": thing.end,
            "text": self._text[thing.start : thing.end],
        }
