"""Intervals over documents: worked values, a check by simulation, and what must hold."""

import json
import random
from math import sqrt
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ratings_kit import KRIPPENDORFF_C, fleiss_1971, table

from annotator.gold.agreement.coefficients import (
    NO_PAIR,
    ONE_LABEL,
    Table,
    ac1,
    alpha,
    fleiss,
    ordinal,
    percent,
)
from annotator.gold.agreement.intervals import (
    BOOTSTRAP,
    JACKKNIFE,
    ONE_DOCUMENT,
    RESAMPLES,
    RESTS_ON_ONE,
    SEED,
    bootstrap,
    bootstrap_of,
    jackknife,
    jackknife_of,
)

DOCUMENTS_C = [table([row]) for row in KRIPPENDORFF_C]


def apart(found):
    """Each item of a table as a document of its own."""
    return [Table({unit: 1}) for unit, count in found.units.items() for _ in range(count)]


def ratio(sums):
    return sums[0] / sums[1] if sums[1] else None


def simply(parts, value):
    """The formula, written down without any care for speed."""
    n = len(parts)
    left = [
        value(tuple(map(sum, zip(*parts[:at], *parts[at + 1 :], strict=True)))) for at in range(n)
    ]
    mean = sum(left) / n
    return sqrt((n - 1) / n * sum((each - mean) ** 2 for each in left))


def seen_ac1(found):
    """AC1 with as many labels as are left, as packages count them that know no scheme."""
    return ac1(len(found.labels))(found)


def test_krippendorff_c():
    found = jackknife_of(alpha(), DOCUMENTS_C)
    assert found.error == pytest.approx(0.14694, abs=5e-6)
    assert found.value == pytest.approx(0.743421, abs=1e-6)
    assert found.low == pytest.approx(0.743421 - 1.96 * 0.146942, abs=1e-5)
    assert found.high == 1.0
    assert (found.how, found.why, found.few) == (JACKKNIFE, "", False)
    assert found.documents == 11  # the twelfth was rated once
    assert jackknife(DOCUMENTS_C, seen_ac1).error == pytest.approx(0.12928, abs=5e-6)
    # one label fewer is left where the document with the only fives is left out
    assert jackknife_of(ac1(5), DOCUMENTS_C).error == pytest.approx(0.12522, abs=5e-6)


def test_fleiss_1971():
    documents = apart(fleiss_1971())
    errors = [jackknife_of(measure, documents).error for measure in (alpha(), ac1(5), fleiss())]
    assert errors == pytest.approx([0.05474, 0.05549, 0.05505], abs=1e-5)


def test_every_worked_example(shared_data):
    path = shared_data.parent / "reference" / "agreement-fixtures.json"
    if not path.is_file():
        pytest.skip("the worked examples are not beside this checkout")
    nominal = json.loads(path.read_text(encoding="utf-8"))["nominal"]
    found_by = {"jackknife_se_alpha": alpha(), "jackknife_se_ac1": seen_ac1}
    checked = set()
    for example in nominal.values():
        documents = [table([row]) for row in example["rows"]]
        for what in found_by.keys() & example["expected"]:
            error = jackknife(documents, found_by[what]).error
            assert error == pytest.approx(example["expected"][what], abs=5e-6)
            checked.add(what)
    assert checked == set(found_by)
    hayes = [table([row]) for row in nominal["hayes2007"]["rows"]]
    found = bootstrap_of(alpha(ordinal("0123")), hayes, resamples=1000)
    assert (found.low, found.high) == pytest.approx((0.616, 0.842), abs=0.03)


pairs = st.tuples(st.integers(0, 5), st.integers(0, 9)).map(lambda p: (min(p), p[1]))


@given(st.lists(pairs.filter(lambda p: p[1]), min_size=2, max_size=30))
def test_the_jackknife_is_its_formula(parts):
    found = jackknife(parts, ratio, lowest=0.0)
    assert found.error == pytest.approx(simply(parts, ratio), abs=1e-12)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.few == (len(parts) < 10)


@given(st.lists(pairs, min_size=2, max_size=20), st.randoms(use_true_random=False))
def test_no_order_matters_to_the_last_bit(parts, chance):
    turned = chance.sample(parts, len(parts))
    assert jackknife(turned, ratio) == jackknife(parts, ratio)
    assert bootstrap(turned, ratio, resamples=20) == bootstrap(parts, ratio, resamples=20)


def test_equal_documents_are_computed_once():
    asked = []

    def value(sums):
        asked.append(sums)
        return ratio(sums)

    jackknife([(1, 2)] * 500 + [(2, 2)] * 500, value)
    assert sorted(asked) == [(1498, 1998), (1499, 1998), (1500, 2000)]


def test_documents_that_say_the_same_leave_no_doubt():
    found = jackknife([(2, 3)] * 12, ratio)
    assert (found.low, found.error, found.high) == (2 / 3, 0.0, 2 / 3)
    assert found.below == (1.0, 1.0)
    assert jackknife([(7, 10)] * 12, ratio).below == (0.0, 1.0)
    again = bootstrap([(7, 10)] * 12, ratio, resamples=50)
    assert (again.low, again.error, again.high) == (0.7, 0.0, 0.7)
    assert again.below == (0.0, 1.0)


