"""What confirming a suggestion writes: its label with where it comes from."""

from collections.abc import Sequence

from annotator.desk import editing
from annotator.desk.sheet import Sheet
from annotator.desk.shelf import Shelf
from annotator.desk.suggested import Proposal
from annotator.model.annotation import Kind, Span
from annotator.model.event import Act, Draft, PastAct, new_id
from annotator.model.scheme import Overlap, SpanLayer, Unit


def drafts(sheet: Sheet, layer: SpanLayer, proposals: Sequence[Proposal]) -> tuple[Draft, ...]:
    """The drafts that label what is suggested.

    Neighbouring blocks of one label and source become one span, as those labelled by hand do. What
    one does there depends on the one before, so they are tried on the sheet and taken back.
    """
    if layer.unit is not Unit.BLOCK or layer.overlap is not Overlap.NONE:
        return tuple(_draft(sheet, layer, proposal) for proposal in proposals)
    tried, final = list[PastAct](), dict[str, Draft]()
    for proposal in proposals:
        made = _joined(sheet, layer, proposal)
        tried.append(sheet.apply(Act("try", made)))
        final |= {draft.key: draft for draft in made}
    for past in reversed(tried):
        back = tuple(sheet.draft_back(c, c.before) for c in reversed(past.changes))
        sheet.apply(Act("try", back))
    return tuple(d for d in final.values() if d.body != sheet.body(d.kind, d.key))


def with_origin(sheet: Sheet, layer: SpanLayer, shelf: Shelf, draft: Draft) -> Draft:
    """A draft of a new span, with the source of a suggestion that stands open at this very place.

    With the suggested label it gets the suggestion's attributes too.
    """
    body = draft.body
    if draft.kind is not Kind.SPAN or not body or "origin" in body or body["layer"] != layer.name:
        return draft
    place = (body["start"], body["end"])
    found = [p for p in shelf.open(*place) if p.range == place]
    if not found or draft.key.removeprefix("span:") in sheet.spans:
        return draft
    best = max(found, key=lambda p: (p.label == body["label"], p.rank))
    more = {"attrs": dict(best.attrs)} if best.attrs and best.label == body["label"] else {}
    return draft._replace(body={**body, "origin": best.source, **more})


def _joined(sheet: Sheet, layer: SpanLayer, proposal: Proposal) -> tuple[Draft, ...]:
    """The drafts that label a stretch of blocks, joined to neighbours that say the same."""
    edit = editing.label_stretch(sheet, layer, proposal.range, proposal.label)
    old = [sheet.spans.get(draft.key.removeprefix("span:")) for draft in edit.drafts]
    same = (proposal.source, proposal.attrs)
    if edit.span is None or any(span and (span.origin, span.attrs) != same for span in old):
        return (_draft(sheet, layer, proposal),)
    span = edit.span._replace(origin=proposal.source, attrs=proposal.attrs)
    return tuple(sheet.draft_span(span) if d.key == span.key else d for d in edit.drafts)


def _draft(sheet: Sheet, layer: SpanLayer, proposal: Proposal) -> Draft:
    place, attrs = proposal.range, proposal.attrs
    return sheet.draft_span(
        Span(new_id(), layer.name, proposal.label, *place, attrs, proposal.source)
    )
