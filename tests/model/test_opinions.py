"""What holds of an item that several people decided."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from annotator.model.annotation import Evidence, Party, Span, Stance
from annotator.model.decision import Decided, Decision, Verdict
from annotator.model.opinions import held, outcome

NOTHING = Decision("item:names:0", "names", inputs="now")
ORG = NOTHING._replace(spans=(Span("x", "names", "ORG", 3, 9),))
PER = NOTHING._replace(spans=(Span("y", "names", "PER", 3, 9),))


def says(actor: str, event: str, decision: Decision, *, second: bool = False) -> Decided:
    return Decided(decision._replace(second=second), event, actor)


def test_the_newest_holds() -> None:
    first, other = says("vera", "1", ORG), says("olga", "2", PER)
    assert held([other, first]) == other
    assert held([first]) == first


def test_a_second_opinion_that_differs_is_to_be_settled() -> None:
    first, second = says("vera", "1", ORG), says("olga", "2", NOTHING, second=True)
    found = held([second, first])
    assert found.disputed == (first, second)
    assert (found.decision.verdict, found.decision.spans) == (Verdict.DISCUSS, ORG.spans)
    assert (found.event, found.actor) == ("2", "olga")
    settled = says("petar", "3", NOTHING._replace(settles=("olga", "vera")))
    assert held([settled, second, first]) == settled
    again = says("vera", "4", ORG)  # as after undo: nothing is settled by coming later
    assert held([again, second]).disputed == (again, second)


def test_a_second_opinion_that_says_the_same_leaves_the_first() -> None:
    first = says("vera", "1", ORG)
    same = says("olga", "2", ORG._replace(spans=(ORG.spans[0]._replace(id="z"),)), second=True)
    assert held([first, same]) == first
    skipped = says("olga", "2", NOTHING._replace(verdict=Verdict.SKIPPED), second=True)
    assert held([first, skipped]) == first
    newer = same._replace(decision=same.decision._replace(inputs="other"))
    assert held([first, newer]) == newer  # the first one is stale


def test_a_second_opinion_on_other_variants_says_nothing_about_a_newer_decision() -> None:
    second, first = says("olga", "1", PER, second=True), says("vera", "2", ORG)
    assert held([first, second]).disputed == (first, second)
    before = second._replace(decision=second.decision._replace(inputs="before"))
    assert held([first, before]) == first
    assert held([second]) == second


def test_wishing_to_discuss_it_is_another_opinion() -> None:
    first = says("vera", "1", ORG)
    wish = says("olga", "2", NOTHING._replace(verdict=Verdict.DISCUSS), second=True)
    assert held([first, wish]).disputed == (first, wish)


def test_outcomes() -> None:
    stance = Stance(Party("proposition", "The bridge"), "FAVOR")
    value = Decision("item:stance:0", "stance", stance=stance)
    assert outcome(value) != outcome(value._replace(stance=stance._replace(label="AGAINST")))
    assert outcome(value) == outcome(value._replace(stance=stance._replace(confidence=3)))
    quoted = Decision("item:evidence:0", "stance", stance=stance, evidence=(Evidence(1, 5),))
    assert outcome(quoted) != outcome(quoted._replace(evidence=()))


def test_what_decisions_say_of_who_made_them_is_kept() -> None:
    plain = ORG.body("an organisation")
    assert not {"own", "second", "settles"} & set(plain)
    told = ORG._replace(own=True, second=True, settles=("olga", "vera"))
    assert Decision.of(told.item, told.body("an organisation")) == told


OPINIONS = st.lists(
    st.tuples(st.sampled_from((ORG, PER, NOTHING)), st.booleans()), min_size=1, max_size=4
)


@given(OPINIONS)
def test_the_order_they_come_in_changes_nothing(given_: list[tuple[Decision, bool]]) -> None:
    found = [
        says(f"p{n}", str(n), decision, second=second)
        for n, (decision, second) in enumerate(given_)
    ]
    wanted = held(found)
    assert all(held(order) == wanted for order in itertools.permutations(found))
