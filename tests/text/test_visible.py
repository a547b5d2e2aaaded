"""`visible`: nothing dangerous comes through, nothing moves, widths add up."""

import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from odd_text import PIECES, odd, plain
from rich.cells import cell_len

from annotator.text.clusters import CLUSTER
from annotator.text.visible import HIDDEN, plain_line, visible

SHAPING = "\u200c\u200d"
NUMBER_SIGNS = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
BIDI = {0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def acts(character: str) -> bool:
    """Whether a terminal or a reader's eye might be misled by a character."""
    code = ord(character)
    if code in NUMBER_SIGNS or character in SHAPING or 0xE0020 <= code <= 0xE007F:
        return False
    return code in BIDI or unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def spans(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in CLUSTER.finditer(text)]


@given(odd)
@example("".join(PIECES))
def test_keeps_the_length_and_lets_nothing_through(text):
    shown = visible(text)
    assert len(shown) == len(text)
    assert not [character for character in shown if acts(character)]


@given(odd)
@example("".join(PIECES))
def test_widths_add_up_and_no_cluster_is_invisible(text):
    shown = visible(text)
    sizes = [cell_len(shown[start:end]) for start, end in spans(text)]
    assert sum(sizes) == cell_len(shown)
    assert all(size >= 1 for size in sizes)


@given(odd, st.data())
@example("ab👩\u200d👧c", None)
def test_a_piece_cut_at_clusters_looks_as_it_does_in_the_whole(text, data):
    edges = [0, *(end for _start, end in spans(text))]
    if data is None:
        start, end = 2, 5
    else:
        start, end = sorted(data.draw(st.tuples(st.sampled_from(edges), st.sampled_from(edges))))
    assert visible(text[start:end]) == visible(text)[start:end]


@given(odd)
def test_shown_text_is_shown_as_it_is(text):
    once = visible(text)
    assert visible(once) == once


@given(plain)
def test_ordinary_text_is_not_touched(text):
    assert visible(text) == text.replace("\n", "␤")


@pytest.mark.parametrize(
    "planes",
    [
        [range(0x3000)],
        [range(0x3000, 0x1F000, 17), range(0x1F000, 0x20000), range(0xE0000, 0xE1000)],
    ],
)
def test_every_character_alone_is_harmless_and_seen(planes, long_run):
    if long_run:
        planes = [range(sys.maxunicode + 1)]
    for codes in planes:
        for character in map(chr, codes):
            shown = visible(character)
            assert len(shown) == 1
            assert cell_len(shown) >= 1, hex(ord(character))
            assert not acts(shown), hex(ord(character))
            assert shown not in SHAPING


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("\x00\x07\r\t\x7f", "␀␇␍→␡"),
        ("a\x9bb\ud800", "a\ufffdb\ufffd"),
        ("pay\u200bpal \u202eexe", "pay·pal ·exe"),
        ("pay\u200dpal pay\u200cpal", "pay·pal pay·pal"),
        ("\ufeffтекст\u2028", "·текст·"),
        ("a\u00adb\u2060c", "a·b·c"),
        ("\u0301и\u0306", "·и\u0306"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 👍🏽", "👩\u200d👧 ❤\ufe0f 1\ufe0f\u20e3 👍🏽"),
        ("👩\u200d a🏽 a\ufe0f", "👩· a· a·"),
        ("ශ්\u200dරී", "ශ්\u200cරී"),
        ("\u1112\u1161\u11ab \u1161", "\u1112\u1161\u11ab ·"),
        ("\U000e0041\U000e0042", "··"),
        ("a" + "\u0301" * 18, "a" + "\u0301" * 16 + "··"),
        ("\u3164|\u115f|\u2800", "·|·|\u2800"),
        ("[/b] [@click=app.quit]", "[/b] [@click=app.quit]"),
    ],
)
def test_shows(text, shown):
    assert visible(text) == shown


@given(odd, st.integers(0, 60))
def test_a_plain_line_fits_its_limit(text, limit):
    line = plain_line(text, limit)
    assert cell_len(line) <= limit
    assert not [character for character in line if acts(character)]
    assert "  " not in line


@pytest.mark.parametrize(
    ("text", "limit", "line"),
    [
        ("  Ким\n\tи  Путин ", 40, "Ким и Путин"),
        ("Ким и Путин", 11, "Ким и Путин"),
        ("Ким и Путин", 10, "Ким и Пут…"),
        ("Ким и Путин", 7, "Ким и…"),
        ("🇧🇬🇧🇬", 3, "🇧🇬…"),
        ("中文", 3, "中…"),
        ("abc", 1, "…"),
        ("abc", 0, ""),
        ("", 5, ""),
        ("x" * 10_000, 4, "xxx…"),
        (" " * 1000 + "x", 4, "x"),
    ],
)
def test_plain_line(text, limit, line):
    assert plain_line(text, limit) == line


def test_hidden_characters_are_told_from_nothing():
    assert cell_len(HIDDEN) == 1
