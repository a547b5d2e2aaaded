"""Commands of the stance layer: rows, values, holders, evidence."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from annotator.desk.grid import Column
from annotator.desk.stances import Choice
from annotator.model.annotation import AUTHOR, Party
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import StanceLayer
from annotator.text.visible import plain_line

if TYPE_CHECKING:
    from annotator.desk.stances import StanceHand
    from annotator.plain.session import Session


def _hand(session: "Session") -> "StanceHand":
    """The grid; raises AnnotatorError in another layer."""
    layers = session.desk.scheme.layers
    if not isinstance(session.desk.layer, StanceLayer):
        number = next((n for n, x in enumerate(layers, 1) if isinstance(x, StanceLayer)), 0)
        first = f"say layer {number} first." if number else "this scheme has none."
        raise AnnotatorError(f"That belongs to the stance layer: {first}")
    return session.desk.stances


def row(session: "Session", rest: str) -> bool:
    """To a row by its number or its target's name."""
    hand = _hand(session)
    names = [r.target.name.casefold() == rest.casefold() for r in hand.rows]
    number = int(rest) if rest.isdecimal() and len(rest) < 6 else (*names, True).index(True) + 1
    if not 1 <= number <= len(names):
        raise AnnotatorError(f"There is no row “{rest}”: list tells the {len(names)} there are.")
    session.desk.caret.drop()
    for _ in range(abs(number - 1 - hand.row)):
        (hand.down if number - 1 > hand.row else hand.up)()
    return True


def value(session: "Session", rest: str) -> bool:
    """Give the row a value."""
    from annotator.plain.commands import label

    _hand(session)
    if not rest:
        raise AnnotatorError("Say which value: stance VALUE; labels tells them.")
    return label(session, rest)


def target(session: "Session", rest: str) -> bool:
    """Open a row for another target."""
    hand = _hand(session)
    if not rest:
        raise AnnotatorError("Say what the position is about: target WORDS.")
    hand.open_row(Party("proposition", rest), AUTHOR)
    return True


def add_holder(session: "Session", rest: str) -> bool:
    """Open a row for another holder of a position toward this target."""
    hand = _hand(session)
    chosen = _chosen(session, hand.holders_for_new_row(), rest, "add holder")
    if chosen is None or hand.current is None:
        return False
    assert isinstance(chosen, Party)
    hand.open_row(hand.current.target, chosen)
    return True


def evidence(session: "Session", _rest: str) -> bool:
    """Attach the sentence or the selection to the row, or detach it."""
    _hand(session).attach()
    return True


def column(which: Column, name: str, session: "Session", rest: str) -> bool:
    """Choose what a column of the row says; without words, say what there is to choose."""
    hand = _hand(session)
    hand.column = which
    try:
        chosen = _chosen(session, hand.choices(), rest, name)
        if chosen is None:
            return False
        hand.choose(chosen)
    finally:
        hand.column = Column.VALUE
    return True


def _chosen(session: "Session", choices: list[Choice], rest: str, name: str) -> object:
    """The choice meant by a number or a beginning; without words they are told, and it is None."""
    if not choices:
        raise AnnotatorError("There is nothing to choose here.")
    titles = [plain_line(choice.title, 70) for choice in choices]
    if not rest:
        for number, title in enumerate(titles, 1):
            session.say(f"{number}  {title}")
        session.say(f"Choose with: {name} NUMBER.")
        return None
    if rest.isdecimal() and 1 <= int(rest) <= len(choices):
        return choices[int(rest) - 1].value
    wanted = rest.casefold()
    found = [c for c, t in zip(choices, titles, strict=True) if wanted in t.casefold()]
    if len(found) != 1:
        raise AnnotatorError(f"“{rest}” fits {len(found)} choices; {name} alone tells them.")
    return found[0].value


COMMANDS: dict[str, Callable[["Session", str], bool]] = {
    "row": row,
    "stance": value,
    "target": target,
    "add holder": add_holder,
    "evidence": evidence,
    "holder": partial(column, Column.HOLDER, "holder"),
    "basis": partial(column, Column.BASIS, "basis"),
    "sure": partial(column, Column.CONFIDENCE, "sure"),
    "detach": partial(column, Column.EVIDENCE, "detach"),
}
