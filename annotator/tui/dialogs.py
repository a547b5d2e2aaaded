"""Small questions over the article: a line of text, a choice, a page to read."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from annotator.desk.layouts import is_foreign_letter, translate_key
from annotator.tui.plain import plain


class Ask(ModalScreen[str | None]):
    """Asks for one line; escape answers None."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave")]

    def __init__(self, question: str, value: str = "") -> None:
        super().__init__()
        self._question = question
        self._value = value

    def compose(self) -> ComposeResult:
        """The question over an input."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._question), classes="question")
            yield Input(value=self._value, select_on_focus=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter answers."""
        self.dismiss(event.value)

    def action_leave(self) -> None:
        """Escape."""
        self.dismiss(None)


class Choose(ModalScreen[int | None]):
    """Asks for one of several; a letter or digit that begins one takes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave")]

    def __init__(
        self, question: str, choices: Sequence[str], keys: str = "", layout: str = ""
    ) -> None:
        """`keys` holds a letter or digit for each of the first choices."""
        super().__init__()
        self._question = question
        self._choices = choices
        self._keys = keys
        self._layout = layout

    def compose(self) -> ComposeResult:
        """The question over a list."""
        with Vertical(classes="dialog"):
            yield Static(plain(self._question), classes="question")
            yield OptionList(*(Option(plain(c)) for c in self._choices), markup=False)

    def on_key(self, event: events.Key) -> None:
        """A choice's own key takes it."""
        character = event.character or ""
        if is_foreign_letter(character) and self._layout:
            character = translate_key(self._layout, event.key, character)[1] or ""
        place = self._keys.find(character.casefold()) if character else -1
        if 0 <= place < len(self._choices):
            event.stop()
            self.dismiss(place)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter takes the highlighted one."""
        self.dismiss(event.option_index)

    def action_leave(self) -> None:
        """Escape."""
        self.dismiss(None)


class Page(ModalScreen[None]):
    """Shows text to read; any of escape, enter and q-less keys that opened it leave."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,question_mark,f1,f2", "leave", "leave")
    ]

    def __init__(self, title: str, body: Content) -> None:
        super().__init__()
        self._title = title
        self._body = body

    def compose(self) -> ComposeResult:
        """A title over scrolling text."""
        with Vertical(classes="page"):
            yield Static(plain(self._title), classes="question")
            with VerticalScroll():
                yield Static(self._body)

    def on_mount(self) -> None:
        """The text has the focus, so that arrows scroll it."""
        self.query_one(VerticalScroll).focus()

    def action_leave(self) -> None:
        """Escape."""
        self.dismiss(None)
