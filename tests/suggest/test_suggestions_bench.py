"""The measuring of suggestions: orders, bands, and an oracle that nods and still ends with the gold."""

import json
import random

import made_corpus
import pytest

from annotator.suggest.boilerplate.lines import lines_of
from annotator.suggest.protocol import Finished, Guess, Labelled
from benchmarks.boilerplate_pages import Page
from benchmarks.suggestions import boilerplate, keys, runs
from benchmarks.suggestions.__main__ import main
from benchmarks.suggestions.corpus import Item, groups, order, read
from benchmarks.suggestions.feeding import Prepared, everything, prepare
from benchmarks.suggestions.scores import Bands, Score, points

ITEMS = [
    Item(f"topic{n % 3}/{n}", f"topic{n % 3}", one.names)
    for n, one in enumerate(made_corpus.corpus(9))
]


def copy(item: Item, number: int) -> Item:
    return item._replace(id=f"{item.id}-copy{number}")


def test_near_copies_stay_together_in_every_order():
    items = [*ITEMS, copy(ITEMS[2], 1), copy(ITEMS[2], 2)]
    assert sorted(map(len, groups(items))) == [1] * 8 + [3]
    for seed in range(5):
        ordered = order(items, seed)
        assert sorted(item.id for group in ordered for item in group) == sorted(i.id for i in items)
        assert max(map(len, ordered)) == 3
    assert order(items, 1) != order(items, 2)


def test_topics_come_one_after_the_other():
    topics = [group[0].topic for group in order(ITEMS, 1, by_topic=True)]
    assert len([t for t, before in zip(topics, ["", *topics], strict=False) if t != before]) == 3


def test_no_copy_is_suggested_from_another():
    found = prepare([[ITEMS[0], copy(ITEMS[0], 1)], [copy(ITEMS[0], 2)]])
    assert not [
        g for one in found[:2] for g in one.guesses if g.why.startswith("memory") and g.attrs
    ]
    assert {g.label for g in found[2].guesses} >= {"PER", "LOC"}


def test_points_are_around_their_numbers():
    assert points(0) == [0]
    assert points(50) == [50]
    assert points(63) == []
    assert points(2) == [2]


def test_spans_are_counted_exactly():
    score = Score()
    score.add({(0, 3, "PER"), (5, 8, "LOC")}, {(0, 3, "PER"), (5, 8, "ORG"), (9, 11, "ORG")})
    assert (score.right, score.wrong, score.missed) == (1, 1, 2)
    assert score.f1 == pytest.approx(2 / 5)
    bands = Bands()
    bands.add(
        [Guess(0, 3, "PER", 0.97, sure=True), Guess(5, 8, "", 0.6)], {(0, 3, "PER"), (5, 8, "LOC")}
    )
    assert [row[0] for row in bands.rows()] == ["no label, edges right", "score from 0.95", "sure"]
    assert all(row[-1] == "1.000" for row in bands.rows())


def test_content_lost_and_runs_to_fix_are_counted():
    text = "menu\nA long line of the body.\nAnother line of the body.\nfooter"
    page = Page("a", text, "", tuple(lines_of(text)), (True, False, False, True), 0)
    tally = boilerplate.Tally()
    tally.add(page, [True, True, False, False])
    assert (tally.kept, tally.lost, tally.extra) == (25, 24, 6)
    assert (tally.losing, tally.fixes, tally.runs) == (1, 2, 2)
    assert tally.by_characters == pytest.approx(50 / 80)


# --- the oracle -----------------------------------------------------------------------------------


def spoiled(article: Finished, chance: random.Random) -> tuple[Guess, ...]:
    """The gold with mistakes of every kind: other labels, other edges, left out, and made up."""
    found: list[Guess] = []
    for span in article.spans:
        kind = chance.choice(["right", "right", "label", "longer", "missing", "unsure", "bare"])
        start, end, label = span[:3]
        if kind == "longer":
            end = (
                article.text.index(" ", end + 1) if " " in article.text[end + 1 : end + 20] else end
            )
        if kind == "label":
            label = "EVT"
        if kind != "missing":
            found.append(
                Guess(
                    start,
                    end,
                    "" if kind == "bare" else label,
                    0.9,
                    sure=kind not in ("unsure", "bare"),
                )
            )
    first = article.text.index(" ") + 1
    found.append(Guess(first, article.text.index(" ", first), "ORG", 0.9, sure=True))
    kept: list[Guess] = []
    for guess in sorted(found, key=lambda g: (g.start, g.end)):
        if not kept or guess.start >= kept[-1].end:
            kept.append(guess)
    return tuple(kept)


