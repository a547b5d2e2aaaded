"""The annotator's desk without a screen: one article, a caret, and acts that are saved as made.

A screen, a test or an oracle drives it with `run(action name)` and `press_letter`; it paints from
`sheet`, `caret`, `stances` and `message`, and repaints what `caret.touched` says.
"""

from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Protocol

from annotator.desk.caret import Caret
from annotator.desk.history import REDO, UNDO, History
from annotator.desk.sheet import Sheet
from annotator.desk.spans import SpanHand
from annotator.desk.stances import StanceHand
from annotator.desk.timer import ActiveTime
from annotator.model.annotation import Note, State, Status, Work
from annotator.model.article import Article
from annotator.model.event import Act, Draft, PastAct, new_id
from annotator.model.scheme import Label, Layer, Scheme, SpanLayer, StanceLayer, Unit


class Log(Protocol):
    """What the desk asks of a store."""

    def article(self, article_id: str) -> Article:
        """The article."""

    def work(self, article_id: str) -> Work:
        """This annotator's decisions on it."""

    def submit(self, act: Act) -> Future[Any]:
        """Save an act; the future is done when it is durable."""

    def past_acts(self) -> Iterator[PastAct]:
        """This annotator's acts, newest first, read as needed."""


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
        self.saving: Future[Any] | None = None
        """The newest act on its way to the log."""
        self.last_label: dict[str, str] = {}
        """For each layer the label given last."""
        self._width = 80

    def open(self, article_id: str) -> None:
        """Put an article on the desk, the caret at its start."""
        article = self.log.article(article_id)
        self.sheet = Sheet(article, self.log.work(article_id))
        self.timer.start(self.sheet.status.seconds)
        self.caret = Caret(article.text, self._unit, self._width, self.say)
        self.stances = StanceHand(self)
        self.spans = SpanHand(self)

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
        self.message = ""
        self.timer.tick()
        for room in (self.hand, self, self.caret):
            method = getattr(room, name, None)
            if method is not None:
                method()
                return
        raise LookupError(name)

    def label_for(self, letter: str) -> Label | None:
        """The layer's label on a letter (its key or an alias), None when there is none."""
        labels = self.layer.labels if isinstance(self.layer, SpanLayer) else self.layer.values
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
        self.message = ""
        self.timer.tick()
        self.hand.give(label)

    def say(self, message: str) -> None:
        """Tell the annotator something."""
        self.message = message

    # --- acts ------------------------------------------------------------------------------------

    def act(self, verb: str, drafts: tuple[Draft, ...], message: str = "") -> None:
        """Show an act, remember it for undo and send it to the log; without drafts nothing."""
        if not drafts:
            return
        act = Act(verb, drafts)
        self.history.push(self._show(act))
        self.saving = self.log.submit(act)
        self.message = message

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
        if past.changes[0].article != self.sheet.article.id:
            self.open(past.changes[0].article)
        drafts = []
        for change in past.changes:
            old, new = change.before, change.after
            if verb == UNDO:
                old, new = new, old
            if self.sheet.body(change.kind, change.key) == old:
                drafts.append(self.sheet.draft_back(change, new))
        if drafts:
            act = Act(verb, tuple(drafts), past.id)
            self.history.note(act.id)
            self._show(act)
            self.saving = self.log.submit(act)
            self._go_to_change(past)
        kept = len(past.changes) - len(drafts)
        self.message = (
            f"{'Undone' if verb == UNDO else 'Done again'}: {past.verb}." if drafts else ""
        )
        if kept:
            self.message += f" {kept} of its changes stay: they were changed elsewhere since."

    def _show(self, act: Act) -> PastAct:
        """Apply an act to the sheet and note what to paint again."""
        past = self.sheet.apply(act)
        for change in past.changes:
            for body in (change.before, change.after):
                if body and "start" in body:
                    self.caret.touch((body["start"], body["end"]))
        if isinstance(self.layer, StanceLayer):
            self.stances.refresh()
        return past

    def _go_to_change(self, past: PastAct) -> None:
        """Put the caret where an undone or redone change is."""
        for change in past.changes:
            body = change.before or change.after
            if body and "start" in body:
                self.caret.move_to(body["start"])
                return

    # --- flags, notes, status ----------------------------------------------------------------------

    def note_here(self, flag: bool = False) -> Note | None:
        """The note (or flag) on the selection, or without one on the article."""
        place = self._note_place()
        notes = self.sheet.notes.values()
        return next((n for n in notes if (n.start, n.end) == place and n.flag == flag), None)

    def flag(self) -> None:
        """Flag the selection or the article, or take the flag away."""
        old = self.note_here(flag=True)
        if old is not None:
            self.act("unflag", (self.sheet.draft_removal(old),), "Flag taken away.")
            return
        start, end = self._note_place()
        new = Note(new_id(), flag=True, start=start, end=end)
        self.act("flag", (self.sheet.draft_note(new),), "Flagged.")

    def write_note(self, words: str) -> None:
        """Set, change or (with no words) remove the note on the selection or the article."""
        old = self.note_here()
        start, end = self._note_place()
        if old is not None and not words:
            self.act("remove note", (self.sheet.draft_removal(old),), "Note removed.")
        elif words and (old is None or old.note != words):
            new = replace(old, note=words) if old else Note(new_id(), words, start=start, end=end)
            self.act("note", (self.sheet.draft_note(new),), "Note kept.")

    def _note_place(self) -> tuple[int | None, int | None]:
        return self.caret.selection.range if self.caret.selection else (None, None)

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
            self._set_status("done", State.DONE, extra=drafts)

    def skip(self, reason: str) -> None:
        """Leave the article out, with a reason."""
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
        self.message = ""
        if not 1 <= number <= len(self.scheme.layers):
            self.message = f"This scheme has layers 1 to {len(self.scheme.layers)}."
            return
        self.layer = self.scheme.layers[number - 1]
        self.caret.change_unit(self._unit)
        if isinstance(self.layer, StanceLayer):
            self.stances.refresh()

    def next_layer(self) -> None:
        """The next layer, after the last the first."""
        place = self.scheme.layers.index(self.layer)
        self.choose_layer((place + 1) % len(self.scheme.layers) + 1)