def test_how_likely_it_is_below_the_limits():
    parts = [(2, 3), (4, 4), (1, 4), (4, 5), (3, 3), (2, 2), (0, 2), (5, 5), (3, 4), (3, 4)] * 2
    found, drawn = jackknife(parts, ratio), bootstrap(parts, ratio)
    assert 0 < found.below[0] < found.value < found.below[1] < 1
    assert drawn.below == pytest.approx(found.below, abs=0.06)
    # one standard error above the limit: the normal curve leaves 15.87 %
    shifted = [(part[0] * 1000, part[1] * 1000) for part in parts]
    limit = (0.667 + found.error) / found.value
    near = jackknife(shifted, lambda sums: ratio(sums) * limit)
    assert near.below[0] == pytest.approx(0.1587, abs=0.02)


def test_too_few_documents():
    assert jackknife([], ratio) == (None, None, None, None, 0, None, JACKKNIFE, 0, None, "")
    for found in (
        jackknife([(1, 2)], ratio),
        bootstrap([(1, 2)], ratio),
        jackknife([(1, 2), (0, 0)], ratio),
    ):
        assert (found.value, found.low, found.why) == (0.5, None, ONE_DOCUMENT)
        assert found.documents == 1
        assert found.few
    assert jackknife([(1, 2)] * 9, ratio).few
    assert not jackknife([(1, 2)] * 10, ratio).few


def test_a_number_that_rests_on_one_document_has_no_interval():
    same, other = table([("a", "a")]), table([("a", "b")])
    found = jackknife_of(alpha(), [same] * 20 + [other])
    assert found.value is not None
    assert (found.low, found.error, found.why) == (None, None, RESTS_ON_ONE)
    drawn = bootstrap_of(alpha(), [same] * 20 + [other])
    assert 0 < drawn.resamples < RESAMPLES  # the other was not always drawn


def test_why_there_is_no_number():
    same = table([("a", "a")])
    assert jackknife_of(alpha(), [same] * 3)[:2] == (None, None)
    assert jackknife_of(alpha(), [same] * 3).why == ONE_LABEL
    assert bootstrap_of(alpha(), [same] * 3).why == ONE_LABEL
    assert jackknife_of(alpha(), [Table(), table([("a", None)])]).why == NO_PAIR
    assert jackknife_of(alpha(), []).why == NO_PAIR
    assert bootstrap_of(alpha(), []).how == BOOTSTRAP


def test_the_bootstrap_is_the_same_every_time_and_says_its_seed():
    first = bootstrap_of(alpha(), DOCUMENTS_C, resamples=200)
    assert first == bootstrap_of(alpha(), DOCUMENTS_C[::-1], resamples=200)
    assert (first.seed, first.resamples, first.how) == (SEED, 200, BOOTSTRAP)
    other = bootstrap_of(alpha(), DOCUMENTS_C, resamples=200, seed=1)
    assert other.seed == 1
    assert other.low != first.low
    assert first.value == other.value
    assert first.low <= first.value <= first.high


class Sum(NamedTuple):
    """What adds up without being a plain tuple."""

    right: int
    all: int

    def __add__(self, other):
        return Sum(self.right + other.right, self.all + other.all)

    def __sub__(self, other):
        return Sum(self.right - other.right, self.all - other.all)

    def facts(self):
        return list(self)


def test_other_sums_give_the_same_intervals():
    parts = [(1, 2), (3, 3), (2, 5), (1, 2), (4, 4)]
    sums = [Sum(*part) for part in parts]
    assert jackknife(sums, ratio) == jackknife(parts, ratio)
    assert jackknife(sums, ratio, total=Sum(11, 16)) == jackknife(parts, ratio)
    assert bootstrap(sums, ratio, resamples=50) == bootstrap(parts, ratio, resamples=50)


def test_of_a_measure_as_of_its_tables():
    chance = random.Random(2)
    documents = [
        Table.of(
            {who: chance.choice("aab") for who in "xyz" if chance.random() < 0.8} for _ in range(4)
        )
        for _ in range(15)
    ]
    for measure in (alpha(), percent(), ac1(2)):
        quick, slow = jackknife_of(measure, documents), jackknife(documents, measure)
        assert quick.error == pytest.approx(slow.error, abs=1e-12)
        assert quick.value == slow.value


def test_intervals_hold_the_truth_about_as_often_as_they_say(long_run):
    """Items of one document are alike, so an interval over items would be far too narrow."""
    chance = random.Random(11)
    runs, held = 1000 if long_run else 200, 0
    for _ in range(runs):
        parts = []
        for _ in range(40):
            share = chance.choice((0.6, 1.0))
            parts.append((sum(chance.random() < share for _ in range(10)), 10))
        found = jackknife(parts, ratio)
        held += found.low <= 0.8 <= found.high
    assert 0.90 <= held / runs <= 0.99
