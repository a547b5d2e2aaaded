"""Undo of decisions on items: this sitting's acts in memory, older ones read back from the log.

Undo and redo are acts themselves, for the log only grows; the newest undo or redo of an act says
whether it stands. Acts that decided in many articles at once share what their `of` names: they are
given one after another by `more`.
"""

from collections.abc import Callable, Iterator

from annotator.model.decision import VERB
from annotator.model.event import PastAct

UNDO, REDO = "undo", "redo"


class TakingBack:
    """The acts of one adjudicator that undo and redo reach, newest first."""

    def __init__(
        self, older: Callable[[], Iterator[PastAct]], find: Callable[[str], PastAct | None]
    ) -> None:
        """`older` gives the log's acts of before this sitting, newest first; `find` one by its id."""
        self._make_older = older
        self._find = find
        self._older: Iterator[PastAct] | None = None
        self._own: set[str] = set()
        self._settled: dict[str, bool] = {}
        """For each act undone or redone before this sitting: whether it stands."""
        self._done: list[PastAct] = []
        self._undone: list[PastAct] = []
        self._is_redo_read = False

    def push(self, act: PastAct) -> None:
        """A new act was made: nothing can be redone any more."""
        self._own.add(act.id)
        self._done.append(act)
        self._undone.clear()
        self._is_redo_read = True

    def note(self, act: str) -> None:
        """An undo or redo of this sitting was made; it must not be read again."""
        self._own.add(act)

    def undo(self) -> PastAct | None:
        """The act to take back now, None when there is none."""
        found = self._done.pop() if self._done else self._older_standing()
        if found is not None:
            self._read_redo()
            self._undone.append(found)
        return found

    def redo(self) -> PastAct | None:
        """The act to do again now, None when there is none."""
        self._read_redo()
        if not self._undone:
            return None
        self._done.append(self._undone.pop())
        return self._done[-1]

    def more(self, verb: str, act: PastAct) -> PastAct | None:
        """The next act to take back (or do again) when it is of the same whole as one just given."""
        stack = self._done if verb == UNDO else self._undone
        if not stack and verb == UNDO and (older := self._older_standing()) is not None:
            stack.append(older)
        if not act.of or not stack or stack[-1].of != act.of:
            return None
        return self.undo() if verb == UNDO else self.redo()

    def refused(self, verb: str) -> None:
        """The act just given could not be taken back (or done again): it is passed over for good."""
        stack = self._undone if verb == UNDO else self._done
        if stack:
            stack.pop()

    def _acts(self) -> Iterator[PastAct]:
        """What is left of the log's acts, undo and redo among them taken note of."""
        if self._older is None:
            self._older = self._make_older()
        for act in self._older:
            if act.id in self._own:
                continue
            if act.verb in (UNDO, REDO):
                self._settled.setdefault(act.of, act.verb == REDO)
            elif act.verb == VERB:  # what was withdrawn or adopted is no act of this desk
                yield _slim(act)

    def _older_standing(self) -> PastAct | None:
        return next((act for act in self._acts() if self._settled.get(act.id, True)), None)

    def _read_redo(self) -> None:
        """What was undone last, before this sitting, can be done again while nothing is new."""
        if self._is_redo_read:
            return
        self._is_redo_read = True
        undone: dict[str, bool] = {}
        for act in self._make_older():
            if act.id in self._own:
                continue
            if act.verb == VERB:
                break
            if act.verb not in (UNDO, REDO):
                continue
            undone.setdefault(act.of, act.verb == UNDO)
        found = [self._find(name) for name, gone in undone.items() if gone]
        self._undone[:0] = [_slim(act) for act in reversed(found) if act is not None]


def _slim(act: PastAct) -> PastAct:
    """An act that is part of a whole, of which there may be thousands, without what it changed."""
    return act._replace(changes=()) if act.of else act
