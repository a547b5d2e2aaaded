r"""brat standoff: `NAME.txt`, `NAME.ann` and `NAME.json` for each article, in one folder.

`T1<TAB>TYPE START END[;START END]<TAB>TEXT` is a span. Its text may not hold line ends or TABs, so
a span over lines has a fragment in each, without white space at its edges; the text is the fragments
with a space between. `A1` lines are attributes, `N1` references to outer databases, `#1` notes:
lemmas and whatever else an attribute line cannot hold, as `name=JSON` with `; ` between. Offsets are
code points of the `.txt` file, whose line ends are all LF, as brat counts every line end as one.
`NAME.json` holds what brat has no place for, and what it takes to bring the annotations back:
fields of the article, its real line ends, stances, notes on other places than spans.
Format: https://brat.nlplab.org/standoff.html and brat's server/src/annotation.py.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from annotator.formats.choice import Options, choose_all
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.json_text import json_text
from annotator.formats.losses import Losses
from annotator.formats.names import safe_name
from annotator.formats.writers.brat_types import PLAIN, Types
from annotator.formats.writers.native_jsonl import record
from annotator.model.annotation import Note, Span, Work
from annotator.model.scheme import Scheme
from annotator.text.counting import Count, Offsets

BESIDE = "annotator-brat/1"
"""The schema of the `.json` beside each article."""

WIKIDATA = "Wikidata"

LINE_END = re.compile("\r\n|\r|\n")
_BREAK = re.compile("[\t-\r\x1c-\x1e\x85\u2028\u2029]+")
"""What no line of an `.ann` file may hold: TAB, and whatever any reader splits lines at."""
_QID = re.compile(r"Q[1-9][0-9]{0,15}", re.ASCII)
_REFERENCE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*:[^\s:][^\s]*")


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write the spans one annotator marked in each document, of all layers.

    Raises:
        AnnotatorError: several annotators worked on an article and none was chosen.
    """
    types = Types(scheme)
    losses.facts["line ends"] = "all LF in the .txt files; offsets count their code points"
    for document in documents:
        work = choose_all(document, options, losses)
        if work is not None:
            yield from _Article(document, work, types, losses).parts(scheme)
    yield Part(types.annotation_conf().encode(), "annotation.conf", last=True)
    yield Part(types.visual_conf().encode(), "visual.conf", last=True)


