"""The annotator's desk without a screen: one article, a caret, and acts that are saved as made.

A screen, a test or an oracle drives it with `run(action name)` and `press_letter`; it paints from
`sheet`, `caret`, `stances` and `message`, and repaints what `caret.touched` says.
"""

from concurrent.futures import Future
from typing import Any

from annotator.desk import reaching
from annotator.desk.borders import Borders
from annotator.desk.caret import Caret
from annotator.desk.deciding import Deciding
from annotator.desk.everywhere import VERB, Everywhere
from annotator.desk.fold import Fold
from annotator.desk.hints import Hints
from annotator.desk.history import REDO, UNDO, History, difference, stretches
from annotator.desk.log import Log as Log
from annotator.desk.log import is_saved
from annotator.desk.notes import NoteHand
from annotator.desk.picks import Picks
from annotator.desk.proposals import Proposals
from annotator.desk.ring import Ring
from annotator.desk.search import Search
from annotator.desk.selection import Range
from annotator.desk.sheet import Sheet
from annotator.desk.sight import Sight
from annotator.desk.spans import SpanHand
from annotator.desk.stances import StanceHand
from annotator.desk.timer import ActiveTime
from annotator.desk.visits import Visits
from annotator.desk.window import Window
from annotator.model.annotation import State, Status
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Draft, PastAct
from annotator.model.scheme import Label, Layer, Scheme, SpanLayer, StanceLayer, Unit
from annotator.model.spent import VERB as TIME

SENT = 64
"""From so many acts on it is looked which of them are saved and need not be remembered."""


