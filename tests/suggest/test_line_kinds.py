"""Which kind of boilerplate a line is: what is sure is right from the first article learnt on."""

import json
from itertools import pairwise, product
from math import exp

import made_pages
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.scheme_file import preset
from annotator.suggest.boilerplate.kinds import STAY, Kinds, _marginals
from annotator.suggest.boilerplate.lessons import BoilerplateLessons
from annotator.suggest.boilerplate.lines import lines_of
from annotator.suggest.boilerplate.memory import Memory
from annotator.suggest.boilerplate.suggester import Boilerplate, LineGuess, stretches

NEWS = tuple(label.name for label in preset("news").layers[0].labels)
BODY = "\n".join(
    ["A long sentence of the article says what happened at the water and why it did."] * 4
)


def learnt(count, source="gazette"):
    """What was learnt from so many pages, all twelve being counted."""
    lessons = BoilerplateLessons(NEWS)
    lessons.count((source, made_pages.page(number, source)[0]) for number in range(12))
    for number in range(count):
        lessons.learn(made_pages.finished(number, source))
    return lessons


def guessed(lessons, number, source="gazette"):
    """Pairs of a guess and the label of its line."""
    text, truth = made_pages.page(number, source)
    return list(zip(lessons.engine.guesses(text, source), truth, strict=True))


# --- what is learnt ----------------------------------------------------------------------------------


@pytest.mark.parametrize("source", sorted(made_pages.ORDERS))
def test_one_article_does_not_make_every_line_what_it_had(source):
    """Share buttons and comments are on no first page: what they are is not known surely after it."""
    new = [
        (guess, label)
        for guess, label in guessed(learnt(1, source), 1, source)
        if label in ("share_social", "comments", "headline")
    ]
    assert new
    assert [guess for guess, label in new if guess.sure and guess.label != label] == []
    share = [guess.label for guess, label in new if label == "share_social"]
    assert share.count("share_social") >= 0.6 * len(share), "the lexicon keeps its word"


def test_a_first_guess_goes_after_several_contradictions_and_not_after_one():
    kinds, line = (
        Kinds(NEWS),
        ("bias", "first-share_social", "mark-share_social-short", ":word pin"),
    )
    held = []
    for _ in range(8):
        held.append(kinds.of_run([line])[0].label)
        kinds.learn([([line], ["nav"])])
    assert held[:2] == ["share_social"] * 2
    assert held[-1] == "nav"


def test_mistakes_make_less_sure_and_what_was_right_makes_surer():
    line = ("bias", "first-share_social", "whole-share_social", "mark-share_social-short")
    good, bad = Kinds(NEWS), Kinds(NEWS)
    for _ in range(6):
        good.learn([([line] * 3, ["share_social"] * 3)])
    for number in range(6):
        bad.learn([([line] * 3, ["share_social" if number % 2 else "nav"] * 3)])
    once = Kinds(NEWS).of_run([line])[0].sure
    assert good.of_run([line])[0].sure > once > bad.of_run([line])[0].sure + 0.1


def test_how_a_line_was_labelled_weighs_most_and_unanimously():
    memory, kinds = Memory(), Kinds(NEWS)
    line = lines_of("Facebook")
    feature = [("first-share_social", "whole-share_social")]
    memory.learn(line, ["footer"])
    past = memory.past("Facebook")
    kind = kinds.of_run(feature, [past])[0]
    assert (kind.label, kind.sure > 0.9) == ("footer", True)
    memory.learn(line, ["nav"])
    torn = kinds.of_run(feature, [memory.past("Facebook")])[0]
    assert torn.sure < 0.9


def test_the_headline_of_one_article_is_no_sure_teaser_of_another():
    title = "The mill by the river turns again and nobody knows why"
    engine = Boilerplate(NEWS)
    engine.learn(f"{BODY}\nHome\n{title}", [*[""] * 4, "nav", "teaser_list"])
    guess = engine.guesses(f"Home\n{title}\n{BODY}", "", title)[1]
    assert not (guess.sure and guess.label == "teaser_list")
    assert guess.label == "headline"


def test_a_layer_with_one_label_is_as_sure_as_the_line():
    engine = Boilerplate(["boilerplate"])
    found = engine.guesses(f"Log in to your account\n{BODY}\n© 2031 The House")
    assert all(guess.score == guess.boilerplate for guess in found)
    assert all(guess.sure == (guess.proposed and guess.boilerplate >= 0.95) for guess in found)


THREE = ("nav", "headline", "ad")
GAINS = {("nav", "nav"): STAY, ("ad", "ad"): STAY, ("nav", "headline"): 0.7}
scores = st.lists(
    st.fixed_dictionaries({x: st.floats(-4, 4) for x in THREE}), min_size=1, max_size=4
)


