"""Lines that recur in the articles of a source: counts that add up."""

import json

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
