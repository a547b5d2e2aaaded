"""Unitizing coefficients: worked examples, alpha over characters, and a count character by character."""

import json
import random
from fractions import Fraction
from itertools import combinations, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold.agreement.unitizing import Unitized, unitize, unitize_labels
from annotator.gold.agreement.unitizing_2004 import alpha_u_2004

LENGTH = 40
LABELS = ["NAV", "AD", "CAPTION"]
span = st.builds(
    lambda start, size, label: (start, min(LENGTH, start + size), label),
    st.integers(0, LENGTH - 1),
    st.integers(1, 12),
    st.sampled_from(LABELS),
)
spans = st.lists(span, max_size=6, unique=True)
document = st.dictionaries(st.sampled_from(["ana", "boris", "iva", "petr"]), spans, max_size=4)


def unitized(documents, make=unitize):
    return Unitized.total(make(LENGTH, document) for document in documents)


# --- published values, typed in -----------------------------------------------------------------

APS = {
    "Alex": [(2, 5, "1"), (9, 11, "1"), (12, 20, "2")],
    "Paul": [(2, 5, "1"), (7, 15, "2")],
    "Susan": [(2, 5, "1"), (10, 15, "2")],
}
"""Three annotators and 20 characters, with which several implementations were compared."""
KUA = {
    "coder1": [(3, 15, "k"), (22, 53, "k")],
    "coder2": [(3, 10, "k"), (22, 53, "k")],
    "coder3": [(22, 46, "k")],
}
"""The data of KrippendorffUnitizedAlpha's README; it prints .5672 for ends that are one off."""
BERTHA_BILL = {"x": [(2, 10, "A"), (14, 20, "A")], "y": [(4, 8, "A"), (15, 17, "A")]}
"""Krippendorff 1995, p. 57 A."""
KRIPPENDORFF_2004 = {
    "i": [(75, 145, "c"), (220, 250, "c"), (30, 90, "k"), (150, 200, "k")],
    "j": [(70, 150, "c"), (205, 225, "c"), (250, 270, "c"), (30, 90, "k"), (150, 200, "k")],
}
"""Krippendorff 2004, p. 254, from 150 on; the labels overlap each other, which α_U of 2004 allows."""
TOY = {"i": [(1, 9, "A")], "j": [(2, 3, "A"), (4, 5, "A"), (6, 7, "A")]}
"""DKPro Statistics, UnitizingAgreementTest."""


def test_three_annotators_of_twenty_characters():
    found = unitize(20, APS)
    assert found.u_alpha() == pytest.approx(109 / 230, abs=1e-12)
    assert found.bar_u_alpha() == pytest.approx(0.432813, abs=1e-6)
    assert found.agreement() == pytest.approx(39 / 60)
    assert found.pairs() == [("Alex", "Paul"), ("Alex", "Susan"), ("Paul", "Susan")]
    assert found.labels() == ["1", "2"]
    assert found.cu_alpha(("Paul", "Susan")) == 1
    each = [found.cu_alpha(pair) for pair in found.pairs()]
    assert found.cu_alpha() == pytest.approx(sum(each) / 3)


@pytest.mark.parametrize(
    ("length", "work", "value"),
    [(56, KUA, 0.564545), (24, BERTHA_BILL, 0.358333), (10, TOY, 0.181818)],
)
def test_other_published_figures(length, work, value):
    found = unitize(length, work)
    assert found.u_alpha() == pytest.approx(value, abs=1e-6)
    # With one label there is nothing but marked or not.
    assert found.bar_u_alpha() == found.u_alpha()
    assert found.label_alpha(found.labels()[0]) == found.u_alpha()
    assert found.cu_alpha() is None
    assert found.ku_alpha(found.labels()[0]).alpha is None


