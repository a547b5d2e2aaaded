"""The queue screen: which articles there are, filtered as one types; enter opens one."""

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Input

from annotator.model.annotation import State
from annotator.model.errors import AnnotatorError
from annotator.store.filters import Filter
from annotator.store.queue import SORTS, QueueRow
from annotator.text.visible import plain_line
from annotator.tui.entry import Entry
from annotator.tui.lines import Line, Lines, piece

if TYPE_CHECKING:
    from annotator.tui.work import WorkList

STATES = ("", State.NEW, State.STARTED, State.OPEN, State.DONE, State.SKIPPED)
MARKS = {State.NEW: " ", State.STARTED: "…", State.OPEN: "o", State.DONE: "✓", State.SKIPPED: "×"}
FIELDS = ("lang", "source", "state", "group")
"""What `name:value` in the filter line narrows by; everything else is words."""
COUNT_LIMIT = 10_000
"""Matches are counted no further, so that typing stays quick in a million articles."""

WHEEL = 3
"""Rows a notch of the mouse wheel moves."""


def parse_filter(line: str) -> Filter:
    """A filter line as a filter: `lang:bg state:new words "and phrases`."""
    found: dict[str, str] = {}
    words = []
    for part in line.split(" "):
        name, colon, value = part.partition(":")
        if colon and name.casefold() in FIELDS:
            found[name.casefold()] = value
        else:
            words.append(part)
    return Filter(words=" ".join(words).lstrip(), **found)


