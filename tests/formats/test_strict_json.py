"""JSON is read strictly, and every other way it can go wrong has words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.formats.strict_json import DEPTH, BadJsonError, first_twice, loads


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "column 1: Expecting value"),
        ('{"a":1', "broken JSON at column 7"),
        ("{'a':1}", "broken JSON at column 2"),
        ('{"a":1} x', "Extra data"),
        ('{"a":1,"b":{"c":1,"c":2}}', "'c' comes twice"),
        ("[NaN]", "NaN is not JSON"),
        ("[-Infinity]", "-Infinity is not JSON"),
        ("[1e400]", "too large"),
        ("[-1e400]", "too large"),
        ("[" + "1" * 5000 + "]", "too many digits"),
        ("[" * 65 + "]" * 65, "nested deeper than 64"),
        ('{"a":' * 65 + "1" + "}" * 65, "nested deeper than 64"),
        ("[" * 200_000, "nested deeper than 64"),
        ('["\\ud83d"]', "lone surrogate U+D83D at offset 0"),
        ('["a\\ude00\\ud83d"]', "lone surrogate U+DE00 at offset 1"),
        ('{"\\u0000":1}', "NUL character at offset 0"),
        ('{"a":[{"b":"xy\\u0000"}]}', "NUL character at offset 2"),
        ('["\t"]', "Invalid control character"),
        ("\ufeff[]", "column 1"),
    ],
)
def test_what_is_not_clean_is_refused_with_words(line, reason):
    with pytest.raises(BadJsonError, match=r"\S") as caught:
        loads(line)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("[" * DEPTH + "]" * DEPTH, None),
        ('["\\ud83d\\ude00"]', ["😀"]),
        ('["\\\\ud800 \\\\u0000"]', ["\\ud800 \\u0000"]),
        ('{"a":1.5,"b":[true,null]}', {"a": 1.5, "b": [True, None]}),
        ("[" + ",".join("{}" for _ in range(200)) + "]", [{}] * 200),
        ("9" * 4000, int("9" * 4000)),
    ],
)
def test_what_is_clean_is_taken(line, value):
    assert value is None or loads(line) == value
    loads(line)


@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
        | st.floats(allow_nan=False, allow_infinity=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text("abc\n"), inner),
    )
)
def test_it_reads_what_the_standard_writes(value):
    assert loads(json.dumps(value)) == value
    assert loads(json.dumps(value, ensure_ascii=False)) == value


def test_the_first_name_that_comes_twice():
    assert first_twice(["a", "b", "a", "b"]) == "a"
    assert first_twice(["a", "b"]) == ""