def test_the_older_coefficient():
    found = alpha_u_2004(300, KRIPPENDORFF_2004)
    assert found["c"] == pytest.approx((0.014444, 0.053222), abs=1e-6)
    assert found["c"].alpha == pytest.approx(0.728599, abs=1e-6)
    assert found["k"] == pytest.approx((0, 0.048979), abs=1e-6)
    assert found["k"].alpha == 1
    assert found[None].alpha == pytest.approx(0.8587, abs=5e-5)
    assert found[None].alpha == pytest.approx(0.8591, abs=5e-4)  # printed, with rounded parts
    assert alpha_u_2004(24, BERTHA_BILL)[None].alpha == pytest.approx(0.5153, abs=5e-5)
    toy = alpha_u_2004(10, TOY)[None]
    assert (*toy, toy.alpha) == pytest.approx((0.91, 0.535185, -0.700346), abs=1e-6)


def test_the_older_coefficient_refuses_what_it_is_not_made_for():
    with pytest.raises(ValueError, match="two annotators"):
        alpha_u_2004(10, {"a": []})
    with pytest.raises(ValueError, match="overlap or leave"):
        alpha_u_2004(10, {"a": [(0, 4, "A"), (3, 5, "A")], "b": []})
    with pytest.raises(ValueError, match="overlap or leave"):
        alpha_u_2004(10, {"a": [(0, 11, "A")], "b": []})
    assert alpha_u_2004(10, {"a": [], "b": []})[None].alpha is None


# --- a count character by character ---------------------------------------------------------------


def by_character(documents, pair=None, keep=lambda label: label, within=False):
    """uα from its definition: every character is a (label, number of its unit) or a gap.

    Pairs of characters of two annotators at one place against pairs of any two characters that are not
    of one unit of one annotator.
    """
    joint, units, rows = {}, {}, {}
    for number, work in enumerate(documents):
        chosen = sorted(who for who in work if pair is None or who in pair)
        if len(chosen) < (2 if pair is None else len(pair)):
            continue
        lines = {who: line(work[who], keep) for who in chosen}
        for one, other in permutations(chosen, 2):
            for at, (x, y) in enumerate(zip(lines[one], lines[other], strict=True)):
                if within and not (x and y):
                    continue
                key = (x and x[0], y and y[0])
                share = Fraction(1, len(chosen) - 1)
                joint[key] = joint.get(key, 0) + share
                rows[key[0]] = rows.get(key[0], 0) + share
                unit = (number, one, *(x or ("gap", at)))
                units[unit] = units.get(unit, 0) + share
    total = sum(joint.values())
    squares = {}
    for (*_, label, _), size in units.items():
        squares[label] = squares.get(label, 0) + size**2
    if not total or not (chance := total**2 - sum(squares.values())):
        return None
    alike = sum(
        total * (row**2 - squares["gap" if label is None else label]) / chance
        for label, row in rows.items()
    )
    same = sum(n for (x, y), n in joint.items() if x == y)
    return None if alike == total else 1 - (total - same) / (total - alike)


def line(found, keep):
    """The characters of one annotator, by the rules that `unitize` states."""
    continuum = [None] * LENGTH
    units = []
    for label in sorted({name for *_, name in found}):
        merged = []
        for start, end, _ in sorted(one for one in found if one[2] == label):
            if merged and start < merged[-1][1]:
                merged[-1][1] = max(end, merged[-1][1])
            else:
                merged.append([start, end, label])
        units += merged
    for number, (start, end, label) in enumerate(sorted(units, key=lambda u: (u[0], -u[1], u[2]))):
        free = [at for at in range(start, end) if not any(continuum[at:])]
        for at in free:
            continuum[at] = (label, number)
    return [one and keep(one[0]) and (keep(one[0]), one[1]) for one in continuum]


def near(value):
    return None if value is None else pytest.approx(float(value), abs=1e-12)


