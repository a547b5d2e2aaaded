"""The report: pooled and not averaged, undefined where it is, traceable, whatever the order."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.gold.agreement import coefficients, intervals, unitizing
from annotator.gold.agreement.counting import count, layer_kinds
from annotator.gold.agreement.marks import Marks, Said
from annotator.gold.agreement.pool import Pool, left_out
from annotator.gold.agreement.report import By, Metric, Part, Scope, report
from annotator.gold.agreement.report_json import of_json, to_json
from annotator.gold.agreement.span_scores import Measure, SpanCounts, count_spans
from annotator.gold.agreement.table import Table
from annotator.model.scheme_file import preset

KINDS = layer_kinds(preset("news"))
LENGTH = 400
DAY = 86_400_000


def event(day):
    """An event's id of a day since 1 January 2026."""
    stamp = f"{1_767_225_600_000 + day * DAY:012x}"
    return f"{stamp[:8]}-{stamp[8:]}-7000-8000-000000000000"


def marks(actor, spans=(), stances=None, day=0, state="done"):
    layers = {}
    for layer, *stretch in sorted(spans):
        layers.setdefault(layer, []).append(tuple(stretch))
    said = {(target, "author:"): Said(label, ()) for target, label in (stances or {}).items()}
    return Marks(actor, layers, said, frozenset(), state, event(day))


def part(article, *works, rounds=None, guidelines=None):
    return Part(article, count(LENGTH, KINDS, works), rounds or {}, guidelines or {})


def entities(*places, label="PER"):
    return [("entities", start, start + 5, label) for start in places]


def measured(parts, name="entities", **how):
    return report(parts, KINDS, **how).layer(name)


def random_parts(seed, articles=12, annotators=3):
    rng = random.Random(seed)
    made = []
    for n in range(articles):
        works = []
        for actor in ("ana", "iva", "petr")[:annotators]:
            spans = [
                ("entities", at, at + rng.choice((5, 5, 5, 7)), rng.choice(("PER", "PER", "ORG")))
                for at in range(0, 300, 30)
                if rng.random() < 0.8
            ]
            spans += [
                ("boilerplate", at, at + rng.choice((40, 40, 35)), rng.choice(("nav", "nav", "ad")))
                for at in range(0, 390, 60)
                if rng.random() < 0.8
            ]
            stances = {
                f"t:{t}": rng.choice(("FAVOR", "AGAINST", "NEUTRAL", "FAVOR", "NONE"))
                for t in range(4)
                if rng.random() < 0.8
            }
            works.append(marks(actor, spans, stances, day=n))
        made.append((f"a{n}", works))
    return made


def test_counts_are_pooled_and_no_coefficients_averaged():
    parts = [
        part("a", marks("ana", entities(0)), marks("iva", entities(0))),
        part(
            "b",
            marks("ana", entities(*range(0, 90, 10))),
            marks("iva", entities(*range(100, 190, 10))),
        ),
    ]
    figure = measured(parts).figures[Metric.STRICT_F1]
    assert figure.value == pytest.approx(2 * 1 / 20)
    assert figure.value != pytest.approx((1.0 + 0.0) / 2), "the mean of the articles"
    assert (figure.n_articles, figure.n_items, figure.few) == (2, 20, True)


@settings(max_examples=10)
@given(st.integers(0, 10**6))
def test_no_order_changes_a_digit(seed):
    rng = random.Random(seed)
    made = random_parts(seed)
    plain = json.dumps(to_json(report([part(a, *works) for a, works in made], KINDS)))
    mixed = [
        part(article, *rng.sample(works, len(works)))
        for article, works in rng.sample(made, len(made))
    ]
    assert json.dumps(to_json(report(mixed, KINDS))) == plain


