"""The ring: candidates one after the other, each labelled with one letter."""

from desk_kit import Hands

TEXT = (
    "Днес кметът Иван Петров откри моста край Старобряг. Вчера Петров беше в Новобряг.\n"
    "Според Мария Колева цената е висока. В Новобряг протестират.\n"
)


def here(h: Hands) -> str:
    return h.desk.caret.text[slice(*h.desk.caret.target)]


def test_tab_visits_names_and_a_letter_labels_and_goes_on() -> None:
    h = Hands(TEXT).type("2 tab")
    assert (here(h), h.desk.ring.active) == ("Иван Петров", True)
    h.type("p")
    assert (here(h), h.desk.ring.active) == ("Старобряг", True)
    h.type("l p l p")
    assert h.spans()[:5] == [
        ("PER", "Иван Петров"),
        ("LOC", "Старобряг"),
        ("PER", "Петров"),
        ("LOC", "Новобряг"),
        ("PER", "Мария Колева"),
    ]


def test_tab_skips_and_shift_tab_goes_back() -> None:
    h = Hands(TEXT).type("2 tab tab")
    assert here(h) == "Старобряг"
    h.type("shift+tab")
    assert here(h) == "Иван Петров"
    assert h.spans() == []


def test_a_labelled_name_is_no_candidate_any_more() -> None:
    h = Hands(TEXT).type("2 tab p escape ctrl+home tab")
    assert here(h) == "Старобряг"
    h.type("shift+tab")
    assert h.said == "No candidate above."


def test_any_motion_leaves_the_ring() -> None:
    h = Hands(TEXT).type("2 tab right")
    assert not h.desk.ring.active
    h.type("p")
    assert len(h.spans()) == 1
    assert not h.desk.ring.active


def test_edges_moved_in_the_ring_are_labelled_as_they_are() -> None:
    h = Hands(TEXT).type("2 tab shift+left")
    assert h.desk.ring.active
    h.type("p")
    assert h.spans() == [("PER", "Иван")]
    assert h.desk.ring.active
    h = Hands(TEXT).type("2 tab - tab right p")
    assert h.spans() == [("PER", "Петров")]
    assert here(h) == "Старобряг"


def test_at_the_end_it_says_so() -> None:
    h = Hands("Кметът Иван Петров мълчи.").type("2 tab p")
    assert h.said == "No more candidates below."
    assert not h.desk.ring.active
    assert h.type("tab").said == "No candidate below."


def test_in_select_mode_tab_takes_the_other_edge() -> None:
    h = Hands(TEXT).type("2 right right - right tab right")
    assert here(h) == "Петров" or here(h).startswith("Иван")
    assert not h.desk.ring.active


def test_blocks_without_a_label_are_next_in_a_layer_of_blocks() -> None:
    h = Hands("Първо.\nВторо.\nТрето.\nЧетвърто.").type("down o tab")
    assert here(h) == "Четвърто."
    h.type("shift+tab")
    assert here(h) == "Трето."
    h.type("shift+tab")
    assert here(h) == "Първо."
    assert h.type("shift+tab").said == "No undecided block above."


def test_rows_without_a_value_are_next_in_stance() -> None:
    h = Hands(TEXT).type("2 tab p l 3 a tab")
    assert h.desk.stances.current is not None
    assert h.desk.stances.current.stance is None
    h.type("a shift+tab")
    assert h.said == "No row without a value above."
