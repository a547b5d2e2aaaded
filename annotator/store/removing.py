"""A project's part about articles that are taken out or replaced, and about the past."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from annotator.store.part import Part

if TYPE_CHECKING:
    from annotator.model.annotation import Work
    from annotator.model.decision import Decided
    from annotator.model.release import Release
    from annotator.store.adopting import Adopted
    from annotator.store.gone import Gone
    from annotator.store.project import Project
    from annotator.store.withdrawing import Weighed


class Removing(Part):
    """The part of `Project` about articles that are taken out or replaced, and the past."""

    # --- articles that are left out

    def gone(self) -> "dict[str, Gone]":
        """The articles that were withdrawn or replaced, by id, in the order of arrival."""
        from annotator.store import gone

        return gone.listed(self._reader)

    def gone_article(self, article: str) -> "Gone | None":
        """What became of an article; None when it is there to be worked on."""
        from annotator.store import gone

        return gone.find(self._reader, article)

    # --- withdrawing

    def weigh(self, article: str) -> "Weighed":
        """What would go if an article were withdrawn."""
        from annotator.store import withdrawing

        return withdrawing.weigh(self._reader, article)

    def withdraw(self, article: str, reason: str) -> "Gone":
        """Take an article out for good, with every word of it; `scrub` is to follow.

        See `require` for who may.

        Raises:
            AnnotatorError: there is no such article, or it was withdrawn before.
        """
        from annotator.store import withdrawing

        return withdrawing.withdraw(self, article, reason)

    def scrub(self) -> bool:
        """Write the file anew without deleted words, where that is due; whether it was.

        Raises:
            AnnotatorError: it could not be done now, and stays due.
        """
        from annotator.store import withdrawing

        return withdrawing.scrub(self)

    def finish_withdrawals(self) -> bool:
        """Erase what is still there of withdrawn articles, then `scrub`; whether that did anything."""
        from annotator.store import withdrawing

        return withdrawing.finish(self)

    def copies_with(self, article: str) -> list[Path]:
        """Files known on this machine that still hold words of an article."""
        from annotator.store import withdrawing

        return withdrawing.copies(self, article)

    def withdrawn_from(self, release: "Release") -> int:
        """How many articles of a release were withdrawn since it was made."""
        from annotator.store import releases

        return releases.count_withdrawn(self._reader, release)

    # --- adopting a changed text

    def changed_texts(self) -> list[tuple[str, str]]:
        """Articles whose changed text was kept apart and is not adopted: old id and new id."""
        from annotator.store import adopting

        return adopting.waiting(self._reader)

    def adopt(self, new: str, dry_run: bool = False) -> "Adopted":
        """Put a changed text (`<id>@<8 digits>`) in its article's place; what that does.

        Raises:
            AnnotatorError: it is no changed text, or its article is withdrawn or replaced already.
        """
        from annotator.store import adopting

        return adopting.adopt(cast("Project", self), new, dry_run)

    def unadopt(self, new: str) -> "Adopted":
        """Take an adoption back: the old text is worked on again."""
        from annotator.store import adopting

        return adopting.unadopt(cast("Project", self), new)

    # --- the past

    def works_at(self, article: str, moment: str) -> "tuple[Work, ...]":
        """Everybody's decisions on an article as they stood at a moment (`replay.moment`)."""
        from annotator.store import replay

        return replay.works_at(self._reader, article, replay.moment(moment))

    def decisions_at(self, article: str, moment: str) -> "tuple[Decided, ...]":
        """The decisions on an article's items as they stood at a moment."""
        from annotator.store import replay

        return replay.decisions_at(self._reader, article, replay.moment(moment))
