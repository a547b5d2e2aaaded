"""Which decision is about which item: by key, by the spans they share, or by the question itself."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from annotator.gold.adjudication.items import Item, State, What
from annotator.gold.adjudication.variants import EVIDENCE, fingerprint, span_code
from annotator.model.decision import PREFIX, Decided, Decision, Verdict
from annotator.model.scheme import Scheme, SpanLayer
from annotator.model.scheme_change import successor

_SPAN = "span:"
"""How the members of an item of spans begin, and no others."""
_EVIDENCE = f"{PREFIX}{EVIDENCE}:"

# --- which decisions count


def current(decisions: Iterable[Decided], scheme: Scheme | None) -> list[Decided]:
    """The decisions that no other supersedes, of one key the newest, oldest first.

    Labels that the scheme has given up are read as their successors, as in annotators' own work.
    """
    newest: dict[str, Decided] = {}
    for each in sorted(decisions, key=_event):
        newest[each.decision.item] = each
    gone = {event for each in newest.values() for event in each.decision.supersedes}
    found = sorted((each for each in newest.values() if each.event not in gone), key=_event)
    renamed = {} if scheme is None else _renamed(scheme)
    if not renamed:
        return found
    return [each._replace(decision=_renewed(each.decision, renamed)) for each in found]


def _event(decided: Decided) -> str:
    return decided.event


def _renamed(scheme: Scheme) -> dict[str, dict[str, str]]:
    """By layer the labels given up that have a successor."""
    found: dict[str, dict[str, str]] = {}
    for layer in scheme.layers:
        for label in layer.labels:
            new = successor(layer, label.name)
            if new != label.name:
                found.setdefault(layer.name, {})[label.name] = new
    return found


def _renewed(decision: Decision, renamed: Mapping[str, Mapping[str, str]]) -> Decision:
    names = renamed.get(decision.layer)
    if not names:
        return decision
    stance = decision.stance
    if stance is not None:
        stance = stance._replace(label=names.get(stance.label, stance.label))
    spans = tuple(s._replace(label=names.get(s.label, s.label)) for s in decision.spans)
    votes: Counter[str] = Counter()
    for code, count in decision.votes.items():
        label, space, place = code.rpartition(" ")
        if space and label in names:
            code = f"{names[label]} {place}"
        votes[names.get(code, code)] += count
    if stance is not None and is_evidence(decision):
        inputs = fingerprint(decision.votes, stance.label)
        return decision._replace(stance=stance, inputs=inputs)
    return decision._replace(
        spans=spans, stance=stance, votes=dict(votes), inputs=fingerprint(votes)
    )


def is_evidence(decision: Decision) -> bool:
    """Whether a decision is about the evidence of a stance."""
    return decision.stance is not None and decision.item.startswith(_EVIDENCE)


def holding(decisions: Sequence[Decided]) -> list[Decided]:
    """Of `current` decisions, oldest first, those whose outcome holds.

    Left out is what a newer one decided again without saying so, as happens when two adjudicators
    work apart: one about all of its spans and more, or about the same variants of a span they share.
    """
    by_member: dict[str, list[int]] = {}
    for number, each in enumerate(decisions):
        for member in each.decision.members:
            if member.startswith(_SPAN):
                by_member.setdefault(member, []).append(number)
    gone = {
        older
        for numbers in by_member.values()
        for place, older in enumerate(numbers)
        for newer in numbers[place + 1 :]
        if _again(decisions[older].decision, decisions[newer].decision)
    }
    return [each for number, each in enumerate(decisions) if number not in gone]


def _again(older: Decision, newer: Decision) -> bool:
    if older.layer != newer.layer:
        return False
    return older.inputs == newer.inputs or set(older.members) <= set(newer.members)


# --- decisions on items of spans


def decided_spans(
    article: str, layer: SpanLayer, items: Sequence[Item], decisions: Sequence[Decided]
) -> list[Item]:
    """A layer's items with the `current` decisions on them, and one for each that is left over."""
    decisions = [each for each in decisions if each.decision.layer == layer.name]
    if not decisions:
        return list(items)
    found = _matched(items, decisions)
    hold = {each.event for each in holding(decisions)}
    done = [
        _standing(item, found[number], hold) if number in found else item
        for number, item in enumerate(items)
    ]
    lone = [_lone(article, each) for each in found.get(-1, ()) if each.event in hold]
    return sorted(
        [*done, *(item for item in lone if item is not None)],
        key=lambda item: (item.start, -item.end, not item.variants),
    )


