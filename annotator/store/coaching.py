"""A project's part about suggesters: what they learn from, what they learnt, what they suggest.

Lessons and guesses are caches of one annotator's: whoever annotates an article must not be led by what
others found in it, so each has suggesters of their own. They can be dropped at any time.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from annotator.model.person import Role
from annotator.store.part import Part

if TYPE_CHECKING:
    from annotator.model.annotation import Rejection, Span
    from annotator.model.article import Article
    from annotator.model.assistance import Assistance
    from annotator.model.shown import Shown
    from annotator.model.suggestion import Suggestion
    from annotator.store.staffing import Staffing


class Lesson(NamedTuple):
    """What a suggester learnt of an annotator's finished articles."""

    layer: str
    source: str
    """The suggester's name."""
    version: str
    learnt: Mapping[int, str]
    """The articles it learnt from, by number, each with the newest event it knew of them."""
    saved: bytes
    """What `Suggester.save` gave."""


class FinishedLayer(NamedTuple):
    """An article in which the annotator has finished a layer."""

    n: int
    stamp: str
    """The newest event of the annotator's work on it: another one means that it changed."""
    article: "Article"
    spans: "tuple[Span, ...]"
    """The layer's, in reading order."""
    rejected: "tuple[Rejection, ...]"


class Guessed(NamedTuple):
    """What is kept of a suggester's guesses in an article."""

    n: int
    layer: str
    source: str
    version: str
    doubt: float


class Coaching(Part):
    """The part of `Project` about suggesters. Everything is for the annotator who opened it."""

    # --- what there is to learn

    def finished_stamps(self, layer: str) -> dict[int, str]:
        """The articles in which this annotator finished a layer, by number, oldest stamp first.

        A layer is finished when it was looked at or the article is done. Skipped ones, withdrawn ones
        and those of the test split are not among them: nothing is learnt from what measures.
        """
        from annotator.store import lessons

        return lessons.stamps(self._reader, self.actor, layer)

    def finished_layers(self, layer: str, numbers: Iterable[int]) -> Iterator[FinishedLayer]:
        """Those articles in the order of the numbers given, read a few at a time.

        Only this annotator's own spans and rejections; numbers that `finished_stamps` does not give
        are passed over.
        """
        from annotator.store import lessons

        return lessons.finished(self._reader, self.actor, layer, numbers)

    # --- what was learnt

    def lesson(self, layer: str, source: str) -> Lesson | None:
        """What a suggester learnt, None when nothing is kept."""
        from annotator.store import lessons

        return lessons.one(self._reader, self.actor, layer, source)

    def lessons(self) -> list[Lesson]:
        """What all suggesters learnt, without the bytes (`saved` is empty), by layer and source."""
        from annotator.store import lessons

        return lessons.listed(self._reader, self.actor)

    def keep_lesson(self, lesson: Lesson) -> None:
        """Keep what a suggester learnt in place of what it had learnt; durable on return.

        What learnt from an article that was withdrawn meanwhile is not kept.
        """
        from annotator.store import lessons

        self._write(lambda conn: lessons.keep(conn, self.actor, lesson))

    def drop_lessons(self, layer: str = "", source: str = "") -> tuple[int, int]:
        """Forget what suggesters learnt and guessed, of a layer or source or all ("").

        How many lessons and how many articles' guesses are gone.
        """
        from annotator.store import lessons

        return self._write(lambda conn: lessons.drop(conn, self.actor, layer, source))

    def withdrawn(self) -> int:
        """How many articles were withdrawn: with each of them goes whatever was learnt."""
        from annotator.store import lessons

        return lessons.withdrawn(self._reader)

    # --- what is suggested

    def keep_guesses(
        self, article: str, layer: str, source: str, version: str, doubt: float,
        found: "Sequence[Suggestion]",
    ) -> None:  # fmt: skip
        """Keep what a suggester finds in an article in place of its former guesses there.

        Nothing found is kept too. Of an article that was withdrawn meanwhile nothing is.

        Raises:
            AnnotatorError: no such article, or guesses that do not lie in it or are no JSON.
        """
        from annotator.store import guesses

        kept = guesses.keeping(self.actor, article, found, layer, source, version, doubt)
        self._write(kept)

    def guessed(self, articles: Iterable[str]) -> dict[str, list[Guessed]]:
        """What is kept of guesses in articles, by id; those without any are left out."""
        from annotator.store import guesses

        return guesses.kept(self._reader, self.actor, articles)

    def why_silent(self, article: str) -> str:
        """Why nothing is suggested in an article: one sentence for the annotator, "" where it is.

        It is held out for testing, of the blind sample, or the annotator gets no suggestions. In a
        later pass and in training nothing learnt is suggested; what files suggest is there.
        """
        from annotator.store import suggestions

        return suggestions.why_silent(cast("Staffing", self), article)

    def assistance(self) -> "Assistance":
        """How far the project helps with suggestions."""
        from annotator.store import assistance

        return assistance.current(self._reader)

    def set_assistance(self, wanted: "Assistance") -> bool:
        """Change that; whether it was another. Raises AnnotatorError unless a lead's (`may`)."""
        from annotator.store import assistance

        cast("Staffing", self).require(Role.LEAD, "change how much is suggested")
        return assistance.change(self, wanted)

    # --- what was shown

    def shown(self, article: str, actor: str | None = None) -> "list[Shown]":
        """What was shown to this annotator (or to a pass: `iva #2`) in an article, by source and layer."""
        from annotator.store import showing

        return showing.shown(self._reader, article, self.actor if actor is None else actor)

    def all_shown(self) -> "Iterator[tuple[str, str, Shown]]":
        """Article, annotator and what was shown, of everybody, sorted by article."""
        from annotator.store import showing

        return showing.every(self._reader)
