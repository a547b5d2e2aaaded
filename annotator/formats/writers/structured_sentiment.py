"""Stances as structured sentiment, the JSON of SemEval-2022 task 10.

A list of units `{"sent_id", "text", "opinions"}`, each article one unit. An opinion has `Source` (the
holder), `Target` and `Polar_expression` (the evidence), each `[[TEXT, ...], ["START:END", ...]]` and
empty where nothing in the text stands for it, and `Polarity`: Positive for FAVOR, Negative for
AGAINST, Neutral for NEUTRAL and MIXED. NONE is no opinion. `Intensity` is always Standard, as no layer
records it. Offsets are code points unless asked otherwise.
Format: github.com/jerbarnes/semeval22_structured_sentiment, data/README.md and evaluation/evaluate.py.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from annotator.formats.choice import Options, choose, note_uncarried
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.json_text import json_text
from annotator.formats.losses import Losses
from annotator.model.annotation import AUTHOR, Party, Span, Stance, Work
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme, StanceLayer
from annotator.model.scheme_change import formerly
from annotator.text.counting import Offsets
from annotator.text.forms import same_name

POLARITY = {
    "FAVOR": "Positive",
    "AGAINST": "Negative",
    "NEUTRAL": "Neutral",
    "MIXED": "Neutral",
    "NONE": "",
}
"""The task's polarity for each of our values; "" for what is no opinion."""

INTENSITY = "Standard"

Range = tuple[int, int]


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write one unit for each document, with an opinion for each stance.

    Raises:
        AnnotatorError: the scheme has no stance layer, or several annotators worked on an article
            and none was chosen.
    """
    layer = scheme.stance_layer
    if layer is None:
        raise AnnotatorError(f"The scheme {scheme.name!r} has no stance layer to export.")
    losses.facts |= {"layer": layer.name, "offsets": str(options.offsets)}
    opening = b"["
    for document in documents:
        work = choose(document, layer, options, losses)
        if work is None:
            continue
        note_uncarried(document, work, layer, losses)
        unit = _Unit(document, work, layer, options, losses).json()
        yield Part(opening + b"\n" + json_text(unit, document.article.id).encode())
        opening = b","
    yield Part((b"" if opening == b"," else b"[") + b"\n]\n")


class _Unit:
    """One annotator's stances in one article."""

    def __init__(
        self,
        document: Document,
        work: Work,
        layer: StanceLayer,
        options: Options,
        losses: Losses,
    ) -> None:
        self._article, self._text = document.article.id, document.article.text
        self._work, self._layer, self._losses = work, layer, losses
        self._offsets = Offsets(self._text, options.offsets)

    def json(self) -> dict[str, Any]:
        """The unit."""
        stances = sorted(self._work.stances, key=lambda s: (s.target.ref, s.holder.ref))
        opinions = [opinion for s in stances if (opinion := self._opinion(s)) is not None]
        return {"sent_id": self._article, "text": self._text, "opinions": opinions}

    def _opinion(self, stance: Stance) -> dict[str, Any] | None:
        """The opinion a stance is; None when it is none."""
        polarity = self._polarity(stance)
        if not polarity:
            return None
        self._note_details(stance)
        self._losses.wrote(f"{polarity} opinions")
        shown = [(e.start, e.end) for e in stance.evidence if e.role != "target"]
        near = shown[0][0] if shown else 0
        target = [(e.start, e.end) for e in stance.evidence if e.role == "target"]
        if not shown:
            self._losses.add("opinion without an expression in the text", self._example(stance))
        return {
            "Source": self._cut(self._places(stance, "holder", stance.holder, near)),
            "Target": self._cut(target or self._places(stance, "target", stance.target, near)),
            "Polar_expression": self._cut(shown),
            "Polarity": polarity,
            "Intensity": INTENSITY,
        }

    def _polarity(self, stance: Stance) -> str:
        """The task's polarity; a value that was renamed is known by its earlier name."""
        names = (stance.label, *formerly(self._layer, stance.label))
        name = next((name for name in names if name in POLARITY), "")
        if not name:
            what = f"stance {stance.label}, which the task does not know"
            self._losses.add(what, self._example(stance))
            return ""
        if not POLARITY[name]:
            self._losses.add(f"stance {stance.label}, which is no opinion", self._example(stance))
        elif name == "MIXED":
            self._losses.add(f"{stance.label} written as Neutral", self._example(stance))
        return POLARITY[name]

    def _places(self, stance: Stance, role: str, party: Party, near: int) -> list[Range]:
        """The mention of a holder or target that is nearest to the evidence, if there is one."""
        if party.kind == AUTHOR.kind:  # the task, too, has no place for who writes
            return []
        found = [] if party.kind == "proposition" else self._mentions(party.name)
        if not found:
            self._losses.add(f"{role} without a place in the text", self._example(stance))
            return []
        best = min(found, key=lambda span: (abs(span.start - near), span.start, span.end))
        return [(best.start, best.end)]

    def _mentions(self, name: str) -> list[Span]:
        """The entities of an identity; without one, of a name as it is written, or in any form."""
        layer = self._layer.entity_layer
        entities = [span for span in self._work.spans if span.layer == layer]
        folded = name.casefold()
        ways: tuple[Callable[[Span], bool], ...] = (
            lambda span: str(span.attrs.get("xid", "")).casefold() == folded,
            lambda span: any(each.casefold() == folded for each in self._names(span)),
            lambda span: any(same_name(each, name) for each in self._names(span)),
        )
        found = (list(filter(way, entities)) for way in ways) if name else iter(())
        return next((spans for spans in found if spans), [])

    def _names(self, span: Span) -> list[str]:
        """What a span is called: its lemma and its surface."""
        surface = " ".join(self._text[span.start : span.end].split())
        return [name for name in (str(span.attrs.get("lemma") or ""), surface) if name]

    def _cut(self, places: list[Range]) -> list[list[str]]:
        """Places as the task writes them: their texts, and their offsets."""
        to = self._offsets.to
        return [
            [self._text[start:end] for start, end in places],
            [f"{to(start)}:{to(end)}" for start, end in places],
        ]

    def _note_details(self, stance: Stance) -> None:
        """Count what an opinion has no place for."""
        plain = stance._replace(evidence=(), label="")
        if plain != Stance(stance.target, "", stance.holder):
            self._losses.add("basis, confidence or note of a stance", self._example(stance))

    def _example(self, stance: Stance) -> str:
        return f"{self._article}: {stance.target.name}"
