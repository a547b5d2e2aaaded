"""Boundary similarity: published segmentations, worked examples, and what always holds."""

import json
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold.agreement.segmentation import (
    Edits,
    boundary_edits,
    boundary_similarity,
    masses,
    segmented,
)

STARGAZER = {
    "1": (2, 3, 3, 1, 3, 6, 3),
    "2": (2, 8, 2, 4, 2, 3),
    "3": (2, 1, 2, 3, 1, 3, 1, 3, 2, 2, 1),
    "4": (2, 1, 4, 1, 1, 3, 1, 4, 3, 1),
    "5": (3, 2, 4, 3, 5, 4),
    "6": (2, 3, 4, 2, 2, 5, 3),
    "7": (2, 3, 2, 2, 3, 1, 3, 2, 3),
}
"""Hearst 1997, TextTiling: "Stargazers look for life", 7 coders; as in segeval's data/samples.py."""
MOONSTONE_5 = [
    {"1": (11, 2), "2": (2, 1, 7, 2, 1), "3": (9, 4), "4": (2, 8, 2, 1)},
    {
        "1": (20, 22, 8, 11, 11, 11, 13, 11, 4),
        "2": (
            *(1, 7, 2, 4, 3, 3, 10, 1, 1, 5, 3, 2, 8, 3, 3, 3, 14),
            *(4, 1, 1, 4, 4, 2, 7, 3, 2, 3, 3, 2, 1, 1),
        ),
        "3": (10, 10, 15, 11, 4, 10, 13, 5, 4, 23, 6),
        "4": (10, 4, 3, 2, 1, 8, 3, 2, 6, 1, 2, 8, 10, 9, 4, 10, 4, 8, 4, 3, 5, 4),
    },
    {
        "1": (17, 25, 4),
        "2": (1, 10, 2, 4, 1, 2, 3, 10, 6, 6, 1),
        "3": (12, 5, 29),
        "4": (2, 9, 2, 5, 2, 19, 1, 6),
    },
    {
        "1": (6, 5, 27),
        "2": (3, 8, 2, 3, 17, 2, 2, 1),
        "3": (3, 15, 15, 5),
        "4": (2, 3, 4, 2, 5, 17, 4, 1),
    },
]
"""Kazantseva and Szpakowicz 2012, chapters 1, 11, 4, 3 of The Moonstone, group 5; from the same file."""
MOONSTONE_2 = [
    {
        "5": (9, 7, 5, 12, 4, 2),
        "6": (3, 5, 4, 3, 6, 7, 5, 4, 2),
        "7": (2, 6, 2, 2, 2, 8, 8, 3, 4, 1, 1),
        "8": (8, 4, 21, 4, 2),
        "9": (3, 5, 4, 10, 9, 6, 2),
        "10": (2, 6, 4, 3, 6, 7, 5, 4, 1, 1),
    },
    {
        "5": (24, 6, 45, 6, 2),
        "6": (3, 3, 2, 3, 8, 1, 4, 6, 11, 22, 10, 6, 4),
        "7": (3, 3, 2, 16, 6, 45, 4, 1, 1, 1, 1),
        "8": (8, 16, 6, 32, 11, 6, 1, 3),
        "9": (3, 3, 2, 11, 5, 6, 45, 4, 4),
        "10": (3, 5, 16, 5, 8, 2, 23, 13, 4, 4),
    },
    {
        "5": (4, 7, 3, 1),
        "6": (4, 7, 3, 1),
        "7": (5, 6, 3, 1),
        "8": (14, 1),
        "9": (14, 1),
        "10": (5, 5, 4, 1),
    },
    {
        "5": (9, 4, 5, 9, 8, 7),
        "6": (2, 1, 6, 3, 2, 4, 17, 7),
        "7": (19, 15, 8),
        "8": (9, 4, 6, 16, 3, 4),
        "9": (13, 6, 15, 8),
        "10": (4, 10, 5, 1, 14, 4, 4),
    },
]
"""The same, chapters 8, 10, 2, 5, group 2."""

cut = st.lists(st.integers(1, 6), min_size=1, max_size=8)


def same_size(a, b):
    """The second stretched or cut to the size of the first."""
    ends = [0, *(end for end in accumulate(b) if end < sum(a)), sum(a)]
    return [after - before for before, after in pairwise(ends)]


def figures():
    stargazer, five, two = segmented([STARGAZER]), segmented(MOONSTONE_5), segmented(MOONSTONE_2)
    return {
        "hearst_mean_B": stargazer.mean,
        "hearst_pi": stargazer.pi,
        "hearst_kappa": stargazer.kappa,
        "kazantseva_g5_pi": five.pi,
        "kazantseva_g5_kappa": five.kappa,
        "kazantseva_g2_pi": two.pi,
        "kazantseva_g2_kappa": two.kappa,
    }


