"""Which articles and which decisions go out, whatever the format.

A selection works on documents one by one, in this order: articles and annotators are chosen, several
annotators become one gold standard, boilerplate is cut out, layers and labels are chosen, labels are
renamed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from annotator.formats import consensus, cutting
from annotator.formats.document import Document, prove
from annotator.formats.label_map import NO_MAP, LabelMap
from annotator.formats.losses import Losses
from annotator.model.annotation import Work
from annotator.model.errors import AnnotatorError
from annotator.model.person import is_pass
from annotator.model.release import ADJUDICATED
from annotator.model.scheme import Label, Layer, Scheme, SpanLayer


@dataclass(frozen=True, slots=True)
class Selection:
    """What is chosen; what is left empty does not matter."""

    langs: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    since: str = ""
    """Articles whose date is this or later, as strings compare: 2026, 2026-03, 2026-03-06."""
    until: str = ""
    """Articles whose date begins with this or is earlier."""
    states: tuple[str, ...] = ()
    """Works whose annotator said so: values of `model.annotation.State`."""
    annotators: tuple[str, ...] = ()
    layers: tuple[str, ...] = ()
    """Layers, the stance layer's name among them; others are not exported."""
    labels: tuple[str, ...] = ()
    """Labels, alone or as `layer/label`; spans and stances with others are not exported."""
    gold: str = ""
    """How several annotators become one: a name in `consensus.POLICIES`; "" keeps them apart."""
    release: str = ""
    """The release whose gold the documents are; "" when they are not one's."""
    cut: str = ""
    """The profile by which boilerplate is cut out of the text; "" leaves the text whole."""
    labelled_as: LabelMap = NO_MAP
    """New names for labels of spans; what it does not name is left out and counted."""

    def facts(self) -> dict[str, Any]:
        """What was chosen as JSON values, for the manifest; `of_facts` reads it back."""
        found = {name: getattr(self, name) for name in _PLAIN if getattr(self, name)}
        lists = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in found.items()
        }
        if self.labelled_as:
            lists["labelled_as"] = {"name": self.labelled_as.name, "labels": self.labelled_as.table}
        return lists

    @classmethod
    def of_facts(cls, facts: dict[str, Any]) -> "Selection":
        """The selection a manifest tells of."""
        given: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in facts.items()
            if name in _PLAIN
        }
        renamed = facts.get("labelled_as")
        if renamed:
            given["labelled_as"] = LabelMap(renamed["labels"], renamed["name"])
        return cls(**given)


_PLAIN = (
    *("langs", "sources", "groups", "splits", "since", "until", "states"),
    *("annotators", "layers", "labels", "gold", "release", "cut"),
)

ALL = Selection()
"""Everything."""


def selected(
    documents: Iterable[Document], scheme: Scheme, selection: Selection, losses: Losses
) -> Iterator[Document]:
    """The documents that were chosen, with the decisions that were chosen; each proved again.

    Raises:
        AnnotatorError: a name in the selection is none of the scheme's or of the policies.
    """
    if selection == ALL:
        for document in documents:
            yield _works(document, selection, losses)
        return
    _check(selection, scheme)
    if selection.gold:
        losses.facts["gold"] = selection.gold
    if selection.release:
        losses.facts["release"] = selection.release
    cut = cutting.Cutter(scheme, selection.cut, losses) if selection.cut else None
    for document in documents:
        if not _wanted(document, selection):
            continue
        chosen = _works(document, selection, losses)
        if selection.states and not chosen.works:
            continue
        if selection.gold == ADJUDICATED:
            chosen = consensus.adjudicated(chosen, losses)
            prove(chosen)
        elif selection.gold:
            chosen = consensus.gold(chosen, scheme, selection.gold, losses)
        if cut is not None:  # before layers are chosen: boilerplate says what is cut
            chosen = _without_items(cut(chosen), losses)
            prove(chosen)
        if selection.layers or selection.labels:
            works = tuple(_layers(work, selection, scheme) for work in chosen.works)
            chosen = _fitting_items(replace(chosen, works=works), selection)
        if selection.labelled_as:
            chosen = _without_items(_renamed(chosen, selection.labelled_as, losses), losses)
        yield chosen


def scheme_as(scheme: Scheme, names: LabelMap) -> Scheme:
    """The scheme as the labels are called that go out: renamed, and without those left out."""
    if not names:
        return scheme
    layers: list[Layer] = []
    for layer in scheme.layers:
        if isinstance(layer, SpanLayer):
            found: dict[str, Label] = {}
            for label in layer.labels:
                plain = names.target(label.name, layer.name)
                for target in (plain, *names.with_attribute(label.name, layer.name)):
                    if target is not None and target.label:
                        found.setdefault(target.label, label._replace(name=target.label))
            layers.append(replace(layer, labels=tuple(found.values())))
        else:
            layers.append(layer)
    return replace(scheme, layers=tuple(layers))


