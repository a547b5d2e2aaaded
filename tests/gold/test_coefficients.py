"""Agreement on labels: published values, other people's programs, and what must hold for any ratings."""

import json
import random
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ratings_kit import KRIPPENDORFF_C, fleiss_1971, items, table

from annotator.gold.agreement.coefficients import (
    INTERVAL,
    NO_PAIR,
    ONE_LABEL,
    RATIO,
    Table,
    ac1,
    alpha,
    bennett,
    between,
    cohen,
    conger,
    fleiss,
    fleiss_gwet,
    fleiss_label,
    ordinal,
    percent,
    scott,
    skewed,
    specific,
)
from annotator.gold.agreement.linearised import ac1_error, alpha_error

STUDENT = {10: 2.228139, 11: 2.200985}
"""Student's t, 97.5 %, by degrees of freedom, from any table of it."""


def crossed(**cells):
    """Two annotators: how often they said `ab`, the one a and the other b."""
    return table(list(pair) for pair, count in cells.items() for _ in range(count))


def half_check(one, other):
    return 0.5 if "Chck" in (one, other) or "CHCK" in (one.upper(), other.upper()) else 1


# --- published values, typed in -----------------------------------------------------------------

COHEN_45 = crossed(aa=88, ab=14, ac=18, ba=10, bb=40, bc=10, ca=2, cb=6, cc=12)
"""Cohen 1960, Educational and Psychological Measurement 20(1), p. 45 (proportions of 200)."""
POESIO_1 = crossed(ss=20, si=20, **{"is": 10}, ii=50)
"""Artstein & Poesio 2008, Computational Linguistics 34(4), table 1: statements, information requests."""
SKEWED = table([("+", "+")] * 118 + [("+", "-")] * 5 + [("-", "+")] * 2)
KRIPPENDORFF_A = [(0, 1), (1, 1), (0, 1), (0, 0), (0, 0), (0, 1), (0, 0), (0, 0), (1, 0), (0, 0)]
KRIPPENDORFF_B = ["ab", "aa", "bb", "bb", "db", "cc", "cc", "cc", "ee", "dd", "dd", "ad"]
"""Krippendorff 2011, Computing Krippendorff's alpha-reliability, examples A and B."""


def near(value, tolerance=5e-6):
    return pytest.approx(value, abs=tolerance)


def test_cohen_1960():
    assert percent()(COHEN_45) == 0.7
    assert cohen()(COHEN_45) == near(0.49153)
    assert scott()(COHEN_45) == near(0.48718)
    assert alpha()(COHEN_45) == near(0.48846)
    assert bennett(3)(COHEN_45) == 0.55
    assert ac1(3)(COHEN_45) == near(0.57597)


def test_artstein_and_poesio_2008():
    assert cohen()(POESIO_1) == near(0.34783)
    assert scott()(POESIO_1) == near(0.34066)
    assert bennett(2)(POESIO_1) == 0.4
    assert ac1(2)(POESIO_1) == near(0.44954)


def test_weighted_as_in_artstein_and_poesio_2008():
    seven = table(
        [("Stat", "Stat")] * 46
        + [("IReq", "Stat")] * 6
        + [("IReq", "IReq")] * 32
        + [("IReq", "Chck")] * 6
        + [("Chck", "Chck")] * 10
    )
    weighted = between(half_check)
    assert cohen()(seven) == near(0.80132)
    assert cohen(distance=weighted)(seven) == near(0.81633)
    assert alpha(weighted)(seven) == near(0.81555)


def test_the_paradox_of_skewed_labels():
    assert percent()(SKEWED) == 0.944
    assert cohen()(SKEWED) == near(-0.02339)
    assert scott()(SKEWED) == near(-0.02881)
    assert alpha()(SKEWED) == near(-0.02469)
    assert ac1(2)(SKEWED) == near(0.94078)
    assert specific("+")(SKEWED) == near(236 / 243)
    assert specific("-")(SKEWED) == 0


