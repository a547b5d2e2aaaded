"""What labelling a stretch does to the spans already there, by the layer's overlap rule."""

from collections.abc import Iterable
from typing import NamedTuple

from annotator.desk.selection import Range, solid_after, solid_before
from annotator.desk.sheet import Sheet
from annotator.model.annotation import Span
from annotator.model.event import Draft, new_id
from annotator.model.scheme import Overlap, SpanLayer, Unit
from annotator.text import units


class Edit(NamedTuple):
    """The drafts of an edit and the stretch they touch; or the reason why it cannot be."""

    drafts: tuple[Draft, ...] = ()
    span: Span | None = None
    refused: str = ""


def label_stretch(
    sheet: Sheet, layer: SpanLayer, stretch: Range, label: str, like: Span | None = None
) -> Edit:
    """Put `label` on a stretch that was selected.

    A new span has the origin and attributes of `like`, and joins only spans that have them too.
    """
    if layer.overlap is Overlap.NONE:
        return _take(sheet, layer, stretch, label, like=like)
    same = [s for s in sheet.over(layer.name, *stretch) if (s.start, s.end) == stretch]
    labelled = next((s for s in same if s.label == label), None)
    if labelled is not None:
        return Edit(span=labelled)
    if same and layer.overlap is Overlap.NESTED:
        return relabel(sheet, layer, same[0], label)
    crossing = _crossing(sheet, layer, stretch)
    if crossing is not None:
        return Edit(refused=_crosses(sheet, crossing))
    span = _new(layer, label, stretch, like)
    return Edit((sheet.draft_span(span),), span)


def relabel(sheet: Sheet, layer: SpanLayer, span: Span, label: str) -> Edit:
    """Give a span another label; the same label changes nothing."""
    if span.label == label:
        return Edit(span=span)
    if _joins(layer):
        return _take(sheet, layer, (span.start, span.end), label, keep=span)
    if _twin(sheet, layer, span, (span.start, span.end), label):
        return Edit(refused=f"There is a {label} with these very edges already.")
    new = span._replace(label=label)
    return Edit((sheet.draft_span(new),), new)


def resize(sheet: Sheet, layer: SpanLayer, span: Span, stretch: Range, label: str) -> Edit:
    """Give a span other edges (and perhaps another label)."""
    if stretch == (span.start, span.end):
        return relabel(sheet, layer, span, label)
    if layer.overlap is Overlap.NONE:
        return _take(sheet, layer, stretch, label, keep=span)
    crossing = _crossing(sheet, layer, stretch, but=span)
    if crossing is not None:
        return Edit(refused=_crosses(sheet, crossing))
    if _twin(sheet, layer, span, stretch, label):
        return Edit(refused="There is an annotation with these very edges already.")
    new = span._replace(start=stretch[0], end=stretch[1], label=label)
    return Edit((sheet.draft_span(new),), new)


def cut_out(sheet: Sheet, layer: SpanLayer, spans: Iterable[Span], stretch: Range) -> Edit:
    """Take a stretch away from spans, leaving what they hold before and after it."""
    drafts = [draft for span in spans for draft in _without(sheet, layer, span, stretch)]
    return Edit(tuple(drafts))


def strip(text: str, start: int, end: int) -> Range:
    """The stretch without whitespace at its edges, cutting no grapheme; empty if nothing is left."""
    first, last = solid_after(text, start, end), solid_before(text, end, start)
    if first is None or last is None:
        return start, start
    left, right = units.snap(text, first, last + 1)
    return max(left, start), min(right, end)


def sheds_punctuation(layer: SpanLayer) -> bool:
    """Whether edges lose punctuation: names do, sentences and blocks keep their full stop."""
    return layer.unit in (Unit.WORD, Unit.GRAPHEME)


def _joins(layer: SpanLayer) -> bool:
    """Whether neighbours of one label become one span: runs of blocks do, names do not."""
    return layer.overlap is Overlap.NONE and layer.unit is Unit.BLOCK


def _new(layer: SpanLayer, label: str, stretch: Range, like: Span | None) -> Span:
    """A new span, from where `like` is."""
    span = Span(new_id(), layer.name, label, *stretch)
    return span._replace(origin=like.origin, attrs=like.attrs) if like else span


