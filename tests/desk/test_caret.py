"""Motion: by unit, line, sentence, block and page, at the ends of texts and in odd ones."""

import pytest
from desk_kit import FREE, Hands, check

NEWS = (
    "Ким Чен-ун пристигна във Владивосток. „Това е начало“, каза той.\n"
    "\n"
    "Назад към сайта\n"
    "Втори абзац: още думи има тук. Край.\n"
)
MIXED = "Вчера 北京下雨 и 👩‍👩‍👧 е\u0301сть مدينة.\n*** \n— “Да”.\n"
MANY_KEYS = (
    "left right up down . , ( ) home end ctrl+home ctrl+end pageup pagedown - left right up down "
    "tab - left right f7 f8 p n escape shift+left shift+right p f8 n shift+up shift+down "
    "backspace % ! 0"
)
GIANT = "Одна строка " * 4000


def words(hands: Hands, key: str, count: int = 50) -> list[str]:
    """What the caret is on after each press, until it stays."""
    found = [hands.here]
    for _ in range(count):
        before = hands.desk.caret.range
        hands.press(key)
        check(hands)
        if hands.desk.caret.range == before:
            assert hands.said
            return found
        found.append(hands.here)
    return found


def test_words_forward_and_back() -> None:
    hands = Hands(NEWS).type("2")
    forward = words(hands, "right")
    assert forward[:7] == ["Ким", "Чен-ун", "пристигна", "във", "Владивосток", "Това", "е"]
    assert forward[-1] == "Край"
    assert hands.said == "This is the last word."
    assert words(hands, "left") == forward[::-1]
    assert hands.said == "This is the first word."


def test_words_of_any_script() -> None:
    hands = Hands(MIXED).type("2")
    found = ["Вчера", "北", "京", "下", "雨", "и", "е\u0301сть", "مدينة", "Да"]
    assert words(hands, "right") == found


def test_blocks_by_all_four_arrows() -> None:
    hands = Hands(NEWS)
    firsts = [x.split()[0] for x in words(hands, "down")]
    assert firsts == ["Ким", "Назад", "Втори"]
    assert len(words(hands, "up")) == len(words(hands, "right")) == len(words(hands, "left")) == 3


def test_sentences_and_blocks_from_words() -> None:
    hands = Hands(NEWS).type("2")
    assert words(hands, ")") == ["Ким", "Това", "Назад", "Втори", "Край"]
    assert hands.said == "This is the last sentence."
    assert words(hands, "(") == ["Край", "Втори", "Назад", "Това", "Ким"]
    assert words(hands, ".") == ["Ким", "Назад", "Втори"]
    hands.type("right right")
    assert words(hands, ",") == ["още", "Втори", "Назад", "Ким"]
    assert words(hands, "}") == ["Ким", "Назад", "Втори"]
    assert words(hands, "{") == ["Втори", "Назад", "Ким"]


def test_a_sentence_key_in_a_layer_of_blocks_goes_on() -> None:
    hands = Hands(NEWS)
    assert [x.split()[0] for x in words(hands, ")")] == ["Ким", "Назад", "Втори"]


def test_lines_without_words_are_passed_both_ways() -> None:
    hands = Hands("дума\n***\n— !\n😀\nкрай").type("2")
    for key in (").", "(,"):
        for one in key:
            hands.go("дума" if key == ")." else "край")
            assert len(words(hands, one)) == 2
    hands.go("дума").type("down")
    assert hands.here == "край"
    hands.type("up")
    assert hands.here == "дума"


def test_lines_keep_the_column() -> None:
    hands = Hands("един два три четири\nкъс\nедин два три четири\n\n\nедин два три четири\n").type(
        "2"
    )
    hands.go("три")
    assert [hands.type("down").desk.caret.range[0] for _ in range(3)] == [20, 33, 55]
    assert hands.text[33:36] == hands.text[55:58] == "три"
    hands.type("down")
    assert hands.said == "This is the last line."
    assert [hands.type("up").desk.caret.range[0] for _ in range(3)] == [33, 20, 9]


def test_the_column_is_kept_beside_punctuation_and_wide_characters() -> None:
    hands = Hands("а б в г д е ж з\nа б в.....\nа б в г д е ж з").type("2")
    hands.go("з")
    hands.type("down")
    assert (hands.here, hands.desk.caret.range[0]) == ("в", 20)
    hands.type("down")
    assert hands.here == "з"
    wide = Hands("北京今天\nабвг дежз").type("2").go("天").type("down")
    assert wide.here == "дежз"


