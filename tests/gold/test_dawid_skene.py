"""The most likely labels and everyone's errors: the paper's own data, and what must hold for any."""

import json
import random
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold.agreement.dawid_skene import dawid_skene

PATIENTS = """
111 1111|333 4334|112 2122|222 3121|222 3222|222 3322|122 2111|333 3433|222 2223|232 2223
444 4444|222 3343|111 1111|222 3212|121 1111|111 2111|111 1111|111 1111|222 2221|222 1322
222 2222|222 2221|222 3222|221 2222|111 1111|111 1111|232 2222|111 1111|111 1111|112 1121
111 1111|333 3233|111 1111|222 2222|222 3232|433 4343|221 2232|232 3233|333 3432|111 1111
111 1111|121 2111|232 2222|121 1111|222 2222
"""
"""Dawid & Skene 1979, Applied Statistics 28(1), table 1: how fit 45 patients are for anaesthesia.

Of each what observer 1 said three times, then observers 2 to 5.
"""


def patients(first_only=False):
    found = []
    for patient in PATIENTS.split("\n"):
        for words in filter(None, patient.split("|")):
            own, others = words.split()
            said = dict(zip("2345", others, strict=True))
            found.append({"1": own[0] if first_only else list(own), **said})
    return found


def near(value, tolerance=5e-4):
    return pytest.approx(value, abs=tolerance)


def test_the_data_of_the_paper():
    found = dawid_skene(patients(), smoothing=0)
    assert len(found.posteriors) == 45
    assert found.converged
    assert found.labels == ("1", "2", "3", "4")
    # published, rounded to two places (table 3)
    assert found.priors == near((0.40, 0.42, 0.11, 0.07), 5e-3)
    # computed by two other programs as well
    assert found.priors == near((0.3996, 0.4220, 0.1118, 0.0667))
    assert found.posteriors[37] == near((0, 0.0212, 0.9788, 0))
    assert found.posteriors[6] == near((0.981, 0.019, 0, 0))
    assert diagonal(found, "2") == near((0.834, 0.633, 1, 1))
    assert found.log_likelihood == near(-192.8909)
    assert found.best(37) == ("3", near(0.9788))


def diagonal(found, who):
    return tuple(row[at] for at, row in enumerate(found.confusion[who]))


def test_the_data_of_the_paper_with_one_rating_of_each():
    found = dawid_skene(patients(first_only=True), smoothing=0)
    assert found.priors == near((0.4, 0.4126, 0.1208, 0.0667))


def test_every_worked_example(shared_data):
    path = shared_data.parent / "reference" / "agreement-fixtures.json"
    if not path.is_file():
        pytest.skip("the worked examples are not beside this checkout")
    worked = json.loads(path.read_text(encoding="utf-8"))["other"]["dawid_skene"]
    assert set(worked) == {
        "source",
        "all_ratings",
        "first_rating_only",
        "published_priors",
        "verified_with",
    }
    found_by = {
        "priors": lambda found: found.priors,
        "patient38": lambda found: found.posteriors[37],
        "patient7": lambda found: found.posteriors[6],
        "observer2_diag": lambda found: diagonal(found, "2"),
        "loglik": lambda found: found.log_likelihood,
    }
    for name in ("all_ratings", "first_rating_only"):
        found = dawid_skene(patients(name != "all_ratings"), smoothing=0)
        for what, expected in worked[name].items():
            assert found_by[what](found) == near(
                tuple(expected) if isinstance(expected, list) else expected
            ), what
    found = dawid_skene(patients(), smoothing=0)
    assert found.priors == near(tuple(worked["published_priors"]), 5e-3)


def simulated(number, seed=1, right=(0.9, 0.8, 0.7), labels="abcd"):
    chance = random.Random(seed)
    truth = [chance.choice(labels) for _ in range(number)]
    return truth, [
        {
            f"p{at}": label if chance.random() < share else chance.choice(labels)
            for at, share in enumerate(right)
        }
        for label in truth
    ]


