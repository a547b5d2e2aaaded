"""What holds of an item that several people decided: pure, so that any order of merging gives the same."""

from collections.abc import Iterable

from annotator.model.decision import Decided, Decision, Verdict

_EVIDENCE = "item:evidence:"


def held(opinions: Iterable[Decided]) -> Decided:
    """What holds of several people's last decisions on one item (one each, taken-back ones left out).

    The newest does. Only a second opinion, which is given without seeing the first, replaces nothing
    by itself: where it differs the item is to be discussed (`Decided.disputed`) until anybody decides
    it knowingly (`Decision.settles`); where it is the same, the first decision stands. One that was
    given on other variants, before the newest decision, says nothing about it.

    Raises:
        ValueError: no opinions.
    """
    found: list[Decided] = sorted(opinions, key=_event)
    if not found:
        raise ValueError("nobody says anything")
    first: Decided | None = next(
        (each for each in reversed(found) if not each.decision.second), None
    )
    if first is None:
        return found[-1]
    seconds: list[Decided] = [each for each in reversed(found) if _is_about(each, first)]
    for second in seconds:
        if answer(second.decision) != answer(first.decision):
            event, actor = max((first.event, first.actor), (second.event, second.actor))
            decision = first.decision._replace(verdict=Verdict.DISCUSS)
            return Decided(decision, event, actor, (first, second))
    if seconds and seconds[0].decision.inputs != first.decision.inputs:
        return seconds[0]  # the first one is of before the annotators changed something
    return first


def _event(decided: Decided) -> str:
    return decided.event


def _is_about(second: Decided, first: Decided) -> bool:
    """Whether something is a second opinion on a decision, not settled by it."""
    decision = second.decision
    return (
        decision.second
        and decision.verdict is not Verdict.SKIPPED
        and second.actor not in first.decision.settles
        and (second.event > first.event or decision.inputs == first.decision.inputs)
    )


def answer(decision: Decision) -> tuple[Verdict, object]:
    """The verdict and, where it is decided, what is gold; equal for equal ones."""
    decided = decision.verdict is Verdict.DECIDED
    return decision.verdict, outcome(decision) if decided else None


def outcome(decision: Decision) -> object:
    """What a decision says is gold, equal for equal decisions."""
    if decision.item.startswith(_EVIDENCE):
        return frozenset((each.start, each.end, each.role) for each in decision.evidence)
    if decision.stance is not None:
        return decision.stance.label
    return frozenset((span.start, span.end, span.label) for span in decision.spans)
