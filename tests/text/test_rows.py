"""Wrapping: rows join to the text, fit the screen, and cut nothing a reader takes for one."""

import itertools

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from odd_text import PIECES, odd, plain
from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from annotator.text.clusters import CLUSTER
from annotator.text.rows import cells, clusters, column_of, offset_at, painted, wrap
from annotator.text.visible import visible

widths = st.integers(1, 30)


def row_texts(text: str, width: int) -> list[str]:
    return [text[start:end] for start, end in wrap(text, width)]


@given(odd, widths)
@example("".join(PIECES), 7)
def test_rows_join_to_the_text(text, width):
    assert "".join(row_texts(text, width)) == text
    assert all(row_texts(text, width)) or not text


@given(odd, widths)
@example("".join(PIECES), 5)
def test_every_painted_row_fills_the_screen_exactly(text, width):
    for start, end in wrap(text, width):
        row = text[start : painted(text, start, end, width)]
        if width == 1 and len(row) == 1 and cells(row) > 1:
            continue  # nothing can be done for a wide character on a screen of one cell
        assert cell_len(visible(row)) <= width
        strip = Strip([Segment(visible(row))]).adjust_cell_length(width)
        assert cell_len(strip.text) == width


@given(odd, widths)
@example("".join(PIECES), 5)
def test_a_row_painted_cluster_by_cluster_has_the_same_width(text, width):
    for start, end in wrap(text, width):
        stop = painted(text, start, end, width)
        found = clusters(text, start, stop)
        assert [begin for begin, _end, _size in found] == [start, *(e for _b, e, _s in found)][:-1]
        shown = visible(text[start:stop])
        for begin, finish, size in found:
            assert cell_len(shown[begin - start : finish - start]) == size >= 1
        assert sum(size for _b, _e, size in found) == cell_len(shown)


@given(odd, widths)
@example("".join(PIECES), 4)
def test_only_clusters_wider_than_the_row_are_cut(text, width):
    starts = {start for start, _end in wrap(text, width)}
    for match in CLUSTER.finditer(text):
        if any(offset in starts for offset in range(match.start() + 1, match.end())):
            assert cells(match[0]) > width


@given(odd | plain, widths)
def test_newlines_end_rows_and_stand_nowhere_else(text, width):
    for row in row_texts(text, width):
        assert "\n" not in row[:-1]


@given(plain, widths)
def test_no_row_could_have_taken_the_next_word(text, width):
    rows = row_texts(text, width)
    for row, following in itertools.pairwise(rows):
        if not row.endswith("\n"):
            word = following.split(" ")[0].rstrip("\n")
            assert len(row) + len(word) > width
            assert row.endswith(" ") or " " not in row


@given(odd, widths)
def test_row_of_is_the_inverse_of_span(text, width):
    rows = wrap(text, width)
    for row in range(len(rows)):
        start, end = rows.span(row)
        assert {rows.row_of(offset) for offset in range(start, end)} <= {row}
    assert rows.row_of(len(text)) == rows.row_of(len(text) + 5) == len(rows) - 1
    with pytest.raises(IndexError):
        rows.span(len(rows))
    with pytest.raises(IndexError):
        rows.span(-1)


@given(odd, widths, st.integers(0, 40))
def test_columns_and_offsets_agree(text, width, column):
    for start, end in wrap(text, width):
        offset = offset_at(text, start, end, column)
        assert start <= offset < end or start == end == offset
        if column < cells(text[start:end]):
            assert column_of(text, start, offset) <= column
        for begin, _finish, size in clusters(text, start, end):
            at = column_of(text, start, begin)
            assert {offset_at(text, start, end, at + cell) for cell in range(size)} == {begin}


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("слово — „дума“…", 15),
        ("🇧🇬", 2),
        ("🇧🇬🇷🇺", 4),
        ("👨\u200d👩\u200d👧\u200d👦", 2),
        ("❤\ufe0f", 2),
        ("❤", 1),
        ("1\ufe0f\u20e3", 2),
        ("👍🏽", 2),
        ("и\u0306", 1),
        ("中文", 4),
        ("한국", 4),
        ("\u1112\u1161\u11ab", 2),
        ("กำพี่", 3),
        ("سلام", 4),
        ("हिंदी", 2),
        ("a\tb\x1bc\u200b", 6),
        ("\u202e\ufeff\u00ad", 3),
        ("🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", 2),
    ],
)
def test_cells(text, size):
    assert cells(text) == size
    assert sum(width for _start, _end, width in clusters(text, 0, len(text))) == size


@pytest.mark.parametrize(
    ("text", "width", "rows"),
    [
        ("", 10, [""]),
        ("\n", 10, ["\n"]),
        ("a\n", 10, ["a\n"]),
        ("a\n\nb", 10, ["a\n", "\n", "b"]),
        ("един два три", 8, ["един два ", "три"]),
        ("един два три", 7, ["един ", "два три"]),
        ("едно-две", 4, ["едно", "-две"]),
        ("аб   вг", 2, ["аб ", "  ", "вг"]),
        ("abcd \nef", 4, ["abcd \n", "ef"]),
        ("abcd\r\nef", 4, ["abcd\r\n", "ef"]),
        ("习近平在北京会见", 6, ["习近平", "在北京", "会见"]),
        ("习近平。北京", 6, ["习近", "平。北", "京"]),
        ("各位（北京）会见", 6, ["各位", "（北", "京）会", "见"]),
        ("ab中文cd", 5, ["ab中", "文cd"]),
        ("🇧🇬🇧🇬🇧🇬", 5, ["🇧🇬🇧🇬", "🇧🇬"]),
        ("абв и\u0306где", 4, ["абв ", "и\u0306где"]),
        ("абвги\u0306", 4, ["абвг", "и\u0306"]),
        ("中文", 1, ["中", "文"]),
        ("中\nа", 1, ["中\n", "а"]),
        ("ab", 0, ["a", "b"]),
    ],
)
def test_wraps(text, width, rows):
    assert row_texts(text, width) == rows


def test_a_cluster_is_seen_whole_before_it_is_measured():
    accents = "а" + "\u0301" * 16
    text = accents * 2 + accents[:-1] + "👩\u200d👩\u200d👧\u200d👦"
    assert row_texts(text + "б", 5) == [text, "б"]


def test_one_line_of_ten_megabytes():
    word = "новини „днес“ — "
    text = word * (10_000_000 // len(word.encode()))
    rows = wrap(text, 80)
    assert len(rows) == -(-len(text) // 80)
    start, end = rows.span(rows.row_of(len(text) // 2))
    assert end - start == 80


@settings(max_examples=5)
@given(
    st.sampled_from(["🇧🇬", "\u0301", "👩\u200d", "中", "क्", "\u0600", "\x1b", "가", "\u1112", " "]),
    widths,
)
def test_endless_clusters_do_not_make_endless_rows(piece, width):
    text = "a" + piece * 20_000
    rows = wrap(text, width)
    assert "".join(text[start:end] for start, end in rows) == text
    assert max(end - start for start, end in rows) <= 16 * width + 1024 + 2
    for start, end in rows:
        row = text[start : painted(text, start, end, width)]
        assert cell_len(visible(row)) <= max(width, 2)
