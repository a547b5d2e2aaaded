"""Suggestions for boilerplate: made pages of made sites, what is learned from them and kept."""

import json
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.model.errors import AnnotatorError
from annotator.model.scheme_file import preset
from annotator.suggest.boilerplate.chain import Tagger, expected
from annotator.suggest.boilerplate.features import shown
from annotator.suggest.boilerplate.lessons import BoilerplateLessons
from annotator.suggest.boilerplate.lines import LONGEST, alike, line_key, lines_of
from annotator.suggest.boilerplate.markers import hits, prompts
from annotator.suggest.boilerplate.prior import is_general, shipped
from annotator.suggest.boilerplate.suggester import (
    BUDGET,
    Boilerplate,
    LineGuess,
    stretches,
    tags_of,
    within_budget,
)
from annotator.suggest.protocol import Finished, Labelled, Suggester
from annotator.text.units import next_block

WORDS = re.findall(
    r"\w+",
    "the ferry crossed a wide river and many people from the old town were waiting for it while",
)
NEWS = tuple(label.name for label in preset("news").layers[0].labels)
PIECES = ["\n", "\r\n", " ", "\t", "\u00a0", "а", "Преди 5 минути", "<p>", "&nbsp;", ".", "\u0301", "東京", "12:40", "\x00", "\u2028"]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=50).map("".join)


def sentence(chance):
    words = [chance.choice(WORDS) for _ in range(chance.randint(14, 30))]
    return " ".join(words).capitalize() + "."


def page(number):
    """A page of a made site and the truth about its lines."""
    chance = random.Random(number)
    rows = [("Home", "nav"), ("News » Region", "nav"), ("Log in to your account", "form_login")]
    rows += [(f"Ferry number {number} stops at the town", "headline")]
    rows += [(sentence(chance), "") for _ in range(chance.randint(4, 8))]
    rows += [("Tell the desk: what have you seen at the water today?", "comments_ui")]
    rows += [(f"{chance.choice(WORDS)} {number * 7} minutes ago".capitalize(), "teaser_list")]
    rows += [
        ("A quiet word from the river house, kept here for all who like to read slowly.", "other")
    ]
    rows += [("© 2031 The Lower River House", "footer")]
    return "\n".join(text for text, _ in rows), [tag for _, tag in rows]


def wrong(engine, numbers):
    """Lines whose proposal is not the truth."""
    count = 0
    for number in numbers:
        text, tags = page(number)
        guesses = engine.guesses(text, "house")
        count += sum(g.proposed != bool(tag) for g, tag in zip(guesses, tags, strict=True))
    return count


def taught(articles, labels=NEWS):
    engine = Boilerplate(labels)
    for number in range(articles):
        engine.learn(*page(number), "house")
    return engine


@given(texts)
def test_lines_are_the_blocks_of_the_layer(text):
    blocks, place = [], 0
    while block := next_block(text, place):
        blocks.append(block)
        place = block[1] if block[1] > place else place + 1
    lines = lines_of(text)
    assert [(line.start, line.end) for line in lines] == blocks
    assert all(line.text == text[line.start : line.end] for line in lines)


@given(texts)
def test_any_text_gets_a_guess_a_line_and_sound_suggestions(text):
    engine = Boilerplate(NEWS)
    lines, guesses = lines_of(text), engine.guesses(text, "house", text[:20])
    assert [(g.start, g.end) for g in guesses] == [(line.start, line.end) for line in lines]
    assert all(
        0 <= g.boilerplate <= 1 and 0 <= g.label_sure <= 1 and g.label in NEWS for g in guesses
    )
    end = 0
    for one in engine.pieces(text, "house", text[:20]):
        assert end <= one.start < one.end <= len(text)
        assert one.label in (*NEWS, "")
        assert one.why
        one.suggestion("boilerplate", "boilerplate", "1").body(text)
        end = one.end


