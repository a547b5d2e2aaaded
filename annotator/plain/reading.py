"""Commands that read and list; they change nothing."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from annotator.desk.selection import Range
from annotator.model.annotation import Span, sort_spans
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import StanceLayer, Unit
from annotator.plain import speech
from annotator.text.visible import plain_line

if TYPE_CHECKING:
    from annotator.plain.session import Session

PAGE = 40
"""Lines of a list before it is cut; a number says where to go on."""


def number_in(number: str, parts: list[Range], what: str) -> Range:
    """The part of this number, from 1; raises AnnotatorError when there is none."""
    place = int(number) if number.isdecimal() and len(number) < 10 else 0
    if not 1 <= place <= len(parts):
        last = f"they go from 1 to {len(parts)}" if parts else "there is none"
        raise AnnotatorError(f"There is no {what} {number} here: {last}.")
    return parts[place - 1]


def say(session: "Session", rest: str) -> bool:
    """Read the block, the sentence, or the article from here on."""
    caret, places = session.desk.caret, session.places
    here, block = places.block(caret.target[0])
    what = rest.casefold() or "block"
    if what == "article":
        for number, (start, end) in enumerate(places.blocks[max(here - 1, 0) :], max(here, 1)):
            session.say(f"{number}  {plain_line(caret.text[start:end], speech.ANY)}")
        return False
    if what == "sentence":
        found = [s for s in places.sentences(block) if s[0] <= caret.target[0]]
        block = found[-1] if found else block
    elif what != "block":
        raise AnnotatorError("say reads: say block, say sentence or say article (from here on).")
    session.say(plain_line(caret.text[slice(*block)], speech.ANY))
    return False


def words(session: "Session", _rest: str) -> bool:
    """The numbered words of the block."""
    caret = session.desk.caret
    found = session.places.words(session.places.block(caret.target[0])[1])
    named = [f"{n} {plain_line(caret.text[s:e], 60)}" for n, (s, e) in enumerate(found, 1)]
    _lines(session, speech.in_rows(named), "There are no words in this block.")
    return False


def listing(session: "Session", rest: str) -> bool:
    """The annotations of the layer, numbered; `list 41` goes on from there."""
    desk = session.desk
    if isinstance(desk.layer, StanceLayer):
        lines = [speech.row_line(desk, n) for n in range(len(desk.stances.rows))]
    else:
        lines = [
            f"{n}  {speech.span_line(desk, session.places, span)}, "
            f"block {session.places.block(span.start)[0]}"
            for n, span in enumerate(annotations(session), 1)
        ]
    first = int(rest) if rest.isdecimal() else 1
    shown = lines[first - 1 : first - 1 + PAGE]
    _lines(session, iter(shown), f"Nothing is labelled in {desk.layer.title}.")
    if first - 1 + len(shown) < len(lines):
        session.say(f"{len(lines)} in all; list {first + len(shown)} goes on.")
    return False


def annotations(session: "Session") -> tuple[Span, ...]:
    """The annotations of the layer, in reading order."""
    desk = session.desk
    return sort_spans(s for s in desk.sheet.spans.values() if s.layer == desk.layer.name)


def blocks(session: "Session", _rest: str) -> bool:
    """The numbered blocks with their label and first words."""
    desk = session.desk
    lines = []
    for number, (start, end) in enumerate(session.places.blocks, 1):
        over = desk.sheet.over(desk.layer.name, start, end) if desk.caret.unit is Unit.BLOCK else ()
        name = f"{over[0].label}: " if over else ""
        lines.append(f"{number}  {name}{speech.surface(desk.caret.text, start, end)}")
    _lines(session, iter(lines), "This article is empty.")
    return False


def labels(session: "Session", _rest: str) -> bool:
    """The layer's labels with their letters."""
    _lines(session, speech.legend(session.desk.layer.labels), "This layer has no labels.")
    return False


def guideline(session: "Session", _rest: str) -> bool:
    """What the scheme says on the labels of the layer."""
    for label in session.desk.layer.labels:
        session.say(plain_line(f"{label.name}: {label.title}. {label.description}", speech.ANY))
    return False


def where(_session: "Session", _rest: str) -> bool:
    """Say again where one is."""
    return True


def show_help(session: "Session", _rest: str) -> bool:
    """The commands."""
    from annotator.plain.manual import HELP

    for line in HELP:
        session.say(line)
    names = sorted(a.title for a in session.keyboard.actions if not a.screen)
    session.say("Actions by name, a number after them repeats them:")
    _lines(session, speech.in_rows(names), "")
    return False


def _lines(session: "Session", lines: Iterator[str], nothing: str) -> None:
    empty = True
    for line in lines:
        session.say(line)
        empty = False
    if empty:
        session.say(nothing)


COMMANDS: dict[str, Callable[["Session", str], bool]] = {
    "say": say,
    "read": say,
    "words": words,
    "list": listing,
    "panel": listing,
    "blocks": blocks,
    "labels": labels,
    "guideline": guideline,
    "where": where,
    "help": show_help,
}