@given(st.lists(document, max_size=3))
@settings(max_examples=40)
def test_sums_say_what_a_count_by_character_says(documents):
    found = unitized(documents)
    assert found.u_alpha() == near(by_character(documents))
    for label in LABELS:
        alone = by_character(documents, keep=lambda one, label=label: one if one == label else None)
        assert found.label_alpha(label) == near(alone)
    for pair in found.pairs():
        assert found.u_alpha(pair) == near(by_character(documents, pair))
        assert found.u_alpha(pair[::-1]) == found.u_alpha(pair)
        assert found.cu_alpha(pair) == near(by_character(documents, pair, within=True))


# --- alpha over characters ------------------------------------------------------------------------


def characters(seed, annotators):
    """A label or a gap for every character of every annotator, and unit-length spans that say so."""
    chance = random.Random(seed)
    truth = [chance.choice([None, None, *LABELS]) for _ in range(LENGTH)]
    rows = [
        [chance.choice([None, *LABELS]) if chance.random() < 0.3 else one for one in truth]
        for _ in range(annotators)
    ]
    work = {
        f"a{number}": [(at, at + 1, label) for at, label in enumerate(row) if label]
        for number, row in enumerate(rows)
    }
    return rows, work


@pytest.mark.parametrize("seed", range(6))
def test_with_units_of_one_character_it_is_alpha_over_characters(seed):
    krippendorff = pytest.importorskip("krippendorff")

    def alpha(rows, code):
        coded = [[int(code(one)) for one in row] for row in rows]
        return krippendorff.alpha(reliability_data=coded, level_of_measurement="nominal")

    for annotators in (2, 3, 5):
        rows, work = characters(seed, annotators)
        found = unitize(LENGTH, work)
        number = {None: 0, **{label: n for n, label in enumerate(LABELS, 1)}}
        assert found.u_alpha() == pytest.approx(alpha(rows, number.get), abs=1e-9)
        assert found.bar_u_alpha() == pytest.approx(alpha(rows, bool), abs=1e-9)
        for label in LABELS:
            one = alpha(rows, lambda said, label=label: said == label)
            assert found.label_alpha(label) == pytest.approx(one, abs=1e-9)
        for (i, a), (j, b) in combinations(enumerate(sorted(work)), 2):
            both = [(x, y) for x, y in zip(rows[i], rows[j], strict=True) if x and y]
            said = alpha(list(zip(*both, strict=True)), number.get)
            assert found.cu_alpha((a, b)) == pytest.approx(said, abs=1e-9)
            assert found.ku_alpha(LABELS[0], (a, b)).coverage == pytest.approx(
                sum((x == LABELS[0]) + (y == LABELS[0]) for x, y in both)
                / sum(row.count(LABELS[0]) for row in (rows[i], rows[j]))
            )


def test_one_label_against_the_rest_is_cu_alpha_when_there_are_two():
    found = unitize(20, APS)
    for pair in found.pairs():
        both = {label: found.ku_alpha(label, pair).alpha for label in "12"}
        assert min(both.values()) - 1e-9 <= found.cu_alpha(pair) <= max(both.values()) + 1e-9
    assert found.ku_alpha("1", ("Paul", "Susan")) == (1, 1)
    assert found.ku_alpha("2", ("Paul", "Susan")) == (1, pytest.approx(10 / 13))
    assert found.ku_alpha("no such label") == (None, None)


# --- what always holds ----------------------------------------------------------------------------


def figures(found):
    return [
        found.u_alpha(),
        found.bar_u_alpha(),
        found.cu_alpha(),
        found.agreement(),
        *(found.label_alpha(label) for label in LABELS),
        *(found.ku_alpha(label) for label in LABELS),
    ]