@pytest.mark.parametrize(
    "text", ["", "\n \n", "x", "  .", "<p>", "a" * 300_000, "да. " * 50_000, "*\n" * 1_500]
)
def test_odd_articles_are_guessed_and_learned(text):
    engine = Boilerplate(["boilerplate"])
    lines = lines_of(text)
    assert len(engine.guesses(text)) == len(lines)
    engine.learn(text, ["boilerplate"] * len(lines))
    engine.learn(text, [""] * len(lines))
    assert engine.learned == 2
    assert all(len(line.text) <= LONGEST for line in lines)


def test_the_prior_alone_tells_most_of_a_page_apart():
    assert wrong(Boilerplate(NEWS), range(20)) <= 3 * 20  # of 12 to 16 lines each
    kept = [
        g
        for g, tag in zip(Boilerplate(NEWS).guesses(page(3)[0]), page(3)[1], strict=True)
        if not tag
    ]
    assert not any(g.proposed for g in kept)


def test_learning_a_source_leaves_hardly_a_mistake():
    before = wrong(Boilerplate(NEWS), range(100, 120))
    after = wrong(taught(8), range(100, 120))
    assert before >= 20
    assert after <= before // 4


def test_labels_are_learned_too():
    engine = taught(8)
    right = total = 0
    for number in range(100, 110):
        text, tags = page(number)
        for guess, tag in zip(engine.guesses(text, "house"), tags, strict=True):
            total += bool(tag)
            right += bool(tag) and guess.label == tag
    assert right >= 0.9 * total


def test_the_same_lessons_give_the_same_state_and_guesses():
    one, two = taught(4), taught(4)
    assert json.dumps(one.dump()) == json.dumps(two.dump())
    assert one.guesses(page(50)[0]) == two.guesses(page(50)[0])


def test_a_state_survives_json():
    engine = taught(4)
    engine.recurrence.add("house", page(9)[0])
    again = Boilerplate.load(json.loads(json.dumps(engine.dump())))
    assert again.dump() == engine.dump()
    assert [g._replace(boilerplate=0) for g in again.guesses(page(9)[0], "house")] == [
        g._replace(boilerplate=0) for g in engine.guesses(page(9)[0], "house")
    ]
    for number in range(20, 23):
        again.learn(*page(number))
        engine.learn(*page(number))
    assert again.learned == engine.learned == 7
    assert wrong(again, range(30, 35)) == wrong(engine, range(30, 35))


def test_a_state_follows_a_changed_scheme():
    engine = Boilerplate.load(taught(3).dump(), ["nav", "rest"])
    assert {guess.label for guess in engine.guesses(page(7)[0])} <= {"nav", "rest"}


def test_another_version_is_refused():
    with pytest.raises(AnnotatorError):
        Boilerplate.load({**taught(0).dump(), "version": 0})


def test_no_labels_and_wrong_tags_are_refused():
    with pytest.raises(AnnotatorError):
        Boilerplate([])
    with pytest.raises(AnnotatorError):
        Boilerplate(NEWS).learn("one\ntwo", [""])


def test_recurring_lines_are_proposed_with_their_count():
    engine = Boilerplate(["boilerplate"])
    odd = "The lower river house keeps its doors open for those who come by water in the evening."
    for number in range(9):
        text = page(number)[0]
        engine.recurrence.add("house", f"{text}\n{odd}" if number < 7 else text)
    text = f"{page(0)[0]}\n{odd}"
    guess = engine.guesses(text, "house")[-1]
    assert guess.why == "seen in 6 of 8 articles"
    assert guess.boilerplate > Boilerplate(["boilerplate"]).guesses(text)[-1].boilerplate
    assert "seen" not in engine.guesses(text, "elsewhere")[-1].why


