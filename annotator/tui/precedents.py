"""What the guideline says, and how this very name was labelled before, with a jump to each place."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from annotator.desk.suggested import ORIGIN, Proposal
from annotator.model.scheme import SpanLayer, Unit
from annotator.store.precedents import LONGEST, Precedent, Precedents
from annotator.text.visible import plain_line
from annotator.tui.dialogs import Paragraphs
from annotator.tui.help import Paragraph, guideline_page
from annotator.tui.modal import Modal
from annotator.tui.plain import plain

if TYPE_CHECKING:
    from annotator.tui.article import ArticleScreen


class Guide(Modal[Precedent | None]):
    """A page to read over a list of places; enter goes to one, escape and F2 leave."""

    CSS_PATH = "annotator.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1,f2,question_mark", "leave", "leave")
    ]

    def __init__(
        self, title: str, page: Sequence[Paragraph], places: Sequence[tuple[str, Precedent]]
    ) -> None:
        """`places` are the lines of the list with what they stand for."""
        super().__init__()
        self._title = title
        self._page = page
        self._places = places

    def compose(self) -> ComposeResult:
        """Title, text, and places where there are any."""
        with Vertical(classes="page"):
            yield Static(plain(self._title), classes="question")
            with VerticalScroll():
                yield Paragraphs(self._page)
            if self._places:
                lines = (Option(plain(line)) for line, _ in self._places)
                yield OptionList(*lines, markup=False, classes="places")

    def on_mount(self) -> None:
        """The list has the focus, without one the text; page keys and tab reach the other."""
        wanted = OptionList if self._places else VerticalScroll
        self.query_one(wanted).focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter goes there."""
        self.dismiss(self._places[event.option_index][1])

    def action_leave(self) -> None:
        """Back."""
        self.dismiss(None)


def show(screen: "ArticleScreen") -> None:
    """Open the guide for what is under the caret."""
    desk = screen.desk
    layer = desk.layer
    current = desk.spans.current if isinstance(layer, SpanLayer) else None
    proposal = desk.proposals.here
    label = current.label if current else proposal.label if proposal else ""
    page = guideline_page(desk, label)
    if proposal is not None:
        page = [*_suggested(proposal), ("", ""), *page]
    places: list[tuple[str, Precedent]] = []
    surface = _surface(screen)
    if surface:
        found = screen.app.work.precedents(surface, layer.name)
        page = [*_counts(surface, found), ("", ""), *page]
        places = _places(found)

    def chosen(place: Precedent | None) -> None:
        if place is not None:
            screen.visit(place.article, place.start, place.end)
        screen.draw()

    title = f"Guideline: {label or layer.title}"
    screen.app.push_screen(Guide(title, page, places), chosen)


def _suggested(proposal: Proposal) -> list[Paragraph]:
    """What is suggested under the caret, by whom, and how sure that is."""
    if proposal.source == ORIGIN:
        by = "as you labelled this name elsewhere"
        doubt = "In more than one way, so + leaves it alone."
    else:
        score = "" if proposal.score is None else f", with the score {proposal.score:.2f}"
        state = f" ({plain_line(proposal.version, 12)})" if proposal.version else ""
        by = f"by {plain_line(proposal.source, 60)}{state}{score}"
        doubt = "That is not sure, so + leaves it alone."
    what = plain_line(proposal.label, 40) if proposal.label else "something that has no label yet"
    told = f"Suggested: {what}, {by}. It is no label until you confirm it."
    sure = "That is sure enough for + to confirm it with others."
    why = f"Why: {plain_line(proposal.why, 300)}"
    return [
        ("", told),
        *((("", why),) if proposal.why else ()),
        ("", sure if proposal.sure else doubt),
    ]


def _surface(screen: "ArticleScreen") -> str:
    """The name under the caret; "" where precedents make no sense."""
    desk, layer = screen.desk, screen.desk.layer
    if not isinstance(layer, SpanLayer) or layer.unit is Unit.BLOCK:
        return ""
    current = desk.spans.current
    start, end = (current.start, current.end) if current else desk.caret.target
    return desk.caret.text[start:end].strip() if end - start <= LONGEST else ""


def _counts(surface: str, found: Precedents) -> list[Paragraph]:
    name = plain_line(surface, 60)
    if not found.counts:
        return [("", f"{name}: you have not labelled this name before.")]
    told = ", ".join(f"{label} {count:,}" for label, count in found.counts.items())
    warning = ["In more than one way: look before you label."] if found.is_ambiguous else []
    return [
        ("", f"{name} and its forms, labelled by you so far: {told}."),
        *(("", w) for w in warning),
    ]


def _places(found: Precedents) -> list[tuple[str, Precedent]]:
    return [
        (f"{label}  {plain_line(place.surface, 40)}  in {plain_line(place.article, 60)}", place)
        for label, places in found.places.items()
        for place in places
    ]