def test_better_than_the_majority_when_annotators_differ():
    truth, items = simulated(1500)
    found = dawid_skene(items)
    best = [found.best(at)[0] for at in range(len(items))]
    most = [max(sorted(said.values()), key=list(said.values()).count) for said in items]
    right = sum(a == b for a, b in zip(best, truth, strict=True))
    assert right > sum(a == b for a, b in zip(most, truth, strict=True))
    means = [sum(diagonal(found, who)) / 4 for who in ("p0", "p1", "p2")]
    assert means == near([0.925, 0.85, 0.775], 0.04)


def test_an_annotator_who_turns_two_labels_round_is_seen_through():
    chance = random.Random(3)
    truth = [chance.choice("yn") for _ in range(300)]
    turned = {"y": "n", "n": "y"}
    items = [
        {"a": t, "b": t if chance.random() < 0.9 else turned[t], "c": turned[t]} for t in truth
    ]
    found = dawid_skene(items)
    assert [found.best(at)[0] for at in range(300)] == truth
    assert max(diagonal(found, "c")) < 0.02


def test_smoothing_leaves_nothing_impossible():
    items = [{"a": "x", "b": "x"}] * 5 + [{"a": "y", "b": "y"}] * 5
    plain, smooth = dawid_skene(items, smoothing=0), dawid_skene(items)
    assert plain.confusion["a"] == ((1, 0), (0, 1))
    assert smooth.confusion["a"][0] == near((5.1 / 5.2, 0.1 / 5.2), 0.01)
    assert smooth.confusion["a"][1] == near((0.1 / 5.2, 5.1 / 5.2), 0.01)
    assert 0.99 < smooth.best(0)[1] < 1 == plain.best(0)[1]


def test_labels_that_nobody_gave_and_items_that_nobody_rated():
    found = dawid_skene([{"a": "x"}, {}, {"a": "y", "b": "y"}], labels=("w", "x", "y", "z"))
    assert found.labels == ("w", "x", "y", "z")
    assert found.posteriors[1] == found.priors
    assert found.priors[0] == found.priors[3] == 0
    nothing = dawid_skene([{}, {}], labels=("x", "y"))
    assert nothing.posteriors == ((0.5, 0.5), (0.5, 0.5))
    assert dawid_skene([]).posteriors == ()


def test_it_tells_when_it_did_not_come_to_rest():
    assert not dawid_skene(patients(), smoothing=0, most=2).converged
    assert dawid_skene(patients(), smoothing=0, most=2).rounds == 2


rated = st.dictionaries(
    st.sampled_from("abc"),
    st.one_of(st.sampled_from("xyz"), st.lists(st.sampled_from("xyz"), max_size=3)),
)


@settings(max_examples=60)
@given(st.lists(rated, min_size=1, max_size=10), st.sampled_from([0, 0.1]), st.data())
def test_no_order_matters_to_the_last_bit(items, smoothing, data):
    order = data.draw(st.permutations(range(len(items))))
    found = dawid_skene(items, smoothing=smoothing)
    turned = [{who: said[::-1] for who, said in reversed(list(items[at].items()))} for at in order]
    again = dawid_skene(turned, smoothing=smoothing)
    assert again._replace(posteriors=()) == found._replace(posteriors=())
    assert again.posteriors == tuple(found.posteriors[at] for at in order)


@settings(max_examples=60)
@given(st.lists(rated, min_size=1, max_size=10), st.sampled_from([0, 0.1]))
def test_shares_are_shares(items, smoothing):
    found = dawid_skene(items, smoothing=smoothing)
    rows = [found.priors, *found.posteriors, *(row for t in found.confusion.values() for row in t)]
    for row in rows:
        assert all(0 <= share <= 1 + 1e-12 for share in row)
        assert sum(row) == pytest.approx(1 if found.labels else 0)


def test_without_smoothing_every_round_is_likelier():
    _, items = simulated(200, seed=5)
    runs = [dawid_skene(items, smoothing=0, most=most).log_likelihood for most in range(1, 12)]
    assert all(after > before - 1e-9 for before, after in pairwise(runs))
    assert runs[0] < runs[-1]