def test_fleiss_1971():
    found = fleiss_1971()
    assert fleiss()(found) == near(0.43024)
    assert alpha()(found) == near(0.43341)
    assert ac1(5)(found) == near(0.44788)
    own = [fleiss_label(label)(found) for label in "12345"]
    assert own == near([0.24476, 0.24476, 0.52, 0.47113, 0.56612], 5e-5)


def test_krippendorff_2011():
    assert alpha()(table(KRIPPENDORFF_A)) == near(0.09524)
    assert alpha()(table(KRIPPENDORFF_B)) == near(0.69196)
    found = table(KRIPPENDORFF_C)
    assert alpha()(found) == near(0.74342)
    assert alpha(ordinal("12345"))(found) == near(0.81539)
    assert alpha(INTERVAL)(found) == near(0.84911)
    assert alpha(RATIO)(found) == near(0.79740)
    assert percent()(found) == near(9 / 11)
    assert ac1(5)(found) == near(0.77544)
    assert fleiss_gwet()(found) == near(0.76117)
    assert (found.items, found.paired, found.single, found.ratings) == (12, 11, 1, 41)


def test_analytic_errors_as_others_compute_them():
    """irrCAC 0.4.4 on the same data."""
    found = table(KRIPPENDORFF_C)
    assert (ac1_error(found, 5), alpha_error(found)) == near((0.14295, 0.14557), 1e-5)
    assert (ac1_error(fleiss_1971(), 5), alpha_error(fleiss_1971())) == near((0.0557, 0.0542), 5e-5)


def test_alpha_against_exact_fractions():
    """Krippendorff's own examples: A is 2/21, C is 113/152."""
    assert alpha()(table(KRIPPENDORFF_A)) == float(Fraction(2, 21))
    assert alpha()(table(KRIPPENDORFF_C)) == float(Fraction(113, 152))


def test_f1_is_the_agreement_on_a_label_and_kappa_comes_close_as_true_negatives_grow():
    """Hripcsak & Rothschild 2005, JAMIA 12(3): a = 80, b = c = 10."""
    values = []
    for negatives in (100, 1000, 10_000, 1_000_000):
        found = negatives_and(negatives)
        assert specific("yes")(found) == 160 / 180
        values.append(cohen()(found))
    assert values == near([0.79798, 0.87899, 0.88789, 0.88888], 1e-5)


def negatives_and(negatives):
    cells = {("yes", "yes"): 80, ("yes", "no"): 10, ("no", "yes"): 10, ("no", "no"): negatives}
    return Table({(("a", one), ("b", other)): n for (one, other), n in cells.items()})


# --- the worked examples beside this checkout ---------------------------------------------------

FOUND_BY = {
    "observed": lambda t: percent()(t),
    "percent": lambda t: percent()(t),
    "kappa": lambda t: cohen()(t),
    "pi": lambda t: scott()(t),
    "s": lambda t: bennett(len(t.labels))(t),
    "alpha_nominal": lambda t: alpha()(t),
    "alpha_ordinal": lambda t: alpha(ordinal(sorted(t.labels)))(t),
    "alpha_interval": lambda t: alpha(INTERVAL)(t),
    "alpha_ratio": lambda t: alpha(RATIO)(t),
    "weighted_alpha_d05": lambda t: alpha(between(half_check))(t),
    "weighted_kappa_d05": lambda t: cohen(distance=between(half_check))(t),
    "ac1": lambda t: ac1(len(t.labels))(t),
    "fleiss": lambda t: fleiss()(t),
    "fleiss_missing_gwet": lambda t: fleiss_gwet()(t),
    "conger": lambda t: conger()(t),
    # the chance agreement that observed agreement and kappa imply
    "expected_pe": lambda t: (percent()(t) - fleiss()(t)) / (1 - fleiss()(t)),
    "per_category": lambda t: {label: fleiss_label(label)(t) for label in t.labels},
    "ac1_analytic_se": lambda t: ac1_error(t, len(t.labels)),
    "alpha_analytic_se": lambda t: alpha_error(t),
    "ac1_analytic_ci": lambda t: around(ac1(0)(t), ac1_error(t, 0), t.items - 1),
    "alpha_analytic_ci": lambda t: around(alpha()(t), alpha_error(t), t.paired - 1),
}
ELSEWHERE = {"jackknife_se_alpha", "jackknife_se_ac1"}
"""Tested in test_intervals.py."""
OTHERS = {
    "gamma",
    "boundary_similarity",
    "segeval",
    "seqeval",
    "dawid_skene",
    "cluster",
    "hripcsak",
}


