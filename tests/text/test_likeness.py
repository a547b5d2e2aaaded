"""Names across letters: transliteration, likeness, ranking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odd_text import odd

from annotator.text.likeness import latin, likeness, rank


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("Щастие, Ямбол", "Shtastie, Yambol"),
        ("Жуков объезд", "Zhukov obaezd"),
        ("Їжак Ґанок", "Yizhak Ganok"),
        ("Његош", "Nyegosh"),
        ("Ήπειρος, Μπουμπουλίνα", "Ipeiros, Bumpulina"),
        ("Żółć Straße Çelik", "Zolc Strasse Celik"),
        ("Łódź ąę", "Lodz ae"),
        ("习近平 بيروت", "习近平 بيروت"),
        ("и\u0306", "y"),
        ("", ""),
    ],
)
def test_latin(text, spelt):
    assert latin(text) == spelt


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [
        ("Антон Чехов", "Anton Chekhov", 0.95),
        ("Чехова Антона", "Anton Chekhov", 0.8),
        ("Варна", "Varna", 1),
        ("Хан", "Khan", 1),
        ("Вашингтон", "Washington", 1),
        ("Βενιζέλος", "Венизелос", 0.9),
        ("Джонсън", "Johnson", 0.8),
        ("Гитлер", "Hitler", 0.8),
        ("東京", "東京", 1),
    ],
)
def test_alike(one, other, least):
    assert likeness(one, other) >= least


@pytest.mark.parametrize(
    ("one", "other"), [("Иван", "Пловдив"), ("Anna", "Борис"), ("", "а"), ("東京", "京都府")]
)
def test_not_alike(one, other):
    assert likeness(one, other) < 0.45


@given(odd, odd)
def test_likeness_has_bounds_and_no_order(one, other):
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == pytest.approx(likeness(other, one))
    assert likeness(one, one) == 1


NAMES = ["Пловдив", "Антон Чехов", "Anton Chekhov", "Чехия", "Αντώνης", "Chek", "Антонов", "東京"]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("Чех", ["Чехия", "Антон Чехов", "Anton Chekhov"]),
        ("chek", ["Chek", "Anton Chekhov"]),
        ("Anton C", ["Anton Chekhov", "Антон Чехов"]),
        ("東", ["東京"]),
        ("", NAMES[:3]),
    ],
)
def test_rank(query, wanted):
    assert rank(query, [*NAMES, *NAMES], 3)[: len(wanted)] == wanted


def test_nothing_like_it():
    assert rank("Зззз", NAMES, 5) == []
    assert rank("Пло", NAMES, 0) == []


@given(odd, st.lists(odd, max_size=8), st.integers(0, 5))
def test_rank_gives_some_of_the_names_once(query, names, limit):
    ranked = rank(query, names, limit)
    assert len(ranked) <= limit
    assert len(set(ranked)) == len(ranked)
    assert set(ranked) <= set(names)
