"""The action table: names, keys, signs, and remapping."""

import pytest

from annotator.desk.actions import ACTIONS, NEVER_BOUND, key_table, remap
from annotator.desk.keynames import key_name, key_sign
from annotator.model.errors import AnnotatorError


def test_names_and_keys_are_unique() -> None:
    names = [action.name for action in ACTIONS]
    assert len(names) == len(set(names))
    table = key_table()
    assert len(table) == sum(len(action.keys) for action in ACTIONS)
    assert not set(table) & set(NEVER_BOUND)
    assert all(action.title and action.help.endswith(".") for action in ACTIONS)


def test_no_letter_is_bound() -> None:
    assert all(len(key) > 1 or not key.isalpha() for key in key_table())


@pytest.mark.parametrize(
    ("key", "name", "sign"),
    [
        ("comma", ",", ","),
        ("full_stop", ".", "."),
        ("left", "left", "←"),
        ("ctrl+z", "ctrl+z", "ctrl+z"),
        ("f8", "f8", "F8"),
        ("shift+left", "shift+left", "shift+←"),
        ("ctrl+up", "ctrl+up", "ctrl+↑"),
        ("plus", "+", "+"),
        ("0", "0", "0"),
        ('"', '"', '"'),
        ("pageup", "pageup", "PgUp"),
        ("find", "find", "find"),
    ],
)
def test_names_and_signs(key: str, name: str, sign: str) -> None:
    assert key_name(key) == name
    assert key_sign(key) == sign


def test_remapping() -> None:
    table = key_table(remap({"undo": ["ctrl+w", "backspace"], "remove": ["delete"]}))
    assert table["ctrl+w"].name == table["backspace"].name == "undo"
    assert "ctrl+z" not in table
    assert remap({}) == ACTIONS


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"undo": ["ctrl+y"]}, "ctrl+y is bound to both undo and redo; change one."),
        ({"undo": ["full_stop"]}, ". is bound to both next_block and undo; change one."),
        ({"undo": ["ctrl+a"]}, "ctrl+a cannot be bound to undo: terminals keep it."),
        ({"undo": ["u"]}, "u cannot be bound to undo: letters are labels, digits layers."),
        ({"undo": ["я"]}, "я cannot be bound to undo: letters are labels, digits layers."),
        ({"undo": ["3"]}, "3 cannot be bound to undo: letters are labels, digits layers."),
        ({"nothing": ["n"]}, "n cannot be bound to nothing: letters are labels, digits layers."),
        ({"nothing": ["5"]}, "5 cannot be bound to nothing: letters are labels, digits layers."),
        ({"fly": ["f6"]}, "[keys] names 'fly', which is no action; see the manual's key table."),
    ],
)
def test_what_cannot_be_bound(keys: dict[str, list[str]], message: str) -> None:
    with pytest.raises(AnnotatorError) as error:
        remap(keys)
    assert str(error.value) == message
