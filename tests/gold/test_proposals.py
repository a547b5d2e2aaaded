"""What is proposed, what rules decide, what is left to a person, and in which order."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold.adjudication import taking
from annotator.gold.adjudication.automatic import Rules, automatic
from annotator.gold.adjudication.items import (
    NOTHING,
    Category,
    Item,
    Proposal,
    State,
    Variant,
    What,
)
from annotator.gold.adjudication.proposals import (
    Waiting,
    acceptable,
    agreement,
    articles_in_order,
    audited,
    common_core,
    in_order,
    majority,
    posteriors,
    proposed,
    to_decide,
)
from annotator.model.annotation import Party, Span, Stance
from annotator.model.decision import Decided, Method

NAMES = "abcdefg"


def item(*answers, key="item:entities:0", layer="entities", **more):
    """An item from what each annotator says: (start, end, label), a stance's value, or None."""
    said = {}
    for name, answer in zip(NAMES, answers, strict=False):
        said.setdefault(answer, []).append(name)
    variants = [
        variant(answer, tuple(names), layer)
        for answer, names in sorted(said.items(), key=lambda pair: -len(pair[1]))
        if answer is not None
    ]
    if None in said:
        variants.append(Variant(NOTHING, tuple(said[None])))
    category = (Category.AGREE,) if len(variants) == 1 else (Category.LABEL,)
    if len(answers) == 1:
        category = (Category.SINGLE,)
    spans = [v.span for v in variants if v.span]
    if len({(s.start, s.end) for s in spans}) > 1:
        category = (*category, Category.BOUNDARY)
    what = What.SPAN if spans else What.STANCE
    voters = tuple(NAMES[: len(answers)])
    return Item(key, "a1", layer, what, 0, 0, tuple(variants), voters, category, ("m",), "i")._replace(**more)  # fmt: skip


def variant(answer, names, layer):
    if isinstance(answer, str):
        return Variant(answer, names, stance=Stance(Party("entity", "Iran"), answer))
    start, end, label = answer
    return Variant(f"{label} {start}-{end}", names, Span(names[0], layer, label, start, end))


ORG, LOC, LONG, AGAINST = (0, 5, "ORG"), (0, 5, "LOC"), (0, 9, "ORG"), "AGAINST"


@pytest.mark.parametrize(
    ("answers", "code", "share"),
    [
        ((ORG, ORG, LOC), "ORG 0-5", 2 / 3),
        ((ORG, ORG, None), "ORG 0-5", 2 / 3),
        ((ORG, None, None), NOTHING, 2 / 3),
        ((ORG, LOC, None), None, 0),  # it is there, but what it is ties
        ((ORG, ORG, None, None), None, 0),  # whether it is there ties
        ((ORG, LONG, None), None, 0),  # where it is ties
        ((ORG, LONG, LOC), "ORG 0-5", 1 / 3),  # the place is most frequent with any label
        ((ORG, ORG, LOC, None, None), "ORG 0-5", 2 / 5),  # of all who finished, not of who marked
        ((ORG, LOC), None, 0),
        ((ORG, None), None, 0),
        ((ORG,), None, 0),
        (("FAVOR", "FAVOR", "AGAINST"), "FAVOR", 2 / 3),
        (("FAVOR", "AGAINST", None), None, 0),
    ],
)
def test_votes(answers, code, share):
    found = majority(item(*answers))
    expected = None if code is None else Proposal(code, Method.MAJORITY, share)
    assert found == expected


def test_what_all_agree_on_is_proposed_as_such_by_two_already():
    assert majority(item(ORG, ORG)) == Proposal("ORG 0-5", Method.UNANIMOUS, 1.0)


@settings(max_examples=60)
@given(
    st.lists(st.sampled_from([ORG, LOC, LONG, (3, 9, "LOC"), None]), min_size=1, max_size=7),
    st.randoms(use_true_random=False),
)
def test_who_says_it_does_not_matter(answers, shuffler):
    if not any(answers):
        return
    found = majority(item(*answers))
    shuffler.shuffle(answers)
    again = majority(item(*answers))
    assert found == again
    if found is not None:
        assert found.code in {v.code for v in item(*answers).variants}


def test_the_common_core_is_what_all_share():
    assert common_core(item((0, 5, "X"), (3, 9, "X"), None)) == (3, 5)
    assert common_core(item((0, 5, "X"), (4, 9, "X"), (8, 12, "X"))) is None
    assert common_core(item("FAVOR", None)) is None


# --- the model


def simulated(number, layer="stance", right=(0.9, 0.8, 0.55), seed=7):
    """Items with a known truth, and annotators who are right that often."""
    dice = random.Random(seed)
    truths, items = {}, []
    for n in range(number):
        truth = dice.choice(["FAVOR", "AGAINST"])
        other = "AGAINST" if truth == "FAVOR" else "FAVOR"
        answers = [truth if dice.random() < share else other for share in right]
        truths[f"item:{layer}:{n}"] = truth
        items.append(item(*answers, key=f"item:{layer}:{n}", layer=layer))
    return truths, items


def test_the_model_trusts_who_is_mostly_right():
    truths, items = simulated(400, right=(0.95, 0.6, 0.6))
    likely = posteriors(items)
    assert all(sum(row.values()) == pytest.approx(1) for row in likely.values())
    with_model = sum(p.proposal.code == truths[p.key] for p in proposed(items, likely))
    by_votes = sum(p.proposal.code == truths[p.key] for p in proposed(items))
    assert with_model > by_votes
    split = next(p for p in proposed(items, likely) if p.category != (Category.AGREE,))
    assert split.proposal.method is Method.MODEL
    assert taking.take(split, split.proposal.code).posterior == split.proposal.confidence
    other = next(v.code for v in split.variants if v.code != split.proposal.code)
    assert taking.take(split, other).posterior is None


