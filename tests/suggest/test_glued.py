"""Boilerplate glued to a line: times, prompts and markup, in several languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.suggest.boilerplate.glued import glued
from annotator.suggest.boilerplate.lines import lines_of


def found(text):
    return [(text[g.start : g.end], g.label) for line in lines_of(text) for g in glued(line)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("12:34Мостът е отворен отново", [("12:34", "byline")]),
        ("Паром снова ходит09:07", [("09:07", "byline")]),
        ("Міст відкрили.18:20", [("18:20", "byline")]),
        ("<p>Korab wrócił do portu.</p>", [("<p>", "residue"), ("</p>", "residue")]),
        ("&nbsp;&nbsp;La barca è ferma", [("&nbsp;&nbsp;", "residue")]),
        ("Το πλοίο έφυγε&nbsp;</p>", [("&nbsp;</p>", "residue")]),
        ("Read moreThe council met again on Friday.", [("Read more", "teaser_inline")]),
        ("Мостът е затворен. Прочетете още: Фериботът спря", [("Прочетете още: Фериботът спря", "teaser_inline")]),
        ("Паром остановлен. Читайте также: Мост закрыт", [("Читайте также: Мост закрыт", "teaser_inline")]),
        ("Міст закрито. Читайте також: Пором став", [("Читайте також: Пором став", "teaser_inline")]),
        ("Die Fähre ruht. Lesen Sie auch: Brücke gesperrt", [("Lesen Sie auch: Brücke gesperrt", "teaser_inline")]),
        ("Le bac est à quai. Lire aussi : Le pont fermé", [("Lire aussi : Le pont fermé", "teaser_inline")]),
        ("渡轮停运了。相关阅读：大桥关闭", [("相关阅读：大桥关闭", "teaser_inline")]),
    ],
)  # fmt: skip
def test_what_is_glued_is_found(text, wanted):
    assert found(text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "The train leaves at 12:34 from the old town.",
        "Он пришёл в 09:07",
        "You can read more in the report of the council.",
        "We ask you to read also the small print, she said.",
        "a < b and b > c",
        "Smith & Sons; a family",
        "<p></p>", "&nbsp;", "", "12:40",
        "Резултатът беше 3:2 за домакините",
    ],
)  # fmt: skip
def test_the_running_text_is_left_alone(text):
    assert found(text) == []


def test_offsets_are_those_of_the_article():
    text = "first\n  12:34Second line  \nthird"
    assert found(text) == [("12:34", "byline")]


@given(st.lists(st.sampled_from(["<p>", "</p>", "&nbsp;", "12:34", "Read more", "Дом", " ", ". ", "\n", "<", "{{"]) | st.characters(), max_size=30).map("".join))  # fmt: skip
def test_pieces_lie_within_lines_and_apart(text):
    for line in lines_of(text):
        end = line.start
        for piece in glued(line):
            assert end <= piece.start < piece.end <= line.end
            end = piece.end


def test_a_huge_line_is_read_fast_enough():
    text = "<" * 200_000 + "\n" + "<p>" * 60_000 + "\n" + "&nbsp;word " * 20_000
    assert isinstance(found(text), list)
