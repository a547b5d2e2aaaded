"""The list of an item's variants: digit, votes, what each says, who gave it."""

from rich.cells import cell_len

from annotator.gold.adjudication.items import Item, State, Variant, What
from annotator.gold.adjudication.proposals import common_core
from annotator.lead.adjudication_table import votes_of
from annotator.lead.adjudication_words import in_words
from annotator.model.decision import Decided, Verdict
from annotator.text.visible import plain_line
from annotator.tui.adjudicate_sight import Mark, Mode, Sight, fit
from annotator.tui.lines import Line, Piece, piece
from annotator.tui.looks import label_style

QUOTES = 2
"""Lines of evidence shown of the variant pointed at."""


def choices(sight: Sight, item: Item, width: int, height: int) -> list[Line]:
    """The variants, then what was decided before, remarks, and the evidence of the one pointed at."""
    lines = [
        _variant(sight, item, variant, mark, width)
        for variant, mark in zip(item.variants, sight.marks(item), strict=True)
    ]
    if not item.variants and item.key:
        added = item.decided is not None and not item.decided.decision.votes
        left = "no annotator has this: 0 takes it out again"
        gone = "nothing is left of what was annotated: enter keeps what stood"
        lines.append((piece(f" {left if added else gone}", "bold"),))
    if sight.editing is not None and sight.editing.item.key == item.key:
        lines.append(_edited(sight, width))
    more = _before(sight, item, width)
    if item.what is What.STANCE and item.variants and sight.mode is not Mode.TABLE:
        more += _quotes(sight, item, item.variants[sight.desk.choice], width)
    keep = max(height - len(more), 1)
    if len(lines) > keep:  # the one pointed at stays in view
        top = max(min(sight.desk.choice - keep + 1, len(lines) - keep), 0)
        lines = lines[top : top + keep]
    return [*lines, *more][:height]


def _variant(sight: Sight, item: Item, variant: Variant, mark: Mark, width: int) -> Line:
    votes, voters = votes_of(item, variant)
    confidence = item.proposal.confidence if item.proposal and mark.proposed else None
    sign = "▸" if mark.pointed else " "
    bar = "█" * min(votes, 5)
    right = f" {mark.who}  {votes}/{voters}" + (
        f" {confidence:.2f}".replace("0.", ".") if confidence else ""
    )
    left: list[Piece] = [
        piece(f"{sign}{mark.number} ", "bold"),
        piece("[x] " if mark.picked else "[ ] " if sight.desk.picking else "", "bold"),
        piece(fit(bar, min(max(voters, 2), 5)) + " ", "dim"),
    ]
    label = [
        piece(fit(mark.label, min(max(cell_len(mark.label), 4), 14)) + " ", label_style(mark.color))
    ]
    if mark.label == "evidence":
        label = []
    used = sum(cell_len(text) for text, _ in (*left, *label)) + cell_len(right)
    words = _words(sight, item, variant, max(width - used - 1, 1))
    style = "bold" if mark.pointed else ""
    return (*left, *label, piece(fit(words, max(width - used, 0)), style), piece(right, "dim"))


def _words(sight: Sight, item: Item, variant: Variant, room: int) -> str:
    """The text a variant stands on, its evidence, or how a stance is said."""
    if variant.span is not None:
        return sight.surface(variant.span.start, variant.span.end, room)
    if item.what is What.EVIDENCE:
        share = max(room // max(len(variant.evidence), 1) - 3, 4)
        return " ".join(f"“{sight.surface(e.start, e.end, share)}”" for e in variant.evidence)
    if item.what is What.STANCE and variant.stance is not None:
        return f"{variant.stance.basis}, sure {variant.stance.confidence} of 3"
    return ""


def _edited(sight: Sight, width: int) -> Line:
    """What is being edited."""
    editing = sight.editing
    if editing is None:
        return ()
    label = sight.label(editing.item, editing.label)
    words = "  ".join(
        f"“{sight.surface(*each.range, max(width // len(editing.stretches) - 14, 8))}”"
        for each in (editing.stretches if editing.edges else ())
    )
    look = label_style(label.color if label else "")
    return (piece("▸e ", "bold"), piece(f"{editing.label}  ", look), piece(words, "bold reverse"))


def _before(sight: Sight, item: Item, width: int) -> list[Line]:
    """What was decided or remarked so far, and what all variants share."""
    lines: list[Line] = []
    decided = item.decided
    if decided is not None and decided.disputed:
        for each in decided.disputed:
            said = in_words(each.decision, sight.text, max(width - 30, 20))
            opinion = f" {_by(sight, each)}: {said}{_when(each)}"
            lines.append((piece(fit(opinion, width), "italic bold"),))
    elif decided is not None:
        lines.append((piece(f" {told(sight, item, decided)}"[:width], "italic"),))
        decision = decided.decision
        remarks = [
            "guideline problem" if decision.guideline else "",
            str(decision.reason).replace("_", " ") if decision.reason else "",
            plain_line(decision.note, width),
        ]
        said = " · ".join(remark for remark in remarks if remark)
        if said:
            lines.append((piece(fit(f" ; {said}", width), "italic"),))
    elif item.what is What.SPAN and sight.desk.proposal_shown and sight.desk.proposal is None:
        core = common_core(item)
        if core is not None and len(item.variants) > 1:
            words = sight.surface(*core, max(width - 18, 8))
            lines.append((piece(f" all share “{words}”", "dim"),))
    return lines


def told(sight: Sight, item: Item, decided: Decided) -> str:
    """A former decision in words."""
    decision = decided.decision
    by, when = _by(sight, decided), _when(decided)
    if decision.verdict is Verdict.DISCUSS:
        return f"to discuss, says {by}"
    if decision.verdict is Verdict.SKIPPED:
        return f"passed over by {by}"
    if item.what is What.STANCE:
        what = decision.stance.label if decision.stance else "nothing"
    elif item.what is What.EVIDENCE:
        what = f"{len(decision.evidence)} stretches" if decision.evidence else "none"
    else:
        what = ", ".join(
            f"{span.label} “{sight.surface(span.start, span.end, 30)}”" for span in decision.spans
        )
    word = "before" if item.state is State.STALE else "decided"
    return f"{word}: {what or 'nothing'} ({decision.method}, {by}{when})"


def _by(sight: Sight, decided: Decided) -> str:
    return "you" if decided.actor == sight.desk.project.actor else plain_line(decided.actor, 20)


def _when(decided: Decided) -> str:
    return "" if decided.event.startswith("~") else f" on {_date(decided.event)}"


def _date(event: str) -> str:
    """The day an event was made."""
    from datetime import UTC, datetime

    from annotator.model.event import event_time

    return datetime.fromtimestamp(event_time(event), UTC).date().isoformat()


def _quotes(sight: Sight, item: Item, variant: Variant, width: int) -> list[Line]:
    """Evidence that those who gave a stance have for it."""
    evidence = sight.shown_evidence(item, variant)
    return [
        (piece(fit(f"   “{sight.surface(e.start, e.end, width - 6)}”", width), "dim"),)
        for e in evidence[:QUOTES]
    ]