def test_what_was_the_article_before_is_not_proposed_for_recurring():
    def quiet(text):
        return next(at for at, one in enumerate(lines_of(text)) if one.text.startswith("A quiet"))

    engine = Boilerplate(["boilerplate"])
    for number in range(6):
        engine.recurrence.add("house", page(number)[0])
    (text, tags), other = page(1), page(2)[0]
    before = engine.guesses(other, "house")[quiet(other)]
    assert before.why == "seen in 5 of 5 articles"
    tags[quiet(text)] = ""
    engine.learn(text, tags, "house")
    after = engine.guesses(other, "house")[quiet(other)]
    assert after.why == "after the text"
    assert after.boilerplate < 0.5 <= before.boilerplate


def test_one_budget_is_for_the_whole_article():
    assert within_budget([0.99, 0.6, 0.4], [100, 100, 1000], 0.04) == [True, False, False]
    assert within_budget([1.0, 1.0], [5, 5], 0.0) == [True, True]
    assert within_budget([], [], 0.04) == []
    sure, sizes = [0.9] * 50 + [0.01] * 50, [30] * 100
    losses = [size * (1 - chance) for size, chance in zip(sizes, sure, strict=True)]
    taken = within_budget(sure, sizes, BUDGET)
    spent = sum(loss for loss, takes in zip(losses, taken, strict=True) if takes)
    assert 0 < spent <= BUDGET * sum(losses)


def test_neighbours_of_a_label_are_one_stretch():
    def guess(start, label, proposed=True, chance=0.9):
        return LineGuess(start, start + 3, chance, label, 1.0, proposed, "")

    rows = [
        guess(0, "nav"),
        guess(4, "nav", chance=0.7),
        guess(8, "ad"),
        guess(12, "ad", False),
        guess(16, "ad"),
    ]
    found = [(s.start, s.end, s.label, s.score) for s in stretches(rows)]
    assert found == [(0, 7, "nav", 0.7), (8, 11, "ad", 0.9), (16, 19, "ad", 0.9)]


def test_tags_come_from_what_covers_most_of_a_line():
    lines = lines_of("first line\nsecond one\nthe third")
    spans = [(0, 10, "nav"), (11, 13, "ad"), (22, 30, "ad"), (24, 25, "nav")]
    assert tags_of(lines, spans) == ["nav", "", "ad"]
    assert tags_of(lines, [(0, 30, "ad")]) == ["ad"] * 3
    assert tags_of(lines, []) == [""] * 3


def test_numbers_and_spaces_make_no_difference_to_recurrence():
    assert alike("  Преди 13\u00a0минути ") == alike("преди 5 МИНУТИ")
    assert line_key("seen 1,204 times") == line_key("Seen 3,999  times")
    assert line_key("one") != line_key("two")


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("Сподели във Facebook", "share_social"), ("Забравена парола?", "form_login"), ("Преди 20 минути", "teaser_list"),
        ("Читайте также: Мост закрыт", "teaser_inline"), ("Все права защищены", "footer"), ("15 минут назад", "teaser_list"),
        ("Підписатися на розсилку", "subscribe"), ("Коментарі (4)", "comments_ui"), ("Sign up for our newsletter", "subscribe"),
        ("Lesen Sie auch", "teaser_inline"), ("Impressum", "footer"), ("À lire aussi", "teaser_inline"),
        ("Política de privacidad", "consent_legal"), ("Dodaj komentarz", "comments_ui"), ("Διαβάστε επίσης", "teaser_inline"),
        ("登录 / 注册", "form_login"), ("جميع الحقوق محفوظة", "footer"),
    ],
)  # fmt: skip
def test_markers_are_known_in_many_languages(line, label):
    assert label in hits(line).labels
    assert hits(line).first == label or label in (
        "comments_ui",
        "teaser_list",
        "share_social",
        "subscribe",
    )


def test_body_sentences_have_no_first_marker():
    assert not hits("Вчера реката излезе от коритото си край старото село.").first
    assert all(len(prompt) > 2 for prompt in prompts())


