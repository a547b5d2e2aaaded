"""The search line: incremental, and the match is the selection."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input, Static

from annotator.desk.search import Search
from annotator.tui.entry import Entry
from annotator.tui.modal import Modal
from annotator.tui.plain import plain

if TYPE_CHECKING:
    from annotator.tui.article import ArticleScreen


class SearchLine(Modal[None]):
    """A line under the article; enter keeps the match as selection, escape goes back."""

    CSS_PATH = "annotator.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", priority=True),
        Binding("tab,f3,down", "next", "next match", priority=True),
        Binding("shift+tab,up", "previous", "previous match", priority=True),
        Binding("ctrl+r", "regex", "regular expression", priority=True),
    ]

    def __init__(self, article: "ArticleScreen") -> None:
        super().__init__()
        self._article = article
        caret = article.desk.caret
        self._origin = caret.range
        self._held, self._selecting = caret.selection, caret.selecting
        self._search = Search("", "")
        self._regex = article.searched[1]

    def compose(self) -> ComposeResult:
        """Mode, input, what was found."""
        with Horizontal(id="search"):
            yield Static(plain(self._mode()), id="mode")
            yield Entry(value=self._article.searched[0], compact=True)
            yield Static("", id="found")

    def _mode(self) -> str:
        return "regex /" if self._regex else "search /"

    def on_input_changed(self) -> None:
        """Each character narrows the search from where it began."""
        self._look()

    def _look(self) -> None:
        pattern = self.query_one(Input).value
        self._search = Search(self._article.desk.caret.text, pattern, self._regex)
        self._show(self._search.after(self._origin[0]))

    def _show(self, match: tuple[int, int] | None) -> None:
        """Select a match, mark the others on screen, say what was found."""
        article = self._article
        if match is not None:
            article.desk.caret.hold_match(match)
        elif not self.query_one(Input).value:
            self._go_back()
        found = self._search.error or (
            "" if match or not self.query_one(Input).value else "not found"
        )
        article.show_matches(self._search)
        self.query_one("#found", Static).update(plain(found or "tab next · enter keeps · ^R regex"))

    def action_next(self) -> None:
        """The next match."""
        self._show(self._search.after(self._article.desk.caret.target[1]))

    def action_previous(self) -> None:
        """The match before."""
        self._show(self._search.before(self._article.desk.caret.target[0]))

    def action_regex(self) -> None:
        """Between plain text and regular expression."""
        self._regex = not self._regex
        self.query_one("#mode", Static).update(plain(self._mode()))
        self._look()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter keeps the match selected."""
        event.stop()
        article = self._article
        article.searched = self.query_one(Input).value, self._regex
        article.desk.found(self._search, article.desk.caret.target)
        self._leave()

    def action_leave(self) -> None:
        """Escape goes back to where the search began, and to what was selected there."""
        self._go_back()
        self._leave()

    def _go_back(self) -> None:
        caret = self._article.desk.caret
        caret.move_to(self._origin[0])
        if self._held is not None:
            caret.hold(self._held)
        caret.selecting = self._selecting

    def _leave(self) -> None:
        self._article.show_matches(None)
        self.dismiss(None)
