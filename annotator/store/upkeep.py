"""What a connection to a server does beside running statements, each a matter of a module of its own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from annotator.store.problems import Problem
    from annotator.store.server import ServerConnection
    from annotator.store.words import Words


class Upkeep:
    """These methods of `engine.Connection`; `server.ServerConnection` has the others."""

    def run(self, sql: Any, parameters: Any = None) -> Any:
        """Run a statement in PostgreSQL's own words; raises ServerError."""
        raise NotImplementedError  # `ServerConnection` has it

    def erasing(self) -> None:
        """What is deleted stays until `scrub`."""

    def scrub(self, mark: str) -> None:
        """See `Connection`."""
        from annotator.store import care_on_server

        care_on_server.scrub(cast("ServerConnection", self), mark)

    def damage(self) -> "Iterator[Problem]":
        """What the server knows of."""
        from annotator.store import care_on_server

        return care_on_server.damage(cast("ServerConnection", self))

    def make_room(self, what: str) -> None:
        """Get ready for names too long for a B-tree."""
        self.run("SELECT make_room(%s)", (what,))

    @property
    def words(self) -> "Words":
        """The index of words."""
        from annotator.store.words_on_server import INDEX

        return INDEX