def _check(selection: Selection, scheme: Scheme) -> None:
    """That every name is one: a slip of the finger must not give an empty export."""
    layers = {layer.name: layer for layer in scheme.layers}
    for name in selection.layers:
        if name not in layers:
            raise AnnotatorError(f"The scheme has no layer {name!r}; it has: {', '.join(layers)}.")
    known = {label.name for layer in layers.values() for label in layer.labels}
    known |= {f"{layer.name}/{label.name}" for layer in layers.values() for label in layer.labels}
    for name in selection.labels:
        if name not in known:
            raise AnnotatorError(f"The scheme has no label {name!r}.")
    consensus.check(selection.gold)
    for layer in scheme.span_layers:
        for label in layer.labels:
            new = selection.labelled_as.target(label.name, layer.name)
            if new is not None and new.layer not in ("", layer.name):
                raise AnnotatorError(
                    f"The map moves {layer.name}/{label.name} to the layer {new.layer!r}; an export "
                    "can rename labels, not move them to another layer."
                )


def _wanted(document: Document, selection: Selection) -> bool:
    article = document.article
    return (
        (not selection.langs or article.lang in selection.langs)
        and (not selection.sources or article.source in selection.sources)
        and (not selection.groups or article.group in selection.groups)
        and (not selection.splits or document.split in selection.splits)
        and (not selection.since or article.date >= selection.since)
        and (
            not selection.until
            or (bool(article.date) and article.date[: len(selection.until)] <= selection.until)
        )
    )


def _works(document: Document, selection: Selection, losses: Losses) -> Document:
    """The document with the annotators' works that were chosen.

    A person's later passes and training are there to look at one annotator, not to be exported:
    they go out only under their own names.
    """
    works = []
    for work in document.works:
        named = work.actor in selection.annotators
        if is_pass(work.actor) and not named:
            losses.add(
                "work of a second pass or of training", f"{document.article.id}: {work.actor}"
            )
        elif (not selection.annotators or named) and (
            not selection.states or str(work.status.state) in selection.states
        ):
            works.append(work)
    if len(works) == len(document.works):
        return document
    return replace(document, works=tuple(works))


def _without_items(document: Document, losses: Losses) -> Document:
    """The document without the answers behind its gold, whose places and labels are others now."""
    losses.add("answers behind gold", document.article.id, len(document.items))
    return replace(document, items=())


def _fitting_items(document: Document, selection: Selection) -> Document:
    """The document with the answers behind what is left of its gold."""
    if not document.items:
        return document
    spans = {span.id for work in document.works for span in work.spans}
    stances = {
        (stance.target.ref, stance.holder.ref) for work in document.works for stance in work.stances
    }
    items = []
    for item in document.items:
        if selection.layers and item.layer not in selection.layers:
            continue
        left = item._replace(spans=tuple(span for span in item.spans if span in spans))
        if item.stance and (item.stance[0].ref, item.stance[1].ref) not in stances:
            left = left._replace(stance=None)
        if left.spans or left.stance or not selection.labels:
            items.append(left)
    return replace(document, items=tuple(items))


def _layers(work: Work, selection: Selection, scheme: Scheme) -> Work:
    stance = scheme.stance_layer.name if scheme.stance_layer else ""
    layers = selection.layers or tuple(layer.name for layer in scheme.layers)

    def is_chosen(layer: str, label: str) -> bool:
        names = selection.labels
        return layer in layers and (not names or label in names or f"{layer}/{label}" in names)

    return replace(
        work,
        spans=tuple(span for span in work.spans if is_chosen(span.layer, span.label)),
        stances=tuple(each for each in work.stances if is_chosen(stance, each.label)),
        looked=work.looked & frozenset(layers),
        notes=() if selection.layers else work.notes,
    )


def _renamed(document: Document, names: LabelMap, losses: Losses) -> Document:
    """The document with the labels of its spans renamed; recorded bodies no longer apply."""
    works = []
    for work in document.works:
        spans = []
        for span in work.spans:
            new = names.target(span.label, span.layer, span.attrs)
            if new is None:
                losses.add(
                    f"label {span.layer}/{span.label}, which the map does not name", work.article
                )
            elif not new.label:
                losses.add(f"label {span.layer}/{span.label}, left out by the map", work.article)
            else:
                attrs = {**span.attrs, new.attribute: True} if new.attribute else span.attrs
                spans.append(span._replace(label=new.label, attrs=attrs))
        works.append(replace(work, spans=tuple(spans)))
    return replace(document, works=tuple(works), recorded={})
