"""Drift on made series, and what is told of an annotator beside gold, the others and themselves."""

import random
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.gold import beside
from annotator.gold.agreement.counting import count, layer_kinds
from annotator.gold.agreement.marks import Marks, Said
from annotator.gold.agreement.report import By, Kind, LayerKind, Metric, Part, report
from annotator.gold.beside import Doc
from annotator.gold.comparison import Counts, Outcome
from annotator.gold.drift import LASTING, ROLLING, WEIGHTED, WINDOW, Drift, Point, drift
from annotator.gold.quality import FEW, MODEL_ITEMS, against, diagonals
from annotator.model.scheme_file import preset

KINDS = {kind.name: kind for kind in layer_kinds(preset("news"))}


# --- drift


def series(*stretches: tuple[int, float], seed: int = 0, spans: int = 18, version: str = "1.0",
           spread: float = 0.05) -> list[Point]:  # fmt: skip
    """Articles in stretches: so many with so much of it right, on the average."""
    dice = random.Random(seed)
    made: list[Point] = []
    for many, share in stretches:
        for _ in range(many):
            right = min(max(share + dice.gauss(0, spread), 0), 1)
            good = sum(dice.random() < right for _ in range(spans))
            number = len(made)
            made.append(Point(f"a{number:04}", f"{number:06}", 2 * good, 2 * spans, version))
    return made


@pytest.mark.parametrize("seed", range(20))
def test_a_steady_annotator_gives_no_alarm(seed: int) -> None:
    found = drift(series((200, 0.87), seed=seed))
    assert not found.is_alarming
    assert found.baseline == pytest.approx(0.87, abs=0.04)
    assert found.rolling == pytest.approx(0.87, abs=0.04)


def test_steady_annotators_are_hardly_ever_accused() -> None:
    """Of 300 made annotators with 300 articles each."""
    found = [drift(series((300, 0.87), seed=seed)) for seed in range(1000, 1300)]
    assert sum(each.is_alarming for each in found) <= 6
    assert sum(bool(each.alarms) for each in found) <= 36


@pytest.mark.parametrize("seed", range(20))
def test_an_injected_drop_is_found(seed: int) -> None:
    found = drift(series((120, 0.87), (80, 0.70), seed=seed))
    assert found.is_alarming
    first = next(alarm for alarm in found.alarms if alarm.number > 120)
    assert first.number <= 120 + 20, "soon after it happened"
    assert first.article == f"a{first.number - 1:04}"
    assert first.value < first.limit < found.baseline  # type: ignore[operator]


def test_a_small_drop_that_stays_is_found_by_the_mean_of_fifty() -> None:
    found = [drift(series((100, 0.87), (100, 0.77), seed=seed)) for seed in range(40)]
    slow = sum(any(a.by == ROLLING and a.stands for a in each.alarms) for each in found)
    assert slow >= 32


def test_getting_better_is_no_alarm() -> None:
    for seed in range(10):
        assert drift(series((100, 0.70), (100, 0.92), seed=seed)).alarms == ()


def test_a_drop_that_is_over_does_not_stand() -> None:
    found = drift(series((100, 0.9), (20, 0.5), (100, 0.9), seed=3))
    assert any(not alarm.stands for alarm in found.alarms if alarm.by == WEIGHTED)
    assert not found.is_alarming


def test_one_bad_article_is_no_drift() -> None:
    points = series((70, 0.9), spread=0.0)
    points[60] = points[60]._replace(good=0)
    assert drift(points).alarms == ()
    assert LASTING > 1


def test_with_no_more_than_a_baseline_nothing_is_said() -> None:
    found = drift(series((WINDOW, 0.9)))
    assert (found.articles, found.baseline, found.alarms) == (WINDOW, None, ())
    assert found.rolling is not None
    assert drift(series((WINDOW + 1, 0.9))).baseline is not None
    assert drift([]) == Drift(0)


def test_who_was_perfect_may_err_once_in_a_while() -> None:
    points = series((60, 1.0), spread=0.0)
    points += [
        point._replace(at=f"1{point.at}", good=34 if n % 3 else 36)
        for n, point in enumerate(series((40, 1.0), spread=0.0))
    ]
    assert drift(points[:60]).sigma == pytest.approx(0.02)
    assert drift(points).is_alarming, "but not always"
    points = [p._replace(good=34 if n == 57 else p.good) for n, p in enumerate(points[:60])]
    assert drift(points).alarms == ()