def test_the_model_needs_three_annotators_with_fifty_items():
    assert posteriors(simulated(49)[1]) == {}
    assert len(posteriors(simulated(50)[1])) == 50
    assert posteriors(simulated(80, right=(0.9, 0.9))[1]) == {}
    few = [each._replace(voters=each.voters[:2], variants=each.variants[:1]) for each in simulated(60)[1][:20]]  # fmt: skip
    assert posteriors(few) == {}


def test_the_model_says_a_label_and_votes_the_place():
    likely = {"item:entities:0": {"ORG": 0.97, "LOC": 0.02, NOTHING: 0.01}}
    (found,) = proposed([item(ORG, ORG, LONG, (0, 9, "LOC"))], likely)
    assert found.proposal == Proposal("ORG 0-5", Method.MODEL, 0.97)
    (tied,) = proposed([item(ORG, LONG)], likely)
    assert tied.proposal is None


# --- what rules decide


def test_only_what_the_rules_say_is_decided():
    items = proposed(
        [
            item(ORG, ORG, key="same"),
            item(ORG, ORG, LOC, key="most"),
            item(ORG, LOC, key="tie"),
            item(ORG, key="one"),
        ]
    )
    everything = Rules(audit=0.0)
    assert [d.item for d in automatic(items, everything)] == ["same"]
    assert [d.method for d in automatic(items, everything)] == [Method.UNANIMOUS]
    more = automatic(items, everything._replace(majority=0.5))
    assert [(d.item, d.method, d.adopted) for d in more] == [
        ("same", Method.UNANIMOUS, ("a", "b")),
        ("most", Method.MAJORITY, ("a", "b")),
    ]
    assert len(automatic(items, everything._replace(majority=0.7))) == 1
    assert automatic(items, Rules(unanimous=False, audit=0.0)) == ()


def test_a_plurality_is_no_majority():
    (found,) = proposed([item(ORG, ORG, LOC, None, None)])
    assert found.proposal is not None
    assert automatic([found], Rules(majority=0.5)) == ()


def test_the_model_decides_labels_and_never_places():
    likely = {key: {"ORG": 0.995, "LOC": 0.005} for key in ("label", "place")}
    items = proposed([item(ORG, LOC, key="label"), item(ORG, LONG, ORG, key="place")], likely)
    assert automatic(items) == ()
    (decision,) = automatic(items, Rules(posterior=0.99))
    assert (decision.item, decision.method) == ("label", Method.MODEL)
    assert decision.posterior == 0.995
    assert automatic(items, Rules(posterior=0.999)) == ()


@pytest.mark.parametrize("state", [each for each in State if each is not State.OPEN])
def test_what_somebody_looked_at_is_left_alone(state):
    items = proposed([item(ORG, ORG, state=state), item(ORG, ORG, LOC, state=state)])
    assert automatic(items, Rules(majority=0.5, audit=0.0)) == ()


def test_what_was_passed_over_once_is_left_to_a_person():
    skipped = Decided(taking.skip(item(ORG, ORG)), "1", "olga")
    items = proposed([item(ORG, ORG, decided=skipped), item(ORG, ORG, LOC, decided=skipped)])
    assert automatic(items, Rules(majority=0.5, audit=0.0)) == ()
    assert to_decide(items, share=0.0) == items


def test_the_audit_sample_goes_back_to_a_person():
    items = [item(ORG, ORG, key=f"item:entities:{n}") for n in range(2000)]
    drawn = {each.key for each in items if audited(each.key)}
    assert 60 <= len(drawn) <= 140
    assert {d.item for d in automatic(items)} == {each.key for each in items} - drawn
    assert {each.key for each in to_decide(items)} == drawn
    assert drawn != {each.key for each in items if audited(each.key, seed=1)}
    assert {e.key for e in items if audited(e.key, 0.02)} <= drawn
    assert not any(audited(each.key, 0.0) for each in items)
    assert all(audited(each.key, 1.0) for each in items)
    only_majority = automatic(proposed(items), Rules(unanimous=False, majority=0.5))
    assert only_majority == ()


# --- the order of work


def test_what_is_left_is_open_or_stale():
    items = [item(ORG, LOC, key=str(state), state=state) for state in State]
    assert [each.state for each in to_decide(items)] == [State.OPEN, State.STALE]
    assert acceptable(item(ORG, ORG), share=0.0)
    assert not acceptable(item(ORG), share=0.0)


def test_the_surest_come_first_and_those_without_a_proposal_last():
    shares = {"x": None, "y": 0.6, "z": 0.9, "w": None, "v": 0.6}
    items = [
        item(ORG, LOC, key=key, proposal=share and Proposal("ORG 0-5", Method.MAJORITY, share))
        for key, share in shares.items()
    ]
    assert [each.key for each in in_order(items)] == ["z", "y", "v", "x", "w"]


def test_agreement_is_the_share_of_unanimous_items_of_several():
    assert agreement([item(ORG, ORG), item(ORG, LOC), item(ORG, None), item(ORG)]) == 1 / 3
    assert agreement([item(ORG)]) is None


def test_articles_by_agreement_or_age():
    waiting = [
        Waiting("a", 0.9, "2020-05-01"),
        Waiting("b", None, ""),
        Waiting("c", 0.0, "2021-01-01"),
        Waiting("d", 0.9, "2019-01-01"),
    ]
    assert articles_in_order(waiting) == ("c", "a", "d", "b")
    assert articles_in_order(waiting, "date") == ("d", "a", "c", "b")
