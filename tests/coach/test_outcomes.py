"""What became of suggestions, what they saved, and the comparison with blind articles."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.coach import blind, saving
from annotator.coach.blind import NEEDED, Row
from annotator.coach.outcomes import Outcome, outcomes
from annotator.coach.report import BANDS, Counts, band
from annotator.coach.saving import Keys
from annotator.model.annotation import Rejection, Span, Work
from annotator.model.shown import Seen, Shown

TEXT = "Anna Velkova met Boris in Varna. The Harbour Office said no.\nRead also\nSubscribe\n\nEnd"
LAYER, SOURCE = "entities", "names"


def seen(start: int, end: int, label: str = "PER", score: float | None = 0.9) -> Seen:
    return Seen(start, end, label, score, sure=True)


def span(
    start: int, end: int, label: str = "PER", origin: str = SOURCE, layer: str = LAYER
) -> Span:
    return Span(f"{layer}{start}-{end}{label}{origin}", layer, label, start, end, origin=origin)


def work(*spans: Span, rejected: tuple[Rejection, ...] = ()) -> Work:
    return Work("a", "iva", spans, rejections=rejected)


def became(items, *spans, rejected=(), blocks=False):
    found = outcomes(
        Shown(LAYER, SOURCE, "1", tuple(items)), work(*spans, rejected=rejected), blocks
    )
    return [str(each.outcome) for each in found]


ONE = seen(0, 12)


@pytest.mark.parametrize(
    ("spans", "outcome"),
    [
        ([span(0, 12)], "accepted"),
        ([span(0, 12, "ORG")], "edited"),
        ([span(5, 12)], "edited"),
        ([span(0, 12, origin="hand")], "same"),
        ([span(0, 12, origin="occurrence")], "same"),
        ([span(0, 12, "ORG", origin="hand")], "other"),
        ([span(5, 12, origin="hand")], "other"),
        ([span(12, 16)], "left"),
        ([span(0, 12, layer="boilerplate")], "left"),
        ([], "left"),
        ([span(5, 12, origin="hand"), span(0, 4)], "edited"),
        ([span(0, 12, origin="hand"), span(0, 4)], "same"),
    ],
)
def test_each_has_the_outcome_its_labels_say(spans, outcome):
    assert became([ONE], *spans) == [outcome]


def test_what_was_turned_down_is_rejected_only_at_its_very_place_and_layer():
    assert became([ONE], rejected=(Rejection(LAYER, "PER", 0, 12),)) == ["rejected"]
    assert became([ONE], rejected=(Rejection(LAYER, "ORG", 0, 12),)) == ["rejected"]
    assert became([ONE], rejected=(Rejection(LAYER, "PER", 0, 11),)) == ["left"]
    assert became([ONE], rejected=(Rejection("boilerplate", "PER", 0, 12),)) == ["left"]
    both = (Rejection(LAYER, "PER", 0, 12),)
    assert became([ONE], span(0, 12), rejected=both) == ["accepted"], "labelled after all"
    assert became([ONE], span(5, 12, origin="hand"), rejected=both) == ["rejected"]


def test_one_of_two_overlapping_suggestions_that_was_accepted_is_no_edit_of_the_other():
    items = [seen(0, 4), seen(0, 12)]
    assert became(items, span(0, 12)) == ["other", "accepted"]
    assert became(items, span(0, 11)) == ["edited", "edited"]


def test_a_candidate_without_a_label_is_accepted_with_any():
    assert became([seen(0, 12, "")], span(0, 12, "ORG")) == ["accepted"]
    assert became([seen(0, 12, "")], span(0, 4, "ORG")) == ["edited"]


def test_in_blocks_a_label_that_covers_a_suggestion_says_the_same():
    long = span(0, 60)
    assert became([seen(5, 20)], long, blocks=True) == ["accepted"]
    assert became([seen(5, 20)], long) == ["edited"]
    assert became([seen(5, 20), seen(21, 60)], long, blocks=True) == ["accepted", "accepted"]
    assert became([seen(5, 61)], long, blocks=True) == ["edited"]


PLACES = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda p: (p[0], p[0] + p[1]))
LABELS = st.sampled_from(["PER", "ORG"])
SEEN = st.builds(lambda p, label: seen(*p, label), PLACES, st.sampled_from(["PER", "ORG", ""]))
SPANS = st.builds(
    lambda p, label, origin, layer: span(*p, label, origin, layer),
    PLACES, LABELS, st.sampled_from([SOURCE, "hand", "model"]), st.sampled_from([LAYER, "other"]),
)  # fmt: skip
REJECTED = st.builds(lambda p, label: Rejection(LAYER, label, *p), PLACES, LABELS)


@given(
    st.lists(SEEN, unique=True, max_size=8),
    st.lists(SPANS, unique_by=lambda s: s.id, max_size=8),
    st.lists(REJECTED, max_size=4),
    st.booleans(),
)
def test_outcomes_partition_what_was_shown(items, spans, rejected, blocks):
    shown = Shown(LAYER, SOURCE, "1", tuple(items))
    found = outcomes(shown, work(*spans, rejected=tuple(rejected)), blocks)
    assert [each.seen for each in found] == items
    counts = Counts.of(found)
    assert counts.shown == len(items)
    assert counts.decided + counts.left == counts.shown
    for item, outcome, label in found:
        with_label = outcome not in (Outcome.REJECTED, Outcome.LEFT)
        assert (label is not None) is with_label
        if label is not None:
            assert label.layer == LAYER
            assert label.start < item.end
            assert item.start < label.end
            own = outcome in (Outcome.ACCEPTED, Outcome.EDITED)
            assert (label.origin == SOURCE) is own or outcome is Outcome.OTHER
        if outcome is Outcome.LEFT:
            assert not any(
                s.layer == LAYER and s.start < item.end and item.start < s.end for s in spans
            )
    assert {band(each) for each in items} <= set(BANDS)


@given(st.lists(SEEN, unique=True, max_size=6), st.lists(SPANS, unique_by=lambda s: s.id))
def test_other_layers_and_the_order_of_labels_change_nothing(items, spans):
    shown = Shown(LAYER, SOURCE, "1", tuple(items))
    told = [each.outcome for each in outcomes(shown, work(*spans))]
    own = [each for each in spans if each.layer == LAYER]
    assert [each.outcome for each in outcomes(shown, work(*reversed(own)))] == told


def test_precision_is_of_those_decided():
    counts = Counts(accepted=6, edited=2, same=1, rejected=1, other=2, left=8)
    assert counts.shown == 20
    assert counts.precision == pytest.approx(7 / 12)
    assert counts.helpful == pytest.approx(9 / 12)
    assert counts.cautious == pytest.approx(7 / 20)
    assert Counts(left=3).precision is None


@pytest.mark.parametrize(
    ("score", "label", "name"),
    [(0.49, "PER", "<.5"), (0.5, "PER", ".5-.8"), (0.8, "PER", ".8-.95"), (0.95, "PER", ">=.95"),
     (1.0, "PER", ">=.95"), (None, "PER", "no score"), (0.9, "", "no label")],
)  # fmt: skip
def test_bands_hold_their_lower_edge(score, label, name):
    assert band(seen(0, 4, label, score)) == name


# --- keys


def keys(items, *spans, blocks=False, rejected=()):
    shown = Shown(LAYER, SOURCE, "1", tuple(items))
    found = outcomes(shown, work(*spans, rejected=rejected), blocks)
    return saving.keys(TEXT, found, blocks)


def test_keys_follow_the_cost_model():
    assert saving.by_hand(TEXT, 17, 22) == 3, "one word: get there, label it"
    assert saving.by_hand(TEXT, 0, 12) == 5, "two words: select both as well"
    assert keys([seen(0, 12)], span(0, 12)) == Keys(5, 5, 1)
    assert keys([seen(0, 12, "ORG")], span(0, 12)) == Keys(5, 5, 3), "another label"
    assert keys([seen(5, 12)], span(0, 12)) == Keys(5, 5, 3), "an edge, by one word"
    assert keys([seen(0, 12)], rejected=(Rejection(LAYER, "PER", 0, 12),)) == Keys(0, 0, 3)
    assert keys([seen(0, 12)]) == Keys()
    assert keys([seen(0, 12)], span(0, 12, origin="hand")) == Keys()


def test_a_name_that_occurs_again_is_labelled_once_by_the_other_count():
    text = "Boris met Boris."
    shown = Shown(LAYER, SOURCE, "1", (seen(0, 5), seen(10, 15)))
    found = outcomes(shown, work(span(0, 5), span(10, 15)))
    made = saving.keys(text, found)
    assert made == Keys(6, 3, 2)
    assert (made.saved, made.saved_by_name) == (4, 1)


def test_blocks_that_became_one_label_count_once():
    first, last = TEXT.index("Read"), TEXT.index("\n\nEnd")
    middle = TEXT.index("Subscribe")
    items = [seen(first, middle - 1), seen(middle, last)]
    assert keys(items, span(first, last), blocks=True) == Keys(5, 5, 2)
    assert keys(items[:1], span(first, middle - 1), blocks=True) == Keys(3, 3, 1)


# --- the blind comparison


def rows(many: int, is_blind: bool, seconds: int, labels: int, dice: random.Random) -> list[Row]:
    made = []
    for number in range(many):
        size = dice.randint(1500, 2500)
        took = round(seconds * size / 1000 * dice.uniform(0.8, 1.2))
        found = {LAYER: round(labels * size / 1000)}
        length = {LAYER: 9 * found[LAYER]}
        name = f"{'b' if is_blind else 'a'}{number}"
        made.append(
            Row(
                "iva",
                name,
                100.0 + number,
                is_blind,
                not is_blind,
                size,
                took,
                2 * took,
                found,
                length,
            )
        )
    return made


def rate(compared, name, layer=""):
    return next(each for each in compared.rates if (each.name, each.layer) == (name, layer))


def test_a_difference_is_told_with_an_interval_around_it():
    dice = random.Random(3)
    compared = blind.compare(
        [*rows(60, False, 20, 10, dice), *rows(30, True, 40, 10, dice)], [LAYER]
    )
    assert compared.is_enough
    assert (compared.assisted, compared.blind) == (60, 30)
    seconds = rate(compared, "seconds")
    assert seconds.assisted == pytest.approx(20, rel=0.1)
    assert seconds.blind == pytest.approx(40, rel=0.1)
    assert seconds.low < -0.5 < seconds.high
    assert -0.6 < seconds.low < seconds.change < seconds.high < -0.4
    assert seconds.is_clear
    assert not rate(compared, "labels", LAYER).is_clear
    assert rate(compared, "length", LAYER).assisted == pytest.approx(9)


def test_with_few_blind_articles_there_is_no_interval():
    dice = random.Random(3)
    made = [*rows(60, False, 20, 10, dice), *rows(NEEDED - 1, True, 40, 10, dice)]
    compared = blind.compare(made)
    assert not compared.is_enough
    seconds = rate(compared, "seconds")
    assert seconds.change == pytest.approx(-0.5, abs=0.1)
    assert (seconds.low, seconds.high, seconds.is_clear) == (None, None, False)
    assert blind.compare([]).rates[0] == ("seconds", "", None, None, None, None, None)


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    held = 0
    for seed in range(200):
        dice = random.Random(seed)
        sides = [
            [(round(dice.gauss(30, 9)), dice.randint(500, 4000)) for _ in range(25)] for _ in "ab"
        ]
        _, low, high = blind.change(*sides)
        held += low <= 0 <= high
    assert 176 <= held <= 199


@given(st.integers(1, 50))
def test_the_change_knows_no_unit_and_turns_around(factor):
    dice = random.Random(factor)
    one = [(dice.randint(1, 60), dice.randint(500, 900)) for _ in range(NEEDED)]
    other = [(dice.randint(1, 60), dice.randint(500, 900)) for _ in range(NEEDED + 5)]
    plain = blind.change(one, other)
    scaled = blind.change([(factor * a, b) for a, b in one], [(factor * a, b) for a, b in other])
    assert scaled == pytest.approx(plain)
    back = blind.change(other, one)
    assert (1 + plain[0]) * (1 + back[0]) == pytest.approx(1)
    assert (1 + plain[1]) * (1 + back[2]) == pytest.approx(1)


def test_articles_before_the_first_suggestion_and_blind_ones_with_some_are_not_compared():
    def row(article, at, is_blind, shown):
        return Row("iva", article, at, is_blind, shown, 10, 1, 1, {}, {})

    kept = blind.fair(
        [
            row("early", 1, is_blind=False, shown=False),
            row("early-blind", 2, is_blind=True, shown=False),
            row("first", 3, is_blind=False, shown=True),
            row("empty", 4, is_blind=False, shown=False),
            row("blind", 5, is_blind=True, shown=False),
            row("blind-by-now", 6, is_blind=True, shown=True),
            row("other", 7, is_blind=False, shown=False)._replace(annotator="mila"),
        ]
    )
    assert [each.article for each in kept] == ["first", "empty", "blind"]


def test_two_annotators_in_one_article_are_one_article():
    dice = random.Random(1)
    once = [*rows(30, False, 20, 10, dice), *rows(30, True, 40, 10, dice)]
    twice = [*once, *(row._replace(annotator="mila") for row in once)]
    assert rate(blind.compare(twice), "seconds")[2:] == pytest.approx(
        rate(blind.compare(once), "seconds")[2:]
    )