@given(st.lists(document, max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_no_order_changes_a_bit(documents, chance):
    found = unitized(documents)
    shuffled = [
        {who: chance.sample(work[who], len(work[who])) for who in chance.sample([*work], len(work))}
        for work in chance.sample(documents, len(documents))
    ]
    again = unitized(shuffled)
    assert again == found
    assert figures(again) == figures(found)
    assert json.dumps(again.facts()) == json.dumps(found.facts())
    read = Unitized.of_facts(json.loads(json.dumps(found.facts())))
    assert read == found
    assert figures(read) == figures(found)


@given(st.lists(document, max_size=3), st.lists(document, max_size=3))
@settings(max_examples=40)
def test_documents_are_added_and_taken_out_again(one, other):
    both = unitized(one + other)
    assert unitized(one) + unitized(other) == both
    assert sum((unitize(LENGTH, work) for work in one), Unitized()) == unitized(one)
    assert both - unitized(other) == unitized(one)
    assert both.documents == sum(len(work) > 1 for work in one + other)
    assert both.single == sum(len(work) < 2 for work in one + other)


@given(st.lists(document, max_size=3))
@settings(max_examples=40)
def test_a_continuum_per_label_says_the_same_where_spans_do_not_nest(documents):
    flat = [
        {who: [(*one[:2], LABELS[0]) for one in work] for who, work in document.items()}
        for document in documents
    ]
    one, apart = unitized(flat), unitized(flat, unitize_labels)
    assert apart.label_alpha(LABELS[0]) == one.label_alpha(LABELS[0]) == one.u_alpha()
    for label in LABELS:
        alone = [
            {who: [s for s in work if s[2] == label] for who, work in document.items()}
            for document in documents
        ]
        found = unitized(documents, unitize_labels)
        assert found.label_alpha(label) == unitized(alone).u_alpha()


@given(spans, st.integers(2, 4))
def test_who_agrees_agrees_perfectly_if_there_is_anything_to_tell_apart(work, annotators):
    found = unitize(LENGTH, {str(n): work for n in range(annotators)})
    assert found.agreement() == 1
    assert found.u_alpha() in (1, None)
    assert (found.u_alpha() is None) == (not work or work == [(0, LENGTH, work[0][2])])
    assert found.cu_alpha() == (1 if len(set(found.labels())) > 1 else None)


def test_labels_that_nest_have_a_continuum_each():
    work = {
        "ana": [(0, 30, "ORG"), (10, 20, "LOC")],
        "iva": [(0, 30, "ORG"), (10, 20, "LOC")],
    }
    apart = unitize_labels(40, work)
    assert (apart.label_alpha("ORG"), apart.label_alpha("LOC")) == (1, 1)
    assert apart.cut == {}
    assert apart.label_alpha("PER") is None
    one = unitize(40, work)
    assert one.cut == {"ana": 1, "iva": 1}
    assert one.labels() == ["ORG"]
    for ask in (apart.u_alpha, apart.bar_u_alpha, apart.cu_alpha, apart.agreement):
        with pytest.raises(ValueError, match="only label_alpha"):
            ask()
    with pytest.raises(ValueError, match="cannot be added"):
        apart + one


def test_overlaps_of_one_annotator_are_resolved_and_counted():
    work = {
        "ana": [(0, 10, "A"), (5, 15, "A"), (15, 18, "A"), (12, 16, "B"), (17, 25, "B")],
        "iva": [(0, 15, "A"), (15, 18, "A"), (18, 25, "B")],
    }
    found = unitize(30, work)
    assert found.merged == {"ana": 1}
    assert found.cut == {"ana": 3}  # B 12-16 keeps 15-16, A 15-18 keeps 16-18, B 17-25 keeps 18-25
    assert found.sums[2, "ana", "iva"].marked == {"A": 15 + 2 + 18, "B": 1 + 7 + 7}
    assert found.sums[2, "ana", "iva"].squares["A"] == 15**2 + 2**2 + 15**2 + 3**2
    same = {"ana": [(0, 5, "A"), (0, 5, "B"), (0, 9, "C")], "iva": []}
    assert unitize(9, same).sums[2, "ana", "iva"].marked == {"C": 9}
    assert unitize(9, same).cut == {"ana": 2}


def test_units_that_touch_stay_two():
    two = {"ana": [(0, 5, "A"), (5, 10, "A")], "iva": [(0, 5, "A"), (5, 10, "A")]}
    one = {"ana": [(0, 10, "A")], "iva": [(0, 10, "A")]}
    assert unitize(20, two).sums[2, "ana", "iva"].squares == {"A": 100}
    assert unitize(20, one).sums[2, "ana", "iva"].squares == {"A": 200}


def test_who_found_nothing_counts_and_who_did_not_finish_does_not():
    work = {"ana": [(0, 5, "A")], "iva": [(0, 5, "A")]}
    nothing = unitize(20, {**work, "petr": []})
    assert unitize(20, work).u_alpha() == 1
    assert nothing.u_alpha() < 1
    assert nothing.pairs() == [("ana", "iva"), ("ana", "petr"), ("iva", "petr")]
    alone = unitize(20, {"ana": [(0, 5, "A")]})
    assert (alone.documents, alone.single, alone.u_alpha()) == (0, 1, None)
    assert (unitize(20, work) + alone).u_alpha() == 1


def test_nothing_to_tell_apart_is_undefined_not_perfect():
    empty = unitize(20, {"ana": [], "iva": []})
    full = unitize(20, {"ana": [(0, 20, "A")], "iva": [(0, 20, "A")]})
    for found in (empty, full, Unitized()):
        assert (found.u_alpha(), found.bar_u_alpha(), found.cu_alpha()) == (None, None, None)
    assert (empty.agreement(), Unitized().agreement()) == (1, None)
    assert (empty + full).u_alpha() == 1


def test_pooled_is_not_the_mean_of_documents():
    one = unitize(20, APS)
    other = unitize(24, BERTHA_BILL)
    mean = (one.u_alpha() + other.u_alpha()) / 2
    assert (one + other).u_alpha() != pytest.approx(mean, abs=0.01)


@given(document, st.sets(st.sampled_from(["ana", "boris", "iva", "petr"])))
@settings(max_examples=40)
def test_annotators_can_be_left_out_of_a_document(work, kept):
    found = unitize(LENGTH, work).only(kept)
    some = unitize(LENGTH, {who: found for who, found in work.items() if who in kept})
    if len(work) > 1:
        assert found == some
    with pytest.raises(ValueError, match="one document at a time"):
        Unitized(documents=2).only(kept)


def test_spans_must_lie_in_the_text():
    for make in (unitize, unitize_labels):
        with pytest.raises(ValueError, match="leaves the text"):
            make(10, {"ana": [(5, 11, "A")], "iva": []})
        with pytest.raises(ValueError, match="a character at least"):
            make(10, {"ana": [(5, 5, "A")], "iva": []})


def test_facts_of_something_else_are_refused():
    facts = unitize(20, APS).facts()
    for bad in ({}, {**facts, "docs": 1}, {**facts, "sums": [[2, "a", "b", [1, {}]]]}):
        with pytest.raises((KeyError, TypeError, ValueError)):
            Unitized.of_facts(bad)


# --- the worked examples beside the checkout ------------------------------------------------------


@pytest.fixture(scope="module")
def examples(shared_data):
    path = shared_data.parent / "reference" / "agreement-fixtures.json"
    if not path.exists():
        pytest.skip("the worked examples are not beside this checkout")
    return json.loads(path.read_text(encoding="utf-8"))["unitizing"]


def work_of(example):
    begin = example.get("begin", 0)
    return {
        who: [(start - begin, end - begin, label) for start, end, label in found]
        for who, found in example["spans"].items()
    }


def test_every_example_has_a_test(examples):
    assert {
        name: sorted(example["expected"]) if isinstance(example, dict) else []
        for name, example in examples.items()
    } == {
        "krip2004_p254": ["alpha_U_overall", "c", "k", "published_overall"],
        "toy": ["De", "Do", "alpha_U_2004", "u_2016"],
        "aps": ["De", "Do", "bar_u", "cu_variant_A", "cu_variant_B", "observed", "u"],
        "kua_readme": ["u"],
        "bertha_bill": ["alpha_U_2004", "bar_u", "u"],
        "identity": [],  # test_with_units_of_one_character_it_is_alpha_over_characters
    }


def test_examples_of_2004(examples):
    book = examples["krip2004_p254"]
    expected = book["expected"]
    found = alpha_u_2004(book["length"], work_of(book))
    assert found[None].alpha == pytest.approx(expected["alpha_U_overall"], abs=5e-4)
    assert found[None].alpha == pytest.approx(expected["published_overall"], abs=5e-4)
    for label in "ck":
        parts = {"Do": found[label].observed, "De": found[label].expected}
        assert {**parts, "alpha": found[label].alpha} == pytest.approx(expected[label], abs=5e-4)
    toy = examples["toy"]
    found = alpha_u_2004(toy["length"], work_of(toy))[None]
    said = {"Do": found.observed, "De": found.expected, "alpha_U_2004": found.alpha}
    said["u_2016"] = unitize(toy["length"], work_of(toy)).u_alpha()
    assert said == pytest.approx(toy["expected"], abs=5e-4)
    bertha = examples["bertha_bill"]
    found = alpha_u_2004(bertha["length"], work_of(bertha))[None]
    assert found.alpha == pytest.approx(bertha["expected"]["alpha_U_2004"], abs=5e-4)


def test_examples_of_2016(examples):
    for name in ("aps", "kua_readme", "bertha_bill"):
        found = unitize(examples[name]["length"], work_of(examples[name]))
        expected = examples[name]["expected"]
        assert found.u_alpha() == pytest.approx(expected["u"], abs=5e-4)
        if "bar_u" in expected:
            assert found.bar_u_alpha() == pytest.approx(expected["bar_u"], abs=5e-4)


def test_the_parts_of_three_annotators(examples):
    """ℓ of all three from the sums of pairs, and the two readings of cuα of three."""
    example = examples["aps"]
    expected = example["expected"]
    work = work_of(example)
    sums = unitize(example["length"], work).sums
    m = len(work)
    joint, marked, met = {}, {}, {}
    for pair in sums.values():
        for into, cell in ((joint, pair.joint), (marked, pair.marked), (met, pair.met)):
            for key, n in cell.items():
                into[key] = into.get(key, 0) + n / (m - 1)
    rows = {c: joint[c, c] + joint["1", "2"] for c in "12"}
    total = m * example["length"]
    observed = {f"{c},{k}": n for (c, k), n in joint.items()}
    observed |= {f"gap,{c}": marked[c] - rows[c] for c in "12"}
    gaps = total - sum(marked.values())
    observed["gap,gap"] = gaps - observed["gap,1"] - observed["gap,2"]
    assert observed == pytest.approx(expected["observed"])
    differing = total - sum(observed[both] for both in ("gap,gap", "1,1", "2,2"))
    assert differing == pytest.approx(expected["Do"])
    u = unitize(example["length"], work).u_alpha()
    assert differing / (1 - u) == pytest.approx(expected["De"], abs=5e-4)

    def cu(squares):
        size = sum(rows.values())
        chance = size**2 - squares
        alike = sum(row**2 for row in rows.values()) - squares
        return 1 - 2 * joint["1", "2"] / (size - size * alike / chance)

    assert cu(sum(met.values())) == pytest.approx(expected["cu_variant_A"], abs=5e-4)
    # The other reading: of every unit what anybody else marked, squared.
    anybody = 0
    for who, found in work.items():
        others = [one for other, ones in work.items() if other != who for one in ones]
        for start, end, _ in found:
            seen = {at for b, e, _ in others for at in range(max(b, start), min(e, end))}
            anybody += len(seen) ** 2
    assert cu(anybody) == pytest.approx(expected["cu_variant_B"], abs=5e-4)
