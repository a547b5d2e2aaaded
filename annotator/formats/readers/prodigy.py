"""Prodigy's JSONL (`db-out`): tasks with spans, of which those that were accepted count.

One text may stand in many lines, as a recipe asks about it again and again; the accepted spans of
one text and annotator become one record, since a later one would take the place of the earlier.
So the file is read twice: first for where the lines of each text are, then text by text, and
memory stays that of one text's lines and a few bytes for every line. Tasks that were rejected or
ignored give no spans and are counted; a task without an answer counts as accepted, as for Prodigy
itself (`db-in`). Only tasks of the manual views are finished: in others a model asked about one
span, and nothing is said about the rest of the text.
Format: prodi.gy/docs/api-interfaces, and published dumps.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from sys import intern
from typing import Any, BinaryIO, NamedTuple

from annotator.formats.claims import Claim, Record
from annotator.formats.readers.json_records import beginnings, in_lines, names, ours
from annotator.formats.readers.json_values import person, place, whole
from annotator.formats.sources.decoding import Coding, NotTextError, coding, decode
from annotator.formats.sources.fields import UnfitError, article_of
from annotator.formats.sources.incoming import LIMIT, Found, ReadOptions, Refusal, open_file
from annotator.formats.strict_json import BadJsonError, loads
from annotator.model.article import Article, text_sha256

ORIGIN = "prodigy"

ANSWERS = {"accept": "", "reject": "rejected answer", "ignore": "ignored answer"}
"""What becomes of a task: nothing, or what it is counted as."""

_OWN = frozenset(
    (
        *("text", "tokens", "spans", "relations", "answer", "accept", "options", "label", "choice"),
        *("meta", "style", "config", "html", "view_id", "_input_hash", "_task_hash", "_timestamp"),
        *("_session_id", "_annotator_id", "_view_id", "_is_binary"),
    )
)
"""Keys of a task that are not about the article."""

_OF_SPANS = frozenset(
    (
        *("start", "end", "label", "text", "token_start", "token_end", "attrs", "answer", "id"),
        *("rank", "score", "source", "input_hash", "pattern", "type", "color"),
    )
)
"""Keys of a span that are not attributes somebody gave it."""

_SAID_OF_TEXT = ("accept", "label", "choice")
"""Where answers about the whole text are."""

_NO_TEXT = {"image": "an image", "audio": "a sound file", "video": "a video"}

_CLOCK = re.compile(r"\d{4}-\d\d-\d\d[_T ]\d\d[-:]\d\d[-:]\d\d")
"""Sessions nobody named are called by when they began."""


class _Line(NamedTuple):
    """Where a line is in the file."""

    offset: int
    number: int


def sniff(head: bytes, name: str) -> bool:  # noqa: ARG001 - every reader is asked the same way
    """Whether a file begins with tasks of Prodigy."""
    if ours(head):
        return False
    found = beginnings(head)
    if not found:
        return bool(names(head) & {"_task_hash", "_input_hash"})
    return any(_is_task(value) for value in found)


def _is_task(value: dict[str, Any]) -> bool:
    if isinstance(value.get("_task_hash"), int) or isinstance(value.get("_input_hash"), int):
        return True
    answered = value.get("answer") in tuple(ANSWERS)
    return answered and "text" in value and isinstance(value.get("spans"), list)


def read(found: Found, options: ReadOptions) -> Iterator[Record | Refusal]:
    """A record for each text and annotator, in the order of their first lines."""
    if not in_lines(found, options):
        yield Refusal(found.where, "it is not JSON lines, which is what Prodigy writes")
        return
    with open_file(found.path, options) as stream:
        how = coding(stream.peek(4)[:4], options)
        if how.codec.startswith(("utf-16", "utf-32")):
            yield Refusal(found.where, f"it is {how.codec}; Prodigy writes UTF-8")
            return
        stream.read(how.mark)
        index = _Index(Coding(how.codec))
        yield from index.fill(stream, found.where)
    if not index.lines:
        if not index.refused:
            yield Refusal(found.where, "there is no record in it")
        return
    reader = _Reader(found, options, index)
    with open_file(found.path, ReadOptions()) as stream:
        yield from reader.records(stream)


class _Index:
    """Where the lines of each text and annotator are."""

    def __init__(self, how: Coding) -> None:
        self.how = how
        self.lines: dict[tuple[bytes, str], list[_Line]] = {}
        self.texts: dict[str, bytes | None] = {}
        """The text of each id that tasks give; None when several texts have it."""
        self.refused = False

    def fill(self, stream: BinaryIO, where: str) -> Iterator[Refusal]:
        """Read all lines once; those that are no tasks are refused."""
        number, offset = 0, stream.tell()
        while data := stream.readline(LIMIT + 1):
            number += 1
            if len(data) > LIMIT and not data.endswith(b"\n"):
                self.refused = True
                yield Refusal(f"{where}:{number}", f"the line is longer than {LIMIT >> 20} MB")
                return
            if data.strip():
                try:
                    self._add(_task(data, self.how), _Line(offset, number))
                except (BadJsonError, NotTextError, UnfitError) as error:
                    self.refused = True
                    yield Refusal(f"{where}:{number}", str(error))
            offset += len(data)

    def _add(self, task: dict[str, Any], line: _Line) -> None:
        digest = hashlib.sha256(task["text"].encode()).digest()[:16]
        self.lines.setdefault((digest, intern(_annotator(task))), []).append(line)
        if ident := _ident(task):
            known = self.texts.setdefault(ident, digest)
            if known != digest:
                self.texts[ident] = None


class _Reader:
    """Makes records of the lines an index knows."""

    def __init__(self, found: Found, options: ReadOptions, index: _Index) -> None:
        self._where = found.where
        self._stem = PurePosixPath(found.name).stem
        self._options = options
        self._index = index

    def records(self, stream: BinaryIO) -> Iterator[Record | Refusal]:
        for (_, annotator), lines in self._index.lines.items():
            where = f"{self._where}:{lines[0].number}"
            try:
                yield self._record(where, annotator, self._tasks(stream, lines))
            except (BadJsonError, NotTextError, UnfitError) as error:
                yield Refusal(where, str(error))

    def _tasks(self, stream: BinaryIO, lines: list[_Line]) -> Iterator[dict[str, Any]]:
        for line in lines:
            stream.seek(line.offset)
            yield _task(stream.readline(LIMIT), self._index.how)

    def _record(self, where: str, annotator: str, tasks: Iterator[dict[str, Any]]) -> Record:
        """What the tasks of one text and annotator say together."""
        article: Article | None = None
        claims: dict[tuple[int, int, str], Claim] = {}
        left_out: Counter[str] = Counter()
        finished = False
        for task in tasks:
            article = article or self._article(task)
            if kind := ANSWERS[task.get("answer") or "accept"]:
                left_out[kind] += 1
                continue
            finished = finished or str(task.get("_view_id")).endswith("_manual")
            for claim in _claims(task, left_out):
                key = claim.start, claim.end, claim.label
                claims[key] = _merged(claims.get(key), claim)
        assert article is not None  # there is no text without a line
        return Record(
            where,
            article,
            tuple(claims.values()),
            annotator=annotator,
            finished=finished,
            left_out=dict(+left_out),
            origin=ORIGIN,
        )

    def _article(self, task: dict[str, Any]) -> Article:
        """The article of a text's first task, metadata flat."""
        rest = {name: value for name, value in task.items() if name not in _OWN}
        meta = task.get("meta")
        if isinstance(meta, Mapping):
            inner = meta.get("meta")
            own = inner if isinstance(inner, Mapping) else {}
            flat = {name: meta[name] for name in meta if name != "meta" or not own}
            rest = {**own, **flat, **rest}
        elif meta is not None:
            rest["meta"] = meta
        ident = _ident(task)
        if ident and self._index.texts[ident] is None:  # several texts: sentences of one article
            rest["part_of"] = rest.pop("id", ident)
        if not rest.get("id"):
            rest["id"] = f"{self._stem}-{text_sha256(task['text'])[:16]}"
        return article_of({**rest, "text": task["text"]}, self._options, self._stem)


