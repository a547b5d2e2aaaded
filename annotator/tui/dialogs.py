"""Small questions over the article: a line of text, a choice, a page to read."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from annotator.desk.layouts import is_foreign_letter, translate_key
from annotator.text.visible import visible
from annotator.tui.entry import Entry
from annotator.tui.help import Paragraph, laid_out
from annotator.tui.modal import Modal
from annotator.tui.plain import plain, plain_rows


class Ask(Modal[str | None]):
    """Asks for one line; escape answers None."""

    CSS_PATH = "annotator.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave")]

    def __init__(self, question: str, value: str = "") -> None:
        """`value` is what the line holds at first; unchanged, it is answered to the letter."""
        super().__init__()
        self._question = question
        self._value = value

    def compose(self) -> ComposeResult:
        """The question over an input."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._question), classes="question")
            yield Entry(value=visible(self._value), select_on_focus=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter answers."""
        same = event.value == visible(self._value)
        self.dismiss(self._value if same else event.value)

    def action_leave(self) -> None:
        """Escape."""
        self.dismiss(None)


class Choose(Modal[int | None]):
    """Asks for one of several; the letter or digit that begins one takes it."""

    CSS_PATH = "annotator.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave")]

    def __init__(
        self, question: str, choices: Sequence[str], layout: str = "", at: int | None = 0
    ) -> None:
        """Layout and the cursor's place.

        `layout` names the keyboard layout, for letters typed under it. The cursor begins `at` a choice;
        None is nowhere, so that enter takes nothing before one has gone to a choice.
        """
        super().__init__()
        self._at = at
        self._question = question
        self._choices = choices
        self._layout = layout

    def compose(self) -> ComposeResult:
        """The question over a list."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._question), classes="question")
            yield OptionList(*(Option(plain(c)) for c in self._choices), markup=False)

    def on_mount(self) -> None:
        """The cursor stands on the usual choice."""
        self.query_one(OptionList).highlighted = self._at if self._choices else None

    def on_key(self, event: events.Key) -> None:
        """A choice's own key takes it; a key of several goes from one to the next."""
        places = self._places(event.key, event.character or "")
        if not places:
            return
        event.stop()
        event.prevent_default()
        if len(places) == 1:
            self.dismiss(places[0])
            return
        options = self.query_one(OptionList)
        here = -1 if options.highlighted is None else options.highlighted
        options.highlighted = next((place for place in places if place > here), places[0])

    def _places(self, key: str, character: str) -> list[int]:
        """The choices a key stands for: as typed or, under a layout known, by the key's place."""
        found = self._with_key(character)
        if not found and self._layout and is_foreign_letter(character):
            found = self._with_key(translate_key(self._layout, key, character)[1] or "")
        return found

    def _with_key(self, character: str) -> list[int]:
        wanted = character.casefold()
        return [n for n, c in enumerate(self._choices) if wanted and c[:1].casefold() == wanted]

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter takes the highlighted one."""
        self.dismiss(event.option_index)

    def action_leave(self) -> None:
        """Escape."""
        self.dismiss(None)


class Paragraphs(Widget):
    """Text to read, laid out for the width there is."""

    DEFAULT_CSS = "Paragraphs { height: auto; }"

    def __init__(self, page: Sequence[Paragraph]) -> None:
        super().__init__()
        self._page = page

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's signature
        """As many rows as the text takes in `width` cells."""
        return len(laid_out(self._page, width))

    def render(self) -> Content:
        """The rows."""
        return plain_rows(laid_out(self._page, self.content_size.width))


class Page(Modal[None]):
    """Shows text to read; escape, enter and the keys that open pages leave it."""

    CSS_PATH = "annotator.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,question_mark,f1,f2", "leave", "leave")
    ]

    def __init__(self, title: str, page: Sequence[Paragraph]) -> None:
        super().__init__()
        self._title = title
        self._page = page

    def compose(self) -> ComposeResult:
        """A title over scrolling text."""
        with Vertical(classes="page"):
            yield Static(plain(self._title), classes="question")
            with VerticalScroll():
                yield Paragraphs(self._page)

    def on_mount(self) -> None:
        """The text has the focus, so that arrows scroll it."""
        self.query_one(VerticalScroll).focus()

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)