def test_perfect_agreement_is_one_and_one_label_is_undefined():
    same = [part(f"a{n}", *(marks(who, entities(0, 20), {"t:a": label}) for who in ("ana", "iva")))
            for n, label in enumerate(("FAVOR", "AGAINST", "FAVOR"))]  # fmt: skip
    made = report(same, KINDS)
    assert made.layer("entities").figures[Metric.STRICT_F1].value == 1.0
    assert made.layer("stance").figures[Metric.ALPHA].value == 1.0
    assert made.layer("entities").worst[Metric.STRICT_F1] == ()
    one = [
        part(f"a{n}", *(marks(who, (), {"t:a": "FAVOR"}) for who in ("ana", "iva")))
        for n in range(3)
    ]
    figures = measured(one, "stance").figures
    assert figures[Metric.ALPHA].value is None
    assert figures[Metric.ALPHA].why_undefined == "only one label was used"
    assert figures[Metric.PERCENT].value == 1.0
    nothing = measured(one).figures[Metric.STRICT_F1]
    assert (nothing.value, nothing.why_undefined) == (None, "nobody marked anything")


def test_finished_with_nothing_counts_and_not_begun_does_not():
    full = marks("ana", entities(0, 20))
    agreed = part("a", full, marks("iva", entities(0, 20)))
    nothing = measured([agreed, part("b", full, marks("iva"))])
    absent = measured([agreed, part("b", full)])
    undone = measured([agreed, part("b", full, marks("iva", entities(0), state=""))])
    assert nothing.figures[Metric.STRICT_F1].value == pytest.approx(4 / 6)
    assert absent.figures[Metric.STRICT_F1].value == 1.0
    assert (absent.single, undone.single, nothing.single) == (1, 1, 0)
    (left,) = undone.left_out
    assert (left.reason, left.annotator, left.articles) == ("not finished", "iva", ("b",))
    empty = measured([agreed, part("b", marks("ana"), marks("iva"))])
    assert (empty.agreed_empty, empty.figures[Metric.STRICT_F1].value) == (1, 1.0)


def test_figures_are_those_of_the_coefficients_themselves():
    made = random_parts(5)
    whole = report([part(a, *works) for a, works in made], KINDS)
    done = {a: {w.actor: w for w in works} for a, works in made}
    total = SpanCounts.total(
        count_spans(w[x].spans.get("entities", []), w[y].spans.get("entities", []))
        for w in done.values()
        for x, y in (("ana", "iva"), ("ana", "petr"), ("iva", "petr"))
    )
    figures = whole.layer("entities").figures
    assert figures[Metric.STRICT_F1].value == total.all.f1(Measure.STRICT)
    assert figures[Metric.TYPE_F1].value == total.all.f1(Measure.TYPE)
    units = unitizing.Unitized.total(
        unitizing.unitize(LENGTH, {a: m.spans.get("boilerplate", []) for a, m in w.items()})
        for w in done.values()
    )
    blocks = whole.layer("boilerplate")
    assert blocks.figures[Metric.U_ALPHA].value == units.u_alpha()
    assert blocks.figures[Metric.U_ALPHA_BOUNDARY].value == units.bar_u_alpha()
    assert blocks.figures[Metric.CU_ALPHA].value == units.cu_alpha()
    by_pair = {row.group: row.figures for row in blocks.by[By.PAIR]}
    assert by_pair["ana", "iva"][Metric.U_ALPHA].value == units.u_alpha(("ana", "iva"))
    by_label = {row.group[0]: row.figures for row in blocks.by[By.LABEL]}
    assert by_label["nav"][Metric.U_ALPHA].value == units.label_alpha("nav")
    tables = [
        Table.of(
            {who: m.stances[target].label for who, m in w.items() if target in m.stances}
            for target in {t for m in w.values() for t in m.stances}
        )
        for w in done.values()
    ]
    alpha = intervals.jackknife_of(coefficients.alpha(), tables)
    figure = whole.layer("stance").figures[Metric.ALPHA]
    assert (figure.value, figure.low, figure.high) == (alpha.value, alpha.low, alpha.high)
    assert whole.layer("stance").reading.below_667 == alpha.below[0]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5)), min_size=2, max_size=30))
