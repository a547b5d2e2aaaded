r"""Stance as the TSV of SemEval-2016 task 6: `ID<TAB>Target<TAB>Tweet<TAB>Stance`.

Four columns, no quoting, the header exactly so; the labels are FAVOR, AGAINST and NONE, and NEUTRAL
and MIXED are written as NONE. `Tweet` is the whole article with line ends and TABs as spaces. `ID`
is `article#target#holder`, each percent-encoded where it holds `#`, `%` or a control character.
Format: the task's scorer (eval.pl), which splits lines at TABs and wants exactly this header.
"""

import re
from collections.abc import Iterable, Iterator

from annotator.formats.choice import Options, choose, note_uncarried
from annotator.formats.document import Document
from annotator.formats.files import Part
from annotator.formats.losses import Losses
from annotator.model.annotation import AUTHOR, Party, Stance, Work
from annotator.model.errors import AnnotatorError
from annotator.model.scheme import Scheme, StanceLayer
from annotator.model.scheme_change import formerly

HEADER = "ID\tTarget\tTweet\tStance\n"

LABELS = {
    "FAVOR": "FAVOR",
    "AGAINST": "AGAINST",
    "NONE": "NONE",
    "NEUTRAL": "NONE",
    "MIXED": "NONE",
}
"""The task's label for each of ours."""


def parts(
    documents: Iterable[Document], scheme: Scheme, options: Options, losses: Losses
) -> Iterator[Part]:
    """Write one line for each target and holder of each document.

    Raises:
        AnnotatorError: the scheme has no stance layer, or several annotators worked on an article
            and none was chosen.
    """
    layer = scheme.stance_layer
    if layer is None:
        raise AnnotatorError(f"The scheme {scheme.name!r} has no stance layer to export.")
    losses.facts |= {"layer": layer.name, "holders": "all" if options.quoted else "author"}
    yield Part(HEADER.encode())
    for document in documents:
        work = choose(document, layer, options, losses)
        if work is not None:
            note_uncarried(document, work, layer, losses)
            yield Part("".join(_lines(document, work, layer, options, losses)).encode())


def _lines(
    document: Document, work: Work, layer: StanceLayer, options: Options, losses: Losses
) -> Iterator[str]:
    tweet = _flat(document.article.text)
    for stance in sorted(_stances(work, layer), key=lambda s: (s.target.ref, s.holder.ref)):
        if stance.holder.kind != AUTHOR.kind and not options.quoted:
            losses.add(f"stance of a holder of kind {stance.holder.kind}", _name(document, stance))
        elif label := _label(document, stance, layer, losses):
            _note_details(document, stance, losses)
            losses.wrote(f"{label} lines")
            row = _identity(document, stance), _flat(stance.target.name), tweet, label
            yield "\t".join(row) + "\n"


def _stances(work: Work, layer: StanceLayer) -> Iterator[Stance]:
    """An annotator's stances and, where the layer was looked at, the targets not discussed."""
    yield from work.stances
    if layer.name in work.looked:
        said = {stance.target.ref for stance in work.stances if stance.holder.ref == AUTHOR.ref}
        for name in layer.targets:
            target = Party("proposition", name)
            if target.ref not in said:
                yield Stance(target, layer.absent)


def _label(document: Document, stance: Stance, layer: StanceLayer, losses: Losses) -> str:
    """The task's label; "" for one of another scheme that stands for none of them.

    A value that was renamed is known by its earlier name.
    """
    names = (stance.label, *formerly(layer, stance.label))
    label = next((LABELS[name] for name in names if name in LABELS), "")
    if not label:
        losses.add(f"stance {stance.label}, which the task does not know", _name(document, stance))
    elif label != stance.label:
        losses.add(f"{stance.label} written as {label}", _name(document, stance))
    return label


def _note_details(document: Document, stance: Stance, losses: Losses) -> None:
    """Count what the four columns have no place for."""
    losses.add("evidence of a stance", document.article.id, len(stance.evidence))
    plain = stance._replace(evidence=(), label="")
    if plain != Stance(stance.target, "", stance.holder):
        losses.add("basis, confidence or note of a stance", _name(document, stance))


def _name(document: Document, stance: Stance) -> str:
    return f"{document.article.id}: {stance.target.name}"


def _identity(document: Document, stance: Stance) -> str:
    """Unique in the export, as an annotator has one stance for a target and holder."""
    holder = stance.holder.kind
    if stance.holder.name:
        holder = f"{holder}:{stance.holder.name}"
    target = f"{stance.target.kind}:{stance.target.name}"
    return "#".join(_escaped(part) for part in (document.article.id, target, holder))


_RESERVED = re.compile("[#%\\x00-\\x1f\\x7f-\\x9f\u2028\u2029]")
_BREAKS = re.compile("[\t-\r\x1c-\x1f\x85\u2028\u2029]")


def _escaped(part: str) -> str:
    def escape(match: re.Match[str]) -> str:
        return "".join(f"%{byte:02X}" for byte in match[0].encode())

    return _RESERVED.sub(escape, part)


def _flat(text: str) -> str:
    """The text on one line: whatever any reader may split at is a space."""
    return _BREAKS.sub(" ", text.replace("\r\n", " ")).strip(" ")