def test_the_prior_is_small_and_knows_no_words():
    prior = shipped()
    assert 100 < len(prior.weights) < 2_000
    assert all(is_general(name) for name in prior.weights)
    assert prior.steep > 0


def test_features_of_the_prior_are_made():
    made = {
        name
        for number in range(40)
        for line in shown(lines_of(page(number)[0])).features
        for name in line
    }
    known = {name for name in shipped().weights if name[0] != ">"}
    assert len(made & known) > 100


def test_marginals_agree_with_all_paths():
    """Two tags over four lines: every path summed up by hand."""
    from itertools import pairwise, product
    from math import exp

    weights = {"a": 1.3, "b": -0.7, "c": 0.2, ">cc": 0.5, ">cb": -0.4, ">bc": 0.1, ">bb": 0.8}
    article = [("a",), ("b", "c"), ("c",), ("b",)]
    totals = [0.0] * 4
    whole = 0.0
    for path in product("cb", repeat=4):
        score = sum(
            (1 if tag == "c" else -1) * sum(weights[f] for f in line) / 2
            for tag, line in zip(path, article, strict=True)
        )
        weight = exp(score + sum(weights[f">{x}{y}"] for x, y in pairwise(path)))
        whole += weight
        for at, tag in enumerate(path):
            totals[at] += weight * (tag == "b")
    assert Tagger(weights).marginals(article) == pytest.approx([total / whole for total in totals])


def test_steps_are_expected_as_all_paths_take_them():
    """Of three lines, every path by hand; and the probabilities are those of `marginals`."""
    from itertools import pairwise, product
    from math import exp

    emissions, jumps = [1.3, -0.5, 0.2], [0.5, -0.4, 0.1, 0.8]
    often, whole = [0.0] * 4, 0.0
    for path in product((0, 1), repeat=3):
        steps = [2 * one + other for one, other in pairwise(path)]
        score = sum((0.5 - tag) * emission for tag, emission in zip(path, emissions, strict=True))
        weight = exp(score + sum(jumps[step] for step in steps))
        whole += weight
        for step in steps:
            often[step] += weight
    chances, found = expected(emissions, jumps)
    assert found == pytest.approx([count / whole for count in often])
    assert all(0 < chance < 1 for chance in chances)
    assert expected([], jumps) == ([], [0.0] * 4)


def test_a_tagger_learns_what_separates():
    tagger = Tagger({}, prior=1.0)
    for _ in range(5):
        tagger.learn([("text",), ("menu",), ("text",)], [False, True, False])
    assert [chance > 0.5 for chance in tagger.marginals([("menu",), ("text",)])] == [True, False]


def test_real_pages_of_another_corpus_keep_their_bodies(shared_data):
    path = shared_data / "boilerplate" / "boiler_daniel_en_near.jsonl"
    kept = lost = extra = 0
    with path.open(encoding="utf-8") as rows:
        for _, raw in zip(range(25), rows, strict=False):
            item = json.loads(raw)
            truth = {
                s["start"]: s["label"] == "boilerplate"
                for s in item["spans"]
                if s["layer"] == "line"
            }
            for guess in Boilerplate(["boilerplate"]).guesses(item["text"]):
                size = guess.end - guess.start
                kept += size * (not guess.proposed and not truth[guess.start])
                lost += size * (guess.proposed and not truth[guess.start])
                extra += size * (not guess.proposed and truth[guess.start])
    assert 2 * kept / (2 * kept + lost + extra) > 0.88
    assert lost < 0.1 * (kept + lost)


def finished(number):
    text, tags = page(number)
    spans = tuple(
        Labelled(line.start, line.end, tag)
        for line, tag in zip(lines_of(text), tags, strict=True)
        if tag
    )
    return Finished(text, "boilerplate", spans)