def test_the_quick_jackknife_is_the_jackknife(pairs):
    vectors = [(min(a, b), b) for a, b in pairs]

    def value(sums):
        return sums[0] / sums[1] if sums[1] else None

    quick = left_out(Pool([(f"{n}", v) for n, v in enumerate(vectors)]), value, 0.0)
    plain = intervals.jackknife(vectors, value, lowest=0.0)
    assert (quick.value, quick.low, quick.high) == pytest.approx(
        (plain.value, plain.low, plain.high)
    )


def test_not_marked_is_told_apart_from_marked_otherwise():
    parts = [
        part(
            "a",
            marks("ana", (), {"t:a": "FAVOR", "t:b": "AGAINST"}),
            marks("iva", (), {"t:a": "FAVOR"}),
        ),
        part(
            "b",
            marks("ana", (), {"t:a": "AGAINST"}),
            marks("iva", (), {"t:a": "AGAINST", "t:c": "NONE"}),
        ),
    ]
    layer = measured(parts, "stance")
    assert layer.figures[Metric.ALPHA].value == 1.0
    assert layer.figures[Metric.ALPHA].n_items == 2
    # t:b is FAVOR or not marked; t:c is "not discussed" twice, once said and once not
    assert layer.figures[Metric.ALPHA_MARKED].n_items == 4
    assert layer.figures[Metric.ALPHA_MARKED].value < 1.0
    assert layer.figures[Metric.SET_F1].value == pytest.approx(2 * 2 / 5)
    assert layer.counts == {"targets": 4, "marked by two or more": 2, "by one": 2}


def test_the_worst_articles_are_named_with_their_share():
    good = [
        part(f"g{n}", marks("ana", entities(0, 20)), marks("iva", entities(0, 20)))
        for n in range(8)
    ]
    bad = part("bad", marks("ana", entities(0, 20, 40)), marks("iva", entities(100, 120, 140)))
    poor = part("poor", marks("ana", entities(0, 20)), marks("iva", entities(0, 50, label="ORG")))
    layer = measured([*good, poor, bad])
    first, second = layer.worst[Metric.STRICT_F1]
    assert (first.article, first.value, first.share) == ("bad", 0.0, 0.6)
    assert (second.article, second.value, second.share) == ("poor", 0.0, 0.4)
    assert layer.by_article == (first, second)
    by_label = {row.group[0]: row for row in layer.by[By.LABEL]}
    assert [each.article for each in by_label["ORG"].worst[Metric.STRICT_F1]] == ["poor"]
    (pair,) = layer.by[By.PAIR]
    assert pair.worst[Metric.STRICT_F1] == layer.worst[Metric.STRICT_F1]


def test_the_confusion_counts_both_ways_and_nothing_last():
    parts = [part("a", marks("ana", [("entities", 0, 5, "PER"), ("entities", 9, 12, "LOC")]),
                  marks("iva", [("entities", 0, 5, "ORG")]))]  # fmt: skip
    confusion = measured(parts).confusion
    assert confusion.labels == ("PER", "ORG", "LOC", "")
    assert confusion.counts == ((0, 1, 0, 0), (1, 0, 0, 0), (0, 0, 0, 1), (0, 0, 1, 0))


def test_rounds_versions_and_weeks_hold_only_what_belongs_there():
    def both(day):
        return marks("ana", entities(0), day=day), marks("iva", entities(0), day=day)

    bad = marks("ana", entities(0), day=20), marks("iva", entities(50), day=21)
    parts = [
        part(
            "a",
            *both(0),
            rounds={"ana": "pilot-1", "iva": "pilot-1"},
            guidelines={"ana": "1", "iva": "1"},
        ),
        part("b", *bad, rounds={"ana": "main", "iva": "main"}, guidelines={"ana": "2", "iva": "1"}),
    ]
    layer = measured(parts)

    def values(by):
        return {row.group[0]: row.figures[Metric.STRICT_F1].value for row in layer.by[by]}

    assert values(By.ROUND) == {"main": 0.0, "pilot-1": 1.0}
    assert values(By.GUIDELINES) == {"1": 1.0}, "b was done under two versions"
    assert values(By.WEEK) == {"2026-W01": 1.0, "2026-W04": 0.0}

    def of(**scope):
        return measured(parts, scope=Scope(**scope)).figures[Metric.STRICT_F1].value

    assert of(rounds=("pilot-1",)) == 1.0
    assert of(rounds=("main",)) == 0.0
    assert of(guidelines=("2",)) is None
    assert (of(until="2026-01-10"), of(since="2026-01-10")) == (1.0, 0.0)
    assert of(annotators=("ana",)) is None