class Desk:
    """One annotator at work."""

    def __init__(self, log: Log, scheme: Scheme, timer: ActiveTime | None = None) -> None:
        self.log = log
        self.scheme = scheme
        self.timer = timer or ActiveTime()
        self.history = History(log.past_acts)
        self.layer: Layer = scheme.layers[0]
        self.message = ""
        """One line for the annotator, until the next key."""
        self.greeting = ""
        """One line about the article just opened, until the next key."""
        self._greeted = ""
        self._search: tuple[Range, Search] | None = None
        self.saving: Future[Any] | None = None
        """The newest act on its way to the log."""
        self.last_label: dict[str, str] = {}
        """For each layer the label given last."""
        self.window = Window(self)
        self.notes = NoteHand(self)
        self.hints = Hints(self)
        self.picks = Picks(self)
        self.proposals = Proposals(self)
        self.deciding = Deciding(self)
        self.recurring = Everywhere(self)
        self.sight = Sight(self)
        self.ring = Ring(self)
        self.borders = Borders(self)
        self.fold = Fold(self)
        self.visits = Visits(self)
        self._width = 80
        self._sent: list[tuple[Act, Future[Any]]] = []
        self._opened = -1

    def open(self, article_id: str) -> None:
        """Put an article on the desk, the caret at its start; raises what the log raises."""
        self.leave()
        self.sheet = self._sheet_of(article_id)
        self._opened = self.sheet.revision
        self.timer.start(self.sheet.status.seconds, self.sheet.spent)
        self.timer.layer = self.layer.name
        self.caret = Caret(self.sheet.article.text, self._unit, self._width, self.say)
        self.window.top = 0
        self.stances = StanceHand(self)
        self.spans = SpanHand(self)
        for room in (self.hints, self.picks, self.proposals, self.ring, self.sight):
            room.opened()
        self.recurring.forget()
        self._greet()
        if self.fold.active:
            self.fold.update()

    def leave(self) -> None:
        """Record the time and keys spent on the article, unless it was only glanced at.

        An article on which nothing was ever decided stays new, so nothing is recorded of it.
        """
        if self._opened < 0:
            return
        decided = self.sheet.revision != self._opened
        if decided or not self.timer.glanced:
            self.sight.record()
        spent = self.timer.spent
        if not self.sheet.begun:
            return
        if spent != self.sheet.spent and (decided or not self.timer.glanced):
            act = Act(TIME, (self.sheet.draft_spent(spent),))
            self._show(act)
            self._send(act)

    def _greet(self) -> None:
        """Say why nothing is suggested in the article, unless the same was said of the one before."""
        silence = self.proposals.limits if self.proposals.layer is not None else ""
        self.greeting, self._greeted = silence if silence != self._greeted else "", silence

    def _sheet_of(self, article_id: str) -> Sheet:
        """An article's decisions: what the log has, and acts still on their way there."""
        waiting = self.waiting()
        sheet = Sheet(self.log.article(article_id), self.log.work(article_id))
        for act in waiting:
            sheet.apply(act)
        return sheet

    def waiting(self) -> list[Act]:
        """The acts that are not known to be in the log, oldest first.

        Acts are saved in order, so when one is saved all before it are.
        """
        for place in range(len(self._sent) - 1, -1, -1):
            if is_saved(self._sent[place][1]):
                del self._sent[: place + 1]
                break
        return [act for act, _ in self._sent]

    def wrap(self, width: int) -> None:
        """Lay the text out for another width in cells."""
        self._width = width
        self.caret.wrap(width)

    @property
    def hand(self) -> SpanHand | StanceHand:
        """What carries out label keys in this layer."""
        return self.spans if isinstance(self.layer, SpanLayer) else self.stances

    @property
    def _unit(self) -> Unit:
        return self.layer.unit if isinstance(self.layer, SpanLayer) else Unit.SENTENCE

    # --- keys ------------------------------------------------------------------------------------

    def run(self, name: str) -> None:
        """Carry out an action by its name in `actions.ACTIONS`."""
        self.message = self.greeting = ""
        self.timer.tick()
        if name != VERB:
            self.recurring.forget()
        tools = (self.notes, self.hints, self.ring, self.deciding, self.proposals.occurrences)
        more = (self.proposals, self.recurring, self.borders, self.fold, self.visits)
        for room in (self.hand, *tools, *more, self, self.caret):
            method = getattr(room, name, None)
            if method is not None:
                method()
                return
        raise LookupError(name)

    def label_for(self, letter: str) -> Label | None:
        """The layer's label on a letter (its key or an alias), None when there is none."""
        labels = self.layer.active
        wanted = letter.casefold()
        return next((x for x in labels if wanted == x.key or wanted in x.aliases), None)

    def press_letter(self, letter: str) -> None:
        """Label with the layer's label on a letter."""
        label = self.label_for(letter)
        if label is None:
            self.message = f"No label on {letter} in {self.layer.title}."
        else:
            self.give(label.name)

    def give(self, label: str) -> None:
        """Give a label (in stance a value) to what is selected or under the caret."""
        self.message = self.greeting = ""
        self.timer.tick()
        known = self.layer.label(label)
        if known is not None and known.retired:
            self.message = (
                f"{label} was given up; give {' or '.join(known.into) or 'another label'}."
            )
            return
        self.hand.give(label)

    @property
    def matches(self) -> Search | None:
        """The search whose match is selected, None when something else is."""
        selection = self.caret.selection
        if self._search is None or selection is None or selection.range != self._search[0]:
            return None
        return self._search[1]

    def found(self, search: Search, match: Range) -> None:
        """A search was left with this match selected."""
        self.ring.leave()
        self._search = (match, search)

    def say(self, message: str) -> None:
        """Tell the annotator something."""
        self.message = message

    def clear(self) -> None:
        """Leave select mode and clear the selection and what is picked."""
        self.caret.drop()
        self.picks.clear()

    def enter(self) -> bool:
        """Apply held edges or confirm the suggestion here; False when there is neither."""
        if not isinstance(self.layer, SpanLayer):
            return False
        return self.spans.apply_edges() or self.deciding.confirm()

    # --- acts ------------------------------------------------------------------------------------

    def act(self, verb: str, drafts: tuple[Draft, ...], message: str = "") -> None:
        """Show an act, remember it for undo and send it to the log; without drafts nothing."""
        if not drafts:
            return
        drafts = self.sheet.with_identities(self.proposals.with_origins(drafts))
        act = Act(verb, drafts)
        others = reaching.beyond(self, drafts)
        past = self._show(act)
        self.history.push(past._replace(changes=(*past.changes, *others)) if others else past)
        self._send(act)
        self.message = message

    def _send(self, act: Act) -> None:
        try:
            self.saving = self.log.submit(act)
        except AnnotatorError as error:  # shown already, so the mark must say that it is not saved
            self.saving = Future()
            self.saving.set_exception(error)
        self._sent.append((act, self.saving))
        if len(self._sent) > SENT:
            self.waiting()

    def undo(self) -> None:
        """Take back the newest act that stands."""
        self._again(self.history.undo(), UNDO)

    def redo(self) -> None:
        """Do again the act taken back last."""
        self._again(self.history.redo(), REDO)

    def _again(self, past: PastAct | None, verb: str) -> None:
        """Append an act that puts what `past` changed to how it was before (or after) it."""
        if past is None:
            self.message = f"Nothing to {verb}."
            return
        try:
            drafts = reaching.back(self, past, verb)
        except AnnotatorError as error:
            self.message = f"{past.verb} stays: {error}"
            return
        self.message = ""
        if drafts:
            act = Act(verb, drafts, past.id)
            self.history.note(act.id)
            self._show(act)
            self._send(act)
            self._go_to_change(past)
            what = reaching.told(past)
            self.message = f"{'Undone' if verb == UNDO else 'Done again'}: {what}."
        kept = len(past.changes) - len(drafts)
        if kept:
            self.message += f" {kept} of its changes stay: they were changed elsewhere since."

    def _show(self, act: Act) -> PastAct:
        """Apply an act to the sheet and note what to paint again."""
        past = self.sheet.apply(act)
        rules = self.proposals.apply(act)
        past = past._replace(changes=(*past.changes, *rules)) if rules else past
        self.fold.show(past)
        for change in past.changes:
            for stretch in (*stretches(change.before), *stretches(change.after)):
                self.caret.touch(stretch)
                self.caret.touch(self.proposals.around(stretch))
        if isinstance(self.layer, StanceLayer):
            self.stances.show(past)
        return past

    def _go_to_change(self, past: PastAct) -> None:
        """Put the caret (and in the grid the row) where an undone or redone change is."""
        here = [c for c in past.changes if c.article == self.sheet.article.id]
        if self.hand is self.stances:
            self.stances.go_to_change(here)
        for change in here:
            before, after = stretches(change.before), stretches(change.after)
            if before or after:
                place = difference(before[:1] or after[:1], after[:1] or before[:1])
                while place < len(self.caret.text) - 1 and self.caret.text[place].isspace():
                    place += 1
                self.caret.move_to(place)
                return

    # --- status ------------------------------------------------------------------------------------

    def nothing(self) -> None:
        """Record that this layer has been looked at and holds nothing (more)."""
        name, title = self.layer.name, self.layer.title
        looked = () if name in self.sheet.looked else (self.sheet.draft_looked(name),)
        drafts = (*looked, *self.hand.rest())
        self.act("nothing more", drafts, f"{title}: looked at, nothing more here.")
        if not drafts:
            self.message = f"{title} is recorded as looked at already."

    def finish(self) -> None:
        """Done: every layer has been looked at."""
        looked = [layer.name for layer in self.scheme.layers if layer.name not in self.sheet.looked]
        drafts = tuple(self.sheet.draft_looked(name) for name in looked)
        if self.sheet.status.state is not State.DONE or drafts:
            self.sight.record(finished=True)
            self._set_status("done", State.DONE, extra=drafts)

    def skip(self, reason: str) -> None:
        """Leave the article out, with a reason."""
        status = self.sheet.status
        if (status.state, status.reason) == (State.SKIPPED, reason):
            self.message = "This article is skipped already."
            return
        self._set_status("skip", State.SKIPPED, reason)

    def reopen(self) -> None:
        """Open a finished or skipped article again."""
        if self.sheet.status.state in (State.DONE, State.SKIPPED):
            self._set_status("reopen", State.OPEN)
            self.message = "Open again."
        else:
            self.message = "This article is open."

    def _set_status(
        self, verb: str, state: State, reason: str = "", extra: tuple[Draft, ...] = ()
    ) -> None:
        self.timer.tick()
        status = Status(state, reason, self.timer.seconds)
        self.act(verb, (self.sheet.draft_status(status), *extra))

    # --- layers ------------------------------------------------------------------------------------

    def choose_layer(self, number: int) -> None:
        """Go to layer `number`, from 1."""
        self.message = self.greeting = ""
        self.recurring.forget()
        if not 1 <= number <= len(self.scheme.layers):
            self.message = f"This scheme has layers 1 to {len(self.scheme.layers)}."
            return
        self.layer = self.scheme.layers[number - 1]
        self.picks.clear()
        self.timer.layer = self.layer.name
        self.caret.change_unit(self._unit)
        if isinstance(self.layer, StanceLayer):
            self.stances.refresh()

    def next_layer(self) -> None:
        """The next layer, after the last the first."""
        place = self.scheme.layers.index(self.layer)
        self.choose_layer((place + 1) % len(self.scheme.layers) + 1)