@pytest.mark.parametrize("way", [way for way in keys.WAYS if way.shown], ids=lambda way: way.name)
def test_whatever_is_suggested_the_oracle_ends_with_the_gold(way):
    chance = random.Random(7)
    prepared = [Prepared(item, spoiled(item.article, chance)) for item in ITEMS[:4]]
    done = keys.work(prepared, way)
    assert done.faults == []
    assert all(done.keys)


def test_a_lump_of_right_names_costs_two_keys():
    right = [
        Prepared(item, tuple(Guess(*s[:3], 0.99, sure=True) for s in item.article.spans))
        for item in ITEMS[:2]
    ]
    done = keys.work(right, next(way for way in keys.WAYS if way.name == keys.ALL))
    assert (done.keys, done.faults) == ([2, 2], []), "the layer and the lump"


def test_what_is_not_the_gold_is_a_fault():
    class Idle(keys.NodOracle):
        def work(self) -> None:
            pass

    way = keys.WAYS[0]._replace(oracle=Idle)
    assert len(keys.work([Prepared(ITEMS[0], ())], way).faults) == len(ITEMS[0].article.spans)


@pytest.mark.parametrize("way", [runs.BY_HAND, runs.ALL, runs.THEN_EACH, runs.ALL_SHOWN])
def test_boilerplate_ends_as_the_gold_too(way):
    fitted = []
    for number, one in enumerate(made_corpus.corpus(4)):
        cut, text = lines_of(one.lines.text), one.lines.text
        starts = {span.start for span in one.lines.spans}
        page = Page(
            str(number), text, "", tuple(cut), tuple(line.start in starts for line in cut), 0
        )
        chance = random.Random(number)
        guesses = tuple(
            Guess(line.start, line.end, "boilerplate", 0.9, sure=chance.random() < 0.5)
            for line in cut
            if (line.start in starts) != (chance.random() < 0.2)
        )
        fitted.append(runs.Fitted(runs.gold_of(page), guesses))
    assert runs.work(fitted, way).faults == []


def test_everything_shown_takes_all_that_has_a_label():
    found = everything([Guess(0, 1, "PER", 0.4), Guess(2, 3, "", 0.9, sure=True)])
    assert [guess.sure for guess in found] == [True, False]


def test_a_file_of_that_shape_is_measured(tmp_path, capsys):
    path = tmp_path / "mine.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for item in ITEMS[:4]:
            spans = [{"start": s.start, "end": s.end, "label": s.label} for s in item.article.spans]
            record = {
                "id": item.id,
                "text": item.article.text,
                "lang": item.article.lang,
                "spans": spans,
            }
            print(json.dumps(record), file=lines)
    assert [item.article.spans[0][:3] for item in read(path)] == [
        i.article.spans[0][:3] for i in ITEMS[:4]
    ]
    assert main(["entities", str(path), "--quick"]) == 0
    told = capsys.readouterr().out
    assert "mine | names |" in told
    assert "mine | memory only |" in told


def test_without_files_it_says_so(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("benchmarks.suggestions.__main__.DATA", tmp_path)
    assert main(["entities"]) == 1
    assert "name files" in capsys.readouterr().err


def test_names_that_cross_each_other_are_mended_too():
    text = "Вчера Совет Областной Думы Сосновки и Вера Сомова встретились."
    start, end = text.index("Совет"), text.index(" и Вера")
    middle = text.index("Думы")
    item = Item(
        "t/1",
        "t",
        Finished(
            text,
            "entities",
            (Labelled(start, middle + 4, "ORG"), Labelled(end - 8, end, "LOC")),
            "ru",
        ),
    )
    crossing = (
        Guess(start, middle - 1, "PER", 0.9, sure=True),
        Guess(middle, end, "PER", 0.9, sure=True),
    )
    for way in (way for way in keys.WAYS if way.shown):
        assert keys.work([Prepared(item, crossing)], way).faults == []
