"""What a command did, told by comparing the sheet before and after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from annotator.desk.sheet import Sheet
from annotator.model.annotation import Note, Span, Stance, Status
from annotator.plain.speech import SURFACE, party, surface
from annotator.text.visible import plain_line

T = TypeVar("T")
FEW = 5
"""Up to so many changes are told one by one."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An article's decisions at one moment."""

    article: str
    spans: Mapping[str, Span]
    stances: Mapping[str, Stance]
    looked: frozenset[str]
    notes: Mapping[str, Note]
    status: Status

    @classmethod
    def of(cls, sheet: Sheet) -> "Snapshot":
        """The decisions on a sheet."""
        return cls(
            sheet.article.id,
            dict(sheet.spans),
            dict(sheet.stances),
            frozenset(sheet.looked),
            dict(sheet.notes),
            sheet.status,
        )


def changes(before: Snapshot, sheet: Sheet) -> list[str]:
    """What has changed on the sheet since, a sentence each; many changes are counted."""
    now = Snapshot.of(sheet)
    if now.article != before.article:
        return []
    text = sheet.article.text
    told = [f"{what}: {_span(text, s)}." for what, s in _differences(before.spans, now.spans)]
    told += [f"{what}: {_stance(s)}." for what, s in _differences(before.stances, now.stances)]
    told += [
        f"Looked at: {plain_line(name, SURFACE)}." for name in sorted(now.looked - before.looked)
    ]
    told += [f"No longer looked at: {name}." for name in sorted(before.looked - now.looked)]
    told += [_note(what, note) for what, note in _differences(before.notes, now.notes)]
    if now.status.state != before.status.state:
        told.append(f"The article is {now.status.state}.")
    return told if len(told) <= FEW else [f"{len(told)} things changed.", *told[-1:]]


def _differences(old: Mapping[str, T], new: Mapping[str, T]) -> list[tuple[str, T]]:
    """What came, changed and went."""
    return [
        *(("Removed", old[key]) for key in old if key not in new),
        *(("Changed", new[key]) for key in new if key in old and old[key] != new[key]),
        *(("Labelled", new[key]) for key in new if key not in old),
    ]


def _span(text: str, span: Span) -> str:
    return f"{span.label} “{surface(text, span.start, span.end)}”"


def _stance(stance: Stance) -> str:
    pieces = len(stance.evidence)
    evidence = f", evidence: {pieces}" if pieces else ""
    name = plain_line(stance.target.name, SURFACE)
    return f"{name}, {party(stance.holder)}: {stance.label}{evidence}"


def _note(what: str, note: Note) -> str:
    kind = "Flag" if note.flag else "Note"
    verb = {"Labelled": "kept", "Changed": "changed", "Removed": "removed"}[what]
    return f"{kind} {verb}{': ' + plain_line(note.note, SURFACE) if note.note else ''}."
