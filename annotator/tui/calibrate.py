"""Six keys tell the keyboard layout."""

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from annotator.desk.calibration import Calibration
from annotator.desk.layouts import LAYOUTS
from annotator.tui.modal import Modal
from annotator.tui.plain import plain

INTRO = (
    "Letters are labels by the place of their key, so that they work under any layout. "
    "Press the key at the place named; backspace goes back, enter keeps, esc leaves, "
    "tab chooses from the list of layouts."
)


class CalibrateScreen(Modal[str | None]):
    """Answers the name of a layout, or None."""

    CSS_PATH = "annotator.tcss"

    def __init__(self) -> None:
        super().__init__()
        self._state = Calibration()

    def compose(self) -> ComposeResult:
        """What to press, what was pressed, and the list."""
        with Vertical(classes="dialog"):
            yield Static(plain("Which keyboard layout is this?"), classes="question")
            yield Static(plain(INTRO))
            yield Static("", id="verdict", classes="question")
            yield Static("", id="answers")
            names = [Option(plain(f"{layout.title} ({name})")) for name, layout in LAYOUTS.items()]
            yield OptionList(*names, markup=False, id="layouts")

    def on_mount(self) -> None:
        """The keys come first; the list waits for tab."""
        self.query_one("#layouts").display = False
        self._show()

    def _show(self) -> None:
        self.query_one("#verdict", Static).update(plain(self._state.verdict))
        typed = "  ".join(self._state.answers) or " "
        self.query_one("#answers", Static).update(plain(f"pressed: {typed}"))

    def on_key(self, event: events.Key) -> None:
        """A letter answers; the rest of the keys as the introduction says."""
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
        elif self.query_one("#layouts").display:
            return
        else:
            event.stop()
            self._answer(event)

    def _answer(self, event: events.Key) -> None:
        if event.key == "tab":
            self._offer()
        elif event.key == "backspace":
            self._state = self._state.back()
        elif event.key == "enter" and self._state.prompt is None:
            if len(self._state.layouts) == 1:
                self.dismiss(self._state.layouts[0].name)
                return
            self._offer()
        elif event.character:
            self._state = self._state.answer(event.character)
        self._show()

    def _offer(self) -> None:
        """Show the list of layouts."""
        options = self.query_one("#layouts", OptionList)
        options.display = True
        options.focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Chosen from the list."""
        self.dismiss(list(LAYOUTS)[event.option_index])
