"""What labelling a stretch does to the spans already there, by the layer's overlap rule."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from annotator.desk.sheet import Sheet
from annotator.model.annotation import Span
from annotator.model.event import Draft, new_id
from annotator.model.scheme import Overlap, SpanLayer

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Edit:
    """The drafts of an edit and the stretch they touch; or the reason why it cannot be."""

    drafts: tuple[Draft, ...] = ()
    span: Span | None = None
    refused: str = ""


def label_stretch(sheet: Sheet, layer: SpanLayer, stretch: Range, label: str) -> Edit:
    """Put `label` on a stretch that was selected."""
    if layer.overlap is Overlap.NONE:
        return _take(sheet, layer, stretch, label)
    same = [s for s in sheet.over(layer.name, *stretch) if (s.start, s.end) == stretch]
    if any(s.label == label for s in same):
        return Edit(span=same[0])
    if same and layer.overlap is Overlap.NESTED:
        return relabel(sheet, same[0], label)
    crossing = _crossing(sheet, layer, stretch)
    if crossing is not None:
        return Edit(refused=_crosses(sheet, crossing))
    span = Span(new_id(), layer.name, label, *stretch)
    return Edit((sheet.draft_span(span),), span)


def relabel(sheet: Sheet, span: Span, label: str) -> Edit:
    """Give a span another label; the same label changes nothing."""
    if span.label == label:
        return Edit(span=span)
    new = replace(span, label=label)
    return Edit((sheet.draft_span(new),), new)


def resize(sheet: Sheet, layer: SpanLayer, span: Span, stretch: Range, label: str) -> Edit:
    """Give a span other edges (and perhaps another label)."""
    if stretch == (span.start, span.end):
        return relabel(sheet, span, label)
    if layer.overlap is Overlap.NONE:
        return _take(sheet, layer, stretch, label, keep=span)
    crossing = _crossing(sheet, layer, stretch, but=span)
    if crossing is not None:
        return Edit(refused=_crosses(sheet, crossing))
    if any((s.start, s.end) == stretch and s != span for s in sheet.over(layer.name, *stretch)):
        return Edit(refused="There is an annotation with these very edges already.")
    new = replace(span, start=stretch[0], end=stretch[1], label=label)
    return Edit((sheet.draft_span(new),), new)


def cut_out(sheet: Sheet, spans: Iterable[Span], stretch: Range) -> Edit:
    """Take a stretch away from spans, leaving what they hold before and after it."""
    drafts = [draft for span in spans for draft in _without(sheet, span, stretch)]
    return Edit(tuple(drafts))


def _take(
    sheet: Sheet, layer: SpanLayer, stretch: Range, label: str, keep: Span | None = None
) -> Edit:
    """Label a stretch where spans never overlap: it takes the text, and joins its own kind."""
    start, end = stretch
    text = sheet.article.text
    near = sheet.over(layer.name, _skip_back(text, start), _skip_on(text, end))
    own = [s for s in near if s.label == label and s != keep]
    if keep is None and any(s.start <= start and end <= s.end for s in own):
        return Edit(span=own[0])
    if keep is None:
        start = min([start, *(s.start for s in own)])
        end = max([end, *(s.end for s in own)])
    base = keep or (own[0] if own else Span(new_id(), layer.name, label, start, end))
    new = replace(base, start=start, end=end, label=label)
    drafts = [sheet.draft_span(new)]
    for other in sheet.over(layer.name, start, end):
        if other.id != base.id:
            drafts += _without(sheet, other, (start, end))
    return Edit(tuple(drafts), new)


def _without(sheet: Sheet, span: Span, stretch: Range) -> list[Draft]:
    """Drafts that leave of a span what lies outside a stretch, edge whitespace shed."""
    text = sheet.article.text
    rests = [
        strip(text, span.start, min(span.end, stretch[0])),
        strip(text, max(span.start, stretch[1]), span.end),
    ]
    rests = [rest for rest in rests if rest[0] < rest[1]]
    if not rests:
        return [sheet.draft_removal(span)]
    first, *more = rests
    drafts = [sheet.draft_span(replace(span, start=first[0], end=first[1]))]
    drafts += [sheet.draft_span(replace(span, id=new_id(), start=s, end=e)) for s, e in more]
    return drafts


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
        if span != but and not (inside or around):
            return span
    return None


def _crosses(sheet: Sheet, span: Span) -> str:
    surface = sheet.article.text[span.start : span.end]
    return f"This would cross {span.label} “{surface[:40]}”: annotations may nest, not cross."


def strip(text: str, start: int, end: int) -> Range:
    """The stretch without whitespace at its edges."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _skip_back(text: str, start: int) -> int:
    """The start of the last visible character before `start` with only whitespace between."""
    while start > 0 and text[start - 1].isspace():
        start -= 1
    return max(start - 1, 0)


def _skip_on(text: str, end: int) -> int:
    while end < len(text) and text[end].isspace():
        end += 1
    return min(end + 1, len(text))