def test_published_segmentations():
    assert figures() == pytest.approx(
        {
            "hearst_mean_B": 0.53369,
            "hearst_pi": 0.46445,
            "hearst_kappa": 0.46532,
            "kazantseva_g5_pi": 0.239958,
            "kazantseva_g5_kappa": 0.242110,
            "kazantseva_g2_pi": 0.408317,
            "kazantseva_g2_kappa": 0.410684,
        },
        abs=5e-6,
    )
    assert segmented(MOONSTONE_5).observed == pytest.approx(0.2564575645756457)


@pytest.mark.parametrize(
    ("other", "value"),
    [((5, 6), 0.5), ((2, 3, 3, 3), 2 / 3), ((2, 2, 7), 0.75), ((1, 1, 3, 1, 5), 0.5)],
)
def test_edits_of_a_small_text(other, value):
    """A boundary too few, one too many, one that is one off, and several too many."""
    assert boundary_similarity((2, 3, 6), other) == pytest.approx(value)
    assert boundary_similarity(other, (2, 3, 6)) == pytest.approx(value)


def test_a_longer_reach_forgives_more():
    assert boundary_edits((5, 5), (7, 3)) == Edits(additions=2)
    assert boundary_edits((5, 5), (7, 3), reach=4) == Edits(transpositions=1, moved=2, reach=4)
    assert boundary_similarity((5, 5), (7, 3), reach=4) == 0.5
    assert boundary_similarity((5, 5), (5, 5), reach=4) == 1
    with pytest.raises(ValueError, match="different reaches"):
        Edits.total([Edits(), Edits(reach=4)])


def test_edits_add_up():
    one, other = boundary_edits((2, 3, 6), (2, 2, 7)), boundary_edits((2, 3, 6), (5, 6))
    assert Edits.total([one, other]) == Edits(2, 1, 1, 1)
    assert Edits.total([one, other]).similarity == pytest.approx((4 - 1.5) / 4)
    assert Edits.total([]) == Edits()


def test_no_boundary_is_agreed_upon():
    assert boundary_similarity((11,), (11,)) == 1
    assert boundary_similarity((11,), (5, 6)) == 0
    found = segmented([{"a": (11,), "b": (11,)}])
    assert (found.mean, found.pi, found.kappa) == (1, 1, 1)
    everywhere = segmented([{"a": (1, 1), "b": (1, 1)}])
    assert (everywhere.pi, everywhere.kappa) == (None, None)


def test_one_coder_or_different_ones():
    assert segmented([{"a": (3, 4)}]) is None
    assert segmented([]) is None
    with pytest.raises(ValueError, match="same coders"):
        segmented([{"a": (3,), "b": (3,)}, {"a": (3,), "c": (3,)}])


def test_segmentations_of_other_texts_are_refused():
    with pytest.raises(ValueError, match="one size"):
        boundary_edits((2, 3), (2, 4))
    with pytest.raises(ValueError, match="1 at least"):
        boundary_edits((5, 0), (5,))


def test_spans_cut_a_text():
    assert masses(20, [(0, 4, "NAV"), (4, 6, "AD"), (15, 18, "NAV")]) == [4, 2, 9, 3, 2]
    assert masses(20, []) == [20]
    assert masses(0, []) == []
    assert masses(5, [(0, 5, "NAV")]) == [5]
    with pytest.raises(ValueError, match="leaves the text"):
        masses(5, [(0, 6, "NAV")])


@given(cut, cut, st.integers(1, 4))
@settings(max_examples=50)
def test_it_is_symmetric_and_one_only_of_equals(a, b, reach):
    b = same_size(a, b)
    found, back = boundary_edits(a, b, reach), boundary_edits(b, a, reach)
    assert found == back
    assert 0 <= found.similarity <= 1
    assert (found.similarity == 1) == (a == b)
    boundaries = 2 * (found.matches + found.transpositions) + found.additions
    assert boundaries == len(a) + len(b) - 2
    assert found.transpositions <= found.moved <= found.transpositions * (reach - 1)


def test_the_examples(shared_data):
    path = shared_data.parent / "reference" / "agreement-fixtures.json"
    if not path.exists():
        pytest.skip("the worked examples are not beside this checkout")
    other = json.loads(path.read_text(encoding="utf-8"))["other"]
    assert len(other["boundary_similarity"]) == 4
    for a, b, value in other["boundary_similarity"]:
        assert boundary_similarity(a, b) == pytest.approx(value, abs=5e-4)
    verified = other["segeval"].pop("verified_with")
    assert verified == "segeval 2.0.11"
    assert figures() == pytest.approx(other["segeval"], abs=5e-4)