def test_visual_lines_of_a_long_paragraph() -> None:
    hands = Hands(GIANT).type("2")
    hands.type("down")
    row = hands.desk.caret.rows.row_of(hands.desk.caret.range[0])
    assert row == 1
    hands.type("end")
    last = hands.desk.caret.range
    assert hands.desk.caret.rows.row_of(last[0]) == 1
    assert hands.desk.caret.rows.row_of(hands.type("right").desk.caret.range[0]) == 2
    hands.type("left home")
    assert hands.desk.caret.range[0] == hands.desk.caret.rows.span(1)[0]
    hands.type("ctrl+end")
    assert hands.desk.caret.range[1] == len(GIANT) - 1
    hands.type("down")
    assert hands.said == "This is the last line."
    hands.type("ctrl+home up")
    assert hands.said == "This is the first line."


def test_a_word_of_many_lines_can_be_left() -> None:
    hands = Hands("горе\n" + "дълга" * 60 + "\nдолу").type("2")
    assert [hands.type("down").here[:5] for _ in range(2)] == ["дълга", "долу"]
    assert [hands.type("up").here[:5] for _ in range(2)] == ["дълга", "горе"]


def test_pages() -> None:
    hands = Hands("\n".join(f"ред {n}" for n in range(100)) + "\n\n\n").type("2")
    hands.desk.caret.page = 20
    numbers = []
    for _ in range(6):
        hands.type("pagedown")
        numbers.append(hands.desk.caret.rows.row_of(hands.desk.caret.range[0]))
    assert numbers == [20, 40, 60, 80, 99, 99]
    assert hands.said == "This is the last line."
    for _ in range(6):
        hands.type("pageup")
    assert hands.desk.caret.range == (0, 3)


def test_going_through_the_layers_comes_back_to_the_word() -> None:
    hands = Hands(NEWS).type("2").go("начало")
    hands.type("1")
    assert hands.here.startswith("Ким")
    hands.type("3")
    assert hands.here.startswith("„Това")
    assert hands.type("2").here == "начало"
    assert hands.type("ctrl+l").desk.layer.name == "stance"
    assert hands.type("ctrl+l").desk.layer.name == "boilerplate"
    hands.type("9")
    assert hands.said == "This scheme has layers 1 to 3."


@pytest.mark.parametrize("text", [" \n\t \n", "\n", "*** — !", "x", "😀", "e\u0301", "\r\n \r\n"])
def test_texts_with_hardly_anything(text: str) -> None:
    for scheme in (None, FREE):
        for layer in "123":
            hands = Hands(text, scheme=scheme).type(layer)
            for key in MANY_KEYS.split():
                hands.press(key)
                check(hands)
            if not text.strip():
                assert hands.spans() == []


def test_rows_are_laid_out_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    from annotator.desk import caret

    def wrap(text: str, width: int) -> object:
        calls.append(width)
        return real(text, width)

    real = caret.wrap
    monkeypatch.setattr(caret, "wrap", wrap)
    hands = Hands(NEWS)
    hands.desk.wrap(33)
    hands.type("2 right p . ) ctrl+z")
    assert calls == []
    hands.type("down down")
    assert calls == [33]


def test_only_what_changed_is_painted_again() -> None:
    hands = Hands(NEWS).type("2").go("Владивосток")
    hands.desk.caret.touched.clear()
    hands.type("right")
    assert hands.desk.caret.touched == [(25, 36), (39, 43)]
    hands.desk.caret.touched.clear()
    hands.type("p")
    assert set(hands.desk.caret.touched) <= {(39, 43)}


def test_pages_within_a_block_longer_than_the_screen() -> None:
    hands = Hands(GIANT.strip() + "\nкрай")
    hands.desk.caret.page = 500
    rows = hands.desk.caret.rows
    heads = []
    for _ in range(4):
        hands.type("pagedown")
        heads.append((rows.row_of(hands.desk.caret.head), hands.here[:4]))
    last = len(rows) - 1
    assert heads == [(500, "Одна"), (1000, "Одна"), (last, "край"), (last, "край")]
    assert hands.said == "This is the last line."
    hands.go("Одна").type("pagedown pagedown pageup")
    assert rows.row_of(hands.desk.caret.head) == 500
    hands.type("pageup pageup")
    assert hands.desk.caret.head == 0
    assert hands.said == "This is the first line."
    assert hands.type("down").here == "край"
