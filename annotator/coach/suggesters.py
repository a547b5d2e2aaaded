"""Which suggester serves which layer of a project, and what is asked of it around that.

Layers of blocks (boilerplate) have one that tags lines, other layers of spans one that knows names;
what a person's configuration names comes besides. Stances are never suggested.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol, runtime_checkable

from annotator.model.annotation import Rejection, Span
from annotator.model.scheme import Scheme, SpanLayer, Unit
from annotator.model.suggesters import SuggesterSettings
from annotator.model.suggestion import Suggestion
from annotator.store.coaching import FinishedLayer
from annotator.suggest.boilerplate.lessons import BoilerplateLessons
from annotator.suggest.entities.names import Names
from annotator.suggest.guarded import Guarded
from annotator.suggest.protocol import Finished, Guess, Labelled, Suggester


class Bound(NamedTuple):
    """A suggester and the layer it serves."""

    layer: SpanLayer
    suggester: Suggester
    quick: bool = True
    """Whether it is ours and answers at once; a plug-in may take its time."""

    @property
    def name(self) -> str:
        """The source of its suggestions."""
        return self.suggester.name

    @property
    def key(self) -> tuple[str, str]:
        """Layer and source: what its lessons and guesses are kept under."""
        return self.layer.name, self.suggester.name

    def renewed(self) -> "Bound":
        """The same, with nothing learnt; a plug-in stays as it is."""
        return self._replace(suggester=beginner(self.layer)) if self.quick else self


def beginner(layer: SpanLayer) -> Suggester:
    """Our suggester for a layer, with nothing learnt."""
    if layer.unit is Unit.BLOCK:
        return BoilerplateLessons([label.name for label in layer.active], layer.name)
    return Names(layer.name)


def own(scheme: Scheme) -> list[Bound]:
    """Our suggesters for a project's layers."""
    return [Bound(layer, beginner(layer)) for layer in _layers(scheme)]


def plugged(
    scheme: Scheme, settings: Mapping[str, SuggesterSettings]
) -> tuple[list[Bound], list[str]]:
    """The plug-ins that a person's configuration names; their code is imported here.

    Returns:
        The suggesters, and a sentence for people about each that is left out.
    """
    from annotator.suggest.plugins import load  # only for who has any

    layers = {layer.name: layer for layer in _layers(scheme)}
    found, notes = load(settings, list(layers.values()))
    taken = {bound.key for bound in own(scheme)}
    bound = [Bound(layers[name], each, quick=False) for name, each in found if name in layers]
    for each in bound:
        if each.key in taken:
            notes.append(
                f"The suggester {each.name} has the name of one of ours: call it otherwise."
            )
    return [each for each in bound if each.key not in taken], notes


def _layers(scheme: Scheme) -> list[SpanLayer]:
    """The layers that can be suggested in."""
    return [layer for layer in scheme.span_layers if layer.active]


@runtime_checkable
class Counting(Protocol):
    """A suggester that wants to know in how many articles of a source a line stands."""

    def count(self, articles: Iterable[tuple[str, str]]) -> int:
        """Count articles, pairs of source and text; those counted before are passed over."""
        ...


def answered(suggester: Suggester) -> bool:
    """Whether the last answer is one to keep; a plug-in may have failed or been too slow."""
    return not isinstance(suggester, Guarded) or suggester.answered


def news(suggester: Suggester) -> list[str]:
    """What a plug-in has to tell people, each sentence once."""
    return suggester.news() if isinstance(suggester, Guarded) else []


def finished(found: FinishedLayer, layer: str) -> Finished:
    """A finished article as suggesters learn it."""
    article = found.article
    return Finished(
        article.text,
        layer,
        tuple(map(_labelled, found.spans)),
        language(article.lang),
        tuple(map(_labelled, found.rejected)),
        article.source,
        article.title,
    )


def _labelled(each: Span | Rejection) -> Labelled:
    attrs = each.attrs if isinstance(each, Span) else {}
    return Labelled(each.start, each.end, each.label, attrs)


def language(tag: str) -> str:
    """The language code of a BCP 47 tag; "" where the language is not known."""
    code = tag.split("-")[0].casefold()
    return "" if code == "und" else code


def suggestions(guesses: Iterable[Guess], of: Bound, version: str, text: str) -> list[Suggestion]:
    """Guesses as they are kept: those that lie in the text, overlap none and have a label in force.

    A retired or unknown label leaves a candidate out as well: somebody meant something by it.
    """
    labels = {"", *(label.name for label in of.layer.active)}
    kept: list[Suggestion] = []
    for guess in sorted(guesses, key=lambda guess: (guess.start, -guess.end)):
        reached = kept[-1].end if kept else 0
        inside = reached <= guess.start < guess.end <= len(text)
        if inside and guess.label in labels and text[guess.start : guess.end].strip():
            kept.append(guess.suggestion(of.layer.name, of.name, version))
    return kept


def doubt(found: Iterable[Suggestion]) -> float:
    """How unsure suggestions are on average: the mean of 1 - score, 0 to 1; 0 without any."""
    scores = [1.0 if each.score is None else min(max(each.score, 0.0), 1.0) for each in found]
    return sum(1 - score for score in scores) / len(scores) if scores else 0.0