def test_lessons_have_the_shape_of_all_suggesters():
    lessons: Suggester = BoilerplateLessons(NEWS, "boilerplate")
    fresh = lessons.version
    for number in range(6):
        lessons.learn(finished(number))
    lessons.learn(finished(1)._replace(layer="entities"))
    assert lessons.version != fresh
    assert not lessons.is_stale
    assert max(len(fresh), len(lessons.version)) < 30
    again = BoilerplateLessons(NEWS, "boilerplate")
    again.load(lessons.save())
    text = page(40)[0]
    found = [(g.start, g.end, g.label, g.why) for g in lessons.suggest(text)]
    assert found == [(g.start, g.end, g.label, g.why) for g in again.suggest(text)]
    assert any(why == "marked in 6 articles" for *_, why in found)
    again.refit(finished(number) for number in range(6))
    assert again.save() == lessons.save()
    assert again.version == lessons.version


def test_every_lesson_changes_the_version():
    lessons = BoilerplateLessons(NEWS)
    other = finished(1)._replace(spans=finished(1).spans[:-1])
    versions = [lessons.version]
    for article in (finished(0), finished(1)):
        lessons.learn(article)
        versions.append(lessons.version)
    lessons.refit([finished(0), other])
    versions.append(lessons.version)
    lessons.count([("house", page(7)[0])])
    assert len({*versions, lessons.version}) == 5


def test_source_and_title_reach_the_engine():
    lessons = BoilerplateLessons(NEWS)
    odd = "The lower river house keeps its doors open for those who come by water in the evening."
    texts = [f"{page(number)[0]}\n{odd}" for number in range(5)]
    assert lessons.count(("house", text) for text in texts) == 5
    assert lessons.count([("house", texts[0]), ("", texts[1])]) == 0, (
        "each once, with a source only"
    )
    text = texts[2]
    assert lessons.suggest(text, "en", "house")[-1].why == "seen in 4 of 4 articles"
    assert lessons.suggest(text, "en", "elsewhere")[-1].why != "seen in 4 of 4 articles"
    lessons.refit([])
    assert lessons.suggest(text, "en", "house")[-1].why == "seen in 4 of 4 articles"
    title = "A mill that nobody had heard of before this week in the old town."
    page_of = f"{title}\n{page(8)[0]}"
    with_title, without = (lessons.suggest(page_of, "en", "", said)[0] for said in (title, ""))
    assert (with_title.start, with_title.label) == (0, "headline")
    assert with_title.score > without.score or without.label != "headline" or without.start > 0


def test_learned_articles_are_counted_and_never_against_themselves():
    lessons = BoilerplateLessons(NEWS, "boilerplate")
    for number in range(5):
        lessons.learn(finished(number)._replace(source="house"))
    index = lessons.engine.recurrence
    assert index.articles == 5
    assert index.seen("house", "Home", itself=True).times == 4
    assert index.seen("house", "Home").times == 5


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Log in to your account", 'reads "Log in"'),
        ("© 2031 The Lower River House", 'reads "©"'),
        ("Zzyzx qwrtp", "after the text"),
    ],
)
def test_the_reason_is_told_in_words(line, why):
    text, _ = page(3)
    assert Boilerplate(NEWS).guesses(f"{text}\n{line}")[-1].why == why


def test_a_stretch_is_sure_when_all_its_lines_are():
    rows = [LineGuess(at, at + 3, 0.99, "nav", 1.0, True, "", at != 8) for at in (0, 4, 8)] + [
        LineGuess(12, 15, 0.99, "ad", 1.0, True, "", True)
    ]
    found = [(one.label, one.sure) for one in stretches(rows)]
    assert found == [("nav", True), ("nav", False), ("ad", True)]


@pytest.mark.parametrize("saved", [b"", b"{}", b"[1]", b"\xff", b'{"version": 1}', b'{"version": 1, "kinds": []}', b"[" * 5000])  # fmt: skip
def test_lessons_refuse_what_they_did_not_write(saved):
    with pytest.raises(AnnotatorError):
        BoilerplateLessons(NEWS).load(saved)
