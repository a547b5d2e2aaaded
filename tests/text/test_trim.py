"""What a selection sheds at its edges."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from odd_text import PIECES, odd

from annotator.text.clusters import CLUSTER
from annotator.text.units import next_word, snap, trim


@pytest.mark.parametrize(
    ("selected", "kept"),
    [
        ("Ким", "Ким"),
        (" „Левски“, ", "Левски"),
        ("«Газпром»", "Газпром"),
        ("ООО «Вест».", "ООО «Вест»"),
        ("«ООО «Вест»»", "ООО «Вест»"),
        ('"Левски" (София)', '"Левски" (София)'),
        ('газета "Труд"', 'газета "Труд"'),
        ('газета "Труд', 'газета "Труд'),
        ('Труд"', "Труд"),
        ("»Spiegel«", "Spiegel"),
        ("„Биг Брадър", "Биг Брадър"),
        ("Брадър“", "Брадър"),
        ("(САЩ)", "САЩ"),
        ("САЩ)", "САЩ"),
        ("ООН (Ню Йорк)", "ООН (Ню Йорк)"),
        ("(a) и (b)", "(a) и (b)"),
        ("U.S.", "U.S."),
        ("т.е.", "т.е."),
        ("Apple Inc.", "Apple Inc."),
        ("17 август 2023 г.", "17 август 2023 г."),
        ("в София.", "в София"),
        ("Мартин Лутер К.", "Мартин Лутер К."),
        ("Хм...", "Хм"),
        ("– Да…", "Да"),
        ("#Brexit,", "#Brexit"),
        ("@bta_bg:", "@bta_bg"),
        ("5,6 %.", "5,6 %"),
        ("Yahoo!", "Yahoo"),
        ("Канал+,", "Канал+"),
        ("“Вестник“ 2", "“Вестник“ 2"),
        ("в. „Вестник“", "в. „Вестник“"),
        ("“Вестник“", "Вестник"),
        ("习近平。", "习近平"),
        ("《人民日报》", "人民日报"),
        ("\u200bКим\ufeff", "Ким"),
        ("край\u0301!", "край\u0301"),
        (" ! ", "!"),
        ("...", "..."),
        ("“”", "“”"),
        ("  ", "  "),
        ("\n", "\n"),
        ("", ""),
    ],
)
def test_sheds(selected, kept):
    text = f"– {selected} –"
    start, end = trim(text, 2, 2 + len(selected))
    assert text[start:end] == kept


@given(odd, st.data())
@example("".join(PIECES), None)
def test_stays_inside_keeps_words_and_settles(text, data):
    start, end = (0, len(text))
    if data is not None:
        start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    start, end = snap(text, start, end)
    left, right = trim(text, start, end)
    assert start <= left <= right <= end
    assert (left < right) == (start < end)
    assert {left, right} <= {0, *(match.end() for match in CLUSTER.finditer(text))}
    assert trim(text, left, right) == (left, right)
    word = next_word(text, start)
    if word and word[1] <= end:
        assert left <= word[0] < word[1] <= right


def test_a_selection_of_a_whole_long_text_is_cheap():
    text = "(" * 200_000 + "дума" + ")" * 200_000
    assert trim(text, 0, len(text)) is not None