def around(value, error, degrees):
    return [value - STUDENT[degrees] * error, min(1.0, value + STUDENT[degrees] * error)]


@pytest.fixture(scope="module")
def worked(shared_data):
    path = shared_data.parent / "reference" / "agreement-fixtures.json"
    if not path.is_file():
        pytest.skip("the worked examples are not beside this checkout")
    return json.loads(path.read_text(encoding="utf-8"))


def test_every_worked_example(worked):
    checked = 0
    for name, example in worked["nominal"].items():
        found = table(example["rows"])
        for what, expected in example["expected"].items():
            if what not in ELSEWHERE:
                assert FOUND_BY[what](found) == pytest.approx(expected, abs=5e-4), (name, what)
                checked += 1
    assert checked >= 60


def test_no_worked_example_is_left_out(worked):
    assert set(worked["other"]) == OTHERS
    used = {what for example in worked["nominal"].values() for what in example["expected"]}
    assert used == set(FOUND_BY) | ELSEWHERE
    assert set(worked) >= {"nominal", "spans", "unitizing", "other"}


def test_worked_kappas_beside_f1(worked):
    example = worked["other"]["hripcsak"]
    assert set(example) == {"note", "kappa"}
    for negatives, expected in example["kappa"].items():
        found = cohen()(negatives_and(int(negatives)))
        assert found == pytest.approx(expected, abs=5e-4)


# --- other people's programs --------------------------------------------------------------------


def ratings_at_random(seed, missing=0.0, people=3, labels="0123", number=40):
    chance = random.Random(seed)
    rows = []
    for _ in range(number):
        true = chance.choice(labels)
        rows.append(
            [
                None
                if chance.random() < missing
                else true
                if chance.random() < 0.6
                else chance.choice(labels)
                for _ in range(people)
            ]
        )
    return rows


def their_task(rows):
    nltk = pytest.importorskip("nltk.metrics.agreement")
    return nltk.AnnotationTask(
        data=[
            (who, str(at), label)
            for at, one in enumerate(items(rows))
            for who, label in one.items()
        ]
    )


