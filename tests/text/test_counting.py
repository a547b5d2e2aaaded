"""Offsets as other programs count them, to and from code points."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from annotator.text.clusters import next_grapheme
from annotator.text.counting import Count, Offsets

TEXTS = st.text(st.sampled_from("aя😀\r\n\u0301🇧\u200d👩"), max_size=24)


def counted(text: str, offset: int, count: Count) -> int:
    """The same by the plainest means."""
    before = text[:offset]
    if count is Count.UTF16:
        return len(before.encode("utf-16-le")) // 2
    return len(before.encode()) if count is Count.BYTES else offset


@given(TEXTS)
@pytest.mark.parametrize("count", [Count.CODE_POINTS, Count.UTF16, Count.BYTES])
def test_every_offset_is_counted_and_comes_back(count, text):
    offsets = Offsets(text, count)
    for offset in range(len(text) + 1):
        assert offsets.to(offset) == counted(text, offset, count)
        assert offsets.of(offsets.to(offset)) == offset


@given(TEXTS)
@pytest.mark.parametrize("count", [Count.UTF16, Count.BYTES])
def test_an_offset_inside_a_unit_is_none(count, text):
    offsets = Offsets(text, count)
    whole = {counted(text, offset, count) for offset in range(len(text) + 1)}
    for place in range(max(whole) + 3):
        assert (offsets.of(place) is not None) == (place in whole)
    assert offsets.of(-1) is None


@given(TEXTS)
@example("🇧🇬\r\n")
def test_graphemes_are_counted_one_by_one(text):
    offsets = Offsets(text, Count.GRAPHEMES)
    place = number = 0
    while place < len(text):
        following = next_grapheme(text, place)
        assert {offsets.to(inside) for inside in range(place, following)} == {number}
        assert offsets.of(number) == place
        place, number = following, number + 1
    assert offsets.of(number) == len(text)
    assert offsets.of(number + 1) is None


@given(TEXTS)
def test_line_ends_of_one_kind_are_those_of_the_other(text):
    """An offset into the text with CRLF is the same place in the text with LF, and back."""
    unix = text.replace("\r\n", "\n").replace("\r", "")
    dos = unix.replace("\n", "\r\n")
    longer, shorter = Offsets(unix, Count.CRLF), Offsets(dos, Count.LF)
    for offset in range(len(unix) + 1):
        there = len(unix[:offset].replace("\n", "\r\n"))
        assert longer.to(offset) == there
        assert longer.of(there) == offset
        assert shorter.to(there) == offset
        assert shorter.of(offset) == there


def test_an_offset_outside_the_text_is_an_error():
    with pytest.raises(IndexError, match="offset 4 in a text of 3"):
        Offsets("abc", Count.UTF16).to(4)