def _task(data: bytes, how: Coding) -> dict[str, Any]:
    """The task in a line.

    Raises:
        BadJsonError: it is no JSON.
        NotTextError: it is not in the encoding.
        UnfitError: it is no task about a text.
    """
    task = loads(decode(data, how))
    if not isinstance(task, dict):
        raise UnfitError("not a JSON object")
    if not isinstance(task.get("text"), str):
        for name, what in _NO_TEXT.items():
            if name in task:
                raise UnfitError(f"it is about {what}, not a text")
        raise UnfitError("it has no text")
    if (task.get("answer") or "accept") not in tuple(ANSWERS):
        raise UnfitError("its answer is none of accept, reject and ignore")
    return task


def _ident(task: dict[str, Any]) -> str:
    """The id a task gives its text: its own or one in its metadata."""
    meta = task.get("meta")
    for value in (task.get("id"), meta.get("id") if isinstance(meta, dict) else None):
        if whole(value) or (isinstance(value, str) and value.strip()):
            return str(value)
    return ""


def _annotator(task: dict[str, Any]) -> str:
    for name in ("_annotator_id", "_session_id"):
        value = task.get(name)
        if isinstance(value, str) and value and not _CLOCK.search(value):
            return person(value)
    return ""


def _claims(task: dict[str, Any], left_out: Counter[str]) -> Iterator[Claim]:
    """The spans of an accepted task; what is no span is counted."""
    for name in _SAID_OF_TEXT:
        if task.get(name):
            left_out["document label"] += len(task[name]) if isinstance(task[name], list) else 1
    relations = task.get("relations")
    left_out["relation"] += len(relations) if isinstance(relations, list) else 0
    spans = task.get("spans")
    if spans is not None and not isinstance(spans, list):
        raise UnfitError("its spans are no list")
    for span in spans or ():
        if not isinstance(span, dict):
            raise UnfitError("a span is not an object")
        if (span.get("answer") or "accept") != "accept":
            left_out["rejected span"] += 1
        elif not span.get("label"):
            left_out["span without a label"] += 1
        else:
            yield _claim(span)


def _claim(span: dict[str, Any]) -> Claim:
    start, end = place(span.get("start"), span.get("end"), "a span")
    label, quote = span["label"], span.get("text")
    if not isinstance(label, str):
        raise UnfitError("the label of a span is not a string")
    attrs = {name: value for name, value in span.items() if name not in _OF_SPANS}
    if isinstance(span.get("attrs"), dict):
        attrs |= span["attrs"]
    return Claim(start, end, label, quote if isinstance(quote, str) else None, attrs=attrs)


def _merged(known: Claim | None, claim: Claim) -> Claim:
    """Two claims that are the same; attributes of both, the first one's where they differ."""
    if known is None:
        return claim
    quote = known.quote if known.quote is not None else claim.quote
    return known._replace(quote=quote, attrs={**claim.attrs, **known.attrs})
