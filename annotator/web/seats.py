"""Who sits at the project through the browser: one process for each person, so many in all."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable

from annotator.web.seat import Seat, Size

LEFT = "You left."
ELSEWHERE = "You went on in another tab or window."
CLOSED = "The tab was closed."
IDLE = "Nothing was pressed here for a long time."
STOPPED = "The server was stopped."
FORBIDDEN = "The browser sent what the terminal does not send."
FULL = "All places are taken; try again when somebody has left."
FAILED = "The program ended by itself; above is what it said."
SAVED = "Everything is saved."
WAITS = "What could not be saved waits here, and is saved when you come again."

Begin = Callable[[str, Size], Awaitable[Seat]]
"""Starts the process of a person."""


class FullError(Exception):
    """All places are taken."""


class Place:
    """A person's process, and why it ended."""

    def __init__(self, person: str, seat: Seat) -> None:
        self.person = person
        self.seat = seat
        self.why = ""
        """Why it was made to end; "" as long as it was not, or when it ended by itself."""
        self.last_key = asyncio.get_running_loop().time()

    async def end(self, why: str) -> int:
        """End the process in order; the first to ask says why."""
        self.why = self.why or why
        return await self.seat.end()

    async def end_when_idle(self, seconds: float) -> None:
        """End it when nothing is pressed for so long."""
        time = asyncio.get_running_loop().time
        while (left := self.last_key + seconds - time()) > 0:
            await asyncio.sleep(left)
        await self.end(IDLE)


class Seats:
    """All places; whoever comes a second time goes on where they are now."""

    def __init__(self, limit: int, begin: Begin) -> None:
        self._limit = limit
        self._begin = begin
        self._taken: dict[str, Place | None] = {}
        """By person; None while the process starts."""
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._closing = asyncio.Event()

    async def take(self, person: str, size: Size) -> Place:
        """A process for a person, after an earlier one of theirs has ended.

        Raises:
            FullError: all places are taken, or nobody may come in any more.
            OSError: the process cannot be started.
        """
        async with self._turns[person]:
            former = self._taken.get(person)
            if former is not None:
                await former.end(ELSEWHERE)
                self._taken.pop(person, None)
            if self._closing.is_set() or len(self._taken) >= self._limit:
                raise FullError
            self._taken[person] = None
            try:
                place = Place(person, await self._begin(person, size))
            except BaseException:
                del self._taken[person]
                raise
            self._taken[person] = place
            if self._closing.is_set():
                await place.end(STOPPED)
            return place

    def leave(self, place: Place) -> None:
        """A process has ended."""
        if self._taken.get(place.person) is place:
            del self._taken[place.person]

    async def close(self) -> None:
        """End all, and start no more."""
        self._closing.set()
        places = [place for place in self._taken.values() if place is not None]
        await asyncio.gather(*(place.end(STOPPED) for place in places))
