"""The adjudication screen: draws the adjudicator's desk and hands it the keys."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult

from annotator.desk.keynames import key_name
from annotator.lead.adjudicating import Adjudicating
from annotator.model.errors import AnnotatorError
from annotator.store.notices import GOLD, MANY, STATE, WORK, Heard
from annotator.store.trouble import UnreachableError
from annotator.tui import adjudicate_errands
from annotator.tui.adjudicate_actions import ACTIONS, EDITING, table
from annotator.tui.adjudicate_held import HeldKeys
from annotator.tui.adjudicate_sight import Sight
from annotator.tui.adjudicate_view import AdjudicateView
from annotator.tui.direct import DirectScreen
from annotator.tui.saving import AWAY as LOST
from annotator.tui.saving import SavedMark

if TYPE_CHECKING:
    from annotator.store.link import Reach
    from annotator.tui.adjudicate_app import AdjudicateApp

_KEYS, _EDIT_KEYS = table(ACTIONS), table(EDITING)
DECIDING = ("accept", "nothing", "keep", "discuss", "skip", "undo", "redo")
"""What a key held down must not go on doing: each item is looked at."""

ELSEWHERE = "Others went on with this article: N, then P show it as it is now."
AWAY = "The server is away: decisions are kept here, what comes next needs it."
MORE = "Others went on meanwhile: n looks for what is ready now."


class AdjudicateScreen(DirectScreen):
    """One item after another."""

    app: "AdjudicateApp"
    view: AdjudicateView

    def __init__(self, desk: Adjudicating) -> None:
        super().__init__()
        self.desk = desk
        self.sight = Sight(desk)
        self.saved = SavedMark(self._wake, self._saved_changed, lambda: desk.project.reach)
        self.view = AdjudicateView(self.sight, lambda: self.saved.words)
        self.held = HeldKeys()
        self._painted = ""

    def compose(self) -> ComposeResult:
        """One widget draws it all."""
        yield self.view

    def on_mount(self) -> None:
        """Once painted, the next article is laid out."""
        self.desk.project.watch(lambda reach: self._wake(lambda: self._heard(reach)))
        self.view.draw()
        self.call_after_refresh(self._prepare)

    def on_screen_resume(self) -> None:
        """A dialog may have changed something."""
        self.draw()

    def _prepare(self) -> None:
        """Get ready for acts on the article, and lay out the next one."""
        found = self.desk.table
        if found is not None and self._painted != found.article.id:
            self._painted = found.article.id
            self.desk.project.prepare(found.article)
            self.set_timer(0.05, self._preload)

    def _preload(self) -> None:
        with self.saying():
            self.desk.preload()

    def _wake(self, function: Callable[[], None]) -> None:
        loop = self.app.loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(function)

    def _heard(self, reach: "Reach") -> None:
        """The server was lost or found, or decisions wait for it."""
        told = self.saved.heard(reach)
        if told and self.desk.message in ("", AWAY, LOST):
            self.desk.say(told)
        if not reach.since and self.app.screen is self and self.sight.editing is None:
            with self.saying():
                self.desk.resume()
        self._saved_changed()

    def _saved_changed(self) -> None:
        self.draw()

    # --- others

    def follow(self, news: Sequence[Heard]) -> None:
        """Others did something: what one looks at stays as it is, for a digit must mean what it shows."""
        desk = self.desk
        place = desk.article_place
        here = desk.waiting.articles[place].n if place >= 0 else 0
        if desk.item is None and any(each.what in (STATE, MANY) for each in news):
            desk.say(MORE)
        elif not desk.message and any(
            each.n == here and each.what in (STATE, WORK, GOLD) for each in news if each.n
        ):
            desk.say(ELSEWHERE)
        else:
            return
        self.draw()

    # --- drawing

    def draw(self) -> None:
        """Draw what the last key changed."""
        if self.saved.trouble:
            self.desk.say(self.saved.trouble)
        self.view.draw()
        self.call_after_refresh(self._prepare)
        self.paint_now()

    # --- keys

    def on_key(self, event: events.Key) -> None:
        """Every key is ours."""
        event.stop()
        event.prevent_default()
        self.press(event.key, event.character, event.time)

    def press(self, key: str, character: str | None, at: float = 0.0) -> None:
        """Carry out a key, named as Textual names it, with the character it types (if any).

        `at` says when it came from the terminal, in seconds, which may be long before.
        """
        if not key.isascii() or "+" in key:
            key, character = self._latin(key, character)
        if not key:
            return
        held = self.held.is_repeat(key, at)
        if self.desk.turning is not None and key not in ("ctrl+q", "escape"):
            return  # what is being taken back, or done again, is soon done
        self.desk.message = ""
        with self.saying():
            if self.sight.editing is not None:
                self._edit(key_name(key), character)
            elif len(key) == 1 and key in "123456789":
                self._decide(held, lambda: self.desk.take(int(key)))
            elif (action := _KEYS.get(key_name(key))) is not None:
                self._decide(held and action.name in DECIDING, lambda: self._run(action.name))
        self._after()

    def perform(self, name: str) -> None:
        """Carry out an action by its name (from the palette)."""
        if self.desk.turning is not None and name != "quit":
            return
        self.desk.message = ""
        with self.saying():
            self._run(name)
        self._after()

    def _run(self, name: str) -> None:
        adjudicate_errands.ERRANDS[name](self)

    def _after(self) -> None:
        self.saved.watch(self.desk.saving)
        self.draw()

    def _decide(self, held: bool, run: Callable[[], None]) -> None:
        """Carry out what a key does, but what decides not again and again while it is held down."""
        if held:
            self.desk.say("A key that is held down decides once; let go of it.")
        else:
            run()

    def _edit(self, name: str, character: str | None) -> None:
        action = _EDIT_KEYS.get(name)
        if action is not None:
            adjudicate_errands.EDITING[action.name](self)
        elif name == "ctrl+q":
            self.app.exit()
        elif name == "ctrl+z":
            self.sight.editing = None
        elif character is not None and character.isalpha():
            adjudicate_errands.give(self, character)

    def _latin(self, key: str, character: str | None) -> tuple[str, str | None]:
        """A key as the Latin layout would name it; "" when it has none, and the layout is asked for."""
        editing = self.sight.editing
        if editing is not None and character and editing.label_of(character):
            return key, character  # a letter the scheme gives itself
        from annotator.desk.layouts import is_foreign_letter, latin

        if "+" in key:
            return self.app.keyboard.translate(key, character)
        if not is_foreign_letter(key):
            return key, character
        found = latin(self.app.keyboard.layout, key)
        if found is None:
            self.app.calibrate()
            return "", None
        return found, found

    @contextmanager
    def saying(self) -> Iterator[None]:
        """What goes wrong is said below, and the work goes on."""
        try:
            yield
        except UnreachableError as error:  # the sentence with its address is longer than the line
            self.desk.say(AWAY if error.kind == "lost" else str(error))
        except AnnotatorError as error:
            self.desk.say(str(error))

    def choose(self, question: str, titles: list[str], take: Callable[[int], object]) -> None:
        """Let one choose among lines; `take` gets the number of the line."""
        from annotator.tui.dialogs import Choose

        def answered(place: int | None) -> None:
            if place is not None:
                with self.saying():
                    take(place)
            self._after()

        self.app.push_screen(Choose(question, titles, self.app.keyboard.layout), answered)

    def ask(self, question: str, value: str, take: Callable[[str], object]) -> None:
        """Ask for words, then give them to `take`; nothing happens when one leaves."""
        from annotator.tui.dialogs import Ask

        def answered(words: str | None) -> None:
            if words is not None:
                with self.saying():
                    take(words)
            self._after()

        self.app.push_screen(Ask(question, value), answered)
