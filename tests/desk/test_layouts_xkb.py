"""The tables against xkeyboard-config itself, read through libxkbcommon where both are installed."""

import ctypes
import ctypes.util
import re
from functools import cache

import pytest

from annotator.desk.layouts import LATIN, LAYOUTS, ROWS, latin, native

PLACES = {
    key: f"{row}{i:02d}"
    for row, keys in zip(("AD", "AC", "AB"), ROWS, strict=True)
    for i, key in enumerate(keys, 1)
}
ELSEWHERE = ["TLDE", "BKSL", "LSGT", *(f"AE{i:02d}" for i in range(1, 13))]


class Names(ctypes.Structure):
    """struct xkb_rule_names."""

    _fields_ = [
        (part, ctypes.c_char_p) for part in ("rules", "model", "layout", "variant", "options")
    ]


@cache
def _library() -> ctypes.CDLL:
    found = ctypes.util.find_library("xkbcommon") or "libxkbcommon.so.0"
    try:
        library = ctypes.CDLL(found)
    except OSError:
        pytest.skip("libxkbcommon is not installed")
    library.xkb_context_new.restype = ctypes.c_void_p
    library.xkb_keymap_new_from_names.restype = ctypes.c_void_p
    library.xkb_keymap_key_by_name.restype = ctypes.c_uint32
    library.xkb_keysym_to_utf32.restype = ctypes.c_uint32
    return library


@cache
def _keymap(xkb: str) -> ctypes.c_void_p:
    library = _library()
    match = re.fullmatch(r"(\w+)(?:\((\w+)\))?", xkb)
    assert match
    asked = Names(b"evdev", b"pc105", match[1].encode(), (match[2] or "").encode(), b"")
    context = ctypes.c_void_p(library.xkb_context_new(0))
    keymap = library.xkb_keymap_new_from_names(context, ctypes.byref(asked), 0) if context else None
    if not keymap:
        pytest.skip(f"xkeyboard-config has no {xkb} here")
    return ctypes.c_void_p(keymap)


def typed(xkb: str, place: str, level: int) -> str:
    """The character a key gives; level 0 plain, 1 with shift; "" for none."""
    library, keymap = _library(), _keymap(xkb)
    code = ctypes.c_uint32(library.xkb_keymap_key_by_name(keymap, place.encode()))
    found = ctypes.POINTER(ctypes.c_uint32)()
    number = library.xkb_keymap_key_get_syms_by_level(keymap, code, 0, level, ctypes.byref(found))
    point = library.xkb_keysym_to_utf32(found[0]) if number == 1 else 0
    return chr(point) if point else ""


@pytest.mark.parametrize("name", [name for name in LAYOUTS if name != LATIN])
def test_the_table_is_the_layout(name: str) -> None:
    layout = LAYOUTS[name]
    shared = {("el", "W"): "S"}  # Σ is the capital of two keys
    for key, place in PLACES.items():
        for level, letter in enumerate((key, key.upper())):
            char = typed(layout.xkb, place, level)
            if key.isalpha() and char.isalpha() and len(char.encode()) > 1 and char != "ʼ":
                assert latin(name, char) == shared.get((name, letter), letter), (key, level)
                if level == 0:
                    assert native(name, letter) == char
            elif key.isalpha():
                assert not native(name, letter) or (name, letter) == ("bg-bds", "Q")
            elif char.isalpha():
                assert char in layout.others, (key, level)


@pytest.mark.parametrize("name", [name for name in LAYOUTS if name != LATIN])
def test_letters_beside_the_letter_rows_are_possible(name: str) -> None:
    for place in ELSEWHERE:
        for level in (0, 1):
            char = typed(LAYOUTS[name].xkb, place, level)
            assert latin(name, char) is not None, (place, level)


def test_the_reference_is_read() -> None:
    assert "".join(typed("us", PLACES[key], 0) for key in "qwertyuiop[]") == "qwertyuiop[]"
    assert typed("ru", "AC05", 0) == "п"
    assert typed("bg(bekl)", PLACES["v"], 0) == "ѣ"
    assert latin("bg-bds", "ѣ") == "v"