@pytest.mark.parametrize("seed", range(8))
def test_as_nltk_on_complete_data(seed):
    rows = ratings_at_random(seed, people=2 + seed % 3)
    task, found = their_task(rows), table(rows)
    assert alpha()(found) == near(task.alpha(), 1e-9)
    assert fleiss()(found) == near(task.pi(), 1e-9)
    assert conger()(found) == near(task.multi_kappa(), 1e-9)
    assert bennett(len(found.labels))(found) == near(task.S(), 1e-9)
    assert percent()(found) == near(task.avg_Ao(), 1e-9)
    if len(rows[0]) == 2:
        assert cohen()(found) == near(task.kappa(), 1e-9)
        assert scott()(found) == near(task.pi(), 1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_as_scikit_learn_for_two(seed):
    score = pytest.importorskip("sklearn.metrics").cohen_kappa_score
    rows = ratings_at_random(seed, people=3)
    found = table(rows)
    apart = {
        "linear": lambda a, b: abs(int(a) - int(b)),
        "quadratic": lambda a, b: (int(a) - int(b)) ** 2,
    }
    for one, other in ((0, 1), (0, 2), (1, 2)):
        said = [row[one] for row in rows], [row[other] for row in rows]
        pair = f"r{one}", f"r{other}"
        assert cohen(pair)(found) == near(score(*said), 1e-9)
        assert cohen(pair[::-1])(found) == cohen(pair)(found)
        for weights, distance in apart.items():
            mine = cohen(pair, between(distance))(found)
            assert mine == near(score(*said, weights=weights), 1e-9)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("missing", [0.0, 0.3, 0.6])
def test_as_krippendorff_with_missing_ratings(seed, missing):
    krippendorff = pytest.importorskip("krippendorff")
    rows = ratings_at_random(seed, missing, people=4)
    found = table(rows)
    theirs = [
        [float("nan") if label is None else float(label) for label in who]
        for who in zip(*rows, strict=True)
    ]
    for level, distance in (
        ("nominal", None),
        ("ordinal", ordinal("0123")),
        ("interval", INTERVAL),
        ("ratio", RATIO),
    ):
        mine = (alpha(distance) if distance else alpha())(found)
        assert mine == near(krippendorff.alpha(theirs, level_of_measurement=level), 1e-9)


# --- what must hold -----------------------------------------------------------------------------

PEOPLE = ("ana", "боян", "ceci", "dan")
LABELS = ("against", "neutral", "favor", "unclear")
rated = st.dictionaries(st.sampled_from(PEOPLE), st.sampled_from(LABELS), max_size=4)
some_items = st.lists(rated, max_size=12)
MEASURES = (
    percent(),
    alpha(),
    alpha(ordinal(LABELS[:3])),
    ac1(4),
    bennett(4),
    cohen(),
    cohen(("ana", "боян")),
    scott(),
    fleiss(),
    fleiss_label("favor"),
    fleiss_gwet(),
    conger(),
    specific("favor"),
)
CORRECTED = tuple(m for m in MEASURES if not m.name.startswith(("percent", "specific")))


def values(found):
    return [measure.of(found) for measure in MEASURES]


@given(some_items, st.randoms(use_true_random=False))
def test_no_order_matters_to_the_last_bit(ratings, chance):
    shuffled = [dict(chance.sample(sorted(one.items()), len(one))) for one in ratings]
    chance.shuffle(shuffled)
    assert values(Table.of(shuffled)) == values(Table.of(ratings))


@given(some_items)
def test_renaming_annotators_changes_nothing(ratings):
    other = dict(zip(PEOPLE, reversed(PEOPLE), strict=True))
    renamed = Table.of({other[who]: label for who, label in one.items()} for one in ratings)
    of_all = [m for m in MEASURES if m is not MEASURES[6]]
    for measure in of_all:
        assert measure.of(renamed) == measure.of(Table.of(ratings)), measure.name


@given(some_items, some_items)
def test_tables_add_up_and_are_taken_out_again(first, second):
    one, other = Table.of(first), Table.of(second)
    assert one + other == Table.of(first + second) == Table.total([other, one])
    assert hash(one + other) == hash(other + one)
    assert (one + other) - other == one
    assert values(one + other - other) == values(one)
    assert one - one == Table()
    assert not Table()


@given(some_items, some_items)
def test_sums_of_a_form_add_up(first, second):
    whole = Table.of(first + second)
    for measure in MEASURES:
        form = measure.form(whole)
        total = form.count(whole)
        nothing = (0,) * len(total)
        one, other = (form.count(Table.of(part)) or nothing for part in (first, second))
        assert tuple(a + b for a, b in zip(one, other, strict=True)) == total, measure.name


@given(some_items)
def test_facts_come_back_from_json(ratings):
    found = Table.of(ratings)
    facts = json.loads(json.dumps(found.facts()))
    assert Table.of_facts(facts) == found
    assert Table.of_facts(facts).facts() == found.facts()


@pytest.mark.parametrize(
    "facts", [[[[], 1]], [[[["ana", "favor"]], 0]], [[[["ana", "favor"]], "2"]], [[1]], [7]]
)
def test_facts_that_are_none_are_refused(facts):
    with pytest.raises((ValueError, TypeError)):
        Table.of_facts(facts)


def test_a_table_cannot_lose_what_it_does_not_hold():
    with pytest.raises(ValueError):
        Table.of([{"ana": "favor"}]) - Table.of([{"ana": "against"}])


@given(st.lists(st.sampled_from(LABELS), min_size=2).filter(lambda said: len(set(said)) > 1))
def test_perfect_agreement_is_one(said):
    found = Table.of(dict.fromkeys(PEOPLE, label) for label in said)
    for measure in MEASURES:
        value = measure.of(found)
        if value.value is None:  # the scale or the label does not occur
            assert measure.name in ("alpha ordinal", "fleiss favor", "specific favor")
            assert len(set(said) - {"unclear"}) < 2 or "favor" not in said
        else:
            assert value.value == 1.0, measure.name


@given(st.integers(1, 5), st.integers(2, 4))
def test_one_label_says_nothing_beyond_chance(number, people):
    found = Table.of([dict.fromkeys(PEOPLE[:people], "favor")] * number)
    for measure in CORRECTED:
        assert measure.of(found) == (None, ONE_LABEL), measure.name
    assert percent()(found) == specific("favor")(found) == 1.0
    assert skewed(found)


def test_nothing_rated_twice_is_undefined():
    for found in (Table(), Table.of([{}]), Table.of([{"ana": "favor"}, {"боян": "against"}])):
        for measure in MEASURES:
            assert measure.of(found) == (None, NO_PAIR)


@given(
    some_items, st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(LABELS)), max_size=9)
)
def test_items_rated_once_never_change_alpha(ratings, alone):
    more = ratings + [{who: label} for who, label in alone]
    for measure in (
        alpha(),
        alpha(ordinal(LABELS[:3])),
        percent(),
        cohen(),
        scott(),
        specific("favor"),
    ):
        assert measure.of(Table.of(more)) == measure.of(Table.of(ratings))


