"""Spans by place: the same as looking at each of them, at a cost that does not grow."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.desk.index import CELL, LONG, SpanIndex
from annotator.model.annotation import Span, sort_spans

OFFSETS = st.one_of(
    st.integers(0, 40), st.integers(0, 5 * CELL), st.sampled_from([CELL, 2 * CELL, LONG, 3 * LONG])
)
RANGES = st.tuples(OFFSETS, OFFSETS).filter(lambda r: r[0] != r[1]).map(lambda r: tuple(sorted(r)))


@given(st.lists(st.tuples(RANGES, st.booleans()), max_size=30), st.lists(RANGES, max_size=10))
def test_over_is_what_shares_text(spans: list, asked: list) -> None:
    index, kept = SpanIndex(), []
    for number, ((start, end), stays) in enumerate(spans):
        span = Span(str(number), "layer", "x", start, end)
        index.add(span)
        kept.append(span)
        if not stays:
            index.discard(kept.pop(number % len(kept)))
    for start, end in asked:
        expected = sort_spans(s for s in kept if s.start < end and s.end > start)
        assert index.over(start, end) == expected
        assert index.over(start, start) == sort_spans(s for s in kept if s.start < start < s.end)


class Counting(dict):
    """A bucket list that counts how often it is asked."""

    asked = 0

    def get(self, *args: object) -> object:
        self.asked += 1
        return super().get(*args)


def test_a_word_looks_into_one_bucket_and_a_long_stretch_into_no_more_than_there_are() -> None:
    index = SpanIndex()
    for number in range(10_000):
        index.add(Span(str(number), "layer", "x", number * 1000, number * 1000 + 8))
    counting = index._cells = Counting(index._cells)
    assert len(index.over(5_000_000, 5_000_006)) == 1
    assert counting.asked <= 2
    counting.asked = 0
    assert len(index.over(0, 10**9)) == 10_000
    assert counting.asked <= 10_000
