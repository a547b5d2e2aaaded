"""Notes and flags: remarks on a selection or on the whole article."""

from typing import TYPE_CHECKING

from annotator.model.annotation import Note
from annotator.model.event import new_id
from annotator.text import units

if TYPE_CHECKING:
    from annotator.desk.desk import Desk


class NoteHand:
    """Writes, changes and removes notes and flags on a desk's article."""

    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    def here(self, flag: bool = False) -> Note | None:
        """The note (or flag) on the selection, or without one on the article.

        On a selection that of its very edges, else the one nearest to them that shares text.
        """
        start, end = self._place()
        notes = [note for note in self._desk.sheet.notes.values() if note.flag == flag]
        if start is None or end is None:
            return next((note for note in notes if note.start is None), None)
        over = [
            (abs(note.start - start) + abs(note.end - end), number, note)
            for number, note in enumerate(notes)
            if note.start is not None and note.end is not None
            if note.start < end and note.end > start
        ]
        return min(over)[2] if over else None

    def flag(self) -> None:
        """Flag the selection or the article, or take the flag away."""
        old = self.here(flag=True)
        if old is not None:
            self._desk.act("unflag", (self._desk.sheet.draft_removal(old),), "Flag taken away.")
            return
        start, end = self._place()
        new = Note(new_id(), flag=True, start=start, end=end)
        self._desk.act("flag", (self._desk.sheet.draft_note(new),), "Flagged.")

    def write(self, words: str) -> None:
        """Set, change or (with no words) remove the note on the selection or the article."""
        old = self.here()
        start, end = self._place()
        if old is not None and not words:
            self._desk.act("remove note", (self._desk.sheet.draft_removal(old),), "Note removed.")
        elif words and (old is None or old.note != words):
            new = old._replace(note=words) if old else Note(new_id(), words, start=start, end=end)
            self._desk.act("note", (self._desk.sheet.draft_note(new),), "Note kept.")

    def _place(self) -> tuple[int | None, int | None]:
        if self._desk.caret.selection is None:
            return None, None
        start, end = units.snap(self._desk.caret.text, *self._desk.caret.selection.range)
        return (start, end) if start < end else (None, None)