@given(some_items)
def test_labels_off_the_scale_count_only_without_a_scale(ratings):
    on = [{who: label for who, label in one.items() if label != "unclear"} for one in ratings]
    measure = alpha(ordinal(LABELS[:3]))
    assert measure(Table.of(ratings)) == measure(Table.of(on))


def test_pooling_is_not_averaging():
    """A document all but agreed on and a small one: the mean of two alphas is not alpha of both."""
    one = crossed(aa=6, bb=6)
    other = crossed(aa=1, ab=1, ba=1)
    pooled, mean = alpha()(one + other), (alpha()(one) + alpha()(other)) / 2
    assert pooled == near(83 / 112, 1e-12)
    assert abs(pooled - mean) > 0.3


def test_fleiss_and_conger_want_complete_data():
    uneven = Table.of([{"a": "x", "b": "y"}, {"a": "x", "b": "x", "c": "y"}])
    assert fleiss().of(uneven).why == "items have different numbers of ratings"
    others = Table.of([{"a": "x", "b": "y"}, {"a": "x", "c": "x"}])
    assert fleiss()(others) is not None
    assert conger().of(others).why == "not everybody rated every item"


def test_alpha_on_numbers_wants_numbers():
    found = crossed(ab=2, aa=2)
    assert alpha(INTERVAL).of(found).why == "not all labels are numbers"
    assert alpha(RATIO).of(table([(-1, 1), (1, 1)])).why == "not all labels are numbers from 0 up"
    assert alpha(RATIO)(table([(0, 1), (1, 1)])) == alpha()(table([(0, 1), (1, 1)]))


def test_a_scale_has_each_label_once_and_kappa_no_scale():
    with pytest.raises(ValueError):
        ordinal(["against", "favor", "against"])
    with pytest.raises(ValueError):
        cohen(distance=ordinal("ab"))(crossed(ab=1, aa=1))


