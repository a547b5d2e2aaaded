"""Errands of the article screen: actions that open something or go somewhere.

Each takes the screen; `ERRANDS` finds one by its action's name.
"""

from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from annotator.desk.grid import Column
from annotator.desk.stances import ANOTHER_HOLDER, MOVE, Choice
from annotator.model.annotation import AUTHOR, Party
from annotator.model.scheme import SpanLayer, StanceLayer
from annotator.tui.panel import QUESTIONS
from annotator.tui.view import WIDE

if TYPE_CHECKING:
    from annotator.tui.article import ArticleScreen

WAITING = (
    "What waits for the server is kept on this machine, and is sent by itself when it is back."
)
REPEAT = 0.2
"""A key that comes back within so many seconds is held down."""


def search(screen: "ArticleScreen") -> None:
    """Open the search line."""
    from annotator.tui.search import SearchLine

    screen.app.push_screen(SearchLine(screen), lambda _: screen.draw())


def enter(screen: "ArticleScreen") -> None:
    """Apply held edges; choose a label for a selection, a value for a grid cell."""
    if isinstance(screen.desk.layer, SpanLayer):
        if not screen.desk.spans.apply_edges():
            _choose_label(screen, screen.desk.layer)
    elif screen.desk.caret.selecting:
        screen.desk.stances.attach()
    elif screen.desk.stances.column is Column.TARGET:
        _choose_row(screen)
    else:
        choices = screen.desk.stances.choices()
        question = QUESTIONS[screen.desk.stances.column]
        screen.choose(question, choices, screen.desk.stances.choose)


def _choose_label(screen: "ArticleScreen", layer: SpanLayer) -> None:
    labels = [Choice(f"{x.key}  {x.title}: {x.description}", x.name) for x in layer.active]
    # nowhere at first: who nods once more than there are suggestions must not give a label
    screen.choose("Label", labels, lambda name: screen.desk.give(str(name)), at=None)


def _choose_row(screen: "ArticleScreen") -> None:
    choices = [*screen.desk.stances.choices()]
    screen.choose("Add a row", choices, partial(_add_row, screen))


def _add_row(screen: "ArticleScreen", what: object) -> None:
    stances, row = screen.desk.stances, screen.desk.stances.current
    if isinstance(what, Party):
        stances.choose(what)
    elif what == MOVE:
        screen.choose("Move the stance", stances.other_targets(), stances.choose)
    elif what == ANOTHER_HOLDER and row is not None:
        by_another(screen)
    else:
        screen.ask("Target (a proposition or a name):", "", partial(_open_target, screen))


def _open_target(screen: "ArticleScreen", words: str) -> None:
    name = " ".join(words.split())
    if name:
        screen.desk.stances.open_row(Party("proposition", name), AUTHOR)


def by_another(screen: "ArticleScreen") -> None:
    """Ask who else takes a position on the row's target, and open a row for it."""
    stances, row = screen.desk.stances, screen.desk.stances.current
    if not isinstance(screen.desk.layer, StanceLayer) or row is None:
        screen.desk.say("Go to a target in the stance layer first.")
        return

    def take(holder: object) -> None:
        if isinstance(holder, Party):
            stances.open_said(row.target, holder)

    question = f"Who takes a position on {row.target.name}?"
    screen.choose(question, stances.holders_for_new_row(), take)


def note(screen: "ArticleScreen") -> None:
    """Ask for a note on the selection or the article."""
    old = screen.desk.notes.here()
    where = "this selection" if screen.desk.caret.selection else "this article"
    screen.ask(f"Note on {where}:", old.note if old else "", screen.desk.notes.write)


def done(screen: "ArticleScreen") -> None:
    """Finish the article and open the next one that is not finished."""
    before, screen.done_at = screen.done_at, monotonic()
    if screen.done_at - before < REPEAT or screen.painted != screen.desk.sheet.article.id:
        return  # held down it must not finish articles nobody has seen
    screen.desk.finish()
    screen.saved.watch(screen.desk.saving)
    screen.go(screen.app.work.next_to_do)


def skip(screen: "ArticleScreen") -> None:
    """Ask why and leave the article out."""

    def skip(reason: str) -> None:
        screen.desk.skip(" ".join(reason.split()))
        screen.saved.watch(screen.desk.saving)
        screen.go(screen.app.work.next_to_do)

    screen.ask("Skip this article, because:", "", skip)


