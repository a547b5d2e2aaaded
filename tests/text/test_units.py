"""Units: sound at every offset, never through a character, the same found from anywhere."""

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from odd_text import PIECES, odd
from razdel import sentenize

from annotator.text.clusters import CLUSTER
from annotator.text.units import (
    block_at,
    grapheme_at,
    next_block,
    next_grapheme,
    next_sentence,
    next_word,
    prev_block,
    prev_grapheme,
    prev_sentence,
    prev_word,
    sentence_at,
    snap,
    step_grapheme,
    step_word,
    word_at,
)

UNITS = [
    pytest.param(word_at, next_word, prev_word, id="word"),
    pytest.param(sentence_at, next_sentence, prev_sentence, id="sentence"),
    pytest.param(block_at, next_block, prev_block, id="block"),
]
NEWS = (
    "1. Срещата\nКим Чен-ун прие гостите на 17 авг. 2023 г. в столицата. Там беше и И. Петров, т.е. "
    "посланикът! „Доволни сме“, каза той: „Ще дойдем пак.“ (Ройтерс)\n\n  Още новини:  \n2. Времето\n"
    "Утре ще вали… Или не? Цената е 1,5 млн. лв. за бр. Край"
)


def forward(text, following):
    found, place = [], 0
    while (unit := following(text, place)) is not None:
        found.append(unit)
        place = unit[1]
    return found


def backward(text, previous):
    found, place = [], len(text)
    while (unit := previous(text, place)) is not None:
        found.append(unit)
        place = unit[0]
    return found[::-1]


def borders(text):
    return {0, *(match.end() for match in CLUSTER.finditer(text))}


@pytest.mark.parametrize(("at", "following", "previous"), UNITS)
@given(text=odd)
@example(text="".join(PIECES))
@example(text=NEWS)
def test_units_are_the_same_in_both_directions_and_from_every_offset(at, following, previous, text):
    found = forward(text, following)
    assert found == backward(text, previous)
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(found))
    assert {edge for unit in found for edge in unit} <= borders(text)
    for offset in range(len(text) + 1):
        assert following(text, offset) == next((u for u in found if u[0] >= offset), None)
        assert previous(text, offset) == next((u for u in found[::-1] if u[1] <= offset), None)
        covering = next((u for u in found if u[0] <= offset < u[1]), None)
        if at is not block_at or covering:
            assert at(text, offset) == covering


@given(odd)
@example("".join(PIECES))
def test_graphemes_are_clusters_at_every_offset(text):
    for match in CLUSTER.finditer(text):
        for offset in range(*match.span()):
            assert grapheme_at(text, offset) == match.span()
            assert next_grapheme(text, offset) == match.end()
            assert prev_grapheme(text, offset + 1) == match.start()
    end = len(text)
    assert grapheme_at(text, end) == (end, end)
    assert next_grapheme(text, end) == end
    assert prev_grapheme(text, 0) == 0


@pytest.mark.parametrize("offset", [-1, 4])
def test_there_is_no_grapheme_outside_the_text(offset):
    with pytest.raises(IndexError):
        grapheme_at("abc", offset)


@pytest.mark.parametrize(("at", "following", "previous"), UNITS)
def test_there_is_no_unit_in_nothing(at, following, previous):
    for text in ("", " ", " \n\n\t "):
        for offset in range(len(text) + 1):
            assert at(text, offset) is following(text, offset) is previous(text, offset) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ким Чен-ун, „Левски“ – 2:0!", ["Ким", "Чен-ун", "Левски", "2:0"]),
        ("м'ята д’Артаньян п\u02bcять COVID-19", ["м'ята", "д’Артаньян", "п\u02bcять", "COVID-19"]),
        ("1,5 млн. 10:30 17.08.2023.", ["1,5", "млн", "10:30", "17.08.2023"]),
        ("習近平、カナ", ["習", "近", "平", "カ", "ナ"]),
        ("กำพี่", ["กำ", "พี่"]),
        ("iPhone手机", ["iPhone", "手", "机"]),
        ("한국 대통령", ["한국", "대통령"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("слово\u00adто край\u00ad", ["слово\u00adто", "край"]),
        ("и\u0306ога क्षेत्र", ["и\u0306ога", "क्षेत्र"]),
        ("-5 + #таг @име_тук", ["5", "таг", "име", "тук"]),
        ("🇧🇬 👍🏽 — … „“ !?", []),
        ("15°C 5% §7", ["15", "C", "5", "7"]),
    ],
)
def test_words(text, words):
    assert [text[start:end] for start, end in forward(text, next_word)] == words


def test_sentences_are_those_of_razdel_in_each_line():
    expected, begin = [], 0
    for line in NEWS.split("\n"):
        expected += [(begin + s.start, begin + s.stop) for s in sentenize(line) if s.text]
        begin += len(line) + 1
    assert len(expected) > 8
    assert forward(NEWS, next_sentence) == expected


MARKED = NEWS.split(" ") + list('абв.!?…;„“"»)(')