def test_kappa_of_several_pairs_sums_before_it_divides():
    ab, ac = [("x", "x", None)] * 3 + [("y", "x", None)], [("x", None, "y"), ("y", None, "y")]
    found = table(ab + ac)
    # ab: 1 of 4 differs, by chance 4 (1 - 3/4) = 1; ac: 1 of 2 differs, by chance 2 (1 - 1/2) = 1
    assert cohen(("r0", "r1"))(found) == 0
    assert cohen(("r0", "r2"))(found) == 0
    assert cohen()(found) == 1 - 2 / 2
    assert cohen(("r1", "r2")).of(found).why == NO_PAIR


@given(st.lists(st.tuples(*[st.sampled_from("0123")] * 2), min_size=1, max_size=20))
def test_pi_is_alpha_without_its_correction_for_small_samples(rows):
    found, n = table(rows), 2 * len(rows)
    for distance in (None, INTERVAL, RATIO):
        pi = scott(distance=distance)(found) if distance else scott()(found)
        other = (alpha(distance) if distance else alpha())(found)
        if pi is None:
            assert other is None
        else:
            assert 1 - other == near((1 - pi) * (n - 1) / n, 1e-12)


def test_more_labels_offered_than_used_change_what_corrects_by_their_number():
    found = crossed(aa=4, ab=2, bb=4)
    assert ac1(2)(found) < ac1(6)(found)
    assert bennett(2)(found) < bennett(6)(found)
    assert ac1(1)(found) == ac1(2)(found)
    assert bennett(1)(found) == bennett(2)(found)


def test_skew_is_told():
    assert skewed(SKEWED)
    assert not skewed(crossed(aa=40, ab=10, bb=50))
    assert skewed(table([("a", "a")] * 41 + [("b", "b")] * 10))
    assert not skewed(table([("a", "a")] * 40 + [("b", "b")] * 10))
    # no label above 80 %, but most items agree and a few much-rated ones do not
    split = [("a",) * 5 + ("b",) * 5] * 15
    assert skewed(table([("a", "a")] * 85 + split))
    assert not skewed(table([("a", "a")] * 45 + [("b", "b")] * 40 + split[:5]))
    assert not skewed(Table())


def test_who_disagreed_on_what():
    found = Table.of([{"b": "y", "a": "x"}, {"a": "x", "b": "x", "c": "y"}, {"c": "x"}])
    assert found.pairs() == {
        ("a", "b"): {("x", "x"): 1, ("x", "y"): 1},
        ("a", "c"): {("x", "y"): 1},
        ("b", "c"): {("x", "y"): 1},
    }
    assert found.confusion() == {("x", "x"): 1, ("x", "y"): 3}
    assert (found.annotators, found.labels) == ({"a": 2, "b": 2, "c": 2}, {"x": 4, "y": 2})
    assert found.sizes == {1: 1, 2: 1, 3: 1}
    assert found.only(annotators={"a", "b"}).pairs() == {("a", "b"): {("x", "x"): 1, ("x", "y"): 1}}
    assert found.only(labels={"y"}) == Table.of([{"b": "y"}, {"c": "y"}])


@given(some_items)
def test_confusion_counts_every_pair_once(ratings):
    found = Table.of(ratings)
    pairs = sum(len(one) * (len(one) - 1) // 2 for one in ratings)
    assert sum(found.confusion().values()) == pairs
    merged = Counter()
    for cells in found.pairs().values():
        for (one, other), count in cells.items():
            merged[tuple(sorted((one, other)))] += count
    assert merged == Counter(found.confusion())


@settings(max_examples=30)
@given(some_items)
def test_analytic_errors_exist_where_there_is_something_to_say(ratings):
    found = Table.of(ratings)
    if alpha()(found) is None:
        assert alpha_error(found) is None
    else:
        assert alpha_error(found) is None or alpha_error(found) >= 0
    if ac1(4)(found) is None:
        assert ac1_error(found, 4) is None
