"""Selecting: growing, shrinking, turning over, by every unit and to the ends."""

import pytest
from desk_kit import Hands, check

TEXT = (
    "Ким Чен-ун пристигна във Владивосток. „Това е начало“, каза той.\n"
    "Назад към сайта\n"
    "Втори абзац: още думи. Край.\n"
)


def at(words: str, layer: str = "2", text: str = TEXT) -> Hands:
    return Hands(text).type(layer).go(words)


@pytest.mark.parametrize(
    ("keys", "selected"),
    [
        ("-", "пристигна"),
        ("- right", "пристигна във"),
        ("- right right left", "пристигна във"),
        ("- right left", "пристигна"),
        ("- left", "Чен-ун пристигна"),
        ("- right left left", "Чен-ун пристигна"),
        ("- left left right right right", "пристигна във"),
        ("- left left right", "Чен-ун пристигна"),
        ("- left left left left", "Ким Чен-ун пристигна"),
        ("shift+right", "пристигна във"),
        ("shift+right shift+right shift+left", "пристигна във"),
        ("shift+left shift+left", "Ким Чен-ун пристигна"),
        ("- )", "пристигна във Владивосток."),
        ("- ) )", "пристигна във Владивосток. „Това е начало“, каза той."),
        ("- ) ) (", "пристигна във Владивосток."),
        ("- ) ( ", "пристигна"),
        ("- ) ( (", "Ким Чен-ун пристигна"),
        ("- (", "Ким Чен-ун пристигна"),
        ("- ( )", "пристигна"),
        ("- .", "пристигна във Владивосток. „Това е начало“, каза той."),
        ("- ,", "Ким Чен-ун пристигна"),
        ("- . ,", "пристигна"),
        ("- . left", "пристигна във Владивосток. „Това е начало“, каза"),
        ("- f7", "Ким Чен-ун пристигна"),
        ("f7", "Ким Чен-ун пристигна"),
        ("<", "Ким Чен-ун пристигна"),
        ("- end", "пристигна във Владивосток"),
        ("- home", "Ким Чен-ун пристигна"),
        ("- right tab right", "във"),
        ("- right tab left", "Чен-ун пристигна във"),
        ("- right tab tab right", "пристигна във Владивосток"),
        ("- - right", "пристигна "),
        ("- - left", "пристигн"),
        ("- - left left tab right", "ристиг"),
        ("- - left - right", "пристигна"),
        ("- - left - right right", "пристигна във"),
    ],
)
def test_select_mode(keys: str, selected: str) -> None:
    hands = at("пристигна")
    for key in keys.split():
        hands.press(key)
        check(hands)
    assert hands.here == selected
    assert hands.desk.caret.selecting is (keys.split()[0] == "-")


def test_to_the_end_and_clear() -> None:
    hands = at("думи").type("f8")
    assert hands.here == "думи. Край"
    hands.type("escape")
    assert hands.desk.caret.selection is None
    assert hands.here == "думи"
    hands.type("- >")
    assert hands.here == "думи. Край"
    hands.type("escape right")
    assert hands.here == "Край"


def test_a_plain_arrow_lets_go_of_a_selection() -> None:
    hands = at("пристигна").type("shift+right right")
    assert hands.desk.caret.selection is None
    assert hands.here == "във"


def test_blocks() -> None:
    hands = at("Назад", "1").type("- down")
    assert hands.here == "Назад към сайта\nВтори абзац: още думи. Край."
    assert hands.type("up").here == "Назад към сайта"
    assert hands.type("up").here.startswith("Ким")
    assert hands.here.endswith("сайта")
    assert hands.type("down").here == "Назад към сайта"
    hands.type("- left")
    assert hands.here == "Назад към"
    hands.type("- right")
    assert hands.here == "Назад към "
    assert hands.type("- right").here == "Назад към сайта"


def test_a_single_block_by_sentence() -> None:
    hands = at("Втори", "1").type("- (")
    assert hands.here == "Назад към сайта\nВтори абзац: още думи. Край."
    hands.type("escape up - )")
    assert hands.here == "Назад към сайта\nВтори абзац: още думи."
    assert hands.type("(").here == "Назад към сайта"


def test_lines_in_select_mode_keep_the_column() -> None:
    text = "един два три четири\nпет шест седем осем\n\nедин два три четири\n"
    hands = at("два", text=text).type("- down")
    assert hands.here == "два три четири\nпет шест"
    hands.type("down")
    assert hands.here == "два три четири\nпет шест седем осем\n\nедин два"
    hands.type("up up")
    assert hands.here == "два"
    hands.go("седем").type("- up")
    assert hands.here == "три четири\nпет шест седем"
    hands.type("escape").go("седем").type("shift+up shift+down shift+down")
    assert hands.here == "седем осем\n\nедин два три"


def test_other_scripts_and_clusters() -> None:
    text = "北京 👩‍👩‍👧 e\u0301l مدينة"
    hands = at("北", text=text).type("- - right right")
    assert hands.here == "北京 "
    assert hands.type("right").here == "北京 👩‍👩‍👧"
    assert hands.type("right right").here == "北京 👩‍👩‍👧 e\u0301"
    assert hands.type("left").here == "北京 👩‍👩‍👧 "


def test_turned_over_by_character() -> None:
    hands = at("две", text="едно две три").type("- - left left left")
    assert hands.here == " "
    hands = at("две", text="едно две три").type("- - left left")
    assert hands.here == "д"
    assert hands.type("left").here == " "
    assert hands.type("left").here == "о "
    assert hands.type("right right").here == "д"


def test_a_match_is_held_exactly_and_can_be_changed_from_its_end() -> None:
    hands = at("Ким")
    hands.desk.caret.hold_match((4, 20))
    assert hands.here == "Чен-ун пристигна"
    hands.type("-")
    assert hands.type("left").here == "Чен-ун"
    assert hands.type("left").here == "Ким"
    assert hands.type("right").here == "Чен-ун"
    hands.desk.caret.hold_match((6, 13))
    assert hands.type("- right").here == "н-ун пристигна"
    hands.desk.caret.hold_match((13, 16))
    assert hands.here == "ист"
    assert hands.type("- left").here == "пр"


def test_at_the_ends_it_says_so() -> None:
    hands = at("Край").type("- right")
    assert hands.said == "No further word: the text ends here."
    hands.type("escape").go("Ким").type("- left")
    assert hands.said == "No further word: the text ends here."


def test_a_mouse_extends_to_an_offset() -> None:
    hands = at("пристигна")
    caret = hands.desk.caret
    caret.extend_to(hands.text.index("Владивосток") + 3)
    assert hands.here == "пристигна във Владивосток"
    caret.extend_to(1)
    assert hands.here == "Ким Чен-ун пристигна"
    caret.extend_to(hands.text.index("стигна"))
    assert hands.here == "пристигна"