@given(scores)
def test_marginals_agree_with_all_paths(lines):
    totals, whole = [dict.fromkeys(THREE, 0.0) for _ in lines], 0.0
    for path in product(THREE, repeat=len(lines)):
        gains = sum(GAINS.get(step, 0.0) for step in pairwise(path))
        weight = exp(gains + sum(line[label] for line, label in zip(lines, path, strict=True)))
        whole += weight
        for total, label in zip(totals, path, strict=True):
            total[label] += weight
    for found, total in zip(_marginals(lines), totals, strict=True):
        assert found == pytest.approx({label: weight / whole for label, weight in total.items()})


def test_kinds_survive_json_and_a_changed_scheme():
    lessons = learnt(3)
    kinds = lessons.engine._kinds
    again = Kinds.load(json.loads(json.dumps(kinds.dump())))
    assert again.dump() == kinds.dump()
    run = [("bias", "core-before", ":word front"), ("bias", "first-byline")]
    for one, other in zip(again.of_run(run), kinds.of_run(run), strict=True):
        assert one.label == other.label
        assert one.sure == pytest.approx(other.sure, abs=1e-3)
    fewer = Kinds.load(kinds.dump(), ["nav", "rest"])
    assert {kind.label for kind in fewer.of_run(run)} <= {"nav", "rest"}


# --- what is shown -----------------------------------------------------------------------------------


def rows(*each):
    return [LineGuess(10 * at, 10 * at + 9, proposed=True, **one) for at, one in enumerate(each)]


def row(label, label_sure, boilerplate=0.98, why="", sure=False, sort=""):
    return {"label": label, "label_sure": label_sure, "boilerplate": boilerplate, "why": why, "sure": sure, "sort": sort}  # fmt: skip


def test_sure_and_unsure_lines_are_never_one_stretch():
    found = stretches(
        rows(row("nav", 0.97, sure=True), row("nav", 0.97, sure=True), row("nav", 0.6))
    )
    assert [(one.start, one.end, one.sure) for one in found] == [(0, 19, True), (20, 29, False)]


def test_lines_of_different_sorts_are_one_stretch_only_where_they_are_sure():
    apart = rows(row("headline", 0.6, sort="site"), row("headline", 0.6, sort="own"))
    assert len(stretches(apart)) == 2
    assert len(stretches([one._replace(sure=True) for one in apart])) == 1
    assert len(stretches(rows(row("nav", 0.9), row("nav", 0.4)))) == 2, "not alike sure"


def test_a_list_behind_the_text_is_one_stretch_however_long_its_entries():
    def entries(why):
        return rows(
            *(row("teaser_list", 0.4, why=why, sort=sort) for sort in ("entry", "own", "entry"))
        )

    assert len(stretches(entries("after the text"))) == 1
    assert len(stretches(entries("before the text"))) == 3


def test_a_stretch_has_score_and_reason_of_its_least_sure_line():
    found = stretches(
        rows(row("nav", 0.9, 0.99, "before the text"), row("nav", 0.8, 0.97, 'reads "Home"'))
    )
    assert [one.score for one in found] == [pytest.approx(0.8 * 0.97)]
    assert found[0].why == 'reads "Home": the least sure of 2 lines'
    same = stretches(
        rows(row("nav", 0.9, why="before the text"), row("nav", 0.8, why="before the text"))
    )
    assert same[0].why == "before the text"


def test_a_line_of_no_likely_label_is_shown_without_one():
    (found,) = stretches(rows(row("nav", 0.2, 0.97)))
    assert (found.label, found.sure, found.score) == ("", False, 0.97)


def test_a_menu_that_recurs_a_date_and_a_headline_are_apart_at_first():
    menu, date = "Find a room Our pages Say hello My stories", "Thursday, Mar 15 2031 6PM"
    title = (
        "Call off the search, the perfect ferry does not exist: a poll of many has found not one"
    )
    lessons = BoilerplateLessons(NEWS)
    texts = [
        f"{menu}\n{date}\nThe news {at * 'x'} of this day is another one\n{BODY}{at}"
        for at in range(8)
    ]
    lessons.count(("house", text) for text in texts)
    text = f"{menu}\n{date}\n{title}\n{BODY}"
    found = lessons.suggest(text, "en", "house")
    assert found[0].start == 0
    assert found[0].label != "headline"
    at = text.index(title)
    assert [one.start for one in found if one.start < at + 9 and at < one.end] in ([], [at])
    assert not [one for one in found if "search" in one.why and one.label != "form_login"]


@pytest.mark.parametrize(
    ("line", "label", "why"),
    [
        ("Call off the search for the boat", "headline", "the article's title"),
        ("Search", "form_login", 'reads "Search"'),
    ],
)
def test_words_are_a_reason_only_for_what_they_say(line, label, why):
    title = line if label == "headline" else ""
    guess = Boilerplate(NEWS).guesses(f"{line}\n{BODY}", "", title)[0]
    assert (guess.label, guess.why) == (label, why)