class QueueList(Lines, can_focus=False):
    """A screenful of rows; what lies above and below is asked for when it is reached."""

    def __init__(self, work: "WorkList", here: str | None) -> None:
        super().__init__(self._visible_rows)
        self.work = work
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
        row = self.work.project.row(article) if article else None
        self.rows, self.cursor = [], 0
        if row is not None:
            before = self._page(before=row, limit=room // 3)
            self.rows = [*before, row, *self._page(after=row, limit=room - len(before) - 1)]
            self.cursor = len(before)
        else:
            self.rows = self._page(limit=room)
        self.draw()

    def _page(self, sort: str = "", **where: object) -> list[QueueRow]:
        try:
            return self.work.project.page(self.where, sort or self.sort, **where)  # type: ignore[arg-type]
        except AnnotatorError as error:
            self.trouble = str(error)
            return []

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
        rows = [self._line(n, row) for n, row in enumerate(self.rows)]
        if rows and not self.trouble:
            return rows
        return [*rows, (piece(f"     {self.trouble or NOTHING}", "bold"),)]

    def _line(self, number: int, row: QueueRow) -> Line:
        """State, number, title, language, source, length, what was done."""
        style = "bold reverse" if number == self.cursor else ""
        done = " ".join(f"{name[:1].upper()}{n}" for name, n in row.counts.items() if n)
        looked = "".join(name[:1] for name in sorted(row.looked))
        wide = self.size.width >= 100
        source = _fit(plain_line(row.source, 30), 14) + " " if wide else ""
        right = f" {_fit(plain_line(row.lang, 7), 7)} {source}{row.chars:>8,} "
        right += _fit(f"{done}{' ·' + looked if looked else ''}", 20 if wide else 14)
        left = f"{'▶' if style else ' '}{MARKS[row.state]} {row.n:>7,} "
        room = max(self.size.width - cell_len(left) - cell_len(right), 8)
        title = _fit(plain_line(row.title, 300) or plain_line(row.id, 300), room)
        return (piece(left, style), piece(title, style or "bold"), piece(right, style or "dim"))

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
            if event.chain == 2 and isinstance(self.screen, QueueScreen):
                self.screen.action_open()


class QueueScreen(Screen[str | None]):
    """The queue: the filter has the keys, arrows move, enter opens."""

    CSS_PATH = "annotator.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", priority=True),
        Binding("enter", "open", priority=True),
        Binding("up", "move(-1)", priority=True),
        Binding("down", "move(1)", priority=True),
        Binding("pageup", "page(-1)", priority=True),
        Binding("pagedown", "page(1)", priority=True),
        Binding("ctrl+home", "jump(False)", priority=True),
        Binding("ctrl+end", "jump(True)", priority=True),
        Binding("f3", "next_state", priority=True),
        Binding("f4", "next_sort", priority=True),
        Binding("f1", "help", priority=True),
    ]

    def __init__(self, work: "WorkList", here: str | None) -> None:
        super().__init__()
        self._work = work
        self._here = here

    def compose(self) -> ComposeResult:
        """Heading, filter, list, hint."""
        yield Lines(self._heading, id="heading", classes="bar")
        yield Entry(
            value=_filter_line(self._work.where),
            placeholder="filter: words  lang:bg  state:new  source:…",
            compact=True,
        )
        yield QueueList(self._work, self._here)
        yield Lines(lambda *_: [(piece(HINT, "dim"),)], id="keys", classes="bar")

    def on_mount(self) -> None:
        """The filter line has the focus."""
        self.query_one(Input).focus()

    @property
    def _list(self) -> QueueList:
        return self.query_one(QueueList)

    def _heading(self, *_: int) -> list[Line]:
        count = self._work.project.count(self._list.where, COUNT_LIMIT)
        number = f"{count:,}" if count < COUNT_LIMIT else f"{COUNT_LIMIT:,} or more"
        who = plain_line(self._work.project.actor, 40)
        path = plain_line(self._work.project.path.name, 60)
        sort = self._list.sort
        said = f" {path} · {who} · {number} articles · by {sort}"
        return [(piece(said, "bold"),)]

    def on_input_changed(self, event: Input.Changed) -> None:
        """Each character filters."""
        where = parse_filter(event.value)
        if where != self._list.where:
            self._list.where = where
            self._list.load()
            self.query_one("#heading", Lines).draw()

    def action_move(self, count: int) -> None:
        """A row up or down."""
        self._list.move(count)

    def action_page(self, pages: int) -> None:
        """A screen up or down."""
        self._list.move(pages * max(self._list.size.height - 1, 1))

    def action_jump(self, to_end: bool) -> None:
        """The first or last row."""
        self._list.jump(to_end)

    def action_next_state(self) -> None:
        """Narrow to the next status."""
        box = self.query_one(Input)
        state = (
            STATES[(STATES.index(self._list.where.state) + 1) % len(STATES)]
            if (self._list.where.state in STATES)
            else ""
        )
        words = [w for w in box.value.split(" ") if w and not w.casefold().startswith("state:")]
        box.value = " ".join([*words, f"state:{state}"] if state else words)

    def action_next_sort(self) -> None:
        """Another order: by number, date or source."""
        names = list(SORTS)
        self._list.sort = names[(names.index(self._list.sort.removeprefix("-")) + 1) % len(names)]
        self._list.load(self._list.current.id if self._list.current else None)
        self.query_one("#heading", Lines).draw()

    def action_open(self) -> None:
        """Open the article; next and previous keep to this filter and order."""
        row = self._list.current
        if row is not None:
            self._work.where, self._work.sort = self._list.where, self._list.sort
            self.dismiss(row.id)

    def action_leave(self) -> None:
        """Back to the article."""
        self.dismiss(None)

    def action_help(self) -> None:
        """What the filter line understands."""
        from annotator.tui.dialogs import Page

        self.app.push_screen(Page("The queue", [("", line) for line in HELP]))


HINT = " ↑↓ PgUp PgDn move   enter opens   F3 status   F4 order   F1 help   esc back"
NOTHING = "No article matches this filter; F1 says what it understands."
HELP = [
    "Words typed must all occur in title or text; the last may be the beginning of a word.",
    '"Words in quotes" must follow one another.',
    "lang:bg  source:example.org  group:summit  narrow by what the source said.",
    f"state: is one of {', '.join(STATES[1:])}; F3 goes through them.",
    "F4 changes the order: by number, date or source.",
    "Marks: ✓ done, × skipped, … started, o open again. E12 means 12 entities;",
    "after a dot stand the layers declared looked at.",
    "Enter opens the article; next and previous then keep to this filter.",
]


def _filter_line(where: Filter) -> str:
    parts = [
        where.words,
        *(f"{name}:{getattr(where, name)}" for name in FIELDS if getattr(where, name)),
    ]
    return " ".join(part for part in parts if part)


def _fit(text: str, cells: int) -> str:
    if cell_len(text) > cells:
        return set_cell_size(text, max(cells - 1, 0)) + "…"
    return set_cell_size(text, cells)