def next_article(screen: "ArticleScreen") -> None:
    """The next article, whatever its status."""
    screen.go(partial(screen.app.work.neighbour, 1))


def previous_article(screen: "ArticleScreen") -> None:
    """The article before, whatever its status."""
    screen.go(partial(screen.app.work.neighbour, -1))


def queue(screen: "ArticleScreen") -> None:
    """Show the queue."""
    reach = screen.app.work.project.reach
    if reach and reach.since:
        screen.desk.say("The queue is on the server, which cannot be reached now; ctrl+n goes on.")
    else:
        screen.app.open_queue()


def open_article(screen: "ArticleScreen") -> None:
    """Pick a recent article, or one by its title."""
    from annotator.tui.jump import JumpScreen

    def opened(article: str | None) -> None:
        if article is not None:
            _open(screen, article)
        screen.draw()

    here = screen.desk.sheet.article.id
    screen.app.push_screen(JumpScreen(screen.app.work, here), opened)


def search_project(screen: "ArticleScreen") -> None:
    """Search all articles, and land on a place."""
    from annotator.tui.find import FindScreen, Landing

    def landed(found: Landing | None) -> None:
        if found is not None:
            screen.visit(*found)
        screen.draw()

    screen.app.push_screen(FindScreen(screen.app.work), landed)


def _open(screen: "ArticleScreen", article: str) -> None:
    """Go to an article, unless it is open."""
    if article != screen.desk.sheet.article.id:
        screen.go(lambda _: article)


def saved(screen: "ArticleScreen") -> None:
    """Say that all is saved, or send again what is not."""
    if screen.saved.trouble:
        screen.saved.retried(screen.app.work.retry())
        screen.desk.say("Sending again what could not be saved …")
    elif (reach := screen.app.work.project.reach) and (reach.since or reach.waiting):
        screen.desk.say(WAITING)
    else:
        screen.desk.say("Everything is saved already: each decision is, when it is made.")


def panel(screen: "ArticleScreen") -> None:
    """Show or hide the panel."""
    if screen.size.width < WIDE:
        screen.desk.say(f"The panel needs a terminal of {WIDE} columns; ? shows the labels.")
        return
    screen.view.panel_wanted = not screen.view.panel_wanted
    screen.show()


def show_keys(screen: "ArticleScreen") -> None:
    """The keys that work now."""
    from annotator.tui.dialogs import Page
    from annotator.tui.help import keys_page

    screen.app.push_screen(Page("Keys", keys_page(screen.desk, screen.keyboard)))


def guideline(screen: "ArticleScreen") -> None:
    """The guideline on the label under the caret, else on the layer, and precedents."""
    from annotator.tui.precedents import show

    show(screen)


def feedback(screen: "ArticleScreen") -> None:
    """One's finished articles beside gold."""
    from annotator.tui.feedback import show

    show(screen)


def layout(screen: "ArticleScreen") -> None:
    """Find out the keyboard layout."""
    screen.app.calibrate()


def theme(screen: "ArticleScreen") -> None:
    """Choose a theme."""
    from annotator.tui.themes import choose

    choose(screen)


def palette(screen: "ArticleScreen") -> None:
    """Every action by name."""
    screen.app.action_command_palette()


def suspend(screen: "ArticleScreen") -> None:
    """Back to the shell."""
    screen.app.action_suspend_process()


def leave(screen: "ArticleScreen") -> None:
    """Leave."""
    screen.app.exit()


def identity(screen: "ArticleScreen") -> None:
    """Who or what an annotation is, across languages."""
    from annotator.tui.identity import ask

    ask(screen)


ERRANDS: dict[str, Callable[["ArticleScreen"], None]] = {
    "search": search,
    "enter": enter,
    "note": note,
    "by_another": by_another,
    "identity": identity,
    "done": done,
    "skip": skip,
    "next_article": next_article,
    "previous_article": previous_article,
    "queue": queue,
    "open_article": open_article,
    "search_project": search_project,
    "saved": saved,
    "panel": panel,
    "help": show_keys,
    "guideline": guideline,
    "feedback": feedback,
    "layout": layout,
    "theme": theme,
    "palette": palette,
    "suspend": suspend,
    "quit": leave,
}
