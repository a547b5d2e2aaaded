"""The export tokenizer: whole, ordered, without white space, cut where told."""

import itertools

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from odd_text import PIECES, odd
from razdel import sentenize

from annotator.text.tokens import TOKENIZER, sentences, tokens


def surfaces(text, edges=()):
    return [text[start:end] for start, end in tokens(text, edges)]


@given(odd, st.sets(st.integers(-3, 200)))
@example("".join(PIECES), set(range(0, 200, 3)))
def test_tokens_hold_all_that_is_not_white_space(text, edges):
    found = tokens(text, edges)
    assert all(start < end for start, end in found)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(found))
    assert not any(character.isspace() for token in surfaces(text, edges) for character in token)
    assert "".join(surfaces(text, edges)) == "".join(text.split())
    assert not [(start, end) for start, end in found for edge in edges if start < edge < end]
    assert {edge for token in tokens(text) for edge in token} <= {e for t in found for e in t}


@given(odd, st.lists(st.tuples(st.integers(0, 99), st.integers(1, 60)), max_size=5))
@example("".join(PIECES), [])
def test_sentences_hold_all_tokens_and_divide_nothing_kept(text, keep):
    ranges = [(start, start + length) for start, length in keep]
    found = sentences(text, ranges)
    assert all(start < end for start, end in found)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(found))
    for start, end in tokens(text):
        assert [1 for begin, finish in found if begin <= start and end <= finish] == [1]
    for start, end in ranges:
        touched = [s for s in found if s[0] < end and start < s[1]]
        assert len(touched) <= 1
    if not ranges:
        assert not any("\n" in text[start:end] for start, end in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ким Чен-ун прие 5,6 % от 17.08.2023.", "Ким|Чен-ун|прие|5,6|%|от|17.08.2023|."),
        ("„Доволни сме“, каза…", "„|Доволни|сме|“|,|каза|…"),
        ("виж https://bta.bg/a?b=1). a.b@bta.bg!", "виж|https://bta.bg/a?b=1|)|.|a.b@bta.bg|!"),
        ("м'ята д’Артаньян...", "м'ята|д’Артаньян|..."),
        ("iPhone手机, カナ", "iPhone|手|机|,|カ|ナ"),
        ("กำพี่", "กำ|พี่"),
        ("한국 대통령", "한국|대통령"),
        ("🇧🇬🇷🇺 👩\u200d👧❤\ufe0f", "🇧🇬|🇷🇺|👩\u200d👧|❤\ufe0f"),
        ("и\u0306ога\tнова\u00a0\u3000дума", "и\u0306ога|нова|дума"),
    ],
)
def test_tokenizes(text, expected):
    assert surfaces(text) == expected.split("|")


def test_tokens_are_cut_at_span_edges():
    assert surfaces("анти-Брекзит", [5, 12]) == ["анти-", "Брекзит"]
    assert surfaces("анти-Брекзит", [0, 12, 40]) == ["анти-Брекзит"]


def test_sentences_end_at_line_breaks_and_where_razdel_says():
    text = "Заглавие без точка\nПърво. Второ! 17 август 2023 г. в София.\r\n\n  Трето \n"
    found = [text[start:end] for start, end in sentences(text)]
    assert found == [
        "Заглавие без точка",
        "Първо.",
        "Второ!",
        "17 август 2023 г. в София.",
        "Трето",
    ]


def test_sentences_join_where_something_kept_crosses():
    text = "Едно. Две. Три.\nЧетири."
    assert sentences(text, [(3, 8)]) == [(0, 10), (11, 15), (16, 23)]
    assert sentences(text, [(14, 17), (0, 2)]) == [(0, 5), (6, 10), (11, 23)]
    assert sentences(text, [(0, 23)]) == [(0, 23)]
    assert sentences(text, [(5, 6)]) == sentences(text)


def test_long_texts_without_spaces_do_not_take_square_time():
    for piece in ("a.", "-", "www.", "a@", "1.", "🇧🇬", "https://."):
        assert tokens(piece * (100_000 // len(piece)))


def test_the_tokenizer_has_a_name():
    assert TOKENIZER == "annotator-tok/1"


def test_real_articles_split_as_counted_by_hand(shared_data):
    for name, count in (("000_2075f97cec139a43", 84), ("002_d04839ea0ce42844", 26)):
        text = (shared_data / "articles" / f"{name}.txt").read_text(encoding="utf-8")
        expected, begin = [], 0
        for line in text.split("\n"):
            expected += [(begin + s.start, begin + s.stop) for s in sentenize(line) if s.text]
            begin += len(line) + 1
        assert sentences(text) == expected
        assert len(expected) == count
