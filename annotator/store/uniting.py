"""A project's part about copies of one project that become one again."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.store.address import Place
from annotator.store.part import Part

if TYPE_CHECKING:
    from annotator.store.bundle import Sent
    from annotator.store.conflicts import Conflict
    from annotator.store.handing import What
    from annotator.store.merging import Merged

Said = Callable[[str, int, int], object]
"""Told what is being done, how much of it is done now and how much there is (0: not known)."""


def _unheard(_what: str, _done: int, _total: int) -> None:
    """Where nobody wants to know."""


class Uniting(Part):
    """The part of `Project` about copies of one project that become one again."""

    def merge(self, other: Place | str, dry_run: bool = False, said: Said = _unheard) -> "Merged":
        """Take in what another copy of this project has and this one lacks; what that was.

        The result is the union: the same in whatever order copies are merged, however often. The
        other copy is read and left as it is. An interrupted merge is taken up by the next one.

        Into a copy that was handed out comes of a whole one what is for its annotator: articles,
        the scheme, what was taken back.

        Args:
            other: the other copy's file, or its address on a server.
            dry_run: only look and say what would be taken in.
            said: told of progress.

        Raises:
            AnnotatorError: no copy of this project, or a damaged one, or an article has two texts;
                nothing was written then.
        """
        from annotator.store import merging

        return merging.merge(self, other, dry_run, said)

    def check_out(self, target: Path | str, name: str, said: Said = _unheard) -> "Merged":
        """Make a copy for one annotator to work in without a connection; what is in it.

        It is what `send` makes for them (`What.to`) and `receive` a project of. Their work comes back
        by `merge`; what is new for them is taken in by a `merge` the other way round.

        Args:
            target: the file to be made.
            name: the annotator.
            said: told of progress.

        Raises:
            AnnotatorError: there are no articles for them, the file exists or cannot be written, or
                this is itself a copy that was handed out; nothing was made then.
        """
        from annotator.store import checking_out

        return checking_out.check_out(self, Path(target), name, said)

    def may_bring_in(self) -> bool:
        """Whether whoever is logged in may bring in articles and work of others; in a file everybody may."""
        from annotator.store.merging_refused import may_bring_in

        return may_bring_in(self._reader)

    # --- what was done twice

    def conflicts(self, article: str = "", actor: str = "") -> "list[Conflict]":
        """What was changed in two copies apart and nobody has settled yet, by article and annotator.

        Of one article or one annotator when they are named.
        """
        from annotator.store import conflicts

        return conflicts.listed(self._reader, article, actor)

    def conflict_count(self, article: str = "", actor: str = "") -> int:
        """How many things are in conflict: of everything, of an article, or of somebody's work on it."""
        if not article:
            sql = "SELECT count(*) FROM (SELECT DISTINCT article, actor, key FROM conflict) c"
            return int(self._reader.value(sql))
        sql = "SELECT count(DISTINCT key) FROM conflict WHERE article = ?"
        if not actor:
            return int(self._reader.value(sql, (article,)))
        return int(self._reader.value(f"{sql} AND actor = ?", (article, actor)))

    def keep(self, conflict: str, other: bool = False) -> "Conflict":
        """Settle a conflict: what holds now stays, or the `other` version takes its place.

        Args:
            conflict: its name (`Conflict.name`), or how that begins.
            other: keep the version that does not hold now.

        Raises:
            AnnotatorError: there is no such conflict, or several begin so.
        """
        from annotator.store import conflicts

        return conflicts.settle(self, conflict, other)

    # --- by mail

    def send(self, target: Path | str, what: "What | None" = None, said: Said = _unheard) -> "Sent":
        """Write what somebody lacks of this project as one checked file; what is in it.

        Raises:
            AnnotatorError: the file exists or cannot be written, or there is nothing such to send.
        """
        from annotator.store import sending

        return sending.send(self, Path(target), what, said)

    def receive(self, bundle: Path | str, dry_run: bool = False, said: Said = _unheard) -> "Merged":
        """Take in a file that `send` made, as `merge` does a copy; `receiving.create` makes a project.

        Raises:
            AnnotatorError: the file is damaged, of another project, goes on behind what is here, or is
                a handout and this a whole copy; nothing was written then.
        """
        from annotator.store import receiving

        return receiving.receive(self, Path(bundle), dry_run, said)
