"""Pasted text is told apart from keys wherever the terminal cuts its bytes."""

from hypothesis import given
from hypothesis import strategies as st

from annotator.tui.terminal import PASTE_BEGIN, PASTE_END, Pastes

KEYS = st.lists(st.sampled_from(["a", "я", "\x1b[A", "\x1b[20~", "\x04", "\r", "新"]), min_size=1)
PASTED = st.text("aя\x1b[201\n~\x04").filter(lambda s: PASTE_END not in s + PASTE_END[:-1])


@given(st.lists(st.tuples(KEYS.map("".join), PASTED), min_size=1), st.data())
def test_pastes_come_out_whole_and_keys_in_their_order(
    parts: list[tuple[str, str]], data: st.DataObject
) -> None:
    stream = "".join(keys + PASTE_BEGIN + pasted + PASTE_END for keys, pasted in parts)
    pastes, found = Pastes(), list[tuple[bool, str]]()
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        # a key's own sequence comes in one piece, as terminals send it; marks may be cut anywhere
        while size < len(stream) and stream[:size].endswith(("\x1b", "\x1b[")):
            size += 1
        found += pastes.feed(stream[:size])
        stream = stream[size:]
    keys = "".join(text for pasted, text in found if not pasted)
    assert keys == "".join(keys for keys, _ in parts)
    assert [text for pasted, text in found if pasted] == [pasted for _, pasted in parts]


def test_a_key_is_not_held_back() -> None:
    pastes = Pastes()
    assert list(pastes.feed("\x1b")) == [(False, "\x1b")]
    assert list(pastes.feed("\x1b[20~")) == [(False, "\x1b[20~")]
    assert list(pastes.feed("p\x1b[2")) == [(False, "p")]
    assert list(pastes.feed("4~")) == [(False, "\x1b[24~")]