def fragments(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span cut at line ends and TABs, each piece without white space at its edges."""
    place = start
    for stop, following in [*(m.span() for m in _BREAK.finditer(text, start, end)), (end, end)]:
        piece = text[place:stop]
        if piece.strip():
            yield stop - len(piece.lstrip()), place + len(piece.rstrip())
        place = following


class _Article:
    """One annotator's decisions on one article, as brat's files."""

    def __init__(self, document: Document, work: Work, types: Types, losses: Losses) -> None:
        self._document, self._work = document, work
        self._types, self._losses = types, losses
        self._text = document.article.text
        self._offsets = Offsets(self._text, Count.LF)
        self._lines: list[str] = []
        self._numbers = dict.fromkeys("TAN#", 0)
        self._used: dict[str, list[str]] = {}
        self._said: set[str] = set()

    def parts(self, scheme: Scheme) -> Iterator[Part]:
        name = safe_name(self._document.article.id)
        notes = self._notes()
        for span in self._work.spans:
            self._span(span, notes)
        beside = json_text(self._beside(scheme), self._document.article.id, indent=1)
        yield Part(LINE_END.sub("\n", self._text).encode(), f"{name}.txt", last=True)
        yield Part("".join(self._lines).encode(), f"{name}.ann", last=True)
        yield Part(beside.encode() + b"\n", f"{name}.json", last=True)
        self._note_rest()

    def _notes(self) -> dict[tuple[int, int], Note]:
        """The notes that are on a whole span, by place: the first of each, as brat shows one."""
        places = {(span.start, span.end) for span in self._work.spans if "note" not in span.attrs}
        found: dict[tuple[int, int], Note] = {}
        for note in self._work.notes:
            if note.start is None or note.end is None or note.flag or not note.note:
                continue
            if (note.start, note.end) in places:
                found.setdefault((note.start, note.end), note)
        return found

    def _span(self, span: Span, notes: dict[tuple[int, int], Note]) -> None:
        example = f"{self._document.article.id}: {span.label} at {span.start}"
        pieces = list(fragments(self._text, span.start, span.end))
        if not pieces:
            self._losses.add("span of nothing but white space", example)
            return
        if (pieces[0][0], pieces[-1][1]) != (span.start, span.end):
            self._losses.add("white space at the edge of a span", example)
        kind = self._types.name(span.layer, span.label)
        if kind != span.label:
            self._losses.add(f"label {span.layer}/{span.label} written as {kind}", example)
        self._used[kind] = [span.layer, span.label]
        place = ";".join(f"{self._offsets.to(a)} {self._offsets.to(b)}" for a, b in pieces)
        text = " ".join(self._text[a:b] for a, b in pieces)
        target = self._line("T", f"{kind} {place}\t{text}")
        self._losses.wrote("spans")
        self._attributes(span, target, text, notes.pop((span.start, span.end), None))

    def _attributes(self, span: Span, target: str, text: str, note: Note | None) -> None:
        """The lines on a span: what each kind of line can hold, and the rest in one note."""
        rest: list[str] = []
        for name, value in sorted(span.attrs.items()):
            fits = name not in ("lemma", "xid") and PLAIN.fullmatch(name)
            if fits and value is True:
                self._types.attribute(name)
                self._line("A", f"{name} {target}")
            elif fits and isinstance(value, str) and PLAIN.fullmatch(value):
                self._types.attribute(name, value)
                self._line("A", f"{name} {target} {value}")
            elif name == "xid" and (reference := _reference(value)):
                self._line("N", f"Reference {target} {reference}\t{text}")
            else:
                rest.append(self._equation(name, value))
        if note is not None:
            self._said.add(note.id)
            rest.append(self._equation("note", note.note))
        if rest:
            self._line("#", f"AnnotatorNotes {target}\t{'; '.join(rest)}")

    def _equation(self, name: str, value: Any) -> str:
        """`name=JSON` on one line; a name brat would not store is JSON too."""
        return f"{name if PLAIN.fullmatch(name) else self._json(name)}={self._json(value)}"

    def _json(self, value: Any) -> str:
        """A value as JSON that no reader takes for several lines."""
        text = json_text(value, self._document.article.id)
        return _BREAK.sub(lambda found: "".join(f"\\u{ord(c):04x}" for c in found[0]), text)

    def _line(self, prefix: str, rest: str) -> str:
        """Add a line; its id."""
        self._numbers[prefix] += 1
        ident = f"{prefix}{self._numbers[prefix]}"
        self._lines.append(f"{ident}\t{rest}\n")
        return ident

    def _beside(self, scheme: Scheme) -> dict[str, Any]:
        """What brat has no place for; offsets as in the `.ann` file."""
        told = record(replace(self._document, works=(self._work,)), scheme)
        notes = [note for note in told["notes"] if note["id"] not in self._said]
        for item in [*notes, *(e for stance in told["stances"] for e in stance["evidence"])]:
            if "start" in item:
                item["start"] = self._offsets.to(item["start"])
                item["end"] = self._offsets.to(item["end"])
        del told["text"], told["layers"]
        # Types of other names than their labels are all told: they may be given in brat anew.
        renamed = {name: [of, old] for name, of, old in self._types.told() if name != old}
        (annotator,) = told.pop("annotators")
        return {
            **told,
            "schema": BESIDE,
            "annotator": annotator,
            "notes": notes,
            "types": {**renamed, **self._used},
            "line_ends": [
                [end, len(list(run))] for end, run in groupby(LINE_END.findall(self._text))
            ],
        }

    def _note_rest(self) -> None:
        """Count what brat does not show, or is not told."""
        article, work, losses = self._document.article.id, self._work, self._losses
        losses.add("stance in the .json beside, not shown by brat", article, len(work.stances))
        beside = len(work.notes) - len(self._said)
        losses.add("note or flag in the .json beside, not shown by brat", article, beside)
        losses.add("line end written as LF", article, self._text.count("\r"))
        for other in self._document.works:
            if other.actor != work.actor and (other.spans or other.stances or other.notes):
                losses.add("decisions of another annotator", f"{article}: {other.actor}")


def _reference(value: Any) -> str:
    """What an identity refers to as `DATABASE:ID`; "" when it is no such reference."""
    if not isinstance(value, str):
        return ""
    if _QID.fullmatch(value):
        return f"{WIKIDATA}:{value}"
    # One that is spelled like what a QID becomes would come back as the bare QID.
    fits = _REFERENCE.fullmatch(value) and not value.startswith(f"{WIKIDATA}:")
    return value if fits else ""