def test_articles_that_say_nothing_are_passed_over() -> None:
    points = series((120, 0.87), (80, 0.6))
    empty = [Point(f"e{n}", f"{n:06}x", 0, 0, "1.0") for n in range(100)]
    assert drift([*points, *empty]) == drift(points)


@given(st.randoms())
def test_the_order_of_the_points_does_not_matter(dice: random.Random) -> None:
    points = series((70, 0.9), (40, 0.6))
    before = drift(points)
    dice.shuffle(points)
    assert drift(points) == before


def test_the_weighted_mean_and_its_limit_are_the_textbooks() -> None:
    """Roberts (1959): z = w x + (1 - w) z from the baseline's mean on, by hand for three articles."""
    values = (9, 10, 8, 9, 5, 6, 4)
    points = [Point(f"a{n}", str(n), value, 10) for n, value in enumerate(values)]
    found = drift(points, window=4)
    assert found.baseline == pytest.approx(0.9)
    assert found.sigma == pytest.approx((0.02 / 3) ** 0.5)
    by_hand = 0.9
    for value in values[4:]:
        by_hand = 0.2 * value / 10 + 0.8 * by_hand
    assert found.weighted == pytest.approx(by_hand)


def test_a_new_major_version_of_the_guidelines_is_another_task() -> None:
    old = series((100, 0.92), seed=1, version="1.4")
    new = [p._replace(at=f"1{p.at}", version="2.0") for p in series((100, 0.7), seed=2)]
    minor = [p._replace(version="1.5") for p in new]
    assert drift([*old, *minor]).is_alarming
    found = drift([*old, *new])
    assert found.alarms == ()
    assert found.baseline == pytest.approx(0.7, abs=0.05)
    assert [(v.version, v.articles) for v in found.versions] == [("1.4", 100), ("2.0", 100)]
    assert found.versions[0].value == pytest.approx(sum(p.good for p in old) / 3600)


# --- against gold


def counts(same: int, missed: int = 0, extra: int = 0, label: str = "ORG") -> Counts:
    found = {
        (Outcome.SAME, label, label): same,
        (Outcome.MISSED, label, ""): missed,
        (Outcome.EXTRA, "", label): extra,
    }
    return Counts(1, {key: n for key, n in found.items() if n})


def test_scores_pool_articles_and_do_not_average_them() -> None:
    found = against([("a", counts(1)), ("b", counts(9, missed=20))], Kind.SPANS)
    assert found is not None
    assert found.f1.value == pytest.approx(20 / 40)
    assert found.f1.value != pytest.approx((1 + 18 / 38) / 2)
    assert (found.f1.n_articles, found.f1.n_items) == (2, 40)
    assert found.missing == pytest.approx(2 / 3)
    assert found.extra == 0
    assert found.f1.few, "two articles are few"
    assert against([], Kind.SPANS) is None


def test_an_undefined_score_says_why() -> None:
    found = against([("a", Counts(1))], Kind.STANCE)
    assert found is not None
    assert found.f1.value is None
    assert found.f1.why_undefined
    assert found.missing is None


def test_few_items_of_a_label_are_marked() -> None:
    several = [(str(n), counts(FEW - 1)) for n in range(1)]
    found = against([*several, ("x", counts(FEW, label="PER"))], Kind.SPANS)
    assert found is not None
    assert {each.label: each.few for each in found.labels} == {"ORG": True, "PER": False}


# --- beside the others


def article(dice: random.Random, people: tuple[str, ...]) -> Iterator[Marks]:
    places = [(n * 10, n * 10 + 8) for n in range(6)]
    for name in people:
        spans = [(*p, dice.choice(["PER", "ORG"])) for p in places if dice.random() < 0.8]
        blocks = [(a, b + 2, dice.choice(["nav", "ad"])) for a, b in places if dice.random() < 0.5]
        said = {
            (f"entity:{n}", "author:"): Said(dice.choice(["FAVOR", "AGAINST"]), ())
            for n in range(4)
            if dice.random() < 0.8
        }
        yield Marks(
            name,
            {"entities": spans, "boilerplate": blocks},
            said,
            frozenset(KINDS),
            "done",
            "",
        )


