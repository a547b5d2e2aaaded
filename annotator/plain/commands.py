"""The words of the plain mode: every action by its name, and what only this mode needs."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from annotator.desk.actions import Action
from annotator.desk.keyboard import Answer
from annotator.desk.keynames import key_name
from annotator.desk.selection import Range, Selection
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Label, Unit
from annotator.plain import naming, reading, rows, travel
from annotator.plain.reading import number_in

if TYPE_CHECKING:
    from annotator.plain.session import Session

_PLACE = re.compile(r"(\d+)(?:\s*-\s*(\d+))?(?:\s+(.+))?")
TIMES = 1000
"""An action is repeated at most so many times by one line."""

Do = Callable[["Session", str], bool]
"""Carries a command out with the words after it; whether to say where one is now."""


class Commands:
    """Understands one line after another."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._desk = session.desk

    def run(self, line: str) -> bool:
        """Carry a line out; whether to say where one is now.

        Raises:
            AnnotatorError: it is not understood or cannot be done.
        """
        line = " ".join(line.split())
        if not line:
            return True
        if len(line) == 1 and (not line.isdigit() or line == "0"):
            return self._key(line)
        place = _PLACE.fullmatch(line)
        if place:
            return self._place(place)
        for name, rest in _beginnings(line):
            if name in COMMANDS:
                return COMMANDS[name](self._session, rest)
            action = self._action(name)
            if action is not None:
                return self._act(action, rest)
        return self._label_or_not(line)

    def _key(self, character: str) -> bool:
        """A letter is a label, a sign the key of an action."""
        keyboard = self._session.keyboard
        action = next((a for a in keyboard.actions if character in map(key_name, a.keys)), None)
        if action is not None:
            return self._act(action, "")
        self._desk.timer.key(-1)  # the keyboard counts it, and so did the line
        answer = keyboard.press(self._desk, character, character)
        if answer is Answer.CALIBRATE:
            raise AnnotatorError(
                f"{character} is on no known key: set layout in the configuration, or say label NAME."
            )
        if answer is Answer.NOTHING:
            raise AnnotatorError(f"{character} means nothing here; help lists the commands.")
        return True

    def _place(self, place: re.Match[str]) -> bool:
        """`12` goes to a word of the block, `12-14` selects words, `12-14 p` labels them too."""
        caret = self._desk.caret
        words = self._session.places.words(self._session.places.block(caret.target[0])[1])
        first = number_in(place[1], words, "word")
        stretch = (first[0], number_in(place[2] or place[1], words, "word")[1])
        self._take(stretch, alone=place[2] is None)
        return self._label(place[3]) if place[3] else True

    def _take(self, stretch: Range, alone: bool) -> None:
        """Put the caret on a word, or hold several (or one that is less than the layer's unit)."""
        caret = self._desk.caret
        caret.move_to(stretch[0])
        if not alone or caret.unit not in (Unit.WORD, Unit.GRAPHEME):
            caret.hold(Selection.of(caret.text, stretch, Unit.WORD))

    def _action(self, name: str) -> Action | None:
        wanted = name.replace(" ", "_")
        return next(
            (a for a in self._session.keyboard.actions if wanted == a.name or name == a.title), None
        )

    def _act(self, action: Action, rest: str) -> bool:
        """An action of the desk, as many times as said; one of the screen by its plain equal."""
        if action.name in COMMANDS:
            return COMMANDS[action.name](self._session, rest)
        if action.screen:
            raise AnnotatorError(f"{action.title} needs the screen; help lists what works here.")
        if rest and not rest.isdigit():
            raise AnnotatorError(f"After {action.title} only a number can stand, not “{rest}”.")
        for _ in range(min(int(rest or 1), TIMES)):
            self._desk.run(action.name)
        if self._desk.hints.active:
            self._desk.hints.close()
            raise AnnotatorError(
                "Hints need the screen; here words and blocks are numbered instead."
            )
        return True

    def _label_or_not(self, line: str) -> bool:
        if find_label(self._desk.layer.labels, line) is None:
            raise AnnotatorError(f"“{line}” is no command and no label; help lists the commands.")
        return self._label(line)

    def _label(self, name: str) -> bool:
        return label(self._session, name)


def _beginnings(line: str) -> list[tuple[str, str]]:
    """The line's first words and the rest, the longest name first; names in any case."""
    words = line.split(" ")
    return [
        (" ".join(words[:n]).casefold(), " ".join(words[n:]))
        for n in range(min(len(words), 4), 0, -1)
    ]


def find_label(labels: tuple[Label, ...], wanted: str) -> Label | None:
    """The label of this letter, name or title, in any case."""
    name = wanted.casefold()
    for each in labels:
        if not each.retired and name in (each.key, each.name.casefold(), each.title.casefold()):
            return each
    return None


def label(session: "Session", name: str) -> bool:
    """Give a label by its letter, name or title."""
    found = find_label(session.desk.layer.labels, name)
    if found is not None:
        session.desk.give(found.name)
        return True
    if len(name) == 1 and name.isalpha():
        return Commands(session).run(name)  # a native letter, as the keyboard knows it
    letters = ", ".join(f"{x.key} {x.name}" for x in session.desk.layer.labels if x.key)
    raise AnnotatorError(f"{session.desk.layer.title} has no label “{name}”; it has: {letters}.")


COMMANDS: dict[str, Do] = {
    "label": label,
    **reading.COMMANDS,
    **travel.COMMANDS,
    **rows.COMMANDS,
    **naming.COMMANDS,
}
"""What this mode has of its own, and how it carries out the screen's actions."""
