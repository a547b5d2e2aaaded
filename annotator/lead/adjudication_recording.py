"""How an adjudicator's decisions get into the log, and out of force again."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future

from annotator.lead.adjudication_bulk import Turned, turn
from annotator.lead.adjudication_table import Table, signed
from annotator.lead.adjudication_walk import Walking
from annotator.lead.taking_back import REDO, UNDO
from annotator.model.annotation import Kind
from annotator.model.decision import VERB, Decided, Decision
from annotator.model.errors import AnnotatorError
from annotator.model.event import Act, Change, Draft, Event, PastAct
from annotator.store import adjudicated

UNKNOWN = "~"
"""How the stand-ins for ids of events begin that the log has not given yet."""
PORTION = 20
"""Articles turned between two looks at the keyboard."""
Saving = Future[tuple[Event, ...]]


class Recording(Walking):
    """The side of the desk that saves and takes back."""

    def _save(self, decisions: Sequence[Decision]) -> None:
        """Send decisions on the table's items as one act, and show them."""
        table = self.table
        if not decisions or table is None:
            return
        text, article = table.article.text, table.article.id
        decisions = [self._signed(table, each) for each in decisions]
        bodies = {each.key: self._known(each).body(text) for each in decisions}
        changes = tuple(
            Change(Kind.DECISION, key, article, self._body(table.beneath.get(key), text), body)
            for key, body in bodies.items()
        )
        act = self._act(VERB, changes)
        event, actor = self._placeholder(), self.project.actor
        made = {each.key: Decided(each, event + each.key, actor) for each in decisions}
        self._submit(act, {(article, key): decided for key, decided in made.items()})
        self._past.push(PastAct(act.id, act.verb, "", changes))
        table.put(dict(made))
        self._grow()

    def _signed(self, table: Table, decision: Decision) -> Decision:
        """A decision with what has to be known of who made it, and whose dispute it settles."""
        return signed(
            decision,
            table.beneath.get(decision.key),
            own=table.article.id in self.waiting.mine,
            second=bool(self.options.second),
        )

    def _body(self, decided: Decided | None, text: str) -> Mapping[str, object] | None:
        """What undo brings back: one's own former decision; without it another's holds by itself."""
        known = () if decided is None else decided.disputed or (decided,)
        own = next((each for each in known if each.actor == self.project.actor), None)
        return None if own is None else own.decision.body(text)

    def _act(self, verb: str, changes: Sequence[Change], of: str = "") -> Act:
        """An act that brings things to the state after the changes."""
        drafts = tuple(
            Draft(c.kind, c.key, c.article, c.after, self._base(c.article, c.key)) for c in changes
        )
        return Act(verb, drafts, of)

    def _base(self, article: str, key: str) -> str:
        """The id of the decision on screen, "" when it is one of this sitting (the log knows it)."""
        if self.table is None or self.table.article.id != article:
            return ""
        found = self.table.beneath.get(key)
        return found.event if found and not found.event.startswith(UNKNOWN) else ""

    def _submit(self, act: Act, state: Mapping[tuple[str, str], Decided | None]) -> None:
        self.saving = self.project.submit(act)
        for place, decided in state.items():
            self._unsaved[place] = (decided, self.saving)

    def _known(self, decision: Decision) -> Decision:
        """A decision with the log's ids of what it supersedes, some of which may be on their way."""
        if not any(event.startswith(UNKNOWN) for event in decision.supersedes):
            return decision
        ids = [self._id_of(event, decision) for event in decision.supersedes]
        return decision._replace(supersedes=tuple(sorted(ids)))

    def _id_of(self, event: str, decision: Decision) -> str:
        if not event.startswith(UNKNOWN) or self.table is None:
            return event
        for key, each in self.table.beneath.items():
            _, saving = self._unsaved.get((self.table.article.id, key), (None, None))
            if each.event == event and saving is not None:
                return next((e.id for e in saving.result() if e.key == key), "")
        raise AnnotatorError(f"What {decision.item} is to replace is not in the log.")

    def _placeholder(self) -> str:
        """Stands for an event's id until the log has given it one: after every id there is."""
        self._made += 1
        return f"{UNKNOWN}{self._made:08}"

    def undo(self) -> None:
        """Take back the last act, also of another article or an earlier day."""
        act = self._past.undo()
        if act is None:
            self.say("Nothing to undo.")
        elif act.of:
            self._turn_whole(UNDO, act)
        else:
            back = [c._replace(before=c.after, after=c.before) for c in act.changes]
            self._turn(UNDO, act, back)

    def redo(self) -> None:
        """Do again what was taken back."""
        act = self._past.redo()
        if act is None:
            self.say("Nothing to do again.")
        elif act.of:
            self._turn_whole(REDO, act)
        else:
            self._turn(REDO, act, act.changes)

    def _turn(self, verb: str, past: PastAct, changes: Sequence[Change]) -> None:
        """Bring the things of a past act to another state, where nobody else decided since."""
        article = changes[0].article
        if article not in self.waiting.places:
            self._past.refused(verb)
            self.say(f"{article} is not open to you now; nothing was changed.")
            return
        if self.table is None or self.table.article.id != article:
            self._open(self.waiting.places[article])
        table = self.table
        if table is None or self._is_decided_since(table, changes):
            self._past.refused(verb)
            self.say("Somebody else has decided this since; nothing was changed.")
            return
        act = self._act(verb, changes, past.id)
        event, actor = self._placeholder(), self.project.actor
        made = {
            c.key: Decided(Decision.of(c.key, c.after), event + c.key, actor) if c.after else None
            for c in changes
        }
        if not all(made.values()):  # what others had decided holds again
            others = self.project.decisions_without(article, actor)
            made |= {
                each.decision.key: each for each in others if made.get(each.decision.key, 1) is None
            }
        self._submit(act, {(article, key): decided for key, decided in made.items()})
        self._past.note(act.id)
        table.put(made)
        self._grow()
        self._open_at(changes[0].key)
        self.say("Undone." if verb == UNDO else "Done again.")

    def _turn_whole(self, verb: str, act: PastAct) -> None:
        """Begin to turn what was decided in many articles at once; `go_on` does it bit by bit."""
        self.leave()
        self.turning, self._turning, self._turned = (
            turn(self.project, self._past, verb, act),
            verb,
            Turned(),
        )
        self.say("One moment …")

    def go_on(self, articles: int = PORTION) -> None:
        """Go on with what undo or redo turns in many articles; in the end lay the article out anew."""
        for _ in range(articles):
            found = next(self.turning, None) if self.turning else None
            if found is None:
                self.turning = None
                self.reopen()
                break
            self._turned = found
        self.say(self._turned.said(self._turning, self.turning is None))

    def _is_decided_since(self, table: Table, changes: Sequence[Change]) -> bool:
        """Whether somebody else decided after one's own last act on what a past act is about."""
        others = [
            each
            for c in changes
            if (each := table.beneath.get(c.key)) and each.actor != self.project.actor
        ]
        if not others:
            return False
        self.leave()  # the log has to know one's own
        own = adjudicated.last_events(self.project, table.article.id)
        return any(each.event > own.get(each.decision.key, "") for each in others)

    def _open_at(self, key: str) -> None:
        """Make an item of the table the current one, whatever the filter says."""
        if self.table is None:
            return
        if key not in self.table.by_key:  # what an adjudicator had added goes with its decision
            self._go(max(min(self.place, len(self.order) - 1), 0))
            return
        if key not in self.order:
            self.order = [*self.order, key]
        self._go(self.order.index(key))

    def leave(self) -> None:
        """Wait until all is saved; raises AnnotatorError when it is not."""
        if self.saving is not None:
            self.saving.result()
