"""Commands that go somewhere, and those that finish or leave an article."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from annotator.desk.search import Search
from annotator.desk.selection import Range, Selection
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import SpanLayer, Unit
from annotator.plain.reading import annotations, number_in

if TYPE_CHECKING:
    from annotator.plain.session import Session


def layer(session: "Session", rest: str) -> bool:
    """To a layer by number or name; without either, the next one."""
    desk = session.desk
    if not rest:
        desk.next_layer()
        return True
    names = [rest.casefold() in (x.name.casefold(), x.title.casefold()) for x in desk.scheme.layers]
    number = int(rest) if rest.isdecimal() and len(rest) < 4 else (*names, True).index(True) + 1
    if not 1 <= number <= len(names):
        known = ", ".join(f"{n} {x.title}" for n, x in enumerate(desk.scheme.layers, 1))
        raise AnnotatorError(f"There is no layer “{rest}”; there are: {known}.")
    desk.choose_layer(number)
    return True


def block(session: "Session", rest: str) -> bool:
    """To a block by its number; `block 4-9` selects several, and a label may follow."""
    caret, blocks = session.desk.caret, session.places.blocks
    numbers, _, name = rest.partition(" ")
    first, dash, last = numbers.partition("-")
    start = number_in(first, blocks, "block")
    caret.move_to(start[0])
    if dash:
        end = number_in(last, blocks, "block")
        caret.hold(Selection.of(caret.text, (start[0], max(end[1], start[1])), Unit.BLOCK))
    return _then_label(session, name)


def sentence(session: "Session", rest: str) -> bool:
    """To a sentence of the block by its number."""
    caret, places = session.desk.caret, session.places
    found = number_in(rest, places.sentences(places.block(caret.target[0])[1]), "sentence")
    caret.move_to(found[0])
    return True


def go(session: "Session", rest: str) -> bool:
    """To an annotation by its number in the list."""
    found: list[Range] = [(span.start, span.end) for span in annotations(session)]
    if not isinstance(session.desk.layer, SpanLayer):
        raise AnnotatorError("In the stance layer, row N goes to a row.")
    session.desk.caret.move_to(number_in(rest, found, "annotation")[0])
    return True


def find(session: "Session", rest: str) -> bool:
    """To the next place of some words, which are selected; without words the last ones again."""
    wanted = rest or session.searched
    if not wanted:
        raise AnnotatorError("Say what to look for: find WORDS.")
    session.searched = wanted
    caret = session.desk.caret
    search = Search(caret.text, wanted)
    match = search.after(caret.target[1] if caret.selection else caret.target[0])
    if match is None:
        raise AnnotatorError(search.error or f"“{wanted}” is not in this article.")
    if caret.selection and match[0] < caret.target[1]:
        session.desk.say("From the start again.")
    caret.hold_match(match)
    return True


def note(session: "Session", rest: str) -> bool:
    """Write a note on the selection or the article; without words, remove it."""
    session.desk.notes.write(rest)
    return True


def enter(session: "Session", _rest: str) -> bool:
    """Apply the edges held or label what is suggested; in stance attach the evidence selected."""
    desk = session.desk
    if isinstance(desk.layer, SpanLayer):
        if not desk.enter():
            if desk.proposals.here is not None:
                raise AnnotatorError("What is suggested has no label yet: say which it is.")
            raise AnnotatorError(
                "No annotation is held and none suggested; give a label by its letter or name."
            )
    else:
        desk.stances.attach()
    return True


def done(session: "Session", _rest: str) -> bool:
    """The article is finished; the next one opens."""
    session.desk.finish()
    _next(session)
    return True


def skip(session: "Session", rest: str) -> bool:
    """Leave the article out, with a reason; the next one opens."""
    session.desk.skip(rest)
    _next(session)
    return True


def _next(session: "Session") -> None:
    here = session.desk.sheet
    found = session.way.next_to_do(here.article.id)
    if found is None or found == here.article.id:
        session.desk.say("No other article is left to do; quit leaves.")
        return
    session.say(f"The article is {here.status.state}.")
    session.settle()
    session.move(found)


def neighbour(step: int, session: "Session", _rest: str) -> bool:
    """The article before or after, whatever its status."""
    found = session.way.neighbour(step, session.desk.sheet.article.id)
    if found is None:
        raise AnnotatorError("There is no other article that way.")
    session.move(found)
    return True


def article(session: "Session", rest: str) -> bool:
    """Open an article by its id; without one, say which this is."""
    if rest:
        session.move(rest)
    else:
        session.heading()
    return False


def saved(session: "Session", _rest: str) -> bool:
    """Send again what could not be saved."""
    if session.unsaved:
        session.way.retry().result()
        session.unsaved = False
    session.say("Everything is saved.")
    return False


def leave(session: "Session", _rest: str) -> bool:
    """Leave."""
    session.leaving = True
    return False


def _then_label(session: "Session", name: str) -> bool:
    from annotator.plain.commands import label

    return label(session, name) if name else True


COMMANDS: dict[str, Callable[["Session", str], bool]] = {
    "layer": layer,
    "block": block,
    "sentence": sentence,
    "go": go,
    "find": find,
    "search": find,
    "note": note,
    "enter": enter,
    "apply": enter,
    "done": done,
    "skip": skip,
    "next": partial(neighbour, 1),
    "previous": partial(neighbour, -1),
    "next_article": partial(neighbour, 1),
    "previous_article": partial(neighbour, -1),
    "next article": partial(neighbour, 1),
    "previous article": partial(neighbour, -1),
    "article": article,
    "saved": saved,
    "quit": leave,
    "exit": leave,
}
