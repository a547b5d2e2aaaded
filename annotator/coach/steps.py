"""The short steps that a coach takes, and how it tells how far it is."""

from collections.abc import Callable
from typing import NamedTuple

from annotator.coach.pupil import Pupil
from annotator.coach.suggesters import answered, finished, language, suggestions
from annotator.model.article import Article
from annotator.model.suggestion import Suggestion
from annotator.store.coaching import FinishedLayer

Progress = Callable[[int, int], None]
"""Told how much is done, of how much as far as is known by then."""


def nobody(done: int, of: int) -> None:
    """Tell nobody how far it is."""


class Step(NamedTuple):
    """One thing to do: let a suggester look at an article."""

    article: str
    pupil: Pupil
    kept: str
    """The state of the suggester that its guesses are from; "" where there are none."""


class Answer(NamedTuple):
    """What a suggester found in an article."""

    version: str
    """Its state when it was asked."""
    items: list[Suggestion]


def tell(pupil: Pupil, found: FinishedLayer) -> None:
    """Let a suggester learn an article; raises whatever the suggester raises."""
    pupil.suggester.learn(finished(found, pupil.layer))


def look_at(pupil: Pupil, article: Article) -> Answer | None:
    """What a suggester finds in an article; None when it gave no answer to keep.

    Touches no project, so that it may be called in a thread; raises whatever the suggester raises.
    """
    version = pupil.suggester.version
    lang = language(article.lang)
    guesses = pupil.suggester.suggest(article.text, lang, article.source, article.title)
    if not answered(pupil.suggester):
        return None
    return Answer(version, suggestions(guesses, pupil.bound, version, article.text))


class Parts:
    """Makes the progress of several parts, one after another, that of a whole."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._done = 0

    def next(self) -> Progress:
        """Takes the progress of the next part."""
        before = self._done

        def told(done: int, of: int) -> None:
            self._done = before + done
            self._progress(before + done, before + of)

        return told
