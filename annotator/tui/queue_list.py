"""The queue's list: a screenful of rows, which stay where they are while others work."""

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual import events

from annotator.model.errors import AnnotatorError
from annotator.store.beside import Beside
from annotator.store.queue import QueueRow
from annotator.store.trouble import UnreachableError
from annotator.tui.article_line import article_line
from annotator.tui.lines import Line, Lines, piece

if TYPE_CHECKING:
    from annotator.tui.work import WorkList

WHEEL = 3
"""Rows a notch of the mouse wheel moves."""
NOBODY = Beside()
AWAY = "The queue is on the server, which cannot be reached now: esc goes back."
NOTHING = "No article matches this filter; F1 says what it understands."


def told(error: AnnotatorError) -> str:
    """What is said of the queue that could not be read, so that it fits a line of 80."""
    return AWAY if isinstance(error, UnreachableError) and error.kind == "lost" else str(error)


def as_found(work: "WorkList", rows: list[QueueRow]) -> list[QueueRow]:
    """Rows as one finds the articles on opening them: a later pass shows what was done in it."""
    later = {slot.article for slot in work.project.passes()}
    return [_row_of_pass(work, row) if row.id in later else row for row in rows]


def _row_of_pass(work: "WorkList", row: QueueRow) -> QueueRow:
    found = work.pass_over(row.id)
    if found is None:
        return row
    counts = Counter(span.layer for span in found.spans)
    stance = work.scheme.stance_layer
    if stance is not None and found.stances:
        counts[stance.name] = len(found.stances)
    flags = sum(note.flag for note in found.notes)
    notes = sum(bool(note.note) for note in found.notes)
    return row._replace(state=found.status.state, counts=counts, looked=found.looked,
                        flags=flags, notes=notes)  # fmt: skip


class QueueList(Lines, can_focus=False):
    """A screenful of rows; what lies above and below is asked for when it is reached."""

    def __init__(self, work: "WorkList", here: str | None, opened: Callable[[], None]) -> None:
        """`here` is the article to begin at; `opened` is called when a row is to be opened."""
        super().__init__(self._visible_rows)
        self.work = work
        self._opened = opened
        self._beside: dict[int, Beside] = {}
        """Who else is at the articles shown, by number."""
        self.where = work.where
        self.sort = work.sort
        self.rows: list[QueueRow] = []
        self.cursor = 0
        self._here = here
        self.trouble = ""
        """Why the queue could not be read."""

    @property
    def current(self) -> QueueRow | None:
        """The row under the cursor."""
        return self.rows[self.cursor] if self.cursor < len(self.rows) else None

    def on_resize(self) -> None:
        """As many rows as there is room."""
        here = self.current.id if self.current else self._here
        self.load(here)

    def load(self, article: str | None = None) -> None:
        """The first page, or the one around an article."""
        self.trouble = ""
        room = max(self.size.height, 1)
        self.rows, self.cursor = [], 0
        try:
            row = self.work.project.row(article) if article else None
            if row is not None:
                self._around(row, room // 3)
            else:
                self.rows = self._page(limit=room)
        except AnnotatorError as error:
            self.trouble = told(error)
        self.draw()

    def renew(self) -> None:
        """Read the rows again: the cursor stays on its article, and that (as a rule) on its line.

        It stays in the list even if the filter would no longer let it through.
        """
        here, old = self.current, (self.rows, self.cursor, self._beside, self.trouble)
        self._beside = {}
        if here is None:
            self.load()
            return
        try:
            row = self.work.project.row(here.id)
            self._around(row or here, self.cursor)
        except AnnotatorError as error:
            self.trouble = told(error)
        if self.trouble:  # who asked for nothing is told nothing
            self.rows, self.cursor, self._beside, self.trouble = old
        self.draw()

    def _around(self, row: QueueRow, above: int) -> None:
        """An article's row with at most so many above it, and those below it."""
        before = self._page(before=row, limit=above) if above else []
        after = self._page(after=row, limit=max(self.size.height, 1) - len(before) - 1)
        self._look([row])
        self.rows = [*before, *as_found(self.work, [row]), *after]
        self.cursor = len(before)

    def _page(self, sort: str = "", **where: Any) -> list[QueueRow]:
        if where.get("limit", 1) <= 0:
            return []
        try:
            rows = self.work.project.page(self.where, sort or self.sort, **where)
            self._look(rows)
            return as_found(self.work, rows)
        except AnnotatorError as error:
            self.trouble = told(error)
            return []

    def _look(self, rows: list[QueueRow]) -> None:
        """See who else is at these articles."""
        numbers = [row.n for row in rows]
        found = self.work.project.beside(numbers)
        self._beside |= {n: found.get(n, NOBODY) for n in numbers}

    def move(self, count: int) -> None:
        """The cursor up or down, more rows as needed."""
        goal = self.cursor + count
        if goal >= len(self.rows) and self.rows:
            more = self._page(after=self.rows[-1], limit=goal - len(self.rows) + 1)
            self.rows = [*self.rows, *more][-max(self.size.height, 1) :]
            goal = len(self.rows) - 1
        elif goal < 0 and self.rows:
            more = self._page(before=self.rows[0], limit=-goal)
            self.rows = [*more, *self.rows][: max(self.size.height, 1)]
            goal = 0
        self.cursor = max(min(goal, len(self.rows) - 1), 0)
        self.draw()

    def jump(self, to_end: bool) -> None:
        """To the queue's first or last row."""
        room = max(self.size.height, 1)
        if to_end:
            last = self._page_from_end(room)
            self.rows, self.cursor = last, max(len(last) - 1, 0)
        else:
            self.rows, self.cursor = self._page(limit=room), 0
        self.draw()

    def _page_from_end(self, room: int) -> list[QueueRow]:
        backwards = self.sort[1:] if self.sort.startswith("-") else f"-{self.sort}"
        return self._page(backwards, limit=room)[::-1]

    def _visible_rows(self, *_: int) -> list[Line]:
        width = self.size.width
        beside = [self._beside.get(row.n, NOBODY) for row in self.rows]
        shown = any(each != NOBODY for each in beside)
        rows = [
            article_line(row, place == self.cursor, width, others if shown else None)
            for place, (row, others) in enumerate(zip(self.rows, beside, strict=True))
        ]
        if rows and not self.trouble:
            return rows
        return [*rows, (piece(f"     {self.trouble or NOTHING}", "bold"),)]

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor, as there is no more of the list than is shown."""
        self.move(WHEEL)

    def on_mouse_scroll_up(self) -> None:
        """The wheel, the other way."""
        self.move(-WHEEL)

    def on_click(self, event: events.Click) -> None:
        """A click goes to a row, a double click opens it."""
        if 0 <= event.y < len(self.rows):
            self.cursor = event.y
            self.draw()
            if event.chain == 2:
                self._opened()