def _matched(items: Sequence[Item], decisions: Sequence[Decided]) -> dict[int, list[Decided]]:
    """The decisions about each item, by its number; those about none under -1."""
    by_key = {item.key: number for number, item in enumerate(items)}
    owner = {member: number for number, item in enumerate(items) for member in item.members}
    found: dict[int, list[Decided]] = {}
    left: list[Decided] = []
    for each in decisions:
        number = by_key.get(each.decision.item)
        if number is None:
            shared = Counter(owner[m] for m in each.decision.members if m in owner)
            if shared:
                number = _most_like(items, each.decision, shared)
        if number is None:
            left.append(each)
        else:
            found.setdefault(number, []).append(each)
    for each in left:
        found.setdefault(_same_question(items, each.decision), []).append(each)
    return found


def _most_like(items: Sequence[Item], decision: Decision, shared: Mapping[int, int]) -> int:
    """The item with most of a decision's spans; of equals one that has what was decided."""
    own = {span_code(span) for span in decision.spans}

    def rank(number: int) -> tuple[int, bool, int]:
        has_it = any(variant.code in own for variant in items[number].variants)
        return -shared[number], not has_it, number

    return min(shared, key=rank)


def _same_question(items: Sequence[Item], decision: Decision) -> int:
    """The item that asks what a decision answered, or -1.

    So are found again: spans that came in anew under other ids, and a span that an adjudicator had
    added before an annotator marked it too.
    """
    own = {span_code(span) for span in decision.spans}
    for number, item in enumerate(items):
        if decision.votes and item.inputs == decision.inputs:
            return number
        if not decision.votes and any(variant.code in own for variant in item.variants):
            return number
    return -1


def _standing(item: Item, decisions: Sequence[Decided], hold: Collection[str]) -> Item:
    """An item with the decisions about it: the newest holds.

    The item is stale too when it is not the only one whose outcome is gold.
    """
    *others, newest = sorted(decisions, key=_event)
    codes = {span_code(span) for span in newest.decision.spans}
    rival = any(
        each.event in hold
        and each.decision.verdict is Verdict.DECIDED
        and any(span_code(span) not in codes for span in each.decision.spans)
        for each in others
    )
    same = item.inputs == newest.decision.inputs and not rival
    return item._replace(
        state=_state(newest.decision, same), decided=newest, others=tuple(reversed(others))
    )


def _state(decision: Decision, same: bool) -> State:
    if decision.verdict is Verdict.DISCUSS:
        return State.DISCUSS
    if decision.verdict is Verdict.SKIPPED:
        return State.SKIPPED if same else State.OPEN
    return State.DECIDED if same else State.STALE


def _lone(article: str, decided: Decided) -> Item | None:
    """The item of a decision that nothing is left of but what is gold; None when nothing is."""
    decision = decided.decision
    if decision.verdict is not Verdict.DECIDED or not decision.spans:
        return None
    return _without_variants(
        article,
        decided,
        What.SPAN,
        min(span.start for span in decision.spans),
        max(span.end for span in decision.spans),
    )


def _without_variants(article: str, decided: Decided, what: What, start: int, end: int) -> Item:
    """An item that only its decision is left of; stale where annotators had voted on it."""
    decision = decided.decision
    return Item(
        key=decision.item,
        article=article,
        layer=decision.layer,
        what=what,
        start=start,
        end=end,
        variants=(),
        voters=(),
        category=(),
        members=decision.members,
        inputs=fingerprint(()),
        state=State.STALE if decision.votes else State.DECIDED,
        decided=decided,
    )


# --- decisions on stances


def decided_stance(item: Item, decided: Decided | None) -> Item:
    """An item of a stance or of evidence with the decision that has its key."""
    return item if decided is None else _standing(item, (decided,), ())


def lone_stance(article: str, decided: Decided) -> Item | None:
    """The item of a decision on a stance that nobody has any more; None when nothing is gold of it."""
    decision = decided.decision
    if decision.verdict is not Verdict.DECIDED or decision.stance is None:
        return None
    return _without_variants(article, decided, What.STANCE, 0, 0)


def lone_evidence(item: Item, decided: Decided | None) -> Item | None:
    """The evidence that an adjudicator gave to the stance `item` where its annotators have none.

    None when there is none, or when it belongs to a value that is not gold.
    """
    if decided is None or decided.decision.verdict is not Verdict.DECIDED:
        return None
    decision, evidence = decided.decision, decided.decision.evidence
    value = decided_value(item)
    if decision.stance is None or not evidence or value != decision.stance.label:
        return None
    start, end = min(e.start for e in evidence), max(e.end for e in evidence)
    return _without_variants(item.article, decided, What.EVIDENCE, start, end)


def decided_value(item: Item) -> str | None:
    """The value that is, or before it became stale was, gold of a stance item.

    "" where none is gold; None where nothing is decided.
    """
    if item.state not in (State.DECIDED, State.STALE) or item.decided is None:
        return None
    stance = item.decided.decision.stance
    return "" if stance is None else stance.label