@given(st.lists(st.sampled_from(MARKED) | st.sampled_from(["Тук", "думи"]), max_size=60))
def test_sentences_of_ordinary_words_are_those_of_razdel(words):
    # A word after two marks at most: a line of nothing but list numbers is the one known difference.
    spaced = [word + " Ново" * (place % 3 == 2) for place, word in enumerate(words)]
    line = " ".join(" ".join(spaced).split())
    expected = [(s.start, s.stop) for s in sentenize(line) if s.text]
    assert forward(line, next_sentence) == expected


def test_blocks_are_lines_without_white_space():
    text = "  една \r\n\n \t\nдве\nтри"
    assert [text[s:e] for s, e in forward(text, next_block)] == ["една", "две", "три"]
    assert block_at(text, 0) == block_at(text, 8) == (2, 6)
    assert block_at(text, 10) is None


def test_blocks_end_at_newlines_only():
    text = "a\u2028b\x0bc\x85d"
    assert forward(text, next_block) == [(0, 7)]


@given(odd, st.data())
def test_snap_widens_to_clusters(text, data):
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    left, right = snap(text, start, end)
    assert left <= start <= end <= right
    assert {left, right} <= borders(text)
    assert snap(text, left, right) == (left, right)
    assert not [edge for edge in borders(text) if left < edge <= start or end <= edge < right]


@given(odd, st.data())
def test_steps_are_graphemes(text, data):
    edges = sorted(borders(text))
    here = data.draw(st.sampled_from(range(len(edges))))
    by = data.draw(st.integers(-5, 5))
    expected = edges[min(max(here + by, 0), len(edges) - 1)]
    assert step_grapheme(text, edges[here], by) == expected


@pytest.mark.parametrize("end", [True, False])
@given(text=odd, data=st.data())
def test_steps_stop_at_the_edges_of_words(end, text, data):
    edges = [word[end] for word in forward(text, next_word)]
    offset = data.draw(st.integers(0, len(text)))
    after = next((edge for edge in edges if edge > offset), offset)
    before = next((edge for edge in edges[::-1] if edge < offset), offset)
    assert step_word(text, offset, 1, end) == after
    assert step_word(text, offset, -1, end) == before
    twice = step_word(text, step_word(text, offset, 1, end), 1, end)
    assert step_word(text, offset, 2, end) == twice


LOCAL = NEWS.replace("\n", " ") + " 習近平 кра\u0301й 👩\u200d👧 "


@pytest.mark.parametrize(
    "unit",
    [word_at, next_word, prev_word, sentence_at, next_sentence, prev_sentence, grapheme_at],
)
def test_a_line_of_ten_megabytes_gives_what_a_piece_of_it_gives(unit):
    piece = LOCAL * 6
    text = LOCAL * (10_000_000 // len(LOCAL.encode()))
    base = len(LOCAL) * (len(text) // len(LOCAL) // 2)
    for offset in range(2 * len(LOCAL), 3 * len(LOCAL)):
        found = unit(piece, offset)
        expected = found and (base + found[0], base + found[1])
        assert unit(text, base + offset) == expected


@pytest.mark.parametrize(("at", "following", "previous"), UNITS[:2])
@pytest.mark.parametrize(
    "piece", ["а", "中", "🇧🇬", "\u0301", "a; ", "9.", " ,", "👩\u200d", "\u1112", "क्", ". "]
)
def test_endless_units_are_cut_the_same_from_everywhere(at, following, previous, piece):
    text = ("а" + piece * (5000 // len(piece)) + "б. В ") * 2
    found = forward(text, following)
    assert found == backward(text, previous)
    assert max(end - start for start, end in found) <= 3 * 2048
    for offset in range(0, len(text), 211):
        covering = next((u for u in found if u[0] <= offset < u[1]), None)
        assert at(text, offset) == covering


@pytest.mark.parametrize("piece", ["🇧🇬", "\u0301", "👩\u200d", "\u1112", "\u0600", "क्"])
def test_endless_graphemes_are_cut_the_same_from_everywhere(piece):
    text = "аб" + piece * 500 + "в"
    edges = [0]
    while edges[-1] < len(text):
        edges.append(next_grapheme(text, edges[-1]))
    assert max(b - a for a, b in itertools.pairwise(edges)) <= 1024
    for start, end in itertools.pairwise(edges):
        for offset in {start, (start + end) // 2, end - 1}:
            assert grapheme_at(text, offset) == (start, end)
        assert prev_grapheme(text, end) == start


@settings(max_examples=20)
@given(odd, st.integers(0, 2000))
def test_what_is_far_away_changes_nothing(text, shift):
    filler = "Тук има думи. И още. " * 700
    before = filler[shift:] + " "
    for offset in range(len(text)):
        start, end = grapheme_at(text + "\n", offset)
        if text[0] not in "\u200d" and not grapheme_at(before + text, len(before))[0] < len(before):
            assert grapheme_at(before + text + "\n" + filler, len(before) + offset) == (
                start + len(before),
                end + len(before),
            )
