"""Every layout's table: round trips, what it cannot type, and key names with modifiers."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.desk.layouts import (
    LATIN,
    LAYOUTS,
    NO_LETTER,
    is_foreign_letter,
    latin,
    layout_named,
    native,
    translate_key,
)
from annotator.model.errors import AnnotatorError

FOREIGN = [name for name in LAYOUTS if name != LATIN]
MISSING = {"bg-bds": "q", "el": "qQW"}
"""Latin letters whose key types punctuation, or a capital that another key has."""

names = st.sampled_from(list(LAYOUTS))
foreign_names = st.sampled_from(FOREIGN)
modifiers = st.sampled_from(["", "ctrl+", "alt+", "ctrl+shift+", "alt+ctrl+", "super+"])


def test_the_layouts_offered() -> None:
    assert list(LAYOUTS) == [
        "latin", "ru", "ru-phonetic", "ru-phonetic-win", "uk", "uk-mac", "be",
        "bg-bds", "bg-phonetic", "bg-phonetic-new", "sr", "mk", "el",
    ]  # fmt: skip
    assert all(layout.name == name and layout.title for name, layout in LAYOUTS.items())
    assert len({layout.title for layout in LAYOUTS.values()}) == len(LAYOUTS)


@pytest.mark.parametrize("name", FOREIGN)
def test_each_latin_letter_has_a_native_one_and_back(name: str) -> None:
    missing = ""
    for letter in string.ascii_letters:
        typed = native(name, letter)
        if not typed:
            missing += letter
            continue
        assert is_foreign_letter(typed)
        assert latin(name, typed) == letter
        assert translate_key(name, typed, typed) == (letter, letter)
        assert translate_key(name, f"ctrl+{typed}", None) == (f"ctrl+{letter}", None)
    assert missing == MISSING.get(name, "")


@pytest.mark.parametrize("name", FOREIGN)
def test_capitals_go_to_capitals_and_tables_hold_letters_only(name: str) -> None:
    layout = LAYOUTS[name]
    assert layout.letters
    assert not layout.others & layout.letters.keys()
    for char, letter in layout.letters.items():
        assert is_foreign_letter(char)
        assert letter in string.ascii_letters
        assert letter.isupper() or char.islower()
        if letter.islower():
            expected = "S" if char == "ς" else letter.upper()
            assert latin(name, char.upper()) == expected


@pytest.mark.parametrize(
    ("name", "typed", "keys"),
    [
        ("ru", "йцукенгшщзфывапролджэячсмитьбюхъё", "qwertyuiopasdfghjkl  zxcvbnm     "),
        ("uk", "йцукенгшщзфівапролджєячсмитьбюхїґ", "qwertyuiopasdfghjkl  zxcvbnm     "),
        ("be", "йцукенгшўзхфывапролджэячсмітьбюё", "qwertyuiop asdfghjkl  zxcvbnm   "),
        ("bg-bds", "уеишщксдзцьяаожгтнвмчюйъэфхпрлбыѝ", "wertyuiop asdfghjkl  zxcvbnm   QA"),
        ("bg-phonetic", "чявертъуиопшщюасдфгхйклзьцжбнмѝ", " qwertyuiop   asdfghjklzxcvbnmX"),
        ("bg-phonetic-new", "ючшертъуиопящьасдфгхйклзжцвбнмѝ", " qwertyuiop   asdfghjklzxcvbnm "),
        ("sr", "љњертзуиопшђасдфгхјклчћжѕџцвбнм", "qwertyuiop  asdfghjkl  zzxcvbnm"),
        ("mk", "љњертѕуиопшѓасдфгхјклчќзџцвбнмж", "qwertyuiop  asdfghjkl  zxcvbnm "),
        ("el", "ςερτυθιοπασδφγηξκλζχψωβνμΣάΐ", "wertyuiopasdfghjklzxcvbnmS  "),
    ],
)
def test_known_keys(name: str, typed: str, keys: str) -> None:
    assert [latin(name, char) for char in typed] == [key.strip() for key in keys]


def test_the_same_letter_lies_on_different_keys() -> None:
    assert [latin(name, "п") for name in ("ru", "bg-bds", "bg-phonetic")] == ["g", "m", "p"]
    assert [native(name, "g") for name in ("ru", "el", LATIN, "")] == ["п", "γ", "g", "g"]


@pytest.mark.parametrize(
    ("name", "char"),
    [
        ("ru", "і"), ("ru", "ў"), ("ru", "љ"), ("ru", "λ"), ("ru", "中"), ("uk", "ы"), ("uk", "ъ"),
        ("be", "щ"), ("be", "и"), ("bg-bds", "Ё"), ("bg-phonetic", "э"), ("sr", "я"), ("mk", "ђ"),
        ("el", "я"), (LATIN, "п"), ("", "п"), ("", "ω"),
    ],
)  # fmt: skip
def test_letters_a_layout_cannot_type_are_impossible(name: str, char: str) -> None:
    assert latin(name, char) is None
    assert translate_key(name, char, char) == (char, char)


@given(names, st.sampled_from(".,;:!?«»'\"[]{}()-=+*/%№№0123456789 \tªºµʼ’éłßİ") | st.just("ab"))
def test_other_characters_are_no_letters_in_any_layout(name: str, char: str) -> None:
    assert latin(name, char) == NO_LETTER
    assert translate_key(name, char, char) == (char, char)


@given(names, st.characters(), modifiers)
def test_translation_agrees_with_latin_and_never_fails(name: str, char: str, modifier: str) -> None:
    letter = latin(name, char)
    key, typed = translate_key(name, modifier + char, char)
    assert (key, typed) == (modifier + (letter or char), letter or char)
    assert letter is not None or is_foreign_letter(char)


@given(names, st.sampled_from(string.ascii_letters), modifiers)
def test_latin_letters_stay_in_every_layout(name: str, letter: str, modifier: str) -> None:
    assert latin(name, letter) == letter
    assert translate_key(name, modifier + letter, letter) == (modifier + letter, letter)


@pytest.mark.parametrize(
    "key",
    ["full_stop", "comma", "semicolon", "left_square_bracket", "numero_sign", "space", "tab", "f1",
     "shift+tab", "ctrl+up", "ctrl+@", "plus", "ctrl+plus", "escape", "1", "<ignore>", "+", ""],
)  # fmt: skip
@given(name=foreign_names)
def test_named_keys_are_left_alone(key: str, name: str) -> None:
    assert translate_key(name, key, None) == (key, None)


def test_keys_with_modifiers() -> None:
    assert translate_key("ru", "ctrl+с", None) == ("ctrl+c", None)
    assert translate_key("bg-phonetic", "ctrl+я", None) == ("ctrl+q", None)
    assert translate_key("ru", "alt+shift+п", "П") == ("alt+shift+g", "G")
    assert translate_key("ru", "ctrl+х", None) == ("ctrl+х", None)
    assert translate_key("ru", "п", "п") == ("g", "g")
    assert translate_key("ru", "П", "П") == ("G", "G")
    assert translate_key("", "п", "п") == ("п", "п")


def test_no_key_has_two_letters_but_for_variants_of_the_layout() -> None:
    for name in FOREIGN:
        keys = [key for key in LAYOUTS[name].letters.values() if key.islower()]
        twice = "".join(sorted(key for key in set(keys) if keys.count(key) > 1))
        assert twice == {"sr": "z", "bg-bds": "v"}.get(name, "")


@pytest.mark.parametrize(
    ("char", "foreign"),
    [("п", True), ("Σ", True), ("ς", True), ("א", True), ("中", True), ("ქ", True), ("g", False),
     ("é", False), ("ﬁ", False), ("ｇ", False), ("µ", False), ("º", False), ("ʼ", False),
     ("1", False), (".", False), ("\u0301", False), ("", False), ("пп", False)],
)  # fmt: skip
def test_foreign_letters(char: str, foreign: bool) -> None:
    assert is_foreign_letter(char) is foreign


def test_unknown_layouts_are_refused_and_unset_is_latin() -> None:
    assert layout_named("") is LAYOUTS[LATIN]
    with pytest.raises(AnnotatorError, match=r"'dvorak'.*latin, ru.*el"):
        layout_named("dvorak")


def test_tables_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        LAYOUTS["ru"].letters["п"] = "x"
    with pytest.raises(TypeError):
        LAYOUTS["x"] = LAYOUTS["ru"]