def _take(
    sheet: Sheet,
    layer: SpanLayer,
    stretch: Range,
    label: str,
    keep: Span | None = None,
    like: Span | None = None,
) -> Edit:
    """Label a stretch where spans never overlap: it takes the text, and joins its own kind.

    `keep` is the span that gets the stretch; without it, a new one or the first of its kind there.
    With `like` only what comes from where it does is of its kind.
    """
    near = sheet.over(layer.name, *_with_gaps(sheet, layer, stretch))
    own = [s for s in near if s.label == label and not (keep and s.id == keep.id)]
    if like is not None:
        own = [s for s in own if (s.origin, s.attrs) == (like.origin, like.attrs)]
    start, end = stretch
    if keep is None:
        around = next((s for s in own if s.start <= start and end <= s.end), None)
        if around is not None:
            return Edit(span=around)
    start = min([start, *(s.start for s in own)])
    end = max([end, *(s.end for s in own)])
    base = keep or (own[0] if own else _new(layer, label, (start, end), like))
    new = base._replace(start=start, end=end, label=label)
    drafts = [sheet.draft_span(new)]
    for other in sheet.over(layer.name, start, end):
        if other.id != base.id:
            drafts += _without(sheet, layer, other, (start, end))
    return Edit(tuple(drafts), new)


def _with_gaps(sheet: Sheet, layer: SpanLayer, stretch: Range) -> Range:
    """The stretch and, where neighbours join, the nearest visible characters on both sides."""
    if not _joins(layer):
        return stretch
    text = sheet.article.text
    before, after = solid_before(text, stretch[0]), solid_after(text, stretch[1])
    return (
        stretch[0] if before is None else before,
        stretch[1] if after is None else after + 1,
    )


def _without(sheet: Sheet, layer: SpanLayer, span: Span, stretch: Range) -> list[Draft]:
    """Drafts that leave of a span what lies outside a stretch."""
    rests = [
        _rest(sheet, layer, span.start, min(span.end, stretch[0])),
        _rest(sheet, layer, max(span.start, stretch[1]), span.end),
    ]
    kept = [rest for rest in rests if rest is not None]
    if not kept:
        return [sheet.draft_removal(span)]
    first, *more = kept
    drafts = [sheet.draft_span(span._replace(start=first[0], end=first[1]))]
    drafts += [sheet.draft_span(span._replace(id=new_id(), start=s, end=e)) for s, e in more]
    return drafts


def _rest(sheet: Sheet, layer: SpanLayer, start: int, end: int) -> Range | None:
    """What stays of a span that loses text: no white space and of names no punctuation."""
    text = sheet.article.text
    start, end = strip(text, start, end) if start < end else (start, start)
    if start == end:
        return None
    if not sheds_punctuation(layer):
        return start, end
    start, end = units.trim(text, start, end)
    return (start, end) if any(map(str.isalnum, text[start:end])) else None


def _twin(sheet: Sheet, layer: SpanLayer, span: Span, stretch: Range, label: str) -> bool:
    """Whether another span has these edges already (where spans cross freely: and this label)."""
    return any(
        (s.start, s.end) == stretch
        and s.id != span.id
        and (s.label == label or layer.overlap is Overlap.NESTED)
        for s in sheet.over(layer.name, *stretch)
    )


def _crossing(
    sheet: Sheet, layer: SpanLayer, stretch: Range, but: Span | None = None
) -> Span | None:
    """A span that would cross the stretch, where the layer forbids crossing."""
    if layer.overlap is not Overlap.NESTED:
        return None
    start, end = stretch
    for span in sheet.over(layer.name, start, end):
        inside = start <= span.start and span.end <= end
        around = span.start <= start and end <= span.end
        if not (inside or around) and not (but and but.id == span.id):
            return span
    return None


def _crosses(sheet: Sheet, span: Span) -> str:
    surface = " ".join(sheet.article.text[span.start : min(span.end, span.start + 40)].split())
    return f"This would cross {span.label} “{surface}”: annotations may nest, not cross."
