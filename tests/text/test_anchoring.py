"""Places of a text are found again in a newer version of it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.text.anchoring import Anchors

OLD = (
    "Назад към сайта\nСрещата се проведе в Пхенян на 3 май.\nКим Чен-ун поздрави гостите.\n"
    "Преди 2 часа\nВлизане\n"
)


def found(old: str, new: str, surface: str) -> str | None:
    start = old.index(surface)
    place = Anchors(old, new).place(start, start + len(surface))
    return None if place is None else new[place[0] : place[1]]


def test_the_same_text_keeps_every_place():
    anchors = Anchors(OLD, OLD)
    for start in range(len(OLD)):
        assert anchors.place(start, start + 1) == (start, start + 1)
    assert anchors.place(0, len(OLD)) == (0, len(OLD))


def test_text_put_in_before_and_behind_moves_places_along():
    new = f"Реклама!\n{OLD}Още един ред.\n"
    for surface in ("Пхенян", "Ким Чен-ун", "Преди 2 часа\n", OLD):
        assert found(OLD, new, surface) == surface


def test_a_corrected_letter_keeps_the_place_with_its_new_words():
    assert found(OLD, OLD.replace("Чен-ун", "Чен Ун"), "Ким Чен-ун") == "Ким Чен Ун"
    assert found(OLD, OLD.replace("2 часа", "5 часа"), "Преди 2 часа") == "Преди 5 часа"


def test_what_is_gone_is_not_found():
    new = OLD.replace("Ким Чен-ун поздрави гостите.\n", "")
    assert found(OLD, new, "Ким Чен-ун") is None
    assert found(OLD, new, "Ким Чен-ун поздрави гостите.") is None
    assert found(OLD, new, "Пхенян") == "Пхенян"
    assert found(OLD, "", "Пхенян") is None


def test_a_moved_paragraph_is_found_where_it_went():
    new = OLD.replace("Назад към сайта\n", "") + "Назад към сайта\n"
    assert found(OLD, new, "Назад към сайта") == "Назад към сайта"


def test_of_equal_names_each_keeps_its_turn():
    old, new = "Иван дойде. Иван седна.", "После Иван дойде. И Иван седна."
    anchors = Anchors(old, new)
    assert anchors.place(0, 4) == (6, 10)
    assert anchors.place(12, 16) == (20, 24)


def test_a_place_does_not_swell_over_text_that_was_put_in():
    new = OLD.replace("Чен-ун", "Чен" + " и още много други хора" * 9 + "-ун")
    assert found(OLD, new, "Ким Чен-ун") is None


lines = st.lists(st.text("abv гд,.\n🇧🇬", max_size=12), max_size=8).map("\n".join)


@settings(max_examples=200)
@given(old=lines, before=lines, after=lines, data=st.data())
def test_places_lie_in_the_new_text_and_whole_copies_lose_nothing(old, before, after, data):
    new = f"{before}\n{old}\n{after}"
    if not old:
        return
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    place = Anchors(old, new).place(start, end)
    if place is not None:
        assert 0 <= place[0] < place[1] <= len(new)
        assert new[place[0]] == old[start]
        assert new[place[1] - 1] == old[end - 1]


@settings(max_examples=200)
@given(parts=st.lists(st.text("abcde ", min_size=3, max_size=9), min_size=1, max_size=6, unique=True),
       at=st.integers(0, 6))  # fmt: skip
def test_lines_of_their_own_are_found_whatever_line_comes_between(parts, at):
    old = "\n".join(parts)
    new = "\n".join([*parts[:at], "ZZZ", *parts[at:]])
    anchors = Anchors(old, new)
    offset = 0
    for part in parts:
        place = anchors.place(offset, offset + len(part))
        assert place is not None
        assert new[slice(*place)] == part
        offset += len(part) + 1


def test_long_texts_that_differ_are_compared_all_the_same():
    old = "".join(f"ред {n} на статията\n" for n in range(6000))
    new = "".join(f"ред {n} на статията\n" for n in range(6000) if n % 7)
    assert found(old, f"x\n{new}", "ред 5998 на статията") == "ред 5998 на статията"
