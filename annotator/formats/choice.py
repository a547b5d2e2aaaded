"""What is exported: which layer, and whose decisions when several annotators worked."""

from collections.abc import Collection
from dataclasses import dataclass

from annotator.formats.document import Document
from annotator.formats.losses import Losses
from annotator.model.annotation import State, Work
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Layer, Scheme, SpanLayer, StanceLayer, Unit
from annotator.text.counting import Count


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may choose about an export; each format says which of these it heeds."""

    layer: str = ""
    """The span layer to export; "" for the one the format is made for."""
    annotator: str = ""
    """Whose decisions; "" for the only annotator who worked on the article."""
    quoted: bool = False
    """Stances of quoted speakers and other holders too, beside the author's."""
    profile: str = "cleaneval"
    """How boilerplate labels become content or not: a name in presets/profiles.toml."""
    offsets: Count = Count.CODE_POINTS
    """What offsets count: code points, UTF-16 units or UTF-8 bytes."""
    quotes: bool = False
    """The quoted text too, with a little before and after it, where a format can do without."""
    whole_tokens: bool = False
    """Entities grow to whole tokens, instead of tokens being cut where entities end."""
    parquet: bool = False
    """Parquet files instead of JSON lines."""
    votes: bool = False
    """Beside gold every answer that annotators gave, with its share: soft labels."""


def span_layer(scheme: Scheme, options: Options, name: str, units: Collection[Unit]) -> SpanLayer:
    """The span layer to export: the chosen one, else `name`, else the first with one of `units`.

    Raises:
        AnnotatorError: there is no such layer; the sentence lists those there are.
    """
    layers = {layer.name: layer for layer in scheme.span_layers}
    if options.layer:
        if options.layer not in layers:
            raise AnnotatorError(
                f"The scheme has no span layer {options.layer!r}; it has: {', '.join(layers)}."
            )
        return layers[options.layer]
    fitting = [layer for layer in layers.values() if layer.unit in units]
    if name in layers:
        return layers[name]
    if not fitting:
        raise AnnotatorError(f"Say which layer to export: {', '.join(layers) or 'there is none'}.")
    return fitting[0]


def choose(document: Document, layer: Layer, options: Options, losses: Losses) -> Work | None:
    """The one annotator's work that a format for single annotations exports of a document.

    An article nobody decided on in this layer has no work: "not looked at" must not go out as
    "nothing there". What is left out, or goes out unfinished, is noted in `losses`.

    Raises:
        AnnotatorError: several annotators worked on it and none was chosen.
    """
    article = document.article.id
    if options.annotator:
        works = [work for work in document.works if work.actor == options.annotator]
        if not any(decided(work, layer) for work in works):
            losses.add(f"article without decisions of {options.annotator} in {layer.name}", article)
            return None
    else:
        works = [work for work in document.works if decided(work, layer)]
        if not works:
            losses.add(f"article without decisions in {layer.name}", article)
            return None
        if len(works) > 1:
            names = ", ".join(work.actor for work in works)
            raise AnnotatorError(
                f"Article {article!r} has decisions of several annotators ({names}): choose one, or a gold policy."
            )
    return _fit(works[0], layer, losses)


def decided(work: Work, layer: Layer) -> bool:
    """Whether an annotator has decided anything in a layer, "nothing there" included."""
    if layer.name in work.looked or work.status.state in (State.DONE, State.SKIPPED):
        return True
    if isinstance(layer, StanceLayer):
        return bool(work.stances)
    return any(span.layer == layer.name for span in work.spans)


def _fit(work: Work, layer: Layer, losses: Losses) -> Work | None:
    """The work, unless its annotator skipped the article; unfinished work is noted."""
    if work.status.state is State.SKIPPED:
        losses.add("article skipped by its annotator", work.article)
        return None
    if work.status.state is not State.DONE and layer.name not in work.looked:
        losses.add(f"article exported though {layer.name} is not finished", work.article)
    losses.wrote("articles")
    losses.wrote(f"articles by {work.actor}")
    return work


def note_uncarried(document: Document, work: Work, layer: Layer, losses: Losses) -> None:
    """Count what a format for one layer and one annotator leaves behind of a document."""
    article = document.article.id
    for other in document.works:
        if other is not work and decided(other, layer):
            losses.add("decisions of another annotator", f"{article}: {other.actor}")
    for span in work.spans:
        if span.layer != layer.name:
            losses.add(f"span of layer {span.layer}", f"{article}: {span.label}")
    if not isinstance(layer, StanceLayer):
        losses.add("stance", article, len(work.stances))
    losses.add("note or flag", article, len(work.notes))


def choose_all(document: Document, options: Options, losses: Losses) -> Work | None:
    """The one annotator's work that a format for all layers of one annotator exports.

    As `choose`, for a work with any decision at all.

    Raises:
        AnnotatorError: several annotators worked on it and none was chosen.
    """
    article = document.article.id
    works = [work for work in document.works if begun(work)]
    if options.annotator:
        works = [work for work in works if work.actor == options.annotator]
    if not works:
        losses.add("article without decisions", article)
        return None
    if len(works) > 1:
        names = ", ".join(work.actor for work in works)
        raise AnnotatorError(
            f"Article {article!r} has decisions of several annotators ({names}): choose one, or a gold policy."
        )
    work = works[0]
    if work.status.state is State.SKIPPED:
        losses.add("article skipped by its annotator", article)
        return None
    if work.status.state is not State.DONE:
        losses.add("article exported though it is not finished", article)
    losses.wrote("articles")
    losses.wrote(f"articles by {work.actor}")
    return work


def begun(work: Work) -> bool:
    """Whether an annotator has decided anything about an article; a note alone is no decision."""
    done = work.status.state in (State.DONE, State.SKIPPED)
    return bool(done or work.spans or work.stances or work.looked)