def parts(people: tuple[str, ...], many: int = 30) -> list[Part]:
    dice = random.Random(7)
    return [Part(f"a{n:02}", count(70, KINDS.values(), article(dice, people))) for n in range(many)]


HEADLINES = {
    "entities": Metric.STRICT_F1, "boilerplate": Metric.U_ALPHA, "stance": Metric.ALPHA
}  # fmt: skip


@pytest.mark.parametrize("layer", HEADLINES)
def test_of_two_annotators_it_is_the_agreement_of_the_report(layer: str) -> None:
    """The oracle is the agreement report itself."""
    found = parts(("ana", "iva"))
    told = report(found, KINDS.values()).layer(layer)
    assert told is not None
    kind = KINDS[layer]
    for name in ("ana", "iva"):
        docs = [
            Doc(p.article, c, beside.with_others(c, name))
            for p in found
            for c in [p.counts["layers"][layer]]
        ]
        figure = beside.beside(kind, docs)
        assert figure.value == pytest.approx(told.figures[HEADLINES[layer]].value)
        assert figure.n_articles == told.figures[HEADLINES[layer]].n_articles


@pytest.mark.parametrize("layer", HEADLINES)
def test_of_three_the_others_among_themselves_are_their_pair(layer: str) -> None:
    found = parts(("ana", "iva", "petr"))
    told = report(found, KINDS.values()).layer(layer)
    assert told is not None
    pair = next(row for row in told.by[By.PAIR] if row.group == ("ana", "petr"))
    docs = [
        Doc(p.article, c, beside.without(c, "iva"))
        for p in found
        for c in [p.counts["layers"][layer]]
    ]
    value = pair.figures[HEADLINES[layer]].value
    assert beside.beside(KINDS[layer], docs).value == pytest.approx(value)


def test_the_number_of_an_article_is_an_f1_of_its_pairs() -> None:
    layer: LayerKind = KINDS["stance"]
    item = [["ana", "FAVOR"], ["iva", "FAVOR"], ["petr", "AGAINST"]]
    alone = [["iva", "MIXED"]]
    absent = [["ana", layer.absent], ["iva", "FAVOR"]]
    made = {"done": ["ana", "iva", "petr"], "items": [item, alone, absent]}
    doc = Doc("a", made, beside.with_others(made, "iva"))
    # with ana: 1 of 1 + 3 marked the same; with petr: 0 of 1 + 3
    assert beside.agreed(layer, doc) == (2, 8)
    assert beside.agreed(KINDS["entities"], Doc("a", made, ())) == (0, 0)


# --- the model


def test_the_model_tells_the_careless_from_the_careful() -> None:
    dice = random.Random(1)
    items = []
    for _ in range(200):
        true = dice.choice(["FAVOR", "AGAINST"])
        wrong = "AGAINST" if true == "FAVOR" else "FAVOR"
        items.append(
            {
                name: true if dice.random() < skill else wrong
                for name, skill in (("ana", 0.95), ("iva", 0.9), ("petr", 0.65))
            }
        )
    found = diagonals(items)
    share = {name: sum(d.share for d in each) / len(each) for name, each in found.items()}
    assert share["ana"] > share["iva"] > share["petr"]
    assert share["petr"] == pytest.approx(0.65, abs=0.1)
    assert not any(d.few for each in found.values() for d in each)


def test_the_model_is_not_asked_without_enough() -> None:
    item = {"ana": "FAVOR", "iva": "FAVOR", "petr": "AGAINST"}
    assert diagonals([item] * (MODEL_ITEMS - 1)) == {}
    assert set(diagonals([item] * MODEL_ITEMS)) == set(item)
    assert diagonals([{"ana": "FAVOR", "iva": "FAVOR"}] * MODEL_ITEMS) == {}
    some = diagonals([item] * MODEL_ITEMS + [{"ana": "FAVOR", "zoe": "FAVOR"}])
    assert "zoe" not in some
