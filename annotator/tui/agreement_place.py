"""What the agreement screen consists of: places one is at, and the numbers in them."""

from typing import NamedTuple

from annotator.gold.agreement.report import Culprit, Figure, Metric
from annotator.lead.agreement_tracing import Asked
from annotator.tui.lines import Line, Piece, piece

CURSOR, MARK = "bold reverse", "bold bright_yellow"


class Number(NamedTuple):
    """A number that can be explained and traced to articles."""

    title: str
    """What it is a number of, for people."""
    asked: Asked
    figure: Figure | None = None
    """None where it is a plain count."""
    times: int = 0
    """Of a cell of the confusion: how often."""
    whole: int = 0
    """Of a cell: how often its row's label met any."""
    kept: tuple[Culprit, ...] = ()
    """The articles that the report names, the worst first."""
    stand_in: Metric | None = None
    """The measure whose disagreement tells its articles, where it is not its own."""


class Opened(NamedTuple):
    """An article to open, and the number one came from."""

    article: str
    asked: Asked


class Listed(NamedTuple):
    """Articles that are just listed."""

    title: str
    asked: Asked
    articles: tuple[str, ...]


Link = Number | Opened | Listed
"""What lies behind something on the screen."""


class Place:
    """Something one looks at and moves in."""

    name = ""
    """On its tab."""
    hint = ""
    """What the keys do here."""

    def lines(self, width: int, height: int) -> list[Line]:
        """What is painted, in at most so many lines."""
        raise NotImplementedError

    def go(self, motion: str) -> None:
        """Move the cursor; motions are those of `agreement_actions.MOTIONS`."""
        raise NotImplementedError

    @property
    def link(self) -> Link | None:
        """What is under the cursor."""
        return None


def moved(place: int, motion: str, count: int, page: int) -> int:
    """A row after a motion up or down, within so many rows."""
    step = {"up": -1, "down": 1, "page_up": -page, "page_down": page}
    if motion in ("first", "last"):
        place = 0 if motion == "first" else count
    return max(0, min(place + step.get(motion, 0), count - 1))


def window(here: int, top: int, count: int, room: int) -> int:
    """The first row shown so that `here` is among `room` rows, moved no more than needed."""
    top = min(max(top, here - room + 1), here)
    return max(0, min(top, count - room))


def words(text: str, style: str = "") -> Piece:
    """A piece of a line."""
    return piece(text, style)
