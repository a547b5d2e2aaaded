"""Hint-jump: tags for what is on screen, and what typing them selects."""

import itertools

import pytest
from desk_kit import Hands
from hypothesis import given
from hypothesis import strategies as st

from annotator.desk.hints import LETTERS, assign
from annotator.desk.keyboard import Answer
from annotator.desk.layouts import LAYOUTS
from annotator.text import units

TEXT = (
    "Мост свързва два бряга\n"
    "Кметът Иван Петров откри моста край Старобряг. Петров обеща още.\n"
    "Жителите протестират, но кметът мълчи.\n"
)


def tag_of(h: Hands, words: str) -> str:
    """The tag that selects these words."""
    text = h.desk.caret.text
    return next(tag for tag, (a, b) in h.desk.hints.tags.items() if text[a:b] == words)


def jump(h: Hands, words: str) -> Hands:
    """Press space and the tag of some words."""
    h.type("space")
    return h.type(" ".join(tag_of(h, words)))


@given(st.integers(0, 900), st.none() | st.integers(0, 30))
def test_no_tag_begins_another_and_near_places_get_short_ones(
    count: int, singles: int | None
) -> None:
    places = [(7 * n % 911, 7 * n % 911 + 1) for n in range(count)]
    tags = assign(places, singles)
    assert len(set(tags.values())) == len(tags)
    assert not [a for a in tags for b in tags if a != b and b.startswith(a)]
    assert all(set(tag) <= set(LETTERS) and len(tag) in (1, 2) for tag in tags)
    short = [place for tag, place in tags.items() if len(tag) == 1]
    assert short == places[: len(short)]
    if singles is None:
        assert len(tags) == min(count, len(LETTERS) ** 2)
        if count <= len(LETTERS):
            assert len(short) == count


def test_every_layout_types_every_letter_of_tags() -> None:
    for name, layout in LAYOUTS.items():
        if layout.letters:
            assert set(LETTERS) <= set(layout.letters.values()), name


def test_a_word_is_selected_by_its_tag_and_labelled_by_a_letter() -> None:
    h = jump(Hands(TEXT).type("2"), "край").type("l")
    assert h.spans() == [("LOC", "край")]
    assert not h.desk.hints.active


def test_every_word_on_screen_has_a_tag_and_none_below() -> None:
    h = Hands(TEXT).type("2")
    h.desk.window.height = 1
    h.type("space")
    assert {TEXT[a:b] for a, b in h.desk.hints.tags.values()} == {"Мост", "свързва", "два", "бряга"}


def test_a_tag_on_a_candidate_selects_it_whole_and_a_capital_its_first_word() -> None:
    h = jump(Hands(TEXT).type("2"), "Иван Петров").type("p")
    assert h.spans() == [("PER", "Иван Петров")]
    h = Hands(TEXT).type("2 space")
    tag = tag_of(h, "Иван Петров")
    h.type(" ".join((*tag[:-1], tag[-1].upper()))).type("p")
    assert h.spans() == [("PER", "Иван")]


def test_a_second_tag_extends_forwards_and_backwards() -> None:
    h = jump(jump(Hands(TEXT).type("2"), "свързва"), "бряга")
    assert TEXT[slice(*h.desk.caret.target)] == "свързва два бряга"
    h = jump(jump(Hands(TEXT).type("2"), "бряга"), "свързва").type("e")
    assert h.spans() == [("EVT", "свързва два бряга")]


def test_near_words_have_one_letter_when_extending() -> None:
    h = Hands(" ".join(f"дума{n}" for n in range(500))).type("2")
    h.desk.window.height = 200
    jump(h, "дума3").type("space")
    assert all(len(tag_of(h, f"дума{n}")) == 1 for n in (2, 4, 5, 9, 12))


def test_a_tag_on_an_annotation_takes_hold_of_it() -> None:
    h = jump(jump(Hands(TEXT).type("2"), "Иван Петров").type("p"), "Иван Петров")
    h.type("o")
    assert h.spans() == [("ORG", "Иван Петров")]
    jump(h, "Иван Петров").type("backspace")
    assert h.spans() == []


def test_blocks_have_the_tags_in_a_layer_of_blocks() -> None:
    h = jump(Hands(TEXT), "Жителите протестират, но кметът мълчи.").type("o")
    assert [text for _, text in h.spans()] == ["Жителите протестират, но кметът мълчи."]


def test_sentences_become_evidence_in_stance() -> None:
    h = jump(Hands(TEXT).type("2"), "Иван Петров").type("p 3 a")
    assert h.desk.stances.current is not None
    jump(h, "Петров обеща още.")
    stance = h.desk.stances.current.stance
    assert stance is not None
    assert [(e.role, TEXT[e.start : e.end]) for e in stance.evidence] == [
        ("evidence", "Петров обеща още.")
    ]


def test_leaving_changes_nothing() -> None:
    h = Hands(TEXT).type("2 right right")
    before = h.desk.caret.range
    for keys in ("space escape", "space space", "space backspace"):
        h.type(keys)
        assert not h.desk.hints.active
        assert h.desk.caret.range == before
        assert h.desk.caret.selection is None
    h.type("space right")
    assert h.desk.caret.range == units.next_word(TEXT, before[1])


def test_a_letter_that_is_no_tag_is_said_and_backspace_takes_one_back() -> None:
    h = Hands(" ".join(f"дума{n}" for n in range(40))).type("2 space")
    two = next(tag for tag in h.desk.hints.tags if len(tag) == 2)
    assert len(h.desk.hints.tags) == 40
    h.type(two[0])
    assert h.desk.hints.typed == two[0]
    h.type("backspace")
    assert h.desk.hints.typed == ""
    assert h.desk.hints.active
    assert h.type("q").said == "No tag is q; esc leaves."


@pytest.mark.parametrize(("layout", "typed"), [("ru", "ф"), ("bg-phonetic", "а"), ("el", "α")])
def test_tags_are_typed_under_other_layouts(layout: str, typed: str) -> None:
    h = Hands(TEXT, layout=layout).type("2 space")
    wanted = h.desk.hints.tags["a"]
    assert h.keyboard.press(h.desk, typed, typed) is Answer.DESK
    assert h.desk.caret.target == wanted


def test_an_unknown_layout_is_asked_for() -> None:
    h = Hands(TEXT).type("2 space")
    assert h.keyboard.press(h.desk, "ф", "ф") is Answer.CALIBRATE
    assert not h.desk.hints.active


def test_letters_without_spaces_keep_room_for_two() -> None:
    h = Hands("กรุงเทพมหานคร").type("2 space")
    starts = sorted(a for a, _ in h.desk.hints.tags.values())
    assert all(b - a > 1 for a, b in itertools.pairwise(starts))
