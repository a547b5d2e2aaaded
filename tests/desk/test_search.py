"""Search: any script and case, accents joined or apart, regular expressions, time, going round."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.desk import search
from annotator.desk.search import Search

TEXT = (
    "Київ і Киев, КИЕВ; Straße STRASSE straße.\nОдиссей: ὈΔΥΣΣΕΎΣ, ὀδυσσεύς.\n"
    "北京今天下雨，北京明天晴。 وصل الرئيس إلى المدينة.\nтова е (край) [*] \\d+ 10\u00a0000\n👩‍👩‍👧 e\u0301"
)


def found(pattern: str, is_regex: bool = False, text: str = TEXT) -> list[str]:
    return [text[s:e] for s, e in Search(text, pattern, is_regex).within(0, len(text))]


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("киев", ["Киев", "КИЕВ"]),
        ("київ", ["Київ"]),
        ("STRASSE", ["Straße", "STRASSE", "straße"]),
        ("straße", ["Straße", "STRASSE", "straße"]),
        ("ὀδυσσεύς", ["ὈΔΥΣΣΕΎΣ", "ὀδυσσεύς"]),
        ("北京", ["北京", "北京"]),
        ("المدينة", ["المدينة"]),
        ("(край) [*] \\d+", ["(край) [*] \\d+"]),
        ("👩‍👩‍👧", ["👩‍👩‍👧"]),
        ("é", ["e\u0301"]),
        (".", [".", ".", "."]),
        ("няма", []),
        ("", []),
    ],
)
def test_plain_words(pattern: str, matches: list[str]) -> None:
    assert found(pattern) == matches


def test_accents_joined_and_apart_are_the_same() -> None:
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, "Йод и ёж в Їжакево")
        for typed in ("йод", unicodedata.normalize("NFD", "йод"), "ёж", "їжак"):
            assert len(found(typed, text=text)) == 1, (form, typed)


def test_regular_expressions() -> None:
    assert found(r"ки[її]в|киев", True) == ["Київ", "Киев", "КИЕВ"]
    assert found(r"^\w+", True) == ["Київ", "Одиссей", "北京今天下雨", "това"]
    assert found(r"\p{Han}+", True) == ["北京今天下雨", "北京明天晴"]
    assert found(r"x*", True) == []


@pytest.mark.parametrize(
    "pattern",
    ["(", "[", "*", "(?P<", r"\p{Nope}", "(?V1)(?V0)", "a{9999999999999}", "(?z)", "(?<=a*"],
)
def test_a_wrong_expression_is_said(pattern: str) -> None:
    wrong = Search(TEXT, pattern, is_regex=True)
    assert wrong.error.startswith("Not a regular expression")
    assert wrong.after(0) is None
    assert wrong.before(9) is None
    assert wrong.within(0, 99) == []


def walk(text: str, pattern: str, is_regex: bool, forward: bool) -> list[tuple[int, int]]:
    one, places = Search(text, pattern, is_regex), []
    place = one.after(0) if forward else one.before(len(text))
    while place is not None and place not in places:
        places.append(place)
        place = one.after(place[1]) if forward else one.before(place[0])
    assert place is None or place == places[0], "it goes round"
    return places


@pytest.mark.parametrize(("pattern", "is_regex"), [("дума", False), (r"\bдум\w+", True)])
def test_forward_and_back_find_the_same(pattern: str, is_regex: bool) -> None:
    text = (
        "дума "
        + "пълнеж без нищо друго " * 3000
        + "думата\n"
        + "ред\n" * 9000
        + "Дума, думи думата"
    )
    forward = walk(text, pattern, is_regex, forward=True)
    assert len(forward) >= 4
    assert walk(text, pattern, is_regex, forward=False) == forward[::-1]


def test_back_finds_whole_words_where_windows_meet() -> None:
    text = "а" * 3 + " " + "б" * (search.WINDOW - 2)
    assert Search(text, r"\w+", True).before(len(text)) == (4, len(text))
    assert Search("абв где", r"\w+", True).before(6) == (0, 3)
    assert Search("едно две", "едно", False).before(2) == (0, 4), "round the start"


@given(st.text("аб \n", max_size=60), st.text("аб ", min_size=1, max_size=3), st.integers(0, 60))
def test_after_and_before_are_the_nearest(text: str, pattern: str, offset: int) -> None:
    one = Search(text, pattern)
    starts = [i for i in range(len(text)) if text.startswith(pattern, i)]
    size = len(pattern)
    later = [i for i in starts if i >= offset] or starts
    assert one.after(offset) == ((later[0], later[0] + size) if later else None)
    before = one.before(offset)
    assert (before is None) == (not starts)
    if before:
        assert text[before[0] : before[1]] == pattern
        if any(i + size <= min(offset, len(text)) for i in starts):
            assert before[1] <= offset


def test_an_expression_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "TIME_LIMIT", 0.02)
    slow = Search("а" * 5000 + "б", r"(а+)+в", is_regex=True)
    assert slow.after(0) is None
    assert slow.error == "The search took too long; make the pattern simpler."
    assert slow.within(0, 5001) == []
    slow = Search("а" * 5000 + "б", r"(а+)+в", is_regex=True)
    assert slow.before(5001) is None
    assert slow.error
    assert search.Search("x" * 200_000, "y*", is_regex=True).after(0) is None
