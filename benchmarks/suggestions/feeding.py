"""Brings guesses to the real desk: what a suggester says of each article from those before it."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from annotator.model.shown import Shown
from annotator.model.suggestion import Suggestion
from annotator.store.project import Project
from annotator.suggest.entities.names import Names
from annotator.suggest.protocol import Guess, Suggester
from benchmarks.suggestions.corpus import LAYER, Group, Item


class Prepared(NamedTuple):
    """An article and what was guessed in it before it was annotated."""

    item: Item
    guesses: tuple[Guess, ...]


def prepare(ordered: Iterable[Group], engine: Suggester | None = None) -> list[Prepared]:
    """Article after article: guess, learn, and fit the model anew whenever it is stale."""
    names, found = engine or Names(LAYER), list[Prepared]()
    for group in ordered:
        for item in group:
            article = item.article
            guesses = names.suggest(article.text, article.lang, article.source, article.title)
            found.append(Prepared(item, tuple(guesses)))
        for item in group:
            names.learn(item.article)
        if names.is_stale:
            names.refit([one.item.article for one in found])
    return found


def everything(guesses: Iterable[Guess]) -> tuple[Guess, ...]:
    """The guesses, all that have a label taken for sure, as if a lump took whatever is shown."""
    return tuple(guess._replace(sure=bool(guess.label)) for guess in guesses)


class Fed:
    """The log of a desk: a project that also suggests what it is fed."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._fed: dict[str, tuple[Suggestion, ...]] = {}

    def feed(self, article_id: str, layer: str, source: str, guesses: Sequence[Guess]) -> None:
        """Suggest this in an article."""
        self._fed[article_id] = tuple(g.suggestion(layer, source, "1") for g in guesses)

    def suggestions(self, article_id: str) -> tuple[Suggestion, ...]:
        """What it was fed; files suggest nothing here."""
        return self._fed.get(article_id, ())

    def why_silent(self, article_id: str) -> str:  # noqa: ARG002 - as the desk's log has it
        """Never: no article is of a blind sample, which would have nothing to measure."""
        return ""

    def shown(self, article_id: str) -> list[Shown]:  # noqa: ARG002 - as the desk's log has it
        """Nothing: each article is opened once."""
        return []

    def __getattr__(self, name: str) -> Any:
        """All else is the project's."""
        return getattr(self._project, name)
