"""The identity dialog: one line for the id, one for the lemma, and what may be meant below."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, OptionList, Static

from annotator.desk.completion import Candidate, Completion
from annotator.desk.identity import Subject, give, subject
from annotator.text.visible import plain_line
from annotator.tui.entry import Entry
from annotator.tui.modal import Modal
from annotator.tui.plain import plain

if TYPE_CHECKING:
    from annotator.tui.article import ArticleScreen

TITLES = {"xid": "identity", "lemma": "lemma"}
NAME, LEMMA = 30, 16
"""Cells of a candidate's id and of its lemma."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was chosen."""

    xid: str
    lemma: str
    only: bool
    """For this mention only."""


def ask(screen: "ArticleScreen") -> None:
    """Ask for the identity of what is under the cursor, in the row, or labelled last."""
    desk = screen.desk
    about = subject(desk)
    if about is None:
        return
    article = desk.sheet.article
    known = screen.app.work.identities(about.span.layer, article.group, about.surface)

    def answered(answer: Answer | None) -> None:
        if answer is not None:
            give(desk, about, answer.xid, answer.lemma, answer.only)
            screen.saved.watch(desk.saving)
        screen.draw()

    screen.app.push_screen(IdentityScreen(about, Completion(desk.sheet, about, known)), answered)


class IdentityScreen(Modal[Answer | None]):
    """Asks who or what an annotation is; escape answers None."""

    CSS_PATH = "annotator.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave", priority=True),
        Binding("tab,shift+tab", "other_field", "other field", priority=True),
        Binding("down", "move(1)", "down", priority=True),
        Binding("up", "move(-1)", "up", priority=True),
        Binding("ctrl+t", "only", "this mention only", priority=True),
        Binding("shift+enter", "take_only", "this mention only", priority=True),
    ]

    def __init__(self, about: Subject, completion: Completion) -> None:
        super().__init__()
        self._about = about
        self._completion = completion
        self._only = False
        self._listed: list[Candidate] = []
        self._typed_lemma = False
        """Whether the lemma was written by hand, so that no candidate changes it."""

    def compose(self) -> ComposeResult:
        """The question, the fields, the candidates, what the keys do."""
        with Vertical(classes="dialog"):
            yield Static("", id="about", classes="question")
            for name in self._about.fields:
                with Horizontal(classes="field"):
                    yield Static(plain(TITLES[name]), classes="field-title")
                    yield Entry(id=name, compact=True)
            yield OptionList(markup=False)
            yield Static(plain(self._keys), classes="hint")

    @property
    def _keys(self) -> str:
        tab = "tab lemma · " if len(self._about.fields) > 1 else ""
        other = "ctrl+t only this one · " if self._about.mentions > 1 else ""
        return f"↑↓ choose · enter gives · {tab}{other}esc leaves"

    def on_mount(self) -> None:
        """The candidates for the surface; the list is walked from the line, not by its own keys."""
        self.query_one(OptionList).can_focus = False
        self._say_about()
        self.query_one(f"#{self._about.fields[0]}", Input).focus()
        self.call_after_refresh(self._list)  # comparing thousands of names takes a moment

    def on_input_changed(self, event: Input.Changed) -> None:
        """What is typed in the first field narrows the list; in the other it is the lemma."""
        event.stop()
        if event.input.id == self._about.fields[0]:
            self._list()
        elif event.input.has_focus:
            self._typed_lemma = True

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the candidate marked."""
        event.stop()
        self._take(self._only)

    def on_option_list_option_highlighted(self) -> None:
        """The lemma follows the candidate until it is written by hand."""
        chosen = self._chosen
        if chosen is not None and len(self._about.fields) > 1 and not self._typed_lemma:
            lemma = self.query_one("#lemma", Input)
            with lemma.prevent(Input.Changed):
                lemma.value = plain_line(self._completion.lemma(chosen), 200)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click takes a candidate."""
        event.stop()
        self._take(self._only)

    def action_move(self, step: int) -> None:
        """To the next or the last candidate."""
        options = self.query_one(OptionList)
        (options.action_cursor_down if step > 0 else options.action_cursor_up)()

    def action_other_field(self) -> None:
        """Between id and lemma."""
        fields = list(self.query(Input))
        other = next((field for field in fields if not field.has_focus), None)
        if other is not None:
            other.focus()

    def action_only(self) -> None:
        """For all mentions, or for this one only."""
        self._only = not self._only and self._about.mentions > 1
        self._say_about()

    def action_take_only(self) -> None:
        """Take the candidate marked for this mention only."""
        self._take(only=True)

    def action_leave(self) -> None:
        """Escape."""
        self.dismiss(None)

    @property
    def _chosen(self) -> Candidate | None:
        place = self.query_one(OptionList).highlighted
        return None if place is None or place >= len(self._listed) else self._listed[place]

    def _say_about(self) -> None:
        about = self._about
        which = "this mention only" if self._only else f"all {about.mentions} mentions"
        words = f"{about.span.label} “{plain_line(about.surface, 40)}”"
        if about.mentions > 1:
            words += f" · {which}"
        if about.xid or about.lemma:
            words += f" · now {plain_line(about.xid or about.lemma, 40)}"
        self.query_one("#about", Static).update(plain(words))

    def _list(self) -> None:
        self._listed = self._completion.ranked(self.query_one(Input).value)
        options = self.query_one(OptionList)
        options.clear_options()
        for candidate in self._listed:
            options.add_option(plain(_row(candidate)))
        options.highlighted = 0 if self._listed else None

    def _take(self, only: bool) -> None:
        if not self._listed:
            self._list()
        chosen = self._chosen
        if chosen is None:
            return
        if self._about.fields == ("lemma",):
            self.dismiss(Answer("", chosen.lemma, only))
            return
        both = len(self._about.fields) > 1
        lemma = self.query_one("#lemma", Input).value if both and self._typed_lemma else None
        written = self._completion.lemma(chosen) if lemma is None else lemma
        self.dismiss(Answer(chosen.xid, written or ("" if chosen.xid else chosen.lemma), only))


def _row(candidate: Candidate) -> str:
    """A candidate in one line: id, lemma, where it is used."""
    if not candidate.name:
        return "no identity across languages"
    if candidate.is_new:
        return f"{_fit(candidate.name, NAME)} new"
    used = ((candidate.here, "here"), (candidate.in_group, "event"), (candidate.uses, "all"))
    counts = " · ".join(f"{count} {where}" for count, where in used if count)
    lemma = candidate.lemma if candidate.xid else ""
    return f"{_fit(candidate.name, NAME)} {_fit(lemma, LEMMA)} {counts}"


def _fit(text: str, cells: int) -> str:
    line = plain_line(text, 120)
    return (
        set_cell_size(line, cells - 1) + "…"
        if cell_len(line) > cells
        else set_cell_size(line, cells)
    )
