"""From keys to labels under every layout, and what a key is that means nothing."""

import subprocess
import sys

import pytest
from desk_kit import FREE, Hands

from annotator.desk.actions import ACTIONS, remap
from annotator.desk.keyboard import BY_ANOTHER, Answer, Keyboard
from annotator.desk.layouts import LATIN, LAYOUTS, native

TEXT = "Киев посети Варшава.\nНазад\n"


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if name != LATIN])
@pytest.mark.parametrize("layer", ["1", "2", "3"])
def test_every_label_is_reached_under_every_layout(layout: str, layer: str) -> None:
    hands = Hands(TEXT, layout=layout).type("2 l").type(layer)
    labels = getattr(hands.desk.layer, "labels", None) or hands.desk.layer.values
    for label in labels:
        for letter in (label.key, label.key.upper()):
            typed = native(layout, letter)
            hands.go("Киев")
            answer = hands.press(typed)
            if layer == "3" and letter.isupper():  # a value as somebody else's
                assert answer is Answer.SCREEN
                assert hands.keyboard.action is not None
                assert hands.keyboard.action.name == BY_ANOTHER
                continue
            assert answer is Answer.DESK
            assert hands.desk.last_label[hands.desk.layer.name] == label.name


@pytest.mark.parametrize("layout", ["ru", "uk", "bg-bds", "bg-phonetic", "sr", "el"])
def test_shortcuts_are_translated(layout: str) -> None:
    hands = Hands(TEXT, layout=layout).type("2 l")
    assert hands.press(f"ctrl+{native(layout, 'z')}") is Answer.DESK
    assert hands.spans() == []
    assert hands.press(f"ctrl+{native(layout, 'y')}") is Answer.DESK
    assert hands.spans() == [("LOC", "Киев")]
    assert hands.press("L") is Answer.DESK, "Latin letters work as well"


@pytest.mark.parametrize("layout", ["", "latin"])
@pytest.mark.parametrize("letter", ["п", "Ж", "λ", "ب", "北", "ა"])
def test_a_foreign_letter_in_no_layout_labels_nothing(layout: str, letter: str) -> None:
    hands = Hands(TEXT, layout=layout).type("2")
    assert hands.press(letter) is Answer.CALIBRATE
    assert hands.log.acts == []


def test_a_letter_the_layout_cannot_type() -> None:
    hands = Hands(TEXT, layout="ru").type("2")
    assert hands.press("ї") is Answer.CALIBRATE
    assert hands.press("λ") is Answer.CALIBRATE
    assert hands.press("х") is Answer.NOTHING
    assert hands.press("ё") is Answer.NOTHING
    assert hands.press("д") is Answer.DESK
    assert hands.spans() == [("LOC", "Киев")]


@pytest.mark.parametrize("layout", ["", "ru", "el"])
def test_aliases_win(layout: str) -> None:
    hands = Hands("абв", scheme=FREE, layout=layout)
    assert hands.press("л") is Answer.DESK
    assert hands.press("Ж") is Answer.DESK
    assert hands.spans() == [("even", "а")]


@pytest.mark.parametrize(
    ("key", "character", "answer"),
    [
        ("é", "é", Answer.DESK),
        ("q", "q", Answer.DESK),
        ("f11", None, Answer.NOTHING),
        ("tilde", "~", Answer.NOTHING),
        ("euro_sign", "€", Answer.NOTHING),
        ("٣", "٣", Answer.NOTHING),
        ("ctrl+q", None, Answer.SCREEN),
        ("ctrl+shift+f9", None, Answer.NOTHING),
        ("alt+п", "п", Answer.CALIBRATE),
        ("shift+f12", None, Answer.NOTHING),
        ("plus", "+", Answer.DESK),
        ("x", "xy", Answer.NOTHING),
        ("full_stop", ".", Answer.DESK),
        ("7", "7", Answer.DESK),
        ("0", "0", Answer.DESK),
        ("slash", "/", Answer.SCREEN),
    ],
)
def test_other_keys(key: str, character: str | None, answer: Answer) -> None:
    hands = Hands(TEXT).type("2")
    assert hands.keyboard.press(hands.desk, key, character) is answer
    assert hands.spans() == []


def test_a_message_lasts_until_the_next_key() -> None:
    hands = Hands(TEXT).type("2")
    assert hands.type("q").said == "No label on q in Entities."
    assert hands.type("right").said == ""
    hands.type("q")
    hands.press("f11")
    assert hands.said == ""


def test_remapped_keys() -> None:
    hands = Hands(TEXT)
    hands.keyboard = Keyboard("", remap({"undo": ["ctrl+w"], "nothing": ["tilde"]}))
    hands.type("2 l ctrl+w")
    assert hands.spans() == []
    assert hands.press("ctrl+z") is Answer.NOTHING
    assert hands.type("0").said.startswith("This scheme has layers")
    hands.keyboard.press(hands.desk, "tilde", "~")
    assert hands.desk.sheet.looked == {"entities"}


def test_the_active_time_counts_keys_and_pauses_once() -> None:
    hands = Hands(TEXT).type("2")
    for seconds in (10.0, 500.0):
        hands.time += seconds
        hands.type("1")
    hands.desk.finish()
    assert hands.desk.sheet.status.seconds == 70
    hands.restart()
    hands.time += 5
    hands.type("right")
    assert hands.desk.timer.seconds == 75


def test_every_action_of_the_desk_is_carried_out() -> None:
    for layer in "123":
        for action in ACTIONS:
            if not action.screen:
                hands = Hands(TEXT).type(layer)
                hands.desk.run(action.name)
    with pytest.raises(LookupError):
        hands.desk.run("no such action")


def test_screen_actions_answer_with_their_name() -> None:
    for action in ACTIONS:
        if action.screen:
            for key in action.keys:
                hands = Hands(TEXT)
                assert hands.press(key) is Answer.SCREEN
                assert hands.keyboard.action == action
        elif not action.keys:
            hands = Hands(TEXT)
            hands.desk.run(action.name)


def test_the_layouts_are_read_when_a_foreign_letter_comes() -> None:
    code = (
        "import sys; from annotator.desk.keyboard import Keyboard; Keyboard('ru');"
        "print('annotator.desk.layouts' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "False"
