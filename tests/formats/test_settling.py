"""Claims of other tools are proved against the text, in whatever their offsets count."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.claims import Claim, Record
from annotator.formats.settling import READINGS, Settled, Unsettled, settle
from annotator.model.article import Article
from annotator.text.counting import Count, Offsets

TEXT = "🇧🇬 Кметът на Лом\nЙоан Петров\u0438\u0306 каза\r\n„Да“ 👩‍🚒 в Лом"


def claim(text: str, surface: str, label: str = "PER", count: Count = Count.CODE_POINTS) -> Claim:
    start = text.index(surface)
    offsets = Offsets(text, count)
    return Claim(offsets.to(start), offsets.to(start + len(surface)), label, surface)


def record(*claims: Claim, text: str = TEXT, **more: object) -> Record:
    return Record("file:1", Article("a", text), claims, **more)


@pytest.mark.parametrize("count", [Count.CODE_POINTS, *READINGS])
def test_offsets_in_any_count_are_found_out(count):
    claims = [claim(TEXT, s, count=count) for s in ("Лом", "Йоан Петров\u0438\u0306", "👩‍🚒 в Лом")]
    settled = settle(record(*claims), TEXT)
    assert isinstance(settled, Settled)
    assert settled.counts is count
    assert [TEXT[c.start : c.end] for c in settled.claims] == [c.quote for c in claims]


def test_what_the_format_says_goes_first():
    """Where both readings hold, the one that is documented is taken."""
    settled = settle(record(Claim(0, 1, "X", "a"), text="ab", counts=Count.UTF16), "ab")
    assert isinstance(settled, Settled)
    assert settled.counts is Count.UTF16


def test_one_quote_that_fits_nowhere_refuses_the_record_and_names_what_was_tried():
    settled = settle(record(claim(TEXT, "Лом"), Claim(3, 9, "ORG", "Кремль")), TEXT)
    assert isinstance(settled, Unsettled)
    assert "3-9 of 'ORG' do not cut out 'Кремль'" in settled.reason
    for count in Count:
        assert count in settled.reason


def test_nothing_is_moved_to_where_it_would_fit():
    start = TEXT.index("Лом")
    near = Claim(start + 1, start + 4, "LOC", "Лом")
    assert isinstance(settle(record(near), TEXT), Unsettled)


@pytest.mark.parametrize("place", [(5, 5), (7, 3), (-1, 4), (0, 10_000), (10**30, 10**31)])
def test_offsets_that_do_not_lie_in_the_text_are_refused_without_quotes_too(place):
    settled = settle(record(Claim(*place, "PER")), TEXT)
    assert isinstance(settled, Unsettled)
    assert "do not lie in the text" in settled.reason


def test_without_quotes_the_format_is_believed():
    assert isinstance(settle(record(Claim(3, 9, "PER")), TEXT), Settled)


def test_an_empty_record_is_settled():
    assert settle(record(), TEXT) == Settled((), Count.CODE_POINTS)


def test_a_quote_may_have_the_other_line_ends():
    text = "Мэрия Северного\r\nПорта"
    settled = settle(
        record(Claim(0, len(text), "ORG", text.replace("\r\n", "\n")), text=text), text
    )
    assert isinstance(settled, Settled)
    assert settled.claims[0].quote == text


@given(st.text(st.sampled_from("aя😀\r\n\u0301🇧"), min_size=1, max_size=20), st.data())
def test_what_is_settled_cuts_out_its_quotes(text, data):
    places = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    drawn = data.draw(st.lists(places, max_size=4))
    count = data.draw(st.sampled_from(list(Count)))
    claims = [Claim(*sorted(place), "X", text[slice(*sorted(place))]) for place in drawn]
    settled = settle(record(*claims, text=text, counts=count), text)
    if isinstance(settled, Settled):
        for found, given_ in zip(settled.claims, claims, strict=True):
            cut = text[found.start : found.end].replace("\r\n", "\n")
            assert cut == (given_.quote or "").replace("\r\n", "\n")
