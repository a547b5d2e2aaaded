"""Undo that never forgets: this sitting's acts in memory, older ones read back from the log.

Undo and redo are acts themselves (the log only grows), so what can be undone is found by walking
the log backwards: the newest undo or redo of an act says whether it stands.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from annotator.model.event import PastAct

UNDO, REDO = "undo", "redo"
NOT_OURS = ("import", "scheme", "settle", "shown", "suggest", "time")
"""Verbs of acts that were not made at the desk and are not taken back there."""


class History:
    """The acts of one annotator that undo and redo reach, newest first."""

    def __init__(self, older: Callable[[], Iterator[PastAct]]) -> None:
        """`older` gives the log's acts from before this sitting, newest first, lazily."""
        self._make_older = older
        self._older: Iterator[PastAct] | None = None
        self._session: set[str] = set()
        self._undo: list[PastAct] = []
        self._redo: list[PastAct] = []
        self._earlier: deque[PastAct] = deque()
        self._undone: dict[str, PastAct | None] = {}
        self._standing: set[str] = set()
        self._redo_earlier: deque[str] = deque()
        self._saw_act = False

    def push(self, act: PastAct) -> None:
        """A new act was made: nothing can be redone any more."""
        self._session.add(act.id)
        self._undo.append(act)
        self._redo.clear()
        self._redo_earlier.clear()
        self._saw_act = True

    def undo(self) -> PastAct | None:
        """The act to take back now, None when there is none."""
        if not self._undo:
            self._walk(lambda: bool(self._earlier))
            if self._earlier:
                self._undo.append(self._earlier.popleft())
        if not self._undo:
            return None
        self._redo.append(self._undo.pop())
        return self._redo[-1]

    def redo(self) -> PastAct | None:
        """The act to do again now, None when there is none."""
        if not self._redo:
            self._walk(lambda: self._saw_act)
            if self._redo_earlier:
                name = self._redo_earlier.popleft()
                self._walk(lambda: self._undone.get(name) is not None)
                found = self._undone.get(name)
                if found is not None:
                    self._redo.append(found)
        if not self._redo:
            return None
        self._undo.append(self._redo.pop())
        return self._undo[-1]

    def note(self, act_id: str) -> None:
        """An undo or redo act of this sitting was made; the walk must not read it again."""
        self._session.add(act_id)

    def _walk(self, enough: Callable[[], bool]) -> None:
        """Read older acts until `enough` or the log's start."""
        if self._older is None:
            self._older = self._make_older()
        while not enough():
            act = next(self._older, None)
            if act is None:
                self._saw_act = True
                return
            if act.id not in self._session and act.verb not in NOT_OURS:
                self._classify(act)

    def _classify(self, act: PastAct) -> None:
        if act.verb == UNDO:
            if act.of not in self._standing and act.of not in self._undone:
                self._undone[act.of] = None
                if not self._saw_act:
                    self._redo_earlier.append(act.of)
        elif act.verb == REDO:
            if act.of not in self._undone:
                self._standing.add(act.of)
        else:
            self._saw_act = True
            if act.id in self._undone:
                self._undone[act.id] = act
            else:
                self._earlier.append(act)


def difference(before: list[tuple[int, int]], after: list[tuple[int, int]]) -> int:
    """Where two stretches begin to differ: at their starts, else where the shorter one ends."""
    (start, end), (new_start, new_end) = before[0], after[0]
    if (start, end) == (new_start, new_end) or start != new_start:
        return min(start, new_start)
    return min(end, new_end)


def stretches(body: Mapping[str, Any] | None) -> list[tuple[int, int]]:
    """The stretches of text a body speaks of: its own, or its evidence."""
    if not body:
        return []
    places = [body, *body.get("evidence", ())]
    return [(place["start"], place["end"]) for place in places if "start" in place]
