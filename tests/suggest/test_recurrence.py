"""Lines that recur in the articles of a source: counts that add up."""

import json

import pytest

from annotator.suggest.boilerplate.recurrence import Recurrence, Seen, counted, recurs

SITE = "Latest from the river\nSeen {n} times\nAll rights kept by the house"


def article(number):
    own = "\n".join(
        f"Sentence {'abcdefghij'[k]} of story {chr(97 + number)} tells its own tale." * 3
        for k in range(4)
    )
    return f"{own}\n{SITE.format(n=number)}"


def test_articles_are_counted_once_a_line():
    index = counted([("house", article(n) + "\nLatest from the river") for n in range(9)])
    assert index.seen("house", "Latest from the river") == Seen(9, 9)
    assert index.seen("house", "latest  from the RIVER", itself=True) == Seen(8, 8)
    assert index.seen("house", "Seen 4711 times") == Seen(9, 9)
    assert index.seen("house", "Never seen") == Seen(0, 9)
    assert index.seen("other", "Latest from the river") == Seen(0, 0)
    assert str(Seen(7, 9)) == "seen in 7 of 9 articles"


def test_an_article_counts_once():
    index = counted([("house", article(n)) for n in range(3)])
    assert index.has("house", article(1))
    assert not index.has("house", article(7))
    assert not index.add("house", article(1))
    assert index.articles == 3
    assert index.seen("house", "Latest from the river") == Seen(3, 3)


@pytest.mark.parametrize(
    ("line", "other"),
    [
        ("Latest from the river", "LATEST FROM THE RIVER!"),
        ("Seen 12 times by 3 people", "Seen 4,000 times by 12.5 people."),
        ("Абонирайте се за нашия речен бюлетин", "Абонирайте се за нашия бюлетин"),
        ("Subscribe to our weekly river letter", "Subscribe to our daily river letter"),
        (
            "Whoever copies this text of the river house without asking will hear from its lawyers.",
            "Whoever copies this text of the river house without paying will hear from its lawyers.",
        ),
    ],
)
def test_lines_that_are_nearly_the_same_count_together(line, other):
    index = counted([("house", f"{article(n)}\n{line}") for n in range(4)])
    assert index.seen("house", other) == Seen(4, 4)
    assert index.seen("house", line) == Seen(4, 4)


@pytest.mark.parametrize(
    "other",
    [
        "Latest from the hill", "Subscribe to your daily hill letter", "Subscribe to our letter",
        "from the river", "Subscribe", "",
    ],
)  # fmt: skip
def test_other_lines_do_not(other):
    line = "Subscribe to our daily river letter"
    index = counted([("house", f"{article(n)}\n{line}") for n in range(4)])
    assert index.seen("house", other).times == 0


def test_a_copy_counts_for_nothing():
    index = counted([("house", article(n)) for n in range(3)])
    assert not index.add("house", article(1))
    assert index.seen("house", "Latest from the river") == Seen(3, 3)


def test_counts_of_two_indexes_add_up():
    one = counted([("a", article(n)) for n in range(3)])
    two = counted([("a", article(n)) for n in range(3, 7)] + [("b", article(1))])
    both = counted([("a", article(n)) for n in range(7)] + [("b", article(1))])
    one.merge(two)
    assert one.dump() == both.dump()
    again = Recurrence.load(json.loads(json.dumps(both.dump())))
    assert again.dump() == both.dump()


def test_a_line_must_recur_often_enough():
    assert recurs(Seen(3, 9), 40)
    assert not recurs(Seen(2, 2), 40)
    assert not recurs(Seen(3, 40), 40)
    assert not recurs(Seen(3, 9), 500)
    assert recurs(Seen(5, 9), 500)
    assert Seen(0, 0).share == 0
