"""A screen to pick from what is found as one types: a line to type on, a list below it."""

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input

from annotator.model.errors import AnnotatorError
from annotator.tui.entry import Entry
from annotator.tui.lines import Line, Lines, piece

Item = TypeVar("Item")
Answer = TypeVar("Answer")

WAIT = 0.05
"""Seconds without a key after which what was typed is looked for."""
WHEEL = 3
"""Items a notch of the mouse wheel moves."""
HINT = " ↑↓ PgUp PgDn move   enter opens   esc back"


class PickList(Lines, can_focus=False):
    """The items that fit, the cursor among them; `Picker` says how they look."""

    def __init__(self, picker: "Picker[Item, Answer]") -> None:
        super().__init__(self._visible)
        self._picker = picker
        self.top = 0

    @property
    def room(self) -> int:
        """How many items fit."""
        return max(self.size.height // self._picker.HEIGHT, 1)

    def on_resize(self) -> None:
        """More or less room."""
        self.show()

    def show(self) -> None:
        """Draw with the cursor in view."""
        cursor = self._picker.cursor
        self.top = min(max(self.top, cursor - self.room + 1), cursor)
        self.draw()

    def _visible(self, width: int, _height: int) -> list[Line]:
        picker = self._picker
        if not picker.items:
            return [(piece(f"   {picker.said}", "bold"),)]
        shown = enumerate(picker.items[self.top : self.top + self.room], self.top)
        return [line for n, item in shown for line in picker.lines(item, n == picker.cursor, width)]

    def on_mouse_scroll_down(self) -> None:
        """The wheel moves the cursor."""
        self._picker.action_move(WHEEL)

    def on_mouse_scroll_up(self) -> None:
        """The wheel, the other way."""
        self._picker.action_move(-WHEEL)

    def on_click(self, event: events.Click) -> None:
        """A click goes to an item, a double click takes it."""
        place = self.top + event.y // self._picker.HEIGHT
        if place < len(self._picker.items):
            self._picker.cursor = place
            self.show()
            if event.chain == 2:
                self._picker.action_take()


class Picker(Screen[Answer | None], Generic[Item, Answer]):
    """Looks for what is typed, a page at a time; enter answers with what is under the cursor."""

    CSS_PATH = "annotator.tcss"
    TITLE_LINE: ClassVar[str]
    PLACEHOLDER: ClassVar[str]
    HEIGHT: ClassVar[int] = 1
    """Lines of an item."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", priority=True),
        Binding("enter", "take", priority=True),
        Binding("up", "move(-1)", priority=True),
        Binding("down", "move(1)", priority=True),
        Binding("pageup", "page(-1)", priority=True),
        Binding("pagedown", "page(1)", priority=True),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.items: list[Item] = []
        self.cursor = 0
        self.said = ""
        """What stands in the place of an empty list."""
        self._words = ""
        self._soon: Timer | None = None

    # --- what each such screen says for itself (Textual's metaclass leaves no room for ABC's)

    def look(self, words: str, after: Item | None) -> Sequence[Item]:
        """What is found: the first, or those after one; may raise AnnotatorError."""
        raise NotImplementedError

    def lines(self, item: Item, chosen: bool, width: int) -> list[Line]:
        """How an item looks: as many lines as `HEIGHT`."""
        raise NotImplementedError

    def answer(self, item: Item) -> Answer:
        """What taking an item answers."""
        raise NotImplementedError

    def nothing(self, words: str) -> str:
        """What to say when nothing was found."""
        raise NotImplementedError

    # --- the rest is the same for all

    def compose(self) -> ComposeResult:
        """Heading, line, list, hint."""
        yield Lines(lambda *_: [(piece(f" {self.TITLE_LINE}", "bold"),)], classes="bar")
        yield Entry(placeholder=self.PLACEHOLDER, compact=True)
        yield PickList(self)
        yield Lines(lambda *_: [(piece(HINT, "dim"),)], classes="bar")

    def on_mount(self) -> None:
        """The line has the focus."""
        self.query_one(Input).focus()
        self._look()

    def on_input_changed(self) -> None:
        """Look when the typing pauses, so that no key waits for a search."""
        if self._soon is not None:
            self._soon.stop()
        self._soon = self.set_timer(WAIT, self._look)

    def _look(self) -> None:
        if self._soon is not None:
            self._soon.stop()
            self._soon = None
        self._words = self.query_one(Input).value
        self.items, self.cursor = list(self._found(None)), 0
        self.query_one(PickList).show()

    def _found(self, after: Item | None) -> Sequence[Item]:
        try:
            found = self.look(self._words, after)
        except AnnotatorError as error:
            self.said = str(error)
            return []
        self.said = self.nothing(self._words)
        return found

    def action_move(self, count: int) -> None:
        """Up or down; more is looked for at the end of what was found."""
        if self.cursor + count >= len(self.items) > 0:
            self.items.extend(self._found(self.items[-1]))
        self.cursor = max(min(self.cursor + count, len(self.items) - 1), 0)
        self.query_one(PickList).show()

    def action_page(self, pages: int) -> None:
        """A screen up or down."""
        self.action_move(pages * max(self.query_one(PickList).room - 1, 1))

    def action_take(self) -> None:
        """Answer with what is under the cursor, found for all that was typed."""
        if self._words != self.query_one(Input).value:
            self._look()
        if self.items:
            self.dismiss(self.answer(self.items[self.cursor]))

    def action_leave(self) -> None:
        """Back, with nothing taken."""
        self.dismiss(None)