def test_fewer_annotators_are_measured_as_if_there_were_no_others():
    made = random_parts(9)
    some = [part(a, *works[:2]) for a, works in made]
    wide = [part(a, *works) for a, works in made]
    only = report(wide, KINDS, Scope(annotators=("ana", "iva")))
    plain = report(some, KINDS)
    for one, two in zip(only.layers, plain.layers, strict=True):
        assert one.figures == two.figures
        assert one.by[By.LABEL] == two.by[By.LABEL]
        assert one.confusion == two.confusion


def test_self_agreement_is_apart_and_says_how_many_days():
    parts = [
        part(f"a{n}", marks("iva", entities(0, 20)), marks("iva #2", entities(0), day=14 + n),
             marks("ana", entities(0, 20)))
        for n in range(3)
    ]  # fmt: skip
    layer = measured(parts)
    assert layer.annotators == ("ana", "iva")
    assert layer.figures[Metric.STRICT_F1].value == 1.0, "second passes are not counted"
    (again,) = layer.again
    assert (again.annotator, again.days) == ("iva", (14.0, 15.0, 16.0))
    assert again.figures[Metric.STRICT_F1].value == pytest.approx(2 * 3 / 9)
    blocks = measured(parts, "boilerplate").again[0]
    assert blocks.figures[Metric.U_ALPHA].value is None


def test_skewed_labels_are_warned_of_and_the_lower_end_is_judged():
    made = [
        part(f"a{n}", *(marks(who, (), {"t:a": "FAVOR"}) for who in ("ana", "iva")))
        for n in range(40)
    ]
    odd = marks("ana", (), {"t:a": "FAVOR"}), marks("iva", (), {"t:a": "AGAINST"})
    alone = measured([*made, part("y", *odd)], "stance").figures[Metric.ALPHA]
    assert alone.low is None
    assert alone.why_undefined == "the number rests on one article alone"
    layer = measured([*made, part("y", *odd), part("z", *odd)], "stance")
    assert layer.skewed.startswith("Skewed labels")
    assert "Not to be relied on" in layer.reading.text
    assert layer.figures[Metric.AC1].value > 0.9 > layer.figures[Metric.ALPHA].value


def test_a_report_survives_json():
    whole = report(
        [part(a, *works) for a, works in random_parts(3)], KINDS, Scope(rounds=()), ["fleiss"]
    )
    assert of_json(json.loads(json.dumps(to_json(whole)))) == whole
    assert Metric.FLEISS in whole.layer("stance").on_request


def test_the_bootstrap_keeps_the_numbers_and_repeats_itself():
    parts = [part(a, *works) for a, works in random_parts(4)]
    plain, one, two = (report(parts, KINDS, seed=seed) for seed in (None, 7, 7))
    assert one == two
    for metric, figure in plain.layer("stance").figures.items():
        other = one.layer("stance").figures[metric]
        assert figure.value == other.value
    assert (
        one.layer("stance").figures[Metric.ALPHA].low
        != plain.layer("stance").figures[Metric.ALPHA].low
    )


def test_many_articles_are_left_out_by_the_bucket_with_about_the_same_interval():
    made = random_parts(8, articles=320, annotators=2)
    figure = measured([part(a, *works) for a, works in made], "boilerplate").figures[Metric.U_ALPHA]
    units = [
        unitizing.unitize(LENGTH, {w.actor: w.spans.get("boilerplate", []) for w in works})
        for _, works in made
    ]
    plain = intervals.jackknife(units, lambda found: found.u_alpha())
    assert figure.value == plain.value
    assert figure.high - figure.low == pytest.approx(plain.high - plain.low, rel=0.25)
