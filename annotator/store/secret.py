"""Passwords of servers that somebody typed: in this process's memory, and nowhere else.

Who has a password file or PGPASSWORD never comes here: PostgreSQL's own library finds those.
"""

import os

from annotator.store.address import Address, Place

VARIABLE = "PGPASSWORD"
"""Where a process looks for the password it was given by the one that started it."""
_KEPT: dict[str, str] = {}


def keep(place: Place, password: str) -> None:
    """Keep the password of a project's server as long as this process lives."""
    if isinstance(place, Address) and password:
        _KEPT[place.url] = password


def kept(place: Place) -> str:
    """The password that was typed for a project; "" when none was."""
    return _KEPT.get(place.url, "") if isinstance(place, Address) else ""


def added(place: Place) -> dict[str, str]:
    """What the environment of a process of ours has besides, so that it can open the project too.

    Other users cannot see it, unlike a list of arguments.
    """
    password = kept(place)
    return {VARIABLE: password} if password else {}


def environment(place: Place) -> dict[str, str] | None:
    """The whole environment of such a process; None: as it is."""
    more = added(place)
    return {**os.environ, **more} if more else None
