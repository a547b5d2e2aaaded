"""Orders of the queue that have to be made first, in a thread of its own, so that typing never waits.

Meanwhile the queue can be read: what has no place yet stands behind the rest.
"""

import threading
from collections.abc import Callable
from contextlib import suppress

from annotator.model.annotation import State
from annotator.model.errors import AnnotatorError
from annotator.store.filters import Filter
from annotator.store.project import Project

MADE = ("random", "uncertain")
NEEDED = 40
"""Below so many finished articles going by uncertainty gained nothing (measured)."""
SORTING = "sorting…"
NO_GUESSES = "nothing is guessed yet: as imported"
TOO_FEW = f"gives nothing before {NEEDED} are done"

Told = Callable[[int, str], None]
"""Gets how many articles were arranged anew, and what went wrong."""


def is_made(sort: str) -> bool:
    """Whether an order has to be made before it can be followed."""
    return sort.removeprefix("-").partition(":")[0] in MADE


def after(project: Project, sort: str, names: list[str]) -> str:
    """The order that comes after one in a list of names; the random one is named with its seed."""
    name = sort.removeprefix("-").partition(":")[0]
    following = names[(names.index(name) + 1) % len(names)]
    return project.random_order if following == "random" else following


def is_early(project: Project) -> bool:
    """Whether too few articles are finished for an order by uncertainty to be of use."""
    return project.count(Filter(state=State.DONE), NEEDED) < NEEDED


def first_to_do(project: Project, where: Filter, sort: str) -> str | None:
    """The first unfinished article of a queue; None when none is left."""
    states = (where.state,) if where.state else (State.NEW, State.STARTED, State.OPEN)
    pages = (project.page(where._replace(state=state), sort, limit=1) for state in states)
    rows = [row for page in pages for row in page]
    return min(rows, key=lambda row: project.place_in(row, sort)).id if rows else None


class Arranger:
    """Makes one order; what became of it is told on the screen's thread, unless it is given up."""

    def __init__(
        self, project: Project, sort: str, post: Callable[[Callable[[], None]], object], told: Told
    ) -> None:
        """Begin at once; `post` has a function called on the screen's thread.

        Raises AnnotatorError when nothing can be written.
        """
        self._is_random = "random" in sort
        self._step = project.arranging(sort)
        self._post, self._told = post, told
        self._given_up = threading.Event()
        threading.Thread(target=self._run, name="annotator-order", daemon=True).start()

    def give_up(self) -> None:
        """Nobody is told any more; it ends at its next step."""
        self._given_up.set()

    def _run(self) -> None:
        number, trouble = 0, ""
        try:
            while not self._given_up.is_set() and (done := self._step()):
                number += done
                if not self._is_random:  # the other orders are made at one go
                    break
        except AnnotatorError as error:
            trouble = str(error)
        with suppress(RuntimeError):  # the screen was closed meanwhile
            self._post(lambda: self._tell(number, trouble))

    def _tell(self, number: int, trouble: str) -> None:
        if not self._given_up.is_set():
            self._told(number, trouble)
