"""Six keys tell every two layouts apart."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.desk.calibration import PROMPTS, Calibration, identify
from annotator.desk.layouts import LATIN, LAYOUTS, native

FOREIGN = [name for name in LAYOUTS if name != LATIN]


def answers(name: str) -> str:
    return "".join(native(name, prompt.key) for prompt in PROMPTS)


def names(typed: str) -> list[str]:
    return [layout.name for layout in identify(typed)]


def ask(typed: str) -> Calibration:
    calibration = Calibration()
    for char in typed:
        calibration = calibration.answer(char)
    return calibration


def test_there_are_six_prompts_each_with_its_place() -> None:
    assert len({prompt.key for prompt in PROMPTS}) == len({p.place for p in PROMPTS}) == 6


@pytest.mark.parametrize(("one", "other"), list(combinations(LAYOUTS, 2)))
def test_every_pair_of_layouts_differs_in_an_answer(one: str, other: str) -> None:
    assert len(answers(one)) == len(answers(other)) == len(PROMPTS)
    assert answers(one) != answers(other)


@pytest.mark.parametrize("name", list(LAYOUTS))
def test_the_answers_of_a_layout_name_it_alone(name: str) -> None:
    assert names(answers(name)) == [name]
    assert names(answers(name).upper()) == [name]
    title = "Latin layout" if name == LATIN else LAYOUTS[name].title
    assert title in ask(answers(name)).verdict


@given(st.sampled_from(FOREIGN), st.integers(0, 6))
def test_fewer_answers_fit_at_least_their_layout(name: str, count: int) -> None:
    calibration = ask(answers(name)[:count])
    assert name in [layout.name for layout in calibration.layouts]
    assert (calibration.prompt is None) == (count == 6)
    assert Calibration().layouts == tuple(LAYOUTS.values())


def test_a_wrong_key_names_no_wrong_layout() -> None:
    wrong = set()
    for name in FOREIGN:
        right = answers(name)
        for at in range(len(PROMPTS)):
            for char in (*LAYOUTS[name].letters, *LAYOUTS[name].others):
                fits = names(right[:at] + char.lower() + right[at + 1 :])
                wrong |= {(name, other) for other in fits if other != name}
    assert wrong == {
        ("ru-phonetic", "ru-phonetic-win"),
        ("ru-phonetic-win", "ru-phonetic"),
        ("ru-phonetic", "bg-phonetic"),
    }


@given(st.sampled_from(FOREIGN), st.sampled_from(FOREIGN), st.integers(1, 5))
def test_a_change_of_layout_midway_fits_only_what_it_shares(
    one: str, other: str, count: int
) -> None:
    mixed = answers(one)[:count] + answers(other)[count:]
    assert all(answers(name) == mixed for name in names(mixed))


@given(st.text(min_size=6, max_size=6))
def test_whatever_is_typed_ends_in_one_layout_or_a_sentence(typed: str) -> None:
    calibration = ask(typed)
    assert len(calibration.answers) <= 6
    assert calibration.verdict.endswith(".")
    assert len(identify(typed)) <= 1


def test_russian_uses_its_own_example() -> None:
    assert ask("ынимчя").verdict == "This is Russian (ЙЦУКЕН): п means G."


def test_other_latin_layouts_are_latin() -> None:
    assert names("szbvxy") == [LATIN]
    assert names("éøzßvx") == [LATIN]
    assert names("szbvxя") == []


def test_windows_and_new_variants_fit() -> None:
    assert names("ящфэйю") == names("ящфѣйю") == ["bg-bds"]
    assert names("сзбвџж") == names("сзбвџѕ") == ["sr"]


def test_one_slip_names_the_nearest_layout_and_the_key() -> None:
    verdict = ask("ынижчя").verdict
    assert "Russian (ЙЦУКЕН) comes nearest" in verdict
    assert "м and not ж (bottom letter row, between C and B)" in verdict


def test_answers_that_fit_nothing_say_what_to_do() -> None:
    verdict = ask("пппппп").verdict
    assert "No known layout" in verdict
    assert "Latin layout" in verdict


def test_no_letters_are_no_answers_and_the_last_can_be_taken_back() -> None:
    calibration = Calibration()
    for char in ("", " ", ".", "1", "\x1b", "ab"):
        assert calibration.answer(char) is calibration
    assert calibration.verdict == "Key 1 of 6: middle letter row, between A and D."
    assert calibration.answer("ы").verdict.startswith("Key 2 of 6: top letter row")
    assert calibration.answer("ы").answer("щ").back() == calibration.answer("ы")
    assert calibration.back() == calibration
    full = ask(answers("ru"))
    assert full.answer("ж") is full
