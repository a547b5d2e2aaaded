"""Whether a key is held down: its repeats come too fast, or too evenly, to be presses.

Terminals tell presses only. What a keyboard repeats comes every 30 to 90 milliseconds; nobody presses
one key again within 60. Keys that arrive together were typed ahead (or sent by a program, or held up
by a slow line) and all count.
"""

TOGETHER = 0.008
"""Seconds within which keys arrived together."""
FASTEST = 0.06
"""Seconds between two presses of one key by hand, at least."""
SLOWEST = 0.1
"""Seconds between two repeats of a keyboard, at most."""
EVEN = 0.012
"""Seconds by which the time between a keyboard's repeats differs, at most."""


class HeldKeys:
    """Listens to the keys, and tells repeats from presses."""

    def __init__(self) -> None:
        self.fastest = FASTEST
        """0 takes every key for a press."""
        self._key = ""
        self._at = 0.0
        self._gaps: tuple[float, ...] = ()
        """The last three times between two arrivals of the same key."""

    def is_repeat(self, key: str, at: float) -> bool:
        """Whether a key that arrived at a time, in seconds, is a repeat; to be asked for every key."""
        gap = at - self._at
        self._gaps = (*self._gaps[-2:], gap) if key == self._key else ()
        self._key, self._at = key, at
        if not self._gaps or gap <= TOGETHER:
            return False
        even = len(self._gaps) == 3 and max(self._gaps) - min(self._gaps) <= EVEN
        return gap < self.fastest or (bool(self.fastest) and even and gap < SLOWEST)
